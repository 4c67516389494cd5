"""Counter exports with one line a vehicle: date, time to the second, channel, FHWA class, speed in mph.

The lines can be replayed one by one, and are also summed to 15 minutes. Channels are merged by the export, so
lines may go back in time by some seconds. Lines that are the same, with the vehicle's number, are the same vehicle.
"""

from collections import Counter
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, CsvSection, Row
from funnelsim.counts.dates import clock
from funnelsim.counts.names import DateOrder
from funnelsim.counts.table import Counts
from funnelsim.counts.vehicle_list import (
    KMH_PER_MPH,
    Passage,
    build_from_passages,
    each_vehicle_once,
    read_speed_kmh,
)
from funnelsim.wording import counted

_COLUMNS: Final = ("veh. no.", "date", "time", "channel", "class", "speed")
_HIGHEST_CLASS: Final = 99  # classes beyond the 14 known ones are asked for by the class map, once each
_DIGITS: Final = 9
_CARS: Final = "2"
_MOST: Final = 0.5
"""A class other than cars is rarely more than half of the traffic."""

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
    passages = _passages(section, builder)
    _doubt_classes(passages, builder)
    builder.notes.append("the file names no scheme and no unit: classes are read as FHWA's, speeds as mph")
    return build_from_passages(passages, order, builder, stream=site)


def _passages(section: CsvSection, builder: CountsBuilder) -> list[Passage]:
    """Read the lines, in the file's order."""
    passages: list[Passage] = []
    places = [section.names.index(name) for name in _COLUMNS]
    rows: list[Row] = []
    for row in section.rows:
        if len(row.cells) == len(section.names):
            rows.append(row)
        else:
            allowed = f"{len(section.names)} ({', '.join(section.names)})"
            builder.problem(f"{counted(len(row.cells), 'cell')} given; allowed: {allowed}", row.line)
    for row in each_vehicle_once(rows, lambda row: row.cells[places[0]], builder):
        _, date, time, channel, kind, speed = (row.cells[place] for place in places)
        try:
            speed_kmh = read_speed_kmh(speed, KMH_PER_MPH)
            passages.append(Passage(row.line, date, clock(time), _channel(channel), _fhwa(kind), speed_kmh))
        except ValueError as error:
            builder.problem(str(error), row.line)
    return passages


def _doubt_classes(passages: list[Passage], builder: CountsBuilder) -> None:
    """Doubt classes that are hardly FHWA's: there, class 2 is the car and the most frequent."""
    by_class = Counter(passage.kind for passage in passages)
    if not by_class:
        return
    kind, most = by_class.most_common(1)[0]
    if kind != _CARS and most > _MOST * len(passages):
        builder.warnings.append(
            f"class {kind} is {most / len(passages):.0%} of the vehicles, but FHWA's cars are class {_CARS}: the file "
            f"may use another scheme (in SWISS10, class 3 is the car); check all classes, and map them with classes"
        )


def _channel(text: str) -> str:
    if not text:
        raise ValueError("the channel is blank; allowed: a channel number")
    return text


def _fhwa(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and 1 <= int(text) <= _HIGHEST_CLASS):
        raise ValueError(f"class {text[:40]!r} given; allowed: a class number, 1 to {_HIGHEST_CLASS}")
    return str(int(text))


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
