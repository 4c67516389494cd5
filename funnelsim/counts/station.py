"""Hourly station exports with a time and a volume: two columns, or many with a row a weather remark.

Whether the label is the start or the end of the hour is not stated in such files; it is read as the start,
and a warning says so.
"""

from typing import Final

from funnelsim.counts.builder import CountsBuilder, Entry
from funnelsim.counts.counts import Counts
from funnelsim.counts.dates import dated_starts
from funnelsim.counts.document import Document, column_name
from funnelsim.counts.names import TOTAL, DateOrder

TIMES: Final = ("date_time", "datetime", "timestamp")
VOLUMES: Final = ("traffic_volume", "volume")


def _header(document: Document) -> tuple[int, str, str] | None:
    """Find the header row and the names of its time and volume columns."""
    for time in TIMES:
        for volume in VOLUMES:
            index = document.header(time, volume)
            if index is not None:
                return index, time, volume
    return None


def recognises(document: Document) -> bool:
    """Say whether there is a header with a time and a volume."""
    return _header(document) is not None


def read(document: Document, order: DateOrder | None) -> Counts:
    """Read an hourly station export; other columns, such as the weather, are left out.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    builder = CountsBuilder(document.source, "station-hourly", document.notes)
    index, time, volume = _header(document) or (0, TIMES[0], VOLUMES[0])
    header = document.rows[index]
    names = [column_name(cell) for cell in header.cells]
    rows = document.rows[index + 1 :]
    for row in rows:
        if len(row.cells) != len(names):
            builder.problem(f"{len(row.cells)} cells given; the header has {len(names)}", row.line)
    builder.raise_problems()
    at_time, at_volume = names.index(time), names.index(volume)
    starts = dated_starts([(row.line, row.cells[at_time]) for row in rows], order, builder) if rows else []
    for row, (date, start) in zip(rows, starts, strict=True):
        builder.entries.append(Entry(row.line, "", "", date, start, TOTAL, row.cells[at_volume]))
    builder.warnings.append(
        "the file does not say whether a time is the start or the end of its hour; read as the start"
    )
    # Where every label is a full hour the rows are hourly, even if every second hour is missing.
    return builder.build(60 if all(start % 60 == 0 for _, start in starts) else None)
