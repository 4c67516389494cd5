"""Junction counts: 15-minute rows by stream and class, as the city of Magdeburg publishes them.

Sums of streams are rows too (``stromtyp`` "summierter Strom"); they are left out, or every vehicle would
count several times. The file has times of day only.
"""

from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile
from funnelsim.counts.dates import clock
from funnelsim.counts.names import DateOrder
from funnelsim.counts.table import Counts
from funnelsim.units import DAY_MIN

_COLUMNS: Final = ("kennung", "stromtyp", "intervall_start", "intervall_ende")
_COUNTED: Final = "zählstrom"
_SUM: Final = "summierter strom"

CLASS_MAP: Final = {
    "rad": "-",  # bicycles do not pass a funnel on such roads
    "krad": "car",  # motorcycles
    "pkw": "car",
    "lfz": "van",  # Lieferfahrzeug: delivery van up to 3.5 t
    "lkw": "lorry",
    "lz": "lorry",  # Lastzug: lorry with trailer, articulated lorry
    "bus": "coach",  # scheduled buses too: in a town, say "-"
}
"""The columns of German junction counts."""


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a junction count; the classes are the columns after the interval's end.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    if order is not None:
        builder.notes.append("the file has no dates, so date_order is ignored")
    section = builder.rows_below(file, *_COLUMNS)
    names = section.names
    first_class = names.index("intervall_ende") + 1
    builder.each_once(section.header, names[first_class:])
    at = {name: names.index(name) for name in _COLUMNS}
    sums: dict[str, str] = {}
    lengths: set[int] = set()
    for row in builder.full_rows(section.rows, len(names)):
        stream, kind, *interval = (row.cells[at[name]] for name in _COLUMNS)
        if kind.lower() == _SUM:
            formula = row.cells[names.index("kommentar")] if "kommentar" in names else ""
            sums[stream] = f"{stream} = {formula}" if formula else stream
        elif kind.lower() != _COUNTED:
            builder.problem(
                f"stromtyp {kind!r} given; allowed: Zählstrom (counted), summierter Strom (a sum)", row.line
            )
        else:
            try:
                start, length = _span(*interval)
            except ValueError as error:
                builder.problem(str(error), row.line)
                continue
            lengths.add(length)
            for name, cell in zip(names[first_class:], row.cells[first_class:], strict=True):
                builder.add(row.line, None, start, name, cell, stream=stream)
    if len(lengths) > 1:
        builder.problem(f"intervals of {', '.join(map(str, sorted(lengths)))} min given; allowed: one length")
    if sums:
        builder.notes.append(f"rows that are sums of other rows are left out: {'; '.join(sums.values())}")
        if builder.is_empty:
            builder.problem("every row is a sum (summierter Strom); allowed: at least one counted stream")
    return builder.build(lengths.pop() if lengths else None)


def _span(start_text: str, end_text: str) -> tuple[int, int]:
    """Return the start of an interval and its length, in minutes."""
    start = clock(start_text) // 60
    end = DAY_MIN if end_text in ("24:00", "00:00") else clock(end_text) // 60
    if end - start not in (15, 30, 60):
        raise ValueError(f"interval {start_text} to {end_text} given; allowed: 15, 30 or 60 min")
    return start, end - start


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
