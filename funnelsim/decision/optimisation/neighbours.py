"""Neighbours of a plan: one key is changed by a step, or two keys are."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from funnelsim.decision.optimisation.parameters import Parameters, is_ordered, name_of
from funnelsim.experiments.vary import Factor
from funnelsim.scenario.toml_text import value_text

SHARE_OF_TWO: Final = 0.4  # of the neighbours: two keys are changed
LONGEST, HALVINGS = 0.25, 4.0  # the longest step in a range, and how often it is halved at most


def neighbour(factors: Sequence[Factor], plan: Parameters, generator: np.random.Generator) -> Parameters:
    """Return a neighbour of a plan, drawn at random: the plan itself where a key cannot be changed.

    One key is changed, at times two: where both are numbers, the one goes up and the other down, as an officer moves
    from one shift to another. Values in order go to the next one, numbers in a range by a step of at most a quarter
    of it, and of choices without an order another one is taken.

    Parameters
    ----------
    factors
        What may change.
    plan
        Its parameters.
    generator
        Draws the keys and the steps.

    References
    ----------
    Hutter, Hoos, Leyton-Brown and Stuetzle (2009), ParamILS, doi:10.1613/jair.2861: local search in the one-exchange
    neighbourhood.
    """
    found = dict(plan)
    two = len(factors) > 1 and generator.random() < SHARE_OF_TWO
    up = bool(generator.integers(2))
    for number in generator.choice(len(factors), 2 if two else 1, replace=False).tolist():
        _change(found, factors[number], generator, up=up)
        up = not up
    return found


def _change(plan: Parameters, factor: Factor, generator: np.random.Generator, *, up: bool) -> None:
    """Change one parameter by a step up or down, the other way at the end of its range."""
    name = name_of(factor)
    if factor.span is None and not is_ordered(factor):
        others = [text for level in factor.levels if (text := value_text(list(level))) != plan[name]]
        plan[name] = others[int(generator.integers(len(others)))] if others else plan[name]
        return
    low, high = factor.span or (0.0, len(factor.levels) - 1.0)
    step = LONGEST * (high - low) * 0.5 ** generator.uniform(0.0, HALVINGS)
    if factor.span is None:
        step = 1
    elif factor.whole:
        step = max(1, round(step))
    for signed in (step, -step) if up else (-step, step):
        if low <= plan[name] + signed <= high:
            plan[name] += signed
            return
