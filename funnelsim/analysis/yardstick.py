"""What measuring needs of a plan, as arrays: made once for each plan, the same for all its replications.

Where several funnels share the area, the first axis of what differs between them is the funnel.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from funnelsim.analysis.grid import time_edges
from funnelsim.analysis.steps import step_seconds
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.expected import chance_to_find
from funnelsim.model.plan import Plan


class Windows(NamedTuple):
    """When the operation is: openings, beginnings of the last minutes, closings, and how long it is in all."""

    opens_s: FloatArray
    last_s: FloatArray
    closes_s: FloatArray
    length_s: float


PREVALENCE, FINDS, CUE, LISTED = range(4)
ALERTED, HALF_LIFE_S, VISIBLE, LEAVES = range(4)


class Weights(NamedTuple):
    """What the chances of a vehicle follow from, by funnel.

    Attributes
    ----------
    targets
        Chance to be a target and chance to be found, cue at the look and chance to be on the watch list (`PREVALENCE`,
        `FINDS`, `CUE`, `LISTED`), shape (funnels, classes, target types, 4).
    keeps_away
        Shares of those who keep away (`ALERTED`, `HALF_LIFE_S`, `VISIBLE`, `LEAVES`) by status: 0 for ordinary
        vehicles, then the target types, shape (funnels, statuses, 4).
    anybody
        Whether anybody does, shape (funnels,).
    turn_off_before_s
        How long before its free passage a vehicle turns off, shape (funnels,).
    caught
        Share of those who turn off that is brought back where a chase car is ready, shape (funnels,).
    persons
        Shape (target types,).
    """

    targets: FloatArray
    keeps_away: FloatArray
    anybody: BoolArray
    turn_off_before_s: FloatArray
    caught: FloatArray
    persons: FloatArray


class Roads(NamedTuple):
    """The approaches, each of shape (funnels,) or (funnels, classes); units are in the names.

    `slow_s` is what the merge and the slow lane cost, the other names are those of `funnelsim.model.funnel.Funnel`.
    """

    slow_s: FloatArray
    critical_m: FloatArray
    warning_m: FloatArray
    lanes: FloatArray
    lane_length_m: FloatArray
    wave_speed_ms: FloatArray
    road_speed_ms: FloatArray
    tail_speed_difference_ms: FloatArray
    spacing_m: FloatArray
    lorry: BoolArray


class Staff(NamedTuple):
    """What the area and its crews offer.

    Pools are the agencies' officers, the equipment and, last, the chase cars.

    Attributes
    ----------
    bays, spots
        Places.
    agencies, pools
        How many there are; the chase cars are not counted.
    chase
        1 where there are chase cars, else 0.
    need
        What a stage takes, shape (stages, pools).
    times_s, opened
        Moments from which something else holds, the first minus infinity, and whether the operation is on from then.
    available, at_hand
        What inspections may use, shape (times, pools + 1), and beyond which there is overtime, shape (times, agencies).
    available_s
        Unit-seconds available in the operation, shape (pools + 1,).
    officer_h, cost, cost_per_h
        Hours and cost of the roster, and of an hour by agency, shape (agencies,).
    """

    bays: int
    spots: int
    agencies: int
    pools: int
    chase: int
    need: IntArray
    times_s: FloatArray
    opened: BoolArray
    available: IntArray
    at_hand: IntArray
    available_s: FloatArray
    officer_h: float
    cost: float
    cost_per_h: FloatArray


class Yardstick(NamedTuple):
    """All of it, the cost of delay by class, and the edges of the grid of time (`funnelsim.analysis.grid`)."""

    windows: Windows
    weights: Weights
    roads: Roads
    staff: Staff
    delay_cost_per_h: FloatArray
    edges: FloatArray


_made: WeakKeyDictionary[Plan, Yardstick] = WeakKeyDictionary()


def yardstick_of(plan: Plan) -> Yardstick:
    """Return the yardstick of a plan; it is made when it is asked for first."""
    made = _made.get(plan)
    if made is None:
        funnel = plan.funnel
        made = _made[plan] = Yardstick(
            windows=Windows(
                funnel.opens_s,
                funnel.last_selection_s,
                funnel.closes_s,
                float((funnel.closes_s - funnel.opens_s).sum()),
            ),
            weights=_weights(plan),
            roads=_roads(plan),
            staff=_staff(plan),
            delay_cost_per_h=plan.delay_cost_per_h,
            edges=time_edges(plan),
        )
    return made


def _weights(plan: Plan) -> Weights:
    funnels = plan.funnels
    evasions = [one.evasion for one in funnels]
    pursuits = [one.pursuit for one in funnels]
    targets = np.zeros((len(funnels), len(plan.classes), len(plan.targets), 4))
    for k, one in enumerate(funnels):
        targets[k, :, :, PREVALENCE] = one.road.prevalence
        targets[k, :, :, FINDS] = chance_to_find(one.inspection)[:, 1:]
        targets[k, :, :, CUE] = one.selection.cue[1:]
        targets[k, :, :, LISTED] = one.selection.listed[1:]
    return Weights(
        targets=targets,
        keeps_away=np.stack(
            [np.column_stack([its.alerted, its.half_life_s, its.visible, its.leaves]) for its in evasions]
        ),
        anybody=np.array([evasion.anybody for evasion in evasions]),
        turn_off_before_s=np.array([one.funnel.turn_off_before_s for one in funnels]),
        caught=np.array([pursuit.pursues * pursuit.brings if pursuit is not None else 0.0 for pursuit in pursuits]),
        persons=plan.persons[1:].astype(np.float64),
    )


def _roads(plan: Plan) -> Roads:
    funnels = [one.funnel for one in plan.funnels]
    return Roads(
        slow_s=np.array([funnel.merge_s + funnel.slow_lane_s for funnel in funnels]),
        critical_m=np.array([funnel.critical_m for funnel in funnels]),
        warning_m=np.array([funnel.warning_m for funnel in funnels]),
        lanes=np.array([float(funnel.lanes) for funnel in funnels]),
        lane_length_m=np.array([funnel.lane_length_m for funnel in funnels]),
        wave_speed_ms=np.array([funnel.wave_speed_ms for funnel in funnels]),
        road_speed_ms=np.array([funnel.road_speed_ms for funnel in funnels]),
        tail_speed_difference_ms=np.array([funnel.tail_speed_difference_ms for funnel in funnels]),
        spacing_m=np.stack([one.spacing_m for one in plan.funnels]),
        lorry=np.stack([one.lorry for one in plan.funnels]),
    )


def _staff(plan: Plan) -> Staff:
    duty, inspection = plan.duty, plan.inspection
    agencies, pools = len(duty.agencies), len(inspection.pools)
    times_s = np.union1d(duty.times_s, np.array(plan.windows_s).ravel())
    step = np.searchsorted(duty.times_s, times_s, side="right") - 1
    available = np.zeros((len(times_s), pools + 1), dtype=np.int64)
    available[:, :agencies] = duty.free[step]
    available[:, agencies:pools] = plan.capacity[0, agencies:]  # nobody's shift changes what equipment there is
    if plan.pursuit is not None:
        available[:, pools] = plan.pursuit.cars[step]
    return Staff(
        bays=plan.bays,
        spots=plan.spots,
        agencies=agencies,
        pools=pools,
        chase=int(plan.pursuit is not None),
        need=inspection.need,
        times_s=times_s,
        opened=np.any([(times_s >= opens_s) & (times_s < closes_s) for opens_s, closes_s in plan.windows_s], axis=0),
        available=available,
        at_hand=np.ascontiguousarray((duty.rostered - (duty.on_duty - duty.free))[step]),
        available_s=np.asarray(step_seconds(times_s, available, *plan.windows_s)),
        officer_h=float(duty.officer_h.sum()),
        cost=float(duty.cost.sum()),
        cost_per_h=duty.cost_per_h,
    )
