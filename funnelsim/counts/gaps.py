"""Missing intervals: named, never filled with zeros."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.units import DAY_MIN

_DAYS_NAMED: Final = 3
_EPOCH: Final = dt.date(1970, 1, 1)
_HOUR: Final = 60
_NIGHT: Final = range(60, 4 * 60)
"""The minutes of the day at which clocks may go back."""


@dataclass(frozen=True)
class Gap:
    """A stretch of intervals without a count, in one stream and channel.

    Parameters
    ----------
    stream, channel
        Where; empty where the file names none.
    date
        The date of the first missing interval; None where the file gives times of day only.
    start_min
        Minutes after midnight at which the first missing interval starts.
    intervals, minutes
        How many intervals are missing, and the length of one.
    """

    stream: str
    channel: str
    date: dt.date | None
    start_min: int
    intervals: int
    minutes: int

    def __str__(self) -> str:
        where = place(self.stream, self.channel)
        day = f"{self.date:%a %d %b %Y} " if self.date else ""
        hours = self.intervals * self.minutes / 60
        length = f"{hours:,.0f} h" if hours == int(hours) else f"{self.intervals * self.minutes} min"
        return f"{where + ': ' if where else ''}{day}{clock_text(self.start_min)}, {length} without a count"


def place(stream: str, channel: str) -> str:
    """Name a stream and channel in words."""
    return ", ".join(part for part in (stream, f"channel {channel}" if channel else "") if part)


def find_gaps(frame: pl.DataFrame, minutes: int) -> tuple[tuple[Gap, ...], tuple[str, ...], tuple[str, ...]]:
    """Find the missing intervals of each stream and channel, and what clock changes explain.

    Parameters
    ----------
    frame
        ``stream``, ``channel``, ``date``, ``start_min`` of what was counted.
    minutes
        Length of an interval.

    Returns
    -------
    tuple
        The gaps, the notes (hours that did not exist), the warnings (hours that existed twice).
    """
    gaps: list[Gap] = []
    skipped: set[tuple[dt.date, int]] = set()
    for (stream, channel), part in frame.group_by(["stream", "channel"], maintain_order=True):
        dated = part["date"].null_count() == 0
        slot = _ordinal() if dated else pl.col("start_min")
        slots = part.select(slot).to_series().unique().sort().to_list()
        days_done: set[dt.date] = set()
        for before, after in pairwise(slots):
            if after - before == minutes:
                continue
            skipped_here = _skipped_hours(before, after, days_done) if dated else {}
            skipped |= set(skipped_here.values())
            days_done |= {day for day, _ in skipped_here.values()}
            for first, number in _stretches(before + minutes, after, minutes, skipped_here):
                date, start = (_date_of(first), first % DAY_MIN) if dated else (None, first)
                gaps.append(Gap(str(stream), str(channel), date, start, number, minutes))
    notes = tuple(
        f"{day:%a %d %b %Y}: the hour {hour:02d}:00 did not exist (clocks went forward); it is no gap"
        for day, hour in sorted(skipped)
    )
    return tuple(gaps), notes, tuple(_twice(frame))


def _ordinal() -> pl.Expr:
    """Minutes since the epoch of a date and a minute of the day."""
    return pl.col("date").to_physical().cast(pl.Int64) * DAY_MIN + pl.col("start_min")


def _date_of(slot: int) -> dt.date:
    return _EPOCH + dt.timedelta(minutes=slot)


def _skipped_hours(before: int, after: int, done: set[dt.date]) -> dict[int, tuple[dt.date, int]]:
    """Find the whole hours in a gap that a change to summer time skips.

    Only a day that was counted can show such an hour, so only the days at the gap's two ends are looked at. Each day
    shows one: those in ``done`` already have.
    """
    skipped: dict[int, tuple[dt.date, int]] = {}
    for day in {_date_of(before), _date_of(after)} - done:
        change = clock_change(day)
        midnight = (day - _EPOCH).days * DAY_MIN
        hours = change[1] if change and change[0] == "spring" else ()
        within = [hour for hour in hours if before < midnight + hour * _HOUR <= after - _HOUR]
        if within:
            skipped[midnight + within[0] * _HOUR] = (day, within[0])
    return skipped


def _stretches(first: int, end: int, minutes: int, skipped: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Cut the skipped hours out of a gap: the start and the number of intervals of what is left."""
    for hour in sorted(skipped):
        if hour > first:
            yield first, (hour - first) // minutes
        first = hour + _HOUR
    if end > first:
        yield first, (end - first) // minutes


def _twice(frame: pl.DataFrame) -> Iterable[str]:
    """Warn of the hour that a change to winter time repeats, where the file has it once."""
    if frame["date"].null_count():
        return
    once: dict[dt.date, tuple[int, ...]] = defaultdict(tuple)
    for day in frame["date"].unique().sort():
        change = clock_change(day)
        if change is None or change[0] != "autumn":
            continue
        night = frame.filter(pl.col("date") == day, pl.col("start_min").is_in(list(_NIGHT)))
        keys = ["stream", "channel", "start_min", "class"]
        if night.height == night.unique(keys).height > 0:
            once[day] = change[1]
    for day, hours in list(once.items())[:_DAYS_NAMED]:
        label = " or ".join(f"{hour:02d}:00" for hour in sorted(hours))
        yield (
            f"{day:%a %d %b %Y} had 25 hours where clocks went back, the file has 24: {label} may hold "
            f"one of the two hours or both"
        )
    if len(once) > _DAYS_NAMED:
        yield f"and {len(once) - _DAYS_NAMED} more nights on which clocks went back"
