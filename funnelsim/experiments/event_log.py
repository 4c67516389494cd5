"""The event log of one replication: a row an event, for packages that animate or mine the passage of vehicles.

The columns and words are those of the animation package vidigi. An event is one of four types:

=====================  ===========================  ====================================================
`event_type`           `event`                      when
=====================  ===========================  ====================================================
`arrival_departure`    `arrival`                    the vehicle meets the queue, or the lane if there is none; one that
                                                    turns off: it does so, at the exit or, without one, at the taper
`queue`                `queue and lane`             the same moment, unless it turns off
`queue`                `way to the area`            it is diverted at the selection point, or pursued
`queue`                `waiting for a bay`          it has come to the area
`resource_use`         `inspection`                 it is in a bay; `resource_id` says in which, from 1
`resource_use_end`     `inspection ends`            it leaves the bay
`queue`                `processing spot`            the same moment, if it is moved to one
`arrival_departure`    `depart`                     it has turned off, passed the selection point, or left bay or spot
=====================  ===========================  ====================================================

Times are seconds since the opening, so that the snapshots of an animation, a whole number of units apart, can be as
close as a passage is short. Events before the opening have negative times; an animation begins at 0 with the vehicles
present then.
"""

import heapq
from typing import Any

import numpy as np
import polars as pl

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.arrays import FloatArray, IndexArray, IntArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

EVENT_TYPES = ("arrival_departure", "queue", "resource_use", "resource_use_end")
COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "run_number")
MILLISECONDS = 3


def event_log(log: Log, plan: Plan) -> pl.DataFrame:
    """Return the events of one replication, sorted by time.

    Parameters
    ----------
    log
        The log of the replication.
    plan
        The plan that was simulated.

    Returns
    -------
    polars.DataFrame
        `entity_id` is the vehicle's number, as in the table of vehicles; `time` is in seconds since the opening;
        `resource_id` is the bay, null where none is used; `run_number` is the replication.
    """
    each = by_funnel(log, plan)
    turns_off_s = np.concatenate([one.traffic.free_s - of_one.funnel.turn_off_before_s for one, of_one in each])
    everybody, comes, inspected = (np.flatnonzero(who) for who in (log.fate >= 0, log.passed, log.inspected))
    moved = np.flatnonzero(log.inspected & (log.left_s > log.bay_to_s))
    singled_out_s = np.where(log.passed, log.passed_s, turns_off_s)
    bay = bays_of(log.bay_from_s[inspected], log.bay_to_s[inspected])

    def events(
        vehicles: IndexArray, event_type: str, event: str, time_s: FloatArray, resource: IntArray | None = None
    ) -> pl.DataFrame:
        return _events(log, plan, vehicles, event_type, event, time_s[vehicles], resource)

    tables = [
        events(everybody, "arrival_departure", "arrival", np.where(log.passed, log.joined_s, turns_off_s)),
        events(comes, "queue", "queue and lane", log.joined_s),
        events(inspected, "queue", "way to the area", singled_out_s),
        events(inspected, "queue", "waiting for a bay", log.area_s),
        events(inspected, "resource_use", "inspection", log.bay_from_s, bay),
        events(inspected, "resource_use_end", "inspection ends", log.bay_to_s, bay),
        events(moved, "queue", "processing spot", log.bay_to_s),
        events(everybody, "arrival_departure", "depart", np.where(log.inspected, log.left_s, singled_out_s)),
    ]
    # The sort is stable: what a vehicle does at one moment stays in the order above.
    return pl.concat(tables).sort("time", "entity_id", maintain_order=True).select(COLUMNS)


def _events(
    log: Log,
    plan: Plan,
    vehicles: IndexArray,
    event_type: str,
    event: str,
    time_s: FloatArray,
    resource: IntArray | None = None,
) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "entity_id": log.traffic.number[vehicles],
        "event_type": [event_type] * len(vehicles),
        "event": [event] * len(vehicles),
        "time": np.round(time_s - plan.window_s[0], MILLISECONDS) + 0.0,  # no minus zero
        "resource_id": [None] * len(vehicles) if resource is None else resource,
        "run_number": np.full(len(vehicles), log.traffic.replication, dtype=np.int64),
    }
    schema = {"event_type": pl.String, "event": pl.String, "resource_id": pl.Int64}
    return pl.DataFrame(columns, schema_overrides=schema)


def bays_of(from_s: FloatArray, to_s: FloatArray) -> IntArray:
    """Return the bay of each vehicle: each takes the lowest number that is free on arrival.

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
