"""The log: what happened in one replication. The only truth of a run; every measure is a pure function of it."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.states import Fate

if TYPE_CHECKING:
    from funnelsim.model.traffic import Traffic


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
    queue_seen
        Whether the queue was long enough to leave when the vehicle came to the exit.
    chase_ready
        Whether a chase car was at hand, and a place in the area, when the vehicle came to where it could turn off.
    baseline_s
        When it would have passed the selection point on the same road without a funnel.
    passed_s
        When it left the selection point: let pass or diverted; `NEVER` for one that turned off.
    joined_s, tail_m
        When it met the queue, and the queue's length from the taper then (0 while it fits into the lane).
    gate
        What it found at the selection point (`Gate`).
    threshold
        Score above which it would be selected; plus infinity where nobody would.
    quality
        How much its look told: factor on the cue of a target.
    accepted
        Whether it would be accepted if it were selected; with "hold" everybody is.
    fate
        How its pass ended (`Fate`).
    found_at
        Stage at which a target was found, `NOT_FOUND` otherwise.
    area_s, bay_from_s, bay_to_s, left_s
        When an inspected vehicle arrived in the area, came into a bay, freed it, and left (bay or processing spot).
    stage_vehicle, stage, stage_from_s, stage_to_s
        One entry a stage carried out, in order of their ends: vehicle (index), stage (index), beginning, end.
    pursuit_vehicle, pursuit_from_s, pursuit_to_s
        One entry a pursuit, in order of their ends: vehicle (index), beginning, end.
    valve_s, valve
        Changes of the valve: when, and to what (`Valve`).
    valve_funnel
        Of which funnel.
    """

    traffic: "Traffic"
    arrival_s: FloatArray
    baseline_s: FloatArray
    queue_seen: BoolArray
    chase_ready: BoolArray
    passed_s: FloatArray
    joined_s: FloatArray
    tail_m: FloatArray
    gate: IntArray
    threshold: FloatArray
    quality: FloatArray
    accepted: BoolArray
    fate: IntArray
    found_at: IntArray
    area_s: FloatArray
    bay_from_s: FloatArray
    bay_to_s: FloatArray
    left_s: FloatArray
    stage_vehicle: IntArray
    stage: IntArray
    stage_from_s: FloatArray
    stage_to_s: FloatArray
    pursuit_vehicle: IntArray
    pursuit_from_s: FloatArray
    pursuit_to_s: FloatArray
    valve_s: FloatArray
    valve: IntArray
    valve_funnel: IntArray

    @property
    def inspected(self) -> BoolArray:
        """Who was inspected, singled out at the selection point or brought back by a chase car."""
        return np.isin(self.fate, (Fate.INSPECTED, Fate.BROUGHT_BACK))

    @property
    def passed(self) -> BoolArray:
        """Who came to the selection point: all but those who turned off."""
        return ~np.isinf(self.passed_s)

    def of_funnel(self, funnel: int) -> "Log":
        """Return the log of one funnel: its vehicles, their stages and pursuits, its valve."""
        first, end = np.searchsorted(self.traffic.funnel, [funnel, funnel + 1])
        if end - first == len(self.traffic):
            return self
        made: dict[str, Any] = {"traffic": self.traffic.of_funnel(funnel)}
        for prefix, whose in (("stage", "stage_vehicle"), ("pursuit", "pursuit_vehicle")):
            vehicle = getattr(self, whose)
            here = (vehicle >= first) & (vehicle < end)
            made |= {name: getattr(self, name)[here] for name in _NAMES if name.split("_")[0] == prefix}
            made[whose] = vehicle[here] - first
        here = self.valve_funnel == funnel
        made |= {name: getattr(self, name)[here] for name in _NAMES if name.split("_")[0] == "valve"}
        made |= {name: getattr(self, name)[first:end] for name in _NAMES if name not in made}
        return Log(**made)


_NAMES = [entry.name for entry in fields(Log)]
