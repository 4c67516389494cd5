"""The list of a visitor's jobs: how far each is, with what can be done about it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from nicegui import ui

from funnelsim.errors import FunnelsimError
from funnelsim.units import MINUTE_S
from funnelsim.web.jobs.job import Job, Kind, Progress
from funnelsim.web.jobs.job_words import asked_said, draft_changes
from funnelsim.web.jobs.jobs import Jobs, State
from funnelsim.web.language import mark, text
from funnelsim.web.notice import refuse, tell
from funnelsim.web.numerals import numbers
from funnelsim.web.question import answer_to
from funnelsim.web.visit import Visit

EVERY_S: Final = 0.5
KINDS: Final[dict[Kind, str]] = {
    "optimise": mark("Best plan"),
    "levers": mark("Levers"),
    "plan": mark("Results of a plan"),
}
STATES: Final[dict[State, str]] = {
    "waiting": mark("waits until others have ended"),
    "running": mark("under way"),
    "interrupted": mark("ended before it was finished; it can be continued"),
    "done": mark("done"),
    "failed": mark("not possible"),
    "cancelled": mark("cancelled; it can be continued"),
}
UNDER_WAY: Final = ("running", "waiting")
"""In the order in which they stand in the list, before all others."""


@dataclass
class _Row:
    """The elements of one job."""

    job: Job
    element: ui.element
    state: ui.label
    bar: ui.linear_progress
    why: ui.label
    cancel: ui.button
    go_on: ui.button
    remove: ui.button
    done: ui.row
    shown: object = None


class JobList:
    """The jobs of some kinds that a visitor has: those under way first, and then the newest.

    Parameters
    ----------
    visit
        Of whom.
    jobs
        All that are under way.
    kinds
        Which are shown.
    offer
        Makes the buttons or links of a job that is done.
    finished
        Called when a job ends that was under way while the page looked on.
    gone
        Called when a job was removed, here or on another page.
    """

    def __init__(
        self,
        visit: Visit,
        jobs: Jobs,
        kinds: Sequence[Kind],
        offer: Callable[[Job], None],
        finished: Callable[[Job], None] = lambda _: None,
        gone: Callable[[Job], None] = lambda _: None,
    ) -> None:
        self._visit, self._jobs, self._kinds = visit, jobs, kinds
        self._offer, self._finished, self._gone = offer, finished, gone
        self._rows: dict[str, _Row] = {}
        self._states: dict[str, State] = {}
        self._column = ui.column().classes("jobs w-full gap-1").props('role="list"')
        self._column.props["aria-label"] = text("Work")
        self._none = ui.label(text("Nothing was asked for yet.")).classes("status")
        self.refresh()
        ui.timer(EVERY_S, self.refresh)

    def refresh(self) -> None:
        """Show how all jobs are now."""
        mine = [job for job in self._jobs.of(self._visit.session) if job.kind in self._kinds]
        self._none.set_visibility(not mine)
        for row in [row for row in self._rows.values() if row.job not in mine]:
            self._drop(row)
        for job in mine:
            if job.name not in self._rows:
                with self._column:
                    self._add(job)
        states = {job.name: self._jobs.state(job) for job in mine}
        self._arrange([job.name for job in sorted(mine, key=lambda job: _place(states[job.name]))])
        for job in mine:
            state = states[job.name]
            self._show(self._rows[job.name], state)
            before = self._states.get(job.name)
            self._states[job.name] = state
            if before in UNDER_WAY and state == "done":
                self._finished(job)

    def point_to(self, job: Job) -> None:
        """Show a job that was just asked for; say so where it was under way already."""
        if job.name in self._rows:
            tell(text("This is under way already: {work}").format(work=_title(job)))
        self.refresh()
        self._rows[job.name].element.run_method("scrollIntoView", {"block": "nearest"})

    def _arrange(self, names: list[str]) -> None:
        """Put the rows into an order; rows that are in order stay, since what is moved is drawn anew."""
        for place, name in enumerate(names):
            row = self._rows[name].element
            if self._column.default_slot.children[place] is not row:
                row.move(self._column, place)

    def _drop(self, row: _Row) -> None:
        row.element.delete()
        del self._rows[row.job.name]
        self._states.pop(row.job.name, None)
        self._gone(row.job)

    def _add(self, job: Job) -> None:
        with ui.element("div").classes("job").props('role="listitem"') as row:
            with ui.row().classes("w-full items-center gap-2"):
                ui.label(_title(job)).classes("job-title")
                state = ui.label().classes("status grow").props('role="status" aria-live="polite"')
                cancel = ui.button(text("Cancel"), icon="stop", on_click=lambda: self._cancel(job))
                _named(cancel, text("Cancel"), job).props("flat dense no-caps")
                go_on = ui.button(text("Continue"), icon="play_arrow", on_click=lambda: self._go_on(job))
                _named(go_on, text("Continue"), job).props("flat dense no-caps")
                done = ui.row().classes("items-center gap-2")
                remove = ui.button(text("Remove"), icon="delete", on_click=lambda: self._remove(job))
                _named(remove, text("Remove"), job).props("flat dense no-caps")
            ui.label(draft_changes(job.draft)).classes("job-plan text-sm break-words")
            if asked := asked_said(job):
                ui.label(asked).classes("job-asked text-sm break-words")
            bar = ui.linear_progress(0.0, show_value=False)
            _named(bar, text("Progress"), job)
            why = ui.label().classes("problems").props('role="alert"')
        with done:
            self._offer(job)
        self._rows[job.name] = _Row(job, row, state, bar, why, cancel, go_on, remove, done)

    def _show(self, row: _Row, state: State) -> None:
        progress = row.job.progress() if state == "running" else None
        if row.shown == (state, progress):
            return
        row.shown = (state, progress)
        ended = row.job.ended()
        row.state.set_text(text(STATES[state]) if progress is None else progress_text(progress))
        row.bar.set_visibility(state == "running")
        share = progress.done / progress.total if progress is not None and progress.total else 0.0
        row.bar.set_value(share)
        row.bar.props(add="indeterminate" if not share else None, remove="indeterminate" if share else None)
        why = text(ended.why) if ended is not None and state == "failed" and ended.why else ""
        row.why.set_text(numbers(self._visit.folders.without(why, self._visit.session)))
        row.why.set_visibility(state == "failed")
        row.cancel.set_visibility(state in UNDER_WAY)
        row.go_on.set_visibility(state in ("interrupted", "cancelled"))
        row.remove.set_visibility(state not in UNDER_WAY)
        row.done.set_visibility(state == "done")

    def _cancel(self, job: Job) -> None:
        self._jobs.cancel(job)
        self.refresh()

    async def _remove(self, job: Job) -> None:
        question = text("Its results are removed, too. They cannot be brought back.")
        if await answer_to(f"{text('Remove')}: {_title(job)}", question, [text("Remove")]) is None:
            return
        try:
            self._jobs.remove(self._visit.session, job)
        except FunnelsimError as error:
            refuse(error)
        self.refresh()

    def _go_on(self, job: Job) -> None:
        try:
            self._jobs.go_on(self._visit.session, job)
        except FunnelsimError as error:
            refuse(error)
        self.refresh()


def _named(element: ui.element, does: str, job: Job) -> ui.element:
    """Name an element for those who do not see which job it belongs to."""
    element.props["aria-label"] = f"{does}: {_title(job)}"
    return element


def _place(state: State) -> int:
    return UNDER_WAY.index(state) if state in UNDER_WAY else len(UNDER_WAY)


def _title(job: Job) -> str:
    return f"{text(KINDS[job.kind])} {job.name.rpartition('_')[2]}: {job.draft.file}"


def progress_text(progress: Progress) -> str:
    """Return how far a job is in words, with the time left where it is known."""
    doing = text(progress.doing).format(done=numbers(f"{progress.done:,}"), total=numbers(f"{progress.total:,}"))
    return f"{doing}, {left_text(progress.left_s)}" if math.isfinite(progress.left_s) else f"{doing} …"


def left_text(left_s: float) -> str:
    """Return a time left, roughly."""
    if left_s < MINUTE_S:
        return text("about {seconds} s left").format(seconds=max(1, round(left_s)))
    return text("about {minutes} min left").format(minutes=round(left_s / MINUTE_S))
