"""Simulations of many plans: the values of a run, nothing twice, whatever the jobs and what is kept."""

import numpy as np
import pytest

from funnelsim.analysis.measures import measure_names, sections_with
from funnelsim.decision.simulations import Simulations, values_of
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.executor import workers
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import ReplicationBuffers, measures_of
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.model.planning import plan_of

MEASURES = ("expected_detections", "delay_p95_s", "officer_h")
POINTS = [{"selection.rate.default": 0.1}, {"area.bays": 1}, {"operation.closes": "01:30"}]
OTHER = {"direction": "back", "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [300] * 24}}}}
CHANGES = {
    "small": {},
    "with equipment": {"equipment": {"probe": 1}},
    "two windows": {"operation": {"also": [{"opens": "03:00", "closes": "03:30"}]}},
    "two funnels": {"funnels": [OTHER]},
}


@pytest.fixture
def simulations(small, tmp_path):
    """Return what makes simulations whose results are kept in a folder, and the tasks that they did not find there."""

    def make(executor, jobs=1, folder="cache", measures=MEASURES, seed=3, engine="compiled"):
        made = Simulations(
            PointPlanner(small()), measures, seed, executor, jobs, ResultCache(tmp_path / folder), engine=engine
        )
        for point in POINTS:
            made.add(point)
        return made

    return make


def expected(small, numbers, replications, seed=3):
    planner = PointPlanner(small())
    found = measures_of([planner.plan(0, POINTS[number]).plan for number in numbers], seed, replications)
    return np.array([[of_plan[name] for name in MEASURES] for of_plan in found]).swapaxes(1, 2)


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_values_are_those_of_a_run_to_the_bit(small, engine):
    planner = PointPlanner(small())
    plans = [planner.plan(0, point).plan for point in POINTS]
    values = values_of(plans, 3, range(2, 4), MEASURES, engine)
    assert np.array_equal(values, expected(small, [0, 1, 2], range(2, 4)), equal_nan=True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_jobs_and_what_is_kept_do_not_matter(small, simulations, jobs):
    with workers(jobs) as executor:
        made = simulations(executor, jobs)
        assert np.array_equal(made([2, 0], range(5)), expected(small, [2, 0], range(5)))
        assert np.array_equal(made([2, 0], range(5)), expected(small, [2, 0], range(5)))
        again = simulations(executor, jobs)
        assert np.array_equal(again([2, 0], range(5)), expected(small, [2, 0], range(5)))
        assert np.array_equal(again([0, 1, 2], range(3, 7)), expected(small, [0, 1, 2], range(3, 7)))


def test_nothing_is_simulated_twice(simulations, monkeypatch):
    told = []
    with workers(1) as executor:
        first = simulations(executor)([0, 1], range(4))
        monkeypatch.setattr("funnelsim.decision.simulations.values_of", None)
        again = simulations(executor)
        again._progress = told.append
        assert np.array_equal(again([0, 1], range(4)), first)
    assert told == [8]
    assert again.simulated == 8


def test_another_seed_or_measure_is_not_taken_from_what_is_kept(simulations):
    with workers(1) as executor:
        first = simulations(executor)([0], range(4))
        other = simulations(executor, seed=4)([0], range(4))
        swapped = simulations(executor, measures=MEASURES[::-1])([0], range(4))
    assert not np.array_equal(first[:, :, 0], other[:, :, 0])
    assert np.array_equal(first, swapped[:, :, ::-1])


def test_a_large_task_is_divided_and_put_together(small, simulations, monkeypatch):
    monkeypatch.setattr("funnelsim.decision.simulations.TOGETHER", 2)
    monkeypatch.setattr("funnelsim.decision.simulations.SIMULATIONS_OF_TASK", 5)
    with workers(2) as executor:
        made = simulations(executor, 2)
        assert np.array_equal(made([0, 1, 2], range(1, 8)), expected(small, [0, 1, 2], range(1, 8)))


def test_a_plan_that_was_forgotten_is_made_again(small, simulations, monkeypatch):
    monkeypatch.setattr("funnelsim.decision.simulations.MOST_PLANS", 1)
    with workers(1) as executor:
        made = simulations(executor)
        assert len(made._plans) == 1
        assert np.array_equal(made([0], range(3)), expected(small, [0], range(3)))


def test_a_plan_that_cannot_do_what_it_says_is_not_added(simulations):
    with workers(1) as executor:
        made = simulations(executor)
        with pytest.raises(FunnelsimError, match="police"):
            made.add({"staffing.roster.police.count": 0})
        assert made.add({"area.bays": 3}) == len(POINTS)
        assert made.points[-1] == {"area.bays": 3}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_each_section_alone_gives_what_all_together_give(small, changes):
    """What only other sections need is left out; a section does not read what another one derived."""
    plan = plan_of(small(changes))
    every = dict(zip(measure_names(plan), measured(plan, None).T, strict=True))
    for name in measure_names(plan):
        wanted = sections_with(plan, [name])
        some = dict(zip(measure_names(plan, wanted), measured(plan, wanted).T, strict=True))
        assert name in some
        assert len(some) < len(every)
        for other, values in some.items():
            assert np.array_equal(values, every[other], equal_nan=True), (name, other)


def measured(plan, wanted):
    buffers = ReplicationBuffers([plan], wanted)
    rows = np.empty((3, len(measure_names(plan, wanted))))
    for number, row in enumerate(rows):
        buffers.draw(5, number)
        buffers.measure(0, buffers.simulate(0), row)
    return rows


def test_a_measure_that_a_plan_does_not_have_is_not_a_number(small):
    planner = PointPlanner(small())
    plans = [planner.plan(0, point).plan for point in ({}, {"equipment": {"probe": 2}})]
    (name,) = set(measure_names(plans[1])) - set(measure_names(plans[0]))
    for engine in ("compiled", "simpy"):
        values = values_of(plans, 3, range(2), ("expected_detections", name), engine)
        assert np.isnan(values[:, :, 1]).tolist() == [[True, True], [False, False]]
        assert np.array_equal(values, values_of(plans[::-1], 3, range(2), ("expected_detections", name))[::-1], True)
