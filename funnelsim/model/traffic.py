"""What comes down the road in one replication: vehicles with their times, classes, secrets and luck."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import dice
from funnelsim.model.arrivals import at_counted_rates, exactly_counted, recorded
from funnelsim.model.compiled import compiled
from funnelsim.model.purposes import HEADWAY, IMPRESSION, LOOK, OCCUPANTS, TARGET
from funnelsim.model.road import Road

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Traffic:
    """The vehicles of one replication, funnel by funnel in the order in which they come.

    Every array has shape (vehicles,).

    Attributes
    ----------
    seed, replication
        What the dice were thrown with.
    number
        Each vehicle's own number: its funnel, its counted interval and its rank in it. It names the vehicle to the
        dice, so that a vehicle keeps its luck when the window of the operation moves.
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


def draw_traffic(road: Road, seed: int, replication: int) -> Traffic:
    """Draw the vehicles of one replication, on this road and on those beside it.

    Parameters
    ----------
    road
        What traffic depends on.
    seed, replication
        Non-negative whole numbers below 2**63.
    """
    drawn = [_draw(one, funnel, seed, replication) for funnel, one in enumerate((road, *road.beside))]
    if len(drawn) == 1:
        return drawn[0]
    names = [entry.name for entry in fields(Traffic)[2:]]
    together = {name: np.concatenate([getattr(one, name) for one in drawn]) for name in names}
    return Traffic(seed, replication, **together)


def _draw(road: Road, funnel: int, seed: int, replication: int) -> Traffic:
    demand = road.demand
    if road.arrivals == "trace":
        number, free_s, vehicle_class = recorded(demand, funnel)
    elif road.arrivals == "counted":
        number, free_s, vehicle_class = exactly_counted(demand, funnel, seed, replication)
    else:
        number, free_s, vehicle_class = at_counted_rates(road, funnel, seed, replication)
    inside = np.zeros(len(free_s), dtype=np.bool_)
    for from_s, to_s in demand.spans_s:
        inside |= (free_s >= from_s) & (free_s < to_s)
    number, free_s, vehicle_class = number[inside], free_s[inside], vehicle_class[inside]
    target, impression, noise, look_s, occupants = _luck(
        number,
        vehicle_class,
        road.prevalence.cumsum(axis=1),
        road.headway_cv,
        road.look_mean_s,
        road.look_cv,
        road.occupants,
        seed,
        replication,
    )
    return Traffic(
        seed,
        replication,
        number,
        np.full(len(number), funnel, dtype=np.int64),
        free_s,
        vehicle_class,
        target,
        impression,
        headway_noise=noise,
        look_s=look_s,
        occupants=occupants,
    )


@compiled
def _luck(
    number: IntArray,
    vehicle_class: IntArray,
    prevalence_up_to: FloatArray,
    headway_cv: float,
    look_mean_s: float,
    look_cv: float,
    mean_occupants: FloatArray,
    seed: int,
    replication: int,
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, IntArray]:
    """Draw what each vehicle is and how it fares, independent of everything else."""
    count = len(number)
    target = np.zeros(count, dtype=np.int64)
    impression = np.empty(count)
    noise = np.empty(count)
    look_s = np.empty(count)
    occupants = np.empty(count, dtype=np.int64)
    types = prevalence_up_to.shape[1]
    target_stream = dice.stream(seed, replication, TARGET)
    impression_stream = dice.stream(seed, replication, IMPRESSION)
    headway_stream = dice.stream(seed, replication, HEADWAY)
    look_stream = dice.stream(seed, replication, LOOK)
    occupants_stream = dice.stream(seed, replication, OCCUPANTS)
    for i in range(count):
        u = dice.uniform(target_stream, number[i])
        for k in range(types):
            if u < prevalence_up_to[vehicle_class[i], k]:
                target[i] = k + 1
                break
        impression[i] = dice.normal_quantile(dice.uniform(impression_stream, number[i]))
        noise[i] = dice.lognormal(dice.uniform(headway_stream, number[i]), 1.0, headway_cv)
        look_s[i] = dice.on_grid(dice.lognormal(dice.uniform(look_stream, number[i]), look_mean_s, look_cv))
        passengers = mean_occupants[vehicle_class[i]] - 1.0
        occupants[i] = 1 + dice.poisson(dice.uniform(occupants_stream, number[i]), passengers)
    return target, impression, noise, look_s, occupants
