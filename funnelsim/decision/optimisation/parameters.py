"""The parameters of the search: how the keys that may change are written for Optuna, and read again as a plan."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from funnelsim.decision.optimisation.question import Question, settable
from funnelsim.experiments.vary import Factor, Point
from funnelsim.scenario.toml_text import value_text

if TYPE_CHECKING:
    import optuna

Parameters = dict[str, Any]
"""By factor its value, the number of its level where levels are in order, or else the text of its level."""

SUSPEND, LIFT = "selection.valve.suspend_at_m", "selection.valve.lift_at_m"


def parameters_of(factors: Sequence[Factor], values: Point) -> Parameters:
    """Return values as the search has them: the nearest that may be chosen."""
    found: Parameters = {}
    for factor in factors:
        name = name_of(factor)
        wanted = tuple(values[key] for key in factor.keys)
        if factor.span is not None:
            low, high = factor.span
            # Without a mark the valve never shuts: the farthest mark comes nearest to that.
            value = wanted[0] if isinstance(wanted[0], int | float) else high
            found[name] = min(max(value, low), high)
            if factor.whole:
                found[name] = int(found[name])
        elif is_ordered(factor):
            found[name] = min(range(len(factor.levels)), key=lambda k: _distance(factor.levels[k], wanted))
        else:
            found[name] = value_text(list(wanted if wanted in factor.levels else factor.levels[0]))
    return found


def decoded(question: Question, trial: "optuna.Trial") -> Point:
    """Ask the search for a plan and return its values by key, as a planner would set them.

    Today's values stay as they are, however many digits they have.
    """
    values: Point = {}
    factors = question.factors
    for factor in factors:
        name = name_of(factor)
        if factor.span is not None:
            low, high = factor.span
            if factor.whole:
                values[name] = trial.suggest_int(name, int(low), int(high))
            else:
                value = trial.suggest_float(name, low, high)
                is_today = value == question.today[name]
                values[name] = value if is_today else min(max(settable(name, value), low), high)
            continue
        if is_ordered(factor):
            level = factor.levels[trial.suggest_int(name, 0, len(factor.levels) - 1)]
        else:
            texts = [value_text(list(level)) for level in factor.levels]
            level = factor.levels[texts.index(trial.suggest_categorical(name, texts))]
        values |= dict(zip(factor.keys, level, strict=True))
    if LIFT in values and SUSPEND in values and any(LIFT in one.keys and one.span for one in factors):
        values[LIFT] = max(values[LIFT], values[SUSPEND])  # half of all pairs would be no plan
    return values


def name_of(factor: Factor) -> str:
    """Return the name of a factor's parameter."""
    return "+".join(factor.keys)


def is_ordered(factor: Factor) -> bool:
    """Tell whether the levels are numbers in order, between which neighbours are alike."""
    firsts = [level[0] for level in factor.levels]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in firsts)
    return numbers and firsts == sorted(firsts)


def _distance(level: Sequence[Any], wanted: Sequence[Any]) -> float:
    return sum(
        abs(one - other) if isinstance(one, int | float) and isinstance(other, int | float) else float(one != other)
        for one, other in zip(level, wanted, strict=True)
    )
