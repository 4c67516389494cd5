"""A draft of a mapping for an unknown count file: what is sure is set, what is not is asked in comments."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from funnelsim.counts.csv_file import decode, load_bytes
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.guesses import Guesses
from funnelsim.counts.mapped_rows import LINE, cell_numbers, rows_of_text, rows_of_workbook, sheets_of
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.mapping_guesses import guesses_of
from funnelsim.counts.unpacking import is_workbook, unpacked
from funnelsim.errors import CountsError, Problem
from funnelsim.wording import joined

_SEPS: Final = ";\t|,"
_LINES: Final = 3_000
_HEADER_WITHIN: Final = 100
_MARKS: Final = ("#", "*", "//")
_FEW_CELLS: Final = 2


class _Layout(NamedTuple):
    """How the cells of a file are found: the keys of the mapping that say so, and the rows."""

    keys: dict[str, object]
    frame: pl.DataFrame
    has_header: bool
    has_units: bool = False
    sheets: tuple[str, ...] = ()


def proposed_mapping(path: Path | str) -> str:
    """Return a draft of a mapping for a count file, as TOML with comments.

    Parameters
    ----------
    path
        The file: text, gzip, a zip with one file, or an Excel workbook.

    Raises
    ------
    CountsError
        If the file cannot be opened, or has no columns.
    """
    path = Path(path)
    data = unpacked(load_bytes(path), path.name)
    layout = _of_workbook(data, path.name) if is_workbook(data) else _of_text(data, path.name)
    frame = layout.frame.drop(LINE)
    return "\n".join(_lines(path.name, layout, guesses_of(frame))) + "\n"


def _of_workbook(data: bytes, source: str) -> _Layout:
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
    return _Layout(keys, frame.head(_LINES), has_header=True, sheets=sheets)


def _of_text(data: bytes, source: str) -> _Layout:
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
        names = tuple(cell.strip().strip('"') for cell in header)
        skip = keys["skip"] = below[0][0] + 1
    wanted = "\n".join(
        line for number, line in enumerate(lines) if number < skip or cell_numbers(pl.Series([line]), sep)[0] == width
    )
    frame = rows_of_text(wanted, _reading(sep=sep, comment=comment, skip=skip, names=names), Diagnostics(source))
    return _Layout(keys | ({"names": list(names)} if names else {}), frame, has_header, has_units)


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


def _lines(source: str, layout: _Layout, found: Guesses) -> Iterator[str]:
    """Yield the lines of the draft."""
    yield f"# A draft of a mapping for {source}. Each QUESTION is yours: remove the # before the line that is right."
    yield ""
    if not layout.has_header:
        yield "# The file has no header. QUESTION: what is in each column? Name them."
    if layout.has_units:
        yield "# The line below the header holds units; names and skip leave both out."
    if len(layout.sheets) > 1:
        yield f"# The workbook has the sheets {joined([repr(name) for name in layout.sheets], 'and')}."
    for key, value in layout.keys.items():
        yield _set(key, value)
    if found.last_is_sum:
        yield "# The last row seems to be a sum: delete it from the file, or it is refused as a row without a time."
    yield ""
    yield from _times(found)
    yield ""
    yield from _places(found)
    yield ""
    yield from _numbers(found)
    yield from _writing(found)
    yield from _unused(found)
    yield from _classes(found)


def _times(found: Guesses) -> Iterator[str]:
    if found.time:
        if found.rivals:
            yield "# QUESTION: which column names the interval?"
            yield from (f"# {_set('time', name)}" for name in (*found.time, *found.rivals))
        else:
            yield _set("time", found.time[0] if len(found.time) == 1 else found.time)
        if len(found.formats) == 1:
            yield _set("format", found.formats[0])
        else:
            yield f"# QUESTION: dates fit {joined([repr(form) for form in found.formats], 'and')}; which is right?"
            yield from (f"# {_set('format', form)}" for form in found.formats)
    elif not found.hour:
        yield "# QUESTION: which columns hold date and time, and how are they written?"
        yield '# time = ["date", "time"]'
        yield '# format = "%d/%m/%Y %H:%M"'
    if any("%z" in form for form in found.formats):
        yield "# QUESTION: are the offsets those of the road's clocks? If the times are in UTC, name the zone."
        yield '# zone = "Europe/Paris"'
    if found.hour:
        yield _set("hour", found.hour)
    elif found.time and not found.wide and not any("%H" in form or "%I" in form for form in found.formats):
        yield "# QUESTION: which column holds the number of the hour, or the time of day?"
        yield '# hour = ""'
    if found.wide:
        yield _set("wide", _pattern(found.wide)) + f"  # {found.wide[0]} to {found.wide[-1]}"
    yield from _intervals(found)


def _intervals(found: Guesses) -> Iterator[str]:
    if not found.per_vehicle:
        asked = "# minutes = 60  # QUESTION: how long is an interval?"
        yield _set("minutes", found.minutes) if found.minutes else asked
    if found.ends:
        yield _set("label", "start") + f"  # {found.ends!r} is the end"
    elif not (found.wide or found.per_vehicle):
        yield "# QUESTION: does a time name the start of its interval, its end, or its last minute? Ask the agency."
        yield from (f"# {_set('label', label)}" for label in ("start", "end", "last minute"))


def _pattern(names: Sequence[str]) -> str:
    """Return a pattern that all these names fit: their digits are any digits where all have as many."""
    patterns = {re.sub(r"[0-9]", "[0-9]", name) for name in names}
    if len(patterns) == 1:
        return patterns.pop()
    start = names[0]
    while not all(name.startswith(start) for name in names):
        start = start[:-1]
    if all(name[len(start) :].isdigit() for name in names):
        return f"{start}[0-9]*"
    between = next((mark for mark in ":-" if all(mark in name for name in names)), "")
    return f"{start}*{between}*" if between else f"{start}*"


def _places(found: Guesses) -> Iterator[str]:
    for key, columns, what in (("stream", found.stream, "site"), ("channel", found.channel, "direction or lane")):
        if len(columns) == 1:
            yield _set(key, columns[0])
        elif columns:
            yield _set(key, columns) + f"  # QUESTION: do all of these name the {what}? One may be enough."
        else:
            yield f'# {key} = ""  # if a column names the {what}'
    yield '# where = { column = "value" }  # if only some rows are wanted'


def _numbers(found: Guesses) -> Iterator[str]:
    if found.per_vehicle:
        yield "# QUESTION: a row seems to be one vehicle; is it?"
        yield '# each_row = "vehicle"'
    elif found.rate:
        yield f"# QUESTION: are the numbers of {found.total!r} vehicles per hour, or in the interval?"
        yield f"# {_set('total', found.total)}"
        yield '# unit = "hour"'
        yield '# unit = "interval"'
    elif found.total:
        what = "the vehicles of the row's class" if found.class_column else "all vehicles"
        yield f"{_set('total', found.total)}  # {what}"
    elif not found.wide:
        yield '# total = ""  # if a column holds all vehicles'
    if not (found.total or found.counts or found.wide or found.per_vehicle):
        yield "# QUESTION: no column seems to hold counts. If a row is one vehicle:"
        yield '# each_row = "vehicle"'
        yield '# class_column = ""'
        yield '# classes = { "1" = "car" }'


def _unused(found: Guesses) -> Iterator[str]:
    if found.others:
        yield f"# other numbers, which are not counts: {', '.join(found.others)}"
    if found.unused:
        yield f"# not used: {', '.join(name or '(no name)' for name in found.unused)}"
    if found.quality:
        yield f"# QUESTION: from which value on is {found.quality!r} good?"
        yield f"# quality = {{ column = {_text(found.quality)}, least = 95 }}"


def _writing(found: Guesses) -> Iterator[str]:
    if found.missing:
        yield f'# {_set("missing", found.missing)}  # QUESTION: do these mean "not counted"?'
    if found.thousands in tuple("' "):
        yield _set("thousands", found.thousands)
    elif found.thousands:
        yield f"# QUESTION: is {found.example!r} more than a thousand, or a fraction?"
        yield f"# {_set('thousands', found.thousands)}"
        yield f"# {_set('decimal', found.thousands)}"


def _classes(found: Guesses) -> Iterator[str]:
    table = found.classes or found.counts
    if found.class_column:
        yield _set("class_column", found.class_column)
    if table:
        yield ""
        yield '# The scenario\'s class of each: car, van, camper, coach, lorry, reefer, or "-" to leave it out.'
        yield "[classes]" if found.classes else "[counts]"
    if found.one_way:
        yield "# QUESTION: names tell directions or lanes: name the columns of one, or all to add them."
    # Some classes without the others would be read as all vehicles, so that they are set together or not at all.
    mark = "# " if found.counts and not all(found.counts.values()) else ""
    for column, kind in table.items():
        if column in found.sums:
            yield f'{mark}{_text(column)} = "-"  # the sum of {joined(list(found.sums[column]))}'
        elif kind:
            yield f"{mark}{_text(column)} = {_text(kind)}"
        else:
            same = f" It is the same as {found.same[column]}." if column in found.same else ""
            yield f'# {_text(column)} = ""  # QUESTION: which class?{same}'


def _set(key: str, value: object) -> str:
    return f"{key} = {_text(value)}"


def _text(value: object) -> str:
    """Return a value as TOML; JSON writes text, whole numbers and lists of them the same way."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
