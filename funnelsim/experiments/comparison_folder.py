"""The results folder of a comparison: its files, and how they are read again."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

import funnelsim
from funnelsim.experiments.compare import Comparison, comparison_of
from funnelsim.experiments.inputs import roads_of
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.results import kept_scenarios
from funnelsim.experiments.tables import read_table, write_csv, write_table
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario

KIND = "comparison"
TABLE = "replications.parquet"
DIFFERENCES = "differences.csv"


def default_comparison_folder(comparison_of: list[str], replications: int, seed: int) -> Path:
    """Return `results/compare/<id>` in the current folder, named by a hash of the plans, replications and seed."""
    key = content_key(*comparison_of, str(replications), str(seed), funnelsim.__version__)
    return Path("results") / "compare" / f"n{replications}-seed{seed}-{key[:8]}"


def save_comparison(
    comparison: Comparison,
    folder: Path,
    save_figures: Callable[[Comparison, Path], list[Path]],
    command: Sequence[str] | None = None,
    also: Sequence[str] = (),
) -> None:
    """Write a comparison into an existing folder; the manifest comes last.

    Parameters
    ----------
    comparison, folder
        The comparison and the folder.
    save_figures
        Writes its figures into the folder and returns their files.
    command
        The command that was run.
    also
        Names of other files in the folder that are read again.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    demands = {name: plan.road.demand for name, plan in comparison.plans.items()}
    scenarios, copies = kept_scenarios(comparison.scenarios, demands, folder)
    write_table(comparison.replications, folder / TABLE)
    write_csv(differences_table(comparison), folder / DIFFERENCES)
    figures = save_figures(comparison, folder)
    manifest = {
        "kind": KIND,
        "scenarios": scenarios,
        "seed": comparison.seed,
        "paired": comparison.paired,
        "pairs": comparison.pairs,
        "measures": list(dict.fromkeys(found.measure for found in comparison.differences)),
        "smallest_difference": comparison.differences[0].smallest,
        "replications": comparison.replications.height // len(comparison.scenarios),
        "figures": [path.name for path in figures],
        **provenance(comparison.engine, demands.values(), command),
    }
    write_manifest(folder, manifest, [TABLE, DIFFERENCES, *also, *copies])


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


def load_comparison(folder: Path, manifest: Mapping[str, Any]) -> Comparison:
    """Read a comparison from a folder whose manifest is read and checked.

    Raises
    ------
    ResultsError
        If the table cannot be read.
    """
    scenarios = {}
    for name, data in manifest["scenarios"].items():
        for road in roads_of(data):
            if "file" in road["counts"]:  # recorded passages, kept beside the manifest
                road["counts"]["file"] = str(folder / road["counts"]["file"])
        scenarios[name] = Scenario.model_validate(data)
    return comparison_of(
        scenarios,
        {name: plan_of(scenario) for name, scenario in scenarios.items()},
        read_table(folder / TABLE),
        manifest["seed"],
        manifest["measures"],
        pairs=manifest["pairs"],
        paired=manifest["paired"],
        smallest=manifest["smallest_difference"],
        engine=manifest["engine"],
    )
