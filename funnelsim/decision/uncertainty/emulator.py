"""The emulator: what the simulator would give at any values of the inputs, from noisy results at some of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.spatial.distance import cdist

from funnelsim.arrays import FloatArray, IntArray

FIT_ON: Final = 256  # points from which lengths and variances are estimated; all points condition the emulator
FEATURES: Final = 512  # of a draw from the prior
ROOT_5: Final = math.sqrt(5.0)
DEGREES: Final = 5.0  # of freedom: the spectrum of a Matern 5/2 covariance is Student's t
CONSTANT: Final = 10.0  # variance of the constant, where values have a variance of 1: as good as unknown
SMALLEST: Final = 1e-6  # of the variance of the values: below that, more points would change nothing
# Medians of what is fitted and their spread, both in logarithms: variances of the slopes, of the curves and of what
# neither explains, as shares of the variance of the values; lengths in standard deviations of an input.
SLOPES: Final = (math.log(0.3), 2.0)
CURVES: Final = (math.log(0.3), 2.0)
LEFT: Final = (math.log(1e-4), 2.0)
LENGTHS: Final = (math.log(4.0), 1.0)


@dataclass(frozen=True, eq=False)
class Emulator:
    """A Gaussian process with slopes and Matern 5/2 curves, given values whose noise variances are known.

    The variances and the length of each input maximise the posterior density; what the inputs do not explain beyond the
    known noise is fitted as a further variance and counted as noise.

    Parameters
    ----------
    x
        Coordinates of the points, each of a standard deviation of about 1, shape (points, inputs).
    y, noise
        Values there, and the variances of their errors, each of shape (points,).

    References
    ----------
    Rasmussen and Williams (2006), Gaussian processes for machine learning, chapters 2 and 5. Wilson et al. (2021),
    Pathwise conditioning of Gaussian processes, Journal of Machine Learning Research 22(105): how paths are drawn.
    """

    x: FloatArray
    y: FloatArray
    noise: FloatArray
    centre: float
    scale: float
    fitted: FloatArray

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray, noise: FloatArray) -> "Emulator":
        """Fit an emulator."""
        return cls._fitted_on(np.arange(len(x))[:FIT_ON], x, y, noise)

    @classmethod
    def several(
        cls, count: int, x: FloatArray, y: FloatArray, noise: FloatArray, generator: np.random.Generator
    ) -> list["Emulator"]:
        """Return emulators that are as likely: their variances and lengths are fitted on half of the points each."""
        each = min(FIT_ON, len(x) // 2)
        return [cls._fitted_on(generator.permutation(len(x))[:each], x, y, noise) for _ in range(count)]

    @classmethod
    def _fitted_on(cls, some: IntArray, x: FloatArray, y: FloatArray, noise: FloatArray) -> "Emulator":
        centre, scale = float(y.mean()), float(y.std()) or 1.0
        fitted = _fitted(x[some], (y[some] - centre) / scale, noise[some] / scale**2)
        return cls(x, y, noise, centre, scale, fitted)

    def mean(self, new: FloatArray) -> FloatArray:
        """Return the expected values at other points, shape (points,)."""
        weights = cho_solve(self._factor(), (self.y - self.centre) / self.scale)
        expected: FloatArray = self.centre + self.scale * (_covariance(self.fitted, new, self.x) @ weights)
        return expected

    def draws(self, new: FloatArray, count: int, generator: np.random.Generator) -> FloatArray:
        """Return what the values without noise may be at other points: draws from the posterior, shape (count, points).

        A draw from the prior is moved by how far it misses the values that are known, noise included.
        """
        both = np.vstack([self.x, new])
        prior = _prior_draws(self.fitted, both, count, generator)
        known, wanted = prior[: len(self.x)], prior[len(self.x) :]
        noise = np.sqrt(self._noise())[:, None] * generator.standard_normal(known.shape)
        missed = ((self.y - self.centre) / self.scale)[:, None] - known - noise
        moved = wanted + _covariance(self.fitted, new, self.x) @ cho_solve(self._factor(), missed)
        drawn: FloatArray = self.centre + self.scale * moved.T
        return drawn

    def _noise(self) -> FloatArray:
        return self.noise / self.scale**2 + math.exp(self.fitted[2]) + SMALLEST

    def _factor(self) -> tuple[FloatArray, bool]:
        covariance = _covariance(self.fitted, self.x, self.x)
        covariance[np.diag_indices_from(covariance)] += self._noise()
        return cho_factor(covariance, lower=True)


def drawn_by(fits: Sequence[Emulator], new: FloatArray, count: int, generator: np.random.Generator) -> FloatArray:
    """Return draws from emulators that are as likely, equally many from each, shape (draws, points)."""
    return np.vstack([one.draws(new, count // len(fits), generator) for one in fits])


def noise_variances(x: FloatArray, values: FloatArray) -> FloatArray:
    """Return the variance of the mean of a few replications at each point, smoothed over the points, shape (points,).

    The variance of a few replications is itself very uncertain; its expectation is taken to be log-linear in the
    coordinates (a gamma regression), and at least a tenth of its mean.

    Parameters
    ----------
    x
        Coordinates, shape (points, inputs).
    values
        Values in each replication, shape (points, replications); at least two.

    References
    ----------
    McCullagh and Nelder (1989), Generalized linear models, chapter 8.
    """
    variances = values.var(axis=1, ddof=1)
    mean = float(variances.mean())
    if mean <= 0.0:
        return np.zeros(len(values))
    basis = np.column_stack([np.ones(len(x)), x])
    slopes = np.zeros(basis.shape[1])
    ridge = np.eye(basis.shape[1]) * SMALLEST * len(x)
    for _ in range(20):  # Fisher scoring, whose weights are all 1 with a logarithmic link
        expected = np.exp(np.clip(basis @ slopes, -5.0, 5.0))
        step = np.linalg.solve(basis.T @ basis + ridge, basis.T @ ((variances / mean - expected) / expected))
        slopes = slopes + np.clip(step, -1.0, 1.0)
    smooth = np.exp(np.clip(basis @ slopes, -5.0, 5.0))
    smooth = np.maximum(smooth / smooth.mean(), 0.1)
    return np.asarray(mean * smooth / values.shape[1])


def _fitted(x: FloatArray, y: FloatArray, noise: FloatArray) -> FloatArray:
    """Return the logarithms of variances and lengths that fit standardised values."""
    medians, spreads = _prior(x.shape[1])
    squares = ((x[:, None, :] - x[None, :, :]) ** 2).reshape(-1, x.shape[1])

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        value, slope = _loss(theta, x, squares, y, noise)
        off = (theta - medians) / spreads
        return value + 0.5 * float(off @ off), slope + off / spreads

    reach = [(m - 4.0 * s, m + 4.0 * s) for m, s in zip(medians, spreads, strict=True)]
    found: FloatArray = minimize(loss, medians, jac=True, method="L-BFGS-B", bounds=reach, options={"maxiter": 60}).x
    return found


def _prior(inputs: int) -> tuple[FloatArray, FloatArray]:
    """Return medians and spreads of all that is fitted, in logarithms."""
    medians, spreads = zip(SLOPES, CURVES, LEFT, *[LENGTHS] * inputs, strict=True)
    return np.array(medians), np.array(spreads)


def _covariance(theta: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    slopes, curves, lengths = math.exp(theta[0]), math.exp(theta[1]), np.exp(theta[3:])
    far = ROOT_5 * cdist(first / lengths, second / lengths)
    made: FloatArray = CONSTANT + slopes * (first @ second.T) + curves * (1.0 + far + far**2 / 3.0) * np.exp(-far)
    return made


def _loss(
    theta: FloatArray, x: FloatArray, squares: FloatArray, y: FloatArray, noise: FloatArray
) -> tuple[float, FloatArray]:
    """Return the negative logarithm of the likelihood and its slopes."""
    slopes, curves, left, lengths = *np.exp(theta[:3]), np.exp(theta[3:])
    far = ROOT_5 * np.sqrt(squares @ lengths**-2.0).reshape(len(y), len(y))
    decay = np.exp(-far)
    linear, curved = slopes * (x @ x.T), curves * (1.0 + far + far**2 / 3.0) * decay
    covariance = CONSTANT + linear + curved
    covariance[np.diag_indices_from(covariance)] += noise + left + SMALLEST
    factor = cho_factor(covariance, lower=True)
    inverse = cho_solve(factor, np.eye(len(y)))
    weights = inverse @ y
    value = 0.5 * float(y @ weights) + float(np.log(np.diag(factor[0])).sum())
    pull = 0.5 * (inverse - np.outer(weights, weights))
    by_length = curves * (5.0 / 3.0) * (1.0 + far) * decay * pull
    of_lengths = (by_length.ravel() @ squares) / lengths**2
    slope = [np.sum(pull * linear), np.sum(pull * curved), left * np.trace(pull), *of_lengths]
    return value, np.array(slope)


def _prior_draws(theta: FloatArray, x: FloatArray, count: int, generator: np.random.Generator) -> FloatArray:
    """Return draws from the prior, shape (points, count): slopes, and curves made of random waves.

    References
    ----------
    Rahimi and Recht (2007), Random features for large-scale kernel machines, Advances in Neural Information Processing
    Systems 20.
    """
    slopes, curves, lengths = math.exp(theta[0]), math.exp(theta[1]), np.exp(theta[3:])
    normal = generator.standard_normal((x.shape[1], FEATURES))
    waves = normal * np.sqrt(DEGREES / generator.chisquare(DEGREES, FEATURES)) / lengths[:, None]
    angles = x @ waves
    drawn: FloatArray = np.cos(angles) @ generator.standard_normal((FEATURES, count))
    drawn += np.sin(angles) @ generator.standard_normal((FEATURES, count))
    drawn *= math.sqrt(curves / FEATURES)
    drawn += math.sqrt(slopes) * (x @ generator.standard_normal((x.shape[1], count)))
    return drawn + math.sqrt(CONSTANT) * generator.standard_normal(count)
