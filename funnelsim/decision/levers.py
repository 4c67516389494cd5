"""What would help most: one choice changed at a time, its effect paired against the plan as it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.compare import Comparison, compare
from funnelsim.experiments.replication import Engine
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.wording import days_text, number_text, share_text

AS_PLANNED: Final = "as planned"
MEASURES: Final = ("expected_detections", "delay_p95_s", "tail_max_m", "ordinary_stops", "officer_h", "staff_cost")
RATE_FACTOR: Final = 1.25
AUC_STEP: Final = 0.05
BEST_AUC: Final = 0.999
LOOK_STEP_S: Final = 1.0
SPEED_STEP_KMH: Final = 5.0
MARK_STEP_M: Final = 250.0
DAY_H: Final = 24

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Lever:
    """One change of one choice.

    Attributes
    ----------
    name
        What is changed, in words.
    changes
        New values by dotted key.
    """

    name: str
    changes: Changes


@dataclass(frozen=True, eq=False)
class Levers:
    """What each lever does.

    Attributes
    ----------
    comparison
        The plan as it is, first, and the plan with each lever, all on the same vehicles.
    tried
        The levers by name.
    impossible
        Levers that no plan can have, by name, and why.
    """

    comparison: Comparison
    tried: Mapping[str, Lever]
    impossible: Mapping[str, str]


def levers(
    scenario: Scenario,
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Levers:
    """Simulate a scenario with one choice changed at a time, on the same vehicles; all other choices stay as they are.

    Parameters
    ----------
    scenario
        The plan to be improved.
    replications, seed, jobs, engine
        As in `funnelsim.run`.
    progress
        Called with the number of finished simulations.

    Raises
    ------
    FunnelsimError
        If an argument is not allowed.
    """
    scenarios, impossible = {AS_PLANNED: scenario}, {}
    tried = {lever.name: lever for lever in levers_of(scenario)}
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name, lever in tried.items():
        try:
            scenarios[name] = scenario_from(data, where=name, overrides=lever.changes)
        except FunnelsimError as error:
            impossible[name] = str(error)
    comparison = compare(scenarios, replications, seed, jobs, measures=MEASURES, progress=progress, engine=engine)
    return Levers(comparison, tried, impossible)


def levers_of(scenario: Scenario) -> list[Lever]:
    """Return the levers that a scenario has.

    Examples
    --------
    >>> import tomllib
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
    for place, shift in enumerate(scenario.staffing.roster):
        days = "" if shift.days is None else f", {days_text(shift.days)}"
        who = f"{shift.agency}, {shift.from_} to {shift.to}{days}"
        key = f"staffing.roster.{place}.count"
        yield Lever(f"{who}: one more", {key: shift.count + 1})
        if shift.count:
            yield Lever(f"{who}: one less", {key: shift.count - 1})


def _area(scenario: Scenario) -> Iterator[Lever]:
    area = scenario.area
    yield Lever("bays: one more", {"area.bays": area.bays + 1})
    if area.bays > 1:
        yield Lever("bays: one less", {"area.bays": area.bays - 1})
    yield Lever("waiting spaces: one more", {"area.waiting": area.waiting + 1})
    if area.waiting:
        yield Lever("waiting spaces: one less", {"area.waiting": area.waiting - 1})
    other = "wave_through" if area.when_full == "hold" else "hold"
    word = "wave vehicles through" if area.when_full == "hold" else "hold vehicles"
    yield Lever(f"area full: {word}", {"area.when_full": other})


def _equipment(scenario: Scenario) -> Iterator[Lever]:
    for place, piece in enumerate(scenario.pieces):
        plain = isinstance(scenario.equipment, dict)
        key = path_text(("equipment", piece.name)) if plain else f"equipment.{place}.count"
        yield Lever(f"{piece.name}: one more", {key: piece.count + 1})
        if piece.count > 1:
            yield Lever(f"{piece.name}: one less", {key: piece.count - 1})


def _looks(scenario: Scenario) -> Iterator[Lever]:
    better = {
        f"targets.{place}.cue_auc": min(target.cue_auc + AUC_STEP, BEST_AUC)
        for place, target in enumerate(scenario.targets)
    }
    if better:
        yield Lever(f"look: AUC {AUC_STEP:g} higher", better)
    look = scenario.selection.look
    yield Lever("look: 1 s longer", {"selection.look.mean_s": look.mean_s + LOOK_STEP_S})
    if look.mean_s > LOOK_STEP_S:
        yield Lever("look: 1 s shorter", {"selection.look.mean_s": look.mean_s - LOOK_STEP_S})


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
                yield Lever(f"{name}: select {share_text(changed)}", {path_text(("selection", "rate", name)): changed})


def _road(scenario: Scenario) -> Iterator[Lever]:
    valve = scenario.selection.valve
    for key, does in (("suspend_at_m", "suspend selection"), ("lift_at_m", "lift funnel")):
        mark = getattr(valve, key)
        for step in (MARK_STEP_M, -MARK_STEP_M) if mark is not None else ():
            if mark + step > 0.0:
                yield Lever(
                    f"valve: {does} at {number_text(mark + step, 4)} m", {f"selection.valve.{key}": mark + step}
                )
    speed = scenario.lane.speed_kmh
    for step in (SPEED_STEP_KMH, -SPEED_STEP_KMH):
        if speed + step > SPEED_STEP_KMH:
            yield Lever(f"lane: {number_text(speed + step)} km/h", {"lane.speed_kmh": speed + step})


def _hours(scenario: Scenario) -> Iterator[Lever]:
    """Yield other hours of a single window; the roster stays as it is."""
    operation = scenario.operation
    if len(operation.windows) > 1:
        return
    opens, closes = operation.opens, operation.closes
    for hours in (1, -1):
        word = "later" if hours > 0 else "earlier"
        yield Lever(f"hours: close one {word}", {"operation.closes": _moved(closes, hours)})
        yield Lever(f"hours: open one {word}", {"operation.opens": _moved(opens, hours)})


def _moved(clock: str, hours: int) -> str:
    hour, _, minute = clock.partition(":")
    return f"{(int(hour) + hours) % DAY_H:02d}:{minute}"
