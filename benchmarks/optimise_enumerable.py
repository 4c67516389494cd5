"""A scenario whose plans are all enumerated: how often the plan named is within 1 % of the best that keeps the limit.

`python benchmarks/optimise_enumerable.py` enumerates anew and keeps the figures in optimise_enumeration.json.
"""

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules
from funnelsim.decision.optimisation.optimise import asked
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.decision.optimisation.requirement import Requirement
from funnelsim.decision.optimisation.search import Search
from funnelsim.decision.simulations import Simulations
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.experiments.vary import design_points, factors_of
from funnelsim.scenario import load_scenario
from funnelsim.scenario.demand import demand_of

HERE = Path(__file__).parent
FIGURES, SCENARIO = HERE / "optimise_enumeration.json", HERE / "optimise_small.toml"
VARY = {
    "selection.rate.van": "0.05:0.40:0.05",
    "selection.rate.lorry": "0.05:0.41:0.06",
    "selection.rate.car": "0,0.01,0.02",
    "area.waiting": "0,1,2",
    "selection.valve.suspend_at_m": "30,60,90,120",
}
SHARE, WITHIN, CONFIDENCE, PART = 0.9, 0.01, 0.95, 0.1
SEED, BLOCK = 7_000, 32
CONTROLS, LONG = 12, 8_000  # plans that are known well, and their replications
FIRST, MORE = 250, 1_500  # replications of every plan, and of those near the best and near the limit
NEAR = 0.06
SEARCH, SEARCH_SEED = 0.15, 8_000  # of the replications: for a search of the plans, from which references come
MAYBE, REFINED = 0.04, 3_000  # by how much a plan may be misjudged; replications of those that may be the best
Z = 1.96
MEASURES = (FOUND, "delay_p95_s")


def limit():
    """Return the limit of the scenario as a requirement."""
    return Requirement(
        "limits.p95_delay_min", MEASURES[1], load_scenario(SCENARIO).limits.p95_delay_min * 60.0, in_share=SHARE
    )


@contextmanager
def simulations(seed, jobs=2, *, plans=True):
    """Give the simulations of all plans, or of none so far."""
    planner = PointPlanner(load_scenario(SCENARIO))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as executor:
        made = Simulations(planner, MEASURES, seed, executor, jobs, ResultCache(Path(folder)))
        for point in design_points(factors_of(VARY)) if plans else ():
            made.add(point)
        yield made


def enumerate_plans():
    """Return the mean finds of every plan, known to half a per cent, and the share of operations that keep the limit.

    All plans meet the same vehicles, so most of what differs from operation to operation is common to them: it is known
    from a few plans that are simulated much more often (control variates). Plans near the best and near the limit are
    simulated on, so that it is known on which side of the limit they are.
    """
    begun = perf_counter()
    requirement = limit()
    with simulations(SEED) as plans:
        count = len(plans.points)
        controls = np.linspace(0, count - 1, CONTROLS).round().astype(int).tolist()
        long = plans(controls, range(LONG))[:, :, 0]
        drift = long[:, :FIRST] - long.mean(axis=1, keepdims=True)
        means, kept, halves = (np.zeros(count) for _ in range(3))
        for first in range(0, count, BLOCK):
            some = list(range(first, min(first + BLOCK, count)))
            values = plans(some, range(FIRST))
            kept[some] = requirement.values(values[:, :, 1]).mean(axis=1)
            for number, goal in zip(some, values[:, :, 0], strict=True):
                design = np.column_stack([np.ones(FIRST), drift.T])
                fitted, *_ = np.linalg.lstsq(design, goal, rcond=None)
                means[number] = fitted[0]
                spread = (goal - design @ fitted).std(ddof=design.shape[1]) / np.sqrt(FIRST)
                slopes_of_drift = np.sqrt(((fitted[1:] @ (long - long.mean(axis=1, keepdims=True))) ** 2).mean() / LONG)
                halves[number] = Z * np.hypot(spread, slopes_of_drift) / means[number]
            print(f"{some[-1] + 1} of {count} plans, known to {halves[: some[-1] + 1].max():.2%}", flush=True)
        best = means[kept >= SHARE].max()
        near = np.flatnonzero((means >= (1.0 - NEAR) * best) & (np.abs(kept - SHARE) <= NEAR)).tolist()
        more = plans(near, range(FIRST, MORE))
        kept[near] = (kept[near] * FIRST + requirement.values(more[:, :, 1]).sum(axis=1)) / MORE
        return {
            "seconds": perf_counter() - begun,
            "replications": plans.simulated,
            "half_width": float(halves.max()),
            "median_half_width": float(np.median(halves)),
            "near": len(near),
            "means": means.round(6).tolist(),
            "kept": kept.round(4).tolist(),
        }


