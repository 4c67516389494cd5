"""What each vehicle did and when, and what surrounded it, taken from the log of one replication for an animation."""

from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.occupancy import Steps, pool_in_use
from funnelsim.analysis.steps import in_use
from funnelsim.analysis.tails import tail_steps
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.event_log import bays_of
from funnelsim.model.funnel import Funnel
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import NOT_FOUND, Fate, Gate
from funnelsim.replay.gate_steps import gate_steps
from funnelsim.replay.outcomes import outcomes_of
from funnelsim.units import MINUTE_S, NEVER

BEFORE_OPENING_S = 5 * MINUTE_S
AFTER_LAST_S = MINUTE_S
NO_PLACE = 0
"""In place of the number of a space, bay or spot that a vehicle never stood in."""


@dataclass(frozen=True, eq=False)
class RoadTracks:
    """The road of one funnel.

    Attributes
    ----------
    direction
        Name of the funnel.
    funnel
        Its lane, speeds, distances and windows.
    first, end
        Which vehicles came on it: from index `first` up to, not including, `end`.
    queue
        Length of the queue over time, in metres upstream of the taper: moments and metres.
    gate
        What the selection point did over time (`GateState`): moments and states.
    """

    direction: str
    funnel: Funnel
    first: int
    end: int
    queue: tuple[FloatArray, FloatArray]
    gate: Steps


@dataclass(frozen=True, eq=False)
class Tracks:
    """One replication as an animation needs it; times are seconds after midnight of the first day.

    Where a thing did not happen, its time is `NEVER` and its number `NO_PLACE`. Arrays of vehicles have the shape
    (vehicles,), those of stages (stages carried out,) in the order of their beginnings.

    Attributes
    ----------
    begins_s, ends_s
        From when to when something is to be seen: from shortly before the opening until the funnel is closed, its queue
        gone and the area empty.
    number, vehicle_class, target, outcome
        Who it is, what it carries (0 an ordinary vehicle), what became of it (`Outcome`).
    free_s
        When it would pass the selection point on the free road: where it is before it meets anybody.
    arrives_s
        When it would pass with nobody in front: through the funnel where it met one, else as `free_s`.
    baseline_s
        When it would have passed on the same road without a funnel.
    joins_s, tail_m
        When it met the queue, or the lane, and the queue's length from the taper then; `NEVER` for one that turned off.
    turns_off_s
        When it turned off; `NEVER` for the others.
    look_from_s, passes_s
        From when an officer looked at it, and when it left the selection point. The log does not say when the look at a
        vehicle was over that is held before a full area: it is taken to be the last thing before it left.
    taken_from_s, area_s, ready_s, bay_from_s, bay_to_s, left_s
        From when it had a place in the area, when it came there, drove up to the bay that had become free, could stand
        in it, freed it, and left bay or spot. Between `ready_s` and `bay_from_s` the bay changes over: the vehicle no
        longer needs a waiting space, and its place counts as one of the bays.
    found_s
        When a target was found in it.
    space, bay, spot
        Where it waited, was inspected and was processed; each takes the lowest number that is free, from 1.
    stage_vehicle, stage, stage_from_s, stage_to_s
        The stages carried out: of which vehicle, which, from when to when.
    roads
        The road of each funnel.
    taken
        Places taken in the area over time, those on their way included: moments and number.
    pools
        Officers of each agency, then pieces of each equipment, in use over time.
    available
        The same available by the roster: moments, and the number of each pool, shape (moments, pools).
    """

    begins_s: float
    ends_s: float
    number: IntArray
    vehicle_class: IntArray
    target: IntArray
    outcome: IntArray
    free_s: FloatArray
    arrives_s: FloatArray
    baseline_s: FloatArray
    joins_s: FloatArray
    tail_m: FloatArray
    turns_off_s: FloatArray
    look_from_s: FloatArray
    passes_s: FloatArray
    taken_from_s: FloatArray
    area_s: FloatArray
    ready_s: FloatArray
    bay_from_s: FloatArray
    bay_to_s: FloatArray
    left_s: FloatArray
    found_s: FloatArray
    space: IntArray
    bay: IntArray
    spot: IntArray
    stage_vehicle: IntArray
    stage: IntArray
    stage_from_s: FloatArray
    stage_to_s: FloatArray
    roads: tuple[RoadTracks, ...]
    taken: Steps
    pools: tuple[Steps, ...]
    available: tuple[FloatArray, IntArray]

    def __len__(self) -> int:
        return len(self.number)

    def same_vehicles(self, other: "Tracks") -> bool:
        """Tell whether another replication met the very same vehicles."""
        return np.array_equal(self.number, other.number) and np.array_equal(self.free_s, other.free_s)


