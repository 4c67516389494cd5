"""The road up to the taper: who turns off before the funnel, and how far the queue reaches, as in the SimPy engine."""

from funnelsim.engines.compiled.buffers import (
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
    LaneOrder,
    VehicleTable,
)
from funnelsim.engines.compiled.plan_arrays import LaneState, PlanArrays
from funnelsim.model import rules
from funnelsim.model.compiled import inlined, inner
from funnelsim.model.decisions import happens
from funnelsim.model.queue import advance_tail, tail_now
from funnelsim.model.random_streams import LEAVES


@inlined
def order_of(lane: LaneState, funnel: int, order: LaneOrder, table: VehicleTable) -> LaneOrder:
    """Return the part of the buffers that holds the order of a funnel; where every vehicle comes, that is the table."""
    first, end = lane.first, lane.first + lane.count
    spacing_up_to_m = order.spacing_up_to_m[first + funnel : end + funnel + 1]
    if lane.all_come:
        return LaneOrder(
            order.vehicle[first:end],
            table.floats[FREE_S][first:end],
            table.floats[PASSED_S][first:end],
            table.floats[JOINED_S][first:end],
            table.floats[TAIL_M][first:end],
            order.diverted_s[first:end],
            spacing_up_to_m,
        )
    return LaneOrder(
        order.vehicle[first:end],
        order.free_s[first:end],
        order.passed_s[first:end],
        order.joined_s[first:end],
        order.tail_m[first:end],
        order.diverted_s[first:end],
        spacing_up_to_m,
    )


@inner
def line_up(lane: LaneState, order: LaneOrder, table: VehicleTable, plan: PlanArrays) -> None:
    """On a road without an exit, put every vehicle in line that does not keep away."""
    order.spacing_up_to_m[0] = 0.0
    if lane.has_exit:
        return
    if lane.all_come:
        for vehicle in range(lane.count):
            metres = plan.classes[table.ints[VEHICLE_CLASS, lane.first + vehicle]].spacing_m
            order.spacing_up_to_m[vehicle + 1] = order.spacing_up_to_m[vehicle] + metres
        lane.lined = lane.count
    else:
        for vehicle in range(lane.count):
            if not table.bools[KEEPS_AWAY, lane.first + vehicle]:
                join(lane, order, table, plan, vehicle)
    lane.decided = lane.count


@inlined
def join(lane: LaneState, order: LaneOrder, table: VehicleTable, plan: PlanArrays, vehicle: int) -> None:
    """Put a vehicle at the end of the line of those who come."""
    position, of_class = lane.lined, table.ints[VEHICLE_CLASS, lane.first + vehicle]
    order.vehicle[position] = vehicle
    order.free_s[position] = table.floats[FREE_S, lane.first + vehicle]
    order.spacing_up_to_m[position + 1] = order.spacing_up_to_m[position] + plan.classes[of_class].spacing_m
    lane.lined += 1


@inner
def decide(
    lane: LaneState, funnel: int, order: LaneOrder, table: VehicleTable, plan: PlanArrays, seed: int, replication: int
) -> None:
    """Let the next driver decide at the exit."""
    vehicle = lane.first + lane.decided
    tail_m = tail_at(lane, order, table.floats[TURNS_OFF_S, vehicle])
    sees = rules.sees_queue(tail_m, lane.leave_when_tail_m)
    table.bools[QUEUE_SEEN, vehicle] = sees
    if not table.bools[KEEPS_AWAY, vehicle]:
        share = plan.statuses[funnel, table.ints[TARGET, vehicle]].leaves
        leaves = sees and happens(seed, replication, LEAVES, table.ints[NUMBER, vehicle], share)
        table.bools[LEFT_AT_EXIT, vehicle] = leaves
        if not leaves:
            join(lane, order, table, plan, lane.decided)
    lane.decided += 1


@inner
def tail_at(lane: LaneState, order: LaneOrder, now_s: float) -> float:
    """Return how far the queue reaches at a time that may be past; a vehicle that passes then is still there."""
    advance(lane, order, now_s)
    return tail_now(
        now_s,
        lane.passed,
        lane.newest,
        lane.foot,
        order.passed_s,
        order.spacing_up_to_m,
        lane.lane_length_m,
        lane.per_lane,
        lane.wave_slowness,
    )


@inlined
def advance(lane: LaneState, order: LaneOrder, now_s: float) -> None:
    """Let each vehicle in line join the queue that has met it by now."""
    lane.newest, lane.foot = advance_tail(
        now_s,
        lane.passed,
        lane.newest,
        lane.foot,
        order.free_s[: lane.lined],
        order.passed_s,
        order.spacing_up_to_m,
        lane.lane_length_m,
        lane.per_lane,
        lane.road_slowness,
        lane.wave_slowness,
        order.joined_s,
        order.tail_m,
    )


@inner
def write_ways(lane: LaneState, order: LaneOrder, table: VehicleTable) -> None:
    """Record when the vehicles in line passed and where they met the queue, unless the table has it already."""
    if lane.all_come:
        return
    for position in range(lane.lined):
        vehicle = lane.first + order.vehicle[position]
        table.floats[PASSED_S, vehicle] = order.passed_s[position]
        table.floats[JOINED_S, vehicle] = order.joined_s[position]
        table.floats[TAIL_M, vehicle] = order.tail_m[position]
