"""A visit: one open page of one visitor, with the draft it works on."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Final

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.files import read_json, write_json
from funnelsim.scenario.schema import Scenario
from funnelsim.web.desk.answers import OPERATIONS, Answer, Answers
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.draft import Draft, Planner
from funnelsim.web.folders import Folders

KEPT: Final = "desk.json"


class Visit:
    """What one open page knows: the draft, what it came from, the latest answer and the baseline.

    Parameters
    ----------
    folders
        Which the page may use.
    session
        Whose visit it is: visits of the same browser share its folder, and nobody else sees it.
    client
        The open page, within which changes and answers are shown.

    Attributes
    ----------
    draft, planner, answer, baseline
        What is being worked on, what makes plans of it, and the answers to it and to the plan it is compared with; the
        latter is the plan as it was opened until a visitor chooses another one.
    operations
        How many are simulated of each plan.
    """

    def __init__(self, folders: Folders, session: str, client: AbstractContextManager[object]) -> None:
        self.folders, self.session, self._client = folders, session, client
        self.folder = folders.of_session(session)
        self.draft: Draft | None = None
        self.planner: Planner | None = None
        self.answer: Answer | None = None
        self.baseline: Answer | None = None
        self.operations = OPERATIONS[0]
        self._answers = Answers(self._heard)
        self._of_baseline = Answers(self._heard_baseline)
        self._asked_of_baseline: tuple[Draft, int] | None = None
        self._on_answer: list[Callable[[Answer], None]] = []
        self._on_open: list[Callable[[], None]] = []
        self._on_change: list[Callable[[], None]] = []

    def on_answer(self, show: Callable[[Answer], None]) -> None:
        """Call something with each answer."""
        self._on_answer.append(show)

    def on_open(self, show: Callable[[], None]) -> None:
        """Call something when another scenario is opened."""
        self._on_open.append(show)

    def on_change(self, show: Callable[[], None]) -> None:
        """Call something when the draft has changed."""
        self._on_change.append(show)

    def open(self, draft: Draft, baseline: Draft | None = None, operations: int | None = None) -> None:
        """Work on another draft.

        Parameters
        ----------
        draft, baseline, operations
            As in `DeskState`.

        Raises
        ------
        FunnelsimError
            If it, or the baseline, is no plan.
        """
        state = DeskState(draft, baseline, operations)
        self._work_on(state, self._planner_of(state))

    async def open_aside(self, draft: Draft, baseline: Draft | None = None, operations: int | None = None) -> None:
        """Work on another draft as `open` does; its file and its counts, which may be large, are read in a thread."""
        state = DeskState(draft, baseline, operations)
        self._work_on(state, await asyncio.to_thread(self._planner_of, state))

    def _planner_of(self, state: DeskState) -> Planner:
        planner = Planner(
            self.folders.file(state.draft.file, self.session), (self.folders.scenarios.resolve(), self.folder.resolve())
        )
        planner.plan(state.draft.values)
        if state.baseline is not None:
            planner.plan(state.baseline.values)
        return planner

    def _work_on(self, state: DeskState, planner: Planner) -> None:
        self.draft, self.planner, self.answer = state.draft, planner, None
        self.baseline, self._asked_of_baseline = Answer(state.baseline or state.draft), None
        self.operations = state.operations or self.operations
        for show in self._on_open:
            show()
        self.ask()

    def change(self, values: Mapping[str, Any], unchanged: Mapping[str, Any]) -> None:
        """Change some values of the draft; those that are as in the file are not kept.

        Parameters
        ----------
        values
            By dotted key.
        unchanged
            The values of these keys in the file.
        """
        if self.draft is None:
            return
        changed = {**self.draft.values, **values}
        kept = {key: value for key, value in changed.items() if key not in unchanged or unchanged[key] != value}
        self.restore(replace(self.draft, values=kept))

    def restore(self, draft: Draft) -> None:
        """Go on with another draft of the same file."""
        if draft != self.draft:
            self.draft = draft
            self.ask()

    def ask(self) -> None:
        """Ask for answers to the draft."""
        if self.draft is None or self.planner is None:
            return
        self._answers.ask(self.draft, self.planner, self.operations)
        self._complete_baseline()
        with self._client:  # what was clicked may be removed by one of them
            for show in self._on_change:
                show()

    def _complete_baseline(self) -> None:
        """Ask for what is missing of the baseline, once the draft, with which it is simulated, is another one."""
        known, planner = self.baseline, self.planner
        if known is None or planner is None or known.draft == self.draft:
            return
        wanted = (known.draft, self.operations)
        if not self.baseline_is_whole and wanted != self._asked_of_baseline:
            self._asked_of_baseline = wanted
            self._of_baseline.ask(known.draft, planner, self.operations)

    @property
    def baseline_is_whole(self) -> bool:
        """Whether as many operations of the baseline are simulated as are to be; so is one that is no plan."""
        known = self.baseline
        if known is None or not known.final:
            return known is None
        return known.run is None or len(known.run.replications) == self.operations

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the draft; that of its file where the draft is none."""
        if self.planner is None or self.draft is None:
            return None
        try:
            return self.planner.scenario_of(self.draft.values)
        except FunnelsimError:
            return self.planner.scenario

    @property
    def state(self) -> DeskState | None:
        """What has to be kept to restore the desk; None where nothing is open."""
        if self.draft is None:
            return None
        baseline = None if self.baseline is None else self.baseline.draft
        return DeskState(self.draft, baseline, self.operations)

    def simulate(self, operations: int) -> None:
        """Simulate another number of operations of each plan."""
        if operations != self.operations:
            self.operations = operations
            self.ask()

    def pin(self) -> None:
        """Make the plan shown the baseline."""
        if self.answer is not None and self.answer.run is not None:
            self.baseline, self._asked_of_baseline = self.answer, None
            self.keep()
            self._tell(self.answer)

    def keep(self) -> None:
        """Keep the state, so that it is there when the browser comes back."""
        if (state := self.state) is not None:
            write_json({"draft": state.query()}, self.folder / KEPT)

    def kept(self) -> DeskState | None:
        """Return the state that was kept last; None if there is none that can be read."""
        try:
            found = read_json(self.folder / KEPT)
            return None if found is None else DeskState.from_query(str(found.get("draft", "")))
        except FunnelsimError:
            return None

    def end(self) -> None:
        """Stop all work for this page."""
        self._answers.stop()
        self._of_baseline.stop()

    def _heard(self, answer: Answer) -> None:
        if answer.draft != self.draft:
            return
        first = self.answer is None or self.answer.draft != answer.draft or self.answer.run is None
        self.answer = answer
        if self.baseline is not None and answer.draft == self.baseline.draft and answer.final:
            self.baseline = answer
        if answer.run is not None and (first or answer.final):  # what is no plan could not be opened again
            self.keep()
        self._tell(answer)

    def _heard_baseline(self, answer: Answer) -> None:
        if self.baseline is not None and answer.draft == self.baseline.draft and answer.final:
            self.baseline = answer
            if self.answer is not None:
                self._tell(self.answer)

    def _tell(self, answer: Answer) -> None:
        with self._client:
            for show in self._on_answer:
                show(answer)