def tracks_of(log: Log, plan: Plan) -> Tracks:
    """Return what an animation of one replication shows.

    Parameters
    ----------
    log, plan
        The log of the replication and the plan that was simulated, of all its funnels.
    """
    traffic, inspected = log.traffic, log.inspected
    through_funnel = ~np.isin(log.gate, (Gate.NO_FUNNEL, Gate.LIFTED))
    moved = inspected & (log.left_s > log.bay_to_s)
    ready_s = np.maximum(log.area_s, log.bay_from_s - plan.changeover_s)
    order = np.argsort(log.stage_from_s, kind="stable")
    taken_from_s, taken = _taken(log)
    roads = _roads(log, plan)
    return Tracks(
        begins_s=plan.window_s[0] - BEFORE_OPENING_S,
        ends_s=_ends_s(log, plan, roads),
        number=traffic.number,
        vehicle_class=traffic.vehicle_class,
        target=traffic.target,
        outcome=outcomes_of(log),
        free_s=traffic.free_s,
        arrives_s=np.where(through_funnel & log.passed, np.minimum(log.arrival_s, log.passed_s), traffic.free_s),
        baseline_s=log.baseline_s,
        tail_m=log.tail_m,
        joins_s=np.where(log.passed, log.joined_s, NEVER),
        turns_off_s=_turns_off_s(log, plan),
        look_from_s=np.where(log.gate == Gate.OPEN, log.passed_s - traffic.look_s, NEVER),
        passes_s=log.passed_s,
        taken_from_s=taken_from_s,
        area_s=log.area_s,
        ready_s=np.where(inspected, ready_s, NEVER),
        bay_from_s=log.bay_from_s,
        bay_to_s=log.bay_to_s,
        left_s=log.left_s,
        found_s=_found_s(log),
        space=_places(inspected & (ready_s > log.area_s), log.area_s, ready_s),
        bay=_places(inspected, log.bay_from_s, log.bay_to_s),
        spot=_places(moved, log.bay_to_s, log.left_s),
        stage_vehicle=log.stage_vehicle[order],
        stage=log.stage[order],
        stage_from_s=log.stage_from_s[order],
        stage_to_s=log.stage_to_s[order],
        roads=roads,
        taken=taken,
        pools=tuple(pool_in_use(log, plan, pool) for pool in range(len(plan.inspection.pools))),
        available=(plan.capacity_times_s, plan.capacity),
    )


def _roads(log: Log, plan: Plan) -> tuple[RoadTracks, ...]:
    bounds = np.searchsorted(log.traffic.funnel, np.arange(len(plan.funnels) + 1)).tolist()
    return tuple(
        RoadTracks(one.direction, one.funnel, bounds[k], bounds[k + 1], tail_steps(of_one), gate_steps(of_one, one))
        for k, (of_one, one) in enumerate(by_funnel(log, plan))
    )


def _ends_s(log: Log, plan: Plan, roads: tuple[RoadTracks, ...]) -> float:
    """Return when nothing of the operation is to be seen any more: closed, the queue gone, the area empty."""
    closes_s = plan.window_s[1]
    queues_s = []
    for moments_s, metres in (road.queue for road in roads):
        gone = np.flatnonzero((moments_s >= closes_s) & (metres == 0.0))
        standing = metres[: np.searchsorted(moments_s, closes_s, side="right")][-1:] > 0.0
        queues_s.append(moments_s[gone[:1]] if standing.any() else moments_s[:0])
    last_s = np.concatenate([log.left_s[log.inspected], log.stage_to_s, [closes_s], *queues_s])
    return float(last_s.max()) + AFTER_LAST_S


def _turns_off_s(log: Log, plan: Plan) -> FloatArray:
    """Return when each vehicle that turned off did so."""
    before_s = np.array([one.funnel.turn_off_before_s for one in plan.funnels])[log.traffic.funnel]
    turns_off_s: FloatArray = np.where(log.passed, NEVER, log.traffic.free_s - before_s)
    return turns_off_s


def _taken(log: Log) -> tuple[FloatArray, Steps]:
    """Return from when each vehicle has a place in the area, and how many are taken over time.

    A chase car's place is taken for the pursuit, whether it brings a vehicle back or not.
    """
    inspected, brought = log.inspected, log.fate == Fate.BROUGHT_BACK
    from_s = np.where(log.fate == Fate.INSPECTED, log.passed_s, NEVER)
    from_s[log.pursuit_vehicle] = np.where(brought[log.pursuit_vehicle], log.pursuit_from_s, NEVER)
    alone = ~brought[log.pursuit_vehicle]
    begins_s = np.concatenate([from_s[inspected], log.pursuit_from_s[alone]])
    ends_s = np.concatenate([log.bay_to_s[inspected], log.pursuit_to_s[alone]])
    return from_s, in_use(begins_s, ends_s)


def _found_s(log: Log) -> FloatArray:
    """Return when a target was found in each vehicle: the end of the stage that found it."""
    found_s = np.full(len(log.found_at), NEVER)
    finds = log.stage == np.where(log.found_at == NOT_FOUND, -1, log.found_at)[log.stage_vehicle]
    found_s[log.stage_vehicle[finds]] = log.stage_to_s[finds]
    return found_s


def _places(who: BoolArray, from_s: FloatArray, to_s: FloatArray) -> IntArray:
    """Return the number of the place of each vehicle that takes one from when to when, `NO_PLACE` for the others."""
    places = np.full(len(who), NO_PLACE, dtype=np.int64)
    places[who] = bays_of(from_s[who], to_s[who])
    return places
