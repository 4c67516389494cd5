"""Simulations of many plans on the same vehicles: only the measures that are asked for, and nothing twice."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Final

import numpy as np
import polars as pl

import funnelsim
from funnelsim.analysis.measures import measure, measure_names, sections_with
from funnelsim.arrays import FloatArray
from funnelsim.experiments.executor import Task, as_finished, max_pending
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import Engine, ReplicationBuffers, log_of
from funnelsim.experiments.result_cache import ResultCache, content_key
from funnelsim.experiments.vary import Point
from funnelsim.model.plan import Plan

TOGETHER: Final = 32  # plans of a task, which share the vehicles that are drawn
SIMULATIONS_OF_TASK: Final = 1_024
MOST_PLANS: Final = 12_000  # kept in memory, about 25 kB each: making a plan takes as long as several replications

Progress = Callable[[int], None]


class Simulations:
    """Values of some measures, for design points by number; results are kept on disk, so that a search can resume.

    Parameters
    ----------
    planner
        Derives the plans.
    measures
        Names of measures that are no ratios of others.
    seed
        Random seed: all points meet the same vehicles.
    executor, jobs
        Where to simulate.
    cache
        Where finished work is kept.
    engine
        As in `funnelsim.run`.
    progress
        Called with the number of simulations asked for so far, those found in the cache among them.

    Attributes
    ----------
    points
        The values of each point; it grows as points are added.
    """

    def __init__(
        self,
        planner: PointPlanner,
        measures: Sequence[str],
        seed: int,
        executor: Executor,
        jobs: int,
        cache: ResultCache,
        engine: Engine = "compiled",
        progress: Progress | None = None,
    ) -> None:
        self._planner, self._measures, self._seed = planner, tuple(measures), seed
        self._executor, self._jobs, self._cache, self._engine = executor, jobs, cache, engine
        self._progress = progress
        self._plans: OrderedDict[int, tuple[Plan, str]] = OrderedDict()
        self.points: list[Point] = []
        self.simulated = 0

    def add(self, values: Point) -> int:
        """Add a point and return its number.

        Raises
        ------
        FunnelsimError
            If its plan is not allowed, or cannot do what it says.
        """
        number = len(self.points)
        self._plans[number] = self._planned(number, values)
        self._forget()
        self.points.append(values)
        return number

    def __call__(self, numbers: Sequence[int], replications: range) -> FloatArray:
        """Return the measures of some points, shape (points, replications, measures)."""
        made = np.empty((len(numbers), len(replications), len(self._measures)))
        tasks = self._tasks(numbers, replications, made)
        for key, place, first, values in as_finished(
            self._executor, lambda: next(tasks, None), max_pending(self._executor, self._jobs)
        ):
            made[place : place + values.shape[0], first : first + values.shape[1]] = values
            self._cache.write(key, pl.DataFrame({"values": values.ravel()}))
            self._count(values.shape[0] * values.shape[1])
        return made

    def _tasks(self, numbers: Sequence[int], replications: range, made: FloatArray) -> Iterator[Task]:
        """Yield what is not in the cache as tasks, and fill in what is."""
        for place in range(0, len(numbers), TOGETHER):
            points = [self._point(number) for number in numbers[place : place + TOGETHER]]
            length = max(1, SIMULATIONS_OF_TASK // len(points))
            for first in range(0, len(replications), length):
                some = replications[first : first + length]
                key = self._key(points, some)
                table = self._cache.read(key)
                if table is None:
                    plans = [plan for plan, _ in points]
                    yield (_block, key, place, first, plans, self._seed, some, self._measures, self._engine)
                else:
                    block = made[place : place + len(points), first : first + len(some)]
                    block[:] = table["values"].to_numpy().reshape(block.shape)
                    self._count(len(points) * len(some))

    def _key(self, points: Sequence[tuple[Plan, str]], replications: range) -> str:
        contents = [content for _, content in points]
        return content_key(funnelsim.__version__, *contents, *self._measures, str(self._seed), str(replications))

    def _count(self, simulations: int) -> None:
        self.simulated += simulations
        if self._progress is not None:
            self._progress(self.simulated)

    def _planned(self, number: int, values: Point) -> tuple[Plan, str]:
        """Return a point's plan and the hash of its content; its scenario, which takes more memory, is let go."""
        point = self._planner.plan(number, values)
        return point.plan, point.content

    def _point(self, number: int) -> tuple[Plan, str]:
        if number not in self._plans:
            self._plans[number] = self._planned(number, self.points[number])
            self._forget()
        self._plans.move_to_end(number)
        return self._plans[number]

    def _forget(self) -> None:
        while len(self._plans) > MOST_PLANS:
            self._plans.popitem(last=False)


def _block(
    key: str,
    place: int,
    first: int,
    plans: Sequence[Plan],
    seed: int,
    replications: range,
    measures: Sequence[str],
    engine: Engine,
) -> tuple[str, int, int, FloatArray]:
    return key, place, first, values_of(plans, seed, replications, measures, engine)


def values_of(
    plans: Sequence[Plan], seed: int, replications: range, measures: Sequence[str], engine: Engine = "compiled"
) -> FloatArray:
    """Simulate some replications of some plans and return some measures, shape (plans, replications, measures).

    Plans that agree in their road share the vehicles that are drawn. A measure that a plan does not have, such as the
    use of equipment it has none of, is not a number there.

    Parameters
    ----------
    measures
        Names of measures that are no ratios of others.
    plans, seed, replications, engine
        As in `funnelsim.experiments.replication.measures_of`.
    """
    made = np.empty((len(plans), len(replications), len(measures)))
    if engine == "simpy":
        for at, plan in enumerate(plans):
            for row, number in enumerate(replications):
                found = measure(log_of(plan, seed, number, engine), plan)
                made[at, row] = [found.get(name, np.nan) for name in measures]
        return made
    roads: dict[bytes, list[int]] = {}
    for number, plan in enumerate(plans):
        roads.setdefault(hashlib.blake2b(pickle.dumps(plan.road)).digest(), []).append(number)
    for numbers in roads.values():
        made[numbers] = _on_one_road([plans[number] for number in numbers], seed, replications, measures)
    return made


def _on_one_road(plans: Sequence[Plan], seed: int, replications: range, measures: Sequence[str]) -> FloatArray:
    wanted = np.any([sections_with(plan, measures) for plan in plans], axis=0)
    names = [measure_names(plan, wanted) for plan in plans]
    here = [[column for column, name in enumerate(measures) if name in of_plan] for of_plan in names]
    columns = [[of_plan.index(measures[column]) for column in some] for of_plan, some in zip(names, here, strict=True)]
    rows = [np.empty(len(of_plan)) for of_plan in names]
    buffers = ReplicationBuffers(plans, wanted)
    made = np.full((len(plans), len(replications), len(measures)), np.nan)
    for row, number in enumerate(replications):
        buffers.draw(seed, number)
        for at, values in enumerate(rows):
            buffers.measure(at, buffers.simulate(at), values)
            made[at, row, here[at]] = values[columns[at]]
    return made
