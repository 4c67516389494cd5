"""What a plan is expected to do, by arithmetic: means instead of scatter, and crews that never wait for each other."""

from collections.abc import Iterable
from statistics import NormalDist

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.inspection import Inspection
from funnelsim.model.plan import Plan
from funnelsim.model.road import Road
from funnelsim.model.selection_plan import SelectionPlan
from funnelsim.units import MINUTE_S, Span

ndtr = np.vectorize(NormalDist().cdf, otypes=[np.float64])  # SciPy's function takes longer to load than `check` runs


def shares_by_status(road: Road) -> FloatArray:
    """Return the shares of ordinary vehicles and of each target type in a class, shape (classes, target types + 1)."""
    return np.column_stack([1.0 - road.prevalence.sum(axis=1), road.prevalence])


def selecting_spans(plan: Plan, from_s: float, to_s: float) -> list[Span]:
    """Return when, within a time span, vehicles are selected: the funnel stands, with every post staffed."""
    selecting = zip(plan.funnel.opens_s.tolist(), plan.funnel.last_selection_s.tolist(), strict=True)
    return spans_of_steps(plan.duty.times_s, plan.duty.staffed, _inside(selecting, from_s, to_s))


def last_spans(plan: Plan, from_s: float, to_s: float) -> list[Span]:
    """Return when, within a time span, only hits of the watch list are selected: in the last minutes of a window."""
    last = zip(plan.funnel.last_selection_s.tolist(), plan.funnel.closes_s.tolist(), strict=True)
    return spans_of_steps(plan.duty.times_s, plan.duty.staffed, _inside(last, from_s, to_s))


def _inside(spans: Iterable[Span], from_s: float, to_s: float) -> list[Span]:
    return [(max(from_s, begin_s), min(to_s, end_s)) for begin_s, end_s in spans if begin_s < to_s and end_s > from_s]


def spans_of_steps(times_s: FloatArray, holds: BoolArray, within: Iterable[Span]) -> list[Span]:
    """Return the parts of some time spans in which a step function of the roster holds, in order of time."""
    ends_s = [*times_s[1:].tolist(), np.inf]
    steps = [step for step in zip(times_s.tolist(), ends_s, holds.tolist(), strict=True) if step[2]]
    spans = [(max(from_s, begin_s), min(to_s, end_s)) for from_s, to_s in within for begin_s, end_s, _ in steps]
    joined: list[Span] = []
    for begin_s, end_s in spans:
        if begin_s >= end_s:
            continue
        if joined and joined[-1][1] == begin_s:
            begin_s = joined.pop()[0]  # noqa: PLW2901  (a step of the roster that changes nothing here)
        joined.append((begin_s, end_s))
    return joined


def rate_spans(selection: SelectionPlan, step: int, within: Iterable[Span]) -> list[Span]:
    """Return the parts of some time spans in which the rates are those of a step, in order of time."""
    return spans_of_steps(selection.rate_times_s, np.arange(len(selection.rate_times_s)) == step, within)


def ever_selectable(plan: Plan) -> BoolArray:
    """Return which classes have a rate above 0 at some time at which the funnel stands, shape (classes,)."""
    stands = [bool(rate_spans(plan.selection, step, plan.windows_s)) for step in range(len(plan.selection.rate))]
    selectable: BoolArray = np.any(plan.selection.selectable[stands], axis=0)
    return selectable


def usual_cue(plan: Plan) -> FloatArray:
    """Return the mean of the score by status as a usual look tells it, shape (target types + 1,).

    That is the cue times the mean quality of a look (`funnelsim.model.decisions.look_quality`), over its scatter and
    over the time that an officer stands at the post.
    """
    selection, road = plan.selection, plan.road
    told = 1.0
    if np.isfinite(selection.look_reference_s):  # the mean of the root of a lognormal time
        told = np.sqrt(road.look_mean_s / selection.look_reference_s) * (1.0 + road.look_cv**2) ** -0.125
    if np.isfinite(selection.tires_half_life_s):
        stands_s = np.minimum(plan.funnel.closes_s - plan.funnel.opens_s, selection.rotate_s)
        told *= float(mean_of_halving(stands_s, selection.tires_half_life_s).mean())
    cue: FloatArray = selection.cue * told
    return cue


def mean_of_halving(length_s: FloatArray, half_life_s: FloatArray | float) -> FloatArray:
    """Return the mean of what begins with 1 and halves after each half-life, over a time from its beginning.

    Examples
    --------
    >>> round(float(mean_of_halving(np.array(1.0), 1.0)), 6)  # (1 - 1/2) / ln 2
    0.721348
    """
    lives = np.asarray(length_s / half_life_s) * np.log(2.0)
    mean: FloatArray = np.divide(-np.expm1(-lives), lives, out=np.ones_like(lives), where=lives > 0)
    return mean


def chances_of_score(cutoff: FloatArray, cue: FloatArray) -> FloatArray:
    """Return P(score above the cutoff), of the shape of the cutoffs with an axis more: (..., target types + 1)."""
    chances: FloatArray = 1.0 - ndtr(cutoff[..., None] - cue)
    return chances


