"""How many replications are enough, and how that is asked for."""

import itertools
import math

import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.precision import Precision, met, parse_precision, stopping_points


def test_a_goal_is_a_share_or_a_percentage():
    assert parse_precision("tail_max_m=0.02") == Precision("tail_max_m", 0.02)
    assert parse_precision("tail_max_m = 2 %") == Precision("tail_max_m", 0.02)


@pytest.mark.parametrize("text", ["", "x", "=0.1", "x=", "x=0", "x=-1", "x=2", "x=nan", "x=a", "x=200%"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(FunnelsimError, match="allowed"):
        parse_precision(text)


@pytest.mark.parametrize("most", [1, 2, 19, 20, 21, 100, 5000])
def test_stopping_points_rise_to_the_most_allowed_and_grow_apart(most):
    points = list(stopping_points(most))
    assert points[-1] == most
    assert points == sorted(set(points))
    assert all(later - sooner >= min(20, sooner // 4) for sooner, later in itertools.pairwise(points[:-1]))


@pytest.mark.parametrize(
    ("mean", "half_width", "enough"),
    [
        (10.0, 0.19, True),
        (10.0, 0.21, False),
        (-10.0, 0.19, True),
        (5.0, 0.0, True),
        (0.0, 0.0, False),  # may be rare rather than absent
        (0.0, 0.1, False),
        (10.0, math.nan, False),
        (math.nan, math.nan, False),
    ],
)
def test_a_half_width_is_enough_when_it_is_a_small_share_of_a_mean_that_is_not_zero(mean, half_width, enough):
    assert met({"x": Estimate(mean, mean - half_width, mean + half_width, 20)}, (Precision("x", 0.02),)) is enough


def test_every_goal_must_be_met_and_known():
    estimates = {"x": Estimate(1.0, 1.0, 1.0, 20), "y": Estimate(1.0, 0.0, 2.0, 20)}
    assert not met(estimates, (Precision("x", 0.1), Precision("y", 0.1)))
    with pytest.raises(FunnelsimError, match="unknown measure; allowed: the names in"):
        met(estimates, (Precision("z", 0.1),))
