"""Thousands of plans of the motorway: replications and time of a good selection, beside other procedures.

`equal allocation` simulates every plan equally often and names the best mean of those that keep the limit in the
sample. `KN` is the procedure of Kim and Nelson (2001): a plan is dropped when another one that keeps the limit in the
sample is ahead by more than a triangular region allows. It knows no limits, so among the plans left the best one is
named that keeps the limit in the sample. Both have as many replications as the good selection used.

References
----------
Kim and Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation,
doi:10.1145/502109.502111.
"""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules
from funnelsim.decision.optimisation.optimise import asked
from funnelsim.decision.optimisation.question import FOUND, rounded
from funnelsim.decision.optimisation.search import Search
from funnelsim.decision.simulations import Simulations, values_of
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.experiments.vary import design_points, factors_of
from funnelsim.scenario import load_scenario
from funnelsim.scenario.demand import demand_of

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
VARY = {
    "selection.rate.car": "0:0.02",
    "selection.rate.van": "0.05:0.5",
    "selection.rate.lorry": "0:0.15",
    "selection.rate.reefer": "0:0.4",
    "selection.rate.coach": "0:0.15",
    "selection.valve.suspend_at_m": "500:1500",
    "selection.valve.lift_at_m": "1500:3000",
}
MEASURES = (FOUND, "delay_p95_s")
SHARE, WITHIN, CONFIDENCE, EACH = 0.9, 0.01, 0.95, 15
SEARCH = 0.1  # of the replications, for a search of the same space
SEED, FIRST, BLOCK, CORES = 11, 10, 500, 2
JUDGED, JUDGE_SEED = 1_000, 99


