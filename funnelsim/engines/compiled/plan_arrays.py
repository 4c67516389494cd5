"""A plan as the records and arrays that compiled code takes: made once per plan, shared by all its replications."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from funnelsim.arrays import Bools, FloatArray, Floats, Ints, Records
from funnelsim.model.grid import on_grid
from funnelsim.model.plan import Plan
from funnelsim.model.rules import rule_number
from funnelsim.model.selection_plan import SelectionPlan
from funnelsim.units import NEVER

_FLOAT, _INT = np.float64, np.int64


class LaneState:
    """A funnel's lane with the road upstream: its parameters, and its state."""

    # Parameters, named as in Funnel and SelectionPlan.
    lanes: int
    lane_length_m: float
    road_speed_ms: float
    per_lane: float
    road_slowness: float
    wave_slowness: float
    lane_speed_ms: float
    headway_factor: float
    through_s: float
    turn_off_before_s: float
    suspend_at_m: float
    resume_at_m: float
    lift_at_m: float
    has_exit: int
    leave_when_tail_m: float
    all_come: int
    rule: int
    follows: int
    adapt_points: int
    has_list: int
    look_officers: int
    look_stops: int
    looks_differ: int
    look_reference_s: float
    tires_half_life_s: float
    rotate_s: float

    # State, named as in Lane and Approach of the SimPy engine; vehicles and positions as numbers. `newest` and `foot`
    # are marks of `advance_tail`, see `model.queue`.
    first: int
    count: int
    decided: int
    lined: int
    passed: int
    newest: int
    foot: int
    window: int
    opens_s: float
    last_selection_s: float
    closes_s: float
    next_opens_s: float
    duty_step: int
    rate_step: int
    valve: int
    valve_changes: int
    tail_m: float
    ahead: int
    ahead_passed_s: float
    ahead_diversion_s: float
    vehicle: int
    gate: int
    event_s: float
    watched: int


class AreaState:
    """The area with its crews and chase cars: its parameters, and its state."""

    # Parameters, named as in Plan, Inspection and Pursuit.
    begins_s: float
    bays: int
    waiting: int
    spots: int
    hold: int
    frees_bay: int
    divert_s: float
    changeover_s: float
    pause_s: float
    agencies: int
    after_detection: int
    transports: int
    chases: int
    pursues: float
    brings: float
    pursuit_cv: float
    pursuit_memoryless: int

    # State, named as in Area, Crews and ChaseCars of the SimPy engine.
    taken: int
    filling: int
    free_bays: int
    free_spots: int
    turns: int
    away: int
    roster_step: int
    next_break: int
    car_step: int
    events: int
    soon: int
    soon_done: int
    held: int
    waiting_for_crew: int
    asked_for_bay: int
    given_bay: int
    asked_for_spot: int
    given_spot: int
    stages: int
    pursuits: int


def _fields(record: type) -> list[tuple[str, type]]:
    kinds = {"int": np.int64, "float": np.float64}
    return [(name, kinds[kind.__name__]) for name, kind in record.__annotations__.items()]


LANE, AREA = np.dtype(_fields(LaneState), align=True), np.dtype(_fields(AreaState), align=True)
CLASS = np.dtype([("reaction_s", _FLOAT), ("spacing_m", _FLOAT), ("diversion_s", _FLOAT), ("pursuit_s", _FLOAT)])
CHOICE = np.dtype([("rate", _FLOAT), ("cutoff", _FLOAT), ("every", _INT), ("selectable", _INT)])
STATUS = np.dtype([(name, _FLOAT) for name in ("cue", "listed", "alerted", "half_life_s", "visible", "leaves")])
STAGE = np.dtype(
    [
        ("after_alarm", _INT),
        ("per_occupant_s", _FLOAT),
        ("cv", _FLOAT),
        ("memoryless", _INT),
        ("duration_purpose", _INT),
        ("find_purpose", _INT),
        ("alarm_purpose", _INT),
    ]
)
BREAK = np.dtype(
    [
        *((name, _INT) for name in ("pool", "officers")),
        *((name, _FLOAT) for name in ("from_s", "to_s", "shift_ends_s")),
    ]
)
STAGE_OF_CLASS = np.dtype([("applies", _INT), ("mean_s", _FLOAT)])
STAGE_OF_STATUS = np.dtype([("finds", _FLOAT), ("alarms", _FLOAT)])


