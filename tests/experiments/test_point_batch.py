"""A batch of points: its blocks cover all replications once, in whatever order they are simulated."""

import random

import polars as pl
import pytest

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.experiments import point_batch as batch_module
from funnelsim.experiments import replication as replication_module
from funnelsim.experiments.point_batch import PointBatch, SimulationSettings, simulate_as
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.precision import Precision
from funnelsim.experiments.replication import simulate_block
from funnelsim.experiments.run import run

POINTS = [{"area.bays": 1}, {"area.bays": 4, "equipment.scanner": 2}, {"area.bays": 1}]


def batch_of(scenario, settings, points=POINTS):
    planner = PointPlanner(scenario)
    return PointBatch([planner.plan(number, values) for number, values in enumerate(points)], settings)


def finish(batch, order=None):
    """Simulate a batch's blocks, in a random order if wanted; return what its points say."""
    while blocks := batch.next_blocks():
        if order is not None:
            order.shuffle(blocks)
        for block in blocks:
            function, *arguments = block.task()
            batch.take(*function(*arguments))
    return batch.results()


def same(one, other):
    return all(
        a.replications.equals(b.replications) and str(a.row()) == str(b.row()) for a, b in zip(one, other, strict=True)
    )


def test_a_point_says_what_a_run_of_its_scenario_says(scenario):
    for result, values in zip(finish(batch_of(scenario, SimulationSettings(6, 1))), POINTS, strict=True):
        alone = run(PointPlanner(scenario).scenario_of(values), replications=6, seed=1)
        assert result.replications.equals(alone.replications)
        assert str(result.estimates) == str(alone.estimates)


def test_points_with_the_same_scenario_say_the_same(scenario):
    first, _, third = finish(batch_of(scenario, SimulationSettings(4, 1)))
    assert first.replications.equals(third.replications)


@pytest.mark.parametrize("seconds", [1e-9, 0.05, 100.0])
def test_results_depend_neither_on_the_size_of_blocks_nor_on_their_order(scenario, monkeypatch, seconds):
    settings = SimulationSettings(25, 1, (Precision("vehicles", 0.011),))
    wanted = finish(batch_of(scenario, settings))
    monkeypatch.setattr(batch_module, "SECONDS_PER_TASK", seconds)
    assert same(wanted, finish(batch_of(scenario, settings), random.Random(1)))  # noqa: S311  (an order, no secret)


def test_a_point_does_not_get_the_measures_of_those_it_is_simulated_with(scenario):
    first, second, _ = finish(batch_of(scenario, SimulationSettings(2, 1)))
    assert "equipment_utilisation.scanner" in second.estimates
    assert "equipment_utilisation.scanner" not in first.estimates
    assert "equipment_utilisation.scanner" not in first.replications.columns


def test_points_stop_each_when_it_has_enough(scenario):
    easy, hard = {"traffic.scale": 2.0}, {"traffic.scale": 0.05}
    settings = SimulationSettings(60, 1, (Precision("vehicles", 0.02),))
    batch = batch_of(scenario, settings, [easy, hard])
    first, second = finish(batch)
    assert (len(first.replications), len(second.replications)) == (20, 60)
    assert batch.progress == 120


def test_a_measure_that_only_some_points_have_is_never_precise_at_the_others(scenario):
    settings = SimulationSettings(30, 1, (Precision("equipment_utilisation.scanner", 1.0),))
    results = finish(batch_of(scenario, settings))
    assert len(results[0].replications) == 30


@pytest.mark.parametrize(
    ("engine", "holder", "name"),
    [("compiled", replication_module.ReplicationBuffers, "draw"), ("simpy", replication_module, "draw_traffic")],
)
def test_plans_on_one_road_meet_the_same_vehicles_drawn_once(scenario, monkeypatch, engine, holder, name):
    drawn = []
    draw = getattr(holder, name)
    monkeypatch.setattr(holder, name, lambda *args: drawn.append(args) or draw(*args))
    planner = PointPlanner(scenario)
    same_road = [planner.plan(0, {"area.bays": bays}).plan for bays in (1, 2, 3)]
    other_road = planner.plan(0, {"traffic.scale": 1.5}).plan
    _, table = simulate_block("", [same_road[0], other_road, *same_road[1:]], 1, range(2), engine)
    assert len(drawn) == 4
    vehicles = table.sort("place", "replication").partition_by("place")
    assert all(vehicles[place]["vehicles"].equals(vehicles[0]["vehicles"]) for place in (2, 3))
    assert not vehicles[1]["vehicles"].equals(vehicles[0]["vehicles"])
    for place, plan in enumerate((same_road[0], other_road, *same_road[1:])):
        _, alone = simulate_block("", [plan], 1, range(2), engine)
        assert vehicles[place].drop("place").equals(alone.drop("place"))


def test_the_key_of_a_block_names_points_replications_and_seed(scenario):
    def key(settings, points=POINTS):
        return batch_of(scenario, settings, points).next_blocks()[0].key

    assert key(SimulationSettings(4, 1)) == key(SimulationSettings(4, 1))
    others = [
        key(SimulationSettings(5, 1)),
        key(SimulationSettings(4, 2)),
        key(SimulationSettings(4, 1), POINTS[:2]),
        key(SimulationSettings(4, 1), POINTS[1:]),
    ]
    assert len({key(SimulationSettings(4, 1)), *others}) == 5


def test_what_has_no_meaning_is_not_a_number_and_what_is_not_there_is_null(scenario):
    planner = PointPlanner(scenario)
    plans = [planner.plan(0, values).plan for values in POINTS[:2]]
    _, table = simulate_block("", plans, 1, range(2))
    by_place = table.partition_by("place")
    assert by_place[0]["equipment_utilisation.scanner"].null_count() == 2
    assert by_place[1]["equipment_utilisation.scanner"].null_count() == 0
    assert {table[name].dtype for name in table.columns if name not in ("place", "replication")} == {pl.Float64}


def test_a_worker_with_another_version_of_the_model_is_refused(scenario):
    plan = PointPlanner(scenario).plan(0, {}).plan
    assert simulate_as(funnelsim.__version__, "k", [plan], 1, range(1), "compiled")[0] == "k"
    with pytest.raises(FunnelsimError, match="a worker has funnelsim"):
        simulate_as("0.0.0", "k", [plan], 1, range(1), "compiled")
