"""Points are the base scenario with keys set, as --set would set them; they are checked before anything runs."""

from pathlib import Path

import pytest

from funnelsim.errors import PlanError, ScenarioError
from funnelsim.experiments.points import MOST_DEMANDS, PointPlanner, content_of, in_batches
from funnelsim.scenario import load_scenario
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.toml_text import value_text

SHIPPED = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("area.bays", 7),
        ("selection.rate.van", 0.25),
        ("selection.rule", "random"),
        ("operation.closes", "13:00"),
        ("traffic.scale", 0.5),
        ("area.after_detection.duration", {"mean_s": 60.0}),
        ("limits.tail_m", 900),
    ],
)
def test_a_point_is_what_set_makes_of_the_file(key, value):
    file = SHIPPED / "motorway_early_shift.toml"
    wanted = load_scenario(file, [f"{key}={value_text(value)}"])
    point = PointPlanner(load_scenario(file)).plan(0, {key: value})
    assert point.content == content_of(wanted, demand_of(wanted))


def test_the_base_scenario_stays_as_it_is(scenario):
    planner = PointPlanner(scenario)
    before = str(planner.data)
    planner.plan(0, {"area.bays": 9, "selection.rate.van": 0.5})
    assert str(planner.data) == before


def test_points_on_the_same_road_share_its_demand(scenario):
    planner = PointPlanner(scenario)
    first, second = (planner.plan(0, {"area.bays": bays}) for bays in (3, 4))
    assert first.plan.road.demand is second.plan.road.demand


def test_many_roads_do_not_fill_the_memory(scenario):
    planner = PointPlanner(scenario)
    for number in range(2 * MOST_DEMANDS):
        planner.plan(number, {"traffic.scale": 1.0 + number / 100})
    assert len(planner.demands) == MOST_DEMANDS


def test_a_count_file_that_points_share_is_read_once(tmp_path):
    """To read it takes several times as long as all the rest of making a plan."""
    counts = tmp_path / "counts.csv"
    counts.write_bytes((SHIPPED / "counts" / "i94_westbound_tue_wed.csv").read_bytes())
    base = load_scenario(SHIPPED / "motorway_early_shift.toml", [f'traffic.counts.file="{counts}"'])
    planner = PointPlanner(base)
    first = planner.plan(0, {"traffic.scale": 0.2})
    counts.unlink()
    second = planner.plan(1, {"traffic.scale": 0.1})
    assert second.plan.road.demand.vehicles == pytest.approx(first.plan.road.demand.vehicles / 2)


def test_all_that_is_wrong_with_any_point_comes_at_once_and_once(scenario):
    points = [{"area.bay": bays, "selection.rule": rule} for bays in (1, 2) for rule in ("scroe", "random", 3)]
    with pytest.raises(ScenarioError) as caught:
        PointPlanner(scenario, "a3.toml").check(points)
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 3
    assert all(text.startswith("a3.toml with ") for text in said)
    assert "did you mean" in said[0]


def test_counts_that_lack_hours_of_a_point_are_found_before_anything_runs(scenario):
    with pytest.raises(ScenarioError, match="no counts"):
        PointPlanner(scenario).check([{"operation.closes": "07:00"}, {"operation.closes": "12:00"}])


def test_a_wrong_sweep_does_not_say_everything_a_million_times(scenario):
    with pytest.raises(ScenarioError) as caught:
        PointPlanner(scenario).check([{"area.bays": -number} for number in range(1, 1000)])
    assert 10 < len(caught.value.problems) < 30


def test_a_count_file_that_is_varied_lies_beside_the_scenarios_own():
    base = next(s for s in map(load_scenario, sorted(SHIPPED.glob("*.toml"))) if hasattr(s.traffic.counts, "file"))
    folder = Path(base.traffic.counts.file).parent
    found = PointPlanner(base).scenario_of({"traffic.counts.file": "other.csv"})
    assert Path(found.traffic.counts.file) == folder / "other.csv"


def test_chunks_hold_every_point_once_with_its_number():
    points = [{"a": number} for number in range(10)]
    batches = list(in_batches(points, 4))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert [pair for batch in batches for pair in batch] == list(enumerate(points))


def test_what_is_wrong_with_several_points_is_said_once(scenario):
    """Nobody can search a vehicle with nine officers, in however many bays."""
    planner = PointPlanner(scenario)
    stage = f"area.stages.{scenario.area.stages[0].name}.crew"
    with pytest.raises(PlanError) as caught:
        planner.check([{stage: {"nobody": 9}, "area.bays": bays} for bays in (1, 2)])
    (problem,) = caught.value.problems
    assert problem.where.endswith(": points 0 and 1")
    assert "needs 9 nobody" in problem.message
