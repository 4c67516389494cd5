"""Who arrives when: counted vehicles per interval turned into single vehicles with their own numbers."""

import math

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import dice
from funnelsim.model.compiled import compiled
from funnelsim.model.grid import GRID_PER_S
from funnelsim.model.purposes import CLASS, COUNT, FOLLOWS, GAP
from funnelsim.model.road import Road
from funnelsim.scenario.demand import Demand

NUMBERS_PER_INTERVAL = 1 << 20
NUMBERS_PER_FUNNEL = 1 << 40
FIRST_INTERVAL = 1 << 12  # an offset, so that intervals before midnight of the first day have positive numbers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Arrivals = tuple[IntArray, FloatArray, IntArray]
"""Numbers, free passages and classes of the vehicles."""


def at_counted_rates(road: Road, funnel: int, seed: int, replication: int) -> Arrivals:
    """Draw arrivals at the counted rates, independent or in platoons.

    They are restarted at each counted interval: the first gap is drawn from the stationary distribution of the time to
    the next arrival, so that the expected number in the interval is exactly the counted one.
    """
    demand = road.demand
    expected = demand.vehicles.sum()
    room = int(expected + 12.0 * np.sqrt(expected) + 100.0)
    shares_up_to = np.cumsum(demand.vehicles, axis=1) / np.maximum(demand.vehicles.sum(axis=1, keepdims=True), 1e-300)
    numbers_from = _first_numbers(demand, funnel)
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


def exactly_counted(demand: Demand, funnel: int, seed: int, replication: int) -> Arrivals:
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
        _first_numbers(demand, funnel),
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


def recorded(demand: Demand, funnel: int) -> Arrivals:
    """Replay recorded vehicles."""
    if demand.passages is None:
        message = "a trace needs recorded passages"
        raise ValueError(message)
    times_s, vehicle_class = demand.passages
    order = np.argsort(times_s, kind="stable")
    on_grid_s = np.floor(times_s[order] * GRID_PER_S + 0.5) / GRID_PER_S
    return order.astype(np.int64) + funnel * NUMBERS_PER_FUNNEL, on_grid_s, vehicle_class[order]


def _first_numbers(demand: Demand, funnel: int) -> IntArray:
    interval = np.floor(demand.starts_s / (demand.ends_s - demand.starts_s)).astype(np.int64) + FIRST_INTERVAL
    return interval * NUMBERS_PER_INTERVAL + funnel * NUMBERS_PER_FUNNEL
