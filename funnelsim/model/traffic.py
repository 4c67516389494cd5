"""What comes down the road in one replication: vehicles with their times, classes, secrets and luck."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import dice
from funnelsim.model.compiled import compiled
from funnelsim.model.grid import GRID_PER_S
from funnelsim.model.plan import Road
from funnelsim.model.purposes import CLASS, COUNT, FOLLOWS, GAP, HEADWAY, IMPRESSION, LOOK, TARGET
from funnelsim.scenario.demand import Demand

NUMBERS_PER_INTERVAL = 1 << 20
FIRST_INTERVAL = 1 << 12  # an offset, so that intervals before midnight of the first day have positive numbers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Traffic:
    """The vehicles of one replication in the order in which they come; every array has shape (vehicles,).

    Attributes
    ----------
    seed, replication
        What the dice were thrown with.
    number
        Each vehicle's own number: its counted interval and its rank in it. It names the vehicle to the dice, so that
        a vehicle keeps its luck when the window of the operation moves.
    free_s
        When it would pass the selection point on the free road, seconds after midnight of the first day.
    vehicle_class
        Index of its class.
    target
        0 for an ordinary vehicle, k for the k-th target type.
    impression
        Standard normal: the score of the look before a target's cue is added.
    headway_noise
        Factor of mean 1 on its headway.
    look_s
        Time an officer needs to look at it.
    """

    seed: int
    replication: int
    number: IntArray
    free_s: FloatArray
    vehicle_class: IntArray
    target: IntArray
    impression: FloatArray
    headway_noise: FloatArray
    look_s: FloatArray

    def __len__(self) -> int:
        return len(self.number)


def draw_traffic(road: Road, seed: int, replication: int) -> Traffic:
    """Draw the vehicles of one replication.

    Arrivals are restarted at each counted interval: the first gap is drawn from the stationary distribution of the
    time to the next arrival, so that the expected number in the interval is exactly the counted one.

    Parameters
    ----------
    road
        What traffic depends on.
    seed, replication
        Non-negative whole numbers below 2**63.
    """
    demand = road.demand
    if road.arrivals == "trace":
        number, free_s, vehicle_class = _recorded(demand)
    elif road.arrivals == "counted":
        number, free_s, vehicle_class = _exactly_counted(demand, seed, replication)
    else:
        number, free_s, vehicle_class = _at_counted_rates(road, seed, replication)
    inside = (free_s >= demand.window_s[0]) & (free_s < demand.window_s[1])
    number, free_s, vehicle_class = number[inside], free_s[inside], vehicle_class[inside]
    target, impression, noise, look_s = _luck(
        number,
        vehicle_class,
        road.prevalence.cumsum(axis=1),
        road.headway_cv,
        road.look_mean_s,
        road.look_cv,
        seed,
        replication,
    )
    return Traffic(
        seed,
        replication,
        number,
        free_s,
        vehicle_class,
        target,
        impression,
        headway_noise=noise,
        look_s=look_s,
    )


@compiled
def _luck(
    number: IntArray,
    vehicle_class: IntArray,
    prevalence_up_to: FloatArray,
    headway_cv: float,
    look_mean_s: float,
    look_cv: float,
    seed: int,
    replication: int,
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Draw what each vehicle is and how it fares, independent of everything else."""
    count = len(number)
    target = np.zeros(count, dtype=np.int64)
    impression = np.empty(count)
    noise = np.empty(count)
    look_s = np.empty(count)
    types = prevalence_up_to.shape[1]
    target_stream = dice.stream(seed, replication, TARGET)
    impression_stream = dice.stream(seed, replication, IMPRESSION)
    headway_stream = dice.stream(seed, replication, HEADWAY)
    look_stream = dice.stream(seed, replication, LOOK)
    for i in range(count):
        u = dice.uniform(target_stream, number[i])
        for k in range(types):
            if u < prevalence_up_to[vehicle_class[i], k]:
                target[i] = k + 1
                break
        impression[i] = dice.normal_quantile(dice.uniform(impression_stream, number[i]))
        noise[i] = dice.lognormal(dice.uniform(headway_stream, number[i]), 1.0, headway_cv)
        look_s[i] = dice.on_grid(dice.lognormal(dice.uniform(look_stream, number[i]), look_mean_s, look_cv))
    return target, impression, noise, look_s


def _at_counted_rates(road: Road, seed: int, replication: int) -> tuple[IntArray, FloatArray, IntArray]:
    demand = road.demand
    expected = demand.vehicles.sum()
    room = int(expected + 12.0 * np.sqrt(expected) + 100.0)
    shares_up_to = np.cumsum(demand.vehicles, axis=1) / np.maximum(demand.vehicles.sum(axis=1, keepdims=True), 1e-300)
    numbers_from = _first_numbers(demand)
    while True:
        count, number, free_s, vehicle_class = _arrive(
            demand.starts_s,
            demand.ends_s,
            demand.vehicles.sum(axis=1),
            shares_up_to,
            numbers_from,
            road.least_gap_s,
            road.bunching_factor,
            seed,
            replication,
            room,
        )
        if count < room:
            return number[:count], free_s[:count], vehicle_class[:count]
        room *= 2


