"""Design points as scenarios and plans: derived from the base scenario, never changing it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import funnelsim
from funnelsim.errors import Problem, ScenarioError
from funnelsim.experiments.parts import content_key
from funnelsim.experiments.results import resolved
from funnelsim.experiments.vary import Point
from funnelsim.model.plan import Plan, plan_of
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.overrides import format_override, split_path
from funnelsim.scenario.schema import Scenario

MOST_PROBLEMS = 20  # of a sweep that is wrong everywhere, more would help nobody


@dataclass(frozen=True, eq=False)
class PlannedPoint:
    """One design point, ready to be simulated.

    Attributes
    ----------
    number
        Its place in the design, from 0.
    values
        By varied key its value.
    scenario, plan
        The scenario derived for it, and its plan.
    content
        A hash of all that determines its results besides seed and replications.
    """

    number: int
    values: Point
    scenario: Scenario
    plan: Plan
    content: str


class Planner:
    """Derives the scenarios of design points; counts that several share are read once.

    Parameters
    ----------
    scenario
        The base scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        self.demands: dict[str, Demand] = {}

    def scenario_of(self, values: Point) -> Scenario:
        """Derive the scenario of a point.

        Raises
        ------
        ScenarioError
            If a key or a value is not allowed.
        """
        overrides = [format_override(split_path(key), value) for key, value in values.items()]
        return scenario_from(self.data, where="the scenario", overrides=overrides)

    def plan(self, number: int, values: Point) -> PlannedPoint:
        """Derive the scenario of a point and plan it."""
        scenario = self.scenario_of(values)
        demand = self._demand(scenario)
        content = content_key(json.dumps(resolved(scenario, demand), sort_keys=True), funnelsim.__version__)
        return PlannedPoint(number, values, scenario, plan_of(scenario, demand), content)

    def check(self, points: Iterable[Point]) -> None:
        """Make sure that every point is allowed, before anything runs.

        Raises
        ------
        ScenarioError
            With all that is wrong with any of them, each problem once.
        """
        problems: dict[str, Problem] = {}
        for values in points:
            try:
                self._demand(self.scenario_of(values))
            except ScenarioError as error:
                problems |= {str(problem): problem for problem in error.problems}
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ScenarioError(list(problems.values()))

    def _demand(self, scenario: Scenario) -> Demand:
        needs = (scenario.operation, scenario.approach.lanes, scenario.traffic, scenario.classes)
        key = repr(needs)
        if key not in self.demands:
            self.demands[key] = demand_of(scenario)
        return self.demands[key]


def in_chunks(points: Sequence[Point], size: int) -> Iterator[list[tuple[int, Point]]]:
    """Yield the points with their numbers, some at a time."""
    numbered = list(enumerate(points))
    for first in range(0, len(numbered), size):
        yield numbered[first : first + size]
