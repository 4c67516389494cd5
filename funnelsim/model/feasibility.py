"""Whether a plan can do what it says: every stage that a vehicle may need can be carried out in every window."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.errors import PlanError, Problem
from funnelsim.model.expected import stage_chances
from funnelsim.model.inspection import Inspection, inspection_of
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.equipment import there, times_of
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.rate_steps import rate_steps_of
from funnelsim.scenario.roster import Duty, duty_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import Operation, Window
from funnelsim.scenario.traffic import Target
from funnelsim.units import Span
from funnelsim.wording import counted, days_text, joined

MOST_SPANS = 3  # that a message names
Steps = BoolArray


def check_feasible(scenario: Scenario, demand: Demand) -> None:
    """Check that roster and equipment suffice, at some time in each window, for every stage that is asked for in it.

    A stage is asked for where classes that need it come and may be selected. Without bays nobody is inspected, and
    nothing is asked; nor in a window in which none come, or the posts are never staffed, or equipment that may be
    skipped is not there, unless that is so in all windows.

    Raises
    ------
    PlanError
        With every stage that is not possible in a window.
    """
    duty = duty_of(scenario)
    check_stages(scenario, demand, duty, inspection_of(scenario, duty))


def check_stages(scenario: Scenario, demand: Demand, duty: Duty, inspection: Inspection) -> None:
    """Check as `check_feasible` does, where roster and stages are in arrays already."""
    problems = list(_impossible(scenario, demand, duty, inspection)) if scenario.area.bays else []
    if problems:
        raise PlanError(problems)


def may_come(scenario: Scenario, demand: Demand) -> BoolArray:
    """Return which vehicles may be inspected in which window: shape (windows, classes, target types + 1).

    Those of classes that some road brings in the window, and that are selected there or may be on a watch list.
    """
    classes, windows = demand.classes, scenario.operation.windows
    comes = np.zeros((len(windows), len(classes)), dtype=np.bool_)
    for side, its_demand in zip(scenario.per_funnel, (demand, *demand.other_funnels), strict=True):
        steps = rate_steps_of(side.selection, windows, classes)
        for (from_s, to_s), rate in zip(steps.spans, steps.rate, strict=True):
            within = [(max(one.opens_s, from_s), min(one.closes_s, to_s)) for one in windows]
            expected = [its_demand.expected(*span) for span in within]  # none in a span that ends before it begins
            comes |= ((rate > 0.0) | (side.selection.watchlist is not None)) & (np.array(expected) > 0.0)
    types = [[True, *(_carries(target, name) for target in scenario.targets)] for name in classes]
    may: BoolArray = comes[:, :, None] & np.array(types)
    return may


def _carries(target: Target, vehicle_class: str) -> bool:
    return target.per_10k.get(vehicle_class, 0.0) > 0.0


def _impossible(scenario: Scenario, demand: Demand, duty: Duty, inspection: Inspection) -> Iterator[Problem]:
    operation, agencies = scenario.operation, len(duty.agencies)
    windows = operation.windows
    edges_s = [edge_s for one in windows for edge_s in (one.opens_s, one.closes_s)]
    times_s = np.unique([*duty.times_s.tolist(), *edges_s, *times_of(scenario.pieces, windows)])
    inside = [(times_s >= one.opens_s) & (times_s < one.closes_s) for one in windows]
    step = np.searchsorted(duty.times_s, times_s, side="right") - 1
    free = np.column_stack([duty.free[step], there(scenario.pieces, windows, times_s)]).astype(np.int64)
    staffed = np.any([duty.staffed, *duty.staffed_elsewhere], axis=0)[step]
    skipping = np.array([False] * agencies + [entry.when_absent == "skip" for entry in scenario.pieces], dtype=np.bool_)
    everything = replace(inspection, skips=np.zeros_like(inspection.skips))
    asked = np.any((stage_chances(everything) > 0)[:, None] & may_come(scenario, demand), axis=(2, 3))
    for stage in np.flatnonzero(asked.any(axis=1)).tolist():
        enough = free >= inspection.need[stage]
        asks = staffed & np.all(enough[:, skipping], axis=1)
        possible = np.all(enough, axis=1)
        coming = np.flatnonzero(asked[stage]).tolist()
        asking = [k for k in coming if np.any(asks & inside[k])] or coming
        failing = [k for k in asking if not np.any(possible & inside[k])]
        if failing:
            where = f"area.stages.{inspection.names[stage]}" if stage < inspection.after_detection else "area"
            here = [(windows[k], free[inside[k]], _parts(times_s, inside[k])) for k in failing]
            yield Problem(where, _why(inspection, stage, here, operation))


def _parts(times_s: FloatArray, inside: Steps) -> list[Span]:
    """Return the parts of a window from step to step; its edges are steps."""
    ends_s = np.append(times_s[1:], np.inf)
    return list(zip(times_s[inside].tolist(), ends_s[inside].tolist(), strict=True))


def _why(
    inspection: Inspection, stage: int, here: Sequence[tuple[Window, IntArray, list[Span]]], operation: Operation
) -> str:
    """Return what a stage needs, what there is of it in which windows, and what to do."""
    need = inspection.need[stage]
    pools = np.flatnonzero(need)
    needs = joined([f"{need[pool]} {inspection.pools[pool]}" for pool in pools])
    enough = any(np.all(free.max(axis=0) >= need) for _, free, _ in here)
    windows: dict[str, list[Window]] = {}
    for window, free, steps in here:
        windows.setdefault(_there(inspection, pools, free, steps), []).append(window)
    there_is = "".join(f", and {text} can be free for it {_when(some, operation)}" for text, some in windows.items())
    whose = "" if stage < inspection.after_detection else f"{inspection.names[stage]} "
    so = "it can never be carried out" if len(here) == len(operation.windows) else "it cannot be carried out then"
    return (
        f"{whose}needs {needs}{' at the same time' if enough else ''}{there_is}, so {so}; put more on the roster, "
        "need fewer, or leave it out"
    )


def _there(inspection: Inspection, pools: IntArray, free: IntArray, steps: list[Span]) -> str:
    """Return how many there are in a window of some pools, and when: "at most 4 police and no customs"."""
    most = free.max(axis=0)
    some = [
        f"{'' if k else 'at most '}{most[pool]} {inspection.pools[pool]}{_hours(free[:, pool] == most[pool], steps)}"
        for k, pool in enumerate(pool for pool in pools if most[pool])
    ]
    return joined([*some, *(f"no {inspection.pools[pool]}" for pool in pools if not most[pool])])


def _when(windows: Sequence[Window], operation: Operation) -> str:
    """Return some windows with their days: "on days 1 and 3 from 08:00 to 10:00"."""
    if len(windows) == len(operation.windows):
        return "in the windows" if len(windows) > 1 else "in the window"
    days: dict[str, list[int]] = {}
    for window in windows:
        days.setdefault(f"from {clock_of(window.opens_s)} to {clock_of(window.closes_s)}", []).append(window.day)
    several = operation.days > 1
    return joined([f"on {days_text(on)} {hours}" if several else hours for hours, on in days.items()])


def _hours(holds: BoolArray, steps: list[Span]) -> str:
    """Return from when to when something holds, in brackets; nothing where it always does."""
    if holds.all():
        return ""
    spans: list[Span] = []
    for (from_s, to_s), here in zip(steps, holds.tolist(), strict=True):
        if here and spans and spans[-1][1] == from_s:
            spans[-1] = (spans[-1][0], to_s)
        elif here:
            spans.append((from_s, to_s))
    named = [f"{clock_of(from_s)} to {clock_of(to_s)}" for from_s, to_s in spans[:MOST_SPANS]]
    more = counted(len(spans) - MOST_SPANS, "more time") if len(spans) > MOST_SPANS else ""
    return f" ({', '.join(named)}{' and ' + more if more else ''})"
