"""Warnings about officers: who is missing, who stays on, who comes for nothing, and their working time."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from funnelsim.analysis.forecast import selecting_spans, stage_chances
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.expected import spans_of_steps
from funnelsim.model.feasibility import may_come
from funnelsim.model.plan import Plan
from funnelsim.reporting.days import said_by_day, when_text, windows_text
from funnelsim.reporting.plan_warning import PlanWarning, grave, unusual
from funnelsim.reporting.staff_words import crew_text, shift_text, unattended
from funnelsim.scenario.key import Crew, clock_of
from funnelsim.scenario.roster import length_s_of, officers_with_break, spans_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import Operation, Window
from funnelsim.scenario.staffing import Shift
from funnelsim.scenario.working_time import (
    BREAK_DUE_H,
    DIRECTIVE,
    LONGEST_SHIFT_H,
    REST_H,
    WEEK_DAYS,
    WEEK_H,
    hours_in_week,
)
from funnelsim.units import HOUR_S, MINUTE_S, Span
from funnelsim.wording import counted, days_text, joined, number_text, share_text

OFTEN = 0.1  # of the time: a post that is unstaffed for less is short of officers in a break or at a change of shift
MOSTLY = 0.5  # of the time: a crew that is complete for less cannot do what the plan says
Steps = BoolArray


def staff_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield the warnings in the order of the file, without those about posts."""
    yield from _chase(scenario, plan)
    yield from _stages(scenario, plan)
    yield from _overtime(scenario, plan)
    yield from working_time_warnings(scenario)
    yield from _idle(scenario)


def _steps(times_s: FloatArray, holds: Steps, spans_s: list[Span]) -> list[Span]:
    """Return the parts of time spans in which a step function holds."""
    ends_s = [*times_s[1:].tolist(), np.inf]
    here = [span for span, so in zip(zip(times_s.tolist(), ends_s, strict=True), holds.tolist(), strict=True) if so]
    parts = [(max(begin_s, from_s), min(end_s, to_s)) for from_s, to_s in spans_s for begin_s, end_s in here]
    return [part for part in parts if part[0] < part[1]]


def _length_s(spans: list[Span]) -> float:
    return sum(to_s - from_s for from_s, to_s in spans)


def post_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Walk the posts in the order in which they are staffed, and tell which lack officers when; or all, of anybody."""
    yield from _unattended(scenario, plan)
    duty, windows_s = plan.duty, list(plan.windows_s)
    left = duty.on_duty.copy()
    for where, crew, there in _crews_of_posts(scenario):
        need = _need(crew, plan)
        enough: Steps = np.all(left >= need, axis=1)
        left[enough] -= need
        lacking = _steps(duty.times_s, ~enough, windows_s)
        if not lacking:
            continue
        whole = _length_s(lacking) >= _length_s(windows_s)
        warn = grave if _length_s(lacking) > OFTEN * _length_s(windows_s) else unusual
        when = "in the whole operation" if whole else when_text(lacking, scenario.operation)
        yield warn(
            f"{where} needs {crew_text(crew)}{_off_roster(crew, scenario)}, and cannot be staffed {when}, so nobody is "
            f"selected {there}; put more officers on the roster."
        )


def _unattended(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Tell when nobody is on duty while the funnel stands, where no post says so already."""
    spans, windows_s = unattended(plan), list(plan.windows_s)
    if spans and not any(crew for _, crew, _ in _crews_of_posts(scenario)):
        share = _length_s(spans) / _length_s(windows_s)
        warn = grave if share > OFTEN else unusual
        yield warn(
            f"staffing.roster: nobody is on duty {_when_and_how_long(spans, windows_s, scenario.operation)}, so nobody "
            "is selected then; put officers on the roster for these times, or change those of the operation."
        )


def _crews_of_posts(scenario: Scenario) -> Iterator[tuple[str, Crew, str]]:
    """Yield the posts in their order: the key, the crew, and what an unstaffed one stops."""
    for name, crew in scenario.staffing.posts.items():
        yield f"staffing.posts.{name}", crew, "then"
    for side in scenario.per_funnel:
        several = f" ({side.direction})" if scenario.funnels else ""
        yield f"selection.post{several}", side.selection.post, "there then" if several else "then"


