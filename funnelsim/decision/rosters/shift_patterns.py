"""The shifts that may be planned: when they begin, how long they last, and when their officers are on a break."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.roster import breaks_of, length_s_of, spans_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.shifts import Shifts
from funnelsim.scenario.site import Window
from funnelsim.scenario.staffing import Breaks, Shift
from funnelsim.scenario.working_time import BREAK_DUE_H
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S, Span

USUAL_LENGTHS_H: Final = (6.0, 7.0, 8.0, 9.0, 10.0)
NEARLY: Final = 1e-9
MOST_H: Final = 13.0  # a day less the rest of 11 h
MOST_AROUND_S: Final = HOUR_S  # a shift that begins long before the opening need not be there for it


@dataclass(frozen=True, eq=False)
class ShiftPattern:
    """A shift of one officer on every day on which it falls into a window.

    Attributes
    ----------
    shift
        As an entry of the roster.
    days, spans_s
        These days, 1 for the first of the operation, and from when to when it is on each of them.
    away_s
        The breaks in it.
    """

    shift: Shift
    days: tuple[int, ...]
    spans_s: tuple[Span, ...]
    away_s: tuple[Span, ...]

    @property
    def hours(self) -> float:
        """Hours on the roster, breaks included."""
        return len(self.spans_s) * length_s_of(self.shift) / HOUR_S

    def covers(self, edges_s: FloatArray) -> FloatArray:
        """Return whether the officer is on duty from each moment to the next, 1 or 0, shape (moments - 1,)."""
        from_s, to_s = edges_s[:-1], edges_s[1:]
        there = np.zeros(len(from_s))
        for begins_s, ends_s in self.spans_s:
            there += (begins_s <= from_s) & (to_s <= ends_s)
        for goes_s, back_s in self.away_s:
            there -= (goes_s < to_s) & (from_s < back_s)
        return np.maximum(there, 0.0)


@dataclass(frozen=True, eq=False)
class Allowed:
    """What may be planned, with what `[shifts]` leaves to today's roster.

    Attributes
    ----------
    shifts
        The table.
    starts_s
        Times of day at which shifts may begin, in seconds after midnight.
    lengths_h
        How long they may be.
    manned_s
        From when to when officers are wanted, for each window.
    """

    shifts: Shifts
    starts_s: tuple[float, ...]
    lengths_h: tuple[float, ...]
    manned_s: tuple[Span, ...]


def allowed_in(scenario: Scenario) -> Allowed:
    """Return what a scenario allows to plan."""
    shifts, windows = scenario.shifts or Shifts(), scenario.operation.windows
    today = [shift for shift in scenario.staffing.roster if shift.count]
    starts_s = {*np.arange(0.0, DAY_S, shifts.starts_every_h * HOUR_S).tolist()}
    starts_s |= {seconds_after_midnight(shift.from_) for shift in today}
    lengths_h = shifts.lengths_h or tuple(
        sorted({*USUAL_LENGTHS_H, *(h for shift in today if (h := length_s_of(shift) / HOUR_S) <= MOST_H)})
    )
    spans = [span for shift in today for span in spans_of(shift, windows)]
    manned = []
    for window in windows:
        there = [(a, b) for a, b in spans if a < window.closes_s and window.opens_s < b]
        before_s = window.opens_s - min([window.opens_s, *(a for a, _ in there)])
        after_s = max([window.closes_s, *(b for _, b in there)]) - window.closes_s
        before_s = min(before_s, MOST_AROUND_S) if shifts.before_min is None else shifts.before_min * MINUTE_S
        after_s = min(after_s, MOST_AROUND_S) if shifts.after_min is None else shifts.after_min * MINUTE_S
        manned.append((window.opens_s - before_s, window.closes_s + after_s))
    return Allowed(shifts, tuple(sorted(starts_s)), lengths_h, tuple(manned))


def patterns_of(allowed: Allowed, agency: str, cost_per_h: float, windows: Sequence[Window]) -> list[ShiftPattern]:
    """Return the shifts that an agency may be planned for: nobody works longer than six hours without a break.

    Parameters
    ----------
    allowed
        What may be planned.
    agency, cost_per_h
        The agency, and the cost of an officer-hour of it.
    windows
        When the funnel stands.
    """
    patterns = []
    for begins_s in allowed.starts_s:
        for length_h in allowed.lengths_h:
            for breaks in breaks_allowed(allowed.shifts, length_h):
                shift = Shift(
                    agency=agency,
                    count=1,
                    from_=clock_of(begins_s),
                    to=clock_of(begins_s + length_h * HOUR_S),
                    breaks=breaks,
                    cost_per_h=cost_per_h,
                )
                pattern = _pattern_of(shift, windows)
                if pattern is not None and any(_meet(pattern.spans_s[0], span) for span in allowed.manned_s):
                    patterns.append(pattern)
    return patterns


def _pattern_of(shift: Shift, windows: Sequence[Window]) -> ShiftPattern | None:
    """Return a shift with its times; None where it would come more than once for a day, or for two days at once."""
    days = tuple(dict.fromkeys(window.day for window in windows))
    of_days = [spans_of(shift.model_copy(update={"days": (day,)}), windows) for day in days]
    spans = [span for of_day in of_days for span in of_day]
    if any(len(of_day) != 1 for of_day in of_days) or sorted(set(spans)) != spans_of(shift, windows):
        return None
    if len(set(spans)) != len(spans):
        return None
    away = [(goes, back) for span in spans for goes, back, _ in breaks_of(shift, *span)]
    return ShiftPattern(shift, days, tuple(spans), tuple(away))


def breaks_allowed(shifts: Shifts, length_h: float) -> Iterator[Breaks | None]:
    """Yield the breaks that a shift of this length may have: none where none is due, else as few as are needed.

    A break of the roster comes again after as long on duty. So an early one leaves time for another, and the only break
    of a long shift comes later than `break_from_h`.

    Parameters
    ----------
    shifts, length_h
        What may be planned, and how long the shift is.

    Examples
    --------
    >>> [[breaks.after_h for breaks in breaks_allowed(Shifts(), length_h) if breaks] for length_h in (7.0, 8.5)]
    [[3.0, 3.5, 4.0, 4.5, 5.0], [4.0, 4.5, 5.0]]
    """
    if length_h <= BREAK_DUE_H:
        yield None
        return
    break_h = shifts.break_min * MINUTE_S / HOUR_S
    steps = range(int((shifts.break_by_h - shifts.break_from_h) / break_h + NEARLY) + 1)
    each = [Breaks(minutes=shifts.break_min, after_h=shifts.break_from_h + k * break_h, in_turn=False) for k in steps]
    parts = [(_unbroken_h(length_h, breaks), breaks) for breaks in each]
    lawful = [(len(spells), breaks) for spells, breaks in parts if max(spells) <= BREAK_DUE_H + NEARLY]
    fewest = min((spells for spells, _ in lawful), default=0)
    yield from (breaks for spells, breaks in lawful if spells == fewest)


def _unbroken_h(length_h: float, breaks: Breaks) -> list[float]:
    """Return the times on duty between breaks, of an officer who goes alone."""
    shift = Shift(agency="any", count=1, from_="00:00", to=clock_of(length_h * HOUR_S), breaks=breaks)
    moments_s = [0.0]
    for goes_s, back_s, _ in breaks_of(shift, 0.0, length_h * HOUR_S):
        moments_s += [goes_s, back_s]
    moments_s.append(length_h * HOUR_S)
    return [(to_s - from_s) / HOUR_S for from_s, to_s in zip(moments_s[::2], moments_s[1::2], strict=True)]


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
