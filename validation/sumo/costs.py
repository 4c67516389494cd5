"""What a diversion and a held lane cost in SUMO, measured where vehicles leave the saturated lane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import FloatArray
from validation.sumo.network import Vehicles
from validation.sumo.runs import Made

HELD_S = 20.0  # driving from the lane's end to the farthest place takes less
NEAR_S = 10.0  # a longer headway is a gap in the traffic, or the lane was held


@dataclass(frozen=True)
class Costs:
    """Seconds that one vehicle costs the lane.

    Attributes
    ----------
    diverted_car_s, diverted_lorry_s
        How much longer the headway behind a diverted vehicle is than behind one of its class that drives on.
    restart_s
        How long after a place has become free for one that held the lane the next vehicle leaves it.
    way_s
        How long a vehicle drives from the lane to its place, from when one is free.
    """

    diverted_car_s: float
    diverted_lorry_s: float
    restart_s: float
    way_s: float


def costs_of(vehicles: Sequence[Vehicles], made: Sequence[Made]) -> Costs:
    """Measure the costs over some runs; not a number where nothing of the kind happened."""
    behind = {(lorry, stops): [np.empty(0)] for lorry in (False, True) for stops in (False, True)}
    restarts_s, ways_s = [np.empty(0)], [np.empty(0)]
    for who, what in zip(vehicles, made, strict=True):
        order = np.argsort(what.exit_s, kind="stable")
        leader = order[:-1]
        gap_s = np.diff(what.exit_s[order])
        held = what.stopped_from_s[leader] - what.exit_s[leader] > HELD_S
        ends_s = np.sort(what.stopped_to_s[who.stops])
        freed_s = np.append(-np.inf, ends_s)[np.searchsorted(ends_s, what.stopped_from_s[leader], side="right")]
        from_s = np.where(held, freed_s, what.exit_s[leader])
        restarts_s.append((what.exit_s[order[1:]] - freed_s)[held])
        ways_s.append((what.stopped_from_s[leader] - from_s)[who.stops[leader]])
        for (lorry, stops), found in behind.items():
            here = (who.lorry[leader] == lorry) & (who.stops[leader] == stops) & (gap_s < NEAR_S)
            found.append(gap_s[here])
    mean_s = {kind: _mean(found) for kind, found in behind.items()}
    car_s, lorry_s = (mean_s[lorry, True] - mean_s[lorry, False] for lorry in (False, True))
    return Costs(car_s, lorry_s, _mean(restarts_s), _mean(ways_s))


def _mean(parts: list[FloatArray]) -> float:
    values = np.concatenate(parts)
    return float(values.mean()) if len(values) else float("nan")
