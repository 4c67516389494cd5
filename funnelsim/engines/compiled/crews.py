"""Officers and equipment, handed out by one dispatcher in order of selection, as in the SimPy engine."""

from funnelsim.engines.compiled.buffers import AT_STAGE, FOR_CREW, TURN, AreaQueues, VehicleTable
from funnelsim.engines.compiled.event_queue import BREAK_END, CREW, PAUSE_END, ROSTER_STEP, at_once, schedule
from funnelsim.engines.compiled.plan_arrays import AreaState, PlanArrays
from funnelsim.model import rules
from funnelsim.model.compiled import inlined, inner


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
        queues.used[pool], queues.on_break[pool], queues.due[pool] = 0, 0, 0
    for one in range(len(plan.breaks)):
        queues.due_of[one] = 0
    begin_breaks(area, queues, plan, area.begins_s)
    next_step(area, queues, plan)


@inlined
def take_step(area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, now_s: float) -> None:
    """Let the next step of the roster begin."""
    area.roster_step += 1
    begin_breaks(area, queues, plan, now_s)
    dispatch(area, queues, table, plan)
    next_step(area, queues, plan)


@inner
def begin_breaks(area: AreaState, queues: AreaQueues, plan: PlanArrays, now_s: float) -> None:
    """Send officers on the breaks that begin by now; those in a stage go when it ends, unless their shift ends."""
    for one in range(len(plan.breaks)):
        if plan.breaks[one].shift_ends_s <= now_s:
            queues.due[plan.breaks[one].pool] -= queues.due_of[one]
            queues.due_of[one] = 0
    while area.next_break < len(plan.breaks) and plan.breaks[area.next_break].from_s <= now_s:
        begins = plan.breaks[area.next_break]
        if begins.to_s > now_s:
            pool = begins.pool
            idle = plan.capacity[area.roster_step, pool] - queues.used[pool]
            working = queues.used[pool] - queues.on_break[pool] - queues.due[pool]
            kept = rules.kept_from_break(begins.officers, idle, working)
            queues.due_of[area.next_break] = kept
            queues.due[pool] += kept
            queues.used[pool] += begins.officers - kept
            be_away(area, queues, plan, pool, begins.officers - kept, begins.to_s)
        area.next_break += 1


@inner
def be_away(area: AreaState, queues: AreaQueues, plan: PlanArrays, pool: int, officers: int, until_s: float) -> None:
    """Go on a break, and schedule the return."""
    queues.on_break[pool] += officers
    schedule(area, queues, until_s, BREAK_END, officers * plan.need.shape[1] + pool)


@inner
def come_back(area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, who: int) -> None:
    """Come back from a break."""
    pool, officers = who % plan.need.shape[1], who // plan.need.shape[1]
    queues.on_break[pool] -= officers
    queues.used[pool] -= officers
    dispatch(area, queues, table, plan)


@inner
def to_break(
    area: AreaState, queues: AreaQueues, plan: PlanArrays, pool: int, officers: int, begun_s: float, now_s: float
) -> int:
    """Send officers whose stage has ended on the breaks that began during it; return how many go."""
    left = officers
    for one in range(len(plan.breaks)):
        begun = plan.breaks[one]
        going = min(left, queues.due_of[one]) if begun.pool == pool and begun_s < begun.from_s else 0
        if going > 0:
            queues.due_of[one] -= going
            queues.due[pool] -= going
            left -= going
            until_s = min(now_s + (begun.to_s - begun.from_s), begun.shift_ends_s)
            be_away(area, queues, plan, pool, going, until_s)
    return officers - left


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
def give_back(area: AreaState, queues: AreaQueues, plan: PlanArrays, stage: int, begun_s: float, now_s: float) -> None:
    """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
    for pool in range(plan.need.shape[1]):
        need = plan.need[stage, pool]
        away = to_break(area, queues, plan, pool, need, begun_s, now_s) if queues.due[pool] > 0 else 0
        if area.pause_s > 0.0 and pool < area.agencies and need > away:
            who = (need - away) * plan.need.shape[1] + pool
            schedule(area, queues, now_s + area.pause_s, PAUSE_END, who)
        else:
            queues.used[pool] -= need - away


@inner
def end_pause(
    area: AreaState, queues: AreaQueues, table: VehicleTable, plan: PlanArrays, who: int, now_s: float
) -> None:
    """End a pause: another stage, or a break that began during it."""
    pool, officers = who % plan.need.shape[1], who // plan.need.shape[1]
    since_s = now_s - area.pause_s
    away = to_break(area, queues, plan, pool, officers, since_s, now_s) if queues.due[pool] > 0 else 0
    queues.used[pool] -= officers - away
    dispatch(area, queues, table, plan)


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
