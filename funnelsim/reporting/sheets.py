"""The sheets of a workbook as plain tables: what a result says, its numbers in the units shown, and what it assumes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import polars as pl

import funnelsim
from funnelsim.analysis.catalogue import CURRENCY, measure_named
from funnelsim.analysis.estimates import PER_CENT, Estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.cases import cases_of, reference_case
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.differences import Difference
from funnelsim.experiments.point_estimates import measures_of
from funnelsim.experiments.ranking import check_of, limits_of, ranking_of, shares_kept
from funnelsim.experiments.results import resolved
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting import compare_words, run_words, sweep_words
from funnelsim.reporting.assumptions import assumptions_of
from funnelsim.reporting.run_summary import largest_loss
from funnelsim.reporting.run_table import Row
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.paths import dotted_key
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import plain_text, value_text
from funnelsim.wording import counted, joined

LONGEST_CELL = 32_767  # characters; a spreadsheet holds no more
LONGEST_HEAD = 240  # characters; a spreadsheet's own limit is 255
MOST_ROWS = 10_000  # of replications, about a hundred columns each; a larger sheet takes minutes to write
SET_BY = {"planner": "planner", "starter": "starter value", "default": "default", "varied": "varied"}
UNITS = (
    "Numbers have the units in their headings, as funnelsim prints them. Low and high are the ends of the 95 % "
    "confidence interval; an empty cell is a number that does not exist, such as a wait where nobody waited."
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table whose columns are its headings."""

    name: str
    table: pl.DataFrame


@singledispatch
def sheets_of(result: object) -> list[Sheet]:
    """Return the sheets of a result, in their order.

    Raises
    ------
    FunnelsimError
        If it is no result that a workbook can hold.
    """
    raise FunnelsimError([Problem("result", f"{type(result).__name__} given; allowed: a run, a sweep or a comparison")])


@sheets_of.register
def _sheets_of_run(run: Run) -> list[Sheet]:
    lines = [run.scenario.title, run_words.headline(run), *run_words.limits(run)]
    lines += [largest_loss(run), *run_words.brief_reach(run), run_words.days_sentence(run.scenario)]
    tables = {
        "Measures": _measures(run.estimates),
        "Limits": _limits([({}, check) for check in run.limits()]),
    }
    return _sheets(lines, run.seed, tables, run.replications.lazy(), _inputs(run.scenario), run.scenario.currency)


@sheets_of.register
def _sheets_of_sweep(sweep: Sweep) -> list[Sheet]:
    lines = [sweep.scenario.title, *sweep_words.question(sweep)]
    if len(sweep.points):
        cases = cases_of(sweep)
        case = reference_case(sweep, cases)
        lines += sweep_words.answer(sweep, cases, case, ranking_of(case.sweep))
    lines.append(run_words.days_sentence(sweep.scenario, sweep.keys))
    tables = {"Points": _points(sweep), "Limits": _limits(list(_checks(sweep)))}
    inputs = _inputs(sweep.scenario, sweep.keys)
    return _sheets(lines, sweep.settings.seed, tables, sweep.replications, inputs, sweep.scenario.currency)


@sheets_of.register
def _sheets_of_comparison(comparison: Comparison) -> list[Sheet]:
    names = list(comparison.scenarios)
    lines = [f"Plans compared: {joined(names)}."]
    lines += [compare_words.answer(comparison, *pair) for pair in compare_words.pairs(comparison)]
    tables = {
        "Differences": _differences(comparison.differences),
        "Measures": _by_plan({name: _measures(comparison.estimates[name]) for name in names}),
        "Limits": _limits(
            [({"Plan": name}, check) for name in names for check in compare_words.checks(comparison, name)]
        ),
    }
    of_plans = {name: _inputs(scenario) for name, scenario in comparison.scenarios.items()}
    inputs = {sheet: _by_plan({name: of_plans[name][sheet] for name in names}) for sheet in of_plans[names[0]]}
    currency = comparison.scenarios[names[0]].currency
    return _sheets(lines, comparison.seed, tables, comparison.replications.lazy(), inputs, currency)


