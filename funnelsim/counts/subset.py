"""The part of a count that is meant: streams and channels, dates and weekdays, classes; and its single vehicles."""

import datetime as dt
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from funnelsim.counts.names import LEFT_OUT, TOTAL
from funnelsim.counts.table import Counts, Gap, stream_label
from funnelsim.errors import CountsError, Problem

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST: Final = 3
_NAMED: Final = 40

Names = str | Sequence[str] | None
"""One name, several, or none given."""


def choose_streams(table: pl.DataFrame, source: str, stream: Names, channel: Names) -> pl.DataFrame:
    """Keep the streams and channels asked for.

    Parameters
    ----------
    table
        Rows with ``stream`` and ``channel``.
    source
        The file's name, for messages.
    stream, channel
        Names; None where there is no choice.

    Raises
    ------
    CountsError
        When a name is not in the file, or a choice is needed and not given; lists what there is.
    """
    for column, given in (("stream", stream), ("channel", channel)):
        if given is not None:
            table = _chosen(table, source, column, given)
    pairs = table.select("stream", "channel").unique().sort("stream", "channel")
    asked = []
    if (
        stream is None
        and pairs["stream"].n_unique() > 1
        and (channel is None or pairs["channel"].is_duplicated().any())
    ):
        asked.append("stream")
    if (
        channel is None
        and pairs["channel"].n_unique() > 1
        and (stream is None or pairs["stream"].is_duplicated().any())
    ):
        asked.append("channel")
    if asked:
        listed = "; ".join(stream_label(*pair) for pair in pairs.head(_NAMED).iter_rows())
        raise CountsError([Problem(source, f"choose the {' and the '.join(asked)} (one or several): {listed}")])
    return table


def only(
    counts: Counts,
    stream: Names,
    channel: Names,
    *,
    date: dt.date | str | None = None,
    weekdays: Sequence[str] | None = None,
) -> Counts:
    """Return the streams, channels and days asked for alone, without the gaps and warnings of other places.

    Parameters
    ----------
    counts
        What `read_counts` returned.
    stream, channel
        Names; None for all.
    date, weekdays
        One date, or names of weekdays; None for all.

    Raises
    ------
    CountsError
        When a name or the date is not in the file.
    """
    table = counts.table
    for column, given in (("stream", stream), ("channel", channel)):
        if given is not None:
            table = _chosen(table, counts.source, column, given)
    days = _days_chosen(counts, date, weekdays)
    if days is not None:
        table = table.filter(pl.col("date").is_in(days))
        if table.is_empty():
            raise CountsError([Problem(counts.source, "nothing was counted on the days chosen")])
    kept = set(table.select("stream", "channel").unique().iter_rows())
    others = [stream_label(*pair) for pair in set(counts.table.select("stream", "channel").iter_rows()) - kept]
    return replace(
        counts,
        table=table,
        gaps=tuple(
            gap for gap in counts.gaps if (gap.stream, gap.channel) in kept and (days is None or _meets(gap, days))
        ),
        warnings=tuple(
            warning for warning in counts.warnings if not any(warning.startswith(f"{other}: ") for other in others)
        ),
    )


def _days_chosen(counts: Counts, date: dt.date | str | None, weekdays: Sequence[str] | None) -> list[dt.date] | None:
    """Return the dates asked for, from the file's first to its last; None for all."""
    if date is not None:
        return [calendar_day(counts, date)]
    if weekdays is None:
        return None
    numbers = weekday_numbers(counts, weekdays)
    first, last = counts.table.select(pl.col("date").min(), pl.col("date").max().alias("last")).row(0)
    days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() in numbers]


def _meets(gap: Gap, days: Sequence[dt.date]) -> bool:
    """Tell whether a gap has a part on one of some days."""
    if gap.date is None:
        return True
    last = gap.date + dt.timedelta(minutes=gap.start_min + gap.intervals * gap.minutes - 1)
    return any(gap.date <= day <= last for day in days)


def _chosen(table: pl.DataFrame, source: str, column: str, given: str | Sequence[str]) -> pl.DataFrame:
    wanted = [given] if isinstance(given, str) else list(given)
    there = table[column].unique().sort().to_list()
    strange = [name for name in wanted if name not in there] or ([] if wanted else ["nothing"])
    if strange:
        listed = ", ".join(there[:_NAMED]) if any(there) else "none, the file names no " + column
        raise CountsError([Problem(source, f"{column} {', '.join(strange)} given; allowed: {listed}")])
    return table.filter(pl.col(column).is_in(wanted))


def calendar_day(counts: Counts, date: dt.date | str) -> dt.date:
    """Return the date asked for, which the file must have.

    Raises
    ------
    CountsError
        When the text is no date, or the file has none, or not this one.
    """
    if not counts.dated:
        raise CountsError(
            [Problem(counts.source, f"date {date} given, but the file has only times of day; leave the date out")]
        )
    try:
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    except ValueError as error:
        raise CountsError([Problem(counts.source, f"date {date!r} given; allowed: like '2024-05-06'")]) from error
    there = counts.table["date"].unique().sort()
    if day not in there.to_list():
        message = f"date {day} given; the file has {_dates(there)}, not this one"
        raise CountsError([Problem(counts.source, message)])
    return day


def _dates(days: pl.Series) -> str:
    return str(days[0]) if days.len() == 1 else f"{days.len():,} dates from {days[0]} to {days[-1]}"


