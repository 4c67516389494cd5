"""Lists of single vehicles, whatever counter wrote them: dated, sorted by time and summed to 15 minutes."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from funnelsim.counts.builder import CountsBuilder
from funnelsim.counts.csv_file import Row
from funnelsim.counts.dates import Stamp, calendar_date, prove_order
from funnelsim.counts.names import DateOrder
from funnelsim.counts.table import Counts
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, verb

KMH_PER_MPH: Final = 1.609344
_INTERVAL_MIN: Final = 15
_FASTEST_KMH: Final = 322  # 200 mph
_DIGITS: Final = 9
_SILENCE_H: Final = 2
_LONGEST_NIGHT_H: Final = 12
"""A longer silence is a gap in the record, not an empty road."""

_FAST_ROAD_KMH: Final = 125
"""Few roads have a median speed above this."""


class Passage(NamedTuple):
    """One vehicle: its line, the date as written, seconds after midnight, channel, class and speed if measured."""

    line: int
    date: str
    seconds: float
    channel: str
    kind: str
    speed_kmh: float | None


class Recorded(NamedTuple):
    """When the counter started and stopped, as the file says; None where it does not, or where lines are missing."""

    start: dt.datetime | None = None
    stop: dt.datetime | None = None


NOT_SAID: Final = Recorded()


def each_vehicle_once(rows: Iterable[Row], number_of: Callable[[Row], str], builder: CountsBuilder) -> list[Row]:
    """Return the row of each vehicle: a row that comes again with the vehicle's number is the same vehicle.

    Without a number the same row may be another vehicle, so it comes as often as the file has it.

    Parameters
    ----------
    rows
        The rows of the list.
    number_of
        Returns the vehicle's number in a row, or nothing.
    builder
        Where the warning goes.
    """
    once: list[Row] = []
    known: set[tuple[str, ...]] = set()
    again = 0
    for row in rows:
        if not number_of(row):
            once += [row] * row.times
            continue
        again += row.times - 1 + (row.cells in known)
        if row.cells not in known:
            once.append(row)
        known.add(row.cells)
    if again:
        builder.warnings.append(
            f"{counted(again, 'line')} {verb(again, 'repeats', 'repeat')} a vehicle, its number and all else, as if "
            "the file were joined to itself; each vehicle is counted once"
        )
    return once


def read_speed_kmh(text: str, kmh_per_unit: float = 1.0) -> float | None:
    """Return a speed in km/h; blank is not measured.

    Raises
    ------
    ValueError
        In words.

    Examples
    --------
    >>> read_speed_kmh("50", KMH_PER_MPH)
    80.4672
    """
    if not text:
        return None
    digits = text.replace(".", "", 1)
    fastest = _FASTEST_KMH / kmh_per_unit
    if not (digits.isascii() and digits.isdigit() and len(text) <= _DIGITS and float(text) <= fastest):
        unit = "km/h" if kmh_per_unit == 1 else "mph"
        raise ValueError(f"speed {text[:40]!r} given; allowed: 0 to {fastest:.0f} {unit}, or blank")
    return float(text) * kmh_per_unit


def build_from_passages(
    passages: Sequence[Passage],
    order: DateOrder | None,
    builder: CountsBuilder,
    *,
    stream: str = "",
    recorded: Recorded = NOT_SAID,
) -> Counts:
    """Make the counts of a list of vehicles; the vehicles themselves stay, to be replayed.

    Parameters
    ----------
    passages
        The vehicles in the order of the file.
    order
        The planner's ``date_order``.
    builder
        The builder of the file.
    stream
        The site.
    recorded
        When the counter ran: an interval that it did not count whole is marked.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    builder.raise_problems()
    if not passages:
        builder.problem("the file has a header but no vehicles")
    builder.raise_problems()
    table = _by_time(passages, order, builder)
    _warn_of_silence(table, builder)
    _doubt_speeds(table, builder)
    _add_sums(table, stream, recorded, builder)
    builder.notes.append(
        "single vehicles are summed to 15 min"
        + ("; the first and the last interval may be partial" if None in recorded else "")
    )
    return builder.build(_INTERVAL_MIN, vehicles=table.drop("date"))


