"""How dangerous the end of the queue is in one replication: who stands unwarned, and who meets it far too fast.

A vehicle is in the queue upstream of a point from when it meets the tail there until it has moved up to the point.
It moves by Newell's waves: when a vehicle ahead of it passes the selection point, the wave reaches it, *x* metres
upstream, after *x* over the wave speed, and there and then it stands (`funnelsim.plots.trajectories` draws the same).

References
----------
Newell (2002), A simplified car-following theory: a lower order model, Transportation Research Part B 36.
doi:10.1016/S0191-2615(00)00044-8
"""

from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.moving_up import stand_beyond
from funnelsim.analysis.notes import Notes, noted
from funnelsim.analysis.records import Records
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.units import MINUTE_S

EXPOSURE_NAMES = ("beyond_warning_vehicle_min", "warning_exceeded_s", "tail_meetings", "tail_meetings_lorries")


@dataclass(frozen=True, eq=False)
class Beyond:
    """The vehicles that stand in the queue upstream of a point, each of shape (such vehicles,).

    Attributes
    ----------
    vehicle
        Index in the log.
    from_s, to_s
        When it met the queue, and when it had moved up to the point.
    """

    vehicle: IntArray
    from_s: FloatArray
    to_s: FloatArray


def exposure(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of danger at the end of the queue, all funnels together.

    Returns
    -------
    dict
        `beyond_warning_vehicle_min`: minutes that vehicles stand in the queue upstream of the warning sign, all
        together; `warning_exceeded_s`: how long the queue reaches beyond the sign; a funnel without a sign adds nothing
        to both, and they are not a number where there is none at all. `tail_meetings`: vehicles that meet the end of
        the queue dangerously fast, and `tail_meetings_lorries`: the lorries among them. All count from the opening
        until the last queue has dissolved.
    """
    row = np.empty(len(EXPOSURE_NAMES))
    exposure_into(row, 0, *noted(log, plan))
    return dict(zip(EXPOSURE_NAMES, row.tolist(), strict=True))


@compiled
def exposure_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the measures of danger at the end of the queue from a place on; return the place behind them."""
    roads, opens_s = yardstick.roads, yardstick.windows.opens_s[0]
    vehicle_s, exceeded_s, meetings, lorries = 0.0, 0.0, 0, 0
    signs = 0
    for funnel in range(len(records.first) - 1):
        vehicles, of_them_lorries = _meet_fast(notes.marks, records, yardstick, funnel)
        meetings += vehicles
        lorries += of_them_lorries
        sign_m = roads.warning_m[funnel]
        if sign_m < np.inf:
            signs += 1
            exceeded_s += _reaching_s(notes, funnel, sign_m, opens_s)
            for place in range(stand_beyond(notes, records, yardstick, funnel, sign_m)):
                vehicle_s += notes.stood_to_s[place] - records.joined_s[notes.stood[place]]
    row[at] = vehicle_s / MINUTE_S if signs > 0 else np.nan
    row[at + 1] = exceeded_s if signs > 0 else np.nan
    row[at + 2] = meetings
    row[at + 3] = lorries
    return at + 4


def meets_fast(log: Log, plan: Plan) -> BoolArray:
    """Tell which vehicles of one funnel meet the end of the queue dangerously fast, shape (vehicles,)."""
    records, yardstick, _ = noted(log, plan)
    meets = np.zeros(len(log.traffic), dtype=np.bool_)
    _meet_fast(meets, records, yardstick, 0)
    return meets


@compiled
def _meet_fast(meets: BoolArray, records: Records, yardstick: Yardstick, funnel: int) -> tuple[int, int]:
    """Mark who meets the end of a funnel's queue dangerously fast; return how many, and how many of them are lorries.

    They come at the speed of the road, and the queue moves as fast as they get on in it, on average, from there to the
    selection point.
    """
    roads, joins_s, passages_s, tails_m = yardstick.roads, records.joined_s, records.passed_s, records.tail_m
    lane_m, opens_s = roads.lane_length_m[funnel], yardstick.windows.opens_s[0]
    lorry, vehicle_class = roads.lorry[funnel], records.vehicle_class
    meetings, lorries = 0, 0
    road_ms, difference_ms = roads.road_speed_ms[funnel], roads.tail_speed_difference_ms[funnel]
    for i in range(records.first[funnel], records.first[funnel + 1]):
        seconds = passages_s[i] - joins_s[i]
        meets[i] = False
        if tails_m[i] > 0.0 and 0.0 < seconds < np.inf and joins_s[i] >= opens_s:
            meets[i] = road_ms - (lane_m + tails_m[i]) / seconds >= difference_ms
            if meets[i]:
                meetings += 1
                lorries += lorry[vehicle_class[i]]
    return meetings, lorries


def beyond(log: Log, plan: Plan, point_m: float) -> Beyond:
    """Return who stands in the queue upstream of a point, and from when to when.

    Parameters
    ----------
    log, plan
        Of one funnel.
    point_m
        Metres upstream of the taper.
    """
    records, yardstick, notes = noted(log, plan)
    number = stand_beyond(notes, records, yardstick, 0, point_m)
    vehicle = notes.stood[:number]
    return Beyond(vehicle, log.joined_s[vehicle], notes.stood_to_s[:number])


@compiled
def _reaching_s(notes: Notes, funnel: int, point_m: float, since_s: float) -> float:
    """Return how long the queue reaches beyond a point, since some moment."""
    moments, metres = notes.tail_s, notes.tail_m
    seconds = 0.0
    for step in range(notes.tail_first[funnel], notes.tail_first[funnel + 1] - 1):
        if metres[step] > point_m:
            seconds += max(moments[step + 1], since_s) - max(moments[step], since_s)
    return seconds
