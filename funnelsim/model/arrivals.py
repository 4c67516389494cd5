"""Who arrives when: counted vehicles per interval turned into single vehicles with their own numbers."""

import math
from typing import Final, NamedTuple

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model import elementary, random_numbers
from funnelsim.model.compiled import inner
from funnelsim.model.grid import GRID_PER_S
from funnelsim.model.random_numbers import BLOCK, Scratch
from funnelsim.model.random_streams import CLASS, COUNT, DAY, FOLLOWS, GAP
from funnelsim.model.road_arrays import AT_RATES, COUNTED_BY_CLASS, NUMBERS_PER_INTERVAL, RECORDED, RoadArrays

TOO_MANY: Final = -1
AHEAD: Final = 8  # vehicles drawn beyond those expected in what is left of an interval, to reach its end in one block
MOST_BUNCHED: Final = 0.95  # of the flow at which all gaps are the least: more does not fit on the road on a busy day
STRIDE: Final = 16  # lengths of blocks are multiples of it, so that vectorised loops leave no remainder


class Streams(NamedTuple):
    """The random streams behind the arrivals of one replication."""

    gaps: np.uint64
    follows: np.uint64
    counts: np.uint64
    classes: np.uint64


@inner
def arrive(
    number: IntArray,
    free_s: FloatArray,
    vehicle_class: IntArray,
    keys: IntArray,
    sorted_keys: IntArray,
    at: int,
    road: RoadArrays,
    funnel: int,
    seed: int,
    replication: int,
    scratch: Scratch,
) -> int:
    """Write one funnel's vehicles from position `at` on: numbers, free passages and classes.

    `keys` and `sorted_keys` are scratch, too, as long as the rest.

    Returns
    -------
    The position behind the last vehicle, or TOO_MANY if the arrays are too short.
    """
    of_funnel = road.funnels[funnel]
    if of_funnel["arrivals"] == RECORDED:
        return _replay(
            number, free_s, vehicle_class, at, of_funnel, road.recorded_number, road.recorded_s, road.recorded_class
        )
    streams = Streams(
        random_numbers.stream(seed, replication, GAP),
        random_numbers.stream(seed, replication, FOLLOWS),
        random_numbers.stream(seed, replication, COUNT),
        random_numbers.stream(seed, replication, CLASS),
    )
    factor = day_factor(seed, replication, of_funnel["day_cv"])
    u, whole = scratch.u, scratch.counts[: road.expected.shape[1]]
    for k in range(of_funnel["first_interval"], of_funnel["end_interval"]):
        interval = road.intervals[k]
        if of_funnel["arrivals"] == AT_RATES:
            end = _at_rate(number, free_s, at, interval, factor * road.expected[k, 0], of_funnel, streams, u)
        else:
            end = at + _count(whole, road.expected[k], interval, streams)
        if end == TOO_MANY or end > len(number):
            return TOO_MANY
        if of_funnel["arrivals"] != AT_RATES:
            _scatter(
                number[at:end], free_s[at:end], keys[at:end], sorted_keys[at:end], interval, streams, scratch.where
            )
        if of_funnel["arrivals"] == COUNTED_BY_CLASS:
            _unfold(number[at:end], vehicle_class[at:end], keys[at:end], whole, interval)
        else:
            _pick(number[at:end], vehicle_class[at:end], road.shares_up_to[k], streams, u)
        at = _keep_inside(number, free_s, vehicle_class, at, end, road.spans_s[funnel])
    return at


@inner
def day_factor(seed: int, replication: int, day_cv: float) -> float:
    """Return the factor of mean 1 on the demand of a whole operation: days differ, and a replication is a day.

    All funnels have the same random number: a busy day is busy on all roads.
    """
    u = random_numbers.uniform(random_numbers.stream(seed, replication, DAY), 0)
    return random_numbers.lognormal(u, 1.0, day_cv)


