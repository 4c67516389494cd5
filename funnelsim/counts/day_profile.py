"""From a count to a day: the average of the days chosen, or one date, by interval and scenario class."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.day_shape import DayShape, day_shape
from funnelsim.counts.day_variation import DayVariation, day_variation
from funnelsim.counts.holidays import holidays_among
from funnelsim.counts.names import SCENARIO_CLASSES, TOTAL
from funnelsim.counts.subset import (
    Names,
    calendar_day,
    choose_streams,
    class_notes,
    scenario_classes,
    weekday_numbers,
)
from funnelsim.counts.table import Counts, stream_label
from funnelsim.errors import NO_ROOM, CountsError, NoRoomError, Problem
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, verb

_SLOT: Final = ["day", "start_min"]
_NAMED: Final = 6
_DAYS_LISTED: Final = 10
_AMBIGUOUS_PLACES: Final = 3


@dataclass(frozen=True, eq=False)
class Profile:
    """The traffic of one day.

    Parameters
    ----------
    source
        The count file's name.
    streams
        The streams and channels that are summed, in words; empty where the file names none.
    table
        ``start_min``, minutes after midnight (from 1440 on: the next date, where one date was chosen);
        ``minutes``, the interval's length; ``class``, the scenario's class or "total"; ``vehicles``, the mean
        number an interval over the days. Sorted by start and class. What was not counted has no row.
    days
        The dates used; empty for a file that gives times of day only.
    missing
        Starts of intervals without a complete count. For one date whose next date is counted too, both days'
        are listed.
    notes
        How it was made, in words.
    variation
        How much the days vary as a whole; None where fewer than two were counted whole.
    """

    source: str
    streams: tuple[str, ...]
    table: pl.DataFrame
    days: tuple[dt.date, ...]
    missing: tuple[int, ...]
    notes: tuple[str, ...]
    variation: DayVariation | None = None

    @property
    def shape(self) -> DayShape:
        """The busiest and the quietest four hours, and the share of heavy vehicles by hour."""
        return day_shape(self.table)


def profile(
    counts: Counts,
    *,
    stream: Names = None,
    channel: Names = None,
    date: dt.date | str | None = None,
    weekdays: Sequence[str] | None = None,
    classes: Mapping[str, str] | None = None,
    without_holidays: str | None = None,
) -> Profile:
    """Average a count over days, or take one date.

    An interval enters the average of a class over the days on which it was counted whole, in all the streams
    chosen and all their classes; nothing is filled in.

    Parameters
    ----------
    counts
        What `read_counts` returned.
    stream, channel
        One or several names, which are summed; needed where the file has more than one.
    date
        One date, as "2024-05-06". The next date follows from 1440 min on where it was counted: for a night
        operation.
    weekdays
        Names such as "mon"; the average is taken over these days.
    classes
        Overrides of the shipped class map: the file's class to the scenario's; "-" leaves it out.
    without_holidays
        A country, as "HR", or a part of it, as "DE-BY", whose public holidays are left out.

    Raises
    ------
    CountsError
        When a choice is missing or impossible, or nothing is left.
    """
    if date is not None and weekdays is not None:
        raise CountsError([Problem(counts.source, "date and weekdays given; allowed: one of the two")])
    if date is not None and without_holidays is not None:
        raise CountsError([Problem(counts.source, "date and without_holidays given; allowed: one of the two")])
    chosen = choose_streams(counts.table, counts.source, stream, channel)
    pairs = chosen.select("stream", "channel").unique().sort("stream", "channel")
    notes: list[str] = []
    chosen = _whole(chosen, notes)
    mapped = scenario_classes(counts, chosen, classes)
    wanted = chosen.select("stream", "channel", "class").unique().height
    first = calendar_day(counts, date) if date is not None else None
    numbers = weekday_numbers(counts, weekdays) if weekdays is not None else None
    if without_holidays is not None:
        chosen = _without_holidays(chosen, counts, without_holidays, notes)
    days = _on_days(chosen, first, numbers)
    if days.is_empty():
        named = f"weekdays {', '.join(weekdays)}" if weekdays else f"date {date}" if date else "the choice"
        raise CountsError([Problem(counts.source, f"no complete interval was counted for {named}")])
    days = _complete(days, wanted, notes)
    if days.is_empty():
        message = "no interval is counted in all chosen streams and classes; choose fewer streams or leave out classes"
        raise CountsError([Problem(counts.source, message)])
    totals = dict(days.group_by("class").agg(pl.col("vehicles").sum()).iter_rows())
    notes += class_notes(mapped, totals)
    by_day = _by_day(days, mapped)
    table = _mean(by_day, counts.minutes)
    if table.is_empty():
        raise CountsError([Problem(counts.source, "every class is left out; allowed: at least one class kept")])
    used = tuple(days["date"].drop_nulls().unique().sort().to_list())
    notes += _uneven(days)
    return Profile(
        source=counts.source,
        streams=tuple(words for pair in pairs.iter_rows() if (words := stream_label(*pair))),
        table=table,
        days=used,
        missing=_missing(table, counts.minutes),
        notes=tuple(notes),
        variation=day_variation(by_day),
    )


def _whole(chosen: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Leave out partial intervals, and those with a total only where others have classes."""
    partial = chosen.filter("partial").select("date", "start_min").unique().height
    if partial:
        notes.append(
            f"{counted(partial, 'interval')} may have been counted only in part and {verb(partial, 'is', 'are')} left "
            "out"
        )
    chosen = chosen.filter(~pl.col("partial"))
    only_total = pl.col("class") == TOTAL
    unsplit = chosen.filter(only_total)
    if unsplit.height and unsplit.height < chosen.height:
        vehicles = unsplit["vehicles"].sum()
        notes.append(
            f"{counted(unsplit.height, 'interval')} without classes ({vehicles:,.0f} vehicles) "
            f"{verb(unsplit.height, 'is', 'are')} left out"
        )
        chosen = chosen.filter(~only_total)
    return chosen