def weekday_numbers(counts: Counts, weekdays: Sequence[str]) -> list[int]:
    """Return the numbers of weekdays, Monday being 1.

    Raises
    ------
    CountsError
        When a name is no weekday, or the file has no dates.
    """
    if not counts.dated:
        raise CountsError(
            [Problem(counts.source, "weekdays given, but the file has only times of day; leave the weekdays out")]
        )
    numbers: list[int] = []
    given = [weekdays] if isinstance(weekdays, str) else list(weekdays)
    for name in given:
        match = [i for i, day in enumerate(WEEKDAYS, 1) if len(name) >= _SHORTEST and day.startswith(name.lower())]
        if not match:
            message = f"weekday {name!r} given; allowed: {', '.join(day[:3] for day in WEEKDAYS)}"
            raise CountsError([Problem(counts.source, message)])
        numbers.append(match[0])
    if not numbers:
        raise CountsError([Problem(counts.source, "no weekdays given; allowed: some, or leave the key out")])
    return numbers


def scenario_classes(counts: Counts, chosen: pl.DataFrame, overrides: Mapping[str, str] | None) -> dict[str, str]:
    """Return what each class of a file becomes.

    Parameters
    ----------
    counts
        The file, with the class map of its format.
    chosen
        The rows that are used.
    overrides
        What the planner wrote.

    Returns
    -------
    dict
        One line for each class present; "-" leaves it out.

    Raises
    ------
    CountsError
        If a class is not mapped, or an override names a class that the file does not count.
    """
    class_map, present = counts.class_map, chosen["class"].unique().sort().to_list()
    overrides = overrides or {}
    strange = [name for name in overrides if name not in present and name not in class_map]
    if strange:
        raise CountsError(
            [Problem(counts.source, f"classes: {', '.join(strange)} given; the file counts {', '.join(present)}")]
        )
    mapped = {kind: class_map.get(kind, kind if not class_map or kind == TOTAL else None) for kind in present} | {
        kind: "-" if target.strip() in LEFT_OUT else target.strip()
        for kind, target in overrides.items()
        if kind in present
    }
    unmapped = [kind for kind, target in mapped.items() if target is None]
    if unmapped:
        raise CountsError(
            [
                Problem(
                    counts.source,
                    f"no scenario class for {', '.join(unmapped)}; set classes = {{{unmapped[0]!r} = 'car'}}, or "
                    f"--class {shlex.quote(unmapped[0])}=car; - leaves the class out",
                )
            ]
        )
    targets = {target for target in mapped.values() if target not in (None, "-")}
    if TOTAL in targets and len(targets) > 1:
        raise CountsError([Problem(counts.source, "classes: no class can become 'total' while others become classes")])
    return {kind: target for kind, target in mapped.items() if target is not None}


def class_notes(mapped: Mapping[str, str], vehicles: Mapping[str, float]) -> list[str]:
    """Return notes on what the file's classes became, and how many vehicles were left out."""
    becomes: dict[str, list[str]] = {}
    for kind, target in mapped.items():
        if target != kind:
            becomes.setdefault(target, []).append(f"{kind} ({vehicles.get(kind, 0):,.0f})")
    left_out = becomes.pop("-", [])
    notes = [f"{' + '.join(kinds)} → {target}" for target, kinds in becomes.items()]
    lines = [f"classes, with vehicles counted: {'; '.join(notes)}"] if notes else []
    if left_out:
        lines.append(f"left out, with vehicles counted: {', '.join(left_out)}")
    return lines


def passages(
    counts: Counts,
    *,
    channel: Names = None,
    date: dt.date | str | None = None,
    classes: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return when each vehicle passed and what it was.

    Parameters
    ----------
    counts
        What `read_counts` returned for a per-vehicle file.
    channel
        One or several channels; needed where the file has more than one.
    date
        The first day, as "2024-05-06": this date and the next are kept, for a night operation. Left out, the
        record's first date is the first day and all is kept.
    classes
        Overrides of the shipped class map; "-" leaves a class out.

    Returns
    -------
    polars.DataFrame
        ``time_s``, seconds after midnight of the first day, and ``class``, the scenario's; sorted by time.

    Raises
    ------
    CountsError
        When the file has no single vehicles, or a choice is missing or impossible.
    """
    if counts.vehicles is None:
        message = f"{counts.format} counts have no single vehicles; allowed with arrivals = 'trace': per-vehicle counts"
        raise CountsError([Problem(counts.source, message)])
    chosen = choose_streams(counts.vehicles.with_columns(pl.lit("").alias("stream")), counts.source, None, channel)
    mapped = scenario_classes(counts, chosen, classes)
    day = calendar_day(counts, date) if date is not None else counts.table["date"].min()
    days = (pl.col("time").dt.date() - pl.lit(day)).dt.total_days()
    if date is not None:
        chosen = chosen.filter(days.is_in([0, 1]))
    midnight = pl.lit(day).cast(pl.Datetime("us"))
    return (
        chosen.select(
            ((pl.col("time") - midnight).dt.total_microseconds() / 1e6).alias("time_s"),
            pl.col("class").replace_strict(mapped, return_dtype=pl.String),
        )
        .filter(pl.col("class") != "-")
        .sort("time_s", maintain_order=True)
    )