@compiled
def _arrive(
    starts_s: FloatArray,
    ends_s: FloatArray,
    expected: FloatArray,
    shares_up_to: FloatArray,
    numbers_from: IntArray,
    least_gap_s: float,
    bunching_factor: float,
    seed: int,
    replication: int,
    room: int,
) -> tuple[int, IntArray, FloatArray, IntArray]:
    """Draw arrivals with Cowan M3 headways (exponential where the least gap is 0), interval by interval."""
    number = np.empty(room, dtype=np.int64)
    free_s = np.empty(room)
    vehicle_class = np.empty(room, dtype=np.int64)
    gap_stream = dice.stream(seed, replication, GAP)
    follows_stream = dice.stream(seed, replication, FOLLOWS)
    class_stream = dice.stream(seed, replication, CLASS)
    count = 0
    for k in range(len(starts_s)):
        if expected[k] <= 0.0:
            continue
        mean_gap_s = (ends_s[k] - starts_s[k]) / expected[k]
        bunched_share = least_gap_s / mean_gap_s
        free_share = math.exp(-bunching_factor * bunched_share)
        tail_mean_s = (mean_gap_s - least_gap_s) / free_share
        time_s = starts_s[k]
        rank = 0
        while count < room:
            vehicle = numbers_from[k] + rank
            u = dice.uniform(gap_stream, vehicle)
            follows = dice.uniform(follows_stream, vehicle)
            if rank == 0:  # the time to the next arrival, seen from a moment of no significance
                if follows < bunched_share:
                    time_s += u * least_gap_s
                else:
                    time_s += least_gap_s + dice.exponential(u, tail_mean_s)
            else:
                time_s += least_gap_s
                if follows < free_share:
                    time_s += dice.exponential(u, tail_mean_s)
            if time_s >= ends_s[k]:
                break
            number[count] = vehicle
            free_s[count] = dice.on_grid(time_s)
            vehicle_class[count] = _pick(dice.uniform(class_stream, vehicle), shares_up_to[k])
            count += 1
            rank += 1
    return count, number, free_s, vehicle_class


@compiled
def _pick(u: float, shares_up_to: FloatArray) -> int:
    """Return the index of the share in which `u` falls; rounding at the top end goes to the last share above 0."""
    last = 0
    for k in range(len(shares_up_to)):
        if u < shares_up_to[k]:
            return k
        if k == 0 or shares_up_to[k] > shares_up_to[k - 1]:
            last = k
    return last


def _exactly_counted(demand: Demand, seed: int, replication: int) -> tuple[IntArray, FloatArray, IntArray]:
    """Draw exactly the counted number in each interval at independent uniform times.

    A mean over several days is no whole number: it is rounded up with the chance of its fraction.
    """
    expected = demand.vehicles if demand.typed_by_class else demand.vehicles.sum(axis=1, keepdims=True)
    shares_up_to = np.cumsum(demand.vehicles, axis=1) / np.maximum(demand.vehicles.sum(axis=1, keepdims=True), 1e-300)
    number, free_s, vehicle_class = _scatter(
        demand.starts_s,
        demand.ends_s,
        expected,
        shares_up_to,
        _first_numbers(demand),
        demand.typed_by_class,
        seed,
        replication,
        int(np.floor(expected + 1.0).sum()),
    )
    order = np.lexsort((number, free_s))
    return number[order], free_s[order], vehicle_class[order]


@compiled
def _scatter(
    starts_s: FloatArray,
    ends_s: FloatArray,
    expected: FloatArray,
    shares_up_to: FloatArray,
    numbers_from: IntArray,
    by_class: bool,
    seed: int,
    replication: int,
    room: int,
) -> tuple[IntArray, FloatArray, IntArray]:
    number = np.empty(room, dtype=np.int64)
    free_s = np.empty(room)
    vehicle_class = np.empty(room, dtype=np.int64)
    count_stream = dice.stream(seed, replication, COUNT)
    gap_stream = dice.stream(seed, replication, GAP)
    class_stream = dice.stream(seed, replication, CLASS)
    count = 0
    for k in range(len(starts_s)):
        rank = 0
        for column in range(expected.shape[1]):
            whole = math.floor(expected[k, column] + dice.uniform(count_stream, numbers_from[k] + column))
            for _ in range(whole):
                vehicle = numbers_from[k] + rank
                number[count] = vehicle
                free_s[count] = dice.on_grid(
                    starts_s[k] + (ends_s[k] - starts_s[k]) * dice.uniform(gap_stream, vehicle)
                )
                vehicle_class[count] = (
                    column if by_class else _pick(dice.uniform(class_stream, vehicle), shares_up_to[k])
                )
                count += 1
                rank += 1
    return number[:count], free_s[:count], vehicle_class[:count]


def _recorded(demand: Demand) -> tuple[IntArray, FloatArray, IntArray]:
    if demand.passages is None:
        message = "a trace needs recorded passages"
        raise ValueError(message)
    times_s, vehicle_class = demand.passages
    order = np.argsort(times_s, kind="stable")
    on_grid_s = np.floor(times_s[order] * GRID_PER_S + 0.5) / GRID_PER_S
    return order.astype(np.int64), on_grid_s, vehicle_class[order]


def _first_numbers(demand: Demand) -> IntArray:
    interval = np.floor(demand.starts_s / (demand.ends_s - demand.starts_s)).astype(np.int64) + FIRST_INTERVAL
    return interval * NUMBERS_PER_INTERVAL
