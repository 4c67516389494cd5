"""The chapter on published operations: each reported figure compared with the range of the simulated ones."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from funnelsim.experiments.replication import Engine
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import LEVEL, Comparison, in_range
from validation.operations.backtest import Backtest, backtest
from validation.operations.bands import BANDS, MIDDLE, draws
from validation.operations.figure import ranges
from validation.operations.operation import OPERATIONS, Kind, Operation, Outcome

DRAWS, QUICK_DRAWS = 250, 60
REPEATS = 5  # of a scenario of which only the mean is wanted
WIDE = 5.0  # ratio of highest to lowest from which a range is called uninformative
VAST = 100.0  # ratio from which its lower end is practically zero
DECISIVE: dict[Kind, str] = {
    "vehicles": "inspecting",
    "persons": "inspecting",
    "persons a vehicle": "occupants",
    "queue": "demand",
    "offenders": "offenders",
    "smuggling runs": "smuggling",
}
"""For each kind of outcome the unknown on which it depends most directly."""

_METHOD = """\
A planner's question is whether the model would have foreseen a real control. A report gives the hours, the road,
sometimes the officers, and the result; it gives neither the traffic nor how long a check took. So each operation below
is simulated {draws} times from what is known of it. What is not known is drawn each time from the bands in the table:
the same bands for every operation, and the same {draws} draws (a Latin hypercube). Each draw simulates one operation. A
reported figure should then lie within the middle {level:.0f} % of the simulated ones. No reported outcome is an input,
no band was moved after a comparison, and a figure outside the range stays in the table.

Common to all: a vehicle that arrives while a team of two is free is checked (`free_bay`); checks are short, and a share
of the vehicles is searched afterwards, for minutes and by officers that depend on the class; traffic is the mean of
such roads, spread over the day by the usual factors. The files in `validation/operations/scenarios`, one with what all
share and one for each operation with what differs, mark each line as published, default or assumed.

Included are reports of one control on one road with a countable outcome, if the road and the hours, or at least the
time of day or the officers, were published. Excluded are: US v. Martinez-Fuerte (the share referred to secondary
inspection would be an input), Indianapolis v. Edmond (the hours of its six roadblocks are unknown), Michigan v. Sitz
(every driver was stopped, so the number stopped is the demand), the checks of the Netherlands 2024-25 and of Germany
(patrols of many months, no one place), and controls on motorways that fetch single vehicles out of running traffic,
such as those at Hockenheim, because they are no funnels.
"""


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
    """Describe where in the range the figure lies, and whether the range is too wide to be informative."""
    below = 100 * float(np.mean(np.asarray(values) < compared.expected))
    place = f"{below:.0f} % of the simulated operations lie below it."
    factor = compared.high / compared.low if compared.low > 0.0 else math.inf
    if not compared.agrees or factor < WIDE or compared.high <= 1.0:
        return place
    spans = f"spans a factor of {factor:.0f}" if factor < VAST else "begins at nearly nothing"
    return f"{place} The range {spans}, so this says little."


def _what_it_would_take(operation: Operation, number: int, engine: Engine) -> str:
    """Describe which value of the decisive unknown would give the reported figure, with all others in the middle."""
    outcome = operation.outcomes[number]
    band = next(band for band in BANDS if band.name == DECISIVE[outcome.kind])

    def mean_at(value: float) -> float:
        same = [{**MIDDLE, band.name: value}] * REPEATS
        return float(np.mean(backtest(operation, same, engine).values[number]))

    low, high = mean_at(band.low), mean_at(band.high)
    said = f"With the other unknowns in the middle, {low:.3g} to {high:.3g} would result for {band.name}"
    said += f" {band.low:g} to {band.high:g} {band.unit}"
    if math.isclose(low, high):
        return f"{said}: it is not this unknown."
    needed = band.low + (outcome.reported - low) / (high - low) * (band.high - band.low)
    return f"{said}; {outcome.reported:.3g} would take {needed:.3g}, in a straight line."


def text_of(tests: Sequence[Backtest], lines: Sequence[Comparison], number: int) -> str:
    """Compose the chapter's text.

    Parameters
    ----------
    number
        Of draws.
    """
    table = ["| unknown | drawn from | why | for |", "| --- | --- | --- | --- |"]
    table += [
        f"| {band.name} | {band.low:g} to {band.high:g} {band.unit} | {band.why} | {_whom(band.name)} |"
        for band in BANDS
    ]
    return "\n".join([_METHOD.format(draws=number, level=100 * LEVEL), *table, "", _verdict(tests, lines)])


def _whom(band: str) -> str:
    few = sorted(operation.place for operation in OPERATIONS if band in operation.unknown)
    return "; ".join(few) or "all"


def _verdict(tests: Sequence[Backtest], lines: Sequence[Comparison]) -> str:
    outside = [line.case for line in lines if not line.agrees]
    said = f"{len(lines) - len(outside)} of {len(lines)} reported figures lie in the simulated range"
    said += f"; outside are {', '.join(outside)}. " if outside else ". "
    below, count, ratio, chance = below_the_median(tests, "vehicles")
    said += (
        "The ranges are wide, as little is known, so each is a weak test. Together they are a stronger one: "
        f"{below} of {count} reported numbers of vehicles lie below the median of the simulated ones, and they are on "
        f"average {ratio:.2f} times that median; chance alone splits them so unevenly in {chance:.3f} of all cases."
    )
    if below > count / 2:
        said += (
            " So with the bands at their middle the model promises too many checks. It cannot tell why: in the model a "
            "team takes the next vehicle as soon as it is free, which real teams may not do; or fewer inspect, "
            "or checks take longer, than the middle says. A planner should use counts of his own controls."
        )
    return said


def below_the_median(tests: Sequence[Backtest], kind: Kind) -> tuple[int, int, float, float]:
    """Return how many reported figures of a kind lie below their simulated median, and how far off they are.

    Returns
    -------
    tuple
        The number below, the number of all, the geometric mean of reported over median, and the probability of a split
        at least as uneven if either side were as likely (sign test, both sides).
    """
    pairs = [
        (outcome.reported, float(np.median(values)))
        for test in tests
        for outcome, values in zip(test.operation.outcomes, test.values, strict=True)
        if outcome.kind == kind
    ]
    below = sum(reported < median for reported, median in pairs)
    ratio = math.exp(float(np.mean([math.log(reported / median) for reported, median in pairs])))
    return below, len(pairs), ratio, float(stats.binomtest(below, len(pairs)).pvalue)
