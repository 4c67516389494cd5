"""The question of an optimisation: what may change, what is wanted, and what must be kept."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.analysis.catalogue import Ratio, measure_named
from funnelsim.analysis.limits import limits_of_plans
from funnelsim.decision.bound import Bound
from funnelsim.decision.requirement import Requirement
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.circumstances import is_circumstance
from funnelsim.experiments.identical_points import base_values_of
from funnelsim.experiments.vary import Factor, Point, factors_of
from funnelsim.scenario.decide import Decide
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text

FOUND: Final = "expected_detections"
COST: Final = "staff_cost"
OF_FRONT: Final = (FOUND, "delay_p95_s", "officer_h")
RATE: Final = ("selection", "rate")
MARKS: Final = ("suspend_at_m", "lift_at_m")
FREE_RATE: Final = 3.0  # times the larger of today's rate and the fluid plan's
LEAST_RATE: Final = 0.05
FREE_MARK: Final = (0.5, 2.0)  # times today's mark
NEW_MARK: Final = (0.1, 1.0)  # times the way to the critical point, where there is no mark
DIGITS: Final = 3  # of a number that is searched in between: planners do not set a rate to 0.273918


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked.

    Attributes
    ----------
    decide
        The table of the scenario.
    factors
        What may change.
    requirements
        What a plan must keep.
    today, fluid
        The values of the scenario itself, and of the fluid plan, for the keys that may change.
    """

    decide: Decide
    factors: tuple[Factor, ...]
    requirements: tuple[Requirement, ...]
    today: Point
    fluid: Point

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that may change."""
        return tuple(key for factor in self.factors for key in factor.keys)

    @property
    def signs(self) -> tuple[float, ...]:
        """Of each objective, 1 where more of it is better, else -1."""
        return {"most_found": (1.0,), "least_cost": (-1.0,), "front": (1.0, -1.0, -1.0)}[self.decide.goal]

    @property
    def measures(self) -> tuple[str, ...]:
        """The objectives, then what the requirements are about."""
        objectives = {"most_found": (FOUND,), "least_cost": (COST,), "front": OF_FRONT}[self.decide.goal]
        return (*objectives, *(one.measure for one in self.requirements))

    @property
    def replications(self) -> int:
        """How many operations may be simulated to find the plan."""
        return self.decide.replications

    @property
    def number(self) -> float:
        """How many plans there are to choose from; infinite where a key is searched in between."""
        return math.prod(len(factor.levels) or math.inf for factor in self.factors)


def question_of(
    scenario: Scenario,
    bound: Bound,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None = None,
    replications: int | None = None,
) -> Question:
    """Return the question that a scenario's `[decide]` asks.

    Parameters
    ----------
    scenario, bound
        The scenario, and its bound.
    vary
        What may change instead, as in `funnelsim.sweep`.
    replications
        How many operations may be simulated instead.

    Raises
    ------
    FunnelsimError
        With all problems.
    """
    given = (scenario.decide or Decide()).model_dump(exclude_unset=True)
    decide = Decide(**given if replications is None else given | {"replications": replications})
    factors = tuple(factors_of(vary or decide.vary or _by_default(scenario, bound)))
    keys = [key for factor in factors for key in factor.keys]
    if problems := [*_problems_of_keys(keys), *_problems_of_bounds(decide)]:
        raise FunnelsimError(problems)
    today = base_values_of(scenario, keys)
    for key in keys:  # a class without a rate of its own has that of all others
        path = split_path(key)
        if today[key] is None and tuple(path[:-1]) == RATE:
            today[key] = _rate_today(scenario, path[-1])
    return Question(decide, factors, tuple(_requirements(scenario, decide)), today, _fluid(bound, keys, today))


def _problems_of_keys(keys: Sequence[str]) -> Iterator[Problem]:
    where = "decide.vary"
    if not keys:
        yield Problem(where, "nothing may change; allowed: KEY=VALUES, such as selection.rate.van=0:0.5")
    for key in dict.fromkeys(keys):
        if is_circumstance(key):
            yield Problem(f"{where} {key}", "nobody chooses this; allowed: what a planner decides (vary it in a sweep)")
        if keys.count(key) > 1:
            yield Problem(f"{where} {key}", "varied twice; allowed: each key once")


def _problems_of_bounds(decide: Decide) -> Iterator[Problem]:
    for name in decide.at_most:
        try:
            if isinstance(measure_named(name).kind, Ratio):
                yield Problem(f"decide.at_most.{name}", "is a ratio of two measures; allowed: measures that are none")
        except FunnelsimError as error:
            yield Problem(f"decide.at_most.{name}", error.problems[0].message)


def _requirements(scenario: Scenario, decide: Decide) -> Iterator[Requirement]:
    for limit in limits_of_plans(scenario.limits):
        yield Requirement(
            f"limits.{limit.key}", limit.measure, float(limit.values[0]), in_share=float(limit.wanted[0])
        )
    if decide.find_at_least is not None:
        yield Requirement("decide.find_at_least", FOUND, decide.find_at_least, at_least=True)
    for name, most in decide.at_most.items():
        yield Requirement(f"decide.at_most.{name}", name, float(most))


def _by_default(scenario: Scenario, bound: Bound) -> dict[str, str]:
    """Return what may change where nothing is said: the rates of classes that carry something, and the valve's marks."""
    vary = {}
    for name, rate in zip(bound.classes, bound.rates[0].tolist(), strict=True):
        today = _rate_today(scenario, name)
        carries = any(target.per_10k.get(name, 0.0) > 0.0 for target in scenario.targets)
        if carries and not (rate == 0.0 and today == 0.0):
            most = min(1.0, max(FREE_RATE * max(rate, today), LEAST_RATE))
            vary[path_text((*RATE, name))] = f"0:{most:.2g}"
    for name in MARKS:
        mark = getattr(scenario.selection.valve, name)
        (least, most), metres = (FREE_MARK, mark) if mark is not None else (NEW_MARK, scenario.approach.critical_m)
        vary[f"selection.valve.{name}"] = f"{least * metres:g}:{most * metres:g}"
    return vary


def _rate_today(scenario: Scenario, of_class: str) -> float:
    rates = scenario.selection.rate
    return float(rates.get(of_class, rates.get("default", 0.0)))


def _fluid(bound: Bound, keys: Sequence[str], today: Point) -> Point:
    """Return the values of the fluid plan: the rates of the bound, everything else as it is."""
    rates = dict(zip(bound.classes, bound.rates[0].tolist(), strict=True))
    paths = {key: tuple(split_path(key)) for key in keys}
    return {
        key: rounded(rates[path[-1]]) if path[:-1] == RATE and path[-1] in rates else today[key]
        for key, path in paths.items()
    }


def rounded(value: float) -> float:
    """Return a number with the digits that a planner would set.

    Examples
    --------
    >>> rounded(0.273918), rounded(1873.2), rounded(0.0)
    (0.274, 1870.0, 0.0)
    """
    return float(f"{value:.{DIGITS}g}")
