"""The choices of a plan, and how far a lever moves each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.wording import days_text, number_text, share_text

RATE_FACTOR: Final = 1.25
AUC_STEP: Final = 0.05
BEST_AUC: Final = 0.999
LOOK_STEP_S: Final = 1.0
SPEED_STEP_KMH: Final = 5.0
MARK_STEP_M: Final = 250.0
DAY_H: Final = 24


@dataclass(frozen=True)
class Lever:
    """One change of one choice.

    Attributes
    ----------
    choice, to
        What is changed, and to what, in words.
    changes
        New values by dotted key.
    of_rates
        Whether it changes a selection rate: not a choice where rates are re-tuned.
    between
        Stands between the two in its name.
    """

    choice: str
    to: str
    changes: Mapping[str, Any]
    of_rates: bool = False
    between: str = ": "

    @property
    def name(self) -> str:
        """The change in words."""
        return f"{self.choice}{self.between}{self.to}"


def levers_of(scenario: Scenario) -> list[Lever]:
    """Return the levers that a scenario has.

    Examples
    --------
    >>> import tomllib
    >>> from funnelsim.scenario.load import scenario_from
    >>> from funnelsim.scenario.starter import starter_scenario
    >>> starter = scenario_from(tomllib.loads(starter_scenario("A3 eastbound")), where="starter")
    >>> [lever.name for lever in levers_of(starter) if "bays" in lever.name]
    ['bays: one more', 'bays: one less']
    """
    return [
        *_officers(scenario),
        *_area(scenario),
        *_equipment(scenario),
        *_looks(scenario),
        *_rates(scenario),
        *_road(scenario),
        *_hours(scenario),
    ]


def _officers(scenario: Scenario) -> Iterator[Lever]:
    roster = scenario.staffing.roster
    days = ["" if shift.days is None else f", {days_text(shift.days)}" for shift in roster]
    shifts = [f"{one.agency}, {one.from_} to {one.to}{on}" for one, on in zip(roster, days, strict=True)]
    for place, (shift, who) in enumerate(zip(roster, _told_apart(shifts), strict=True)):
        key = f"staffing.roster.{place}.count"
        yield Lever(who, "one more", {key: shift.count + 1})
        if shift.count:
            yield Lever(who, "one less", {key: shift.count - 1})


def _area(scenario: Scenario) -> Iterator[Lever]:
    area = scenario.area
    yield Lever("bays", "one more", {"area.bays": area.bays + 1})
    if area.bays > 1:
        yield Lever("bays", "one less", {"area.bays": area.bays - 1})
    yield Lever("waiting spaces", "one more", {"area.waiting": area.waiting + 1})
    if area.waiting:
        yield Lever("waiting spaces", "one less", {"area.waiting": area.waiting - 1})
    other = "wave_through" if area.when_full == "hold" else "hold"
    word = "wave vehicles through" if area.when_full == "hold" else "hold vehicles"
    yield Lever("area full", word, {"area.when_full": other})


def _equipment(scenario: Scenario) -> Iterator[Lever]:
    names = _told_apart([piece.name for piece in scenario.pieces])
    for place, (piece, name) in enumerate(zip(scenario.pieces, names, strict=True)):
        plain = isinstance(scenario.equipment, dict)
        key = path_text(("equipment", piece.name)) if plain else f"equipment.{place}.count"
        yield Lever(name, "one more", {key: piece.count + 1})
        if piece.count > 1:
            yield Lever(name, "one less", {key: piece.count - 1})


def _looks(scenario: Scenario) -> Iterator[Lever]:
    better = {
        f"targets.{place}.cue_auc": min(target.cue_auc + AUC_STEP, BEST_AUC)
        for place, target in enumerate(scenario.targets)
    }
    if better:
        yield Lever("look: AUC", f"{AUC_STEP:g} higher", better, between=" ")
    look = scenario.selection.look
    yield Lever("look", "1 s longer", {"selection.look.mean_s": look.mean_s + LOOK_STEP_S})
    if look.mean_s > LOOK_STEP_S:
        yield Lever("look", "1 s shorter", {"selection.look.mean_s": look.mean_s - LOOK_STEP_S})


def _rates(scenario: Scenario) -> Iterator[Lever]:
    rates = scenario.selection.rate
    demand = demand_of(scenario)
    for name, vehicles in zip(demand.classes, demand.vehicles.sum(axis=0).tolist(), strict=True):
        rate = rates.get(name, rates.get("default", 0.0))
        if not rate > 0.0 or not vehicles > 0.0:
            continue
        for factor in (RATE_FACTOR, 1.0 / RATE_FACTOR):
            changed = min(1.0, rate * factor)
            if changed != rate:
                key = path_text(("selection", "rate", name))
                yield Lever(f"{name}: select", share_text(changed), {key: changed}, of_rates=True, between=" ")


def _road(scenario: Scenario) -> Iterator[Lever]:
    valve = scenario.selection.valve
    for key, does in (("suspend_at_m", "suspend selection"), ("lift_at_m", "lift funnel")):
        mark = getattr(valve, key)
        for step in (MARK_STEP_M, -MARK_STEP_M) if mark is not None else ():
            if mark + step > 0.0:
                changed = {f"selection.valve.{key}": mark + step}
                yield Lever(f"valve: {does} at", f"{number_text(mark + step, 4)} m", changed, between=" ")
    speed = scenario.lane.speed_kmh
    for step in (SPEED_STEP_KMH, -SPEED_STEP_KMH):
        if speed + step > SPEED_STEP_KMH:
            yield Lever("lane", f"{number_text(speed + step)} km/h", {"lane.speed_kmh": speed + step})


def _hours(scenario: Scenario) -> Iterator[Lever]:
    """Yield other hours of a single window; the roster stays as it is."""
    operation = scenario.operation
    if len(operation.windows) > 1:
        return
    opens, closes = operation.opens, operation.closes
    for hours in (1, -1):
        word = "later" if hours > 0 else "earlier"
        yield Lever("hours: close", f"one {word}", {"operation.closes": _moved(closes, hours)}, between=" ")
        yield Lever("hours: open", f"one {word}", {"operation.opens": _moved(opens, hours)}, between=" ")


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names of which none is given twice: the second and later ones of a kind are numbered.

    Examples
    --------
    >>> _told_apart(["police", "customs", "police"])
    ['police', 'customs', 'police (2)']
    """
    before = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name} ({count + 1})" if count else name for name, count in zip(names, before, strict=True)]


def _moved(clock: str, hours: int) -> str:
    hour, _, minute = clock.partition(":")
    return f"{(int(hour) + hours) % DAY_H:02d}:{minute}"
