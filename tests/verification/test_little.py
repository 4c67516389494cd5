"""Known answer 12: Little's law, exactly, on every replication of rich scenarios.

The engine's own counters (places taken, bays taken, officers in use) are observed from step to step and integrated over
time. Mean number times duration must be throughput times mean time as computed from the log: to the last grid step, in
whole numbers.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.engines.simpy_engine import set_up, simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import Scenario, load_scenario
from funnelsim.validation.closed_forms.queueing import mean_number
from funnelsim.validation.known.little import (
    GRID_PER_S,
    RICH,
    in_all,
    in_lane,
    integrals_from_counters,
    integrals_from_log,
)
from tests.engines.strategies import MANY, possible_plan, scenarios
from tests.verification.agreement import plan_for

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def rich(**area):
    return plan_of(Scenario.model_validate(RICH | {"area": RICH["area"] | area}))


@pytest.mark.parametrize("replication", range(3))
def test_every_break_is_taken_in_full(replication):
    """Also one of officers at a post, whom those who come back from their own break relieve at the same moment."""
    plan = rich(when_full="hold")
    breaks, begins_s = plan.breaks, set_up(draw_traffic(plan.road, 3, replication), plan).env.now
    planned_s = (breaks.officers * np.clip(breaks.to_s - np.maximum(breaks.from_s, begins_s), 0.0, None)).sum()
    checkpoint = set_up(draw_traffic(plan.road, 3, replication), plan)
    env, taken_s = checkpoint.env, 0.0
    while np.isfinite(env.peek()):
        taken_s += sum(checkpoint.area.crews.on_break) * (env.peek() - env.now)
        env.step()
    assert taken_s == planned_s > 0


@pytest.mark.parametrize("replication", range(5))
@pytest.mark.parametrize("when_full", ["wave_through", "hold"])
def test_mean_number_is_throughput_times_mean_time(replication, when_full):
    plan = rich(when_full=when_full)
    traffic = draw_traffic(plan.road, 3, replication)
    log = simulate(traffic, plan)
    inspected = log.inspected
    assert inspected.sum() > 25
    assert len(np.unique(log.stage)) == 4
    counted = integrals_from_counters(traffic, plan)
    assert counted == integrals_from_log(log, plan)
    assert min(counted[name] for name in ("places", "waiting spaces", "bays", *plan.inspection.pools)) > 0

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
    counted = integrals_from_counters(traffic, plan)
    assert counted == integrals_from_log(simulate(traffic, plan), plan)
    assert min(counted[name] for name in ("places", "waiting spaces", "bays", "spots", "cars", "van")) > 0


@pytest.mark.parametrize("replication", range(2))
@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_it_holds_on_every_shipped_scenario(file, replication):
    plan = plan_of(load_scenario(file))
    traffic = draw_traffic(plan.road, 3, replication)
    log = simulate(traffic, plan)
    assert integrals_from_counters(traffic, plan) == integrals_from_log(log, plan)
    assert in_lane(log) == in_all(log.passed_s[log.passed], log.traffic.free_s[log.passed])


@pytest.mark.nightly
@MANY
@given(scenarios(), st.integers(0, 3))
def test_it_holds_in_any_scenario(build, changes, seed):
    plan = possible_plan(build(changes))
    traffic = draw_traffic(plan.road, seed, 0)
    log = simulate(traffic, plan)
    assert integrals_from_counters(traffic, plan) == integrals_from_log(log, plan)
    assert in_lane(log) == in_all(log.passed_s[log.passed], log.traffic.free_s[log.passed])


@pytest.mark.parametrize("replication", range(5))
def test_vehicles_between_arrival_and_passage_add_up_to_their_times_in_the_lane(replication):
    """Vehicles between free passage and passage, counted by going through the times in order."""
    plan = rich()
    log = simulate(draw_traffic(plan.road, 3, replication), plan)
    assert in_lane(log) == in_all(log.passed_s, log.traffic.free_s)
