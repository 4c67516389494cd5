"""Distributions have the percentiles that they are given, and stay within their bounds."""

import math

import numpy as np
import pytest
from scipy import stats

from funnelsim.decision.uncertainty.distributions import LogNormal, ThreePercentiles, Triangular, Uniform

U = np.linspace(0.0005, 0.9995, 2001)


@pytest.mark.parametrize(
    "given",
    [
        (0.5, 0.85, 0.95, 0.0, 1.0),
        (0.1, 0.2, 0.9, 0.0, 1.0),
        (0.2, 0.5, 0.8, 0.0, 1.0),  # as far on both sides
        (0.55, 0.65, 0.8, 0.5, 1.0),
        (1.0, 2.0, 4.0, 0.0, math.inf),  # lognormal
        (1.0, 2.0, 7.0, 0.0, math.inf),
        (1.0, 3.0, 4.0, 0.0, math.inf),
    ],
)
def test_an_experts_percentiles_are_kept_and_bounds_never_left(given):
    made = ThreePercentiles(*given)
    assert made.quantile(np.array([0.05, 0.5, 0.95])) == pytest.approx(given[:3], rel=1e-9)
    values = made.quantile(U)
    assert (np.diff(values) >= 0.0).all()
    assert values.min() > given[3]
    assert values.max() <= given[4]


def test_percentiles_of_a_lognormal_give_a_lognormal():
    values = ThreePercentiles(1.0, 2.0, 4.0).quantile(U)
    assert values == pytest.approx(2.0 * LogNormal(2.0).quantile(U), rel=1e-9)


def test_a_triangle_is_scipys():
    known = stats.triang(0.25, loc=2.0, scale=4.0)
    assert Triangular(2.0, 3.0, 6.0).quantile(U) == pytest.approx(known.ppf(U))


@pytest.mark.parametrize(
    "one", [Uniform(2.0, 7.0), Triangular(2.0, 3.0, 6.0), Triangular(0.0, 0.0, 1.0), LogNormal(3.0)]
)
def test_coordinates_have_a_standard_deviation_of_1_and_rise(one):
    u = (np.arange(100_000) + 0.5) / 100_000
    assert one.coordinate(u).mean() == pytest.approx(0.0, abs=1e-3)
    assert one.coordinate(u).std() == pytest.approx(1.0, abs=1e-3)
    assert (np.diff(one.coordinate(u)) > 0.0).all()
