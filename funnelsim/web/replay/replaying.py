"""The view that replays one operation of the plan on the desk, beside the baseline on the same vehicles."""

from collections.abc import Mapping
from typing import Final

from nicegui import run, ui

from funnelsim.errors import FunnelsimError
from funnelsim.web.allowed import Allowed
from funnelsim.web.draft import Draft, Planner
from funnelsim.web.language import text
from funnelsim.web.number_field import NumberField
from funnelsim.web.numerals import numbers
from funnelsim.web.replay.element import Replay, Shown
from funnelsim.web.replay.view import shown_of
from funnelsim.web.visit import Visit

MOST_OPERATION: Final = 1_000_000


class Replaying:
    """The view in which an operation is replayed.

    Parameters
    ----------
    visit
        Whose plan is replayed.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with ui.row().classes("w-full items-center gap-4"):
            self._operation = NumberField(text("Operation"), Allowed(1, MOST_OPERATION, whole=True), 1)
            self._operation.props("dense outlined").classes("operation")
            self._beside = ui.checkbox(text("Baseline beside it, on the same vehicles"))
            self._show = ui.button(text("Replay"), icon="play_arrow", on_click=self._replay).props("no-caps")
            self._problems = ui.label().classes("problems").props('role="alert"')
        self._place = ui.column().classes("w-full")
        visit.on_open(self._clear)

    def _clear(self) -> None:
        self._place.clear()

    async def _replay(self) -> None:
        """Simulate the operation once more, and show what its log says."""
        visit, planner = self._visit, self._visit.planner
        operation = self._operation.number
        if visit.draft is None or planner is None or operation is None:
            return
        drafts = {"": visit.draft}
        if self._beside.value and visit.baseline is not None:
            drafts = {text("This plan"): visit.draft, text("Baseline"): visit.baseline.draft}
        self._show.disable()
        self._problems.set_text("")
        try:
            shown = await run.io_bound(_shown, planner, drafts, int(operation) - 1)
        except FunnelsimError as error:
            self._problems.set_text(numbers(str(error)))
        else:
            self._place.clear()
            with self._place:
                Replay(shown or ())
        finally:
            self._show.enable()


def _shown(planner: Planner, drafts: Mapping[str, Draft], operation: int) -> list[Shown]:
    """Return an operation under each draft; those with the same seed and traffic meet the same vehicles."""
    plans = {title: planner.plan(draft.values)[1] for title, draft in drafts.items()}
    return [shown_of(plan, drafts[title].seed, operation, title=title) for title, plan in plans.items()]
