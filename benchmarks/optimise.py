"""Measure what `funnelsim optimise` promises, keep the figures in performance.json, write docs/performance.md again.

Run as `python benchmarks/optimise.py`, or with the names of some parts to measure these alone: cost, enumerable,
synthetic, many, pyprs, kills, teleops, rosters. All of them take more than an hour on two cores. The enumeration that
`enumerable` compares with is made by `python benchmarks/optimise_enumerable.py`.
"""

import argparse
import json
import os
from time import perf_counter

import optimise_cost
import optimise_enumerable
import optimise_kills
import optimise_many
import optimise_pyprs
import optimise_synthetic
import page
import rosters
import teleops
import timing
from performance import FIGURES, PAGE

PARTS = {
    "cost": lambda: optimise_cost.measure(11),
    "enumerable": lambda: optimise_enumerable.measure(20),
    "synthetic": lambda: optimise_synthetic.measure(100),
    "many": lambda: optimise_many.measure(10_000),
    "pyprs": lambda: optimise_pyprs.measure(20, 3, 5),
    "kills": optimise_kills.measure,
    "teleops": lambda: teleops.measure(10),
    "rosters": rosters.measure,
}


def keep(part, figures):
    """Keep the figures of a part beside all others, and write the page again."""
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    kept.setdefault("optimise", {})[part] = json.loads(json.dumps(figures, default=float))
    FIGURES.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page.render(kept), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; by default everything")
    for part in parser.parse_args().parts or PARTS:
        load, begun = os.getloadavg()[0], perf_counter()
        figures = PARTS[part]()
        keep(part, {"machine": timing.machine(), "load": load, **figures})
        print(f"{part}: measured in {perf_counter() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
