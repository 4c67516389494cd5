"""What several measures need of each vehicle of a log, noted once: the first pass over it."""

from typing import NamedTuple

import numpy as np

from funnelsim.analysis.chances import AMOUNTS, weigh
from funnelsim.analysis.records import Records, records_of
from funnelsim.analysis.tails import follow_tail
from funnelsim.analysis.yardstick import Windows, Yardstick, yardstick_of
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate

INSPECTED, VEHICLES = range(2)
_INSPECTED, _BROUGHT_BACK = int(Fate.INSPECTED), int(Fate.BROUGHT_BACK)


class Notes(NamedTuple):
    """Notes on a log, and room to work in; every array may be longer than a log needs.

    Attributes
    ----------
    met
        Whether the vehicle's unobstructed arrival lies in the operation, shape (vehicles,).
    window
        Since the opening of which window it arrives; the first one also before, shape (vehicles,).
    counts
        Whether its delay counts, shape (vehicles,).
    delayed
        Whether it does, and the vehicle is not inspected, shape (vehicles,).
    found
        Chance that it is a target and is found, shape (vehicles,).
    amounts, apart
        Sums of the chances of all vehicles, shape (amounts, target types); none is kept apart.
    chance_of_none
        That nothing is found at all, shape (1,).
    inspected
        Indices of the inspected vehicles, shape (vehicles,).
    numbers
        How many are inspected, and how many the operation met (`INSPECTED`, `VEHICLES`), shape (2,).
    tail_s, tail_m, tail_first
        The queue's length as steps, funnel by funnel, shape (2 vehicles + funnels,), and where each begins.
    marks, values, spare
        Room for a mark and for numbers a vehicle; `file_m`, `wave_s`, `stack` likewise.
    stood, stood_to_s
        Who stands beyond a point, and until when.
    order, units
        Room for a number a stage or a pursuit.
    """

    met: BoolArray
    window: IntArray
    counts: BoolArray
    delayed: BoolArray
    found: FloatArray
    amounts: FloatArray
    apart: FloatArray
    chance_of_none: FloatArray
    inspected: IntArray
    numbers: IntArray
    tail_s: FloatArray
    tail_m: FloatArray
    tail_first: IntArray
    marks: BoolArray
    values: FloatArray
    spare: FloatArray
    file_m: FloatArray
    wave_s: FloatArray
    stack: IntArray
    stood: IntArray
    stood_to_s: FloatArray
    order: IntArray
    units: IntArray


def notes_for(plan: Plan, vehicles: int, uses: int) -> Notes:
    """Return empty notes for logs of so many vehicles at most.

    Parameters
    ----------
    plan
        The plan.
    vehicles
        How many vehicles a log has at most.
    uses
        How many stages, or pursuits, it has at most.
    """
    funnels = len(plan.funnels)
    return Notes(
        met=np.empty(vehicles, dtype=np.bool_),
        window=np.empty(vehicles, dtype=np.int64),
        counts=np.empty(vehicles, dtype=np.bool_),
        delayed=np.empty(vehicles, dtype=np.bool_),
        found=np.empty(vehicles),
        amounts=np.empty((AMOUNTS, len(plan.targets))),
        apart=np.empty((0, AMOUNTS, len(plan.targets))),
        chance_of_none=np.empty(1),
        inspected=np.empty(vehicles, dtype=np.int64),
        numbers=np.zeros(2, dtype=np.int64),
        tail_s=np.empty(2 * vehicles + funnels),
        tail_m=np.empty(2 * vehicles + funnels),
        tail_first=np.zeros(funnels + 1, dtype=np.int64),
        marks=np.empty(vehicles, dtype=np.bool_),
        values=np.empty(vehicles),
        spare=np.empty(vehicles),
        file_m=np.empty(vehicles),
        wave_s=np.empty(vehicles),
        stack=np.empty(vehicles, dtype=np.int64),
        stood=np.empty(vehicles, dtype=np.int64),
        stood_to_s=np.empty(vehicles),
        order=np.empty(uses, dtype=np.int64),
        units=np.empty(uses, dtype=np.int64),
    )


def noted(log: Log, plan: Plan) -> tuple[Records, Yardstick, Notes]:
    """Return what the compiled functions need to measure a log: its records, the plan's yardstick and the notes."""
    records, yardstick = records_of(log, len(plan.funnels)), yardstick_of(plan)
    notes = notes_for(plan, len(log.traffic), max(len(log.stage), len(log.pursuit_vehicle)))
    take_notes(notes, records, yardstick)
    return records, yardstick, notes


@compiled
def take_notes(notes: Notes, records: Records, yardstick: Yardstick) -> None:
    """Note what measures, series and delay counts need; each of them reads the notes and works in their room."""
    _mark(notes, records, yardstick.windows)
    steps = 0
    notes.tail_first[0] = 0
    for funnel in range(len(records.first) - 1):
        first, end = records.first[funnel], records.first[funnel + 1]
        steps = follow_tail(
            notes.tail_s, notes.tail_m, steps, records.joined_s, records.tail_m, records.passed_s, first, end
        )
        notes.tail_first[funnel + 1] = steps
    notes.chance_of_none[0] = weigh(notes.amounts, notes.found, notes.apart, notes.met, records, yardstick)


@compiled
def _mark(notes: Notes, records: Records, windows: Windows) -> None:
    met, counts, delayed, of_window = notes.met, notes.counts, notes.delayed, notes.window
    arrivals_s, passages_s, baselines_s, fates = records.arrival_s, records.passed_s, records.baseline_s, records.fate
    opens_s, closes_s = windows.opens_s, windows.closes_s
    inspected, inspections, vehicles = notes.inspected, 0, 0
    window, last = 0, len(opens_s) - 1
    for i in range(len(arrivals_s)):
        arrival_s, passed_s = arrivals_s[i], passages_s[i]
        while window < last and arrival_s >= opens_s[window + 1]:
            window += 1
        while window > 0 and arrival_s < opens_s[window]:
            window -= 1
        inside = arrival_s >= opens_s[window] and arrival_s < closes_s[window]
        late = arrival_s >= closes_s[0] and passed_s > baselines_s[i]
        has_delay = passed_s < np.inf and (inside or late)
        is_inspected = fates[i] == _INSPECTED or fates[i] == _BROUGHT_BACK
        met[i] = inside
        vehicles += inside
        of_window[i] = window
        counts[i] = has_delay
        delayed[i] = has_delay and not is_inspected
        if is_inspected:
            inspected[inspections] = i
            inspections += 1
    notes.numbers[INSPECTED] = inspections
    notes.numbers[VEHICLES] = vehicles
