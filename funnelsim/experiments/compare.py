"""Compare plans: paired differences replication by replication, with intervals that hold all at once."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

import funnelsim
from funnelsim.analysis.catalogue import CATALOGUE, check_measures
from funnelsim.analysis.estimates import Estimate, estimate, pseudo_values
from funnelsim.analysis.intervals import CONFIDENCE, NONE, difference_interval, unpaired_interval
from funnelsim.arrays import FloatArray
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.arguments import check_arguments, not_one_of, not_scenarios, wrong_numbers
from funnelsim.experiments.executor import as_finished, max_pending, workers
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.replication import Engine, simulate_block
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.results import resolved
from funnelsim.experiments.run import REPLICATIONS_PER_TASK
from funnelsim.experiments.tables import write_csv, write_table
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import counted

MEASURES = ("expected_detections", "delay_p95_s", "tail_max_m", "stops_per_detection", "officer_h")
TABLE = "replications.parquet"


@dataclass(frozen=True)
class Difference:
    """How one plan differs from another in one measure.

    Attributes
    ----------
    measure
        Its name.
    first, second
        Names of the plans; the difference is second minus first.
    estimate
        The mean difference; all intervals of a comparison hold together at 95 %.
    to_settle
        About how many replications would settle the sign of a difference that is not seen yet; None where it is seen,
        or where the plans do not differ at all.
    always
        Whether all operations differ in the same direction, and so many that chance would not do it (sign test). It
        shows the sign where too few operations differ from the others for an interval.
    """

    measure: str
    first: str
    second: str
    estimate: Estimate
    to_settle: int | None
    always: bool = False

    @property
    def seen(self) -> bool:
        """Whether the interval, or the same sign in all operations, leaves no doubt about the sign."""
        return self.always or self.estimate.low > 0.0 or self.estimate.high < 0.0


@dataclass(frozen=True, eq=False)
class Comparison:
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
    """

    scenarios: dict[str, Scenario]
    seed: int
    paired: bool
    replications: pl.DataFrame
    estimates: dict[str, dict[str, Estimate]]
    differences: tuple[Difference, ...]
    plans: dict[str, Plan]
    engine: Engine = "compiled"


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
    pairs: Literal["first", "all"] = "first",
    measures: Sequence[str] = MEASURES,
    *,
    paired: bool = True,
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
        *not_scenarios(scenarios.items()),
        *wrong_numbers(replications, seed, jobs, engine, least=0),
        not_one_of("pairs", pairs, ("first", "all")),
    )
    names = list(scenarios)
    if len(names) < 2 or replications < 2:  # noqa: PLR2004  (a pair)
        given = f"{counted(len(names), 'plan')} and {counted(replications, 'operation')}"
        message = f"{given} given; allowed: at least two of each"
        raise FunnelsimError(message)
    check_measures((name.partition(".")[0] for name in measures), (known.name for known in CATALOGUE))
    if paired:
        _refuse_other_traffic(scenarios)
    plans = dict(plans) if plans is not None else {name: plan_of(scenario) for name, scenario in scenarios.items()}
    table = _simulated(plans, seed, replications, jobs, progress, engine, paired=paired)
    columns = {name: _columns(table, name) for name in names}
    check_measures(measures, columns[names[0]])
    values = {
        name: {measure: pseudo_values(columns[name], measure, plans[name].classes) for measure in measures}
        for name in names
    }
    couples = list(itertools.combinations(names, 2)) if pairs == "all" else [(names[0], name) for name in names[1:]]
    return Comparison(
        scenarios=dict(scenarios),
        seed=seed,
        paired=paired,
        replications=table,
        estimates={name: estimate(columns[name], plans[name].classes) for name in names},
        differences=_differences(values, couples, paired=paired),
        plans=plans,
        engine=engine,
    )


def _columns(table: pl.DataFrame, plan: str) -> dict[str, FloatArray]:
    """Return by measure the values of a plan's replications."""
    mine = table.filter(pl.col("plan") == plan).drop("plan", "replication")
    return {measure: mine[measure].to_numpy() for measure in mine.columns}


