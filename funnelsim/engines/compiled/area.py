"""The secondary area: a vehicle's inspection from its arrival until it leaves, as in the SimPy engine.

A generator of `Area` waits in the middle; here it is cut where it waits. The other functions have the same names.

- `place`: `has_place`, `reserve`, `hold`
- `arrive`: `divert`, `arrive`
- `inspection`: `arrive`, `begin_inspection`, `go_on`
- `carry_out`, `run_stage`: `ask_for`, `begin_stage`, `end_stage`
- `process`: `process`, `move_to_spot`, `follow_up`, `transport`
"""

from funnelsim.engines.compiled.buffers import (
    ALARMED,
    AREA_S,
    AT_STAGE,
    BAY_FROM_S,
    BAY_TO_S,
    FOR_BAY,
    FOR_SPOT,
    FOUND_AT,
    HELD,
    LEFT_S,
    NUMBER,
    OCCUPANTS,
    SKIP_STEP,
    STAGE,
    STAGE_BEGUN_S,
    STAGE_FROM_S,
    STAGE_TO_S,
    STAGE_VEHICLE,
    TARGET,
    TURN,
    VEHICLE_CLASS,
    AreaQueues,
    EventRecords,
    VehicleTable,
)
from funnelsim.engines.compiled.crews import dispatch, give_back, request
from funnelsim.engines.compiled.event_queue import (
    AREA_ARRIVAL,
    BAY,
    BAY_READY,
    PLACE,
    SPOT,
    STAGE_END,
    at_once,
    schedule,
)
from funnelsim.engines.compiled.plan_arrays import AreaState, PlanArrays
from funnelsim.model import random_numbers, rules
from funnelsim.model.compiled import inlined
from funnelsim.model.decisions import happens
from funnelsim.units import NEVER


@inlined
def has_place(area: AreaState) -> bool:
    """Tell whether one more vehicle is accepted."""
    return rules.has_place(area.taken, area.waiting, area.bays)


@inlined
def reserve(area: AreaState) -> None:
    """Reserve a place for a vehicle that will come."""
    area.taken += 1
    area.filling = rules.next_filling(area.filling != 0, area.taken, area.waiting + area.bays)


@inlined
def hold(area: AreaState, queues: AreaQueues, funnel: int) -> None:
    """Hold the vehicle at the selection point of a funnel until a place is handed over."""
    queues.waiting[HELD, area.held] = funnel
    area.held += 1


@inlined
def release(area: AreaState, queues: AreaQueues) -> None:
    """Hand a place over to the vehicle held at a selection point; if there is none, free it."""
    if area.held > 0:
        at_once(area, queues, PLACE, queues.waiting[HELD, 0])
        area.held -= 1
        for position in range(area.held):
            queues.waiting[HELD, position] = queues.waiting[HELD, position + 1]
        return
    area.taken -= 1
    area.filling = rules.next_filling(area.filling != 0, area.taken, area.waiting + area.bays)


