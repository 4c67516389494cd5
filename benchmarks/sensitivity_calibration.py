"""How often the probabilities of `funnelsim sensitivity` are right: 200 random pairs of plans whose truth is known.

Each pair has 3 to 8 inputs and a difference of slopes, curves and interactions, so large that the probability that the
first plan is best is spread evenly over 0 to 1. An operation gives it with noise, 0.3 to 5 times as large as the
difference varies, and larger in some circumstances than in others. The pairs go through the code of the command.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported

import json
import math
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.special import ndtri

from funnelsim.decision.uncertainty.distributions import LogNormal, Uniform, kept_within
from funnelsim.decision.uncertainty.sensitivity import findings_of
from funnelsim.plots.style import DARK, INK, LIGHT, MIDDLE, WARM, house_style

HERE = Path(__file__).parent
RESULTS = HERE / "sensitivity_calibration.json"
FIGURE = HERE.parent / "docs" / "figures" / "sensitivity_reliability.svg"
PAIRS, POINTS, REPLICATIONS = 200, 512, 8
CIRCUMSTANCES = 200_000  # from which the truth is known
BINS = 10
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
    found = findings_of(pair.distributions, pair.respond, 2, ["found"], POINTS, REPLICATIONS, number + 1)
    best = found.choice.best[0]
    return {
        "stated": best.mean,
        "low": best.low,
        "high": best.high,
        "true": pair.truth,
        "happens": pair.happens,
        "noise": pair.noise / pair.scale,
        "unmodelled": float(np.mean(found.values[:, 0] < 0.0)),
    }


def summary(pairs):
    """Return how far statements are from the truth, with and without the emulator, and how often intervals hold it."""
    of = {name: np.array([one[name] for one in pairs], dtype=float) for name in pairs[0]}
    slack = 0.5 / math.sqrt(CIRCUMSTANCES)  # the truth is itself a sample
    held = (of["low"] - slack <= of["true"]) & (of["true"] <= of["high"] + slack)
    order = np.argsort(of["stated"])
    bins = []
    generator = np.random.default_rng(SEED)
    for part in np.array_split(order, BINS):
        chances = of["stated"][part]
        if_right = (generator.uniform(size=(10_000, len(part))) < chances).mean(axis=1)
        low, high = np.quantile(if_right, [0.025, 0.975])
        happened = float(of["happens"][part].mean())
        bins.append({"stated": float(chances.mean()), "happened": happened, "low": float(low), "high": float(high)})
    return {
        "pairs": len(pairs),
        "held": float(held.mean()),
        "error": float(np.sqrt(np.mean((of["stated"] - of["true"]) ** 2))),
        "bias_from_half": float(np.mean((of["stated"] - of["true"]) * np.sign(of["true"] - 0.5))),
        "error_unmodelled": float(np.sqrt(np.mean((of["unmodelled"] - of["true"]) ** 2))),
        "bias_from_half_unmodelled": float(np.mean((of["unmodelled"] - of["true"]) * np.sign(of["true"] - 0.5))),
        "outside_band": sum(not one["low"] <= one["happened"] <= one["high"] for one in bins),
        "bins": bins,
    }


@house_style()
def drawn(pairs, found):
    """Draw the reliability diagram, and beside it each probability against the truth."""
    figure = Figure(figsize=(6.7, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes in (left, right):
        axes.plot([0, 1], [0, 1], color=WARM, linewidth=1.0, zorder=1)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.set_aspect("equal")
        axes.set_xlabel("Stated probability that the first plan is best")
    x = [one["stated"] for one in found["bins"]]
    left.fill_between(
        x, *([one[end] for one in found["bins"]] for end in ("low", "high")), color=LIGHT, label="95 % band"
    )
    left.plot(
        x, [one["happened"] for one in found["bins"]], "o-", color=DARK, markersize=4, label=f"{BINS} groups of pairs"
    )
    left.set_ylabel("Frequency with which it is")
    left.set_title(f"One circumstance of each of {len(pairs)} pairs")
    left.legend(loc="lower right")
    without = [one["unmodelled"] for one in pairs]
    true = [one["true"] for one in pairs]
    right.plot(without, true, "x", color=MIDDLE, markersize=3.5, label="share of noisy points")
    for one in pairs:
        right.plot([one["low"], one["high"]], [one["true"]] * 2, color=INK, linewidth=0.6)
    right.plot(
        [one["stated"] for one in pairs], true, "o", color=DARK, markersize=2.5, label="stated, with its interval"
    )
    right.set_ylabel("True probability")
    right.set_title("Each pair against the truth")
    right.legend(loc="lower right")
    figure.savefig(FIGURE, metadata={"Date": None})


def main():
    with ProcessPoolExecutor(2) as workers:
        pairs = list(workers.map(stated, range(PAIRS), chunksize=5))
    found = summary(pairs)
    RESULTS.write_text(json.dumps(found | {"each": pairs}, indent=1) + "\n", encoding="utf-8")
    drawn(pairs, found)
    print(json.dumps({name: value for name, value in found.items() if name != "bins"}, indent=1))


if __name__ == "__main__":
    main()
