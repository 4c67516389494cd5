"""Compare plans: paired differences replication by replication, with intervals that hold all at once."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from funnelsim.analysis.catalogue import CATALOGUE, check_measures
from funnelsim.analysis.estimates import Estimate, columns_behind, estimate, pseudo_values
from funnelsim.arrays import FloatArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.arguments import (
    check_arguments,
    not_a_function,
    not_a_share,
    not_by_name,
    not_one_of,
    not_yes_or_no,
    wrong_numbers,
)
from funnelsim.experiments.differences import SMALLEST, Difference, differences
from funnelsim.experiments.executor import as_finished, max_pending, workers
from funnelsim.experiments.replication import Engine, simulate_block
from funnelsim.experiments.run import REPLICATIONS_PER_TASK, Run
from funnelsim.experiments.same_traffic import refuse_other_traffic
from funnelsim.experiments.shown import Shown
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import short_text
from funnelsim.wording import counted, joined

MEASURES = (
    "expected_detections",
    "delay_mean_s",
    "delay_p95_s",
    "tail_max_m",
    "ordinary_stops",
    "ordinary_h",
    "officer_h",
    "staff_cost",
)
Pairs = Literal["first", "all"]
UNPAIRED = "--unpaired"  # allowed where the traffic differs


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Plans side by side.

    Attributes
    ----------
    scenarios
        The plans by name, in the order given.
    seed
        Random seed.
    paired
        Whether all met the same vehicles.
    replications
        A row a replication of a plan: `plan`, `replication`, and a column a measure.
    estimates
        By plan and measure the mean with its interval.
    differences
        Of the plans compared, measure by measure.
    plans
        The scenarios as plans, by name.
    engine
        The engine that simulated them.
    pairs
        Whether all were compared with the first, or all with all.
    """

    scenarios: dict[str, Scenario]
    seed: int
    paired: bool
    replications: pl.DataFrame
    estimates: Mapping[str, Mapping[str, Estimate]]
    differences: tuple[Difference, ...]
    plans: dict[str, Plan]
    engine: Engine = "compiled"
    pairs: Pairs = "first"


def shared_time(plans: Sequence[Plan]) -> float:
    """Return the share of the plans' windows in which all of them stand: then they meet the same vehicles.

    It is the time that all have in common over the time of the one that stands longest.
    """
    common = list(plans[0].windows_s)
    for plan in plans[1:]:
        both = [(max(a, c), min(b, d)) for a, b in common for c, d in plan.windows_s]
        common = [(from_s, to_s) for from_s, to_s in both if from_s < to_s]
    longest_s = max(sum(to_s - from_s for from_s, to_s in plan.windows_s) for plan in plans)
    return sum(to_s - from_s for from_s, to_s in common) / longest_s


def compare(
    scenarios: Mapping[str, Scenario],
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    pairs: Pairs = "first",
    measures: Sequence[str] = MEASURES,
    *,
    paired: bool = True,
    smallest: float = SMALLEST,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
    plans: Mapping[str, Plan] | None = None,
) -> Comparison:
    """Simulate several plans on the same vehicles and compare them.

    Parameters
    ----------
    scenarios
        Two plans or more, by name.
    replications, seed, jobs, engine
        As in `funnelsim.run`.
    pairs
        Compare all against the first, or all with all.
    measures
        Names of the measures to compare.
    paired
        Whether all plans meet the same vehicles (common random numbers); plans with different traffic can only be
        compared unpaired, each on its own random numbers, and with wider intervals.
    smallest
        The smallest difference of interest, as a share of the first plan's mean.
    progress
        Called with the number of finished simulations.
    plans
        The scenarios' plans, where they are known already; by default the counts are read and planned here.

    Raises
    ------
    FunnelsimError
        If there are fewer than two plans or replications, a measure does not exist, or paired plans differ in their
        traffic.

    Notes
    -----
    Intervals are Student's t with Bonferroni's correction over all pairs and measures, so that all of them hold
    together at 95 %. Ratios are compared by the differences of their jackknife pseudo-values.
    """
    check_arguments(
        *not_by_name("scenarios", scenarios),
        *wrong_numbers(replications, seed, jobs, engine, least=0),
        not_one_of("pairs", pairs, ("first", "all")),
        not_a_share("smallest", smallest),
        _not_measures(measures),
        not_yes_or_no("paired", paired),
        not_a_function("progress", progress),
        *_not_plans_of(scenarios, plans),
    )
    names = list(scenarios)
    if len(names) < 2 or replications < 2:  # noqa: PLR2004  (a pair)
        given = f"{counted(len(names), 'plan')} and {counted(replications, 'operation')}"
        message = f"{given} given; allowed: at least two of each, such as a second scenario file or a variant"
        raise FunnelsimError(message)
    check_measures((name.partition(".")[0] for name in measures), (known.name for known in CATALOGUE))
    plans = dict(plans) if plans is not None else {name: plan_of(scenario) for name, scenario in scenarios.items()}
    if paired:
        refuse_other_traffic(scenarios, {name: plan.road.demand for name, plan in plans.items()}, UNPAIRED)
    table = _simulated(plans, seed, replications, jobs, progress, engine, paired=paired)
    return comparison_of(
        scenarios, plans, table, seed, measures, pairs=pairs, paired=paired, smallest=smallest, engine=engine
    )


def _not_measures(given: Any) -> Problem | None:  # noqa: ANN401  (whatever was given)
    if isinstance(given, list | tuple) and given and all(isinstance(name, str) for name in given):
        return None
    return Problem("measures", f"{short_text(given)} given; allowed: a list of names, one at least")


