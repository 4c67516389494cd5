"""The arrays that compiled code writes into: allocated once, reused for every replication.

Each kind of number has one array with a row for each column of the table of vehicles, so that a function takes three
arrays and not forty, and each column is still an array of its own.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from funnelsim.arrays import Bools, Floats, Ints, Records
from funnelsim.engines.compiled.plan_arrays import PlanArrays

FLOAT_COLUMNS = (
    *("free_s", "impression", "headway_noise", "look_s"),  # of the traffic
    *("funnel_headway_s", "road_headway_s", "turns_off_s", "stage_begun_s"),  # while it runs
    *("arrival_s", "baseline_s", "passed_s", "joined_s", "tail_m", "threshold", "quality"),  # of the log
    *("area_s", "bay_from_s", "bay_to_s", "left_s"),
)
INT_COLUMNS = (
    *("number", "funnel", "vehicle_class", "target", "occupants"),
    *("turn", "at_stage", "skip_step"),
    *("gate", "fate", "found_at"),
)
BOOL_COLUMNS = (
    *("listed", "keeps_away", "turns_away", "left_at_exit", "alarmed", "brought_back"),
    *("queue_seen", "chase_ready", "accepted"),
)
RECORD_FLOAT_COLUMNS = ("stage_from_s", "stage_to_s", "pursuit_from_s", "pursuit_to_s", "valve_s")
RECORD_INT_COLUMNS = ("stage_vehicle", "stage", "pursuit_vehicle", "valve", "valve_funnel")
STAGE_FROM_S, STAGE_TO_S, PURSUIT_FROM_S, PURSUIT_TO_S, VALVE_S = range(len(RECORD_FLOAT_COLUMNS))
STAGE_VEHICLE, STAGE, PURSUIT_VEHICLE, VALVE, VALVE_FUNNEL = range(len(RECORD_INT_COLUMNS))
FOLLOW_ON, HELD, FOR_CREW, FOR_BAY, FOR_SPOT = QUEUES = range(5)
FREE_S, IMPRESSION, HEADWAY_NOISE, LOOK_S, *_REST = range(len(FLOAT_COLUMNS))
FUNNEL_HEADWAY_S, ROAD_HEADWAY_S, TURNS_OFF_S, STAGE_BEGUN_S, *_REST = _REST
ARRIVAL_S, BASELINE_S, PASSED_S, JOINED_S, TAIL_M, THRESHOLD, QUALITY, *_REST = _REST
AREA_S, BAY_FROM_S, BAY_TO_S, LEFT_S = _REST
NUMBER, FUNNEL, VEHICLE_CLASS, TARGET, OCCUPANTS, TURN, AT_STAGE, SKIP_STEP, GATE, FATE, FOUND_AT = range(
    len(INT_COLUMNS)
)
LISTED, KEEPS_AWAY, TURNS_AWAY, LEFT_AT_EXIT, ALARMED, BROUGHT_BACK, *_MORE = range(len(BOOL_COLUMNS))
QUEUE_SEEN, CHASE_READY, ACCEPTED = _MORE


class VehicleTable(NamedTuple):
    """What is known about each vehicle: a row for each of the columns above, shape (columns, vehicles)."""

    floats: Floats
    ints: Ints
    bools: Bools


class LaneOrder(NamedTuple):
    """The vehicles that come to the selection point, in their order; see `Approach` of the SimPy engine."""

    vehicle: Ints
    free_s: Floats
    passed_s: Floats
    joined_s: Floats
    tail_m: Floats
    diverted_s: Floats
    spacing_up_to_m: Floats


class EventRecords(NamedTuple):
    """One record for each stage, pursuit and change of the valve: a row for each column, shape (columns, room)."""

    floats: Floats
    ints: Ints


class AreaQueues(NamedTuple):
    """The event queue; who waits, a row for each of `QUEUES`; what is used of each pool, and what is kept in it.

    Breaks that are due stand by pool and by break.
    """

    event_s: Floats
    event_rank: Ints
    waiting: Ints
    used: Ints
    kept: Ints
    on_break: Ints
    due: Ints
    due_of: Ints


class Buffers(NamedTuple):
    """Everything that one replication writes."""

    table: VehicleTable
    order: LaneOrder
    records: EventRecords
    queues: AreaQueues
    lanes: Records
    area: Records
    seen: Ints


def buffers_for(plans: Sequence[PlanArrays], vehicles: int, stages: int) -> Buffers:
    """Make buffers for plans that share a road, for so many vehicles and so many stages carried out."""
    lanes, funnels = plans[0].lanes, len(plans[0].lanes)
    pools = max(plan.need.shape[1] for plan in plans)
    changes = vehicles + funnels * max(len(plan.opens_s) for plan in plans)
    breaks = max(len(plan.breaks) for plan in plans)
    away = max(int(plan.breaks["officers"].sum()) for plan in plans)
    events = vehicles + funnels + 1 + breaks + away + max(_later_events(plan) for plan in plans) * vehicles
    return Buffers(
        VehicleTable(
            _floats(len(FLOAT_COLUMNS), vehicles),
            _ints(len(INT_COLUMNS), vehicles),
            np.empty((len(BOOL_COLUMNS), vehicles), dtype=np.bool_),
        ),
        LaneOrder(
            _ints(vehicles),
            *(_floats(vehicles), _floats(vehicles), _floats(vehicles), _floats(vehicles), _floats(vehicles)),
            spacing_up_to_m=_floats(vehicles + funnels),
        ),
        _event_records(max(stages, changes)),
        AreaQueues(
            event_s=_floats(events),
            event_rank=_ints(events),
            waiting=_ints(len(QUEUES), vehicles + funnels + 1),
            used=_ints(pools),
            kept=_ints(pools),
            on_break=_ints(pools),
            due=_ints(pools),
            due_of=_ints(breaks),
        ),
        np.empty_like(lanes),
        np.empty_like(plans[0].area),
        _ints(len(plans[0].lanes), len(plans[0].classes)),
    )


def _later_events(plan: PlanArrays) -> int:
    """Return how many events a vehicle may leave behind: changeovers of its bay, and pauses of its officers."""
    area = plan.area[0]
    pauses = plan.need.shape[0] * int(area["agencies"]) if area["pause_s"] > 0.0 else 0
    return pauses + int(area["changeover_s"] > 0.0)


def with_stages(buffers: Buffers, stages: int) -> Buffers:
    """Return buffers with room for so many stages carried out."""
    return buffers._replace(records=_event_records(stages))


def _event_records(room: int) -> EventRecords:
    return EventRecords(_floats(len(RECORD_FLOAT_COLUMNS), room), _ints(len(RECORD_INT_COLUMNS), room))


def _floats(*shape: int) -> Floats:
    return np.empty(shape)


def _ints(*shape: int) -> Ints:
    return np.empty(shape, dtype=np.int64)
