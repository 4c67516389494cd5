"""The log of one replication as compiled functions see it: arrays only, the vehicles funnel by funnel."""

from dataclasses import fields
from typing import NamedTuple

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.log import Log


class Records(NamedTuple):
    """What measuring needs of the traffic, then the arrays of `funnelsim.model.log.Log` under their names.

    Attributes
    ----------
    first
        Index of the first vehicle of each funnel, and the number of vehicles, shape (funnels + 1,).
    """

    funnel: IntArray
    free_s: FloatArray
    vehicle_class: IntArray
    target: IntArray
    occupants: IntArray
    first: IntArray
    arrival_s: FloatArray
    baseline_s: FloatArray
    queue_seen: BoolArray
    chase_ready: BoolArray
    passed_s: FloatArray
    joined_s: FloatArray
    tail_m: FloatArray
    gate: IntArray
    threshold: FloatArray
    quality: FloatArray
    accepted: BoolArray
    fate: IntArray
    found_at: IntArray
    area_s: FloatArray
    bay_from_s: FloatArray
    bay_to_s: FloatArray
    left_s: FloatArray
    stage_vehicle: IntArray
    stage: IntArray
    stage_from_s: FloatArray
    stage_to_s: FloatArray
    pursuit_vehicle: IntArray
    pursuit_from_s: FloatArray
    pursuit_to_s: FloatArray
    valve_s: FloatArray
    valve: IntArray
    valve_funnel: IntArray


def records_of(log: Log, funnels: int = 1) -> Records:
    """Return a log as records.

    Parameters
    ----------
    log
        Of all funnels, or of one alone.
    funnels
        Of how many: the log of one alone still knows the number that the funnel has among all.
    """
    traffic = log.traffic
    alone = funnels == 1
    first = np.array([0, len(traffic)]) if alone else np.searchsorted(traffic.funnel, np.arange(funnels + 1))
    arrays = {name: getattr(log, name) for name in _NAMES}
    if alone:
        arrays["valve_funnel"] = np.zeros_like(log.valve_funnel)
    return Records(
        traffic.funnel,
        traffic.free_s,
        traffic.vehicle_class,
        traffic.target,
        traffic.occupants,
        first.astype(np.int64),
        **arrays,
    )


_NAMES = [entry.name for entry in fields(Log)[1:]]
