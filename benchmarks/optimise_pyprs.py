"""Our selection and the procedures of PyPRS on PyPRS's demonstration: throughput of a flow line of three stations.

PyPRS is no dependency. `python -m pip install PyPRS==1.0.0` in the environment of the benchmarks adds it; without it,
only our procedure is measured.

References
----------
Huang, Jiang and Zhong (2025), PyPRS 1.0.0, https://github.com/simulation-optimization/PyPRS: its page
"A Demo Application" has the problem, the parameters and the published figures.
"""

import contextlib
import importlib.util
import io
import os
import tempfile
from pathlib import Path
from time import perf_counter

import numba
import numpy as np
from pyprs_flow_line import JOBS, throughput

from funnelsim.analysis.estimates import chance_estimate
from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules

WITHIN, CONFIDENCE = 0.1, 0.95
WHOLE, SMALL = 50, 12  # rates add up to this, and so do buffers
PILOT = 2  # replications of all plans from which the first references are chosen
TRUTH, NEAR = 4_000, 20  # replications of the plans that seem best, and how many they are
PUBLISHED = (
    ("FBKT", 4_704_528, 2_622, 1.0),
    ("KT", 6_170_721, 3_358, 1.0),
    ("GSP", 12_318_493, 6_395, 1.0),
    ("equal allocation", 5_070_912, 3_631, 0.76),
)
HERE = Path(__file__).parent


def alternatives(total):
    """Return all ways to share out rates and buffers, shape (plans, 5)."""
    rates = [(a, b, total - a - b) for a in range(1, total - 1) for b in range(1, total - a)]
    return np.array([(*one, room, total - room) for one in rates for room in range(1, total)])


@numba.njit(cache=True)
def observed(plans, numbers, works):
    """Return the throughput of some plans on each of some jobs' work, shape (plans, replications)."""
    made = np.empty((len(numbers), works.shape[0]))
    for at, number in enumerate(numbers):
        rates = plans[number, :3].astype(np.float64)
        for replication in range(works.shape[0]):
            made[at, replication] = throughput(works[replication], rates, plans[number, 3:])
    return made


class FlowLines:
    """Observations of all plans; in a replication all of them have the same work."""

    def __init__(self, plans, seed):
        self.plans, self.seed, self.seconds, self.samples = plans, seed, 0.0, 0

    def __call__(self, numbers, replications):
        """Return the observations, as `good_selection` wants them."""
        begun = perf_counter()
        works = np.stack([np.random.default_rng([self.seed, n]).standard_exponential((JOBS, 3)) for n in replications])
        made = observed(self.plans, np.array(list(numbers)), works)
        self.seconds += perf_counter() - begun
        self.samples += made.size
        return made[:, :, None]


def ours(plans, seed):
    """Return the plan that our procedure names, and what it took."""
    begun = perf_counter()
    pilot, lines = FlowLines(plans, seed + 500_000), FlowLines(plans, seed)
    everyone = range(len(plans))
    references = np.argsort(-pilot(everyone, range(PILOT))[:, :, 0].mean(axis=1))[:3].tolist()
    selected = GoodSelection(len(plans), [], lines, Rules(CONFIDENCE, WITHIN, 20_000_000), references).run()
    return {
        "named": int(selected.named),
        "samples": pilot.samples + lines.samples,
        "seconds": perf_counter() - begun,
        "simulation_s": pilot.seconds + lines.seconds,
        "enough": bool(selected.enough),
    }


def theirs(procedure, plans, repeats, parameters):
    """Return the plans that a procedure of PyPRS names, and what it took."""
    from PyPRS.Procedures.procedure import Procedure  # noqa: PLC0415  (need not be there)

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alternatives.txt"
        file.write_text("".join(f"{n} {' '.join(map(str, row))}\n" for n, row in enumerate(plans.tolist(), start=1)))
        os.chdir(folder)  # where PyPRS leaves its results
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                chosen = Procedure(procedure)
                chosen.set_CRNs()
                made = chosen.run_procedure(
                    parameters
                    | {
                        "Number of Processors": os.cpu_count() or 1,
                        "Repeat": repeats,
                        "Reference Seed": [0, 0, 0],
                        "Alternatives Information File": str(file),
                        "Simulation Function File": str(HERE / "pyprs_flow_line.py"),
                    }
                )
        finally:
            os.chdir(before)
    return [
        {
            "named": int(one["Best Alternative"][0]) - 1,
            "samples": int(one["Total Sample Size"]),
            "seconds": float(one["Wall-Clock Time (s)"]),
            "simulation_s": float(one["Total Simulation Time (s)"]),
        }
        for one in made
    ]


def truth(plans, named):
    """Return by how much each plan named is worse than the best of those that seem best, by its number."""
    rough = FlowLines(plans, 900_000)(range(len(plans)), range(5))[:, :, 0].mean(axis=1)
    numbers = list(dict.fromkeys([*np.argsort(-rough)[:NEAR].tolist(), *named]))
    total = np.zeros(len(numbers))
    lines = FlowLines(plans, 900_001)
    for first in range(0, TRUTH, 1_000):
        total += lines(numbers, range(first, first + 1_000))[:, :, 0].sum(axis=1)
    means = total / TRUTH
    return {number: float(means.max() - mean) for number, mean in zip(numbers, means.tolist(), strict=True)}, float(
        means.max()
    )


def summed(name, rows, away):
    """Return a row of the table."""
    good = chance_estimate(np.array([away[one["named"]] <= WITHIN for one in rows]))
    medians = {key: float(np.median([one[key] for one in rows])) for key in ("samples", "seconds", "simulation_s")}
    return {"procedure": name, "runs": len(rows), "pcs": [good.mean, good.low, good.high], **medians}


def of_size(total, runs, procedures):
    """Return the table of one size of the problem."""
    plans = alternatives(total)
    made = {"funnelsim": [ours(plans, seed) for seed in range(1, runs + 1)]}
    print(total, len(plans), made["funnelsim"][0], flush=True)
    for name, repeats, parameters in procedures:
        made[name] = theirs(name, plans, repeats, parameters)
        print(name, made[name][0], flush=True)
    away, best = truth(plans, [one["named"] for rows in made.values() for one in rows])
    return {"plans": len(plans), "best": best, "rows": [summed(name, rows, away) for name, rows in made.items()]}


def measure(small_runs, whole_runs, repeats):
    """Return the tables of the small problem, with PyPRS where it is there, and of the whole one."""
    there = importlib.util.find_spec("PyPRS") is not None
    k = len(alternatives(SMALL))
    procedures = [
        ("KT", repeats, {"alpha": 1.0 - CONFIDENCE, "delta": WITHIN, "n0": 20, "g": 20}),
        ("FBKT", repeats, {"N": 88 * k, "n0": 8, "phi": 3}),
    ]
    return {
        "small": of_size(SMALL, small_runs, procedures if there else []),
        "whole": of_size(WHOLE, whole_runs, []),
        "published": PUBLISHED,
        **({} if there else {"reason": "PyPRS is not installed: python -m pip install PyPRS==1.0.0"}),
    }


if __name__ == "__main__":
    print(of_size(SMALL, 2, []))
