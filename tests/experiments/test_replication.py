"""The buffers of a thread give the measures of a log, however small they were at first."""

from pathlib import Path

import numpy as np
import pytest

import funnelsim
from funnelsim.analysis.inputs import inputs_of
from funnelsim.analysis.measures import measure, measure_names
from funnelsim.analysis.series import DELAY_BINS, delay_counts, series, series_names
from funnelsim.engines import compiled_engine
from funnelsim.experiments import replication as replication_module
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
SEED = 4


def results_in(buffers, number=0):
    """Return the measures and the day of a plan with the vehicles that are there, and its delay counts."""
    plan = buffers.plans[number]
    row = np.full(len(measure_names(plan)), -1.0)
    day = np.full((len(series_names(plan)), len(inputs_of(plan).edges) - 1), -1.0)
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    records = buffers.simulate(number)
    buffers.measure(number, records, row)
    buffers.draw_day(number, records, day, counts)
    return row, day, counts


def of_log(plan, replication):
    """Return the same from the log of the compiled engine."""
    log = compiled_engine.simulate(draw_traffic(plan.road, SEED, replication), plan)
    measures = measure(log, plan)
    days = series(log, plan)
    return (
        np.array([measures[name] for name in measure_names(plan)]),
        np.array([days[name] for name in series_names(plan)]),
        delay_counts(log, plan),
    )


def assert_same(one, other):
    for mine, theirs in zip(one, other, strict=True):
        assert np.array_equal(mine, theirs, equal_nan=True)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_measures_are_those_of_the_log(path):
    """Replication after replication in the same memory: nothing of an earlier one is left."""
    plan = plan_of(funnelsim.load_scenario(path))
    buffers = ReplicationBuffers([plan])
    for replication in (0, 1, 0):
        buffers.draw(SEED, replication)
        assert_same(results_in(buffers), of_log(plan, replication))


def test_plans_on_one_road_do_not_disturb_each_other(scenario):
    changes = ({"area.bays": 1}, {"area.bays": 4, "equipment.scanner": 2}, {"selection.rule": "random"})
    plans = [PointPlanner(scenario).plan(0, values).plan for values in changes]
    buffers = ReplicationBuffers(plans)
    buffers.draw(SEED, 0)
    for number in (0, 1, 2, 0):
        assert_same(results_in(buffers, number), of_log(plans[number], 0))


def test_plans_that_approach_in_other_ways_do_not_disturb_each_other(scenario):
    """What is derived once for plans that agree in their ways is derived again where they do not."""
    listed = {"selection.watchlist": {"target_share": 0.5, "false_hits_per_10k": 100.0}}
    leaves = {"approach.exit": {"at_m": 100.0, "leave_when_tail_m": 1.0, "share": 0.5}}
    changes = ({}, {"area.bays": 1}, {"lane.speed_kmh": 12.0}, listed, {"approach.merge_s": 30.0}, leaves)
    plans = [PointPlanner(scenario).plan(0, values).plan for values in changes]
    buffers = ReplicationBuffers(plans)
    for replication in (0, 1):
        buffers.draw(SEED, replication)
        for number in (0, 1, 2, 0, 1, 3, 1, 4, 0, 5, 5, 1, 0):
            assert_same(results_in(buffers, number), of_log(plans[number], replication))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_more_vehicles_than_expected_get_more_room(path, monkeypatch):
    plan = plan_of(funnelsim.load_scenario(path))
    monkeypatch.setattr(replication_module, "room_for", lambda _road: 3)
    buffers = ReplicationBuffers([plan])
    buffers.draw(SEED, 0)
    assert buffers.engine_buffers.table.floats.shape[1] >= buffers.count > 3
    assert_same(results_in(buffers), of_log(plan, 0))


def test_there_may_be_more_stages_than_vehicles(build):
    brief = [{"name": f"stage {number}", "duration": {"mean_s": 1.0, "cv": 0.0}} for number in range(8)]
    plan = plan_of(build({"area": {"bays": 50, "waiting": 50, "stages": brief}}))
    buffers = ReplicationBuffers([plan])
    buffers.draw(SEED, 0)
    room = buffers.engine_buffers.records.ints.shape[1]
    found = results_in(buffers)
    assert buffers.engine_buffers.records.ints.shape[1] > room
    stages = int(buffers.engine_buffers.area["stages"][0])
    assert stages > buffers.engine_buffers.table.floats.shape[1]
    assert buffers.measure_buffers.uses.shape[1] >= stages
    assert_same(found, of_log(plan, 0))
