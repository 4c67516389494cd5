"""Yield and losses of one replication: what was found, what would be found on average, and where the rest goes."""

from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.buffers import IN_OPERATION, MeasureBuffers, prepared
from funnelsim.analysis.chances import AMOUNTS, FOUND, LOSSES, OFFERED
from funnelsim.analysis.inputs import MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import total
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines.compiled.buffers import FOUND_AT, TARGET
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import NOT_FOUND, Fate


@dataclass(frozen=True)
class Chances:
    """Chances of each vehicle of the operation by target type, each of shape (vehicles, target types).

    Those of a vehicle that came to the selection point stand for the vehicles that turned off in its like, too.

    Attributes
    ----------
    offered
        That it is a target of the type, whatever becomes of it.
    found
        That it is one and is found.
    losses
        That it is one and is lost in the way named; with `found` they sum to `offered`.
    """

    offered: FloatArray
    found: FloatArray
    losses: dict[str, FloatArray]


def in_operation(log: Log, plan: Plan) -> BoolArray:
    """Tell which vehicles count towards yield: their unobstructed arrival lies in a window of the operation."""
    _, _, buffers = prepared(log, plan)
    these: BoolArray = buffers.bools[IN_OPERATION]
    return these


def chances(log: Log, plan: Plan) -> Chances:
    """Weigh every vehicle of the operation by what it met, funnel by funnel."""
    _, _, buffers = prepared(log, plan, apart=len(log.traffic))
    each = buffers.chances.apart[buffers.bools[IN_OPERATION]]
    losses = {name: each[:, OFFERED + 2 + loss] for loss, name in enumerate(LOSSES)}
    return Chances(offered=each[:, OFFERED], found=each[:, FOUND], losses=losses)


def yields(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of yield and loss of one replication.

    Returns
    -------
    dict
        `detections` are counted; everything else is expected, given what the vehicles met. The losses and
        `share_found` are shares of `targets_offered` and sum to 1; not a number where no target is offered.
    """
    names = yield_names(plan)
    row = np.empty(len(names))
    yields_into(row, 0, *prepared(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def yield_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of yield and loss."""
    whole = ("detections", "expected_detections", "chance_of_any", "persons_found", "targets_offered", "share_found")
    by_type = [f"{name}.{target}" for target in plan.targets for name in ("detections", "expected_detections")]
    return (*whole, *LOSSES, *by_type)


@inner
def yields_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of yield and loss from column `at` on; return the column behind them."""
    amounts, persons = buffers.chances.amounts, inputs.persons
    types = len(persons)
    counted = buffers.tally
    counted[:] = 0.0
    detections = 0.0
    in_operation, found_at, target = buffers.bools[IN_OPERATION], log.ints[FOUND_AT], log.ints[TARGET]
    for i in range(log.first[len(log.first) - 1]):
        if found_at[i] != NOT_FOUND and in_operation[i]:
            detections += 1.0
            counted[target[i]] += 1.0
    offered, expected, persons_found = total(amounts[OFFERED]), total(amounts[FOUND]), 0.0
    for k in range(types):
        persons_found += amounts[FOUND, k] * persons[k]
    share = 1.0 / offered if offered > 0.0 else np.nan
    row[at] = detections
    row[at + 1] = expected
    row[at + 2] = 1.0 - buffers.chance_of_none[0]
    row[at + 3] = persons_found
    row[at + 4] = offered
    row[at + 5] = expected * share
    at += 6
    for loss in range(FOUND + 1, AMOUNTS):
        row[at] = total(amounts[loss]) * share
        at += 1
    for k in range(types):
        row[at] = counted[k + 1]
        row[at + 1] = amounts[FOUND, k]
        at += 2
    return at


def fates(log: Log) -> dict[Fate, int]:
    """Count the vehicles by fate."""
    count = np.zeros(len(Fate))
    count_fates(count, log.fate)
    return {fate: int(count[fate]) for fate in Fate}


@inner
def count_fates(count: FloatArray, fate: IntArray) -> None:
    """Add the vehicles of each fate to a count."""
    latest, run = 0, 0.0
    for i in range(len(fate)):  # neighbours mostly share their fate
        if fate[i] != latest:
            count[latest] += run
            latest, run = fate[i], 0.0
        run += 1.0
    count[latest] += run
