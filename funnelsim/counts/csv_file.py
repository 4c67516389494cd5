"""A CSV file as rows of cells: opened, decoded and split, with the line that each row came from.

What is wrong with the file as such (a folder, an Excel workbook, no text at all) is refused here.
"""

import csv
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from funnelsim.counts.unpacking import unpacked
from funnelsim.errors import CountsError, Problem, UnknownFormatError

_LARGEST_BYTES: Final = 100_000_000
_LINES_EXAMINED: Final = 40
_LETTERS_ONLY_IN_CP1250: Final = frozenset(b"\x8a\x8c\x8d\x8e\x8f\x9a\x9c\x9d\x9e\x9f")
"""Bytes that are letters in Windows-1250 and control characters in Latin-1."""

_NOT_TEXT: Final = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
}
_READ_BY_MAPPING: Final = ("an Excel workbook", "an old Excel workbook")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells, without blanks around them, and the line of the file on which it ends.

    ``times`` says how often the file has it, where the same rows are read once.
    """

    line: int
    cells: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True)
class CsvSection:
    """The rows of a file under one header.

    Parameters
    ----------
    header
        The row with the column names.
    rows
        The rows below the header.
    above
        The rows above the header.
    """

    header: Row
    rows: tuple[Row, ...]
    above: tuple[Row, ...] = ()

    @property
    def names(self) -> list[str]:
        """The column names, normalised by `column_name`."""
        return [column_name(cell) for cell in self.header.cells]


@dataclass(frozen=True)
class CsvFile:
    """A text file split into rows of cells.

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

    def said(self, name: str) -> str:
        """Return what the first comment `name: ...` says; nothing where there is none."""
        return next((line.partition(":")[2].strip() for line in self.comments if line.startswith(f"{name}:")), "")

    @property
    def repeats(self) -> int:
        """How many rows are left out because they are the same as one before."""
        return sum(row.times - 1 for row in self.rows)

    def has_columns(self, *names: str) -> bool:
        """Return whether one of the first forty rows names all these columns, written as by `column_name`."""
        return self._find(names) is not None

    def section(self, *names: str) -> CsvSection:
        """Return the rows under the header that names all these columns.

        Raises
        ------
        CountsError
            If the file has no such header.
        """
        section = self._find(names)
        if section is None:
            raise CountsError([Problem(self.source, f"no header found; allowed: one with {', '.join(names)}")])
        return section

    def _find(self, names: Sequence[str]) -> CsvSection | None:
        wanted = set(names)
        for index, row in enumerate(self.rows[:_LINES_EXAMINED]):
            if wanted <= {column_name(cell) for cell in row.cells}:
                return CsvSection(row, self.rows[index + 1 :], self.rows[:index])
        return None


def column_name(cell: str) -> str:
    """Normalise the name of a column, to compare it: lower case, single blanks."""
    return " ".join(cell.lower().split())


