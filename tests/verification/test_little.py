"""Known answer 12: Little's law, exactly, on every replication of a rich scenario.

The engine's own counters (places taken, bays taken, officers in use) are watched from step to step and integrated over
time. Mean number times duration must be throughput times mean time as the log tells it: to the last grid step, in whole
numbers.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from funnelsim.analysis.theory import mean_number
from funnelsim.engines.simpy_engine import set_up, simulate
from funnelsim.model.log import NOT_FOUND
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario
from tests.verification.agreement import plan_for

SCENARIOS = Path(__file__).parents[2] / "scenarios"
GRID_PER_S = 2**20

RICH = {
    "operation": {"closes": "05:00", "stop_selecting_min": 20.0},
    "approach": {"lanes": 2},
    "lane": {"headway_cv": 0.3},
    "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [900] * 24, "truck": [200] * 24}}},
    "targets": [{"name": "hidden", "per_10k": {"box": 500.0, "truck": 1000.0}, "cue_auc": 0.7}],
    "selection": {
        "rule": "score",
        "rate": {"default": 0.05, "truck": 0.2},
        "look": {"mean_s": 2.0, "cv": 0.3},
        "post": {"police": 1},
        "valve": {"suspend_at_m": 300.0, "resume_at_m": 50.0},
    },
    "area": {
        "bays": 4,
        "waiting": 3,
        "divert_s": 20.0,
        "stages": [
            {"name": "papers", "duration": {"mean_s": 60.0, "cv": 0.5}, "crew": {"border": 1}},
            {
                "name": "probe",
                "for": ["truck"],
                "duration": {"mean_s": 150.0, "cv": 0.3},
                "crew": {"police": 1},
                "equipment": {"probe": 1},
                "alarms": {"hidden": 0.9, "ordinary": 0.2},
            },
            {
                "name": "search",
                "only_after_alarm": True,
                "duration": {"mean_s": 400.0, "distribution": "exponential"},
                "crew": {"police": 1, "border": 1},
                "finds": {"hidden": 0.9},
            },
        ],
        "after_detection": {"duration": {"mean_s": 1200.0, "cv": 0.4}, "crew": {"police": 1}},
    },
    "staffing": {
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
            {"agency": "border", "count": 2, "from": "00:30", "to": "04:45"},
        ],
    },
    "equipment": {"probe": 1},
}


def steps(seconds):
    """Return times as whole steps of the clock's grid, where sums are exact."""
    return np.round(np.asarray(seconds) * GRID_PER_S).astype(np.int64)


def watched(traffic, plan):
    """Run the engine step by step; return the time integrals of its counters by name."""
    checkpoint = set_up(traffic, plan)
    env, area = checkpoint.env, checkpoint.area
    totals = Counter()
    while np.isfinite(env.peek()):
        duration = int(steps(env.peek()) - steps(env.now))
        if duration:
            counters = {"places": area.taken, "waiting": len(area.bays.line), "bays": plan.bays - area.bays.free}
            counters |= {
                "spots": plan.spots - area.spots.free,
                "cars": checkpoint.chase.away if checkpoint.chase else 0,
            }
            counters |= dict(zip(plan.inspection.pools, area.crews.used, strict=True))
            for name, number in counters.items():
                totals[name] += number * duration
        env.step()
    return totals


def in_all(to_s, from_s):
    """Return the sum of times in whole numbers of grid steps."""
    return int((steps(to_s) - steps(from_s)).sum())


def told(log, plan):
    """Return the same integrals as the log tells them: who was there, from when to when."""
    here = log.inspected
    came_s = log.passed_s.copy()  # places are reserved at the selection point, or when a pursuit begins
    came_s[log.pursuit_vehicle] = log.pursuit_from_s
    brought = np.isin(log.pursuit_vehicle, np.flatnonzero(here))
    lost_s = log.pursuit_to_s[~brought], log.pursuit_from_s[~brought]
    in_spot = here & (log.found_at != NOT_FOUND) & plan.frees_bay
    totals = Counter(
        places=in_all(log.bay_to_s[here], came_s[here]) + in_all(*lost_s),
        waiting=in_all(log.bay_from_s[here], log.area_s[here]),
        bays=in_all(log.bay_to_s[here], log.bay_from_s[here]),
        spots=in_all(log.left_s[in_spot], log.bay_to_s[in_spot]),
        cars=in_all(log.pursuit_to_s, log.pursuit_from_s),
    )
    lasted = steps(log.stage_to_s) - steps(log.stage_from_s)
    for pool, name in enumerate(plan.inspection.pools):
        totals[name] = int((plan.inspection.need[log.stage, pool] * lasted).sum())
    return totals


@pytest.mark.parametrize("replication", range(5))
@pytest.mark.parametrize("when_full", ["wave_through", "hold"])
def test_mean_number_is_throughput_times_mean_time(build, replication, when_full):
    plan = plan_of(build(RICH | {"area": RICH["area"] | {"when_full": when_full}}))
    traffic = draw_traffic(plan.road, 3, replication)
    log = simulate(traffic, plan)
    inspected = log.inspected
    assert inspected.sum() > 30
    assert len(np.unique(log.stage)) == 4
    counted = watched(traffic, plan)
    assert counted == told(log, plan)
    assert min(counted[name] for name in ("places", "waiting", "bays", *plan.inspection.pools)) > 0

    duration_s = log.left_s[inspected].max() - plan.road.demand.window_s[0]
    throughput = inspected.sum() / duration_s
    mean_time_s = (log.left_s - log.passed_s)[inspected].mean()
    assert mean_number(throughput, mean_time_s) == pytest.approx(counted["places"] / GRID_PER_S / duration_s, rel=1e-12)


@pytest.mark.parametrize("case", ["everything", "everything, hold"])
@pytest.mark.parametrize("replication", range(3))
def test_it_holds_with_everything_at_once(case, replication):
    """Spots, a van, chase cars, two windows and two funnels included."""
    plan = plan_for(case)
    traffic = draw_traffic(plan.road, 3, replication)
    counted = watched(traffic, plan)
    assert counted == told(simulate(traffic, plan), plan)
    assert min(counted[name] for name in ("places", "waiting", "bays", "spots", "cars", "van")) > 0


@pytest.mark.parametrize("replication", range(2))
@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_it_holds_on_every_shipped_scenario(file, replication):
    plan = plan_of(load_scenario(file))
    traffic = draw_traffic(plan.road, 3, replication)
    log = simulate(traffic, plan)
    assert watched(traffic, plan) == told(log, plan)
    assert in_lane(log) == in_all(log.passed_s[log.passed], log.traffic.free_s[log.passed])


def in_lane(log):
    """Return the time integral of the number between free passage and passage, by sweeping along the moments."""
    came, passed = steps(log.traffic.free_s[log.passed]), steps(log.passed_s[log.passed])
    moments = np.unique(np.concatenate([came, passed]))
    came, passed = np.sort(came), np.sort(passed)
    number = np.searchsorted(came, moments, side="right") - np.searchsorted(passed, moments, side="right")
    assert number.min() == 0
    assert number[-1] == 0
    assert number.max() > 5
    return int((number[:-1] * np.diff(moments)).sum())


@pytest.mark.parametrize("replication", range(5))
def test_vehicles_between_arrival_and_passage_add_up_to_their_times_in_the_lane(build, replication):
    """Whoever is between free passage and passage, counted by sweeping along the moments."""
    plan = plan_of(build(RICH))
    log = simulate(draw_traffic(plan.road, 3, replication), plan)
    assert in_lane(log) == in_all(log.passed_s, log.traffic.free_s)
