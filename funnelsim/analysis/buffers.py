"""What several measures need of each vehicle of a log, derived once, in memory that is used again for every log."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from funnelsim.analysis.chances import ChanceBuffers, chance_buffers, weigh
from funnelsim.analysis.inputs import CLOSES_S, OPENS_S, MeasureInputs, inputs_of
from funnelsim.analysis.log_arrays import LogArrays, log_arrays_of
from funnelsim.analysis.quantiles import BUCKETS
from funnelsim.analysis.tails import follow_tail
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines.compiled.buffers import ARRIVAL_S, BASELINE_S, FATE, JOINED_S, PASSED_S, TAIL_M
from funnelsim.model.compiled import inner, kernel
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate

IN_OPERATION, HAS_DELAY, DELAYED, FAST = range(4)
CHANCE_FOUND, DELAY_S, SPARE, FILE_M, WAVE_S, STOOD_TO_S = range(6)
WINDOW, INSPECTED_VEHICLES, STACK, STOOD = range(4)
ORDER, UNITS = range(2)
READY_S, OF_STAGE_S, SPARE_S = range(3)
INSPECTIONS, VEHICLE_COUNT = range(2)
SECTIONS = 11
YIELDS, DELAYS, QUEUE, EXPOSURE, SELECTION, ACCOUNT, WAITS, OCCUPANCY, BURDEN, STAFF, PARTS = range(SECTIONS)

_INSPECTED, _BROUGHT_BACK = int(Fate.INSPECTED), int(Fate.BROUGHT_BACK)


class MeasureBuffers(NamedTuple):
    """What is derived of a log, and room to work in; every array may be longer than a log needs.

    Attributes
    ----------
    bools
        By vehicle, shape (4, vehicles). `IN_OPERATION`: its unobstructed arrival lies in the operation. `HAS_DELAY`:
        its delay counts. `DELAYED`: it does, and the vehicle is not inspected. `FAST`: it meets the end of the queue
        fast.
    floats
        By vehicle, shape (6, vehicles). `CHANCE_FOUND`: chance that it is a target and is found. `STOOD_TO_S`: until
        when one of those who stand beyond a point does. Room to work in: `DELAY_S`, `SPARE`, `FILE_M`, `WAVE_S`.
    ints
        By vehicle, shape (4, vehicles). `WINDOW`: since the opening of which window it arrives; the first one also
        before. `INSPECTED_VEHICLES`: indices of the inspected vehicles. `STOOD`: of those who stand beyond a point.
        `STACK` is room to work in.
    counts
        How many are inspected, and how many come in the operation (`INSPECTIONS`, `VEHICLE_COUNT`), shape (2,).
    tail_s, tail_m, tail_first
        The queue's length as steps, funnel by funnel, shape (2 vehicles + funnels,), and where each begins.
    chances
        Sums of the chances of all vehicles, and room to weigh them.
    chance_of_none
        That nothing is found at all, shape (1,).
    over_h
        Overtime by agency.
    uses
        Room for two numbers a stage or a pursuit (`ORDER`, `UNITS`).
    account
        Room for the account of the windows' minutes, shape (5,).
    waits
        Room for three times a stage (`READY_S`, `OF_STAGE_S`, `SPARE_S`).
    by_class, tally, by_part, buckets
        Room for two numbers a class, for a number a fate or a target type, for two a window or funnel, and for
        counts by bucket.
    """

    bools: BoolArray
    floats: FloatArray
    ints: IntArray
    counts: IntArray
    tail_s: FloatArray
    tail_m: FloatArray
    tail_first: IntArray
    chances: ChanceBuffers
    chance_of_none: FloatArray
    over_h: FloatArray
    uses: IntArray
    account: FloatArray
    waits: FloatArray
    by_class: FloatArray
    tally: FloatArray
    by_part: IntArray
    buckets: IntArray
    wanted: BoolArray


def measure_buffers(
    plans: Sequence[Plan], vehicles: int, uses: int, apart: int = 0, wanted: BoolArray | None = None
) -> MeasureBuffers:
    """Return empty buffers for logs of plans that share a road.

    Parameters
    ----------
    plans
        The plans.
    vehicles, uses
        How many vehicles, and how many stages or pursuits, a log has at most.
    apart
        The chances of how many vehicles are kept apart.
    wanted
        Which sections of measures are wanted; by default all.
    """
    plan, funnels, types = plans[0], len(plans[0].funnels), len(plans[0].targets)
    return MeasureBuffers(
        bools=np.zeros((4, vehicles), dtype=np.bool_),
        floats=np.zeros((6, vehicles)),
        ints=np.zeros((4, vehicles), dtype=np.int64),
        counts=np.zeros(2, dtype=np.int64),
        tail_s=np.zeros(2 * vehicles + funnels),
        tail_m=np.zeros(2 * vehicles + funnels),
        tail_first=np.zeros(funnels + 1, dtype=np.int64),
        chances=chance_buffers(len(plan.classes), types, apart),
        chance_of_none=np.zeros(1),
        over_h=np.zeros(max(len(one.duty.agencies) for one in plans)),
        uses=np.zeros((2, uses), dtype=np.int64),
        account=np.zeros(5),
        waits=np.zeros((3, uses)),
        by_class=np.zeros((2, len(plan.classes))),
        tally=np.zeros(max(len(Fate), 1 + types)),
        by_part=np.zeros((2, max(funnels, *(len(one.windows_s) for one in plans))), dtype=np.int64),
        buckets=np.zeros((2, BUCKETS), dtype=np.int64),
        wanted=np.ones(SECTIONS, dtype=np.bool_) if wanted is None else wanted,
    )


def prepared(log: Log, plan: Plan, apart: int = 0) -> tuple[LogArrays, MeasureInputs, MeasureBuffers]:
    """Return what the compiled functions take to measure a log: the log, the plan's inputs and the buffers."""
    arrays, inputs = log_arrays_of(log, len(plan.funnels)), inputs_of(plan)
    buffers = measure_buffers([plan], len(log.traffic), max(len(log.stage), len(log.pursuit_vehicle)), apart)
    prepare(arrays, inputs, buffers)
    return arrays, inputs, buffers


