"""Where vehicles are upstream of the selection point, from a log: free driving, then Newell's shifted trajectories.

A vehicle follows the one in front at a distance of its jam spacing and as much later as the wave takes for it. So when
a vehicle *k* ahead passes the selection point, at D(k), its wave reaches a vehicle *x* metres behind it at D(k) + x /
wave speed: there and then that vehicle is.

References
----------
Newell (2002), A simplified car-following theory: a lower order model, Transportation Research Part B 36.
doi:10.1016/S0191-2615(00)00044-8
"""

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan


def trajectories(log: Log, plan: Plan, vehicles: IntArray, distances_m: FloatArray) -> FloatArray:
    """Return when vehicles are at distances upstream of the selection point, shape (vehicles, distances).

    Parameters
    ----------
    log, plan
        One replication.
    vehicles
        Indices of vehicles that pass one after the other; only those who turned off in between may be left out.
    distances_m
        In descending order, the last one 0.

    Returns
    -------
    array
        Seconds after midnight. A row never falls, a later vehicle is nowhere earlier than one before it, and the last
        column is when it passed.
    """
    # Whoever turned off takes no room in the queue.
    spacing_m = np.where(log.passed, plan.spacing_m[log.traffic.vehicle_class], 0.0)
    up_to_m = np.concatenate([[0.0], np.cumsum(spacing_m)])
    times = np.array([_times(log, plan, up_to_m, vehicle, distances_m) for vehicle in vehicles.tolist()])
    times = times.reshape(len(vehicles), len(distances_m))
    # Merging takes its time at the taper, beside the waves: nobody is held up, but nobody overtakes either.
    times = np.maximum.accumulate(np.maximum.accumulate(times, axis=1), axis=0)
    times[:, -1] = log.passed_s[vehicles]
    held: FloatArray = np.minimum(times, times[:, -1:])
    return held


def _times(log: Log, plan: Plan, up_to_m: FloatArray, vehicle: int, distances_m: FloatArray) -> FloatArray:
    """Return when one vehicle is at each distance, as if nobody else had merged."""
    funnel = plan.funnel
    free_s, passed_s = float(log.traffic.free_s[vehicle]), float(log.passed_s[vehicle])
    joined_m = max(0.0, (free_s - float(log.joined_s[vehicle])) * funnel.road_speed_ms)
    freely = free_s - distances_m / funnel.road_speed_ms
    at_m, at_s = _waves(log, plan, up_to_m, vehicle, joined_m)
    if joined_m > funnel.lane_length_m and len(at_m):
        # numpy interpolates over ascending distances.
        queued = np.interp(distances_m, at_m[::-1], at_s[::-1])
        return np.where(distances_m >= joined_m, freely, np.maximum(freely, queued))
    in_lane_s = np.minimum(distances_m / funnel.lane_speed_ms, max(0.0, passed_s - free_s))
    return np.where(distances_m > funnel.lane_length_m, freely, np.maximum(freely, passed_s - in_lane_s))


def _waves(log: Log, plan: Plan, up_to_m: FloatArray, vehicle: int, joined_m: float) -> tuple[FloatArray, FloatArray]:
    """Return where and when the waves of those in front reach a vehicle in the queue, and when it passes."""
    funnel = plan.funnel
    reach_m = (
        joined_m
        if joined_m <= funnel.lane_length_m
        else (funnel.lane_length_m + (joined_m - funnel.lane_length_m) * funnel.lanes)
    )
    first = int(np.searchsorted(up_to_m, up_to_m[vehicle] - reach_m - 1e-6))
    ahead = first + np.flatnonzero(log.passed[first : vehicle + 1])
    metres = up_to_m[vehicle] - up_to_m[ahead]
    beyond = np.maximum(metres - funnel.lane_length_m, 0.0)
    distance_m = np.minimum(metres, funnel.lane_length_m) + beyond / funnel.lanes
    reached_s = log.passed_s[ahead] + distance_m / funnel.wave_speed_ms
    return distance_m, np.minimum(np.maximum.accumulate(reached_s), log.passed_s[vehicle])
