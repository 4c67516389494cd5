"""Officers and equipment, handed out by one dispatcher in order of selection, as in the SimPy engine."""

from funnelsim.engines.compiled.agenda import CREW, ROSTER_STEP, at_once, schedule
from funnelsim.engines.compiled.numbers import Area, Numbers
from funnelsim.engines.compiled.table import AT_STAGE, TURN, Table, Yard
from funnelsim.model import rules
from funnelsim.model.compiled import inlined


@inlined
def begin_roster(area: Area, yard: Yard, numbers: Numbers) -> None:
    """Put on duty who is on duty at the beginning, and note when that changes."""
    area.roster_step = -1
    while (
        area.roster_step + 1 < len(numbers.capacity_times_s)
        and numbers.capacity_times_s[area.roster_step + 1] <= area.begins_s
    ):
        area.roster_step += 1
    yard.used[:] = 0
    next_step(area, yard, numbers)


@inlined
def next_step(area: Area, yard: Yard, numbers: Numbers) -> None:
    """Note when the roster changes next."""
    if area.roster_step + 1 < len(numbers.capacity_times_s):
        schedule(area, yard, numbers.capacity_times_s[area.roster_step + 1], ROSTER_STEP, 0)


@inlined
def request(area: Area, yard: Yard, table: Table, numbers: Numbers, vehicle: int) -> None:
    """Ask for the crew and the equipment of the stage that a vehicle is at, in order of selection."""
    place, turns = area.waiting_for_crew, table.wholes[TURN]
    while place > 0 and turns[yard.for_crew[place - 1]] > turns[vehicle]:
        yard.for_crew[place] = yard.for_crew[place - 1]
        place -= 1
    yard.for_crew[place] = vehicle
    area.waiting_for_crew += 1
    dispatch(area, yard, table, numbers)


@inlined
def give_back(yard: Yard, numbers: Numbers, stage: int) -> None:
    """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
    for pool in range(numbers.need.shape[1]):
        yard.used[pool] -= numbers.need[stage, pool]


@inlined
def dispatch(area: Area, yard: Yard, table: Table, numbers: Numbers) -> None:
    """Start every stage that can start, in order of selection."""
    still_waiting = 0
    for entry in range(area.waiting_for_crew):
        vehicle = yard.for_crew[entry]
        stage = table.wholes[AT_STAGE, vehicle]
        if rules.can_start(numbers.need[stage], yard.used, numbers.capacity[area.roster_step]):
            for pool in range(numbers.need.shape[1]):
                yard.used[pool] += numbers.need[stage, pool]
            at_once(area, yard, CREW, vehicle)
        else:
            yard.for_crew[still_waiting] = vehicle
            still_waiting += 1
    area.waiting_for_crew = still_waiting
