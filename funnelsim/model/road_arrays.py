"""The roads of all funnels as arrays: what compiled code needs to draw traffic."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from funnelsim.arrays import FloatArray, IntArray, RecordArray
from funnelsim.model import random_numbers
from funnelsim.model.grid import GRID_PER_S
from funnelsim.model.vehicle_draws import FEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funnelsim.model.road import Road
    from funnelsim.scenario.demand import Demand


NUMBERS_PER_INTERVAL: Final = 1 << 20
NUMBERS_PER_FUNNEL: Final = 1 << 40
FIRST_INTERVAL: Final = 1 << 12  # an offset, so that intervals before midnight of the first day have positive numbers

AT_RATES, COUNTED, COUNTED_BY_CLASS, RECORDED = range(4)
KEPT = 16  # roads whose arrays are kept


FUNNEL: Final = np.dtype(
    [
        ("arrivals", np.int64),
        ("first_interval", np.int64),
        ("end_interval", np.int64),
        ("first_recorded", np.int64),
        ("end_recorded", np.int64),
        ("least_gap_s", np.float64),
        ("bunching_factor", np.float64),
        ("day_cv", np.float64),
        ("headway_cv", np.float64),
        ("look_mean_s", np.float64),
        ("look_cv", np.float64),
    ]
)
INTERVAL: Final = np.dtype([("starts_s", np.float64), ("ends_s", np.float64), ("first_number", np.int64)])


class RoadArrays(NamedTuple):
    """The roads of all funnels, funnel after funnel and interval after interval.

    Attributes
    ----------
    funnels
        How counts become vehicles (AT_RATES, COUNTED, COUNTED_BY_CLASS or RECORDED), where the funnel's intervals and
        recorded vehicles begin and end, and the rest as in `Road`: records of FUNNEL, shape (funnels,).
    intervals
        Counted intervals and the number of the first vehicle in each: records of INTERVAL, shape (intervals,).
    expected
        Vehicles by interval and class, all in the first column where classes are picked: shape (intervals, classes).
    shares_up_to
        Summed shares of the classes, infinite from the last share above 0 on: shape (intervals, classes).
    spans_s
        From when to when vehicles are simulated, shape (funnels, spans, 2).
    prevalence_up_to
        Summed chances of being a target, in the order of `target_of`, shape (funnels, classes, target types).
    target_of
        The target types in the order of their names, so that their order in the file changes no draw: status numbers,
        shape (funnels, target types).
    passengers_up_to
        Chance of at most 0, 1, 2, ... passengers, infinite where it rounds to 1: shape (funnels, classes, most).
    recorded_number, recorded_s, recorded_class
        Recorded vehicles in the order in which they come, shape (recorded vehicles,).
    """

    funnels: RecordArray
    intervals: RecordArray
    expected: FloatArray
    shares_up_to: FloatArray
    spans_s: FloatArray
    prevalence_up_to: FloatArray
    target_of: IntArray
    passengers_up_to: FloatArray
    recorded_number: IntArray
    recorded_s: FloatArray
    recorded_class: IntArray


@lru_cache(maxsize=KEPT)
def road_arrays(road: "Road") -> RoadArrays:
    """Put the roads of all funnels into arrays."""
    roads = (road, *road.other_funnels)
    recorded = [_recorded(one.demand, funnel) for funnel, one in enumerate(roads)]
    number, recorded_s, recorded_class = (np.concatenate(parts) for parts in zip(*recorded, strict=True))
    arrays = RoadArrays(
        funnels=_funnels(roads, [len(part[0]) for part in recorded]),
        intervals=np.concatenate([_intervals(one.demand, funnel) for funnel, one in enumerate(roads)]),
        expected=np.concatenate([_expected(one) for one in roads]),
        shares_up_to=np.concatenate([shares_up_to(one.demand.vehicles) for one in roads]),
        spans_s=_side_by_side([np.array(one.demand.spans_s) for one in roads], 0.0),
        prevalence_up_to=np.stack([one.prevalence[:, _by_name(one)].cumsum(axis=1) for one in roads]),
        target_of=np.stack([_by_name(one) + 1 for one in roads]),
        passengers_up_to=_side_by_side([_passengers_up_to(one.occupants) for one in roads], np.inf),
        recorded_number=number,
        recorded_s=recorded_s,
        recorded_class=recorded_class,
    )
    # Machine code is compiled for one order in memory; for columns in another order it would be compiled again.
    return RoadArrays._make(np.asanyarray(array, order="C") for array in arrays)


def _funnels(roads: "Sequence[Road]", recorded: list[int]) -> RecordArray:
    funnels = np.zeros(len(roads), FUNNEL)
    for name in ("least_gap_s", "bunching_factor", "day_cv", "headway_cv", "look_mean_s", "look_cv"):
        funnels[name] = [getattr(one, name) for one in roads]
    funnels["arrivals"] = [_arrivals(one) for one in roads]
    for kind, lengths in (("interval", [len(one.demand.starts_s) for one in roads]), ("recorded", recorded)):
        funnels[f"end_{kind}"] = np.cumsum(lengths)
        funnels[f"first_{kind}"] = funnels[f"end_{kind}"] - lengths
    return funnels


def _intervals(demand: "Demand", funnel: int) -> RecordArray:
    intervals = np.zeros(len(demand.starts_s), INTERVAL)
    intervals["starts_s"], intervals["ends_s"] = demand.starts_s, demand.ends_s
    rank = np.floor(demand.starts_s / (demand.ends_s - demand.starts_s)).astype(np.int64) + FIRST_INTERVAL
    intervals["first_number"] = rank * NUMBERS_PER_INTERVAL + funnel * NUMBERS_PER_FUNNEL
    return intervals


def shares_up_to(vehicles: FloatArray) -> FloatArray:
    """Return the summed shares of the columns, infinite from the last share above 0 on.

    So a uniform that rounding leaves above all sums falls to the last share above 0.
    """
    sums = np.cumsum(vehicles, axis=1) / np.maximum(vehicles.sum(axis=1, keepdims=True), 1e-300)
    last = vehicles.shape[1] - 1 - np.argmax(vehicles[:, ::-1] > 0.0, axis=1)
    return np.where(np.arange(vehicles.shape[1]) < last[:, None], sums, np.inf)


def _by_name(road: "Road") -> IntArray:
    """Return the indices of the target types in the order of their names."""
    return np.array(sorted(range(len(road.targets)), key=road.targets.__getitem__), dtype=np.int64)


def _arrivals(road: "Road") -> int:
    if road.arrivals == "trace":
        return RECORDED
    if road.arrivals == "counted":
        return COUNTED_BY_CLASS if road.demand.typed_by_class else COUNTED
    return AT_RATES


def _expected(road: "Road") -> FloatArray:
    if _arrivals(road) == COUNTED_BY_CLASS:
        return road.demand.vehicles
    together = np.zeros_like(road.demand.vehicles)
    together[:, 0] = road.demand.vehicles.sum(axis=1)
    return together


def _recorded(demand: "Demand", funnel: int) -> tuple[IntArray, FloatArray, IntArray]:
    """Return the numbers, free passages and classes of the recorded vehicles inside the spans, in order of time."""
    if demand.passages is None:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64)
    times_s, vehicle_class = demand.passages
    order = np.argsort(times_s, kind="stable")
    on_grid_s = np.floor(times_s[order] * GRID_PER_S + 0.5) / GRID_PER_S
    inside = np.any([(on_grid_s >= from_s) & (on_grid_s < to_s) for from_s, to_s in demand.spans_s], axis=0)
    order, on_grid_s = order[inside], on_grid_s[inside]
    return order.astype(np.int64) + funnel * NUMBERS_PER_FUNNEL, on_grid_s, vehicle_class[order]


def _passengers_up_to(occupants: FloatArray) -> FloatArray:
    few = np.full(FEW, np.inf)
    return _side_by_side([few, *(random_numbers.poisson_up_to(mean - 1.0) for mean in occupants.tolist())], np.inf)[1:]


def _side_by_side(parts: list[FloatArray], filler: float) -> FloatArray:
    """Stack arrays whose shapes differ, each filled up to the largest."""
    shape = np.max([part.shape for part in parts], axis=0)
    stacked = np.full((len(parts), *shape), filler)
    for k, part in enumerate(parts):
        stacked[k][tuple(slice(length) for length in part.shape)] = part
    return stacked
