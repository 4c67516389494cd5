"""The event log of one replication: a row an event, for packages that animate or mine the passage of vehicles.

The columns and words are those that the animation package vidigi reads. An event is one of four types:

=====================  ===========================  ====================================================
`event_type`           `event`                      when
=====================  ===========================  ====================================================
`arrival_departure`    `arrival`                    the vehicle meets the queue, or the lane if there is none
`queue`                `queue and lane`             the same moment
`queue`                `way to the area`            it is diverted at the selection point
`queue`                `waiting for a bay`          it has come to the area
`resource_use`         `inspection`                 it is in a bay; `resource_id` says in which, from 1
`resource_use_end`     `inspection ends`            it leaves the bay
`arrival_departure`    `depart`                     it has passed the selection point, or has left its bay
=====================  ===========================  ====================================================

Times are seconds since the opening, so that the snapshots of an animation, a whole number of units apart, can be as
close as a passage is short. Whoever comes before the opening has a negative time; an animation begins at 0 with those
who are there then.
"""

import heapq
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from funnelsim.model.log import Fate, Log
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EVENT_TYPES = ("arrival_departure", "queue", "resource_use", "resource_use_end")
COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "run_number")
MILLISECONDS = 3


def event_log(log: Log, plan: Plan) -> pl.DataFrame:
    """Return the events of one replication, each vehicle's in their order, vehicles mixed as time goes on.

    Parameters
    ----------
    log
        What happened.
    plan
        The plan that was simulated.

    Returns
    -------
    polars.DataFrame
        `entity_id` is the vehicle's number, as in the table of vehicles; `time` is in seconds since the opening;
        `resource_id` is the bay, null where none is used; `run_number` is the replication.
    """
    everybody = np.arange(len(log.fate))
    inspected = np.flatnonzero(log.fate == Fate.INSPECTED)
    area_s = log.passed_s[inspected] + plan.divert_s
    left_s = np.where(log.fate == Fate.INSPECTED, log.left_s, log.passed_s)
    bay = bays_of(log.bay_from_s[inspected], log.left_s[inspected])
    events = [
        _events(log, plan, everybody, "arrival_departure", "arrival", log.joined_s),
        _events(log, plan, everybody, "queue", "queue and lane", log.joined_s),
        _events(log, plan, inspected, "queue", "way to the area", log.passed_s[inspected]),
        _events(log, plan, inspected, "queue", "waiting for a bay", area_s),
        _events(log, plan, inspected, "resource_use", "inspection", log.bay_from_s[inspected], bay),
        _events(log, plan, inspected, "resource_use_end", "inspection ends", log.left_s[inspected], bay),
        _events(log, plan, everybody, "arrival_departure", "depart", left_s),
    ]
    # The sort is stable: what a vehicle does at one moment stays in the order above.
    return pl.concat(events).sort("time", "entity_id", maintain_order=True).select(COLUMNS)


def _events(
    log: Log,
    plan: Plan,
    vehicles: NDArray[np.intp],
    event_type: str,
    event: str,
    time_s: FloatArray,
    resource: IntArray | None = None,
) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "entity_id": log.traffic.number[vehicles],
        "event_type": [event_type] * len(vehicles),
        "event": [event] * len(vehicles),
        "time": np.round(time_s - plan.funnel.opens_s, MILLISECONDS) + 0.0,  # no minus zero
        "resource_id": [None] * len(vehicles) if resource is None else resource,
        "run_number": np.full(len(vehicles), log.traffic.replication, dtype=np.int64),
    }
    schema = {"event_type": pl.String, "event": pl.String, "resource_id": pl.Int64}
    return pl.DataFrame(columns, schema_overrides=schema)


def bays_of(from_s: FloatArray, to_s: FloatArray) -> IntArray:
    """Return which bay each vehicle stands in: whoever comes takes the lowest number that is free.

    Parameters
    ----------
    from_s, to_s
        When each vehicle comes into a bay and leaves it.

    Examples
    --------
    >>> bays_of(np.array([0.0, 1.0, 5.0, 6.0]), np.array([5.0, 9.0, 8.0, 7.0])).tolist()
    [1, 2, 1, 3]
    """
    bays = np.zeros(len(from_s), dtype=np.int64)
    free: list[int] = []
    taken: list[tuple[float, int]] = []
    for vehicle in np.argsort(from_s, kind="stable").tolist():
        while taken and taken[0][0] <= from_s[vehicle]:
            heapq.heappush(free, heapq.heappop(taken)[1])
        # Where no number is free, those taken are 1 to their count.
        bay = heapq.heappop(free) if free else len(taken) + 1
        bays[vehicle] = bay
        heapq.heappush(taken, (float(to_s[vehicle]), bay))
    return bays
