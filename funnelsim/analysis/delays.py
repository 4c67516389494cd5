"""Delay of one replication, against the same vehicles on the same road without a funnel."""

import numpy as np

from funnelsim.analysis.buffers import DELAY_S, DELAYED, HAS_DELAY, SPARE, MeasureBuffers, prepared
from funnelsim.analysis.inputs import MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import quantiles_into, total
from funnelsim.analysis.tails import tail_steps
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines.compiled.buffers import BASELINE_S, GATE, OCCUPANTS, PASSED_S, VEHICLE_CLASS
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Gate
from funnelsim.units import HOUR_S

__all__ = ["DELAY_BINS", "DELAY_BIN_S", "HOUR_S", "delay_s", "delays", "tail_steps"]


DELAY_BIN_S = 5.0
DELAY_BINS = 2880  # up to four hours; longer delays fall into the last bin

_MEDIAN_AND_P95 = np.array([0.5, 0.95])
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
    _, _, buffers = prepared(log, plan)
    counts: BoolArray = buffers.bools[HAS_DELAY]
    return counts


def delays(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of delay of the vehicles that are not inspected.

    `delay_queue_mean_s` is what remains of the mean delay without the merge and the slow lane.
    """
    names = delay_names(plan)
    row = np.empty(len(names))
    delays_into(row, 0, *prepared(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def delay_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of delay."""
    each = ("delay_mean_s", "delay_p50_s", "delay_p95_s", "delay_max_s", "delay_queue_mean_s")
    sums = ("delay_vehicle_h", "person_delay_h", "delay_cost")
    return (*each, *sums, *(f"delay_cost.{name}" for name in plan.classes))


@inner
def delays_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of delay from column `at` on; return the column behind them."""
    classes = len(inputs.delay_cost_per_h)
    passages_s, baselines_s, gates = log.floats[PASSED_S], log.floats[BASELINE_S], log.ints[GATE]
    vehicle_class, occupants = log.ints[VEHICLE_CLASS], log.ints[OCCUPANTS]
    delayed, delay = buffers.bools[DELAYED], buffers.floats[DELAY_S]
    of_class_s = buffers.by_class[0]
    of_class_s[:] = 0.0
    persons_s, slow_s, longest_s = 0.0, 0.0, 0.0
    count = 0
    for funnel in range(len(log.first) - 1):
        through = 0
        for i in range(log.first[funnel], log.first[funnel + 1]):
            if delayed[i]:
                seconds = passages_s[i] - baselines_s[i]
                delay[count] = seconds
                count += 1
                longest_s = max(longest_s, seconds)
                of_class_s[vehicle_class[i]] += seconds
                persons_s += seconds * occupants[i]
                through += gates[i] != _NO_FUNNEL and gates[i] != _LIFTED
        slow_s += through * inputs.funnels[funnel]["slow_s"]
    all_s = total(of_class_s)
    row[at : at + 5] = np.nan
    if count > 0:
        row[at] = all_s / count
        quantiles_into(row[at + 1 : at + 3], delay[:count], buffers.floats[SPARE], buffers.buckets, _MEDIAN_AND_P95)
        row[at + 3] = longest_s
        row[at + 4] = (all_s - slow_s) / count
    row[at + 5] = all_s / HOUR_S
    row[at + 6] = persons_s / HOUR_S
    row[at + 7] = 0.0
    for k in range(classes):
        cost = of_class_s[k] * inputs.delay_cost_per_h[k] / HOUR_S
        row[at + 7] += cost
        row[at + 8 + k] = cost
    return at + 8 + classes


@inner
def count_delays(counts: IntArray, log: LogArrays, buffers: MeasureBuffers) -> None:
    """Add the vehicles that are not inspected to their number by class and delay, shape (classes, bins)."""
    passages_s, baselines_s, vehicle_class = log.floats[PASSED_S], log.floats[BASELINE_S], log.ints[VEHICLE_CLASS]
    delayed = buffers.bools[DELAYED]
    for i in range(log.first[len(log.first) - 1]):
        if delayed[i]:
            position = int((passages_s[i] - baselines_s[i]) / DELAY_BIN_S)
            counts[vehicle_class[i], min(max(position, 0), DELAY_BINS - 1)] += 1
