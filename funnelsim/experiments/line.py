"""The line of work of a sweep: from the design to blocks for the executor, from their results back to the points."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing

import polars as pl

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.chunk import Block, Chunk, Effort, PointResult, simulate_block
from funnelsim.experiments.executor import Task, as_finished, room_of, workers
from funnelsim.experiments.parts import Parts
from funnelsim.experiments.points import Planner, in_chunks
from funnelsim.experiments.vary import Point
from funnelsim.scenario.spelling import did_you_mean

CHUNK = 16  # points at a time: what is in memory does not grow with the design


class Line:
    """The line of chunks between the design and the executor.

    Parameters
    ----------
    chunks
        The design, a few planned points at a time.
    parts
        Where finished blocks are found and kept.
    """

    def __init__(self, chunks: Iterator[Chunk], parts: Parts) -> None:
        self.chunks = chunks
        self.parts = parts
        self.active: deque[Chunk] = deque()
        self.waiting: deque[tuple[Chunk, Block]] = deque()
        self.homes: dict[str, Chunk] = {}
        self._finished = 0

    @property
    def progress(self) -> int:
        """How many simulations are finished."""
        return self._finished + sum(chunk.progress for chunk in self.active)

    def next_task(self) -> Task | None:
        """Return the next block that is not on disk, as a task; None if there is none, or results are to be had."""
        while not self.waiting and not self._first_is_done:
            chunk = next(self.chunks, None)
            if chunk is None:
                return None
            self.active.append(chunk)
            self._go_on(chunk)
        if not self.waiting:
            return None
        chunk, block = self.waiting.popleft()
        self.homes[block.key] = chunk
        return block.task()

    def take(self, key: str, table: pl.DataFrame) -> None:
        """Keep the results of a block and go on with the points it belongs to."""
        self.parts.write(key, table)
        chunk = self.homes.pop(key)
        chunk.take(key, table)
        self._go_on(chunk)

    def _go_on(self, chunk: Chunk) -> None:
        """Ask for the chunk's next blocks; take those on disk and queue the others."""
        while not chunk.unfinished and not chunk.done:
            for block in chunk.next_blocks():
                table = self.parts.read(block.key)
                if table is None:
                    self.waiting.append((chunk, block))
                else:
                    chunk.take(block.key, table)

    @property
    def _first_is_done(self) -> bool:
        return bool(self.active) and self.active[0].done

    def results(self) -> Iterator[list[PointResult]]:
        """Yield the results of the chunks that are finished, in the order of the design."""
        while self._first_is_done:
            self._finished += self.active[0].progress
            yield self.active.popleft().results()


def simulate_points(
    planner: Planner,
    points: Sequence[Point],
    effort: Effort,
    parts: Parts,
    jobs: int = 1,
    cluster: str | None = None,
    told: Callable[[int], None] | None = None,
) -> Generator[list[PointResult], None, None]:
    """Simulate design points and yield their results, a few points at a time, in the order of the design.

    Parameters
    ----------
    planner
        Derives the points' scenarios.
    points
        The design.
    effort
        Replications, seed, precision.
    parts
        Where finished blocks are kept and found again.
    jobs, cluster
        Threads (processes with the SimPy engine) on this machine, or the address of a Dask scheduler.
    told
        Called with the number of finished simulations, those found on disk included.
    """
    chunks = (Chunk([planner.plan(*point) for point in few], effort) for few in in_chunks(points, CHUNK))
    line = Line(chunks, parts)
    with workers(jobs, effort.engine, cluster) as executor:
        while True:
            with closing(as_finished(executor, line.next_task, room_of(executor, jobs))) as made:
                for key, table in made:
                    line.take(key, table)
                    yield from line.results()
                    if told is not None:
                        told(line.progress)
            if not line.active:
                return
            yield from line.results()  # found on disk, all of them
            if told is not None:
                told(line.progress)


def check(planner: Planner, points: Sequence[Point], effort: Effort) -> None:
    """Make sure that all points are allowed and the measures of the precision are known.

    Raises
    ------
    FunnelsimError
        With all that is wrong.
    """
    planner.check(points)
    if effort.precision:
        _, table = simulate_block("", [planner.plan(0, points[0]).plan], effort.seed, range(1))  # tells the names
        known = [name for name in table.columns if name not in ("place", "replication")]
        unknown = [wish.measure for wish in effort.precision if wish.measure not in known]
        if unknown:
            message = f"unknown measure; {did_you_mean(unknown[0], known)}allowed: {', '.join(known)}"
            raise FunnelsimError([Problem(f"--precision {', '.join(unknown)}", message)])
