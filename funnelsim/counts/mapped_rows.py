"""The rows of a count file that a mapping describes: opened, decoded and split, each cell as text."""

import io
from pathlib import Path
from typing import Final

import polars as pl

from funnelsim.counts.csv_file import decode, load_bytes
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.unpacking import is_workbook, unpacked
from funnelsim.errors import CountsError, Problem
from funnelsim.wording import counted, verb

LINE: Final = "\0line"
"""The column with the line of the file; no header can have its name."""

_NAMED: Final = 5
_UNUSED: Final = ("\x01", "\x1f", "\x7f")
"""Characters that no text has: each line is one cell."""

_TIME_CELL: Final = r"^1899-12-3[01] "
"""The date that Excel gives to a time without one."""

_AT_ONCE: Final = 50_000


def rows_of(path: Path, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Return the rows of a file: the line of each, and its cells by column, without blanks around them.

    Raises
    ------
    CountsError
        If the file cannot be opened or split, or a row has more or fewer cells than the header.
    """
    data = unpacked(load_bytes(path), path.name)
    if is_workbook(data):
        frame = rows_of_workbook(data, mapping, diagnostics)
    else:
        lines = _lines(_text(data, mapping, diagnostics), mapping)
        del data  # a large file is not held twice
        frame = _stripped(_table(lines, mapping, diagnostics))
    if frame.is_empty():
        diagnostics.problem("the file has no rows below its header; allowed: at least one")
    diagnostics.raise_problems()
    return frame


def rows_of_text(text: str, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Return the rows of a text."""
    return _stripped(_table(_lines(text, mapping), mapping, diagnostics))


def _stripped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.exclude(LINE).str.strip_chars().fill_null(""))


