"""Which reader reads a file: by the planner's word, or by the file's header."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from funnelsim.counts import bast, counter, daily, junction, own, per_vehicle, station, webtris
from funnelsim.counts.counts import Counts
from funnelsim.counts.document import Document, open_document
from funnelsim.counts.names import DATE_ORDERS, FORMAT_TITLES, FORMATS, DateOrder
from funnelsim.errors import CountsError, Problem


class _Reader(NamedTuple):
    """One format: whether a document has it, how it is read, and the columns it is known by."""

    recognises: Callable[[Document], bool]
    read: Callable[[Document, DateOrder | None], Counts]
    columns: tuple[str, ...]


_READERS: Final[dict[str, _Reader]] = {
    "funnelsim": _Reader(own.recognises, own.read, (*own.COLUMNS, "a class or total")),
    "fhwa-15min": _Reader(counter.recognises_classes, counter.read_classes, (*counter.COLUMNS, "the classes")),
    "volume-15min": _Reader(counter.recognises_volumes, counter.read_volumes, (*counter.COLUMNS, "channel 1")),
    "per-vehicle": _Reader(per_vehicle.recognises, per_vehicle.read, per_vehicle.COLUMNS),
    "junction": _Reader(junction.recognises, junction.read, junction.COLUMNS),
    "station-hourly": _Reader(station.recognises, station.read, (station.TIMES[0], station.VOLUMES[0])),
    "bast": _Reader(bast.recognises, bast.read, bast.COLUMNS),
    "webtris": _Reader(webtris.recognises, webtris.read, webtris.COLUMNS),
}


def read_counts(
    path: Path | str,
    format: str = "auto",  # noqa: A002 (the planner's word for it)
    *,
    date_order: DateOrder | None = None,
) -> Counts:
    """Read a traffic-count file, whatever it looks like, into one tidy table.

    Parameters
    ----------
    path
        The file.
    format
        One of ``FORMATS``; "auto" looks at the header.
    date_order
        Whether dates such as 11/6/2023 are day-month-year ("dmy") or month-day-year ("mdy"). Needed only
        where the file does not prove it.

    Returns
    -------
    Counts
        The table, with how the file was read, what to check and what is missing.

    Raises
    ------
    CountsError
        When the file cannot be understood: all problems at once, each with its line.
    """
    source = Path(path).name or str(path)
    if format not in FORMATS:
        raise CountsError([Problem(source, f"format {format!r} given; allowed: {', '.join(FORMATS)}")])
    if date_order is not None and date_order not in DATE_ORDERS:
        raise CountsError([Problem(source, f"date_order {date_order!r} given; allowed: {', '.join(DATE_ORDERS)}")])
    document = open_document(path)
    if (refusal := daily.refusal(document)) is not None:
        raise CountsError([Problem(source, refusal)])
    if format == "auto":
        format = _recognise(document)  # noqa: A001
    reader = _READERS[format]
    if not reader.recognises(document):
        columns = ", ".join(reader.columns)
        message = f"this does not look like {format} ({FORMAT_TITLES[format]}): a header with {columns} is needed"
        raise CountsError([Problem(source, message)])
    return reader.read(document, date_order)


def _recognise(document: Document) -> str:
    """Return the name of the format that the header shows."""
    for name, reader in _READERS.items():
        if reader.recognises(document):
            return name
    known = "; ".join(f"{name}: {', '.join(reader.columns)}" for name, reader in _READERS.items())
    first = ", ".join(document.rows[0].cells)[:80]
    message = f"no known count file begins with {first!r}; formats and the header each needs: {known}"
    raise CountsError([Problem(document.source, message)])
