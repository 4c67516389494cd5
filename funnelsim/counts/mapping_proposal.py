"""A draft of a mapping for an unknown count file: what is sure is set, what is not is asked in comments."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from funnelsim.counts.guesses import Guesses
from funnelsim.counts.mapping_guesses import guesses_of
from funnelsim.counts.mapping_layout import Layout, layout_of
from funnelsim.wording import joined


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
    layout = layout_of(path)
    return "\n".join(_lines(Path(path).name, layout, guesses_of(layout.frame))) + "\n"


def _lines(source: str, layout: Layout, found: Guesses) -> Iterator[str]:
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
        yield _set("wide", wide_pattern(found.wide)) + f"  # {found.wide[0]} to {found.wide[-1]}"
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


def wide_pattern(names: Sequence[str]) -> str:
    """Return a pattern that the names of these columns fit: their digits are any digits where all have as many."""
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
