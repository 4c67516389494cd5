"""National Highways WebTRIS daily reports (England), as CSV.

Columns as the service publishes them: ``Site Name``, ``Report Date``, ``Time Period Ending``, ``Time
Interval``, four length bins (``0 - 520 cm`` to ``1160+ cm``), fourteen speed bins, ``Avg mph``, ``Total
Volume``. Known from code that reads the service and from its column lists, not from a specification: lines
before the header are skipped, "Time Period Ending" is the last minute of the interval (00:14:00 is 00:00 to
00:15, 00:59:00 a whole hour), and a blank is "not counted".
"""

import re
from collections.abc import Sequence
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.dates import Stamp, clock, place_in_time
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts
from funnelsim.units import DAY_MIN

_COLUMNS: Final = ("report date", "time period ending", "total volume")
_BIN: Final = re.compile(r"[0-9]+ ?(-|\+) ?[0-9]* ?cm")
_QUARTERS: Final = frozenset((14, 29, 44, 59))
_LAST_MINUTE: Final = 59

CLASS_MAP: Final = {
    "0 - 520 cm": "car",
    "521 - 660 cm": "van",
    "661 - 1160 cm": "lorry",
    "1160+ cm": "lorry",
}
"""A length is no class: vehicles of 6.6 to 11.6 m are rigid lorries and most coaches."""


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a WebTRIS daily report.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    section = builder.section(file, *_COLUMNS)
    names, rows = section.names, section.rows
    if not rows:
        builder.problem("the report has a header but no rows")
        builder.raise_problems()
    site = next((names.index(name) for name in ("site name", "siteid", "site id") if name in names), None)
    minutes, stamps = _stamps(rows, names, site, builder)
    starts = place_in_time(stamps, order, builder)
    bins = [(position, name) for position, name in enumerate(names) if _BIN.fullmatch(name)]
    counted = [*bins, (names.index("total volume"), TOTAL)]
    builder.each_once(section.header, [*([names[site]] if site is not None else []), *(name for _, name in bins)])
    for row, (date, start) in zip(rows, starts, strict=True):
        stream = row.cells[site] if site is not None else ""
        for position, name in counted:
            builder.add(row.line, date, start, name, row.cells[position], stream=stream)
    builder.notes.append("times are the end of each interval (Time Period Ending)")
    return builder.build(minutes)


def _stamps(rows: Sequence[Row], names: list[str], site: int | None, builder: CountsBuilder) -> tuple[int, list[Stamp]]:
    """Return the interval's length and when each row's interval starts."""
    at_date, at_end = names.index("report date"), names.index("time period ending")
    ends: list[tuple[Row, int]] = []
    for row in rows:
        try:
            ends.append((row, clock(row.cells[at_end]) // 60))
        except ValueError as error:
            builder.problem(str(error), row.line)
    last_minutes = {end % 60 for _, end in ends}
    if not last_minutes <= _QUARTERS:
        row = next(row for row, end in ends if end % 60 not in _QUARTERS)
        builder.problem(f"Time Period Ending {row.cells[at_end]!r} given; allowed: minutes 14, 29, 44 and 59", row.line)
    builder.raise_problems()
    minutes = 60 if last_minutes == {_LAST_MINUTE} else 15
    # The date comes with a midnight, "2025-03-10T00:00:00"; only the date counts.
    return minutes, [
        Stamp(
            row.line,
            re.split(r"[T\s]", row.cells[at_date])[0],
            ((end + 1 - minutes) % DAY_MIN) * 60,
            row.cells[site] if site is not None else "",
        )
        for row, end in ends
    ]


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
