"""The folder that keeps how a plan stands bad days: tables, and what they were made with."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.bad_days.stress import Stress
from funnelsim.decision.paired_simulations import LIMIT_KEPT
from funnelsim.decision.words_file import write_words
from funnelsim.experiments.differences import Difference
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.results import kept_scenarios
from funnelsim.experiments.tables import write_csv

KIND: Final = "table of bad days"
DAYS: Final = "bad_days.csv"
LEVERS: Final = "levers.csv"
TRIALS: Final = "trials.csv"
WORDS: Final = "stress.json"
SHARE: Final = "0 to 1"
ORDINARY: Final = "ordinary day"


def save_stress(
    stress: Stress, folder: Path, words: Sequence[Mapping[str, Any]], command: Sequence[str] | None = None
) -> None:
    """Write how a plan stands bad days into an existing folder; the manifest comes last.

    Levers and their trials are there if a bad day breaks a limit.

    Parameters
    ----------
    stress, folder
        What was found, and where to.
    words
        What was said of it, as data, for `funnelsim report --with`.
    command
        As it was typed.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    demand = stress.plan.road.demand
    scenarios, copies = kept_scenarios({ORDINARY: stress.scenario}, {ORDINARY: demand}, folder)
    made = {DAYS: days_table(stress), LEVERS: levers_table(stress), TRIALS: trials_table(stress)}
    tables = {name: table for name, table in made.items() if not table.is_empty()}
    for name, table in tables.items():
        write_csv(table, folder / name)
    manifest = {
        "kind": KIND,
        "scenario": scenarios[ORDINARY],
        "seed": stress.seed,
        "replications": stress.replications,
        "bad_days": {
            one.day.name: {
                "how": one.day.how,
                "changes": dict(one.changes),
                "insured_by": dict(one.insurance.lever.lever.changes)
                if one.insurance is not None and one.insurance.lever is not None and one.insurance.insures
                else None,
            }
            for one in stress.days
        },
        "impossible": {one.day.name: one.why for one in stress.impossible},
        **provenance(stress.engine, [demand], command),
    }
    write_words(words, folder / WORDS)
    write_manifest(folder, manifest, [*tables, WORDS, *copies])


def days_table(stress: Stress) -> pl.DataFrame:
    """Return a row for each bad day and measure, in the unit in which the measure is kept.

    `limits.KEY` is the share of operations that keep a limit. `mean` to `high` are of the bad day, `ordinary` to
    `ordinary_high` of the ordinary one; the intervals of all differences hold together at 95 %.
    """
    rows = []
    for one in stress.days:
        for measure, under in one.estimates.items():
            found, before = one.differences[measure], stress.estimates[measure]
            rows.append(
                {
                    "day": one.day.name,
                    "measure": measure,
                    "unit": _unit(measure, stress),
                    **_three("ordinary", before),
                    **_three("mean", under),
                    **_difference(found),
                    "broken": measure.removeprefix(LIMIT_KEPT) in one.broken if _of_limit(measure) else None,
                }
            )
    return _table(rows)


def levers_table(stress: Stress) -> pl.DataFrame:
    """Return a row for each measure and lever that may insure, the cheapest first: what it changes on ordinary days."""
    rows = [
        {
            "place": place,
            "lever": one.lever.name,
            "price_unknown": one.price_unknown,
            "measure": measure,
            "unit": _unit(measure, stress),
            **_difference(found),
        }
        for place, one in enumerate(stress.levers, start=1)
        for measure, found in one.differences.items()
    ]
    return _table(rows)


def trials_table(stress: Stress) -> pl.DataFrame:
    """Return a row for each bad day that breaks a limit, lever and limit: in which share of operations it is kept."""
    return _table(list(_trials(stress)))


def _trials(stress: Stress) -> Iterator[dict[str, Any]]:
    for one in stress.uninsured:
        if one.insurance is None:
            continue
        for trial in one.insurance.trials:
            for check in trial.checks:
                yield {
                    "day": one.day.name,
                    "lever": trial.name,
                    "limit": f"{LIMIT_KEPT}{check.key}",
                    **_three("kept_in", check.kept_in),
                    "n": check.kept_in.n,
                    "confirmed": trial.confirmed,
                    "insures": trial.insures,
                }


def _three(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "difference": found.estimate.mean,
        "low": found.estimate.low,
        "high": found.estimate.high,
        "n": found.estimate.n,
        "seen": found.seen,
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))


def _of_limit(measure: str) -> bool:
    return measure.startswith(LIMIT_KEPT)


def _unit(measure: str, stress: Stress) -> str:
    if _of_limit(measure):
        return SHARE
    kept = measure_named(measure).unit.kept
    return stress.scenario.currency if kept == "currency" else kept