def _not_plans_of(scenarios: Any, plans: Any) -> Iterator[Problem]:  # noqa: ANN401  (as above)
    """Yield what is wrong with plans that are known already: each scenario needs its own."""
    if plans is None or not isinstance(scenarios, Mapping):
        return
    of_each = plans if isinstance(plans, Mapping) else {}
    if missing := [short_text(name) for name in scenarios if not isinstance(of_each.get(name), Plan)]:
        yield Problem("plans", f"no plan of {joined(missing)} given; allowed: the plan of each scenario by its name")


def comparison_of(
    scenarios: Mapping[str, Scenario],
    plans: Mapping[str, Plan],
    replications: pl.DataFrame,
    seed: int,
    measures: Sequence[str],
    *,
    pairs: Pairs,
    paired: bool,
    smallest: float,
    engine: Engine,
) -> Comparison:
    """Return what simulated replications say of the plans: estimates and differences.

    Parameters
    ----------
    replications
        A row a replication of a plan, as `Comparison.replications` has them.
    scenarios, plans, seed, measures, pairs, paired, smallest, engine
        As in `compare`.

    Raises
    ------
    FunnelsimError
        If the plans have no such measure.
    """
    names = list(scenarios)
    columns = {name: _columns(replications, name) for name in names}
    check_measures(measures, columns[names[0]])
    estimates = {name: estimate(columns[name], plans[name].classes) for name in names}
    values = {
        name: {measure: pseudo_values(columns[name], measure, plans[name].classes) for measure in measures}
        for name in names
    }
    couples = list(itertools.combinations(names, 2)) if pairs == "all" else [(names[0], name) for name in names[1:]]
    means = {name: {measure: estimates[name][measure].mean for measure in measures} for name in names}
    return Comparison(
        scenarios=dict(scenarios),
        seed=seed,
        paired=paired,
        replications=replications,
        estimates=estimates,
        differences=differences(values, means, couples, paired=paired, smallest=smallest),
        plans=dict(plans),
        engine=engine,
        pairs=pairs,
    )


def differences_of_runs(
    first: Run,
    second: Run,
    measures: Sequence[str] = MEASURES,
    names: tuple[str, str] = ("first", "second"),
    others: Mapping[str, tuple[FloatArray, FloatArray]] | None = None,
) -> tuple[Difference, ...]:
    """Return how a run differs from another that was made already, on the replications that both have.

    Parameters
    ----------
    first, second
        Runs with the same seed; the difference is second minus first.
    measures
        Names of the measures to compare.
    names
        What the plans are called.
    others
        What else is compared, by a name of its own: its values in the replications of the first run and of the second.

    Raises
    ------
    FunnelsimError
        If the plans differ in their traffic, so that they have not met the same vehicles.
    """
    runs = dict(zip(names, (first, second), strict=True))
    scenarios = {name: run.scenario for name, run in runs.items()}
    refuse_other_traffic(scenarios, {name: run.plan.road.demand for name, run in runs.items()}, UNPAIRED)
    least = min(len(run.replications) for run in runs.values())
    values = {name: _values_of_run(run, least, measures) for name, run in runs.items()}
    for other, of_each in (others or {}).items():
        for name, its_values in zip(names, of_each, strict=True):
            values[name][other] = its_values[:least]
    means = {name: {key: float(np.nanmean(each)) for key, each in of.items()} for name, of in values.items()}
    return differences(values, means, [names], paired=True, smallest=SMALLEST)


def _values_of_run(run: Run, replications: int, measures: Sequence[str]) -> dict[str, FloatArray]:
    classes = run.plan.classes
    behind = dict.fromkeys(name for measure in measures for name in columns_behind(measure, classes))
    columns = {name: run.replications[name].to_numpy()[:replications] for name in behind}
    return {measure: pseudo_values(columns, measure, classes) for measure in measures}


def _columns(table: pl.DataFrame, plan: str) -> dict[str, FloatArray]:
    """Return by measure the values of a plan's replications."""
    mine = table.filter(pl.col("plan") == plan).drop("plan", "replication")
    return {measure: mine[measure].to_numpy() for measure in mine.columns}


def _simulated(
    plans: Mapping[str, Plan],
    seed: int,
    replications: int,
    jobs: int,
    progress: Callable[[int], None] | None,
    engine: Engine,
    *,
    paired: bool,
) -> pl.DataFrame:
    """Simulate the plans; if unpaired, no two plans share a replication."""
    shift, together = 0 if paired else replications, REPLICATIONS_PER_TASK[engine]
    tasks = (
        (simulate_block, name, [plan], seed, range(first, min(first + together, last)), engine)
        for begin in range(0, replications, together)
        for place, (name, plan) in enumerate(plans.items())
        for first, last in [(place * shift + begin, place * shift + replications)]
    )
    tables: dict[str, list[pl.DataFrame]] = {name: [] for name in plans}
    finished = 0
    with workers(jobs, engine) as executor:
        for name, table in as_finished(executor, lambda: next(tasks, None), max_pending(executor, jobs)):
            tables[name].append(table)
            finished += len(table)
            if progress is not None:
                progress(finished)
    return pl.concat(
        [
            pl.concat(tables[name]).sort("replication").select(pl.lit(name).alias("plan"), pl.exclude("place"))
            for name in plans
        ],
        how="diagonal",
    )
