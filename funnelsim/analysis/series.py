"""What one replication looks like over the day, on a regular grid of time (`funnelsim.analysis.grid`)."""

import numpy as np

from funnelsim.analysis.buffers import (
    CHANCE_FOUND,
    DELAYED,
    IN_OPERATION,
    INSPECTED_VEHICLES,
    INSPECTIONS,
    MeasureBuffers,
    prepared,
)
from funnelsim.analysis.delays import DELAY_BIN_S, DELAY_BINS, count_delays
from funnelsim.analysis.grid import STEP_S, time_edges
from funnelsim.analysis.inputs import MeasureInputs, inputs_of
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.spans import bin_of, raise_to_steps, spread
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.engines.compiled.buffers import ARRIVAL_S, BASELINE_S, BAY_FROM_S, BAY_TO_S, PASSED_S
from funnelsim.model.compiled import inner, kernel
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

__all__ = ["DELAY_BINS", "DELAY_BIN_S", "STEP_S", "day_into", "delay_counts", "series", "time_edges"]


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
    return series_columns(_day(log, plan)[0], plan)


def delay_counts(log: Log, plan: Plan) -> IntArray:
    """Count the vehicles that are not inspected by class and delay in bins of 5 s, shape (classes, bins)."""
    return _day(log, plan)[1]


def _day(log: Log, plan: Plan) -> tuple[FloatArray, IntArray]:
    arrays, inputs, buffers = prepared(log, plan)
    matrix = np.empty((len(series_names(plan)), len(inputs.edges) - 1))
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    day_into(matrix, counts, arrays, inputs, buffers)
    return matrix, counts


def series_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the rows that `day_into` writes."""
    tails = [f"tail_m.{one.direction}" for one in plan.funnels] if plan.other_funnels else []
    in_use = [f"in_use.{name}" for name in plan.inspection.pools]
    return ("time_s", "tail_m", *tails, "delay_s", "bays", *in_use, "expected_detections")


def series_columns(matrix: FloatArray, plan: Plan) -> dict[str, FloatArray]:
    """Return what `day_into` has written by name, without the bins that are no part of the series."""
    on_grid = np.diff(inputs_of(plan).edges) <= STEP_S
    return {name: column[..., on_grid] for name, column in zip(series_names(plan), matrix, strict=True)}


@kernel
def day_into(
    matrix: FloatArray, delay_counts: IntArray, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers
) -> None:
    """Write the day of one replication.

    Parameters
    ----------
    matrix
        Written, shape (names, bins): the rows of `series_names`, and all bins between the edges of the inputs.
    delay_counts
        Delays are added to these, shape (classes, bins).
    log, inputs
        The log and what else it takes.
    buffers
        Prepared for the log before (`funnelsim.analysis.buffers.prepare`).
    """
    edges, pools, funnels = inputs.edges, inputs.staff[0]["pools"], len(log.first) - 1
    bins = len(edges) - 1
    matrix[:] = 0.0
    at = 2 if funnels == 1 else 2 + funnels
    for funnel in range(funnels):
        of_funnel = 1 if funnels == 1 else 2 + funnel
        first, end = buffers.tail_first[funnel], buffers.tail_first[funnel + 1]
        raise_to_steps(matrix[of_funnel], buffers.tail_s[first:end], buffers.tail_m[first:end], edges)
        for position in range(bins):
            matrix[1, position] = max(matrix[1, position], matrix[of_funnel, position])
    _mean_delays(matrix[at], matrix[at + 1], log, buffers, edges)
    at += 1
    matrix[at] = 0.0
    inspected, bay_from_s, bay_to_s = buffers.ints[INSPECTED_VEHICLES], log.floats[BAY_FROM_S], log.floats[BAY_TO_S]
    for k in range(buffers.counts[INSPECTIONS]):
        spread(matrix[at], bay_from_s[inspected[k]], bay_to_s[inspected[k]], 1.0, edges)
    for use in range(len(log.stage)):
        for pool in range(pools):
            units = inputs.need[log.stage[use], pool]
            if units > 0:
                spread(matrix[at + 1 + pool], log.stage_from_s[use], log.stage_to_s[use], float(units), edges)
    for position in range(bins):
        matrix[0, position] = edges[position]
        for busy in range(at, at + 1 + pools):
            matrix[busy, position] /= edges[position + 1] - edges[position]
    _expected_detections(matrix[at + 1 + pools], log, buffers, edges)
    count_delays(delay_counts, log, buffers)


@inner
def _mean_delays(
    means_s: FloatArray, number: FloatArray, log: LogArrays, buffers: MeasureBuffers, edges: FloatArray
) -> None:
    """Write mean delays by bin; `number` is room to count in."""
    bins, position = len(edges) - 1, 0
    passages_s, baselines_s, delayed = log.floats[PASSED_S], log.floats[BASELINE_S], buffers.bools[DELAYED]
    for i in range(log.first[len(log.first) - 1]):
        if delayed[i]:
            position = bin_of(passages_s[i], edges, max(position, 0))
            if 0 <= position < bins:
                means_s[position] += passages_s[i] - baselines_s[i]
                number[position] += 1.0
    for position in range(bins):
        means_s[position] = means_s[position] / number[position] if number[position] > 0.0 else np.nan


@inner
def _expected_detections(by_bin: FloatArray, log: LogArrays, buffers: MeasureBuffers, edges: FloatArray) -> None:
    bins, position = len(edges) - 1, 0
    arrivals_s, found, in_operation = log.floats[ARRIVAL_S], buffers.floats[CHANCE_FOUND], buffers.bools[IN_OPERATION]
    for i in range(log.first[len(log.first) - 1]):
        if in_operation[i]:
            # A grid without time after the operation may end a minute early: its last bin takes those who come then.
            position = min(bin_of(arrivals_s[i], edges, position), bins - 1)
            by_bin[position] += found[i]
