"""Which design points of a sweep a planner should look at: the efficient ones, the best within limits, the cheapest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from funnelsim.analysis.estimates import Estimate
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.measures import more_is_better

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_CHOSEN = 4
_SAME_COST = 0.01  # a little more overtime does not make a plan dearer
_LIMITED = {"delay_p95_s": ("limits.p95_delay_min", 60.0), "tail_max_m": ("limits.tail_m", 1.0)}


@dataclass(frozen=True)
class Limit:
    """A limit of the scenario.

    Attributes
    ----------
    measure
        What it limits.
    values
        The limit of each design point, in the unit of the measure, shape (points,).
    """

    measure: str
    values: FloatArray

    @property
    def single(self) -> float | None:
        """The limit, if it is the same for all points."""
        return float(self.values[0]) if np.all(self.values == self.values[0]) else None


def measures_of(sweep: Sweep) -> list[str]:
    """Return the names of all measures that the sweep has estimates of."""
    return [name.removesuffix(".mean") for name in sweep.points.columns if name.endswith(".mean")]


def check_measure(sweep: Sweep, measure: str) -> str:
    """Return the name of a measure if the sweep has it.

    Raises
    ------
    FunnelsimError
        If it does not.
    """
    allowed = measures_of(sweep)
    if measure not in allowed:
        raise FunnelsimError([Problem(measure, f"unknown measure; allowed: {', '.join(allowed)}")])
    return measure


def means(sweep: Sweep, measure: str) -> FloatArray:
    """Return the estimates of a measure, shape (points,); not a number where there is none."""
    return _column(sweep, f"{check_measure(sweep, measure)}.mean")


def half_widths(sweep: Sweep, measure: str) -> FloatArray:
    """Return the half-widths of a measure, shape (points,); not a number where there is none."""
    return _column(sweep, f"{check_measure(sweep, measure)}.half_width")


def _column(sweep: Sweep, name: str) -> FloatArray:
    values: FloatArray = sweep.points[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return values


def estimates_of(sweep: Sweep, row: int) -> dict[str, Estimate]:
    """Return the estimates of all measures at the point in a row of the table of points."""
    return {
        name: Estimate(float(means(sweep, name)[row]), float(half_widths(sweep, name)[row]), int(n or 0))
        for name in measures_of(sweep)
        for n in [sweep.points[f"{name}.n"][row]]
    }


def limits_of(sweep: Sweep) -> list[Limit]:
    """Return the limits of the scenario; a limit may itself be varied."""
    limits = sweep.scenario.limits
    given = {"limits.p95_delay_min": limits.p95_delay_min, "limits.tail_m": limits.tail_m}
    found = []
    for measure, (key, times) in _LIMITED.items():
        if key in sweep.keys:
            found.append(Limit(measure, times * _column(sweep, key)))
        elif (value := given[key]) is not None:
            found.append(Limit(measure, np.full(len(sweep.points), times * value)))
    return found


def kept(sweep: Sweep, limits: Sequence[Limit]) -> BoolArray:
    """Return at which points all of the limits are kept on average, shape (points,).

    What has no value, as nobody is delayed, breaks nothing.
    """
    within = np.ones(len(sweep.points), dtype=bool)
    for limit in limits:
        within &= ~(means(sweep, limit.measure) > limit.values)
    return within


def efficient(sweep: Sweep, x: str, y: str) -> BoolArray:
    """Return which points are Pareto-efficient: no other is as good in both measures and better in one.

    Parameters
    ----------
    x, y
        The two measures; of yields more is better, of everything else less.
    """
    goods = [means(sweep, name) * (1.0 if more_is_better(name) else -1.0) for name in (x, y)]
    known = np.isfinite(goods[0]) & np.isfinite(goods[1])
    found = known.copy()
    for row in np.flatnonzero(known):
        no_worse = known & (goods[0] >= goods[0][row]) & (goods[1] >= goods[1][row])
        better = (goods[0] > goods[0][row]) | (goods[1] > goods[1][row])
        found[row] = not np.any(no_worse & better)
    return found


def best_within(sweep: Sweep, measure: str, limits: Sequence[Limit]) -> int | None:
    """Return the row of the point that is best in a measure among those that keep all limits; None if none does."""
    good = means(sweep, measure) * (1.0 if more_is_better(measure) else -1.0)
    good = np.where(kept(sweep, limits) & np.isfinite(good), good, -np.inf)
    best = int(np.argmax(good))
    return best if np.isfinite(good[best]) else None


def reaches_across(sweep: Sweep, row: int, limit: Limit) -> bool:
    """Return whether the error bar of a point reaches across a limit that its mean keeps or breaks."""
    distance = abs(means(sweep, limit.measure)[row] - limit.values[row])
    return bool(distance < half_widths(sweep, limit.measure)[row])


def chosen_points(sweep: Sweep, points: Sequence[int] | None = None) -> dict[int, str]:
    """Return the rows of a few points worth a closer look, each with the reason in words.

    Parameters
    ----------
    points
        Numbers of the points that the user chose; left out, the cheapest, the best within limits, and efficient ones.

    Raises
    ------
    FunnelsimError
        If a point does not exist, or too many are chosen.
    """
    numbers = sweep.points["point"].to_list()
    if points is not None:
        unknown = [str(point) for point in points if point not in numbers]
        if unknown or not 1 <= len(set(points)) <= MOST_CHOSEN:
            given = ", ".join(map(str, points)) or "none"
            allowed = f"1 to {MOST_CHOSEN} of the points {min(numbers)} to {max(numbers)}"
            raise FunnelsimError([Problem("points", f"{given} given; allowed: {allowed}")])
        return {numbers.index(point): f"point {point}" for point in dict.fromkeys(points)}
    yields, cost = means(sweep, "expected_detections"), means(sweep, "staff_cost")
    chosen: dict[int, str] = {}

    def choose(row: int, reason: str) -> None:
        if row in chosen:
            chosen[row] += f", {reason}"
        elif len(chosen) < MOST_CHOSEN:
            chosen[row] = reason

    limits = limits_of(sweep)
    best = best_within(sweep, "expected_detections", limits)
    if best is not None and limits:
        choose(best, "best within the limits")
    cheap = cost <= (1.0 + _SAME_COST) * np.nanmin(cost)
    if not cheap.all():
        choose(int(np.argmax(np.where(cheap, np.nan_to_num(yields), -1.0))), "cheapest")
    front = np.flatnonzero(efficient(sweep, "expected_detections", "delay_p95_s"))
    front = front[np.argsort(yields[front])]
    if len(front):
        choose(int(front[-1]), "most found")
        choose(int(front[0]), "least delay")
        choose(int(front[len(front) // 2]), "efficient")
    return {row: chosen[row] for row in sorted(chosen, key=lambda row: float(np.nan_to_num(yields[row])))}
