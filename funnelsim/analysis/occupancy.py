"""How busy the area, its crews, its equipment and the chase cars are in one replication."""

import numpy as np

from funnelsim.analysis.buffers import INSPECTED_VEHICLES, INSPECTIONS, ORDER, UNITS, MeasureBuffers, prepared
from funnelsim.analysis.inputs import CLOSES_S, OPENS_S, MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import total
from funnelsim.analysis.spans import within_s
from funnelsim.analysis.steps import in_use
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.engines.compiled.buffers import BAY_FROM_S, BAY_TO_S, LEFT_S
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S

Steps = tuple[FloatArray, IntArray]


def pool_in_use(log: Log, plan: Plan, pool: int) -> Steps:
    """Return how much of a pool the inspections use over time."""
    units = plan.inspection.need[log.stage, pool]
    return in_use(log.stage_from_s, log.stage_to_s, units)


def occupancy(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of the area: bays, processing spots, crews, equipment, chase cars, overtime.

    Utilisations are over the operation: bay-time in use, officer-time in stages over officer-time free for
    inspection by the roster (what goes beyond the shift is overtime), equipment-time in stages, time in pursuits over
    the time for which cars are manned. What officers work into their break counts, as they take it in full later; where
    it then falls out of the operation, they were free for at least what they worked.
    """
    names = occupancy_names(plan)
    row = np.empty(len(names))
    occupancy_into(row, 0, *prepared(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def overtime_h(log: Log, plan: Plan) -> FloatArray:
    """Return the officer-hours worked beyond the roster by agency, shape (agencies,).

    An officer who finishes a stage into a break is not in overtime; one who finishes it after the shift is, whether or
    not others have come.
    """
    arrays, inputs, buffers = prepared(log, plan)
    occupancy_into(np.empty(len(occupancy_names(plan))), 0, arrays, inputs, buffers)
    return buffers.over_h


def occupancy_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of the area."""
    names = ["bay_utilisation"]
    if plan.spots:
        names.append("spot_utilisation")
    for pool, name in enumerate(plan.inspection.pools):
        kind = "crew" if pool < len(plan.duty.agencies) else "equipment"
        names.append(f"{kind}_utilisation.{name}")
    if plan.pursuit is not None:
        names.append("chase_utilisation")
    return (*names, "overtime_officer_h", "relief_wait_officer_h")


@inner
def occupancy_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of the area from column `at` on, and overtime by agency; return the column behind them."""
    staff, over_h = inputs.staff[0], buffers.over_h
    over_h[:] = 0.0
    relief_s = 0.0
    bay_from_s, bay_to_s, left_s = log.floats[BAY_FROM_S], log.floats[BAY_TO_S], log.floats[LEFT_S]
    row[at] = _taken(bay_from_s, bay_to_s, staff["bays"], inputs, buffers)
    at += 1
    if staff["spots"] > 0:  # a vehicle that kept its bay freed it as it left, and took no time of a spot
        row[at] = _taken(bay_to_s, left_s, staff["spots"], inputs, buffers)
        at += 1
    order, units = buffers.uses[ORDER], buffers.uses[UNITS]
    in_order(order, log.stage_from_s)
    for pool in range(staff["pools"]):
        for use in range(len(log.stage)):
            units[use] = inputs.need[log.stage[use], pool]
        used_s, over_s, waits_s = _used(log.stage_from_s, log.stage_to_s, order, units, inputs, pool)
        there_s = max(inputs.available_s[pool], used_s)  # who works instead of a break was free for it
        row[at] = used_s / there_s if there_s > 0.0 else np.nan
        at += 1
        if pool < staff["agencies"]:
            over_h[pool] = over_s / HOUR_S
            relief_s += waits_s
    if staff["chase"] > 0:
        in_order(order, log.pursuit_from_s)
        for use in range(len(log.pursuit_from_s)):
            units[use] = 1
        used_s, _, _ = _used(log.pursuit_from_s, log.pursuit_to_s, order, units, inputs, staff["pools"])
        row[at] = used_s / inputs.available_s[staff["pools"]] if inputs.available_s[staff["pools"]] > 0.0 else np.nan
        at += 1
    row[at], row[at + 1] = total(over_h), relief_s / HOUR_S
    return at + 2


@inner
def _taken(from_s: FloatArray, to_s: FloatArray, places: int, inputs: MeasureInputs, buffers: MeasureBuffers) -> float:
    """Return the share of the operation for which places of the area are taken."""
    if places == 0:
        return np.nan
    inspected, opens_s, closes_s = (
        buffers.ints[INSPECTED_VEHICLES],
        inputs.windows_s[OPENS_S],
        inputs.windows_s[CLOSES_S],
    )
    seconds = 0.0
    for position in range(buffers.counts[INSPECTIONS]):
        seconds += within_s(from_s[inspected[position]], to_s[inspected[position]], opens_s, closes_s)
    return float(seconds / (places * inputs.staff[0]["length_s"]))


@inner
def in_order(order: IntArray, from_s: FloatArray) -> None:
    """Write the indices of uses in the order of their beginnings.

    They stand in the order of their ends, so each has to pass only those that it contains.
    """
    for use in range(len(from_s)):
        position = use
        while position > 0 and from_s[order[position - 1]] > from_s[use]:
            order[position] = order[position - 1]
            position -= 1
        order[position] = use


@inner
def _used(
    from_s: FloatArray, to_s: FloatArray, order: IntArray, units: IntArray, inputs: MeasureInputs, pool: int
) -> tuple[float, float, float]:
    """Return the unit-seconds of a pool in use in the operation, beyond the roster, and waiting to take over.

    An agency's are in use as far as they are not beyond the roster, others up to what is available. Whoever is in a
    stage when the shift ends, as the others of the shift are too, is beyond the roster until it ends; one officer of
    the next shift waits for each of them.

    Parameters
    ----------
    from_s, to_s, units
        The uses in the order of their ends, and how many units each takes.
    order
        Their order by beginnings.
    inputs, pool
        What is available of which pool.
    """
    used_s, over_s, waits_s = 0.0, 0.0, 0.0
    times_s, opened, of_agency = inputs.times_s, inputs.opened, pool < inputs.staff[0]["agencies"]
    steps = len(times_s)
    begun, ended, step, using = 0, 0, 0, 0
    staying, since_s = 0, -np.inf
    now_s = times_s[0]
    while ended < len(to_s):
        next_s = min(to_s[ended], times_s[step + 1] if step + 1 < steps else np.inf)
        next_s = min(next_s, from_s[order[begun]]) if begun < len(from_s) else next_s
        if using > 0:
            within = inputs.available[step, pool]
            if of_agency:
                at_hand = inputs.at_hand[step, pool]
                within = min(using - staying, at_hand)
                over_s += (using - within) * (next_s - now_s)
                waits_s += min(staying, at_hand - within) * (next_s - now_s)
            if opened[step]:
                used_s += min(using, within) * (next_s - now_s)
        now_s = next_s
        while step + 1 < steps and times_s[step + 1] <= now_s:
            step += 1
            if of_agency and inputs.going_home[step, pool] > 0:
                staying += _stay_on(using - staying, inputs.at_hand[step - 1, pool], inputs.going_home[step, pool])
                since_s = times_s[step]
        while begun < len(from_s) and from_s[order[begun]] <= now_s:
            using += units[order[begun]]
            begun += 1
        while ended < len(to_s) and to_s[ended] <= now_s:
            using -= units[ended]
            staying -= min(staying, units[ended]) if from_s[ended] < since_s else 0
            ended += 1
    return used_s, over_s, waits_s


@inner
def _stay_on(working: int, at_hand: int, going_home: int) -> int:
    """Return how many officers whose shift ends are in a stage and stay until its end: idle ones go first."""
    return min(working, max(going_home - max(at_hand - working, 0), 0))
