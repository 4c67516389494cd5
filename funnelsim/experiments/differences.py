"""Differences between plans, with intervals that hold all at once, and whether they matter."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.estimates import Estimate
from funnelsim.analysis.intervals import CONFIDENCE, NONE, difference_interval, unpaired_interval
from funnelsim.arrays import FloatArray

SMALLEST = 0.02
"""The smallest difference of interest by default, as a share of the first plan's mean."""

Values = Mapping[str, Mapping[str, FloatArray]]
"""By plan and measure the values of its replications."""


@dataclass(frozen=True)
class Difference:
    """How one plan differs from another in one measure.

    Attributes
    ----------
    measure
        Its name.
    first, second
        Names of the plans; the difference is second minus first.
    estimate
        The mean difference; all intervals of a comparison hold together at 95 %.
    to_settle
        About how many replications would settle a difference that is open: show its sign, or that it is too small to
        matter; None where it is settled, or where the plans do not differ at all.
    always
        Whether all operations differ in the same direction (paired), or all of one plan's values lie above all of the
        other's (unpaired), and so many that chance would not do it (sign test, rank-sum test). It shows the sign where
        too few operations differ from the others for an interval.
    of
        The mean of the first plan.
    smallest
        The smallest difference of interest, as a share of that mean.
    """

    measure: str
    first: str
    second: str
    estimate: Estimate
    to_settle: int | None
    always: bool = False
    of: float = math.nan
    smallest: float = SMALLEST

    @property
    def seen(self) -> bool:
        """Whether the interval, or the same sign in all operations, leaves no doubt about the sign."""
        return self.always or self.estimate.low > 0.0 or self.estimate.high < 0.0

    @property
    def relative(self) -> float:
        """The difference as a share of the first plan's mean; not a number where that is 0."""
        return self.estimate.mean / abs(self.of) if self.of else math.nan

    @property
    def at_most(self) -> float:
        """How large the difference may be either way, as a share of the first plan's mean."""
        reach = max(abs(self.estimate.low), abs(self.estimate.high))
        return reach / abs(self.of) if self.of else math.nan

    @property
    def negligible(self) -> bool:
        """Whether the whole interval lies within the smallest difference of interest."""
        return self.at_most <= self.smallest or (self.estimate.mean == 0.0 and self.estimate.certain)


def differences(
    values: Values,
    means: Mapping[str, Mapping[str, float]],
    pairs: Sequence[tuple[str, str]],
    *,
    paired: bool,
    smallest: float,
    beside: int = 0,
) -> tuple[Difference, ...]:
    """Return the differences of all pairs in all measures, with intervals that hold all together.

    Parameters
    ----------
    values
        By plan and measure the (pseudo-)values of the replications, in the same order for all plans.
    means
        By plan and measure the mean.
    pairs
        The names of the plans of each pair.
    paired
        Whether the plans met the same vehicles in each replication.
    smallest
        The smallest difference of interest, as a share of the first plan's mean.
    beside
        How many other intervals have to hold together with these.
    """
    measures = list(next(iter(values.values())))
    confidence = confidence_of_each(len(pairs) * len(measures) + beside)
    made = []
    for first, second in pairs:
        for measure in measures:
            one, two, of = values[first][measure], values[second][measure], means[first][measure]
            found, always = (_paired if paired else _unpaired)(one, two, confidence)
            to_settle = _to_settle(found, smallest * abs(of))
            made.append(Difference(measure, first, second, found, to_settle, always, of, smallest))
    return tuple(made)


def confidence_of_each(intervals: int) -> float:
    """Return how often each of some intervals has to hold so that all hold together at 95 % (Bonferroni)."""
    return 1.0 - (1.0 - CONFIDENCE) / intervals


def _paired(first: FloatArray, second: FloatArray, confidence: float) -> tuple[Estimate, bool]:
    """Return the mean difference, and whether all operations differ in the same direction."""
    both = np.isfinite(first) & np.isfinite(second)
    apart = second[both] - first[both]
    n, mean = len(apart), float(apart.mean()) if both.any() else math.nan
    always = n > 0 and 2.0 * 0.5**n <= 1.0 - confidence and bool(np.all(apart > 0.0) or np.all(apart < 0.0))
    return Estimate(mean, *difference_interval(apart, confidence), n), always


def _unpaired(first: FloatArray, second: FloatArray, confidence: float) -> tuple[Estimate, bool]:
    """Return the difference of the means, and whether all of one plan's values lie above all of the other's."""
    one, two = (values[np.isfinite(values)] for values in (first, second))
    n = min(len(one), len(two))
    mean = float(two.mean() - one.mean()) if n else math.nan
    apart = bool(n) and bool(one.max() < two.min() or two.max() < one.min())
    always = apart and 2.0 / math.comb(len(one) + len(two), len(one)) <= 1.0 - confidence  # rank-sum test
    return Estimate(mean, *(unpaired_interval(one, two, confidence) if n else NONE), n), always


def _to_settle(found: Estimate, smallest: float) -> int | None:
    """Return how many replications bring the half-width down to the mean, or to its distance from what matters."""
    size, width = abs(found.mean), found.half_width
    if found.mean == 0.0 or found.certain or not math.isfinite(width) or not found.reaches_across(0.0):
        return None
    if max(abs(found.low), abs(found.high)) <= smallest:
        return None
    return math.ceil(found.n * (width / max(size, smallest - size)) ** 2)
