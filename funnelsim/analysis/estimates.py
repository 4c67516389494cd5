"""Estimates across replications, and how they are written: no number without its error bar."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.catalogue import check_measures, is_chance, is_share_of_targets, ratios_of
from funnelsim.analysis.intervals import NONE, Interval, difference_interval, mean_interval, share_interval
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.wording import NOTHING, counted, number_text

PER_CENT = 100.0
EXACT = 1e-9  # a half-width this small beside its mean is rounding, not scatter
PLENTY = 3  # significant digits of a value
EVEN = 1.0 / 3.0  # of the half-width: by how much the sides of an interval may differ and be written as one ±
TOO_FEW = "too few operations"
ALL_ALIKE = "in every operation"
NEVER = "not seen"


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, or the share of them in which something happens, with its confidence interval.

    Attributes
    ----------
    mean
        The estimate; not a number where no replication has the measure.
    low, high
        The ends of the interval at 95 %, which need not be as far from the mean; not a number where too few
        replications have the measure, or too few differ. Both are the mean where all replications give the same.
    n
        How many replications have it.
    """

    mean: float
    low: float
    high: float
    n: int

    @property
    def half_width(self) -> float:
        """Half of the interval's width; not a number where there is no interval."""
        return (self.high - self.low) / 2.0

    @property
    def sides(self) -> tuple[float, float]:
        """How far the interval reaches below and above the mean, as figures draw it; never below 0 by rounding."""
        return max(self.mean - self.low, 0.0), max(self.high - self.mean, 0.0)

    @property
    def certain(self) -> bool:
        """Whether all replications gave the same."""
        return self.low == self.high

    def times(self, factor: float) -> "Estimate":
        """Return the estimate in another unit; a negative factor turns the interval round."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.mean * factor, low, high, self.n)

    def reaches_across(self, value: float) -> bool:
        """Tell whether a value lies inside the interval, or there is no interval that could exclude it."""
        return not (value <= self.low or value >= self.high)

    @property
    def never_seen(self) -> bool:
        """Whether it is the chance of something that happened in no operation."""
        return self.mean == self.low == 0.0 < self.high


class Estimates(dict[str, Estimate]):
    """Estimates by the name of their measure; asked for a measure that it lacks, it suggests the closest."""

    def __missing__(self, name: str) -> Estimate:
        """Say which measure was meant."""
        check_measures([name], self)
        raise AssertionError(name)


def mean_estimate(values: FloatArray) -> Estimate:
    """Return the mean with its interval; replications without the measure (not a number) are left out.

    Examples
    --------
    >>> estimate = mean_estimate(np.arange(9.0))
    >>> estimate.mean, round(estimate.low, 2), round(estimate.high, 2), estimate.n
    (4.0, 1.89, 6.11, 9)
    """
    return _estimate(values, mean_interval)


def difference_estimate(values: FloatArray) -> Estimate:
    """Return the mean of the differences of two plans with its interval; what is not a number is left out."""
    return _estimate(values, difference_interval)


def _estimate(values: FloatArray, interval: Callable[[FloatArray], Interval]) -> Estimate:
    values = values[np.isfinite(values)]
    if not len(values):
        return Estimate(math.nan, *NONE, 0)
    return Estimate(float(values.mean()), *interval(values), len(values))


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
    """Return the ratio of two means with its jackknife interval."""
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


def columns_behind(name: str, classes: tuple[str, ...]) -> list[str]:
    """Return the measures from whose values `pseudo_values` takes those of a measure."""
    ratios = ratios_of(classes)
    if name in ratios:
        return [ratios[name].above, ratios[name].below]
    return [name, "targets_offered"] if is_share_of_targets(name) else [name]


def estimate(columns: Mapping[str, FloatArray], classes: tuple[str, ...]) -> Estimates:
    """Return the estimate of every measure from the measures of the replications.

    Parameters
    ----------
    columns
        By measure the values of all replications, in their order.
    classes
        The scenario's classes, which name some of the ratios.
    """
    return Estimates({name: _estimate_of(columns, name, classes) for name in columns})


def _estimate_of(columns: Mapping[str, FloatArray], name: str, classes: tuple[str, ...]) -> Estimate:
    values = pseudo_values(columns, name, classes)
    if is_chance(name):
        return chance_estimate(values[np.isfinite(values)] > 0.0)
    found = mean_estimate(values)
    # No measure is negative, and a share of the targets is at most 1: an interval that reaches further only says less.
    high = min(found.high, 1.0) if is_share_of_targets(name) else found.high
    return Estimate(found.mean, max(found.low, min(0.0, found.mean)), max(high, found.mean), found.n)


def chance_estimate(happened: BoolArray) -> Estimate:
    """Return the share of operations in which something happened, with Wilson's interval of its chance."""
    return share_estimate(int(happened.sum()), len(happened))


def share_estimate(count: int, n: int) -> Estimate:
    """Return the share of `n` operations in which something happened `count` times, with Wilson's interval."""
    return Estimate(count / n, *share_interval(count, n), n) if n else Estimate(math.nan, *NONE, 0)


def plus_minus(half_width: str, value: str = "") -> str:
    """Return a half-width as it is written behind a value, or behind this value."""
    return f"{value} ± {half_width}".lstrip()


