"""One replication of the checkpoint: set up, process the events in their order, record how it ended."""

from funnelsim.arrays import Ints, Records
from funnelsim.engines.compiled.approach import line_up, order_of, write_ways
from funnelsim.engines.compiled.area import arrive, begin_inspection, begin_stage, end_stage, give_bay, move_to_spot
from funnelsim.engines.compiled.buffers import (
    ACCEPTED,
    ALARMED,
    AREA_S,
    ARRIVAL_S,
    BASELINE_S,
    BAY_FROM_S,
    BAY_TO_S,
    BROUGHT_BACK,
    CHASE_READY,
    FATE,
    FOUND_AT,
    FREE_S,
    FUNNEL_HEADWAY_S,
    GATE,
    HEADWAY_NOISE,
    JOINED_S,
    KEEPS_AWAY,
    LEFT_AT_EXIT,
    LEFT_S,
    LISTED,
    NUMBER,
    PASSED_S,
    QUALITY,
    QUEUE_SEEN,
    ROAD_HEADWAY_S,
    TAIL_M,
    TARGET,
    THRESHOLD,
    TURNS_AWAY,
    TURNS_OFF_S,
    VALVE,
    VALVE_FUNNEL,
    VALVE_S,
    VEHICLE_CLASS,
    Buffers,
    VehicleTable,
)
from funnelsim.engines.compiled.chase import end_pursuit, next_turn_off, watch
from funnelsim.engines.compiled.crews import begin_roster, come_back, end_pause, take_step
from funnelsim.engines.compiled.event_queue import (
    AREA_ARRIVAL,
    BAY,
    BAY_READY,
    BREAK_END,
    CREW,
    PAUSE_END,
    PURSUIT_END,
    ROSTER_STEP,
    SELECTION_POINT,
    SPOT,
    STAGE_END,
    before,
    drop_next,
    next_at_once,
)
from funnelsim.engines.compiled.lane import COMES, begin_lane, come, pass_diverted, pass_selection_point
from funnelsim.engines.compiled.plan_arrays import LaneState, PlanArrays
from funnelsim.engines.scheduled_event import RANKS_PER_KIND
from funnelsim.model import rules
from funnelsim.model.compiled import inlined, inner, kernel
from funnelsim.model.passage import evaders_into, headways_into, listed_into
from funnelsim.model.states import NOT_FOUND
from funnelsim.units import NEVER


@kernel
def run(buffers: Buffers, first: Ints, plan: PlanArrays, seed: int, replication: int, derived: bool) -> None:
    """Run one replication of the vehicles in the table; `first` says where those of each funnel begin and end.

    `derived` says that arrivals, headways and hits of the watch list are in the table already.
    """
    lanes, area = buffers.lanes, buffers.area[0]
    table, records, queues, seen = buffers.table, buffers.records, buffers.queues, buffers.seen
    set_up(buffers, first, plan, seed, replication, derived)
    while True:  # the arrays of a lane are sliced when another lane is next, not for each vehicle
        funnel = next_lane(lanes)
        lane = lanes[funnel]
        order = order_of(lane, funnel, buffers.order, table)
        while next_lane(lanes) == funnel:
            rank = SELECTION_POINT * RANKS_PER_KIND + lane.first + lane.vehicle
            if area.events > 0 and before(queues.event_s[0], queues.event_rank[0], lane.event_s, rank):
                happen(buffers, first, plan, seed, replication)
                continue
            if lane.event_s == NEVER:
                finish(buffers, first, plan)
                return
            if lane.event_s != COMES:
                pass_selection_point(lane, funnel, area, queues, order, table, seen, plan)
            if lane.event_s == COMES:
                come(lane, funnel, order, table, records, plan, seed, replication)


@inlined
def next_lane(lanes: Records) -> int:
    """Return the funnel at which a vehicle passes next; in a tie, the one with the lower vehicle number."""
    best = 0
    for funnel in range(1, len(lanes)):
        if lanes[funnel].event_s < lanes[best].event_s:
            best = funnel
    return best


