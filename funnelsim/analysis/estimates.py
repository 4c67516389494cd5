"""Estimates across replications, and how they are written: no number without its error bar."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from funnelsim.analysis.catalogue import check_measures, is_share_of_targets, ratios_of
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.wording import NOTHING, counted, number_text

CONFIDENCE = 0.95
PER_CENT = 100.0
EXACT = 1e-9  # a half-width this small beside its mean is rounding, not scatter
PLENTY = 3  # significant digits of a value


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with the half-width of its confidence interval.

    Attributes
    ----------
    mean
        The estimate; not a number where no replication has the measure.
    half_width
        Half of the interval at 95 %; not a number where fewer than two replications have the measure.
    n
        How many replications have it.
    """

    mean: float
    half_width: float
    n: int


class Estimates(dict[str, Estimate]):
    """Estimates by the name of their measure; asked for a measure that it lacks, it suggests the closest."""

    def __missing__(self, name: str) -> Estimate:
        """Say which measure was meant."""
        check_measures([name], self)
        raise AssertionError(name)


def _t(n: int) -> float:
    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0))


def mean_estimate(values: FloatArray) -> Estimate:
    """Return the mean with its t half-width; replications without the measure (not a number) are left out.

    Examples
    --------
    >>> estimate = mean_estimate(np.array([1.0, 2.0, 3.0]))
    >>> estimate.mean, round(estimate.half_width, 3), estimate.n
    (2.0, 2.484, 3)
    """
    values = values[np.isfinite(values)]
    n = len(values)
    if n == 0:
        return Estimate(math.nan, math.nan, 0)
    if n == 1:
        return Estimate(float(values[0]), math.nan, 1)
    return Estimate(float(values.mean()), _t(n) * float(values.std(ddof=1)) / math.sqrt(n), n)


