"""Which columns of an unknown count file hold dates and times, and how they are written."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts import column_words as words
from funnelsim.counts.guesses import INTERVALS, Guesses, is_numeric
from funnelsim.counts.mapped_times import times_of

_DATES: Final = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d.%m.%Y.", "%d-%b-%Y", "%d %b %Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y"),
)
_CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S%.f", "%Hh%M")
_CLOCK: Final = re.compile(r"%[HI].*")
_OFFSETS: Final = ("", "%z", " %z")
_SAMPLE: Final = 500
_LIKE_A_TIME: Final = r"[0-9]{8}|[:h][0-9]{2}|[0-9]\D+[0-9]+\D+[0-9]|[0-9]\D[A-Za-z]+\D[0-9]"


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


def guess_times(frame: pl.DataFrame, found: Guesses) -> list[str]:
    """Guess date, time and hour; return all columns that hold dates or times."""
    formats = {name: fitting for name in frame.columns if (fitting := formats_of(frame[name]))}
    dated = {name: fitting for name, fitting in formats.items() if any("%y" in form.lower() for form in fitting)}
    clocks = [name for name in formats if name not in dated]
    hour = next((name for name in frame.columns if words.HOUR.search(name) and _is_hour(frame[name])), None)
    timed = [name for name in dated if _is_timed(frame[name], dated[name]) and frame[name].n_unique() > 1]
    if timed and not found.wide:  # a time of day says more than a date
        found.time, found.formats = timed[:1], dated[timed[0]]
        found.ends = next((name for name in timed[1:] if _is_end(frame, timed[0], name, found.formats[0])), None)
        found.rivals = [name for name in timed[1:] if name != found.ends]
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
        if pattern.search(name) and is_numeric(frame[name])
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
    return not lengths.null_count() and lengths.n_unique() == 1 and lengths[0] / 60 in INTERVALS


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
    return step // 60 if step % 60 == 0 and step // 60 in INTERVALS else None
