"""The results folder of a run: its files and their contents."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import funnelsim
from funnelsim.analysis.estimates import Estimate
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import cannot_write, folder_of_scenario, write_json
from funnelsim.experiments.inputs import digests_of, files_of, keep, kept_at, reading, roads_of
from funnelsim.experiments.manifest import counts_digest, provenance, write_manifest
from funnelsim.experiments.precision import Precision
from funnelsim.experiments.run import Run
from funnelsim.experiments.selection_record import selection_record
from funnelsim.experiments.suspension_record import suspension_record
from funnelsim.experiments.tables import write_csv, write_table
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate, Gate
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_MIN, MINUTE_S

MOST_INTERVALS = 192  # of counts in a scenario
TABLES = ("replications.parquet", "series.parquet", "delays.parquet", "vehicles.parquet")
TEXTS = ("funnel", "class", "target", "gate", "fate", "found_at")  # columns of the table of vehicles


def resolved(scenario: Scenario, demand: Demand) -> dict[str, Any]:
    """Return a scenario as plain data that needs no other file: every default and all counts are filled in.

    Recorded passages (`arrivals = "trace"`) are not filled in: the name of their file stays, without its folder.

    Parameters
    ----------
    scenario
        The scenario of a run.
    demand
        Its demand.
    """
    data = scenario.model_dump(mode="json", by_alias=True)
    _fill_in(data["traffic"], demand)
    for funnel, its_demand in zip(data["funnels"], demand.other_funnels, strict=True):
        _fill_in(funnel["traffic"], its_demand)
    return data


def _fill_in(traffic: dict[str, Any], demand: Demand) -> None:
    """Replace the counts of a road by the resulting numbers of vehicles."""
    if traffic["arrivals"] == "trace":
        traffic["counts"]["file"] = Path(traffic["counts"]["file"]).name
        return
    minutes = round(float(demand.ends_s[0] - demand.starts_s[0]) / MINUTE_S)
    rows: dict[int, list[float]] = {}
    for start_s, row in zip(demand.starts_s.tolist(), demand.vehicles.tolist(), strict=True):
        start_min = round(start_s / MINUTE_S)
        # Times beyond the days that a scenario can list have the counts of the same time on the first day: they repeat.
        rows[start_min if 0 <= start_min < MOST_INTERVALS * minutes else start_min % DAY_MIN] = row
    no_vehicles = [0.0] * len(demand.classes)  # in intervals in which nothing is simulated
    filled = [rows.get(start_min, no_vehicles) for start_min in range(min(rows), max(rows) + minutes, minutes)]
    by_class = zip(*filled, strict=True)
    traffic |= {
        "counts": {
            "from": clock_of(min(rows) * MINUTE_S),
            "minutes": minutes,
            "vehicles": {name: list(column) for name, column in zip(demand.classes, by_class, strict=True)},
            "source": demand.source or None,
        },
        "scale": 1.0,
        "split": {},
    }


def run_id(
    scenario: Scenario, demand: Demand, replications: int, seed: int, precision: Sequence[Precision] = ()
) -> str:
    """Return the name of a run: replications, seed and a hash of the resolved scenario and the version of funnelsim.

    Runs with the same results have the same name: the same scenario, seed, number of replications and precision.
    """
    text = json.dumps(resolved(scenario, demand), sort_keys=True) + funnelsim.__version__
    text += "".join(map(repr, precision))
    if any(road.passages for road in (demand, *demand.other_funnels)):
        text += counts_digest([demand])
    return f"n{replications}-seed{seed}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"


def default_folder(
    scenario_file: Path,
    scenario: Scenario,
    demand: Demand,
    replications: int,
    seed: int,
    precision: Sequence[Precision] = (),
) -> Path:
    """Return `results/<scenario>/<run id>` in the current folder."""
    return folder_of_scenario(scenario_file) / run_id(scenario, demand, replications, seed, precision)


def save_run(
    run: Run,
    folder: Path,
    wall_s: float,
    save_figures: Callable[[Run, Path], list[Path]],
    command: Sequence[str] | None = None,
) -> None:
    """Write a run into its folder; the manifest comes last, so that a folder with a manifest is complete.

    Parameters
    ----------
    run
        The run.
    folder
        An existing folder.
    wall_s
        Wall-clock time of the run; it is written to the manifest only.
    save_figures
        Writes the figures of a run into a folder.
    command
        The command and its arguments, for the manifest.

    Raises
    ------
    ResultsError
        If a file cannot be written, or recorded passages changed while they were simulated.
    """
    copies = kept_passages(run.scenario, run.plan.road.demand, folder)
    write_table(run.replications, folder / "replications.parquet")
    write_table(run.series, folder / "series.parquet")
    write_table(run.delays, folder / "delays.parquet")
    first = run.first_log()
    write_table(vehicles_table(first, run.plan), folder / "vehicles.parquet")
    write_csv(suspension_record(first, run.plan), folder / "suspensions.csv")
    write_csv(selection_record(first, run.plan), folder / "selection.csv")
    write_json(summary(run), folder / "summary.json")
    try:
        figures = save_figures(run, folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    said = manifest(run, wall_s, command) | {"figures": [path.name for path in figures]}
    said["scenario"] = naming_copies(said["scenario"], run.scenario, copies)
    write_manifest(folder, said, [*TABLES, *dict.fromkeys(copies.values())])


def kept_passages(scenario: Scenario, demand: Demand, folder: Path) -> dict[str, str]:
    """Copy the files of recorded passages, which no manifest holds, into the folder; return by file its copy.

    Raises
    ------
    ResultsError
        If one cannot be written, or changed since it was read.
    """
    traces = [side for side in scenario.per_funnel if side.traffic.arrivals == "trace"]
    copies = kept_at(digests_of(file for side in traces for file in files_of(side)))
    keep(copies, folder)
    if copies:
        here = {file: str(folder / copy) for file, copy in copies.items()}
        again = Scenario.model_validate(reading(scenario.model_dump(mode="json", by_alias=True), here))
        if counts_digest([demand_of(again)]) != counts_digest([demand]):
            message = "changed while it was simulated; allowed: files that stay as they are, so run it again"
            raise ResultsError([Problem(", ".join(copies), message)])
    return copies


def kept_scenarios(
    scenarios: Mapping[str, Scenario], demands: Mapping[str, Demand], folder: Path
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Copy the recorded passages of scenarios into the folder of a result.

    Returns
    -------
    tuple
        By name each scenario, resolved, as plain data that names the copies; and the files of the copies.

    Raises
    ------
    ResultsError
        As of `kept_passages`.
    """
    copies: dict[str, str] = {}
    for name, scenario in scenarios.items():
        copies |= kept_passages(scenario, demands[name], folder)
    kept = {
        name: naming_copies(resolved(scenario, demands[name]), scenario, copies) for name, scenario in scenarios.items()
    }
    return kept, list(dict.fromkeys(copies.values()))


