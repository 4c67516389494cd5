"""What one replication looks like over the day, on a regular grid of time (`funnelsim.analysis.grid`)."""

import numpy as np

from funnelsim.analysis.delays import DELAY_BIN_S, DELAY_BINS, delay_counts
from funnelsim.analysis.grid import STEP_S, time_edges
from funnelsim.analysis.notes import INSPECTED, Notes, noted
from funnelsim.analysis.records import Records
from funnelsim.analysis.spans import bin_of, raise_to_steps, spread
from funnelsim.analysis.yardstick import Yardstick, yardstick_of
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

__all__ = ["DELAY_BINS", "DELAY_BIN_S", "STEP_S", "delay_counts", "series", "series_into", "time_edges"]


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
    records, yardstick, notes = noted(log, plan)
    matrix = np.empty((len(series_names(plan)), len(yardstick.edges) - 1))
    series_into(matrix, records, yardstick, notes)
    return series_columns(matrix, plan)


def series_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the rows that `series_into` writes."""
    tails = [f"tail_m.{one.direction}" for one in plan.funnels] if plan.other_funnels else []
    in_use = [f"in_use.{name}" for name in plan.inspection.pools]
    return ("time_s", "tail_m", *tails, "delay_s", "bays", *in_use, "expected_detections")


def series_columns(matrix: FloatArray, plan: Plan) -> dict[str, FloatArray]:
    """Return what `series_into` has written by name, without the bins that are no part of the series."""
    on_grid = np.diff(yardstick_of(plan).edges) <= STEP_S
    return {name: column[..., on_grid] for name, column in zip(series_names(plan), matrix, strict=True)}


@compiled
def series_into(matrix: FloatArray, records: Records, yardstick: Yardstick, notes: Notes) -> None:
    """Write the day of one replication.

    Parameters
    ----------
    matrix
        Written, shape (names, bins): the rows of `series_names`, and all bins between the yardstick's edges.
    records, yardstick
        The log and the plan.
    notes
        Taken of the log before (`funnelsim.analysis.notes.take_notes`).
    """
    edges, staff, funnels = yardstick.edges, yardstick.staff, len(records.first) - 1
    bins = len(edges) - 1
    matrix[:] = 0.0
    matrix[0] = edges[:bins]
    at = 2 if funnels == 1 else 2 + funnels
    for funnel in range(funnels):
        row = matrix[1 if funnels == 1 else 2 + funnel]
        first, end = notes.tail_first[funnel], notes.tail_first[funnel + 1]
        raise_to_steps(row, notes.tail_s[first:end], notes.tail_m[first:end], edges)
        matrix[1] = np.maximum(matrix[1], row)
    _mean_delays(matrix[at], matrix[at + 1], records, notes, edges)
    at += 1
    matrix[at] = 0.0
    for i in notes.inspected[: notes.numbers[INSPECTED]]:
        spread(matrix[at], records.bay_from_s[i], records.bay_to_s[i], 1.0, edges)
    for use in range(len(records.stage)):
        for pool in range(staff.pools):
            units = staff.need[records.stage[use], pool]
            if units > 0:
                spread(matrix[at + 1 + pool], records.stage_from_s[use], records.stage_to_s[use], units, edges)
    for place in range(bins):
        matrix[at : at + 1 + staff.pools, place] /= edges[place + 1] - edges[place]
    _expected_detections(matrix[at + 1 + staff.pools], records, notes, edges)


@compiled
def _mean_delays(means_s: FloatArray, number: FloatArray, records: Records, notes: Notes, edges: FloatArray) -> None:
    """Write mean delays by bin; `number` is room to count in."""
    bins, place = len(edges) - 1, 0
    passages_s, baselines_s, delayed = records.passed_s, records.baseline_s, notes.delayed
    for i in range(len(passages_s)):
        if delayed[i]:
            place = bin_of(passages_s[i], edges, max(place, 0))
            if 0 <= place < bins:
                means_s[place] += passages_s[i] - baselines_s[i]
                number[place] += 1.0
    for place in range(bins):
        means_s[place] = means_s[place] / number[place] if number[place] > 0.0 else np.nan


@compiled
def _expected_detections(by_bin: FloatArray, records: Records, notes: Notes, edges: FloatArray) -> None:
    bins, place = len(edges) - 1, 0
    arrivals_s, found, met = records.arrival_s, notes.found, notes.met
    for i in range(len(arrivals_s)):
        if met[i]:
            # A grid without time after the operation may end a minute early: its last bin takes those who come then.
            place = min(bin_of(arrivals_s[i], edges, place), bins - 1)
            by_bin[place] += found[i]
