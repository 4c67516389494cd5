"""Equipment that inspections use: how much of it is there, from when to when, and when it is out of order."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.scenario.key import ClockTime, Headcount, Table, Whole, key, length_s_between, seconds_after_midnight
from funnelsim.scenario.site import Window
from funnelsim.units import DAY_S, Span


class Outage(Table):
    """A time in which equipment is out of order or away."""

    from_: ClockTime = key(..., "When it begins.", unit="HH:MM", alias="from")
    to: ClockTime = key(..., "When it ends; at or before `from` means the next day.", unit="HH:MM")
    days: tuple[Annotated[Whole, Field(ge=1, le=31)], ...] | None = key(
        None, "Days of the operation on which it begins, 1 for the first (default: every day)."
    )
    pieces: Headcount | None = key(None, "How many pieces are out (default: all).")


class Equipment(Table):
    """Equipment of one kind, such as a scanner van that comes in the afternoon."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Its name.")
    count: Headcount = key(1, "Number of pieces.")
    from_: ClockTime | None = key(None, "When it comes (default: it is there at opening).", unit="HH:MM", alias="from")
    to: ClockTime | None = key(None, "When it leaves (default: it stays until closing).", unit="HH:MM")
    outages: tuple[Outage, ...] = key((), "When pieces are out of order or away.")
    when_absent: Literal["wait", "skip"] = key(
        "wait",
        "`wait`: vehicles wait in their bays until it is there; `skip`: who is selected while it is not there leaves "
        "out the stages that need it.",
    )


def times_of(entries: Iterable[Equipment], windows: Sequence[Window]) -> list[float]:
    """Return when something comes, leaves, fails or works again, in no order."""
    hours = [span for entry in entries for span in _hours(entry, windows)]
    outages = [span for entry in entries for outage in entry.outages for span in _spans(outage, windows)]
    return [time_s for span in (*hours, *outages) for time_s in span]


def there(entries: Sequence[Equipment], windows: Sequence[Window], times_s: FloatArray) -> IntArray:
    """Return how many pieces of each kind are there from some times on, shape (times, kinds).

    While the funnel is closed everything is there that is in order: whoever has been accepted is inspected to the end.
    """
    closed = ~np.any([(times_s >= one.opens_s) & (times_s < one.closes_s) for one in windows], axis=0)
    present = [(_in_any(_hours(entry, windows), times_s) | closed) for entry in entries]
    return in_order(entries, windows, times_s) * np.array(present, dtype=np.int64).reshape(len(entries), len(times_s)).T


def in_order(entries: Sequence[Equipment], windows: Sequence[Window], times_s: FloatArray) -> IntArray:
    """Return how many pieces of each kind are not out of order from some times on, shape (times, kinds)."""
    works = [np.maximum(entry.count - _out(entry, windows, times_s), 0) for entry in entries]
    return np.array(works, dtype=np.int64).reshape(len(entries), len(times_s)).T


def _out(entry: Equipment, windows: Sequence[Window], times_s: FloatArray) -> IntArray:
    """Return how many pieces are out of order from some times on, shape (times,)."""
    out: IntArray = np.zeros(len(times_s), dtype=np.int64)
    for outage in entry.outages:
        out += (outage.pieces or entry.count) * _in_any(_spans(outage, windows), times_s)
    return out


def _in_any(spans: list[Span], times_s: FloatArray) -> BoolArray:
    inside: BoolArray = np.zeros(len(times_s), dtype=np.bool_)
    for from_s, to_s in spans:
        inside |= (times_s >= from_s) & (times_s < to_s)
    return inside


def _hours(entry: Equipment, windows: Sequence[Window]) -> list[Span]:
    """Return when equipment is there by its hours, in all windows; where it always is, these are the windows."""
    spans: list[Span] = []
    for window in windows:
        midnight_s = (window.day - 1) * DAY_S
        from_s, to_s = window.opens_s, window.closes_s
        if entry.from_ is not None:
            from_s = midnight_s + seconds_after_midnight(entry.from_)
            if from_s < window.opens_s and from_s + DAY_S < window.closes_s:
                from_s += DAY_S  # comes after midnight, in a window over night
        if entry.to is not None:
            to_s = midnight_s + seconds_after_midnight(entry.to)
            while to_s <= (from_s if entry.from_ is not None else window.opens_s):
                to_s += DAY_S
        nights = (-DAY_S, 0.0) if entry.from_ is not None and entry.to is not None else (0.0,)
        spans += [(from_s + night_s, to_s + night_s) for night_s in nights]
    return spans


def _spans(outage: Outage, windows: Sequence[Window]) -> list[Span]:
    from_s = seconds_after_midnight(outage.from_)
    length_s = length_s_between(outage.from_, outage.to)
    days = range(windows[0].day - 1, windows[-1].day + 2) if outage.days is None else outage.days
    return [(from_s + (day - 1) * DAY_S, from_s + (day - 1) * DAY_S + length_s) for day in days]
