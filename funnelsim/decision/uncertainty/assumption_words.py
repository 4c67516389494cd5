"""Uncertain inputs in a planner's words: what they are, and at which of their values something happens."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.uncertainty.distributions import kept_within
from funnelsim.decision.uncertainty.uncertain_input import AUC, UncertainInput
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.overrides import split_path
from funnelsim.units import PER_10K
from funnelsim.wording import number_text, share_text, two_digits

PREVALENCE: Final = "per_10k"
SCALE: Final = "scale"
_UNITS: Final = {"mean_s": "s", "capacity_vph": "vehicles/h", "half_life_h": "h"}


def value_at(one: UncertainInput, u: float) -> float:
    """Return the value of an input, or its factor on today's, below which it is with a probability."""
    return float(one.distribution.quantile(kept_within(np.array(u))))


def reading(one: UncertainInput, drawn: float, demand: Demand) -> str:
    """Return a value of an input as a planner reads it.

    Parameters
    ----------
    one
        The input.
    drawn
        Its value, or its factor on today's.
    demand
        The demand of the first plan: of a prevalence it tells which class carries most.
    """
    today, last = one.today, split_path(one.keys[0])[-1]
    name = ""
    if isinstance(today, Mapping):
        name = _leading(today, demand) if _is_prevalence(one) else next(iter(today))
    value = float(one.value(drawn, today)[name] if name else one.value(drawn, today))
    if _is_prevalence(one):
        return f"1 in {_one_in(value)} {_plural(name or last)}"
    if one.kind == "chance":
        return f"{share_text(value)} ({name})" if isinstance(today, Mapping) and len(today) > 1 else share_text(value)
    if name or (one.relative and last == SCALE):
        return f"{number_text(drawn, 3)} times today's"
    return f"{value:.2f}" if last == AUC else f"{number_text(value, 3)} {_UNITS.get(last, '')}".rstrip()


def likely(one: UncertainInput, demand: Demand) -> tuple[str, str, str]:
    """Return the 5th, 50th and 95th percentile of an input in words."""
    low, middle, high = (reading(one, float(one.distribution.quantile(np.array(u))), demand) for u in (0.05, 0.5, 0.95))
    return low, middle, high


def condition(one: UncertainInput, at: Estimate, *, above: bool, demand: Demand) -> str:
    """Return in which values of an input something holds, with the interval of the threshold.

    Parameters
    ----------
    one
        The input.
    at
        Probability that it lies below the threshold, with its interval.
    above
        Whether it holds above the threshold.
    demand
        As in `reading`.
    """
    rarer = _is_prevalence(one)
    middle, low, high = (reading(one, value_at(one, u), demand) for u in (at.mean, at.low, at.high))
    _, blank, unit = middle.removeprefix("1 in ").partition(" ")
    unit = f"{blank}{unit}"
    low, high = (end.removesuffix(unit) for end in (low, high))
    between = f" ({low} to {high})" if low != high else ""
    if rarer:
        return f"{one.name} {'more' if above else 'less'} than {middle}{between}"
    return f"{one.name} {'above' if above else 'below'} {middle}{between}"


def _is_prevalence(one: UncertainInput) -> bool:
    """Return whether an input is how often there is a target: in all classes that have any, or in one."""
    return PREVALENCE in split_path(one.keys[0])[-2:]


def _leading(today: Mapping[str, float], demand: Demand) -> str:
    """Return the class that carries most targets."""
    vehicles = dict(zip(demand.classes, demand.vehicles.sum(axis=0).tolist(), strict=True))
    return max(today, key=lambda name: today[name] * vehicles.get(name, 0.0))


def _plural(name: str) -> str:
    """Return the plural of a class.

    Examples
    --------
    >>> _plural("van"), _plural("lorry"), _plural("coach")
    ('vans', 'lorries', 'coaches')
    """
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("ch", "sh", "s", "x")) else f"{name}s"


def _one_in(per_10k: float) -> str:
    """Return among how many vehicles there is one, with two digits.

    Examples
    --------
    >>> _one_in(6.0), _one_in(0.25)
    ('1,700', '40,000')
    """
    return f"{two_digits(round(PER_10K / per_10k)):,}"
