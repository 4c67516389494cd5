"""What a reader hands over: one tidy table, whatever the file looked like."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from funnelsim.counts.gaps import Gap

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


@dataclass(frozen=True, eq=False)
class Counts:
    """A count file, understood.

    Parameters
    ----------
    source
        The file's name.
    format
        The name of its format, one of ``FORMATS``.
    table
        One row an interval and class: ``stream`` (site or stream), ``channel`` (direction or channel), both
        empty where the file names none; ``date``, null where the file gives times of day only; ``start_min``,
        minutes after midnight at which the interval starts; ``minutes``, its length; ``class``, in the file's
        own words, "total" where no class was counted; ``vehicles``; ``partial``, true where the counter may
        have run for a part of the interval only. What was not counted has no row.
    vehicles
        For files with a line a vehicle: ``channel``, ``time``, ``class``, ``speed_kmh``, sorted by time; else
        None.
    notes
        How the file was read, in words.
    warnings
        What the planner should check, in words.
    gaps
        Stretches without a count between the first and the last interval of a stream.
    """

    source: str
    format: str
    table: pl.DataFrame
    vehicles: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    gaps: "tuple[Gap, ...]" = ()

    @property
    def dated(self) -> bool:
        """Whether the file gives dates, not only times of day."""
        return self.table["date"].null_count() == 0

    @property
    def minutes(self) -> int:
        """The length of an interval."""
        return int(self.table["minutes"][0])
