"""The trade-off between targets found, P95 delay and officer-hours: the plans that no other one beats in all three."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.analysis.estimates import Estimate, chance_estimate, mean_estimate
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.decision.optimisation.question import OF_FRONT, Question
from funnelsim.decision.optimisation.requirement import ROUNDING
from funnelsim.decision.optimisation.search import Searched
from funnelsim.decision.simulations import Simulations
from funnelsim.experiments.vary import Point

MOST_POINTS: Final = 40
REPLICATIONS: Final = 200  # of each, on random numbers that the search never saw


@dataclass(frozen=True, eq=False)
class FrontPoint:
    """A plan on the front.

    Attributes
    ----------
    values
        What it changes.
    estimates
        Of the objectives, by measure.
    kept_in
        By key of each limit the share of operations that keep it.
    """

    values: Point
    estimates: dict[str, Estimate]
    kept_in: dict[str, Estimate]


@dataclass(frozen=True, eq=False)
class Front:
    """The front.

    Attributes
    ----------
    points
        Its plans, the one that finds most first.
    """

    points: tuple[FrontPoint, ...]


def efficient(goals: FloatArray) -> BoolArray:
    """Return which plans are on the front: no other is as good in every goal and better in one.

    Parameters
    ----------
    goals
        More being better, shape (plans, goals).

    Examples
    --------
    >>> efficient(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])).tolist()
    [True, True, False, True]
    """
    as_good: BoolArray = np.all(goals[None, :, :] >= goals[:, None, :], axis=2)
    better: BoolArray = np.any(goals[None, :, :] > goals[:, None, :], axis=2)
    front: BoolArray = ~np.any(as_good & better, axis=1)
    return front


def front_of(question: Question, searching: Simulations, searched: Searched, selecting: Simulations) -> Front:
    """Return the front of what was searched and today's plan, with figures from random numbers that no search saw."""
    signs = np.array(question.signs)
    keeping = [number for number in searched.numbers if _keeps(question, searched.values[number])]
    means = [signs * np.nan_to_num(searched.values[n][:, : len(signs)]).mean(axis=0) for n in keeping]
    goals = np.array(means).reshape(-1, len(signs))
    on_front = [searching.points[number] for number, at in zip(keeping, efficient(goals), strict=True) if at]
    most = max(1, min(MOST_POINTS, (question.replications - searching.simulated) // REPLICATIONS - 1))
    candidates = on_front[:: max(1, -(-len(on_front) // most))]
    today = {key: value for key, value in question.today.items() if value is not None}
    if question.identity(today) not in map(question.identity, candidates):
        candidates.append(today)
    numbers = [selecting.add(values) for values in candidates]
    simulated = selecting(numbers, range(REPLICATIONS))
    simulated[:, :, : len(signs)] = np.nan_to_num(simulated[:, :, : len(signs)])
    again = efficient((signs * simulated[:, :, : len(signs)]).mean(axis=1))
    points = [
        _point(question, selecting.points[number], values)
        for number, values, at in zip(numbers, simulated, again, strict=True)
        if at and _keeps(question, values)
    ]
    return Front(tuple(sorted(points, key=lambda point: -point.estimates[OF_FRONT[0]].mean)))


def _keeps(question: Question, values: FloatArray) -> bool:
    """Tell whether a plan seems to keep what it must."""
    measured = values[:, len(question.signs) :].T
    return all(
        one.shortfall(float(one.values(of_one).mean())) <= ROUNDING
        for one, of_one in zip(question.requirements, measured, strict=True)
    )


def _point(question: Question, point: Point, values: FloatArray) -> FrontPoint:
    kept = {}
    for one, of_one in zip(question.requirements, values[:, len(question.signs) :].T, strict=True):
        if one.in_share is not None:
            kept[one.key] = chance_estimate(one.values(of_one) > 0.0)
    estimates = {name: mean_estimate(values[:, k]) for k, name in enumerate(OF_FRONT)}
    return FrontPoint(point, estimates, kept)
