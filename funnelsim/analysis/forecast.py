"""The forecast: what arithmetic says about a plan before anything is simulated.

It is rough on purpose, as a planner would calculate on paper: means without variation, crews that never wait for each
other. A simulation replaces it; the forecast says what to expect of one, and where a plan cannot work.
"""

from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.steps import step_seconds
from funnelsim.arrays import FloatArray
from funnelsim.model.expected import (
    chance_to_find,
    chances_of_score,
    last_spans,
    mean_of_halving,
    rate_spans,
    selecting_spans,
    shares_by_status,
    spans_of_steps,
    stage_chances,
    stage_means_s,
    usual_cue,
)
from funnelsim.model.plan import Plan
from funnelsim.selection_rules import Amount
from funnelsim.units import HOUR_S, Span

__all__ = [
    "Need",
    "area_spans",
    "by_status_between",
    "by_status_in_windows",
    "chances_between",
    "coming_shares",
    "found_at_most",
    "hours_of",
    "inspected_of",
    "needs_of",
    "selected_between",
    "selected_by_all",
    "selecting_spans",
    "selection_chances",
    "stage_chances",
    "vehicles_between",
    "vehicles_in_windows",
    "windows_h",
]


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
    return plan.road.demand.expected(from_s, to_s)


def by_status_between(plan: Plan, from_s: float, to_s: float) -> FloatArray:
    """Return the ordinary vehicles and targets expected in a time span, shape (classes, target types + 1)."""
    by_status: FloatArray = vehicles_between(plan, from_s, to_s)[:, None] * shares_by_status(plan.road)
    return by_status


def vehicles_in_windows(plan: Plan) -> FloatArray:
    """Return the vehicles expected while the funnel stands, shape (classes,)."""
    return sum((vehicles_between(plan, *window) for window in plan.windows_s), np.zeros(len(plan.classes)))


def by_status_in_windows(plan: Plan) -> FloatArray:
    """Return the ordinary vehicles and targets expected while the funnel stands, shape (classes, target types + 1)."""
    by_status: FloatArray = vehicles_in_windows(plan)[:, None] * shares_by_status(plan.road)
    return by_status


def windows_h(plan: Plan) -> float:
    """Return how long the funnel stands, in hours, all windows together."""
    return sum(to_s - from_s for from_s, to_s in plan.windows_s) / HOUR_S


def selection_chances(plan: Plan) -> FloatArray:
    """Return P(selected) of a vehicle that is looked at by the step of the rates: (steps, classes, target types + 1).

    A hit of the watch list is selected under every rule. Where the area decides, the others are as many as it can take
    beside the hits. A rate that adapts counts as it is where its factor is 1.
    """
    selection = plan.selection
    if selection.rule.amount is Amount.EVERY:
        nth = np.where(selection.selectable, 1.0 / selection.every, 0.0)
        chances = np.repeat(nth[..., None], len(selection.cue), axis=2)
    elif selection.rule.amount is Amount.AREA:
        everybody = np.repeat(selection.selectable.astype(np.float64)[..., None], len(selection.cue), axis=2)
        hits = np.broadcast_to(selection.listed, everybody.shape)
        taken = float(selected_between(plan, *plan.window_s, hits).sum())
        offered = float(selected_between(plan, *plan.window_s, _with_hits(plan, everybody)).sum()) - taken
        takes = min((need.inspections for need in needs_of(plan, everybody)), default=0.0)
        chances = everybody * (min(1.0, max(0.0, takes - taken) / offered) if offered > 0 else 0.0)
    else:
        chances = chances_of_score(selection.cutoff, usual_cue(plan))
    return _with_hits(plan, chances)


def chances_between(plan: Plan, from_s: float, to_s: float, chances: FloatArray) -> FloatArray:
    """Return P(selected) in a time span, shape (classes, target types + 1): the mean over those who are looked at.

    Of a class of which none are, it is the mean over the time.

    Parameters
    ----------
    plan, from_s, to_s
        The plan and the time span.
    chances
        By step of the rates, as from `selection_chances`.
    """
    if len(chances) == 1:
        steady: FloatArray = chances[0]
        return steady
    looking = selecting_spans(plan, from_s, to_s) or [(from_s, to_s)]
    parts = [rate_spans(plan.selection, step, looking) for step in range(len(chances))]
    none = np.zeros(len(plan.classes))
    come = np.array([sum((vehicles_between(plan, *span) for span in spans), none) for spans in parts])
    lasts_s = np.array([sum(end_s - begin_s for begin_s, end_s in spans) for spans in parts])
    weights = np.where(come.sum(axis=0) > 0.0, come, lasts_s[:, None])
    mean: FloatArray = np.einsum("sc,sck->ck", weights / weights.sum(axis=0), chances)
    return mean


def _with_hits(plan: Plan, chances: FloatArray) -> FloatArray:
    listed = plan.selection.listed
    return listed + (1.0 - listed) * chances


def selected_between(plan: Plan, from_s: float, to_s: float, chances: FloatArray) -> FloatArray:
    """Return the vehicles expected to be selected in a time span, shape (classes, target types + 1).

    In the last minutes these are the hits of the watch list alone.

    Parameters
    ----------
    plan, from_s, to_s
        The plan and the time span.
    chances
        By step of the rates, as from `selection_chances`.
    """
    none = np.zeros(chances.shape[1:])
    selected = none
    for step, chance in enumerate(chances):
        spans = rate_spans(plan.selection, step, selecting_spans(plan, from_s, to_s))
        selected = selected + sum((by_status_between(plan, *span) for span in spans), none) * chance
    if plan.selection.listed.any():
        last = sum((by_status_between(plan, *span) for span in last_spans(plan, from_s, to_s)), none)
        selected += last * plan.selection.listed
    return selected


