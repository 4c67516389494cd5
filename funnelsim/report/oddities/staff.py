"""What is odd about officers: who is needed and not there, and shifts that are too long."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.plan import Plan
from funnelsim.report.forecast import FloatArray, selecting_spans, stage_chances
from funnelsim.report.staff_words import crew_text, shift_text
from funnelsim.report.words import number_text, share_text, spans_text, together
from funnelsim.scenario.control import Crew, Shift
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import DAY_S

BREAK_DUE_H = 6.0  # Directive 2003/88/EC, Article 4
LONGEST_SHIFT_H = 12.0
OFTEN = 0.1  # of the time: less is a break or the change of a shift
HOUR_S = 3600.0
Span = tuple[float, float]
Steps = NDArray[np.bool_]


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    yield from _posts(scenario, plan)
    yield from _crews(scenario, plan)
    yield from _overtime(scenario, plan)
    yield from _shifts(scenario, plan)


def _steps(times_s: FloatArray, holds: Steps, window_s: Span) -> list[Span]:
    """Return the spans of a window in which a step function holds."""
    ends_s = [*times_s[1:].tolist(), np.inf]
    spans = [
        (max(begin_s, window_s[0]), min(end_s, window_s[1]))
        for begin_s, end_s, here in zip(times_s.tolist(), ends_s, holds.tolist(), strict=True)
        if here
    ]
    return [span for span in spans if span[0] < span[1]]


def _length_s(spans: list[Span]) -> float:
    return sum(to_s - from_s for from_s, to_s in spans)


def _posts(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Walk the posts in the order in which they are staffed, and tell which lack officers when."""
    duty = plan.duty
    left = duty.on_duty.copy()
    posts = {f"staffing.posts.{name}": crew for name, crew in scenario.staffing.posts.items()}
    for where, crew in {**posts, "selection.post": scenario.selection.post}.items():
        need = _need(crew, plan)
        enough: Steps = np.all(left >= need, axis=1)
        left[enough] -= need
        lacking = _steps(duty.times_s, ~enough, plan.window_s)
        if not lacking:
            continue
        whole = _length_s(lacking) >= plan.window_s[1] - plan.window_s[0]
        when = "in the whole operation" if whole else spans_text(lacking)
        yield (
            f"{where} needs {crew_text(crew)}{_off_roster(crew, scenario)}, and cannot be staffed {when}, so nobody is "
            "selected then; put more officers on the roster."
        )


def _need(crew: Crew, plan: Plan) -> NDArray[np.int64]:
    return np.array([crew.get(agency, 0) for agency in plan.duty.agencies], dtype=np.int64)


def _off_roster(crew: Crew, scenario: Scenario) -> str:
    known = {shift.agency for shift in scenario.staffing.roster if shift.count}
    never = [agency for agency in crew if agency not in known]
    return f" ({together(never)} never on the roster)" if never else ""


def _crews(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Tell which stages can never be carried out, or have to wait for officers much of the time."""
    stages = {f"area.stages.{stage.name}.crew": stage.crew for stage in scenario.area.stages}
    crews = [*stages.items(), ("area.after_detection.crew", scenario.area.after_detection.crew)]
    carried_out: Steps = np.any(stage_chances(plan.inspection) > 0, axis=(1, 2))
    spans = selecting_spans(plan, *plan.window_s)
    agencies = len(plan.duty.agencies)
    for stage, (where, crew) in enumerate(crews):
        if not plan.inspection.possible[stage]:
            yield (
                f"{where} needs {crew_text(crew)}{_off_roster(crew, scenario)}, but so many are never free for "
                "inspection, so the simulation skips the stage; put more officers on the roster, or need fewer."
            )
            continue
        enough: Steps = np.all(plan.capacity[:, :agencies] >= plan.inspection.need[stage, :agencies], axis=1)
        lacking = [part for span in spans for part in _steps(plan.capacity_times_s, ~enough, span)]
        if carried_out[stage] and spans and _length_s(lacking) > OFTEN * _length_s(spans):
            yield (
                f"{where} needs {crew_text(crew)}, who are not free for inspection {spans_text(lacking)} "
                f"({share_text(_length_s(lacking) / _length_s(spans))} of the time), so vehicles wait for them in "
                "their bays; change the roster or the crew."
            )


def _overtime(scenario: Scenario, plan: Plan) -> Iterator[str]:
    needed: Steps = np.any(plan.inspection.need[plan.inspection.possible] > 0, axis=0)
    for place, agency in enumerate(plan.duty.agencies):
        home_s = float(plan.duty.home_s[place])
        late = selecting_spans(plan, home_s, plan.window_s[1]) if np.isfinite(home_s) else []
        if needed[place] and home_s < plan.window_s[1] and late:
            yield (
                f"staffing.roster: the last shift of {agency} ends at {clock_of(home_s)}, before the funnel closes at "
                f"{scenario.operation.closes}, so officers stay on in overtime for whoever is selected after that; "
                "lengthen the shift, or stop selecting earlier (operation.stop_selecting_min)."
            )


def _shifts(scenario: Scenario, plan: Plan) -> Iterator[str]:
    roster = [shift for shift in scenario.staffing.roster if shift.count]
    unbroken = [shift_text(shift) for shift in roster if _unbroken_h(shift) > BREAK_DUE_H]
    if unbroken:
        yield (
            f"staffing.roster: {together(unbroken)} work more than {BREAK_DUE_H:g} hours without a break, though one "
            "is due (Directive 2003/88/EC, Article 4), so the plan counts on officers who will be away; give the "
            "shifts breaks."
        )
    for shift in roster:
        if _length_h(shift) > LONGEST_SHIFT_H:
            yield (
                f"staffing.roster: {shift_text(shift)} is a shift of {number_text(_length_h(shift))} hours; if the "
                f"times are right, divide it, as {LONGEST_SHIFT_H:g} hours are long enough."
            )
    idle = [shift_text(shift) for shift in roster if _misses(shift, plan)]
    if idle:
        yield (
            f"staffing.roster: {together(idle)} do not overlap the operation "
            f"({scenario.operation.opens}-{scenario.operation.closes}), so these officers do nothing; check the times."
        )


def _length_h(shift: Shift) -> float:
    return ((seconds_after_midnight(shift.to) - seconds_after_midnight(shift.from_)) % DAY_S or DAY_S) / HOUR_S


def _unbroken_h(shift: Shift) -> float:
    """Return the longest time on duty without a break."""
    breaks = shift.breaks
    if breaks is None or breaks.after_h * HOUR_S + breaks.minutes * 60.0 >= _length_h(shift) * HOUR_S:
        return _length_h(shift)
    return breaks.after_h


def _misses(shift: Shift, plan: Plan) -> bool:
    from_s = seconds_after_midnight(shift.from_)
    opens_s, closes_s = plan.window_s
    length_s = _length_h(shift) * HOUR_S
    return not any(from_s + day * DAY_S < closes_s and from_s + day * DAY_S + length_s > opens_s for day in (-1, 0, 1))
