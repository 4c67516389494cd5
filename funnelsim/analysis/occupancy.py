"""How busy the area, its crews and its equipment are in one replication."""

import numpy as np

from funnelsim.analysis.steps import FloatArray, IntArray, in_use, step_seconds, unit_seconds
from funnelsim.model.log import Fate, Log, Valve
from funnelsim.model.plan import Plan

S_PER_H = 3600.0


def pool_in_use(log: Log, plan: Plan, pool: int) -> tuple[FloatArray, IntArray]:
    """Return how much of a pool the inspections use over time."""
    units = plan.inspection.need[log.stage, pool]
    return in_use(log.stage_from_s, log.stage_to_s, units)


def occupancy(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the area: waiting, bays, crews, equipment, overtime.

    Utilisations are over the operation: bay-time in use, officer-time in stages over officer-time free for
    inspection by the roster (what goes beyond it is overtime or a late break), equipment-time in stages.
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
    for pool, name in enumerate(plan.inspection.pools):
        moments, used, available = _against(log, plan, pool, plan.duty.free if pool < agencies else plan.capacity)
        available_s = float(step_seconds(moments, available, window_s))
        used_s = float(step_seconds(moments, np.minimum(used, available), window_s))
        kind = "crew" if pool < agencies else "equipment"
        measures[f"{kind}_utilisation.{name}"] = used_s / available_s if available_s > 0 else np.nan
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
        moments, used, limit = _against(log, plan, pool, at_hand)
        hours[pool] = np.clip(used - limit, 0, None)[:-1] @ np.diff(moments) / S_PER_H
    return hours


def _against(log: Log, plan: Plan, pool: int, steps: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return moments, how much of a pool is in use from each on, and what the steps of the roster say then."""
    moments, used = pool_in_use(log, plan, pool)
    every = np.union1d(moments, np.append(plan.duty.times_s[1:], plan.window_s))
    step = np.searchsorted(moments, every, side="right") - 1
    using = np.where(step < 0, 0, np.append(used, 0)[step])
    return every, using, steps[np.searchsorted(plan.duty.times_s, every, side="right") - 1, pool]


def suspended_share(log: Log, plan: Plan) -> float:
    """Return the share of the operation in which selection is suspended, by the valve or in the last minutes."""
    opens_s, last_s = plan.funnel.opens_s, plan.funnel.last_selection_s
    moments = np.concatenate([[opens_s], log.valve_s])
    shut = np.concatenate([[0], (log.valve != Valve.OPEN).astype(np.int64)])
    by_valve_s = float(step_seconds(moments, shut[:, None], (opens_s, last_s))[0])
    return (by_valve_s + plan.funnel.closes_s - last_s) / (plan.funnel.closes_s - opens_s)
