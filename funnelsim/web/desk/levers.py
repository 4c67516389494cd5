"""The levers on the desk: sliders with numbers, time bars and choices, each with its error beside it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from nicegui import ui

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk.control import Amount, Choice, Control, Hours, Switch, values_of
from funnelsim.web.desk.controls import UNRATED, controls_of
from funnelsim.web.desk.labels import label_text
from funnelsim.web.desk.time_bar import TimeBar
from funnelsim.web.draft import Coming
from funnelsim.web.language import mark, text
from funnelsim.web.number_field import NumberField
from funnelsim.web.numerals import numbers
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
    *(mark("least detections per officer-minute"), mark("vehicles selected"), mark("officers' time used")),
    mark("everybody from an empty area until it is full, then nobody until it is empty"),
    mark("whoever promises enough detections for an officer-minute"),
    *(mark("car"), mark("van"), mark("camper"), mark("coach"), mark("lorry"), mark("reefer")),
)
"""Labels of controls, which `text` translates; names in a scenario stay as they are."""

RULE: Final = "selection.rule"


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
        self._refused: dict[str, str] = {}
        self._beside: dict[str, list[str]] = {}
        self._shown: list[Callable[[Mapping[str, Any]], object]] = []
        self._silent = False
        self._coming: Coming = ()
        self.controls: list[Control] = []
        self._column = ui.column().classes("levers w-full gap-1")

    def build(self) -> None:
        """Make the levers anew, for another scenario."""
        for known in (self._errors, self._refused, self._beside, self._shown):
            known.clear()
        self._column.clear()
        if self._visit.planner is None:
            return
        self.controls = controls_of(self._visit.planner.scenario)
        self._coming = self._visit.planner.coming(self._visit.draft.values if self._visit.draft is not None else {})
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

    def come(self, coming: Coming) -> None:
        """Show the levers of the classes that come; these may be others at other hours."""
        if coming != self._coming:
            self._coming = coming
            self.show()

    def show(self) -> None:
        """Show the values of the draft."""
        values = self._visit.draft.values if self._visit.draft is not None else {}
        self._silent = True
        for show in self._shown:
            show(values)
        self._silent = False

    def say(self, error: FunnelsimError | None, moved: Collection[str] = ()) -> None:
        """Show problems beside their controls, in groups that are opened for it.

        Parameters
        ----------
        error
            Why the draft is no plan; None where it is one.
        moved
            The keys whose values are others than in the last plan that was possible.
        """
        for one in self._errors:
            self._say_beside(one, self._refused.get(one, ""))
        problems = () if error is None else error.problems
        self._beside = {one.where: self._keys_of(one.where, moved) for one in problems}
        by_key: dict[str, list[str]] = {}
        for problem in problems:
            for key in self._beside[problem.where]:
                said = problem.message if key.startswith(_table(problem.where)) else str(problem)
                said = self._visit.folders.without(said, self._visit.session)
                by_key.setdefault(key, []).append(numbers(said))
        for key, (first, *others) in by_key.items():
            rest = [text("{number} more").format(number=len(others))] if others else []
            self._say_beside(key, "\n".join([first, *rest]))
            next(one for one in self._errors[key].ancestors() if isinstance(one, ui.expansion)).open()

    def _keys_of(self, where: str, moved: Collection[str]) -> list[str]:
        """Return the keys of the levers that a problem is about.

        It may name one. A stage without officers names none: the problem is about the lever that was moved before the
        plan was impossible, and stays there while others are moved.
        """
        if named := next((one for one in self._errors if one.rpartition(".")[0] and one in where), None):
            return [named]
        table = _table(where)
        inside = [one for one in self._errors if table and one.startswith(table)]
        movable = [one for one in self._errors if one in moved]
        stays = [one for one in self._beside.get(where, ()) if one in moved]
        return stays or [one for one in inside if one in moved] or movable or inside[:1]

    def _say_beside(self, key: str, problem: str) -> None:
        self._errors[key].set_text(problem)
        self._errors[key].set_visibility(bool(problem))

    def moved(self, control: Control, values: Mapping[str, Any]) -> None:
        """Take new values of a control into the draft."""
        if not self._silent:
            self._visit.change(values, values_of(control))

    def _row(self, control: Control) -> None:
        match control:
            case Amount():
                row = self._amount(control)
            case Switch():
                row = self._switch(control)
            case Choice():
                row = self._choice(control)
            case Hours():
                return
        if not isinstance(control, Switch):  # it cannot be wrong, and another row has its key
            self._errors[control.key] = self._error()
        if isinstance(control, Amount | Switch) and control.rules:
            rule = self._rule_of(control)
            self._shown.append(lambda values: row.set_visibility(self._acts(control, rule, values)))

    def _acts(self, control: Amount | Switch, rule: Choice, values: Mapping[str, Any]) -> bool:
        """Tell whether a control acts under the rule of a draft, and on vehicles that come."""
        comes = not control.of_class or any(control.of_class in self._coming[number] for number in control.funnels)
        return comes and values.get(rule.key, rule.value) in control.rules

    def _rule_of(self, control: Amount | Switch) -> Choice:
        """Return the choice of the rule by which the control's funnels select."""
        choices = [one for one in self.controls if isinstance(one, Choice) and one.key.endswith(RULE)]
        return next(one for one in choices if control.key.startswith(one.key.removesuffix(RULE)))

    def _error(self) -> ui.label:
        error = ui.label().classes("lever-error").props('role="alert"')
        error.set_visibility(False)
        return error

    def _amount(self, control: Amount) -> ui.row:
        label = label_text(control.label)
        spoken = f"{label}, {control.unit}" if control.unit else label
        least, most, step = (control.shown(end) for end in (control.least, control.most, control.step))
        with ui.row().classes("lever w-full items-center no-wrap gap-2") as row:
            ui.label(label).classes("lever-label")
            slider = Slider(min=least, max=most, step=step).props("dense").classes("grow")
            field = NumberField(None, control.allowed, said_below=False)
            field.props(f'dense outlined suffix="{control.unit}"').classes("lever-number")
            for element in (slider, field):
                element.props["aria-label"] = spoken

        def refuse(problem: str) -> None:
            self._refused[control.key] = problem
            self._say_beside(control.key, problem)

        def slid(shown: float) -> None:
            if not self._silent:
                refuse("")
                field.show(control.shown(control.typed(shown)))
                self.moved(control, {control.key: control.typed(shown)})

        def typed() -> None:
            if not self._silent:
                refuse(field.wrong)
                if (number := field.number) is not None:
                    self.moved(control, {control.key: control.typed(number)})

        slider.on_value_change(lambda event: slid(event.value))
        slider.on("keydown.home.prevent", lambda: slider.set_value(least))
        slider.on("keydown.end.prevent", lambda: slider.set_value(most))
        field.on_value_change(typed)

        def show(values: Mapping[str, Any]) -> None:
            now = control.shown(float(values.get(control.key, control.value)))
            slider.set_value(min(most, max(least, now)))
            field.show(now)
            refuse("")

        self._shown.append(show)
        return row

    def _switch(self, control: Switch) -> ui.row:
        with ui.row().classes("lever w-full items-center no-wrap gap-2") as row:
            switch = ui.switch(label_text(control.label)).props("dense")
        switch.on_value_change(lambda event: self.moved(control, {control.key: control.switched(event.value)}))
        self._shown.append(lambda values: switch.set_value(values.get(control.key, control.value) > 0.0))
        return row

    def _choice(self, control: Choice) -> ui.row:
        with ui.row().classes("lever w-full items-center no-wrap gap-2") as row:
            ui.label(label_text(control.label)).classes("lever-label")
            options = {one: text(meaning) for one, meaning in control.options.items()}
            select = ui.select(options).props("dense outlined").classes("grow")
            select.props["aria-label"] = label_text(control.label)
        select.on_value_change(lambda event: self.moved(control, {control.key: event.value}))

        def show(values: Mapping[str, Any]) -> None:
            select.set_value(values.get(control.key, control.value))

        self._shown.append(show)
        if control.key.endswith(RULE):
            hint = ui.label(text("This rule has no rates; a class can be left out.")).classes("field-hint")
            self._shown.append(lambda values: hint.set_visibility(values.get(control.key, control.value) in UNRATED))
        return row

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

        self._shown.append(show)


def _table(where: str) -> str:
    """Return the key or the table that a problem is about, without the name of its file."""
    return where.rpartition(": ")[2]
