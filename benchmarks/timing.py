"""How the benchmarks measure: several things turn by turn in one process, and the median of each."""

import os
import platform
import statistics
import time
from pathlib import Path

import numba


def in_turn(actions, rounds):
    """Return the median seconds of each action, by name.

    Every round calls each action once, so whatever disturbs the machine for a while falls on all of them. A first round
    that compiles and warms up does not count.

    Parameters
    ----------
    actions
        Functions of the number of the round, by name.
    rounds
        How often each is timed.
    """
    times = {name: [] for name in actions}
    for number in range(-1, rounds):
        for name, action in actions.items():
            start = time.perf_counter()
            action(number + 1)
            if number >= 0:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def machine():
    """Return what the figures were measured on."""
    return {
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numba": numba.__version__,
    }


def processor():
    """Return the model of the processor, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "not named by the system"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "not named by the system"
