"""The compiled engine: the same log as the model of record, to the last bit, hundreds of times faster."""

from typing import Any

import numpy as np

from funnelsim.arrays import Ints
from funnelsim.engines.compiled.buffers import (
    BOOL_COLUMNS,
    FLOAT_COLUMNS,
    INT_COLUMNS,
    RECORD_FLOAT_COLUMNS,
    RECORD_INT_COLUMNS,
    Buffers,
    buffers_for,
    with_stages,
)
from funnelsim.engines.compiled.checkpoint import run
from funnelsim.engines.compiled.plan_arrays import PlanArrays, plan_arrays_of
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic

STAGES = 64  # room for so many stages even if no vehicle comes


def simulate(traffic: Traffic, plan: Plan) -> Log:
    """Run one replication of a plan and return its log.

    Parameters
    ----------
    traffic
        The vehicles, drawn for `plan.road`.
    plan
        The scenario in arrays.
    """
    arrays = plan_arrays_of(plan)
    first = np.searchsorted(traffic.funnel, np.arange(len(plan.funnels) + 1))
    buffers = buffers_for([arrays], len(traffic), len(traffic) + STAGES)
    enter(buffers, traffic)
    buffers = run_in(buffers, first, arrays, traffic.seed, traffic.replication)
    return log_of(buffers, traffic)


def run_in(
    buffers: Buffers, first: Ints, arrays: PlanArrays, seed: int, replication: int, *, derived: bool = False
) -> Buffers:
    """Run one replication in buffers; return them, or longer ones if there was not enough room for stages.

    Parameters
    ----------
    buffers
        With the vehicles in their table.
    first
        Where each funnel's vehicles begin, and the number of all, shape (funnels + 1,).
    arrays
        Of the plan.
    seed, replication
        Of the random draws.
    derived
        Whether a plan with the same ways (`funnelsim.engines.compiled.plan_arrays.ways_of`) was the last to meet these
        vehicles: what follows from them is in the table then.
    """
    run(buffers, first, arrays, seed, replication, derived)
    stages = int(buffers.area["stages"][0])
    if stages > buffers.records.ints.shape[1]:
        buffers = with_stages(buffers, 2 * stages)
        run(buffers, first, arrays, seed, replication, derived)
    return buffers


def enter(buffers: Buffers, traffic: Traffic) -> None:
    """Write the vehicles into the table."""
    for table, names in ((buffers.table.floats, FLOAT_COLUMNS), (buffers.table.ints, INT_COLUMNS)):
        for row, name in enumerate(names):
            if hasattr(traffic, name):
                table[row] = getattr(traffic, name)


def log_of(buffers: Buffers, traffic: Traffic) -> Log:
    """Return the log that is in the buffers; it shares their memory."""
    columns = columns_of(buffers, len(traffic))
    return Log(traffic=traffic, **{name: columns[name] for name in columns if name in Log.__dataclass_fields__})


def columns_of(buffers: Buffers, vehicles: int) -> dict[str, Any]:
    """Return by name all columns of the table and the records; they share their memory."""
    columns: dict[str, Any] = {}
    for table, names in zip(buffers.table, (FLOAT_COLUMNS, INT_COLUMNS, BOOL_COLUMNS), strict=True):
        columns |= {name: table[row, :vehicles] for row, name in enumerate(names)}
    return columns | events_of(buffers)


def events_of(buffers: Buffers) -> dict[str, Any]:
    """Return by name the columns of the records, which are those of events; they share their memory."""
    columns: dict[str, Any] = {}
    area = buffers.area[0]
    written = {"stage": area["stages"], "pursuit": area["pursuits"], "valve": buffers.lanes["valve_changes"].sum()}
    for table, names in zip(buffers.records, (RECORD_FLOAT_COLUMNS, RECORD_INT_COLUMNS), strict=True):
        columns |= {name: table[row, : written[name.split("_")[0]]] for row, name in enumerate(names)}
    return columns
