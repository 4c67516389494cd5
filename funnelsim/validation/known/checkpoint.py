"""Checkpoints stripped down to what a known answer needs, and days of them simulated."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.experiments.executor import workers
from funnelsim.experiments.replication import Engine, simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan, plan_of
from funnelsim.model.traffic import Traffic, draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Comparison, by_chance

SEED = 2024
BOX = "box"  # the class of vehicles
ENDLESS = 100_000  # waiting spaces that are never all taken
EVERY_HOUR = 24
QUICK_PART = 16  # so a quick run's half-widths are four times as wide
TASKS_A_WORKER = 4  # so that none waits long for the last

# Around the clock, on a road on which nobody needs a headway, a merge or a slow passage; everybody is selected.
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
    "area": {"bays": 1, "waiting": ENDLESS, "divert_s": 0.0},
}


def checkpoint(*changes: Mapping[str, Any]) -> Scenario:
    """Return the bare checkpoint with some keys set otherwise; of what is set twice, the later holds."""
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
    """Return traffic of one class that comes at random, equally many on average in every hour of the day."""
    counts = {"from": "00:00", "minutes": 60, "vehicles": {name: [vehicles] * EVERY_HOUR}}
    return {"traffic": {"counts": counts}}


def stage(**keys: Any) -> dict[str, Any]:  # noqa: ANN401  (keys of the schema)
    """Return the stage of an inspection; `duration=` and whatever else is wanted."""
    return {"name": "check", **keys}


def exponential(mean_s: float) -> dict[str, Any]:
    """Return a duration that knows no age."""
    return {"mean_s": mean_s, "distribution": "exponential"}


Counted = tuple[float, float]
"""Numerator and denominator, such as all waiting and all who waited."""

Count = Callable[[Log, Plan], Counted]
Hand = Callable[[Traffic], Traffic]


@dataclass(frozen=True)
class Case:
    """A known answer: the scenario, what is counted on each of its days, and what theory says of the ratio.

    Attributes
    ----------
    case, unit, expected, source
        As in `Comparison`.
    scenario
        An ordinary scenario; one replication is a day of it.
    count
        Of a day, numerator and denominator.
    days
        How many: enough for a half-width of half a per cent of the answer. A quick run makes do with fewer.
    hand
        What the scenario cannot say of the vehicles, where there is such a thing.
    """

    case: str
    unit: str
    expected: float
    source: str
    scenario: Scenario
    count: Count
    days: int
    hand: Hand | None = None


def compared(case: Case, effort: Effort) -> Comparison:
    """Simulate the days of a known answer and hold them against theory."""
    days = -(-case.days // QUICK_PART) if effort.quick else case.days
    above, below = counted_days(case.scenario, case.count, days, effort, case.hand).T.tolist()
    return by_chance(case.case, case.unit, case.expected, (above, below), case.source)


def counted_days(scenario: Scenario, count: Count, days: int, effort: Effort, hand: Hand | None = None) -> FloatArray:
    """Simulate days of a scenario and return what is counted on each, shape (days, 2)."""
    plan = plan_of(scenario)
    jobs = os.cpu_count() or 1
    parts = [part.tolist() for part in np.array_split(np.arange(days), TASKS_A_WORKER * jobs) if len(part)]
    with workers(jobs, effort.engine) as executor:
        tasks = [executor.submit(_count_days, plan, count, hand, part, effort.engine) for part in parts]
        wait(tasks)
    return np.array([pair for task in tasks for pair in task.result()])


def _count_days(plan: Plan, count: Count, hand: Hand | None, days: list[int], engine: Engine) -> list[Counted]:
    counted = []
    for day in days:
        traffic = draw_traffic(plan.road, SEED, day)
        counted.append(count(simulate(traffic if hand is None else hand(traffic), plan, engine), plan))
    return counted


def late(log: Log, plan: Plan, warm_up_s: float) -> BoolArray:
    """Return who comes to the selection point when the checkpoint has forgotten that it began empty."""
    return log.arrival_s >= plan.window_s[0] + warm_up_s


def vehicles_at(plan: Plan, after_opening_s: Sequence[float]) -> Traffic:
    """Return ordinary vehicles that would pass at given moments after the opening."""
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