def searched(seed, budget):
    """Return which plans a search finds, the most promising first, as `optimise` does, and the replications it took."""
    scenario = load_scenario(SCENARIO)
    question = asked(scenario, VARY, None, demand_of(scenario))
    numbers = {key_of(point): number for number, point in enumerate(design_points(factors_of(VARY)))}
    with simulations(seed + SEARCH_SEED, plans=False) as plans:
        found = Search(question, plans).run(seed, budget)
        ranked = [numbers[point] for one in found.ranked if (point := key_of(plans.points[one])) in numbers]
        return list(dict.fromkeys(ranked)), plans.simulated


def key_of(point):
    """Return the values of a plan as they are compared."""
    return tuple(sorted((key, round(float(value), 6)) for key, value in point.items()))


def selected(seed, truth):
    """Return how the plan fares that is named among all of them with the random numbers of a seed."""
    means, kept = np.array(truth["means"]), np.array(truth["kept"])
    best = means[kept >= SHARE].max()
    budget = int(PART * truth["replications"])
    begun, count = perf_counter(), len(means)
    references, spent = searched(seed, int(SEARCH * budget))
    with simulations(seed) as plans:
        rules = Rules(CONFIDENCE, WITHIN * best, budget - spent)
        found = GoodSelection(count, [limit()], plans, rules, references).run()
    named = found.named
    return {
        "named": named,
        "loss": None if named is None else 1.0 - means[named] / best,
        "kept": None if named is None else kept[named],
        "replications": spent + int(found.replications.sum()),
        "within": found.within / best,
        "enough": bool(found.enough),
        "seconds": perf_counter() - begun,
    }


def refined(truth, named):
    """Return means and shares again, those of the plans that may be the best and of the plans named much sharper."""
    means, kept = np.array(truth["means"]), np.array(truth["kept"])
    best = means[kept >= SHARE].max()
    numbers = np.flatnonzero((means >= (1.0 - MAYBE) * best) & (kept >= SHARE - MAYBE)).tolist()
    numbers = list(dict.fromkeys([*numbers, *named]))
    with simulations(SEED + 1) as plans:
        values = plans(numbers, range(REFINED))
    means[numbers] = values[:, :, 0].mean(axis=1)
    kept[numbers] = limit().values(values[:, :, 1]).mean(axis=1)
    leader = int(np.argmax(np.where(kept[numbers] >= SHARE, means[numbers], 0.0)))
    apart = (values[:, :, 0] - values[leader, :, 0]).std(axis=1)
    return means, kept, float(Z * apart.max() / np.sqrt(REFINED) / means[numbers[leader]]), len(numbers)


def measure(seeds):
    """Return how often the plan named is within 1 % of the best one that keeps the limit."""
    truth = json.loads(FIGURES.read_text(encoding="utf-8"))
    rows = []
    for seed in range(1, seeds + 1):
        rows.append(selected(seed, truth))
        print(rows[-1], flush=True)
    means, kept, half_width, sharp = refined(truth, [one["named"] for one in rows if one["named"] is not None])
    best = means[kept >= SHARE].max()
    for one in rows:
        if one["named"] is not None:
            one |= {"loss": float(1.0 - means[one["named"]] / best), "kept": float(kept[one["named"]])}
    good = sum(one["named"] is not None and one["loss"] <= WITHIN and one["kept"] >= SHARE for one in rows)
    return {
        "plans": len(means),
        "keep": int((kept >= SHARE).sum()),
        "enumeration": {key: value for key, value in truth.items() if key not in ("means", "kept")},
        "refined": {"plans": sharp, "replications": REFINED, "half_width_apart": half_width},
        "seeds": seeds,
        "good": good,
        "rows": rows,
    }


if __name__ == "__main__":
    print(os.cpu_count(), "cores")
    FIGURES.write_text(json.dumps(enumerate_plans()) + "\n", encoding="utf-8")