@inlined
def divert(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Send a vehicle that has a place on its way to the area."""
    area.turns += 1
    table.ints[TURN, vehicle] = area.turns
    note_equipment(table, plan, vehicle, now_s)
    schedule(area, queues, now_s + area.divert_s, AREA_ARRIVAL, vehicle)


@inlined
def note_equipment(table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float) -> None:
    """Note which stages a vehicle leaves out, by the equipment that is there as it is selected or pursued."""
    table.ints[SKIP_STEP, vehicle] = rules.step_at(now_s, plan.skip_times_s)


@inlined
def arrive(area: AreaState, queues: AreaQueues, table: VehicleTable, vehicle: int, now_s: float) -> None:
    """Come to the area and wait for a bay."""
    table.floats[AREA_S, vehicle] = now_s
    if area.free_bays > 0:
        area.free_bays -= 1
        at_once(area, queues, BAY, vehicle)
    else:
        queues.waiting[FOR_BAY, area.asked_for_bay] = vehicle
        area.asked_for_bay += 1


@inlined
def begin_inspection(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Come into a bay."""
    table.floats[BAY_FROM_S, vehicle] = now_s
    table.bools[ALARMED, vehicle] = False
    go_on(area, queues, table, plan, vehicle, 0, now_s)


@inlined
def go_on(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, stage: int, now_s: float
) -> None:
    """Ask for the crew of the next stage that the vehicle needs, or leave."""
    alarmed = table.bools[ALARMED, vehicle]
    while stage < area.after_detection and not needs(table, plan, vehicle, stage, alarmed):
        stage += 1
    if stage < area.after_detection:
        ask_for(area, queues, table, plan, vehicle, stage)
    else:
        leave(area, queues, table, vehicle, now_s)
        dispatch(area, queues, table, plan)


@inlined
def ask_for(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, stage: int
) -> None:
    """Ask for the crew and the equipment of a stage."""
    table.ints[AT_STAGE, vehicle] = stage
    request(area, queues, table, plan, vehicle)


@inlined
def begin_stage(
    area: AreaState,
    queues: AreaQueues,
    table: VehicleTable,
    plan: PlanArrays,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """Begin a stage whose crew is there; a vehicle whose persons are taken away leaves with the van."""
    stage = table.ints[AT_STAGE, vehicle]
    if stage > area.after_detection:
        leave(area, queues, table, vehicle, now_s)
    table.floats[STAGE_BEGUN_S, vehicle] = now_s
    ends_s = now_s + duration_s(table, plan, vehicle, stage, seed, replication)
    schedule(area, queues, ends_s, STAGE_END, vehicle)


@inlined
def end_stage(
    area: AreaState,
    queues: AreaQueues,
    table: VehicleTable,
    records: EventRecords,
    plan: PlanArrays,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """End a stage: give back its crew, record it, and go on with what follows."""
    stage = table.ints[AT_STAGE, vehicle]
    give_back(area, queues, plan, stage, table.floats[STAGE_BEGUN_S, vehicle], now_s)
    write_down(area, records, vehicle, stage, table.floats[STAGE_BEGUN_S, vehicle], now_s)
    if stage > area.after_detection:
        dispatch(area, queues, table, plan)
    elif stage == area.after_detection:
        transport(area, queues, table, plan, vehicle, now_s)
    elif finds(table, plan, vehicle, stage, seed, replication):
        table.ints[FOUND_AT, vehicle] = stage
        process(area, queues, table, plan, vehicle, now_s)
    else:
        go_on(area, queues, table, plan, vehicle, stage + 1, now_s)


@inlined
def finds(table: VehicleTable, plan: PlanArrays, vehicle: int, stage: int, seed: int, replication: int) -> bool:
    """Draw whether a stage gives an alarm, and whether it finds the target."""
    of_stage, of_status = plan.stages[stage], plan.stage_of_status[stage, table.ints[TARGET, vehicle]]
    number = table.ints[NUMBER, vehicle]
    if not table.bools[ALARMED, vehicle]:
        table.bools[ALARMED, vehicle] = happens(seed, replication, of_stage.alarm_purpose, number, of_status.alarms)
    return happens(seed, replication, of_stage.find_purpose, number, of_status.finds)


@inlined
def write_down(area: AreaState, records: EventRecords, vehicle: int, stage: int, from_s: float, to_s: float) -> None:
    """Add a stage to the log; if there is no room left, only count it."""
    position = area.stages
    area.stages += 1
    if position < records.ints.shape[1]:
        records.ints[STAGE_VEHICLE, position], records.ints[STAGE, position] = vehicle, stage
        records.floats[STAGE_FROM_S, position], records.floats[STAGE_TO_S, position] = from_s, to_s


@inlined
def process(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Follow up a detection, in the bay or, when one is free, in a processing spot."""
    if not area.frees_bay:
        follow_up(area, queues, table, plan, vehicle, now_s)
    elif area.free_spots > 0:
        area.free_spots -= 1
        at_once(area, queues, SPOT, vehicle)
    else:
        dispatch(area, queues, table, plan)  # officers whom the search has freed need not wait for the spot
        queues.waiting[FOR_SPOT, area.asked_for_spot] = vehicle
        area.asked_for_spot += 1


@inlined
def move_to_spot(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Free the bay and be processed in a spot."""
    free_bay(area, queues, table, vehicle, now_s)
    follow_up(area, queues, table, plan, vehicle, now_s)


@inlined
def follow_up(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Ask for those who process a detection."""
    if needs(table, plan, vehicle, area.after_detection, True):
        ask_for(area, queues, table, plan, vehicle, area.after_detection)
    else:
        transport(area, queues, table, plan, vehicle, now_s)


@inlined
def transport(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int, now_s: float
) -> None:
    """Ask for the van that takes the persons away, or leave without one."""
    stage = area.after_detection + 1
    if area.transports and needs(table, plan, vehicle, stage, True):
        ask_for(area, queues, table, plan, vehicle, stage)
    else:
        leave(area, queues, table, vehicle, now_s)
        dispatch(area, queues, table, plan)


@inlined
def leave(area: AreaState, queues: AreaQueues, table: VehicleTable, vehicle: int, now_s: float) -> None:
    """Leave the spot, or the bay."""
    table.floats[LEFT_S, vehicle] = now_s
    if table.floats[BAY_TO_S, vehicle] == NEVER:
        free_bay(area, queues, table, vehicle, now_s)
    elif area.given_spot < area.asked_for_spot:
        at_once(area, queues, SPOT, queues.waiting[FOR_SPOT, area.given_spot])
        area.given_spot += 1
    else:
        area.free_spots += 1


@inlined
def free_bay(area: AreaState, queues: AreaQueues, table: VehicleTable, vehicle: int, now_s: float) -> None:
    """Free the bay for the next in line and the place for a vehicle held in the lane."""
    table.floats[BAY_TO_S, vehicle] = now_s
    if area.changeover_s > 0.0:
        schedule(area, queues, now_s + area.changeover_s, BAY_READY, vehicle)
    else:
        give_bay(area, queues)
    release(area, queues)


@inlined
def give_bay(area: AreaState, queues: AreaQueues) -> None:
    """Give a bay to the next in line."""
    if area.given_bay < area.asked_for_bay:
        at_once(area, queues, BAY, queues.waiting[FOR_BAY, area.given_bay])
        area.given_bay += 1
    else:
        area.free_bays += 1


@inlined
def needs(table: VehicleTable, plan: PlanArrays, vehicle: int, stage: int, alarmed: bool) -> bool:
    """Tell whether a vehicle goes through a stage."""
    of_stage = plan.stages[stage]
    skips = plan.skips[table.ints[SKIP_STEP, vehicle], stage]
    applies = plan.stage_of_class[stage, table.ints[VEHICLE_CLASS, vehicle]].applies != 0 and not skips
    return rules.needs_stage(applies, of_stage.after_alarm != 0, alarmed)


@inlined
def duration_s(table: VehicleTable, plan: PlanArrays, vehicle: int, stage: int, seed: int, replication: int) -> float:
    """Draw how long a stage takes for this vehicle and its occupants."""
    of_stage = plan.stages[stage]
    mean_s = plan.stage_of_class[stage, table.ints[VEHICLE_CLASS, vehicle]].mean_s
    mean_s = rules.stage_mean_s(mean_s, of_stage.per_occupant_s, table.ints[OCCUPANTS, vehicle])
    purpose, number = of_stage.duration_purpose, table.ints[NUMBER, vehicle]
    return random_numbers.draw_duration(
        seed, replication, purpose, number, mean_s, of_stage.cv, of_stage.memoryless != 0
    )
