"""A requirement of a plan: a limit that enough operations keep, or a mean that stays within a bound."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaincinv, stdtrit

from funnelsim.analysis.intervals import FEWEST
from funnelsim.arrays import BoolArray, FloatArray

MARGIN_OF_SHARE: Final = 0.5  # of the operations that may break a limit
MARGIN_OF_MEAN: Final = 0.01  # of the bound
RARE: Final = 0.05  # of operations: what happens less often may be missing where a mean is said to be kept
ROUNDING: Final = 1e-9  # of the bound


@dataclass(frozen=True)
class Requirement:
    """One requirement.

    Attributes
    ----------
    key
        The key that demands it, such as `limits.p95_delay_min`.
    measure
        The measure that it is about.
    bound
        In the unit of the measure.
    at_least
        Whether the measure must be at least the bound, rather than at most.
    in_share
        Share of operations that must keep the bound; None where the mean must.
    """

    key: str
    measure: str
    bound: float
    at_least: bool = False
    in_share: float | None = None

    def values(self, measured: FloatArray) -> FloatArray:
        """Return what is averaged: whether an operation keeps the bound, or by how much it does.

        An operation in which the measure has no value, as nobody is delayed, keeps the bound; a mean that meets its
        bound but for rounding meets it.
        """
        spare = measured - self.bound if self.at_least else self.bound - measured
        if self.in_share is not None:
            return (~(spare < 0.0)).astype(np.float64)
        spare[np.abs(spare) <= ROUNDING * abs(self.bound)] = 0.0  # a sum of hours may miss its bound by rounding
        return np.nan_to_num(spare)

    @property
    def wanted(self) -> float:
        """What the mean of the values must be at least."""
        return 0.0 if self.in_share is None else self.in_share

    @property
    def margin(self) -> float:
        """By how much more a plan must keep it so that it cannot be missed for lack of replications."""
        if self.in_share is None:
            return MARGIN_OF_MEAN * abs(self.bound)
        return MARGIN_OF_SHARE * (1.0 - self.in_share)

    def bounds(self, values: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
        """Return one-sided bounds of the means of plans' values, each wrong with at most the chance of an error.

        Of shares they are exact (Clopper and Pearson), of means Student's. Where hardly any value differs from the
        others, a mean is known only after so many replications that values not seen yet must be rare.

        Parameters
        ----------
        values
            Shape (plans, replications).
        error
            Between 0 and 1.

        References
        ----------
        Clopper and Pearson (1934), The use of confidence or fiducial limits, doi:10.1093/biomet/26.4.404.

        Examples
        --------
        >>> low, high = Requirement("limits.tail_m", "tail_max_m", 100.0, in_share=0.9).bounds(np.ones((1, 44)), 0.01)
        >>> low.round(3).tolist(), high.tolist()  # 0.01 ** (1 / 44)
        ([0.901], [1.0])
        """
        n = values.shape[1]
        if self.in_share is not None:
            kept = values.sum(axis=1)
            broken = n - kept
            low = np.where(kept > 0.0, betaincinv(np.maximum(kept, 1.0), broken + 1.0, error), 0.0)
            high = np.where(broken > 0.0, betaincinv(kept + 1.0, np.maximum(broken, 1.0), 1.0 - error), 1.0)
            return low, high
        reach = -float(stdtrit(n - 1, error)) * values.std(axis=1, ddof=1) / np.sqrt(n)
        mean = values.mean(axis=1)
        unknown = _rare_values_may_be_missing(values, error)
        all_break = (values < self.wanted).all(axis=1)
        return np.where(unknown, -np.inf, mean - reach), np.where(unknown & ~all_break, np.inf, mean + reach)

    def kept(self, low: FloatArray, high: FloatArray) -> BoolArray:  # noqa: ARG002  (the pair that `bounds` returns)
        """Tell for which plans bounds of the mean show that it is kept."""
        return low >= self.wanted

    def broken(self, low: FloatArray, high: FloatArray) -> BoolArray:
        """Tell for which plans bounds of the mean show that it is not kept with a margin, nor that it is kept."""
        return (low < self.wanted) & (high < self.wanted + self.margin)

    def short(self, mean: float) -> float:
        """Return how far a mean of the values is below what is wanted: of operations, or as a share of the bound."""
        short = self.wanted - mean
        return short if self.in_share is not None else short / (abs(self.bound) or 1.0)

    def shortfall(self, mean: float) -> float:
        """Return the same, and 0 where nothing is missing."""
        return max(0.0, self.short(mean))


def _rare_values_may_be_missing(values: FloatArray, error: float) -> BoolArray:
    """Tell for which plans nearly all values are the same, and so few that others may have been missed.

    What happens in a share `RARE` of operations is missed in n of them with a chance of (1 - RARE) ** n.
    """
    if values.shape[1] * np.log1p(-RARE) <= np.log(error):
        return np.zeros(len(values), dtype=bool)
    others: BoolArray = (values != np.median(values, axis=1, keepdims=True)).sum(axis=1) < FEWEST
    return others
