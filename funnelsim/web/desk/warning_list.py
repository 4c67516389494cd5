"""The warnings of `funnelsim check` about the plan on the desk, as a list that opens: the grave ones first."""

from collections.abc import Sequence

from nicegui import ui

from funnelsim.reporting.plan_warning import PlanWarning
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers


class WarningList:
    """The warnings about a plan; nothing is there where it has none."""

    def __init__(self) -> None:
        self._box = ui.expansion(icon="warning_amber").props("dense").classes("w-full warnings")
        with self._box:
            self._lines = ui.element("ul").classes("warning-list")
        self._box.set_visibility(False)
        self._listed: Sequence[PlanWarning] | None = None

    def drop(self) -> None:
        """Take away the warnings of a plan that is no longer on the desk; where there were some, room is kept."""
        self._listed = None
        self._name(text("Warnings …"))
        self._lines.clear()

    def show(self, warnings: Sequence[PlanWarning]) -> None:
        """Show the warnings about the plan.

        Parameters
        ----------
        warnings
            As `funnelsim check` lists them.
        """
        if warnings is self._listed:  # they come again with each answer, and somebody may be reading them
            return
        self._listed = warnings
        grave = [one.grade for one in warnings].count("grave")
        said = text("Warnings: {number}, of them grave: {grave}") if grave else text("Warnings: {number}")
        self._name(said.format(number=len(warnings), grave=grave))
        self._lines.clear()
        with self._lines:
            for one in warnings:
                with ui.element("li"):
                    ui.label(numbers(one.text))
        self._box.set_visibility(bool(warnings))

    def _name(self, title: str) -> None:
        self._box.set_text(title)
        self._box.props["toggle-aria-label"] = title
