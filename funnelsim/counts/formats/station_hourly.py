"""Hourly station exports with a time and a volume: two columns, or many with a row a weather remark.

Whether the label is the start or the end of the hour is not stated in such files; it is read as the start,
and a warning says so.
"""

from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, CsvSection
from funnelsim.counts.dates import dated_starts
from funnelsim.counts.mapped_doubts import PLACES
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts
from funnelsim.wording import joined

_TIMES: Final = ("date_time", "datetime", "timestamp")
_VOLUMES: Final = ("traffic_volume", "volume")


_NAMED: Final = 5
_SITES: Final = 1_000
"""A column with more values names no sites."""


def _columns(file: CsvFile) -> tuple[str, str] | None:
    """Return the names of the time and the volume column, if the file has them."""
    pairs = ((time, volume) for time in _TIMES for volume in _VOLUMES)
    return next((pair for pair in pairs if file.has_columns(*pair)), None)


def _places(section: CsvSection, *read: str) -> list[int]:
    """Return the columns that name a site, by their names and because their values come again."""
    columns = {
        place: {row.cells[place] for row in section.rows}
        for place, name in enumerate(section.names)
        if name not in read and PLACES.search(name)
    }
    return [place for place, values in columns.items() if 1 < len(values) <= min(_SITES, len(section.rows) // 2)]


def _few(values: set[str]) -> str:
    named = sorted(values - {""})
    return ", ".join(named[:_NAMED]) + (", …" if len(named) > _NAMED else "")


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read an hourly station export; other columns, such as the weather, are left out.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    time, volume = _columns(file) or (_TIMES[0], _VOLUMES[0])
    section = builder.section(file, time, volume)
    names, rows = section.names, section.rows
    places = _places(section, time, volume)
    at_time, at_volume = names.index(time), names.index(volume)
    starts = dated_starts([(row.line, row.cells[at_time]) for row in rows], order, builder) if rows else []
    for row, (date, start) in zip(rows, starts, strict=True):
        channel = " ".join(f"{names[place]} {row.cells[place]}" for place in places)
        builder.add(row.line, date, start, TOTAL, row.cells[at_volume], channel=channel)
    if places:
        columns = joined([f"{names[place]} ({_few({row.cells[place] for row in rows})})" for place in places])
        builder.warnings.append(
            f"the file holds several counters, told apart by {columns}, which is read as the channel: choose one "
            "(channel), or several that are added"
        )
    builder.warnings.append(
        "the file does not say whether a time is the start or the end of its hour; it is read as the start"
    )
    # Where every label is a full hour the rows are hourly, even if every second hour is missing.
    return builder.build(60 if all(start % 60 == 0 for _, start in starts) else None)


FORMAT: Final = CountFormat((_TIMES[0], _VOLUMES[0]), read, {}, recognises=lambda file: _columns(file) is not None)
