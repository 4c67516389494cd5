"""Exports of portable counters in 15-minute intervals: by FHWA class, or a total by channel.

Both are a few lines about the site, then ``Number, Date, Time`` and the counts. The time is the start of the
interval. The counter is put out and taken in at any minute, so the first and the last interval may be
partial.
"""

from collections import Counter
from itertools import pairwise
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, CsvSection, Row, column_name
from funnelsim.counts.dates import Stamp, clock, place_in_time
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts
from funnelsim.wording import counted, verb

_COLUMNS: Final = ("number", "date", "time")
_INTERVAL_MIN: Final = 15
_NOON: Final = 12
_LEADING: Final = len(_COLUMNS)

CLASS_MAP: Final = {
    "Motorcycles": "car",  # class 1; few, and in a lane they take nearly a car's time
    "Cars & Trailers": "car",  # class 2
    "2 Axle Long": "van",  # class 3: pick-ups, vans, small campers; where most are private pick-ups, say "car"
    "Buses": "coach",  # class 4
    "2 Axle 6 Tire": "lorry",  # class 5: single unit; also the largest campers
    "3 Axle Single": "lorry",  # class 6
    "4 Axle Single": "lorry",  # class 7
    "<5 Axl Double": "lorry",  # class 8
    "5 Axle Double": "lorry",  # class 9
    ">6 Axl Double": "lorry",  # class 10
    "<6 Axl Multi": "lorry",  # class 11
    "6 Axle Multi": "lorry",  # class 12
    ">6 Axl Multi": "lorry",  # class 13
    "Not Classed": "car",  # a vehicle passed but its axles were not understood: the most frequent class
}
"""Classes 1 to 13 of the FHWA Traffic Monitoring Guide, named as counters export them."""


def _counts_by_class(file: CsvFile) -> bool:
    return file.has_columns(*_COLUMNS) and not _has_channels(file.section(*_COLUMNS).header)


def _counts_by_channel(file: CsvFile) -> bool:
    return file.has_columns(*_COLUMNS) and _has_channels(file.section(*_COLUMNS).header)


def read_classes(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a 15-minute export with the 13 FHWA classes and "Not Classed".

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    section = builder.section(file, *_COLUMNS)
    header = section.header
    first_cells = [row.cells[0] for row in section.above]
    site = next((cell.split(":", 1)[1].strip() for cell in first_cells if cell.lower().startswith("site code:")), "")
    columns = [(site, "", kind) for kind in header.cells[_LEADING:]]
    for kind, times in Counter(header.cells[_LEADING:]).items():
        if times > 1 or not kind:
            builder.problem(
                f"the class {kind!r} is in the header {times} times; allowed: each class once",
                header.line,
            )
    return _read(builder, section, columns, order)


def read_volumes(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a 15-minute export of totals, a column a channel.

    The lines before the header name the site of each channel, in the channels' order; the export does not say
    so, which gives a warning.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    section = builder.section(file, *_COLUMNS)
    header = section.header
    builder.each_once(header, map(column_name, header.cells[_LEADING:]))
    channels = [cell.split()[-1] for cell in header.cells[_LEADING:]]
    names = [row.cells[0] for row in section.above if len(row.cells) == 1 and row.cells[0].isdigit()]
    if names and len(names) != len(channels):
        builder.problem(
            f"{counted(len(names), 'site')} {verb(len(names), 'is', 'are')} named before the header, which has "
            f"{counted(len(channels), 'channel')}",
            header.line,
        )
        names = []
    if names:
        said = ", ".join(f"{name} = channel {channel}" for name, channel in zip(names, channels, strict=True))
        builder.warnings.append(
            f"the file does not say which site belongs to which channel; they are paired in order: {said}"
        )
    streams = names or [""] * len(channels)
    columns = [(stream, channel, TOTAL) for stream, channel in zip(streams, channels, strict=True)]
    return _read(builder, section, columns, order)


def _has_channels(header: Row) -> bool:
    counts = header.cells[_LEADING:]
    return bool(counts) and all(cell.lower().startswith("channel ") for cell in counts)


def _read(
    builder: CountsBuilder,
    section: CsvSection,
    columns: list[tuple[str, str, str]],
    order: DateOrder | None,
) -> Counts:
    """Read the rows below a header; ``columns`` are the stream, channel and class of each count."""
    rows, stamps = section.rows, list[Stamp]()
    for row in rows:
        try:
            stamps.append(Stamp(row.line, row.cells[1], clock(row.cells[2])))
        except ValueError as error:
            builder.problem(str(error), row.line)
    builder.raise_problems()
    if stamps and _afternoon_lost(rows, stamps):
        builder.problem("the times go from 12 to 1 without AM or PM; allowed: times with AM and PM, or with 24 hours")
    builder.raise_problems()
    for row, (date, start) in zip(rows, place_in_time(stamps, order, builder) if stamps else [], strict=True):
        for (stream, channel, kind), vehicles in zip(columns, row.cells[_LEADING:], strict=True):
            builder.add(row.line, date, start, kind, vehicles, stream=stream, channel=channel)
    builder.notes.append("times are the start of each interval; the first and the last interval may be partial")
    return builder.build(_INTERVAL_MIN, ends_partial=True)


def _afternoon_lost(rows: tuple[Row, ...], stamps: list[Stamp]) -> bool:
    """Say whether a 12-hour clock lost its AM and PM: no hour above 12, and on one date 1 after 12."""
    hours = [stamp.seconds // 3600 for stamp in stamps]
    if any("m" in row.cells[2].lower() for row in rows) or max(hours) > _NOON or min(hours) == 0:
        return False
    return any(
        before.date == after.date and (before.seconds // 3600, after.seconds // 3600) == (_NOON, 1)
        for before, after in pairwise(stamps)
    )


BY_CLASS: Final = CountFormat((*_COLUMNS, "the classes"), read_classes, CLASS_MAP, _counts_by_class)
BY_CHANNEL: Final = CountFormat((*_COLUMNS, "channel 1"), read_volumes, {}, _counts_by_channel)
