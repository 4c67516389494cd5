"""Confidence intervals of estimates and the goodness of fit of distributions, both by resampling.

References
----------
Efron (1987), Better bootstrap confidence intervals, Journal of the American Statistical Association 82.
doi:10.1080/01621459.1987.10478410
Stute, Gonzáles Manteiga and Presedo Quindimil (1993), Bootstrap based goodness-of-fit-tests, Metrika 40.
doi:10.1007/BF02613687
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from funnelsim.arrays import FloatArray, IndexArray
from funnelsim.fitting.durations import DurationFit, Sample, fit_durations

LEVEL: Final = 0.95
ALPHA: Final = 0.05
_SMALL: Final = 200  # up to so many observations the correction of the percentiles is worth a fit an observation


@dataclass(frozen=True)
class GoodnessOfFit:
    """How well a distribution fits observations.

    Attributes
    ----------
    off
        The largest difference between the observed and the fitted share of readings up to any length (the statistic of
        Kolmogorov and Smirnov).
    p
        The chance that observations drawn from the distribution itself are off as much.
    """

    off: float
    p: float

    @property
    def fits(self) -> bool:
        """Whether chance alone explains the difference."""
        return self.p >= ALPHA


def compared_with(off: float, drawn: FloatArray) -> GoodnessOfFit:
    """Compare a difference with those of samples drawn from the distribution itself."""
    return GoodnessOfFit(off, float((1 + np.sum(drawn >= off)) / (1 + len(drawn))))


def largest_difference(sample: Sample, fit: DurationFit) -> float:
    """Return by how much the observed and the fitted shares of readings up to any length differ at most."""
    at, place = np.unique(sample.readings_s, return_inverse=True)
    seen = np.cumsum(np.bincount(place.ravel(), sample.weights)) / sample.weights.sum()
    means_s, kind = np.unique(sample.means_s(fit.effects), return_inverse=True)
    shares = np.bincount(kind.ravel(), sample.weights) / sample.weights.sum()
    of = fit.distribution(means_s[None, :])
    if sample.rounded:
        return float(np.abs(seen - sample.clock.up_to(of, at[:, None]) @ shares).max())
    fitted = of.up_to(at[:, None]) @ shares
    return float(max(np.abs(seen - fitted).max(), np.abs(np.append(0.0, seen[:-1]) - fitted).max()))


def goodness_of_fit(sample: Sample, fit: DurationFit, resamples: int, rng: np.random.Generator) -> GoodnessOfFit:
    """Test a fit: samples are drawn from it, rounded by the same clock and fitted again."""
    drawn = np.empty(resamples)
    for number in range(resamples):
        other = sample.read_anew(fit, rng)
        drawn[number] = largest_difference(other, fit_durations(other, fit.shape, fit))
    return compared_with(largest_difference(sample, fit), drawn)


def intervals(
    sample: Sample,
    fit: DurationFit,
    numbers: Callable[[DurationFit], FloatArray],
    resamples: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Return the 95 % intervals of numbers derived from a fit, shape (numbers, 2), by resampling the observations.

    Small samples get bias-corrected and accelerated percentiles (BCa).
    """

    def again(picked: IndexArray) -> FloatArray:
        return numbers(fit_durations(sample.again(picked.astype(np.intp)), fit.shape, fit))

    with warnings.catch_warnings():
        # An effect that is 0 in every resample has no scatter to correct for; the plain percentiles then stand.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        made = stats.bootstrap(
            (np.arange(len(sample)),),
            again,
            n_resamples=resamples,
            vectorized=False,
            method="BCa" if len(sample) <= _SMALL else "percentile",
            confidence_level=LEVEL,
            rng=rng,
        )
    plain = np.quantile(made.bootstrap_distribution, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=-1).T
    found = np.column_stack([made.confidence_interval.low, made.confidence_interval.high])
    at_bound = numbers(fit) <= made.bootstrap_distribution.min(axis=-1)  # there is no bias to correct for
    return np.where(np.isfinite(found) & ~at_bound[:, None], found, plain)
