"""Checkpoints reduced to what a known answer needs, and the simulation of their days."""

import os
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.experiments.executor import as_finished, workers
from funnelsim.experiments.replication import Engine, simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import Traffic, draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Comparison, by_chance

SEED = 2024
BOX = "box"  # the class of vehicles
ENDLESS = 100_000  # waiting spaces, so many that they never fill
EVERY_HOUR = 24
QUICK_PART = 16  # a quick run's half-widths are four times as wide
TASKS_A_WORKER = 4  # so that the last task does not keep the others waiting

# Around the clock, on a road on which nobody needs a headway, a merge or a slow passage; everybody is selected.
# Queueing theory knows no seconds between two customers.
BARE: dict[str, Any] = {
    "title": "a known answer",
    "operation": {
        "opens": "00:00",
        "closes": "00:00",
        "stop_selecting_min": 0.0,
        "lead_in_min": 0.0,
        "run_out_min": 0.0,
    },
    "approach": {"lanes": 8, "speed_kmh": 200.0, "merge_s": 0.0},
    "lane": {"length_m": 1.0, "speed_kmh": 200.0, "headway_cv": 0.0},
    "classes": {
        BOX: {
            "share": 1.0,
            "spacing_m": 1e-6,
            "reaction_s": 0.0,
            "diversion_s": 0.0,
            "occupants": 1.0,
            "delay_cost_per_h": 0.0,
        }
    },
    "selection": {"rule": "random", "rate": {"default": 1.0}, "look": {"mean_s": 0.0, "cv": 0.0}},
    "area": {"bays": 1, "waiting": ENDLESS, "divert_s": 0.0, "changeover_s": 0.0},
    "staffing": {"pause_between_checks_s": 0.0},
}


def checkpoint(*changes: Mapping[str, Any]) -> Scenario:
    """Return the bare checkpoint with some keys changed; later changes replace earlier ones."""
    tables = BARE
    for change in changes:
        tables = _merged(tables, change)
    return Scenario.model_validate(tables)


def _merged(tables: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(deepcopy(tables))
    for name, value in change.items():
        below = result.get(name)
        result[name] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def hourly(vehicles: float, name: str = BOX) -> dict[str, Any]:
    """Return traffic of one class with random arrivals, on average the same number in every hour of the day."""
    counts = {"from": "00:00", "minutes": 60, "vehicles": {name: [vehicles] * EVERY_HOUR}}
    return {"traffic": {"counts": counts, "day_cv": 0.0}}


def stage(**keys: Any) -> dict[str, Any]:  # noqa: ANN401  (keys of the schema)
    """Return a stage of an inspection with these keys, such as `duration=`."""
    return {"name": "check", **keys}


def exponential(mean_s: float) -> dict[str, Any]:
    """Return an exponential (memoryless) duration."""
    return {"mean_s": mean_s, "distribution": "exponential"}


Counted = tuple[float, float]
"""Numerator and denominator, such as the sum of waiting times and the number who waited."""

Count = Callable[[Log, Plan], Counted]
TrafficChange = Callable[[Traffic], Traffic]


@dataclass(frozen=True)
class Case:
    """A known answer: the scenario, what is counted on each day, and the ratio according to theory.

    Attributes
    ----------
    case, unit, expected, source
        As in `Comparison`.
    scenario
        An ordinary scenario; a replication is one day.
    count
        Returns numerator and denominator of a day.
    days
        Number of days: enough for a half-width of half a per cent of the answer. A quick run uses fewer.
    change_traffic
        Changes the vehicles in ways that a scenario cannot express; None where that is not needed.
    """

    case: str
    unit: str
    expected: float
    source: str
    scenario: Scenario
    count: Count
    days: int
    change_traffic: TrafficChange | None = None


def compared(case: Case, effort: Effort) -> Comparison:
    """Simulate the days of a known answer and compare the ratio with theory."""
    days = -(-case.days // QUICK_PART) if effort.quick else case.days
    above, below = counted_days(case.scenario, case.count, days, effort, case.change_traffic).T.tolist()
    return by_chance(case.case, case.unit, case.expected, (above, below), case.source)


def counted_days(
    scenario: Scenario, count: Count, days: int, effort: Effort, change_traffic: TrafficChange | None = None
) -> FloatArray:
    """Simulate days of a scenario and return what is counted on each, shape (days, 2)."""
    plan = plan_of(scenario)
    jobs = os.cpu_count() or 1
    parts = [part.tolist() for part in np.array_split(np.arange(days), TASKS_A_WORKER * jobs) if len(part)]
    with workers(jobs, effort.engine) as executor:
        tasks = iter([(_count_days, plan, count, change_traffic, part, effort.engine) for part in parts])
        counted = dict(as_finished(executor, lambda: next(tasks, None), len(parts)))
    return np.array([pair for part in parts for pair in counted[part[0]]])


def _count_days(
    plan: Plan, count: Count, change_traffic: TrafficChange | None, days: list[int], engine: Engine
) -> tuple[int, list[Counted]]:
    """Return the first of the days, and what is counted on each."""
    counted = []
    for day in days:
        traffic = draw_traffic(plan.road, SEED, day)
        counted.append(
            count(simulate(traffic if change_traffic is None else change_traffic(traffic), plan, engine), plan)
        )
    return days[0], counted


def late(log: Log, plan: Plan, warm_up_s: float) -> BoolArray:
    """Return which vehicles arrive after the warm-up, when it no longer matters that the checkpoint began empty."""
    return log.arrival_s >= plan.window_s[0] + warm_up_s


def vehicles_at(plan: Plan, after_opening_s: Sequence[float]) -> Traffic:
    """Return ordinary vehicles whose free passages are at given times after the opening, in seconds."""
    count = len(after_opening_s)
    zeros, wholes = np.zeros(count), np.zeros(count, dtype=np.int64)
    return Traffic(
        seed=SEED,
        replication=0,
        number=np.arange(count),
        funnel=wholes,
        free_s=plan.window_s[0] + np.asarray(after_opening_s, dtype=float),
        vehicle_class=wholes + plan.classes.index(BOX),
        target=wholes,
        impression=zeros,
        headway_noise=np.ones(count),
        look_s=zeros,
        occupants=np.ones(count, dtype=np.int64),
    )