def chance_to_find(inspection: Inspection) -> FloatArray:
    """Return P(found | inspected) by class and target type, shape (classes, target types + 1); 0 for ordinary ones.

    Where stages are skipped while equipment is not there, it is the mean over the time in which vehicles are selected.
    """
    found: FloatArray = np.einsum("s,sck->ck", inspection.skip_shares, chances_to_find(inspection))
    return found


def chances_to_find(inspection: Inspection) -> FloatArray:
    """Return P(found | inspected) in each step of `Inspection.skips`, shape (steps, classes, target types + 1)."""
    return np.stack([_chance_to_find(inspection, inspection.applies & ~skips[:, None]) for skips in inspection.skips])


def _chance_to_find(inspection: Inspection, goes_through: BoolArray) -> FloatArray:
    """Return P(found | inspected) for classes that go through some stages, shape (classes, target types + 1).

    The stages are walked once, keeping apart the chance to have come this far without and with an alarm.
    """
    classes = inspection.applies.shape[1]
    quiet = np.ones((classes, inspection.finds.shape[1]))
    alarmed = np.zeros_like(quiet)
    found = np.zeros_like(quiet)
    for stage in range(inspection.after_detection):
        applies = goes_through[stage][:, None]
        finds = np.where(applies, inspection.finds[stage], 0.0)
        alarms = np.where(applies, inspection.alarms[stage], 0.0)
        quiet_finds, quiet_alarms = (0.0, 0.0) if inspection.after_alarm[stage] else (finds, alarms)
        found = found + alarmed * finds + quiet * quiet_finds
        alarmed = alarmed * (1.0 - finds) + quiet * (1.0 - quiet_finds) * quiet_alarms
        quiet = quiet * (1.0 - quiet_finds) * (1.0 - quiet_alarms)
    return found


def stage_chances(inspection: Inspection) -> FloatArray:
    """Return P(a stage is carried out | inspected), shape (stages, classes, target types + 1).

    Where stages are skipped while equipment is not there, it is the mean over the time in which vehicles are selected.
    """
    each = [chances_of_stages(inspection, inspection.applies & ~skips[:, None]) for skips in inspection.skips]
    carried_out: FloatArray = np.einsum("s,sxck->xck", inspection.skip_shares, np.stack(each))
    return carried_out


def chances_of_stages(inspection: Inspection, goes_through: BoolArray) -> FloatArray:
    """Return P(a stage is carried out | inspected) for classes that go through some stages, shape as `stage_chances`.

    The same walk as for the chance to be found: whoever has come this far, apart without and with an alarm.
    """
    shape = (len(inspection.names), inspection.applies.shape[1], inspection.finds.shape[1])
    carried_out = np.zeros(shape)
    quiet, alarmed = np.ones(shape[1:]), np.zeros(shape[1:])
    for stage in range(inspection.after_detection):
        applies = goes_through[stage][:, None]
        carried_out[stage] = (alarmed + (0.0 if inspection.after_alarm[stage] else quiet)) * applies
        finds, alarms = inspection.finds[stage] * applies, inspection.alarms[stage] * applies
        quiet_finds, quiet_alarms = (0.0, 0.0) if inspection.after_alarm[stage] else (finds, alarms)
        alarmed = alarmed * (1.0 - finds) + quiet * (1.0 - quiet_finds) * quiet_alarms
        quiet = quiet * (1.0 - quiet_finds) * (1.0 - quiet_alarms)
    for stage in range(inspection.after_detection, len(inspection.names)):
        carried_out[stage] = _chance_to_find(inspection, goes_through) * goes_through[stage][:, None]
    return carried_out


def stage_means_s(plan: Plan) -> FloatArray:
    """Return the mean duration of each stage with the mean number of occupants, shape (stages, classes)."""
    return plan.inspection.mean_s + plan.inspection.per_occupant_s[:, None] * plan.road.occupants


def officer_minutes(plan: Plan) -> FloatArray:
    """Return the officer-minutes that the inspection of a vehicle of each class is expected to take, shape (classes,).

    The stages as an ordinary vehicle goes through them, false alarms and the pause after each included, and what
    follows a detection with its chance at the prevalence of the class.
    """
    inspection = plan.inspection
    crew = inspection.need[:, : len(plan.duty.agencies)].sum(axis=1)
    carried_out = stage_chances(inspection)
    often = carried_out[:, :, 0]
    after = inspection.after_detection
    often[after:] = (carried_out[after:] * shares_by_status(plan.road)).sum(axis=2)
    minutes: FloatArray = crew @ (often * (stage_means_s(plan) + plan.pause_s)) / MINUTE_S
    return minutes


def free_officer_minutes(plan: Plan) -> float:
    """Return the officer-minutes of all agencies that are free for inspection while vehicles are selected."""
    duty, minutes = plan.duty, 0.0
    for from_s, to_s in selecting_spans(plan, *plan.window_s):
        since_s = np.clip(duty.times_s, from_s, to_s)
        minutes += float(np.diff(np.append(since_s, to_s)) @ duty.free.sum(axis=1)) / MINUTE_S
    return minutes
