"""The folder that keeps when and where to stand: a table of windows, and what it was made with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from funnelsim.decision.windows.when import GOALS, When
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.inputs import digests_of, files_of, keep, kept_at, reading
from funnelsim.experiments.manifest import counts_digest, provenance, write_manifest
from funnelsim.experiments.tables import write_csv
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from

KIND: Final = "table of windows"
WINDOWS: Final = "windows.csv"


def save_when(made: When, folder: Path, command: Sequence[str] | None = None) -> None:
    """Write the windows into an existing folder; the manifest, with the scenario of each site, comes last.

    A scenario stays as it is, as no window has the demand of all; the count files that it reads are copied.

    Raises
    ------
    ResultsError
        If a file cannot be written, or changed since it was read.
    """
    copies = _kept_counts(made, folder)
    write_csv(windows_table(made), folder / WINDOWS)
    plain = {site: one.model_dump(mode="json", by_alias=True) for site, one in made.sites.items()}
    manifest = {
        "kind": KIND,
        "sites": {site: reading(data, copies) for site, data in plain.items()},
        "seed": made.seed,
        "replications": made.replications,
        "stages": [{"windows": windows, "operations": operations} for windows, operations in made.stages],
        "changes": {name: dict(made.candidates.possible[name].changes) for name in made.windows},
        "not_offered": {f"{one.site}, {one.hours}": one.why for one in made.candidates.refused},
        **provenance(made.engine, [one.candidate.plan.road.demand for one in made.windows.values()], command),
    }
    write_manifest(folder, manifest, [WINDOWS, *dict.fromkeys(copies.values())])


def _kept_counts(made: When, folder: Path) -> dict[str, str]:
    """Copy the count files of all sites into the folder; return by file its copy."""
    copies = kept_at(digests_of(file for scenario in made.sites.values() for file in files_of(scenario)))
    keep(copies, folder)
    here = {file: str(folder / copy) for file, copy in copies.items()}
    for one in made.windows.values() if copies else ():
        site = one.candidate.site
        data = reading(made.sites[site].model_dump(mode="json", by_alias=True, exclude_none=True), here)
        again = scenario_from(data, where=site, overrides=one.candidate.changes)
        if counts_digest([demand_of(again)]) != counts_digest([one.candidate.plan.road.demand]):
            message = "changed while it was simulated; allowed: files that stay as they are, so run it again"
            raise ResultsError([Problem(", ".join(copies), message)])
    return copies


def windows_table(made: When) -> pl.DataFrame:
    """Return a row for each window that was simulated to the end, in the units in which measures are kept.

    Costs stand in the `currency` of the site.

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
            "currency": made.sites[one.candidate.site].currency,
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
