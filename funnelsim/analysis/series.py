"""What one replication looks like over the day, on a regular grid of time."""

import numpy as np

from funnelsim.analysis.delays import counts_for_delay, delay_s, tail_steps
from funnelsim.analysis.occupancy import pool_in_use
from funnelsim.analysis.steps import FloatArray, IntArray, in_use, maxima_of_steps, means_of_steps
from funnelsim.model.log import Fate, Log
from funnelsim.model.plan import Plan

STEP_S = 120.0
DELAY_BIN_S = 5.0
DELAY_BINS = 2880  # up to four hours; longer delays fall into the last bin


def time_edges(plan: Plan) -> FloatArray:
    """Return the edges of the grid, from opening to an hour after closing, seconds after midnight."""
    opens_s, closes_s = plan.window_s
    until_s = min(closes_s + 3600.0, plan.road.demand.window_s[1])
    return np.arange(opens_s, until_s + STEP_S / 2.0, STEP_S)


def series(log: Log, plan: Plan) -> dict[str, FloatArray]:
    """Return the day of one replication in bins of two minutes.

    Returns
    -------
    dict
        `time_s`: beginning of the bin; `tail_m`: the longest queue in it; `delay_s`: mean delay of those who pass the
        selection point in it and are not inspected, not a number where nobody does; `bays`: bays in use, mean;
        `in_use.POOL`: officers or equipment in stages, mean. Each of shape (bins,).
    """
    edges = time_edges(plan)
    columns = {"time_s": edges[:-1], "tail_m": maxima_of_steps(*tail_steps(log), edges)}
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    who &= (log.passed_s >= edges[0]) & (log.passed_s < edges[-1])
    index = np.searchsorted(edges, log.passed_s[who], side="right") - 1
    number = np.bincount(index, minlength=len(edges) - 1)
    total = np.bincount(index, weights=delay_s(log)[who], minlength=len(edges) - 1)
    columns["delay_s"] = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)
    inspected = log.fate == Fate.INSPECTED
    columns["bays"] = means_of_steps(*in_use(log.bay_from_s[inspected], log.left_s[inspected]), edges)
    for pool, name in enumerate(plan.inspection.pools):
        columns[f"in_use.{name}"] = means_of_steps(*pool_in_use(log, plan, pool), edges)
    return columns


def delay_counts(log: Log, plan: Plan) -> IntArray:
    """Count the vehicles that are not inspected by class and delay in bins of 5 s, shape (classes, bins)."""
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    bins = np.clip((delay_s(log)[who] / DELAY_BIN_S).astype(np.int64), 0, DELAY_BINS - 1)
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    np.add.at(counts, (log.traffic.vehicle_class[who], bins), 1)
    return counts
