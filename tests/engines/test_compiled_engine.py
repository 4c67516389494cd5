"""The compiled engine returns the log of the SimPy engine, every array to the last bit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelsim
from funnelsim.engines import compiled_engine
from funnelsim.model.planning import plan_of
from funnelsim.model.states import NOT_FOUND, Fate
from funnelsim.model.traffic import draw_traffic
from tests.engines.strategies import MANY, possible_plan, scenarios

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
SECONDS = (4.0, 5.0, 6.0)


@pytest.mark.heavy
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", [1, 2, 2**62 + 1])
def test_logs_of_shipped_scenarios_are_equal(path, seed, both):
    plan = plan_of(funnelsim.load_scenario(path))
    for replication in range(2):
        both(draw_traffic(plan.road, seed, replication), plan)


@pytest.mark.nightly
@MANY
@given(changes=scenarios(), seed=st.integers(0, 3))
def test_logs_of_any_scenario_are_equal(build, changes, seed, both):
    plan = possible_plan(build(changes))
    both(draw_traffic(plan.road, seed, 0), plan)


def tied(changes, second_s):
    """Return changes with which nearly everything happens at whole multiples of a few seconds."""
    area, even = changes["area"], {"cv": 0.0, "distribution": "lognormal"}
    stages = [
        stage | {"duration": stage["duration"] | even | {"mean_s": 8 * second_s, "per_occupant_s": second_s}}
        for stage in area["stages"]
    ]
    after = area["after_detection"]
    after = after | {"duration": {"mean_s": 20 * second_s, "cv": 0.0}}
    if after.get("transport"):
        after["transport"] = after["transport"] | {"duration": {"mean_s": 30 * second_s, "cv": 0.0}}
    tables = {
        "approach": changes["approach"] | {"merge_s": 3.0},
        "lane": {"length_m": 100.0, "headway_cv": 0.0},
        "classes": {"box": {"spacing_m": 10.0, "reaction_s": second_s - 1.0}},
        "targets": [dict(changes["targets"][0], per_10k={"box": 5000.0, "truck": 5000.0}), changes["targets"][1]],
        "selection": changes["selection"] | {"look": changes["selection"]["look"] | {"mean_s": second_s, "cv": 0.0}},
        "area": area | {"stages": stages, "after_detection": after, "divert_s": 2 * second_s},
    }
    chase = changes["staffing"]["chase"]
    if chase:
        chase = chase | {"duration": {"mean_s": 10 * second_s, "cv": 0.0}}
    return changes | tables | {"staffing": changes["staffing"] | {"chase": chase}}


def rounded(traffic, second_s):
    """Return traffic whose free passages are whole multiples of a few seconds."""
    order = np.round(traffic.free_s / second_s) * second_s
    return replace(traffic, free_s=order, look_s=np.round(traffic.look_s / second_s) * second_s)


@MANY
@given(changes=scenarios(), second_s=st.sampled_from(SECONDS))
def test_logs_are_equal_where_much_happens_at_one_moment(build, changes, second_s, both):
    plan = possible_plan(build(tied(changes, second_s)))
    both(rounded(draw_traffic(plan.road, 1, 0), second_s), plan)


@pytest.mark.heavy
def test_ties_do_happen(build):
    """The search with rounded times means nothing unless kinds of moments coincide often."""
    ties = np.zeros(2, dtype=np.int64)

    @settings(max_examples=300)
    @given(changes=scenarios(), second_s=st.sampled_from(SECONDS))
    def look(changes, second_s):
        plan = possible_plan(build(tied(changes, second_s)))
        log = compiled_engine.simulate(rounded(draw_traffic(plan.road, 1, 0), second_s), plan)
        ends, arrivals = np.unique(log.stage_to_s), np.unique(log.area_s[np.isfinite(log.area_s)])
        ties[:] += len(np.intersect1d(ends, log.passed_s)), len(np.intersect1d(ends, arrivals))

    look()
    assert (ties > [2000, 200]).all(), ties


def test_nobody_comes(build, both):
    plan = plan_of(build({"traffic": {"counts": {"vehicles": {"box": [0] * 24}}}}))
    log = both(draw_traffic(plan.road, 1, 0), plan)
    assert len(log.traffic) == 0


def test_more_stages_than_there_was_room_for_are_written_down(build, both):
    """Three stages for each vehicle are more entries than vehicles."""
    stages = [{"name": f"stage {k}", "duration": {"mean_s": 1.0, "cv": 0.0}} for k in range(3)]
    plan = plan_of(build({"area": {"bays": 100, "stages": stages}}))
    log = both(draw_traffic(plan.road, 1, 0), plan)
    assert len(log.stage) > len(log.traffic) + compiled_engine.STAGES


def test_the_log_keeps_its_memory(build):
    """A later replication must not change a log that was returned before."""
    plan = plan_of(build())
    first = compiled_engine.simulate(draw_traffic(plan.road, 1, 0), plan)
    passed_s = first.passed_s.copy()
    compiled_engine.simulate(draw_traffic(plan.road, 1, 1), plan)
    assert np.array_equal(first.passed_s, passed_s)
    assert (first.fate == Fate.INSPECTED).any()
    assert (first.found_at == NOT_FOUND).all()
