"""Reading a count file by a mapping into the checked `Counts`."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import polars as pl

from funnelsim.counts import checks
from funnelsim.counts import mapped_doubts as doubts
from funnelsim.counts.csv_file import column_name
from funnelsim.counts.dates import clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_once import counted_once
from funnelsim.counts.mapped_rows import LINE, rows_of
from funnelsim.counts.mapped_times import placed_in_time, refuse_unknown_zone, refuse_utc
from funnelsim.counts.mapped_values import as_numbers, entries_of, wide_columns
from funnelsim.counts.mapped_vehicles import doubt_same_rows, sums_of, vehicles_of
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.mapping_file import mapping_of
from funnelsim.counts.names import LEFT_OUT, TOTAL
from funnelsim.counts.table import TABLE_SCHEMA, Counts
from funnelsim.counts.table_doubts import doubt_table
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted, verb

_TABLE_MINUTES: Final = (15, 30, 60)
_NAMED: Final = 12
_DAYS: Final = 100_000  # more than any file has
_ROUNDING: Final = 1.0
"""Agencies round classes and totals each for itself."""


def read_mapped(path: Path | str, given: CountMapping | Mapping[str, Any] | Path | str) -> Counts:
    """Read a count file as a mapping says.

    Parameters
    ----------
    path
        The file: text, gzip, a zip with one file, or an Excel workbook.
    given
        The mapping, its table, its file, or the name of one that is shipped.

    Raises
    ------
    CountsError
        With all problems of the mapping, or of the file.
    """
    mapping, name = mapping_of(given)
    path = Path(path)
    diagnostics = Diagnostics(path.name or str(path))
    refuse_unknown_zone(mapping, diagnostics)
    diagnostics.raise_problems()
    frame = rows_of(path, mapping, diagnostics)
    frame = _named_as(frame, mapping)
    _refuse_unknown_columns(frame, mapping, diagnostics)
    frame = _where(frame, mapping, diagnostics)
    frame = placed_in_time(frame, mapping, diagnostics)
    refuse_utc(frame, mapping, diagnostics)
    diagnostics.raise_problems()
    _refuse_unknown_classes(frame, mapping, diagnostics)
    doubts.doubt_names(mapping, diagnostics)
    doubts.doubt_date_order(frame, mapping, diagnostics)
    doubts.doubt_quality(frame, mapping, diagnostics)
    if mapping.per_vehicle:
        return _of_vehicles(frame, mapping, name, diagnostics)
    return _of_intervals(frame, mapping, name, diagnostics)


def _of_intervals(frame: pl.DataFrame, mapping: CountMapping, name: str, diagnostics: Diagnostics) -> Counts:
    wide = wide_columns(frame.columns, mapping, diagnostics) if mapping.wide else {}
    diagnostics.raise_problems()
    columns = list(wide) or [*mapping.counts, *([mapping.total] if mapping.total else [])]
    unused = doubts.undeclared(frame, mapping, wide)
    doubts.doubt_unused(frame, unused, mapping, diagnostics)
    doubts.refuse_other_lengths(frame, mapping, unused, diagnostics)
    frame = as_numbers(frame, columns, mapping, diagnostics)
    diagnostics.raise_problems()
    doubts.refuse_sums(frame, mapping, diagnostics)
    doubts.mention_fractions(frame, columns, diagnostics)
    diagnostics.raise_problems()
    others = frame.select(LINE, *unused)
    entries = _with_totals_apart(frame, mapping, wide, diagnostics)
    del frame
    minutes = mapping.minutes or 0
    checks.refuse_impossible(entries, minutes, diagnostics)
    diagnostics.raise_problems()
    entries = counted_once(entries, others, diagnostics)
    diagnostics.raise_problems()
    del others
    entries = checks.without_blanks(entries, diagnostics)
    if entries.is_empty():
        diagnostics.problem("every count in the file is blank, which means not counted; allowed: at least one number")
    diagnostics.raise_problems()
    table_minutes = next(length for length in _TABLE_MINUTES if length % minutes == 0)
    table = _summed(entries, minutes, table_minutes, diagnostics)
    return _checked(table, None, mapping, name, diagnostics)


def _with_totals_apart(
    frame: pl.DataFrame, mapping: CountMapping, wide: dict[str, int], diagnostics: Diagnostics
) -> pl.DataFrame:
    """Return the entries, with a total only where no class was counted."""
    if not (mapping.total and mapping.counts):
        return entries_of(frame, mapping, wide)
    kept = [column for column, target in mapping.counts.items() if target.strip() not in LEFT_OUT]
    fitting = {False: _fits_total(frame, kept, mapping.total), True: _fits_total(frame, mapping.counts, mapping.total)}
    with_left_out = int(fitting[True].sum()) >= int(fitting[False].sum())  # totals often leave bicycles out
    fits = fitting[with_left_out]
    of_classes = entries_of(frame.filter(fits), mapping.model_copy(update={"total": None}), wide)
    others = entries_of(frame.filter(~fits), mapping, wide)  # few, and looked at one by one
    apart = (
        others.filter(~pl.col("class").cast(pl.String).is_in([*kept, TOTAL])) if not with_left_out else others.clear()
    )
    others = others.join(apart, on=["line", "class"], how="anti") if apart.height else others
    if of_classes.height:
        diagnostics.notes.append(checks.TOTALS_NOT_ADDED)
    others = checks.parts_without_totals(others, diagnostics, must_fit=False, rounding=_ROUNDING)
    return pl.concat([of_classes, others, apart])


def _fits_total(frame: pl.DataFrame, columns: Iterable[str], total: str) -> pl.Series:
    """Tell for each row whether the classes add up to the total, up to one for rounding."""
    classes = [pl.col(column) for column in columns] or [pl.lit(0.0)]
    differs = (pl.sum_horizontal(classes, ignore_nulls=False) - pl.col(total)).abs()
    return frame.select((differs <= _ROUNDING).fill_null(value=False)).to_series()


def _of_vehicles(frame: pl.DataFrame, mapping: CountMapping, name: str, diagnostics: Diagnostics) -> Counts:
    unused = doubts.undeclared(frame, mapping, ())
    doubts.doubt_unused(frame, unused, mapping, diagnostics)
    doubt_same_rows(frame, diagnostics)
    diagnostics.raise_problems()
    vehicles = vehicles_of(frame, mapping)
    diagnostics.notes.append("single vehicles are summed to 15 min; the first and the last interval may be partial")
    of_one_site = vehicles["stream"].n_unique() == 1
    passages = vehicles.select("channel", "time", "class", pl.lit(None, pl.Float64).alias("speed_kmh"))
    return _checked(sums_of(vehicles), passages if of_one_site else None, mapping, name, diagnostics)


def _named_as(frame: pl.DataFrame, mapping: CountMapping) -> pl.DataFrame:
    """Give columns the names that the mapping has for them where only capital letters differ."""
    wanted = {column_name(name): name for names in mapping.named().values() for name in names}
    there = set(frame.columns)
    alike = {new: name for name in reversed(frame.columns) if (new := wanted.get(column_name(name), name)) not in there}
    return frame.rename({name: new for new, name in alike.items()})


def _refuse_unknown_columns(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    there = [name for name in frame.columns if name != LINE]
    if len(there) == 1 and len({name for names in mapping.named().values() for name in names} - set(there)):
        diagnostics.problem(
            f"with sep = {mapping.sep!r} the file has one column, {there[0][:60]!r}; allowed: the character between "
            "its cells, such as ';' or '\\t'"
        )
        diagnostics.raise_problems()
    for key, names in mapping.named().items():
        for name in names:
            if name not in there:
                close = get_close_matches(name, there, n=1)
                question = f"did you mean {close[0]!r}? " if close else ""
                listed = ", ".join(map(repr, there[:_NAMED])) + (", …" if len(there) > _NAMED else "")
                diagnostics.problem(f"{key}: the file has no column {name!r}; {question}its columns are {listed}")
    diagnostics.raise_problems()


def _where(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> pl.DataFrame:
    """Keep the rows that are wanted, and say how many are left out."""
    for column, values in mapping.where.items():
        wanted = [values] if isinstance(values, str) else list(values)
        kept = frame.filter(pl.col(column).is_in(wanted))
        if kept.is_empty():
            there = ", ".join(frame[column].unique().sort().head(_NAMED))
            diagnostics.problem(f"where: no row has {column} {' or '.join(wanted)}; there are {there}")
            diagnostics.raise_problems()
        out = frame.height - kept.height
        if out:
            diagnostics.notes.append(
                f"{counted(out, 'row')} {verb(out, 'is', 'are')} left out: {column} is not {' or '.join(wanted)}"
            )
        frame = kept
    return frame


def _refuse_unknown_classes(frame: pl.DataFrame, mapping: CountMapping, diagnostics: Diagnostics) -> None:
    if mapping.class_column is None:
        return
    kinds = frame.group_by(mapping.class_column).len().sort(mapping.class_column)
    for kind, rows in kinds.iter_rows():
        if kind not in mapping.classes:
            diagnostics.problem(
                f"{counted(rows, 'row')} {verb(rows, 'has', 'have')} the class {kind!r}, which classes does not name; "
                f"allowed: {', '.join(mapping.classes)}"
            )


def _checked(
    table: pl.DataFrame, vehicles: pl.DataFrame | None, mapping: CountMapping, name: str, diagnostics: Diagnostics
) -> Counts:
    """Doubt what is strange in counts of any format, and make the tidy table."""
    minutes = int(table["minutes"][0])
    table = _sorted(table)
    slot = pl.col("\0interval").set_sorted()  # one number for each interval, so that they are soon told apart
    whole = [pl.first("stream", "channel", "date", "start_min"), pl.col("vehicles").sum(), pl.col("partial").any()]
    sums = table.with_columns(slot).group_by("\0interval", maintain_order=True).agg(whole).drop("\0interval")
    checks.warn_of_silence(sums, minutes, diagnostics)
    doubt_table(sums, minutes, diagnostics)
    del sums
    gaps = checks.find_gaps(table, minutes, diagnostics)
    if not mapping.has_offset:
        checks.warn_of_hours_counted_once(table, diagnostics)
    diagnostics.warnings.extend(mapping.doubts)
    table = table.select(TABLE_SCHEMA.names()).cast({"stream": pl.String, "channel": pl.String, "class": pl.String})
    return Counts(
        diagnostics.source,
        f"mapping {name}".strip(),
        table,
        mapping.class_map,
        vehicles,
        tuple(diagnostics.notes),
        tuple(diagnostics.warnings),
        gaps,
    )


def _sorted(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table of counts, sorted; one number for each key is sorted several times faster than the keys."""
    kinds = table.select(pl.col("class").unique().cast(pl.String).sort()).to_series()
    places = table.select("stream", "channel").unique()
    by_name = places.cast(pl.String).with_row_index("row").sort("stream", "channel")["row"]
    places = places[by_name].with_row_index("place")
    key = pl.col("place").cast(pl.Int64) * _DAYS + pl.col("date").to_physical().fill_null(0)
    kind = pl.col("class").cast(pl.Enum(kinds)).to_physical().cast(pl.Int64)
    return (
        table.join(places, on=["stream", "channel"], how="left", maintain_order="left")
        .with_columns((key * DAY_MIN + pl.col("start_min")).alias("\0interval"), kind.alias("\0kind"))
        .sort(pl.col("\0interval") * kinds.len() + pl.col("\0kind"), maintain_order=True)
    )


