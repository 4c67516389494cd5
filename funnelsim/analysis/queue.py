"""The queue of one replication: how long it is, for how long, and when it has gone."""

import numpy as np

from funnelsim.analysis.notes import Notes, noted
from funnelsim.analysis.records import Records
from funnelsim.analysis.spans import within_s
from funnelsim.analysis.yardstick import Windows, Yardstick
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

QUEUE_NAMES = ("tail_max_m", "tail_mean_m", "tail_over_critical_share", "spillback", "cleared_after_s")


def queue(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the queue, measured upstream from the taper; of several funnels, of the longest queue.

    Means and shares of time are over the operation; the longest queue and spillback also count what grows after it.
    """
    row = np.empty(len(QUEUE_NAMES))
    queue_into(row, 0, *noted(log, plan))
    return dict(zip(QUEUE_NAMES, row.tolist(), strict=True))


@compiled
def queue_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the measures of the queue from a place on; return the place behind them."""
    windows, critical_m = yardstick.windows, yardstick.roads.critical_m
    funnels = len(records.first) - 1
    tail_max_m, spillback = 0.0, 0.0
    for funnel in range(funnels):
        longest_m = longest_tail_m(notes, funnel, windows.opens_s[0])
        tail_max_m = max(tail_max_m, longest_m)
        if longest_m > critical_m[funnel]:
            spillback = 1.0
    if funnels == 1:
        metre_s, beyond_s = _alone(notes, windows, critical_m[0])
    else:
        metre_s, beyond_s = _side_by_side(notes, windows, critical_m)
    row[at] = tail_max_m
    row[at + 1] = metre_s / windows.length_s
    row[at + 2] = beyond_s / windows.length_s
    row[at + 3] = spillback
    row[at + 4] = _cleared_after_s(records, windows)
    return at + 5


@compiled
def longest_tail_m(notes: Notes, funnel: int, since_s: float) -> float:
    """Return the longest queue of a funnel that begins to be so long at some moment or later."""
    moments, metres = notes.tail_s, notes.tail_m
    longest_m = 0.0
    for step in range(notes.tail_first[funnel], notes.tail_first[funnel + 1]):
        if moments[step] >= since_s:
            longest_m = max(longest_m, metres[step])
    return longest_m


@compiled
def _alone(notes: Notes, windows: Windows, critical_m: float) -> tuple[float, float]:
    """Return the metre-seconds of the queue and its seconds beyond the critical point, in the operation."""
    moments, metres, opens_s, closes_s = notes.tail_s, notes.tail_m, windows.opens_s, windows.closes_s
    metre_s, beyond_s = 0.0, 0.0
    for step in range(notes.tail_first[1] - 1):  # with the last one, nobody is left
        if metres[step] > 0.0:
            seconds = within_s(moments[step], moments[step + 1], opens_s, closes_s)
            metre_s += metres[step] * seconds
            if metres[step] > critical_m:
                beyond_s += seconds
    return metre_s, beyond_s


@compiled
def _side_by_side(notes: Notes, windows: Windows, critical_m: FloatArray) -> tuple[float, float]:
    """Return the same of the longest of several queues at each time, and beyond any of their critical points."""
    moments, metres, first = notes.tail_s, notes.tail_m, notes.tail_first
    funnels = len(critical_m)
    coming = first[:funnels].copy()  # the next step of each
    metre_s, beyond_s = 0.0, 0.0
    now_s = -np.inf
    while True:
        longest_m, beyond, next_s = 0.0, False, np.inf
        for funnel in range(funnels):
            while coming[funnel] < first[funnel + 1] and moments[coming[funnel]] <= now_s:
                coming[funnel] += 1
            if coming[funnel] > first[funnel]:
                tail_m = metres[coming[funnel] - 1]
                longest_m = max(longest_m, tail_m)
                beyond |= tail_m > critical_m[funnel]
            if coming[funnel] < first[funnel + 1]:
                next_s = min(next_s, moments[coming[funnel]])
        if next_s == np.inf:
            return metre_s, beyond_s
        if longest_m > 0.0:
            seconds = within_s(now_s, next_s, windows.opens_s, windows.closes_s)
            metre_s += longest_m * seconds
            if beyond:
                beyond_s += seconds
        now_s = next_s


@compiled
def _cleared_after_s(records: Records, windows: Windows) -> float:
    """Return how long after a closing the last delayed vehicle has passed; of several closings, the longest time."""
    passages_s, baselines_s = records.passed_s, records.baseline_s
    opens_s, closes_s = windows.opens_s, windows.closes_s
    longest_s = 0.0
    for funnel in range(len(records.first) - 1):
        window = 0
        for i in range(records.first[funnel], records.first[funnel + 1]):
            passed_s = passages_s[i]
            if passed_s > closes_s[0] and passed_s > baselines_s[i] and passed_s < np.inf:
                while window + 1 < len(opens_s) and passed_s >= opens_s[window + 1]:
                    window += 1
                longest_s = max(longest_s, passed_s - closes_s[window])
    return longest_s