def open_csv(path: Path | str, *, same_rows_once: bool = False) -> CsvFile:
    """Open a count file and split it into rows of cells.

    Parameters
    ----------
    path
        The file, or a gzip or zip archive of it. UTF-8 with or without a byte-order mark, UTF-16 with one, Windows-1250
        and Latin-1 are read; cells may be separated by commas, semicolons or tabs.
    same_rows_once
        Whether rows below the first forty that are the same as one before, cell by cell, are only counted in that
        one's `times`. A file of counts that was copied into itself a thousand times then takes no more memory.

    Raises
    ------
    CountsError
        When there is no such file or it is not a text with rows.
    """
    path = Path(path)
    data = unpacked(load_bytes(path), path.name)
    _refuse_other_kinds(data, path)
    text, notes = decode(data, path.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    comments = tuple(line.lstrip().lstrip("#").strip() for line in _lines(text) if line.lstrip().startswith("#"))
    rows = _split(text, path.name, same_rows_once=same_rows_once)
    if not rows:
        raise CountsError([Problem(path.name, "the file has no rows; allowed: a header and rows below it")])
    return CsvFile(path.name, rows, comments, notes)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text one by one: a list of them takes several times the memory of the text."""
    start, end = 0, text.find("\n")
    while end >= 0:
        yield text[start:end]
        start, end = end + 1, text.find("\n", end + 1)
    yield text[start:]


def _body(text: str) -> Iterator[str]:
    """Yield the lines, of comments empty ones, so that line numbers stay those of the file."""
    for line in _lines(text):
        yield "\n" if line.lstrip().startswith("#") else f"{line}\n"


def load_bytes(path: Path) -> bytes:
    """Return the file's bytes, or raise why they cannot be read."""
    try:
        if path.is_dir():
            raise CountsError([Problem(str(path), "this is a folder; give one file in it")])
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            message = f"{size / 1e6:,.0f} MB given; allowed: up to 100 MB (one station, the weeks you need)"
            raise CountsError([Problem(path.name, message)])
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CountsError([Problem(str(path), f"the file cannot be opened ({reason})")]) from error
    return data


def _refuse_other_kinds(data: bytes, path: Path) -> None:
    for mark, kind in _NOT_TEXT.items():
        if data.startswith(mark):
            if kind in _READ_BY_MAPPING:
                advice = f"allowed with a mapping; write a draft of one with  {propose_command(path)}"
                raise UnknownFormatError([Problem(path.name, f"this is {kind}, not text; {advice}")])
            raise CountsError([Problem(path.name, f"this is {kind}, not text; export the counts as CSV")])


def propose_command(path: Path | str) -> str:
    """Return the command that writes a draft of a mapping for a file."""
    return f"funnelsim counts {shlex.quote(str(path))} --propose mapping.toml"


def decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """Return the text, and a note where it was not plain UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise CountsError([Problem(source, "the file starts like UTF-16 text but is damaged")]) from error
        if "\0" in text:
            message = "the file starts like UTF-16 text but is in UTF-32 or damaged; save it as UTF-8"
            raise CountsError([Problem(source, message)])
        return text, ("the text is UTF-16 (an Excel text export)",)
    if b"\x00" in data:
        raise CountsError([Problem(source, "this is a binary file, not text; export the counts as CSV")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if _LETTERS_ONLY_IN_CP1250.intersection(data):
            note = "the text is not UTF-8; its letters are read as Windows-1250 (Central Europe)"
            return data.decode("cp1250", errors="replace"), (note,)
        return data.decode("latin-1"), ("the text is not UTF-8; its letters are read as Latin-1 (Western Europe)",)
    if text.startswith("\ufeff"):
        return text[1:], ("the byte-order mark at the start of the file is ignored",)
    return text, ()


def _delimiter(text: str) -> str:
    """Return the character that separates cells.

    Semicolons and tabs come first: where most lines have them, commas are decimal marks.
    """
    sample = list(islice((line for line in _body(text) if line.strip()), _LINES_EXAMINED))
    return next((mark for mark in ";\t" if 2 * sum(mark in line for line in sample) > len(sample)), ",")


def _split(text: str, source: str, *, same_rows_once: bool) -> tuple[Row, ...]:
    """Split the text into rows of stripped cells; empty rows are left out."""
    reader = csv.reader(_body(text), delimiter=_delimiter(text))
    rows: list[Row] = []
    places: dict[tuple[str, ...], int] = {}
    repeats: Counter[int] = Counter()
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if not any(stripped):
                continue
            place = places.setdefault(stripped, len(rows)) if same_rows_once else len(rows)
            if place < len(rows) and len(rows) > _LINES_EXAMINED:  # what is above the header stays as it is
                repeats[place] += 1
            else:
                rows.append(Row(reader.line_num, stripped))
    except csv.Error as error:
        message = f"the line cannot be split into cells ({error})"
        raise CountsError([Problem(f"{source}, line {reader.line_num}", message)]) from error
    for place, more in repeats.items():
        rows[place] = replace(rows[place], times=1 + more)
    return tuple(rows)
