"""Measure what a sweep costs over the bare runs it consists of, and whether a long one slows down or fills the memory.

Run as `python benchmarks/sweep.py`. Prints the machine and medians; times on a shared machine are noisy, and so the
sweep and the bare runs take turns, and the ratio of each pair is what counts.
"""

import itertools
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from funnelsim.experiments.chunk import Effort
from funnelsim.experiments.executor import as_finished, at_once, workers
from funnelsim.experiments.points import Planner
from funnelsim.experiments.replication import log_of
from funnelsim.experiments.sweep import sweep_points
from funnelsim.experiments.vary import design_points, factors_of
from funnelsim.scenario import load_scenario, scenario_from

SCENARIO = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
JOBS = 2
ROUNDS = 5
REPLICATIONS = 20
MANY = 10_000
CHEAP = {
    "title": "an hour of light traffic",
    "operation": {"opens": "06:00", "closes": "07:00", "lead_in_min": 0, "run_out_min": 0},
    "traffic": {"counts": {"from": "00:00", "vehicles": {"total": [100] * 24}}},
    "targets": [{"name": "contraband", "per_10k": {"van": 100}}],
    "area": {"stages": [{"name": "search", "duration": {"mean_s": 200}, "finds": {"contraband": 0.8}}]},
}


def bare(plan, seed, replications):
    """Draw, simulate and measure some replications of one plan: what cannot be spared."""
    from funnelsim.analysis.measures import measure  # noqa: PLC0415  (in the worker)

    return [measure(log_of(plan, seed, replication), plan) for replication in replications]


def bare_s(plans):
    """Time the bare runs on two processes: each point alone, nothing shared, nothing kept."""
    tasks = [
        (bare, plan, 1, range(first, min(first + 8, REPLICATIONS)))
        for plan in plans
        for first in range(0, REPLICATIONS, 8)
    ]
    left = iter(tasks)
    start = time.perf_counter()
    with workers(JOBS) as executor:
        for _ in as_finished(executor, lambda: next(left, None), at_once(JOBS)):
            pass
    return time.perf_counter() - start


def sweep_s(scenario, points):
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        sweep_points(scenario, points, Effort(REPLICATIONS, 1), Path(folder), JOBS)
        return time.perf_counter() - start


def overhead(name, keys):
    scenario = load_scenario(SCENARIO)
    points = design_points(factors_of(keys))
    planner = Planner(scenario)
    plans = [planner.plan(*pair).plan for pair in enumerate(points)]
    ratios = []
    for turn in range(ROUNDS):
        # Whoever comes second may find a warmer machine: they take turns.
        pair = [lambda: bare_s(plans), lambda: sweep_s(scenario, points)]
        times = [run() for run in (pair if turn % 2 else pair[::-1])]
        bare_time, sweep_time = times if turn % 2 else times[::-1]
        ratios.append(sweep_time / bare_time)
    print(
        f"{name}: {len(points)} points of {REPLICATIONS} replications on {JOBS} processes: the sweep takes "
        f"{statistics.median(ratios):.3f} of the bare runs (from {min(ratios):.3f} to {max(ratios):.3f}, "
        f"last {sweep_time:.1f} s against {bare_time:.1f} s)"
    )


def memory_mib():
    """Return what this process holds now, where the system tells, else the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def long_sweep(number):
    scenario = scenario_from(CHEAP, where="cheap")
    points = design_points(factors_of(["selection.rate.default=0:0.5", "area.bays=1:8"]), "lhs", number, 1)
    marks = [(0, time.perf_counter(), memory_mib())]

    def told(_simulated, finished):
        if finished >= marks[-1][0] + 1000:
            marks.append((finished, time.perf_counter(), memory_mib()))

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        sweep_points(scenario, points, Effort(1, 1), Path(folder), JOBS, told=told)
        whole_s = time.perf_counter() - start
        start = time.perf_counter()
        sweep_points(scenario, points, Effort(1, 1), Path(folder), JOBS)
        again_s = time.perf_counter() - start
    rates = [(later[0] - sooner[0]) / (later[1] - sooner[1]) for sooner, later in itertools.pairwise(marks[1:])]
    print(
        f"{number:,} points of 1 replication: {whole_s:.0f} s, {rates[0]:.0f} points/s in the second thousand, "
        f"{rates[-1]:.0f} in the last; memory {marks[1][2]:.0f} MiB after the first thousand, {marks[-1][2]:.0f} MiB "
        f"after the last, at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB; "
        f"found on disk again in {again_s:.0f} s"
    )


def main():
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if "--long" not in sys.argv:
        overhead("the same traffic", ["selection.rate.van=0.02,0.05,0.1,0.2", "area.bays=4,8"])
        overhead("other traffic at each point", ["traffic.scale=0.65:1:0.05"])
    long_sweep(MANY)


if __name__ == "__main__":
    main()
