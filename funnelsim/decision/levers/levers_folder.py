"""The folder that keeps what levers do: a table of differences, and what they were made with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from funnelsim.analysis.catalogue import measure_named
from funnelsim.decision.levers.levers import AS_PLANNED, Levers
from funnelsim.decision.paired_simulations import LIMIT_KEPT
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.results import kept_scenarios
from funnelsim.experiments.tables import write_csv

KIND: Final = "table of levers"
TABLE: Final = "levers.csv"
SHARE: Final = "0 to 1"


def save_levers(levers: Levers, folder: Path, command: Sequence[str] | None = None) -> None:
    """Write what levers do into an existing folder; the manifest, with the scenario as planned, comes last.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    comparison = levers.comparison
    demand = comparison.plans[AS_PLANNED].road.demand
    planned = {AS_PLANNED: comparison.scenarios[AS_PLANNED]}
    scenarios, copies = kept_scenarios(planned, {AS_PLANNED: demand}, folder)
    write_csv(levers_table(levers), folder / TABLE)
    manifest = {
        "kind": KIND,
        "scenario": scenarios[AS_PLANNED],
        "seed": comparison.seed,
        "retuned": levers.retuned,
        "replications": comparison.replications.height // len(comparison.scenarios),
        **provenance(comparison.engine, [demand], command),
    }
    write_manifest(folder, manifest, [TABLE, *copies])


def levers_table(levers: Levers) -> pl.DataFrame:
    """Return a row for each plan and measure, in the unit in which the measure is kept.

    `limits.KEY` is the share of operations that keep a limit. All intervals from `low` to `high` hold together at 95 %;
    they are null where too few operations differ.
    """
    rows = []
    for plan, by_measure in levers.differences.items():
        lever = levers.plans.tried.get(plan)
        for measure, found in by_measure.items():
            rows.append(
                {
                    "plan": plan,
                    "choice": None if lever is None else lever.choice,
                    "to": None if lever is None else lever.to,
                    "compared_with": found.first,
                    "measure": measure,
                    "unit": _unit(measure, levers),
                    "mean_compared_with": found.of,
                    "difference": found.estimate.mean,
                    "low": found.estimate.low,
                    "high": found.estimate.high,
                    "n": found.estimate.n,
                    "seen": found.seen,
                    "no_effect": plan in levers.without_effect,
                }
            )
    words = dict.fromkeys(("choice", "to"), pl.String)
    return pl.DataFrame(rows, schema_overrides=words, infer_schema_length=None).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def _unit(measure: str, levers: Levers) -> str:
    if measure.startswith(LIMIT_KEPT):
        return SHARE
    kept = measure_named(measure).unit.kept
    return levers.comparison.scenarios[AS_PLANNED].currency if kept == "currency" else kept
