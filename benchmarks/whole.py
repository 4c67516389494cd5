"""Whole runs of the motorway scenario: threads 1 and 2, a sweep, and the README's command from the shell."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from timing import in_turn

import funnelsim
from funnelsim.scenario import load_scenario

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
COMMAND = ("run", str(MOTORWAY), "--replications", "200")
OFFICERS, RATE = "staffing.roster.border police.count", "selection.rate.default"
WHOLE_SWEEP = (1000, 200)  # points, replications
CORES = 2


def threads(rounds, replications):
    """Return the seconds of a run with one thread and with two."""
    scenario = load_scenario(MOTORWAY)
    seconds = in_turn(
        {
            jobs: lambda _, jobs=jobs: funnelsim.run(scenario, replications=replications, jobs=jobs)
            for jobs in (1, CORES)
        },
        rounds,
    )
    return {
        "replications": replications,
        "seconds": {str(jobs): one for jobs, one in seconds.items()},
        "ratio": seconds[1] / seconds[CORES],
    }


def sweep(points, replications):
    """Return the seconds of a part of the sweep, and of the whole if all of it costs as much a replication."""
    across = points // 10
    vary = {OFFICERS: [5 + number for number in range(10)], RATE: [0.02 + 0.28 * k / across for k in range(across)]}
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        done = funnelsim.sweep(
            load_scenario(MOTORWAY), vary, replications=replications, jobs=CORES, folder=Path(folder) / "sweep"
        )
        seconds = perf_counter() - start
    if not done.complete or len(done.points) != points:
        raise ValueError("the sweep is not complete")
    of = WHOLE_SWEEP[0] * WHOLE_SWEEP[1] / (points * replications)
    return {
        "points": points,
        "replications": replications,
        "jobs": CORES,
        "seconds": seconds,
        "part": 1 / of,
        "whole_s": seconds * of,
    }


def shell(rounds):
    """Return the seconds from the shell prompt to the figures, and the simulation's part, medians."""
    command = [Path(sys.executable).with_name("funnelsim"), *COMMAND]
    walls, simulated = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(-1, rounds):  # the first compiles, where nothing is cached, and does not count
            out = Path(folder) / str(number)
            start = perf_counter()
            subprocess.run([*command, "--out", out], check=True, capture_output=True)  # noqa: S603
            if number >= 0:
                walls.append(perf_counter() - start)
                simulated.append(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["wall_s"])
    return {
        "command": " ".join(["funnelsim", "run", "scenarios/" + MOTORWAY.name, *COMMAND[2:]]),
        "wall_s": statistics.median(walls),
        "simulation_s": statistics.median(simulated),
    }


if __name__ == "__main__":
    print(shell(3))
    print(threads(3, 100))
    print(sweep(20, 50))
