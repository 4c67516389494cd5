"""How long inspected vehicles wait in the area of one replication: for a bay, and in the bay for a crew."""

import numpy as np

from funnelsim.analysis.buffers import INSPECTED_VEHICLES, INSPECTIONS, OF_STAGE_S, READY_S, SPARE_S, MeasureBuffers
from funnelsim.analysis.inputs import MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import quantiles_into, total
from funnelsim.arrays import FloatArray
from funnelsim.engines.compiled.buffers import AREA_S, BAY_FROM_S, BAY_TO_S
from funnelsim.model.compiled import inner
from funnelsim.model.plan import Plan

_P95 = np.array([0.95])


def wait_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of waiting."""
    each = [f"{name}.{stage}" for stage in plan.inspection.names for name in ("crew_wait_mean_s", "crew_wait_p95_s")]
    return ("area_wait_mean_s", "crew_wait_mean_s", "crew_wait_p95_s", *each)


@inner
def waits_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of waiting from column `at` on; return the column behind them.

    A vehicle waits for the crew of a stage from when it comes into the bay (or the processing spot), or from the end of
    its stage before, until the stage begins.
    """
    row[at] = _mean_wait_for_bay_s(log.floats[AREA_S], log.floats[BAY_FROM_S], buffers)
    _ready_into(buffers.waits[READY_S], log, inputs)
    ready_s, of_stage_s = buffers.waits[READY_S], buffers.waits[OF_STAGE_S]
    at += 1
    for stage in range(-1, len(inputs.need)):  # -1: all of them
        count = 0
        for use in range(len(log.stage)):
            if stage < 0 or stage == log.stage[use]:
                of_stage_s[count] = log.stage_from_s[use] - ready_s[use]
                count += 1
        row[at] = np.nan
        if count > 0:
            row[at] = total(of_stage_s[:count]) / count
        quantiles_into(row[at + 1 : at + 2], of_stage_s[:count], buffers.waits[SPARE_S], buffers.buckets, _P95)
        at += 2
    return at


@inner
def _mean_wait_for_bay_s(area_s: FloatArray, bay_from_s: FloatArray, buffers: MeasureBuffers) -> float:
    inspected, inspections = buffers.ints[INSPECTED_VEHICLES], buffers.counts[INSPECTIONS]
    if inspections == 0:
        return np.nan
    wait_s = 0.0
    for position in range(inspections):
        wait_s += bay_from_s[inspected[position]] - area_s[inspected[position]]
    return float(wait_s / inspections)


@inner
def _ready_into(ready_s: FloatArray, log: LogArrays, inputs: MeasureInputs) -> None:
    """Write for each stage carried out from when its vehicle waited for the crew.

    The stages stand in the order of their ends, so those of a vehicle in the order in which it went through them.
    """
    bay_from_s, bay_to_s, after = log.floats[BAY_FROM_S], log.floats[BAY_TO_S], inputs.staff[0]["after_detection"]
    for use in range(len(log.stage)):
        vehicle = log.stage_vehicle[use]
        ready_s[use] = bay_from_s[vehicle]
        for before in range(use - 1, -1, -1):
            if log.stage_vehicle[before] == vehicle:
                ready_s[use] = log.stage_to_s[before]
                break
            if log.stage_to_s[before] < bay_from_s[vehicle]:
                break
        if log.stage[use] == after and bay_to_s[vehicle] <= log.stage_from_s[use]:  # it moved to a spot
            ready_s[use] = max(ready_s[use], bay_to_s[vehicle])
