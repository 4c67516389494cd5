"""The points of a sweep that are worth a closer look, and their runs."""

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.highlights import highlighted_points, simulated_again
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep

OFFICERS = "staffing.roster.police.count=2,4"


@pytest.fixture(scope="module")
def made(scenario, tmp_path_factory):
    vary = ["selection.rate.default=0.02,0.2", OFFICERS]
    return sweep(scenario, vary, replications=4, seed=3, folder=tmp_path_factory.mktemp("sweep"))


def test_each_point_has_its_reasons_and_they_stand_in_the_order_of_what_is_found(made):
    chosen = highlighted_points(made)
    found = made.points["expected_detections.mean"].to_list()
    assert list(chosen) == sorted(chosen, key=lambda row: found[row])
    assert list(chosen) == [2, 0]  # point 1 finds as much as point 0, with twice the officers
    assert {reason for reasons in chosen.values() for reason in reasons.split(", ")} >= {"cheapest", "least delay"}


def test_where_all_cost_the_same_none_is_the_cheapest(scenario, tmp_path):
    made = sweep(scenario, ["selection.rate.default=0.05,0.1"], replications=3, folder=tmp_path)
    assert not any("cheapest" in reason for reason in highlighted_points(made).values())


def test_points_that_the_user_chose_stand_alone_each_once(made):
    assert highlighted_points(made, [1, 3, 1]) == {1: "point 1", 3: "point 3"}


@pytest.mark.parametrize("points", [[], [7], [0, 1, 2, 3, 4]])
def test_points_that_do_not_exist_none_and_too_many_are_refused(made, points):
    with pytest.raises(FunnelsimError, match="1 to 4 of the points 0 to 3"):
        highlighted_points(made, points)


def test_a_point_is_simulated_again_with_the_random_numbers_of_the_sweep(made):
    again = simulated_again(made, 2)
    assert again.replications.equals(run(made.scenario_of(2), 4, 3).replications)