def estimate_texts(estimate: Estimate, times: float = 1.0, digits: int = 2) -> tuple[str, str]:
    """Return an estimate and its interval, rounded to the significant digits of the half-width.

    One digit of the half-width is enough where two would give the value more than three. An interval whose sides are
    about equal is written with ±. The text is empty where there is one operation, and says so where there are too few,
    where all give the same and where a chance was never seen.

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
    >>> estimate_texts(Estimate(2.0341, 1.9929, 2.0753, 100)), estimate_texts(Estimate(1234.5, 1111.1, 1357.9, 100))
    (('2.03', '± 0.04'), ('1,230', '± 120'))
    >>> estimate_texts(Estimate(0.031, 0.021, 0.049, 100)), estimate_texts(Estimate(0.1, math.nan, math.nan, 100))
    (('0.031', '(0.021 to 0.049)'), ('0.1', 'too few operations'))
    >>> estimate_texts(Estimate(0.0, 0.0, 0.161, 20), 100.0), estimate_texts(Estimate(12.0, 12.0, 12.0, 20))
    (('not seen', '(at most 16)'), ('12', 'in every operation'))
    """
    shown = estimate.times(times)
    mean, half = shown.mean, shown.half_width
    if not math.isfinite(mean):
        return NOTHING, ""
    if not math.isfinite(half):
        return number_text(mean), TOO_FEW if estimate.n > 1 else ""
    if half <= EXACT * abs(mean):
        return number_text(mean, 4), ALL_ALIKE
    if shown.never_seen:
        return NEVER, f"(at most {number_text(shown.high, 2)})"
    last = _last_place(half, digits)
    if mean != 0.0 and math.floor(math.log10(abs(mean))) - last >= PLENTY:
        last = _last_place(half, 1)
    return _rounded(mean, last), _beside(shown, last)


def _beside(shown: Estimate, last: int) -> str:
    """Return an interval, rounded to a power of ten: ± where its sides are about equal, otherwise both ends."""
    if _even(shown):
        return plus_minus(_rounded(shown.half_width, last))
    return f"({_rounded(shown.low, last)} to {_rounded(shown.high, last)})"


def _even(shown: Estimate) -> bool:
    return abs(shown.high + shown.low - 2.0 * shown.mean) <= EVEN * shown.half_width


def _rounded(value: float, last: int) -> str:
    return f"{round(value, -last) + 0.0:,.{max(0, -last)}f}"


def _last_place(value: float, digits: int) -> int:
    """Return the power of ten of the last of so many significant digits."""
    exponent = math.floor(math.log10(value)) - digits + 1
    return math.floor(math.log10(round(value, -exponent))) - digits + 1  # 0.0996 rounds up to another digit


def estimate_text(estimate: Estimate, times: float = 1.0, digits: int = 2) -> str:
    """Return an estimate with its interval, as in a sentence.

    Examples
    --------
    >>> estimate_text(Estimate(0.0, 0.0, 0.161, 20), 100.0)
    'not seen in 20 operations: at most 16'
    """
    value, beside = estimate_texts(estimate, times, digits)
    if value == NEVER:
        return f"{NEVER} in {counted(estimate.n, 'operation')}: {beside.strip('()')}"
    if beside == ALL_ALIKE:
        return value
    return f"{value} ({beside})" if beside == TOO_FEW else f"{value} {beside}".strip()


def with_error(estimate: Estimate, times: float = 1.0, digits: int = 0) -> str:
    """Return an estimate with its interval, to `digits` places, or one more where the half-width is small.

    Examples
    --------
    >>> with_error(Estimate(0.123, 0.102, 0.144, 50), times=100.0)
    '12 ± 2'
    >>> with_error(Estimate(0.123, 0.1227, 0.1233, 50), times=100.0)
    '12.3 ± 0.1'
    >>> with_error(Estimate(0.12, 0.08, 0.21, 50), times=100.0)
    '12 (8 to 21)'
    >>> with_error(Estimate(0.5, math.nan, math.nan, 1), digits=1)
    '0.5'
    """
    shown = estimate.times(times)
    if not math.isfinite(shown.mean):
        return "unknown"
    if not math.isfinite(shown.half_width):
        return f"{_rounded(shown.mean, -digits)}{f' ({TOO_FEW})' if shown.n > 1 else ''}"
    if shown.certain:
        return _rounded(shown.mean, -digits)
    if shown.half_width < 0.95 * 10.0**-digits:
        digits += 1
    if not _even(shown):
        return f"{_rounded(shown.mean, -digits)} {_beside(shown, -digits)}"
    half_width = max(shown.half_width, 10.0**-digits)  # an error that is there is not shown as none
    return plus_minus(_rounded(half_width, -digits), _rounded(shown.mean, -digits))


def how_often(happened: BoolArray) -> str:
    """Return in how many operations something happened, with the interval of its chance.

    Examples
    --------
    >>> how_often(np.zeros(8, dtype=bool)), how_often(np.arange(8) < 4)
    ('0 of 8 operations (at most 32 %)', '4 of 8 operations (22 to 78 %)')
    """
    chance = chance_estimate(happened).times(PER_CENT)
    reach = f"at most {chance.high:.0f}" if chance.never_seen else f"{chance.low:.0f} to {chance.high:.0f}"
    return f"{happened.sum():,} of {counted(len(happened), 'operation')} ({reach} %)"
