"""One replication of the checkpoint: set up, let everything happen in its order, write down how it ended."""

from funnelsim.arrays import Ints, Records
from funnelsim.engines.compiled.agenda import (
    AREA_ARRIVAL,
    BAY,
    CREW,
    PURSUIT_END,
    ROSTER_STEP,
    SELECTION_POINT,
    SPOT,
    STAGE_END,
    before,
    drop_next,
    next_at_once,
)
from funnelsim.engines.compiled.approach import line_of, line_up, write_ways
from funnelsim.engines.compiled.area import arrive, begin_inspection, begin_stage, end_stage, move_to_spot
from funnelsim.engines.compiled.chase import end_pursuit, next_turn_off, watch
from funnelsim.engines.compiled.crews import begin_roster, dispatch, next_step
from funnelsim.engines.compiled.lane import COMES, begin_lane, come, pass_diverted, pass_selection_point
from funnelsim.engines.compiled.numbers import Lane, Numbers
from funnelsim.engines.compiled.table import (
    AREA_S,
    ARRIVAL_S,
    BASELINE_S,
    BAY_FROM_S,
    BAY_TO_S,
    BROUGHT_BACK,
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
    ROAD_HEADWAY_S,
    TAIL_M,
    TARGET,
    THRESHOLD,
    TURNS_AWAY,
    TURNS_OFF_S,
    VEHICLE_CLASS,
    Buffers,
    Table,
)
from funnelsim.engines.scheduled_event import VEHICLES
from funnelsim.model import rules
from funnelsim.model.compiled import inlined, inner, kernel
from funnelsim.model.log import NOT_FOUND
from funnelsim.model.passage import evaders_into, headways_into, listed_into
from funnelsim.units import NEVER


@kernel
def run(buffers: Buffers, first: Ints, numbers: Numbers, seed: int, replication: int) -> None:
    """Run one replication of the vehicles that stand in the table; `first` says where each funnel's begin and end."""
    lanes, area = buffers.lanes, buffers.area[0]
    table, book, yard, seen = buffers.table, buffers.book, buffers.yard, buffers.seen
    set_up(buffers, first, numbers, seed, replication)
    while True:
        funnel = next_lane(lanes)
        lane = lanes[funnel]
        line = line_of(lane, funnel, buffers.line, table)
        while next_lane(lanes) == funnel:
            rank = SELECTION_POINT * VEHICLES + lane.first + lane.vehicle
            if area.moments > 0 and before(yard.moment_s[0], yard.moment_rank[0], lane.moment_s, rank):
                happen(buffers, first, numbers, seed, replication)
                continue
            if lane.moment_s == NEVER:
                finish(buffers, first, numbers)
                return
            if lane.moment_s != COMES:
                pass_selection_point(lane, funnel, area, yard, line, table, seen, numbers)
            if lane.moment_s == COMES:
                come(lane, funnel, line, table, book, numbers, seed, replication)


@inlined
def next_lane(lanes: Records) -> int:
    """Return the funnel at which a vehicle passes next; of those at one moment, the one of the lower vehicle."""
    best = 0
    for funnel in range(1, len(lanes)):
        if lanes[funnel].moment_s < lanes[best].moment_s:
            best = funnel
    return best


@inner
def set_up(buffers: Buffers, first: Ints, numbers: Numbers, seed: int, replication: int) -> None:
    """Let nothing have happened yet."""
    table, yard, area = buffers.table, buffers.yard, buffers.area[0]
    buffers.area[0] = numbers.area[0]
    buffers.seen[:] = 0
    clear(table, first[len(first) - 1])
    area.filling, area.free_bays, area.free_spots = 1, area.bays, area.spots
    begin_roster(area, yard, numbers)
    for funnel in range(len(buffers.lanes)):
        buffers.lanes[funnel] = numbers.lanes[funnel]
        lane = buffers.lanes[funnel]
        begin_lane(lane, numbers, first[funnel], first[funnel + 1])
        derive_ways(lane, funnel, table, numbers, seed, replication)
        if area.chases or not lane.all_come:
            derive_turning(lane, funnel, table, numbers, seed, replication)
        line_up(lane, line_of(lane, funnel, buffers.line, table), table, numbers)
        if area.chases:
            next_turn_off(lane, area, yard, table)


@inner
def clear(table: Table, count: int) -> None:
    """Write into the log that nothing has happened to anybody."""
    for column in (PASSED_S, JOINED_S, THRESHOLD, AREA_S, BAY_FROM_S, BAY_TO_S, LEFT_S):
        table.reals[column, :count] = NEVER
    table.reals[TAIL_M, :count] = 0.0
    table.reals[QUALITY, :count] = 1.0
    table.wholes[GATE, :count] = rules.NO_FUNNEL
    table.wholes[FATE, :count] = rules.OUTSIDE_OPERATION
    table.wholes[FOUND_AT, :count] = NOT_FOUND
    table.flags[:, :count] = False


