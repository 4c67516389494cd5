"""Arrivals: whether a road is Poisson or bunched, and how."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.counts import passages
from funnelsim.counts.csv_file import open_csv
from funnelsim.counts.names import DateOrder
from funnelsim.counts.reading import format_of, read_file
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.fitting.bootstrap import LEVEL, GoodnessOfFit, compared_with
from funnelsim.fitting.bunching import (
    FOLLOWING_S,
    Record,
    draw_bunched,
    draw_independent,
    fit_bunches,
    largest_difference,
    record_of,
    slices,
)
from funnelsim.fitting.fitted import (
    FitResult,
    Parameter,
    p_text,
    refuse_beyond,
    refuse_too_few,
    small_sample_text,
    toml_lines,
)
from funnelsim.fitting.observations import ObservationTable
from funnelsim.fitting.readings import Clock, step_of
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.units import HOUR_S
from funnelsim.wording import NOTHING, number_text

_SLICE_S: Final = 900.0
_LEAST_IN_SLICE: Final = 10
_LEAST_VEHICLES: Final = 100
_COARSEST_S: Final = 1.0
_ENDS: Final = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_ALL_FREE: Final = 0.999
_MOST: Final = {"least_gap_s": 10.0, "bunching_factor": 100.0}


@dataclass(frozen=True)
class _Process:
    """One way in which vehicles may arrive, compared with the record.

    Attributes
    ----------
    name
        As the scenario calls it.
    least_s, freedom_s
        Its least gap, and bunching factor times least gap.
    all_gaps, beyond
        How well it fits all gaps, and those from `FOLLOWING_S` on.
    dispersion
        95 % of records drawn from it have counts by the minute that scatter so much.
    """

    name: str
    least_s: float
    freedom_s: float
    all_gaps: GoodnessOfFit
    beyond: GoodnessOfFit
    dispersion: tuple[float, float]


def fit_arrivals(
    file: Path,
    resamples: int,
    rng: np.random.Generator,
    order: DateOrder | None = None,
    channel: list[str] | None = None,
) -> FitResult:
    """Find out whether vehicles arrive independently or in bunches, from the gaps between them.

    Parameters
    ----------
    file
        A counter export with one line a vehicle, or a CSV with a column ``time``.
    resamples
        How many records are drawn from each process.
    rng
        What they are drawn with.
    order
        Of day and month, where the file has dates that leave it open.
    channel
        The channels to use, where a counter export has several.

    Raises
    ------
    FunnelsimError
        With all problems of the file.
    """
    source, times_s, notes = _times(file, order, channel)
    refuse_too_few(source, len(times_s), "vehicles", _LEAST_VEHICLES)
    clock = Clock(step_of(times_s), twice=True)
    if clock.step_s > _COARSEST_S:
        message = f"times are in steps of {clock.step_s:g} s; needed: steps of {_COARSEST_S:g} s or finer"
        raise FunnelsimError([Problem(source, message)])
    record = record_of(times_s, clock, slices(times_s, _SLICE_S), _LEAST_IN_SLICE)
    gaps = int(record.gaps()[2].sum())
    refuse_too_few(
        source, gaps, f"gaps in quarters of an hour with {_LEAST_IN_SLICE} vehicles or more", _LEAST_VEHICLES
    )
    independent = [draw_independent(record, rng) for _ in range(resamples)]
    poisson = _process(record, "poisson", (0.0, 0.0), independent)
    bunched, numbers = _fitted(record, resamples, rng)
    return _report(source, record, (poisson, bunched), numbers, [*small_sample_text(gaps), *notes])


def _times(file: Path, order: DateOrder | None, channel: list[str] | None) -> tuple[str, FloatArray, list[str]]:
    """Return the file's name, when vehicles passed, in order, and what was handled."""
    document = open_csv(file)
    if format_of("per-vehicle").fits(document):
        counts = read_file(document, "per-vehicle", order)
        if channel is None:
            names = counts.vehicles["channel"].unique().sort().to_list() if counts.vehicles is not None else []
            if len(names) > 1:
                message = f"choose one lane or one direction with --channel: {', '.join(names)}"
                raise FunnelsimError([Problem(document.source, message)])
        times_s = passages(counts, channel=channel)["time_s"].to_numpy()
        named = f", channel {' and '.join(channel)}" if channel else ""
        return f"{document.source}{named}", times_s, []
    table = ObservationTable(file, (("time",),), ("class",), document)
    if channel is not None:
        table.problem("--channel given for a file without channels; allowed: one file per lane or direction")
    (times_s,) = table.times(("time",), order)
    back = int(np.sum(np.diff(times_s) < 0.0))
    if back:
        table.notes.append(f"{back:,} times go back; the vehicles are sorted by time")
    return table.source, np.sort(times_s), table.notes


def _process(
    record: Record,
    name: str,
    found: tuple[float, float],
    drawn: list[Record],
    fits: list[tuple[float, float]] | None = None,
) -> _Process:
    """Compare a process with the record; `fits` are those of the records drawn, if it was itself fitted."""
    off = np.array(
        [largest_difference(one, *fit) for one, fit in zip(drawn, fits or [found] * len(drawn), strict=True)]
    )
    seen = largest_difference(record, *found)
    all_gaps, beyond = compared_with(seen[0], off[:, 0]), compared_with(seen[1], off[:, 1])
    low, high = np.quantile([one.dispersion() for one in drawn], _ENDS).tolist()
    return _Process(name, *found, all_gaps, beyond, (low, high))


