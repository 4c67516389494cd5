"""How much the traffic of whole days varies, beyond the chance of single vehicles."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

CONFIDENCE: Final = 0.95
FEWEST: Final = 2
FEW_DAYS: Final = 5
"""Fewer leave the variation open by a factor of ten."""


@dataclass(frozen=True)
class DayVariation:
    """The coefficient of variation of a day's traffic, as `traffic.day_cv` takes it.

    Attributes
    ----------
    cv
        The estimate, without the scatter that independent vehicles have anyway.
    low, high
        Its interval at 95 %, if days are normally distributed.
    days
        The number of days.
    """

    cv: float
    low: float
    high: float
    days: int

    @property
    def is_reliable(self) -> bool:
        """Whether there are days enough to rely on it."""
        return self.days >= FEW_DAYS

    def __str__(self) -> str:
        """Return it in words.

        Examples
        --------
        >>> print(DayVariation(0.0421, 0.0304, 0.071, 12))
        0.042 (0.030 to 0.071 at 95 %), from 12 days
        """
        return f"{self.cv:.3f} ({self.low:.3f} to {self.high:.3f} at 95 %), from {self.days:,} days"


def day_variation(counted: pl.DataFrame) -> DayVariation | None:
    """Estimate how much whole days vary; None where fewer than two days were counted whole.

    Parameters
    ----------
    counted
        Columns `day`, `start_min` and `vehicles`. Days that lack an interval which others have are left out, as a hole
        would look like a quiet day.

    Notes
    -----
    The variance of the days' sums is that of the days' demand and that of independent vehicles, which equals the mean;
    the interval is that of a normal variance (chi-square), less the same share of the vehicles.
    """
    sums = (
        counted.group_by("day")
        .agg(pl.col("vehicles").sum(), pl.col("start_min").n_unique().alias("intervals"))
        .filter(pl.col("intervals") == counted["start_min"].n_unique(), pl.col("day").is_not_null())["vehicles"]
        .to_numpy()
    )
    if len(sums) < FEWEST or sums.mean() <= 0.0:
        return None
    from scipy.stats import chi2  # noqa: PLC0415  (heavy)

    freedom, mean = len(sums) - 1, float(sums.mean())
    squares = float(np.sum((sums / mean - 1.0) ** 2))
    tail = (1.0 - CONFIDENCE) / 2.0
    quantiles = float(freedom), float(chi2.ppf(1.0 - tail, freedom)), float(chi2.ppf(tail, freedom))
    cv, low, high = (math.sqrt(max(0.0, squares / quantile - 1.0 / mean)) for quantile in quantiles)
    return DayVariation(cv, low, high, len(sums))
