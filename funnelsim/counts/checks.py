"""The faults that a file of any format can have, handled or refused in one place.

Each check takes the entries of a file as a table (``line``, ``stream``, ``channel``, ``date``, ``start_min``,
``class``, ``vehicles`` with null for blank) and returns those that stand.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts.dates import clock_change, clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.names import SCENARIO_CLASSES, TOTAL
from funnelsim.counts.sums import find_sums
from funnelsim.counts.table import Gap, stream_label
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, joined, verb

TOTALS_NOT_ADDED: Final = "the file has both classes and totals; the totals are not added"
_INTERVAL: Final = ["stream", "channel", "date", "start_min"]
_MOST_PER_HOUR: Final = 50_000
"""More than any road carries: twenty full motorway lanes."""

_BUSY_PER_HOUR: Final = 100
_NAMED: Final = 5
_ROUNDING: Final = 0.5
_FEWEST_DAYS: Final = 3
_SILENT_SHARE: Final = 0.01
_DAYS_NAMED: Final = 3
_EPOCH: Final = dt.date(1970, 1, 1)
_HOUR: Final = 60
_NIGHT: Final = range(60, 4 * 60)
"""The minutes of the day at which clocks may go back."""


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


def parts_without_totals(
    frame: pl.DataFrame, diagnostics: Diagnostics, *, must_fit: bool, rounding: float = _ROUNDING
) -> pl.DataFrame:
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
    wrong = beside.filter(pl.col("counted") == wholly, (pl.col("vehicles") - pl.col("sum")).abs() > rounding).sort(
        "line"
    )
    for line, total, added in wrong.select("line", "vehicles", "sum").iter_rows() if must_fit else ():
        diagnostics.problem(
            f"total {total:g} given, but the classes add up to {added:g}; correct one of them or leave out the total",
            line,
        )
    if wrong.height and not must_fit:
        diagnostics.warnings.append(
            f"in {counted(wrong.height, 'interval')} the classes do not add up to the total "
            f"({_sums_text(wrong)}); the classes are used"
        )
    if beside.height and TOTALS_NOT_ADDED not in diagnostics.notes:
        diagnostics.notes.append(TOTALS_NOT_ADDED)
    frame = frame.join(
        parts.select(keys).with_columns(pl.lit(TOTAL).cast(frame.schema["class"]).alias("class")),
        on=[*keys, "class"],
        how="anti",
        nulls_equal=True,
    )
    only_total = frame.filter(is_total, pl.col("vehicles").is_not_null())
    if only_total.height:
        diagnostics.warnings.append(
            f"{counted(only_total.height, 'interval')} {verb(only_total.height, 'has', 'have')} a total but no classes"
            f"{_on_days(only_total['date'])}"
        )
    blank = frame.filter(~is_total, pl.col("vehicles").is_null())
    alone = blank.join(only_total.select(keys), on=keys, how="semi", nulls_equal=True)
    # Where only the total was counted the blank classes are no news of their own.
    return frame.join(alone.select(*keys, "class"), on=[*keys, "class"], how="anti", nulls_equal=True)


def refuse_sums(frame: pl.DataFrame, class_map: Mapping[str, str], diagnostics: Diagnostics) -> None:
    """Refuse a class that is the sum of others, such as a total under another name: it would count vehicles twice.

    Classes that a format or a scenario knows are none, whatever their numbers are.
    """
    known = {*class_map, *SCENARIO_CLASSES, TOTAL}
    if known.issuperset(frame["class"].unique()):
        return
    keys = ["line", *_INTERVAL]
    wide = frame.filter(pl.col("class") != TOTAL).pivot(
        on="class", index=keys, values="vehicles", aggregate_function="sum"
    )
    columns = {name: wide[name].to_numpy().astype(np.float64) for name in wide.columns if name not in keys}
    for one in find_sums(columns):
        same = len(one.parts) == 1
        if known.issuperset([one.name, *one.parts] if same else [one.name]):
            continue
        what = "the same as" if same else "the sum of"
        message = f"the class {one.name!r} is {what} {joined([repr(part) for part in one.parts])} in every row"
        if one.certain and not same:
            diagnostics.problem(
                f"{message}, so vehicles would be counted twice; allowed: call it total, or leave it out"
            )
        else:
            diagnostics.warnings.append(f"{message}; if it counts the same vehicles, they are counted twice")


def _sums_text(wrong: pl.DataFrame) -> str:
    """Name the first intervals whose classes do not add up to the total, with both numbers."""
    named = [
        f"line {line}: {added:g} against {total:g}{f' on {date:%a %d %b %Y} {clock_text(start)}' if date else ''}"
        for line, date, start, added, total in wrong.select("line", "date", "start_min", "sum", "vehicles")
        .head(_NAMED)
        .iter_rows()
    ]
    return "; ".join(named) + (f"; and {wrong.height - _NAMED} more" if wrong.height > _NAMED else "")


def _on_days(dates: pl.Series) -> str:
    """Name the days of some intervals, or their number; nothing where the file has no dates."""
    days = dates.drop_nulls().unique().sort()
    if days.is_empty():
        return ""
    if days.len() > _NAMED:
        return f" on {days.len()} days from {days[0]:%a %d %b %Y} to {days[-1]:%a %d %b %Y}"
    return f" on {joined([f'{day:%a %d %b %Y}' for day in days])}"


def without_blanks(frame: pl.DataFrame, diagnostics: Diagnostics) -> pl.DataFrame:
    """Drop blank cells, which mean "not counted", and say so by class."""
    blank = pl.col("vehicles").is_null()
    if not frame.select(blank.any()).item():
        return frame
    by_class = frame.group_by("class", maintain_order=True).agg(blank.sum().alias("blank"), pl.len().alias("all"))
    for kind, blanks, rows in by_class.filter(pl.col("blank") > 0).iter_rows():
        if blanks == rows:
            diagnostics.notes.append(f"{kind} is blank in every row: not counted (not zero)")
        else:
            diagnostics.warnings.append(
                f"{kind} is blank in {counted(blanks, 'interval')}: not counted there (not zero)"
            )
    return frame.filter(~blank)


def interval_sums(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the vehicles of all classes in each interval, and whether it may be partial; sorted."""
    return frame.group_by(_INTERVAL).agg(pl.col("vehicles").sum(), pl.col("partial").any()).sort(_INTERVAL)


