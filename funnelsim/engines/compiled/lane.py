"""The lane of a funnel: arrive, look, divert, pass, as in the SimPy engine."""

import numpy as np

from funnelsim.arrays import Ints
from funnelsim.engines.compiled.approach import advance, decide
from funnelsim.engines.compiled.area import divert, has_place, hold, reserve
from funnelsim.engines.compiled.buffers import (
    ACCEPTED,
    ARRIVAL_S,
    FATE,
    FREE_S,
    FUNNEL_HEADWAY_S,
    GATE,
    HEADWAY_NOISE,
    IMPRESSION,
    LISTED,
    LOOK_S,
    QUALITY,
    ROAD_HEADWAY_S,
    TARGET,
    THRESHOLD,
    TURNS_OFF_S,
    VALVE,
    VALVE_FUNNEL,
    VALVE_S,
    VEHICLE_CLASS,
    AreaQueues,
    EventRecords,
    LaneOrder,
    VehicleTable,
)
from funnelsim.engines.compiled.plan_arrays import AreaState, LaneState, PlanArrays
from funnelsim.model import rules
from funnelsim.model.compiled import index, inlined, inner
from funnelsim.model.decisions import adapted_cutoff, look_quality
from funnelsim.model.passage import headways
from funnelsim.model.queue import tail_seen
from funnelsim.units import NEVER

NEVER_YET = -np.inf
COMES = -np.inf  # event time of a lane whose next vehicle has still to come: before all others


@inner
def begin_lane(lane: LaneState, plan: PlanArrays, first: int, end: int) -> None:
    """Set the lane up before its first window."""
    lane.first, lane.count = first, end - first
    lane.newest = lane.ahead = lane.window = -1
    lane.ahead_passed_s, lane.event_s = NEVER_YET, COMES
    enter_window(lane, plan)


@inner
def enter_window(lane: LaneState, plan: PlanArrays) -> None:
    """Go on to the next window."""
    lane.window += 1
    window = lane.window
    lane.opens_s, lane.closes_s = plan.opens_s[window], plan.closes_s[window]
    lane.last_selection_s = plan.last_selection_s[window]
    lane.next_opens_s = plan.opens_s[window + 1] if window + 1 < len(plan.opens_s) else NEVER


@inlined
def next_comer(
    lane: LaneState,
    funnel: int,
    order: LaneOrder,
    table: VehicleTable,
    plan: PlanArrays,
    seed: int,
    replication: int,
) -> int:
    """Return the vehicle that comes next to the selection point; -1 when none comes any more."""
    while lane.passed == lane.lined and lane.decided < lane.count:
        decide(lane, funnel, order, table, plan, seed, replication)
    if lane.passed == lane.lined:
        return -1
    return lane.passed if lane.all_come else int(order.vehicle[lane.passed])


@inlined
def come(
    lane: LaneState,
    funnel: int,
    order: LaneOrder,
    table: VehicleTable,
    records: EventRecords,
    plan: PlanArrays,
    seed: int,
    replication: int,
) -> None:
    """Let vehicles come to the selection point until one finds the funnel there; schedule when it passes."""
    while True:
        vehicle = next_comer(lane, funnel, order, table, plan, seed, replication)
        if vehicle < 0:
            end_lane(lane, funnel, order, records, plan)
            return
        if 0 <= lane.ahead < vehicle - 1:
            follow(lane, table, plan, vehicle)
        gate, clear_s = arrive(lane, funnel, order, table, records, plan, vehicle, seed, replication)
        table.ints[GATE, index(lane.first + vehicle)] = gate
        if gate != rules.NO_FUNNEL:
            lane.vehicle, lane.gate = vehicle, gate
            lane.event_s = look(lane, order, table, vehicle, gate, clear_s)
            return
        go_past(lane, order, table, plan, vehicle, clear_s, False)


@inner
def end_lane(lane: LaneState, funnel: int, order: LaneOrder, records: EventRecords, plan: PlanArrays) -> None:
    """Open the funnel in the windows in which no vehicle comes any more, and dissolve the queue."""
    while lane.next_opens_s < NEVER:
        open_again(lane, funnel, records, plan)
    advance(lane, order, NEVER)
    lane.event_s = NEVER


@inlined
def go_past(
    lane: LaneState,
    order: LaneOrder,
    table: VehicleTable,
    plan: PlanArrays,
    vehicle: int,
    passed_s: float,
    diverted: bool,
) -> None:
    """Leave the selection point, for the road or for the area."""
    of_class = index(table.ints[VEHICLE_CLASS, index(lane.first + vehicle)])
    order.passed_s[index(lane.passed)] = passed_s
    lane.ahead, lane.ahead_passed_s = vehicle, passed_s
    lane.ahead_diversion_s = plan.classes[of_class].diversion_s if diverted else 0.0
    if lane.look_stops:
        order.diverted_s[lane.passed] = lane.ahead_diversion_s
    lane.passed += 1


