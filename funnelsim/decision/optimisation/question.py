"""The question of an optimisation: what may change, what is wanted, and what must be kept."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.analysis.catalogue import Ratio, check_measures, measure_named
from funnelsim.analysis.limits import SHARE_WANTED, limits_of_plans
from funnelsim.analysis.measures import measure_names
from funnelsim.decision.fluid.bound import Bound
from funnelsim.decision.fluid.free_keys import by_default, is_rate, of_funnel, rate_today
from funnelsim.decision.fluid.reachable import most_found
from funnelsim.decision.optimisation.requirement import Requirement
from funnelsim.decision.something_to_find import NOTHING_TO_FIND, anything_to_find
from funnelsim.errors import FunnelsimError, PlanError, Problem, ScenarioError
from funnelsim.experiments.arguments import not_whole
from funnelsim.experiments.circumstances import is_circumstance
from funnelsim.experiments.identical_points import base_values_of
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.vary import Factor, Point, factors_of
from funnelsim.model.plan import Plan
from funnelsim.scenario.decide import FEWEST_REPLICATIONS, MOST_REPLICATIONS, Decide
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import number_text

FOUND: Final = "expected_detections"
COST: Final = "staff_cost"
OF_FRONT: Final = (FOUND, "delay_p95_s", "officer_h")
VARY: Final = "decide.vary"
TYPED: Final = "--vary"
MOST_CHECKED: Final = 100  # values of a key that are tried alone before anything runs
DIGITS: Final = 3  # of a number that is searched in between
DIGITS_OF_RATE: Final = 2  # officers cannot tell 27.4 % from 27 %
SMALLEST_RATE: Final = 0.001  # of a rate that is searched in between: nobody selects one vehicle of 1,000


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
    where
        Where it stands what may change: `--vary`, or `decide.vary` of the scenario.
    """

    decide: Decide
    factors: tuple[Factor, ...]
    requirements: tuple[Requirement, ...]
    today: Point
    fluid: Point
    where: str = VARY

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
    def tie(self) -> int | None:
        """Place among the measures of what ranks plans with the same goal: of equal costs, the targets found."""
        return self.measures.index(FOUND) if self.decide.goal == "least_cost" else None

    @property
    def replications(self) -> int:
        """How many operations may be simulated to find the plan."""
        return self.decide.replications

    @property
    def number(self) -> float:
        """How many plans there are to choose from; infinite where a key is searched in between."""
        return math.prod(len(factor.levels) or math.inf for factor in self.factors)

    def identity(self, values: Point) -> str:
        """Return a text that is the same for equal plans: today's values stand for what is not changed, 1 is 1.0."""
        whole = {**self.today, **values}
        return repr([float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in whole.values()])


def question_of(
    scenario: Scenario,
    plan: Plan,
    bound: Bound,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None = None,
    replications: int | None = None,
) -> Question:
    """Return the question that a scenario's `[decide]` asks.

    Parameters
    ----------
    scenario, plan, bound
        The scenario, its plan and its bound.
    vary
        What may change instead, as in `funnelsim.sweep`.
    replications
        How many operations may be simulated instead.

    Raises
    ------
    FunnelsimError
        With all problems.
    """
    if replications is not None and (
        wrong := not_whole("replications", replications, FEWEST_REPLICATIONS, MOST_REPLICATIONS)
    ):
        raise FunnelsimError([wrong])
    given = (scenario.decide or Decide()).model_dump(exclude_unset=True)
    decide = Decide(**given if replications is None else given | {"replications": replications})
    where = TYPED if vary else VARY
    free = decide.vary or by_default(scenario, bound)
    factors = tuple(factors_of(vary) if vary else factors_of(free, VARY))
    keys = [key for factor in factors for key in factor.keys]
    problems = [*_problems_of_scenario(scenario), *_problems_of_bounds(decide, plan), *_problems_of_keys(keys, where)]
    planner = PointPlanner(scenario)
    for factor in factors:
        if not any(is_circumstance(key) for key in factor.keys):
            problems += _problems_of_values(planner, factor, where)
    if not problems:
        problems += _problems_of_least(decide, most_found(planner, factors, bound))
    if problems:
        raise FunnelsimError(problems)
    today = values_today(scenario, keys)
    return Question(decide, factors, tuple(_requirements(scenario, decide)), today, _fluid(bound, keys, today), where)


def values_today(scenario: Scenario, keys: Sequence[str]) -> Point:
    """Return the values that hold for some keys: a class without a rate of its own has that of all others."""
    today = base_values_of(scenario, keys)
    for key in keys:
        funnel, path = of_funnel(key)
        if today[key] is None and is_rate(path):
            today[key] = rate_today(scenario.per_funnel[funnel].selection, path)
    return today


