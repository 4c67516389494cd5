"""What is made of a counts file: a new scenario, or the one that is open with these counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from nicegui import ui

from funnelsim.counts.day_profile import Profile
from funnelsim.web.counts.counts_reader import Asked
from funnelsim.web.counts.counts_scenario import (
    Wanted,
    counts_keys,
    new_scenario,
    title_of,
    window_of,
    with_other_counts,
)
from funnelsim.web.counts.fields import Fields
from funnelsim.web.draft import Draft
from funnelsim.web.language import text
from funnelsim.web.visit import Visit

NEW, OPEN = "new", "open"
COUNTED: Final = ("traffic.counts", "traffic.day_cv")


class CountsUse:
    """The question what to make of the counts.

    Parameters
    ----------
    visit
        Whose scenario is open.
    fields
        Where problems are shown.
    use
        Called when the answer is to be carried out.
    """

    def __init__(self, visit: Visit, fields: Fields, use: Callable[[], object]) -> None:
        self._visit = visit
        self._own_hours = False
        with ui.column().classes("w-full gap-1"):
            ui.label(text("Use these counts in")).classes("field-title")
            self._what = ui.radio({NEW: text("a new scenario")}, value=NEW).props("dense")
            with ui.column().classes("w-full gap-1").bind_visibility_from(self._what, "value", value=NEW):
                self._title = ui.input(text("Title")).props("dense outlined").classes("w-full")
                fields.error_below("title")
                with ui.row().classes("w-full no-wrap gap-2"):
                    self._opens, self._closes = (
                        ui.input(label, placeholder="06:00").props("dense outlined mask=##:##").classes("grow")
                        for label in (text("Opens"), text("Closes"))
                    )
                fields.error_below("opens", "closes", "operation")
                ui.label(text("Road, officers and area are those of the starter: look at them next.")).classes(
                    "field-hint"
                )
            self._varies = ui.checkbox()
            fields.error_below("counts", "day_cv")
            self._button = ui.button(text("Use these counts"), on_click=use).props("no-caps unelevated")
        for field in (self._opens, self._closes):
            field.on("keydown", self._chose_hours)

    def begin(self, path: Path) -> None:
        """Begin with another counts file.

        Parameters
        ----------
        path
            The file.
        """
        options = {NEW: text("a new scenario")}
        if self._visit.planner is not None:
            title = self._visit.planner.scenario.title
            options[OPEN] = text("the scenario that is open: {title}").format(title=title)
        self._what.set_options(options, value=NEW)
        self._title.set_value(title_of(path))
        self._varies.set_value(False)
        self._own_hours = False
        self.show(None)

    def show(self, day: Profile | None) -> None:
        """Show for which day the answer would hold; None where the counts cannot be used yet.

        Parameters
        ----------
        day
            The day that a scenario would use.
        """
        self._button.set_enabled(day is not None)
        varies = None if day is None else day.variation
        self._varies.set_visibility(varies is not None and varies.is_reliable)
        if varies is not None:
            said = text("Let days vary as much as those counted: traffic.day_cv = {cv}")
            self._varies.set_text(said.format(cv=f"{varies.cv:.3f}"))
        if day is not None and not self._own_hours:
            opens, closes = window_of(day)
            self._opens.set_value(opens)
            self._closes.set_value(closes)

    def write(self, asked: Asked, day: Profile) -> Draft:
        """Write the scenario, and return the draft of it to work on.

        Parameters
        ----------
        asked
            The counts file, and which counts of it are meant.
        day
            The day of it.

        Raises
        ------
        FunnelsimError
            If it cannot be written.
        """
        folder, scenarios, varies = self._visit.folder, self._visit.folders.scenarios, day.variation
        keys = counts_keys(asked, folder)
        day_cv = varies.cv if varies is not None and varies.is_reliable and self._varies.value else None
        if self._what.value == NEW or self._visit.planner is None or self._visit.draft is None:
            wanted = Wanted(str(self._title.value or ""), str(self._opens.value), str(self._closes.value), day_cv)
            return Draft(new_scenario(folder, keys, wanted, scenarios))
        name = with_other_counts(folder, keys, self._visit.planner.path, scenarios, day_cv)
        before = self._visit.draft
        kept = {key: value for key, value in before.values.items() if not key.startswith(COUNTED)}
        return Draft(name, kept, before.seed)

    def _chose_hours(self) -> None:
        self._own_hours = True
