"""The ranking of the points of a sweep: which keep the limits, which are efficient, which is best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, share_estimate
from funnelsim.analysis.intervals import FEWEST
from funnelsim.analysis.limits import LIMITED, ROUNDING, SHARE_WANTED, Limit, LimitCheck, limits_of_plans
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.differences import SMALLEST
from funnelsim.experiments.identical_points import base_values_of
from funnelsim.experiments.point_estimates import differences, estimate_of, interval_ends, means
from funnelsim.experiments.sweep import Sweep

YIELD = "expected_detections"
SAME_HOURS = 0.01  # a little more overtime does not make a plan dearer
_LIMITS = {SHARE_WANTED, *(f"limits.{key}" for key in LIMITED)}


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
    officer_h
        Officer-hours, the first tie-breaker.
    limits
        How its limits fare.
    """

    row: int
    point: int
    values: Mapping[str, Any]
    found: Estimate
    officer_h: Estimate
    limits: tuple[LimitCheck, ...]

    @property
    def within(self) -> bool:
        """Whether every limit is kept, in as many operations as it must be."""
        return all(check.kept for check in self.limits)


@dataclass(frozen=True)
class Ranking:
    """Which point is best.

    Attributes
    ----------
    candidates
        All points but those that another stands for (`Sweep.same_as`): the best; then those within the limits by yield;
        then the others by how far they are from keeping them.
    base
        The point that equals the base scenario, if one does.
    identical
        Number of points that another stands for.
    most
        The point that finds most of those that fare as well under the limits. It is the best one, or cannot be told
        from it and costs more.
    """

    candidates: tuple[Candidate, ...]
    base: Candidate | None = field(default=None)
    identical: int = 0
    most: Candidate | None = None

    @property
    def best(self) -> Candidate:
        """The point within the limits that finds most, or the cheapest of those that cannot be told from it.

        If none is within the limits, it is found in the same way among those that come as close to them.
        """
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
    rows = ranked(sweep, YIELD, limits)
    ordered = [_candidate(sweep, row, points[row], limits) for row in rows]
    base = next((one for one in ordered if one.point == sweep.base_point), None)
    most = _most(sweep, YIELD, as_good_as(sweep, limits, rows))
    return Ranking(
        tuple(ordered), base, len(sweep.points) - len(ordered), next(one for one in ordered if one.row == most)
    )


def _candidate(sweep: Sweep, row: int, point: int, limits: Sequence[Limit]) -> Candidate:
    return Candidate(
        row,
        point,
        sweep.values_of(point),
        estimate_of(sweep, row, YIELD),
        estimate_of(sweep, row, "officer_h"),
        tuple(check_of(sweep, row, limit) for limit in limits),
    )


def check_of(sweep: Sweep, row: int, limit: Limit) -> LimitCheck:
    """Compare a limit with the point in a row of the table of points."""
    counts, numbers = _operations_within(sweep, limit.measure, limit.values.tobytes())
    kept_in = share_estimate(int(counts[row]), int(numbers[row]))
    return limit.check(row, estimate_of(sweep, row, limit.measure), kept_in)


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


@lru_cache(maxsize=16)
def _operations_within(sweep: Sweep, measure: str, values: bytes) -> tuple[IntArray, IntArray]:
    """Return in how many operations of each point a measure is within its limit, and of how many: shape (points,).

    An operation in which the measure has no value, as nobody is delayed, is within.
    """
    points = sweep.points.select("point", limit=pl.Series(np.frombuffer(values)))
    within = (pl.col(measure).cast(pl.Float64).fill_nan(None) <= pl.col("limit")).fill_null(value=True)
    of_points = sweep.replications.join(points.lazy(), on="point").group_by("point")
    found = of_points.agg(within.sum().alias("within"), pl.len().alias("n")).collect()
    table = points.join(found, on="point", how="left", maintain_order="left").fill_null(0)
    return table["within"].cast(pl.Int64).to_numpy(), table["n"].cast(pl.Int64).to_numpy()


def shares_kept(sweep: Sweep, limit: Limit) -> FloatArray:
    """Return the share of each point's operations that keep a limit, shape (points,)."""
    counts, numbers = _operations_within(sweep, limit.measure, limit.values.tobytes())
    return counts / np.maximum(numbers, 1)


def kept(sweep: Sweep, limits: Sequence[Limit]) -> BoolArray:
    """Return at which points all of the limits are kept in as many operations as they must be, shape (points,)."""
    within = np.ones(len(sweep.points), dtype=bool)
    for limit in limits:
        within &= shares_kept(sweep, limit) >= limit.wanted - ROUNDING
    return within