@inner
def follow(lane: LaneState, table: VehicleTable, plan: PlanArrays, vehicle: int) -> None:
    """Where the vehicle in front on the road has turned off, take the headway behind the one before it."""
    me, leader = lane.first + vehicle, lane.first + lane.ahead
    table.floats[FUNNEL_HEADWAY_S, me], table.floats[ROAD_HEADWAY_S, me] = headways(
        plan.classes[table.ints[VEHICLE_CLASS, me]].reaction_s,
        plan.classes[table.ints[VEHICLE_CLASS, leader]].spacing_m,
        table.floats[HEADWAY_NOISE, me],
        lane.lane_speed_ms,
        lane.headway_factor,
        lane.road_speed_ms,
        lane.lanes,
    )


@inlined
def arrive(
    lane: LaneState,
    funnel: int,
    order: LaneOrder,
    table: VehicleTable,
    records: EventRecords,
    plan: PlanArrays,
    vehicle: int,
    seed: int,
    replication: int,
) -> tuple[int, float]:
    """Return what a vehicle finds at the selection point, and when it is free to pass it."""
    clear_s = when_clear_s(lane, table, vehicle)
    while True:
        met = rules.meets(clear_s, lane_s(lane, table, vehicle), lane.opens_s, lane.closes_s, lane.next_opens_s)
        if met == rules.IN_NEXT_WINDOW:
            open_again(lane, funnel, records, plan)
            clear_s = when_clear_s(lane, table, vehicle)
            continue
        if met != rules.IN_WINDOW:
            return rules.NO_FUNNEL, rules.passes_by_s(met, road_s(lane, table, vehicle), lane.closes_s)
        while lane.decided < lane.count and table.floats[TURNS_OFF_S, lane.first + lane.decided] <= clear_s:
            decide(lane, funnel, order, table, plan, seed, replication)
        advance(lane, order, clear_s)
        lane.tail_m = tail_seen(lane.passed, lane.newest, order.tail_m)
        valve = rules.next_valve(lane.valve, lane.tail_m, lane.suspend_at_m, lane.resume_at_m, lane.lift_at_m)
        if valve == lane.valve:
            break
        turn_valve(lane, funnel, records, plan, valve, clear_s)
        clear_s = max(clear_s, when_clear_s(lane, table, vehicle))
        if clear_s < lane.closes_s:
            break
    staffed = plan.staffed[funnel, duty_step_at(lane, plan, clear_s)]
    return rules.gate_at(clear_s, lane.valve, staffed, lane.last_selection_s), clear_s


@inner
def open_again(lane: LaneState, funnel: int, records: EventRecords, plan: PlanArrays) -> None:
    """Go on to the next window; the valve is open then."""
    if lane.valve != rules.VALVE_OPEN:
        turn_valve(lane, funnel, records, plan, rules.VALVE_OPEN, lane.next_opens_s)
    enter_window(lane, plan)


@inner
def turn_valve(lane: LaneState, funnel: int, records: EventRecords, plan: PlanArrays, valve: int, now_s: float) -> None:
    """Set the valve; each funnel writes into its own part of the buffer."""
    position = lane.first + funnel * len(plan.opens_s) + lane.valve_changes
    records.floats[VALVE_S, position], records.ints[VALVE, position] = now_s, valve
    records.ints[VALVE_FUNNEL, position] = funnel
    lane.valve = valve
    lane.valve_changes += 1


@inlined
def when_clear_s(lane: LaneState, table: VehicleTable, vehicle: int) -> float:
    """Return when the lane (or the road, while the funnel is lifted) is clear for a vehicle."""
    if lane.valve == rules.VALVE_LIFTED:
        return road_s(lane, table, vehicle)
    return lane_s(lane, table, vehicle)


@inlined
def lane_s(lane: LaneState, table: VehicleTable, vehicle: int) -> float:
    """Return when the lane is clear for a vehicle."""
    me = index(lane.first + vehicle)
    headway_s = table.floats[FUNNEL_HEADWAY_S, me]
    return rules.clear_s(table.floats[ARRIVAL_S, me], lane.ahead_passed_s, headway_s, lane.ahead_diversion_s)


@inlined
def road_s(lane: LaneState, table: VehicleTable, vehicle: int) -> float:
    """Return when the road, with all its lanes, is clear for a vehicle."""
    me = index(lane.first + vehicle)
    headway_s = table.floats[ROAD_HEADWAY_S, me]
    return rules.clear_s(table.floats[FREE_S, me], lane.ahead_passed_s, headway_s, lane.ahead_diversion_s)


@inlined
def duty_step_at(lane: LaneState, plan: PlanArrays, time_s: float) -> int:
    """Return the step of the roster at a time; it is only asked for ascending times."""
    times_s = plan.duty_times_s
    while lane.duty_step + 1 < len(times_s) and times_s[lane.duty_step + 1] <= time_s:
        lane.duty_step += 1
    return lane.duty_step


