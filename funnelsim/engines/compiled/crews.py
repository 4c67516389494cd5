"""Officers and equipment, handed out by one dispatcher in order of selection, as in the SimPy engine."""

from funnelsim.engines.compiled.buffers import AT_STAGE, FOR_CREW, TURN, AreaQueues, VehicleTable
from funnelsim.engines.compiled.event_queue import CREW, ROSTER_STEP, at_once, schedule
from funnelsim.engines.compiled.plan_arrays import AreaState, PlanArrays
from funnelsim.model import rules
from funnelsim.model.compiled import inlined


@inlined
def begin_roster(area: AreaState, queues: AreaQueues, plan: PlanArrays) -> None:
    """Set the roster to its first step, and schedule the next."""
    area.roster_step = -1
    while (
        area.roster_step + 1 < len(plan.capacity_times_s)
        and plan.capacity_times_s[area.roster_step + 1] <= area.begins_s
    ):
        area.roster_step += 1
    for pool in range(len(queues.used)):
        queues.used[pool] = 0
    next_step(area, queues, plan)


@inlined
def next_step(area: AreaState, queues: AreaQueues, plan: PlanArrays) -> None:
    """Schedule the next change of the roster."""
    if area.roster_step + 1 < len(plan.capacity_times_s):
        schedule(area, queues, plan.capacity_times_s[area.roster_step + 1], ROSTER_STEP, 0)


@inlined
def request(area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, vehicle: int) -> None:
    """Ask for the crew and the equipment of the stage that a vehicle is at, in order of selection."""
    position, turn = area.waiting_for_crew, table.ints[TURN, vehicle]
    while position > 0 and table.ints[TURN, queues.waiting[FOR_CREW, position - 1]] > turn:
        queues.waiting[FOR_CREW, position] = queues.waiting[FOR_CREW, position - 1]
        position -= 1
    queues.waiting[FOR_CREW, position] = vehicle
    area.waiting_for_crew += 1
    dispatch(area, queues, table, plan)


@inlined
def give_back(queues: AreaQueues, plan: PlanArrays, stage: int) -> None:
    """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
    for pool in range(plan.need.shape[1]):
        queues.used[pool] -= plan.need[stage, pool]


@inlined
def dispatch(area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays) -> None:
    """Start every stage that can start, in order of selection."""
    still_waiting = 0
    for pool in range(len(queues.kept)):
        queues.kept[pool] = 0
    for entry in range(area.waiting_for_crew):
        vehicle = queues.waiting[FOR_CREW, entry]
        need = plan.need[table.ints[AT_STAGE, vehicle]]
        if rules.can_start(need, queues.used, plan.capacity[area.roster_step], queues.kept):
            for pool in range(len(need)):
                queues.used[pool] += need[pool]
            at_once(area, queues, CREW, vehicle)
        else:
            for pool in range(len(need)):
                queues.kept[pool] += need[pool]
            queues.waiting[FOR_CREW, still_waiting] = vehicle
            still_waiting += 1
    area.waiting_for_crew = still_waiting
