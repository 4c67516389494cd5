"""What a reader returns: one tidy table, whatever the file looked like."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from funnelsim.counts.dates import clock_text

TABLE_SCHEMA = pl.Schema(
    {
        "stream": pl.String(),
        "channel": pl.String(),
        "date": pl.Date(),
        "start_min": pl.Int64(),
        "minutes": pl.Int64(),
        "class": pl.String(),
        "vehicles": pl.Float64(),
        "partial": pl.Boolean(),
    }
)
"""The columns of `Counts.table`."""


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
        where = stream_label(self.stream, self.channel)
        day = f"{self.date:%a %d %b %Y} " if self.date else ""
        hours = self.intervals * self.minutes / 60
        length = f"{hours:,.0f} h" if hours == int(hours) else f"{self.intervals * self.minutes} min"
        return f"{where + ': ' if where else ''}{day}{clock_text(self.start_min)}, {length} without a count"


def stream_label(stream: str, channel: str) -> str:
    """Return the name of a stream and channel in words."""
    return ", ".join(part for part in (stream, f"channel {channel}" if channel else "") if part)


@dataclass(frozen=True, eq=False)
class Counts:
    """What a count file says.

    Parameters
    ----------
    source
        The file's name.
    format
        The name of its format, one of ``FORMATS``, or ``mapping`` and the name of the mapping.
    class_map
        What each class of this format becomes in a scenario, "-" for left out; empty where the file already has the
        scenario's classes.
    table
        One row an interval and class: ``stream`` (site or stream), ``channel`` (direction or channel), both
        empty where the file names none; ``date``, null where the file gives times of day only; ``start_min``,
        minutes after midnight at which the interval starts; ``minutes``, its length; ``class``, in the file's
        own words, "total" where no class was counted; ``vehicles``; ``partial``, true where the counter may
        have run for only a part of the interval. What was not counted has no row.
    vehicles
        For files with a line a vehicle: ``channel``, ``time``, ``class``, ``speed_kmh``, sorted by time; else
        None.
    notes
        How the file was read, in words.
    warnings
        What the planner should check, in words.
    gaps
        Stretches without a count between the first and the last interval of a stream.
    origin
        Where the counts come from, as a comment ``# source: ...`` of the file says; empty where none does.
    """

    source: str
    format: str
    table: pl.DataFrame
    class_map: Mapping[str, str] = field(default_factory=dict)
    vehicles: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    origin: str = ""

    @property
    def dated(self) -> bool:
        """Whether the file gives dates, not only times of day."""
        return self.table["date"].null_count() == 0

    @property
    def minutes(self) -> int:
        """The length of an interval."""
        return int(self.table["minutes"][0])
