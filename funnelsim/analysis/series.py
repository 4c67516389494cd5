"""What one replication looks like over the day, on a regular grid of time."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.delays import counts_for_delay, delay_s, tail_steps
from funnelsim.analysis.occupancy import pool_in_use
from funnelsim.analysis.sides import sides
from funnelsim.analysis.steps import FloatArray, IntArray, in_use, maxima_of_steps, means_of_steps
from funnelsim.analysis.yields import chances, in_operation
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

STEP_S = 120.0
AFTERWARDS_S = 3600.0
MOST_BINS = 2000
DELAY_BIN_S = 5.0
DELAY_BINS = 2880  # up to four hours; longer delays fall into the last bin


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


def series(log: Log, plan: Plan) -> dict[str, FloatArray]:
    """Return the day of one replication in bins of two minutes.

    Returns
    -------
    dict
        `time_s`: beginning of the bin; `tail_m`: the longest queue in it, and `tail_m.DIRECTION` where there are
        several funnels; `delay_s`: mean delay of those who pass the selection point in it and are not inspected, not a
        number where nobody does; `bays`: bays in use, mean; `in_use.POOL`: officers or equipment in stages, mean;
        `expected_detections`: expected detections of those whose unobstructed arrival lies in it. Each of shape
        (bins,).
    """
    edges = time_edges(plan)
    columns = {"time_s": edges[:-1]} | _tails(log, plan, edges)
    columns["delay_s"] = _mean_delays(log, plan, edges)
    inspected = log.inspected
    columns["bays"] = means_of_steps(*in_use(log.bay_from_s[inspected], log.bay_to_s[inspected]), edges)
    for pool, name in enumerate(plan.inspection.pools):
        columns[f"in_use.{name}"] = means_of_steps(*pool_in_use(log, plan, pool), edges)
    columns["expected_detections"] = _expected_detections(log, plan, edges)
    on_grid = np.diff(edges) <= STEP_S
    return {name: column[on_grid] for name, column in columns.items()}


def _tails(log: Log, plan: Plan, edges: FloatArray) -> dict[str, FloatArray]:
    each = {of_one.direction: maxima_of_steps(*tail_steps(one), edges) for one, of_one in sides(log, plan)}
    longest = np.max(list(each.values()), axis=0)
    by_direction = {f"tail_m.{direction}": tail_m for direction, tail_m in each.items()} if plan.beside else {}
    return {"tail_m": longest} | by_direction


def _mean_delays(log: Log, plan: Plan, edges: FloatArray) -> FloatArray:
    who = counts_for_delay(log, plan) & ~log.inspected
    who &= (log.passed_s >= edges[0]) & (log.passed_s < edges[-1])
    index = np.searchsorted(edges, log.passed_s[who], side="right") - 1
    number = np.bincount(index, minlength=len(edges) - 1)
    total = np.bincount(index, weights=delay_s(log)[who], minlength=len(edges) - 1)
    means: FloatArray = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)
    return means


def _expected_detections(log: Log, plan: Plan, edges: FloatArray) -> FloatArray:
    bins = len(edges) - 1
    arrival_s = log.arrival_s[in_operation(log, plan)]
    index = np.searchsorted(edges, arrival_s, side="right") - 1
    # A grid without time after the operation may end a minute early: its last bin takes those who come then.
    found = chances(log, plan).found.sum(axis=1)
    return np.bincount(np.minimum(index, bins - 1), weights=found, minlength=bins).astype(np.float64)


def delay_counts(log: Log, plan: Plan) -> IntArray:
    """Count the vehicles that are not inspected by class and delay in bins of 5 s, shape (classes, bins)."""
    who = counts_for_delay(log, plan) & ~log.inspected
    bins = np.clip((delay_s(log)[who] / DELAY_BIN_S).astype(np.int64), 0, DELAY_BINS - 1)
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    np.add.at(counts, (log.traffic.vehicle_class[who], bins), 1)
    return counts
