"""The faults that a file of any format can have, handled or refused in one place.

Each check takes the entries of a file as a table (``line``, ``stream``, ``channel``, ``date``, ``start_min``,
``class``, ``vehicles`` with null for blank) and returns those that stand.
"""

import datetime as dt
from collections import defaultdict
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.gaps import place
from funnelsim.counts.names import TOTAL

_INTERVAL: Final = ["stream", "channel", "date", "start_min"]
_MOST_PER_HOUR: Final = 50_000
"""More than any road carries: twenty full motorway lanes."""

_BUSY_PER_HOUR: Final = 100
_NAMED: Final = 5
_ROUNDING: Final = 0.5
_FEWEST_DAYS: Final = 3
_HOURS_OF_ONE_NAME: Final = 2
_SILENT_SHARE: Final = 0.01


def refuse_impossible(frame: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> None:
    """Refuse counts that no road carries, and intervals that do not start on the grid of the day."""
    most = _MOST_PER_HOUR * minutes / 60
    for line, kind, vehicles in frame.filter(pl.col("vehicles") > most).select("line", "class", "vehicles").iter_rows():
        diagnostics.problem(
            f"{kind}: {vehicles:,.0f} vehicles in {minutes} min given; allowed: up to {most:,.0f}", line
        )
    off_grid = frame.filter(pl.col("start_min") % minutes != 0).unique("line", maintain_order=True)
    for line, start in off_grid.select("line", "start_min").iter_rows():
        diagnostics.problem(
            f"an interval of {minutes} min starts at {clock_text(start)}; allowed: multiples from 00:00",
            line,
        )


def count_once(frame: pl.DataFrame, diagnostics: Diagnostics) -> pl.DataFrame:
    """Count repeated intervals once where they say the same; refuse them where they do not.

    In the night on which clocks go back an hour comes twice, so two different counts are right there and both
    stay.
    """
    lines_each = frame.group_by(_INTERVAL).agg(pl.col("line").n_unique().alias("lines"))
    repeated = frame.join(lines_each.filter(pl.col("lines") > 1), on=_INTERVAL, nulls_equal=True)
    if repeated.is_empty():
        return frame
    versions: dict[tuple[object, ...], dict[int, set[tuple[str, float]]]] = defaultdict(dict)
    for row in repeated.sort("line").iter_rows(named=True):
        counted = versions[tuple(row[name] for name in _INTERVAL)].setdefault(row["line"], set())
        if row["vehicles"] is not None:
            counted.add((row["class"], row["vehicles"]))
    dropped: set[int] = set()
    twice: list[str] = []
    for (stream, channel, date, start), lines in versions.items():
        filled = {line: counted for line, counted in lines.items() if counted} or dict(list(lines.items())[:1])
        kinds = {frozenset(counted) for counted in filled.values()}
        when = f"{date or ''} {clock_text(int(str(start)))}".strip()
        hour = int(str(start)) // 60
        change = clock_change(date) if isinstance(date, dt.date) else None
        if len(kinds) == 1:
            keep = {min(filled)}
        elif len(filled) == _HOURS_OF_ONE_NAME and change and change[0] == "autumn" and hour in change[1]:
            keep = set(filled)
            twice.append(when)
        else:
            where = place(str(stream), str(channel))
            others = ", ".join(str(line) for line in sorted(filled)[:-1][:_NAMED])
            diagnostics.problem(
                f"{where + ': ' if where else ''}{when} comes again with other counts than on line {others}; "
                f"keep the right one",
                max(filled),
            )
            keep = set(filled)
        dropped |= set(lines) - keep
    if twice:
        diagnostics.notes.append(
            f"clocks went back: both counts of {', '.join(twice[:_NAMED])} are kept, averages use their mean"
        )
    if dropped:
        diagnostics.notes.append(f"{len(dropped):,} rows repeat an interval with the same counts; each is counted once")
    return _without_lines(frame, repeated, dropped)


def _without_lines(frame: pl.DataFrame, repeated: pl.DataFrame, dropped: set[int]) -> pl.DataFrame:
    """Take the dropped lines out, but only of the intervals that were repeated."""
    gone = repeated.filter(pl.col("line").is_in(list(dropped))).select("line", *_INTERVAL).unique()
    return frame.join(gone, on=["line", *_INTERVAL], how="anti", nulls_equal=True)


def parts_without_totals(frame: pl.DataFrame, diagnostics: Diagnostics, *, must_fit: bool) -> pl.DataFrame:
    """Keep a total only where no class was counted; check it against the sum of its parts elsewhere."""
    is_total = pl.col("class") == TOTAL
    if frame.filter(is_total).is_empty() or frame.filter(~is_total).is_empty():
        return frame
    keys = ["line", *_INTERVAL]
    parts = (
        frame.filter(~is_total)
        .group_by(keys)
        .agg(
            pl.col("vehicles").sum().alias("sum"),
            pl.col("vehicles").count().alias("counted"),
        )
        .filter(pl.col("counted") > 0)
    )
    beside = frame.filter(is_total, pl.col("vehicles").is_not_null()).join(parts, on=keys, nulls_equal=True)
    wholly = frame.filter(~is_total).group_by("class").agg(pl.col("vehicles").count() > 0).filter("vehicles").height
    wrong = beside.filter(pl.col("counted") == wholly, (pl.col("vehicles") - pl.col("sum")).abs() > _ROUNDING).sort(
        "line"
    )
    for line, total, added in wrong.select("line", "vehicles", "sum").iter_rows() if must_fit else ():
        diagnostics.problem(
            f"total {total:g} given, but the classes add up to {added:g}; mend one or leave the total out",
            line,
        )
    if wrong.height and not must_fit:
        first = wrong.row(0, named=True)
        diagnostics.warnings.append(
            f"in {wrong.height:,} intervals the classes do not add up to the total (line {first['line']}: "
            f"{first['sum']:g} against {first['vehicles']:g}); the classes are used"
        )
    if beside.height:
        diagnostics.notes.append("totals stand beside their parts; they are not added")
    frame = frame.join(
        parts.select(keys).with_columns(pl.lit(TOTAL).alias("class")),
        on=[*keys, "class"],
        how="anti",
        nulls_equal=True,
    )
    only_total = frame.filter(is_total, pl.col("vehicles").is_not_null())
    if only_total.height:
        diagnostics.warnings.append(f"{only_total.height:,} intervals have a total but no classes")
    blank = frame.filter(~is_total, pl.col("vehicles").is_null())
    alone = blank.join(only_total.select(keys), on=keys, how="semi", nulls_equal=True)
    # Where only the total was counted the blank classes are no news of their own.
    return frame.join(alone.select(*keys, "class"), on=[*keys, "class"], how="anti", nulls_equal=True)


def without_blanks(frame: pl.DataFrame, diagnostics: Diagnostics) -> pl.DataFrame:
    """Drop blank cells, which mean "not counted", and say so by class."""
    blank = pl.col("vehicles").is_null()
    if not frame.select(blank.any()).item():
        return frame
    by_class = frame.group_by("class", maintain_order=True).agg(blank.sum().alias("blank"), pl.len().alias("all"))
    for kind, blanks, rows in by_class.filter(pl.col("blank") > 0).iter_rows():
        if blanks == rows:
            diagnostics.notes.append(f"{kind} is blank all through: not counted (not zero)")
        else:
            diagnostics.warnings.append(f"{kind} is blank in {blanks:,} intervals: not counted there (not zero)")
    return frame.filter(~blank)


def warn_of_silence(frame: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> None:
    """Warn of an interval with next to nothing where its neighbours or other days have plenty.

    The road was closed or the counter failed; either way it is no typical traffic. The counts stay.
    """
    busy = _BUSY_PER_HOUR * minutes / 60
    pair = ["stream", "channel"]
    totals = frame.group_by(_INTERVAL).agg(pl.col("vehicles").sum()).sort(_INTERVAL)
    vehicles = pl.col("vehicles")
    other_days = pl.len().over([*pair, "start_min"]) >= _FEWEST_DAYS
    usual = pl.when(other_days).then(vehicles.median().over([*pair, "start_min"])).otherwise(0)
    beside = pl.max_horizontal(vehicles.shift(1).over(pair), vehicles.shift(-1).over(pair)).fill_null(0)
    silent = totals.filter(
        ((vehicles == 0) & (beside >= busy)) | ((usual >= busy) & (vehicles < _SILENT_SHARE * usual))
    )
    named = [
        f"{place(stream, channel)} {f'{date:%a %d %b %Y}' if date else ''} {clock_text(start)}".strip()
        for stream, channel, date, start in silent.head(_NAMED).select(_INTERVAL).iter_rows()
    ]
    if named:
        more = f" and {silent.height - _NAMED} more" if silent.height > _NAMED else ""
        diagnostics.warnings.append(
            f"next to no vehicles where there are usually many, a closed road or a failed counter: "
            f"{', '.join(named)}{more}; they are used as they stand"
        )
