"""The criteria of the studies: what they call more, and what they call convex."""

import numpy as np
import pytest

from validation.literature.verdicts import convexity_of, excess, is_seen, rises

REPLICATIONS, POINTS = 30, 13


@pytest.fixture
def noisy():
    """Return what makes replications of a curve: its own noise at every point, and a level that all points share."""
    generator = np.random.default_rng(7)

    def noisy(curve, noise=1.0):
        level = generator.normal(0.0, 5.0, (REPLICATIONS, 1))
        return np.asarray(curve) + level + generator.normal(0.0, noise, (REPLICATIONS, len(curve)))

    return noisy


def test_a_convex_curve_is_convex(noisy):
    assert convexity_of(noisy(np.linspace(0.0, 6.0, POINTS) ** 2)).is_convex


def test_a_convex_curve_that_becomes_straight_is_convex(noisy):
    assert convexity_of(noisy(np.maximum(0.0, np.linspace(-20.0, 20.0, POINTS)))).is_convex


def test_a_concave_curve_is_not_convex(noisy):
    assert not convexity_of(noisy(10.0 * np.sqrt(np.arange(POINTS)))).is_convex


def test_neither_a_straight_curve_nor_noise_is_convex(noisy):
    assert not convexity_of(noisy(10.0 * np.arange(POINTS), noise=0.0)).is_convex
    assert not convexity_of(noisy(np.zeros(POINTS))).is_convex


def test_a_curve_that_first_bends_up_and_then_down_is_not_convex(noisy):
    """It sags below its chord on the whole; one bad stretch is enough."""
    bent = 40.0 / (1.0 + np.exp(-(np.arange(POINTS) - 7.5)))
    found = convexity_of(noisy(bent))
    assert is_seen(found.sag)
    assert not found.is_convex


def test_a_slight_bend_downwards_that_neighbours_do_not_show_is_seen_over_several_steps(noisy):
    """Second differences of neighbours are a fifth of the noise here; over six steps they are 36 times as large."""
    bent = -0.1 * np.arange(POINTS) ** 2
    found = convexity_of(noisy(bent))
    assert found.least_z < -10.0


def test_without_scatter_a_second_difference_below_nothing_is_enough():
    curve = np.tile([0.0, 1.0, 1.5, 10.0], (5, 1))
    assert not convexity_of(curve).is_convex


def test_a_difference_counts_only_beyond_its_error(noisy):
    equal, above = noisy([0.0, 0.0]), noisy([0.0, 3.0])
    assert not is_seen(excess(equal[:, 1], equal[:, 0]))
    assert is_seen(excess(above[:, 1], above[:, 0]))
    assert not is_seen(excess(above[:, 0], above[:, 1]))


def test_values_rise_only_if_every_step_is_seen(noisy):
    steps = noisy([0.0, 3.0, 6.0, 6.0])
    assert rises(list(steps.T[:3]))
    assert not rises(list(steps.T))
    assert not rises(list(steps.T[2::-1]))
