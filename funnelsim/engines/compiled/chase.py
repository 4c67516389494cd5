"""Chase cars: they pursue vehicles that turn off before the funnel, as in the SimPy engine."""

from funnelsim.engines.compiled.agenda import PURSUIT_END, TURN_OFF, schedule
from funnelsim.engines.compiled.approach import decide
from funnelsim.engines.compiled.area import arrive, has_place, release, reserve
from funnelsim.engines.compiled.numbers import Area, Lane, Numbers
from funnelsim.engines.compiled.table import (
    BROUGHT_BACK,
    CHASE_READY,
    LEFT_AT_EXIT,
    NUMBER,
    STAGE_BEGUN_S,
    TURN,
    TURNS_AWAY,
    TURNS_OFF_S,
    VEHICLE_CLASS,
    Book,
    Line,
    Table,
    Yard,
)
from funnelsim.model import dice, rules
from funnelsim.model.compiled import inner
from funnelsim.model.decisions import happens
from funnelsim.model.purposes import BROUGHT, PURSUED, PURSUIT


@inner
def next_turn_off(lane: Lane, area: Area, yard: Yard, table: Table) -> None:
    """Note when the next vehicle of a funnel comes to where it could turn off."""
    if lane.watched < lane.count:
        vehicle = lane.first + lane.watched
        schedule(area, yard, table.reals[TURNS_OFF_S, vehicle], TURN_OFF, vehicle)


@inner
def watch(
    lane: Lane,
    funnel: int,
    line: Line,
    area: Area,
    yard: Yard,
    table: Table,
    numbers: Numbers,
    vehicle: int,
    seed: int,
    replication: int,
    now_s: float,
) -> None:
    """Look at a vehicle where it could turn off, and pursue it if it does and a car is at hand."""
    stands = rules.window_at(now_s, numbers.opens_s, numbers.closes_s) >= 0
    ready = rules.can_pursue(stands, cars_at(area, numbers, now_s), area.away, has_place(area))
    table.flags[CHASE_READY, vehicle] = ready
    while lane.decided <= vehicle - lane.first:
        decide(lane, funnel, line, table, numbers, seed, replication)
    turns = table.flags[LEFT_AT_EXIT, vehicle] or table.flags[TURNS_AWAY, vehicle]
    if turns and ready and happens(seed, replication, PURSUED, table.wholes[NUMBER, vehicle], area.pursues):
        pursue(area, yard, table, numbers, vehicle, seed, replication, now_s)
    lane.watched += 1
    next_turn_off(lane, area, yard, table)


@inner
def cars_at(area: Area, numbers: Numbers, now_s: float) -> int:
    """Return how many cars with their crews are on duty."""
    times_s = numbers.duty_times_s
    while area.car_step + 1 < len(times_s) and times_s[area.car_step + 1] <= now_s:
        area.car_step += 1
    return int(numbers.cars[area.car_step])


@inner
def pursue(
    area: Area, yard: Yard, table: Table, numbers: Numbers, vehicle: int, seed: int, replication: int, now_s: float
) -> None:
    """Drive after a vehicle; its place in the area is reserved from now on."""
    area.away += 1
    reserve(area)
    table.reals[STAGE_BEGUN_S, vehicle] = now_s
    lasts_s = dice.draw_duration(
        seed,
        replication,
        PURSUIT,
        table.wholes[NUMBER, vehicle],
        numbers.classes[table.wholes[VEHICLE_CLASS, vehicle]].pursuit_s,
        area.pursuit_cv,
        area.pursuit_memoryless != 0,
    )
    schedule(area, yard, now_s + lasts_s, PURSUIT_END, vehicle)


@inner
def end_pursuit(
    area: Area, yard: Yard, table: Table, book: Book, vehicle: int, seed: int, replication: int, now_s: float
) -> None:
    """Bring a vehicle to the area, or come back without it."""
    place = area.pursuits
    area.away -= 1
    book.pursuit_vehicle[place] = vehicle
    book.pursuit_from_s[place], book.pursuit_to_s[place] = table.reals[STAGE_BEGUN_S, vehicle], now_s
    area.pursuits += 1
    if happens(seed, replication, BROUGHT, table.wholes[NUMBER, vehicle], area.brings):
        table.flags[BROUGHT_BACK, vehicle] = True
        area.turns += 1
        table.wholes[TURN, vehicle] = area.turns
        arrive(area, yard, table, vehicle, now_s)
    else:
        release(area, yard)
