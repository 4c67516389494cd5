"""Requirements: what is averaged, its bounds against closed forms, and when it is kept or broken."""

import numpy as np
import pytest
from scipy.stats import binom, t

from funnelsim.decision.optimisation.requirement import Requirement

QUEUE = Requirement("limits.tail_m", "tail_max_m", 100.0, in_share=0.9)
HOURS = Requirement("decide.at_most.officer_h", "officer_h", 50.0)
FINDS = Requirement("decide.find_at_least", "expected_detections", 2.0, at_least=True)


def test_a_limit_is_kept_up_to_itself():
    assert QUEUE.values(np.array([99.0, 100.0, 100.1])).tolist() == [1.0, 1.0, 0.0]


def test_where_there_is_no_value_a_limit_is_kept():
    assert QUEUE.values(np.array([np.nan])).tolist() == [1.0]
    assert HOURS.values(np.array([np.nan])).tolist() == [0.0]


def test_of_a_mean_it_counts_by_how_much_it_stays_within():
    assert HOURS.values(np.array([48.0, 53.0])).tolist() == [2.0, -3.0]
    assert FINDS.values(np.array([1.5, 2.5])).tolist() == [-0.5, 0.5]


def test_a_mean_that_misses_its_bound_by_rounding_meets_it():
    bound = Requirement("decide.at_most.officer_h", "officer_h", 0.3)
    values = bound.values(np.full((1, 200), 0.1 + 0.2))
    assert bound.kept(*bound.bounds(values, 1e-4)).all()
    assert not bound.broken(*bound.bounds(values, 1e-4)).any()


def test_what_is_measured_stays_as_it_was():
    measured = np.array([np.nan, 50.0 + 1e-12])
    HOURS.values(measured)
    assert np.array_equal(measured, [np.nan, 50.0 + 1e-12], equal_nan=True)


@pytest.mark.parametrize("kept", [1, 17, 29])
def test_bounds_of_a_share_are_those_of_clopper_and_pearson(kept):
    """At a bound, as many operations or more (or fewer) keep the limit with exactly the chance of an error."""
    values = np.zeros((1, 30))
    values[0, :kept] = 1.0
    low, high = QUEUE.bounds(values, 0.02)
    assert binom.sf(kept - 1, 30, low[0]) == pytest.approx(0.02)
    assert binom.cdf(kept, 30, high[0]) == pytest.approx(0.02)


def test_bounds_of_a_share_end_at_none_and_all():
    none, every = np.zeros((1, 30)), np.ones((1, 30))
    assert QUEUE.bounds(none, 0.02)[0] == 0.0
    assert QUEUE.bounds(none, 0.02)[1] == pytest.approx(1.0 - 0.02 ** (1 / 30))
    assert QUEUE.bounds(every, 0.02)[1] == 1.0


def test_bounds_of_a_mean_are_students():
    values = np.random.default_rng(1).normal(3.0, 2.0, (2, 25))
    low, high = HOURS.bounds(values, 0.01)
    for row, *ends in zip(values, low, high, strict=True):
        expected = t.interval(0.98, 24, row.mean(), row.std(ddof=1) / 5.0)
        assert ends == pytest.approx(expected)


def test_kept_or_broken_or_open():
    """Broken is what is not kept, or surely not with a margin of half of what may break it: 95 % here."""
    low, high = np.array([0.91, 0.85, 0.80, 0.85]), np.array([0.99, 0.97, 0.94, 0.89])
    assert QUEUE.kept(low, high).tolist() == [True, False, False, False]
    assert QUEUE.broken(low, high).tolist() == [False, False, True, True]


def test_how_far_it_is_from_being_kept():
    assert QUEUE.shortfall(0.7) == pytest.approx(0.2)
    assert QUEUE.shortfall(1.0) == 0.0
    assert QUEUE.short(1.0) == pytest.approx(-0.1)
    assert HOURS.shortfall(-5.0) == pytest.approx(0.1)  # 5 of 50 hours too many
    assert Requirement("decide.at_most.ordinary_stops", "ordinary_stops", 0.0).shortfall(-5.0) == 5.0


def test_a_mean_is_not_known_from_a_few_operations_without_the_rare_event_that_makes_it():
    """Ten operations without a find say little of a mean of 0.04 finds; two hundred do."""
    seldom = Requirement("decide.at_most.detections", "detections", 0.01)
    low, high = seldom.bounds(seldom.values(np.zeros((1, 10))), 1e-4)
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert not seldom.kept(low, high)[0]
    assert not seldom.broken(low, high)[0]
    low, high = seldom.bounds(seldom.values(np.zeros((1, 200))), 1e-4)
    assert low[0] == high[0] == pytest.approx(0.01)


def test_a_constant_beyond_its_bound_in_every_operation_breaks_it_at_once():
    hours = Requirement("decide.at_most.officer_h", "officer_h", 100.0)
    assert hours.broken(*hours.bounds(hours.values(np.full((1, 10), 108.0)), 1e-4))[0]