def _fitted(record: Record, resamples: int, rng: np.random.Generator) -> tuple[_Process, list[Parameter]]:
    """Return the process that fits best, and its numbers with the intervals of samples drawn from it."""
    found = fit_bunches(record)
    drawn = [draw_bunched(record, *found, rng) for _ in range(resamples)]
    again = [fit_bunches(one, found) for one in drawn]
    flow_vps = _mean_flow(record)
    values = _numbers(found, flow_vps)
    ends = np.quantile([_numbers(fit, flow_vps) for fit in again], _ENDS, axis=0).T.tolist()
    titles = (("least gap", "s"), ("bunching factor", ""), ("share of free vehicles", ""))
    numbers = [Parameter(*title, value, *end) for title, value, end in zip(titles, values, ends, strict=True)]
    return _process(record, "bunched", found, drawn, again), numbers


def _numbers(found: tuple[float, float], flow_vps: float) -> tuple[float, float, float]:
    least_s, freedom_s = found
    return least_s, freedom_s / least_s, float(np.exp(-freedom_s * flow_vps))


def _mean_flow(record: Record) -> float:
    """Return the flow that a vehicle meets on average, vehicles a second."""
    used = record.counts[record.used]
    return float((used**2).sum() / used.sum() / record.length_s)


def _report(
    source: str,
    record: Record,
    processes: tuple[_Process, _Process],
    numbers: list[Parameter],
    notes: list[str],
) -> FitResult:
    used, flow_vps = record.used, _mean_flow(record)
    poisson, bunched = processes
    about = (
        f"{int(record.counts[used].sum()):,} vehicles in {int(used.sum())} slices of about 15 min with "
        f"{_LEAST_IN_SLICE} or more; on average a vehicle meets {number_text(flow_vps * HOUR_S)} veh/h. "
        f"{int((~used).sum())} slices with fewer are left out. Off by: the largest difference, per 100 gaps, between "
        "the shares of gaps up to any length; p: the probability of that if vehicles did arrive so. Scatter: variance "
        "over mean of counts per minute; 95 % of the drawn records are within this range."
    )
    how = (
        f"Times are in steps of {number_text(record.clock.step_s)} s: the likelihood is that of the rounded "
        "readings, and records drawn for the tests are rounded too. The least gap is fitted to all gaps; the free "
        f"share, given it, to how many follow within {number_text(FOLLOWING_S)} s and to the longer gaps."
    )
    chosen = poisson if poisson.all_gaps.fits else bunched
    words = [*_bunches(poisson, bunched, numbers, flow_vps), *_scatter(chosen, record)]
    section = Section(f"Arrivals: {source}", (*words, _grid(record, processes), about, how, *notes))
    comments = [f"Based on {int(record.gaps()[2].sum()):,} gaps in {source}: Poisson {p_text(poisson.all_gaps.p)}."]
    values: dict[str, str | float] = {"arrivals": chosen.name}
    if chosen is bunched:
        least, factor, _ = numbers
        own = {"least_gap_s": least.rounded, "bunching_factor": factor.rounded}
        refuse_beyond(source, own, _MOST)
        values |= own
        found = "; ".join(f"{number.name} {number.text} ({number.interval})" for number in numbers)
        comments.append(f"With 95 % intervals: {found}.")
    return FitResult((section,), toml_lines(("traffic",), values, comments))


def _grid(record: Record, processes: tuple[_Process, ...]) -> Grid:
    heads = ("least\ngap, s", "free\nshare", "all gaps\noff by", "p", "from 3 s\noff by", "p", "scatter")
    rows = [("the road", *[NOTHING] * (len(heads) - 1), number_text(record.dispersion(), 3))]
    for one in processes:
        tests = [
            text
            for test in (one.all_gaps, one.beyond)
            for text in (number_text(100.0 * test.off, 2), number_text(test.p, 2))
        ]
        free = float(np.exp(-one.freedom_s * _mean_flow(record)))
        scatter = "\N{EN DASH}".join(number_text(end, 2) for end in one.dispersion)
        rows.append((one.name, number_text(one.least_s, 2), number_text(free, 2), *tests, scatter))
    return Grid((Column("", "left"), *map(Column, heads)), tuple(rows))


def _bunches(poisson: _Process, fitted: _Process, numbers: list[Parameter], flow_vps: float) -> list[str]:
    """Describe whether arrivals are Poisson or bunched."""
    test = p_text(poisson.all_gaps.p)
    if poisson.all_gaps.fits:
        return [f"The record is consistent with Poisson arrivals ({test})."]
    least, _, free = numbers
    if free.high >= _ALL_FREE:
        even = f"Arrivals are not Poisson ({test}): vehicles keep a least gap of {least.text} ({least.interval})."
        return [f"{even} There is no clear evidence of further bunching."]
    said = (
        f"Arrivals are bunched: independent arrivals are ruled out ({test}). At {number_text(flow_vps * HOUR_S)} veh/h "
        f"a share of {free.text} ({free.interval}) of the vehicles is free (follows no other); with Poisson all are."
    )
    if fitted.beyond.fits:
        return [said]
    rough = "Cowan's M3 does not fit well either: take it as a rough guide, or replay the record"
    return [f'{said} {rough} (arrivals = "trace").']


def _scatter(chosen: _Process, record: Record) -> list[str]:
    """Describe whether counts per minute vary more or less than the scenario's would."""
    seen, (low, high) = record.dispersion(), chosen.dispersion
    if low <= seen <= high:
        return []
    more = "more" if seen > high else "less"
    cause = " A traffic signal upstream can cause that." if seen > high else ""
    said = (
        f"Counts per minute vary {more} than with these arrivals ({number_text(seen, 2)} against "
        f"{number_text(low, 2)} to {number_text(high, 2)}): expect queues to grow and shrink {more} than simulated."
    )
    return [said + cause]
