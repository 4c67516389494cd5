"""Dates and times as counters write them, and what can be proved about their order.

``11/6/2023`` is the sixth of November or the eleventh of June. It is never guessed: a day above 12 proves the
order, so does a record that runs through midnight under one order only; otherwise the planner is asked.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.names import DateOrder

_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S
_NIGHT_GAP_S: Final = 2 * 3600
"""The longest silence over midnight within one record; under the wrong order it would be a month."""

_DAY_AND_NIGHT: Final = 2
"""Rows of one date that show no order."""

_YEARS: Final = range(1950, 2101)
_NOON: Final = 12
_LAST_HOUR: Final = 23
_SUNDAY: Final = 7
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9])(?:\.0*)?)?(?:\s*([AaPp])\.?[Mm]\.?)?")
_OFFSET: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_UTC: Final = frozenset(("Z", "+00:00", "+0000", "-00:00", "-0000"))
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Stamp:
    """One date and time as written: the line, the date's text, the seconds after midnight; the site, if it is named."""

    line: int
    date: str
    seconds: int
    site: str = ""


def clock(text: str) -> int:
    """Return the seconds after midnight of a time with or without AM and PM.

    Raises
    ------
    ValueError
        In words.

    Examples
    --------
    >>> clock("12:15 AM"), clock("3:00:02 PM"), clock("15:00")
    (900, 54002, 54000)
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a time; allowed: like 06:15, 06:15:00 or 6:15 AM")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(f"{text!r} is not a time; with AM or PM the hour is 1 to 12")
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    elif hour > _LAST_HOUR:
        raise ValueError(f"{text!r} is not a time; the hour is 0 to 23")
    return hour * 3600 + minute * 60 + second


def split_stamp(text: str) -> tuple[str, str, str]:
    """Split a date with a time into the texts of date, time and offset from UTC, which may be empty.

    Raises
    ------
    ValueError
        When there is no time.

    Examples
    --------
    >>> split_stamp("2024-05-06T07:00+02:00"), split_stamp("6.5.2024 7:00 AM")
    (('2024-05-06', '07:00', '+02:00'), ('6.5.2024', '7:00 AM', ''))
    """
    parts = re.split(r"[T\s]\s*", text.strip(), maxsplit=1)
    if len(parts) != 2:  # noqa: PLR2004 (a date and a time)
        raise ValueError(f"{text[:40]!r} is not a date with a time; allowed: like 2024-05-06T07:00")
    offset = _OFFSET.search(parts[1])
    return parts[0], parts[1][: offset.start()].strip() if offset else parts[1], offset[0] if offset else ""


def calendar_date(text: str, order: DateOrder | None) -> dt.date:
    """Return the date of a text under one order of day and month; a year written first leaves no choice.

    Raises
    ------
    ValueError
        In words.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif (match := _YEAR_LAST.fullmatch(text)) and order in ("dmy", "mdy"):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (first, second) if order == "dmy" else (second, first)
    elif match and order == "ymd":
        raise ValueError(f"{text!r} given, but date_order is ymd; allowed: like 2024-05-06, or another date_order")
    else:
        raise ValueError(f"{text[:40]!r} is not a date; allowed: like 2024-05-06, or 6/5/2024 with four-digit year")
    if year not in _YEARS:
        raise ValueError(f"{text!r} given; allowed: years {_YEARS[0]} to {_YEARS[-1]}")
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date in the order {order or 'ymd'}") from error


def prove_order(stamps: Sequence[Stamp], given: DateOrder | None) -> DateOrder:
    """Return the order of day and month that the record proves, or that the planner gave.

    Parameters
    ----------
    stamps
        All dates and times of the file.
    given
        The planner's word; it is taken, and dates that contradict it fail when they are read.

    Raises
    ------
    ValueError
        When both orders are possible: asks for ``date_order``.
    """
    if given is not None:
        return given
    texts = {stamp.date for stamp in stamps}
    if not any(_YEAR_LAST.fullmatch(text) for text in texts):
        return "ymd"
    possible: list[DateOrder] = [order for order in ("dmy", "mdy") if _all_are_dates(texts, order)]
    if not possible:
        return "dmy"  # neither order fits: reading the dates names the lines
    if len(possible) == 1 or all(calendar_date(text, "dmy") == calendar_date(text, "mdy") for text in texts):
        return possible[0]
    proved = [order for order in possible if _runs_through_midnight(stamps, order)]
    if len(proved) == 1:
        return proved[0]
    sample = next(stamp.date for stamp in stamps if _YEAR_LAST.fullmatch(stamp.date))
    meanings = [f"{calendar_date(sample, order):%d %B %Y} ({order})" for order in possible]
    raise ValueError(f"{sample!r} can mean {' or '.join(meanings)}; set date_order")


def _all_are_dates(texts: Iterable[str], order: DateOrder) -> bool:
    """Say whether every text is a date under this order."""
    for text in texts:
        try:
            calendar_date(text, order)
        except ValueError:
            return False
    return True


def _runs_through_midnight(stamps: Sequence[Stamp], order: DateOrder) -> bool:
    """Say whether the record covers several days without a long silence over any midnight."""
    spans: dict[dt.date, tuple[int, int]] = {}
    for stamp in stamps:
        day = calendar_date(stamp.date, order)
        first, last = spans.get(day, (stamp.seconds, stamp.seconds))
        spans[day] = (min(first, stamp.seconds), max(last, stamp.seconds))
    days = sorted(spans)
    return len(days) > 1 and all(
        after - before == dt.timedelta(days=1) and _DAY_S - spans[before][1] + spans[after][0] <= _NIGHT_GAP_S
        for before, after in pairwise(days)
    )


