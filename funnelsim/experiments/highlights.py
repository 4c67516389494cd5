"""A few design points of a sweep that are worth a closer look, and their runs, simulated again."""

from collections.abc import Sequence

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.cases import cases_of, reference_case
from funnelsim.experiments.point_estimates import means
from funnelsim.experiments.ranking import YIELD, best_within, different, efficient, limits_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.run import run as simulate
from funnelsim.experiments.sweep import Sweep

MOST_HIGHLIGHTS = 4
MOST_REPLICATIONS = 50  # of a point that is simulated again: bands over the day need no more
_ROUNDING = 1e-9
_SAME_COST = 0.01  # a little more overtime does not make a plan dearer


def highlighted_points(sweep: Sweep, points: Sequence[int] | None = None) -> dict[int, str]:
    """Return the rows of a few points that are worth a closer look, each with the reason in words.

    Parameters
    ----------
    points
        Numbers of the points that the user chose; by default the cheapest, the best within the limits, and efficient
        ones, of those under the base scenario's circumstances.

    Raises
    ------
    FunnelsimError
        If a point does not exist, or too many are chosen.
    """
    numbers = sweep.points["point"].to_list()
    if points is not None:
        unknown = [str(point) for point in points if point not in numbers]
        if unknown or not 1 <= len(set(points)) <= MOST_HIGHLIGHTS:
            given = ", ".join(map(str, points)) or "none"
            allowed = f"1 to {MOST_HIGHLIGHTS} of the points {min(numbers)} to {max(numbers)}"
            raise FunnelsimError([Problem("points", f"{given} given; allowed: {allowed}")])
        return {numbers.index(point): f"point {point}" for point in dict.fromkeys(points)}
    case = reference_case(sweep, cases_of(sweep)).sweep
    found = _worth_a_look(case)
    return {numbers.index(case.points["point"][row]): reason for row, reason in found.items()}


def _worth_a_look(sweep: Sweep) -> dict[int, str]:
    """Return the rows of the points that are cheapest, best and efficient, those that find least first."""
    yields, cost = means(sweep, YIELD), means(sweep, "staff_cost")
    chosen: dict[int, str] = {}

    def choose(row: int, reason: str) -> None:
        if row in chosen:
            chosen[row] += f", {reason}"
        elif len(chosen) < MOST_HIGHLIGHTS:
            chosen[row] = reason

    limits = limits_of(sweep)
    best = best_within(sweep, YIELD, limits)
    if best is not None and limits:
        choose(best, "best within the limits")
    cheap = cost <= (1.0 + _SAME_COST) * np.nanmin(cost)
    if not cheap.all():
        choose(int(np.argmax(np.where(cheap & different(sweep), np.nan_to_num(yields), -1.0))), "cheapest")
    delays = means(sweep, "delay_p95_s")
    front = np.flatnonzero(efficient(sweep, YIELD, "delay_p95_s"))
    front = front[np.lexsort((cost[front], yields[front]))]
    front = front[[k == 0 or not _equal(yields, delays, front[k - 1], front[k]) for k in range(len(front))]]
    if len(front):
        most = np.flatnonzero(different(sweep) & (yields >= (1.0 - _ROUNDING) * np.nanmax(yields)))
        choose(int(most[np.argmin(cost[most])]), "most found")  # of equals the cheapest, which the front need not hold
        choose(int(front[0]), "least delay")
        choose(int(front[len(front) // 2]), "efficient")
    return {row: chosen[row] for row in sorted(chosen, key=lambda row: float(np.nan_to_num(yields[row])))}


def _equal(yields: FloatArray, delays: FloatArray, one: int, other: int) -> bool:
    """Tell whether two points find and delay the same: what they differ in is no use."""
    return all(abs(values[one] - values[other]) <= _ROUNDING * abs(values[one]) for values in (yields, delays))


def simulated_again(sweep: Sweep, row: int, jobs: int = 1) -> Run:
    """Simulate a design point again with the sweep's random numbers: a sweep does not keep the queue over the day.

    Parameters
    ----------
    row
        Its row of the table of points.
    jobs
        How many threads share the work.
    """
    point, replications = (int(sweep.points[name][row]) for name in ("point", "n"))
    return simulate(sweep.scenario_of(point), min(MOST_REPLICATIONS, replications), sweep.settings.seed, jobs)
