"""Simulations of named plans on the same random numbers, a few measures of each."""

import hashlib
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

import numpy as np

from funnelsim.analysis.estimates import Estimate, chance_estimate, mean_estimate
from funnelsim.analysis.limits import Limit, LimitCheck
from funnelsim.arrays import FloatArray
from funnelsim.decision.simulations import values_of
from funnelsim.experiments.executor import Task, as_finished, max_pending
from funnelsim.experiments.replication import Engine
from funnelsim.model.plan import Plan

TOGETHER: Final = 16  # plans of a task, which share the vehicles that are drawn
REPLICATIONS: Final = 25  # of a task
LIMIT_KEPT: Final = "limits."
"""Begins the names of the chances that a limit is kept, among the measures: `limits.p95_delay_min`."""

Values = dict[str, FloatArray]
"""By measure the values of a plan's operations, each of shape (replications,)."""


class PairedSimulations:
    """Values of some measures of plans: all plans have the same random numbers in an operation of the same number.

    Parameters
    ----------
    measures
        Names of measures that are no ratios of others.
    seed
        Random seed.
    executor, jobs
        Where to simulate.
    engine
        As in `funnelsim.run`.
    progress
        Called with the number of finished simulations.

    Attributes
    ----------
    simulated
        How many simulations were made.
    """

    def __init__(
        self,
        measures: Sequence[str],
        seed: int,
        executor: Executor,
        jobs: int,
        engine: Engine = "compiled",
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._measures, self._seed = tuple(measures), seed
        self._executor, self._jobs, self._engine, self._progress = executor, jobs, engine, progress
        self.simulated = 0

    def __call__(self, plans: Mapping[str, Plan], replications: range) -> dict[str, Values]:
        """Return the values of some operations of each plan, by its name."""
        made = {name: np.empty((len(replications), len(self._measures))) for name in plans}
        tasks = self._tasks(plans, replications)
        for names, first, values in as_finished(
            self._executor, lambda: next(tasks, None), max_pending(self._executor, self._jobs)
        ):
            for name, of_plan in zip(names, values, strict=True):
                made[name][first : first + len(of_plan)] = of_plan
            self.simulated += values.shape[0] * values.shape[1]
            if self._progress is not None:
                self._progress(self.simulated)
        return {name: dict(zip(self._measures, values.T, strict=True)) for name, values in made.items()}

    def _tasks(self, plans: Mapping[str, Plan], replications: range) -> Iterator[Task]:
        roads: dict[bytes, list[str]] = {}
        for name, plan in plans.items():
            roads.setdefault(hashlib.blake2b(pickle.dumps(plan.road)).digest(), []).append(name)
        for on_road in roads.values():
            for place in range(0, len(on_road), TOGETHER):
                names = on_road[place : place + TOGETHER]
                for first in range(0, len(replications), REPLICATIONS):
                    some = replications[first : first + REPLICATIONS]
                    chosen = [plans[name] for name in names]
                    yield _block, names, first, chosen, self._seed, some, self._measures, self._engine


def _block(
    names: Sequence[str],
    first: int,
    plans: Sequence[Plan],
    seed: int,
    replications: range,
    measures: Sequence[str],
    engine: Engine,
) -> tuple[Sequence[str], int, FloatArray]:
    return names, first, values_of(plans, seed, replications, measures, engine)


def with_limits(values: Values, limits: Sequence[Limit]) -> Values:
    """Return values with 1 for each operation that keeps a limit and 0 for the others, as `limits.KEY`."""
    kept = {f"{LIMIT_KEPT}{one.key}": ~(values[one.measure] > one.values[0]) for one in limits}
    return values | {key: each.astype(np.float64) for key, each in kept.items()}


def estimates_of(values: Values) -> dict[str, Estimate]:
    """Return the mean of each measure with its interval; of the chances of limits, with the interval of a chance."""
    return {
        name: chance_estimate(each > 0.0) if name.startswith(LIMIT_KEPT) else mean_estimate(each)
        for name, each in values.items()
    }


def checks_of(values: Values, limits: Sequence[Limit]) -> tuple[LimitCheck, ...]:
    """Return how a plan fares under its limits."""
    found = estimates_of(with_limits(values, limits))
    return tuple(one.check(0, found[one.measure], found[f"{LIMIT_KEPT}{one.key}"]) for one in limits)
