"""The ranking of the points of a sweep: which keep the limits, which are efficient, which is best."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate
from funnelsim.analysis.limits import LIMITED, Limit, LimitCheck, limits_of_plans
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.identical_points import base_values_of
from funnelsim.experiments.point_estimates import estimate_of, means
from funnelsim.experiments.sweep import Sweep

YIELD = "expected_detections"
_LIMITS = {f"limits.{key}" for key in LIMITED}


def more_is_better(measure: str) -> bool:
    """Return whether a planner wants more of a measure; of delay, queue and cost it is less."""
    return measure_named(measure).better == "more"


@dataclass(frozen=True)
class Candidate:
    """A point of the sweep with its yield and its limits.

    Attributes
    ----------
    row, point
        Its row of the table of points, and its number.
    values
        By varied key its value.
    found
        The expected detections.
    limits
        How its limits fare.
    """

    row: int
    point: int
    values: Mapping[str, Any]
    found: Estimate
    limits: tuple[LimitCheck, ...]

    @property
    def within(self) -> bool:
        """Whether every limit is kept on average."""
        return all(check.kept for check in self.limits)


@dataclass(frozen=True)
class Ranking:
    """Which point is best.

    Attributes
    ----------
    candidates
        All points but those that another stands for (`Sweep.same_as`): those within the limits by yield, then the
        others by how little they exceed them.
    base
        The point that equals the base scenario, if one does.
    identical
        Number of points that another stands for.
    """

    candidates: tuple[Candidate, ...]
    base: Candidate | None = field(default=None)
    identical: int = 0

    @property
    def best(self) -> Candidate:
        """The point within the limits that finds most; if none is within, the one that exceeds them least."""
        return self.candidates[0]

    @property
    def runner_up(self) -> Candidate | None:
        """The next best point, if it keeps the limits as the best one does."""
        following = self.candidates[1] if len(self.candidates) > 1 else None
        return following if following is not None and following.within == self.best.within else None

    @property
    def within(self) -> int:
        """How many points are within the limits."""
        return sum(candidate.within for candidate in self.candidates)


def ranking_of(sweep: Sweep) -> Ranking:
    """Return the points of a sweep as candidates, in the order of `ranked`."""
    limits, points = limits_of(sweep), sweep.points["point"].to_list()
    ordered = [_candidate(sweep, row, points[row], limits) for row in ranked(sweep, YIELD, limits)]
    base = next((one for one in ordered if one.point == sweep.base_point), None)
    return Ranking(tuple(ordered), base, len(sweep.points) - len(ordered))


def _candidate(sweep: Sweep, row: int, point: int, limits: Sequence[Limit]) -> Candidate:
    checks = tuple(limit.check(row, estimate_of(sweep, row, limit.measure)) for limit in limits)
    return Candidate(row, point, sweep.values_of(point), estimate_of(sweep, row, YIELD), checks)


def base_values(sweep: Sweep) -> dict[str, Any]:
    """Return the base scenario's values of the varied keys; None where it has no such key."""
    return base_values_of(sweep.scenario, sweep.keys)


def stands_for(sweep: Sweep) -> IntArray:
    """Return the number of the point that stands for each in the ranking, itself or one with the same results."""
    numbers: IntArray = sweep.same_as.fill_null(sweep.points["point"]).to_numpy()
    return numbers


def different(sweep: Sweep) -> BoolArray:
    """Return which points stand for themselves, shape (points,): of those with the same results only one does."""
    alone: BoolArray = stands_for(sweep) == sweep.points["point"].to_numpy()
    return alone


def limits_of(sweep: Sweep) -> list[Limit]:
    """Return the limits of the scenario; a limit may itself be varied."""
    points = sweep.points["point"].to_list()
    varied = {key: [float(sweep.values_of(point)[key]) for point in points] for key in sweep.keys if key in _LIMITS}
    return limits_of_plans(sweep.scenario.limits, len(points), varied)


def kept(sweep: Sweep, limits: Sequence[Limit]) -> BoolArray:
    """Return at which points all of the limits are kept on average, shape (points,).

    A measure without a value, such as the delay of no vehicles, breaks no limit.
    """
    within = np.ones(len(sweep.points), dtype=bool)
    for limit in limits:
        within &= ~(means(sweep, limit.measure) > limit.values)
    return within


def reaches_across(sweep: Sweep, row: int, limit: Limit) -> bool:
    """Return whether the error bar of a point reaches across a limit that its mean keeps or breaks."""
    found = estimate_of(sweep, row, limit.measure)
    return math.isfinite(found.half_width) and found.reaches_across(float(limit.values[row]))


def ranked(sweep: Sweep, measure: str, limits: Sequence[Limit]) -> list[int]:
    """Return the rows of the points that differ, the best first.

    Points that keep all limits on average come first, ordered by the measure; the others follow, ordered by their worst
    excess over a limit. Ties keep the order of the design.
    """
    excess = np.zeros(len(sweep.points))
    for limit in limits:
        excess = np.maximum(excess, np.nan_to_num(means(sweep, limit.measure) / limit.values - 1.0))
    # np.lexsort sorts by its last key first.
    rows: list[int] = np.lexsort((-_goodness(sweep, measure), excess, ~kept(sweep, limits))).tolist()
    alone = different(sweep)
    return [row for row in rows if alone[row]]


def best_within(sweep: Sweep, measure: str, limits: Sequence[Limit]) -> int | None:
    """Return the row of the point that is best in a measure among those that keep all limits; None if none does."""
    first = ranked(sweep, measure, limits)[0]
    return first if kept(sweep, limits)[first] and np.isfinite(means(sweep, measure)[first]) else None


def _goodness(sweep: Sweep, measure: str) -> FloatArray:
    """Return a measure with its sign changed where less is better; a missing value is worst."""
    values = means(sweep, measure) * (1.0 if more_is_better(measure) else -1.0)
    return np.where(np.isfinite(values), values, -np.inf)


def efficient(sweep: Sweep, x: str, y: str) -> BoolArray:
    """Return which points are Pareto-efficient: no other is as good in both measures and better in one.

    Of points with the same results only the one that stands for them is.

    Parameters
    ----------
    x, y
        The two measures; more is better for yields, less for everything else.
    """
    goods = [_goodness(sweep, name) for name in (x, y)]
    known = np.isfinite(goods[0]) & np.isfinite(goods[1]) & different(sweep)
    found = known.copy()
    for row in np.flatnonzero(known):
        no_worse = known & (goods[0] >= goods[0][row]) & (goods[1] >= goods[1][row])
        better = (goods[0] > goods[0][row]) | (goods[1] > goods[1][row])
        found[row] = not np.any(no_worse & better)
    return found
