"""Times, places and counts among the columns of an unknown count file, guessed by their names and cells."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import polars as pl

from funnelsim.arrays import FloatArray
from funnelsim.counts import column_words as words
from funnelsim.counts.guesses import INTERVALS, Guesses, is_numeric
from funnelsim.counts.mapped_doubts import PLACES, TOTALS
from funnelsim.counts.sums import find_sums
from funnelsim.counts.time_guesses import guess_times
from funnelsim.units import DAY_MIN

_MOST_CLASSES: Final = 30
_FEW: Final = 60
_OF_A_VEHICLE: Final = 3
_FEWEST_ROWS: Final = 3


def guesses_of(frame: pl.DataFrame) -> Guesses:
    """Return what the columns of some rows seem to be."""
    found = Guesses()
    found.last_is_sum = _ends_with_sum(frame)
    frame = frame.head(-1) if found.last_is_sum else frame
    found.wide = _wide(frame)
    rest = frame.drop(found.wide)
    dated = guess_times(rest, found)
    rest = rest.drop({*dated, *found.time, *([found.hour] if found.hour else [])})
    found.unused = [name for name in dated if name not in (*found.time, found.ends)]
    _guess_class_column(rest, found)
    rest = rest.drop([found.class_column] if found.class_column else [])
    numeric = [name for name in rest.columns if is_numeric(rest[name])]
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
    wholes = (group for group in groups if len(group) >= DAY_MIN // 60 and DAY_MIN / len(group) in INTERVALS)
    return next((group for group in wholes if all(is_numeric(frame[name]) for name in group)), [])


def _numbers_follow(names: Sequence[str]) -> bool:
    ends = [int(name[-2:].lstrip("- _.") if name[-2:].isdigit() else name[-1]) for name in names]
    return bool(ends) and ends[0] in (0, 1) and all(after == before + 1 for before, after in pairwise(ends))


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


def _numbers(texts: pl.Series) -> FloatArray:
    return texts.str.replace(",", ".").cast(pl.Float64, strict=False).to_numpy()


def _guess_class_column(frame: pl.DataFrame, found: Guesses) -> None:
    fitting = [
        name
        for name in frame.columns
        if words.CLASS_COLUMN.search(name) and 1 < frame[name].n_unique() <= _MOST_CLASSES
    ]
    named = [name for name in fitting if not is_numeric(frame[name])]  # names say more than numbers
    if fitting:
        found.class_column = (named or fitting)[0]
        values = frame[found.class_column].unique().sort()
        found.classes = {value: words.class_of(value) for value in values}
