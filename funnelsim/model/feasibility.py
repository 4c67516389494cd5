"""Whether a plan can do what it says: every stage that a vehicle may need can be carried out at some time."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from funnelsim.arrays import BoolArray, IntArray
from funnelsim.errors import PlanError, Problem
from funnelsim.model.expected import stage_chances
from funnelsim.model.inspection import Inspection, inspection_of
from funnelsim.scenario.equipment import there, times_of
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.roster import Duty, duty_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import Span
from funnelsim.wording import counted, joined

MOST_SPANS = 3  # that a message names


def check_feasible(scenario: Scenario) -> None:
    """Check that the roster and the equipment suffice for every stage at some time in the windows.

    Without bays nobody is inspected, and nothing is asked.

    Raises
    ------
    PlanError
        With every stage that is never possible.
    """
    duty = duty_of(scenario)
    check_stages(scenario, duty, inspection_of(scenario, duty))


def check_stages(scenario: Scenario, duty: Duty, inspection: Inspection) -> None:
    """Check as `check_feasible` does, where roster and stages are in arrays already."""
    problems = list(_impossible(scenario, duty, inspection)) if scenario.area.bays else []
    if problems:
        raise PlanError(problems)


def _impossible(scenario: Scenario, duty: Duty, inspection: Inspection) -> Iterator[Problem]:
    windows = scenario.operation.windows
    edges_s = [edge_s for one in windows for edge_s in (one.opens_s, one.closes_s)]
    times_s = np.unique([*duty.times_s.tolist(), *edges_s, *times_of(scenario.pieces, windows)])
    ends_s = np.append(times_s[1:], np.inf)
    inside = np.any([(times_s < one.closes_s) & (ends_s > one.opens_s) for one in windows], axis=0)
    officers = duty.free[np.searchsorted(duty.times_s, times_s, side="right") - 1]
    free = np.column_stack([officers, there(scenario.pieces, windows, times_s)])[inside].astype(np.int64)
    steps = list(zip(times_s[inside].tolist(), ends_s[inside].tolist(), strict=True))
    everything = replace(inspection, skips=np.zeros_like(inspection.skips))  # also of what is never there
    asked = np.any(stage_chances(everything) > 0, axis=(1, 2))
    for stage in np.flatnonzero(asked).tolist():
        need = inspection.need[stage]
        if np.any(np.all(free >= need, axis=1)):
            continue
        where = f"area.stages.{inspection.names[stage]}" if stage < inspection.after_detection else "area"
        yield Problem(where, _why(inspection, stage, free, _clipped(steps, scenario)))


def _why(inspection: Inspection, stage: int, free: IntArray, steps: list[Span]) -> str:
    """Return what a stage needs and what there is of it, when."""
    need = inspection.need[stage]
    pools = np.flatnonzero(need)
    needs = joined([f"{need[pool]} {inspection.pools[pool]}" for pool in pools])
    most = free[:, pools].max(axis=0)
    there = joined(
        [
            f"{most[k]} {inspection.pools[pool]}" + (_when(free[:, pool] == most[k], steps) if most[k] else "")
            for k, pool in enumerate(pools)
        ]
    )
    together = " at the same time" if len(pools) > 1 and np.all(most >= need[pools]) else ""
    whose = "" if stage < inspection.after_detection else f"{inspection.names[stage]} "
    return (
        f"{whose}needs {needs}{together}, and at most {there} can be free for it in the windows, so it can never be "
        "carried out; put more on the roster, need fewer, or leave it out"
    )


def _clipped(steps: list[Span], scenario: Scenario) -> list[Span]:
    opens_s, closes_s = scenario.operation.windows[0].opens_s, scenario.operation.windows[-1].closes_s
    return [(max(from_s, opens_s), min(to_s, closes_s)) for from_s, to_s in steps]


def _when(holds: BoolArray, steps: list[Span]) -> str:
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
