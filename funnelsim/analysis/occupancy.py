"""How busy the area, its crews, its equipment and the chase cars are in one replication."""

import numpy as np

from funnelsim.analysis.sides import sides
from funnelsim.analysis.steps import FloatArray, IntArray, in_use, step_seconds, unit_seconds
from funnelsim.model.log import Log, Valve
from funnelsim.model.plan import Plan

S_PER_H = 3600.0

Steps = tuple[FloatArray, IntArray]


def pool_in_use(log: Log, plan: Plan, pool: int) -> Steps:
    """Return how much of a pool the inspections use over time."""
    units = plan.inspection.need[log.stage, pool]
    return in_use(log.stage_from_s, log.stage_to_s, units)


def occupancy(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the area: waiting, bays, processing spots, crews, equipment, chase cars, overtime.

    Utilisations are over the operation: bay-time in use, officer-time in stages over officer-time free for
    inspection by the roster (what goes beyond it is overtime or a late break), equipment-time in stages, time in
    pursuits over the time for which cars are manned.
    """
    inspected = log.inspected
    wait_s = log.bay_from_s[inspected] - log.area_s[inspected]
    measures = {
        "area_wait_mean_s": float(wait_s.mean()) if len(wait_s) else np.nan,
        "bay_utilisation": _places(log.bay_from_s[inspected], log.bay_to_s[inspected], plan.bays, plan),
    }
    if plan.spots:  # a vehicle that kept its bay freed it as it left, and took no time of a spot
        measures["spot_utilisation"] = _places(log.bay_to_s[inspected], log.left_s[inspected], plan.spots, plan)
    agencies = len(plan.duty.agencies)
    for pool, name in enumerate(plan.inspection.pools):
        kind, steps = ("crew", plan.duty.free) if pool < agencies else ("equipment", plan.capacity)
        measures[f"{kind}_utilisation.{name}"] = _utilisation(pool_in_use(log, plan, pool), steps[:, pool], plan)
    if plan.pursuit is not None:
        away = in_use(log.pursuit_from_s, log.pursuit_to_s)
        measures["chase_utilisation"] = _utilisation(away, plan.pursuit.cars, plan)
    measures["overtime_officer_h"] = float(overtime_h(log, plan).sum())
    return measures


def _places(from_s: FloatArray, to_s: FloatArray, places: int, plan: Plan) -> float:
    """Return the share of the operation for which places of the area are taken."""
    if not places:
        return np.nan
    one_each = np.ones(len(from_s), dtype=np.int64)
    length_s = float((plan.funnel.closes_s - plan.funnel.opens_s).sum())
    return unit_seconds(from_s, to_s, one_each, *plan.windows_s) / (places * length_s)


def _utilisation(uses: Steps, steps: IntArray, plan: Plan) -> float:
    """Return what is used of what the steps of the roster offer, over the operation."""
    moments, used, available = _against(uses, steps, plan)
    available_s = float(step_seconds(moments, available, *plan.windows_s))
    used_s = float(step_seconds(moments, np.minimum(used, available), *plan.windows_s))
    return used_s / available_s if available_s > 0 else np.nan


def overtime_h(log: Log, plan: Plan) -> FloatArray:
    """Return the officer-hours worked beyond the roster by agency, shape (agencies,).

    An officer who finishes a stage into a break is not in overtime; one who finishes it after the shift is.
    """
    duty = plan.duty
    at_hand = duty.rostered - (duty.on_duty - duty.free)
    hours = np.zeros(len(duty.agencies))
    for pool in range(len(duty.agencies)):
        moments, used, limit = _against(pool_in_use(log, plan, pool), at_hand[:, pool], plan)
        hours[pool] = np.clip(used - limit, 0, None)[:-1] @ np.diff(moments) / S_PER_H
    return hours


def _against(uses: Steps, steps: IntArray, plan: Plan) -> tuple[FloatArray, IntArray, IntArray]:
    """Return moments, how much is in use from each on, and what the steps of the roster say then."""
    moments, used = uses
    every = np.union1d(moments, np.append(plan.duty.times_s[1:], plan.windows_s))
    step = np.searchsorted(moments, every, side="right") - 1
    using = np.where(step < 0, 0, np.append(used, 0)[step])
    return every, using, steps[np.searchsorted(plan.duty.times_s, every, side="right") - 1]


def suspended_share(log: Log, plan: Plan) -> float:
    """Return the share of the operation in which selection is suspended, by the valve or in the last minutes."""
    return float(suspended_s(log, plan).sum() / (plan.funnel.closes_s - plan.funnel.opens_s).sum())


def suspended_s(log: Log, plan: Plan) -> FloatArray:
    """Return for how long selection is suspended in each window, by the valve or in the last minutes.

    Of several funnels it is the mean.
    """
    each = [_suspended_s(one, of_one) for one, of_one in sides(log, plan)]
    mean_s: FloatArray = np.mean(each, axis=0)
    return mean_s


def _suspended_s(log: Log, plan: Plan) -> FloatArray:
    opens_s, last_s, closes_s = plan.funnel.opens_s, plan.funnel.last_selection_s, plan.funnel.closes_s
    moments = np.concatenate([opens_s, log.valve_s])
    shut = np.concatenate([np.zeros(len(opens_s)), log.valve != Valve.OPEN])  # it is open at each opening
    order = np.argsort(moments, kind="stable")
    spans_s = zip(opens_s.tolist(), last_s.tolist(), strict=True)
    by_valve_s = [float(step_seconds(moments[order], shut[order], span)) for span in spans_s]
    return np.array(by_valve_s) + closes_s - last_s
