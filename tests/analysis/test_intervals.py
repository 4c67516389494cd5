"""Intervals are those of the closed forms, and are given only where they hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funnelsim.analysis.intervals import (
    FEWEST,
    difference_interval,
    mean_interval,
    share_interval,
    too_few,
    unpaired_interval,
)

SYMMETRIC = np.array([1.0, 2.0, 4.0, 6.0, 8.0, 9.0])
VALUES = st.lists(st.floats(-1e6, 1e6).filter(lambda value: value == 0.0 or abs(value) > 1e-3), min_size=2, max_size=40)


def test_without_skewness_the_interval_of_a_mean_is_students_t():
    expected = stats.t.interval(0.95, 5, SYMMETRIC.mean(), stats.sem(SYMMETRIC))
    assert mean_interval(SYMMETRIC) == pytest.approx(expected)
    assert difference_interval(SYMMETRIC) == pytest.approx(expected)


def test_with_skewness_the_statistic_is_straightened_as_willink_says():
    """Hall's transformation, of which the interval is the inverse, takes the ends to Student's quantiles."""
    values = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 12.0])
    n, shift = len(values), stats.skew(values) / (6.0 * math.sqrt(len(values)))
    for end, t in zip(mean_interval(values), stats.t.ppf([0.975, 0.025], n - 1), strict=True):
        statistic = (values.mean() - end) / stats.sem(values)
        turned = statistic + 2 * shift * statistic**2 + (4 / 3) * shift**2 * statistic**3 + shift
        assert turned == pytest.approx(t)


def test_the_interval_of_a_mean_is_wider_on_the_side_of_the_long_tail():
    values = np.random.default_rng(1).exponential(1.0, 30)
    low, high = mean_interval(values)
    assert high - values.mean() > 1.5 * (values.mean() - low)


@given(VALUES, st.floats(-1e3, 1e3).filter(lambda shift: shift == 0.0 or abs(shift) > 1e-3))
def test_what_mirrors_the_values_mirrors_the_interval(values, shift):
    values = np.array(values)
    low, high = mean_interval(values)
    scale = 1e-6 * (1.0 + np.abs(values).max())
    assert mean_interval(-values) == pytest.approx((-high, -low), abs=scale, nan_ok=True)
    if not too_few(values + shift) and not too_few(values):
        assert mean_interval(values + shift) == pytest.approx((low + shift, high + shift), abs=scale + 1e-3)


@given(VALUES)
def test_an_interval_contains_its_mean(values):
    values = np.array(values)
    for low, high in (mean_interval(values), difference_interval(values)):
        slack = 1e-9 * (1.0 + np.abs(values).max())
        assert math.isnan(low) or low - slack <= values.mean() <= high + slack


@pytest.mark.parametrize("different", range(1, FEWEST))
def test_few_operations_that_differ_give_no_interval(different):
    values = np.concatenate([np.zeros(50), np.arange(1.0, different + 1.0)])
    assert np.isnan(mean_interval(values)).all()
    assert np.isnan(difference_interval(values)).all()
    assert np.isnan(unpaired_interval(values, SYMMETRIC)).all()


def test_enough_operations_that_differ_give_one():
    assert np.isfinite(mean_interval(np.concatenate([np.zeros(50), np.arange(1.0, FEWEST + 1.0)]))).all()


def test_one_operation_gives_no_interval_and_equal_ones_their_value():
    assert np.isnan(mean_interval(np.array([3.0]))).all()
    assert mean_interval(np.full(9, 3.0)) == (3.0, 3.0)


def test_unpaired_plans_have_the_errors_of_both():
    other = SYMMETRIC[::-1] * 2.0 + 1.0
    low, high = unpaired_interval(SYMMETRIC, other, 0.99)
    error = math.hypot(stats.sem(SYMMETRIC), stats.sem(other))
    assert (low + high) / 2 == pytest.approx(other.mean() - SYMMETRIC.mean())
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.995, 5) * error)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_wilsons(drawn):
    count, n = drawn
    expected = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    assert share_interval(count, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_no_operations_tell_nothing_of_a_chance():
    assert np.isnan(share_interval(0, 0)).all()