def _summed(entries: pl.DataFrame, minutes: int, table_minutes: int, diagnostics: Diagnostics) -> pl.DataFrame:
    """Sum short intervals to those of the table; one that lacks a part is marked as partial, and named."""
    if minutes == table_minutes:
        return entries.with_columns(pl.lit(minutes, pl.Int64).alias("minutes"), pl.lit(value=False).alias("partial"))
    each = table_minutes // minutes
    keys = ["stream", "channel", "date", "start_min", "offset", "class"]
    table = (
        entries.with_columns(pl.col("start_min") // table_minutes * table_minutes)
        .group_by(keys, maintain_order=True)
        .agg(pl.col("line").min(), pl.col("vehicles").sum(), pl.len().alias("parts"))
        .with_columns(pl.lit(table_minutes, pl.Int64).alias("minutes"), (pl.col("parts") < each).alias("partial"))
    )
    diagnostics.notes.append(f"intervals of {minutes} min are summed to {table_minutes} min")
    lacking = table.filter("partial").unique(["stream", "channel", "date", "start_min"], maintain_order=True)
    if lacking.height:
        first = lacking.sort("date", "start_min").row(0, named=True)
        day = f"{first['date']:%a %d %b %Y} " if first["date"] else ""
        number = lacking.height
        diagnostics.warnings.append(
            f"{counted(number, 'interval')} of {table_minutes} min {verb(number, 'was', 'were')} counted in part, the "
            f"first at {day}{clock_text(first['start_min'])} ({first['parts']} of {each}); averages leave "
            f"{verb(number, 'it', 'them')} out"
        )
    return table
