"""The road up to the taper: who turns off before the funnel, and how far the queue reaches, as in the SimPy engine."""

from funnelsim.engines.compiled.numbers import Lane, Numbers
from funnelsim.engines.compiled.table import (
    FREE_S,
    JOINED_S,
    KEEPS_AWAY,
    LEFT_AT_EXIT,
    NUMBER,
    PASSED_S,
    QUEUE_SEEN,
    TAIL_M,
    TARGET,
    TURNS_OFF_S,
    VEHICLE_CLASS,
    Line,
    Table,
)
from funnelsim.model import rules
from funnelsim.model.compiled import inlined, inner
from funnelsim.model.decisions import happens
from funnelsim.model.purposes import LEAVES
from funnelsim.model.queue import advance_tail, tail_now


@inlined
def line_of(lane: Lane, funnel: int, line: Line, table: Table) -> Line:
    """Return where the line of a funnel stands: in its part of the buffers, in the table where everybody comes."""
    first, end = lane.first, lane.first + lane.count
    spacing_up_to_m = line.spacing_up_to_m[first + funnel : end + funnel + 1]
    if lane.all_come:
        return Line(
            line.vehicle[first:end],
            table.reals[FREE_S][first:end],
            table.reals[PASSED_S][first:end],
            table.reals[JOINED_S][first:end],
            table.reals[TAIL_M][first:end],
            line.diverted_s[first:end],
            spacing_up_to_m,
        )
    return Line(
        line.vehicle[first:end],
        line.free_s[first:end],
        line.passed_s[first:end],
        line.joined_s[first:end],
        line.tail_m[first:end],
        line.diverted_s[first:end],
        spacing_up_to_m,
    )


@inner
def line_up(lane: Lane, line: Line, table: Table, numbers: Numbers) -> None:
    """Put everybody in line who does not keep away, on a road without an exit."""
    line.spacing_up_to_m[0] = 0.0
    if lane.has_exit:
        return
    if lane.all_come:
        for vehicle in range(lane.count):
            metres = numbers.classes[table.wholes[VEHICLE_CLASS, lane.first + vehicle]].spacing_m
            line.spacing_up_to_m[vehicle + 1] = line.spacing_up_to_m[vehicle] + metres
        lane.lined = lane.count
    else:
        for vehicle in range(lane.count):
            if not table.flags[KEEPS_AWAY, lane.first + vehicle]:
                join(lane, line, table, numbers, vehicle)
    lane.decided = lane.count


@inlined
def join(lane: Lane, line: Line, table: Table, numbers: Numbers, vehicle: int) -> None:
    """Put a vehicle at the end of the line of those who come."""
    place, kind = lane.lined, table.wholes[VEHICLE_CLASS, lane.first + vehicle]
    line.vehicle[place] = vehicle
    line.free_s[place] = table.reals[FREE_S, lane.first + vehicle]
    line.spacing_up_to_m[place + 1] = line.spacing_up_to_m[place] + numbers.classes[kind].spacing_m
    lane.lined += 1


@inner
def decide(lane: Lane, funnel: int, line: Line, table: Table, numbers: Numbers, seed: int, replication: int) -> None:
    """Let the next driver decide at the exit."""
    vehicle = lane.first + lane.decided
    tail_m = tail_at(lane, line, table.reals[TURNS_OFF_S, vehicle])
    sees = rules.sees_queue(tail_m, lane.leave_when_tail_m)
    table.flags[QUEUE_SEEN, vehicle] = sees
    if not table.flags[KEEPS_AWAY, vehicle]:
        share = numbers.statuses[funnel, table.wholes[TARGET, vehicle]].leaves
        leaves = sees and happens(seed, replication, LEAVES, table.wholes[NUMBER, vehicle], share)
        table.flags[LEFT_AT_EXIT, vehicle] = leaves
        if not leaves:
            join(lane, line, table, numbers, lane.decided)
    lane.decided += 1


@inner
def tail_at(lane: Lane, line: Line, now_s: float) -> float:
    """Return how far the queue reaches at a moment that may be past; who passes at it is still there."""
    advance(lane, line, now_s)
    return tail_now(
        now_s,
        lane.passed,
        lane.newest,
        lane.foot,
        line.passed_s,
        line.spacing_up_to_m,
        lane.lane_length_m,
        lane.per_lane,
        lane.wave_slowness,
    )


@inlined
def advance(lane: Lane, line: Line, now_s: float) -> None:
    """Let every vehicle in line that has met the queue by now join it."""
    lane.newest, lane.foot = advance_tail(
        now_s,
        lane.passed,
        lane.newest,
        lane.foot,
        line.free_s[: lane.lined],
        line.passed_s,
        line.spacing_up_to_m,
        lane.lane_length_m,
        lane.per_lane,
        lane.road_slowness,
        lane.wave_slowness,
        line.joined_s,
        line.tail_m,
    )


@inner
def write_ways(lane: Lane, line: Line, table: Table) -> None:
    """Write down when those in line passed, and where they met the queue, if it does not stand there already."""
    if lane.all_come:
        return
    for place in range(lane.lined):
        vehicle = lane.first + line.vehicle[place]
        table.reals[PASSED_S, vehicle] = line.passed_s[place]
        table.reals[JOINED_S, vehicle] = line.joined_s[place]
        table.reals[TAIL_M, vehicle] = line.tail_m[place]
