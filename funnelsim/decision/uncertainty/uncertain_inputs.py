"""The uncertain inputs of a scenario: which circumstances nobody knows, and what a draw of them changes in a plan."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from funnelsim.decision.uncertainty.default_beliefs import Belief, default_beliefs
from funnelsim.decision.uncertainty.distributions import (
    CUT,
    Distribution,
    LogNormal,
    ThreePercentiles,
    Triangular,
    Uniform,
)
from funnelsim.decision.uncertainty.uncertain_input import AUC, TOGETHER, Kind, UncertainInput, input_name
from funnelsim.decision.uncertainty.uncertain_problems import (
    CAPACITY,
    TABLE,
    bounds_of,
    node_of,
    problems_of_key,
    problems_of_values,
)
from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.vary import Point
from funnelsim.model.funnel import natural_capacity_vph
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.uncertain import Uncertain
from funnelsim.wording import joined

_LONG: Final = re.compile(r"\d+\.\d{4,}")  # a number with more places than anybody reads


class Circumstances:
    """The uncertain inputs of one plan: what a draw of them changes in its scenario.

    Parameters
    ----------
    scenario, demand
        The plan's scenario and its demand.
    inputs
        The inputs; those that this plan does not have change nothing.
    """

    def __init__(self, scenario: Scenario, demand: Demand, inputs: Sequence[UncertainInput]) -> None:
        self._inputs = inputs
        self._today = [{key: today_of(scenario, demand, key) for key in one.keys} for one in inputs]
        self._there = [
            {
                key
                for key in one.keys
                if _has(scenario, key) and (not one.relative or self._today[place][key] is not None)
            }
            for place, one in enumerate(inputs)
        ]

    def missing(self) -> list[str]:
        """Return the names of inputs that the plan does not have."""
        return [one.name for one, there in zip(self._inputs, self._there, strict=True) if not there]

    def point(self, u: Sequence[float]) -> Point:
        """Return the keys that change, with their values, where the inputs have the probabilities u."""
        found: Point = {}
        for one, today, there, probability in zip(self._inputs, self._today, self._there, u, strict=True):
            drawn = float(one.distribution.quantile(np.float64(probability)))  # type: ignore[arg-type]
            found |= {key: one.value(drawn, today[key]) for key in one.keys if key in there}
        return found


def uncertain_inputs(scenario: Scenario, demand: Demand) -> tuple[UncertainInput, ...]:
    """Return the inputs of a scenario that nobody knows: those of its `[uncertain]`, else those by default.

    Parameters
    ----------
    scenario, demand
        The scenario and its demand.

    Raises
    ------
    ScenarioError
        With all that is wrong with the table.
    """
    if scenario.uncertain is None:
        beliefs = default_beliefs(scenario)
    else:
        beliefs = [Belief(key, said, "[uncertain] of the scenario") for key, said in scenario.uncertain.items()]
    problems, inputs = [], []
    taken: dict[tuple[str | int, ...], str] = {}
    for belief in beliefs:
        found = list(problems_of_key(scenario, belief, taken))
        if not found:
            made = _input(scenario, demand, belief)
            found = list(problems_of_values(made, belief.said))
            inputs.append(made)
        problems += found
    if not problems:
        problems = _problems_of_plans(scenario, demand, inputs)
    if not beliefs:
        problems = [Problem(TABLE, "nothing given; allowed: at least one key of a circumstance")]
    if problems:
        raise ScenarioError(problems)
    return tuple(inputs)


def today_of(scenario: Scenario, demand: Demand, key: str) -> Any:  # noqa: ANN401  (whatever a key holds)
    """Return today's value of a key: of a capacity that is not given, what spacing and reaction time give."""
    data = scenario.model_dump(mode="json", by_alias=True)
    try:
        found = value_at(data, steps_to(data, split_path(key)))
    except ScenarioError:
        return None
    path = tuple(split_path(key))
    if found is None and path[-2:] == CAPACITY:
        funnel = int(path[1]) + 1 if path[0] == "funnels" else 0
        side, its = scenario.per_funnel[funnel], (demand, *demand.other_funnels)[funnel]
        return natural_capacity_vph(side, its)
    if isinstance(found, Mapping):
        return {name: value for name, value in found.items() if isinstance(value, int | float)}
    return found


def _has(scenario: Scenario, key: str) -> bool:
    """Tell whether a scenario has the table in which a key stands."""
    data = scenario.model_dump(mode="json", by_alias=True)
    try:
        steps = steps_to(data, split_path(key))
    except ScenarioError:
        return False
    return isinstance(value_at(data, steps[:-1]), Mapping)


def _input(scenario: Scenario, demand: Demand, belief: Belief) -> UncertainInput:
    data = scenario.model_dump(mode="json", by_alias=True)
    keys = tuple(key.strip() for key in belief.key.split(TOGETHER))
    steps = steps_to(data, split_path(keys[0]))
    today = today_of(scenario, demand, keys[0])
    least, most = bounds_of(node_of(steps))
    kind: Kind = "auc" if steps[-1] == AUC else "chance" if (least, most) == (0.0, 1.0) else "amount"
    relative = isinstance(today, Mapping) or belief.said.factor is not None
    bounds = (0.0, math.inf) if relative or kind == "amount" else (least, most)
    distribution = _distribution(belief.said, *bounds)
    name = joined(list(dict.fromkeys(input_name(data, steps_to(data, split_path(key))) for key in keys)))
    return UncertainInput(keys, name, distribution, relative, kind, today, belief.source)


def _distribution(said: Uncertain, lower: float, upper: float) -> Distribution:
    if said.factor is not None:
        return LogNormal(said.factor)
    if said.range is not None:
        return Uniform(*said.range)
    if said.triangular is not None:
        return Triangular(*said.triangular)
    low, mid, high = said.low_mid_high or ()
    return ThreePercentiles(low, mid, high, lower, upper)


def _problems_of_plans(scenario: Scenario, demand: Demand, inputs: Sequence[UncertainInput]) -> list[Problem]:
    """Return what a plan does not allow: each input alone at both ends, and then all at their upper or lower ends."""
    planner = PointPlanner(scenario, demand=demand)
    here = Circumstances(scenario, demand, inputs)
    middle = np.full(len(inputs), 0.5)
    tries: list[tuple[str, Any]] = []
    for place, one in enumerate(inputs):
        for end in (CUT, 1.0 - CUT):
            u = middle.copy()
            u[place] = end
            tries.append((f"{TABLE}.{one.key}", u))
    tries += [(TABLE, np.full(len(inputs), end)) for end in (CUT, 1.0 - CUT)]
    problems: dict[Problem, None] = {}
    for where, u in tries:
        if where == TABLE and problems:
            break
        point = here.point(u)
        try:
            planner.plan(0, point)
        except FunnelsimError as error:
            for problem in error.problems or [Problem(where, str(error))]:
                at = problem.where.rpartition(": ")[2].removeprefix("--set ")
                said = _LONG.sub(lambda number: f"{float(number[0]):.3g}", f"{at}: {problem.message}")
                problems[Problem(where, f"at an end of what is likely, {said}")] = None
    return list(problems)
