"""The choice between plans: how likely each is best, what a wrong choice costs, and what it is worth to know more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import BSpline

from funnelsim.analysis.estimates import Estimate
from funnelsim.arrays import FloatArray

PIECES: Final = 5  # of the curve through the mean of an output given one input
CUBIC: Final = 3
GRID: Final = 201
ENDS: Final = (0.025, 0.975)
ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class Threshold:
    """The value of one input at which another plan becomes as good as that which finds most on average.

    The other inputs are as uncertain as they are.

    Attributes
    ----------
    plan, input
        Numbers of the other plan and of the input, from 0.
    u
        Probability that the input lies below the threshold: the median and the interval of the draws that have one; not
        a number where there is none among the likely values, which are all but the lowest and highest 2.5 %.
    above
        Whether the other plan is better above the threshold, and not below; None where there is none.
    crossed_in
        Share of the draws from the emulator in which there is a threshold.
    """

    plan: int
    input: int
    u: Estimate
    above: bool | None
    crossed_in: float


@dataclass(frozen=True, eq=False)
class Choice:
    """The choice between plans, with intervals that hold what the emulator does not know.

    All amounts are in targets found an operation.

    Attributes
    ----------
    best_on_average
        Number of the plan that finds most on average, from 0.
    best
        By plan the probability that it finds most; plans that find the same share it.
    beats
        By other plan the probability that the first one finds more than it.
    difference
        By other plan how much more it finds than the first, on average over all circumstances.
    regret
        By plan how much less it finds than the best plan of each circumstance, on average.
    perfect_information
        What it is worth to know all inputs: by how much more is found where the best plan of each circumstance is
        chosen, and not that which is best on average (EVPI).
    partial_information
        By input what it is worth to know this one (EVPPI).
    thresholds
        By input, for each plan but the best on average: where it becomes as good as that one.
    curves
        By other plan and input how much more it finds than the first, on average given the input: mean and both ends of
        the interval on a grid of the input's probabilities from 0 to 1, shape (other plans, inputs, 3, grid).
    """

    best_on_average: int
    best: tuple[Estimate, ...]
    beats: tuple[Estimate, ...]
    difference: tuple[Estimate, ...]
    regret: tuple[Estimate, ...]
    perfect_information: Estimate
    partial_information: tuple[Estimate, ...]
    thresholds: tuple[Threshold, ...]
    curves: FloatArray


def choice_of(u: FloatArray, differences: FloatArray) -> Choice:
    """Return what follows from how much more each other plan finds than the first.

    Parameters
    ----------
    u
        Probabilities of the inputs at points that are spread as the inputs are, shape (points, inputs).
    differences
        Draws of the differences there, shape (draws, other plans, points).

    References
    ----------
    Strong, Oakley and Brennan (2014), Estimating multiparameter partial expected value of perfect information from a
    probabilistic sensitivity analysis sample: a nonparametric regression approach, Medical Decision Making 34.
    doi:10.1177/0272989X13505910
    """
    draws, others, points = differences.shape
    found = np.concatenate([np.zeros((draws, 1, points)), differences], axis=1)
    most = found.max(axis=1)
    share = (found == most[:, None]) / (found == most[:, None]).sum(axis=1, keepdims=True)  # plans that are as good
    average = found.mean(axis=2)
    basis = [_basis(u[:, place]) for place in range(u.shape[1])]
    means = [_means_given(one, differences) for one in basis]
    curves = [[_curves(one, found[:, plan]) for one in basis] for plan in range(others + 1)]
    most_on_average = int(np.argmax(average.mean(axis=0)))
    return Choice(
        best_on_average=most_on_average,
        best=tuple(_estimate(share[:, plan].mean(axis=1)) for plan in range(others + 1)),
        beats=tuple(_estimate((found[:, plan] < 0.0).mean(axis=1)) for plan in range(1, others + 1)),
        difference=tuple(_estimate(average[:, plan]) for plan in range(1, others + 1)),
        regret=tuple(_estimate((most - found[:, plan]).mean(axis=1)) for plan in range(others + 1)),
        perfect_information=_value(most, average),
        partial_information=tuple(_value(np.maximum(0.0, one.max(axis=1)), average) for one in means),
        thresholds=tuple(
            _threshold(plan, place, curve - curves[most_on_average][place])
            for plan, of_plan in enumerate(curves)
            if plan != most_on_average
            for place, curve in enumerate(of_plan)
        ),
        curves=np.array([[_band(curve) for curve in of_plan] for of_plan in curves[1:]]),
    )


def _estimate(values: FloatArray) -> Estimate:
    """Return the mean over draws of the emulator and what 95 % of them lie between."""
    low, high = np.quantile(values, ENDS)
    return Estimate(float(values.mean()), float(low), float(high), len(values))


def _value(chosen: FloatArray, average: FloatArray) -> Estimate:
    """Return by how much finds with more knowledge, (draws, points), exceed the best average, (draws, plans)."""
    value = chosen.mean(axis=1) - average.max(axis=1)
    return _estimate(np.where(value > ROUNDING * np.abs(average).max(), value, 0.0))


def _band(curves: FloatArray) -> FloatArray:
    return np.vstack([curves.mean(axis=0), np.quantile(curves, ENDS, axis=0)])


def _knots() -> FloatArray:
    inner = np.linspace(0.0, 1.0, PIECES + 1)
    return np.concatenate([np.zeros(CUBIC), inner, np.ones(CUBIC)])


def _basis(u: FloatArray) -> FloatArray:
    """Return the cubic splines of one input, shape (points, splines)."""
    made: FloatArray = BSpline.design_matrix(u, _knots(), CUBIC).toarray()
    return made


def _means_given(basis: FloatArray, differences: FloatArray) -> FloatArray:
    """Return the mean of each difference given one input, in the shape of the differences: its regression on that."""
    orthogonal, _ = np.linalg.qr(basis)
    fitted: FloatArray = (differences @ orthogonal) @ orthogonal.T
    return fitted


def _curves(basis: FloatArray, differences: FloatArray) -> FloatArray:
    """Return the mean of one difference given one input, on a grid of its probabilities, shape (draws, grid)."""
    splines, *_ = np.linalg.lstsq(basis, differences.T, rcond=None)
    made: FloatArray = (_basis(_grid()) @ splines).T
    return made


def _grid() -> FloatArray:
    return np.linspace(0.0, 1.0, GRID)


def _threshold(plan: int, place: int, curves: FloatArray) -> Threshold:
    """Return where the mean of a difference given an input changes its sign: of the mean curve, and of each draw."""
    middle = curves.mean(axis=0)
    own = np.array([at for at in _crossings(middle) if ENDS[0] <= at <= ENDS[1]])  # beyond, little holds the curve
    every = [_crossings(curve) for curve in curves]
    crossed_in = float(np.mean([len(one) > 0 for one in every]))
    if not len(own):
        return Threshold(plan, place, Estimate(np.nan, np.nan, np.nan, len(curves)), None, crossed_in)
    steepest = float(own[0] if len(own) == 1 else own[np.argmax(_steepness(middle, own))])
    nearest = [one[np.argmin(np.abs(one - steepest))] for one in every if len(one)] or [steepest]
    low, at, high = map(float, np.quantile(nearest, (ENDS[0], 0.5, ENDS[1])))
    above = bool(np.interp(min(steepest + 1.0 / GRID, 1.0), _grid(), middle) > 0.0)
    return Threshold(plan, place, Estimate(at, low, high, len(curves)), above, crossed_in)


def _crossings(curve: FloatArray) -> FloatArray:
    """Return where a curve on the grid changes its sign, by linear interpolation."""
    grid = _grid()
    before = np.flatnonzero(np.sign(curve[:-1]) * np.sign(curve[1:]) < 0.0)
    step = curve[before] / (curve[before] - curve[before + 1])
    found: FloatArray = grid[before] + step * (grid[1] - grid[0])
    return found


def _steepness(curve: FloatArray, at: Sequence[float] | FloatArray) -> FloatArray:
    slopes = np.abs(np.gradient(curve, _grid()))
    found: FloatArray = np.interp(at, _grid(), slopes)
    return found
