"""How likely which value of an uncertain input is: distributions by their quantiles."""

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from funnelsim.arrays import FloatArray

Z_95: Final = float(ndtri(0.95))
"""Nine in ten values of a normal distribution lie within so many standard deviations."""
CUT: Final = 0.001
"""Tails beyond one in a thousand are left out: nobody means an alarm chance of 1e-9, and a plan may not allow it."""


class Distribution(Protocol):
    """A distribution of one input."""

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the values below which the input is with the probabilities u."""

    def coordinate(self, u: FloatArray) -> FloatArray:
        """Return the same values on a scale on which their effect is smooth, with a standard deviation of about 1."""


@dataclass(frozen=True)
class Uniform:
    """All values from `low` to `high` are equally likely."""

    low: float
    high: float

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return quantiles."""
        return self.low + (self.high - self.low) * np.asarray(u)

    def coordinate(self, u: FloatArray) -> FloatArray:
        """Return the standardised value."""
        return (np.asarray(u) - 0.5) * math.sqrt(12.0)


@dataclass(frozen=True)
class Triangular:
    """The density rises in a straight line from `low` to `mode`, and falls from there to `high`."""

    low: float
    mode: float
    high: float

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return quantiles."""
        u = np.asarray(u)
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(u * width * left)
        falling = self.high - np.sqrt((1.0 - u) * width * (self.high - self.mode))
        return np.where(u * width <= left, rising, falling)

    def coordinate(self, u: FloatArray) -> FloatArray:
        """Return the standardised value."""
        a, b, c = self.low, self.mode, self.high
        variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0
        return (self.quantile(u) - (a + b + c) / 3.0) / math.sqrt(variance)


@dataclass(frozen=True)
class LogNormal:
    """With a probability of 90 % the value lies between 1 / `factor` and `factor`; its median is 1.

    Examples
    --------
    >>> LogNormal(3.0).quantile(np.array([0.05, 0.5, 0.95])).round(3).tolist()
    [0.333, 1.0, 3.0]
    """

    factor: float

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return quantiles."""
        return np.exp(math.log(self.factor) * self.coordinate(u) / Z_95)

    def coordinate(self, u: FloatArray) -> FloatArray:
        """Return the logarithm of the value, standardised."""
        z: FloatArray = ndtri(np.asarray(u))
        return z


@dataclass(frozen=True)
class ThreePercentiles:
    """An expert's 5th, 50th and 95th percentile, which are kept exactly, and bounds which are never left.

    Parameters
    ----------
    low, mid, high
        The percentiles, which rise.
    lower, upper
        Bounds outside of them; `upper` is infinite where there is none.

    References
    ----------
    Hadlock and Bickel (2017), Johnson quantile-parameterized distributions, Decision Analysis 14.
    doi:10.1287/deca.2016.0343: J-QPD-B between two bounds, J-QPD-S above one.

    Examples
    --------
    >>> chance = ThreePercentiles(0.5, 0.85, 0.95, 0.0, 1.0)
    >>> chance.quantile(np.array([0.001, 0.05, 0.5, 0.95, 0.999])).round(3).tolist()
    [0.034, 0.5, 0.85, 0.95, 0.985]
    """

    low: float
    mid: float
    high: float
    lower: float = 0.0
    upper: float = math.inf

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return quantiles."""
        z = self.coordinate(u)
        bounded = math.isfinite(self.upper)
        low, mid, high = (self._transformed(value) for value in (self.low, self.mid, self.high))
        side = np.sign(round(low + high - 2.0 * mid, 12))
        at = {1.0: low, 0.0: mid, -1.0: high}[float(side)]
        if side == 0.0:
            return self._back(mid + (high - low) / (2.0 * Z_95) * z)
        spread = math.acosh((high - low) / (2.0 * min(mid - low, high - mid)))
        if bounded:
            delta = spread / Z_95
            scale = (high - low) / math.sinh(2.0 * delta * Z_95)
            return self._back(at + scale * np.sinh(delta * (z + side * Z_95)))
        delta = math.sinh(spread) / Z_95
        scale = min(high - mid, mid - low) / (delta * Z_95)
        inner = np.sinh(np.arcsinh(delta * z) + np.arcsinh(side * Z_95 * delta))
        return self._back(at + scale * inner)

    def coordinate(self, u: FloatArray) -> FloatArray:
        """Return the normal score."""
        z: FloatArray = ndtri(np.asarray(u))
        return z

    def _transformed(self, value: float) -> float:
        if math.isfinite(self.upper):
            return float(ndtri((value - self.lower) / (self.upper - self.lower)))
        return math.log(value - self.lower)

    def _back(self, transformed: FloatArray) -> FloatArray:
        if math.isfinite(self.upper):
            back: FloatArray = self.lower + (self.upper - self.lower) * ndtr(transformed)
            return back
        return self.lower + np.exp(transformed)


def kept_within(u: FloatArray) -> FloatArray:
    """Return probabilities without the tails that are left out.

    Examples
    --------
    >>> kept_within(np.array([0.0, 0.5, 1.0])).tolist()
    [0.001, 0.5, 0.999]
    """
    return CUT + (1.0 - 2.0 * CUT) * np.asarray(u)
