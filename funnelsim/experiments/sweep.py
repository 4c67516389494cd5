"""Sweep a scenario: many design points, the same replications for each, nothing finished ever lost.

Points are taken a few at a time, and each block of their replications is a task of about a second. A finished block is
a part on disk, named by what determines it; a sweep that is started again does only what is missing. What a part holds
depends neither on jobs nor on order, and the tables are put together in the order of the design: they are the same to
the byte however the sweep came about.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from funnelsim.experiments.chunk import Block, Chunk, Effort, PointResult
from funnelsim.experiments.executor import Task, as_finished, at_once, workers
from funnelsim.experiments.parts import Parts
from funnelsim.experiments.points import Planner, in_chunks
from funnelsim.experiments.precision import Precision
from funnelsim.experiments.sweep_folder import SweepFolder
from funnelsim.experiments.vary import Point
from funnelsim.scenario.schema import Scenario

CHUNK = 16  # points at a time: what is in memory does not grow with the design
CLUSTER_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep found.

    Attributes
    ----------
    scenario
        The base scenario.
    keys
        What was varied.
    effort
        Replications, seed, precision.
    complete
        Whether every point was finished; an interrupted sweep has those that were.
    points
        A row a design point: `point`, the varied keys, `n`, and by measure `NAME.mean`, `NAME.half_width`, `NAME.n`.
    replications
        A row a replication of a point: `point`, `replication`, and a column a measure.
    damaged
        Names of parts that were found damaged and made again.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    effort: Effort
    complete: bool
    points: pl.DataFrame
    replications: pl.LazyFrame
    damaged: tuple[str, ...] = ()

    def scenario_of(self, point: int) -> Scenario:
        """Return the scenario of a design point."""
        row = self.points.row(by_predicate=pl.col("point") == point, named=True)
        return Planner(self.scenario).scenario_of({key: row[key] for key in self.keys})


def simulate_points(
    planner: Planner,
    points: Sequence[Point],
    effort: Effort,
    parts: Parts,
    jobs: int = 1,
    cluster: str | None = None,
    told: Callable[[int], None] | None = None,
) -> Iterator[list[PointResult]]:
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
        Processes on this machine, or the address of a Dask scheduler.
    told
        Called with the number of finished simulations, those found on disk included.
    """
    source = (Chunk([planner.plan(*point) for point in few], effort) for few in in_chunks(points, CHUNK))
    active: deque[Chunk] = deque()
    waiting: deque[Block] = deque()
    homes: dict[str, Chunk] = {}
    finished = 0

    def begin(chunk: Chunk) -> None:
        """Look up the chunk's next blocks; queue those that are missing."""
        nonlocal finished
        while not chunk.unfinished and (blocks := chunk.next_blocks()):
            for block in blocks:
                table = parts.read(block.key)
                if table is None:
                    waiting.append(block)
                    homes[block.key] = chunk
                else:
                    finished += chunk.take(block.key, table)

    def next_task() -> Task | None:
        while not waiting and not (active and active[0].done):
            chunk = next(source, None)
            if chunk is None:
                return None
            active.append(chunk)
            begin(chunk)
        return waiting.popleft().task() if waiting else None

    with workers(jobs, cluster) as executor:
        most = at_once(jobs) if cluster is None else CLUSTER_AT_ONCE
        while True:
            for key, table in as_finished(executor, next_task, most):
                parts.write(key, table)
                chunk = homes.pop(key)
                finished += chunk.take(key, table)
                begin(chunk)
                if told is not None:
                    told(finished)
                while active and active[0].done:
                    yield active.popleft().results()
            if not active:
                return
            while active and active[0].done:
                yield active.popleft().results()


def sweep(
    scenario: Scenario,
    points: Sequence[Point],
    effort: Effort,
    folder: Path,
    jobs: int = 1,
    cluster: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Simulate every design point, each with the same replications, and keep everything in a folder.

    Started again on the same folder it does only what is missing. Interrupted from the keyboard it ends with the
    points that are finished.

    Parameters
    ----------
    scenario
        The base scenario.
    points
        The design (`funnelsim.experiments.vary.design_points`).
    effort
        Replications, seed, precision.
    folder
        Where results go; a folder that holds another sweep is refused.
    jobs, cluster
        Processes on this machine, or the address of a Dask scheduler.
    told
        Called with the numbers of finished simulations and points.

    Raises
    ------
    ScenarioError
        If a point is not allowed; before anything runs, with all that is wrong.
    ResultsError
        If the folder holds something else or cannot be written.
    """
    planner = Planner(scenario)
    planner.check(points)
    kept = SweepFolder(folder, planner.data, points, effort)
    parts = kept.parts()
    finished_points = 0
    complete = True

    def simulations(finished: int) -> None:
        if told is not None:
            told(finished, finished_points)

    try:
        for results in simulate_points(planner, points, effort, parts, jobs, cluster, simulations):
            kept.add(results)
            finished_points += len(results)
    except KeyboardInterrupt:
        complete = False
        if finished_points == 0:
            raise
    kept.finish(complete=complete, damaged=parts.damaged)
    return load_sweep(folder)


def load_sweep(folder: Path) -> Sweep:
    """Read a sweep from its folder.

    Raises
    ------
    ResultsError
        If the folder holds no sweep.
    """
    manifest, points, replications = SweepFolder.read(folder)
    effort = Effort(
        manifest["replications"],
        manifest["seed"],
        tuple(Precision(wish["measure"], wish["share"]) for wish in manifest["precision"]),
    )
    scenario = Scenario.model_validate(manifest["scenario"])
    keys = tuple(manifest["keys"])
    return Sweep(scenario, keys, effort, manifest["complete"], points, replications, tuple(manifest["damaged"]))