def selected_by_all(plan: Plan, from_s: float, to_s: float, chances: FloatArray) -> FloatArray:
    """Return the vehicles expected to be selected on the roads of all funnels, shape (classes, target types + 1).

    The chances are those of the first funnel; those of the others follow from their own plans.
    """
    selected = selected_between(plan, from_s, to_s, chances)
    for other in plan.other_funnels:
        selected = selected + selected_between(other, from_s, to_s, selection_chances(other))
    return selected


def area_spans(plan: Plan) -> list[Span]:
    """Return when any of the funnels selects for the area."""
    staffed = np.any([funnel.duty.staffed for funnel in plan.funnels], axis=0)
    selecting = zip(plan.funnel.opens_s.tolist(), plan.funnel.last_selection_s.tolist(), strict=True)
    return spans_of_steps(plan.duty.times_s, staffed, selecting)


@dataclass(frozen=True)
class Need:
    """What an inspection takes of one resource, and for how many inspections that resource suffices.

    Attributes
    ----------
    name
        "bays", "spots", an agency or a piece of equipment.
    least, most
        How many there are, while vehicles are selected.
    mean_s
        Unit-seconds of it that an average inspection takes.
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
    """Return what inspections need while vehicles are selected, the bottleneck first; empty if no vehicle is selected.

    Parameters
    ----------
    plan
        The plan.
    chances
        P(selected), as from `selection_chances`: they make the mix of those inspected.
    """
    spans = area_spans(plan)
    selected = selected_by_all(plan, *plan.window_s, chances)
    if selected.sum() <= 0.0 or not spans:
        return []
    takes_s = _takes_s(plan, selected / selected.sum())
    places = np.tile([plan.bays, plan.spots], (len(plan.capacity), 1))
    steps = np.column_stack([places, plan.capacity])
    inside = np.zeros(len(steps), dtype=np.bool_)
    for from_s, to_s in spans:
        inside |= (plan.capacity_times_s < to_s) & (np.append(plan.capacity_times_s[1:], np.inf) > from_s)
    unit_s = np.array([step_seconds(plan.capacity_times_s, steps, span) for span in spans]).sum(axis=0)
    length_h = sum(to_s - from_s for from_s, to_s in spans) / HOUR_S
    needs = [
        Need(
            name,
            int(steps[inside, column].min()),
            int(steps[inside, column].max()),
            float(takes_s[column]),
            float(unit_s[column] / takes_s[column] / length_h),
            float(unit_s[column] / takes_s[column]),
        )
        for column, name in enumerate(("bays", "spots", *plan.inspection.pools))
        if takes_s[column] > 0
    ]
    return sorted(needs, key=lambda need: need.per_h)


def inspected_of(plan: Plan, scarcest: Need) -> float:
    """Return about how many vehicles are inspected if many more are selected.

    Those for which the bottleneck suffices while vehicles are selected, and those that the places still hold then,
    which are inspected to the end; less what the bottleneck idles until the first have come to it. In a long operation
    the last two cancel; where the bottleneck is never free, the places hold all that are inspected.
    """
    places = float((plan.bays + plan.waiting) * len(plan.windows_s))
    idles = scarcest.inspections * places / max(scarcest.inspections + places, 1.0)
    return scarcest.inspections + places - idles


def _takes_s(plan: Plan, mix: FloatArray) -> FloatArray:
    """Return the unit-seconds that an average inspection takes of bays, spots and each pool.

    The changeover of a bay counts, and the pause of officers after a stage. A vehicle leaves its bay as its processing
    begins in a spot, and its place as the van leaves.
    """
    inspection, after = plan.inspection, plan.inspection.after_detection
    often = stage_chances(inspection) * mix
    stage_s = (often * stage_means_s(plan)[:, :, None]).sum(axis=(1, 2))
    pauses_s = often.sum(axis=(1, 2)) * plan.pause_s @ inspection.need
    pauses_s[len(plan.duty.agencies) :] = 0.0
    in_spot_s = float(stage_s[after]) if plan.frees_bay else 0.0
    in_bay_s = float(stage_s[: after + 1].sum()) - in_spot_s + plan.changeover_s
    takes_s: FloatArray = np.concatenate([[in_bay_s, in_spot_s], stage_s @ inspection.need + pauses_s])
    return takes_s


def found_at_most(plan: Plan, chances: FloatArray) -> FloatArray:
    """Return the targets found if the valve never shut and the area were never full, shape (classes, target types).

    Targets that stay away because word has spread, or turn away when they see the funnel, are not found.
    """
    selected = selected_between(plan, *plan.window_s, chances)
    found: FloatArray = (selected * chance_to_find(plan.inspection) * coming_shares(plan))[:, 1:]
    return found


def coming_shares(plan: Plan) -> FloatArray:
    """Return the share by status that comes into sight of the queue, mean over the windows, shape (target types + 1,).

    Word spreads anew from each opening on, as in `funnelsim.model.evasion`.
    """
    evasion = plan.evasion
    lengths_s = (plan.funnel.closes_s - plan.funnel.opens_s)[:, None]
    not_yet = lengths_s.T @ mean_of_halving(lengths_s, evasion.half_life_s) / lengths_s.sum()
    shares: FloatArray = (1.0 - evasion.alerted * (1.0 - not_yet[0])) * (1.0 - evasion.visible)
    return shares
