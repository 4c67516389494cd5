"""The numbers of a mapped file: read from their text, and one entry for each interval and class."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Final

import polars as pl

from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE
from funnelsim.counts.mapped_times import DATE, OFFSET, START
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.names import TOTAL
from funnelsim.counts.number_format import NumberFormat
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, verb

_PLAIN: Final = r"^[0-9]{1,12}$"
_GROUPED_BY: Final = {" ": "[ \u00a0\u202f]", "'": "['\u2019]"}
_NAMED: Final = 3
_CLOCK: Final = re.compile(r"([0-9]{1,2})[:.h]([0-5][0-9])\s*([AaPp])?\.?[Mm]?")
_NUMBER: Final = re.compile(r"([0-9]{1,2})(?![0-9])\D*$")
_NOON_MIN: Final = 720


def as_numbers(
    frame: pl.DataFrame, columns: Sequence[str], mapping: CountMapping, diagnostics: Diagnostics
) -> pl.DataFrame:
    """Read the columns of counts; blank, and what the mapping says is missing, is null.

    A text that is no number of vehicles is a problem with its line.
    """
    texts = pl.concat([frame[column].unique().rename("text") for column in columns]).unique().sort()
    absent = texts.is_in(["", *(text.strip() for text in mapping.missing)])
    plain = texts.filter(~absent & texts.str.contains(_PLAIN))
    others = texts.filter(~absent & ~texts.str.contains(_PLAIN)).to_list()
    number_format = _number_format([*others, *plain.head(1)], mapping)
    known: dict[str, float] = {}
    wrong: dict[str, str] = {}
    for text in others:
        try:
            known[text] = number_format.read(_without_blanks(text, mapping))
        except ValueError as error:
            wrong[text] = str(error)
    if wrong:
        _refuse(frame, columns, wrong, diagnostics)
    if note := number_format.note(
        [text for text in others if text in known and _without_blanks(text, mapping) == text]
    ):
        diagnostics.notes.append(note)
    absent_numbers = texts.filter(absent & texts.str.contains(_PLAIN)).to_list()  # such as 9999
    return frame.with_columns(_as_number(pl.col(column), known, absent_numbers) for column in columns)


def _as_number(text: pl.Expr, known: dict[str, float], absent: Sequence[str]) -> pl.Expr:
    is_plain = text.str.contains(_PLAIN)
    if absent:
        is_plain &= ~text.is_in(absent)
    plain = pl.when(is_plain).then(text).cast(pl.Float64)
    if not known:
        return plain
    return plain.fill_null(text.replace_strict(known, default=None, return_dtype=pl.Float64))


def _number_format(texts: Iterable[str], mapping: CountMapping) -> NumberFormat:
    if mapping.decimal is None and mapping.thousands not in (".", ","):
        return NumberFormat.of(_without_blanks(text, mapping) for text in texts)
    thousands = {mapping.thousands} & {".", ","}
    decimal = mapping.decimal or ("," if mapping.thousands == "." else ".")
    return NumberFormat(frozenset({decimal}), frozenset(mark for mark in thousands if mark))


def _without_blanks(text: str, mapping: CountMapping) -> str:
    """Remove the blanks or apostrophes between thousands, where the mapping says that they stand there."""
    mark = _GROUPED_BY.get(mapping.thousands or "")
    if mark is None or not re.fullmatch(rf"[1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+([.,][0-9]+)?", text):
        return text
    return re.sub(mark, "", text)


def _refuse(frame: pl.DataFrame, columns: Sequence[str], wrong: dict[str, str], diagnostics: Diagnostics) -> None:
    """Name the first lines with texts that are no numbers, by column, and the number of the others."""
    for column in columns:
        rows = frame.filter(pl.col(column).is_in(list(wrong))).select(LINE, column)
        for line, text in rows.head(_NAMED).iter_rows():
            diagnostics.problem(f"{column}: {wrong[text]}", line)
        if (more := rows.height - _NAMED) > 0:
            diagnostics.problem(
                f"{column}: and {counted(more, 'more cell')} {verb(more, 'is', 'are')} no number of vehicles"
            )


def wide_columns(names: Iterable[str], mapping: CountMapping, diagnostics: Diagnostics) -> dict[str, int]:
    """Return the columns that are times of day, with the minute at which each starts.

    A clock time in the name counts, or else the number at its end: from 0 or from 1 on, one for each interval.
    """
    found = [name for name in names if fnmatchcase(name, mapping.wide or "")]
    minutes = mapping.minutes or 0
    if not found:
        diagnostics.problem(f"no column fits wide = {mapping.wide!r}; the columns are {', '.join(names)}")
        return {}
    starts = [_clock_start(name, minutes) for name in found]
    if all(start is None for start in starts):
        starts = _numbered([_NUMBER.search(name) for name in found], minutes)
    wrong = [name for name, start in zip(found, starts, strict=True) if start is None]
    if wrong:
        diagnostics.problem(f"wide: {wrong[0]!r} names no time of day; allowed: such as '07:00-08:00', 'H07' or 'V28'")
        return {}
    known = [start for start in starts if start is not None]
    steps = {after - before for before, after in pairwise(known)}
    if steps - {minutes}:
        place = next(n for n, pair in enumerate(pairwise(known)) if pair[1] - pair[0] != minutes)
        diagnostics.problem(
            f"wide: the columns {found[place]!r} and {found[place + 1]!r} are not {minutes} min apart; allowed: one "
            "column for each interval, in the order of the day"
        )
    return dict(zip(found, known, strict=True))


def _clock_start(name: str, minutes: int) -> int | None:
    """Return the minute at which an interval starts by the clock times in its name: the end has the AM or PM."""
    times = list(_CLOCK.finditer(name))
    if not times:
        return None
    first, last = (_minute_of(time) for time in (times[0], times[-1]))
    if len(times) > 1 and times[-1][3]:
        return ((last or DAY_MIN) - minutes) % DAY_MIN
    return first


def _minute_of(time: re.Match[str]) -> int:
    minute = int(time[1]) * 60 + int(time[2])
    return minute if not time[3] else minute % _NOON_MIN + (_NOON_MIN if time[3] in "Pp" else 0)


def _numbered(numbers: Sequence[re.Match[str] | None], minutes: int) -> list[int | None]:
    """Return the starts of numbered intervals of a whole day."""
    found = [int(number[1]) for number in numbers if number]
    whole = len(found) == len(numbers) == DAY_MIN // minutes and min(found) in (0, 1)
    return [(number - min(found)) * minutes for number in found] if whole else [None for _ in numbers]


def entries_of(frame: pl.DataFrame, mapping: CountMapping, wide: dict[str, int]) -> pl.DataFrame:
    """Return one row for each interval and class, as the checks of counts take them, and the offset from UTC."""
    places = {"stream": mapping.stream, "channel": mapping.channel}
    index = [
        pl.col(LINE).alias("line"),
        *(joined_cells(columns).cast(pl.Categorical).alias(name) for name, columns in places.items()),
        pl.col(DATE).alias("date"),
        pl.col(START).alias("start_min"),
        pl.col(OFFSET).alias("offset"),
    ]
    kind = pl.lit(TOTAL) if mapping.class_column is None else pl.col(mapping.class_column)
    columns = list(wide) or [*mapping.counts, *([mapping.total] if mapping.total else [])]
    if len(columns) == 1 and not wide:
        name = pl.lit(columns[0]) if mapping.counts else kind
        entries = frame.select(*index, name.alias("class"), pl.col(columns[0]).alias("vehicles"))
    else:
        values = [pl.col(column).alias(f"\0{column}") for column in columns]
        keys = ["line", "stream", "channel", "date", "start_min", "offset"]
        entries = frame.select(*index, *values, *([kind.alias("class")] if wide else [])).unpivot(
            on=[f"\0{column}" for column in columns],
            index=[*keys, *(["class"] if wide else [])],
            variable_name="start" if wide else "class",
            value_name="vehicles",
        )
        if wide:
            starts = {f"\0{name}": start for name, start in wide.items()}
            entries = entries.with_columns(
                pl.col("start").replace_strict(starts, return_dtype=pl.Int64).alias("start_min")
            ).drop("start")
        else:
            names = {f"\0{column}": TOTAL if column == mapping.total else column for column in columns}
            entries = entries.with_columns(pl.col("class").replace_strict(names, return_dtype=pl.String))
    if mapping.unit == "hour":
        entries = entries.with_columns(pl.col("vehicles") * (mapping.minutes or 60) / 60)
    kinds = pl.col("class").cast(pl.Categorical)  # as the places: short in memory, quick to compare
    return entries.select("line", "stream", "channel", "date", "start_min", kinds, "vehicles", "offset")


def joined_cells(columns: str | Sequence[str] | None) -> pl.Expr:
    """Return the cells of one column or several, joined with a blank; nothing where no column is named."""
    if columns is None or isinstance(columns, str):
        return pl.lit("") if columns is None else pl.col(columns)
    return pl.concat_str(list(columns), separator=" ").str.strip_chars()
