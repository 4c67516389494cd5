"""How many targets any plan of a question could find: the largest bound of those whose bounds may differ."""

import itertools
import math
from collections.abc import Sequence
from typing import Any, Final

from funnelsim.decision.fluid.bound import Bound
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.vary import Factor
from funnelsim.scenario.overrides import split_path

MOST_BOUNDS: Final = 16  # that are solved, half a second each: of more plans nothing is said beforehand
MATTERS: Final = ("look", "post", "watchlist")
"""Keys of `selection` on which a bound depends; it holds for all rules, rates and valves."""


def most_found(planner: PointPlanner, factors: Sequence[Factor], today: Bound) -> float:
    """Return how many targets no plan of a question exceeds on average; infinity where that takes too many bounds.

    Parameters
    ----------
    planner
        Derives the scenarios of plans.
    factors
        What may change.
    today
        The bound of today's plan.
    """
    ends = [[_largest(factor)] if _adds_supply(factor) else factor.levels for factor in factors if _matters(factor)]
    if not ends:
        return today.finds
    if not all(ends) or math.prod(map(len, ends)) > MOST_BOUNDS:
        return math.inf
    keys = [key for factor in factors if _matters(factor) for key in factor.keys]
    bounds = Bounds()
    found = []
    for levels in itertools.product(*ends):
        values = dict(zip(keys, itertools.chain(*levels), strict=True))
        try:
            found.append(bounds.of(planner.scenario_of(values)).finds)
        except FunnelsimError:  # another key may put this plan right
            return math.inf
    return max(found)


def _largest(factor: Factor) -> tuple[Any, ...]:
    """Return the largest value of each key: no plan has more of any supply."""
    if factor.span is not None:
        return (factor.span[1],)
    return tuple(map(max, zip(*factor.levels, strict=True)))


def _adds_supply(factor: Factor) -> bool:
    """Tell whether all keys are numbers of officers, bays, waiting spaces or equipment: more of them never find less.

    They stand on the right-hand side of the linear program.
    """
    return all(_is_supply(split_path(key)) for key in factor.keys) and all(
        isinstance(value, int) for level in (factor.levels or [factor.span or ()]) for value in level
    )


def _is_supply(path: Sequence[str]) -> bool:
    match tuple(path):
        case ("area", "bays" | "waiting") | ("staffing", "roster", _, "count") | ("equipment", _):
            return True
        case ("equipment", _, "count"):
            return True
        case _:
            return False


def _matters(factor: Factor) -> bool:
    """Tell whether a bound depends on a key."""
    for key in factor.keys:
        path = tuple(split_path(key))
        own = path[2:] if path[0] == "funnels" else path
        if own[:1] != ("selection",) or own[1:2] == () or own[1] in MATTERS:
            return True
    return False
