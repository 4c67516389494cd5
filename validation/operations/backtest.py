"""Each operation simulated many times, with other values from the bands and other traffic each time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.analysis.measures import measure
from funnelsim.experiments.replication import Engine, log_of
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.overrides import with_override
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_MIN, PER_10K
from validation.operations.bands import SEED, Draw
from validation.operations.operation import Operation, Outcome

TEAM = 2  # officers for a short check, and so for a bay
ROSTER_MARGIN_MIN = 30


@dataclass(frozen=True)
class Backtest:
    """The results of the simulated operations, one value a draw.

    Attributes
    ----------
    operation
        Which.
    values
        For each of its outcomes, in order.
    none_found
        The chance that no smuggling run is found.
    """

    operation: Operation
    values: tuple[tuple[float, ...], ...]
    none_found: float


def backtest(operation: Operation, drawn: Sequence[Draw], engine: Engine) -> Backtest:
    """Simulate an operation once for each draw."""
    data = operation.data()
    rows: list[tuple[float, ...]] = []
    chances: list[float] = []
    for number, draw in enumerate(drawn):
        plan = plan_of(scenario_of(operation, data, draw))
        log = log_of(plan, SEED, number, engine)
        measures = measure(log, plan)
        rows.append(tuple(_simulated(outcome, measures, log) for outcome in operation.outcomes))
        chances.append(float(np.exp(-measures["expected_detections.smuggling run"])))  # rare, so nearly Poisson
    return Backtest(operation, tuple(zip(*rows, strict=True)), float(np.mean(chances)))


def _simulated(outcome: Outcome, measures: dict[str, float], log: Log) -> float:
    match outcome.kind:
        case "vehicles":
            return measures["inspected"]
        case "persons":
            return measures["persons_inspected"]
        case "persons a vehicle":
            return measures["persons_inspected"] / max(1.0, measures["inspected"])
        case "offenders":
            return measures["detections.offence"]
        case "smuggling runs":
            return measures["detections.smuggling run"]
        case "queue":
            longest_m = measures["tail_max_m"] if outcome.at_s is None else _tail_m(log, outcome.at_s)
            return longest_m / 1000


def _tail_m(log: Log, at_s: float) -> float:
    """Return how long the queue was for the newest vehicle that had met it."""
    joined = np.flatnonzero(log.joined_s <= at_s)
    return float(log.tail_m[joined[np.argmax(log.joined_s[joined])]]) if len(joined) else 0.0


def scenario_of(operation: Operation, data: Mapping[str, Any], draw: Draw) -> Scenario:
    """Derive the scenario of a draw: what is known of the operation stays, what is unknown is the draw's.

    Parameters
    ----------
    data
        The operation's scenario file as tables; they stay as they are.
    """
    derived = dict(data)
    for path, value in _changes(operation, data, draw):
        derived = with_override(derived, path, value)
    return scenario_from(derived, where=f"{operation.name}.toml")


def _changes(operation: Operation, data: Mapping[str, Any], draw: Draw) -> Iterator[tuple[str, Any]]:
    yield from _of_the_road(operation, data, draw)
    yield from _of_the_window(operation, data, draw)
    yield from _of_the_officers(operation, data, draw)
    classes = data["targets"][0]["per_10k"]
    yield "targets.smuggling run.per_10k", dict.fromkeys(classes, draw["smuggling"])
    yield "targets.offence.per_10k", dict.fromkeys(classes, PER_10K * draw["offenders"])
    yield "area.stages.short check.duration.mean_s", 60 * draw["short check"]
    yield "area.stages.short check.alarms", dict.fromkeys(data["area"]["stages"][0]["alarms"], draw["searched"])
    yield "area.after_detection.duration.mean_s", 60 * draw["after an offence"]
    yield "area.changeover_s", draw["changeover"]
    yield "staffing.pause_between_checks_s", draw["pause"]


def _of_the_road(operation: Operation, data: Mapping[str, Any], draw: Draw) -> Iterator[tuple[str, Any]]:
    yield "traffic.scale", draw["demand"]
    for number in range(len(data.get("funnels", ()))):
        yield f"funnels.{number}.traffic.scale", draw["demand"]
    exit_m = 1000 * draw["exit"]
    yield "approach.exit", {"at_m": exit_m, "leave_when_tail_m": exit_m, "share": draw["leaving"]}
    yield "classes.car.occupants", draw["occupants"]
    yield "classes.van.occupants", draw["occupants"]
    if "speed" in operation.unknown:
        yield "lane.speed_kmh", draw["speed"]


def _of_the_window(operation: Operation, data: Mapping[str, Any], draw: Draw) -> Iterator[tuple[str, Any]]:
    """Yield the window and the shift around it; where only an end was published, that end stays."""
    opens, closes = (_minutes(data["operation"][end]) for end in ("opens", "closes"))
    for beginning in ("evening", "any time"):
        if beginning in operation.unknown:
            opens = round(60 * draw[beginning])
    if "hours" in operation.unknown:
        closes = opens + round(60 * draw["hours"])
    yield "operation.opens", _clock(opens)
    yield "operation.closes", _clock(closes)
    yield "staffing.roster.officers.from", _clock(opens - ROSTER_MARGIN_MIN)
    yield "staffing.roster.officers.to", _clock(closes + ROSTER_MARGIN_MIN)


def _of_the_officers(operation: Operation, data: Mapping[str, Any], draw: Draw) -> Iterator[tuple[str, Any]]:
    count = round(draw["officers"]) if "officers" in operation.unknown else data["staffing"]["roster"][0]["count"]
    inspecting = max(TEAM, round(count * draw["inspecting"]))
    yield "staffing.roster.officers.count", count
    yield "staffing.posts.everything else.officers", count - inspecting
    yield "area.bays", inspecting // TEAM


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes % DAY_MIN // 60:02d}:{minutes % 60:02d}"
