"""The levers of a scenario as controls: which keys a visitor can move, between which values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from funnelsim.decision.fluid.free_keys import OwnSelection, own_selections, rate_today, rates_of
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.selection_rules import BY_NAME, RULES
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S

Group = Literal["selection", "valve", "area", "officers", "equipment", "hours", "road"]

MORE: Final = 3.0  # times today's number, or rate, is how far a slider reaches; a number can be typed beyond
LEAST_RATE: Final = 0.2
LEAST_NUMBER: Final = 10
STEP_MIN: Final = 15
AROUND_S: Final = 4 * HOUR_S  # of the operation, that a time bar shows


@dataclass(frozen=True)
class Choice:
    """A key with a few words to choose from.

    Attributes
    ----------
    group, key, label
        Where it stands, its dotted key, and what it is.
    value
        Today's.
    options
        What it can be, and what that means.
    """

    group: Group
    key: str
    label: str
    value: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Amount:
    """A key with a number.

    Attributes
    ----------
    group, key, label, unit
        Where it stands, its dotted key, and what it is.
    value, least, most, step
        Today's value, and how far a slider moves it.
    limit
        The largest number that can be typed.
    scale
        What a value is multiplied with to show it: shares are shown in per cent.
    whole
        Whether it counts something.
    """

    group: Group
    key: str
    label: str
    value: float
    most: float
    step: float
    limit: float
    unit: str = ""
    least: float = 0.0
    scale: float = 1.0
    whole: bool = False

    def typed(self, shown: float) -> float | int:
        """Return the value of the key for a number as it is shown."""
        value = shown / self.scale
        return round(value) if self.whole else float(f"{value:.6g}")


@dataclass(frozen=True)
class Hours:
    """Two keys with times of day: from when to when.

    Attributes
    ----------
    group, keys, label
        Where they stand, the dotted keys, and what it is.
    from_min, to_min
        Today's times in minutes after midnight of the first day.
    least_min, most_min
        What a time bar shows.
    """

    group: Group
    keys: tuple[str, str]
    label: str
    from_min: int
    to_min: int
    least_min: int
    most_min: int

    def values(self, from_min: float, to_min: float) -> dict[str, str]:
        """Return both keys for two times in minutes."""
        return dict(zip(self.keys, (clock(from_min), clock(to_min)), strict=True))

    def minutes(self, from_: str, to: str) -> tuple[int, int]:
        """Return two times of day in minutes, where the bar shows them."""
        return _on_bar((from_, to), self.least_min, self.most_min)


Control = Choice | Amount | Hours


def clock(minutes: float) -> str:
    """Return a time of day in minutes as a clock shows it.

    Examples
    --------
    >>> clock(1500)
    '01:00'
    """
    of_day = round(minutes) % (24 * 60)
    return f"{of_day // 60:02d}:{of_day % 60:02d}"


def controls_of(scenario: Scenario) -> list[Control]:
    """Return the controls of a scenario, in the order in which a planner thinks of them.

    Parameters
    ----------
    scenario
        As it stands in its file: sliders begin there.
    """
    return [
        *_selection(scenario),
        *_valve(scenario),
        *_area(scenario),
        *_officers(scenario),
        *_equipment(scenario),
        *_hours(scenario),
        *_road(scenario),
    ]


def values_of(control: Control) -> Mapping[str, Any]:
    """Return the values that a control has in its scenario, by dotted key."""
    match control:
        case Amount():
            return {control.key: round(control.value) if control.whole else control.value}
        case Choice():
            return {control.key: control.value}
        case Hours():
            return control.values(control.from_min, control.to_min)


def _selection(scenario: Scenario) -> Iterator[Control]:
    for own in own_selections(scenario):
        selection, where = own.side.selection, _where(scenario, own)
        rules = {rule.name: rule.meaning for rule in RULES}
        yield Choice("selection", own.key("selection", "rule"), f"rule{where}", selection.rule, rules)
        for name, n in selection.every.items() if BY_NAME[selection.rule].uses_every else ():
            key = own.key("selection", "every", name)
            yield _number("selection", key, f"every n-th, {name}{where}", n, least=1)
        for name in scenario.classes:
            for path in rates_of(own.side, name):
                rate = rate_today(selection, path)
                hours = "" if path[1] == "rate" else f", {selection.rate_by_time[int(path[2])].hours}"
                most = min(1.0, max(MORE * rate, LEAST_RATE))
                yield Amount(
                    "selection", own.key(*path), f"{name}{hours}{where}", rate, most, 0.005, 1.0, "%", scale=100.0
                )
        look = own.key("selection", "look", "mean_s")
        yield Amount("selection", look, f"look{where}", selection.look.mean_s, 20.0, 0.5, 600.0, "s")


def _valve(scenario: Scenario) -> Iterator[Control]:
    for own in own_selections(scenario):
        valve, approach = own.side.selection.valve, own.side.approach
        most = approach.critical_m or approach.length_m
        for name, label in VALVE.items():
            at_m = getattr(valve, name)
            if at_m is not None:
                key = own.key("selection", "valve", name)
                yield Amount("valve", key, f"{label}{_where(scenario, own)}", at_m, max(most, at_m), 50.0, 1e6, "m")


VALVE: Final = {"suspend_at_m": "suspend at", "resume_at_m": "resume at", "lift_at_m": "lift at"}


def _area(scenario: Scenario) -> Iterator[Control]:
    area = scenario.area
    yield _number("area", "area.bays", "bays", area.bays, least=1)
    yield _number("area", "area.waiting", "waiting spaces", area.waiting)
    yield Choice("area", "area.when_full", "area full", area.when_full, WHEN_FULL)


WHEN_FULL: Final = {"wave_through": "wave vehicles through", "hold": "hold vehicles"}


def _officers(scenario: Scenario) -> Iterator[Control]:
    from_min, to_min = _shown_min(scenario)
    roster = scenario.staffing.roster
    days = ["" if shift.days is None else f", days {', '.join(map(str, shift.days))}" for shift in roster]
    names = _told_apart([f"{shift.agency}{of}" for shift, of in zip(roster, days, strict=True)])
    for place, (shift, name) in enumerate(zip(roster, names, strict=True)):
        key = f"staffing.roster.{place}"
        yield _number("officers", f"{key}.count", name, shift.count)
        yield _bar("officers", (f"{key}.from", f"{key}.to"), name, (shift.from_, shift.to), from_min, to_min)


def _equipment(scenario: Scenario) -> Iterator[Control]:
    from_min, to_min = _shown_min(scenario)
    names = _told_apart([piece.name for piece in scenario.pieces])
    for place, (piece, name) in enumerate(zip(scenario.pieces, names, strict=True)):
        plain = isinstance(scenario.equipment, dict)
        key = path_text(("equipment", piece.name)) if plain else f"equipment.{place}.count"
        yield _number("equipment", key, name, piece.count, least=1)
        if piece.from_ is not None and piece.to is not None:
            keys = (f"equipment.{place}.from", f"equipment.{place}.to")
            yield _bar("equipment", keys, name, (piece.from_, piece.to), from_min, to_min)


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names with a number behind those that occur more than once."""
    several = {name for name in names if names.count(name) > 1}
    return [f"{name} {names[:end].count(name)}" if name in several else name for end, name in enumerate(names, 1)]


