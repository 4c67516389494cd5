"""How much of the variance of an output each input makes up: Sobol indices."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.analysis.estimates import Estimate
from funnelsim.arrays import FloatArray
from funnelsim.decision.uncertainty.distributions import Distribution, kept_within
from funnelsim.decision.uncertainty.emulator import Emulator, drawn_by
from funnelsim.decision.uncertainty.screening import LARGEST_SEED

BASE: Final = 1_024  # points of the first sample; a power of two
DRAWS: Final = 24  # of the emulators of an output
RESAMPLES: Final = 40  # of the bootstrap of each draw
Z_95: Final = 1.96


@dataclass(frozen=True)
class Index:
    """The share of the variance of one output that one input makes up.

    Attributes
    ----------
    output, input
        Numbers of the two, from 0.
    first
        Share that it makes up alone: what the variance would lose on average if the input were known.
    total
        Share in which it takes part: what would be left on average if all others were known.
    """

    output: int
    input: int
    first: Estimate
    total: Estimate


def coordinates(u: FloatArray, distributions: Sequence[Distribution]) -> FloatArray:
    """Return the coordinates of points for the emulator, shape (points, inputs)."""
    within = kept_within(u)
    return np.column_stack([one.coordinate(within[:, place]) for place, one in enumerate(distributions)])


def indices_of(
    output: int, fits: Sequence[Emulator], columns: Sequence[int], distributions: Sequence[Distribution], seed: int
) -> list[Index]:
    """Return the indices of the inputs that the emulators of an output have.

    They are calculated on draws from the emulators, each of which is what the output may be. The interval holds both
    what the emulators do not know, from the scatter of the draws, and what a sample of finite size misses, from
    SALib's bootstrap.

    Parameters
    ----------
    output
        Number of the output.
    fits
        Its emulator, or several that are as likely.
    columns
        Numbers of the inputs that they have.
    distributions
        Of these inputs.
    seed
        Random seed.

    References
    ----------
    Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications 181.
    doi:10.1016/j.cpc.2009.09.018
    """
    from SALib.analyze import sobol as analysis  # noqa: PLC0415  (heavy)
    from SALib.sample import sobol as design  # noqa: PLC0415

    names = [str(number) for number in columns]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    generator = np.random.default_rng([seed, output])
    whole = seed % LARGEST_SEED + 1
    u = design.sample(problem, BASE, calc_second_order=False, seed=whole)
    x = coordinates(u, distributions)
    draws = drawn_by(fits, x, DRAWS, generator)
    found = [
        analysis.analyze(problem, draw, calc_second_order=False, num_resamples=RESAMPLES, seed=whole) for draw in draws
    ]
    return [
        Index(output, column, *(_estimate(found, name, place) for name in ("S1", "ST")))
        for place, column in enumerate(columns)
    ]


def _estimate(found: Sequence[dict[str, FloatArray]], name: str, place: int) -> Estimate:
    """Return an index with its interval, from those of all draws; it lies between 0 and 1."""
    values = np.array([one[name][place] for one in found])
    sampled = np.array([one[f"{name}_conf"][place] for one in found]) / Z_95
    mean = float(np.clip(values.mean(), 0.0, 1.0))
    reach = Z_95 * math.sqrt(float(values.var(ddof=1) + np.mean(sampled**2)))
    return Estimate(mean, max(0.0, mean - reach), min(1.0, mean + reach), len(values))
