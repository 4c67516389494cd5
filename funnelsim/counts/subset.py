"""Which part of a count is meant: streams, channels, dates, weekdays."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import polars as pl

from funnelsim.counts.table import Counts, stream_label
from funnelsim.errors import CountsError, Problem

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST: Final = 3
_NAMED: Final = 40

Names = str | Sequence[str] | None
"""One name, several, or none given."""


def choose_streams(table: pl.DataFrame, source: str, stream: Names, channel: Names) -> pl.DataFrame:
    """Keep the streams and channels asked for.

    Parameters
    ----------
    table
        Rows with ``stream`` and ``channel``.
    source
        The file's name, for messages.
    stream, channel
        Names; None where there is no choice.

    Raises
    ------
    CountsError
        When a name is not in the file, or a choice is needed and not given; lists what there is.
    """
    for column, given in (("stream", stream), ("channel", channel)):
        if given is None:
            continue
        wanted = [given] if isinstance(given, str) else list(given)
        there = table[column].unique().sort().to_list()
        strange = [name for name in wanted if name not in there] or ([] if wanted else ["nothing"])
        if strange:
            listed = ", ".join(there[:_NAMED]) if any(there) else "none, the file names no " + column
            raise CountsError([Problem(source, f"{column} {', '.join(strange)} given; allowed: {listed}")])
        table = table.filter(pl.col(column).is_in(wanted))
    pairs = table.select("stream", "channel").unique().sort("stream", "channel")
    asked = []
    if (
        stream is None
        and pairs["stream"].n_unique() > 1
        and (channel is None or pairs["channel"].is_duplicated().any())
    ):
        asked.append("stream")
    if (
        channel is None
        and pairs["channel"].n_unique() > 1
        and (stream is None or pairs["stream"].is_duplicated().any())
    ):
        asked.append("channel")
    if asked:
        listed = "; ".join(stream_label(*pair) for pair in pairs.head(_NAMED).iter_rows())
        raise CountsError([Problem(source, f"choose the {' and the '.join(asked)} (one or several): {listed}")])
    return table


def calendar_day(counts: Counts, date: dt.date | str) -> dt.date:
    """Return the date asked for, which the file must have.

    Raises
    ------
    CountsError
        When the text is no date, or the file has none, or not this one.
    """
    if not counts.dated:
        raise CountsError(
            [Problem(counts.source, f"date {date} given, but the file has only times of day; leave the date out")]
        )
    try:
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    except ValueError as error:
        raise CountsError([Problem(counts.source, f"date {date!r} given; allowed: like '2024-05-06'")]) from error
    there = counts.table["date"].unique().sort()
    if day not in there.to_list():
        message = f"date {day} given; the file has {there.len()} dates from {there[0]} to {there[-1]}, not this one"
        raise CountsError([Problem(counts.source, message)])
    return day


def weekday_numbers(counts: Counts, weekdays: Sequence[str]) -> list[int]:
    """Return the numbers of weekdays, Monday being 1.

    Raises
    ------
    CountsError
        When a name is no weekday, or the file has no dates.
    """
    if not counts.dated:
        raise CountsError(
            [Problem(counts.source, "weekdays given, but the file has only times of day; leave the weekdays out")]
        )
    numbers: list[int] = []
    given = [weekdays] if isinstance(weekdays, str) else list(weekdays)
    for name in given:
        match = [i for i, day in enumerate(WEEKDAYS, 1) if len(name) >= _SHORTEST and day.startswith(name.lower())]
        if not match:
            message = f"weekday {name!r} given; allowed: {', '.join(day[:3] for day in WEEKDAYS)}"
            raise CountsError([Problem(counts.source, message)])
        numbers.append(match[0])
    if not numbers:
        raise CountsError([Problem(counts.source, "no weekdays given; allowed: some, or leave the key out")])
    return numbers
