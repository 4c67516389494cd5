"""All measures of one replication under their fixed names: a pure function of its log.

`measure_into` writes those that are no ratios of others into a row, in compiled code; `with_ratios` forms the ratios,
for one replication or for a column of many.
"""

from collections.abc import Collection, Mapping

import numpy as np

from funnelsim.analysis.account import ACCOUNT_NAMES, account_into
from funnelsim.analysis.buffers import (
    ACCOUNT,
    BURDEN,
    DELAYS,
    EXPOSURE,
    OCCUPANCY,
    PARTS,
    QUEUE,
    SELECTION,
    STAFF,
    WAITS,
    YIELDS,
    MeasureBuffers,
    prepared,
)
from funnelsim.analysis.burden import burden_into, burden_names
from funnelsim.analysis.by_part import part_names, parts_into
from funnelsim.analysis.catalogue import ratios_of
from funnelsim.analysis.delays import delay_names, delays_into
from funnelsim.analysis.exposure import EXPOSURE_NAMES, exposure_into
from funnelsim.analysis.inputs import MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.occupancy import occupancy_into, occupancy_names
from funnelsim.analysis.quantiles import total
from funnelsim.analysis.queue import QUEUE_NAMES, queue_into
from funnelsim.analysis.selection import SELECTION_NAMES, selection_into
from funnelsim.analysis.waits import wait_names, waits_into
from funnelsim.analysis.yields import yield_names, yields_into
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.compiled import kernel
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan

_STAFF_NAMES = ("officer_h", "staff_cost")


def measure(log: Log, plan: Plan) -> dict[str, float]:
    """Return every measure of one replication.

    Not a number stands where a measure has no meaning in this replication, such as a wait when nobody waited.

    Returns
    -------
    dict
        Measures by name (docs/measures.md), and the sums from which the ratios are formed across replications; where
        there are several windows or funnels, also the core measures of each (`funnelsim.analysis.by_part`).
    """
    names = measure_names(plan)
    row = np.empty((1, len(names)))
    measure_into(row[0], *prepared(log, plan))
    columns = with_ratios(dict(zip(names, row.T, strict=True)), plan.classes)
    return {name: float(column[0]) for name, column in columns.items()}


def measure_names(plan: Plan, wanted: BoolArray | None = None) -> tuple[str, ...]:
    """Return the names of the measures that are no ratios of others, in the order in which they are written.

    Parameters
    ----------
    plan
        The plan.
    wanted
        Of which sections; by default of all.
    """
    sections = _names_by_section(plan)
    return tuple(name for number, names in enumerate(sections) if wanted is None or wanted[number] for name in names)


def sections_with(plan: Plan, measures: Collection[str]) -> BoolArray:
    """Return which sections of measures are needed for some measures that are no ratios, shape (sections,).

    The hours and the cost of officers include overtime, which follows from who is where.
    """
    wanted = np.array([not set(measures).isdisjoint(names) for names in _names_by_section(plan)])
    wanted[OCCUPANCY] |= wanted[STAFF]
    return wanted


def _names_by_section(plan: Plan) -> tuple[tuple[str, ...], ...]:
    return (
        yield_names(plan),
        delay_names(plan),
        QUEUE_NAMES,
        EXPOSURE_NAMES,
        SELECTION_NAMES,
        ACCOUNT_NAMES,
        wait_names(plan),
        occupancy_names(plan),
        burden_names(plan),
        _STAFF_NAMES,
        part_names(plan),
    )


@kernel
def measure_into(  # noqa: C901  (a case a section)
    row: FloatArray, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers
) -> None:
    """Write the measures that are no ratios of others.

    Parameters
    ----------
    row
        The measures of the sections wanted in the order of `measure_names`, written.
    log, inputs
        The log and what else it takes.
    buffers
        Prepared for the log before (`funnelsim.analysis.buffers.prepare`).
    """
    at, wanted = 0, buffers.wanted
    if wanted[YIELDS]:
        at = yields_into(row, at, log, inputs, buffers)
    if wanted[DELAYS]:
        at = delays_into(row, at, log, inputs, buffers)
    if wanted[QUEUE]:
        at = queue_into(row, at, log, inputs, buffers)
    if wanted[EXPOSURE]:
        at = exposure_into(row, at, log, inputs, buffers)
    if wanted[SELECTION]:
        at = selection_into(row, at, log, buffers)
    if wanted[ACCOUNT]:
        at = account_into(row, at, log, inputs, buffers)
    if wanted[WAITS]:
        at = waits_into(row, at, log, inputs, buffers)
    if wanted[OCCUPANCY]:
        at = occupancy_into(row, at, log, inputs, buffers)
    if wanted[BURDEN]:
        at = burden_into(row, at, log, inputs, buffers)
    if wanted[STAFF]:
        over_h, over_cost = buffers.over_h, 0.0
        for agency in range(len(inputs.cost_per_h)):
            over_cost += over_h[agency] * inputs.cost_per_h[agency]
        row[at] = inputs.staff[0]["officer_h"] + total(over_h)
        row[at + 1] = inputs.staff[0]["cost"] + over_cost
        at += 2
    if wanted[PARTS]:
        parts_into(row, at, log, inputs, buffers)


def with_ratios(columns: Mapping[str, FloatArray], classes: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return measures with the ratios among them, each in its place.

    Parameters
    ----------
    columns
        Measures by name, each of shape (replications,), in the order of `measure_names`; all of them.
    classes
        Of the scenario.
    """
    made: dict[str, FloatArray] = {}
    for name, column in columns.items():
        made[name] = column
        if name == _STAFF_NAMES[-1]:
            for of_two, ratio in ratios_of(classes).items():
                below = columns[ratio.below]
                nothing = np.full(len(below), np.nan)
                made[of_two] = np.divide(ratio.times * columns[ratio.above], below, out=nothing, where=below > 0.0)
    return made
