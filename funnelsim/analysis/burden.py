"""What ordinary travellers bear in one replication: stops, and hours lost in delay and inspection."""

from funnelsim.analysis.buffers import DELAYED, IN_OPERATION, INSPECTED_VEHICLES, INSPECTIONS, MeasureBuffers
from funnelsim.analysis.inputs import MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import total
from funnelsim.arrays import FloatArray
from funnelsim.engines.compiled.buffers import BASELINE_S, LEFT_S, OCCUPANTS, PASSED_S, TARGET, VEHICLE_CLASS
from funnelsim.model.compiled import inner
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S


def burden_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of what ordinary travellers bear."""
    whole = ("persons_inspected", "persons_stopped", "ordinary_stops", "ordinary_h", "ordinary_person_h")
    by_class = [f"{name}.{of}" for of in plan.classes for name in ("ordinary_vehicles", "ordinary_stops")]
    return (*whole, *by_class)


@inner
def burden_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of what ordinary travellers bear from column `at` on; return the column behind them.

    The time lost of one who is inspected runs until leaving the area; so does that of one who was brought back.
    """
    passages_s, baselines_s, left_s = log.floats[PASSED_S], log.floats[BASELINE_S], log.floats[LEFT_S]
    target, occupants, vehicle_class = log.ints[TARGET], log.ints[OCCUPANTS], log.ints[VEHICLE_CLASS]
    in_operation, delayed, inspected = (
        buffers.bools[IN_OPERATION],
        buffers.bools[DELAYED],
        buffers.ints[INSPECTED_VEHICLES],
    )
    vehicles, stops = buffers.by_class[0], buffers.by_class[1]
    buffers.by_class[:] = 0.0
    lost_s, person_s, persons, stopped = 0.0, 0.0, 0, 0
    for i in range(log.first[len(log.first) - 1]):
        if target[i] == 0:
            vehicles[vehicle_class[i]] += in_operation[i]
            if delayed[i]:
                seconds = passages_s[i] - baselines_s[i]
                lost_s += seconds
                person_s += seconds * occupants[i]
    for position in range(buffers.counts[INSPECTIONS]):
        i = inspected[position]
        persons += occupants[i]
        if target[i] == 0:
            seconds = left_s[i] - baselines_s[i]
            lost_s += seconds
            person_s += seconds * occupants[i]
            stopped += occupants[i]
            stops[vehicle_class[i]] += 1.0
    row[at] = persons
    row[at + 1] = stopped
    row[at + 2] = total(stops)
    row[at + 3] = lost_s / HOUR_S
    row[at + 4] = person_s / HOUR_S
    at += 5
    for k in range(len(inputs.delay_cost_per_h)):
        row[at] = vehicles[k]
        row[at + 1] = stops[k]
        at += 2
    return at
