"""The days of a counts file, hour by hour, as they are drawn: worked out beside the page, as a file may be large."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from funnelsim.counts.names import LEFT_OUT
from funnelsim.counts.table import Counts
from funnelsim.units import HOUR_MIN

MOST_DAYS: Final = 366


@dataclass(frozen=True)
class CountedDays:
    """The days of a counts file.

    Attributes
    ----------
    days
        From the first to the last; of very many the last ones.
    cells
        Hour, position of the day, and vehicles per hour, of each hour that was counted.
    are_cut
        Whether there are more days before them.
    """

    days: tuple[dt.date, ...]
    cells: tuple[tuple[int, int, int], ...]
    are_cut: bool


def counted_days(counts: Counts, whole: Counts) -> CountedDays | None:
    """Return the days of a counts file; None where it has no dates, or a single one.

    Parameters
    ----------
    counts
        The streams, channels and days that are meant.
    whole
        All that the file holds: days of it that are not meant are left out.
    """
    hours = _hours(counts)
    if not counts.dated or hours["date"].n_unique() < 2:  # noqa: PLR2004  (of one day there is the other chart)
        return None
    there = hours["date"].unique().sort().to_list()
    first = max(there[0], there[-1] - dt.timedelta(days=MOST_DAYS - 1))
    others = {*whole.table["date"].unique().to_list()} - {*counts.table["date"].unique().to_list()}
    all_days = (first + dt.timedelta(days=number) for number in range((there[-1] - first).days + 1))
    days = [day for day in all_days if day not in others]
    row = {day: number for number, day in enumerate(days)}
    cells = ((hour, row[date], round(rate)) for date, hour, rate in hours.iter_rows() if date in row)
    return CountedDays(tuple(days), tuple(cells), are_cut=first > there[0])


def _hours(counts: Counts) -> pl.DataFrame:
    """Return date, hour and vehicles per hour of intervals counted whole; an hour that comes twice is averaged."""
    left_out = [kind for kind, target in counts.class_map.items() if target.strip() in LEFT_OUT]
    whole = counts.table.filter(~pl.col("partial"), ~pl.col("class").is_in(left_out))
    each = whole.group_by("date", "start_min", "stream", "channel", "class").agg(pl.col("vehicles").mean())
    by_slot = each.group_by("date", "start_min").agg(pl.col("vehicles").sum())
    return (
        by_slot.group_by("date", (pl.col("start_min") // int(HOUR_MIN)).alias("hour"))
        .agg(pl.col("vehicles").mean() * (HOUR_MIN / counts.minutes))
        .sort("date", "hour")
    )