@kernel
def prepare(log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> None:
    """Derive what measures, series and delay counts need; each of them reads the buffers and works in their room.

    What only sections need that are not wanted is left out; series need all of them.
    """
    _mark(log, inputs, buffers)
    if buffers.wanted[YIELDS] or buffers.wanted[PARTS]:
        buffers.chance_of_none[0] = weigh(
            buffers.floats[CHANCE_FOUND], buffers.bools[IN_OPERATION], log, inputs, buffers.chances
        )
    if buffers.wanted[QUEUE] or buffers.wanted[EXPOSURE] or buffers.wanted[PARTS]:
        _follow_tails(log, buffers)


@inner
def _follow_tails(log: LogArrays, buffers: MeasureBuffers) -> None:
    joins_s, tails_m, passages_s = log.floats[JOINED_S], log.floats[TAIL_M], log.floats[PASSED_S]
    steps = 0
    buffers.tail_first[0] = 0
    for funnel in range(len(log.first) - 1):
        first, end = log.first[funnel], log.first[funnel + 1]
        steps = follow_tail(buffers.tail_s, buffers.tail_m, steps, joins_s, tails_m, passages_s, first, end)
        buffers.tail_first[funnel + 1] = steps


@inner
def _mark(log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> None:
    in_operation, has_delays, delayed = buffers.bools[IN_OPERATION], buffers.bools[HAS_DELAY], buffers.bools[DELAYED]
    windows, inspected = buffers.ints[WINDOW], buffers.ints[INSPECTED_VEHICLES]
    arrivals_s, passages_s, baselines_s = log.floats[ARRIVAL_S], log.floats[PASSED_S], log.floats[BASELINE_S]
    fates = log.ints[FATE]
    opens_s, closes_s = inputs.windows_s[OPENS_S], inputs.windows_s[CLOSES_S]
    inspections, vehicles = 0, 0
    window, last = 0, len(opens_s) - 1
    for i in range(log.first[len(log.first) - 1]):
        arrival_s, passed_s = arrivals_s[i], passages_s[i]
        while window < last and arrival_s >= opens_s[window + 1]:
            window += 1
        while window > 0 and arrival_s < opens_s[window]:
            window -= 1
        inside = arrival_s >= opens_s[window] and arrival_s < closes_s[window]
        late = arrival_s >= closes_s[0] and passed_s > baselines_s[i]
        has_delay = passed_s < np.inf and (inside or late)
        is_inspected = fates[i] == _INSPECTED or fates[i] == _BROUGHT_BACK
        in_operation[i] = inside
        vehicles += inside
        windows[i] = window
        has_delays[i] = has_delay
        delayed[i] = has_delay and not is_inspected
        if is_inspected:
            inspected[inspections] = i
            inspections += 1
    buffers.counts[INSPECTIONS] = inspections
    buffers.counts[VEHICLE_COUNT] = vehicles
