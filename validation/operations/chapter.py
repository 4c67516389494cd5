"""The chapter on published operations: every figure that was reported, beside the range of the simulated ones."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from funnelsim.experiments.replication import Engine
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, in_range
from validation.operations.backtest import Backtest, backtest
from validation.operations.bands import BANDS, MIDDLE, draws
from validation.operations.figure import ranges
from validation.operations.operation import OPERATIONS, Kind, Operation, Outcome
from validation.operations.text import text_of

DRAWS, QUICK_DRAWS = 250, 60
REPEATS = 5  # of a scenario of which only the mean is wanted
WIDE = 5.0  # highest over lowest from which on a range is said to say little
VAST = 100.0  # from which on its lower end is as good as nothing
DECISIVE: dict[Kind, str] = {
    "vehicles": "inspecting",
    "persons": "inspecting",
    "persons a vehicle": "occupants",
    "queue": "demand",
    "offenders": "offenders",
    "smuggling runs": "smuggling",
}
"""For each kind of outcome the unknown on which it depends most directly."""


def chapter(effort: Effort) -> Chapter:
    """Compare the simulated operations with what was reported of the real ones."""
    drawn = draws(QUICK_DRAWS if effort.quick else DRAWS)
    tests = [backtest(operation, drawn, effort.engine) for operation in OPERATIONS]
    lines = [_line(test, number, effort.engine) for test in tests for number in range(len(test.values))]
    shown = {"operations": ranges(tests, len(drawn))}
    return Chapter("operations", "Real operations", text_of(tests, lines, len(drawn)), tuple(lines), shown)


def _line(test: Backtest, number: int, engine: Engine) -> Comparison:
    outcome, values = test.operation.outcomes[number], test.values[number]
    compared = in_range(_case(test.operation, outcome), _unit(outcome), outcome.reported, values, test.operation.source)
    notes = [outcome.note, _width(compared, values)]
    if outcome.kind == "smuggling runs":
        notes.append(f"The chance to find none is {test.none_found:.2f}, so that nothing was found says little.")
    why = [] if compared.agrees else [outcome.why, _what_it_would_take(test.operation, number, engine)]
    return replace(compared, note=" ".join(filter(None, notes)), explanation=" ".join(filter(None, why)))


def _case(operation: Operation, outcome: Outcome) -> str:
    when = "" if outcome.at_s is None else f" at {outcome.at_s / 3600:.0f} h"
    longest = "longest " if outcome.kind == "queue" and not when else ""
    return f"{operation.place}: {longest}{outcome.kind}{when}"


def _unit(outcome: Outcome) -> str:
    return "km" if outcome.kind == "queue" else ""


def _width(compared: Comparison, values: Sequence[float]) -> str:
    """Say where in the range the figure lies, and whether the range is so wide that this says little."""
    below = 100 * float(np.mean(np.asarray(values) < compared.expected))
    place = f"{below:.0f} % of the simulated operations lie below it."
    factor = compared.high / compared.low if compared.low > 0.0 else math.inf
    if not compared.agrees or factor < WIDE or compared.high <= 1.0:
        return place
    spans = f"spans a factor of {factor:.0f}" if factor < VAST else "begins at nearly nothing"
    return f"{place} The range {spans}: it says little."


def _what_it_would_take(operation: Operation, number: int, engine: Engine) -> str:
    """Measure at which value of the decisive unknown the reported figure would be met, all others in the middle."""
    outcome = operation.outcomes[number]
    band = next(band for band in BANDS if band.name == DECISIVE[outcome.kind])

    def mean_at(value: float) -> float:
        same = [{**MIDDLE, band.name: value}] * REPEATS
        return float(np.mean(backtest(operation, same, engine).values[number]))

    low, high = mean_at(band.low), mean_at(band.high)
    said = f"With the other unknowns in the middle, {low:.3g} to {high:.3g} would come out for {band.name}"
    said += f" {band.low:g} to {band.high:g} {band.unit}"
    if math.isclose(low, high):
        return f"{said}: it is not this unknown."
    needed = band.low + (outcome.reported - low) / (high - low) * (band.high - band.low)
    return f"{said}; {outcome.reported:.3g} would take {needed:.3g}, in a straight line."
