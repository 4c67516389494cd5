"""What a mapping may have got wrong: columns that it counts twice, merges, or leaves out, and numbers to look at."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE
from funnelsim.counts.mapped_times import DATE, START, time_text, times_of
from funnelsim.counts.mapped_values import joined_cells
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.names import LEFT_OUT
from funnelsim.counts.sums import find_sums
from funnelsim.counts.table import stream_label
from funnelsim.wording import counted, joined, verb

_NAMED: Final = 5
_VALUES: Final = 40
"""A column with more values counts, measures or describes; it names no sites."""

_SAMPLE: Final = 1_000
TOTALS: Final = re.compile(
    r"(?i)(?<![a-z])(tot(al|alt|ale|aal|e)?|all|alle|sum(me|ma)?|gesamt|kfz|ensemble|samtliche)(?![a-z])"
)
BICYCLES: Final = re.compile(
    r"(?i)(?<![a-z])((pedal[ _]?)?cycles?|bicycles?|bikes?|bici\w*|cyclists?|fahrr\w*|rad|rad_.*|v[eé]los?|cykel\w*|"
    r"sykkel\w*|fiets\w*|kolesar\w*)(?![a-z])"
)
PLACES: Final = re.compile(
    r"(?i)(site|station|stelle|zst|detector|detektor|sensor|loop|device|point|punkt|name|road|street|strasse|straße|route|"
    r"segment|arc|link|location|lage|ort|direction|richtung|sens|retning|lane|fahrstreifen|voie|felt|channel|kanal|"
    r"counter|mast|(^|_)(from|to|dir|id|nr)$)"
)
"""How columns are called that name a site, a lane or a direction."""


def refuse_sums(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Refuse columns of counts that are the sum of others which are counted, too."""
    kept = [column for column, target in mapping.counts.items() if target.strip() not in LEFT_OUT]
    for one in find_sums({column: frame[column].to_numpy() for column in kept}):
        same = len(one.parts) == 1
        what = (
            f"is the same as {one.parts[0]!r}"
            if same
            else f"is the sum of {joined([repr(part) for part in one.parts])}"
        )
        if one.certain:
            diagnostics.problem(
                f'counts: {one.name!r} {what} in every row, so vehicles would be counted twice; set {one.name!r} = "-"'
                + ("" if same else ", or name it as total")
            )
        else:
            diagnostics.warnings.append(
                f"{one.name!r} {what} in the few rows of the file; if it always is, vehicles are counted twice: set "
                f'{one.name!r} = "-"'
            )


