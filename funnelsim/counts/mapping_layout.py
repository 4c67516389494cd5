"""How the cells of an unknown count file are found: its separator, its header, its sheet, and the rows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from funnelsim.counts.csv_file import decode, load_bytes
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE, cell_numbers, rows_of, rows_of_text, rows_of_workbook, sheets_of
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.unpacking import is_workbook, unpacked
from funnelsim.errors import CountsError, Problem

_SEPS: Final = ";\t|,"
_LINES: Final = 3_000
_HEADER_WITHIN: Final = 100
_MARKS: Final = ("#", "*", "//")
_FEW_CELLS: Final = 2


class Layout(NamedTuple):
    """How the cells of a file are found.

    Attributes
    ----------
    keys
        The keys of a mapping that say so.
    frame
        The first rows, each cell as text.
    has_header, has_units
        Whether the columns have names, and whether a line of units stands below them.
    sheets
        The sheets of a workbook.
    """

    keys: dict[str, object]
    frame: pl.DataFrame
    has_header: bool
    has_units: bool = False
    sheets: tuple[str, ...] = ()


def layout_of(path: Path | str, keys: Mapping[str, object] | None = None) -> Layout:
    """Return how the cells of a count file are found.

    Parameters
    ----------
    path
        The file: text, gzip, a zip with one file, or an Excel workbook.
    keys
        Keys of a mapping that say so; None finds them out.

    Raises
    ------
    CountsError
        If the file cannot be opened, or has no columns.
    """
    path = Path(path)
    data = unpacked(load_bytes(path), path.name)
    workbook = is_workbook(data)
    if keys is not None:
        frame = rows_of(path, _reading(**keys), Diagnostics(path.name)).head(_LINES)
        sheets = sheets_of(data, path.name) if workbook else ()
        layout = Layout(dict(keys), frame, has_header="names" not in keys, sheets=sheets)
    else:
        layout = _of_workbook(data, path.name) if workbook else _of_text(data, path.name)
    return layout._replace(frame=layout.frame.drop(LINE))


def _of_workbook(data: bytes, source: str) -> Layout:
    """Find the sheet with the largest table, its header and rows."""
    sheets = sheets_of(data, source)
    best = (-1, sheets[0], 0)
    for sheet in sheets:
        cells = rows_of_workbook(data, _reading(sheet=sheet), Diagnostics(source), has_header=False)
        filled = cells.drop(LINE).select(pl.sum_horizontal(pl.all().str.len_chars() > 0).alias("cells"))["cells"]
        if filled.len() and (size := int(filled.sum())) > best[0]:
            header = int((filled > cells.drop(LINE).width / 2).arg_max() or 0)
            best = (size, sheet, int(cells[LINE][header]) - 1)
    _, sheet, skip = best
    keys: dict[str, object] = ({"sheet": sheet} if len(sheets) > 1 else {}) | ({"skip": skip} if skip else {})
    frame = rows_of_workbook(data, _reading(**keys), Diagnostics(source))
    return Layout(keys, frame.head(_LINES), has_header=True, sheets=sheets)


def _of_text(data: bytes, source: str) -> Layout:
    """Find the separator, the header and the rows of a text."""
    text, _ = decode(data, source)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _LINES)[:_LINES]
    first = next((line for line in lines if line.strip()), "")
    comment = next((mark for mark in _MARKS if first.startswith(mark)), None)
    kept = [
        (number, line)
        for number, line in enumerate(lines)
        if line.strip() and not (comment and line.startswith(comment))
    ]
    sep, width = _separator(pl.Series([line for _, line in kept], dtype=pl.String))
    if width < _FEW_CELLS:
        message = "no character separates cells in most lines; allowed: a mapping with widths, which you write yourself"
        raise CountsError([Problem(source, message)])
    cells = cell_numbers(pl.Series([line for _, line in kept[:_HEADER_WITHIN]]), sep)
    skip = next(
        number
        for (number, line), there in zip(kept, cells, strict=False)
        if (there == width and _is_filled(line.split(sep))) or number == kept[-1][0]
    )
    header = lines[skip].split(sep)
    has_header = not any(_is_number(cell) for cell in header)
    keys: dict[str, object] = (
        {"sep": sep} | ({"comment": comment} if comment else {}) | ({"skip": skip} if skip else {})
    )
    names = None if has_header else tuple(f"column {number}" for number in range(1, width + 1))
    below = [(number, line.split(sep)) for number, line in kept if number > skip][:2]
    has_units = has_header and len(below) > 1 and _are_units(*(cells for _, cells in below))
    if has_units:  # the names are those of the header, so that the rows may begin below the units
        names = _distinct(header)
        skip = keys["skip"] = below[0][0] + 1
    wanted = "\n".join(
        line for number, line in enumerate(lines) if number < skip or cell_numbers(pl.Series([line]), sep)[0] == width
    )
    frame = rows_of_text(wanted, _reading(sep=sep, comment=comment, skip=skip, names=names), Diagnostics(source))
    return Layout(keys | ({"names": list(names)} if names else {}), frame, has_header, has_units)


def _distinct(header: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a header; a column without a name, or with one that is taken, gets its number."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        written = cell.strip().strip('"')
        candidates = (f"{written or 'column'} {another}" for another in range(number, number + len(header) + 1))
        free = (name for name in (written, *candidates) if name and name not in names)
        names.append(next(free))
    return tuple(names)


def _is_filled(cells: Sequence[str]) -> bool:
    """Tell whether a line can be the header: a title with separators behind it has most cells blank."""
    return sum(bool(cell.strip().strip('"')) for cell in cells) > len(cells) / 2


def _are_units(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the cells of a line are units: none has a digit, and most below have."""
    return (
        not re.search("[0-9]", "".join(cells))
        and sum(bool(re.search("[0-9]", cell)) for cell in below) > len(below) / 2
    )


def _reading(**keys: object) -> CountMapping:
    """Return a mapping that says how cells are found, and of the rest only what every mapping needs."""
    needed = {"time": "-", "format": "%Y %H", "label": "start", "minutes": 60, "total": "-"}
    return CountMapping.model_validate(needed | keys)


def _separator(lines: pl.Series) -> tuple[str, int]:
    """Return the character that cuts most lines into the same number of cells, and that number."""
    best = (0.0, ",", 1)
    for sep in _SEPS:
        width, times = Counter(cell_numbers(lines, sep).to_list()).most_common(1)[0] if lines.len() else (1, 0)
        if width >= _FEW_CELLS and (share := times / lines.len()) > best[0] + 0.05:
            best = (share, sep, width)
    return best[1], best[2]


def _is_number(cell: str) -> bool:
    return cell.strip().strip('"').replace(".", "", 1).replace(",", "", 1).lstrip("-").isdigit()
