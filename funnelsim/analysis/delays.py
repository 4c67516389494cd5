"""Delay and queue of one replication, against the same vehicles on the same road without a funnel."""

import numpy as np
from numpy.typing import NDArray

from funnelsim.analysis.sides import sides
from funnelsim.analysis.steps import seconds_of_steps
from funnelsim.analysis.yields import in_operation
from funnelsim.model.log import Gate, Log
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

S_PER_H = 3600.0


def delay_s(log: Log) -> FloatArray:
    """Return how much later each vehicle left the selection point than without a funnel, shape (vehicles,).

    It is infinite for those who turned off.
    """
    return log.passed_s - log.baseline_s


def counts_for_delay(log: Log, plan: Plan) -> BoolArray:
    """Tell whose delay counts: all of the operation, and those after a closing who still meet its queue.

    Those who turned off never passed and have no delay.
    """
    after_closing = (log.arrival_s >= plan.funnel.closes_s[0]) & (delay_s(log) > 0.0)
    counts: BoolArray = (in_operation(log, plan) | after_closing) & log.passed
    return counts


def delays(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of delay of the vehicles that are not inspected.

    `delay_queue_mean_s` is what remains of the mean delay without the merge and the slow lane.
    """
    who = counts_for_delay(log, plan) & ~log.inspected
    delay = delay_s(log)[who]
    names = ("delay_mean_s", "delay_p50_s", "delay_p95_s", "delay_max_s", "delay_queue_mean_s")
    measures = dict.fromkeys(names, np.nan)
    if len(delay):
        through_funnel = (log.gate[who] != Gate.NO_FUNNEL) & (log.gate[who] != Gate.LIFTED)
        each_slow_s = np.array([one.funnel.merge_s + one.funnel.slow_lane_s for one in plan.funnels])
        slow_s = each_slow_s[log.traffic.funnel[who] if plan.beside else 0] * through_funnel
        p50_s, p95_s = np.quantile(delay, [0.5, 0.95])
        found = (delay.mean(), p50_s, p95_s, delay.max(), (delay - slow_s).mean())
        measures = {name: float(value) for name, value in zip(names, found, strict=True)}
    vehicle_class = log.traffic.vehicle_class[who]
    cost = np.bincount(vehicle_class, delay, len(plan.classes)) * plan.delay_cost_per_h / S_PER_H
    measures |= {
        "delay_vehicle_h": float(delay.sum()) / S_PER_H,
        "person_delay_h": float(delay @ log.traffic.occupants[who]) / S_PER_H,
        "delay_cost": float(delay @ plan.delay_cost_per_h[vehicle_class]) / S_PER_H,
    }
    return measures | {f"delay_cost.{name}": float(cost[k]) for k, name in enumerate(plan.classes)}


def tail_steps(log: Log) -> tuple[FloatArray, FloatArray]:
    """Return the queue's length over time as steps: moments, and the tail in metres from each moment on.

    The tail is where the newest vehicle met the queue, until that vehicle has passed. The log is of one funnel.
    """
    joined_s, tail_m, newest_passes = log.joined_s, log.tail_m, log.passed_s
    came = log.passed
    if not came.all():
        joined_s, tail_m, newest_passes = joined_s[came], tail_m[came], newest_passes[came]
    next_joins = np.append(joined_s[1:], np.inf)
    gone = newest_passes < next_joins  # the newest passes before the next one comes: no queue in between
    moments = np.concatenate([joined_s, newest_passes[gone]])
    metres = np.concatenate([tail_m, np.zeros(int(gone.sum()))])
    order = np.argsort(moments, kind="stable")
    return moments[order], metres[order]


def queue(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the queue, measured upstream from the taper; of several funnels, of the longest queue.

    Means and shares of time are over the operation; the longest queue and spillback also count what grows after it.
    """
    each = sides(log, plan)
    steps = [tail_steps(one) for one, _ in each]
    critical_m = np.array([of_one.funnel.critical_m for _, of_one in each])
    longest_m = np.array([metres[moments >= plan.window_s[0]].max(initial=0.0) for moments, metres in steps])
    moments, metres = _side_by_side(steps)
    lasts_s = seconds_of_steps(moments, *plan.windows_s)
    length_s = float((plan.funnel.closes_s - plan.funnel.opens_s).sum())
    beyond = (metres > critical_m[:, None]).any(axis=0)
    return {
        "tail_max_m": float(longest_m.max()),
        "tail_mean_m": float(metres.max(axis=0) @ lasts_s) / length_s,
        "tail_over_critical_share": float(lasts_s[beyond].sum()) / length_s,
        "spillback": float((longest_m > critical_m).any()),
        "cleared_after_s": _cleared_after_s(log, plan),
    }


def _side_by_side(steps: list[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Put step functions on the same moments: these, and a row for each function."""
    if len(steps) == 1:
        return steps[0][0], steps[0][1][None, :]
    every = np.unique(np.concatenate([moments for moments, _ in steps]))
    rows = [np.append(0.0, levels)[np.searchsorted(moments, every, side="right")] for moments, levels in steps]
    return every, np.stack(rows)


def _cleared_after_s(log: Log, plan: Plan) -> float:
    """Return how long after a closing the last delayed vehicle has passed; of several closings, the longest time."""
    opens_s, closes_s = plan.funnel.opens_s, plan.funnel.closes_s
    late_s = log.passed_s[log.passed & (log.passed_s > closes_s[0]) & (delay_s(log) > 0.0)]
    after_s = late_s - closes_s[np.searchsorted(opens_s, late_s, side="right") - 1]
    return float(after_s.max(initial=0.0))
