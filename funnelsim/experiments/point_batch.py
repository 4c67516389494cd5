"""A few design points on their way: which blocks of replications they still need, and what they say in the end."""

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
    """How much to simulate.

    Attributes
    ----------
    replications
        Of each point; with `precision`, at most.
    seed
        Names the dice.
    precision
        Half-widths at which a point has enough.
    engine
        With which engine; the results are the same.
    """

    replications: int
    seed: int
    precision: tuple[Precision, ...] = ()
    engine: Engine = "compiled"

    def looks(self) -> Iterator[int]:
        """Yield after how many replications to look whether they are enough."""
        return stopping_points(self.replications) if self.precision else iter([self.replications])


@dataclass(frozen=True)
class ReplicationBlock:
    """Some replications of some points: what one task simulates and one part holds."""

    points: tuple[PlannedPoint, ...]
    seed: int
    replications: range
    engine: Engine

    @property
    def key(self) -> str:
        """What determines the results, hashed: the points, which replications, the seed, the version of the model."""
        points = [f"{point.number} {point.content}" for point in self.points]
        return content_key(*points, str(self.seed), str(self.replications))

    def task(self) -> tuple[Any, ...]:
        """Return the function that simulates it, and its arguments; they travel to another process."""
        plans = [point.plan for point in self.points]
        return simulate_as, funnelsim.__version__, self.key, plans, self.seed, self.replications, self.engine


def simulate_as(
    version: str, key: str, plans: Sequence[Plan], seed: int, replications: range, engine: Engine
) -> tuple[str, pl.DataFrame]:
    """Do as `simulate_block`, but only if this machine has the same model as the one that asks.

    A further column names the measures that the plan itself has, in their order.

    Raises
    ------
    FunnelsimError
        If it has another version of funnelsim, whose results would not belong with the others.
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
    """What the replications of one design point say.

    Attributes
    ----------
    number, values
        The point.
    replications
        A row a replication.
    estimates
        By measure the mean with its half-width.
    """

    number: int
    values: Point
    replications: pl.DataFrame
    estimates: dict[str, Estimate]

    def row(self) -> dict[str, Any]:
        """Return what the point's row of the table of points says besides the varied values."""
        row: dict[str, Any] = {"n": len(self.replications)}
        for name, found in self.estimates.items():
            row |= {f"{name}.mean": found.mean, f"{name}.half_width": found.half_width, f"{name}.n": found.n}
        return row


class PointBatch:
    """A few points, from their first block to their results.

    Parameters
    ----------
    points
        The points, planned.
    settings
        How much to simulate.

    Attributes
    ----------
    unfinished
        By key the blocks that were asked for and have not come back.
    """

    def __init__(self, points: Sequence[PlannedPoint], settings: SimulationSettings) -> None:
        self.points = points
        self.settings = settings
        self.unfinished: dict[str, ReplicationBlock] = {}
        self._tables: dict[int, list[pl.DataFrame]] = {point.number: [] for point in points}
        self._taken = 0
        self._spared = 0
        self._looks = settings.looks()
        self._begun = 0
        self._open = list(points)

    @property
    def done(self) -> bool:
        """Whether every point has enough."""
        return not self._open

    @property
    def progress(self) -> int:
        """How many of the replications that were allowed are simulated, or turned out not to be needed."""
        return self._taken + self._spared

    def next_blocks(self) -> list[ReplicationBlock]:
        """Return the blocks up to the next look; empty when every point has enough."""
        still_open = [point for point in self._open if not (self._begun and self._has_enough(point))]
        self._spared += (len(self._open) - len(still_open)) * (self.settings.replications - self._begun)
        self._open = still_open
        until = next(self._looks, None)
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
            # A point must not depend on whom it was simulated with: it has its own measures in its own order.
            self._tables[point.number].append(own.select("replication", *json.loads(own[NAMES][0])))
        self._taken += len(table)

    def _has_enough(self, point: PlannedPoint) -> bool:
        wanted = self.settings.precision
        if not wanted:
            return False
        estimates = self._result(point).estimates
        return all(wish.measure in estimates for wish in wanted) and met(estimates, wanted)

    def results(self) -> list[PointResult]:
        """Return what the points say."""
        return [self._result(point) for point in self.points]

    def _result(self, point: PlannedPoint) -> PointResult:
        # Blocks come in any order; the replications of a point do not.
        table = pl.concat(self._tables[point.number]).sort("replication")
        columns = {name: table[name].to_numpy() for name in table.columns if name != "replication"}
        return PointResult(point.number, point.values, table, estimate(columns, point.plan.classes))