def _by_plan(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the tables of several plans as one."""
    names = _cells(tables)
    return pl.concat(
        table.select(pl.lit(name).alias("Plan"), pl.all()) for name, table in zip(names, tables.values(), strict=True)
    )


def _differences(differences: Sequence[Difference]) -> pl.DataFrame:
    rows = [Row(one.measure) for one in differences]
    shown = [one.estimate.times(row.measure.unit.factor) for one, row in zip(differences, rows, strict=True)]
    return pl.DataFrame(
        {
            "Plan": _cells(one.second for one in differences),
            "Against": _cells(one.first for one in differences),
            "Measure": _cells(row.label for row in rows),
            **_estimates("Difference", "", shown),
            "Unit": [row.measure.unit.symbol for row in rows],
            "Change": _cells(compare_words.change_text(one) for one in differences),
        }
    )


def _sheets(
    lines: Sequence[str],
    seed: int,
    tables: Mapping[str, pl.DataFrame],
    replications: pl.LazyFrame,
    inputs: Mapping[str, pl.DataFrame],
    currency: str,
) -> list[Sheet]:
    """Return the sheets that hold anything: without limits there is none for them."""
    number = replications.select(pl.len()).collect().item()
    if number > MOST_ROWS:
        lines = [*lines, f"The {counted(number, 'replication')} are too many for a sheet: see replications.parquet."]
        every: dict[str, pl.DataFrame] = {}
    else:
        every = {"Replications": _replications(replications.collect())}
    shown = {"Summary": _summary(lines, seed), **tables, **every, **inputs}
    return [Sheet(name, _in_currency(table, currency)) for name, table in shown.items() if len(table)]


def _in_currency(table: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return a table whose units and headings name the currency."""
    if "Unit" in table.columns:
        table = table.with_columns(pl.col("Unit").str.replace(CURRENCY, currency, literal=True))
    return table.rename(lambda name: name.replace(CURRENCY, currency))


def _summary(lines: Iterable[str], seed: int) -> pl.DataFrame:
    made = f"Simulated by funnelsim {funnelsim.__version__} with seed {seed}."
    return pl.DataFrame({"Summary": _cells([*filter(None, lines), UNITS, made])})


def _measures(estimates: Mapping[str, Estimate]) -> pl.DataFrame:
    rows = [Row(name) for name in estimates]
    shown = [estimates[row.name].times(row.measure.unit.factor) for row in rows]
    return pl.DataFrame(
        {
            "Measure": _cells(row.label for row in rows),
            **_estimates("Mean", "", shown),
            "Unit": [row.measure.unit.symbol for row in rows],
            "Operations with a value": [one.n for one in shown],
            "Name in files": _cells(row.name for row in rows),
        }
    )


def _limits(checks: Sequence[tuple[Mapping[str, object], LimitCheck]]) -> pl.DataFrame:
    """Return how limits fare, each with what says whose it is."""
    units = [measure_named(check.measure).unit for _, check in checks]
    measured = [check.estimate.times(unit.factor) for (_, check), unit in zip(checks, units, strict=True)]
    kept = [check.kept_in.times(PER_CENT) for _, check in checks]
    whose = {name: [of[name] for of, _ in checks] for name in (checks[0][0] if checks else {})}
    return pl.DataFrame(
        {
            **whose,
            "Limit": [check.rule_text for _, check in checks],
            "Verdict": [run_words.VERDICTS[check.verdict] for _, check in checks],
            **_estimates("Kept in, % of operations", "Kept in: ", kept),
            "To be kept in, % of operations": [PER_CENT * check.wanted for _, check in checks],
            "At most": [check.value * unit.factor for (_, check), unit in zip(checks, units, strict=True)],
            **_estimates("Mean", "Mean: ", measured),
            "Unit": [unit.symbol for unit in units],
        }
    )


def _checks(sweep: Sweep) -> Iterator[tuple[dict[str, object], LimitCheck]]:
    limits = limits_of(sweep)
    for row, point in enumerate(sweep.points["point"].to_list()):
        for limit in limits:
            yield {"Point": point}, check_of(sweep, row, limit)


def _estimates(head: str, whose: str, estimates: Sequence[Estimate]) -> dict[str, list[float]]:
    return {
        head: [one.mean for one in estimates],
        f"{whose}low" if whose else "Low": [one.low for one in estimates],
        f"{whose}high" if whose else "High": [one.high for one in estimates],
    }


def _replications(table: pl.DataFrame) -> pl.DataFrame:
    """Return a row a replication, the measures in the units shown."""
    labels = [name for name in ("plan", "point", "replication") if name in table.columns]
    heads = [*(name.capitalize() for name in labels), *(_head(name) for name in table.columns[len(labels) :])]
    measures = [pl.col(name) * measure_named(name).unit.factor for name in table.columns[len(labels) :]]
    return _named(table.select(*labels, *measures), heads)


def _points(sweep: Sweep) -> pl.DataFrame:
    """Return a row a point: its values, the share of operations that keep each limit, and its estimates."""
    columns = [sweep.points["point"], *(sweep.points[key] for key in sweep.keys), sweep.points["n"]]
    heads = ["Point", *sweep.keys, "Operations"]
    for limit in limits_of(sweep):
        columns.append(pl.Series(PER_CENT * shares_kept(sweep, limit)))
        heads.append(f"{measure_named(limit.measure).label} within its limit, % of operations")
    for name in measures_of(sweep):
        factor = measure_named(name).unit.factor
        columns += [sweep.points[f"{name}.{part}"] * factor for part in ("mean", "low", "high")]
        heads += [_head(name), *(f"{_head(name)}: {end}" for end in ("low", "high"))]
    return _named(pl.DataFrame([column.alias(str(place)) for place, column in enumerate(columns)]), heads)


def _head(name: str) -> str:
    return Row(name).label_with_unit


def _named(table: pl.DataFrame, heads: Sequence[str]) -> pl.DataFrame:
    """Return a table with headings as a spreadsheet wants them: short, and no two alike, as `Van` and `van` are."""
    seen: dict[str, int] = {}
    names = []
    for given in heads:
        head = plain_text(given, LONGEST_HEAD)
        seen[head.lower()] = seen.get(head.lower(), 0) + 1
        names.append(head if seen[head.lower()] == 1 else f"{head} ({seen[head.lower()]})")
    return table.rename(dict(zip(table.columns, names, strict=True)))


def _inputs(scenario: Scenario, varied: Sequence[str] = ()) -> dict[str, pl.DataFrame]:
    """Return the scenario with every default filled in, and who says so of each value."""
    settings = list(_settings(resolved(scenario, demand_of(scenario))))
    rows = assumptions_of(scenario, varied)
    return {
        "Scenario": pl.DataFrame(
            {"Key": _cells(key for key, _ in settings), "Value": _cells(text for _, text in settings)}
        ),
        "Sources": pl.DataFrame(
            {
                "Key": _cells(row.key for row in rows),
                "Value": _cells(row.value for row in rows),
                "Set by": [SET_BY[row.set_by] for row in rows],
                "Source": _cells(row.source for row in rows),
                "Meaning": _cells(row.meaning for row in rows),
            }
        ),
    }


def _settings(data: Mapping[str, Any], steps: tuple[object, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield every key of a scenario with its value as it stands in a scenario file."""
    here: Any = data
    for step in steps:
        here = here[step]
    if isinstance(here, Mapping):
        below: Iterable[object] = here
    elif isinstance(here, list) and any(isinstance(entry, Mapping) for entry in here):
        below = range(len(here))
    else:
        if here is not None:
            yield dotted_key(data, steps), value_text(here)
        return
    for step in below:
        yield from _settings(data, (*steps, step))


def _cells(texts: Iterable[str]) -> list[str]:
    """Return texts as cells hold them: no control characters, and not too long."""
    return [plain_text(text, LONGEST_CELL) for text in texts]