def dated_starts(
    texts: Sequence[tuple[int, str]], order: DateOrder | None, diagnostics: Diagnostics
) -> list[tuple[dt.date | None, int]]:
    """Read dates with times, such as ``2024-05-06T07:00``, into dates and minutes after midnight.

    A time with its offset from UTC, such as ``07:00+02:00``, is that of the road's clocks.

    Parameters
    ----------
    texts
        Lines and texts.
    order
        The planner's ``date_order``.
    diagnostics
        Where problems go.

    Raises
    ------
    CountsError
        When a text is no date with a time, or day and month cannot be told apart, or all times are in UTC.
    """
    stamps: list[Stamp] = []
    offsets: list[tuple[int, str]] = []
    for line, text in texts:
        try:
            day, time, offset = split_stamp(text)
            stamps.append(Stamp(line, day, clock(time)))
            offsets.append((line, offset))
        except ValueError as error:
            diagnostics.problem(str(error), line)
    diagnostics.raise_problems()
    _refuse_offsets(offsets, diagnostics)
    return place_in_time(stamps, order, diagnostics)


def _refuse_offsets(offsets: Sequence[tuple[int, str]], diagnostics: Diagnostics) -> None:
    """Refuse times in UTC, which are not those of the road's clocks, and offsets on some lines only."""
    found = {offset for _, offset in offsets}
    if found <= {""}:
        return
    if "" in found:
        line = next(line for line, offset in offsets if not offset)
        diagnostics.problem("a time without its offset from UTC, among others that have one", line)
    elif found <= _UTC:
        diagnostics.problem(
            "all times are in UTC, not those of the road's clocks; write local time, or read the file by a mapping "
            "with its zone"
        )
    else:
        diagnostics.notes.append(
            f"times are those of the road's clocks, with their offsets from UTC ({', '.join(sorted(found))})"
        )
    diagnostics.raise_problems()


def place_in_time(
    stamps: Sequence[Stamp], order: DateOrder | None, diagnostics: Diagnostics
) -> list[tuple[dt.date | None, int]]:
    """Turn stamps into dates and minutes after midnight.

    Raises
    ------
    CountsError
        When day and month cannot be told apart, a date does not exist, or an interval starts within a minute.
    """
    try:
        order = prove_order(stamps, order)
    except ValueError as error:
        diagnostics.problem(str(error), stamps[0].line)
    diagnostics.raise_problems()
    known: dict[str, dt.date] = {}
    for stamp in stamps:
        try:
            if stamp.date not in known:
                known[stamp.date] = calendar_date(stamp.date, order)
        except ValueError as error:
            diagnostics.problem(str(error), stamp.line)
        if stamp.seconds % 60:
            diagnostics.problem("an interval starts between two whole minutes; allowed: whole minutes", stamp.line)
    diagnostics.raise_problems()
    _refuse_midnight_of_the_old_date(stamps, diagnostics)
    diagnostics.raise_problems()
    return [(known[stamp.date], stamp.seconds // 60) for stamp in stamps]


def _refuse_midnight_of_the_old_date(stamps: Sequence[Stamp], diagnostics: Diagnostics) -> None:
    """Refuse a midnight that comes behind the last interval of its own date: it is the end of that day, not its start.

    A file may run forwards or backwards in time. Only a date of one site that goes back once, at midnight, is meant:
    rows of another counter, or in no order, begin anew in another way.
    """
    by_date: dict[tuple[str, str], list[Stamp]] = {}
    for stamp in stamps:
        by_date.setdefault((stamp.site, stamp.date), []).append(stamp)
    for of_date in by_date.values():
        for ordered in (of_date, of_date[::-1]) if len(of_date) > _DAY_AND_NIGHT else ():
            back = [place for place, (old, new) in enumerate(pairwise(ordered), 1) if old.seconds >= new.seconds]
            if len(back) != 1 or ordered[back[0]].seconds:
                continue
            last, midnight = ordered[back[0] - 1], ordered[back[0]]
            if ordered[-1].seconds < ordered[0].seconds and _DAY_S - last.seconds <= _HOUR_S:
                diagnostics.problem(
                    f"0:00 of {midnight.date} comes after {clock_text(last.seconds // 60)} of the same date, as if it "
                    "ended that day; allowed: the start of each interval, and 0:00 with the date of the new day",
                    midnight.line,
                )


def clock_change(day: dt.date) -> tuple[Literal["spring", "autumn"], tuple[int, ...]] | None:
    """Say whether clocks are changed on a date in Europe or North America, and at which hours.

    Few files name a time zone, so both rules count: European Union and United Kingdom (last Sundays of March
    and October), United States and Canada (second Sunday of March, first of November, since 2007).

    Returns
    -------
    tuple or None
        The season and the clock hours that may be skipped or repeated.

    Examples
    --------
    >>> clock_change(dt.date(2016, 11, 6))
    ('autumn', (1,))
    """
    if day.isoweekday() != _SUNDAY:
        return None
    rules: tuple[tuple[int, range, Literal["spring", "autumn"], tuple[int, ...]], ...] = (
        (3, range(8, 15), "spring", (2,)),
        (3, range(25, 32), "spring", (2, 1, 3)),
        (10, range(25, 32), "autumn", (2, 1, 3)),
        (11, range(1, 8), "autumn", (1,)),
    )
    return next(
        ((season, hours) for month, days, season, hours in rules if day.month == month and day.day in days),
        None,
    )


def clock_text(start_min: int) -> str:
    """Write minutes after midnight as HH:MM; hours from 24 on belong to the next day."""
    return f"{start_min // 60:02d}:{start_min % 60:02d}"
