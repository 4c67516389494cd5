"""The scheduler of a sweep: it turns design points into tasks for the executor, and results back into points."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice

import polars as pl

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.executor import Task, as_finished, max_pending
from funnelsim.experiments.point_batch import PointBatch, PointResult, ReplicationBlock, SimulationSettings
from funnelsim.experiments.points import ImpossiblePoint, PointPlanner, in_batches
from funnelsim.experiments.replication import simulate_block
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.experiments.vary import Point
from funnelsim.scenario.spelling import did_you_mean

POINTS_PER_BATCH = 16  # so that memory does not grow with the design


class SweepScheduler:
    """The queue of batches between the design and the executor.

    Parameters
    ----------
    batches
        The design, a few planned points at a time.
    cache
        Where finished blocks are kept and found again.
    """

    def __init__(self, batches: Iterator[PointBatch], cache: ResultCache) -> None:
        self.batches = batches
        self.cache = cache
        self.active: deque[PointBatch] = deque()
        self.waiting: deque[tuple[PointBatch, ReplicationBlock]] = deque()
        self.batch_of: dict[str, PointBatch] = {}
        self._finished = 0

    @property
    def progress(self) -> int:
        """Number of finished simulations."""
        return self._finished + sum(batch.progress for batch in self.active)

    def next_task(self) -> Task | None:
        """Return the next block that is not in the cache, as a task; None if there is none or results are ready."""
        while not self.waiting and not self._first_is_done:
            batch = next(self.batches, None)
            if batch is None:
                return None
            self.active.append(batch)
            self._continue(batch)
        if not self.waiting:
            return None
        batch, block = self.waiting.popleft()
        self.batch_of[block.key] = batch
        return block.task()

    def take(self, key: str, table: pl.DataFrame) -> None:
        """Cache the results of a block and continue with its points."""
        self.cache.write(key, table)
        batch = self.batch_of.pop(key)
        batch.take(key, table)
        self._continue(batch)

    def _continue(self, batch: PointBatch) -> None:
        """Request the batch's next blocks; take those in the cache and queue the others."""
        while not batch.unfinished and not batch.done:
            for block in batch.next_blocks():
                table = self.cache.read(block.key)
                if table is None:
                    self.waiting.append((batch, block))
                else:
                    batch.take(block.key, table)

    @property
    def _first_is_done(self) -> bool:
        return bool(self.active) and self.active[0].done

    def results(self) -> Iterator[list[PointResult]]:
        """Yield the results of finished batches, in the order of the design."""
        while self._first_is_done:
            self._finished += self.active[0].progress
            yield self.active.popleft().results()


def simulate_points(
    planner: PointPlanner,
    points: Sequence[Point],
    settings: SimulationSettings,
    cache: ResultCache,
    executor: Executor,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    without: Collection[int] = (),
) -> Iterator[list[PointResult]]:
    """Simulate design points and yield their results in batches, in the order of the design.

    Parameters
    ----------
    planner
        Derives the points' scenarios.
    points
        The design.
    settings
        Replications, seed, precision.
    cache
        Where finished blocks are kept and found again.
    executor, jobs
        Where they are simulated (`workers`), and its number of threads or processes on this machine.
    progress
        Called with the number of finished simulations, including those found in the cache.
    without
        Numbers of points that are not simulated.
    """
    batches = (
        PointBatch([planner.plan(*point) for point in few], settings)
        for few in in_batches(points, POINTS_PER_BATCH, without)
    )
    scheduler = SweepScheduler(batches, cache)
    while True:
        for key, table in as_finished(executor, scheduler.next_task, max_pending(executor, jobs)):
            scheduler.take(key, table)
            yield from scheduler.results()
            if progress is not None:
                progress(scheduler.progress)
        if not scheduler.active:
            return
        yield from scheduler.results()  # all of them were in the cache
        if progress is not None:
            progress(scheduler.progress)


def check(planner: PointPlanner, points: Sequence[Point], settings: SimulationSettings) -> list[ImpossiblePoint]:
    """Check that all points are allowed and that the measures of the precision exist; return those not possible.

    Raises
    ------
    FunnelsimError
        With all that is wrong.
    """
    impossible = planner.check(points)
    if settings.precision:
        ((first,),) = islice(in_batches(points, 1, {one.number for one in impossible}), 1)
        _, table = simulate_block("", [planner.plan(*first).plan], settings.seed, range(1))  # for the names
        known = [name for name in table.columns if name not in ("place", "replication")]
        unknown = [goal.measure for goal in settings.precision if goal.measure not in known]
        if unknown:
            message = f"unknown measure; {did_you_mean(unknown[0], known)}allowed: {', '.join(known)}"
            raise FunnelsimError([Problem(f"--precision {', '.join(unknown)}", message)])
    return impossible
