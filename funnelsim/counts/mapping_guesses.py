"""What the columns of an unknown count file seem to be: times, places, counts, or something else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts.mapped_doubts import BICYCLES, PLACES, TOTALS
from funnelsim.counts.mapped_times import times_of
from funnelsim.counts.sums import find_sums
from funnelsim.units import DAY_MIN

_DATES: Final = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S%.f")
_OFFSETS: Final = ("", "%z", " %z")
_HOUR: Final = re.compile(r"(?i)^(hour|hr|std|stunde|heure|hora|ora|ura|timme?|time|uur)\b")
_DIRECTION: Final = re.compile(
    r"(?i)direction|richtung|sens|retning|lane|fahrstreifen|voie|felt|channel|kanal|(^|_)dir$"
)
_OTHER_NUMBERS: Final = re.compile(
    r"(?i)(?<![a-z])(speeds?|v|vitesse|geschw\w*|hastighet|km/?h|mph|occ\w*|taux|lat\w*|lon\w*|lng|x|y|east\w*|north\w*|id|ids|nr|no|"
    r"number|code|year|month|day|jahr|monat|quality|qualit\w*|coverage|type|percent\w*|perc|avg|average|headway|gap|temp\w*)(?![a-z])"
)
_QUALITY: Final = re.compile(r"(?i)quality|qualit|coverage|dekning|valid")
_CLASSES: Final = {
    "-": BICYCLES,
    "coach": re.compile(r"(?i)\bbus(es|se)?\b|coach|autobus"),
    "lorry": re.compile(r"(?i)lkw|lorr|truck|hgv|camion|poids|heavy|lastbil|tung|vrachtauto|tovorn"),
    "van": re.compile(r"(?i)\bvans?\b|lgv|lfw|liefer|light goods|varebil|dostav"),
    "camper": re.compile(r"(?i)camper|motorhome|wohnmobil"),
    "car": re.compile(r"(?i)pkw|\bcars?\b|voiture|personbil|auto\b|osebn"),
}
_CLASS_COLUMN: Final = re.compile(
    r"(?i)(class|klasse|category|kategori\w*|cat[eé]gorie|(vehicle|fordons|voertuig|kj[oø]ret[oø]y)[ _]?(type|kind)?)$"
)
_MOST_CLASSES: Final = 30
_INTERVALS: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
_FEWEST_WIDE: Final = 20
_FEW: Final = 60
_SAMPLE: Final = 500
_FLOW: Final = re.compile(r"(?i)volume|flow|d[eé]bit|vehicles|fahrzeuge|antall|trafi[ck]|comptage|count")


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
    quality, others
        A column of quality, and other columns with numbers.
    missing
        What stands for "not counted".
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
    quality: str | None = None
    others: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def guesses_of(frame: pl.DataFrame) -> Guesses:
    """Return what the columns of some rows seem to be."""
    found = Guesses()
    found.wide = _wide(frame.columns)
    rest = frame.drop(found.wide)
    _guess_times(rest, found)
    rest = rest.drop(found.time, *([found.hour] if found.hour else []), *([found.ends] if found.ends else []))
    _guess_class_column(rest, found)
    rest = rest.drop([found.class_column] if found.class_column else [])
    numeric = [name for name in rest.columns if _is_numeric(rest[name])]
    for name in rest.columns:
        values = rest[name].n_unique()
        if _DIRECTION.search(name) and values <= _FEW:
            found.channel.append(name)
        elif PLACES.search(name) and values <= (
            rest.height // 20 + 1 if name in numeric else max(_FEW, rest.height // 3)
        ):
            found.stream.append(name)
    _guess_counts(rest, [name for name in numeric if name not in (*found.channel, *found.stream)], found)
    if found.wide:
        found.minutes = DAY_MIN // len(found.wide) if DAY_MIN % len(found.wide) == 0 else None
    return found


def formats_of(texts: pl.Series) -> list[str]:
    """Return the formats of date, time or both that fit all texts."""
    filled = texts.unique().drop_nulls()
    filled = filled.filter(filled != "")
    if filled.is_empty() or not filled.str.contains(r"[0-9]{2}").all():
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


def _guess_times(frame: pl.DataFrame, found: Guesses) -> None:
    formats = {name: fitting for name in frame.columns if (fitting := formats_of(frame[name]))}
    dated = {name: fitting for name, fitting in formats.items() if any("%Y" in form for form in fitting)}
    clocks = [name for name, fitting in formats.items() if name not in dated]
    hour = next((name for name in frame.columns if _HOUR.search(name) and _is_hour(frame[name])), None)
    first = next(iter(dated), None)
    if first is None:
        found.hour = hour
        if hour is None and clocks:
            found.time, found.formats = clocks[:1], formats[clocks[0]]
        found.minutes = 60 if hour else _step(frame, found)
        return
    date_only = all("%H" not in form and "%I" not in form for form in dated[first])
    midnight = not date_only and _all_midnight(frame[first], dated[first][0])
    if not (date_only or midnight):
        found.time, found.formats = [first], dated[first]
        found.ends = next((name for name in dated if name != first and set(dated[name]) & set(dated[first])), None)
    elif not found.wide and hour is None and clocks:
        found.time = [first, clocks[0]]
        found.formats = [f"{date} {clock}" for date, clock in product(dated[first], formats[clocks[0]])]
    else:
        found.time, found.formats = [first], dated[first]
        found.hour = None if found.wide else hour
    found.minutes = 60 if found.hour else _step(frame, found)


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


def _wide(names: Sequence[str]) -> list[str]:
    """Return the columns whose names are times of day."""
    clock = [name for name in names if re.search(r"[0-9]{1,2}[:.h][0-9]{2}", name)]
    by_prefix: dict[str, list[str]] = {}
    for name in names:
        if numbered := re.fullmatch(r"(\D*?)([0-9]{1,2})", name):
            by_prefix.setdefault(numbered[1], []).append(name)
    groups: Iterable[list[str]] = (clock, *by_prefix.values())
    return next((group for group in groups if len(group) >= _FEWEST_WIDE and DAY_MIN % len(group) == 0), [])


def _is_numeric(texts: pl.Series) -> bool:
    filled = texts.filter(~texts.is_in(["", "-1", "-", "\\N", "NA", "N/A", "null", "NULL", "NaN"]))
    return filled.len() > 0 and filled.str.contains(r"^-?[0-9]+([.,][0-9]+)*$").all()


def _is_identifier(texts: pl.Series) -> bool:
    return texts.len() > 1 and texts.n_unique() == 1 and texts[0] != "0"


def _guess_counts(frame: pl.DataFrame, numeric: Sequence[str], found: Guesses) -> None:
    words = {name: re.sub(r"[_\W]+", " ", name) for name in numeric}
    counts = [name for name in numeric if not (_OTHER_NUMBERS.search(words[name]) or _is_identifier(frame[name]))]
    found.quality = next((name for name in numeric if _QUALITY.search(name)), None)
    found.others = [name for name in numeric if name not in counts and name != found.quality]
    if found.wide:
        found.others += counts
        counts = found.wide
    strange = frame.select(counts).unpivot()["value"] if counts and not found.wide else pl.Series([], dtype=pl.String)
    found.missing = strange.filter(~strange.str.contains(r"^[0-9.,]*$")).unique().sort().to_list()
    if found.wide:
        return
    numbers = {name: frame[name].str.replace(",", ".").cast(pl.Float64, strict=False).to_numpy() for name in counts}
    sums = {one.name: one.parts for one in find_sums(numbers) if one.certain}
    whole = next((name for name, parts in sums.items() if len(parts) > 1), None)
    named = [name for name in counts if TOTALS.search(words[name])] or [name for name in counts if _FLOW.search(name)]
    found.total = whole or (named[0] if len(named) == 1 else counts[0] if len(counts) == 1 else None)
    found.sums = {name: parts for name, parts in sums.items() if name != found.total}
    for name in counts:
        if name != found.total:
            found.counts[name] = "-" if name in found.sums else _class_of(words[name])


def _guess_class_column(frame: pl.DataFrame, found: Guesses) -> None:
    for name in frame.columns:
        values = frame[name].unique().sort()
        if _CLASS_COLUMN.search(name) and 1 < values.len() <= _MOST_CLASSES:
            found.class_column = name
            found.classes = {value: _class_of(re.sub(r"[_\W]+", " ", value)) for value in values}
            return


def _class_of(words: str) -> str:
    """Return the class of a scenario that a name tells, or nothing."""
    return next((kind for kind, pattern in _CLASSES.items() if pattern.search(words)), "")
