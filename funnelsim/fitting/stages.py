"""Looks and stages: how long officers need."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from funnelsim.arrays import FloatArray
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
from funnelsim.fitting.observations import ObservationTable, read_name, read_persons
from funnelsim.fitting.readings import Clock, step_of
from funnelsim.reporting.section import Section
from funnelsim.wording import joined, number_text

DEFAULT: Final = "default"
LEAST_OF_CLASS: Final = 10
_COLUMNS: Final = (("duration_s",), ("from", "to"))
_LEAST_S: Final = 0.001
_MOST_LOOK: Final = {"mean_s": 3600.0, "cv": 3.0}
_MOST_STAGE: Final = {"mean_s": 1e6, "per_occupant_s": 1e6, "cv": 5.0}


def fit_look(file: Path, resamples: int, rng: np.random.Generator, order: DateOrder | None = None) -> FitResult:
    """Fit the looks at the selection point, which the model draws from a lognormal distribution.

    Parameters
    ----------
    file
        A CSV with a column ``duration_s``, or ``from`` and ``to``.
    resamples
        How often the observations are resampled for the intervals, and drawn anew for the test.
    rng
        What is resampled with.
    order
        Of day and month, where the file has dates that leave it open.

    Raises
    ------
    FunnelsimError
        With all problems of the file.
    """
    table = _sheet(file)
    readings_s, clock = _durations(table, order)
    sample = sample_of(readings_s, clock)
    fit = fit_durations(sample)
    ends = intervals(sample, fit, _numbers, resamples, rng)
    mean, cv = _with_intervals(("mean", "cv"), fit, ends)
    values = {"mean_s": mean.rounded, "cv": cv.rounded}
    refuse_beyond(table.source, values, _MOST_LOOK)
    words = [
        goodness_text(fit.shape, goodness_of_fit(sample, fit, resamples, rng)),
        *small_sample_text(len(sample)),
        *clock_text(sample),
    ]
    section = Section(
        f"Looks: {len(sample):,} observed in {table.source}", (number_grid([mean, cv]), *words, *table.notes)
    )
    return FitResult(
        (section,),
        toml_lines(("selection", "look"), values, fit_comments(sample, "observations", table.source, [mean, cv])),
    )


@dataclass(frozen=True)
class _Effects:
    """What the mean of a stage is made of: a mean for each of some classes, and so much for each occupant.

    Attributes
    ----------
    classes
        The classes with a mean of their own; `DEFAULT` for all others.
    shares
        Their shares of the observations.
    by_occupant
        Whether occupants add to the mean.
    """

    classes: tuple[str, ...]
    shares: tuple[float, ...]
    by_occupant: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the effects."""
        means = [f"mean{'' if name == DEFAULT else ', ' + name}" for name in self.classes]
        return (*means, *(["for each occupant"] if self.by_occupant else []))


def fit_stage(file: Path, resamples: int, rng: np.random.Generator, order: DateOrder | None = None) -> FitResult:
    """Fit the durations of a stage: lognormal or exponential, by class and by occupants where the file has them.

    Parameters
    ----------
    file
        A CSV as of `fit_look`, with or without the columns ``class`` and ``occupants``.
    resamples, rng, order
        As of `fit_look`.

    Raises
    ------
    FunnelsimError
        With all problems of the file.
    """
    table = _sheet(file, ("class", "occupants"))
    kinds = table.read("class", read_name) if "class" in table else None
    occupants = np.array(table.read("occupants", read_persons)) if "occupants" in table else None
    readings_s, clock = _durations(table, order)
    kinds = [DEFAULT] * len(readings_s) if kinds is None else kinds
    effects, sample = _sample_by_class(table, readings_s, clock, kinds, occupants)
    lognormal, exponential = fit_durations(sample), fit_durations(sample, "exponential")
    fit = lognormal if lognormal.aic <= exponential.aic else exponential
    ends = intervals(sample, fit, _numbers, resamples, rng)
    memoryless = fit.shape == "exponential"
    numbers = _with_intervals((*effects.names, *([] if memoryless else ["cv"])), fit, ends)
    values = _stage_values(effects, numbers, memoryless=memoryless)
    better = (
        f"Of the two distributions that the model has, the {fit.shape} one fits better (AIC {fit.aic:,.1f} against "
        f"{max(lognormal.aic, exponential.aic):,.1f})."
    )
    words = [
        better,
        goodness_text(fit.shape, goodness_of_fit(sample, fit, resamples, rng)),
        *_effect_words(effects, sample, fit, numbers),
        *unknown_classes_text(effects.classes),
        *small_sample_text(len(sample)),
        *clock_text(sample),
    ]
    section = Section(
        f"Stage: {len(sample):,} observed in {table.source}", (number_grid(numbers), *words, *table.notes)
    )
    where = "Put this below the name of the stage, in [[area.stages]]."
    lines = toml_lines((), {"duration": values}, [*fit_comments(sample, "observations", table.source, numbers), where])
    _refuse_impossible(table.source, numbers)
    return FitResult((section,), lines)


def _sheet(file: Path, beside: Sequence[str] = ()) -> ObservationTable:
    """Return the rows in which a duration was observed."""
    table = ObservationTable(file, _COLUMNS, beside)
    for name in table.columns:
        table.leave_out_blanks(name)
    return table