@inner
def derive_ways(lane: Lane, funnel: int, table: Table, numbers: Numbers, seed: int, replication: int) -> None:
    """Derive what each vehicle of a funnel needs on its road."""
    first, end = lane.first, lane.first + lane.count
    reals, wholes, flags = table.reals[:, first:end], table.wholes[:, first:end], table.flags[:, first:end]
    statuses = numbers.statuses[funnel]
    headways_into(
        reals[FREE_S],
        wholes[VEHICLE_CLASS],
        reals[HEADWAY_NOISE],
        numbers.classes.reaction_s,
        numbers.classes.spacing_m,
        lane.lane_speed_ms,
        lane.headway_factor,
        lane.road_speed_ms,
        lane.lanes,
        reals[FUNNEL_HEADWAY_S],
        reals[ROAD_HEADWAY_S],
        reals[BASELINE_S],
    )
    for vehicle in range(lane.count):
        reals[ARRIVAL_S, vehicle] = reals[FREE_S, vehicle] + lane.through_s
    listed_into(wholes[NUMBER], wholes[TARGET], statuses.listed, seed, replication, flags[LISTED])


@inner
def derive_turning(lane: Lane, funnel: int, table: Table, numbers: Numbers, seed: int, replication: int) -> None:
    """Derive when the vehicles of a funnel could turn off, and who keeps away whatever the queue."""
    first, end = lane.first, lane.first + lane.count
    reals, wholes, flags = table.reals[:, first:end], table.wholes[:, first:end], table.flags[:, first:end]
    statuses = numbers.statuses[funnel]
    for vehicle in range(lane.count):
        reals[TURNS_OFF_S, vehicle] = reals[FREE_S, vehicle] - lane.turn_off_before_s
    evaders_into(
        wholes[NUMBER],
        wholes[TARGET],
        reals[TURNS_OFF_S],
        numbers.opens_s,
        numbers.closes_s,
        statuses.alerted,
        statuses.half_life_s,
        statuses.visible,
        seed,
        replication,
        flags[KEEPS_AWAY],
        flags[TURNS_AWAY],
    )


@inlined
def happen(buffers: Buffers, first: Ints, numbers: Numbers, seed: int, replication: int) -> None:
    """Let the next moment of the agenda happen, and all that follows from it at once."""
    table, book, yard, area = buffers.table, buffers.book, buffers.yard, buffers.area[0]
    now_s, rank = yard.moment_s[0], yard.moment_rank[0]
    kind, vehicle = rank // VEHICLES, rank % VEHICLES
    drop_next(area, yard)
    if kind == STAGE_END:
        end_stage(area, yard, table, book, numbers, vehicle, seed, replication, now_s)
    elif kind == AREA_ARRIVAL:
        arrive(area, yard, table, vehicle, now_s)
    elif kind == ROSTER_STEP:
        area.roster_step += 1
        dispatch(area, yard, table, numbers)
        next_step(area, yard, numbers)
    elif kind == PURSUIT_END:
        end_pursuit(area, yard, table, book, vehicle, seed, replication, now_s)
    else:
        funnel = len(first) - 2
        while first[funnel] > vehicle:
            funnel -= 1
        lane = buffers.lanes[funnel]
        line = line_of(lane, funnel, buffers.line, table)
        watch(lane, funnel, line, area, yard, table, numbers, vehicle, seed, replication, now_s)
    while area.soon_done != area.soon:
        follow_on(buffers, numbers, seed, replication, now_s)


@inlined
def follow_on(buffers: Buffers, numbers: Numbers, seed: int, replication: int, now_s: float) -> None:
    """Let happen what is next at this very moment: somebody has a bay, a crew, a spot, or a place after being held."""
    table, yard, area = buffers.table, buffers.yard, buffers.area[0]
    entry = next_at_once(area, yard)
    what, who = entry // VEHICLES, entry % VEHICLES
    if what == BAY:
        begin_inspection(area, yard, table, numbers, who, now_s)
    elif what == CREW:
        begin_stage(area, yard, table, numbers, who, seed, replication, now_s)
    elif what == SPOT:
        move_to_spot(area, yard, table, numbers, who, now_s)
    else:
        lane = buffers.lanes[who]
        pass_diverted(lane, area, yard, line_of(lane, who, buffers.line, table), table, numbers, now_s)


@inner
def finish(buffers: Buffers, first: Ints, numbers: Numbers) -> None:
    """Write down what is known at the end: passages, the changes of the valves, the fates of those who turned off."""
    table, book = buffers.table, buffers.book
    changes = 0
    for funnel in range(len(buffers.lanes)):
        lane = buffers.lanes[funnel]
        write_ways(lane, line_of(lane, funnel, buffers.line, table), table)
        from_place = lane.first + funnel * len(numbers.opens_s)
        for place in range(from_place, from_place + lane.valve_changes):
            book.valve_s[changes], book.valve[changes] = book.valve_s[place], book.valve[place]
            book.valve_funnel[changes] = funnel
            changes += 1
    for vehicle in range(first[len(first) - 1]):
        table.wholes[FATE, vehicle] = rules.final_fate(
            table.wholes[FATE, vehicle],
            rules.window_at(table.reals[ARRIVAL_S, vehicle], numbers.opens_s, numbers.closes_s) >= 0,
            table.flags[BROUGHT_BACK, vehicle],
            table.flags[KEEPS_AWAY, vehicle],
            table.flags[LEFT_AT_EXIT, vehicle],
        )
