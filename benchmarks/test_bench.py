"""Micro-benchmarks of a day on the motorway, for `pytest-benchmark`: what `performance.py` measures, one by one."""

from pathlib import Path

import numpy as np
import pytest

from funnelsim.analysis.measures import measure_names
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"


@pytest.fixture(scope="module")
def plan():
    return plan_of(load_scenario(MOTORWAY))


@pytest.fixture
def place(plan):
    made = ReplicationBuffers([plan])
    made.draw(1, 0)
    return made


def test_dice(benchmark, place):
    benchmark(place.draw, 1, 0)


def test_event_loop(benchmark, place):
    benchmark(compiled_engine.run_in, place.engine_buffers, place.traffic.first, place.plan_arrays[0], 1, 0)


def test_measures(benchmark, place, plan):
    records, row = place.simulate(0), np.empty(len(measure_names(plan)))
    benchmark(place.measure, 0, records, row)


def test_compiled_engine_alone(benchmark, plan):
    benchmark(compiled_engine.simulate, draw_traffic(plan.road, 1, 0), plan)


def test_simpy_engine_alone(benchmark, plan):
    benchmark.pedantic(simpy_engine.simulate, (draw_traffic(plan.road, 1, 0), plan), rounds=3)
