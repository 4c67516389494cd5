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

from funnelsim.analysis.buffers import (
    FAST,
    FILE_M,
    STACK,
    STOOD,
    STOOD_TO_S,
    WAVE_S,
    MeasureBuffers,
    prepared,
)
from funnelsim.analysis.inputs import OPENS_S, MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines.compiled.buffers import JOINED_S, PASSED_S, TAIL_M, VEHICLE_CLASS
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.units import MINUTE_S

QUEUE_M = 50.0
"""From this length on, upstream of the taper, a queue has an end that surprises.

A shorter one stands where drivers brake for the taper anyway: from 70 to 22 km/h takes 50 m at the 3.4 m/s² that AASHTO
(A Policy on Geometric Design of Highways and Streets, 2011, section 3.2.2) holds comfortable for most drivers.
"""
_ROUNDED_M = 1e-6  # how far rounding may put the end of the queue from the vehicle that stands there
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
        a queue of at least `QUEUE_M` dangerously fast, and `tail_meetings_lorries`: the lorries among them. All count
        from the opening until the last queue has dissolved.
    """
    row = np.empty(len(EXPOSURE_NAMES))
    exposure_into(row, 0, *prepared(log, plan))
    return dict(zip(EXPOSURE_NAMES, row.tolist(), strict=True))


@inner
def exposure_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of danger at the end of the queue from column `at` on; return the column behind them."""
    stands, stood_to_s, joins_s = buffers.ints[STOOD], buffers.floats[STOOD_TO_S], log.floats[JOINED_S]
    vehicle_s, exceeded_s, meetings, lorries = 0.0, 0.0, 0, 0
    signs = 0
    for funnel in range(len(log.first) - 1):
        vehicles, of_them_lorries = _meet_fast(buffers.bools[FAST], log, inputs, funnel)
        meetings += vehicles
        lorries += of_them_lorries
        sign_m = inputs.funnels[funnel]["warning_m"]
        if sign_m < np.inf:
            signs += 1
            exceeded_s += _reaching_s(buffers, funnel, sign_m, inputs.windows_s[OPENS_S, 0])
            for position in range(stand_beyond(log, inputs, buffers, funnel, sign_m)):
                vehicle_s += stood_to_s[position] - joins_s[stands[position]]
    row[at] = vehicle_s / MINUTE_S if signs > 0 else np.nan
    row[at + 1] = exceeded_s if signs > 0 else np.nan
    row[at + 2] = meetings
    row[at + 3] = lorries
    return at + 4


def meets_fast(log: Log, plan: Plan) -> BoolArray:
    """Tell which vehicles of one funnel meet the end of the queue dangerously fast, shape (vehicles,)."""
    arrays, inputs, _ = prepared(log, plan)
    meets = np.zeros(len(log.traffic), dtype=np.bool_)
    _meet_fast(meets, arrays, inputs, 0)
    return meets


@inner
def _meet_fast(meets: BoolArray, log: LogArrays, inputs: MeasureInputs, funnel: int) -> tuple[int, int]:
    """Mark who meets the end of a queue of some length dangerously fast; return how many, and how many lorries.

    They come at the speed of the road, and the queue moves as fast as they get on in it, on average, from there to the
    selection point.
    """
    joins_s, passages_s, tails_m = log.floats[JOINED_S], log.floats[PASSED_S], log.floats[TAIL_M]
    lane_m, opens_s = inputs.funnels[funnel]["lane_length_m"], inputs.windows_s[OPENS_S, 0]
    lorry, vehicle_class = inputs.lorry[funnel], log.ints[VEHICLE_CLASS]
    meetings, lorries = 0, 0
    road_ms = inputs.funnels[funnel]["road_speed_ms"]
    difference_ms = inputs.funnels[funnel]["tail_speed_difference_ms"]
    for i in range(log.first[funnel], log.first[funnel + 1]):
        meets[i] = False
        if tails_m[i] >= QUEUE_M and opens_s <= joins_s[i] < passages_s[i] < np.inf:
            meets[i] = road_ms - (lane_m + tails_m[i]) / (passages_s[i] - joins_s[i]) >= difference_ms
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
    arrays, inputs, buffers = prepared(log, plan)
    number = stand_beyond(arrays, inputs, buffers, 0, point_m)
    vehicle = buffers.ints[STOOD, :number]
    return Beyond(vehicle, log.joined_s[vehicle], buffers.floats[STOOD_TO_S, :number])