def _durations(table: ObservationTable, order: DateOrder | None) -> tuple[FloatArray, Clock]:
    """Return the durations and how they were read; all problems are raised at once."""
    twice = len(table.columns) > 1
    if twice:
        begin_s, end_s = table.times(table.columns, order)
        readings_s, step_s = end_s - begin_s, step_of(np.concatenate([begin_s, end_s]))
    else:
        readings_s = table.seconds("duration_s")
        table.raise_problems()
        step_s = step_of(readings_s)
    clock = Clock(step_s, twice)
    readings_s = clock.snapped(readings_s)
    shortest_s = 0.0 if step_s >= 1.0 else _LEAST_S  # what takes less than half a step is read as 0
    for row in np.flatnonzero(readings_s < shortest_s).tolist():
        message = (
            "ends before it begins; allowed: a later time in to than in from" if twice else "0 given; allowed: above 0"
        )
        table.problem(message, table.line(row))
    table.raise_problems()
    refuse_too_few(table.source, len(readings_s), "durations")
    if np.all(readings_s == readings_s[0]):
        table.problem(
            f"all {len(readings_s):,} durations are {readings_s[0]:g} s; allowed: durations that differ, "
            "measured finely enough"
        )
    table.raise_problems()
    return readings_s, clock


def _sample_by_class(
    table: ObservationTable,
    readings_s: FloatArray,
    clock: Clock,
    classes_seen: Sequence[str],
    occupants: FloatArray | None,
) -> tuple[_Effects, Sample]:
    """Return what the means are made of, and the sample; a class observed too rarely is taken with the others."""
    if occupants is not None and np.all(occupants == occupants[0]):
        table.problem(
            f"occupants is {occupants[0]:g} in every row, so its effect is unknown; "
            "allowed: numbers that differ, or no such column"
        )
    table.raise_problems()
    kinds = np.array([*classes_seen, DEFAULT])[:-1]  # wide enough for the word
    names, counts = np.unique(kinds, return_counts=True)
    rare = [str(name) for name in names[counts < LEAST_OF_CLASS]]
    kinds[np.isin(kinds, rare)] = DEFAULT
    left = np.ones(len(kinds), dtype=np.bool_)
    if 0 < np.sum(kinds == DEFAULT) < LEAST_OF_CLASS:
        left = kinds != DEFAULT
        table.notes.append(f"left out: {joined(rare)}, observed fewer than {LEAST_OF_CLASS} times")
    elif rare:
        table.notes.append(f"combined as default: {joined(rare)}, observed fewer than {LEAST_OF_CLASS} times")
    classes, column = np.unique(kinds[left], return_inverse=True)
    refuse_too_few(table.source, int(left.sum()), "durations of classes with enough observations")
    parts = np.eye(len(classes))[column.ravel()]
    effects = _Effects(tuple(map(str, classes)), tuple(parts.mean(axis=0).tolist()), by_occupant=occupants is not None)
    least = np.full(len(classes), _LEAST_S)
    if occupants is not None:
        parts, least = np.column_stack([parts, occupants[left]]), np.append(least, 0.0)
    return effects, sample_of(readings_s[left], clock, parts, least=least)


def _numbers(fit: DurationFit) -> FloatArray:
    return fit.effects if fit.shape == "exponential" else np.append(fit.effects, fit.cv)


def _with_intervals(names: Sequence[str], fit: DurationFit, ends: FloatArray) -> list[Parameter]:
    units = ["" if name == "cv" else "s" for name in names]
    found = zip(names, units, _numbers(fit).tolist(), ends.tolist(), strict=True)
    return [Parameter(name, unit, value, low, high) for name, unit, value, (low, high) in found]


def _stage_values(effects: _Effects, numbers: Sequence[Parameter], *, memoryless: bool) -> dict[str, Any]:
    """Return the keys of a stage's duration."""
    means = {name: number.rounded for name, number in zip(effects.classes, numbers, strict=False)}
    values: dict[str, Any] = {"mean_s": means.get(DEFAULT, next(iter(means.values())))}
    if len(means) > 1:
        mixed = sum(share * means[name] for name, share in zip(effects.classes, effects.shares, strict=True))
        values["mean_s"] = {**means, DEFAULT: means.get(DEFAULT, float(f"{mixed:.3g}"))}
    if effects.by_occupant:
        values["per_occupant_s"] = numbers[len(means)].rounded
    if not memoryless:
        values["cv"] = numbers[-1].rounded
    return {**values, "distribution": "exponential" if memoryless else "lognormal"}


def _effect_words(effects: _Effects, sample: Sample, fit: DurationFit, numbers: Sequence[Parameter]) -> list[str]:
    """Describe whether classes differ and whether occupants matter."""
    words = []
    if len(effects.classes) > 1:
        together_parts = np.column_stack([sample.parts[:, : len(effects.classes)].sum(axis=1)])
        if effects.by_occupant:
            together_parts = np.column_stack([together_parts, sample.parts[:, -1]])
        rows = sample.row_of
        least = np.full(together_parts.shape[1], 0.0)
        least[0] = _LEAST_S
        alike = fit_durations(
            sample_of(sample.readings_s[rows], sample.clock, together_parts[rows], least=least), fit.shape
        )
        better = (
            "Means by class fit better than one mean" if fit.aic < alike.aic else "One mean is enough for all classes"
        )
        words.append(f"{better} (AIC {fit.aic:,.1f} by class, {alike.aic:,.1f} without).")
    if effects.by_occupant:
        occupant = numbers[len(effects.classes)]
        words.append(
            "There is no evidence that occupants add to the duration: the interval includes 0."
            if occupant.low <= 0.0
            else f"Each occupant adds {number_text(occupant.rounded, 6)} s, and so does the driver."
        )
    return words


def _refuse_impossible(source: str, numbers: Sequence[Parameter]) -> None:
    for number in numbers:
        key = "cv" if number.name == "cv" else "per_occupant_s" if "occupant" in number.name else "mean_s"
        refuse_beyond(source, {key: number.value}, _MOST_STAGE)
