"""How busy the area, its crews, its equipment and the chase cars are in one replication."""

import numpy as np

from funnelsim.analysis.notes import INSPECTED, Notes, noted
from funnelsim.analysis.records import Records
from funnelsim.analysis.spans import within_s
from funnelsim.analysis.steps import in_use
from funnelsim.analysis.yardstick import Staff, Windows, Yardstick
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S

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
    names = occupancy_names(plan)
    row = np.empty(len(names))
    occupancy_into(row, 0, np.zeros(len(plan.duty.agencies)), *noted(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def overtime_h(log: Log, plan: Plan) -> FloatArray:
    """Return the officer-hours worked beyond the roster by agency, shape (agencies,).

    An officer who finishes a stage into a break is not in overtime; one who finishes it after the shift is.
    """
    hours = np.zeros(len(plan.duty.agencies))
    occupancy_into(np.empty(len(occupancy_names(plan))), 0, hours, *noted(log, plan))
    return hours


def occupancy_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of the area."""
    names = ["area_wait_mean_s", "bay_utilisation"]
    if plan.spots:
        names.append("spot_utilisation")
    for pool, name in enumerate(plan.inspection.pools):
        kind = "crew" if pool < len(plan.duty.agencies) else "equipment"
        names.append(f"{kind}_utilisation.{name}")
    if plan.pursuit is not None:
        names.append("chase_utilisation")
    return (*names, "overtime_officer_h")


@compiled
def occupancy_into(
    row: FloatArray, at: int, over_h: FloatArray, records: Records, yardstick: Yardstick, notes: Notes
) -> int:
    """Write the measures of the area from a place on; return the place behind them.

    Parameters
    ----------
    row, at
        The measures, and the place.
    over_h
        Written: overtime in hours by agency.
    records, yardstick, notes
        The log and the plan.
    """
    staff, windows = yardstick.staff, yardstick.windows
    inspected = notes.inspected[: notes.numbers[INSPECTED]]
    row[at] = _mean_wait_s(inspected, records)
    row[at + 1] = _taken(inspected, records.bay_from_s, records.bay_to_s, staff.bays, windows)
    at += 2
    if staff.spots > 0:  # a vehicle that kept its bay freed it as it left, and took no time of a spot
        row[at] = _taken(inspected, records.bay_to_s, records.left_s, staff.spots, windows)
        at += 1
    order, units = notes.order, notes.units
    stages = len(records.stage)
    in_order(order, records.stage_from_s)
    for pool in range(staff.pools):
        for use in range(stages):
            units[use] = staff.need[records.stage[use], pool]
        used_s, over_s = _used(records.stage_from_s, records.stage_to_s, order, units, staff, pool)
        row[at] = used_s / staff.available_s[pool] if staff.available_s[pool] > 0.0 else np.nan
        at += 1
        if pool < staff.agencies:
            over_h[pool] = over_s / HOUR_S
    if staff.chase > 0:
        in_order(order, records.pursuit_from_s)
        units[: len(records.pursuit_from_s)] = 1
        used_s, _ = _used(records.pursuit_from_s, records.pursuit_to_s, order, units, staff, staff.pools)
        row[at] = used_s / staff.available_s[staff.pools] if staff.available_s[staff.pools] > 0.0 else np.nan
        at += 1
    row[at] = over_h.sum()
    return at + 1


@compiled
def _mean_wait_s(inspected: IntArray, records: Records) -> float:
    if len(inspected) == 0:
        return np.nan
    wait_s = 0.0
    for i in inspected:
        wait_s += records.bay_from_s[i] - records.area_s[i]
    return wait_s / len(inspected)


@compiled
def _taken(inspected: IntArray, from_s: FloatArray, to_s: FloatArray, places: int, windows: Windows) -> float:
    """Return the share of the operation for which places of the area are taken."""
    if places == 0:
        return np.nan
    seconds = 0.0
    for i in inspected:
        seconds += within_s(from_s[i], to_s[i], windows.opens_s, windows.closes_s)
    return seconds / (places * windows.length_s)


@compiled
def in_order(order: IntArray, from_s: FloatArray) -> None:
    """Write the indices of uses in the order of their beginnings.

    They stand in the order of their ends, so each has to pass only those that it contains.
    """
    for use in range(len(from_s)):
        place = use
        while place > 0 and from_s[order[place - 1]] > from_s[use]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = use


@compiled
def _used(
    from_s: FloatArray, to_s: FloatArray, order: IntArray, units: IntArray, staff: Staff, pool: int
) -> tuple[float, float]:
    """Return the unit-seconds of a pool in use in the operation, up to what is available, and beyond the roster at all.

    Parameters
    ----------
    from_s, to_s, units
        The uses in the order of their ends, and how many units each takes.
    order
        Their order by beginnings.
    staff, pool
        What is available of which pool.
    """
    used_s, over_s = 0.0, 0.0
    times_s = staff.times_s
    steps = len(times_s)
    begun, ended, step, using = 0, 0, 0, 0
    now_s = times_s[0]
    while ended < len(to_s):
        next_s = to_s[ended]
        if begun < len(from_s):
            next_s = min(next_s, from_s[order[begun]])
        if step + 1 < steps:
            next_s = min(next_s, times_s[step + 1])
        if using > 0:
            if staff.opened[step]:
                used_s += min(using, staff.available[step, pool]) * (next_s - now_s)
            if pool < staff.agencies:
                over_s += max(using - staff.at_hand[step, pool], 0) * (next_s - now_s)
        now_s = next_s
        while step + 1 < steps and times_s[step + 1] <= now_s:
            step += 1
        while begun < len(from_s) and from_s[order[begun]] <= now_s:
            using += units[order[begun]]
            begun += 1
        while ended < len(to_s) and to_s[ended] <= now_s:
            using -= units[ended]
            ended += 1
    return used_s, over_s
