"""Estimates cover the truth as often as they promise."""

import math

import numpy as np
import pytest
from scipy import stats

from funnelsim.analysis.estimates import (
    Estimate,
    Estimates,
    chance_estimate,
    estimate,
    mean_estimate,
    ratio_estimate,
)
from funnelsim.errors import FunnelsimError

SAMPLES = 2000


def coverage(estimates, truth):
    return np.mean([abs(e.mean - truth) <= e.half_width for e in estimates])


def test_mean_and_half_width_are_those_of_students_t():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    expected = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    got = mean_estimate(values)
    assert (got.mean - got.half_width, got.mean + got.half_width) == pytest.approx(expected)
    assert got.n == 4


def test_mean_estimates_cover_a_normal_mean_in_95_of_100_cases():
    generator = np.random.default_rng(1)
    covered = coverage([mean_estimate(generator.normal(2.0, 1.0, 8)) for _ in range(SAMPLES)], 2.0)
    assert abs(covered - 0.95) < 3 * math.sqrt(0.95 * 0.05 / SAMPLES)


def test_jackknife_covers_a_ratio_of_means_in_about_95_of_100_cases():
    generator = np.random.default_rng(2)
    estimates = []
    for _ in range(SAMPLES):
        below = generator.gamma(4.0, 1.0, 40)
        estimates.append(ratio_estimate(3.0 * below + generator.normal(0.0, 1.0, 40), below))
    assert abs(coverage(estimates, 3.0) - 0.95) < 0.02


def test_jackknife_is_less_biased_than_the_plain_ratio():
    generator = np.random.default_rng(3)
    above = generator.exponential(1.0, (20_000, 10))
    below = generator.exponential(1.0, (20_000, 10))
    plain = np.mean(above.mean(axis=1) / below.mean(axis=1)) - 1.0
    jackknife = np.mean([ratio_estimate(a, b).mean for a, b in zip(above, below, strict=True)]) - 1.0
    assert abs(jackknife) < abs(plain) / 3


def test_replications_without_the_measure_are_left_out():
    assert mean_estimate(np.array([1.0, np.nan, 3.0])).n == 2


def test_one_replication_has_no_half_width():
    assert math.isnan(mean_estimate(np.array([1.0])).half_width)
    assert math.isnan(ratio_estimate(np.array([1.0]), np.array([2.0])).half_width)


def test_a_ratio_with_nothing_below_the_line_has_no_meaning():
    got = ratio_estimate(np.array([1.0, 2.0]), np.array([0.0, 0.0]))
    assert math.isnan(got.mean)
    assert got.n == 0


def test_shares_of_targets_still_sum_to_one_across_replications():
    columns = {
        "targets_offered": np.array([2.0, 5.0, 0.0]),
        "share_found": np.array([0.25, 0.5, np.nan]),
        "loss_missed": np.array([0.75, 0.5, np.nan]),
    }
    got = estimate(columns, ())
    assert got["share_found"].mean + got["loss_missed"].mean == pytest.approx(1.0)


def test_chance_is_wilsons_interval():
    low, high = stats.binomtest(3, 40).proportion_ci(0.95, method="wilson")
    got = chance_estimate(np.arange(40) < 3)
    assert (got.mean - got.half_width, got.mean + got.half_width) == pytest.approx((low, high))


def test_a_chance_never_seen_is_not_reported_as_impossible():
    got = chance_estimate(np.zeros(50, dtype=bool))
    assert got.mean - got.half_width == pytest.approx(0.0)
    assert got.mean + got.half_width > 0.05
    assert isinstance(got, Estimate)


def test_an_unknown_measure_suggests_the_closest_one():
    with pytest.raises(FunnelsimError, match=r"delay_p59_s: unknown measure; did you mean delay_p95_s"):
        Estimates(delay_p95_s=Estimate(1.0, 0.1, 5))["delay_p59_s"]
