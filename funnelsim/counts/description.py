"""What a count file says, for a planner to check before using it: short and in words."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.names import FORMAT_ENTRIES, LEFT_OUT, TOTAL
from funnelsim.counts.table import Counts, Gap, stream_label
from funnelsim.wording import joined

_STREAMS_NAMED: Final = 12
_GAPS_NAMED: Final = 3
_LABEL: Final = 11
_INTERVAL: Final = ("stream", "channel", "date", "start_min")
_WIDTH: Final = 108


def describe(counts: Counts) -> str:
    """Describe a count file in plain text.

    Period, streams with their totals and peak hours, classes with shares and what they become in a scenario,
    gaps, warnings and notes. The peak hour is the busiest whole clock hour of which every interval was counted.
    Classes that the shipped map leaves out (bicycles) are in no total.

    Parameters
    ----------
    counts
        What `read_counts` returned.

    Returns
    -------
    str
        Lines of at most 110 characters.
    """
    return "\n".join([counts.source, *(_row(label, lines) for label, lines in described(counts).items())])


def described(counts: Counts) -> dict[str, Sequence[str]]:
    """Return the same as sentences by what they are about; what there is nothing to say of is left out.

    Parameters
    ----------
    counts
        What `read_counts` returned.
    """
    mapped = counts.class_map
    motor = counts.table.filter(~pl.col("class").is_in([kind for kind, target in mapped.items() if target in LEFT_OUT]))
    incomplete = _incomplete(counts.table)
    rows: list[tuple[str, Sequence[str]]] = [
        ("format", [_format(counts.format)]),
        ("period", [_period(counts)]),
        ("total", [_total(motor, incomplete)]),
        ("peak hour", [] if motor["stream"].n_unique() > 1 else [_peak(motor)]),
        ("streams", list(_streams(motor))),
        ("classes", list(_classes(counts.table, mapped))),
        ("gaps", [*_gaps(counts.gaps), *_without_classes(incomplete)] or ["none"]),
        ("warnings", counts.warnings),
        ("notes", counts.notes),
    ]
    return {label: lines for label, lines in rows if lines}


def _total(table: pl.DataFrame, incomplete: pl.DataFrame) -> str:
    """Return the number of vehicles, and how many of them no scenario uses; of several streams it is no traffic."""
    vehicles, streams = f"{table['vehicles'].sum():,.0f} vehicles", table["stream"].n_unique()
    if not incomplete.is_empty():
        unused = table.join(incomplete, on=_INTERVAL, how="semi", nulls_equal=True)["vehicles"].sum()
        vehicles += f", {unused:,.0f} of them in intervals without some class, which a scenario leaves out"
    return vehicles if streams == 1 else f"{vehicles} in {streams} streams, to be chosen from"


def _incomplete(table: pl.DataFrame) -> pl.DataFrame:
    """Return the intervals in which a stream lacks some of its classes, with these; no scenario uses them."""
    classes = pl.col("class").filter(pl.col("class") != TOTAL).unique()
    of_stream = table.group_by("stream", "channel").agg(classes.alias("all"))
    return (
        table.group_by(_INTERVAL)
        .agg(classes.alias("there"))
        .join(of_stream, on=["stream", "channel"])
        .with_columns(pl.col("all").list.set_difference("there").list.sort().alias("lacking"))
        .filter(pl.col("lacking").list.len() > 0)
        .sort(_INTERVAL)
    )


def _without_classes(incomplete: pl.DataFrame) -> Iterable[str]:
    """Name the first intervals without some class and the number of the others."""
    for stream, channel, date, start, lacking in incomplete.head(_GAPS_NAMED).select(*_INTERVAL, "lacking").iter_rows():
        where = stream_label(stream, channel)
        day = f"{date:%a %d %b %Y} " if date else ""
        yield f"{where + ': ' if where else ''}{day}{clock_text(start)}, without a count of {joined(lacking)}"
    if incomplete.height > _GAPS_NAMED:
        yield f"and {incomplete.height - _GAPS_NAMED:,} more without a count of some class"


def _format(name: str) -> str:
    """Return the name of a format with its title; a mapping has none."""
    return f"{name}: {FORMAT_ENTRIES[name].title}" if name in FORMAT_ENTRIES else name


def _row(label: str, lines: Sequence[str]) -> str:
    """Set a label before its lines, wrapped and indented."""
    indent = " " * (_LABEL + 2)
    wrapped = [
        textwrap.fill(line, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
        for line in lines
    ]
    return f"  {label:<{_LABEL}}" + "\n".join(wrapped)[len(indent) :]


def _period(counts: Counts) -> str:
    """First to last interval, and the interval's length."""
    slots = counts.table.select("date", "start_min").unique().sort("date", "start_min")
    (first_day, start), (last_day, end) = slots.row(0), slots.row(-1)
    every = f"every {counts.minutes} min"
    if not counts.dated:
        return f"{clock_text(start)} to {clock_text(end + counts.minutes)}, no date, {every}"
    first, last = f"{first_day:%a %d %b %Y} {clock_text(start)}", f"{last_day:%a %d %b %Y}"
    return f"{first} to {last} {clock_text(end + counts.minutes)}, {every}"


