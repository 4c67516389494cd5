"""The project's own CSV: a start and a column a class, or a total.

::

    # A3 eastbound, typical weekday, counted 2023
    start,car,van,lorry
    06:00,812,95,140
    07:00,1240,120,155

``start`` is a time of day (a typical day; hours from 24 on belong to the next day) or a date with a time. The
interval follows from the starts; a file with one row says ``# minutes: 60``.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.dates import dated_starts
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts

_TIME_OF_DAY: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00)?")
_MINUTES: Final = re.compile(r"minutes:\s*(15|30|60)")
_LAST_HOUR: Final = 47


def _recognises(file: CsvFile) -> bool:
    """Return whether the first row is a header that begins with ``start``."""
    cells = file.rows[0].cells
    return cells[0].lower() == "start" and len(cells) > 1


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read the project's own CSV.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    header, *rows = file.rows
    classes = header.cells[1:]
    for name in sorted(set(classes)):
        if not name:
            builder.problem("a column has no name; allowed: a class or 'total'", header.line)
        elif classes.count(name) > 1 or name.lower() == "start":
            builder.problem(f"the column {name!r} appears twice; allowed: each class once", header.line)
        elif name.lower() in ("stream", "channel", "minutes", "date"):
            builder.problem(
                f"the column {name!r} is not a class; allowed: a start and the counts of one stream",
                header.line,
            )
    builder.full_rows(rows, len(header.cells))
    builder.raise_problems()
    for row, (date, start) in zip(rows, _starts(rows, order, builder), strict=True):
        for kind, vehicles in zip(classes, row.cells[1:], strict=True):
            builder.add(row.line, date, start, TOTAL if kind.lower() == TOTAL else kind, vehicles)
    stated = next((match for line in file.comments if (match := _MINUTES.fullmatch(line.lower()))), None)
    builder.notes.extend(line for line in file.comments if not _MINUTES.fullmatch(line.lower()))
    return builder.build(int(stated[1]) if stated else None, totals_must_fit=True)


def _starts(rows: Sequence[Row], order: DateOrder | None, builder: CountsBuilder) -> list[tuple[dt.date | None, int]]:
    """Read the starts: times of day, or dates with times, but not both."""
    typical = [_TIME_OF_DAY.fullmatch(row.cells[0]) for row in rows]
    if all(typical):
        for row, match in zip(rows, typical, strict=True):
            if match and int(match[1]) > _LAST_HOUR:
                builder.problem(
                    f"{row.cells[0]!r} given; allowed: 00:00 to 47:45 (24:00 and later are on the next day)", row.line
                )
        builder.raise_problems()
        return [(None, int(match[1]) * 60 + int(match[2])) for match in typical if match]
    if any(typical):
        row = next(row for row, match in zip(rows, typical, strict=True) if not match)
        builder.problem(f"{row.cells[0]!r} given among times of day; allowed: all with a date or all without", row.line)
    return dated_starts([(row.line, row.cells[0]) for row in rows], order, builder)


FORMAT: Final = CountFormat(("start", "a class or total"), read, {}, _recognises)
