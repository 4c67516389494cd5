"""The days of an operation in words: its windows, and on which days something holds."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from funnelsim.scenario.key import clock_of
from funnelsim.scenario.site import Operation
from funnelsim.units import DAY_S, Span
from funnelsim.wording import days_text, joined

Rows = tuple[tuple[str, ...], ...]


def span_text(from_s: float, to_s: float) -> str:
    """Return a time span by the clock.

    Examples
    --------
    >>> span_text(21600.0, 90000.0)
    '06:00-01:00'
    """
    return f"{clock_of(from_s)}-{clock_of(to_s)}"


def spans_text(spans: Sequence[Span]) -> str:
    """Return time spans by the clock, those that follow each other joined.

    Examples
    --------
    >>> spans_text([(0.0, 3600.0), (3600.0, 7200.0), (36000.0, 37800.0)])
    '00:00-02:00 and 10:00-10:30'
    """
    merged: list[Span] = []
    for from_s, to_s in spans:
        if merged and merged[-1][1] == from_s:
            merged[-1] = (merged[-1][0], to_s)
        else:
            merged.append((from_s, to_s))
    return joined([span_text(*span) for span in merged])


def spans_of_days(operation: Operation) -> dict[int, list[Span]]:
    """Return when the funnel stands on each day of the operation."""
    spans: dict[int, list[Span]] = {}
    for window in operation.windows:
        spans.setdefault(window.day, []).append((window.opens_s, window.closes_s))
    return spans


def windows_text(operation: Operation) -> str:
    """Return when the funnel stands on a day: "06:00-10:00 and 16:00-20:00"."""
    return joined([span_text(*span) for span in spans_of_days(operation)[1]])


def day_of(time_s: float, operation: Operation) -> int:
    """Return the day of the operation whose windows have begun last at a moment, 1 for the first."""
    return max((window.day for window in operation.windows if window.opens_s <= time_s), default=1)


def on_days(days: Iterable[int], operation: Operation) -> str:
    """Return " every day" or " on day 2"; nothing for an operation of one day."""
    if operation.days == 1:
        return ""
    named = set(days)
    return " every day" if len(named) == operation.days else f" on {days_text(named)}"


def said_by_day(said: Iterable[tuple[int, str]], operation: Operation) -> list[tuple[str, str]]:
    """Return the texts about days, each text once with its days in the words of `on_days`."""
    days: dict[str, list[int]] = {}
    for day, text in said:
        days.setdefault(text, []).append(day)
    return [(text, on_days(named, operation)) for text, named in days.items()]


def when_text(spans: Sequence[Span], operation: Operation) -> str:
    """Return time spans by the clock, with their days: "07:00-09:00 on days 1 and 3".

    Of a window that opens on one of several days and goes on over midnight, or opens after it, the next day is named.
    """

    def day_and_night(span: Span) -> tuple[int, bool]:
        day = day_of(span[0], operation)
        return day, operation.days > 1 and span[0] >= day * DAY_S

    by_day = groupby(spans, key=day_and_night)
    said = said_by_day(
        (
            (day, f"{spans_text(list(members))}{' of the next day' if later else ''}")
            for (day, later), members in by_day
        ),
        operation,
    )
    return joined([f"{text}{days}" for text, days in said])


def rows_by_day(operation: Operation, rows_of: Callable[[list[Span]], Rows]) -> list[tuple[str, Rows]]:
    """Return the rows of a table for each day's windows, those of days that are alike once.

    Parameters
    ----------
    operation
        Its days and windows.
    rows_of
        Returns the rows for the windows of one day.

    Returns
    -------
    list of (str, rows)
        What to say before the rows, nothing for an operation of one day, and the rows.
    """
    days: dict[Rows, list[int]] = {}
    for day, spans in spans_of_days(operation).items():
        days.setdefault(rows_of(spans), []).append(day)
    return [("" if operation.days == 1 else _alike(named), rows) for rows, named in days.items()]


def _alike(days: list[int]) -> str:
    first, *others = days
    if not others:
        return f"Day {first}:"
    return f"Day {first}; {days_text(others)} {'is' if len(others) == 1 else 'are'} alike:"
