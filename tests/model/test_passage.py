import numpy as np
import pytest

from funnelsim.model.passage import passage_of
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic


def test_an_arrival_is_free_passage_and_merge_and_slow_lane(build, vehicles):
    plan = plan_of(build())
    passage = passage_of(vehicles(plan, [0, 10]), plan)
    assert (passage.arrival_s - plan.window_s[0]).tolist() == [8, 18]  # merge 3 s, 100 m at 10 and not at 20 m/s


def test_a_lane_that_is_faster_than_the_road_gains_nobody_time(build, vehicles):
    plan = plan_of(build({"lane": {"speed_kmh": 108.0}}))
    assert passage_of(vehicles(plan, [0]), plan).arrival_s - plan.window_s[0] == [3]


@pytest.mark.parametrize("lane", [{"capacity_vph": 5000.0}, {"speed_kmh": 144.0}])
def test_the_lane_never_passes_more_than_the_same_road_without_a_funnel(build, vehicles, lane):
    """Else vehicles would gain time at the funnel: boxes pass at 2,400 an hour on the one lane of the road."""
    plan = plan_of(build({"lane": lane}))
    passage = passage_of(vehicles(plan, [0, 0, 0]), plan)
    assert (passage.funnel_headway_s >= passage.road_headway_s).all()


def test_the_first_vehicle_follows_nobody(build, vehicles):
    plan = plan_of(build())
    passage = passage_of(vehicles(plan, [0, 0], ["truck", "box"]), plan)
    assert passage.funnel_headway_s.tolist() == [0, 3]
    assert passage.road_headway_s.tolist() == [0, 2]


def test_the_lanes_of_the_road_share_its_headways(build, vehicles):
    plan = plan_of(build({"approach": {"lanes": 4}}))
    passage = passage_of(vehicles(plan, [0, 0], ["truck", "box"]), plan)
    assert passage.funnel_headway_s.tolist() == [0, 3]
    assert passage.road_headway_s.tolist() == [0, 0.5]


def test_a_cue_is_added_to_the_score_of_its_target_type(build, vehicles):
    targets = [
        {"name": "hidden", "per_10k": {"box": 1.0}, "cue_auc": 0.7602499389065233},  # d' = 1
        {"name": "goods", "per_10k": {"box": 1.0}, "cue_auc": 0.5},
    ]
    plan = plan_of(build({"targets": targets, "selection": {"rule": "score"}}))
    passage = passage_of(vehicles(plan, [0, 1, 2], targets=[0, 1, 2], impression=[0.3, 0.3, 0.3]), plan)
    assert passage.score == pytest.approx([0.3, 1.3, 0.3], abs=1e-12)


def test_nothing_is_off_the_grid(build):
    plan = plan_of(
        build({"classes": {"box": {"reaction_s": 1.234}}, "lane": {"headway_cv": 0.4}, "approach": {"merge_s": 7.1}})
    )
    passage = passage_of(draw_traffic(plan.road, 1, 0), plan)
    for times_s in (
        passage.arrival_s,
        passage.baseline_s,
        passage.funnel_headway_s,
        passage.road_headway_s,
    ):
        assert np.array_equal(times_s * 2.0**20, np.floor(times_s * 2.0**20))
