"""Measure what one replication costs, and what 200 of them cost on all cores.

Run by `make bench`. Prints medians; times on a shared machine are noisy, so quote the medians and the machine.
"""

import os
import platform
import resource
import statistics
import time
from pathlib import Path

from funnelsim.experiments.replication import log_of, replicate
from funnelsim.experiments.run import run
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ROUNDS = 15


def median_s(action):
    times = []
    for round_number in range(ROUNDS):
        start = time.perf_counter()
        action(round_number)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for file in sorted(SCENARIOS.glob("*.toml")):
        scenario = load_scenario(file)
        plan = plan_of(scenario)
        vehicles = len(log_of(plan, 1, 0).traffic)  # also compiles
        traffic_s = median_s(lambda r, plan=plan: draw_traffic(plan.road, 1, r))
        log_s = median_s(lambda r, plan=plan: log_of(plan, 1, r))
        whole_s = median_s(lambda r, plan=plan: replicate(plan, 1, [r]))
        print(
            f"{file.stem}: {vehicles:,} vehicles; traffic {traffic_s * 1e3:.1f} ms, with simulation "
            f"{log_s * 1e3:.1f} ms, with measures {whole_s * 1e3:.1f} ms; {vehicles / log_s:,.0f} vehicles/s"
        )
    start = time.perf_counter()
    run(load_scenario(SCENARIOS / "motorway_early_shift.toml"), replications=200, jobs=os.cpu_count() or 1)
    memory_mib = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"200 replications of the motorway scenario: {time.perf_counter() - start:.1f} s, "
        f"at most {memory_mib / 1024:,.0f} MiB in the largest processes together"
    )


if __name__ == "__main__":
    main()
