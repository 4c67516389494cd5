"""A batch of design points: the blocks of replications that it still needs, and its results."""

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

import funnelsim
from funnelsim.analysis.estimates import Estimate, estimate
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.points import PlannedPoint
from funnelsim.experiments.precision import Precision, met, stopping_points
from funnelsim.experiments.replication import Engine, measures_of, table_of
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.vary import Point
from funnelsim.model.plan import Plan

NAMES = "measures"
SECONDS_PER_TASK = 1.0
SECONDS_PER_VEHICLE: dict[Engine, float] = {"compiled": 1e-7, "simpy": 9e-6}  # measures included


@dataclass(frozen=True)
class SimulationSettings:
    """How to simulate each design point.

    Attributes
    ----------
    replications
        Number of each point; the largest number with `precision`.
    seed
        Random seed.
    precision
        Half-widths at which a point needs no more replications.
    engine
        The engine; both give the same results.
    """

    replications: int
    seed: int
    precision: tuple[Precision, ...] = ()
    engine: Engine = "compiled"

    def stopping_points(self) -> Iterator[int]:
        """Yield the numbers of replications after which to test whether they are enough."""
        return stopping_points(self.replications) if self.precision else iter([self.replications])


@dataclass(frozen=True)
class ReplicationBlock:
    """Some replications of some points: what one task simulates and one file of the cache holds."""

    points: tuple[PlannedPoint, ...]
    seed: int
    replications: range
    engine: Engine

    @property
    def key(self) -> str:
        """A hash of what determines the results: the points, the replications, the seed, the version of the model."""
        points = [f"{point.number} {point.content}" for point in self.points]
        return content_key(*points, str(self.seed), str(self.replications))

    def task(self) -> tuple[Any, ...]:
        """Return the function that simulates the block, and its arguments; both can be pickled."""
        plans = [point.plan for point in self.points]
        return simulate_as, funnelsim.__version__, self.key, plans, self.seed, self.replications, self.engine


def simulate_as(
    version: str, key: str, plans: Sequence[Plan], seed: int, replications: range, engine: Engine
) -> tuple[str, pl.DataFrame]:
    """Simulate a block as `simulate_block` does, if this machine has the same version of the model as the caller.

    An additional column lists the measures of each plan, in order.

    Raises
    ------
    FunnelsimError
        If it has another version of funnelsim, whose results may differ.
    """
    if version != funnelsim.__version__:
        message = (
            f"{platform.node()}: a worker has funnelsim {funnelsim.__version__}; allowed: {version}, as on this machine"
        )
        raise FunnelsimError([Problem("--cluster", message)])
    columns = measures_of(plans, seed, replications, engine)
    names = [json.dumps(list(of_plan)) for of_plan in columns for _ in replications]
    return key, table_of(columns, replications).with_columns(pl.Series(NAMES, names))


@dataclass(frozen=True)
class PointResult:
    """The results of one design point.

    Attributes
    ----------
    number, values
        The point.
    replications
        A row a replication.
    estimates
        By measure the mean with its interval.
    """

    number: int
    values: Point
    replications: pl.DataFrame
    estimates: dict[str, Estimate]

    def row(self) -> dict[str, Any]:
        """Return the estimates as a row of the table of points, without the varied values."""
        row: dict[str, Any] = {"n": len(self.replications)}
        for name, found in self.estimates.items():
            row |= {f"{name}.{part}": getattr(found, part) for part in ("mean", "low", "high", "n")}
        return row


class PointBatch:
    """A few design points, from their first block to their results.

    Parameters
    ----------
    points
        The points, planned.
    settings
        How to simulate them.

    Attributes
    ----------
    unfinished
        By key the blocks that were requested and have not been returned.
    """

    def __init__(self, points: Sequence[PlannedPoint], settings: SimulationSettings) -> None:
        self.points = points
        self.settings = settings
        self.unfinished: dict[str, ReplicationBlock] = {}
        self._tables: dict[int, list[pl.DataFrame]] = {point.number: [] for point in points}
        self._taken = 0
        self._spared = 0
        self._stopping_points = settings.stopping_points()
        self._begun = 0
        self._open = list(points)

    @property
    def done(self) -> bool:
        """Whether every point has enough replications."""
        return not self._open

    @property
    def progress(self) -> int:
        """How many of the replications allowed have been simulated or turned out not to be needed."""
        return self._taken + self._spared

    def next_blocks(self) -> list[ReplicationBlock]:
        """Return the blocks up to the next stopping point; empty when every point has enough replications."""
        still_open = [point for point in self._open if not (self._begun and self._has_enough(point))]
        self._spared += (len(self._open) - len(still_open)) * (self.settings.replications - self._begun)
        self._open = still_open
        until = next(self._stopping_points, None)
        if until is None:
            self._open = []
        if not self._open or until is None:
            return []
        vehicles = float(np.mean([point.plan.road.demand.vehicles.sum() for point in self._open]))
        per_vehicle_s = SECONDS_PER_VEHICLE[self.settings.engine]
        room = max(1, round(SECONDS_PER_TASK / (per_vehicle_s * max(vehicles, 1.0))))
        together = min(len(self._open), room)
        length = max(1, room // together)
        blocks = [
            ReplicationBlock(
                tuple(self._open[first : first + together]),
                self.settings.seed,
                range(start, min(start + length, until)),
                self.settings.engine,
            )
            for start in range(self._begun, until, length)
            for first in range(0, len(self._open), together)
        ]
        self._begun = until
        self.unfinished = {block.key: block for block in blocks}
        return blocks

    def take(self, key: str, table: pl.DataFrame) -> None:
        """Take the results of a block."""
        block = self.unfinished.pop(key)
        rows = len(block.replications)
        for place, point in enumerate(block.points):
            own = table.slice(place * rows, rows)
            # Results must not depend on the other points of a block: each keeps its own measures in order.
            self._tables[point.number].append(own.select("replication", *json.loads(own[NAMES][0])))
        self._taken += len(table)

    def _has_enough(self, point: PlannedPoint) -> bool:
        wanted = self.settings.precision
        if not wanted:
            return False
        estimates = self._result(point).estimates
        return all(goal.measure in estimates for goal in wanted) and met(estimates, wanted)

    def results(self) -> list[PointResult]:
        """Return the results of the points."""
        return [self._result(point) for point in self.points]

    def _result(self, point: PlannedPoint) -> PointResult:
        # Blocks return in any order; a point's replications are sorted.
        table = pl.concat(self._tables[point.number]).sort("replication")
        columns = {name: table[name].to_numpy() for name in table.columns if name != "replication"}
        return PointResult(point.number, point.values, table, estimate(columns, point.plan.classes))
