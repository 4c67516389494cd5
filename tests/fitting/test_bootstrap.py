"""Intervals hold as often as they say, and a test rejects what is not so."""

import numpy as np

from funnelsim.fitting.bootstrap import goodness_of_fit, intervals
from funnelsim.fitting.durations import Exponential, Lognormal, fit_durations, sample_of
from funnelsim.fitting.readings import Clock

CLOCK, COARSE = Clock(1.0, twice=False), Clock(5.0, twice=False)


def numbers(fit):
    return np.append(fit.effects, fit.cv)


def test_about_95_of_100_intervals_hold_the_true_numbers():
    rng = np.random.default_rng(2)
    hits = np.zeros(2)
    for _ in range(30):
        sample = sample_of(COARSE.read(Lognormal(np.full(250, 20.0), 0.4).draw(rng), rng), COARSE)
        low, high = intervals(sample, fit_durations(sample), numbers, 99, rng).T
        hits += (low <= [20.0, 0.4]) & (high >= [20.0, 0.4])
    assert np.all(hits >= 25)  # fewer come once in 150 such series
    assert np.any(hits < 30)  # intervals that always hold say nothing


def test_a_distribution_fits_what_was_drawn_from_it_and_nothing_else():
    rng = np.random.default_rng(3)
    sample = sample_of(CLOCK.read(Lognormal(np.full(300, 20.0), 0.4).draw(rng), rng), CLOCK)
    assert goodness_of_fit(sample, fit_durations(sample), 99, rng).fits
    assert not goodness_of_fit(sample, fit_durations(sample, "exponential"), 99, rng).fits
    sample = sample_of(CLOCK.read(Exponential(np.full(300, 20.0)).draw(rng), rng), CLOCK)
    assert not goodness_of_fit(sample, fit_durations(sample), 99, rng).fits
    assert goodness_of_fit(sample, fit_durations(sample, "exponential"), 99, rng).fits


def test_rounding_to_half_the_mean_leaves_mean_and_scatter_where_they_were():
    rng = np.random.default_rng(4)
    true_s = Lognormal(np.full(4000, 2.0), 0.4).draw(rng)
    fit = fit_durations(sample_of(CLOCK.read(true_s, rng), CLOCK))
    assert abs(fit.effects[0] - 2.0) < 0.05
    assert abs(fit.cv - 0.4) < 0.02
