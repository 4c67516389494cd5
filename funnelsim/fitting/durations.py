"""Durations about means that are sums of effects: a class, so much a person, a leader's length over the speed.

The model draws durations from a lognormal distribution with one coefficient of variation about each vehicle's own mean,
or from an exponential one. Both are fitted by maximum likelihood to readings as the clock shows them.

References
----------
Heitjan (1989), Inference from grouped continuous data: a review, Statistical Science 4. doi:10.1214/ss/1177012601
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy import optimize, special

from funnelsim.arrays import FloatArray, IndexArray, Vector
from funnelsim.errors import FunnelsimError
from funnelsim.fitting.readings import LEAST_CHANCE, Clock

Shape: TypeAlias = Literal["lognormal", "exponential"]

_FINE: Final = 0.05  # steps of less than this part of the scatter change nothing: the density does
_LEAST_S: Final = 1e-6
_OFF_BOUND: Final = 1e-4  # of the mean: where the search for an effect that was at its bound begins
_NOTHING: Final = 1e-6
_CV_RANGE: Final = (0.005, 5.0)


@dataclass(frozen=True)
class Lognormal:
    """A lognormal distribution by mean and coefficient of variation."""

    mean_s: FloatArray
    cv: float

    @property
    def scatter(self) -> float:
        """The standard deviation of the logarithm."""
        return math.sqrt(math.log1p(self.cv**2))

    def _normal(self, x: FloatArray) -> FloatArray:
        logs = np.log(np.maximum(x, 1e-12) / self.mean_s)
        normal: FloatArray = (logs + 0.5 * self.scatter**2) / self.scatter
        return normal

    def up_to(self, x: FloatArray) -> FloatArray:
        """Return the chance of at most x."""
        chance: FloatArray = special.ndtr(self._normal(x))
        return chance

    def beyond(self, x: FloatArray) -> FloatArray:
        """Return the mean of how far it exceeds x."""
        normal = self._normal(x)
        excess = self.mean_s * special.ndtr(self.scatter - normal) - np.maximum(x, 0.0) * special.ndtr(-normal)
        return np.where(x > 0.0, excess, self.mean_s - x)

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x."""
        made: FloatArray = np.exp(-0.5 * self._normal(x) ** 2) / (math.sqrt(2.0 * math.pi) * self.scatter * x)
        return made

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Draw one duration for each mean."""
        normal = rng.standard_normal(len(self.mean_s))
        return self.mean_s * np.exp(self.scatter * normal - 0.5 * self.scatter**2)


@dataclass(frozen=True)
class Exponential:
    """An exponential distribution by its mean."""

    mean_s: FloatArray

    def up_to(self, x: FloatArray) -> FloatArray:
        """Return the chance of at most x."""
        return -np.expm1(-np.maximum(x, 0.0) / self.mean_s)

    def beyond(self, x: FloatArray) -> FloatArray:
        """Return the mean of how far it exceeds x."""
        return np.where(x > 0.0, self.mean_s * np.exp(-np.maximum(x, 0.0) / self.mean_s), self.mean_s - x)

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x."""
        made: FloatArray = np.exp(-x / self.mean_s) / self.mean_s
        return made

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Draw one duration for each mean."""
        return rng.exponential(self.mean_s)


@dataclass(frozen=True, eq=False)
class Sample:
    """Readings, and what their means are made of.

    Attributes
    ----------
    readings_s
        Shape (readings,).
    clock
        How they were read.
    parts
        The mean of a reading is `fixed_s` + `parts` @ effects: shape (readings, effects).
    fixed_s
        The known part of the means, shape (readings,).
    least
        Bounds of the effects from below, shape (effects,).
    weights
        How often each of these counts, shape (readings,).
    row_of
        Equal readings with equal parts are kept once: where each observation is kept, shape (observations,).
    """

    readings_s: FloatArray
    clock: Clock
    parts: FloatArray
    fixed_s: FloatArray
    least: FloatArray
    weights: FloatArray
    row_of: IndexArray

    def __len__(self) -> int:
        return len(self.row_of)

    @cached_property
    def rounded(self) -> bool:
        """Whether the steps of the clock are coarse beside the scatter, so that the likelihood must know of them."""
        return bool(self.clock.step_s > _FINE * np.std(self.readings_s[self.row_of]) or self.readings_s.min() <= 0.0)

    def again(self, picked: IndexArray) -> "Sample":
        """Return a sample of the picked observations."""
        counts = np.bincount(self.row_of[picked], minlength=len(self.readings_s))
        return replace(self, weights=counts.astype(np.float64))

    def read_anew(self, of: "DurationFit", rng: np.random.Generator) -> "Sample":
        """Return a sample of the same kind, drawn from a fit and read off the same clock."""
        means_s = self.means_s(of.effects)[self.row_of]
        readings_s = self.clock.read(of.distribution(means_s).draw(rng), rng)
        return sample_of(readings_s, self.clock, self.parts[self.row_of], self.fixed_s[self.row_of], self.least)

    def means_s(self, effects: FloatArray) -> FloatArray:
        """Return the mean behind each reading."""
        return np.maximum(self.fixed_s + self.parts @ effects, _LEAST_S)


def sample_of(
    readings_s: FloatArray,
    clock: Clock,
    parts: FloatArray | None = None,
    fixed_s: FloatArray | None = None,
    least: FloatArray | None = None,
) -> Sample:
    """Return a sample of observations; by default all have one mean, which is to be found."""
    count = len(readings_s)
    parts = np.ones((count, 1)) if parts is None else parts
    fixed_s = np.zeros(count) if fixed_s is None else fixed_s
    least = np.full(parts.shape[1], _LEAST_S) if least is None else least
    rows, row_of, counts = np.unique(
        np.column_stack([readings_s, fixed_s, parts]), axis=0, return_inverse=True, return_counts=True
    )
    return Sample(rows[:, 0], clock, rows[:, 2:], rows[:, 1], least, counts.astype(np.float64), row_of.ravel())


@dataclass(frozen=True, eq=False)
class DurationFit:
    """What fits a sample best.

    Attributes
    ----------
    shape
        The distribution.
    effects, cv
        Its parameters; the coefficient of variation of an exponential one is 1.
    aic
        Akaike's criterion: of two distributions the one with the lower fits better.
    """

    shape: Shape
    effects: FloatArray
    cv: float
    aic: float

    def distribution(self, mean_s: FloatArray) -> Lognormal | Exponential:
        """Return the distributions about some means."""
        return Exponential(mean_s) if self.shape == "exponential" else Lognormal(mean_s, self.cv)


def fit_durations(sample: Sample, shape: Shape = "lognormal", start: DurationFit | None = None) -> DurationFit:
    """Fit a sample by maximum likelihood.

    Parameters
    ----------
    sample
        The readings.
    shape
        The distribution.
    start
        A fit to begin the search at, of a sample like this one.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> made = Lognormal(np.full(4000, 90.0), 0.5).draw(rng)
    >>> found = fit_durations(sample_of(made, Clock(0.001, twice=False)))
    >>> round(float(found.effects[0])), round(found.cv, 1)
    (90, 0.5)
    """
    weights = sample.weights
    scale = float(np.average(sample.readings_s, weights=weights)) or sample.clock.step_s
    effects = _effects_at_first(sample) if start is None else start.effects
    cv = 0.5 if start is None or start.shape == "exponential" else start.cv
    # Squares keep effects above their bounds; the search then needs none, and no matrices worth a thread.
    begin = np.append(np.sqrt(np.maximum(effects - sample.least, _OFF_BOUND * scale) / scale), math.log(cv))
    if shape == "exponential":
        begin = begin[:-1]

    lowest, highest = map(math.log, _CV_RANGE)

    def at(values: Vector) -> DurationFit:
        squares = values[: len(effects)] ** 2
        found = sample.least + scale * np.where(squares < _NOTHING, 0.0, squares)
        spread = 1.0 if shape == "exponential" else math.exp(min(max(float(values[-1]), lowest), highest))
        return DurationFit(shape, found, spread, math.nan)

    def loss(values: Vector) -> float:
        return -float(weights @ _log_chances(sample, at(values))) / float(weights.sum())

    best = optimize.minimize(loss, begin, method="BFGS", options={"gtol": 1e-6})
    if start is None and not (math.isfinite(best.fun) and (best.success or best.nit)):
        raise FunnelsimError("no distribution fits: the search for its mean and variation did not leave its start")
    return replace(at(np.asarray(best.x)), aic=2.0 * (len(begin) + float(best.fun) * float(weights.sum())))


def _effects_at_first(sample: Sample) -> FloatArray:
    """Return the effects by least squares, kept off their bounds."""
    root = np.sqrt(sample.weights)
    found = optimize.lsq_linear(
        sample.parts * root[:, None],
        (sample.readings_s - sample.fixed_s) * root,
        bounds=(sample.least, np.inf),
    ).x
    return np.maximum(np.asarray(found), sample.least)


def _log_chances(sample: Sample, found: DurationFit) -> FloatArray:
    of = found.distribution(sample.means_s(found.effects))
    if sample.rounded:
        return np.log(sample.clock.chance(of, sample.readings_s))
    return np.log(np.maximum(of.density(sample.readings_s), LEAST_CHANCE) * sample.clock.step_s)
