"""A visit: one open page of one visitor, with the draft it works on."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.files import read_json, write_json
from funnelsim.scenario.schema import Scenario
from funnelsim.web.desk.answers import OPERATIONS, Answer, Answers
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
        The open page, within which answers are shown.

    Attributes
    ----------
    draft, planner, answer, baseline
        What is being worked on, what makes plans of it, and the answers to it and to the plan it is compared with.
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

    def open(self, draft: Draft) -> None:
        """Work on another draft.

        Raises
        ------
        FunnelsimError
            If it is no plan.
        """
        self._work_on(draft, self._planner_of(draft))

    async def open_aside(self, draft: Draft) -> None:
        """Work on another draft; its file and its counts are read in a thread, as these may be large.

        Raises
        ------
        FunnelsimError
            If it is no plan.
        """
        self._work_on(draft, await asyncio.to_thread(self._planner_of, draft))

    def _planner_of(self, draft: Draft) -> Planner:
        planner = Planner(
            self.folders.file(draft.file, self.session), (self.folders.scenarios.resolve(), self.folder.resolve())
        )
        planner.plan(draft.values)
        return planner

    def _work_on(self, draft: Draft, planner: Planner) -> None:
        self.draft, self.planner, self.answer, self.baseline = draft, planner, None, None
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
        self.restore(Draft(self.draft.file, kept, self.draft.seed))

    def restore(self, draft: Draft) -> None:
        """Go on with another draft of the same file."""
        if draft != self.draft:
            self.draft = draft
            self.ask()

    def ask(self) -> None:
        """Ask for answers to the draft, and keep it."""
        if self.draft is None or self.planner is None:
            return
        self._answers.ask(self.draft, self.planner, self.operations)
        self.keep()
        for show in self._on_change:
            show()

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the draft; that of its file where the draft is none."""
        if self.planner is None or self.draft is None:
            return None
        try:
            return self.planner.scenario_of(self.draft.values)
        except FunnelsimError:
            return self.planner.scenario

    def simulate(self, operations: int) -> None:
        """Simulate another number of operations of each plan."""
        self.operations = operations
        self.ask()

    def pin(self) -> None:
        """Make the plan shown the baseline."""
        self.baseline = self.answer
        if self.answer is not None:
            self._tell(self.answer)

    def keep(self) -> None:
        """Keep the draft, so that it is there when the browser comes back."""
        if self.draft is not None:
            write_json({"draft": self.draft.query()}, self.folder / KEPT)

    def kept(self) -> Draft | None:
        """Return the draft that was kept last; None if there is none that can be read."""
        try:
            found = read_json(self.folder / KEPT)
            return None if found is None else Draft.from_query(str(found.get("draft", "")))
        except FunnelsimError:
            return None

    def end(self) -> None:
        """Stop all work for this page."""
        self._answers.stop()

    def _heard(self, answer: Answer) -> None:
        if answer.draft == self.draft:
            self.answer = answer
            if self.baseline is None and answer.final and answer.run is not None:
                self.baseline = answer
            self._tell(answer)

    def _tell(self, answer: Answer) -> None:
        with self._client:
            for show in self._on_answer:
                show(answer)
