"""The moments of an operation that a viewer wants to jump to."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.plan import Plan
from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.tracks import RoadTracks, Tracks


class MomentKind(StrEnum):
    """What happens at a moment."""

    OPENS = "opens"
    CLOSES = "closes"
    CRITICAL = "critical"  # the queue reaches the critical point
    AREA_FULL = "area_full"
    FOUND = "found"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    RESUMED = "resumed"


@dataclass(frozen=True)
class Moment:
    """One moment.

    Attributes
    ----------
    time_s
        Seconds after midnight of the first day.
    kind
        What happens.
    road
        On the road of which funnel, from 0; 0 for what happens in the area.
    """

    time_s: float
    kind: MomentKind
    road: int = 0


def moments_of(tracks: Tracks, plan: Plan) -> list[Moment]:
    """Return the moments of an operation in order of time.

    A moment is the beginning of each stretch of time: a queue that shrinks and grows to the critical point again counts
    again. The queue counts from the first opening on, as in the measure `spillback`.
    """
    places = plan.bays + plan.waiting
    found_s = np.sort(tracks.found_s[np.isfinite(tracks.found_s)])
    moments = [Moment(time_s, MomentKind.FOUND) for time_s in found_s.tolist()]
    moments += [Moment(time_s, MomentKind.AREA_FULL) for time_s in _begins(tracks.taken[0], tracks.taken[1] >= places)]
    for number, road in enumerate(tracks.roads):
        moments += [Moment(time_s, kind, number) for time_s, kind in _of_road(road)]
    return sorted(moments, key=lambda one: one.time_s)


def _of_road(road: RoadTracks) -> list[tuple[float, MomentKind]]:
    moments_s, metres = road.queue
    counted = moments_s >= road.funnel.opens_s[0]
    found = [
        (time_s, MomentKind.CRITICAL) for time_s in _begins(moments_s, counted & (metres > road.funnel.critical_m))
    ]
    before = int(GateState.CLOSED)
    for time_s, state in zip(*(part.tolist() for part in road.gate), strict=True):
        kind = _turns(before, state)
        if kind is not None:
            found.append((time_s, kind))
        before = state
    return found


def _turns(before: int, state: int) -> MomentKind | None:
    """Return what a change of the selection point is for a viewer; None where it is no moment of its own."""
    stops = {GateState.SUSPENDED: MomentKind.SUSPENDED, GateState.LIFTED: MomentKind.LIFTED}
    if state == GateState.CLOSED:
        return None if before == GateState.CLOSED else MomentKind.CLOSES
    if before == GateState.CLOSED:
        return MomentKind.OPENS
    if state in stops:
        return stops[GateState(state)]
    return MomentKind.RESUMED if before in stops else None


def _begins(moments_s: FloatArray, holds: BoolArray) -> list[float]:
    """Return the moments at which a condition on steps begins to hold."""
    return list(moments_s[holds & ~np.concatenate([[False], holds[:-1]])].tolist()) if len(moments_s) else []
