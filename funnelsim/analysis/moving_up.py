"""Who stands in the queue upstream of a point, and when they have moved up to it."""

import numpy as np

from funnelsim.analysis.notes import Notes
from funnelsim.analysis.records import Records
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.compiled import compiled

_ROUNDED_M = 1e-6  # how far rounding may put the end of the queue from the vehicle that stands there


@compiled
def stand_beyond(notes: Notes, records: Records, yardstick: Yardstick, funnel: int, point_m: float) -> int:
    """Note who meets the queue upstream of a point since the opening, and when they have moved up; return how many.

    That is when the last of the waves has reached them that they meet between the end of the queue and the point: of
    the vehicles ahead that stand between these two and, as the point itself seldom is just behind a vehicle, of a wave
    interpolated there.
    """
    roads, opens_s = yardstick.roads, yardstick.windows.opens_s[0]
    file_m, wave_s, stack = notes.file_m, notes.wave_s, notes.stack
    passages_s, joins_s, tails_m = records.passed_s, records.joined_s, records.tail_m
    spacing_m, vehicle_class = roads.spacing_m[funnel], records.vehicle_class
    lane_m, lanes = roads.lane_length_m[funnel], roads.lanes[funnel]
    # All stand in one long file. Upstream of the taper a metre of road holds `lanes` metres of the file, and a wave
    # runs through it as many times as fast. Who passed at `passed_s`, `metres` ahead in the file, is felt at
    # passed_s + metres / file_wave_ms + in_lane_s.
    file_wave_ms = lanes * roads.wave_speed_ms[funnel]
    in_lane_s = lane_m / roads.wave_speed_ms[funnel] - lane_m / file_wave_ms
    here_m = 0.0
    queued, first, end, top, stood = 0, 0, 0, 0, 0
    for i in range(records.first[funnel], records.first[funnel + 1]):
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
            notes.stood[stood] = i
            notes.stood_to_s[stood] = min(max(moved_up_s, joins_s[i]), passages_s[i])
            stood += 1
        here_m += spacing_m[vehicle_class[i]]
        queued += 1
    return stood


@compiled
def _stack(stack: IntArray, top: int, wave_s: FloatArray, newest: int) -> int:
    """Keep of all vehicles up to the newest those whose wave is later than that of any behind them."""
    while top > 0 and wave_s[stack[top - 1]] <= wave_s[newest]:
        top -= 1
    stack[top] = newest
    return top + 1


@compiled
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


@compiled
def _interpolated(at_m: float, file_m: FloatArray, wave_s: FloatArray, end: int) -> float:
    """Return the wave at a point of the file, between the vehicles `end` - 1 and `end`."""
    if end == 0:
        return float(wave_s[0])
    slope = (wave_s[end] - wave_s[end - 1]) / (file_m[end] - file_m[end - 1])
    return float(slope * (at_m - file_m[end - 1]) + wave_s[end - 1])
