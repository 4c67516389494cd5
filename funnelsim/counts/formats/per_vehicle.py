"""Counter exports with one line a vehicle: date, time to the second, channel, FHWA class, speed in mph.

The lines can be replayed one by one, and are also summed to 15 minutes. Channels are merged by the export, so
lines may go back in time by some seconds. Lines that are the same, with the vehicle's number, are the same vehicle.
"""

from itertools import pairwise
from typing import Final

import polars as pl

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, CsvSection
from funnelsim.counts.dates import Stamp, calendar_date, clock, prove_order
from funnelsim.counts.names import DateOrder
from funnelsim.counts.table import Counts
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, verb

_COLUMNS: Final = ("veh. no.", "date", "time", "channel", "class", "speed")
_INTERVAL_MIN: Final = 15
_KMH_PER_MPH: Final = 1.609344
_HIGHEST_CLASS: Final = 99  # classes beyond the 14 known ones are asked for by the class map, once each
_FASTEST_MPH: Final = 200
_DIGITS: Final = 9
_SILENCE_H: Final = 2
_LONGEST_NIGHT_H: Final = 12
"""A longer silence is a gap in the record, not an empty road."""

CLASS_MAP: Final = {
    "1": "car",
    "2": "car",
    "3": "van",
    "4": "coach",
    "5": "lorry",
    "6": "lorry",
    "7": "lorry",
    "8": "lorry",
    "9": "lorry",
    "10": "lorry",
    "11": "lorry",
    "12": "lorry",
    "13": "lorry",
    "14": "car",  # not classed
}
"""The FHWA classes by their numbers."""


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read an export with one line a vehicle.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    section = file.section(*_COLUMNS)
    site = next(
        (row.cells[1] for row in section.above if row.cells[0].lower() == "site code:" and len(row.cells) > 1), ""
    )
    builder.each_once(section.header, _COLUMNS)
    builder.raise_problems()
    passages = _passages(section, order, builder)
    back = passages.select((pl.col("time").diff() < pl.duration()).sum()).item()
    if back:
        merged = " (channels were merged)" if passages["channel"].n_unique() > 1 else ""
        builder.notes.append(
            f"{counted(back, 'line')} {verb(back, 'goes', 'go')} back in time{merged}; the vehicles are sorted by time"
        )
    passages = passages.sort("time", maintain_order=True)
    silence = passages.select("time", pl.col("time").diff().alias("gap")).filter(
        pl.col("gap") > pl.duration(hours=_SILENCE_H)
    )
    for time, gap in silence.iter_rows():
        hours = gap.total_seconds() / 3600
        builder.warnings.append(
            f"no vehicle for {hours:.1f} h before {time:%a %d %b %Y %H:%M}: no traffic, or was the counter off?"
        )
    _add_sums(passages, site, builder)
    builder.notes.append("single vehicles are summed to 15 min; the first and the last interval may be partial")
    vehicles = passages.drop("date")
    return builder.build(_INTERVAL_MIN, ends_partial=True, vehicles=vehicles)