def ranked(sweep: Sweep, measure: str, limits: Sequence[Limit]) -> list[int]:
    """Return the rows of the points that differ, the best first.

    Points that keep all limits come first, ordered by the measure; the others follow, ordered by how much the share of
    operations that keep a limit is too small, then by the excess of the mean. At the head stands, of the points whose
    measure cannot be told from the best one's, the one with the fewest officer-hours, and of these the one with the
    fewest stops of ordinary vehicles. Ties keep the order of the design.
    """
    within = kept(sweep, limits)
    shortfall, excess = np.zeros(len(sweep.points)), np.zeros(len(sweep.points))
    for limit in limits:
        shortfall = np.maximum(shortfall, limit.wanted - shares_kept(sweep, limit))
        excess = np.maximum(excess, np.nan_to_num(means(sweep, limit.measure) / limit.values - 1.0))
    shortfall[within] = excess[within] = 0.0
    # np.lexsort sorts by its last key first.
    rows: list[int] = np.lexsort((-_goodness(sweep, measure), excess, shortfall, ~within)).tolist()
    alone = different(sweep)
    rows = [row for row in rows if alone[row]]
    best = cheapest_of_equals(sweep, measure, as_good_as(sweep, limits, rows))
    return [best, *(row for row in rows if row != best)]


def as_good_as(sweep: Sweep, limits: Sequence[Limit], rows: Sequence[int]) -> list[int]:
    """Return those of some rows that fare as well under the limits as the one that fares best.

    Within the limits all do. Where none is within, those do whose intervals overlap with those of the row that comes
    closest: of the share of operations that keep each limit, and of what it limits.
    """
    within = kept(sweep, limits)
    if any(within[row] for row in rows):
        return [row for row in rows if within[row]]
    checks = {row: [check_of(sweep, row, limit) for limit in limits] for row in rows}
    closest = min(
        rows, key=lambda row: (max(one.shortfall for one in checks[row]), max(one.excess for one in checks[row]))
    )
    return [
        row
        for row in rows
        if row == closest
        or all(
            _reach(one.kept_in, best.kept_in, 1.0) and _reach(one.estimate, best.estimate, -1.0)
            for one, best in zip(checks[row], checks[closest], strict=True)
        )
    ]


def _reach(one: Estimate, other: Estimate, sign: float) -> bool:
    """Tell whether an estimate is as high as another (as low, with a negative sign), as far as their intervals tell."""
    return sign * one.mean >= sign * other.mean or max(one.low, other.low) <= min(one.high, other.high)


def cheapest_of_equals(sweep: Sweep, measure: str, rows: Sequence[int]) -> int:
    """Return the cheapest of the rows whose measure cannot be told from that of the row where it is best.

    Both meet the same vehicles, so they are told apart by paired differences; one that is surely below the smallest
    difference of interest, as `funnelsim compare` takes it, tells nothing. The cheapest has the fewest officer-hours
    (up to 1 %), and of these the fewest stops of ordinary vehicles.
    """
    best = _most(sweep, measure, rows)
    equals = [best, *_not_told_apart(sweep, measure, best, rows)]
    if len(equals) == 1:
        return best
    hours, stops = (np.nan_to_num(means(sweep, name)[equals]) for name in ("officer_h", "ordinary_stops"))
    cheap = hours <= (1.0 + SAME_HOURS) * hours.min()
    return equals[int(np.argmin(np.where(cheap, stops, np.inf)))]


def _most(sweep: Sweep, measure: str, rows: Sequence[int]) -> int:
    """Return the row of some where a measure is best, the first of equal ones in the design."""
    goodness = _goodness(sweep, measure)
    return min(rows, key=lambda row: (-goodness[row], row))


def _not_told_apart(sweep: Sweep, measure: str, best: int, rows: Sequence[int]) -> list[int]:
    points, (low, high) = sweep.points["point"].to_list(), interval_ends(sweep, measure)
    # Where the points' own intervals do not meet, those of paired differences do not reach across 0 either; a point
    # whose interval has no width may have none.
    wide = low < high
    near = [
        row
        for row in rows
        if row != best and ((low[row] <= high[best] and low[best] <= high[row]) or not (wide[row] and wide[best]))
    ]
    if not near:
        return []
    apart = differences(sweep, points[best], [points[row] for row in near], measure)
    # Where too few operations differ for an interval, nothing tells them apart either.
    small = SMALLEST * abs(float(means(sweep, measure)[best]))
    return sorted(
        row
        for row, one in zip(near, apart, strict=True)
        if one.n >= FEWEST and (max(abs(one.low), abs(one.high)) <= small or not (one.low > 0.0 or one.high < 0.0))
    )


def best_within(sweep: Sweep, measure: str, limits: Sequence[Limit]) -> int | None:
    """Return the row of the point that is best in a measure among those that keep all limits.

    None if none does, or if the points differ in circumstances, which nobody chooses.
    """
    if circumstances_of(sweep):
        return None
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
