"""Intervals that come again in a count file: a row twice, several counters, or the hour that autumn has twice."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.table import stream_label
from funnelsim.wording import counted, joined, verb

_INTERVAL: Final = ["stream", "channel", "date", "start_min"]
_NAMED: Final = 5
_MOST: Final = 0.8
"""Of the rows of several counters, the others being the same row twice."""

_NAMES: Final = 12
"""A column with more values counts or measures something."""

_HOURS_OF_ONE_NAME: Final = 2
_FEWEST_REPEATS: Final = 3
"""Fewer intervals that come again may be corrections."""

_USUAL: Final = 0.5
"""A counter has counted in at least this share of the intervals."""

Unread = Mapping[str, Mapping[int, str]]
"""By column that the format does not read: the cell of each line."""

_Interval = tuple[object, ...]
_Versions = dict[_Interval, dict[int, frozenset[tuple[str, float]]]]


def count_once(frame: pl.DataFrame, unread: Unread, rows_left_out: int, diagnostics: Diagnostics) -> pl.DataFrame:
    """Count repeated intervals once where they say the same; refuse them where they do not.

    In the night on which clocks go back an hour comes twice, so two different counts are right there and both
    stay. Rows that another column tells apart interval after interval come from several counters: that column
    becomes the channel, so that the planner is asked for one.

    Parameters
    ----------
    frame
        The counts.
    unread
        Columns that the format does not read.
    rows_left_out
        How many rows were the same as one before and are not in `frame`.
    diagnostics
        Where problems and notes go.
    """
    versions = _versions(frame)
    if not versions:
        _say_dropped(rows_left_out, {}, diagnostics)
        return frame
    column = _telling_apart(versions, frame, unread)
    if column is not None:
        names = {line: f"{column} {value}" for line, value in unread[column].items()}
        frame = frame.with_columns(pl.col("line").replace_strict(names, return_dtype=pl.String).alias("channel"))
        diagnostics.warnings.append(
            f"the same intervals come again for each {column} ({_few(set(unread[column].values()))}), so it is read as "
            "the channel: choose one (channel), or several that are added"
        )
        versions = _versions(frame)
    return _without_repeats(frame, versions, unread, rows_left_out, diagnostics)


def _versions(frame: pl.DataFrame) -> _Versions:
    """Return the counts of each line, by class, for the intervals that several lines have."""
    lines_each = frame.group_by(_INTERVAL).agg(pl.col("line").n_unique().alias("lines"))
    repeated = frame.join(lines_each.filter(pl.col("lines") > 1), on=_INTERVAL, nulls_equal=True)
    cells: dict[_Interval, dict[int, set[tuple[str, float]]]] = defaultdict(dict)
    for row in repeated.sort("line").iter_rows(named=True):
        of_line = cells[tuple(row[name] for name in _INTERVAL)].setdefault(row["line"], set())
        if row["vehicles"] is not None:
            of_line.add((row["class"], row["vehicles"]))
    return {interval: {line: frozenset(found) for line, found in lines.items()} for interval, lines in cells.items()}


def _telling_apart(versions: _Versions, frame: pl.DataFrame, unread: Unread) -> str | None:
    """Return the column whose values are the names of several counters, if there is one.

    Each counter has one row in an interval, and in most of the intervals; a remark, as of the weather, has not.
    """
    if frame["channel"].n_unique() > 1 or len(versions) < _FEWEST_REPEATS:
        return None
    lines = frame.select("line", *_INTERVAL).unique()
    intervals = lines.select(_INTERVAL).unique().height
    for column, cells in unread.items():
        named = lines.with_columns(pl.col("line").replace_strict(cells, return_dtype=pl.String).alias("name"))
        each = named.unique(["name", *_INTERVAL]).group_by("name").len()
        told_apart = each.height > 1 and each["len"].sum() >= _MOST * named.height
        if told_apart and (each["len"] >= _USUAL * intervals).all() and "" not in each["name"]:
            return column
    return None


def _without_repeats(
    frame: pl.DataFrame, versions: _Versions, unread: Unread, rows_left_out: int, diagnostics: Diagnostics
) -> pl.DataFrame:
    dropped: set[int] = set()
    gone: list[tuple[object, ...]] = []
    twice: list[str] = []
    differ: dict[str, set[str]] = defaultdict(set)
    for interval, lines in versions.items():
        stream, channel, date, start = interval
        filled = {line: cells for line, cells in lines.items() if cells} or dict(list(lines.items())[:1])
        when = f"{date or ''} {clock_text(int(str(start)))}".strip()
        other = _differing(filled, unread)
        if len(set(filled.values())) == 1:
            keep = {min(filled)}
            for column, values in other.items():
                differ[column] |= values
        elif _comes_twice(date, start, filled):
            keep = set(filled)
            twice.append(when)
        else:
            where = stream_label(str(stream), str(channel))
            others = ", ".join(str(line) for line in sorted(filled)[:-1][:_NAMED])
            names = {column: values for column, values in other.items() if len(set(unread[column].values())) <= _NAMES}
            differently = f", and differs in {_columns_text(names)}" if names else ""
            diagnostics.problem(
                f"{where + ': ' if where else ''}{when} is counted again, with other numbers than on line {others}"
                f"{differently}; keep only the right row",
                max(filled),
            )
            keep = set(filled)
        dropped |= set(lines) - keep
        gone += [(line, *interval) for line in set(lines) - keep]
    if twice:
        diagnostics.notes.append(
            f"clocks went back: both counts of {', '.join(twice[:_NAMED])} are kept, and averages use their mean"
        )
    _say_dropped(len(dropped) + rows_left_out, differ, diagnostics)
    schema = {name: frame.schema[name] for name in ("line", *_INTERVAL)}
    return frame.join(
        pl.DataFrame(gone, schema=schema, orient="row"), on=["line", *_INTERVAL], how="anti", nulls_equal=True
    )


def _say_dropped(rows: int, differ: Mapping[str, set[str]], diagnostics: Diagnostics) -> None:
    """Say how many rows are counted once, and ask whether they are other counters if another column differs."""
    if rows:
        diagnostics.notes.append(
            f"{counted(rows, 'row')} {verb(rows, 'repeats', 'repeat')} an interval with the same "
            "counts, which is counted once"
        )
    if differ:
        diagnostics.warnings.append(
            f"rows with the same interval and counts are counted once, but differ in {_columns_text(differ)}; if they "
            "come from several counters or lanes, the traffic is too low: keep the rows of one, or add them up"
        )


def _comes_twice(date: object, start: object, lines: Mapping[int, object]) -> bool:
    """Tell whether two rows are the hour that comes twice as clocks go back."""
    change = clock_change(date) if isinstance(date, dt.date) else None
    return (
        len(lines) == _HOURS_OF_ONE_NAME
        and change is not None
        and change[0] == "autumn"
        and int(str(start)) // 60 in change[1]
    )


def _differing(lines: Iterable[int], unread: Unread) -> dict[str, set[str]]:
    """Return the values of the columns in which lines differ that mean the same otherwise."""
    values = {column: {cells.get(line, "") for line in lines} for column, cells in unread.items()}
    return {column: found for column, found in values.items() if len(found) > 1}


def _columns_text(values: Mapping[str, set[str]]) -> str:
    """Return columns with some of their values: "detector (1, 2)"."""
    return joined([f"{column} ({_few(found)})" for column, found in list(values.items())[:_NAMED]], "or")


def _few(values: set[str]) -> str:
    named = sorted(values - {""})
    return ", ".join(named[:_NAMED]) + (", …" if len(named) > _NAMED else "")