def _passages(section: CsvSection, order: DateOrder | None, builder: CountsBuilder) -> pl.DataFrame:
    """Read the lines into a table: channel, date, time, class, speed, in the file's order."""
    stamps: list[Stamp] = []
    others: list[tuple[str, str, float | None]] = []
    rows, names = section.rows, section.names
    places = [names.index(name) for name in _COLUMNS]
    known: set[tuple[str, ...]] = set()
    again = 0
    for row in rows:
        if len(row.cells) != len(names):
            builder.problem(
                f"{counted(len(row.cells), 'cell')} given; allowed: {len(names)} ({', '.join(names)})", row.line
            )
            continue
        vehicle, date, time, channel, kind, speed = (row.cells[place] for place in places)
        if vehicle:
            again += row.times - 1 + (row.cells in known)
        if vehicle and row.cells in known:
            continue
        known.add(row.cells)
        try:
            passage = Stamp(row.line, date, clock(time)), (_channel(channel), _fhwa(kind), _speed_kmh(speed))
        except ValueError as error:
            builder.problem(str(error), row.line)
            continue
        for _ in range(1 if vehicle else row.times):  # without a number the same line may be another vehicle
            stamps.append(passage[0])
            others.append(passage[1])
    if again:
        builder.warnings.append(
            f"{counted(again, 'line')} {verb(again, 'repeats', 'repeat')} a vehicle, its number and all else, as if "
            "the file were joined to itself; each vehicle is counted once"
        )
    if not rows:
        builder.problem("the file has a header but no vehicles")
    builder.raise_problems()
    try:
        order = prove_order(stamps, order)
        dates = {text: calendar_date(text, order) for text in dict.fromkeys(stamp.date for stamp in stamps)}
    except ValueError as error:
        builder.problem(str(error), stamps[0].line)
    builder.raise_problems()
    frame = pl.DataFrame(
        others, schema={"channel": pl.String, "class": pl.String, "speed_kmh": pl.Float64}, orient="row"
    )
    days = pl.Series("date", [dates[stamp.date] for stamp in stamps], pl.Date)
    seconds = pl.Series("seconds", [stamp.seconds for stamp in stamps], pl.Int64)
    time_of = pl.col("date").cast(pl.Datetime("us")) + pl.duration(seconds=pl.col("seconds"))
    return (
        frame.with_columns(days, seconds)
        .with_columns(time_of.alias("time"))
        .select("channel", "date", "time", "class", "speed_kmh")
    )


def _channel(text: str) -> str:
    if not text:
        raise ValueError("the channel is blank; allowed: a channel number")
    return text


def _fhwa(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and 1 <= int(text) <= _HIGHEST_CLASS):
        raise ValueError(f"class {text[:40]!r} given; allowed: a class number, 1 to {_HIGHEST_CLASS}")
    return str(int(text))


def _speed_kmh(text: str) -> float | None:
    """Return the speed in km/h; blank is not measured."""
    if not text:
        return None
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(text) <= _DIGITS and float(text) <= _FASTEST_MPH):
        raise ValueError(f"speed {text[:40]!r} given; allowed: 0 to {_FASTEST_MPH} mph, or blank")
    return float(text) * _KMH_PER_MPH


def _add_sums(passages: pl.DataFrame, site: str, builder: CountsBuilder) -> None:
    """Sum to intervals; within the record an interval without a vehicle is a true zero."""
    minute = pl.col("time").dt.hour().cast(pl.Int64) * 60 + pl.col("time").dt.minute().cast(pl.Int64)
    slot = pl.col("date").to_physical().cast(pl.Int64) * DAY_MIN + minute // _INTERVAL_MIN * _INTERVAL_MIN
    sums = (
        passages.with_columns(slot.alias("slot")).group_by("channel", "slot", "class").agg(pl.len().alias("vehicles"))
    )
    seen = sums["slot"].unique().sort().to_list()
    longest = _LONGEST_NIGHT_H * 60
    within = [
        slot
        for before, after in pairwise(seen)
        for slot in (range(before, after, _INTERVAL_MIN) if after - before <= longest else (before,))
    ]
    grid = (
        pl.DataFrame({"slot": pl.Series([*within, seen[-1]], dtype=pl.Int64)})
        .join(sums.select(pl.col("channel").unique().sort()), how="cross")
        .join(sums.select(pl.col("class").unique().sort()), how="cross")
        .join(sums, on=["slot", "channel", "class"], how="left")
        .with_columns(
            pl.col("vehicles").fill_null(0),
            (pl.col("slot") // DAY_MIN).cast(pl.Int32).cast(pl.Date).alias("date"),
            (pl.col("slot") % DAY_MIN).alias("start_min"),
        )
    )
    columns = ("slot", "channel", "date", "start_min", "class", "vehicles")
    for slot_number, channel, date, start, kind, vehicles in grid.select(columns).iter_rows():
        builder.add(slot_number, date, start, kind, str(vehicles), stream=site, channel=channel)


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