def _hours(table: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Sum to clock hours that were counted whole, in every one of the streams that are summed."""
    whole = table.filter(~pl.col("partial"))
    width = 1 if keys else table.select("stream", "channel").unique().height
    by_slot = whole.group_by([*keys, "date", "start_min", "minutes"]).agg(
        pl.col("vehicles").sum(), pl.struct("stream", "channel").n_unique().alias("streams")
    )
    return (
        by_slot.filter(pl.col("streams") == width)
        .group_by([*keys, "date", (pl.col("start_min") // 60 * 60).alias("hour")])
        .agg(pl.col("vehicles").sum(), pl.col("minutes").sum().alias("counted"))
        .filter(pl.col("counted") == 60)  # noqa: PLR2004 (minutes of an hour)
        .sort([*keys, "vehicles", "date", "hour"], descending=[*(False for _ in keys), True, False, False])
    )


def _peak(table: pl.DataFrame, keys: Sequence[str] = ()) -> str:
    """Name the busiest whole clock hour."""
    hours = _hours(table, keys)
    if hours.is_empty():
        apart = not keys and not _hours(table, ("stream", "channel")).is_empty()
        return "no hour was counted in all streams and channels" if apart else "no complete hour was counted"
    peak = hours.row(0, named=True)
    day = f"{peak['date']:%a %d %b %Y} " if peak["date"] else ""
    span = f"{clock_text(peak['hour'])} to {clock_text(peak['hour'] + 60)}"
    return f"{peak['vehicles']:,.0f} vehicles, {day}{span}"


def _streams(table: pl.DataFrame) -> Iterable[str]:
    """Describe each stream and channel in a line: its total and its peak hour."""
    parts = table.partition_by("stream", "channel", maintain_order=True)
    for part in parts[:_STREAMS_NAMED]:
        name = stream_label(part["stream"][0], part["channel"][0])
        if len(parts) > 1:
            peak = _peak(part, ("stream", "channel"))
            yield f"{name}: {part['vehicles'].sum():,.0f} vehicles; peak hour {peak}"
        elif name:
            yield name
    if len(parts) > _STREAMS_NAMED:
        yield f"and {len(parts) - _STREAMS_NAMED} more"


def _classes(table: pl.DataFrame, mapped: Mapping[str, str]) -> Iterable[str]:
    """Describe each class in a line: vehicles, share, and what it becomes in a scenario."""
    sums = dict(table.group_by("class").agg(pl.col("vehicles").sum()).sort("vehicles", descending=True).iter_rows())
    if list(sums) == [TOTAL]:
        yield "none: the file has totals only, so the scenario gives the shares"
        return
    left_out = {kind for kind in sums if mapped.get(kind) in LEFT_OUT}
    classed = sum(vehicles for kind, vehicles in sums.items() if kind not in left_out | {TOTAL}) or 1
    width = max(len(kind) for kind in sums)
    for kind, vehicles in sums.items():
        if not vehicles:
            continue
        share = "       " if kind in left_out | {TOTAL} else f"{vehicles / classed:6.1%} "
        target = mapped.get(kind, kind if not mapped or kind == TOTAL else None)
        becomes = "left out" if kind in left_out else "unknown: set it with classes" if target is None else target
        becomes = "counted without classes: in no share" if kind == TOTAL else becomes
        yield f"{kind:<{width}} {vehicles:>9,.0f} {share}" + (f" → {becomes}" if becomes != kind else "")
    nothing = [kind for kind, vehicles in sums.items() if not vehicles]
    if nothing:
        yield f"no vehicles: {', '.join(nothing)}"


def _gaps(gaps: Sequence[Gap]) -> Iterable[str]:
    """Name the longest gaps and the number of the others."""
    longest = sorted(gaps, key=lambda gap: -gap.intervals)[:_GAPS_NAMED]
    yield from map(str, longest)
    if len(gaps) > _GAPS_NAMED:
        missing = sum(gap.intervals for gap in gaps)
        yield f"and {len(gaps) - _GAPS_NAMED} more; {missing:,} intervals are missing in total, and none is filled in"
