"""Replications from dice to measures: the work that is spread over threads or processes."""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnelsim.analysis.measures import measure, measure_names, with_ratios
from funnelsim.analysis.series import DELAY_BINS, delay_counts, series, series_columns, series_names
from funnelsim.analysis.yardstick import yardstick_of
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.experiments.workplace import Workplace
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic, draw_traffic

Columns = dict[str, FloatArray]

Engine = Literal["compiled", "simpy"]


@dataclass(frozen=True)
class Block:
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
    measures: Columns
    series: Columns
    delay_counts: IntArray


def simulate(traffic: Traffic, plan: Plan, engine: Engine) -> Log:
    """Let vehicles meet a plan in the engine wanted."""
    if engine == "simpy":
        return simpy_engine.simulate(traffic, plan)
    return compiled_engine.simulate(traffic, plan)


def log_of(plan: Plan, seed: int, replication: int, engine: Engine = "compiled") -> Log:
    """Draw the traffic of one replication and simulate it."""
    return simulate(draw_traffic(plan.road, seed, replication), plan, engine)


def replicate(plan: Plan, seed: int, replications: range, engine: Engine = "compiled") -> Block:
    """Simulate some replications of a plan and reduce each log to what is kept."""
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    if engine == "simpy":
        logs = (log_of(plan, seed, number, engine) for number in replications)
        measures, days = [], []
        for log in logs:
            measures.append(measure(log, plan))
            days.append(series(log, plan))
            counts += delay_counts(log, plan)
        return Block(replications, _columns(measures), _columns(days), counts)
    place = Workplace([plan])
    rows = np.empty((len(replications), len(measure_names(plan))))
    days_of = np.empty((len(replications), len(series_names(plan)), len(yardstick_of(plan).edges) - 1))
    for row, day, number in zip(rows, days_of, replications, strict=True):
        place.draw(seed, number)
        records = place.simulate(0)
        place.measure(0, records, row)
        place.draw_day(0, records, day, counts)
    return Block(replications, _measures(plan, rows), series_columns(np.moveaxis(days_of, 1, 0), plan), counts)


def measures_of(plans: Sequence[Plan], seed: int, replications: range, engine: Engine = "compiled") -> list[Columns]:
    """Simulate some replications of some plans and return the measures of each plan, of shape (replications,).

    Plans that agree in their road share the vehicles that were drawn.
    """
    roads: dict[bytes, list[int]] = {}
    for number, plan in enumerate(plans):
        roads.setdefault(hashlib.blake2b(pickle.dumps(plan.road)).digest(), []).append(number)
    columns: dict[int, Columns] = {}
    for numbers in roads.values():
        found = _on_one_road([plans[number] for number in numbers], seed, replications, engine)
        columns |= dict(zip(numbers, found, strict=True))
    return [columns[number] for number in range(len(plans))]


def _on_one_road(plans: Sequence[Plan], seed: int, replications: range, engine: Engine) -> list[Columns]:
    if engine == "simpy":
        drawn = (draw_traffic(plans[0].road, seed, number) for number in replications)
        rows = [[measure(simulate(traffic, plan, engine), plan) for plan in plans] for traffic in drawn]
        return [_columns(list(of_plan)) for of_plan in zip(*rows, strict=True)]
    place = Workplace(plans)
    tables = [np.empty((len(replications), len(measure_names(plan)))) for plan in plans]
    for row, number in enumerate(replications):
        place.draw(seed, number)
        for of_plan, table in enumerate(tables):
            place.measure(of_plan, place.simulate(of_plan), table[row])
    return [_measures(plan, table) for plan, table in zip(plans, tables, strict=True)]


def _measures(plan: Plan, rows: FloatArray) -> Columns:
    """Return measures by name from the rows of several replications."""
    return with_ratios(dict(zip(measure_names(plan), rows.T, strict=True)), plan.classes)


def _columns(rows: Sequence[dict[str, float]] | Sequence[Columns]) -> Columns:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
