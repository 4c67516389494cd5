"""How often the plan that `good_selection` names is a good one, on populations of which everything is known.

A population is a number of plans with a normal goal and a normal delay, both correlated over the plans as common random
numbers make them. `slippage`: one plan is better than all others that keep the limit by slightly more than the
indifference zone, and as many plans again are better still but break the limit. `random`: goals and chances to keep the
limit are drawn.
"""

import numpy as np
from scipy.special import ndtri

from funnelsim.analysis.estimates import chance_estimate
from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules
from funnelsim.decision.optimisation.requirement import Requirement

CONFIDENCE, SHARE, WITHIN = 0.95, 0.9, 0.01
SPREAD, SHARED = 0.08, 0.8  # of the goal: standard deviation, and what part of the variance all plans share
BUDGET = 2_000_000
FIRST_SEED = 1_000  # those below were used while the selection was mended
LIMIT = Requirement("limits.p95_delay_min", "delay_p95_s", 0.0, in_share=SHARE)
SIZES = (30, 300)
KINDS = ("slippage", "random")


class Population:
    """Plans with known goals and chances to keep the limit.

    Parameters
    ----------
    kind, plans
        Which configuration, and how many plans.
    seed
        Of the configuration and of what is sampled.
    """

    def __init__(self, kind, plans, seed):
        self.generator = np.random.default_rng([seed, plans, KINDS.index(kind)])
        if kind == "slippage":
            self.goals = np.full(plans, 1.0 - 1.05 * WITHIN)
            self.kept = np.full(plans, 0.97)
            self.goals[0] = 1.0
            self.goals[plans // 2 :], self.kept[plans // 2 :] = 1.0 + 2.0 * WITHIN, 0.85
        else:
            self.goals = self.generator.normal(1.0, 3.0 * WITHIN, plans)
            self.kept = self.generator.uniform(0.8, 1.0, plans)
        self.drawn = []
        self.seed = seed

    def __call__(self, numbers, replications):
        """Return goal and delay of some plans in some replications, the same for the same numbers."""
        while len(self.drawn) < replications.stop:
            k = len(self.goals)
            shared, own = self.generator.standard_normal(2), self.generator.standard_normal((2, k))
            both = np.sqrt(SHARED) * shared[:, None] + np.sqrt(1.0 - SHARED) * own
            self.drawn.append(np.stack([self.goals + SPREAD * both[0], both[1] - ndtri(self.kept)], axis=-1))
        return np.stack(self.drawn[replications.start : replications.stop])[:, list(numbers)].swapaxes(0, 1)

    def is_true(self, selected, within):
        """Tell whether the statement about the plan named is true for an indifference zone."""
        named = selected.named
        rivals = self.goals[self.kept >= SHARE + LIMIT.margin]
        return bool(self.kept[named] >= SHARE and (rivals <= self.goals[named] + within).all())


def tried(kind, plans, macro):
    """Return how often the statement is true, in macro-replications of one configuration."""
    true, good, enough, named, replications = 0, 0, 0, 0, []
    for seed in range(FIRST_SEED, FIRST_SEED + macro):
        population = Population(kind, plans, seed)
        *references, today = population.generator.choice(plans, 4, replace=False).tolist()
        rules = Rules(CONFIDENCE, WITHIN, BUDGET)
        selected = GoodSelection(plans, [LIMIT], population, rules, references, today).run()
        replications.append(int(selected.replications.sum()))
        enough += selected.enough
        if selected.named is not None:
            named += 1
            true += population.is_true(selected, max(selected.within, WITHIN))
            good += population.is_true(selected, WITHIN)
    return {
        "kind": kind,
        "plans": plans,
        "macro": macro,
        "named": named,
        "true": true,
        "good": good,
        "enough": enough,
        "replications": float(np.median(replications)),
    }


def measure(macro):
    """Return the probability of good selection in all configurations, each in so many macro-replications."""
    rows = []
    for kind in KINDS:
        for plans in SIZES:
            rows.append(tried(kind, plans, macro))
            print(rows[-1], flush=True)
    good = chance_estimate(np.arange(sum(one["macro"] for one in rows)) < sum(one["good"] for one in rows))
    return {"rows": rows, "good": [good.mean, good.low, good.high], "confidence": CONFIDENCE}


if __name__ == "__main__":
    print(measure(20))
