"""Estimates cover the truth as often as they promise."""

import math

import numpy as np
import pytest
from scipy import stats

from funnelsim.analysis.estimates import (
    Estimate,
    Estimates,
    chance_estimate,
    difference_estimate,
    estimate,
    mean_estimate,
    ratio_estimate,
)
from funnelsim.errors import FunnelsimError

SAMPLES = 2000


def coverage(estimates, truth):
    return np.mean([e.low <= truth <= e.high for e in estimates])


def test_without_skewness_mean_and_interval_are_those_of_students_t():
    values = np.array([3.0, 5.0, 4.0, 6.0])
    expected = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    got = mean_estimate(values)
    assert (got.low, got.high) == pytest.approx(expected)
    assert (got.mean, got.half_width, got.n) == (4.5, pytest.approx((expected[1] - expected[0]) / 2), 4)


def test_mean_estimates_cover_a_skewed_mean_where_students_t_does_not():
    samples = np.random.default_rng(4).exponential(1.0, (SAMPLES, 20))
    ends = stats.t.interval(0.95, 19, samples.mean(axis=1), stats.sem(samples, axis=1))
    plain = np.mean((ends[0] <= 1.0) & (ends[1] >= 1.0))
    assert plain + 0.01 < coverage([mean_estimate(sample) for sample in samples], 1.0) < 0.97


def test_differences_cover_with_long_tails_on_both_sides():
    samples = np.random.default_rng(5).standard_t(3, (SAMPLES, 20))
    assert abs(coverage([difference_estimate(sample) for sample in samples], 0.0) - 0.95) < 0.02


def test_mean_estimates_cover_a_normal_mean_in_95_of_100_cases():
    generator = np.random.default_rng(1)
    covered = coverage([mean_estimate(generator.normal(2.0, 1.0, 20)) for _ in range(SAMPLES)], 2.0)
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
    assert (got.mean, got.low, got.high) == pytest.approx((3 / 40, low, high))


def test_a_chance_never_seen_is_not_reported_as_impossible():
    got = chance_estimate(np.zeros(50, dtype=bool))
    assert (got.mean, got.low) == (0.0, 0.0)
    assert got.high > 0.05
    assert got.never_seen


@pytest.mark.parametrize("values", [[0.0] * 20, [1.0] * 20, [0.0] * 17 + [1.0] * 3])
def test_the_chance_of_an_event_is_its_share_in_files_as_in_tables(values):
    """0 of 20 once gave 0.081 in Python and 0 ± 0 in files."""
    got = estimate({"spillback": np.array(values)}, ())["spillback"]
    expected = stats.binomtest(int(sum(values)), 20).proportion_ci(0.95, method="wilson")
    assert (got.mean, got.low, got.high) == pytest.approx((np.mean(values), expected.low, expected.high), abs=1e-12)


def test_in_another_unit_an_interval_is_as_far_to_each_side_and_turns_round_with_its_sign():
    assert Estimate(2.0, 1.0, 4.0, 9).times(-10.0) == Estimate(-20.0, -40.0, -10.0, 9)


def test_an_interval_reaches_across_what_it_contains_and_none_excludes_nothing():
    found = Estimate(2.0, 1.0, 4.0, 9)
    assert [found.reaches_across(value) for value in (0.9, 1.1, 3.9, 4.1)] == [False, True, True, False]
    assert Estimate(2.0, math.nan, math.nan, 1).reaches_across(9.0)


def test_an_unknown_measure_suggests_the_closest_one():
    with pytest.raises(FunnelsimError, match=r"delay_p59_s: unknown measure; did you mean delay_p95_s"):
        Estimates(delay_p95_s=Estimate(1.0, 0.9, 1.1, 5))["delay_p59_s"]


def test_the_sides_of_an_interval_are_not_negative_where_the_mean_is_rounded_beyond_an_end():
    assert Estimate(0.30000000000000004, 0.3, 0.3, 3).sides == (pytest.approx(0.0, abs=1e-15), 0.0)
    assert all(math.isnan(side) for side in Estimate(1.0, math.nan, math.nan, 1).sides)


def test_no_interval_reaches_below_zero_as_no_measure_does():
    """Four operations with one long overtime: Student's t and its correction for skewness reach below 0."""
    overtime_h = np.array([0.0, 0.1, 0.05, 2.0, 0.2, 0.3])
    assert mean_estimate(overtime_h).low < 0.0
    found = estimate({"overtime_officer_h": overtime_h}, ())["overtime_officer_h"]
    assert (found.low, found.mean) == (0.0, overtime_h.mean())


def test_a_share_of_the_targets_is_at_most_all_of_them():
    columns = {"share_found": np.array([1.0, 0.99, 0.98, 0.3, 0.97, 0.96]), "targets_offered": np.ones(6)}
    assert mean_estimate(columns["share_found"]).high > 1.0
    assert estimate(columns, ())["share_found"].high == 1.0
