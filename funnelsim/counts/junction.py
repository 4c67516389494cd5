"""Junction counts: 15-minute rows by stream and class, as the city of Magdeburg publishes them.

Sums of streams are rows too (``stromtyp`` "summierter Strom"); they are left out, or every vehicle would
count several times. The file has times of day only.
"""

from typing import Final

from funnelsim.counts.builder import CountsBuilder, Entry
from funnelsim.counts.counts import Counts
from funnelsim.counts.dates import clock
from funnelsim.counts.document import Document, column_name
from funnelsim.counts.names import DateOrder
from funnelsim.units import DAY_MIN

COLUMNS: Final = ("kennung", "stromtyp", "intervall_start", "intervall_ende")
_COUNTED: Final = "zählstrom"
_SUM: Final = "summierter strom"


def recognises(document: Document) -> bool:
    """Say whether this is a junction count by stream."""
    return document.header(*COLUMNS) is not None


def read(document: Document, order: DateOrder | None) -> Counts:
    """Read a junction count; the classes are the columns after the interval's end.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    builder = CountsBuilder(document.source, "junction", document.notes)
    if order is not None:
        builder.notes.append("the file has no dates, so date_order is not used")
    index = document.header(*COLUMNS) or 0
    header = document.rows[index]
    names = [column_name(cell) for cell in header.cells]
    first_class = names.index("intervall_ende") + 1
    at = {name: names.index(name) for name in COLUMNS}
    sums: dict[str, str] = {}
    lengths: set[int] = set()
    for row in document.rows[index + 1 :]:
        if len(row.cells) != len(names):
            builder.problem(f"{len(row.cells)} cells given; the header has {len(names)}", row.line)
            continue
        stream, kind, *interval = (row.cells[at[name]] for name in COLUMNS)
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
            pairs = zip(names[first_class:], row.cells[first_class:], strict=True)
            builder.entries.extend(Entry(row.line, stream, "", None, start, name, cell) for name, cell in pairs)
    if len(lengths) > 1:
        builder.problem(f"intervals of {', '.join(map(str, sorted(lengths)))} min given; allowed: one length")
    if sums:
        builder.notes.append(f"sums that are also rows are left out: {'; '.join(sums.values())}")
        if not builder.entries:
            builder.problem("every row is a sum (summierter Strom); allowed: at least one counted stream")
    return builder.build(lengths.pop() if lengths else None)


def _span(start_text: str, end_text: str) -> tuple[int, int]:
    """Return the start of an interval and its length, in minutes."""
    start = clock(start_text) // 60
    end = DAY_MIN if end_text in ("24:00", "00:00") else clock(end_text) // 60
    if end - start not in (15, 30, 60):
        raise ValueError(f"interval {start_text} to {end_text} given; allowed: 15, 30 or 60 min")
    return start, end - start
