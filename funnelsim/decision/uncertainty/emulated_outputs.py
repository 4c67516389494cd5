"""Outputs that vary: the emulators of each, and the indices of its inputs."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.uncertainty.distributions import Distribution
from funnelsim.decision.uncertainty.emulator import Emulator, noise_variances
from funnelsim.decision.uncertainty.indices import Index, indices_of
from funnelsim.decision.uncertainty.responses import KEPT, Output
from funnelsim.decision.uncertainty.screening import Effect, matter
from funnelsim.experiments.executor import as_finished

SEVERAL: Final = 4  # emulators of the chance of a limit, whose shape few points tell


@dataclass(frozen=True, eq=False)
class Emulated:
    """What is known of an output.

    Attributes
    ----------
    columns
        Numbers of the inputs that matter to it.
    fits
        Its emulator, or several that are as likely.
    indices
        The indices of these inputs.
    """

    columns: list[int]
    fits: list[Emulator]
    indices: list[Index]


def emulated_outputs(
    outputs: Sequence[Output],
    measures: Sequence[str],
    effects: Sequence[Effect],
    values: FloatArray,
    x: FloatArray,
    distributions: Sequence[Distribution],
    seed: int,
    executor: Executor,
) -> tuple[dict[int, Emulated], list[float]]:
    """Return by number what is known of each output that varies, and of all outputs the share of noise.

    Parameters
    ----------
    outputs, measures, effects
        The outputs, the measures of their values, and what the screening has seen.
    values
        What the plans give, as from a `Respond`.
    x
        Coordinates of the points, shape (points, inputs).
    distributions, seed
        Of the inputs, and the random seed.
    executor
        Where the outputs are analysed, each by itself.
    """
    tasks, noise_shares = [], []
    for number, output in enumerate(outputs):
        of_limit = output.measure.startswith(KEPT)
        of_output = output.of(values, measures)
        # The screening hardly sees what moves the chance of a limit that is seldom kept, or seldom broken.
        columns = matter(effects, *(range(len(outputs)) if of_limit else [number]))
        mean, noise = of_output.mean(axis=1), noise_variances(x[:, columns], of_output)
        noise_shares.append(float(min(1.0, noise.mean() / mean.var())) if mean.var() > 0.0 else 0.0)
        if columns and mean.std() > 0.0:
            known = x[:, columns], mean, noise
            fits = SEVERAL if of_limit else 1
            tasks.append((_emulated, number, columns, known, fits, distributions, seed))
    waiting = iter(tasks)
    found = dict(as_finished(executor, lambda: next(waiting, None), len(tasks)))
    return {number: found[number] for number in sorted(found)}, noise_shares


def _emulated(
    number: int,
    columns: list[int],
    known: tuple[FloatArray, FloatArray, FloatArray],
    fits: int,
    distributions: Sequence[Distribution],
    seed: int,
) -> tuple[int, Emulated]:
    generator = np.random.default_rng([seed, 4, number])
    made = [Emulator.of(*known)] if fits == 1 else Emulator.several(fits, *known, generator)
    indices = indices_of(number, made, columns, [distributions[place] for place in columns], seed)
    return number, Emulated(columns, made, indices)
