"""The regular grid of time on which the day of an operation is told."""

from collections.abc import Iterator

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan

STEP_S = 120.0
AFTERWARDS_S = 3600.0
MOST_BINS = 2000


def time_edges(plan: Plan) -> FloatArray:
    """Return the edges of the grid, from the first opening to an hour after the last closing, seconds after midnight.

    Where that would be too many bins, only the windows with an hour after each are on it; what lies in between is one
    long bin, which is no part of the series.
    """
    opens_s, closes_s = plan.window_s
    until_s = min(closes_s + AFTERWARDS_S, plan.road.demand.window_s[1])
    edges = _grid(opens_s, until_s)
    if len(edges) - 1 <= MOST_BINS:
        return edges
    return np.unique(np.concatenate([_grid(from_s, min(to_s, until_s)) for from_s, to_s in _around_windows(plan)]))


def _grid(from_s: float, to_s: float) -> FloatArray:
    return np.arange(from_s, to_s + STEP_S / 2.0, STEP_S)


def _around_windows(plan: Plan) -> Iterator[tuple[float, float]]:
    """Yield the windows with an hour after each, those joined that touch then."""
    from_s, to_s = plan.window_s[0], plan.window_s[0]
    for opens_s, closes_s in plan.windows_s:
        if opens_s > to_s:
            yield from_s, to_s
            from_s = opens_s
        to_s = closes_s + AFTERWARDS_S
    yield from_s, to_s