def ratio_pseudo_values(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return the jackknife's pseudo-values of a ratio of two means, shape (replications,).

    A mean of ratios would be biased, and undefined where one replication has nothing below the line. The jackknife
    leaves out one replication at a time; the mean of its pseudo-values is free of the first-order bias of the ratio.
    They are not a number where nothing is below the line at all, or in one replication alone.

    References
    ----------
    Efron and Stein (1981), The jackknife estimate of variance, Annals of Statistics 9. doi:10.1214/aos/1176345462
    """
    n = len(above)
    if below.sum() <= 0.0:
        return np.full(n, np.nan)
    whole = above.sum() / below.sum()
    without_below = below.sum() - below
    if n == 1:
        return np.array([whole])
    if np.any(without_below <= 0.0):
        return np.full(n, np.nan)
    values: FloatArray = n * whole - (n - 1) * (above.sum() - above) / without_below
    return values


def ratio_estimate(above: FloatArray, below: FloatArray) -> Estimate:
    """Return the ratio of two means with its jackknife half-width."""
    return mean_estimate(ratio_pseudo_values(above, below))


def pseudo_values(columns: Mapping[str, FloatArray], name: str, classes: tuple[str, ...]) -> FloatArray:
    """Return what each replication contributes to the estimate of a measure; the estimate is their mean.

    For a plain mean these are the values themselves (not a number where the measure has no meaning), for a ratio the
    jackknife's pseudo-values.

    Parameters
    ----------
    columns
        By measure the values of all replications, in their order.
    name
        The measure.
    classes
        The scenario's classes, which name some of the ratios.
    """
    ratios = ratios_of(classes)
    if name in ratios:
        ratio = ratios[name]
        return ratio.times * ratio_pseudo_values(columns[ratio.above], columns[ratio.below])
    if is_share_of_targets(name):
        offered = columns["targets_offered"]
        return ratio_pseudo_values(np.nan_to_num(columns[name]) * offered, offered)
    return columns[name]


def estimate(columns: Mapping[str, FloatArray], classes: tuple[str, ...]) -> Estimates:
    """Return the estimate of every measure from the measures of the replications.

    Parameters
    ----------
    columns
        By measure the values of all replications, in their order.
    classes
        The scenario's classes, which name some of the ratios.
    """
    return Estimates({name: mean_estimate(pseudo_values(columns, name, classes)) for name in columns})


def chance_estimate(happened: BoolArray) -> Estimate:
    """Return the chance of an event with the half-width of its Wilson interval, which is honest near 0 and 1.

    The mean is the middle of the interval, so that mean ± half-width is the interval.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    doi:10.1080/01621459.1927.10502953
    """
    n = len(happened)
    z2 = 1.959963984540054**2
    share = float(happened.mean())
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half_width = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Estimate(middle, half_width, n)


def plus_minus(half_width: str, value: str = "") -> str:
    """Return a half-width as it is written behind a value, or behind this value."""
    return f"{value} ± {half_width}".lstrip()


def estimate_texts(estimate: Estimate, times: float = 1.0, digits: int = 2) -> tuple[str, str]:
    """Return an estimate and its half-width, rounded to the significant digits of the half-width.

    One digit of the half-width is enough where two would give the value more than three. The half-width is empty where
    there is none; where nothing scatters it is 0, and the value is shown in full.

    Parameters
    ----------
    estimate
        The estimate.
    times
        A factor, for another unit.
    digits
        Significant digits of the half-width at most: more would be noise.

    Examples
    --------
    >>> estimate_texts(Estimate(2.0341, 0.0412, 100)), estimate_texts(Estimate(1234.5, 123.4, 100))
    (('2.03', '± 0.04'), ('1,230', '± 120'))
    """
    mean, half = estimate.mean * times, abs(estimate.half_width * times)
    if not math.isfinite(mean):
        return NOTHING, ""
    if not math.isfinite(half):
        return number_text(mean), ""
    if half <= EXACT * abs(mean):
        return number_text(mean, 4), plus_minus("0")
    last = _last_place(half, digits)
    if mean != 0.0 and math.floor(math.log10(abs(mean))) - last >= PLENTY:
        last = _last_place(half, 1)
    places = max(0, -last)
    return f"{round(mean, -last):,.{places}f}", plus_minus(f"{round(half, -last):,.{places}f}")


def _last_place(value: float, digits: int) -> int:
    """Return the power of ten of the last of so many significant digits."""
    exponent = math.floor(math.log10(value)) - digits + 1
    return math.floor(math.log10(round(value, -exponent))) - digits + 1  # 0.0996 rounds up to another digit


def estimate_text(estimate: Estimate, times: float = 1.0, digits: int = 2) -> str:
    """Return an estimate with its half-width, as in a sentence."""
    return " ".join(estimate_texts(estimate, times, digits)).strip()


def chance_texts(happened: BoolArray) -> tuple[str, str]:
    """Return how often something happened and its 95 % interval, both in per cent: "3" and "(0.5-8)".

    Examples
    --------
    >>> chance_texts(np.array([False] * 20))
    ('0', '(0-16)')
    """
    chance = chance_estimate(happened)
    least = max(0.0, chance.mean - chance.half_width)
    most = min(1.0, chance.mean + chance.half_width)
    bounds = [number_text(PER_CENT * bound if bound > EXACT else 0.0, 2) for bound in (least, most)]
    return number_text(PER_CENT * float(happened.mean())), f"({'-'.join(bounds)})"


def with_error(estimate: Estimate, times: float = 1.0, digits: int = 0) -> str:
    """Return an estimate with its half-width, to `digits` places, or one more where the half-width is small.

    Examples
    --------
    >>> with_error(Estimate(0.123, 0.021, 50), times=100.0)
    '12 ± 2'
    >>> with_error(Estimate(0.123, 0.0003, 50), times=100.0)
    '12.3 ± 0.1'
    >>> with_error(Estimate(0.5, math.nan, 1), digits=1)
    '0.5'
    """
    if not math.isfinite(estimate.mean):
        return "unknown"
    half_width = estimate.half_width * times
    if not math.isfinite(half_width):
        return f"{estimate.mean * times:,.{digits}f}"
    if 0.0 < half_width < 0.95 * 10.0**-digits:
        digits += 1
        half_width = max(half_width, 10.0**-digits)  # an error that is there is not shown as none
    return plus_minus(f"{half_width:,.{digits}f}", f"{estimate.mean * times:,.{digits}f}")


def how_often(happened: BoolArray) -> str:
    """Return in how many operations something happened, with the interval of its chance.

    Examples
    --------
    >>> how_often(np.zeros(8, dtype=bool))
    '0 of 8 operations (0 to 32 %)'
    """
    chance = chance_estimate(happened)
    low, high = (PER_CENT * (chance.mean + sign * chance.half_width) for sign in (-1.0, 1.0))
    return f"{happened.sum():,} of {counted(len(happened), 'operation')} ({abs(low):.0f} to {high:.0f} %)"
