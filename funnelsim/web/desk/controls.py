"""The levers of a scenario as controls: which keys a visitor can move, between which values."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from funnelsim.decision.fluid.free_keys import OwnSelection, own_selections, rate_today, rates_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.selection_rules import RULES
from funnelsim.selection_rules import Amount as Decides
from funnelsim.units import HOUR_S, MINUTE_S
from funnelsim.web.allowed import allowed_for
from funnelsim.web.desk.control import Amount, Choice, Control, Group, Hours, Switch, on_bar

MORE: Final = 3.0  # times today's number, or rate, is how far a slider reaches; a number can be typed beyond
LEAST_RATE: Final = 0.2
LEAST_NUMBER: Final = 10
STEP_MIN: Final = 15
AROUND_S: Final = 4 * HOUR_S  # of the operation, that a time bar shows


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


def _selection(scenario: Scenario) -> Iterator[Control]:
    for own in own_selections(scenario):
        selection, where = own.side.selection, _where(scenario, own)
        rules = {rule.name: rule.meaning for rule in RULES}
        yield Choice("selection", own.key("selection", "rule"), f"rule{where}", selection.rule, rules)
        for name, n in selection.every.items():
            key = own.key("selection", "every", name)
            lever = _number("selection", key, f"every n-th, {name}{where}", n, least=1, rules=COUNTING)
            yield replace(lever, of_class=name, funnels=own.funnels) if name in scenario.classes else lever
        yield _price(own, where)
        for name in scenario.classes:
            for path in rates_of(own.side, name):
                yield from _rate(own, path, where)
        look = own.key("selection", "look", "mean_s")
        yield Amount(
            "selection", look, f"look{where}", selection.look.mean_s, max(20.0, selection.look.mean_s), 0.5, "s"
        )


def _rate(own: OwnSelection, path: tuple[str, ...], where: str) -> Iterator[Control]:
    selection, key = own.side.selection, own.key(*path)
    rate = rate_today(selection, path)
    hours = "" if path[1] == "rate" else f", {selection.rate_by_time[int(path[2])].hours}"
    label, most = f"{path[-1]}{hours}{where}", min(1.0, max(MORE * rate, LEAST_RATE))
    slid = Amount("selection", key, label, rate, most, 0.005, "%", scale=100.0, rules=RATED)
    yield replace(slid, of_class=path[-1], funnels=own.funnels)
    yield Switch("selection", key, label, rate, UNRATED, path[-1], own.funnels)


def _price(own: OwnSelection, where: str) -> Amount:
    """Return the lever of the price of an officer-minute: of what the scenario says of it."""
    index = own.side.selection.index
    name = next(name for name in INDEX if getattr(index, name) is not None)
    key, label, value = own.key("selection", "index", name), f"{INDEX[name]}{where}", getattr(index, name)
    if name == "price":
        step = 10.0 ** (math.floor(math.log10(value)) - 1)
        return Amount("selection", key, label, value, MORE * value, step, least=step, rules=PRICED)
    return Amount("selection", key, label, value, 1.0, 0.01, "%", least=min(0.01, value), scale=100.0, rules=PRICED)


INDEX: Final = {
    "price": "least detections per officer-minute",
    "rate": "vehicles selected",
    "utilisation": "officers' time used",
}
COUNTING: Final = frozenset(rule.name for rule in RULES if rule.uses_every)
PRICED: Final = frozenset(rule.name for rule in RULES if rule.priced)
RATED: Final = frozenset(rule.name for rule in RULES if rule.amount is Decides.RATE and not rule.priced)
UNRATED: Final = frozenset(rule.name for rule in RULES) - RATED
"""Rules that ask only whether a rate is 0."""


def _valve(scenario: Scenario) -> Iterator[Control]:
    for own in own_selections(scenario):
        valve, approach = own.side.selection.valve, own.side.approach
        most = approach.critical_m or approach.length_m
        acts = valve.suspend_at_m is not None or valve.lift_at_m is not None
        for name, label in VALVE.items() if acts else ():
            at_m = getattr(valve, name)
            if at_m is not None:
                key, words = own.key("selection", "valve", name), f"{label}{_where(scenario, own)}"
                least = min(50.0, at_m) if allowed_for(key).above else 0.0
                yield Amount("valve", key, words, at_m, max(most, at_m), 50.0, "m", least=least)


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
    yield Amount(
        "hours", "operation.stop_selecting_min", "stop selecting before closing", stop, max(120.0, stop), 5.0, "min"
    )


def _road(scenario: Scenario) -> Iterator[Control]:
    lanes = {"lane.speed_kmh": scenario.lane, **_own_lanes(scenario)}
    for key, lane in lanes.items():
        where = "" if key.startswith("lane") else f", {scenario.funnels[int(key.split('.')[1])].direction}"
        yield Amount(
            "road",
            key,
            f"speed in the lane{where}",
            lane.speed_kmh,
            max(80.0, lane.speed_kmh),
            1.0,
            "km/h",
            least=min(5.0, lane.speed_kmh),
        )


def _own_lanes(scenario: Scenario) -> dict[str, Any]:
    own = {f"funnels.{number}.lane.speed_kmh": funnel.lane for number, funnel in enumerate(scenario.funnels)}
    return {key: lane for key, lane in own.items() if lane is not None}


def _number(
    group: Group, key: str, label: str, value: int, least: int = 0, rules: frozenset[str] = frozenset()
) -> Amount:
    most = max(MORE * value, LEAST_NUMBER)
    return Amount(group, key, label, value, most, 1.0, least=min(least, value), rules=rules)


def _bar(
    group: Group, keys: tuple[str, str], label: str, times: tuple[str, str], least_min: int, most_min: int
) -> Hours:
    """Return a time bar; times are those of the day that lie within what is shown."""
    from_min, to_min = on_bar(times, least_min, most_min)
    return Hours(group, keys, label, from_min, to_min, min(least_min, from_min), max(most_min, to_min))


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
