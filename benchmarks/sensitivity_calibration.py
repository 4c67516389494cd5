"""How often the probabilities of `funnelsim sensitivity` are right: 200 random pairs of plans whose truth is known.

Each pair has 3 to 8 inputs and a difference of slopes, curves and interactions, so large that the probability that the
first plan is best is spread evenly over 0 to 1. An operation gives it with noise, 0.3 to 5 times as large as the
difference varies, and larger in some circumstances than in others. The pairs go through the code of the command.
"""

import json
import math
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from scipy.special import ndtri
from sensitivity_reliability import RESULTS, draw, summary

from funnelsim.decision.uncertainty.distributions import LogNormal, Uniform, kept_within
from funnelsim.decision.uncertainty.sensitivity import findings_of
from funnelsim.experiments.executor import InProcessExecutor

PAIRS, POINTS, REPLICATIONS = 200, 512, 8
CIRCUMSTANCES = 200_000  # from which the truth is known
SEED = 20_26


class Pair:
    """Two plans whose difference is known."""

    def __init__(self, number):
        generator = np.random.default_rng([SEED, number])
        self.number, self.inputs = number, int(generator.integers(3, 9))
        sizes = generator.dirichlet(np.full(self.inputs, 0.7))
        self.slopes = np.sqrt(sizes) * generator.choice([-1.0, 1.0], self.inputs)
        self.bends = self.slopes * generator.uniform(-0.6, 0.6, self.inputs)
        self.waves = self.slopes * generator.uniform(-0.6, 0.6, self.inputs)
        self.crossed = generator.choice(self.inputs, 2, replace=False)
        self.cross = 0.4 * generator.standard_normal()
        self.distributions = [
            LogNormal(2.0) if 2.0 * generator.uniform() < 1.0 else Uniform(0.0, 1.0) for _ in range(self.inputs)
        ]
        self.shift = 0.0
        u = generator.uniform(size=(CIRCUMSTANCES, self.inputs))
        values = self.difference(u)
        self.shift = -float(np.quantile(values, generator.uniform()))
        self.scale = float(values.std())
        self.truth = float(np.mean(values + self.shift < 0.0))
        self.happens = bool(self.difference(generator.uniform(size=(1, self.inputs)))[0] < 0.0)
        self.noise = self.scale * math.exp(generator.uniform(math.log(0.3), math.log(5.0)))

    def difference(self, u):
        """Return how much more the second plan finds, shape (points,)."""
        within = kept_within(u)
        x = np.column_stack([one.coordinate(within[:, place]) for place, one in enumerate(self.distributions)])
        first, second = self.crossed
        made = x @ self.slopes + (x**2 - 1.0) @ self.bends + np.sin(2.0 * x) @ self.waves
        return made + self.cross * x[:, first] * x[:, second] + self.shift

    def respond(self, u, first, replications):
        """Return what both plans give in some operations."""
        exact = self.difference(u)
        uneven = self.noise * np.exp(0.3 * ndtri(np.clip(u[:, 0], 0.01, 0.99)))
        made = np.zeros((len(u), replications, 2, 1))
        for point, number in enumerate(first.tolist()):
            normal = np.random.default_rng([SEED, self.number, number]).standard_normal(replications)
            made[point, :, 1, 0] = exact[point] + uneven[point] * normal
        return made


def stated(number):
    """Return what is stated about a pair, and what is true."""
    pair = Pair(number)
    found = findings_of(
        pair.distributions, pair.respond, 2, ["found"], POINTS, REPLICATIONS, number + 1, InProcessExecutor()
    )
    best = found.choice.best[0]
    return {
        "stated": best.mean,
        "low": best.low,
        "high": best.high,
        "true": pair.truth,
        "happens": pair.happens,
        "noise": pair.noise / pair.scale,
        "unmodelled": float(np.mean(found.values[:, 0] < 0.0)),
        "circumstances": CIRCUMSTANCES,
    }


def main():
    with ProcessPoolExecutor(2) as workers:
        pairs = list(workers.map(stated, range(PAIRS), chunksize=5))
    found = summary(pairs)
    RESULTS["functions"].write_text(json.dumps(found | {"each": pairs}, indent=1) + "\n", encoding="utf-8")
    draw()
    print(json.dumps({name: value for name, value in found.items() if name != "bins"}, indent=1))


if __name__ == "__main__":
    main()
