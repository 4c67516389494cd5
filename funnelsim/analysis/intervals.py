"""The confidence intervals of estimates: of means, of differences of plans, and of shares of operations.

How often each covers what it should is measured by `benchmarks/interval_coverage.py`.
"""

import math

import numpy as np
from scipy.special import ndtri, stdtrit

from funnelsim.arrays import FloatArray

CONFIDENCE = 0.95
FEWEST = 5  # operations that differ from the others: with fewer, no interval covers what it promises
_EVEN = 1e-9  # a skewness this small changes no digit

Interval = tuple[float, float]
NONE: Interval = (math.nan, math.nan)


def mean_interval(values: FloatArray) -> Interval:
    """Return the interval of a mean, which is wider on the side of the long tail.

    It is Student's t with a transformation that takes the skewness of a mean away; where nothing is skewed it is
    Student's t itself.

    Parameters
    ----------
    values
        Of the operations, in the measure's unit; all are numbers.

    Returns
    -------
    tuple of float
        Its lower and upper end. The value itself, twice, where it is the same in all operations; not a number where
        there are too few operations to tell.

    References
    ----------
    Willink (2005), A confidence interval and test for the mean of an asymmetric distribution, Communications in
    Statistics: Theory and Methods 34. doi:10.1081/STA-200054419
    """
    if (certain := _without_scatter(values)) is not None:
        return certain
    n, mean = len(values), float(values.mean())
    apart = values - mean
    skewness = float((apart**3).mean() / (apart**2).mean() ** 1.5)
    error, bound = _error(values), t_quantile(n - 1)
    shift = skewness / (6.0 * math.sqrt(n))

    def straightened(t: float) -> float:
        if abs(shift) < _EVEN:
            return t
        return float(np.cbrt(1.0 + 6.0 * shift * (t - shift)) - 1.0) / (2.0 * shift)

    return mean - straightened(bound) * error, mean - straightened(-bound) * error


def difference_interval(values: FloatArray, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of a mean difference of two plans by Student's t.

    Differences on the same vehicles have long tails on both sides, and their skewness is too uncertain to correct for.

    Parameters
    ----------
    values
        The differences in the operations, in the measure's unit; all are numbers.
    confidence
        How often the interval shall cover the difference.

    Returns
    -------
    tuple of float
        As `mean_interval`.
    """
    if (certain := _without_scatter(values)) is not None:
        return certain
    mean, half = float(values.mean()), t_quantile(len(values) - 1, confidence) * _error(values)
    return mean - half, mean + half


def unpaired_interval(first: FloatArray, second: FloatArray, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of a mean difference, second minus first, where the plans met different vehicles.

    Parameters
    ----------
    first, second
        The operations of each plan, in the measure's unit; all are numbers.
    confidence
        How often the interval shall cover the difference.

    Returns
    -------
    tuple of float
        As `mean_interval`. It has fewer degrees of freedom than Welch's, so it is never too narrow.
    """
    least, apart = min(len(first), len(second)), float(second.mean() - first.mean())
    certain = [_without_scatter(values) for values in (first, second)]
    if any(found is not None and math.isnan(found[0]) for found in certain):
        return NONE
    half = t_quantile(least - 1, confidence) * math.hypot(_error(first), _error(second))
    return apart - half, apart + half


def share_interval(count: float, n: float) -> Interval:
    """Return the interval of the chance of an event that happened in so many of n operations.

    Wilson's interval is honest near 0 and 1: what was never seen in 20 operations may happen in 16 of 100. The numbers
    need not be whole: operations that are alike are worth less than so many.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    doi:10.1080/01621459.1927.10502953
    """
    if n == 0:
        return NONE
    share, z2 = count / n, float(ndtri(0.5 + CONFIDENCE / 2.0)) ** 2
    middle = share + z2 / (2.0 * n)
    half = math.sqrt(z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)))
    low, high = ((middle + sign * half) / (1.0 + z2 / n) for sign in (-1.0, 1.0))
    return (low if count > 0 else 0.0), (high if count < n else 1.0)


def too_few(values: FloatArray) -> bool:
    """Tell whether so few operations differ from a value that others share that no interval would be honest.

    Examples
    --------
    >>> too_few(np.array([0.0] * 18 + [3.0, 7.0])), too_few(np.array([1.0, 2.0, 4.0]))
    (True, False)
    """
    alike = int(np.unique(values, return_counts=True)[1].max())
    return alike > 1 and len(values) - alike < FEWEST


def t_quantile(degrees: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors Student's t interval reaches to either side."""
    return float(stdtrit(degrees, 0.5 + confidence / 2.0))


def _without_scatter(values: FloatArray) -> Interval | None:
    """Return the interval where the values decide it without a distribution; None where they scatter enough."""
    if len(values) < 2:  # noqa: PLR2004  (one value says nothing about scatter)
        return NONE
    if np.all(values == values[0]):
        return float(values[0]), float(values[0])
    return NONE if too_few(values) else None


def _error(values: FloatArray) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values))
