"""TELEOPS-1 of the simulation optimisation competition 2026: how good our search is outside of our own world.

72 whole numbers are to be chosen, how many drivers of each role begin a shift at each hour, with 1,000 replications in
all; the best plan is not known. Our search is that of `decision/optimisation/search.py` as it stands, from the
competition's start and from a plan that our covering program makes from Erlang's formula. Beside it are these two plans
alone, and the local search that the competition gives as an example, from both of them. Each plan recommended is then
simulated on 1,000 replications that no solver saw.
"""

import numpy as np
import teleops_model as model
from scipy.stats import binom

from funnelsim.decision.optimisation.question import Question
from funnelsim.decision.optimisation.search import Search
from funnelsim.decision.rosters.covering import cover
from funnelsim.experiments.vary import Factor
from funnelsim.scenario.decide import Decide
from funnelsim.validation.closed_forms.queueing import erlang_c

BUDGETS = (1_000, 10_000)  # that of the competition, and ten times as much
FRESH, FRESH_SEED = 1_000, 10_000_000
PILOT = 12  # replications of each plan of the covering program, of which the best is taken
PRICES = (0.5, 0.7, 1.0, 1.4, 2.0)  # times the price of a driver
SLOTS, SLOTS_OF_SHIFT, SLOT_OF_BREAK = 48, 16, 8  # half hours of a day, of a shift, and the one of the break
MEAN_MIN = [
    float(np.mean([mode * np.exp(1.5 * sigma**2) for mode, sigma in zip(modes, model.SIGMAS, strict=True)]))
    for modes in model.MODES_MIN
]
SAMPLE, AROUND = 10, 1  # of the example: replications of a plan; of ours: how far from its start it may go


class SpentError(Exception):
    """All replications are used up."""


class Centre:
    """Simulates plans, the same calls for all of them, until the replications are used up."""

    def __init__(self, seed, budget):
        self.seed, self.left, self.points = seed, budget, []

    def objectives(self, starts, replications):
        """Return the objective of a plan in some replications."""
        if len(replications) > self.left:
            raise SpentError
        self.left -= len(replications)
        return model.objectives(starts, self.seed, replications)

    def add(self, values):
        """Add a plan and return its number, as `decision.simulations.Simulations` does."""
        self.points.append(np.array(list(values.values()), dtype=np.int64).reshape(model.ROLES, model.HOURS))
        return len(self.points) - 1

    def __call__(self, numbers, replications):
        """Return the objective, shape (plans, replications, 1)."""
        return np.array([self.objectives(self.points[number], replications) for number in numbers])[:, :, None]


def wanted(kind, price):
    """Return the drivers wanted in each half hour: one more as long as the calls answered at once are worth his pay."""
    per_h = model.CALLS_PER_H[kind] * model.MULTIPLIERS
    share = per_h / (model.HOURS * sum(model.CALLS_PER_H))
    numbers = []
    for hour in range(model.HOURS):
        load = per_h[hour] * MEAN_MIN[kind] / 60.0
        night = model.NIGHT if hour >= model.NIGHT_FROM_H or hour < model.NIGHT_TO_H else 1.0
        pay = price * model.COST_WEIGHT * model.PAY_PER_H[2 * kind] * night
        drivers, waits = 0, 1.0
        while True:
            less = float(erlang_c(drivers + 1, load)) if drivers + 1 > load else 1.0
            if drivers + 1 > load and share[hour] * (waits - less) < pay:
                break
            drivers, waits = drivers + 1, less
        numbers += [drivers, drivers]
    return np.array(numbers, dtype=np.float64)


