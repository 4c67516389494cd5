"""Design points as scenarios and plans: derived from the base scenario, never changing it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import funnelsim
from funnelsim.errors import FunnelsimError, PlanError, Problem, ScenarioError
from funnelsim.experiments.inputs import files_of, reading
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.results import resolved
from funnelsim.experiments.vary import Point
from funnelsim.model.feasibility import check_feasible
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Day, Demand, demand_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import joined

MOST_PROBLEMS = 20  # more would help nobody
MOST_DEMANDS = 32  # kept in memory
COUNTS = "traffic.counts.file"


@dataclass(frozen=True, eq=False)
class PlannedPoint:
    """One design point, ready to be simulated.

    Attributes
    ----------
    number
        Its position in the design, from 0.
    values
        The values of the varied keys.
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


@dataclass(frozen=True)
class ImpossiblePoint:
    """One design point that cannot be simulated: a stage can never be carried out.

    Attributes
    ----------
    number
        Its position in the design, from 0.
    values
        The values of the varied keys.
    reason
        Which stage needs what, and what there is.
    """

    number: int
    values: Point
    reason: str


def by_reason(impossible: Iterable[ImpossiblePoint]) -> dict[str, list[ImpossiblePoint]]:
    """Return the points of each reason, so that it is said once."""
    points: dict[str, list[ImpossiblePoint]] = {}
    for one in impossible:
        points.setdefault(one.reason, []).append(one)
    return points


class PointPlanner:
    """Derives the scenarios of design points; counts that several share are read once.

    Parameters
    ----------
    scenario
        The base scenario.
    where
        Its name in messages.
    demand
        Its demand, where it is known already.
    copies
        By count file the copy of it to read instead.

    Attributes
    ----------
    files
        The count files of all points that were checked.
    """

    def __init__(
        self,
        scenario: Scenario,
        where: str = "the scenario",
        demand: Demand | None = None,
        copies: Mapping[str, str] | None = None,
    ) -> None:
        self.data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        self.where = where
        self.copies = copies or {}
        self.files = dict.fromkeys(files_of(scenario))
        self.demands: dict[str, Demand] = {} if demand is None else {_road_key(scenario): demand}
        self.days: dict[str, Day] = {}
        file = self.data["traffic"]["counts"].get("file")
        self.folder = None if file is None else Path(file).parent

    def scenario_of(self, values: Point) -> Scenario:
        """Derive the scenario of a point; varied count files are in the folder of the base scenario's.

        Raises
        ------
        ScenarioError
            If a key or a value is not allowed.
        """
        here = {key: self._beside(value) if key == COUNTS else value for key, value in values.items()}
        scenario = scenario_from(self.data, where=self.where, overrides=here)
        if not self.copies:
            return scenario
        return Scenario.model_validate(
            reading(scenario.model_dump(mode="json", by_alias=True, exclude_none=True), self.copies)
        )

    def _beside(self, file: Any) -> Any:  # noqa: ANN401  (whatever was typed)
        return str(self.folder / file) if isinstance(file, str) and self.folder is not None else file

    def plan(self, number: int, values: Point) -> PlannedPoint:
        """Derive the scenario of a point and plan it."""
        scenario = self.scenario_of(values)
        demand = self.demand_of(scenario)
        return PlannedPoint(number, values, scenario, plan_of(scenario, demand), content_of(scenario, demand))

    def check(self, points: Sequence[Point]) -> list[ImpossiblePoint]:
        """Check that every point is allowed, before anything runs; return those whose plan cannot do what it says.

        Raises
        ------
        ScenarioError
            With all problems, each of them once; `PlanError` if no point is possible.
        """
        problems: dict[tuple[str, str], Problem] = {}
        impossible: list[ImpossiblePoint] = []
        for number, values in enumerate(points):
            try:
                scenario = self.scenario_of(values)
                self.files |= dict.fromkeys(files_of(scenario))
                check_feasible(scenario, self.demand_of(scenario))
            except PlanError as error:
                impossible.append(ImpossiblePoint(number, values, str(error).replace("\n", "; ")))
            except FunnelsimError as error:  # of the counts, too
                for problem in error.problems or [Problem(self.where, str(error))]:
                    key = problem.where.rpartition(": ")[2]  # a key that is not there is wrong with every value
                    problems.setdefault((key, problem.message), problem)
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ScenarioError(list(problems.values()))
        if len(impossible) == len(points):
            problems_of = by_reason(impossible[:MOST_PROBLEMS])
            raise PlanError(
                [Problem(f"{self.where}: {_numbers(some)}", reason) for reason, some in problems_of.items()]
            )
        return impossible

    def demand_of(self, scenario: Scenario) -> Demand:
        """Return the demand of the base scenario or of a point's; those on the same road share it."""
        key = _road_key(scenario)
        if key not in self.demands:
            if len(self.demands) >= MOST_DEMANDS:
                del self.demands[next(iter(self.demands))]
            self.demands[key] = demand_of(scenario, self.days)
        return self.demands[key]


def _numbers(points: Sequence[ImpossiblePoint]) -> str:
    return f"point{'s' if len(points) > 1 else ''} {joined([str(one.number) for one in points])}"


def _road_key(scenario: Scenario) -> str:
    """Return a text that is the same for scenarios with the same demand."""
    roads = [(side.approach.lanes, side.traffic) for side in scenario.per_funnel]
    return repr((scenario.operation, roads, scenario.classes))


def content_of(scenario: Scenario, demand: Demand) -> str:
    """Return a hash of all that determines the results of a scenario besides seed and replications."""
    # A trace is not part of the scenario's data.
    recorded = [array.tobytes().hex() for one in (demand, *demand.other_funnels) for array in one.passages or ()]
    return content_key(json.dumps(resolved(scenario, demand), sort_keys=True), *recorded, funnelsim.__version__)


def in_batches(points: Sequence[Point], size: int, without: Collection[int] = ()) -> Iterator[list[tuple[int, Point]]]:
    """Yield the points with their numbers, `size` at a time, without those of some numbers."""
    numbered = [(number, values) for number, values in enumerate(points) if number not in without]
    for first in range(0, len(numbered), size):
        yield numbered[first : first + size]
