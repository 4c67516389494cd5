"""The questions of a mapping as a form: which column is what."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from nicegui import ui

from funnelsim.web.allowed import Allowed
from funnelsim.web.counts.counts_choices import class_select, listed
from funnelsim.web.counts.fields import Fields
from funnelsim.web.counts.mapping_answers import Questions, alone, mapping_of_answers
from funnelsim.web.language import mark, text
from funnelsim.web.number_field import NumberField

LABELS: Final = {
    "start": mark("its start"),
    "end": mark("its end"),
    "last minute": mark("its last minute"),
}
EACH_ROW: Final = {"interval": mark("an interval"), "vehicle": mark("one vehicle")}
UNITS: Final = {"interval": mark("vehicles in the interval"), "hour": mark("vehicles per hour")}
SEPARATORS: Final = {";": ";", ",": ",", "\t": mark("tab"), "|": "|", " ": mark("blanks")}
THOUSANDS: Final = {".": "1.234", ",": "1,234", " ": "1 234", "'": "1'234"}
DECIMALS: Final = {".": "1.5", ",": "1,5"}
MINUTES: Final = (1, 5, 6, 10, 15, 20, 30, 60)


class MappingQuestions:
    """The questions of a mapping.

    Parameters
    ----------
    questions
        What is known of the file.
    fields
        Where problems are shown.
    changed
        Called when an answer changes.
    laid_out
        Called with keys of the mapping when cells are to be found otherwise.
    """

    def __init__(
        self,
        questions: Questions,
        fields: Fields,
        changed: Callable[[], None],
        laid_out: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._known, self._fields, self._changed, self._laid_out = questions, fields, changed, laid_out
        self._answers: dict[str, Any] = {
            key: dict(value) if isinstance(value, Mapping) else value for key, value in questions.answers.items()
        }
        self._classes = ui.column()
        with ui.column().classes("w-full gap-1"):
            self._rows()
            self._times()
            self._places()
            self._numbers()
            self._more()

    def table(self) -> dict[str, Any]:
        """Return the table of the mapping, as far as it is answered."""
        return mapping_of_answers(self._known, self._answers)

    def _rows(self) -> None:
        self._one("each_row", text("A row is"), {key: text(label) for key, label in EACH_ROW.items()})

    def _times(self) -> None:
        self._several("time", text("Columns of date and time, in this order"))
        formats = dict.fromkeys([*self._known.formats, "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y", "%Y-%m-%d"])
        self._one("format", text("How they are written; another can be typed"), {one: one for one in formats}, own=True)
        ui.label(text("%d day, %m month, %Y year, %H hour, %M minute, %z offset from UTC")).classes("field-hint")
        self._one("hour", text("Column of the hour"), self._columns())
        self._one("label", text("A time names, of its interval,"), {key: text(name) for key, name in LABELS.items()})
        self._one("minutes", text("Length of an interval, min"), {one: str(one) for one in MINUTES})

    def _places(self) -> None:
        self._several("stream", text("Columns of the site"))
        self._several("channel", text("Columns of direction or lane"))

    def _numbers(self) -> None:
        self._one("total", text("Column of all vehicles"), self._columns())
        self._counted()
        self._one("class_column", text("Column of the class of a row"), self._columns(), then=self._ask_classes)
        self._classes = ui.column().classes("w-full gap-1")
        self._fields.error_below("classes")
        self._ask_classes()

    def _counted(self) -> None:
        ui.label(text("Columns of classes, and the scenario's class of each")).classes("field-title")
        for column in self._known.countable:
            value = self._answers.get("counts", {}).get(column)
            class_select(column, column, value, partial(self._class_of, "counts", column))
        self._hint("counts")
        self._fields.error_below("counts")

    def _ask_classes(self) -> None:
        """Ask for the scenario's class of each value of the column that names classes."""
        column = self._answers.get("class_column")
        self._classes.clear()
        known = self._answers.get("classes", {})
        self._answers["classes"] = {}
        with self._classes:
            for kind in self._known.values.get(column or "", ()):
                self._answers["classes"] |= {kind: known[kind]} if known.get(kind) else {}
                class_select(
                    kind or text("(no name)"),
                    kind,
                    known.get(kind) or None,
                    partial(self._class_of, "classes", kind),
                )

    def _class_of(self, key: str, name: str, given: str | None) -> None:
        table = {one: kind for one, kind in self._answers.get(key, {}).items() if one != name}
        self._answered(key, table | ({name: given} if given else {}))

    def _more(self) -> None:
        given = bool({"wide", "thousands", "missing"} & {*self._known.answers, *self._known.hints})
        with ui.expansion(text("How the file is written"), value=given).classes("w-full lever-group"):
            if len(self._known.sheets) > 1:
                self._layout("sheet", text("Sheet"), {one: one for one in self._known.sheets})
            if "sep" in self._known.layout:
                self._layout("sep", text("Between cells stands"), {key: text(name) for key, name in SEPARATORS.items()})
            lines = {number: str(number) for number in range(101)}
            self._layout("skip", text("Lines above the header"), lines)
            self._typed("wide", text("Pattern of the columns that are times of day, such as V[0-9][0-9]"))
            self._one("unit", text("Numbers are"), {key: text(label) for key, label in UNITS.items()})
            self._typed("missing", text('What stands for "not counted", separated by commas'), several=True)
            self._one("thousands", text("A thousand is written"), THOUSANDS)
            self._one("decimal", text("A fraction is written"), DECIMALS)
            self._typed("zone", text("Time zone of the road, such as Europe/Paris"))
            self._quality()
            self._hint("quality")
            self._fields.error_below("quality")

    def _quality(self) -> None:
        """Ask for a column that says how well was counted, and from which value on it is good."""
        given: dict[str, Any] = {"column": None, "least": None}

        def answered(key: str, value: object) -> None:
            given[key] = value
            self._answered("quality", dict(given) if given["column"] and given["least"] is not None else None)

        column = ui.select(self._columns(), label=text("Column of quality"), clearable=True)
        column.on_value_change(lambda event: answered("column", event.value))
        least = NumberField(text("Good from this value on"), Allowed(needed=False))
        least.on_value_change(lambda: answered("least", None if least.number is None else float(least.number)))
        for field in (column, least):
            field.props("dense outlined").classes("w-full")

    def _layout(self, key: str, label: str, options: Mapping[Any, str]) -> None:
        """Ask how cells are found: the columns are then other ones."""
        value = self._known.layout.get(key, {"skip": 0}.get(key))
        select = ui.select(
            {**options, **({} if value is None or value in options else {value: str(value)})}, label=label
        )
        select.set_value(value)
        select.props("dense outlined options-dense").classes("w-full")
        select.on_value_change(lambda event: self._laid_out({**self._known.layout, key: event.value}))
        self._hint(key)
        self._fields.error_below(key)

    def _one(
        self,
        key: str,
        label: str,
        options: Mapping[Any, str],
        *,
        own: bool = False,
        then: Callable[[], None] | None = None,
    ) -> None:
        value = self._answers.get(key)
        options = {**options, **({} if value is None or value in options else {value: str(value)})}
        own_words: dict[str, Any] = {"new_value_mode": "add-unique", "key_generator": str} if own else {}
        select = ui.select(options, label=label, value=value, clearable=True, **own_words)
        select.props("dense outlined options-dense").classes("w-full")

        def answered(given: object) -> None:
            self._answers[key] = given
            if then is not None:
                then()
            self._changed()

        select.on_value_change(lambda event: answered(event.value))
        self._hint(key)
        self._fields.error_below(key)

    def _several(self, key: str, label: str) -> None:
        given = self._answers.get(key) or ()
        value = [given] if isinstance(given, str) else list(given)
        select = ui.select(self._columns(), label=label, value=value, multiple=True, clearable=True)
        select.props("dense outlined options-dense use-chips").classes("w-full")
        select.on_value_change(lambda event: self._answered(key, alone(event.value)))
        self._hint(key)
        self._fields.error_below(key)

    def _typed(self, key: str, label: str, *, several: bool = False) -> None:
        value = self._answers.get(key) or ""
        box = ui.input(label, value=value).props("dense outlined debounce=500 stack-label").classes("w-full")

        def answered(given: str | None) -> None:
            typed = given or ""
            self._answered(key, [one.strip() for one in typed.split(",") if one.strip()] if several else typed)

        box.on_value_change(lambda event: answered(event.value))
        self._hint(key)
        self._fields.error_below(key)

    def _answered(self, key: str, value: object) -> None:
        self._answers[key] = value
        self._changed()

    def _hint(self, key: str) -> None:
        message, what = self._known.hints.get(key, ("", ""))
        if message:
            ui.label(text(message).format(what=what)).classes("field-hint")

    def _columns(self) -> dict[str, str]:
        return listed(self._known.columns)