def covering_plan(price):
    """Return the shifts that cover this at least pay; trucks go to flexible drivers, who are paid the same."""
    covers = np.zeros((SLOTS, model.HOURS))
    costs = np.zeros(model.HOURS)
    for begins in range(model.HOURS):
        for slot in range(SLOTS_OF_SHIFT):
            if slot != SLOT_OF_BREAK:
                covers[(2 * begins + slot) % SLOTS, begins] = 1.0
                costs[begins] += model.pay(60.0 * begins + 30.0 * slot, 60.0 * begins + 30.0 * (slot + 1), 1.0)
    starts = np.zeros((model.ROLES, model.HOURS), dtype=np.int64)
    for kind, role in ((0, model.CAR), (1, model.FLEXIBLE)):
        starts[role] = cover(covers, wanted(kind, price), costs)
    return starts


def fluid(centre):
    """Return the best of the covering plans by a few replications of each."""
    plans = [covering_plan(price) for price in PRICES]
    means = [centre.objectives(plan, range(PILOT)).mean() for plan in plans]
    return plans[int(np.argmax(means))]


def competition(_centre):
    """Return the plan from which the competition starts."""
    return model.INITIAL


def values_of(starts):
    return {f"start.{number}": int(value) for number, value in enumerate(starts.ravel())}


def no_search(_centre, first):
    return first


def ours(centre, first):
    """Return the plan that our search names: each number may be one more or less than in the plan it starts from."""
    factors = tuple(
        Factor((key,), (), (float(max(0, value - AROUND)), float(value + AROUND)), whole=True)
        for key, value in values_of(first).items()
    )
    question = Question(Decide(), factors, (), values_of(first), values_of(first))
    found = Search(question, centre).run(centre.seed, centre.left)
    return centre.points[found.numbers[0]]


def example(centre, first):
    """Return what the competition's example finds: it goes to the first neighbour that is better, again and again."""
    generator = np.random.default_rng([centre.seed, 1])
    best, reached = first, centre.objectives(first, range(SAMPLE)).mean()
    moves = [(number, step) for number in range(best.size) for step in (-1, 1)]
    while True:
        generator.shuffle(moves)
        for number, step in moves:
            other = best.copy()
            other.flat[number] += step
            if other.flat[number] < 0:
                continue
            try:
                mean = centre.objectives(other, range(SAMPLE)).mean()
            except SpentError:
                return best
            if mean > reached:
                best, reached = other, mean
                break
        else:
            return best


STARTS = {"the competition's": competition, "covering plan": fluid}
SEARCHES = {"none": no_search, "ours": ours, "the competition's example": example}


def measure(seeds):
    """Return, for each start, search and budget, the objectives of the plans recommended, measured afresh."""
    rows, known = [], {}
    for budget in BUDGETS:
        for start, first in STARTS.items():
            for search, run in SEARCHES.items():
                reached, drivers, simulated = [], [], []
                for seed in range(1, seeds + 1):
                    centre = Centre(seed, budget)
                    plan = run(centre, first(centre))
                    if plan.tobytes() not in known:
                        fresh = model.objectives(plan, FRESH_SEED, range(FRESH))
                        known[plan.tobytes()] = float(fresh.mean())
                    reached.append(known[plan.tobytes()])
                    drivers.append(int(plan.sum()))
                    simulated.append(budget - centre.left)
                low, median, high = interval_of_median(reached)
                rows.append(
                    {
                        "budget": budget,
                        "start": start,
                        "search": search,
                        "median": [low, median, high],
                        "drivers": float(np.median(drivers)),
                        "simulated": float(np.median(simulated)),
                    }
                )
                print(rows[-1], flush=True)
    return {"rows": rows, "fresh": FRESH, "seeds": seeds}


def interval_of_median(values):
    """Return the median with a 95 % interval that holds whatever the distribution: two values in order of size.

    The median lies between the k-th smallest and the k-th largest with the chance that a fair coin falls on either side
    at least k times.
    """
    ordered, n = np.sort(values), len(values)
    k = int(binom.ppf(0.025, n, 0.5))
    return float(ordered[max(0, k - 1)]), float(np.median(ordered)), float(ordered[min(n - 1, n - k)])


if __name__ == "__main__":
    measure(5)