def _hours(scenario: Scenario) -> Iterator[Control]:
    operation = scenario.operation
    if not operation.also:
        from_min, to_min = _shown_min(scenario)
        times = (operation.opens, operation.closes)
        yield _bar("hours", ("operation.opens", "operation.closes"), "window", times, from_min, to_min)
    stop = operation.stop_selecting_min
    yield Amount("hours", "operation.stop_selecting_min", "stop selecting before closing", stop, 120.0, 5.0, 1e4, "min")


def _road(scenario: Scenario) -> Iterator[Control]:
    lanes = {"lane.speed_kmh": scenario.lane, **_own_lanes(scenario)}
    for key, lane in lanes.items():
        where = "" if key.startswith("lane") else f", {scenario.funnels[int(key.split('.')[1])].direction}"
        yield Amount("road", key, f"speed in the lane{where}", lane.speed_kmh, 80.0, 1.0, 200.0, "km/h", least=5.0)


def _own_lanes(scenario: Scenario) -> dict[str, Any]:
    own = {f"funnels.{number}.lane.speed_kmh": funnel.lane for number, funnel in enumerate(scenario.funnels)}
    return {key: lane for key, lane in own.items() if lane is not None}


def _number(group: Group, key: str, label: str, value: int, least: int = 0) -> Amount:
    most = max(MORE * value, LEAST_NUMBER)
    return Amount(group, key, label, value, most, 1.0, 10_000.0, least=least, whole=True)


def _bar(
    group: Group, keys: tuple[str, str], label: str, times: tuple[str, str], least_min: int, most_min: int
) -> Hours:
    """Return a time bar; times are those of the day that lie within what is shown."""
    from_min, to_min = _on_bar(times, least_min, most_min)
    return Hours(group, keys, label, from_min, to_min, min(least_min, from_min), max(most_min, to_min))


def _on_bar(times: tuple[str, str], least_min: int, most_min: int) -> tuple[int, int]:
    from_min, to_min = (round(seconds_after_midnight(time) / MINUTE_S) for time in times)
    day_min = round(DAY_S / MINUTE_S)
    while from_min < least_min and from_min + day_min <= most_min:
        from_min += day_min
    while to_min <= from_min:
        to_min += day_min
    return from_min, to_min


def _shown_min(scenario: Scenario) -> tuple[int, int]:
    """Return what a time bar shows of the day: some hours around the first window, in whole steps."""
    window = scenario.operation.windows[0]
    step_s = STEP_MIN * MINUTE_S
    from_s = max(0.0, window.opens_s - AROUND_S) // step_s * step_s
    to_s = -(-(window.closes_s + AROUND_S) // step_s) * step_s
    return round(from_s / MINUTE_S), round(to_s / MINUTE_S)


def _where(scenario: Scenario, own: OwnSelection) -> str:
    """Return of which funnels a selection is, where there are several."""
    if len(own_selections(scenario)) == 1:
        return ""
    return f", {', '.join(scenario.per_funnel[funnel].direction for funnel in own.funnels)}"