def doubt_names(mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Doubt classes whose name says that they are a total, or bicycles; a word in most names says nothing."""
    kept = {column: target for column, target in mapping.class_map.items() if target.strip() not in LEFT_OUT}
    totals = [column for column in kept if TOTALS.search(column.replace("_", " "))]
    if len(totals) == 1 or 2 * len(totals) <= len(kept):
        diagnostics.warnings.extend(
            f"{column!r} becomes {kept[column]}, but is called like a total; if it is one, name it as total"
            for column in totals
        )
    diagnostics.warnings.extend(
        f'{column!r} becomes {target}, but is called like bicycles, which are in no queue; "-" leaves them out'
        for column, target in kept.items()
        if BICYCLES.search(column)
    )


def undeclared(frame: pl.DataFrame, mapping: CountMapping, wide: Iterable[str]) -> list[str]:
    """Return the columns that the mapping does not name."""
    named = {name for names in mapping.named().values() for name in names} | set(wide)
    return [name for name in frame.columns if not name.startswith("\0") and name not in named]


def doubt_unused(frame: pl.DataFrame, columns: Sequence[str], mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Name the columns that are not used: those that vary like a site, and those with numbers."""
    numbers = []
    for column in columns:
        filled = frame[column].unique()
        filled = filled.filter(filled != "").sort()
        if PLACES.search(column) and _varies_like_a_site(frame, column, filled, mapping):
            values = ", ".join(filled.head(_NAMED)) + (", …" if filled.len() > _NAMED else "")
            diagnostics.warnings.append(
                f"the column {column!r} is not used, but varies like a site ({values}): if it is one, name it as "
                "stream or channel, or keep one with where"
            )
        elif filled.len() and filled.str.contains(r"^-?[0-9][0-9.,]*$").all():
            numbers.append(column)
    if numbers:
        named = ", ".join(map(repr, numbers[: 2 * _NAMED])) + (", …" if len(numbers) > 2 * _NAMED else "")
        diagnostics.notes.append(f"numbers that are not used: {named}")


def _varies_like_a_site(frame: pl.DataFrame, column: str, values: pl.Series, mapping: CountMapping) -> bool:
    """Tell whether a column has some values that come again, and not one for each site that the mapping names."""
    if not 1 < values.len() <= min(_VALUES, frame.height // 2):
        return False
    places = (joined_cells(mapping.stream).alias("stream"), joined_cells(mapping.channel).alias("channel"))
    each = frame.select(*places, pl.col(column)).unique()
    return each.select("stream", "channel").is_duplicated().any()


def refuse_other_lengths(
    frame: pl.DataFrame, mapping: CountMapping, columns: Sequence[str], diagnostics: Diagnostics
) -> None:
    """Refuse intervals whose end, in another column of the same form, says that they are longer or shorter."""
    if not isinstance(mapping.time, str) or mapping.per_vehicle or not (mapping.dated and mapping.timed):
        return
    sample = frame.gather_every(max(1, frame.height // _SAMPLE))
    form, minutes = mapping.format or "", mapping.minutes or 0
    start = times_of(sample[mapping.time], form)
    for column in columns:
        end = times_of(sample[column], form)
        lengths = (end - start).dt.total_seconds().drop_nulls().abs()
        if lengths.len() < sample.height or lengths.n_unique() > _NAMED or (lengths == 0).all():
            continue
        if end.n_unique() != start.n_unique():  # no interval has this end: a date of delivery, say
            continue
        length = float(np.median(lengths.to_numpy()))
        if length not in (minutes * 60, minutes * 60 - 1, minutes * 60 - 60):
            diagnostics.problem(
                f"{column!r} is {_length_text(length)} from {mapping.time!r}, but minutes = {minutes}; allowed: "
                "counts of an hour or less"
            )


def _length_text(seconds: float) -> str:
    hours = round(seconds / 3600)
    return f"{round(hours / 24)} days" if hours >= 48 else f"{hours} h" if hours > 1 else f"{round(seconds / 60)} min"  # noqa: PLR2004


def doubt_quality(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Doubt intervals by name that the file itself says were counted badly."""
    quality = mapping.quality
    if quality is None:
        return
    value = pl.col(quality.column).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    unread = frame.filter(value.is_null(), pl.col(quality.column) != "").select(LINE, quality.column)
    for line, text in unread.head(_NAMED).iter_rows():
        diagnostics.problem(f"{quality.column}: {text!r} is no number (quality)", line)
    doubted = pl.lit(value=False)
    limits = []
    if quality.least is not None:
        doubted |= value < quality.least
        limits.append(f"below {quality.least:g}")
    if quality.most is not None:
        doubted |= value > quality.most
        limits.append(f"above {quality.most:g}")
    where = joined_cells(mapping.stream).alias("stream"), joined_cells(mapping.channel).alias("channel")
    rows = frame.filter(doubted).select(*where, pl.col(DATE).alias("date"), pl.col(START).alias("start_min"))
    for (stream, channel), part in rows.sort("stream", "channel", "date", "start_min").group_by(
        "stream", "channel", maintain_order=True
    ):
        label = stream_label(str(stream), str(channel))
        diagnostics.warnings.append(
            f"{label + ': ' if label else ''}{quality.column} is {' or '.join(limits)} in "
            f"{counted(part.height, 'interval')}, which {verb(part.height, 'is', 'are')} used unchanged: "
            f"{intervals_text(part)}"
        )
    blank = frame.filter(pl.col(quality.column) == "").height
    if blank:
        diagnostics.warnings.append(f"{quality.column} is blank in {counted(blank, 'row')}")


def intervals_text(rows: pl.DataFrame, most: int = _NAMED) -> str:
    """Name the first intervals, by date and start."""
    named = [
        f"{f'{date:%a %d %b %Y} ' if date else ''}{clock_text(start)}"
        for date, start in rows.select("date", "start_min").head(most).iter_rows()
    ]
    more = f" and {rows.height - most} more" if rows.height > most else ""
    return ", ".join(named) + more


def mention_fractions(frame: pl.DataFrame, columns: Sequence[str], diagnostics: Diagnostics) -> None:
    """Mention numbers that are no whole vehicles: nobody counted them so."""
    fraction = [pl.col(column).fill_null(0) % 1 != 0 for column in columns]
    rows = frame.filter(pl.any_horizontal(fraction))
    if rows.is_empty():
        return
    days = rows[DATE].drop_nulls().unique().sort()
    on = f" on {joined([f'{day:%a %d %b %Y}' for day in days])}" if 0 < days.len() <= _NAMED else ""
    first = rows.row(0, named=True)
    column = next(column for column in columns if (first[column] or 0) % 1)
    diagnostics.warnings.append(
        f"{counted(rows.height, 'row')}{on} {verb(rows.height, 'has', 'have')} fractions of vehicles (line "
        f"{first[LINE]}: {column} {first[column]:g}): averages, or filled in; not counted as such"
    )


def doubt_date_order(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Doubt the order of day and month where the days of the other order lie closer together."""
    form = mapping.format or ""
    if "%d" not in form or "%m" not in form or mapping.has_offset:
        return
    other = form.replace("%d", "\1").replace("%m", "%d").replace("\1", "%m")
    texts = frame.select(time_text(mapping).unique()).to_series()
    dates = [times_of(texts, one).dt.date().unique() for one in (form, other)]
    if dates[1].null_count() or dates[0].len() < 2:  # noqa: PLR2004 (two days can follow each other)
        return
    spans = [(days.max() - days.min()).days for days in dates]  # type: ignore[union-attr, operator]
    if spans[1] < spans[0] // 2:
        diagnostics.warnings.append(
            f"with {form!r} the days lie {spans[0]} days apart, with {other!r} {spans[1]}: is the order of day and "
            "month the right one?"
        )
