"""How long `funnelsim sensitivity` takes for two plans of the motorway with 12 uncertain inputs, as a command."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl
from timing import machine

from funnelsim.scenario.toml_text import value_text

ROOT = Path(__file__).parents[1]
PLANS = ("scenarios/motorway_early_shift.toml", "results/plans/motorway_early_shift/best_plan.toml")
UNCERTAIN = {
    **{f"targets.{place}.per_10k": {"factor": 3.0} for place in range(3)},
    **{f"targets.{place}.cue_auc": {"factor": 2.5} for place in range(3)},
    "area.stages.CO2 probe.alarms": {"factor": 3.0},
    "area.stages.dog.alarms": {"factor": 3.0},
    "area.stages.full search.finds": {"factor": 3.0},
    "area.stages.documents.duration.mean_s": {"triangular": [60.0, 90.0, 150.0]},
    "traffic.scale": {"low_mid_high": [0.19, 0.21, 0.24]},
    "lane.capacity_vph": {"factor": 1.15},
}
ROUNDS = 5
LIMIT_S = 60.0


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    seconds, loads, indices = [], [], None
    for number in range(rounds + 1):  # the first one compiles
        with TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            command = [sys.executable, "-m", "funnelsim.cli", "sensitivity", *PLANS, "--jobs", "2", "--out", str(out)]
            command += ["--set", f"uncertain={value_text(UNCERTAIN)}"]
            loads.append(os.getloadavg()[0])
            begun = perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
            if number:
                seconds.append(perf_counter() - begun)
            indices = pl.read_csv(out / "indices.csv")
    columns = [f"{name}{end}" for name in ("first", "total") for end in ("", "_low", "_high")]
    print(
        json.dumps(
            {
                "inputs": len(UNCERTAIN),
                "median_s": statistics.median(seconds),
                "seconds": [round(one, 1) for one in seconds],
                "within_limit": statistics.median(seconds) < LIMIT_S,
                "load_before": [round(one, 1) for one in loads[1:]],
                "indices": indices.height,
                "with_interval": int(indices.select(columns).drop_nulls().height),
                "machine": machine(),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
