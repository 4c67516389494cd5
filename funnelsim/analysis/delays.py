"""Delay of one replication, against the same vehicles on the same road without a funnel."""

import numpy as np

from funnelsim.analysis.notes import Notes, noted
from funnelsim.analysis.quantiles import quantiles_into
from funnelsim.analysis.records import Records
from funnelsim.analysis.tails import tail_steps
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Gate
from funnelsim.units import HOUR_S

__all__ = ["DELAY_BINS", "DELAY_BIN_S", "HOUR_S", "delay_counts", "delay_s", "delays", "tail_steps"]


DELAY_BIN_S = 5.0
DELAY_BINS = 2880  # up to four hours; longer delays fall into the last bin

_NO_FUNNEL, _LIFTED = int(Gate.NO_FUNNEL), int(Gate.LIFTED)


def delay_s(log: Log) -> FloatArray:
    """Return how much later each vehicle left the selection point than without a funnel, shape (vehicles,).

    It is infinite for those who turned off.
    """
    return log.passed_s - log.baseline_s


def counts_for_delay(log: Log, plan: Plan) -> BoolArray:
    """Tell whose delay counts: all of the operation, and those after a closing who still meet its queue.

    Those who turned off never passed and have no delay.
    """
    _, _, notes = noted(log, plan)
    return notes.counts


def delays(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of delay of the vehicles that are not inspected.

    `delay_queue_mean_s` is what remains of the mean delay without the merge and the slow lane.
    """
    names = delay_names(plan)
    row = np.empty(len(names))
    delays_into(row, 0, *noted(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def delay_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of delay."""
    each = ("delay_mean_s", "delay_p50_s", "delay_p95_s", "delay_max_s", "delay_queue_mean_s")
    sums = ("delay_vehicle_h", "person_delay_h", "delay_cost")
    return (*each, *sums, *(f"delay_cost.{name}" for name in plan.classes))


@compiled
def delays_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the measures of delay from a place on; return the place behind them."""
    classes = len(yardstick.delay_cost_per_h)
    passages_s, baselines_s, gates = records.passed_s, records.baseline_s, records.gate
    vehicle_class, occupants, delayed, delay = records.vehicle_class, records.occupants, notes.delayed, notes.values
    of_class_s = np.zeros(classes)
    persons_s, slow_s, longest_s = 0.0, 0.0, 0.0
    count = 0
    for funnel in range(len(records.first) - 1):
        through = 0
        for i in range(records.first[funnel], records.first[funnel + 1]):
            if delayed[i]:
                seconds = passages_s[i] - baselines_s[i]
                delay[count] = seconds
                count += 1
                longest_s = max(longest_s, seconds)
                of_class_s[vehicle_class[i]] += seconds
                persons_s += seconds * occupants[i]
                through += gates[i] != _NO_FUNNEL and gates[i] != _LIFTED
        slow_s += through * yardstick.roads.slow_s[funnel]
    all_s = of_class_s.sum()
    row[at : at + 5] = np.nan
    if count > 0:
        row[at] = all_s / count
        quantiles_into(row[at + 1 : at + 3], delay[:count], notes.spare, (0.5, 0.95))
        row[at + 3] = longest_s
        row[at + 4] = (all_s - slow_s) / count
    row[at + 5] = all_s / HOUR_S
    row[at + 6] = persons_s / HOUR_S
    row[at + 7] = 0.0
    for k in range(classes):
        cost = of_class_s[k] * yardstick.delay_cost_per_h[k] / HOUR_S
        row[at + 7] += cost
        row[at + 8 + k] = cost
    return at + 8 + classes


@compiled
def count_delays(counts: IntArray, records: Records, notes: Notes) -> None:
    """Add the vehicles that are not inspected to their number by class and delay, shape (classes, bins)."""
    passages_s, baselines_s, vehicle_class = records.passed_s, records.baseline_s, records.vehicle_class
    delayed = notes.delayed
    for i in range(len(passages_s)):
        if delayed[i]:
            place = int((passages_s[i] - baselines_s[i]) / DELAY_BIN_S)
            counts[vehicle_class[i], min(max(place, 0), DELAY_BINS - 1)] += 1


def delay_counts(log: Log, plan: Plan) -> IntArray:
    """Count the vehicles that are not inspected by class and delay in bins of 5 s, shape (classes, bins)."""
    records, _, notes = noted(log, plan)
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    count_delays(counts, records, notes)
    return counts
