"""Delay and queue of one replication, against the same vehicles on the same road without a funnel."""

import numpy as np
from numpy.typing import NDArray

from funnelsim.analysis.yields import in_operation
from funnelsim.model.log import Fate, Gate, Log
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

S_PER_H = 3600.0


def delay_s(log: Log) -> FloatArray:
    """Return how much later each vehicle left the selection point than without a funnel, shape (vehicles,)."""
    return log.passed_s - log.baseline_s


def counts_for_delay(log: Log, plan: Plan) -> BoolArray:
    """Tell whose delay counts: all of the operation, and those after closing who still meet its queue."""
    after_closing = (log.arrival_s >= plan.funnel.closes_s) & (delay_s(log) > 0.0)
    return in_operation(log, plan) | after_closing


def delays(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of delay of the vehicles that are not inspected.

    `delay_queue_mean_s` is what remains of the mean delay without the merge and the slow lane.
    """
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    delay = delay_s(log)[who]
    cost = plan.delay_cost_per_h[log.traffic.vehicle_class[who]]
    if len(delay) == 0:
        names = ("delay_mean_s", "delay_p50_s", "delay_p95_s", "delay_max_s", "delay_queue_mean_s")
        return dict.fromkeys(names, np.nan) | {"delay_vehicle_h": 0.0, "delay_cost": 0.0}
    through_funnel = (log.gate[who] != Gate.NO_FUNNEL) & (log.gate[who] != Gate.LIFTED)
    slow_s = (plan.funnel.merge_s + plan.funnel.slow_lane_s) * through_funnel
    p50_s, p95_s = np.quantile(delay, [0.5, 0.95])
    return {
        "delay_mean_s": float(delay.mean()),
        "delay_p50_s": float(p50_s),
        "delay_p95_s": float(p95_s),
        "delay_max_s": float(delay.max()),
        "delay_queue_mean_s": float((delay - slow_s).mean()),
        "delay_vehicle_h": float(delay.sum()) / S_PER_H,
        "delay_cost": float(delay @ cost) / S_PER_H,
    }


def tail_steps(log: Log) -> tuple[FloatArray, FloatArray]:
    """Return the queue's length over time as steps: moments, and the tail in metres from each moment on.

    The tail is where the newest vehicle met the queue, until that vehicle has passed.
    """
    newest_passes = log.passed_s
    next_joins = np.append(log.joined_s[1:], np.inf)
    gone = newest_passes < next_joins  # the newest passes before the next one comes: no queue in between
    moments = np.concatenate([log.joined_s, newest_passes[gone]])
    metres = np.concatenate([log.tail_m, np.zeros(int(gone.sum()))])
    order = np.argsort(moments, kind="stable")
    return moments[order], metres[order]


def queue(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the queue, measured upstream from the taper.

    Means and shares of time are over the operation; the longest queue and spillback also count what grows after it.
    """
    opens_s, closes_s = plan.window_s
    moments, metres = tail_steps(log)
    since = np.clip(moments, opens_s, closes_s)
    lasts_s = np.diff(np.append(since, closes_s))
    longest_m = float(metres[moments >= opens_s].max(initial=0.0))
    late = (log.passed_s > closes_s) & (delay_s(log) > 0.0)
    return {
        "tail_max_m": longest_m,
        "tail_mean_m": float(metres @ lasts_s) / (closes_s - opens_s),
        "tail_over_critical_share": float(lasts_s[metres > plan.critical_m].sum()) / (closes_s - opens_s),
        "spillback": float(longest_m > plan.critical_m),
        "cleared_after_s": float((log.passed_s[late] - closes_s).max(initial=0.0)),
    }
