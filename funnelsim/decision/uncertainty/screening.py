"""Which inputs matter at all: elementary effects after Morris."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.uncertainty.responses import Output, Respond

if TYPE_CHECKING:
    from funnelsim.arrays import FloatArray

LEVELS: Final = 4
TRAJECTORIES: Final = 12
WITHIN: Final = (0.05, 0.95)
"""Probabilities between which the inputs move: an end of a distribution may be far away."""
MATTERS: Final = 0.05  # of the largest mean effect: an input with less makes up about 1/400 of its variance
LARGEST_SEED: Final = 2**32 - 1


@dataclass(frozen=True)
class Effect:
    """What one input does to one output when it goes from its 5th to its 95th percentile.

    Attributes
    ----------
    output, input
        Numbers of the two, from 0.
    size
        Mean of the size of the elementary effects, μ*, scaled to the whole way, with its 95 % interval.
    mean
        Their mean: it is smaller than the size where the effect changes its sign.
    spread
        Their standard deviation: large beside the size where the effect is no straight line or depends on others.
    matters
        Whether the effect may be as large as a twentieth of the largest one.
    """

    output: int
    input: int
    size: Estimate
    mean: float
    spread: float
    matters: bool


def screened(
    inputs: int, respond: Respond, outputs: Sequence[Output], measures: Sequence[str], replications: int, seed: int
) -> list[Effect]:
    """Return the effect of each input on each output.

    All points of a trajectory meet the same vehicles, so that an effect is no luck of the traffic; each trajectory
    meets its own.

    Parameters
    ----------
    inputs
        How many inputs there are.
    respond
        What the plans give.
    outputs, measures
        What is looked at, and the names of the measures of `respond`.
    replications
        How many operations are simulated at each point.
    seed
        Random seed of the trajectories.

    References
    ----------
    Morris (1991), Factorial sampling plans for preliminary computational experiments, Technometrics 33.
    doi:10.1080/00401706.1991.10484804. Campolongo, Cariboni and Saltelli (2007), An effective screening design for
    sensitivity analysis of large models, Environmental Modelling & Software 22. doi:10.1016/j.envsoft.2006.10.004
    """
    from SALib.analyze import morris as analysis  # noqa: PLC0415  (heavy)
    from SALib.sample import morris as design  # noqa: PLC0415

    names = [str(number) for number in range(inputs)]
    problem = {"num_vars": inputs, "names": names, "bounds": [list(WITHIN)] * inputs}
    u: FloatArray = design.sample(problem, TRAJECTORIES, num_levels=LEVELS, seed=seed % LARGEST_SEED)
    trajectory = np.repeat(np.arange(TRAJECTORIES, dtype=np.int64), inputs + 1)
    values = respond(u, trajectory * replications, replications)
    found = []
    for number, output in enumerate(outputs):
        y = output.of(values, measures).mean(axis=1)
        effects = analysis.analyze(problem, u, y, num_levels=LEVELS, seed=seed % LARGEST_SEED)
        sizes, reach = np.array(effects["mu_star"], dtype=float), np.array(effects["mu_star_conf"], dtype=float)
        matters = (sizes + reach >= MATTERS * sizes.max()) & (sizes > 0.0)
        for place in range(inputs):
            low, high = max(0.0, sizes[place] - reach[place]), sizes[place] + reach[place]
            size = Estimate(float(sizes[place]), float(low), float(high), TRAJECTORIES)
            mean, spread = float(effects["mu"][place]), float(effects["sigma"][place])
            found.append(Effect(number, place, size, mean, spread, bool(matters[place])))
    return found


def matter(effects: Sequence[Effect], *outputs: int) -> list[int]:
    """Return the numbers of the inputs that matter to one of some outputs."""
    return sorted({one.input for one in effects if one.output in outputs and one.matters})
