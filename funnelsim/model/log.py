"""The log: what happened in one replication. The only truth of a run; every measure is a pure function of it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from funnelsim.model.traffic import Traffic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Fate(IntEnum):
    """How a vehicle's pass ended."""

    OUTSIDE_OPERATION = 0
    LEFT_AT_EXIT = 1
    EVADED = 2
    NOT_SELECTED = 3
    SELECTION_SUSPENDED = 4
    POST_UNSTAFFED = 5
    AREA_FULL = 6
    INSPECTED = 7


class Gate(IntEnum):
    """What a vehicle found at the selection point."""

    NO_FUNNEL = 0  # before opening, after closing
    OPEN = 1
    UNSTAFFED = 2
    SUSPENDED = 3
    LIFTED = 4


class Valve(IntEnum):
    """State of the safety valve."""

    OPEN = 0
    SUSPENDED = 1
    LIFTED = 2


NEVER = np.inf  # a moment that did not come
NOT_FOUND = -1


@dataclass(frozen=True, eq=False)
class Log:
    """What happened to every vehicle, in every stage and to the valve, in one replication.

    Times are seconds after midnight of the first day, multiples of 2**-20 s; `NEVER` where a thing did not happen.

    Attributes
    ----------
    traffic
        Who came. The arrays of vehicles below are in its order, shape (vehicles,).
    arrival_s
        Unobstructed arrival at the selection point through the funnel: free passage + merge + slow lane.
    baseline_s
        When it would have passed the selection point on the same road without a funnel.
    passed_s
        When it left the selection point: let pass or diverted.
    joined_s, tail_m
        When it met the queue, and the queue's length from the taper then (0 while it fits into the lane).
    gate
        What it found at the selection point (`Gate`).
    threshold
        Score above which it would be selected; plus infinity where nobody would.
    accepted
        Whether it would be accepted if it were selected; with "hold" everybody is.
    fate
        How its pass ended (`Fate`).
    found_at
        Stage at which a target was found, `NOT_FOUND` otherwise.
    bay_from_s, left_s
        When an inspected vehicle came into a bay and when it left it.
    stage_vehicle, stage, stage_from_s, stage_to_s
        One entry a stage carried out, in order of their ends: vehicle (index), stage (index), beginning, end.
    valve_s, valve
        Changes of the valve: when, and to what (`Valve`).
    """

    traffic: "Traffic"
    arrival_s: FloatArray
    baseline_s: FloatArray
    passed_s: FloatArray
    joined_s: FloatArray
    tail_m: FloatArray
    gate: IntArray
    threshold: FloatArray
    accepted: BoolArray
    fate: IntArray
    found_at: IntArray
    bay_from_s: FloatArray
    left_s: FloatArray
    stage_vehicle: IntArray
    stage: IntArray
    stage_from_s: FloatArray
    stage_to_s: FloatArray
    valve_s: FloatArray
    valve: IntArray