def _problems_of_scenario(scenario: Scenario) -> Iterator[Problem]:
    if not anything_to_find(scenario):
        yield Problem("targets", NOTHING_TO_FIND)
    if limits_of_plans(scenario.limits) and scenario.limits.in_share_of_operations == 1.0:
        message = "1 given, and no number of operations shows that a limit is never broken; allowed: less, such as 0.99"
        yield Problem(SHARE_WANTED, message)


def _problems_of_keys(keys: Sequence[str], where: str) -> Iterator[Problem]:
    for key in dict.fromkeys(keys):
        if is_circumstance(key):
            yield Problem(f"{where} {key}", "nobody chooses this; allowed: what a planner decides (vary it in a sweep)")
        if keys.count(key) > 1:
            yield Problem(f"{where} {key}", "varied twice; allowed: each key once")


def _problems_of_values(planner: PointPlanner, factor: Factor, where: str) -> Iterator[Problem]:
    """Yield what is wrong with the keys or values of a factor, whatever else changes with it."""
    levels = factor.levels or tuple((end,) for end in factor.span or ())
    levels = levels[:: -(-len(levels) // MOST_CHECKED)]
    found: list[dict[Problem, None]] = []
    for level in levels:
        found.append({})
        try:
            planner.scenario_of(dict(zip(factor.keys, level, strict=True)))
        except PlanError:  # another plan may be able to do it
            continue
        except ScenarioError as error:
            found[-1] = {
                Problem(problem.where.rpartition(": ")[2], problem.message): None for problem in error.problems
            }
    always = [problem for problem in found[0] if all(problem in others for others in found)]
    own = [problem for problems in found for problem in problems if _is_of(problem, factor)]
    for problem in dict.fromkeys([*always, *own]):
        yield Problem(f"{where} {problem.where.removeprefix('--set ')}", problem.message)


def _is_of(problem: Problem, factor: Factor) -> bool:
    """Tell whether a problem is that of a key itself: of a table around it, other keys may be the reason."""
    return problem.where.startswith("--set ") or any(problem.where.count(".") >= key.count(".") for key in factor.keys)


def _problems_of_bounds(decide: Decide, plan: Plan) -> Iterator[Problem]:
    known = measure_names(plan)
    for name in decide.at_most:
        try:
            if isinstance(measure_named(name).kind, Ratio):
                yield Problem(f"decide.at_most.{name}", "is a ratio of two measures; allowed: measures that are none")
            else:
                check_measures([name], known)
        except FunnelsimError as error:
            yield Problem(f"decide.at_most.{name}", error.problems[0].message)


def _problems_of_least(decide: Decide, most: float) -> Iterator[Problem]:
    """Yield that more are to be found than any plan can: nothing needs to be simulated to know that."""
    if decide.find_at_least is not None and decide.find_at_least > most:
        given = f"{decide.find_at_least:g} given, but no plan finds that many: the bound is {number_text(most, 4)}"
        yield Problem("decide.find_at_least", f"{given} (docs/bound.md); allowed: less than that")


def _requirements(scenario: Scenario, decide: Decide) -> Iterator[Requirement]:
    for limit in limits_of_plans(scenario.limits):
        yield Requirement(f"limits.{limit.key}", limit.measure, float(limit.values[0]), in_share=float(limit.wanted[0]))
    if decide.find_at_least is not None:
        yield Requirement("decide.find_at_least", FOUND, decide.find_at_least, at_least=True)
    for name, most in decide.at_most.items():
        yield Requirement(f"decide.at_most.{name}", name, float(most))


def _fluid(bound: Bound, keys: Sequence[str], today: Point) -> Point:
    """Return the values of the fluid plan: the rates of the bound, everything else as it is."""
    values = dict(today)
    for key in keys:
        funnel, path = of_funnel(key)
        if is_rate(path) and path[-1] in bound.classes:
            values[key] = settable(key, float(bound.rates[funnel, bound.classes.index(path[-1])]))
    return values


def settable(key: str, value: float) -> float:
    """Return the number nearest to a value to which a planner would set a key.

    Examples
    --------
    >>> settable("selection.rate.van", 0.273918), settable("selection.rate.van", 0.0009)
    (0.27, 0.0)
    >>> settable("selection.rate_by_time.0.rate.van", 0.273918), settable("selection.valve.lift_at_m", 1873.2)
    (0.27, 1870.0)
    """
    _, path = of_funnel(key)
    if not is_rate(path):
        return rounded(value)
    return 0.0 if value < SMALLEST_RATE else float(f"{value:.{DIGITS_OF_RATE}g}")


def rounded(value: float) -> float:
    """Return a number with the digits that a planner would set.

    Examples
    --------
    >>> rounded(0.273918), rounded(1873.2), rounded(0.0)
    (0.274, 1870.0, 0.0)
    """
    return float(f"{value:.{DIGITS}g}")
