"""How long `funnelsim run` takes once everything is compiled, in this tree against another one.

    python benchmarks/warm_command.py ../before . --times 5

The two take turns, so that both meet the same machine. For each it prints the median seconds from the prompt to the
printed result and to the end of the command, when the last figure is there, and the processor time of all processes;
then the median ratio of the second tree to the first.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = "scenarios/motorway_early_shift.toml"
FIRST_WORDS = "Yield"  # of the printed result, below its headline
NAMES = ("to the printed result, s", "to the last figure, s", "processor time, s")


def main() -> None:
    """Print the times of two trees and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs=2, type=Path, help="Checkouts of funnelsim.")
    parser.add_argument("--times", type=int, default=5, help="How often each command is run.")
    options = parser.parse_args()
    trees = [tree.resolve() for tree in options.trees]
    for tree in trees:
        timed(tree)  # compiles, and fills the caches of the disk
    found = [[timed(tree) for tree in trees] for _ in range(options.times)]
    for measure, name in enumerate(NAMES):
        before, after = (statistics.median(pair[tree][measure] for pair in found) for tree in (0, 1))
        ratio = statistics.median(pair[1][measure] / pair[0][measure] for pair in found)
        print(f"{name:26} {before:8.2f} {after:8.2f}   ratio {ratio:.2f}")
    whole = statistics.median(pair[1][0] / pair[0][1] for pair in found)
    print(f"printed result, as a share of the whole command before: {whole:.2f}")


def timed(tree: Path) -> tuple[float, float, float]:
    """Return the seconds until a tree's command has printed its result and until it ends, and its processor time."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "funnelsim.cli", "run", str(tree / SCENARIO), "--out", f"{folder}/out"]
        before, started = os.times(), time.perf_counter()
        with subprocess.Popen(  # noqa: S603
            command, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None  # noqa: S101  (a pipe)
            printed_s = next(time.perf_counter() - started for line in process.stdout if line.startswith(FIRST_WORDS))
            process.stdout.read()
        whole_s = time.perf_counter() - started
        after = os.times()
        if process.returncode:
            sys.exit(f"{tree}: the command failed")
    spent_s = after.children_user + after.children_system - before.children_user - before.children_system
    return printed_s, whole_s, spent_s


if __name__ == "__main__":
    main()
