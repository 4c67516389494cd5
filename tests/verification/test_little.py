"""Known answer 12: Little's law, exactly, on every replication of a rich scenario.

The engine's own counters (places taken, bays taken, officers in use) are watched from step to step and integrated over
time. Mean number times duration must be throughput times mean time as the log tells it: to the last grid step, in whole
numbers.
"""

import numpy as np
import pytest
from simpy import Environment

from funnelsim.analysis.theory import mean_number
from funnelsim.engines.approach import Approach
from funnelsim.engines.area import Area
from funnelsim.engines.lane import Lane
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.log import Fate
from funnelsim.model.passage import passage_of
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic

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
    """Run the engine step by step; return the time integrals of its counters: places, bays, one a pool."""
    env = Environment(initial_time=plan.road.demand.window_s[0])
    area, passage = Area(env, traffic, plan), passage_of(traffic, plan)
    lane = Lane(env, traffic, plan, passage, area, Approach(traffic, plan, passage), 0)
    env.process(lane.vehicles())
    totals = np.zeros(2 + len(plan.inspection.pools), dtype=object)
    while np.isfinite(env.peek()):
        duration = int(steps(env.peek()) - steps(env.now))
        counters = [lane.area.taken, plan.bays - lane.area.bays.free, *lane.area.crews.used]
        totals += np.array(counters, dtype=object) * duration
        env.step()
    return totals


def in_all(spans):
    """Return the sum of whole numbers of grid steps."""
    return int(spans.sum())


@pytest.mark.parametrize("replication", range(5))
@pytest.mark.parametrize("when_full", ["wave_through", "hold"])
def test_mean_number_is_throughput_times_mean_time(build, replication, when_full):
    plan = plan_of(build(RICH | {"area": RICH["area"] | {"when_full": when_full}}))
    traffic = draw_traffic(plan.road, 3, replication)
    log = simulate(traffic, plan)
    inspected = log.fate == Fate.INSPECTED
    assert inspected.sum() > 30
    assert len(np.unique(log.stage)) == 4

    places, bays, *pools = watched(traffic, plan)
    passed, bay_from, left = (steps(times[inspected]) for times in (log.passed_s, log.bay_from_s, log.left_s))
    assert places == in_all(left - passed)
    assert bays == in_all(left - bay_from)
    need = plan.inspection.need[log.stage]
    lasted = steps(log.stage_to_s) - steps(log.stage_from_s)
    for pool, in_use in enumerate(pools):
        assert in_use == in_all(need[:, pool] * lasted)
        assert in_use > 0

    duration_s = log.left_s[inspected].max() - plan.road.demand.window_s[0]
    throughput = inspected.sum() / duration_s
    mean_time_s = (log.left_s - log.passed_s)[inspected].mean()
    assert mean_number(throughput, mean_time_s) == pytest.approx(places / GRID_PER_S / duration_s, rel=1e-12)


@pytest.mark.parametrize("replication", range(5))
def test_vehicles_between_arrival_and_passage_add_up_to_their_times_in_the_lane(build, replication):
    """Whoever is between free passage and passage, counted by sweeping along the moments."""
    plan = plan_of(build(RICH))
    log = simulate(draw_traffic(plan.road, 3, replication), plan)
    came, passed = steps(log.traffic.free_s), steps(log.passed_s)
    moments = np.unique(np.concatenate([came, passed]))
    number = np.searchsorted(came, moments, side="right") - np.searchsorted(passed, moments, side="right")
    assert number.min() == 0
    assert number[-1] == 0
    assert number.max() > 5
    assert int((number[:-1] * np.diff(moments)).sum()) == in_all(passed - came)
