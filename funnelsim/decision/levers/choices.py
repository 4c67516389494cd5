"""The choices of a plan, and how far a lever moves each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.decision.fluid.free_keys import OwnSelection, own_selections, rate_today, rates_of
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text, plain_number
from funnelsim.wording import days_text, joined, number_text, share_text

RATE_FACTOR: Final = 1.25
MORE, LESS = "a quarter more", "a fifth less"  # by this factor
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
        f"targets.{place}.cue_auc": plain_number(min(target.cue_auc + AUC_STEP, BEST_AUC))
        for place, target in enumerate(scenario.targets)
    }
    if better:
        yield Lever("look: AUC", f"{AUC_STEP:g} higher", better, between=" ")
    looks = {own.key("selection", "look", "mean_s"): own.side.selection.look.mean_s for own in own_selections(scenario)}
    yield Lever("look", "1 s longer", {key: plain_number(mean_s + LOOK_STEP_S) for key, mean_s in looks.items()})
    if min(looks.values()) > LOOK_STEP_S:
        yield Lever("look", "1 s shorter", {key: plain_number(mean_s - LOOK_STEP_S) for key, mean_s in looks.items()})


def _rates(scenario: Scenario) -> Iterator[Lever]:
    """Yield the levers of each class's rates: of every funnel that selects for itself, at all times of day at once."""
    demand = demand_of(scenario)
    roads = [demand, *demand.other_funnels]
    for own in own_selections(scenario):
        come = sum(roads[funnel].vehicles.sum(axis=0) for funnel in own.funnels)
        for name, vehicles in zip(demand.classes, come.tolist(), strict=True):
            today = {path: rate_today(own.side.selection, path) for path in rates_of(own.side, name)}
            if not any(today.values()) or not vehicles > 0.0:
                continue
            for factor, words in ((RATE_FACTOR, MORE), (1.0 / RATE_FACTOR, LESS)):
                changed = {path: plain_number(min(1.0, rate * factor)) for path, rate in today.items()}
                if changed != today:
                    changes = {own.key(*path): rate for path, rate in changed.items()}
                    to = share_text(next(iter(changed.values()))) if len(changed) == 1 else words
                    yield Lever(f"{name}{_where(scenario, own)}: select", to, changes, of_rates=True, between=" ")


def _where(scenario: Scenario, own: OwnSelection) -> str:
    """Return of which funnels a selection is, where there are several."""
    if len(own_selections(scenario)) == 1:
        return ""
    return f", {joined([scenario.per_funnel[funnel].direction for funnel in own.funnels])}"


def _road(scenario: Scenario) -> Iterator[Lever]:
    for own in own_selections(scenario):
        for key, does in (("suspend_at_m", "suspend selection"), ("lift_at_m", "lift funnel")):
            mark = getattr(own.side.selection.valve, key)
            for step in (MARK_STEP_M, -MARK_STEP_M) if mark is not None else ():
                if mark + step > 0.0:
                    changed = {own.key("selection", "valve", key): mark + step}
                    choice = f"valve{_where(scenario, own)}: {does} at"
                    yield Lever(choice, f"{number_text(mark + step, 4)} m", changed, between=" ")
    yield from _lanes(scenario)


def _lanes(scenario: Scenario) -> Iterator[Lever]:
    """Yield the levers of each lane of its own: a funnel without one has that of the first."""
    own = [number for number, funnel in enumerate(scenario.funnels) if funnel.lane is not None]
    lanes = {"lane.speed_kmh": scenario.lane, **{f"funnels.{n}.lane.speed_kmh": scenario.funnels[n].lane for n in own}}
    wheres = ["", *(f", {scenario.funnels[number].direction}" for number in own)]
    for (key, lane), where in zip(lanes.items(), wheres, strict=True):
        speed = lane.speed_kmh if lane is not None else 0.0
        for step in (SPEED_STEP_KMH, -SPEED_STEP_KMH):
            if speed + step > SPEED_STEP_KMH:
                yield Lever(f"lane{where}", f"{number_text(speed + step)} km/h", {key: speed + step})


def _hours(scenario: Scenario) -> Iterator[Lever]:
    """Yield other hours of a single window; the roster stays as it is."""
    operation = scenario.operation
    if len(operation.windows) > 1:
        return
    opens, closes = operation.opens, operation.closes
    for hours in (1, -1):
        word = "later" if hours > 0 else "earlier"
        yield Lever("hours: close", f"one hour {word}", {"operation.closes": _moved(closes, hours)}, between=" ")
        yield Lever("hours: open", f"one hour {word}", {"operation.opens": _moved(opens, hours)}, between=" ")


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
