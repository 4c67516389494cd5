"""What a plan changes, as a list that opens: key by key."""

from nicegui import ui

from funnelsim.web.draft import changes_of
from funnelsim.web.draft_words import change_text
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers
from funnelsim.web.visit import Visit


class ChangeList:
    """The changes of the draft of a visit.

    Parameters
    ----------
    visit
        Whose draft it is.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._box = ui.expansion(on_value_change=self._fill).props("dense").classes("w-full")
        with self._box:
            self._lines = ui.element("ul").classes("change-list")
        visit.on_open(self._show)
        visit.on_change(self._show)
        self._show()

    def _show(self) -> None:
        draft = self._visit.draft
        number = 0 if draft is None else len(draft.values)
        title = text("Changes: {number}").format(number=number)
        self._box.set_text(title)
        self._box.props["toggle-aria-label"] = title
        self._box.set_visibility(number > 0)
        self._fill()

    def _fill(self) -> None:
        """Write the lines, where somebody reads them: a lever that is dragged changes them many times a second."""
        draft, planner = self._visit.draft, self._visit.planner
        changes = [] if draft is None or planner is None or not self._box.value else changes_of(draft, planner.scenario)
        self._lines.clear()
        with self._lines:
            for change in changes:
                with ui.element("li"):
                    ui.label(numbers(change_text(change)))
