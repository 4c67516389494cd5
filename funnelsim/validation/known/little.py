"""Known answer 12: Little's law, exactly, in every replication."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from funnelsim.arrays import IntArray
from funnelsim.engines.simpy_engine import set_up
from funnelsim.experiments.replication import simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.states import NOT_FOUND
from funnelsim.model.traffic import Traffic, draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.checkpoint import SEED

LITTLE = "Little 1961, doi:10.1287/opre.9.3.383"
GRID_PER_S = 2**20  # the model's clock has steps of 2**-20 s, in which sums are exact

TEXT = """\
Mean number is throughput times mean time: in the lane, the waiting spaces, the bays and each crew. This is no
approximation: if an operation begins and ends empty, it holds on every day, whatever the rules. So no vehicle may be
lost, counted twice, or be in two places. The numbers come from the counters of the SimPy engine, observed from step to
step; the times come from the log of the engine that is being validated. What is compared is the total time that all
vehicles or officers spend there, in hours; the two must be equal to the last step of the model's clock, about a
microsecond."""

# A checkpoint with many features: two agencies with breaks, a valve, alarms, equipment, long detections.
RICH: dict[str, Any] = {
    "title": "Little's law",
    "operation": {
        "opens": "01:00",
        "closes": "05:00",
        "stop_selecting_min": 20.0,
        "lead_in_min": 10.0,
        "run_out_min": 60.0,
    },
    "approach": {"lanes": 2, "speed_kmh": 72.0, "wave_speed_kmh": 18.0, "merge_s": 3.0},
    "lane": {"length_m": 100.0, "speed_kmh": 36.0, "headway_cv": 0.3},
    "traffic": {
        "day_cv": 0.0,
        "counts": {"from": "00:00", "minutes": 60, "vehicles": {"car": [900] * 24, "lorry": [200] * 24}},
    },
    "targets": [{"name": "hidden", "per_10k": {"car": 500.0, "lorry": 1000.0}, "cue_auc": 0.7}],
    "selection": {
        "rule": "score",
        "rate": {"default": 0.05, "lorry": 0.2},
        "look": {"mean_s": 2.0, "cv": 0.3},
        "post": {"police": 1},
        "valve": {"suspend_at_m": 300.0, "resume_at_m": 50.0},
    },
    "area": {
        "bays": 4,
        "waiting": 3,
        "divert_s": 20.0,
        "changeover_s": 0.0,
        "stages": [
            {"name": "papers", "duration": {"mean_s": 60.0, "cv": 0.5}, "crew": {"border police": 1}},
            {
                "name": "probe",
                "for": ["lorry"],
                "duration": {"mean_s": 150.0, "cv": 0.3},
                "crew": {"police": 1},
                "equipment": {"probe": 1},
                "alarms": {"hidden": 0.9, "ordinary": 0.2},
            },
            {
                "name": "search",
                "only_after_alarm": True,
                "duration": {"mean_s": 400.0, "distribution": "exponential"},
                "crew": {"police": 1, "border police": 1},
                "finds": {"hidden": 0.9},
            },
        ],
        "after_detection": {"duration": {"mean_s": 1200.0, "cv": 0.4}, "crew": {"police": 1}},
    },
    "staffing": {
        "pause_between_checks_s": 0.0,
        "posts": {"cones": {"police": 1}},
        "roster": [
            {
                "agency": "police",
                "count": 5,
                "from": "00:30",
                "to": "04:00",
                "breaks": {"minutes": 30.0, "after_h": 1.5},
            },
            {"agency": "police", "count": 3, "from": "03:30", "to": "05:30"},
            {"agency": "border police", "count": 2, "from": "00:30", "to": "04:45"},
        ],
    },
    "equipment": {"probe": 1},
}


def steps(seconds: ArrayLike) -> IntArray:
    """Return times as whole steps of the model's clock."""
    return np.round(np.asarray(seconds) * GRID_PER_S).astype(np.int64)


