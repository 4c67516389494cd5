"""The queue of one replication: how long it is, for how long, and when it has gone."""

import numpy as np

from funnelsim.analysis.buffers import MeasureBuffers, prepared
from funnelsim.analysis.inputs import CLOSES_S, OPENS_S, MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.spans import within_s
from funnelsim.arrays import FloatArray, Records
from funnelsim.engines.compiled.buffers import BASELINE_S, PASSED_S
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

QUEUE_NAMES = (
    "tail_max_m",
    "tail_mean_m",
    "tail_over_critical_share",
    "spillback",
    "beyond_approach",
    "beyond_approach_s",
    "beyond_approach_after_s",
    "cleared_after_s",
)


def queue(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the queue, measured upstream from the taper; of several funnels, of the longest queue.

    Means and shares of time are over the operation; the longest queue and spillback also count what grows after it.
    """
    row = np.empty(len(QUEUE_NAMES))
    queue_into(row, 0, *prepared(log, plan))
    return dict(zip(QUEUE_NAMES, row.tolist(), strict=True))


@inner
def queue_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of the queue from column `at` on; return the column behind them."""
    windows_s, length_s, funnels = inputs.windows_s, inputs.staff[0]["length_s"], len(log.first) - 1
    tail_max_m, spillback, first_s = 0.0, 0.0, np.inf
    for funnel in range(funnels):
        longest_m = longest_tail_m(buffers, funnel, windows_s[OPENS_S, 0])
        tail_max_m = max(tail_max_m, longest_m)
        if longest_m > inputs.funnels[funnel]["critical_m"]:
            spillback = 1.0
        first_s = min(first_s, _first_beyond_s(buffers, funnel, inputs.funnels[funnel]["approach_m"], windows_s))
    if funnels == 1:
        of_funnel = inputs.funnels[0]
        metre_s, beyond_s, off_s = _of_one(buffers, windows_s, of_funnel["critical_m"], of_funnel["approach_m"])
    else:
        metre_s, beyond_s, off_s = _of_several(buffers, windows_s, inputs.funnels)
    row[at] = tail_max_m
    row[at + 1] = metre_s / length_s
    row[at + 2] = beyond_s / length_s
    row[at + 3] = spillback
    row[at + 4] = first_s < np.inf
    row[at + 5] = off_s
    row[at + 6] = first_s - windows_s[OPENS_S, 0] if first_s < np.inf else np.nan
    row[at + 7] = _cleared_after_s(log, windows_s)
    return at + 8


@inner
def _first_beyond_s(buffers: MeasureBuffers, funnel: int, approach_m: float, windows_s: FloatArray) -> float:
    """Return when the queue of a funnel first is longer than its approach, infinity where it never is."""
    for step in range(buffers.tail_first[funnel], buffers.tail_first[funnel + 1]):
        if buffers.tail_s[step] >= windows_s[OPENS_S, 0] and buffers.tail_m[step] > approach_m:
            return float(buffers.tail_s[step])
    return np.inf


@inner
def longest_tail_m(buffers: MeasureBuffers, funnel: int, since_s: float) -> float:
    """Return the longest queue of a funnel that begins to be so long at some moment or later."""
    moments, metres = buffers.tail_s, buffers.tail_m
    longest_m = 0.0
    for step in range(buffers.tail_first[funnel], buffers.tail_first[funnel + 1]):
        if moments[step] >= since_s:
            longest_m = max(longest_m, metres[step])
    return longest_m


@inner
def _of_one(
    buffers: MeasureBuffers, windows_s: FloatArray, critical_m: float, approach_m: float
) -> tuple[float, float, float]:
    """Return the metre-seconds of the queue, and its seconds beyond critical point and approach, in the operation."""
    moments, metres, opens_s, closes_s = buffers.tail_s, buffers.tail_m, windows_s[OPENS_S], windows_s[CLOSES_S]
    metre_s, beyond_s, off_s = 0.0, 0.0, 0.0
    for step in range(buffers.tail_first[1] - 1):  # with the last one, nobody is left
        if metres[step] > 0.0:
            seconds = within_s(moments[step], moments[step + 1], opens_s, closes_s)
            metre_s += metres[step] * seconds
            if metres[step] > critical_m:
                beyond_s += seconds
            if metres[step] > approach_m:
                off_s += seconds
    return metre_s, beyond_s, off_s


@inner
def _of_several(buffers: MeasureBuffers, windows_s: FloatArray, of_funnels: Records) -> tuple[float, float, float]:
    """Return the same of the longest of several queues at each time, beyond any critical point and any approach."""
    moments, metres, first = buffers.tail_s, buffers.tail_m, buffers.tail_first
    funnels = len(of_funnels)
    coming = buffers.by_part[0]  # the next step of each
    for funnel in range(funnels):
        coming[funnel] = first[funnel]
    metre_s, beyond_s, off_s = 0.0, 0.0, 0.0
    now_s = -np.inf
    while True:
        longest_m, beyond_m, off_m, next_s = 0.0, 0.0, 0.0, np.inf
        for funnel in range(funnels):
            while coming[funnel] < first[funnel + 1] and moments[coming[funnel]] <= now_s:
                coming[funnel] += 1
            if coming[funnel] > first[funnel]:
                tail_m = metres[coming[funnel] - 1]
                longest_m = max(longest_m, tail_m)
                beyond_m = max(beyond_m, tail_m - of_funnels[funnel]["critical_m"])
                off_m = max(off_m, tail_m - of_funnels[funnel]["approach_m"])
            if coming[funnel] < first[funnel + 1]:
                next_s = min(next_s, moments[coming[funnel]])
        if next_s == np.inf:
            return metre_s, beyond_s, off_s
        if longest_m > 0.0:
            seconds = within_s(now_s, next_s, windows_s[OPENS_S], windows_s[CLOSES_S])
            metre_s += longest_m * seconds
            beyond_s += seconds * (beyond_m > 0.0)
            off_s += seconds * (off_m > 0.0)
        now_s = next_s


@inner
def _cleared_after_s(log: LogArrays, windows_s: FloatArray) -> float:
    """Return how long after a closing the last delayed vehicle has passed; of several closings, the longest time."""
    passages_s, baselines_s = log.floats[PASSED_S], log.floats[BASELINE_S]
    opens_s, closes_s = windows_s[OPENS_S], windows_s[CLOSES_S]
    longest_s = 0.0
    for funnel in range(len(log.first) - 1):
        window = 0
        for i in range(log.first[funnel], log.first[funnel + 1]):
            passed_s = passages_s[i]
            if passed_s > closes_s[0] and passed_s > baselines_s[i] and passed_s < np.inf:
                while window + 1 < len(opens_s) and passed_s >= opens_s[window + 1]:
                    window += 1
                longest_s = max(longest_s, passed_s - closes_s[window])
    return longest_s
