"""Which counts of a file are meant: its streams, its days, and what its classes become."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import polars as pl
from nicegui import ui

from funnelsim.counts.names import SCENARIO_CLASSES, TOTAL
from funnelsim.counts.table import Counts
from funnelsim.web.counts.counts_reader import Choice
from funnelsim.web.counts.fields import Fields
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

WEEKDAYS: Final = {
    "mon": mark("Monday"),
    "tue": mark("Tuesday"),
    "wed": mark("Wednesday"),
    "thu": mark("Thursday"),
    "fri": mark("Friday"),
    "sat": mark("Saturday"),
    "sun": mark("Sunday"),
}
DAYS: Final = {
    "all": mark("the average of all days"),
    "weekdays": mark("the average of days of the week"),
    "date": mark("one day"),
}
WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
LEFT_OUT: Final = "-"


class CountsChoices:
    """The questions which counts of a file are meant.

    Parameters
    ----------
    fields
        Where problems are shown.
    changed
        Called when an answer changes.
    """

    def __init__(self, fields: Fields, changed: Callable[[], None]) -> None:
        self._fields, self._changed = fields, changed
        self._counts: Counts | None = None
        self._answers: dict[str, Any] = {}
        self._classes: dict[str, str] = {}
        self._column = ui.column().classes("w-full gap-1")

    def build(self, counts: Counts | None, *, ask_classes: bool) -> None:
        """Ask about another file; what was answered is kept where the file has it.

        Parameters
        ----------
        counts
            What was read; None for nothing to ask.
        ask_classes
            Whether to ask what its classes become.
        """
        if counts is self._counts:
            return
        self._counts = counts
        self._column.clear()
        self._fields.forget(("stream", "channel", "days", "weekdays", "date", "classes"))
        before, self._answers, self._classes = self._answers, {}, {}
        if counts is None:
            return
        with self._column:
            self._places(counts, before)
            self._days(counts, before)
            if ask_classes:
                self._class_questions(counts)

    def choice(self) -> Choice:
        """Return what is chosen."""
        days = self._answers.get("days", "all")
        return Choice(
            stream=tuple(self._answers.get("stream") or ()),
            channel=tuple(self._answers.get("channel") or ()),
            date=self._answers.get("date") if days == "date" else None,
            weekdays=tuple(self._answers.get("weekdays") or ()) if days == "weekdays" else None,
            classes=dict(self._classes),
        )

    def _places(self, counts: Counts, before: Mapping[str, Any]) -> None:
        for key, label in (("stream", text("Streams or sites")), ("channel", text("Directions or channels"))):
            names = counts.table[key].unique().sort().to_list()
            if len(names) > 1:
                kept = [name for name in before.get(key) or () if name in names]
                self._select(key, label, {name: name or text("(no name)") for name in names}, kept, multiple=True)
                self._fields.error_below(key)

    def _days(self, counts: Counts, before: Mapping[str, Any]) -> None:
        if not counts.dated or counts.table["date"].n_unique() < 2:  # noqa: PLR2004  (of one day there is no choice)
            return
        dates = {day.isoformat(): f"{day:%a %d %b %Y}" for day in counts.table["date"].unique().sort()}
        days = before.get("days", "all")
        self._select("days", text("Days"), {key: text(label) for key, label in DAYS.items()}, days)
        names = {key: text(label) for key, label in WEEKDAYS.items()}
        weekdays = self._select(
            "weekdays", text("Days of the week"), names, list(before.get("weekdays") or WORKDAYS), multiple=True
        )
        weekdays.bind_visibility_from(self._answers, "days", value="weekdays")
        date = before.get("date")
        one = self._select("date", text("Day"), dates, date if date in dates else next(iter(dates)))
        one.bind_visibility_from(self._answers, "days", value="date")
        self._fields.error_below("days", "weekdays", "date")

    def _select(
        self, key: str, label: str, options: Mapping[str, str], value: object, *, multiple: bool = False
    ) -> ui.select:
        self._answers[key] = value
        select = ui.select(dict(options), label=label, value=value, multiple=multiple, with_input=len(options) > MANY)
        select.props("dense outlined options-dense" + (" use-chips" if multiple else "")).classes("w-full")
        select.mark(key)

        def answered(given: object) -> None:
            self._answers[key] = given
            self._changed()

        return select.on_value_change(lambda event: answered(event.value))

    def _class_questions(self, counts: Counts) -> None:
        sums = dict(counts.table.group_by("class").agg(pl.col("vehicles").sum()).sort("class").iter_rows())
        sums.pop(TOTAL, None)
        if not sums:
            return
        shown = {kind: counts.class_map.get(kind, kind if not counts.class_map else "") for kind in sums}
        unknown = any(target not in (*SCENARIO_CLASSES, LEFT_OUT) for target in shown.values())
        title = text("What the classes become")
        with ui.expansion(title, value=unknown).classes("w-full lever-group"), ui.column().classes("w-full gap-1"):
            for kind, vehicles in sums.items():
                self._class_question(kind, vehicles, shown[kind])
        self._fields.error_below("classes")

    def _class_question(self, kind: str, vehicles: float, target: str) -> None:
        def answered(given: str | None) -> None:
            self._classes.pop(kind, None)
            if given and given != target:
                self._classes[kind] = given
            self._changed()

        value = target if target in class_options() else LEFT_OUT if target.strip() in LEFT_OUT and target else None
        class_select(f"{kind}: {numbers(f'{vehicles:,.0f}')}", kind, value, answered)


MANY: Final = 12


def class_options() -> dict[str, str]:
    """Return the classes of a scenario to choose from, and that to leave out."""
    return {**{name: text(name) for name in SCENARIO_CLASSES}, LEFT_OUT: text("left out")}


def class_select(label: str, name: str, value: str | None, answered: Callable[[str | None], None]) -> ui.select:
    """Make the question what a class or a column becomes.

    Parameters
    ----------
    label, name
        What is shown, and what it is about.
    value
        The answer to begin with; None for none.
    answered
        Called with an answer.
    """
    with ui.row().classes("w-full items-center no-wrap gap-2"):
        ui.label(label).classes("class-label")
        select = ui.select(class_options(), value=value, clearable=True)
        select.props(f'dense outlined options-dense aria-label="{said(text("Class of {name}").format(name=name))}"')
        select.classes("class-select")
        select.on_value_change(lambda event: answered(event.value))
    return select


def said(label: str) -> str:
    """Return a label as a property can hold it."""
    return label.replace('"', "”").replace("\n", " ")


def listed(names: Iterable[str]) -> dict[str, str]:
    """Return names as options, one without letters in words."""
    return {name: name or text("(no name)") for name in names}