def naming_copies(data: Mapping[str, Any], scenario: Scenario, copies: Mapping[str, str]) -> dict[str, Any]:
    """Return a resolved scenario as plain data that names the copies of its recorded passages, given by file."""
    changed = deepcopy(dict(data))
    for road, side in zip(roads_of(changed), scenario.per_funnel, strict=True):
        if "file" in road["counts"]:
            road["counts"]["file"] = copies[files_of(side)[0]]
    return changed


def summary(run: Run) -> dict[str, Any]:
    """Return the estimates of all measures and limits; not a number becomes null, with the reason in `why`."""
    return {
        "measures": {name: _plain(estimate) for name, estimate in run.estimates.items()},
        "limits": {
            held.key: {
                "measure": held.measure,
                "value": held.value,
                "kept_in": _plain(held.kept_in),
                "in_share_of_operations": held.wanted,
                "verdict": held.verdict,
            }
            for held in run.limits()
        },
    }


def _plain(estimate: Estimate) -> dict[str, float | int | str | None]:
    def number(value: float) -> float | None:
        return value if math.isfinite(value) else None

    plain: dict[str, float | int | str | None] = {
        name: number(getattr(estimate, name)) for name in ("mean", "low", "high")
    }
    why = {"why": _why_null(estimate)} if None in plain.values() else {}
    return plain | {"n": estimate.n} | why


def _why_null(estimate: Estimate) -> str:
    if not math.isfinite(estimate.mean):
        return "no operation has this measure"
    if estimate.n == 1:
        return "one operation has this measure, which says nothing about scatter"
    return "too few operations differ for an honest interval"


def manifest(run: Run, wall_s: float, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what is needed to repeat a run, and what it ran with."""
    return {
        "scenario": resolved(run.scenario, run.plan.road.demand),
        "seed": run.seed,
        "replications": len(run.replications),
        "precision": [{"measure": goal.measure, "share": goal.share} for goal in run.wanted],
        "complete": run.complete,
        **provenance(run.engine, [run.plan.road.demand], command),
        "wall_s": round(wall_s, 3),
    }


def vehicles_table(log: Log, plan: Plan) -> pl.DataFrame:
    """Return a log as a table with a row for each vehicle; times of events that did not happen are null."""
    traffic = log.traffic
    kinds = ("ordinary", *plan.targets)
    stages = (*plan.inspection.names, None)  # index -1: not found
    directions = [funnel.direction for funnel in plan.funnels]
    cue = np.array([funnel.selection.cue for funnel in plan.funnels])[traffic.funnel, traffic.target]

    def moment(values: np.ndarray[Any, np.dtype[np.float64]]) -> pl.Series:
        return pl.Series(values, nan_to_null=True).replace(np.inf, None)

    columns = {
        "vehicle": traffic.number,
        "funnel": [directions[k] for k in traffic.funnel.tolist()],
        "class": [plan.classes[k] for k in traffic.vehicle_class.tolist()],
        "target": [kinds[k] for k in traffic.target.tolist()],
        "occupants": traffic.occupants,
        "free_s": traffic.free_s,
        "arrival_s": log.arrival_s,
        "baseline_s": log.baseline_s,
        "queue_seen": log.queue_seen,
        "chase_ready": log.chase_ready,
        "passed_s": moment(log.passed_s),
        "joined_s": moment(log.joined_s),
        "tail_m": log.tail_m,
        "gate": [Gate(k).name.lower() for k in log.gate.tolist()],
        "quality": log.quality,
        "score": traffic.impression + cue * log.quality,
        "threshold": log.threshold,
        "accepted": log.accepted,
        "fate": [Fate(k).name.lower() for k in log.fate.tolist()],
        "found_at": [stages[k] for k in log.found_at.tolist()],
        "area_s": moment(log.area_s),
        "bay_from_s": moment(log.bay_from_s),
        "bay_to_s": moment(log.bay_to_s),
        "left_s": moment(log.left_s),
    }
    # No table changes its types with chance, as where all cells of a column are null.
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(TEXTS, pl.String))
