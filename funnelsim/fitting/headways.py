"""Headways at the end of the lane while a queue lasts: how many vehicles pass per hour, and which take long."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from funnelsim.arrays import FloatArray, TextArray
from funnelsim.counts.names import DateOrder
from funnelsim.fitting.bootstrap import goodness_of_fit, intervals
from funnelsim.fitting.durations import DurationFit, Sample, fit_durations, sample_of
from funnelsim.fitting.fitted import (
    FitResult,
    Parameter,
    clock_text,
    fit_comments,
    goodness_text,
    number_grid,
    refuse_beyond,
    refuse_too_few,
    small_sample_text,
    toml_lines,
    unknown_classes_text,
)
from funnelsim.fitting.observations import ObservationTable, read_name
from funnelsim.fitting.readings import Clock, step_of
from funnelsim.reporting.section import Section
from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.units import HOUR_S, KMH_PER_MS
from funnelsim.wording import counted, joined, number_text

_COLUMNS: Final = (("headway_s",), ("time",))
_LEAST_OF_CLASS: Final = 10
_LONG: Final = 3.0  # medians: was there a queue?
_LINES_NAMED: Final = 5
_LEAST_SPACING_M: Final = 0.1
_MOST: Final = {"capacity_vph": 1e6, "headway_cv": 3.0, "reaction_s": 60.0, "spacing_m": 100.0}


@dataclass(frozen=True)
class _Pairs:
    """Headways, and who followed whom if that was recorded."""

    headways_s: FloatArray
    clock: Clock
    follower: TextArray | None = None
    leader: TextArray | None = None


@dataclass(frozen=True)
class _Classes:
    """The classes whose headways are told apart.

    Attributes
    ----------
    names
        In the order of the effects: reaction times of all, then spacings of all but the anchor.
    anchor
        The class whose spacing is taken as known: headways tell only sums of reaction time and spacing.
    anchor_m
        Its spacing.
    speed_ms
        Of the lane.
    """

    names: tuple[str, ...]
    anchor: str
    anchor_m: float
    speed_ms: float


def fit_headways(
    file: Path,
    resamples: int,
    rng: np.random.Generator,
    order: DateOrder | None = None,
    lane_speed_kmh: float = 30.0,
) -> FitResult:
    """Fit headways of vehicles that leave the lane out of a queue.

    Behind *j* vehicle *i* takes (reaction time of *i* + spacing of *j* / lane speed) times a lognormal noise of mean 1.

    Parameters
    ----------
    file
        A CSV with a column ``time``, in the order of passing, or ``headway_s``. Beside them ``class`` of the vehicle
        that passes, and ``leader``, the class of the one before, where there are headways; ``run`` names the stretches
        in which every vehicle was written down: between runs there is no headway.
    resamples, rng, order
        As of `funnelsim.fitting.stages.fit_look`.
    lane_speed_kmh
        At which vehicles roll through the lane; needed to turn seconds behind a long vehicle into metres.

    Raises
    ------
    FunnelsimError
        With all problems of the file.
    """
    table = ObservationTable(file, _COLUMNS, ("class", "leader", "run"))
    pairs = _pairs(table, order)
    if pairs.follower is None:
        return _one_mean(table, pairs, resamples, rng)
    classes, sample = _by_class(table, pairs, lane_speed_kmh)
    return _by_pairs(table, classes, sample, resamples, rng)


def _one_mean(table: ObservationTable, pairs: _Pairs, resamples: int, rng: np.random.Generator) -> FitResult:
    """Fit one capacity and one variation."""
    sample = sample_of(pairs.headways_s, pairs.clock)
    fit = fit_durations(sample)

    def found(of: DurationFit) -> FloatArray:
        return np.array([HOUR_S / of.effects[0], of.effects[0], of.cv])

    ends = intervals(sample, fit, found, resamples, rng).tolist()
    value = found(fit).tolist()
    capacity = Parameter("capacity of the lane", "veh/h", value[0], *ends[0])
    mean = Parameter("mean headway", "s", value[1], *ends[1])
    cv = Parameter("variation of headways (cv)", "", value[2], *ends[2])
    values = {"capacity_vph": capacity.rounded, "headway_cv": cv.rounded}
    refuse_beyond(table.source, values, _MOST)
    words = [
        *_common_words(sample, fit, resamples, rng),
        "The variation includes that between classes; record the classes to separate the two.",
    ]
    section = Section(_heading(table, sample), (number_grid([capacity, mean, cv]), *words, *table.notes))
    return FitResult(
        (section,), toml_lines(("lane",), values, fit_comments(sample, "headways", table.source, [capacity, cv]))
    )


def _by_pairs(
    table: ObservationTable, classes: _Classes, sample: Sample, resamples: int, rng: np.random.Generator
) -> FitResult:
    """Fit reaction times and spacings by class, and the remaining variation."""
    fit = fit_durations(sample)

    def found(of: DurationFit) -> FloatArray:
        mean_s = np.average(sample.means_s(of.effects), weights=sample.weights)
        return np.concatenate([[HOUR_S / mean_s, of.cv], of.effects])

    ends, value = intervals(sample, fit, found, resamples, rng).tolist(), found(fit).tolist()
    longer = [name for name in classes.names if name != classes.anchor]
    titles = [
        ("capacity with these classes", "veh/h"),
        ("variation about the classes' means (cv)", ""),
        *((f"reaction time, {name}", "s") for name in classes.names),
        *((f"spacing, {name}", "m") for name in longer),
    ]
    numbers = [Parameter(*title, estimate, *end) for title, estimate, end in zip(titles, value, ends, strict=True)]
    cv = numbers[1]
    reactions = dict(zip(classes.names, numbers[2:], strict=False))
    spacings = dict(zip(longer, numbers[2 + len(classes.names) :], strict=True))
    tables = [toml_lines(("lane",), {"headway_cv": cv.rounded}, fit_comments(sample, "headways", table.source, [cv]))]
    for name in classes.names:
        of_class = {"reaction_s": reactions[name]} | ({"spacing_m": spacings[name]} if name in spacings else {})
        values = {key: number.rounded for key, number in of_class.items()}
        refuse_beyond(table.source, values, _MOST)
        said = [f"{number.text} ({number.interval})" for number in of_class.values()]
        tables.append(toml_lines(("classes", name), values, [", ".join(said)]))
    refuse_beyond(table.source, {"headway_cv": cv.rounded}, _MOST)
    assumed = (
        "Headways show only sums of a reaction time and a spacing. Assumed: the spacing of a "
        f"{classes.anchor} is {number_text(classes.anchor_m)} m, and the speed in the lane is "
        f"{number_text(classes.speed_ms * 3.6)} km/h."
    )
    words = [
        *_common_words(sample, fit, resamples, rng),
        assumed,
        *unknown_classes_text(classes.names),
        "No capacity is written: it follows from the classes and changes with the mix of traffic, as on the road.",
    ]
    section = Section(_heading(table, sample), (number_grid(numbers), *words, *table.notes))
    return FitResult((section,), "\n\n".join(tables))


def _pairs(table: ObservationTable, order: DateOrder | None) -> _Pairs:
    """Return the headways, and who followed whom; all problems are raised at once."""
    if "headway_s" in table.columns:
        table.leave_out_blanks("headway_s")
        headways_s = table.seconds("headway_s")
        follower = np.array(table.read("class", read_name)) if "class" in table else None
        leader = np.array(table.read("leader", read_name)) if "leader" in table else None
        if (follower is None) != (leader is None):
            table.problem("only one of class and leader given; allowed: both or neither")
        table.raise_problems()
        clock, rows = Clock(step_of(headways_s), twice=False), np.arange(len(headways_s))
    else:
        kinds = np.array(table.read("class", read_name)) if "class" in table else None
        (times_s,) = table.times(("time",), order)
        run = np.array(table.read("run", str) if "run" in table else [""] * len(times_s))
        rows = np.flatnonzero(run[1:] == run[:-1]) + 1
        headways_s = times_s[rows] - times_s[rows - 1]
        follower, leader = (None, None) if kinds is None else (kinds[rows], kinds[rows - 1])
        clock = Clock(step_of(times_s), twice=True)
    headways_s = clock.snapped(headways_s)
    for row, headway_s in zip(rows.tolist(), headways_s.tolist(), strict=True):
        if headway_s < 0.0:
            table.problem(
                "this vehicle passes before the one in the row above; allowed: rows in order of passing",
                table.line(row),
            )
        elif headway_s == 0.0 and clock.step_s < 1.0:
            table.problem("no time between this vehicle and the one before; allowed: above 0", table.line(row))
    table.raise_problems()
    refuse_too_few(table.source, len(headways_s), "headways")
    if np.all(headways_s == headways_s[0]):
        table.problem(
            f"all headways are {headways_s[0]:g} s; allowed: times measured finely enough that headways differ"
        )
        table.raise_problems()
    _note_long_gaps(table, rows, headways_s)
    return _Pairs(headways_s, clock, follower, leader)


def _note_long_gaps(table: ObservationTable, rows: NDArray[np.intp], headways_s: FloatArray) -> None:
    """Note very long headways: there may have been no queue."""
    long = rows[headways_s > _LONG * np.median(headways_s)]
    if len(long):
        lines = ", ".join(str(table.line(row)) for row in long[:_LINES_NAMED].tolist())
        lines += ", ..." if len(long) > _LINES_NAMED else ""
        table.notes.append(
            f"Check {counted(len(long), 'headway')} longer than {_LONG:g} medians (line {lines}): was there still "
            "a queue, and was no vehicle diverted? If not, start a new run there."
        )


def _by_class(table: ObservationTable, pairs: _Pairs, lane_speed_kmh: float) -> tuple[_Classes, Sample]:
    """Return the classes that are distinguished, and the sample of headways between them."""
    follower, leader = pairs.follower, pairs.leader
    if follower is None or leader is None:
        raise TypeError("classes are needed")
    seen = {str(name) for name in np.union1d(follower, leader)}
    rare = sorted(name for name in seen if min(np.sum(follower == name), np.sum(leader == name)) < _LEAST_OF_CLASS)
    kept = ~(np.isin(follower, rare) | np.isin(leader, rare))
    if rare:
        table.notes.append(
            f"left out: {counted(int(np.sum(~kept)), 'headway')} of {joined(rare)}, seen fewer than "
            f"{_LEAST_OF_CLASS} times before or behind another vehicle"
        )
    follower, leader, headways_s = follower[kept], leader[kept], pairs.headways_s[kept]
    refuse_too_few(table.source, len(headways_s), "headways between classes with enough observations")
    names, counts = np.unique(follower, return_counts=True)
    by_frequency = [str(names[place]) for place in np.argsort(-counts, kind="stable")]
    anchor = next((name for name in by_frequency if name in DEFAULT_CLASSES), None)
    if anchor is None:
        table.problem(f"classes {joined(by_frequency)} given; allowed: one of {', '.join(DEFAULT_CLASSES)} among them")
        table.raise_problems()
    classes = _Classes(
        tuple(by_frequency), str(anchor), float(DEFAULT_CLASSES[str(anchor)]["spacing_m"]), lane_speed_kmh / KMH_PER_MS
    )
    longer = [name for name in classes.names if name != anchor]
    parts = np.column_stack(
        [follower == name for name in classes.names] + [(leader == name) / classes.speed_ms for name in longer]
    ).astype(np.float64)
    if np.linalg.matrix_rank(parts) < parts.shape[1]:
        table.problem(
            f"the same classes always follow each other among {joined(by_frequency)}; "
            "allowed: mixed pairs, or no class column"
        )
    table.raise_problems()
    least = np.array([0.0] * len(classes.names) + [_LEAST_SPACING_M] * len(longer))
    fixed_s = np.where(leader == anchor, classes.anchor_m / classes.speed_ms, 0.0)
    return classes, sample_of(headways_s, pairs.clock, parts, fixed_s, least)


def _common_words(sample: Sample, fit: DurationFit, resamples: int, rng: np.random.Generator) -> list[str]:
    return [
        goodness_text(fit.shape, goodness_of_fit(sample, fit, resamples, rng)),
        *small_sample_text(len(sample)),
        *clock_text(sample),
    ]


def _heading(table: ObservationTable, sample: Sample) -> str:
    return f"Headways out of a queue: {len(sample):,} in {table.source}"