def _differences(
    values: Mapping[str, Mapping[str, FloatArray]], couples: Sequence[tuple[str, str]], *, paired: bool
) -> tuple[Difference, ...]:
    """Return the differences of all pairs in all measures, with intervals that hold all together."""
    measures = list(next(iter(values.values())))
    confidence = 1.0 - (1.0 - CONFIDENCE) / (len(couples) * len(measures))
    return tuple(
        _difference(measure, first, second, values[first][measure], values[second][measure], confidence, paired=paired)
        for first, second in couples
        for measure in measures
    )


def _refuse_other_traffic(scenarios: Mapping[str, Scenario]) -> None:
    """Check that all plans have the same road, day and targets."""

    def road(scenario: Scenario) -> str:
        shares = {name: entry.share for name, entry in scenario.classes.items()}
        targets = [(target.name, target.per_10k) for target in scenario.targets]
        return repr((scenario.traffic, shares, targets, scenario.approach.lanes))

    names = list(scenarios)
    other = [name for name in names[1:] if road(scenarios[name]) != road(scenarios[names[0]])]
    if other:
        message = (
            f"{', '.join(other)}: the traffic is not that of {names[0]} (counts, their variation, arrivals, classes, "
            "lanes or targets differ), so they cannot meet the same vehicles; allowed: the same traffic, or --unpaired"
        )
        raise FunnelsimError(message)


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


def _difference(
    measure: str,
    first: str,
    second: str,
    first_values: FloatArray,
    second_values: FloatArray,
    confidence: float,
    *,
    paired: bool,
) -> Difference:
    if paired:
        both = np.isfinite(first_values) & np.isfinite(second_values)
        apart = second_values[both] - first_values[both]
        n, mean = len(apart), float(apart.mean()) if both.any() else math.nan
        interval = difference_interval(apart, confidence)
        always = n > 0 and 2.0 * 0.5**n <= 1.0 - confidence and bool(np.all(apart > 0.0) or np.all(apart < 0.0))
    else:
        one, two = (values[np.isfinite(values)] for values in (first_values, second_values))
        n = min(len(one), len(two))
        mean = float(two.mean() - one.mean()) if n else math.nan
        interval = unpaired_interval(one, two, confidence) if n else NONE
        always = False
    found = Estimate(mean, *interval, n)
    to_settle = None
    if found.mean != 0.0 and not found.certain and found.reaches_across(0.0) and math.isfinite(found.half_width):
        to_settle = math.ceil(n * (found.half_width / mean) ** 2)
    return Difference(measure, first, second, found, to_settle, always)


def default_comparison_folder(comparison_of: list[str], replications: int, seed: int) -> Path:
    """Return `results/compare/<id>` in the current folder, named by a hash of the plans, replications and seed."""
    key = content_key(*comparison_of, str(replications), str(seed), funnelsim.__version__)
    return Path("results") / "compare" / f"n{replications}-seed{seed}-{key[:8]}"


def save_comparison(
    comparison: Comparison,
    folder: Path,
    save_figures: Callable[[Comparison, Path], list[Path]],
    command: Sequence[str] | None = None,
) -> None:
    """Write a comparison into an existing folder; the manifest comes last.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    write_table(comparison.replications, folder / TABLE)
    write_csv(differences_table(comparison), folder / "differences.csv")
    figures = save_figures(comparison, folder)
    demands = {name: plan.road.demand for name, plan in comparison.plans.items()}
    manifest = {
        "kind": "comparison",
        "scenarios": {name: resolved(comparison.scenarios[name], demand) for name, demand in demands.items()},
        "seed": comparison.seed,
        "paired": comparison.paired,
        "replications": comparison.replications.height // len(comparison.scenarios),
        "figures": [path.name for path in figures],
        **provenance(comparison.engine, demands.values(), command),
    }
    write_manifest(folder, manifest, [TABLE, "differences.csv"])


def differences_table(comparison: Comparison) -> pl.DataFrame:
    """Return the differences as a table with a row each."""
    return pl.DataFrame(
        [
            {
                "measure": found.measure,
                "first": found.first,
                "second": found.second,
                "difference": found.estimate.mean,
                "low": found.estimate.low,
                "high": found.estimate.high,
                "n": found.estimate.n,
                "seen": found.seen,
                "to_settle": found.to_settle,
            }
            for found in comparison.differences
        ],
        schema_overrides={"to_settle": pl.Int64},
    )
