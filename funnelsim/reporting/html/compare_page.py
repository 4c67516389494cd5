"""The report of a comparison: what one plan finds and costs instead of another, and how they differ."""

import math
from functools import partial

from funnelsim.analysis.catalogue import measure_named
from funnelsim.experiments.compare import Comparison
from funnelsim.plots.figures import COMPARISON_FIGURES
from funnelsim.reporting import compare_words
from funnelsim.reporting.assumptions import Assumption, assumptions_of
from funnelsim.reporting.bound_words import OF_THE_MOST, bounds_table
from funnelsim.reporting.html.background import (
    Provenance,
    assumptions_chapter,
    method_chapter,
    plan_chapter,
    redo_chapter,
    warnings_in_short,
)
from funnelsim.reporting.html.document import Chapter, Document, Item, KeyNumber, Table, table_of
from funnelsim.reporting.html.drawing import drawing
from funnelsim.reporting.section import sentence
from funnelsim.reporting.shift_words import same_shifts, shifts_grid
from funnelsim.reporting.warnings import warnings_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import NOTHING, counted, joined

CAPTIONS = {
    "paired_differences": "Differences of each measure with their error bars at 95 %; across zero, the sign is open.",
    "waterfalls": "How many of 100 targets are lost at each step, plan by plan.",
}
MINUS = "\N{MINUS SIGN}"
ROSTER = "staffing.roster."
NUMBERS = ("expected_detections", "ordinary_stops", "delay_p95_s", "ordinary_h")


def compare_document(comparison: Comparison, provenance: Provenance) -> Document:
    """Return everything the page of a comparison says."""
    first, *others = comparison.scenarios
    scenario, plan = comparison.scenarios[first], comparison.plans[first]
    warnings = {name: warnings_of(one, comparison.plans[name]) for name, one in comparison.scenarios.items()}
    n = comparison.replications.height // len(comparison.scenarios)
    whose = f": {first}"
    chapters = [
        _plans(comparison.scenarios),
        *_limits(comparison),
        _side_by_side(comparison),
        Chapter(
            "reach", "How far these numbers carry", (compare_words.reach(comparison), *compare_words.days(comparison))
        ),
        plan_chapter(scenario, plan, warnings, whose),
        assumptions_chapter(scenario),
        method_chapter(),
        redo_chapter([_redo(n, comparison.seed)], comparison.seed, provenance),
    ]
    return Document(
        title=joined(list(dict.fromkeys(one.title for one in comparison.scenarios.values()))),
        kind=f"a comparison of {joined(list(comparison.scenarios))}",
        question=(
            f"What do {joined(others)} find and cost instead of {first}?"
            if len(others) > 1
            else f"What does {others[0]} find and cost instead of {first}?",
        ),
        answer=(
            *(compare_words.answer(comparison, *pair) for pair in compare_words.pairs(comparison)),
            *warnings_in_short(warnings),
        ),
        numbers=_numbers(comparison),
        numbers_are=f"The differences: {others[0]} minus {first}",
        chapters=tuple(chapters),
        made_by=f"funnelsim {provenance.funnelsim}, {counted(len(comparison.scenarios), 'plan')}, "
        f"{counted(n, 'simulated operation')} each, seed {comparison.seed}",
    )


def _redo(n: int, seed: int) -> str:
    return (
        f"The same plans, simulated with --replications {n} and --seed {seed} by the same version of funnelsim, give "
        "the same numbers on any machine. The results folder keeps every plan, counts included, in manifest.json."
    )


def _numbers(comparison: Comparison) -> tuple[KeyNumber, ...]:
    """Return the differences of the first pair in large type."""
    found = {item.measure: item for item in compare_words.of_pair(comparison, *compare_words.pairs(comparison)[0])}
    numbers = []
    for item in (found[name] for name in NUMBERS if name in found):
        value, _, beside = compare_words.difference_text(item).partition(" ")
        if math.isfinite(item.estimate.half_width):
            measure = measure_named(item.measure)
            unit = measure.unit.symbol
            numbers.append(KeyNumber(sentence(measure.label), value.replace("-", MINUS), beside, unit))
    return tuple(numbers)


def _plans(scenarios: dict[str, Scenario]) -> Chapter:
    """Return what distinguishes the plans: every key in which they differ, and who works when.

    Several shifts of an agency have no names: where they are different ones, key by key would compare shifts that have
    nothing to do with each other.
    """
    if not same_shifts(*scenarios.values()):
        tables = [Table(f"Who works when: {name}", shifts_grid(one)) for name, one in scenarios.items()]
        return Chapter("plans", "How the plans differ", (*_keys(scenarios, without=ROSTER), *tables))
    keys = tuple(_keys(scenarios)) or ("The plans are the same in every key.",)
    return Chapter("plans", "How the plans differ", keys)


def _keys(scenarios: dict[str, Scenario], without: str | None = None) -> list[Item]:
    """Return a table of the keys in which plans differ; none where they do not."""
    rows = {name: {row.key: row for row in assumptions_of(scenario)} for name, scenario in scenarios.items()}
    keys = list(dict.fromkeys(key for found in rows.values() for key in found))
    differing = [key for key in keys if len({_value(found.get(key)) for found in rows.values()}) > 1]
    if without is not None:
        differing = [key for key in differing if not key.startswith(without)]
    if not differing:
        return []
    cells = tuple((key, *(_value(found.get(key)) for found in rows.values())) for key in differing)
    return [table_of("", ("Key in the scenario", *scenarios), cells, left=1 + len(scenarios))]


def _value(row: Assumption | None) -> str:
    return NOTHING if row is None else row.value


def _limits(comparison: Comparison) -> list[Chapter]:
    grid = compare_words.limits_table(comparison)
    if grid is None:
        return []
    wanted = compare_words.wanted_text(comparison)
    table = Table(f"In how many operations each limit is kept; wanted in {wanted}", grid)
    return [Chapter("limits", "Limits", (table,))]


def _side_by_side(comparison: Comparison) -> Chapter:
    items: list[Item] = []
    for first, second in compare_words.pairs(comparison):
        grid = compare_words.differences_grid(comparison, first, second)
        items.append(
            Table(f"Means per operation: {second} against {first}; the differences are {_how(comparison)}", grid)
        )
        items += compare_words.open_questions(comparison, first, second)
    if (bounds := bounds_table(comparison)) is not None:
        items.append(Table(f"{OF_THE_MOST}, targets per operation", bounds))
    items += [drawing(name, CAPTIONS[name], partial(draw, comparison)) for name, draw in COMPARISON_FIGURES.items()]
    return Chapter("sides", "The plans side by side", tuple(items))


def _how(comparison: Comparison) -> str:
    return "paired by operation" if comparison.paired else "not paired"