@inner
def _reaching_s(buffers: MeasureBuffers, funnel: int, point_m: float, since_s: float) -> float:
    """Return how long the queue reaches beyond a point, since some moment."""
    moments, metres = buffers.tail_s, buffers.tail_m
    seconds = 0.0
    for step in range(buffers.tail_first[funnel], buffers.tail_first[funnel + 1] - 1):
        if metres[step] > point_m:
            seconds += max(moments[step + 1], since_s) - max(moments[step], since_s)
    return seconds


@inner
def stand_beyond(log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers, funnel: int, point_m: float) -> int:
    """Note who meets the queue upstream of a point since the opening, and when they have moved up; return how many.

    That is when the last of the waves has reached them that they meet between the end of the queue and the point: of
    the vehicles ahead that stand between these two and, as the point itself seldom is just behind a vehicle, of a wave
    interpolated there.
    """
    road, opens_s = inputs.funnels[funnel], inputs.windows_s[OPENS_S, 0]
    file_m, wave_s, stack = buffers.floats[FILE_M], buffers.floats[WAVE_S], buffers.ints[STACK]
    stands, stood_to_s = buffers.ints[STOOD], buffers.floats[STOOD_TO_S]
    passages_s, joins_s, tails_m = log.floats[PASSED_S], log.floats[JOINED_S], log.floats[TAIL_M]
    spacing_m, vehicle_class = inputs.spacing_m[funnel], log.ints[VEHICLE_CLASS]
    lane_m, lanes = road["lane_length_m"], road["lanes"]
    # All stand in one long file. Upstream of the taper a metre of road holds `lanes` metres of the file, and a wave
    # runs through it as many times as fast. Who passed at `passed_s`, `metres` ahead in the file, is felt at
    # passed_s + metres / file_wave_ms + in_lane_s.
    file_wave_ms = lanes * road["wave_speed_ms"]
    in_lane_s = lane_m / road["wave_speed_ms"] - lane_m / file_wave_ms
    here_m = 0.0
    queued, first, end, top, stood = 0, 0, 0, 0, 0
    for i in range(log.first[funnel], log.first[funnel + 1]):
        if passages_s[i] == np.inf:  # whoever turned off takes no room
            continue
        file_m[queued] = here_m
        wave_s[queued] = passages_s[i] - here_m / file_wave_ms
        if tails_m[i] > point_m and joins_s[i] >= opens_s:
            at_point_m = here_m - lane_m - point_m * lanes
            at_tail_m = here_m - lane_m - tails_m[i] * lanes - _ROUNDED_M
            while file_m[end] <= at_point_m:
                top = _stack(stack, top, wave_s, end)
                end += 1
            while first > 0 and file_m[first - 1] >= at_tail_m:
                first -= 1
            while file_m[first] < at_tail_m:
                first += 1
            last_wave_s = _interpolated(at_point_m, file_m, wave_s, end)
            if first < end:
                last_wave_s = max(last_wave_s, wave_s[_from(stack, top, first)])
            moved_up_s = last_wave_s + here_m / file_wave_ms + in_lane_s
            stands[stood] = i
            stood_to_s[stood] = min(max(moved_up_s, joins_s[i]), passages_s[i])
            stood += 1
        here_m += spacing_m[vehicle_class[i]]
        queued += 1
    return stood


@inner
def _stack(stack: IntArray, top: int, wave_s: FloatArray, newest: int) -> int:
    """Keep of all vehicles up to the newest those whose wave is later than that of any behind them."""
    while top > 0 and wave_s[stack[top - 1]] <= wave_s[newest]:
        top -= 1
    stack[top] = newest
    return top + 1


@inner
def _from(stack: IntArray, top: int, first: int) -> int:
    """Return the vehicle with the last wave of all from `first` on: the first of these that is kept."""
    low, high = 0, top - 1
    while low < high:
        middle = (low + high) // 2
        if stack[middle] >= first:
            high = middle
        else:
            low = middle + 1
    return int(stack[low])


@inner
def _interpolated(at_m: float, file_m: FloatArray, wave_s: FloatArray, end: int) -> float:
    """Return the wave at a point of the file, between the vehicles `end` - 1 and `end`."""
    if end == 0:
        return float(wave_s[0])
    slope = (wave_s[end] - wave_s[end - 1]) / (file_m[end] - file_m[end - 1])
    return float(slope * (at_m - file_m[end - 1]) + wave_s[end - 1])