@inner
def set_up(buffers: Buffers, first: Ints, plan: PlanArrays, seed: int, replication: int, derived: bool) -> None:
    """Reset all state."""
    table, queues, area = buffers.table, buffers.queues, buffers.area[0]
    buffers.area[0] = plan.area[0]
    buffers.seen[:] = 0
    clear(table, first[len(first) - 1])
    area.filling, area.free_bays, area.free_spots = 1, area.bays, area.spots
    begin_roster(area, queues, plan)
    for funnel in range(len(buffers.lanes)):
        buffers.lanes[funnel] = plan.lanes[funnel]
        lane = buffers.lanes[funnel]
        begin_lane(lane, plan, first[funnel], first[funnel + 1])
        if not derived:
            derive_ways(lane, funnel, table, plan, seed, replication)
        if area.chases or not lane.all_come:
            derive_turning(lane, funnel, table, plan, seed, replication)
        line_up(lane, order_of(lane, funnel, buffers.order, table), table, plan)
        if area.chases:
            next_turn_off(lane, area, queues, table)


@inner
def clear(table: VehicleTable, count: int) -> None:
    """Reset the log of all vehicles, but not what `derive_ways` writes."""
    for column in (PASSED_S, JOINED_S, THRESHOLD, AREA_S, BAY_FROM_S, BAY_TO_S, LEFT_S):
        table.floats[column, :count] = NEVER
    table.floats[TAIL_M, :count] = 0.0
    table.floats[QUALITY, :count] = 1.0
    table.ints[GATE, :count] = rules.NO_FUNNEL
    table.ints[FATE, :count] = rules.OUTSIDE_OPERATION
    table.ints[FOUND_AT, :count] = NOT_FOUND
    for column in (KEEPS_AWAY, TURNS_AWAY, LEFT_AT_EXIT, ALARMED, BROUGHT_BACK, QUEUE_SEEN, CHASE_READY, ACCEPTED):
        table.bools[column, :count] = False


@inner
def derive_ways(
    lane: LaneState, funnel: int, table: VehicleTable, plan: PlanArrays, seed: int, replication: int
) -> None:
    """Derive arrivals, headways and hits of the watch list for the vehicles of a funnel."""
    first, end = lane.first, lane.first + lane.count
    floats, ints, bools = table.floats[:, first:end], table.ints[:, first:end], table.bools[:, first:end]
    statuses = plan.statuses[funnel]
    headways_into(
        floats[FREE_S],
        ints[VEHICLE_CLASS],
        floats[HEADWAY_NOISE],
        plan.classes.reaction_s,
        plan.classes.spacing_m,
        lane.lane_speed_ms,
        lane.headway_factor,
        lane.road_speed_ms,
        lane.lanes,
        floats[FUNNEL_HEADWAY_S],
        floats[ROAD_HEADWAY_S],
        floats[BASELINE_S],
    )
    for vehicle in range(lane.count):
        floats[ARRIVAL_S, vehicle] = floats[FREE_S, vehicle] + lane.through_s
    listed_into(ints[NUMBER], ints[TARGET], statuses.listed, seed, replication, bools[LISTED])


@inner
def derive_turning(
    lane: LaneState, funnel: int, table: VehicleTable, plan: PlanArrays, seed: int, replication: int
) -> None:
    """Derive when the vehicles of a funnel could turn off, and who keeps away whatever the queue."""
    first, end = lane.first, lane.first + lane.count
    floats, ints, bools = table.floats[:, first:end], table.ints[:, first:end], table.bools[:, first:end]
    statuses = plan.statuses[funnel]
    for vehicle in range(lane.count):
        floats[TURNS_OFF_S, vehicle] = floats[FREE_S, vehicle] - lane.turn_off_before_s
    evaders_into(
        ints[NUMBER],
        ints[TARGET],
        floats[TURNS_OFF_S],
        plan.opens_s,
        plan.closes_s,
        statuses.alerted,
        statuses.half_life_s,
        statuses.visible,
        seed,
        replication,
        bools[KEEPS_AWAY],
        bools[TURNS_AWAY],
    )


