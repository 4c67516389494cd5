"""The folder of a comparison."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

import funnelsim
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.parts import content_key
from funnelsim.experiments.results import resolved, written_whole
from funnelsim.scenario.demand import demand_of


def default_folder(comparison_of: list[str], replications: int, seed: int) -> Path:
    """Return `results/compare/<id>` in the current folder, named by a hash of the plans, replications and seed."""
    key = content_key(*comparison_of, str(replications), str(seed), funnelsim.__version__)
    return Path("results") / "compare" / f"n{replications}-seed{seed}-{key[:8]}"


def save_comparison(
    comparison: Comparison, folder: Path, save_figures: Callable[[Comparison, Path], list[Path]]
) -> None:
    """Write a comparison into an existing folder; the manifest comes last.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    with written_whole(folder / "replications.parquet") as beside:
        comparison.replications.write_parquet(beside)
    with written_whole(folder / "differences.csv") as beside:
        differences_table(comparison).write_csv(beside)
    figures = save_figures(comparison, folder)
    manifest = {
        "kind": "compare",
        "scenarios": {name: resolved(scenario, demand_of(scenario)) for name, scenario in comparison.scenarios.items()},
        "seed": comparison.seed,
        "paired": comparison.paired,
        "replications": comparison.replications.height // len(comparison.scenarios),
        "funnelsim": funnelsim.__version__,
        "figures": [path.name for path in figures],
    }
    with written_whole(folder / "manifest.json") as beside:
        beside.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def differences_table(comparison: Comparison) -> pl.DataFrame:
    """Return the differences as a table with a row each."""
    return pl.DataFrame(
        [
            {
                "measure": found.measure,
                "first": found.first,
                "second": found.second,
                "difference": found.estimate.mean,
                "half_width": found.estimate.half_width,
                "n": found.estimate.n,
                "seen": found.seen,
                "to_settle": found.to_settle,
            }
            for found in comparison.differences
        ],
        schema_overrides={"to_settle": pl.Int64},
    )