def _by_time(passages: Sequence[Passage], order: DateOrder | None, builder: CountsBuilder) -> pl.DataFrame:
    """Return channel, date, time, class and speed, sorted by time."""
    stamps = [Stamp(passage.line, passage.date, int(passage.seconds)) for passage in passages]
    try:
        order = prove_order(stamps, order)
        dates = {text: calendar_date(text, order) for text in dict.fromkeys(stamp.date for stamp in stamps)}
    except ValueError as error:
        builder.problem(str(error), stamps[0].line)
    builder.raise_problems()
    columns = {
        "channel": pl.Series([passage.channel for passage in passages], dtype=pl.String),
        "date": pl.Series([dates[passage.date] for passage in passages], dtype=pl.Date),
        "time": pl.Series([round(passage.seconds * 1e6) for passage in passages], dtype=pl.Int64),
        "class": pl.Series([passage.kind for passage in passages], dtype=pl.String),
        "speed_kmh": pl.Series([passage.speed_kmh for passage in passages], dtype=pl.Float64),
    }
    time = pl.col("date").cast(pl.Datetime("us")) + pl.duration(microseconds=pl.col("time"))
    table = pl.DataFrame(columns).with_columns(time.alias("time"))
    back = table.select((pl.col("time").diff() < pl.duration()).sum()).item()
    if back:
        merged = " (channels were merged)" if table["channel"].n_unique() > 1 else ""
        builder.notes.append(
            f"{counted(back, 'line')} {verb(back, 'goes', 'go')} back in time{merged}; the vehicles are sorted by time"
        )
    return table.sort("time", maintain_order=True)


def _warn_of_silence(table: pl.DataFrame, builder: CountsBuilder) -> None:
    silence = table.select("time", pl.col("time").diff().alias("gap")).filter(
        pl.col("gap") > pl.duration(hours=_SILENCE_H)
    )
    for time, gap in silence.iter_rows():
        hours = gap.total_seconds() / 3600
        builder.warnings.append(
            f"no vehicle for {hours:.1f} h before {time:%a %d %b %Y %H:%M}: no traffic, or was the counter off?"
        )


def _doubt_speeds(table: pl.DataFrame, builder: CountsBuilder) -> None:
    """Doubt a median speed that few roads have: the file's unit may be another one."""
    median = table["speed_kmh"].median()
    if isinstance(median, float) and median > _FAST_ROAD_KMH:
        builder.warnings.append(
            f"half of the vehicles drive faster than {median:.0f} km/h ({median / KMH_PER_MPH:.0f} mph): is the unit "
            "of the speeds another one? The counts do not depend on it"
        )


def _add_sums(table: pl.DataFrame, stream: str, recorded: Recorded, builder: CountsBuilder) -> None:
    """Add the sums of the intervals."""
    grid = quarter_hours(table)
    partial = _partial(grid["slot"][0], grid["slot"][-1], recorded)
    columns = ("slot", "channel", "date", "start_min", "class", "vehicles")
    for number, channel, date, start, kind, vehicles in grid.select(columns).iter_rows():
        builder.add(number, date, start, kind, str(vehicles), stream=stream, channel=channel, partial=number in partial)


def quarter_hours(table: pl.DataFrame) -> pl.DataFrame:
    """Sum vehicles to intervals of 15 min; within the record an interval without a vehicle is a true zero.

    Parameters
    ----------
    table
        Rows with ``channel``, ``time`` and ``class``.

    Returns
    -------
    polars.DataFrame
        ``slot``, the minutes since the epoch, by which it is sorted; ``date``, ``start_min``, ``channel``, ``class``
        and ``vehicles``.
    """
    time = pl.col("time")
    minute = time.dt.hour().cast(pl.Int64) * 60 + time.dt.minute().cast(pl.Int64)
    slot = time.dt.date().to_physical().cast(pl.Int64) * DAY_MIN + minute // _INTERVAL_MIN * _INTERVAL_MIN
    sums = table.with_columns(slot.alias("slot")).group_by("channel", "slot", "class").agg(pl.len().alias("vehicles"))
    seen = sums["slot"].unique().sort().to_list()
    longest = _LONGEST_NIGHT_H * 60
    within = [
        slot
        for before, after in pairwise(seen)
        for slot in (range(before, after, _INTERVAL_MIN) if after - before <= longest else (before,))
    ]
    return (
        pl.DataFrame({"slot": pl.Series([*within, seen[-1]], dtype=pl.Int64)})
        .join(sums.select(pl.col("channel").unique().sort()), how="cross")
        .join(sums.select(pl.col("class").unique().sort()), how="cross")
        .join(sums, on=["slot", "channel", "class"], how="left")
        .with_columns(
            pl.col("vehicles").fill_null(0),
            (pl.col("slot") // DAY_MIN).cast(pl.Int32).cast(pl.Date).alias("date"),
            (pl.col("slot") % DAY_MIN).alias("start_min"),
        )
        .sort("slot", maintain_order=True)
    )


def _partial(first: int, last: int, recorded: Recorded) -> set[int]:
    """Return which of the two intervals at the ends of a record may not have been counted whole."""
    epoch = dt.datetime(1970, 1, 1)  # noqa: DTZ001  (counters keep local time)
    minutes = [None if time is None else (time - epoch).total_seconds() / 60 for time in recorded]
    start, stop = minutes
    partial = set[int]()
    if start is None or start > first:
        partial.add(first)
    if stop is None or stop < last + _INTERVAL_MIN:
        partial.add(last)
    return partial