def _text(data: bytes, mapping: CountMapping, diagnostics: Diagnostics) -> str:
    if mapping.encoding is None:
        text, notes = decode(data, diagnostics.source)
        diagnostics.notes.extend(notes)
        return text
    try:
        text = data.decode(mapping.encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        message = f"the text is not in the encoding {mapping.encoding} ({error})"
        raise CountsError([Problem(diagnostics.source, message)]) from error
    if "\0" in text:
        raise CountsError([Problem(diagnostics.source, "this is a binary file or in another encoding, not text")])
    return text


def _lines(text: str, mapping: CountMapping) -> pl.DataFrame:
    """Return the lines that hold anything, below those to skip and without comments, with their numbers."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    unused = next(mark for mark in _UNUSED if mark not in text or mark == _UNUSED[-1])
    lines = pl.read_csv(
        text.replace(_UNUSED[-1], " ").encode(errors="replace"),
        separator=unused,
        quote_char=None,
        has_header=False,
        new_columns=["text"],
        infer_schema=False,
        raise_if_empty=False,
    )
    if not lines.width:
        lines = pl.DataFrame({"text": []}, schema={"text": pl.String})
    lines = lines.with_columns(pl.col("text").fill_null("")).with_row_index(LINE, 1)
    kept = (pl.col(LINE) > mapping.skip) & (pl.col("text").str.strip_chars() != "")
    if mapping.comment is not None:
        kept &= ~pl.col("text").str.starts_with(mapping.comment)
    return lines.filter(kept).with_columns(pl.col(LINE).cast(pl.Int64))


def _table(lines: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Split lines into cells."""
    if lines.is_empty():
        diagnostics.problem("the file holds nothing below the lines to skip")
        diagnostics.raise_problems()
    if mapping.widths is not None:
        return _fixed(lines, mapping, diagnostics)
    if mapping.sep == " ":
        lines = lines.with_columns(pl.col("text").str.strip_chars().str.replace_all(r"[ \t]+", " "))
    unclosed = lines.filter(pl.col("text").str.count_matches('"', literal=True) % 2 == 1)
    for line in unclosed[LINE].head(_NAMED):
        diagnostics.problem("a quotation mark is not closed on its line; allowed: a row on one line", line)
    diagnostics.raise_problems()
    cells = cell_numbers(lines["text"], mapping.sep)
    width = len(mapping.names) if mapping.names else int(cells[0])
    wrong = lines.with_columns(cells.alias("cells")).filter(pl.col("cells") != width)
    if wrong.height:
        _refuse_widths(wrong, width, mapping, diagnostics)
        diagnostics.raise_problems()
    frame = _split(lines["text"], mapping.sep, width, diagnostics)
    if mapping.names is None:
        return _under_header(frame, lines[LINE])
    return frame.rename(dict(zip(frame.columns, mapping.names, strict=True))).insert_column(0, lines[LINE])


def cell_numbers(texts: pl.Series, sep: str) -> pl.Series:
    """Count the cells of each line; separators between quotes are none."""
    outside = texts.str.replace_all(r'"[^"]*"', "") if texts.str.contains('"', literal=True).any() else texts
    return outside.str.count_matches(sep, literal=True).cast(pl.Int64) + 1


def _refuse_widths(wrong: pl.DataFrame, width: int, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    for (cells,), rows in wrong.group_by("cells", maintain_order=True):
        more = rows.height - 1
        others = f", and so {verb(more, 'has', 'have')} {counted(more, 'more row')}" if more else ""
        diagnostics.problem(
            f"this row has {counted(int(str(cells)), 'cell')}, the header has {width}{others}; sep is {mapping.sep!r}",
            int(rows[LINE][0]),
        )


def _split(texts: pl.Series, sep: str, width: int, diagnostics: Diagnostics) -> pl.DataFrame:
    """Split lines into so many cells."""
    try:
        frame = pl.read_csv(
            _joined(texts),
            separator=sep,
            has_header=False,
            new_columns=[f"\0{number}" for number in range(width)],
            infer_schema=False,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        reason = str(error).splitlines()[0][:120]
        raise CountsError([Problem(diagnostics.source, f"the rows cannot be split into cells ({reason})")]) from error
    if frame.shape != (len(texts), width):
        diagnostics.problem("quotation marks do not stand around whole cells; allowed: no other ones")
        diagnostics.raise_problems()
    return frame


def _joined(texts: pl.Series) -> bytes:
    """Return lines as the bytes of a file, some at a time: all at once they would be held three times."""
    parts = (texts.slice(first, _AT_ONCE).str.join("\n").item() for first in range(0, len(texts), _AT_ONCE))
    data = bytearray()
    for part in parts:
        data += f"{part}\n".encode()
    return bytes(data)


def _under_header(frame: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    """Take the first row as the header; a name that comes again gets a number."""
    names: list[str] = []
    for cell in frame.row(0):
        name = " ".join((cell or "").split())
        number = 2
        while name in names:
            name, number = f"{name.removesuffix(f' ({number - 1})')} ({number})", number + 1
        names.append(name)
    frame = frame.slice(1)
    return frame.rename(dict(zip(frame.columns, names, strict=True))).insert_column(0, lines.slice(1))


def _fixed(lines: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Cut lines at fixed widths."""
    widths, names = mapping.widths or (), mapping.names or ()
    whole = sum(widths)
    long = pl.col("text").str.strip_chars_end().str.len_chars()
    wrong = lines.filter((pl.col("text").str.len_chars() < whole) | (long > whole))
    for line, text in wrong.head(_NAMED).iter_rows():
        diagnostics.problem(f"the line has {len(text)} characters; allowed: {whole}, the sum of widths", line)
    if wrong.height > _NAMED:
        diagnostics.problem(f"and so have {counted(wrong.height - _NAMED, 'more line')}")
    diagnostics.raise_problems()
    starts = [sum(widths[:number]) for number in range(len(widths))]
    cells = (pl.col("text").str.slice(start, width) for start, width in zip(starts, widths, strict=True))
    return lines.select(LINE, *(cell.alias(name) for cell, name in zip(cells, names, strict=True)))


def sheets_of(data: bytes, source: str) -> tuple[str, ...]:
    """Return the names of the sheets of a workbook."""
    try:
        import fastexcel  # noqa: PLC0415  (an extra)
    except ImportError:
        message = "this is an Excel workbook; install funnelsim[excel], or save the sheet as CSV"
        raise CountsError([Problem(source, message)]) from None
    try:
        return tuple(fastexcel.read_excel(data).sheet_names)
    except Exception as error:  # what a damaged workbook raises depends on where it is damaged
        raise CountsError([Problem(source, f"the workbook cannot be read ({error})")]) from error


def rows_of_workbook(
    data: bytes, mapping: CountMapping, diagnostics: Diagnostics, *, has_header: bool = True
) -> pl.DataFrame:
    """Return the rows of a sheet of a workbook."""
    sheets = sheets_of(data, diagnostics.source)
    if mapping.sheet is not None and mapping.sheet not in sheets:
        diagnostics.problem(f"the workbook has no sheet {mapping.sheet!r}; allowed: {', '.join(sheets)}")
        diagnostics.raise_problems()
    try:
        frame = pl.read_excel(
            io.BytesIO(data),
            sheet_name=mapping.sheet,
            engine="calamine",
            has_header=False,
            drop_empty_rows=False,
            infer_schema_length=0,
        )
    except Exception as error:  # what a damaged workbook raises depends on where it is damaged
        raise CountsError([Problem(diagnostics.source, f"the workbook cannot be read ({error})")]) from error
    frame = frame.cast(pl.String).with_columns(pl.all().str.replace(_TIME_CELL, "")).with_row_index("row", 1)
    frame = frame.filter(pl.col("row") > mapping.skip, pl.any_horizontal(pl.exclude("row").is_not_null()))
    if frame.is_empty():
        return frame.rename({"row": LINE})
    lines = frame["row"].cast(pl.Int64).alias(LINE)
    frame = frame.drop("row")
    if not has_header:
        return _stripped(frame.insert_column(0, lines))
    if mapping.names is None:
        return _stripped(_under_header(frame, lines))
    if len(mapping.names) != frame.width:
        diagnostics.problem(f"the sheet has {frame.width} columns; allowed: as many as names, {len(mapping.names)}")
        diagnostics.raise_problems()
    frame = frame.rename(dict(zip(frame.columns, mapping.names, strict=True)))
    return _stripped(frame.insert_column(0, lines))
