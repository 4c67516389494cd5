"""Criteria for verdicts: whether one value exceeds another beyond its error, and whether a curve is convex."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

from funnelsim.analysis.estimates import Estimate, difference_estimate, mean_estimate
from funnelsim.arrays import FloatArray
from funnelsim.validation.comparison import BOUND_Z


def excess(more: FloatArray, less: FloatArray) -> Estimate:
    """Return by how much one value is above another, from pairs of the same replications."""
    return difference_estimate(more - less)


def is_seen(difference: Estimate) -> bool:
    """Tell whether a difference is above nothing by more than its error.

    Examples
    --------
    >>> is_seen(Estimate(2.0, 1.0, 3.0, 20)), is_seen(Estimate(2.0, -1.0, 5.0, 20))
    (True, False)
    """
    return difference.low > 0.0


def rises(values: Sequence[FloatArray]) -> bool:
    """Tell whether each value is above the one before it by more than the error of their difference."""
    return all(is_seen(excess(later, before)) for before, later in pairwise(values))


@dataclass(frozen=True)
class Convexity:
    """Whether a curve bends upwards, from the same replications at equal steps.

    Attributes
    ----------
    least_z
        The least second difference in standard errors, of all that three points in a row at any equal distance have.
    sag
        How far the curve's inner points lie below the chord between its ends, on average.
    """

    least_z: float
    sag: Estimate

    @property
    def is_convex(self) -> bool:
        """Whether no second difference is below nothing by more than chance, and the curve as a whole sags."""
        return self.least_z >= -BOUND_Z and is_seen(self.sag)


def convexity_of(values: FloatArray) -> Convexity:
    """Return how a curve bends.

    Second differences are taken over one step and over several: those of neighbours see a sharp bend, those of points
    far apart a slight one that would be lost in the noise. A straight or a noisy curve is not called convex: its
    second differences may be nothing, but it does not sag.

    Parameters
    ----------
    values
        Shape (replications, points), the points at equal steps.

    Examples
    --------
    >>> scatter = np.array([[0.0, 0.1, 0.0, -0.1], [0.1, 0.0, -0.1, 0.0], [0.0, -0.1, 0.1, 0.0]])
    >>> bent = np.array([0.0, 1.0, 4.0, 9.0])
    >>> convexity_of(bent + scatter).is_convex, convexity_of(-bent + scatter).is_convex
    (True, False)
    """
    points = values.shape[1]
    widths = range(1, (points - 1) // 2 + 1)
    second = np.hstack([values[:, : -2 * k] - 2.0 * values[:, k:-k] + values[:, 2 * k :] for k in widths])
    mean, error = second.mean(axis=0), np.asarray(stats.sem(second, axis=0))
    still = np.where(mean == 0.0, 0.0, np.copysign(np.inf, mean))
    second_z = np.divide(mean, error, out=still, where=error > 0.0)
    along = np.linspace(0.0, 1.0, points)
    chord = values[:, :1] * (1.0 - along) + values[:, -1:] * along
    return Convexity(float(second_z.min()), mean_estimate((chord - values)[:, 1:-1].mean(axis=1)))
