"""Headways at the end of the lane while a queue lasts: how many vehicles an hour pass, and who takes long."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from funnelsim.arrays import FloatArray, TextArray
from funnelsim.counts.names import DateOrder
from funnelsim.fitting import cells
from funnelsim.fitting.bootstrap import agreement, intervals
from funnelsim.fitting.durations import DurationFit, Sample, fit_durations, sample_of
from funnelsim.fitting.fitted import (
    Fitted,
    Number,
    agreement_text,
    clock_text,
    few_text,
    number_grid,
    refuse_beyond,
    refuse_too_few,
    strange_text,
    toml_lines,
)
from funnelsim.fitting.readings import Clock, step_of
from funnelsim.fitting.sheet import Sheet
from funnelsim.report.section import Section
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
    """Headways, and who followed whom where that was written down."""

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
) -> Fitted:
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
    sheet = Sheet(file, _COLUMNS, ("class", "leader", "run"))
    pairs = _pairs(sheet, order)
    if pairs.follower is None:
        return _one_mean(sheet, pairs, resamples, rng)
    classes, sample = _by_class(sheet, pairs, lane_speed_kmh)
    return _by_pairs(sheet, classes, sample, resamples, rng)


def _one_mean(sheet: Sheet, pairs: _Pairs, resamples: int, rng: np.random.Generator) -> Fitted:
    """Fit one capacity and one scatter."""
    sample = sample_of(pairs.headways_s, pairs.clock)
    fit = fit_durations(sample)

    def found(of: DurationFit) -> FloatArray:
        return np.array([HOUR_S / of.effects[0], of.effects[0], of.cv])

    ends = intervals(sample, fit, found, resamples, rng).tolist()
    value = found(fit).tolist()
    capacity = Number("capacity of the lane", "veh/h", value[0], *ends[0])
    mean = Number("mean headway", "s", value[1], *ends[1])
    cv = Number("scatter of headways (cv)", "", value[2], *ends[2])
    values = {"capacity_vph": capacity.rounded, "headway_cv": cv.rounded}
    refuse_beyond(sheet.source, values, _MOST)
    words = [
        *_common_words(sample, fit, resamples, rng),
        "The scatter holds that between classes too: write down the classes if you want it without.",
    ]
    section = Section(_heading(sheet, sample), (number_grid([capacity, mean, cv]), *words, *sheet.notes))
    return Fitted((section,), toml_lines(("lane",), values, _comments(sheet, sample, [capacity, cv])))


def _by_pairs(sheet: Sheet, classes: _Classes, sample: Sample, resamples: int, rng: np.random.Generator) -> Fitted:
    """Fit reaction times and spacings by class, and the scatter that is left."""
    fit = fit_durations(sample)

    def found(of: DurationFit) -> FloatArray:
        mean_s = np.average(sample.means_s(of.effects), weights=sample.weights)
        return np.concatenate([[HOUR_S / mean_s, of.cv], of.effects])

    ends, value = intervals(sample, fit, found, resamples, rng).tolist(), found(fit).tolist()
    longer = [name for name in classes.names if name != classes.anchor]
    titles = [
        ("capacity with these classes", "veh/h"),
        ("scatter about the classes' means (cv)", ""),
        *((f"reaction time, {name}", "s") for name in classes.names),
        *((f"spacing, {name}", "m") for name in longer),
    ]
    numbers = [Number(*title, estimate, *end) for title, estimate, end in zip(titles, value, ends, strict=True)]
    cv = numbers[1]
    reactions = dict(zip(classes.names, numbers[2:], strict=False))
    spacings = dict(zip(longer, numbers[2 + len(classes.names) :], strict=True))
    tables = [toml_lines(("lane",), {"headway_cv": cv.rounded}, _comments(sheet, sample, [cv]))]
    for name in classes.names:
        of_class = {"reaction_s": reactions[name]} | ({"spacing_m": spacings[name]} if name in spacings else {})
        values = {key: number.rounded for key, number in of_class.items()}
        refuse_beyond(sheet.source, values, _MOST)
        said = [f"{number.text} ({number.interval})" for number in of_class.values()]
        tables.append(toml_lines(("classes", name), values, [", ".join(said)]))
    refuse_beyond(sheet.source, {"headway_cv": cv.rounded}, _MOST)
    assumed = (
        f"Headways tell sums of a reaction time and a spacing only, so the spacing of a {classes.anchor} is taken as "
        f"{number_text(classes.anchor_m)} m, and the lane's speed as {number_text(classes.speed_ms * 3.6)} km/h."
    )
    words = [
        *_common_words(sample, fit, resamples, rng),
        assumed,
        *strange_text(classes.names),
        "No capacity is written: it follows from the classes, so it changes with the traffic's mix as on the road.",
    ]
    section = Section(_heading(sheet, sample), (number_grid(numbers), *words, *sheet.notes))
    return Fitted((section,), "\n\n".join(tables))


def _pairs(sheet: Sheet, order: DateOrder | None) -> _Pairs:
    """Return the headways, and who followed whom; all problems are raised at once."""
    if "headway_s" in sheet.columns:
        sheet.leave_out_blanks("headway_s")
        headways_s = sheet.seconds("headway_s")
        follower = np.array(sheet.read("class", cells.name)) if "class" in sheet else None
        leader = np.array(sheet.read("leader", cells.name)) if "leader" in sheet else None
        if (follower is None) != (leader is None):
            sheet.fault("one of class and leader without the other; allowed: both, or neither")
        sheet.stop_if_faulty()
        clock, rows = Clock(step_of(headways_s), twice=False), np.arange(len(headways_s))
    else:
        kinds = np.array(sheet.read("class", cells.name)) if "class" in sheet else None
        (times_s,) = sheet.times(("time",), order)
        run = np.array(sheet.read("run", str) if "run" in sheet else [""] * len(times_s))
        rows = np.flatnonzero(run[1:] == run[:-1]) + 1
        headways_s = times_s[rows] - times_s[rows - 1]
        follower, leader = (None, None) if kinds is None else (kinds[rows], kinds[rows - 1])
        clock = Clock(step_of(times_s), twice=True)
    for row, headway_s in zip(rows.tolist(), headways_s.tolist(), strict=True):
        if headway_s < 0.0:
            sheet.fault("this vehicle passes before the one above; allowed: in order of passing", sheet.line(row))
        elif headway_s == 0.0 and clock.step_s < 1.0:
            sheet.fault("no time between this vehicle and the one before; allowed: above 0", sheet.line(row))
    sheet.stop_if_faulty()
    refuse_too_few(sheet.source, len(headways_s), "headways")
    if np.all(headways_s == headways_s[0]):
        sheet.fault(f"all headways are {headways_s[0]:g} s; allowed: times read finely enough that headways differ")
        sheet.stop_if_faulty()
    _doubt_gaps(sheet, rows, headways_s)
    return _Pairs(headways_s, clock, follower, leader)


def _doubt_gaps(sheet: Sheet, rows: NDArray[np.intp], headways_s: FloatArray) -> None:
    """Note headways so long that there may have been no queue."""
    long = rows[headways_s > _LONG * np.median(headways_s)]
    if len(long):
        lines = ", ".join(str(sheet.line(row)) for row in long[:_LINES_NAMED].tolist())
        lines += ", ..." if len(long) > _LINES_NAMED else ""
        sheet.notes.append(
            f"Doubtful: {counted(len(long), 'headway')} longer than {_LONG:g} medians (line {lines}). Was there still "
            "a queue, and was nobody diverted? If not, start a new run there."
        )


def _by_class(sheet: Sheet, pairs: _Pairs, lane_speed_kmh: float) -> tuple[_Classes, Sample]:
    """Return the classes that are told apart, and the sample of headways between them."""
    follower, leader = pairs.follower, pairs.leader
    if follower is None or leader is None:
        raise TypeError("classes are needed")
    seen = {str(name) for name in np.union1d(follower, leader)}
    rare = sorted(name for name in seen if min(np.sum(follower == name), np.sum(leader == name)) < _LEAST_OF_CLASS)
    kept = ~(np.isin(follower, rare) | np.isin(leader, rare))
    if rare:
        sheet.notes.append(
            f"left out: {counted(int(np.sum(~kept)), 'headway')} of {joined(rare)}, seen fewer than "
            f"{_LEAST_OF_CLASS} times before or behind another vehicle"
        )
    follower, leader, headways_s = follower[kept], leader[kept], pairs.headways_s[kept]
    refuse_too_few(sheet.source, len(headways_s), "headways between classes seen often enough")
    names, counts = np.unique(follower, return_counts=True)
    by_frequency = [str(names[place]) for place in np.argsort(-counts, kind="stable")]
    anchor = next((name for name in by_frequency if name in DEFAULT_CLASSES), None)
    if anchor is None:
        sheet.fault(f"classes {joined(by_frequency)} given; allowed: one of {', '.join(DEFAULT_CLASSES)} among them")
        sheet.stop_if_faulty()
    classes = _Classes(
        tuple(by_frequency), str(anchor), float(DEFAULT_CLASSES[str(anchor)]["spacing_m"]), lane_speed_kmh / KMH_PER_MS
    )
    longer = [name for name in classes.names if name != anchor]
    parts = np.column_stack(
        [follower == name for name in classes.names] + [(leader == name) / classes.speed_ms for name in longer]
    ).astype(np.float64)
    if np.linalg.matrix_rank(parts) < parts.shape[1]:
        sheet.fault(f"who follows whom never changes among {joined(by_frequency)}; allowed: mixed pairs, or no class")
    sheet.stop_if_faulty()
    least = np.array([0.0] * len(classes.names) + [_LEAST_SPACING_M] * len(longer))
    fixed_s = np.where(leader == anchor, classes.anchor_m / classes.speed_ms, 0.0)
    return classes, sample_of(headways_s, pairs.clock, parts, fixed_s, least)


def _common_words(sample: Sample, fit: DurationFit, resamples: int, rng: np.random.Generator) -> list[str]:
    return [
        agreement_text(fit.shape, agreement(sample, fit, resamples, rng)),
        *few_text(len(sample)),
        *clock_text(sample),
    ]


def _heading(sheet: Sheet, sample: Sample) -> str:
    return f"Headways out of a queue: {len(sample):,} in {sheet.source}"


def _comments(sheet: Sheet, sample: Sample, numbers: Sequence[Number]) -> list[str]:
    found = "; ".join(f"{number.name} {number.text} ({number.interval})" for number in numbers)
    return [f"Fitted to {len(sample):,} headways in {sheet.source}; with 95 % intervals:", f"{found}."]
