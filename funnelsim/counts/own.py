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

from funnelsim.counts.builder import CountsBuilder, Entry
from funnelsim.counts.counts import Counts
from funnelsim.counts.dates import dated_starts
from funnelsim.counts.document import Document, Row
from funnelsim.counts.names import DateOrder

COLUMNS: Final = ("start",)
_TIME_OF_DAY: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00)?")
_MINUTES: Final = re.compile(r"minutes:\s*(15|30|60)")
_LAST_HOUR: Final = 47


def recognises(document: Document) -> bool:
    """Say whether the first row is a header that begins with ``start``."""
    cells = document.rows[0].cells
    return cells[0].lower() == "start" and len(cells) > 1


def read(document: Document, order: DateOrder | None) -> Counts:
    """Read the project's own CSV.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    builder = CountsBuilder(document.source, "funnelsim", document.notes)
    header, *rows = document.rows
    classes = header.cells[1:]
    for name in sorted(set(classes)):
        if not name:
            builder.problem("a column has no name; allowed: a class or 'total'", header.line)
        elif classes.count(name) > 1 or name.lower() == "start":
            builder.problem(f"the column {name!r} comes twice; allowed: each class once", header.line)
        elif name.lower() in ("stream", "channel", "minutes", "date"):
            builder.problem(
                f"the column {name!r} is no class; one file holds one stream: a start and its counts",
                header.line,
            )
    width = len(header.cells)
    for row in rows:
        if len(row.cells) != width:
            builder.problem(f"{len(row.cells)} cells given; the header has {width}", row.line)
    builder.raise_problems()
    for row, (date, start) in zip(rows, _starts(rows, order, builder), strict=True):
        for kind, vehicles in zip(classes, row.cells[1:], strict=True):
            builder.entries.append(
                Entry(row.line, "", "", date, start, kind.lower() if kind.lower() == "total" else kind, vehicles)
            )
    stated = next((match for line in document.comments if (match := _MINUTES.fullmatch(line.lower()))), None)
    builder.notes.extend(line for line in document.comments if not _MINUTES.fullmatch(line.lower()))
    return builder.build(int(stated[1]) if stated else None, totals_must_fit=True)


def _starts(rows: Sequence[Row], order: DateOrder | None, builder: CountsBuilder) -> list[tuple[dt.date | None, int]]:
    """Read the starts: times of day, or dates with times, but not both."""
    typical = [_TIME_OF_DAY.fullmatch(row.cells[0]) for row in rows]
    if all(typical):
        for row, match in zip(rows, typical, strict=True):
            if match and int(match[1]) > _LAST_HOUR:
                builder.problem(
                    f"{row.cells[0]!r} given; allowed: 00:00 to 47:45, from 24:00 on the next day", row.line
                )
        builder.raise_problems()
        return [(None, int(match[1]) * 60 + int(match[2])) for match in typical if match]
    if any(typical):
        row = next(row for row, match in zip(rows, typical, strict=True) if not match)
        builder.problem(
            f"{row.cells[0]!r} given beside times of day; allowed: all with a date or all without", row.line
        )
    return dated_starts([(row.line, row.cells[0]) for row in rows], order, builder)
