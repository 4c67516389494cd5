"""What the columns of an unknown count file seem to be: times, places, counts, or something else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts import column_words as words
from funnelsim.counts.mapped_doubts import PLACES, TOTALS
from funnelsim.counts.mapped_times import times_of
from funnelsim.counts.sums import find_sums
from funnelsim.units import DAY_MIN

_DATES: Final = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d.%m.%Y.", "%d-%b-%Y", "%d %b %Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y"),
)
_CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S%.f", "%Hh%M")
_CLOCK: Final = re.compile(r"%[HI].*")
_OFFSETS: Final = ("", "%z", " %z")
_MOST_CLASSES: Final = 30
_INTERVALS: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
_FEW: Final = 60
_SAMPLE: Final = 500
_OF_A_VEHICLE: Final = 3
_FEWEST_ROWS: Final = 3
_LIKE_A_TIME: Final = r"[0-9]{8}|[:h][0-9]{2}|[0-9]\D+[0-9]+\D+[0-9]|[0-9]\D[A-Za-z]+\D[0-9]"
_NUMBER: Final = r"^-?([0-9]+|[0-9]{1,3}([., '][0-9]{3})+)([.,][0-9]+)?$"
_BLANK: Final = ("", "-1", "-", "9999", "\\N", "NA", "N/A", "null", "NULL", "NaN")


@dataclass
class Guesses:
    """What the columns of a file seem to be.

    Attributes
    ----------
    time, formats
        Columns of date and time, and the formats that fit all their texts.
    hour, minutes, ends
        The column of hours; the length of an interval, if the times show it; the column of its end.
    wide
        Columns that are times of day.
    stream, channel
        Columns that name sites and directions.
    total, counts
        The column of the total; columns of counts with their class, empty where the name does not tell.
    sums
        Columns of counts that are the sum of others, with these.
    class_column, classes
        The column of the class of a row, and its values with their class, empty where the value does not tell.
    one_way
        Whether columns of counts name directions or lanes, so that no class is sure.
    per_vehicle
        Whether a row seems to be a vehicle.
    rate
        Whether the total is called like a rate, which may be one per hour.
    same
        Columns of counts that are the same as another, with this.
    quality, others, unused
        A column of quality, other columns with numbers, and those with texts.
    missing
        What stands for "not counted".
    last_is_sum
        Whether the last row is called a sum.
    thousands, example
        The mark that may stand between thousands, and a number with it.
    """

    time: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    hour: str | None = None
    minutes: int | None = None
    ends: str | None = None
    wide: list[str] = field(default_factory=list)
    stream: list[str] = field(default_factory=list)
    channel: list[str] = field(default_factory=list)
    total: str | None = None
    counts: dict[str, str] = field(default_factory=dict)
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    class_column: str | None = None
    classes: dict[str, str] = field(default_factory=dict)
    one_way: bool = False
    per_vehicle: bool = False
    rate: bool = False
    same: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    quality: str | None = None
    others: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    last_is_sum: bool = False
    thousands: str = ""
    example: str = ""


def guesses_of(frame: pl.DataFrame) -> Guesses:
    """Return what the columns of some rows seem to be."""
    found = Guesses()
    found.last_is_sum = _ends_with_sum(frame)
    frame = frame.head(-1) if found.last_is_sum else frame
    found.wide = _wide(frame)
    rest = frame.drop(found.wide)
    dated = _guess_times(rest, found)
    rest = rest.drop({*dated, *found.time, *([found.hour] if found.hour else [])})
    found.unused = [name for name in dated if name not in (*found.time, found.ends)]
    _guess_class_column(rest, found)
    rest = rest.drop([found.class_column] if found.class_column else [])
    numeric = [name for name in rest.columns if _is_numeric(rest[name])]
    _guess_places(rest, numeric, found)
    placed = (*found.channel, *found.stream)
    found.unused += [name for name in rest.columns if name not in (*numeric, *placed)]
    _guess_counts(frame, [name for name in numeric if name not in placed], found)
    if found.wide:
        found.minutes = DAY_MIN // len(found.wide)
    return found


def _ends_with_sum(frame: pl.DataFrame) -> bool:
    """Tell whether the last row is called a sum, as no other row is."""
    if frame.height < _FEWEST_ROWS:
        return False
    last = zip(frame.columns, frame.row(-1), strict=True)
    return any(TOTALS.search(cell) and (frame[name] == cell).sum() == 1 for name, cell in last)


def _guess_places(frame: pl.DataFrame, numeric: Sequence[str], found: Guesses) -> None:
    for name in frame.columns:
        values = frame[name].n_unique()
        is_sum = name in numeric and TOTALS.search(words.words_of(name))  # of all lanes, say
        if words.NO_PLACE.search(name) or is_sum or (frame[name] == "").all():
            continue
        if words.DIRECTION.search(name) and not words.LANE.search(name) and values <= _FEW:
            found.channel.append(name)
        elif (PLACES.search(name) or words.SITE.search(name)) and values <= (
            frame.height // 20 + 1 if name in numeric else max(_FEW, frame.height // 3)
        ):
            found.stream.append(name)


def formats_of(texts: pl.Series) -> list[str]:
    """Return the formats of date, time or both that fit all texts."""
    filled = texts.unique().drop_nulls()
    filled = filled.filter(filled != "").str.replace(r"\b24:00", "00:00")  # which a mapping reads, too
    if filled.is_empty() or not filled.str.contains(_LIKE_A_TIME).all():
        return []
    both = (f"{date}{mark}{clock}{offset}" for date, mark, clock, offset in product(_DATES, " T", _CLOCKS, _OFFSETS))
    readings: dict[tuple[object, ...], str] = {}
    for form in (*both, *_DATES, *_CLOCKS):
        if _fits(filled, form):  # of formats that read the same times, the first is named
            read = times_of(filled.head(_SAMPLE), form)
            readings.setdefault(tuple(read), form)
    return list(readings.values())


def _fits(texts: pl.Series, form: str) -> bool:
    if times_of(texts.head(3), form).null_count():
        return False
    read = times_of(texts, form)
    years = read.dt.year()
    return not read.null_count() and (form in _CLOCKS or bool(years.is_between(1950, 2100).all()))


def _guess_times(frame: pl.DataFrame, found: Guesses) -> list[str]:
    """Guess date, time and hour; return all columns that hold dates or times."""
    formats = {name: fitting for name in frame.columns if (fitting := formats_of(frame[name]))}
    dated = {name: fitting for name, fitting in formats.items() if any("%y" in form.lower() for form in fitting)}
    clocks = [name for name in formats if name not in dated]
    hour = next((name for name in frame.columns if words.HOUR.search(name) and _is_hour(frame[name])), None)
    timed = [name for name in dated if _is_timed(frame[name], dated[name]) and frame[name].n_unique() > 1]
    if timed and not found.wide:  # a time of day says more than a date
        found.time, found.formats = timed[:1], dated[timed[0]]
        found.ends = next((name for name in timed[1:] if _is_end(frame, timed[0], name, found.formats[0])), None)
    elif dated:
        days = [name for name in dated if name not in timed]
        first = next((name for name in days if frame[name].n_unique() > 1), next(iter(days), None) or next(iter(dated)))
        days_only = [_CLOCK.sub("00:00:00" if "%S" in form else "00:00", form) for form in dated[first]]
        found.time, found.formats = [first], days_only
        if not found.wide and hour is None and clocks:
            found.time = [first, clocks[0]]
            found.formats = [f"{date} {clock}" for date, clock in product(days_only, formats[clocks[0]])]
        else:
            found.hour = None if found.wide else hour
    elif not _guess_parts(frame, hour, found):
        found.hour = None if found.wide else hour
        if hour is None and clocks and not found.wide:
            found.time, found.formats = clocks[:1], formats[clocks[0]]
    found.minutes = 60 if found.hour else _step(frame, found)
    return [*formats]


def _guess_parts(frame: pl.DataFrame, hour: str | None, found: Guesses) -> bool:
    """Guess a date that stands in three columns, and the time of day beside it."""
    parts = {
        form: name
        for form, pattern in (words.DATE_PARTS | words.CLOCK_PARTS).items()
        for name in frame.columns
        if pattern.search(name) and _is_numeric(frame[name])
    }
    if not set(words.DATE_PARTS) <= set(parts):
        return False
    forms = [*words.DATE_PARTS]
    if "%M" in parts and hour and not found.wide:
        forms += [form for form in words.CLOCK_PARTS if form in parts]
    elif not found.wide:
        found.hour = hour
    found.time = [parts[form] for form in forms]
    form = " ".join(forms[:3]) + (" " + " ".join(forms[3:]) if forms[3:] else "")
    read = times_of(frame.select(pl.concat_str(found.time, separator=" ")).to_series(), form)
    if read.null_count():
        found.time = []
        return False
    found.formats = [form]
    return True


def _is_timed(texts: pl.Series, formats: Sequence[str]) -> bool:
    return any("%H" in form or "%I" in form for form in formats) and not _all_midnight(texts, formats[0])


def _is_end(frame: pl.DataFrame, first: str, name: str, form: str) -> bool:
    """Tell whether a column is the end of the intervals that start in the first: all have one usual length."""
    lengths = (times_of(frame[name], form) - times_of(frame[first], form)).dt.total_seconds()
    return not lengths.null_count() and lengths.n_unique() == 1 and lengths[0] / 60 in _INTERVALS


def _all_midnight(texts: pl.Series, form: str) -> bool:
    read = times_of(texts, form).drop_nulls()
    return bool((read.dt.hour() == 0).all() and (read.dt.minute() == 0).all())


def _is_hour(texts: pl.Series) -> bool:
    numbers = texts.cast(pl.Int64, strict=False)
    return numbers.null_count() == 0 and bool(numbers.is_between(0, 24).all()) and numbers.n_unique() > 1


def _step(frame: pl.DataFrame, found: Guesses) -> int | None:
    """Return the smallest step between times, if an interval can have its length."""
    if not found.time or not found.formats:
        return None
    texts = frame.select(pl.concat_str(found.time, separator=" ")).to_series()
    read = times_of(texts, found.formats[0])
    steps = read.drop_nulls().unique().sort().diff().drop_nulls().dt.total_seconds()
    step = int(np.min(steps.to_numpy())) if steps.len() else 0
    return step // 60 if step % 60 == 0 and step // 60 in _INTERVALS else None


def _wide(frame: pl.DataFrame) -> list[str]:
    """Return the columns whose names are times of day, one for each interval of a day."""
    clock = [name for name in frame.columns if re.search(r"[0-9]{1,2}[:.h][0-9]{2}", name)]
    hours = [name for name in frame.columns if re.search(r"(?<![0-9])[0-9]{1,2} ?- ?[0-9]{1,2}$", name)]
    by_prefix: dict[str, list[str]] = {}
    for name in frame.columns:
        if (numbered := re.fullmatch(r"(\D*?)([0-9]{1,2})", name)) and not name.startswith("column "):
            by_prefix.setdefault(numbered[1], []).append(name)
    ordered = [group for group in (hours, *by_prefix.values()) if _numbers_follow(group)]
    groups: Iterable[list[str]] = (clock, *ordered)
    wholes = (group for group in groups if len(group) >= DAY_MIN // 60 and DAY_MIN / len(group) in _INTERVALS)
    return next((group for group in wholes if all(_is_numeric(frame[name]) for name in group)), [])


def _numbers_follow(names: Sequence[str]) -> bool:
    ends = [int(name[-2:].lstrip("- _.") if name[-2:].isdigit() else name[-1]) for name in names]
    return bool(ends) and ends[0] in (0, 1) and all(after == before + 1 for before, after in pairwise(ends))


def _is_numeric(texts: pl.Series) -> bool:
    filled = texts.filter(~texts.is_in(_BLANK))
    return filled.len() > 0 and filled.str.contains(_NUMBER).all()


def _is_identifier(texts: pl.Series) -> bool:
    return texts.len() > 1 and texts.n_unique() == 1 and texts[0] != "0"


def _guess_counts(frame: pl.DataFrame, numeric: Sequence[str], found: Guesses) -> None:
    found.quality = next((name for name in numeric if words.QUALITY.search(name)), None)
    counts = [name for name in numeric if not _is_other(name) and not _is_identifier(frame[name])]
    found.others = [name for name in numeric if name not in counts and name != found.quality]
    found.per_vehicle = sum(bool(words.OF_A_VEHICLE.search(name)) for name in numeric) >= _OF_A_VEHICLE
    if found.wide or found.per_vehicle:
        found.others += counts
        counts = []
    _guess_writing(frame.select(found.wide or counts), found)
    if found.wide or found.per_vehicle:
        return
    numbers = {name: _numbers(frame[name]) for name in counts}
    certain = {one.name: one.parts for one in find_sums(numbers) if one.certain}
    found.same = {name: parts[0] for name, parts in certain.items() if len(parts) == 1}
    sums = {name: parts for name, parts in certain.items() if len(parts) > 1}
    named = [name for name in counts if TOTALS.search(words.words_of(name))]
    named = named or [name for name in counts if words.FLOW.search(name)]
    only = named[0] if len(named) == 1 else counts[0] if len(counts) == 1 and not named else None
    found.total = next(iter(sums), only)
    found.rate = found.minutes != DAY_MIN // 24 and bool(found.total and words.RATE.search(found.total))
    found.sums = {name: parts for name, parts in sums.items() if name != found.total}
    found.one_way = any(
        words.ONE_WAY.search(words.words_of(name)) or words.LANE.search(name) for name in counts if name != found.total
    )
    for name in counts:
        if name != found.total:
            sure = not found.one_way and name not in found.same
            found.counts[name] = "-" if name in found.sums else words.class_of(name) if sure else ""


def _guess_writing(counts: pl.DataFrame, found: Guesses) -> None:
    """Guess what stands for "not counted", and the mark between thousands."""
    if not counts.width:
        return
    texts = counts.unpivot()["value"].unique().sort()
    odd = ~texts.str.contains(r"^[0-9., ']*$") | (texts == "9999")
    found.missing = texts.filter(odd).to_list()
    grouped = texts.filter(texts.str.contains(r"^[1-9][0-9]{0,2}[., '][0-9]{3}$"))
    found.thousands = grouped[0][-4] if grouped.len() else ""
    found.example = grouped[0] if grouped.len() else ""


def _is_other(name: str) -> bool:
    return bool(words.OTHER_NUMBERS.search(name.replace("_", " ")))


def _numbers(texts: pl.Series) -> np.ndarray:
    return texts.str.replace(",", ".").cast(pl.Float64, strict=False).to_numpy()


def _guess_class_column(frame: pl.DataFrame, found: Guesses) -> None:
    fitting = [
        name
        for name in frame.columns
        if words.CLASS_COLUMN.search(name) and 1 < frame[name].n_unique() <= _MOST_CLASSES
    ]
    named = [name for name in fitting if not _is_numeric(frame[name])]  # names say more than numbers
    if fitting:
        found.class_column = (named or fitting)[0]
        values = frame[found.class_column].unique().sort()
        found.classes = {value: words.class_of(value) for value in values}
