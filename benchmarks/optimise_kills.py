"""`funnelsim optimise` killed at random moments and run again: its answer is the same, byte by byte.

Each kill falls at a moment that a generator with a seed picks, as a share of the time that an uninterrupted run takes.
The first one comes before anything is finished.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SCENARIO = HERE / "optimise_small.toml"
ANSWERS = ("best_plan.toml", "plans.csv")
KEYS = ("selection.rate.van=0.05:0.4", "selection.rate.lorry=0.05:0.45", "selection.valve.suspend_at_m=30:120")
REPLICATIONS, SEED, KILLS = 8_000, 5, 10
MOMENTS = (0.1, 0.8)  # of the time that an uninterrupted run takes
AT_ONCE_S = 0.3  # the command has not even loaded its libraries


def command(folder):
    varied = [part for key in KEYS for part in ("--vary", key)]
    asked = [str(SCENARIO), *varied, "--replications", str(REPLICATIONS), "--out", str(folder)]
    return [sys.executable, "-m", "funnelsim.cli", "optimise", *asked]


def started(folder):
    """Start the command; return its process."""
    root = HERE.parent
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.Popen(  # noqa: S603
        command(folder), cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def killed_after(folder, seconds):
    """Run the command and kill it after some seconds; tell whether it was still running."""
    with started(folder) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
        return False


def finished(folder):
    """Run the command to its end; return its seconds."""
    begun = time.perf_counter()
    with started(folder) as process:
        _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(errors.decode())
    return time.perf_counter() - begun


def answer(folder):
    """Return the bytes of the answer."""
    return [(folder / name).read_bytes() for name in ANSWERS]


def measure():
    """Return how many kills hit a running command, how much was finished then, and whether the answers are the same.

    A folder is resumed until its command ends before the kill; then the next folder begins.
    """
    generator = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "0" / "optimise"
        whole_s = finished(whole)
        wanted, parts, folders = answer(whole), [], []
        while len(parts) < KILLS + 1:
            folders.append(Path(place) / str(len(folders) + 1) / "optimise")
            seconds = AT_ONCE_S if not parts else generator.uniform(*MOMENTS) * whole_s
            while len(parts) < KILLS + 1 and killed_after(folders[-1], seconds):
                parts.append(sum(1 for _ in (folders[-1] / "parts").glob("*.parquet")))
                seconds = generator.uniform(*MOMENTS) * whole_s
        finished(folders[-1])
        same = [answer(folder) == wanted for folder in folders]
    return {"whole_s": whole_s, "kills": len(parts), "parts": parts, "folders": len(folders), "same": sum(same)}


if __name__ == "__main__":
    print(measure())
