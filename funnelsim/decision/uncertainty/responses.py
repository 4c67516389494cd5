"""What the plans give at values of the uncertain inputs: from the simulator, or from any function of the inputs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.limits import Limit, limits_of_plans
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.simulations import values_of
from funnelsim.decision.uncertainty.distributions import kept_within
from funnelsim.decision.uncertainty.uncertain_input import UncertainInput
from funnelsim.decision.uncertainty.uncertain_inputs import Circumstances
from funnelsim.experiments.executor import Task, as_finished, max_pending
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import Engine
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.schema import Scenario

FOUND: Final = "expected_detections"
DELAY: Final = "delay_p95_s"
KEPT: Final = "limits."
"""Begins the names of what is 1 in an operation that keeps a limit, else 0: `limits.p95_delay_min`."""

Respond = Callable[[FloatArray, IntArray, int], FloatArray]
"""From probabilities of the inputs, shape (points, inputs), the number of the first replication of each point, and how
many replications there are: what each plan gives, shape (points, replications, plans, measures). In a replication all
plans meet the same vehicles."""


@dataclass(frozen=True)
class Output:
    """One number that depends on the inputs.

    Attributes
    ----------
    measure
        Name of the measure; of `limits.KEY` the mean is the chance that the limit is kept.
    plan
        Number of the plan, from 0.
    compared_with
        Number of the plan from which it is the difference; None where it is no difference.
    """

    measure: str
    plan: int
    compared_with: int | None = None

    def of(self, values: FloatArray, measures: Sequence[str]) -> FloatArray:
        """Return it from what all plans give, shape (points, replications)."""
        column = measures.index(self.measure)
        own: FloatArray = values[:, :, self.plan, column]
        return own if self.compared_with is None else own - values[:, :, self.compared_with, column]


def outputs_of(plans: int, measures: Sequence[str]) -> list[Output]:
    """Return the outputs that are looked at: all of the first plan; of others, differences from it, and their limits.

    Examples
    --------
    >>> [(one.measure, one.plan, one.compared_with) for one in outputs_of(2, ["found", "limits.tail_m"])]
    [('found', 1, 0), ('found', 0, None), ('limits.tail_m', 0, None), ('limits.tail_m', 1, None)]
    """
    plain = [name for name in measures if not name.startswith(KEPT)]
    limits = [name for name in measures if name.startswith(KEPT)]
    differences = [Output(name, plan, 0) for plan in range(1, plans) for name in plain]
    return [*differences, *(Output(name, 0) for name in plain), *(Output(n, p) for p in range(plans) for n in limits)]


def limits_in_words(limits: Sequence[Limit]) -> dict[str, str]:
    """Return by name of a chance that a limit is kept what the limit is: "P95 delay at most 12 min"."""
    words = {}
    for one in limits:
        measure = measure_named(one.measure)
        value = float(one.values[0]) * measure.unit.factor
        words[f"{KEPT}{one.key}"] = f"{measure.label} at most {value:,g} {measure.unit.symbol}"
    return words


class SimulatedPlans:
    """Plans that are simulated at values of the inputs, as a `Respond`.

    Parameters
    ----------
    scenarios, demands
        The plans by name, and their demands.
    inputs
        The uncertain inputs, which are those of the first plan.
    seed
        Random seed.
    executor, jobs, engine
        Where and how to simulate.
    progress
        Called with the number of points that are done.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        demands: Mapping[str, Demand],
        inputs: Sequence[UncertainInput],
        seed: int,
        executor: Executor,
        jobs: int,
        engine: Engine = "compiled",
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._planners = [PointPlanner(one, name, demands[name]) for name, one in scenarios.items()]
        self._moved = [Circumstances(one, demands[name], inputs) for name, one in scenarios.items()]
        self.limits = limits_of_plans(next(iter(scenarios.values())).limits)
        self.measures = (FOUND, DELAY, *(f"{KEPT}{one.key}" for one in self.limits))
        self._simulated = tuple(dict.fromkeys([FOUND, DELAY, *(one.measure for one in self.limits)]))
        self._seed, self._executor, self._jobs, self._engine = seed, executor, jobs, engine
        self._progress, self._done = progress, 0

    def __call__(self, u: FloatArray, first: IntArray, replications: int) -> FloatArray:
        """Simulate all plans at each point."""
        made = np.empty((len(u), replications, len(self._planners), len(self.measures)))
        tasks = self._tasks(kept_within(u), first, replications)
        most = max_pending(self._executor, self._jobs)
        for point, values in as_finished(self._executor, lambda: next(tasks, None), most):
            made[point] = self._outputs(np.nan_to_num(values))
            self._done += 1
            if self._progress is not None:
                self._progress(self._done)
        return made

    def _tasks(self, u: FloatArray, first: IntArray, replications: int) -> Iterator[Task]:
        for point, probabilities in enumerate(u.tolist()):
            plans = [self._plan(place, probabilities) for place in range(len(self._planners))]
            numbers = range(int(first[point]), int(first[point]) + replications)
            yield _at_point, point, plans, self._seed, numbers, self._simulated, self._engine

    def _plan(self, place: int, u: Sequence[float]) -> Plan:
        planner = self._planners[place]
        scenario = planner.scenario_of(self._moved[place].point(u))
        return plan_of(scenario, planner.demand_of(scenario))

    def _outputs(self, values: FloatArray) -> FloatArray:
        """Return the outputs of a point, (replications, plans, outputs), from (plans, replications, measures)."""
        made = np.empty((values.shape[1], values.shape[0], len(self.measures)))
        made[:, :, :2] = values[:, :, :2].swapaxes(0, 1)
        for column, limit in enumerate(self.limits, start=2):
            limited = values[:, :, self._simulated.index(limit.measure)]
            made[:, :, column] = np.less_equal(limited.T, limit.values[0])
        return made


def _at_point(
    point: int, plans: Sequence[Plan], seed: int, replications: range, measures: Sequence[str], engine: Engine
) -> tuple[int, FloatArray]:
    return point, values_of(plans, seed, replications, measures, engine)
