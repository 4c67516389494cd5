"""What is odd about working time: shifts without a break, without a rest, too long, or too many in a week.

The same officers are taken to come every time that an entry of the roster does.
"""

from collections.abc import Iterator
from itertools import pairwise

from funnelsim.report.days import days_text
from funnelsim.report.staff_words import shift_text
from funnelsim.report.words import counted, number_text
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.roster import spans_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import Operation
from funnelsim.scenario.staffing import Shift
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S, Span

DIRECTIVE = "Directive 2003/88/EC"
BREAK_DUE_H = 6.0  # Article 4
REST_H = 11.0  # Article 3
WEEK_H = 48.0  # Article 6: on average
LONGEST_SHIFT_H = 12.0
WEEK_DAYS = 7


def oddities(scenario: Scenario) -> Iterator[str]:
    """Yield what is odd, entry by entry of the roster."""
    for shift in scenario.staffing.roster:
        if shift.count:
            spans = spans_of(shift, scenario.operation.windows)
            yield from _days(shift, scenario.operation)
            yield from _breaks(shift)
            yield from _length(shift)
            yield from _rest(shift, spans)
            yield from _week(shift, spans)


def _days(shift: Shift, operation: Operation) -> Iterator[str]:
    beyond = [day for day in shift.days or () if day > operation.days]
    if beyond:
        never = "never come" if len(beyond) == len(shift.days or ()) else f"do not come on {days_text(beyond)}"
        yield (
            f"staffing.roster: {shift_text(shift)} {never}, as the operation has {counted(operation.days, 'day')}; "
            "correct their days, or lengthen the operation (operation.days)."
        )


def _breaks(shift: Shift) -> Iterator[str]:
    unbroken_h = _unbroken_h(shift)
    if unbroken_h > BREAK_DUE_H:
        yield (
            f"staffing.roster: {shift_text(shift)} work {number_text(unbroken_h)} hours without a break, where one is "
            f"due after at most {BREAK_DUE_H:g} ({DIRECTIVE}, Article 4), so the plan counts on officers who will be "
            "away; give the shift breaks, or let them begin earlier (breaks.after_h)."
        )


def _length(shift: Shift) -> Iterator[str]:
    length_h = _length_h(shift)
    if length_h > LONGEST_SHIFT_H:
        yield (
            f"staffing.roster: {shift_text(shift)} is a shift of {number_text(length_h)} hours; if the "
            f"times are right, divide it, as {LONGEST_SHIFT_H:g} hours are long enough."
        )


def _rest(shift: Shift, spans: list[Span]) -> Iterator[str]:
    rest_h = min(((after[0] - before[1]) / HOUR_S for before, after in pairwise(spans)), default=REST_H)
    if rest_h < REST_H:
        yield (
            f"staffing.roster: {shift_text(shift)} have {number_text(max(0.0, rest_h))} hours of rest between two "
            f"shifts, where at least {REST_H:g} are due ({DIRECTIVE}, Article 3); "
            f"{_split('others come the next time')}."
        )


def _week(shift: Shift, spans: list[Span]) -> Iterator[str]:
    hours = max((_hours_in_week(spans, begin_s) for begin_s, _ in spans), default=0.0)
    if hours > WEEK_H:
        yield (
            f"staffing.roster: {shift_text(shift)} are on duty {number_text(hours)} hours in {WEEK_DAYS} days, breaks "
            f"included, where {WEEK_H:g} hours a week are allowed on average ({DIRECTIVE}, Article 6); "
            f"{_split('others take some of the days')}."
        )


def _split(so_that: str) -> str:
    return f"split the entry into two with days, so that {so_that}"


def _hours_in_week(spans: list[Span], begin_s: float) -> float:
    """Return the hours on duty in the seven days from a moment on; most are from the beginning of some shift on."""
    end_s = begin_s + WEEK_DAYS * DAY_S
    return sum(max(0.0, min(to_s, end_s) - from_s) for from_s, to_s in spans if from_s >= begin_s) / HOUR_S


def _length_h(shift: Shift) -> float:
    return ((seconds_after_midnight(shift.to) - seconds_after_midnight(shift.from_)) % DAY_S or DAY_S) / HOUR_S


def _unbroken_h(shift: Shift) -> float:
    """Return the longest time on duty without a break."""
    breaks = shift.breaks
    if breaks is None or breaks.after_h * HOUR_S + breaks.minutes * MINUTE_S >= _length_h(shift) * HOUR_S:
        return _length_h(shift)
    return breaks.after_h
