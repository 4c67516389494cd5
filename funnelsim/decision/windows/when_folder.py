"""The folder that keeps when and where to stand: a table of windows, and what it was made with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from funnelsim.decision.windows.when import GOALS, When
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.results import resolved
from funnelsim.experiments.tables import write_csv

KIND: Final = "table of windows"
WINDOWS: Final = "windows.csv"


def save_when(made: When, folder: Path, command: Sequence[str] | None = None) -> None:
    """Write the windows into an existing folder; the manifest, with the scenario of each site, comes last.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    write_csv(windows_table(made), folder / WINDOWS)
    demands = {
        site: next(one.plan.road.demand for one in made.candidates.possible.values() if one.site == site)
        for site in made.sites
        if any(one.site == site for one in made.candidates.possible.values())
    }
    manifest = {
        "kind": KIND,
        "sites": {site: resolved(made.sites[site], demand) for site, demand in demands.items()},
        "seed": made.seed,
        "replications": made.replications,
        "stages": [{"windows": windows, "operations": operations} for windows, operations in made.stages],
        "changes": {name: dict(made.candidates.possible[name].changes) for name in made.windows},
        "not_offered": {f"{one.site}, {one.hours}": one.why for one in made.candidates.refused},
        **provenance(made.engine, list(demands.values()), command),
    }
    write_manifest(folder, manifest, [WINDOWS])


def windows_table(made: When) -> pl.DataFrame:
    """Return a row for each window that was simulated to the end, in the units in which measures are kept.

    `limits.KEY` is the share of operations that keep a limit; `GOAL.difference` is the difference from the best window
    by that goal, null for itself and for those that do not keep the limits.
    """
    rows = []
    for name, one in made.windows.items():
        row: dict[str, Any] = {
            "site": one.candidate.site,
            "weekday": one.candidate.weekday,
            "opens": one.candidate.opens,
            "closes": one.candidate.closes,
            "hours_h": one.candidate.hours_h,
            "keeps_limits": one.kept,
        }
        estimates = dict(one.estimates) | {f"limits.{check.key}": check.kept_in for check in one.checks}
        for measure, found in estimates.items():
            row |= {f"{measure}.{part}": getattr(found, part) for part in ("mean", "low", "high")}
        apart = {answer.goal: answer.differences.get(name) for answer in made.answers}
        for goal in GOALS:
            other = apart.get(goal)
            for part in ("mean", "low", "high"):
                row[f"{goal}.difference.{part}"] = None if other is None else getattr(other.estimate, part)
            row[f"{goal}.told_apart"] = None if other is None else other.seen
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))
