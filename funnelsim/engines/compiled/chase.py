"""Chase cars: they pursue vehicles that turn off before the funnel, as in the SimPy engine."""

from funnelsim.engines.compiled.approach import decide
from funnelsim.engines.compiled.area import arrive, has_place, note_equipment, release, reserve
from funnelsim.engines.compiled.buffers import (
    BROUGHT_BACK,
    CHASE_READY,
    LEFT_AT_EXIT,
    NUMBER,
    PURSUIT_FROM_S,
    PURSUIT_TO_S,
    PURSUIT_VEHICLE,
    STAGE_BEGUN_S,
    TURN,
    TURNS_AWAY,
    TURNS_OFF_S,
    VEHICLE_CLASS,
    AreaQueues,
    EventRecords,
    LaneOrder,
    VehicleTable,
)
from funnelsim.engines.compiled.event_queue import PURSUIT_END, TURN_OFF, schedule
from funnelsim.engines.compiled.plan_arrays import AreaState, LaneState, PlanArrays
from funnelsim.model import random_numbers, rules
from funnelsim.model.compiled import inner
from funnelsim.model.decisions import happens
from funnelsim.model.random_streams import BROUGHT, PURSUED, PURSUIT


@inner
def next_turn_off(lane: LaneState, area: AreaState, queues: AreaQueues, table: VehicleTable) -> None:
    """Schedule when the next vehicle of a funnel comes to where it could turn off."""
    if lane.watched < lane.count:
        vehicle = lane.first + lane.watched
        schedule(area, queues, table.floats[TURNS_OFF_S, vehicle], TURN_OFF, vehicle)


@inner
def watch(
    lane: LaneState,
    funnel: int,
    order: LaneOrder,
    area: AreaState,
    queues: AreaQueues,
    table: VehicleTable,
    plan: PlanArrays,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """Look at a vehicle where it could turn off, and pursue it if it does and a car is at hand."""
    stands = rules.window_at(now_s, plan.opens_s, plan.closes_s) >= 0
    ready = rules.can_pursue(stands, cars_at(area, plan, now_s), area.away, has_place(area))
    table.bools[CHASE_READY, vehicle] = ready
    while lane.decided <= vehicle - lane.first:
        decide(lane, funnel, order, table, plan, seed, replication)
    turns = table.bools[LEFT_AT_EXIT, vehicle] or table.bools[TURNS_AWAY, vehicle]
    if turns and ready and happens(seed, replication, PURSUED, table.ints[NUMBER, vehicle], area.pursues):
        pursue(area, queues, table, plan, vehicle, seed, replication, now_s)
    lane.watched += 1
    next_turn_off(lane, area, queues, table)


@inner
def cars_at(area: AreaState, plan: PlanArrays, now_s: float) -> int:
    """Return how many cars with their crews are on duty."""
    times_s = plan.duty_times_s
    while area.car_step + 1 < len(times_s) and times_s[area.car_step + 1] <= now_s:
        area.car_step += 1
    return int(plan.cars[area.car_step])


@inner
def pursue(
    area: AreaState,
    queues: AreaQueues,
    table: VehicleTable,
    plan: PlanArrays,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """Drive after a vehicle; its place in the area is reserved from now on."""
    area.away += 1
    reserve(area)
    table.floats[STAGE_BEGUN_S, vehicle] = now_s
    note_equipment(table, plan, vehicle, now_s)
    lasts_s = random_numbers.draw_duration(
        seed,
        replication,
        PURSUIT,
        table.ints[NUMBER, vehicle],
        plan.classes[table.ints[VEHICLE_CLASS, vehicle]].pursuit_s,
        area.pursuit_cv,
        area.pursuit_memoryless != 0,
    )
    schedule(area, queues, now_s + lasts_s, PURSUIT_END, vehicle)


@inner
def end_pursuit(
    area: AreaState,
    queues: AreaQueues,
    table: VehicleTable,
    records: EventRecords,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """Bring a vehicle to the area, or come back without it."""
    position = area.pursuits
    area.away -= 1
    records.ints[PURSUIT_VEHICLE, position] = vehicle
    records.floats[PURSUIT_FROM_S, position] = table.floats[STAGE_BEGUN_S, vehicle]
    records.floats[PURSUIT_TO_S, position] = now_s
    area.pursuits += 1
    if happens(seed, replication, BROUGHT, table.ints[NUMBER, vehicle], area.brings):
        table.bools[BROUGHT_BACK, vehicle] = True
        area.turns += 1
        table.ints[TURN, vehicle] = area.turns
        arrive(area, queues, table, vehicle, now_s)
    else:
        release(area, queues)
