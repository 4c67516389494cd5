"""Measure every speed claim, keep the figures in performance.json, and write docs/performance.md from them.

Run as `python benchmarks/performance.py`. `--quick` measures with few repeats, leaves the peers out and writes nothing
but what it prints; `--peers FOLDER` says where the peers' environments are, or are made; `--page` only writes the page
again.
"""

import argparse
import importlib.util
import json
from pathlib import Path
from time import perf_counter

import c_reference
import engines
import growth
import page
import precision
import timing
import whole

HERE = Path(__file__).parent
OTHERS = ("optimise", "serve")  # measured by scripts of these names
FIGURES, PAGE = HERE / "performance.json", HERE.parent / "docs" / "performance.md"
PEERS = HERE / "peers" / "environments.py"


def measured(quick, folder):
    """Return all figures, as plain numbers."""
    rounds = 3 if quick else 11
    parts = {
        "engines": lambda: engines.measure(3 if quick else 15),
        "growth": lambda: growth.measure(rounds, 100_000 if quick else 1_000_000),
        "threads": lambda: whole.threads(rounds, 100 if quick else 400),
        "precision": lambda: precision.measure(rounds, 1_000 if quick else 20_000),
        "sweep": lambda: whole.sweep(20, 50) if quick else whole.sweep(100, 200),
        "shell": lambda: whole.shell(2 if quick else 5),
        "reference": lambda: c_reference.measure(21 if quick else 301),
        "peers": lambda: [] if quick else peers(folder),
    }
    figures = {"quick": quick, "machine": timing.machine()}
    for name, measure in parts.items():
        start = perf_counter()
        figures[name] = measure()
        print(f"{name}: measured in {perf_counter() - start:.0f} s", flush=True)
    return json.loads(json.dumps(figures, default=float))


def peers(folder):
    """Return the figures of other simulators."""
    spec = importlib.util.spec_from_file_location("environments", PEERS)
    environments = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environments)
    return environments.peers(*([folder] if folder else []))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repeats, no peers, nothing written")
    parser.add_argument("--page", action="store_true", help="only write the page from the figures that are there")
    parser.add_argument("--peers", metavar="FOLDER", help="where the peers' environments are, or are made")
    asked = parser.parse_args()
    if asked.quick:
        print(page.render(measured(quick=True, folder=None)))
        return
    if not asked.page:
        before = json.loads(FIGURES.read_text(encoding="utf-8"))
        figures = measured(quick=False, folder=asked.peers) | {part: before.get(part, {}) for part in OTHERS}
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page.render(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
