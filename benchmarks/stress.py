"""Measure how long `funnelsim stress` takes on the motorway with two threads: python benchmarks/stress.py [ROUNDS]."""

import os
import statistics
import sys
from pathlib import Path
from time import perf_counter, process_time

from timing import machine

from funnelsim.decision.bad_days.stress import stress
from funnelsim.scenario import load_scenario

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
MOST_S = 30.0


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    scenario = load_scenario(MOTORWAY)
    stress(scenario, 10, jobs=2)  # compiles
    seconds, processor_s, loads = [], [], []
    for _ in range(rounds):
        loads.append(os.getloadavg()[0])
        begun, begun_cpu = perf_counter(), process_time()
        made = stress(scenario, jobs=2)
        seconds.append(perf_counter() - begun)
        processor_s.append(process_time() - begun_cpu)
    days, breaking = len(made.days), len(made.uninsured)
    print(machine())
    print(f"{days} bad days, {breaking} break a limit, {len(made.levers)} levers may insure")
    print(f"{made.replications} operations of each day")
    print(f"median {statistics.median(seconds):.1f} s of {rounds} rounds, {min(seconds):.1f} to {max(seconds):.1f} s")
    print(f"median {statistics.median(processor_s):.1f} s of processor time")
    print(f"load of the machine beforehand {min(loads):.1f} to {max(loads):.1f}; allowed: at most {MOST_S:g} s")


if __name__ == "__main__":
    main()