@contextmanager
def simulations(planner, points, seed=SEED):
    """Give the simulations of some points."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(CORES) as executor:
        made = Simulations(planner, MEASURES, seed, executor, CORES, ResultCache(Path(folder)))
        for point in points:
            made.add(point)
        yield made


def searched(question, planner, budget):
    """Return plans of the space that a search finds, the most promising first, and the replications it took."""
    with simulations(planner, [], SEED - 1) as plans:
        found = Search(question, plans).run(SEED, budget)
        return [plans.points[number] for number in found.ranked], plans.simulated, found


def equal(values, requirement):
    """Return the plan with the best mean among those that keep the limit in the sample."""
    means = values[:, :, 0].mean(axis=1)
    keeps = requirement.values(values[:, :, 1]).mean(axis=1) >= SHARE
    return int(np.argmax(np.where(keeps, means, -np.inf)))


def kim_nelson(sample, count, within, requirement, budget, begun):
    """Return the plan that KN names within a budget, the replications used, and whether it came to its end.

    Parameters
    ----------
    sample
        Simulates some plans in some replications.
    count, within, budget
        Plans, indifference zone, replications allowed.
    requirement
        The limit.
    begun
        Values of all plans in the first replications, which count as simulated.
    """
    eta = 0.5 * ((2.0 * (1.0 - CONFIDENCE) / (count - 1)) ** (-2.0 / (FIRST - 1)) - 1.0)
    h2 = 2.0 * eta * (FIRST - 1)
    first = begun[:, :FIRST, 0]
    apart = first - first.mean(axis=1, keepdims=True)
    own = (apart**2).sum(axis=1) / (FIRST - 1)
    sums, kept = first.sum(axis=1), requirement.values(begun[:, :FIRST, 1]).sum(axis=1)
    left, r, used = np.arange(count), FIRST, count * FIRST
    while len(left) > 1:
        rivals = left[kept[left] >= SHARE * r]
        alive = np.ones(len(left), dtype=bool)
        for at in range(0, len(left), BLOCK):
            some = left[at : at + BLOCK]
            variance = own[some, None] + own[None, rivals] - 2.0 / (FIRST - 1) * apart[some] @ apart[rivals].T
            room = np.maximum(0.0, within / 2.0 * (h2 * variance / within**2 - r))
            beaten = sums[some, None] < sums[None, rivals] - room
            beaten &= some[:, None] != rivals[None, :]
            alive[at : at + BLOCK] = ~beaten.any(axis=1)
        left = left[alive]
        if len(left) <= 1 or used + len(left) > budget:
            break
        more = begun[left, r : r + 1] if r < begun.shape[1] else sample(left.tolist(), range(r, r + 1))
        sums[left] += more[:, 0, 0]
        kept[left] += requirement.values(more[:, :, 1])[:, 0]
        used, r = used + len(left), r + 1
    keeps = left[kept[left] >= SHARE * r]
    among = keeps if len(keeps) else left
    return int(among[np.argmax(sums[among])]), int(used), len(left)


def measure(count, budget_each=EACH):
    """Return the figures of all three procedures on so many plans."""
    scenario = load_scenario(MOTORWAY)
    scenario = scenario.model_copy(update={"limits": scenario.limits.model_copy(update={"tail_m": None})})
    planner = PointPlanner(scenario)
    question = asked(scenario, VARY, None, demand_of(scenario))
    (requirement,) = question.requirements
    figures = {"plans": count, "load_before": os.getloadavg()[0]}
    begun = perf_counter()
    promising, spent, found = searched(question, planner, int(SEARCH * budget_each * count))
    points = promising + [
        {key: rounded(value) for key, value in point.items()}
        for point in design_points(factors_of(VARY), "sobol", count, SEED)
    ]
    with simulations(planner, points) as plans:
        planned = perf_counter()
        within = WITHIN * float(found.values[found.numbers[0]][:, 0].mean())
        rules = Rules(CONFIDENCE, within, budget_each * count - spent)
        selected = GoodSelection(len(points), [requirement], plans, rules, range(len(promising))).run()
        done = perf_counter()
        counts = selected.replications
        figures["good selection"] = {
            "named": selected.named,
            "replications": int(counts.sum()) + spent,
            "searched": len(promising),
            "seconds": done - begun,
            "planning_s": planned - begun,
            "within": selected.within / within * WITHIN,
            "enough": bool(selected.enough),
            "excluded": int(selected.excluded.sum()),
            "worse": int(selected.worse.sum()),
            "most_of_one": int(counts.max()),
            "median_of_one": float(np.median(counts)),
        }
        print(figures, flush=True)
        budget = int(counts.sum()) + spent
        count = len(points)
        each = max(budget // count, FIRST)
        begun = perf_counter()
        values = plans(range(count), range(each))
        equal_s = perf_counter() - begun
        figures["equal allocation"] = {
            "named": equal(values, requirement),
            "replications": each * count,
            "seconds": equal_s,
        }
        begun = perf_counter()
        named, used, left = kim_nelson(plans, count, within, requirement, budget, values)
        figures["KN"] = {"named": named, "replications": used, "seconds": perf_counter() - begun, "left": left}
        rough = np.where(requirement.values(values[:, :, 1]).mean(axis=1) >= SHARE, values[:, :, 0].mean(axis=1), 0.0)
    judge(figures, planner, points, requirement, np.argsort(-rough)[:20].tolist())
    return figures


def judge(figures, planner, points, requirement, others):
    """Add how good the plans named are on random numbers that no procedure saw, and the best of some others."""
    names = [name for name in ("good selection", "equal allocation", "KN") if figures[name]["named"] is not None]
    numbers = list(dict.fromkeys([*(figures[name]["named"] for name in names), *others]))
    values = values_of([planner.plan(n, points[n]).plan for n in numbers], JUDGE_SEED, range(JUDGED), MEASURES)
    found = values[:, :, 0].mean(axis=1)
    kept = requirement.values(values[:, :, 1]).mean(axis=1)
    keeping = np.where(kept >= SHARE, found, -np.inf)
    figures["best_known"] = float(keeping.max())
    for name in names:
        at = numbers.index(figures[name]["named"])
        figures[name] |= {
            "found": float(found[at]),
            "half_width": float(1.96 * values[at, :, 0].std(ddof=1) / np.sqrt(JUDGED)),
            "kept": float(kept[at]),
            "loss": float(1.0 - found[at] / keeping.max()),
            "loss_half_width": float(
                1.96
                * (values[at, :, 0] - values[int(np.argmax(keeping)), :, 0]).std()
                / np.sqrt(JUDGED)
                / keeping.max()
            ),
            "values": points[figures[name]["named"]],
        }


if __name__ == "__main__":
    print(measure(200))
