"""The forecast: what arithmetic says about a plan before anything is simulated.

Rough on purpose, as a planner would reckon on paper: means instead of scatter, crews that never wait for each other.
A simulation replaces it; the forecast tells what to expect of one and where a plan cannot work.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from funnelsim.analysis.found import chance_to_find
from funnelsim.analysis.steps import step_seconds
from funnelsim.model.inspection import Inspection
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]

HOUR_S = 3600.0


def hours_of(window_s: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the hours of the clock that a time span touches, the first and the last cut to it.

    Examples
    --------
    >>> hours_of((5400.0, 10800.0))
    [(5400.0, 7200.0), (7200.0, 10800.0)]
    """
    from_s, to_s = window_s
    first, last = int(from_s // HOUR_S), int(-(-to_s // HOUR_S))
    return [(max(from_s, k * HOUR_S), min(to_s, (k + 1) * HOUR_S)) for k in range(first, last)]


def vehicles_between(plan: Plan, from_s: float, to_s: float) -> FloatArray:
    """Return the vehicles expected in a time span, shape (classes,)."""
    demand = plan.road.demand
    overlap = np.clip(np.minimum(demand.ends_s, to_s) - np.maximum(demand.starts_s, from_s), 0.0, None)
    vehicles: FloatArray = (overlap / (demand.ends_s - demand.starts_s)) @ demand.vehicles
    return vehicles


def kinds_between(plan: Plan, from_s: float, to_s: float) -> FloatArray:
    """Return the ordinary vehicles and targets expected in a time span, shape (classes, target types + 1)."""
    prevalence = plan.road.prevalence
    shares = np.column_stack([1.0 - prevalence.sum(axis=1), prevalence])
    kinds: FloatArray = vehicles_between(plan, from_s, to_s)[:, None] * shares
    return kinds


def selecting_spans(plan: Plan, from_s: float, to_s: float) -> list[tuple[float, float]]:
    """Return when, in a time span, every post is staffed and the last minutes have not come."""
    times_s = [*plan.duty.times_s[1:].tolist(), np.inf]
    begins = plan.duty.times_s.tolist()
    until_s = min(to_s, plan.funnel.last_selection_s)
    spans = [
        (max(from_s, begin), min(until_s, end))
        for begin, end, staffed in zip(begins, times_s, plan.duty.staffed, strict=True)
        if staffed
    ]
    return [span for span in spans if span[0] < span[1]]


def selection_chances(plan: Plan) -> FloatArray:
    """Return P(selected) of a vehicle that is looked at, shape (classes, target types + 1).

    For `free_bay` it is the share that the area can take: whoever comes while a bay is free.
    """
    kinds = len(plan.cue)
    if plan.rule == "every_nth":
        nth = np.divide(1.0, plan.every, out=np.zeros(len(plan.every)), where=plan.every > 0)
        return np.repeat(nth[:, None], kinds, axis=1)
    if plan.rule == "free_bay":
        everybody = np.repeat((plan.every > 0).astype(np.float64)[:, None], kinds, axis=1)
        offered = float(selected_between(plan, *plan.window_s, everybody).sum())
        takes = [need.inspections for need in needs_of(plan, everybody)]
        return everybody * min(1.0, min(takes, default=0.0) / offered if offered > 0 else 0.0)
    below = np.vectorize(NormalDist().cdf)(plan.cutoff[:, None] - plan.cue[None, :])
    chances: FloatArray = 1.0 - below
    return chances


def selected_between(plan: Plan, from_s: float, to_s: float, chances: FloatArray) -> FloatArray:
    """Return the vehicles expected to be selected in a time span, shape (classes, target types + 1)."""
    spans = selecting_spans(plan, from_s, to_s)
    return sum((kinds_between(plan, *span) for span in spans), np.zeros_like(chances)) * chances


def stage_chances(inspection: Inspection) -> FloatArray:
    """Return P(a stage is carried out | inspected), shape (stages, classes, target types + 1).

    The same walk as `chance_to_find`: whoever has come this far, apart without and with an alarm.
    """
    shape = (len(inspection.names), inspection.applies.shape[1], inspection.finds.shape[1])
    carried_out = np.zeros(shape)
    quiet, alarmed = np.ones(shape[1:]), np.zeros(shape[1:])
    for stage in range(inspection.after_detection):
        applies = (inspection.applies[stage] & inspection.possible[stage])[:, None]
        carried_out[stage] = (alarmed + (0.0 if inspection.after_alarm[stage] else quiet)) * applies
        finds, alarms = inspection.finds[stage] * applies, inspection.alarms[stage] * applies
        quiet_finds, quiet_alarms = (0.0, 0.0) if inspection.after_alarm[stage] else (finds, alarms)
        alarmed = alarmed * (1.0 - finds) + quiet * (1.0 - quiet_finds) * quiet_alarms
        quiet = quiet * (1.0 - quiet_finds) * (1.0 - quiet_alarms)
    after = inspection.after_detection
    carried_out[after] = chance_to_find(inspection) * inspection.possible[after]
    return carried_out


@dataclass(frozen=True)
class Need:
    """What an inspection takes of one thing, and how many inspections there is enough of it for.

    Attributes
    ----------
    name
        "bays", an agency or a piece of equipment.
    least, most
        How many there are, while vehicles are selected.
    mean_s
        Unit-seconds of it that a mean inspection takes.
    per_h, inspections
        Inspections it suffices for, an hour and in all, if nothing else is waited for.
    """

    name: str
    least: int
    most: int
    mean_s: float
    per_h: float
    inspections: float


def needs_of(plan: Plan, chances: FloatArray) -> list[Need]:
    """Return what inspections need while vehicles are selected, the scarcest first; empty where nobody is selected.

    Parameters
    ----------
    plan
        The plan.
    chances
        P(selected), as from `selection_chances`: they make the mix of those inspected.
    """
    spans = selecting_spans(plan, *plan.window_s)
    selected = selected_between(plan, *plan.window_s, chances)
    if selected.sum() <= 0.0:
        return []
    mix = selected / selected.sum()
    # Seconds of each stage in a mean inspection, and from these what it takes of bays and pools.
    stage_s = (stage_chances(plan.inspection) * mix * plan.inspection.mean_s[:, :, None]).sum(axis=(1, 2))
    takes_s = np.concatenate([[stage_s.sum()], stage_s @ plan.inspection.need])
    steps = np.column_stack([np.full(len(plan.capacity), plan.bays, dtype=np.int64), plan.capacity])
    inside = np.zeros(len(steps), dtype=np.bool_)
    for from_s, to_s in spans:
        inside |= (plan.capacity_times_s < to_s) & (np.append(plan.capacity_times_s[1:], np.inf) > from_s)
    unit_s = np.array([step_seconds(plan.capacity_times_s, steps, span) for span in spans]).sum(axis=0)
    length_h = sum(to_s - from_s for from_s, to_s in spans) / HOUR_S
    needs = [
        Need(
            name,
            int(steps[inside, place].min()),
            int(steps[inside, place].max()),
            float(takes_s[place]),
            float(unit_s[place] / takes_s[place] / length_h),
            float(unit_s[place] / takes_s[place]),
        )
        for place, name in enumerate(("bays", *plan.inspection.pools))
        if takes_s[place] > 0
    ]
    return sorted(needs, key=lambda need: need.per_h)


def found_at_most(plan: Plan, chances: FloatArray) -> FloatArray:
    """Return the targets found if the valve never shut and the area were never full, shape (classes, target types)."""
    selected = selected_between(plan, *plan.window_s, chances)
    found: FloatArray = (selected * chance_to_find(plan.inspection))[:, 1:]
    return found
