"""How busy the area, its crews and its equipment are in one replication."""

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.log import Fate, Log, Valve
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

S_PER_H = 3600.0


def in_use(from_s: FloatArray, to_s: FloatArray, units: IntArray | None = None) -> tuple[FloatArray, IntArray]:
    """Return how many units are in use over time: moments, and the number from each moment on.

    Parameters
    ----------
    from_s, to_s
        Beginning and end of each use, shape (uses,).
    units
        How many units each use takes; one each where left out.

    Examples
    --------
    >>> moments, number = in_use(np.array([0.0, 5.0]), np.array([10.0, 7.0]))
    >>> moments.tolist(), number.tolist()
    ([0.0, 5.0, 7.0, 10.0], [1, 2, 1, 0])
    """
    each = np.ones(len(from_s), dtype=np.int64) if units is None else units
    moments, index = np.unique(np.concatenate([from_s, to_s]), return_inverse=True)
    change = np.bincount(index, weights=np.concatenate([each, -each]), minlength=len(moments))
    return moments, np.cumsum(change).round().astype(np.int64)


def unit_seconds(from_s: FloatArray, to_s: FloatArray, units: IntArray, window_s: tuple[float, float]) -> float:
    """Return the unit-seconds of all uses that fall into a window."""
    inside = np.clip(np.minimum(to_s, window_s[1]) - np.maximum(from_s, window_s[0]), 0.0, None)
    return float(inside @ units)


def step_seconds(
    times_s: FloatArray, levels: NDArray[np.int64] | FloatArray, window_s: tuple[float, float]
) -> FloatArray:
    """Integrate step functions over a window: level-seconds by column."""
    since = np.clip(times_s, *window_s)
    lasts_s = np.diff(np.append(since, window_s[1]))
    return lasts_s @ levels.astype(np.float64)


def pool_in_use(log: Log, plan: Plan, pool: int) -> tuple[FloatArray, IntArray]:
    """Return how much of a pool the inspections use over time."""
    units = plan.inspection.need[log.stage, pool]
    return in_use(log.stage_from_s, log.stage_to_s, units)


def occupancy(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the area: waiting, bays, crews, equipment, overtime.

    Utilisations are over the operation: bay-time in use, officer-time in stages over officer-time free for
    inspection by the roster, equipment-time in stages.
    """
    inspected = log.fate == Fate.INSPECTED
    window_s = plan.window_s
    length_s = window_s[1] - window_s[0]
    wait_s = log.bay_from_s[inspected] - (log.passed_s[inspected] + plan.divert_s)
    one_each = np.ones(int(inspected.sum()), dtype=np.int64)
    bay_s = unit_seconds(log.bay_from_s[inspected], log.left_s[inspected], one_each, window_s)
    measures = {
        "area_wait_mean_s": float(wait_s.mean()) if len(wait_s) else np.nan,
        "bay_utilisation": bay_s / (plan.bays * length_s) if plan.bays else np.nan,
    }
    agencies = len(plan.duty.agencies)
    free_s = step_seconds(plan.duty.times_s, plan.duty.free, window_s)
    for pool, name in enumerate(plan.inspection.pools):
        used_s = unit_seconds(log.stage_from_s, log.stage_to_s, plan.inspection.need[log.stage, pool], window_s)
        if pool < agencies:
            available_s = float(free_s[pool])
            measures[f"crew_utilisation.{name}"] = used_s / available_s if available_s > 0 else np.nan
        else:
            available_s = float(plan.capacity[0, pool]) * length_s
            measures[f"equipment_utilisation.{name}"] = used_s / available_s if available_s > 0 else np.nan
    measures["overtime_officer_h"] = float(overtime_h(log, plan).sum())
    return measures


def overtime_h(log: Log, plan: Plan) -> FloatArray:
    """Return the officer-hours worked beyond the roster by agency, shape (agencies,).

    An officer who finishes a stage into a break is not in overtime; one who finishes it after the shift is.
    """
    duty = plan.duty
    at_hand = duty.rostered - (duty.on_duty - duty.free)
    hours = np.zeros(len(duty.agencies))
    for pool in range(len(duty.agencies)):
        moments, used = pool_in_use(log, plan, pool)
        if not used.any():
            continue
        every = np.union1d(moments, duty.times_s[1:])
        using = np.where(every >= moments[0], used[np.searchsorted(moments, every, side="right") - 1], 0)
        limit = at_hand[np.searchsorted(duty.times_s, every, side="right") - 1, pool]
        hours[pool] = np.clip(using - limit, 0, None)[:-1] @ np.diff(every) / S_PER_H
    return hours


def suspended_share(log: Log, plan: Plan) -> float:
    """Return the share of the operation in which selection is suspended, by the valve or in the last minutes."""
    opens_s, last_s = plan.funnel.opens_s, plan.funnel.last_selection_s
    moments = np.concatenate([[opens_s], log.valve_s])
    shut = np.concatenate([[0], (log.valve != Valve.OPEN).astype(np.int64)])
    by_valve_s = float(step_seconds(moments, shut[:, None], (opens_s, last_s))[0])
    return (by_valve_s + plan.funnel.closes_s - last_s) / (plan.funnel.closes_s - opens_s)