@inner
def _replay(
    number: IntArray,
    free_s: FloatArray,
    vehicle_class: IntArray,
    at: int,
    of_funnel: np.void,
    recorded_number: IntArray,
    recorded_s: FloatArray,
    recorded_class: IntArray,
) -> int:
    """Replay recorded vehicles."""
    if at + of_funnel["end_recorded"] - of_funnel["first_recorded"] > len(number):
        return TOO_MANY
    for i in range(of_funnel["first_recorded"], of_funnel["end_recorded"]):
        number[at] = recorded_number[i]
        free_s[at] = recorded_s[i]
        vehicle_class[at] = recorded_class[i]
        at += 1
    return at


@inner
def _at_rate(
    number: IntArray,
    free_s: FloatArray,
    at: int,
    interval: np.void,
    expected: float,
    of_funnel: np.void,
    streams: Streams,
    follows: FloatArray,
) -> int:
    """Draw arrivals with Cowan M3 headways (exponential where the least gap is 0).

    They are restarted at each counted interval: the first gap is drawn from the stationary distribution of the time to
    the next arrival, so that the expected number in the interval is exactly the counted one.
    """
    if expected <= 0.0:
        return at
    least_gap_s = of_funnel["least_gap_s"]
    mean_gap_s = max((interval["ends_s"] - interval["starts_s"]) / expected, least_gap_s / MOST_BUNCHED)
    bunched_share = least_gap_s / mean_gap_s
    free_share = elementary.exp(-of_funnel["bunching_factor"] * bunched_share)
    tail_mean_s = (mean_gap_s - least_gap_s) / free_share
    first = at
    time_s = interval["starts_s"]
    while at < len(number):
        ahead = int((interval["ends_s"] - time_s) / mean_gap_s) + AHEAD
        ahead = min((ahead + STRIDE - 1) // STRIDE * STRIDE, BLOCK, len(number) - at)
        numbers, times_s = number[at : at + ahead], free_s[at : at + ahead]
        for i in range(ahead):
            numbers[i] = interval["first_number"] + (at - first) + i
        random_numbers.uniforms(streams.gaps, numbers, times_s)
        u = times_s[0]
        random_numbers.exponentials(times_s, tail_mean_s)
        if least_gap_s > 0.0:
            random_numbers.uniforms(streams.follows, numbers, follows[:ahead])
        if at == first:  # the time to the next arrival, seen from a random time
            bunched = least_gap_s > 0.0 and follows[0] < bunched_share
            times_s[0] = time_s + (u * least_gap_s if bunched else least_gap_s + times_s[0])
            time_s = _sum_up(times_s[0], times_s[1:], follows[1:ahead], free_share, least_gap_s)
        else:
            time_s = _sum_up(time_s, times_s, follows[:ahead], free_share, least_gap_s)
        came = ahead
        while came > 0 and times_s[came - 1] >= interval["ends_s"]:
            came -= 1
        for i in range(ahead):
            times_s[i] = random_numbers.on_grid(times_s[i])
        at += came
        if came < ahead:
            return at
    return TOO_MANY


@inner
def _sum_up(time_s: float, gaps_s: FloatArray, follows: FloatArray, free_share: float, least_gap_s: float) -> float:
    """Turn gaps beyond the least one, which only free vehicles have, into times; return the last."""
    if least_gap_s > 0.0:
        for i in range(len(gaps_s)):
            gaps_s[i] = gaps_s[i] if follows[i] < free_share else 0.0
        for i in range(len(gaps_s)):
            time_s = (time_s + least_gap_s) + gaps_s[i]
            gaps_s[i] = time_s
    else:
        for i in range(len(gaps_s)):
            time_s += gaps_s[i]
            gaps_s[i] = time_s
    return time_s


@inner
def _count(whole: IntArray, expected: FloatArray, interval: np.void, streams: Streams) -> int:
    """Return how many vehicles come, and write how many of each column.

    A mean over several days is no whole number: it is rounded up with the chance of its fraction.
    """
    total = 0
    for column in range(len(whole)):
        u = random_numbers.uniform(streams.counts, interval["first_number"] + column)
        whole[column] = math.floor(expected[column] + u)
        total += whole[column]
    return total


@inner
def _scatter(
    number: IntArray,
    free_s: FloatArray,
    keys: IntArray,
    sorted_keys: IntArray,
    interval: np.void,
    streams: Streams,
    fills: IntArray,
) -> None:
    """Draw exactly the counted number in an interval at independent uniform times, and put them in order.

    A key is the time since the interval began, in steps of the grid, followed by the vehicle's rank.
    """
    began = math.floor(interval["starts_s"] * GRID_PER_S)
    for rank in range(len(number)):
        number[rank] = interval["first_number"] + rank
    random_numbers.uniforms(streams.gaps, number, free_s)
    for rank in range(len(number)):
        time_s = interval["starts_s"] + (interval["ends_s"] - interval["starts_s"]) * free_s[rank]
        keys[rank] = (math.floor(time_s * GRID_PER_S + 0.5) - began) * NUMBERS_PER_INTERVAL + rank
    _sort(keys, sorted_keys, free_s, fills)
    for i in range(len(number)):
        number[i] = interval["first_number"] + sorted_keys[i] % NUMBERS_PER_INTERVAL
        free_s[i] = (began + sorted_keys[i] // NUMBERS_PER_INTERVAL) / GRID_PER_S


@inner
def _sort(keys: IntArray, sorted_keys: IntArray, u: FloatArray, fills: IntArray) -> None:
    """Sort keys that rise with their uniforms: throw them into buckets, then let each sink to its place."""
    count = min(len(keys), BLOCK)
    fills[: count + 1] = 0
    for i in range(len(keys)):
        fills[int(u[i] * count) + 1] += 1
    for bucket in range(count):
        fills[bucket + 1] += fills[bucket]
    for i in range(len(keys)):
        bucket = int(u[i] * count)
        sorted_keys[fills[bucket]] = keys[i]
        fills[bucket] += 1
    for i in range(1, len(sorted_keys)):
        key = sorted_keys[i]
        position = i
        while position > 0 and sorted_keys[position - 1] > key:
            sorted_keys[position] = sorted_keys[position - 1]
            position -= 1
        sorted_keys[position] = key


@inner
def _unfold(number: IntArray, vehicle_class: IntArray, classes: IntArray, whole: IntArray, interval: np.void) -> None:
    """Give the vehicles counted by class their classes: ranks go through the classes one after the other."""
    rank = 0
    for column in range(len(whole)):
        classes[rank : rank + whole[column]] = column
        rank += whole[column]
    for i in range(len(number)):
        vehicle_class[i] = classes[number[i] - interval["first_number"]]


@inner
def _pick(number: IntArray, vehicle_class: IntArray, shares_up_to: FloatArray, streams: Streams, u: FloatArray) -> None:
    """Pick classes by the shares of an interval: how many of the summed shares the draw reaches."""
    for begin in range(0, len(number), BLOCK):
        numbers, classes = number[begin : begin + BLOCK], vehicle_class[begin : begin + BLOCK]
        random_numbers.uniforms(streams.classes, numbers, u[: len(numbers)])
        classes[:] = 0
        for share_up_to in shares_up_to:
            for i in range(len(classes)):
                classes[i] += u[i] >= share_up_to


@inner
def _keep_inside(
    number: IntArray, free_s: FloatArray, vehicle_class: IntArray, at: int, end: int, spans_s: FloatArray
) -> int:
    """Drop vehicles outside the spans in which vehicles are simulated; return the position behind the last one kept."""
    if end == at:
        return end
    for span in range(len(spans_s)):
        if spans_s[span, 0] <= free_s[at] and free_s[end - 1] < spans_s[span, 1]:
            return end
    for i in range(at, end):
        inside = False
        for span in range(len(spans_s)):
            inside |= spans_s[span, 0] <= free_s[i] < spans_s[span, 1]
        if inside:
            number[at], free_s[at], vehicle_class[at] = number[i], free_s[i], vehicle_class[i]
            at += 1
    return at