class PlanArrays(NamedTuple):
    """What compiled code needs of a plan; the names are those of the plan's parts.

    Attributes
    ----------
    lanes, area
        As they stand before anything has happened.
    opens_s, last_selection_s, closes_s
        The windows.
    classes
        Shape (classes,).
    rate_times_s, choices
        The steps of the selection rates, shapes (funnels, steps) and (funnels, steps, classes), padded with steps that
        never come.
    statuses
        Shape (funnels, statuses): 0 an ordinary vehicle, k the k-th target type.
    adapt_at, adapt_factor
        Points of the factor on the rate, shape (funnels, points), padded.
    duty_times_s, staffed, cars
        The roster: shapes (steps,), (funnels, steps) and (steps,).
    capacity_times_s, capacity, need
        What there is of each pool, `beyond` included, shapes (steps,) and (steps, pools); what a stage
        takes, (stages, pools).
    breaks
        Shape (breaks,).
    skip_times_s, skips
        Which stages are left out by vehicles selected from when on, shapes (steps,) and (steps, stages).
    stages, stage_of_class, stage_of_status
        Shapes (stages,), (stages, classes) and (stages, statuses).
    """

    lanes: Records
    area: Records
    opens_s: Floats
    last_selection_s: Floats
    closes_s: Floats
    classes: Records
    rate_times_s: Floats
    choices: Records
    statuses: Records
    adapt_at: Floats
    adapt_factor: Floats
    duty_times_s: Floats
    staffed: Bools
    cars: Ints
    capacity_times_s: Floats
    capacity: Ints
    need: Ints
    breaks: Records
    skip_times_s: Floats
    skips: Bools
    stages: Records
    stage_of_class: Records
    stage_of_status: Records


def plan_arrays_of(plan: Plan) -> PlanArrays:
    """Turn a plan into records and arrays."""
    funnels, inspection = plan.funnels, plan.inspection
    choices, evasions = [one.selection for one in funnels], [one.evasion for one in funnels]
    arrays = PlanArrays(
        lanes=np.array([_lane(one) for one in funnels], dtype=LANE),
        area=np.array([_area(plan)], dtype=AREA),
        opens_s=plan.funnel.opens_s,
        last_selection_s=plan.funnel.last_selection_s,
        closes_s=plan.funnel.closes_s,
        classes=_records(
            CLASS,
            reaction_s=plan.reaction_s,
            spacing_m=plan.spacing_m,
            diversion_s=plan.diversion_s,
            pursuit_s=plan.pursuit.mean_s if plan.pursuit is not None else np.zeros(len(plan.classes)),
        ),
        rate_times_s=_padded([one.rate_times_s for one in choices], NEVER),
        choices=_choices(choices),
        statuses=_records(
            STATUS,
            **{name: [getattr(one, name) for one in choices] for name in ("cue", "listed")},
            **{
                name: [getattr(one, name) for one in evasions]
                for name in ("alerted", "half_life_s", "visible", "leaves")
            },
        ),
        adapt_at=_padded([choice.adapt_at for choice in choices]),
        adapt_factor=_padded([choice.adapt_factor for choice in choices]),
        duty_times_s=plan.duty.times_s,
        staffed=np.array([one.duty.staffed for one in funnels]),
        cars=plan.duty.cars,
        capacity_times_s=plan.capacity_times_s,
        capacity=plan.capacity + plan.beyond,
        need=inspection.need,
        breaks=_records(BREAK, **vars(plan.breaks)),
        skip_times_s=inspection.skip_times_s,
        skips=inspection.skips,
        stages=_records(STAGE, **{name: getattr(inspection, name) for name in STAGE.names or ()}),
        stage_of_class=_records(STAGE_OF_CLASS, applies=inspection.applies, mean_s=inspection.mean_s),
        stage_of_status=_records(STAGE_OF_STATUS, finds=inspection.finds, alarms=inspection.alarms),
    )
    # Machine code is compiled for one order in memory; for columns in another order it would be compiled again.
    return PlanArrays._make(np.asanyarray(array, order="C") for array in arrays)


