"""Reading a count file: in the format that the planner names, or that the file's header shows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from funnelsim.counts.averages import refuse_averages
from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, open_csv, propose_command
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.names import DATE_ORDERS, FORMAT_ENTRIES, FORMATS, DateOrder
from funnelsim.counts.shipped_mappings import shipped_mapping_of
from funnelsim.counts.table import Counts
from funnelsim.errors import CountsError, Problem, UnknownFormatError


def read_counts(
    path: Path | str,
    format: str = "auto",  # noqa: A002 (what the planner calls it)
    *,
    date_order: DateOrder | None = None,
    mapping: CountMapping | Mapping[str, Any] | Path | str | None = None,
) -> Counts:
    """Read a traffic-count file of any known format, or by a mapping, into one tidy table.

    Parameters
    ----------
    path
        The file.
    format
        One of ``FORMATS``; "auto" recognises it, or a shipped mapping, by the header.
    date_order
        Whether dates such as 11/6/2023 are day-month-year ("dmy") or month-day-year ("mdy"). Needed only
        where the file does not show it.
    mapping
        How the file is read where no format fits: a mapping, its table, its file, or the name of a shipped one.

    Returns
    -------
    Counts
        The table, with how the file was read, what to check and what is missing.

    Raises
    ------
    CountsError
        When the file cannot be understood: all problems at once, each with its line.
    UnknownFormatError
        When no format fits it, and no mapping is given.
    """
    source = Path(path).name or str(path)
    if format not in FORMATS:
        raise CountsError([Problem(source, f"format {format!r} given; allowed: {', '.join(FORMATS)}")])
    if date_order is not None and date_order not in DATE_ORDERS:
        raise CountsError([Problem(source, f"date_order {date_order!r} given; allowed: {', '.join(DATE_ORDERS)}")])
    if mapping is not None:
        return _read_by_mapping(path, format, date_order, mapping)
    file = open_csv(path, same_rows_once=True)
    if format != "auto":
        return read_file(file, format, date_order)
    name = next((name for name in FORMAT_ENTRIES if format_of(name).fits(file)), None)
    if name is not None:
        return read_file(file, name, date_order)
    shipped = shipped_mapping_of(file)
    if shipped is not None:
        try:
            return _read_by_mapping(path, format, date_order, shipped)
        except CountsError as error:
            message = (
                f"this was read by the mapping {shipped} that comes with funnelsim, which does not fit; write a draft "
                f"of your own with  {propose_command(path)}"
            )
            raise CountsError([*error.problems, Problem(file.source, message)]) from error
    raise _unknown(file, path)


def _read_by_mapping(
    path: Path | str,
    format_name: str,
    date_order: DateOrder | None,
    mapping: CountMapping | Mapping[str, Any] | Path | str,
) -> Counts:
    from funnelsim.counts.mapped_reading import read_mapped  # noqa: PLC0415  (needed by few)

    source = Path(path).name or str(path)
    if format_name != "auto":
        raise CountsError([Problem(source, f"format {format_name!r} and a mapping given; allowed: one of the two")])
    if date_order is not None:
        message = f"date_order {date_order!r} and a mapping given; allowed: the order in the mapping's format"
        raise CountsError([Problem(source, message)])
    return read_mapped(path, mapping)


def read_file(file: CsvFile, format_name: str, date_order: DateOrder | None) -> Counts:
    """Read a file that is already open in a format that is known.

    Raises
    ------
    CountsError
        As `read_counts`.
    """
    count_format = format_of(format_name)
    if not count_format.fits(file):
        refuse_averages(file)
        columns = ", ".join(count_format.columns)
        title = FORMAT_ENTRIES[format_name].title
        message = (
            f"this does not look like a file of the format {format_name}, {title}; allowed: a header with {columns}"
        )
        raise CountsError([Problem(file.source, message)])
    counts = count_format.read(file, date_order, CountsBuilder(file, format_name, count_format.class_map))
    return replace(counts, origin=file.said("source"))


@cache
def format_of(name: str) -> CountFormat:
    """Return the definition of a format."""
    found: CountFormat = resolve_name(f"funnelsim.counts.formats.{FORMAT_ENTRIES[name].definition}")
    return found


def _unknown(file: CsvFile, path: Path | str) -> UnknownFormatError:
    """Return the error for a file that no format and no shipped mapping fits."""
    refuse_averages(file)
    first = ", ".join(file.rows[0].cells)[:80]
    message = (
        f"its first line, {first!r}, is not the header of a known format ({', '.join(FORMAT_ENTRIES)}); allowed: one "
        f"of these, or any file with a mapping. Write a draft of one with  {propose_command(path)}"
    )
    return UnknownFormatError([Problem(file.source, message)])