def warn_of_silence(totals: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> None:
    """Warn of an interval with next to nothing where its neighbours or other days have plenty.

    The road was closed or the counter failed; either way it is no typical traffic. The counts stay.
    """
    busy = _BUSY_PER_HOUR * minutes / 60
    pair = ["stream", "channel"]
    vehicles = pl.col("vehicles")
    other_days = pl.len().over([*pair, "start_min"]) >= _FEWEST_DAYS
    usual = pl.when(other_days).then(vehicles.median().over([*pair, "start_min"])).otherwise(0)
    beside = pl.max_horizontal(vehicles.shift(1).over(pair), vehicles.shift(-1).over(pair)).fill_null(0)
    silent = totals.filter(
        ~pl.col("partial"),
        ((vehicles == 0) & (beside >= busy)) | ((usual >= busy) & (vehicles < _SILENT_SHARE * usual)),
    )
    for (stream, channel), part in silent.group_by(pair, maintain_order=True):
        named = [
            f"{f'{date:%a %d %b %Y} ' if date else ''}{clock_text(start)}"
            for date, start in part.head(_NAMED).select("date", "start_min").iter_rows()
        ]
        more = f" and {part.height - _NAMED} more" if part.height > _NAMED else ""
        where = stream_label(str(stream), str(channel))
        diagnostics.warnings.append(
            f"{where + ': ' if where else ''}almost no vehicles where there are usually many (a closed road or a "
            f"failed counter?): {', '.join(named)}{more}; these counts are used unchanged"
        )


def find_gaps(frame: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> tuple[Gap, ...]:
    """Find the missing intervals of each stream and channel; they are never filled with zeros.

    An hour that a change to summer time skips is no gap, and noted.
    """
    gaps: list[Gap] = []
    skipped: set[tuple[dt.date, int]] = set()
    for (stream, channel), part in frame.group_by(["stream", "channel"], maintain_order=True):
        dated = part["date"].null_count() == 0
        slot = _minutes_since_epoch() if dated else pl.col("start_min")
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
    diagnostics.notes.extend(
        f"{day:%a %d %b %Y}: the hour {hour:02d}:00 did not exist (clocks went forward); it is not a gap"
        for day, hour in sorted(skipped)
    )
    return tuple(gaps)


def _minutes_since_epoch() -> pl.Expr:
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


def warn_of_hours_counted_once(frame: pl.DataFrame, diagnostics: Diagnostics) -> None:
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
        diagnostics.warnings.append(
            f"{day:%a %d %b %Y} had 25 hours where clocks went back, but the file has 24: {label} may hold "
            f"one of the two hours, or both"
        )
    if len(once) > _DAYS_NAMED:
        more = counted(len(once) - _DAYS_NAMED, "more night")
        diagnostics.warnings.append(f"and {more} on which clocks went back")
