"""A reading has the chance that a rounding clock gives it."""

import numpy as np
import pytest

from funnelsim.fitting.bootstrap import goodness_of_fit
from funnelsim.fitting.bunching import Bunched
from funnelsim.fitting.durations import Exponential, Lognormal, fit_durations, sample_of
from funnelsim.fitting.readings import Clock, step_of

MANY = 200_000
MEAN = np.array([2.5])
KINDS = {
    "lognormal": Lognormal(MEAN, 0.4),
    "exponential": Exponential(MEAN),
    "bunched": Bunched(1.5, 0.9, 1.0 / np.array([4.0])),
}


def drawn(kind, rng):
    """Return durations drawn without the code under test."""
    if kind == "lognormal":
        variance = np.log(1.0 + 0.4**2)
        return rng.lognormal(np.log(2.5) - variance / 2.0, np.sqrt(variance), MANY)
    if kind == "exponential":
        return rng.exponential(2.5, MANY)
    free_share = np.exp(-0.9 / 4.0)
    return 1.5 + np.where(rng.random(MANY) < free_share, rng.exponential((4.0 - 1.5) / free_share, MANY), 0.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step_s", [0.5, 1.0])
@pytest.mark.parametrize("twice", [True, False])
def test_the_chance_of_a_reading_is_how_often_a_clock_shows_it(kind, step_s, twice):
    if kind == "bunched" and not twice:
        step_s *= 0.7  # a step that does not end just where all who follow are
    rng = np.random.default_rng(5)
    true_s = drawn(kind, rng)
    if twice:  # two readings of one clock, cut off
        begin_s = 1000.0 * rng.random(MANY)
        shown = np.floor((begin_s + true_s) / step_s) - np.floor(begin_s / step_s)
    else:
        shown = np.round(true_s / step_s)
    often = np.bincount(shown.astype(int), minlength=12)[:12] / MANY
    at = np.arange(12) * step_s
    clock = Clock(step_s, twice=twice)
    assert clock.chance(KINDS[kind], at) == pytest.approx(often, abs=0.005)
    assert clock.up_to(KINDS[kind], at) == pytest.approx(np.cumsum(often), abs=0.005)


def test_readings_drawn_are_those_of_the_clock():
    rng = np.random.default_rng(6)
    clock = Clock(1.0, twice=True)
    of = Exponential(np.full(MANY, 2.5))
    often = np.bincount(clock.read(of.draw(rng), rng).astype(int), minlength=10)[:10] / MANY
    assert often == pytest.approx(clock.chance(KINDS["exponential"], np.arange(10.0)), abs=0.005)


@pytest.mark.parametrize(
    ("readings", "step_s"),
    [([60.0, 180.0], 60.0), ([65.0, 90.0], 5.0), ([1.0, 2.0, 7.0], 1.0), ([0.3, 1.7], 0.1), ([0.123, 4.0], 0.001)],
)
def test_the_step_of_the_clock_is_seen_in_its_readings(readings, step_s):
    assert step_of(np.array(readings)) == step_s


def test_differences_of_times_read_in_tenths_fit_the_law_that_they_are_drawn_from():
    """Each digit behind the tenths would look like a finer clock: twelve of twelve samples had p < 0.02."""
    rng = np.random.default_rng(7)
    chances = []
    for _ in range(8):
        begin_s = np.round(rng.uniform(20_000.0, 30_000.0, 300), 1)
        end_s = np.round(begin_s + Lognormal(np.full(300, 2.0), 0.3).draw(rng), 1)
        clock = Clock(step_of(np.concatenate([begin_s, end_s])), twice=True)
        assert clock.step_s == 0.1
        sample = sample_of(clock.snapped(end_s - begin_s), clock)
        chances.append(goodness_of_fit(sample, fit_durations(sample), 40, rng).p)
    assert np.median(chances) > 0.2
