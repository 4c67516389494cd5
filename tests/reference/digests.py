"""Digests of what the shipped scenarios give: every column of a log, of the tables of a run and of a sweep.

Run as a script, it writes `digests.json` again. Do that only for a deliberate change of the model, in a commit of its
own that says why the numbers change.
"""

import hashlib
import json
from dataclasses import fields
from pathlib import Path

import numpy as np

import funnelsim
from funnelsim.experiments.replication import log_of
from funnelsim.model.log import Log
from funnelsim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILE = Path(__file__).parent / "digests.json"
SEED, REPLICATIONS = 20, 4
SWEPT = "weigh_station"
SWEEP = {"selection.rate.default": [0.0, 0.4], "area.bays": [1, 3]}


def digest(values):
    """Return a digest of an array of numbers or texts, to the last bit."""
    array = np.asarray(values)
    content = json.dumps(array.tolist()).encode() if array.dtype == object else np.ascontiguousarray(array).tobytes()
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def rounded(values):
    """Round numbers to ten digits: the last bits of sums depend on the width of a processor's vectors.

    Logs and measures do not: their digests are of every bit.
    """
    array = np.asarray(values)
    return np.array([float(f"{value:.10g}") for value in array]) if array.dtype == np.float64 else array


def digests_of(name):
    """Return the digests of a shipped scenario by table and column."""
    scenario = load_scenario(SCENARIOS / f"{name}.toml")
    run = funnelsim.run(scenario, replications=REPLICATIONS, seed=SEED)
    tables = {"replications": run.replications, "series": run.series, "delays": run.delays}
    if name == SWEPT:
        tables["sweep"] = funnelsim.sweep(scenario, SWEEP, replications=REPLICATIONS, seed=SEED).points
    found = {
        table: {column: digest(frame[column].to_numpy()) for column in frame.columns} for table, frame in tables.items()
    }
    if name == SWEPT:
        points = tables["sweep"]
        found["sweep"] = {column: digest(rounded(points[column].to_numpy())) for column in points.columns}
    found["summary"] = {
        measure: digest(rounded([estimate.mean, estimate.low, estimate.high, float(estimate.n)]))
        for measure, estimate in run.estimates.items()
    }
    for replication in range(2):
        log = log_of(run.plan, SEED, replication)
        columns = {field.name: getattr(log, field.name) for field in fields(Log) if field.name != "traffic"}
        columns |= {f"traffic.{field.name}": getattr(log.traffic, field.name) for field in fields(log.traffic)}
        found[f"log {replication}"] = {column: digest(values) for column, values in columns.items()}
    return found


def shipped():
    """Return the names of the shipped scenarios."""
    return sorted(path.stem for path in SCENARIOS.glob("*.toml"))


if __name__ == "__main__":
    FILE.write_text(json.dumps({name: digests_of(name) for name in shipped()}, indent=1) + "\n", encoding="utf-8")
