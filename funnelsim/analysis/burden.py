"""What ordinary travellers bear in one replication: stops, and hours lost in delay and inspection."""

import numpy as np

from funnelsim.analysis.notes import INSPECTED, Notes
from funnelsim.analysis.records import Records
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S


def burden_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures of what ordinary travellers bear."""
    whole = ("persons_inspected", "persons_stopped", "ordinary_stops", "ordinary_h", "ordinary_person_h")
    by_class = [f"{name}.{of}" for of in plan.classes for name in ("ordinary_vehicles", "ordinary_stops")]
    return (*whole, *by_class)


@compiled
def burden_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the measures of what ordinary travellers bear from a place on; return the place behind them.

    The time lost of one who is inspected runs until leaving the area; so does that of one who was brought back.
    """
    passages_s, baselines_s, target, occupants = records.passed_s, records.baseline_s, records.target, records.occupants
    vehicle_class, met, delayed = records.vehicle_class, notes.met, notes.delayed
    classes = len(yardstick.delay_cost_per_h)
    vehicles, stops = np.zeros(classes), np.zeros(classes)
    lost_s, person_s, persons, stopped = 0.0, 0.0, 0, 0
    for i in range(len(target)):
        if target[i] == 0:
            vehicles[vehicle_class[i]] += met[i]
            if delayed[i]:
                seconds = passages_s[i] - baselines_s[i]
                lost_s += seconds
                person_s += seconds * occupants[i]
    for i in notes.inspected[: notes.numbers[INSPECTED]]:
        persons += occupants[i]
        if target[i] == 0:
            seconds = records.left_s[i] - baselines_s[i]
            lost_s += seconds
            person_s += seconds * occupants[i]
            stopped += occupants[i]
            stops[vehicle_class[i]] += 1.0
    row[at] = persons
    row[at + 1] = stopped
    row[at + 2] = stops.sum()
    row[at + 3] = lost_s / HOUR_S
    row[at + 4] = person_s / HOUR_S
    at += 5
    for k in range(classes):
        row[at] = vehicles[k]
        row[at + 1] = stops[k]
        at += 2
    return at