@inlined
def rate_step_at(lane: LaneState, funnel: int, plan: PlanArrays, time_s: float) -> int:
    """Return the step of the selection rates at a time; it is only asked for ascending times."""
    times_s = plan.rate_times_s
    while lane.rate_step + 1 < times_s.shape[1] and times_s[funnel, lane.rate_step + 1] <= time_s:
        lane.rate_step += 1
    return lane.rate_step


@inlined
def look(lane: LaneState, order: LaneOrder, table: VehicleTable, vehicle: int, gate: int, clear_s: float) -> float:
    """Return when the look at a vehicle is over."""
    me, before = index(lane.first + vehicle), lane.passed - lane.look_officers
    free_s = order.passed_s[index(before)] if before >= 0 else NEVER_YET
    diverted_s = order.diverted_s[index(before)] if before >= 0 and lane.look_stops else 0.0
    moved_up_s = free_s + table.floats[FUNNEL_HEADWAY_S, me] + diverted_s
    look_s, arrival_s = table.floats[LOOK_S, me], table.floats[ARRIVAL_S, me]
    return rules.look_ends_s(gate, lane.look_stops != 0, clear_s, arrival_s, free_s, moved_up_s, look_s)


@inlined
def pass_selection_point(
    lane: LaneState,
    funnel: int,
    area: AreaState,
    queues: AreaQueues,
    order: LaneOrder,
    table: VehicleTable,
    seen: Ints,
    plan: PlanArrays,
) -> None:
    """Let the vehicle at the selection point pass, be diverted, or be held where it has to wait for a place."""
    now_s = lane.event_s
    if not select(lane, funnel, area, table, seen, plan):
        go_past(lane, order, table, plan, lane.vehicle, now_s, False)
        lane.event_s = COMES
    elif has_place(area):
        reserve(area)
        pass_diverted(lane, area, queues, order, table, plan, now_s)
    else:
        hold(area, queues, funnel)
        lane.event_s = NEVER


@inlined
def pass_diverted(
    lane: LaneState,
    area: AreaState,
    queues: AreaQueues,
    order: LaneOrder,
    table: VehicleTable,
    plan: PlanArrays,
    now_s: float,
) -> None:
    """Send the vehicle at the selection point to the area, where it has a place."""
    me = lane.first + lane.vehicle
    divert(area, queues, table, plan, me, now_s)
    go_past(lane, order, table, plan, lane.vehicle, now_s, True)
    lane.event_s = COMES


@inlined
def select(lane: LaneState, funnel: int, area: AreaState, table: VehicleTable, seen: Ints, plan: PlanArrays) -> bool:
    """Decide whether a vehicle is diverted, and note its fate."""
    me, gate = index(lane.first + lane.vehicle), lane.gate
    selected = accepted = False
    if rules.is_asked(gate, lane.has_list != 0):
        threshold, score = NEVER, 0.0
        if gate == rules.OPEN:
            threshold = threshold_now(lane, funnel, area, table, seen, plan, me)
            score = score_now(lane, funnel, table, plan, me)
            table.floats[THRESHOLD, me] = threshold
        selected = rules.selects(gate, score, threshold, table.bools[LISTED, me])
        accepted = rules.accepts(area.hold != 0, area.taken, area.waiting, area.bays)
    table.bools[ACCEPTED, me] = accepted
    table.ints[FATE, me] = rules.fate_at(gate, selected, accepted)
    return selected and accepted


@inlined
def threshold_now(
    lane: LaneState,
    funnel: int,
    area: AreaState,
    table: VehicleTable,
    seen: Ints,
    plan: PlanArrays,
    me: int,
) -> float:
    """Return the score above which this vehicle, now, is selected."""
    of_class = index(table.ints[VEHICLE_CLASS, me])
    seen[funnel, of_class] += 1
    choice = plan.choices[funnel, index(rate_step_at(lane, funnel, plan, lane.event_s)), of_class]
    cutoff = choice.cutoff
    if lane.follows != rules.FIXED:
        points = lane.adapt_points
        at, factor = plan.adapt_at[funnel, :points], plan.adapt_factor[funnel, :points]
        places = area.waiting + area.bays
        cutoff = adapted_cutoff(choice.rate, lane.follows, lane.tail_m, area.taken, places, at, factor)
    selectable, filling = choice.selectable != 0, area.filling != 0
    return rules.threshold_at(
        lane.rule, selectable, cutoff, choice.every, seen[funnel, of_class], area.taken, area.bays, filling
    )


@inlined
def score_now(lane: LaneState, funnel: int, table: VehicleTable, plan: PlanArrays, me: int) -> float:
    """Return the score of this look; a longer look by a fresh officer tells more about a target."""
    quality = 1.0
    if lane.looks_differ:
        look_s, since_opening_s = table.floats[LOOK_S, me], lane.event_s - lane.opens_s
        quality = look_quality(look_s, lane.look_reference_s, since_opening_s, lane.rotate_s, lane.tires_half_life_s)
        table.floats[QUALITY, me] = quality
    return float(table.floats[IMPRESSION, me] + quality * plan.statuses[funnel, table.ints[TARGET, me]].cue)