@inlined
def happen(buffers: Buffers, first: Ints, plan: PlanArrays, seed: int, replication: int) -> None:
    """Process the next event of the queue, and all that follows from it at once."""
    table, records, queues, area = buffers.table, buffers.records, buffers.queues, buffers.area[0]
    now_s, rank = queues.event_s[0], queues.event_rank[0]
    event_kind, vehicle = rank // RANKS_PER_KIND, rank % RANKS_PER_KIND
    drop_next(area, queues)
    if event_kind == STAGE_END:
        end_stage(area, queues, table, records, plan, vehicle, seed, replication, now_s)
    elif event_kind == AREA_ARRIVAL:
        arrive(area, queues, table, vehicle, now_s)
    elif event_kind == ROSTER_STEP:
        take_step(area, queues, table, plan, now_s)
    elif event_kind == BREAK_END:
        come_back(area, queues, table, plan, vehicle)
    elif event_kind == PAUSE_END:
        end_pause(area, queues, table, plan, vehicle, now_s)
    elif event_kind == BAY_READY:
        give_bay(area, queues)
    elif event_kind == PURSUIT_END:
        end_pursuit(area, queues, table, records, vehicle, seed, replication, now_s)
    else:
        funnel = len(first) - 2
        while first[funnel] > vehicle:
            funnel -= 1
        lane = buffers.lanes[funnel]
        order = order_of(lane, funnel, buffers.order, table)
        watch(lane, funnel, order, area, queues, table, plan, vehicle, seed, replication, now_s)
    while area.soon_done != area.soon:
        follow_on(buffers, plan, seed, replication, now_s)


@inlined
def follow_on(buffers: Buffers, plan: PlanArrays, seed: int, replication: int, now_s: float) -> None:
    """Process what follows at once: a vehicle has a bay, a crew, a spot, or a place after being held."""
    table, queues, area = buffers.table, buffers.queues, buffers.area[0]
    entry = next_at_once(area, queues)
    what, who = entry // RANKS_PER_KIND, entry % RANKS_PER_KIND
    if what == BAY:
        begin_inspection(area, queues, table, plan, who, now_s)
    elif what == CREW:
        begin_stage(area, queues, table, plan, who, seed, replication, now_s)
    elif what == SPOT:
        move_to_spot(area, queues, table, plan, who, now_s)
    else:
        lane = buffers.lanes[who]
        pass_diverted(lane, area, queues, order_of(lane, who, buffers.order, table), table, plan, now_s)


@inner
def finish(buffers: Buffers, first: Ints, plan: PlanArrays) -> None:
    """Record what is known at the end: passages, changes of the valves, and final fates."""
    table, records = buffers.table, buffers.records
    changes = 0
    for funnel in range(len(buffers.lanes)):
        lane = buffers.lanes[funnel]
        write_ways(lane, order_of(lane, funnel, buffers.order, table), table)
        first_change = lane.first + funnel * len(plan.opens_s)
        for position in range(first_change, first_change + lane.valve_changes):
            records.floats[VALVE_S, changes] = records.floats[VALVE_S, position]
            records.ints[VALVE, changes] = records.ints[VALVE, position]
            records.ints[VALVE_FUNNEL, changes] = funnel
            changes += 1
    for vehicle in range(first[len(first) - 1]):
        fate = table.ints[FATE, vehicle]
        in_window = False
        if fate == rules.OUTSIDE_OPERATION:  # which alone depends on it
            in_window = rules.window_at(table.floats[ARRIVAL_S, vehicle], plan.opens_s, plan.closes_s) >= 0
        table.ints[FATE, vehicle] = rules.final_fate(
            fate,
            in_window,
            table.bools[BROUGHT_BACK, vehicle],
            table.bools[KEEPS_AWAY, vehicle],
            table.bools[LEFT_AT_EXIT, vehicle],
        )