def _chase(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Tell whether some of the chase cars never have a crew, and whether anybody turns away before them."""
    chase = scenario.staffing.chase
    if chase is None or plan.pursuit is None:
        return
    duty, cars = plan.duty, plan.pursuit.cars
    most = max(int(cars[duty.at(from_s) : duty.at(to_s - 1.0) + 1].max()) for from_s, to_s in plan.windows_s)
    if most < chase.cars:
        yield grave(
            f"staffing.chase.cars = {chase.cars}: each needs {crew_text(chase.crew)}"
            f"{_off_roster(chase.crew, scenario)}, and of these crews there are at most {most} while the funnel "
            f"stands, so {counted(chase.cars - most, 'car')} can never pursue anybody; put more officers on the "
            "roster, or plan fewer cars."
        )
    if not any(funnel.evasion.visible.any() or funnel.evasion.leaves.any() for funnel in plan.funnels):
        yield grave(
            "staffing.chase: nobody turns away on seeing the funnel (targets: evade.visible) or leaves at an "
            "exit (approach.exit), so there is nobody to pursue; say who turns away, or leave the cars out."
        )


def _need(crew: Crew, plan: Plan) -> IntArray:
    return np.array([crew.get(agency, 0) for agency in plan.duty.agencies], dtype=np.int64)


def _off_roster(crew: Crew, scenario: Scenario) -> str:
    known = {shift.agency for shift in scenario.staffing.roster if shift.count}
    never = [agency for agency in crew if agency not in known]
    return f" ({joined(never)} never on the roster)" if never else ""


def _stages(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Tell from when to when a stage cannot be carried out, as its crew and equipment are not free together."""
    inspection = plan.inspection
    may = may_come(scenario, plan.road.demand).any(axis=0)
    carried_out: Steps = np.any((stage_chances(inspection) > 0) & may, axis=(1, 2))
    staffed: Steps = np.any([funnel.duty.staffed for funnel in plan.funnels], axis=0)
    spans = spans_of_steps(plan.duty.times_s, staffed, plan.windows_s)
    there = plan.capacity.copy()
    agencies = len(plan.duty.agencies)
    there[:, agencies:] += plan.beyond[:, agencies:]  # nobody waits for equipment that is skipped
    rostered = there.copy()
    rostered[:, :agencies] = plan.duty.free[np.searchsorted(plan.duty.times_s, plan.capacity_times_s, side="right") - 1]
    for stage, name in enumerate(inspection.names):
        need = inspection.need[stage]
        complete, by_roster = (np.all(free >= need, axis=1) for free in (there, rostered))
        lacking = _steps(plan.capacity_times_s, ~complete, spans)
        overtime = _steps(plan.capacity_times_s, complete & ~by_roster, spans)
        mostly = _length_s(lacking + overtime) > MOSTLY * _length_s(spans)
        if not carried_out[stage] or not (lacking or mostly):
            continue
        pools = np.flatnonzero(need).tolist()
        where = f"area.stages.{name}" if stage < inspection.after_detection else f"area.after_detection ({name})"
        free = "free for inspection" if len(pools) == 1 else "free together"
        shares = [_when_and_how_long(part, spans, scenario.operation) for part in (lacking, overtime)]
        said = [f"not {free} {shares[0]}"] if lacking else []
        said += [f"{free} {shares[1]} only because officers stay on in overtime"] if overtime else []
        waits = "so vehicles wait for this stage in their bays" if lacking else "so overtime carries the inspections"
        warn = grave if mostly else unusual
        yield warn(
            f"{where} needs {joined([f'{need[pool]} {inspection.pools[pool]}' for pool in pools])}, {joined(said)}, "
            f"{waits}; change the roster, the hours of the equipment or what the stage needs."
        )


def _when_and_how_long(part: list[Span], of: list[Span], operation: Operation) -> str:
    return f"{when_text(part, operation)} ({share_text(_length_s(part) / _length_s(of))} of the time)"


def _overtime(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Tell which agencies go home while vehicles are still selected."""
    needed: Steps = np.any(plan.inspection.need > 0, axis=0)
    operation = scenario.operation
    for place, agency in enumerate(plan.duty.agencies):
        if not needed[place]:
            continue
        home = [(window, _goes_home_s(plan, place, window)) for window in operation.windows]
        said = [
            (window.day, _ends(home_s, window))
            for window, home_s in home
            if any(selecting_spans(funnel, home_s, window.closes_s) for funnel in plan.funnels)
        ]
        for ends, days in said_by_day(said, operation):
            yield unusual(f"staffing.roster: the last shift of {agency} ends{days} {ends}")


def _goes_home_s(plan: Plan, place: int, window: Window) -> float:
    """Return when the last shift of an agency in a window ends, infinity where none ends before it closes."""
    duty = plan.duty
    rostered = duty.rostered[: duty.at(window.closes_s - 1.0) + 1, place] > 0
    if rostered[-1] or not rostered.any():
        return np.inf
    home_s = float(duty.times_s[np.flatnonzero(rostered)[-1] + 1])
    of_a_window_before = home_s <= window.opens_s and window.opens_s > plan.window_s[0]
    return np.inf if of_a_window_before else home_s


def _ends(home_s: float, window: Window) -> str:
    """Return what follows when an agency goes home before a window closes: after its last shift it stays on."""
    return (
        f"at {clock_of(home_s)}, before the funnel closes at {clock_of(window.closes_s)}, so officers stay on in "
        "overtime for whoever is selected after that; lengthen the shift, or stop selecting earlier "
        "(operation.stop_selecting_min)."
    )


def _idle(scenario: Scenario) -> Iterator[PlanWarning]:
    operation = scenario.operation
    idle = [shift_text(shift) for shift in scenario.staffing.roster if shift.count and _misses(shift, operation)]
    if idle:
        yield grave(
            f"staffing.roster: {joined(idle)} do not overlap the operation ({windows_text(operation)}), so these "
            "officers do nothing; check the times."
        )


def _misses(shift: Shift, operation: Operation) -> bool:
    """Tell whether a shift comes, and comes at a time when the funnel does not stand."""
    windows = operation.windows
    spans = spans_of(shift, windows)
    return bool(spans) and not any(
        from_s < window.closes_s and to_s > window.opens_s for from_s, to_s in spans for window in windows
    )


def working_time_warnings(scenario: Scenario) -> Iterator[PlanWarning]:
    """Yield warnings about shifts without a break or a rest, too long, or too many in a week.

    The same officers are taken to come every time that an entry of the roster does.

    Parameters
    ----------
    scenario
        The scenario with the roster.
    """
    for shift in scenario.staffing.roster:
        if shift.count:
            spans = spans_of(shift, scenario.operation.windows)
            yield from _days(shift, scenario.operation)
            yield from _breaks(shift)
            yield from _length(shift)
            yield from _rest(shift, spans)
            yield from _week(shift, spans)


def _days(shift: Shift, operation: Operation) -> Iterator[PlanWarning]:
    beyond = [day for day in shift.days or () if day > operation.days]
    if beyond:
        never = "never come" if len(beyond) == len(shift.days or ()) else f"do not come on {days_text(beyond)}"
        yield grave(
            f"staffing.roster: {shift_text(shift)} {never}, as the operation has {counted(operation.days, 'day')}; "
            "correct their days, or lengthen the operation (operation.days)."
        )


def _breaks(shift: Shift) -> Iterator[PlanWarning]:
    """Tell whether breaks that are due are not taken, as they do not fit in; else whether they are too late."""
    breaks, unbroken_h = shift.breaks, _unbroken_h(shift)
    directive = f"one is due after at most {BREAK_DUE_H:g} ({DIRECTIVE}, Article 4)"
    without = shift.count - officers_with_break(shift)
    if breaks is not None and without and length_s_of(shift) > breaks.after_h * HOUR_S:
        none = without == shift.count
        warn = grave if none else unusual
        law = f", though they work {number_text(unbroken_h)} hours and {directive}" if unbroken_h > BREAK_DUE_H else ""
        who = "nobody takes" if none else f"{without} do not take"
        yield warn(
            f"staffing.roster: of {shift_text(shift)}, {who} a break{law}: one of {breaks.minutes:g} min "
            f"after at most {breaks.after_h:g} h would not be over before the shift is; "
            "make it shorter, let it begin earlier (breaks.after_h), or leave the breaks out."
        )
    elif unbroken_h > BREAK_DUE_H:
        yield unusual(
            f"staffing.roster: {shift_text(shift)} work {number_text(unbroken_h)} hours without a break, where "
            f"{directive}, so the plan counts on officers who will be away; give the shift breaks, or let them begin "
            "earlier (breaks.after_h)."
        )


def _length(shift: Shift) -> Iterator[PlanWarning]:
    length_h = _length_h(shift)
    if length_h > LONGEST_SHIFT_H:
        yield unusual(
            f"staffing.roster: {shift_text(shift)} is a shift of {number_text(length_h)} hours; if the "
            f"times are right, divide it, as {LONGEST_SHIFT_H:g} hours are long enough."
        )


def _rest(shift: Shift, spans: list[Span]) -> Iterator[PlanWarning]:
    rest_h = min(((after[0] - before[1]) / HOUR_S for before, after in pairwise(spans)), default=REST_H)
    if rest_h < REST_H:
        yield unusual(
            f"staffing.roster: {shift_text(shift)} have {number_text(max(0.0, rest_h))} hours of rest between two "
            f"shifts, where at least {REST_H:g} are due ({DIRECTIVE}, Article 3); "
            f"{_split('others come the next time')}."
        )


def _week(shift: Shift, spans: list[Span]) -> Iterator[PlanWarning]:
    hours = max((hours_in_week(spans, begin_s) for begin_s, _ in spans), default=0.0)
    if hours > WEEK_H:
        yield unusual(
            f"staffing.roster: {shift_text(shift)} are on duty {number_text(hours)} hours in {WEEK_DAYS} days, breaks "
            f"included, where {WEEK_H:g} hours a week are allowed on average ({DIRECTIVE}, Article 6); "
            f"{_split('others take some of the days')}."
        )


def _split(so_that: str) -> str:
    return f"split the entry into two with days, so that {so_that}"


def _length_h(shift: Shift) -> float:
    return length_s_of(shift) / HOUR_S


def _unbroken_h(shift: Shift) -> float:
    """Return the longest time on duty without a break."""
    breaks = shift.breaks
    if breaks is None or breaks.after_h * HOUR_S + breaks.minutes * MINUTE_S >= _length_h(shift) * HOUR_S:
        return _length_h(shift)
    return breaks.after_h
