"""The rules of working time, after Directive 2003/88/EC, and what a plan of shifts makes of them."""

from collections.abc import Sequence
from typing import Final

from funnelsim.units import DAY_S, HOUR_S, Span

DIRECTIVE: Final = "Directive 2003/88/EC"
BREAK_DUE_H: Final = 6.0  # Article 4
REST_H: Final = 11.0  # Article 3
WEEK_H: Final = 48.0  # Article 6: on average
LONGEST_SHIFT_H: Final = 12.0
WEEK_DAYS: Final = 7


def hours_in_week(spans_s: Sequence[Span], begin_s: float) -> float:
    """Return the hours on duty in the seven days from a moment on; most are from the beginning of some shift on.

    Examples
    --------
    >>> hours_in_week([(0.0, 28800.0), (86400.0, 115200.0)], 0.0)
    16.0
    """
    end_s = begin_s + WEEK_DAYS * DAY_S
    return sum(max(0.0, min(to_s, end_s) - from_s) for from_s, to_s in spans_s if from_s >= begin_s) / HOUR_S


def may_work_too(spans_s: Sequence[Span], span_s: Span) -> bool:
    """Tell whether somebody who works in these time spans may work in another one, too: rest and weekly hours.

    Examples
    --------
    >>> may_work_too([(0.0, 28800.0)], (68400.0, 97200.0)), may_work_too([(0.0, 28800.0)], (64800.0, 97200.0))
    (True, False)
    """
    from_s, to_s = span_s
    rest_s = REST_H * HOUR_S
    if any(from_s < other_to_s + rest_s and other_from_s < to_s + rest_s for other_from_s, other_to_s in spans_s):
        return False
    together = [*spans_s, span_s]
    return all(hours_in_week(together, begin_s) <= WEEK_H for begin_s, _ in together)
