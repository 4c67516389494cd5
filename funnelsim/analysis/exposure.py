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
from numpy.typing import NDArray

from funnelsim.analysis.delays import tail_steps
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

S_PER_MIN = 60.0
_ROUNDED_M = 1e-6  # how far rounding may put the end of the queue from the vehicle that stands there


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
    """Return the measures of danger at the end of the queue of one funnel.

    Parameters
    ----------
    log, plan
        Of one funnel.

    Returns
    -------
    dict
        `beyond_warning_vehicle_min`: minutes that vehicles stand in the queue upstream of the warning sign, all
        together; `warning_exceeded_s`: how long the queue reaches beyond the sign; both not a number where there is no
        sign. `tail_meetings`: vehicles that meet the end of the queue dangerously fast, and `tail_meetings_lorries`:
        the lorries among them. All count from the opening until the last queue has dissolved.
    """
    meets = meets_fast(log, plan)
    measures = {
        "beyond_warning_vehicle_min": np.nan,
        "warning_exceeded_s": np.nan,
        "tail_meetings": float(meets.sum()),
        "tail_meetings_lorries": float((meets & plan.lorry[log.traffic.vehicle_class]).sum()),
    }
    if np.isfinite(plan.funnel.warning_m):
        stood = beyond(log, plan, plan.funnel.warning_m)
        measures["beyond_warning_vehicle_min"] = float((stood.to_s - stood.from_s).sum()) / S_PER_MIN
        measures["warning_exceeded_s"] = _reaching_s(log, plan, plan.funnel.warning_m)
    return measures


def meets_fast(log: Log, plan: Plan) -> BoolArray:
    """Tell which vehicles meet the end of the queue dangerously fast, shape (vehicles,).

    They come at the speed of the road, and the queue moves as fast as they get on in it, on average, from there to the
    selection point.
    """
    meets = _joins(log, plan, 0.0)
    metres = plan.funnel.lane_length_m + log.tail_m[meets]
    queue_ms = metres / (log.passed_s[meets] - log.joined_s[meets])
    meets[meets] = plan.funnel.road_speed_ms - queue_ms >= plan.funnel.tail_speed_difference_ms
    return meets


def beyond(log: Log, plan: Plan, point_m: float) -> Beyond:
    """Return who stands in the queue upstream of a point, and from when to when.

    Parameters
    ----------
    log, plan
        Of one funnel.
    point_m
        Metres upstream of the taper.
    """
    vehicle = np.flatnonzero(_joins(log, plan, point_m))
    joined_s = log.joined_s[vehicle]
    if len(vehicle) == 0:
        return Beyond(vehicle, joined_s, joined_s)
    to_s = np.clip(_moved_up_s(log, plan, vehicle, point_m), joined_s, log.passed_s[vehicle])
    return Beyond(vehicle, joined_s, to_s)


def _joins(log: Log, plan: Plan, point_m: float) -> BoolArray:
    """Tell which vehicles meet the queue upstream of a point, since the opening."""
    joins: BoolArray = log.passed & (log.tail_m > point_m) & (log.joined_s >= plan.window_s[0])
    return joins


def _moved_up_s(log: Log, plan: Plan, vehicle: IntArray, point_m: float) -> FloatArray:
    """Return when vehicles that met the queue upstream of a point have moved up to it.

    That is when the last of the waves has reached them that they meet between the end of the queue and the point: of
    the vehicles ahead that stand between these two and, as the point itself seldom is just behind a vehicle, of a wave
    interpolated there.
    """
    funnel = plan.funnel
    queued = np.flatnonzero(log.passed)  # whoever turned off takes no room
    spacing_m = plan.spacing_m[log.traffic.vehicle_class[queued]]
    # Where each stands in one long file, and how far from there the end of the queue and the point are. Upstream of
    # the taper a metre of road holds `lanes` metres of the file, and a wave runs through it as many times as fast.
    file_m = np.concatenate([[0.0], np.cumsum(spacing_m)[:-1]])
    file_wave_ms = funnel.lanes * funnel.wave_speed_ms
    here_m = file_m[np.searchsorted(queued, vehicle)]
    at_tail_m = here_m - funnel.lane_length_m - log.tail_m[vehicle] * funnel.lanes
    at_point_m = here_m - funnel.lane_length_m - point_m * funnel.lanes
    # Who passed at `passed_s`, `metres` ahead in the file, is felt at passed_s + metres / file_wave_ms + in_lane_s.
    in_lane_s = funnel.lane_length_m / funnel.wave_speed_ms - funnel.lane_length_m / file_wave_ms
    wave_s = log.passed_s[queued] - file_m / file_wave_ms
    first = np.searchsorted(file_m, at_tail_m - _ROUNDED_M)
    end = np.searchsorted(file_m, at_point_m, side="right")
    last_wave_s = np.maximum(_highest(wave_s, first, end), np.interp(at_point_m, file_m, wave_s))
    moved_up_s: FloatArray = last_wave_s + here_m / file_wave_ms + in_lane_s
    return moved_up_s


def _highest(values: FloatArray, first: IntArray, end: IntArray) -> FloatArray:
    """Return the highest value of each stretch, from `first` to before `end`; minus infinity where it is empty."""
    bounds = np.column_stack([first, end]).ravel()
    highest = np.maximum.reduceat(np.append(values, -np.inf), bounds)[::2]
    return np.where(end > first, highest, -np.inf)


def _reaching_s(log: Log, plan: Plan, point_m: float) -> float:
    """Return how long the queue reaches beyond a point, since the opening."""
    moments, metres = tail_steps(log)
    since = np.maximum(moments, plan.window_s[0])
    return float(np.diff(since)[metres[:-1] > point_m].sum())