def _records(kind: np.dtype[np.void], **columns: ArrayLike) -> Records:
    records = np.zeros(np.shape(next(iter(columns.values()))), dtype=kind)
    for name, column in columns.items():
        records[name] = column
    return records


def ways_of(arrays: PlanArrays) -> bytes | None:
    """Return all of a plan that decides on arrivals, headways and hits of the watch list, given the vehicles.

    Nothing where vehicles may turn off: the headway behind them changes as the plan is simulated.
    """
    lanes = arrays.lanes
    if not lanes["all_come"].all():
        return None
    of_lanes = [lanes[name] for name in ("lane_speed_ms", "headway_factor", "road_speed_ms", "lanes", "through_s")]
    of_classes = [arrays.classes[name] for name in ("reaction_s", "spacing_m")]
    return b"".join(each.tobytes() for each in (*of_lanes, *of_classes, arrays.statuses["listed"]))


def _choices(selections: list[SelectionPlan]) -> Records:
    steps, classes = max(len(one.rate) for one in selections), selections[0].rate.shape[1]
    choices = np.zeros((len(selections), steps, classes), dtype=CHOICE)
    for of_funnel, one in zip(choices, selections, strict=True):
        for name in CHOICE.names or ():
            of_funnel[name][: len(one.rate)] = getattr(one, name)
    return choices


def _padded(rows: list[FloatArray], with_: float = 0.0) -> FloatArray:
    padded = np.full((len(rows), max(len(row) for row in rows)), with_)
    for row, given in zip(padded, rows, strict=True):
        row[: len(given)] = given
    return padded


def _lane(plan: Plan) -> Records:
    funnel, selection = plan.funnel, plan.selection
    return _records(
        LANE,
        lanes=funnel.lanes,
        lane_length_m=funnel.lane_length_m,
        road_speed_ms=funnel.road_speed_ms,
        per_lane=funnel.per_lane,
        road_slowness=funnel.road_slowness,
        wave_slowness=funnel.wave_slowness,
        lane_speed_ms=funnel.lane_speed_ms,
        headway_factor=funnel.headway_factor,
        through_s=funnel.merge_s + funnel.slow_lane_s,
        turn_off_before_s=funnel.turn_off_before_s,
        suspend_at_m=funnel.suspend_at_m,
        resume_at_m=funnel.resume_at_m,
        lift_at_m=funnel.lift_at_m,
        has_exit=np.isfinite(funnel.exit_m),
        leave_when_tail_m=funnel.leave_when_tail_m,
        all_come=not (np.isfinite(funnel.exit_m) or plan.evasion.before_the_queue),
        rule=rule_number(selection.rule),
        follows=selection.follows,
        adapt_points=len(selection.adapt_at),
        has_list=selection.listed.any(),
        look_officers=selection.look_officers,
        look_stops=selection.look_stops,
        looks_differ=selection.looks_differ,
        look_reference_s=selection.look_reference_s,
        tires_half_life_s=selection.tires_half_life_s,
        rotate_s=selection.rotate_s,
    )


def _area(plan: Plan) -> Records:
    pursuit = plan.pursuit
    return _records(
        AREA,
        begins_s=begins_s(plan),
        bays=plan.bays,
        waiting=plan.waiting,
        spots=plan.spots,
        hold=plan.hold,
        frees_bay=plan.frees_bay,
        divert_s=plan.divert_s,
        changeover_s=plan.changeover_s,
        pause_s=plan.pause_s,
        agencies=len(plan.duty.agencies),
        after_detection=plan.inspection.after_detection,
        transports=plan.inspection.transports,
        chases=pursuit is not None,
        pursues=pursuit.pursues if pursuit is not None else 0.0,
        brings=pursuit.brings if pursuit is not None else 0.0,
        pursuit_cv=pursuit.cv if pursuit is not None else 0.0,
        pursuit_memoryless=pursuit.memoryless if pursuit is not None else 0.0,
    )


def begins_s(plan: Plan) -> float:
    """Return when the first vehicle could come to where it may turn off."""
    return min(on_grid(one.road.demand.window_s[0]) - one.funnel.turn_off_before_s for one in plan.funnels)
