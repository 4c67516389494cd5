"""What comes down the road in one replication: vehicles with their times, classes, targets and random draws."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.arrivals import TOO_MANY, arrive
from funnelsim.model.compiled import kernel
from funnelsim.model.random_numbers import BLOCK, Scratch, scratch_for
from funnelsim.model.road import Road
from funnelsim.model.road_arrays import RoadArrays, road_arrays
from funnelsim.model.vehicle_draws import (
    draw_headway_noise,
    draw_impressions,
    draw_looks,
    draw_occupants,
    draw_targets,
)

BUSIEST = 5.0  # standard deviations of a day's demand that buffers have room for


@dataclass(frozen=True, eq=False)
class Traffic:
    """The vehicles of one replication, funnel by funnel in the order in which they come.

    Every array has shape (vehicles,).

    Attributes
    ----------
    seed, replication
        The random seed, and which of its replications this is.
    number
        Each vehicle's own number: its funnel, its counted interval and its rank in it. Its random
        draws depend on it, so a vehicle stays the same when the window of the operation moves.
    funnel
        Index of the funnel on whose road it comes; 0 where there is one.
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
    occupants
        Persons in it, without those whom a target conceals.
    """

    seed: int
    replication: int
    number: IntArray
    funnel: IntArray
    free_s: FloatArray
    vehicle_class: IntArray
    target: IntArray
    impression: FloatArray
    headway_noise: FloatArray
    look_s: FloatArray
    occupants: IntArray

    def __len__(self) -> int:
        return len(self.number)

    def of_funnel(self, funnel: int) -> "Traffic":
        """Return the vehicles of one funnel."""
        first, end = np.searchsorted(self.funnel, [funnel, funnel + 1])
        return self if end - first == len(self) else self._between(slice(first, end))

    def _between(self, part: slice) -> "Traffic":
        arrays = {entry.name: getattr(self, entry.name) for entry in fields(self)[2:]}
        return Traffic(self.seed, self.replication, **{name: array[part] for name, array in arrays.items()})


class TrafficBuffers(NamedTuple):
    """Where traffic is drawn into: the arrays of `Traffic`, or longer ones, and where each funnel's vehicles begin.

    `first` has shape (funnels + 1,), and its last entry is the number of vehicles.
    """

    number: IntArray
    funnel: IntArray
    free_s: FloatArray
    vehicle_class: IntArray
    target: IntArray
    impression: FloatArray
    headway_noise: FloatArray
    look_s: FloatArray
    occupants: IntArray
    first: IntArray
    scratch: Scratch


def room_for(road: Road) -> int:
    """Return how long buffers must be for all vehicles of all funnels, except with negligible probability."""
    room = 0
    for one in (road, *road.other_funnels):
        expected = one.demand.vehicles * (1.0 + BUSIEST * one.day_cv)
        recorded = 0 if one.demand.passages is None else len(one.demand.passages[0])
        room += recorded + int(np.ceil(expected).sum() + 12.0 * np.sqrt(expected.sum()) + 100.0)
    return room


def traffic_buffers(room: int, funnels: int) -> TrafficBuffers:
    """Return empty buffers for `room` vehicles."""
    whole, real = (np.empty((count, room), dtype) for count, dtype in ((5, np.int64), (4, np.float64)))
    return TrafficBuffers(
        number=whole[0],
        funnel=whole[1],
        free_s=real[0],
        vehicle_class=whole[2],
        target=whole[3],
        impression=real[1],
        headway_noise=real[2],
        look_s=real[3],
        occupants=whole[4],
        first=np.empty(funnels + 1, dtype=np.int64),
        scratch=scratch_for(BLOCK),
    )


def draw_traffic(road: Road, seed: int, replication: int) -> Traffic:
    """Draw the vehicles of one replication, on this road and on those of the other funnels.

    Parameters
    ----------
    road
        What traffic depends on.
    seed, replication
        Non-negative whole numbers below 2**63.
    """
    room = room_for(road)
    while True:
        buffers = traffic_buffers(room, 1 + len(road.other_funnels))
        count = draw_into(buffers, road_arrays(road), seed, replication)
        if count != TOO_MANY:
            arrays = {entry.name: getattr(buffers, entry.name)[:count] for entry in fields(Traffic)[2:]}
            return Traffic(seed, replication, **arrays)
        room *= 2


@kernel
def draw_into(buffers: TrafficBuffers, road: RoadArrays, seed: int, replication: int) -> int:
    """Draw the vehicles of one replication into buffers and return their number, or TOO_MANY for these buffers."""
    number, free_s, vehicle_class = buffers.number, buffers.free_s, buffers.vehicle_class
    target, occupants, scratch = buffers.target, buffers.occupants, buffers.scratch
    at = 0
    for funnel in range(len(road.funnels)):
        buffers.first[funnel] = at
        end = arrive(number, free_s, vehicle_class, target, occupants, at, road, funnel, seed, replication, scratch)
        if end == TOO_MANY:
            return TOO_MANY
        for begin in range(at, end, BLOCK):
            block = slice(begin, min(begin + BLOCK, end))
            buffers.funnel[block] = funnel
            numbers, classes = number[block], vehicle_class[block]
            draw_targets(
                seed,
                replication,
                numbers,
                classes,
                road.prevalence_up_to[funnel],
                road.target_of[funnel],
                target[block],
                scratch,
            )
            draw_impressions(seed, replication, numbers, buffers.impression[block], scratch)
            draw_headway_noise(seed, replication, numbers, road.funnels[funnel], buffers.headway_noise[block], scratch)
            draw_looks(seed, replication, numbers, road.funnels[funnel], buffers.look_s[block], scratch)
            draw_occupants(
                seed, replication, numbers, classes, road.passengers_up_to[funnel], occupants[block], scratch
            )
        at = end
    buffers.first[len(road.funnels)] = at
    return at
