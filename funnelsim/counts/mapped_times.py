"""When each row of a mapped file starts: date, minutes after midnight, and the offset from UTC where it is written."""

from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE
from funnelsim.counts.mapping import CountMapping
from funnelsim.errors import CountsError
from funnelsim.wording import counted, verb

DATE: Final = "\0date"
START: Final = "\0start"
OFFSET: Final = "\0offset"
TIME: Final = "\0time"
"""For rows that are vehicles: date and time."""

_NAMED: Final = 3
_YEARS: Final = (1950, 2100)
_HOURS: Final = 24
_MIDNIGHT: Final = r"\b24:00(:00)?\b"


def placed_in_time(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Add the date and the start of each row's interval; for vehicles the time.

    Raises
    ------
    CountsError
        With the lines whose times cannot be read.
    """
    empty = [pl.lit(None, pl.Date).alias(DATE), pl.lit(0, pl.Int64).alias(START), pl.lit(0, pl.Int64).alias(OFFSET)]
    if mapping.time is not None:
        frame = _read(frame.with_columns(time_text(mapping).alias(TIME)), mapping, diagnostics)
    else:
        frame = frame.with_columns(empty)
    diagnostics.raise_problems()
    if mapping.hour is not None:
        frame = _with_hour(frame, mapping.hour, diagnostics)
    return frame if mapping.per_vehicle or mapping.wide else _from_label(frame, mapping, diagnostics)


def time_text(mapping: CountMapping) -> pl.Expr:
    """Return the text of date and time, joined with a blank."""
    if isinstance(mapping.time, str):
        return pl.col(mapping.time)
    return pl.concat_str(list(mapping.time or ()), separator=" ").str.strip_chars()


def times_of(texts: pl.Series, form: str) -> pl.Series:
    """Return texts read by a format, those with an offset from UTC in UTC; null where they do not fit."""
    if "%z" not in form:
        return texts.str.to_datetime(form, time_unit="us", strict=False, ambiguous="earliest")
    with_offset = texts.str.replace("Z$", "+00:00")
    instants = with_offset.str.to_datetime(form, time_unit="us", strict=False, time_zone="UTC")
    return instants.dt.replace_time_zone(None)


def _read(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Read the text of each row's time by its format."""
    try:
        frame = _with_local_time(frame, mapping)
    except pl.exceptions.PolarsError as error:
        diagnostics.problem(f"the format {mapping.format!r} cannot be used ({str(error).splitlines()[0]})")
        diagnostics.raise_problems()
        raise CountsError(diagnostics.problems) from error
    wrong = frame.filter(pl.col("\0local").is_null()).select(LINE, TIME)
    _refuse(wrong, f"is not a time in the format {mapping.format!r}", diagnostics)
    if mapping.dated:
        year = pl.col("\0local").dt.year()
        beyond = frame.filter(~year.is_between(*_YEARS)).select(LINE, TIME)
        _refuse(beyond, f"is in none of the years {_YEARS[0]} to {_YEARS[1]} under {mapping.format!r}", diagnostics)
    local = pl.col("\0local")
    minute = local.dt.hour().cast(pl.Int64) * 60 + local.dt.minute().cast(pl.Int64)
    date = local.dt.date() if mapping.dated else pl.lit(None, pl.Date)
    frame = frame.with_columns(date.alias(DATE), minute.alias(START))
    if mapping.per_vehicle:
        return frame.with_columns(local.alias(TIME)).drop("\0local")
    if mapping.label != "last minute" and mapping.timed:
        between = frame.filter(local.dt.second() != 0).select(LINE, TIME)
        _refuse(between, "is between two whole minutes", diagnostics)
    return frame.drop("\0local", TIME)


def _with_local_time(frame: pl.DataFrame, mapping: CountMapping) -> pl.DataFrame:
    """Add the time of the road's clocks and the offset from UTC; null where the text cannot be read."""
    text, form = pl.col(TIME), mapping.format or ""
    if not mapping.has_offset:
        plain = text.str.replace(_MIDNIGHT, "00:00$1") if frame[TIME].str.contains(_MIDNIGHT).any() else text
        read = plain.str.to_datetime(form, time_unit="us", strict=False, ambiguous="earliest")
        local = pl.when(text.str.contains(_MIDNIGHT)).then(read + pl.duration(days=1)).otherwise(read)
        return frame.with_columns(
            (read if plain is text else local).alias("\0local"), pl.lit(0, pl.Int64).alias(OFFSET)
        )
    instant = text.str.replace("Z$", "+00:00").str.to_datetime(form, time_unit="us", strict=False, time_zone="UTC")
    if mapping.zone is not None:
        local = instant.dt.convert_time_zone(mapping.zone).dt.replace_time_zone(None)
    else:
        sign = text.str.extract(r"([+-])[0-9]{2}:?[0-9]{2}\s*$")
        hours, minutes = (text.str.extract(r"[+-]([0-9]{2}):?([0-9]{2})\s*$", part).cast(pl.Int64) for part in (1, 2))
        offset = (hours * 60 + minutes) * pl.when(sign == "-").then(-1).otherwise(1)
        local = instant.dt.replace_time_zone(None) + pl.duration(minutes=offset.fill_null(0))
    frame = frame.with_columns(instant.dt.replace_time_zone(None).alias(OFFSET), local.alias("\0local"))
    return frame.with_columns((pl.col("\0local") - pl.col(OFFSET)).dt.total_minutes().alias(OFFSET))


def refuse_unknown_zone(mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Refuse a time zone that nobody knows."""
    if mapping.zone is None:
        return
    try:
        ZoneInfo(mapping.zone)
    except (KeyError, ValueError, OSError):
        diagnostics.problem(f"zone {mapping.zone!r} given; allowed: a time zone such as 'Europe/Paris'")


def refuse_utc(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    """Ask for the road's time zone where all times are in UTC."""
    offset_is_0 = time_text(mapping).str.contains(r"(?:Z|\+00:?00)\s*$").all()
    if mapping.has_offset and mapping.zone is None and frame.select(offset_is_0).item():
        diagnostics.problem("all times are in UTC, not those of the road's clocks; set zone, such as 'Europe/London'")


def _with_hour(frame: pl.DataFrame, column: str, diagnostics: Diagnostics) -> pl.DataFrame:
    """Take the time of day from a column of hours."""
    hour = pl.col(column).str.extract(r"^([0-9]{1,2})(?:\.0+)?$").cast(pl.Int64)
    frame = frame.with_columns((hour * 60).alias(START))
    wrong = frame.filter(pl.col(START).is_null() | (pl.col(START) > _HOURS * 60)).select(LINE, column)
    _refuse(wrong, f"is not a number of an hour, 0 to {_HOURS} ({column})", diagnostics)
    return frame


def _from_label(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Turn what the label names into the start of the interval."""
    minutes = mapping.minutes or 0
    before = {"end": minutes, "last minute": minutes - 1}.get(mapping.label or "", 0)
    if mapping.label == "start":
        late = frame.filter(pl.col(START) >= _HOURS * 60).select(LINE, pl.lit("24").alias(TIME))
        _refuse(late, "is no start of an hour; allowed: 0 to 23, or label = 'end'", diagnostics)
    start = pl.col(START) - before
    day = pl.duration(days=start // (_HOURS * 60))
    return frame.with_columns((pl.col(DATE) + day).alias(DATE), (start % (_HOURS * 60)).alias(START))


def _refuse(wrong: pl.DataFrame, message: str, diagnostics: Diagnostics) -> None:
    """Name the first lines that are wrong in one way, and the number of the others."""
    for line, text in wrong.head(_NAMED).iter_rows():
        diagnostics.problem(f"{str(text)[:40]!r} {message}" if text else f"a blank {message}", line)
    more = wrong.height - _NAMED
    if more > 0:
        diagnostics.problem(
            f"and {counted(more, 'more row')} {verb(more, 'has', 'have')} a time that cannot be read so"
        )
