"""Intervals that come again in a mapped file: the same counts are counted once, others refused."""

from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.table import stream_label
from funnelsim.wording import counted, joined, verb

_CELL: Final = ["stream", "channel", "date", "start_min", "offset", "class"]
_NAMED: Final = 5


def counted_once(entries: pl.DataFrame, diagnostics: Diagnostics) -> pl.DataFrame:
    """Count repeated intervals once where they say the same; refuse them where they do not.

    Offsets from UTC tell the two hours apart that one night in autumn has; without them two different counts of such
    an hour stay both.
    """
    again = entries.filter(pl.col("vehicles").is_not_null(), pl.struct(_CELL).is_duplicated())
    if again.is_empty():
        return _first_of_blanks(entries)
    same = pl.col("vehicles").n_unique().over(_CELL) == 1
    differing = again.filter(~same)
    night = _twice_at_night(differing)
    differing = differing.join(night, on=["date", "start_min"], how="anti", nulls_equal=True)
    for (stream, channel, date), rows in differing.group_by("stream", "channel", "date", maintain_order=True):
        _refuse(str(stream), str(channel), date, rows, diagnostics)
    _say_twice(night, diagnostics)
    dropped = again.filter(same).filter(pl.col("line") != pl.col("line").min().over(_CELL))
    number = dropped["line"].n_unique()
    if number:
        diagnostics.notes.append(
            f"{counted(number, 'row')} {verb(number, 'repeats', 'repeat')} an interval with the same counts, which is "
            "counted once"
        )
    kept = entries.join(dropped.select("line", *_CELL), on=["line", *_CELL], how="anti", nulls_equal=True)
    return _first_of_blanks(kept)


def _first_of_blanks(entries: pl.DataFrame) -> pl.DataFrame:
    """Leave out blanks of an interval that is counted elsewhere, or blank twice."""
    blank = pl.col("vehicles").is_null()
    if not entries.select((blank & pl.struct(_CELL).is_duplicated()).any()).item():
        return entries
    return entries.filter(~blank | (blank.all().over(_CELL) & (pl.col("line") == pl.col("line").min().over(_CELL))))


def _twice_at_night(differing: pl.DataFrame) -> pl.DataFrame:
    """Return the intervals that clocks going back repeat: each counted on two lines."""
    each = differing.group_by(_CELL).agg(pl.col("line").n_unique().alias("lines"))
    pairs = each.filter(pl.col("lines") == 2).select("date", "start_min").unique().drop_nulls()  # noqa: PLR2004
    night = [
        (date, start)
        for date, start in pairs.iter_rows()
        if (change := clock_change(date)) is not None and change[0] == "autumn" and start // 60 in change[1]
    ]
    return pl.DataFrame(night, schema=pairs.schema, orient="row")


def _say_twice(night: pl.DataFrame, diagnostics: Diagnostics) -> None:
    if night.height:
        named = [
            f"{date} {clock_text(start)}" for date, start in night.sort("date", "start_min").head(_NAMED).iter_rows()
        ]
        diagnostics.notes.append(
            f"clocks went back: both counts of {', '.join(named)} are kept, and averages use their mean"
        )


def _refuse(stream: str, channel: str, date: object, rows: pl.DataFrame, diagnostics: Diagnostics) -> None:
    """Name the lines that count the same day of the same place with different numbers."""
    lines = rows["line"].unique().sort().to_list()
    first = rows.sort("start_min", "class", "line").head(2)
    numbers = joined([f"{vehicles:g}" for vehicles in first["vehicles"]])
    where = stream_label(stream, channel)
    intervals = rows["start_min"].n_unique()
    more = f", … ({len(lines)} lines)" if len(lines) > _NAMED else ""
    diagnostics.problem(
        f"{where + ': ' if where else ''}{date or 'the day'} is counted twice with different numbers in "
        f"{counted(intervals, 'interval')} (lines {', '.join(map(str, lines[:_NAMED]))}{more}; "
        f"{clock_text(first['start_min'][0])}: {numbers}); keep only the right rows, or name with stream or channel "
        "the column that tells them apart",
        lines[-1],
    )
