"""Replications from random numbers to measures: the work that is spread over threads or processes."""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from funnelsim.analysis.buffers import measure_buffers, prepare
from funnelsim.analysis.inputs import inputs_of
from funnelsim.analysis.log_arrays import EVENTS, LogArrays
from funnelsim.analysis.measures import measure, measure_into, measure_names, with_ratios
from funnelsim.analysis.series import DELAY_BINS, day_into, delay_counts, series, series_columns, series_names
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.engines.compiled.buffers import buffers_for
from funnelsim.engines.compiled.plan_arrays import plan_arrays_of, ways_of
from funnelsim.engines.compiled_engine import columns_of, events_of, run_in
from funnelsim.model.arrivals import TOO_MANY
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.road_arrays import road_arrays
from funnelsim.model.traffic import Traffic, draw_into, draw_traffic, room_for, traffic_buffers

ArraysByName = dict[str, FloatArray]

Engine = Literal["compiled", "simpy"]


class ReplicationBuffers:
    """The memory in which one thread simulates replication after replication in compiled code.

    It holds the vehicles of one road in one replication, and the log of one plan at a time.

    Nothing that grows with the vehicles is made for a replication: its vehicles are drawn into the table in which the
    engine works, the log stands in the same table, and its measures are taken from there.

    Parameters
    ----------
    plans
        Plans that share a road, so that they meet the same vehicles.
    wanted
        Which sections of measures are wanted (`funnelsim.analysis.measures.sections_with`); by default all, which days
        need as well.
    """

    def __init__(self, plans: Sequence[Plan], wanted: BoolArray | None = None) -> None:
        self.plans = plans
        self._wanted = wanted
        self.plan_arrays = [plan_arrays_of(plan) for plan in plans]
        self._ways = [ways_of(arrays) for arrays in self.plan_arrays]
        self._derived: bytes | None = None
        self.inputs = [inputs_of(plan) for plan in plans]
        self.road = road_arrays(plans[0].road)
        self.seed = self.replication = self.count = 0
        self._make_room(room_for(plans[0].road))

    def _make_room(self, vehicles: int) -> None:
        self.engine_buffers = buffers_for(self.plan_arrays, vehicles, vehicles // 4)
        self._make_measure_buffers()
        columns = columns_of(self.engine_buffers, vehicles)
        made = traffic_buffers(0, len(self.plans[0].funnels))
        self.traffic = made._replace(**{name: columns[name] for name in made._fields if name in columns})

    def _make_measure_buffers(self) -> None:
        vehicles, stages = self.engine_buffers.table.floats.shape[1], self.engine_buffers.records.ints.shape[1]
        self.measure_buffers = measure_buffers(self.plans, vehicles, max(vehicles, stages), wanted=self._wanted)

    def draw(self, seed: int, replication: int) -> None:
        """Draw the vehicles of one replication."""
        self.seed, self.replication, self._derived = seed, replication, None
        while (count := draw_into(self.traffic, self.road, seed, replication)) == TOO_MANY:
            self._make_room(2 * self.engine_buffers.table.floats.shape[1])
        self.count = count

    def simulate(self, number: int) -> LogArrays:
        """Let the vehicles meet a plan and prepare its measures; return the log, which stands in the same memory."""
        before, ways = self.engine_buffers, self._ways[number]
        self.engine_buffers = run_in(
            before,
            self.traffic.first,
            self.plan_arrays[number],
            self.seed,
            self.replication,
            derived=ways is not None and ways == self._derived,
        )
        self._derived = ways
        if self.engine_buffers is not before:
            self._make_measure_buffers()
        log = self.log()
        prepare(log, self.inputs[number], self.measure_buffers)
        return log

    def log(self) -> LogArrays:
        """Return the log where it stands."""
        events = events_of(self.engine_buffers)
        return LogArrays(*self.engine_buffers.table, self.traffic.first, *(events[name] for name in EVENTS))

    def measure(self, number: int, log: LogArrays, row: FloatArray) -> None:
        """Write the measures of a plan, as `funnelsim.analysis.measures.measure_names` names those wanted."""
        measure_into(row, log, self.inputs[number], self.measure_buffers)

    def draw_day(self, number: int, log: LogArrays, matrix: FloatArray, counts: IntArray) -> None:
        """Write the day of a plan, and add its delays to their counts (`funnelsim.analysis.series`)."""
        day_into(matrix, counts, log, self.inputs[number], self.measure_buffers)


@dataclass(frozen=True)
class BlockResult:
    """Some replications that were simulated together.

    Attributes
    ----------
    replications
        Which.
    measures
        By name, each of shape (replications,).
    series
        The days on a grid of time (`funnelsim.analysis.series`) by name, each of shape (replications, bins).
    delay_counts
        Vehicles of all of them by class and delay bin, shape (classes, bins).
    """

    replications: range
    measures: ArraysByName
    series: ArraysByName
    delay_counts: IntArray


def simulate(traffic: Traffic, plan: Plan, engine: Engine) -> Log:
    """Simulate traffic under a plan with either engine."""
    if engine == "simpy":
        return simpy_engine.simulate(traffic, plan)
    return compiled_engine.simulate(traffic, plan)


def log_of(plan: Plan, seed: int, replication: int, engine: Engine = "compiled") -> Log:
    """Draw the traffic of one replication and simulate it."""
    return simulate(draw_traffic(plan.road, seed, replication), plan, engine)


def replicate(plan: Plan, seed: int, replications: range, engine: Engine = "compiled") -> BlockResult:
    """Simulate some replications of a plan and reduce each log to the results that are kept."""
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    if engine == "simpy":
        logs = (log_of(plan, seed, number, engine) for number in replications)
        measures, days = [], []
        for log in logs:
            measures.append(measure(log, plan))
            days.append(series(log, plan))
            counts += delay_counts(log, plan)
        return BlockResult(replications, _columns(measures), _columns(days), counts)
    buffers = ReplicationBuffers([plan])
    rows = np.empty((len(replications), len(measure_names(plan))))
    days_of = np.empty((len(replications), len(series_names(plan)), len(inputs_of(plan).edges) - 1))
    for row, day, number in zip(rows, days_of, replications, strict=True):
        buffers.draw(seed, number)
        arrays = buffers.simulate(0)
        buffers.measure(0, arrays, row)
        buffers.draw_day(0, arrays, day, counts)
    return BlockResult(replications, _measures(plan, rows), series_columns(np.moveaxis(days_of, 1, 0), plan), counts)


def measures_of(
    plans: Sequence[Plan], seed: int, replications: range, engine: Engine = "compiled"
) -> list[ArraysByName]:
    """Simulate some replications of some plans and return the measures of each plan, of shape (replications,).

    Plans that agree in their road share the vehicles that were drawn.
    """
    roads: dict[bytes, list[int]] = {}
    for number, plan in enumerate(plans):
        roads.setdefault(hashlib.blake2b(pickle.dumps(plan.road)).digest(), []).append(number)
    columns: dict[int, ArraysByName] = {}
    for numbers in roads.values():
        found = _on_one_road([plans[number] for number in numbers], seed, replications, engine)
        columns |= dict(zip(numbers, found, strict=True))
    return [columns[number] for number in range(len(plans))]


def _on_one_road(plans: Sequence[Plan], seed: int, replications: range, engine: Engine) -> list[ArraysByName]:
    if engine == "simpy":
        drawn = (draw_traffic(plans[0].road, seed, number) for number in replications)
        rows = [[measure(simulate(traffic, plan, engine), plan) for plan in plans] for traffic in drawn]
        return [_columns(list(of_plan)) for of_plan in zip(*rows, strict=True)]
    buffers = ReplicationBuffers(plans)
    tables = [np.empty((len(replications), len(measure_names(plan)))) for plan in plans]
    for row, number in enumerate(replications):
        buffers.draw(seed, number)
        for of_plan, table in enumerate(tables):
            buffers.measure(of_plan, buffers.simulate(of_plan), table[row])
    return [_measures(plan, table) for plan, table in zip(plans, tables, strict=True)]


def simulate_block(
    key: str, plans: Sequence[Plan], seed: int, replications: range, engine: Engine = "compiled"
) -> tuple[str, pl.DataFrame]:
    """Simulate some replications of some plans: a row each, sorted by plan and replication.

    Plans that agree in their road share the vehicles that were drawn. A measure that a plan does not have, such as the
    use of equipment it has none of, is null there; one that has no meaning in a replication is not a number.
    """
    return key, table_of(measures_of(plans, seed, replications, engine), replications)


def table_of(columns: Sequence[ArraysByName], replications: range) -> pl.DataFrame:
    """Return the measures of several plans as a table with a row a replication of a plan, as `simulate_block` does."""
    numbers = {
        "place": np.repeat(np.arange(len(columns)), len(replications)),
        "replication": np.tile(np.array(replications), len(columns)),
    }
    nothing = pl.Series([None] * len(replications), dtype=pl.Float64)
    names = dict.fromkeys(name for of_plan in columns for name in of_plan)
    measures = {
        name: pl.concat([pl.Series(of_plan[name]) if name in of_plan else nothing for of_plan in columns])
        for name in names
    }
    return pl.DataFrame(numbers | measures)


def _measures(plan: Plan, rows: FloatArray) -> ArraysByName:
    """Return measures by name from the rows of several replications."""
    return with_ratios(dict(zip(measure_names(plan), rows.T, strict=True)), plan.classes)


def _columns(rows: Sequence[dict[str, float]] | Sequence[ArraysByName]) -> ArraysByName:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
