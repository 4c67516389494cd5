"""Measure what the first command of an installation costs, for two checkouts side by side, from empty caches.

Run as `python benchmarks/first_command.py OLD NEW` with the folders of two checkouts; `--rounds 3` says how often. Both
run in turns with this Python, so that what else the machine does hits both alike. Processor time is the main figure:
wall time depends on who else is at work.

- compiling: one replication, or `python -m funnelsim.compile` where there is one, in functions that are compiled
- result: `funnelsim run --replications 50` from the prompt until the result is printed and saved, compiling included
- warm: the same again
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

SCENARIO = "scenarios/motorway_early_shift.toml"
LAZILY = f"""
import funnelsim
funnelsim.run(funnelsim.load_scenario({SCENARIO!r}), replications=1)
"""


def measured(command, checkout, cache):
    """Return processor and wall seconds of a command and of all that it starts."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "XDG_CACHE_HOME": cache}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(  # noqa: S603  (this script's own)
        [sys.executable, *command], cwd=checkout, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    wall_s, after = perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall_s


def first_command(checkout):
    """Return processor and wall seconds by what is done, and how many functions are kept."""
    ahead = (checkout / "funnelsim" / "compile.py").exists()
    with tempfile.TemporaryDirectory() as ready, tempfile.TemporaryDirectory() as empty:
        compiling = measured(["-m", "funnelsim.compile"] if ahead else ["-c", LAZILY], checkout, ready)
        kept = len(list(Path(ready).rglob("*.nbc")))
        run = ["-m", "funnelsim.cli", "run", SCENARIO, "--replications", "50", "--seed", "1", "--out"]
        result = measured([*run, str(Path(empty) / "first")], checkout, empty)
        warm = measured([*run, str(Path(empty) / "second")], checkout, empty)
    return {"compiling": compiling, "result": result, "warm": warm}, kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path, help="folder of the checkout to compare with")
    parser.add_argument("new", type=Path, help="folder of the checkout that is new")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; default 3")
    asked = parser.parse_args()
    checkouts = {"old": asked.old.resolve(), "new": asked.new.resolve()}
    found = {name: [] for name in checkouts}
    for _ in range(asked.rounds):
        for name, checkout in checkouts.items():
            times, kept = first_command(checkout)
            found[name].append(times)
            said = ", ".join(f"{what} {cpu_s:.1f} s ({wall_s:.1f} s)" for what, (cpu_s, wall_s) in times.items())
            print(f"{name}: processor time (wall time): {said}; {kept} machine codes kept", flush=True)
    for what in ("compiling", "result", "warm"):
        for kind, name in enumerate(("processor", "wall")):
            old, new = (statistics.median(times[what][kind] for times in found[side]) for side in checkouts)
            print(f"{what}, {name} time: {old:.1f} s -> {new:.1f} s, ratio {new / old:.2f}")


if __name__ == "__main__":
    main()