def integrals_from_counters(traffic: Traffic, plan: Plan) -> Counter[str]:
    """Run the SimPy engine step by step; return the time integrals of its counters by name, in clock steps."""
    checkpoint = set_up(traffic, plan)
    env, area = checkpoint.env, checkpoint.area
    totals: Counter[str] = Counter()
    while np.isfinite(env.peek()):
        duration = int(steps(env.peek()) - steps(env.now))
        if duration:
            counters = {
                "places": area.taken,
                "waiting spaces": len(area.bays.line),
                "bays": plan.bays - area.bays.free - area.changing,
                "spots": plan.spots - area.spots.free,
                "cars": checkpoint.chase.away if checkpoint.chase else 0,
            }
            for pool, name in enumerate(plan.inspection.pools):
                away = area.crews.on_break[pool] + area.crews.pausing[pool]
                counters[name] = area.crews.used[pool] - away
            for name, number in counters.items():
                totals[name] += number * duration
        env.step()
    return totals


def integrals_from_log(log: Log, plan: Plan) -> Counter[str]:
    """Return the same integrals computed from the log: who was there, from when to when."""
    here = log.inspected
    came_s = log.passed_s.copy()  # places are reserved at the selection point, or when a pursuit begins
    came_s[log.pursuit_vehicle] = log.pursuit_from_s
    brought = np.isin(log.pursuit_vehicle, np.flatnonzero(here))
    lost_s = log.pursuit_to_s[~brought], log.pursuit_from_s[~brought]
    in_spot = here & (log.found_at != NOT_FOUND) & plan.frees_bay
    totals: Counter[str] = Counter()
    totals["places"] = in_all(log.bay_to_s[here], came_s[here]) + in_all(*lost_s)
    totals["waiting spaces"] = in_all(log.bay_from_s[here], log.area_s[here])
    totals["bays"] = in_all(log.bay_to_s[here], log.bay_from_s[here])
    totals["spots"] = in_all(log.left_s[in_spot], log.bay_to_s[in_spot])
    totals["cars"] = in_all(log.pursuit_to_s, log.pursuit_from_s)
    lasted = steps(log.stage_to_s) - steps(log.stage_from_s)
    for pool, name in enumerate(plan.inspection.pools):
        totals[name] = int((plan.inspection.need[log.stage, pool] * lasted).sum())
    return totals


def in_all(to_s: ArrayLike, from_s: ArrayLike) -> int:
    """Return the sum of times in clock steps."""
    return int((steps(to_s) - steps(from_s)).sum())


def in_lane(log: Log) -> int:
    """Return the time integral of the number between free passage and passage, by going through the times in order."""
    came, passed = np.sort(steps(log.traffic.free_s[log.passed])), np.sort(steps(log.passed_s[log.passed]))
    moments = np.unique(np.concatenate([came, passed]))
    number = np.searchsorted(came, moments, side="right") - np.searchsorted(passed, moments, side="right")
    return int((number[:-1] * np.diff(moments)).sum())


def lines(when_full: str, effort: Effort) -> list[Comparison]:
    """Return Little's law for each place and each crew of one day."""
    plan = plan_of(Scenario.model_validate(RICH | {"area": RICH["area"] | {"when_full": when_full}}))
    traffic = draw_traffic(plan.road, SEED, 0)
    log = simulate(traffic, plan, effort.engine)
    counted, from_log = integrals_from_counters(traffic, plan), integrals_from_log(log, plan)
    counted["lane"], from_log["lane"] = in_lane(log), in_all(log.passed_s[log.passed], log.traffic.free_s[log.passed])
    hour = HOUR_S * GRID_PER_S
    rule = "waved through when full" if when_full == "wave_through" else "lane held when full"
    return [
        within(f"Little's law, {rule}: {name}", "h", counted[name] / hour, from_log[name] / hour, 0.0, LITTLE)
        for name in ("lane", "places", "waiting spaces", "bays", *plan.inspection.pools)
    ]


def chapter(effort: Effort) -> Chapter:
    """Compare the log with the counters of the engine by Little's law."""
    return Chapter("little", "Little's law", TEXT, (*lines("wave_through", effort), *lines("hold", effort)))
