"""Intervals that come again in a mapped file: the same counts are counted once, others refused."""

from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE
from funnelsim.counts.table import stream_label
from funnelsim.wording import counted, joined, verb

_CELL: Final = ["stream", "channel", "date", "start_min", "offset", "class"]
_NAMED: Final = 5
_FEWEST: Final = 3
_MOST: Final = 0.8
_USUAL: Final = 0.5
_MOST_NAMES: Final = 200


def counted_once(entries: pl.DataFrame, others: pl.DataFrame, diagnostics: Diagnostics) -> pl.DataFrame:
    """Count repeated intervals once where they say the same; refuse them where they do not.

    Offsets from UTC tell the two hours apart that one night in autumn has; without them two different counts of such
    an hour stay both.

    Parameters
    ----------
    entries
        The counts, with ``line`` and ``offset``.
    others
        The cells of the columns that the mapping does not name, by line.
    diagnostics
        Where problems and notes go.
    """
    if not entries.select(pl.struct(_CELL).hash().is_duplicated().any()).item():  # short in memory, as most files are
        return entries
    again = entries.filter(pl.col("vehicles").is_not_null(), pl.struct(_CELL).is_duplicated())
    if again.is_empty():
        return _first_of_blanks(entries)
    same = pl.col("vehicles").n_unique().over(_CELL) == 1
    differing = again.filter(~same)
    night = _twice_at_night(differing)
    differing = differing.join(night, on=["date", "start_min"], how="anti", nulls_equal=True)
    if column := _telling_apart(again, others, of_differing=False) or _telling_apart(
        differing, others, of_differing=True
    ):
        _ask_for_place(column, again, others, diagnostics)
        return entries
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


def _telling_apart(again: pl.DataFrame, others: pl.DataFrame, *, of_differing: bool) -> str | None:
    """Return the column that the mapping does not name and whose values have one row each in intervals that come again.

    Rows with different counts are told apart by any column that differs in most of the intervals; with the same
    counts, as of two quiet streets at night, by one whose few values have each most of the intervals.
    """
    lines = again.select("line", *_CELL[:-1]).unique()
    if lines.height < 2 * _FEWEST:
        return None
    intervals = lines.select(_CELL[:-1]).unique().height
    for column in others.columns:
        if column == LINE or others[column].n_unique() > _MOST_NAMES:
            continue
        named = lines.join(others.select(pl.col(LINE).alias("line"), pl.col(column).alias("name")), on="line")
        each = named.unique(["name", *_CELL[:-1]]).group_by("name").len()
        apart = each.height > 1 and "" not in each["name"] and each["len"].sum() >= _MOST * named.height
        if apart and (of_differing or (each["len"] >= _USUAL * intervals).all()):
            return column
    return None


def _ask_for_place(column: str, again: pl.DataFrame, others: pl.DataFrame, diagnostics: Diagnostics) -> None:
    """Refuse several sites that the mapping takes for one."""
    names = others[column].unique().sort()
    listed = ", ".join(names.head(_NAMED)) + (", …" if names.len() > _NAMED else "")
    first = again.sort("line").row(0, named=True)
    lines = (
        again.filter(
            pl.col("start_min") == first["start_min"], pl.col("date").eq_missing(pl.lit(first["date"], pl.Date))
        )["line"]
        .unique()
        .sort()
    )
    named = joined([str(line) for line in lines.head(_NAMED)])
    diagnostics.problem(
        f"the same intervals come again for each {column!r} ({listed}), as on the lines {named}: name {column!r} as "
        "stream or channel, or keep one with where"
    )


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
