"""Hourly volumes (``.VOL``) and classes (``.CLA``) in the fixed widths of the FHWA Traffic Monitoring Guide.

A volume record is a day of a lane or direction: 24 hours of five columns each. A class record is an hour: the total,
then five columns for each class. Years have two digits (guide of 2001) or four (since 2013). An hour begins at its
label. A blank is no data; zero is no vehicle.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts, stream_label
from funnelsim.wording import counted, joined, verb

_WIDTH: Final = 5
_HOURS: Final = 24
_EXAMINED: Final = 40
_FHWA: Final = range(13, 16)
_NOT_CLASSED: Final = "not classed"
_ALL_LANES: Final = "0"
_DIRECTIONS: Final = {
    "1": "north",
    "2": "northeast",
    "3": "east",
    "4": "southeast",
    "5": "south",
    "6": "southwest",
    "7": "west",
    "8": "northwest",
    "9": "north and south",
    "0": "east and west",
}
_BOTH: Final = frozenset(("north and south", "east and west"))

CLASS_MAP: Final = {
    "1": "car",  # motorcycle
    "2": "car",
    "3": "van",
    "4": "coach",
    **{str(number): "lorry" for number in range(5, 14)},
    "14": "car",  # not classed
    "15": "car",  # not classed
    _NOT_CLASSED: "car",
}
"""The FHWA classes by their numbers; vehicles in the total alone were not classed."""

UNKNOWN_SCHEME: Final = {_NOT_CLASSED: "car"}
"""Classes of another number are those of another scheme, and each is asked for."""


class _Layout(NamedTuple):
    """Where the fields of a record stand: up to the station, the date, and the first number."""

    station: slice
    date: slice
    date_format: str
    numbers: int

    def date_of(self, line: str) -> dt.date | None:
        """Return the date of a record, None where there is none."""
        text = line[self.date]
        if not re.fullmatch(r"[0-9]+", text):
            return None
        try:
            return dt.datetime.strptime(text, self.date_format).date()  # noqa: DTZ007  (a date alone)
        except ValueError:
            return None


_VOLUMES: Final = (
    _Layout(slice(5, 11), slice(13, 21), "%Y%m%d", 22),
    _Layout(slice(5, 11), slice(13, 19), "%y%m%d", 20),
)
_CLASSES: Final = (
    _Layout(slice(3, 9), slice(11, 19), "%Y%m%d", 22),
    _Layout(slice(3, 9), slice(11, 17), "%y%m%d", 19),
)
_VOLUME_LINE: Final = re.compile(r"3[0-9]{2}.{8}[0-9]{2}[0-9]{6}.?.?[1-7][0-9 ]{5,122}")
_CLASS_LINE: Final = re.compile(r"C[0-9]{2}.{6}[0-9]{2}[0-9]{8,10}[0-9A-Z ][0-9 ]{5,}")


def _is(file: CsvFile, pattern: re.Pattern[str]) -> bool:
    return all(len(row.cells) == 1 and pattern.fullmatch(row.cells[0]) for row in file.rows[:1])


def read_volumes(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read hourly volumes; the day of the week that each record names proves its date.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    _say_order(order, builder)
    layout = max(_VOLUMES, key=lambda layout: _days_right(file.rows[:_EXAMINED], layout))
    end = layout.numbers + _HOURS * _WIDTH
    wrong_days: list[int] = []
    restricted = 0
    for row in file.rows:
        line = row.cells[0].ljust(end + 1)
        date = layout.date_of(line)
        if (
            line[0] != "3"
            or date is None
            or not re.fullmatch(r"[0-9 ]+", line[layout.numbers :])
            or len(line) > end + 1
        ):
            builder.problem(
                f"{row.cells[0][:30]!r} is no hourly volume; allowed: a line of {end} or {end + 1} columns that begins "
                "with 3, with digits or blanks for each hour",
                row.line,
            )
            continue
        if line[layout.numbers - 1] != _day_number(date):
            wrong_days.append(row.line)
        restricted += line[end] not in " 0"
        channel = _channel(line[11], line[12])
        for hour, vehicles in enumerate(_numbers(line[layout.numbers : end])):
            builder.add(
                row.line, date, hour * 60, TOTAL, vehicles, stream=line[layout.station].strip(), channel=channel
            )
    if wrong_days:
        builder.warnings.append(
            f"the day of the week does not fit the date in {counted(len(wrong_days), 'line')} (line {wrong_days[0]})"
        )
    if restricted:
        builder.warnings.append(
            f"{counted(restricted, 'day')} {verb(restricted, 'has', 'have')} a restriction (work zone, closed lane or "
            "failed counter), and are counted"
        )
    _warn_of_combined(file.rows, 11, builder, layout)
    return builder.build(60)


def read_classes(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read hourly classes; vehicles that the total has beyond its classes were not classed.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    _say_order(order, builder)
    longest = max(len(row.cells[0]) for row in file.rows)
    layout = next((layout for layout in _CLASSES if (longest - layout.numbers) % _WIDTH == 0), _CLASSES[0])
    classes = (longest - layout.numbers) // _WIDTH - 1
    if classes not in _FHWA:
        builder.class_map = UNKNOWN_SCHEME
        builder.notes.append(f"the records have {counted(classes, 'class', 'classes')}, so they are not FHWA's 13")
    records: list[tuple[Row, str, dt.date, int, list[str]]] = []
    for row in file.rows:
        line = row.cells[0].ljust(longest)
        date = layout.date_of(line)
        hour = line[layout.date.stop : layout.date.stop + 2]
        if line[0] != "C" or date is None or not re.fullmatch(r"[01][0-9]|2[0-3]", hour):
            builder.problem(
                f"{row.cells[0][:30]!r} is no hourly class record; allowed: C, station, date, hour", row.line
            )
        elif layout.date.stop + 2 < layout.numbers and line[layout.numbers - 1] != " ":
            code = line[layout.numbers - 1]
            builder.problem(
                f"interval code {code!r} given (column {layout.numbers}); allowed: a blank (60 min)", row.line
            )
        elif not re.fullmatch(r"[0-9 ]+", line[layout.numbers :]):
            builder.problem("letters among the numbers of vehicles; allowed: digits or blanks", row.line)
        else:
            records.append((row, line, date, int(hour), _numbers(line[layout.numbers :])))
    builder.raise_problems()
    _add_classes(records, layout, builder)
    _warn_of_combined(file.rows, 9, builder, layout)
    return builder.build(60)


def _add_classes(
    records: Sequence[tuple[Row, str, dt.date, int, list[str]]], layout: _Layout, builder: CountsBuilder
) -> None:
    """Enter the records: their classes, the rest of the total, and the total to check them."""
    rests = [_rest(numbers) for *_, numbers in records]
    more = any(rests)
    for (row, line, date, hour, (total, *classes)), rest in zip(records, rests, strict=True):
        entries = [(str(kind), vehicles) for kind, vehicles in enumerate(classes, 1)]
        if more and rest is not None:
            entries.append((_NOT_CLASSED, str(rest)))
        for kind, vehicles in [*entries, (TOTAL, total)]:
            builder.add(
                row.line,
                date,
                hour * 60,
                kind,
                vehicles,
                stream=line[layout.station].strip(),
                channel=_channel(line[9], line[10]),
            )


def _rest(numbers: Sequence[str]) -> int | None:
    """Return how many vehicles of a total are in no class; None where something was not counted."""
    if not all(numbers):
        return None
    total, *classes = map(int, numbers)
    return max(0, total - sum(classes))


def _numbers(text: str) -> list[str]:
    """Cut fields of five columns; leading blanks and zeros fill up a number, and blanks alone are no data."""
    fields = [text[at : at + _WIDTH].strip() for at in range(0, len(text), _WIDTH)]
    return [field.lstrip("0") or "0" if field else "" for field in fields]


def _channel(direction: str, lane: str) -> str:
    """Return a direction and a lane in words; lane 0 is all lanes."""
    where = _DIRECTIONS.get(direction, f"direction {direction}")
    return where if lane == _ALL_LANES else f"{where}, lane {lane}"


def _day_number(date: dt.date) -> str:
    """Return the day of the week as a record has it: Sunday is 1."""
    return str(date.isoweekday() % 7 + 1)


def _days_right(rows: Sequence[Row], layout: _Layout) -> int:
    """Count the records whose day of the week fits their date under a layout."""
    days = ((layout.date_of(row.cells[0]), row.cells[0][layout.numbers - 1 : layout.numbers]) for row in rows)
    return sum(date is not None and _day_number(date) == day for date, day in days)


def _say_order(order: DateOrder | None, builder: CountsBuilder) -> None:
    if order is not None:
        builder.notes.append("the year comes first in this format, so date_order is ignored")


def _warn_of_combined(rows: Sequence[Row], at: int, builder: CountsBuilder, layout: _Layout) -> None:
    """Warn of a station that has records of all lanes beside single lanes, or of both directions beside one."""
    stations: dict[str, set[str]] = {}
    for row in rows:
        line = row.cells[0]
        stations.setdefault(line[layout.station].strip(), set()).add(_channel(line[at : at + 1], line[at + 1 : at + 2]))
    for station, channels in stations.items():
        whole = sorted(
            name
            for name in channels
            if (name in _BOTH and len(channels) > 1) or any(other.startswith(f"{name}, lane") for other in channels)
        )
        if whole:
            builder.warnings.append(
                f"{stream_label(station, joined(whole))} holds the vehicles of the other records of this station too: "
                "choose the one or the others, never both"
            )


VOLUMES: Final = CountFormat(
    ("fixed width: 3, station, date, 24 hours",), read_volumes, {}, lambda f: _is(f, _VOLUME_LINE)
)
CLASSES: Final = CountFormat(
    ("fixed width: C, station, date, hour, total, classes",), read_classes, CLASS_MAP, lambda f: _is(f, _CLASS_LINE)
)