def _without_holidays(chosen: pl.DataFrame, counts: Counts, place: str, notes: list[str]) -> pl.DataFrame:
    """Leave out the public holidays of a place, and name them."""
    if not counts.dated:
        message = "without_holidays given, but the file has only times of day; leave it out"
        raise CountsError([Problem(counts.source, message)])
    found = holidays_among(chosen["date"].unique(), place)
    named = ", ".join(f"{day:%a %d %b %Y} ({name})" for day, name in list(found.items())[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    number = len(found)
    notes.append(
        f"{counted(number, 'public holiday')} of {place} {verb(number, 'is', 'are')} left out: {named}{more}"
        if found
        else f"no day is a public holiday of {place}"
    )
    return chosen.filter(~pl.col("date").is_in(list(found)))


def _on_days(chosen: pl.DataFrame, first: dt.date | None, numbers: Sequence[int] | None) -> pl.DataFrame:
    """Keep the days asked for; ``day`` tells them apart, and one date runs on into the next."""
    if numbers is not None:
        chosen = chosen.filter(pl.col("date").dt.weekday().is_in(list(numbers)))
    if first is None:
        return chosen.with_columns(pl.col("date").alias("day"))
    after = (pl.col("date") - pl.lit(first)).dt.total_days()
    return chosen.filter(after.is_in([0, 1])).with_columns(
        pl.lit(first).alias("day"), (pl.col("start_min") + after * DAY_MIN).alias("start_min")
    )


def _complete(days: pl.DataFrame, wanted: int, notes: list[str]) -> pl.DataFrame:
    """Keep intervals counted in every stream and class; an hour that came twice enters by its mean."""
    keys = [*_SLOT, "date", "stream", "channel", "class"]
    days = days.group_by(keys).agg(pl.col("vehicles").mean())
    found = days.group_by(_SLOT).agg(pl.len().alias("found"))
    lacking = found.filter(pl.col("found") < wanted).height
    if lacking:
        notes.append(
            f"{counted(lacking, 'interval')} without some stream or class {verb(lacking, 'is', 'are')} left out"
        )
    return days.join(found.filter(pl.col("found") == wanted), on=_SLOT, how="semi", nulls_equal=True)


def _by_day(days: pl.DataFrame, mapped: Mapping[str, str]) -> pl.DataFrame:
    """Sum the streams and classes that become one scenario class, day by day."""
    return (
        days.with_columns(pl.col("class").replace_strict(mapped, return_dtype=pl.String))
        .filter(pl.col("class") != "-")
        .sort("stream", "channel", "day", "start_min", "class")
        .group_by([*_SLOT, "class"], maintain_order=True)
        .agg(pl.col("vehicles").sum())
    )


def _mean(by_day: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """Average over the days."""
    return (
        by_day.group_by("start_min", "class", maintain_order=True)
        .agg(pl.col("vehicles").mean())
        .with_columns(pl.lit(minutes, pl.Int64).alias("minutes"))
        .select("start_min", "minutes", "class", "vehicles")
        .sort("start_min", "class")
    )


def _missing(table: pl.DataFrame, minutes: int) -> tuple[int, ...]:
    """List the starts without a count, over one day, or two where the second was counted."""
    there = set(table["start_min"])
    end = DAY_MIN if max(there) < DAY_MIN else 2 * DAY_MIN
    return tuple(start for start in range(0, end, minutes) if start not in there)


def _uneven(days: pl.DataFrame) -> list[str]:
    """Note the intervals that were counted on fewer days than others."""
    each = days.group_by("start_min").agg(pl.col("day").n_unique().alias("days")).sort("start_min")
    most = max(each["days"].to_list())
    fewer = each.filter(pl.col("days") < most)
    if fewer.is_empty():
        return []
    rows = list(fewer.head(_NAMED).select("start_min", "days").iter_rows())
    named = ", ".join(f"{clock_text(start)} on {number}" for start, number in rows)
    more = f" and {fewer.height - _NAMED} more" if fewer.height > _NAMED else ""
    return [f"most intervals were counted on {counted(most, 'day')}, some on fewer days: {named}{more}"]


def write_profile(profile: Profile, path: Path | str, *, replace: bool = False) -> None:
    """Write a profile as CSV, with comments on where it comes from.

    Parameters
    ----------
    profile
        What `profile` returned.
    path
        The file to write.
    replace
        Whether an existing file may be overwritten.

    Raises
    ------
    CountsError
        When the file exists and may not be replaced, or cannot be written.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.part")
    try:
        if not replace and path.exists():
            message = "the file exists; allowed: another name, or replace=True to overwrite it"
            raise CountsError([Problem(str(path), message)])
        beside.write_text(_csv_text(profile), encoding="utf-8", newline="")
        beside.replace(path)  # an earlier profile stays until the new one is whole
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        kind = NoRoomError if getattr(error, "errno", None) in NO_ROOM else CountsError
        message = f"cannot be written ({reason}); allowed: a folder with room to write in"
        raise kind([Problem(str(path), message)]) from error


def _csv_text(profile: Profile) -> str:
    """Return the whole file: comments, header, a row an interval."""
    comments = [
        f"source: {profile.source}",
        *(f"stream: {stream}" for stream in profile.streams),
        f"days: {_days_text(profile)}",
        *(f"note: {note}" for note in profile.notes),
        *([] if profile.variation is None else [f"day_cv: {profile.variation}"]),
        f"minutes: {profile.table['minutes'][0]}",
    ]
    known = [kind for kind in SCENARIO_CLASSES if kind in profile.table["class"]]
    kinds = known + sorted(set(profile.table["class"]) - set(known))
    counts: dict[int, dict[str, float]] = {}
    for start, kind, vehicles in profile.table.select("start_min", "class", "vehicles").iter_rows():
        counts.setdefault(start, {})[kind] = vehicles
    text = io.StringIO()
    text.writelines(f"# {' '.join(comment.split())}\n" for comment in comments)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["start", *kinds])
    for start, row in sorted(counts.items()):
        writer.writerow([clock_text(start), *(_number_text(row[kind]) if kind in row else "" for kind in kinds)])
    return text.getvalue()


def _days_text(profile: Profile) -> str:
    """Name the days, or their number and span where there are many."""
    days = profile.days
    if len(days) > _DAYS_LISTED:
        return f"{len(days)}, from {days[0]} to {days[-1]}"
    return ", ".join(map(str, days)) or "a typical day"


def _number_text(vehicles: float) -> str:
    """Write a number so that it reads back exactly; never with three decimals, which could be thousands."""
    if vehicles == int(vehicles):
        return str(int(vehicles))
    digits = format(Decimal(repr(vehicles)), "f")
    return digits + "0" if len(digits.partition(".")[2]) == _AMBIGUOUS_PLACES else digits
