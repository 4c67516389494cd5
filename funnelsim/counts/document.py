"""A count file as rows of cells: opened, decoded, split, with the line each row came from.

Whatever is wrong with the file as such (a folder, an Excel workbook, no text at all) is refused here, in
words.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from funnelsim.errors import CountsError, Problem

_LARGEST_BYTES: Final = 100_000_000
_LINES_LOOKED_AT: Final = 40
_LETTERS_ONLY_IN_CP1250: Final = frozenset(b"\x8a\x8c\x8d\x8e\x8f\x9a\x9c\x9d\x9e\x9f")
"""Bytes that are letters in Windows-1250 and control characters in Latin-1."""

_NOT_TEXT: Final = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
}


@dataclass(frozen=True)
class Row:
    """One row of cells, stripped of blanks, and the line of the file on which it ends."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A count file as text.

    Parameters
    ----------
    source
        The file's name.
    rows
        All rows that hold anything, without comments.
    comments
        The lines that start with ``#``, without that mark.
    notes
        How the text was decoded, where that was not plain UTF-8.
    """

    source: str
    rows: tuple[Row, ...]
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def header(self, *names: str) -> int | None:
        """Find the row that names all these columns, among the first forty rows.

        Parameters
        ----------
        *names
            Column names in lower case.

        Returns
        -------
        int or None
            The index of the row.
        """
        wanted = set(names)
        for index, row in enumerate(self.rows[:_LINES_LOOKED_AT]):
            if wanted <= {column_name(cell) for cell in row.cells}:
                return index
        return None


def column_name(cell: str) -> str:
    """Write a column's name as the readers compare it: lower case, single blanks."""
    return " ".join(cell.lower().split())


def open_document(path: Path | str) -> Document:
    """Open a count file and split it into rows of cells.

    Parameters
    ----------
    path
        The file. UTF-8 with or without a byte-order mark, UTF-16 with one, Windows-1250 and Latin-1 are read;
        cells may be separated by commas, semicolons or tabs.

    Raises
    ------
    CountsError
        When there is no such file or it is not a text with rows.
    """
    path = Path(path)
    text, notes = _decode(_load(path), path.name)
    lines = re.split(r"\r\n|\r|\n", text)
    comments = tuple(line.lstrip().lstrip("#").strip() for line in lines if line.lstrip().startswith("#"))
    # Comments become empty lines, so that line numbers stay those of the file.
    body = ["" if line.lstrip().startswith("#") else line for line in lines]
    rows = _split(body, path.name)
    if not rows:
        raise CountsError([Problem(path.name, "the file holds no rows; a count file has a header and rows")])
    return Document(path.name, rows, comments, notes)


def _load(path: Path) -> bytes:
    """Return the file's bytes, or say why they cannot be a count file."""
    try:
        if path.is_dir():
            raise CountsError([Problem(str(path), "this is a folder; give one count file in it")])
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            message = f"{size / 1e6:,.0f} MB given; allowed: up to 100 MB; cut out the station or weeks needed"
            raise CountsError([Problem(path.name, message)])
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CountsError([Problem(str(path), f"the file cannot be opened ({reason})")]) from error
    for mark, kind in _NOT_TEXT.items():
        if data.startswith(mark):
            raise CountsError([Problem(path.name, f"this is {kind}, not a text; export the counts as CSV")])
    return data


def _decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """Return the text, and a note where it was not plain UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ("the text is UTF-16 (an Excel text export)",)
        except UnicodeDecodeError as error:
            raise CountsError([Problem(source, "the file starts like UTF-16 text but is damaged")]) from error
    if b"\x00" in data:
        raise CountsError([Problem(source, "this is a binary file, not a text; export the counts as CSV")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if _LETTERS_ONLY_IN_CP1250.intersection(data):
            note = "the text is not UTF-8; its letters are read as Windows-1250 (Central Europe)"
            return data.decode("cp1250", errors="replace"), (note,)
        return data.decode("latin-1"), ("the text is not UTF-8; its letters are read as Latin-1 (Western Europe)",)
    if text.startswith("\ufeff"):
        return text[1:], ("the byte-order mark at the file's start is left out",)
    return text, ()


def _delimiter(lines: Iterable[str]) -> str:
    """Return the mark between cells.

    Semicolons and tabs come first: where they stand in most lines, commas are decimal marks.
    """
    sample = [line for line in lines if line.strip()][:_LINES_LOOKED_AT]
    return next((mark for mark in ";\t" if 2 * sum(mark in line for line in sample) > len(sample)), ",")


def _split(lines: list[str], source: str) -> tuple[Row, ...]:
    """Split the lines into rows of stripped cells; rows without any content are left out."""
    reader = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=_delimiter(lines))
    rows: list[Row] = []
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                rows.append(Row(reader.line_num, stripped))
    except csv.Error as error:
        message = f"the line cannot be split into cells ({error})"
        raise CountsError([Problem(f"{source}, line {reader.line_num}", message)]) from error
    return tuple(rows)
