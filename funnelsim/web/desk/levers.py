"""The levers on the desk: sliders with numbers, time bars and choices, each with its error beside it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from nicegui import ui

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk.controls import Amount, Choice, Control, Hours, controls_of, values_of
from funnelsim.web.desk.labels import label_text
from funnelsim.web.desk.time_bar import TimeBar
from funnelsim.web.language import mark, text
from funnelsim.web.visit import Visit

GROUPS: Final = {
    "selection": mark("Whom to select"),
    "valve": mark("Valve"),
    "area": mark("Area"),
    "officers": mark("Officers"),
    "equipment": mark("Equipment"),
    "hours": mark("Hours"),
    "road": mark("Road"),
}
WORDS: Final = (
    *(mark("rule"), mark("look"), mark("bays"), mark("waiting spaces"), mark("area full"), mark("window")),
    *(mark("suspend at"), mark("resume at"), mark("lift at")),
    *(mark("stop selecting before closing"), mark("speed in the lane"), mark("every n-th")),
    *(mark("wave vehicles through"), mark("hold vehicles"), mark("the most suspicious"), mark("at random")),
    *(mark("every n-th vehicle of its class"), mark("whoever comes while a bay is free")),
    mark("everybody from an empty area until it is full, then nobody until it is empty"),
    mark("whoever promises enough detections for an officer-minute"),
)
"""Labels of controls, which `text` translates; names in a scenario stay as they are."""


class Slider(ui.slider):
    """A slider that moves in the browser at once: it does not wait for the server, nor is it set back by it."""

    LOOPBACK = False


class Levers:
    """The levers of the scenario that is open.

    Parameters
    ----------
    visit
        Whose draft they move.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._errors: dict[str, ui.label] = {}
        self._shown: dict[str, Callable[[Mapping[str, Any]], None]] = {}
        self._silent = False
        self.controls: list[Control] = []
        self._column = ui.column().classes("levers w-full gap-1")

    def build(self) -> None:
        """Make the levers anew, for another scenario."""
        self._errors.clear()
        self._shown.clear()
        self._column.clear()
        if self._visit.planner is None:
            return
        self.controls = controls_of(self._visit.planner.scenario)
        with self._column:
            for group, title in GROUPS.items():
                mine = [one for one in self.controls if one.group == group]
                if mine:
                    with ui.expansion(text(title), value=group in ("selection", "officers")) as expansion:
                        expansion.classes("w-full lever-group").props["toggle-aria-label"] = text(title)
                        for control in mine:
                            self._row(control)
                        if hours := [one for one in mine if isinstance(one, Hours)]:
                            self._time_bar(title, hours)
        self.show()

    def value(self, control: Amount) -> float:
        """Return the value that a control has in the draft."""
        values = self._visit.draft.values if self._visit.draft is not None else {}
        return float(values.get(control.key, control.value))

    def show(self) -> None:
        """Show the values of the draft."""
        values = self._visit.draft.values if self._visit.draft is not None else {}
        self._silent = True
        for show in self._shown.values():
            show(values)
        self._silent = False

    def say(self, error: FunnelsimError | None) -> None:
        """Show problems beside the controls of their keys, in groups that are opened for it."""
        for label in self._errors.values():
            label.set_text("")
            label.set_visibility(False)
        for problem in error.problems if error is not None else ():
            key = next((one for one in self._errors if one.rpartition(".")[0] and one in problem.where), None)
            group = problem.where.rpartition(": ")[2]
            key = key or next((one for one in self._errors if group and one.startswith(group)), None)
            if key is not None:
                self._errors[key].set_text(problem.message)
                self._errors[key].set_visibility(True)
                next(one for one in self._errors[key].ancestors() if isinstance(one, ui.expansion)).open()

    def moved(self, control: Control, values: Mapping[str, Any]) -> None:
        """Take new values of a control into the draft."""
        if not self._silent:
            self._visit.change(values, values_of(control))

    def _row(self, control: Control) -> None:
        match control:
            case Amount():
                self._amount(control)
            case Choice():
                self._choice(control)
            case Hours():
                return
        self._errors[control.key] = self._error()

    def _error(self) -> ui.label:
        error = ui.label().classes("lever-error").props('role="alert"')
        error.set_visibility(False)
        return error

    def _amount(self, control: Amount) -> None:
        label = label_text(control.label)
        spoken = f"{label}, {control.unit}" if control.unit else label
        least, most, step = (control.scale * end for end in (control.least, control.most, control.step))
        with ui.row().classes("lever w-full items-center no-wrap gap-2"):
            ui.label(label).classes("lever-label")
            slider = Slider(min=least, max=most, step=step).props("dense").classes("grow")
            number = ui.number(min=control.scale * control.least, max=control.scale * control.limit, step=step)
            number.props(f'dense outlined suffix="{control.unit}" debounce=300').classes("lever-number")
            for element in (slider, number):
                element.props["aria-label"] = spoken

        def changed(shown: float | None) -> None:
            if shown is not None:
                self.moved(control, {control.key: control.typed(shown)})

        slider.on_value_change(lambda event: changed(event.value))
        number.on_value_change(lambda event: changed(event.value))

        def show(values: Mapping[str, Any]) -> None:
            now = float(f"{control.scale * float(values.get(control.key, control.value)):.6g}")
            slider.set_value(min(most, now))
            number.set_value(now)

        self._shown[control.key] = show

    def _choice(self, control: Choice) -> None:
        with ui.row().classes("lever w-full items-center no-wrap gap-2"):
            ui.label(label_text(control.label)).classes("lever-label")
            options = {one: text(meaning) for one, meaning in control.options.items()}
            select = ui.select(options).props("dense outlined").classes("grow")
            select.props["aria-label"] = label_text(control.label)
        select.on_value_change(lambda event: self.moved(control, {control.key: event.value}))

        def show(values: Mapping[str, Any]) -> None:
            select.set_value(values.get(control.key, control.value))

        self._shown[control.key] = show

    def _time_bar(self, title: str, rows: list[Hours]) -> None:
        """Make the time bar of a group, below its numbers."""

        def moved(hours: Hours, from_min: float, to_min: float) -> None:
            self.moved(hours, hours.values(from_min, to_min))

        bar = TimeBar(text("{group}, hours").format(group=text(title)), rows, moved).classes("w-full")
        error = self._error()
        for hours in rows:
            self._errors.update(dict.fromkeys(hours.keys, error))

        def show(values: Mapping[str, Any]) -> None:
            scenario = self._visit.scenario
            if scenario is not None:
                bar.show(values, scenario.operation.windows)

        self._shown[rows[0].keys[0]] = show
