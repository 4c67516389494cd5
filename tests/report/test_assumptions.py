"""The assumptions: every value with who says so, told from the values alone."""

import json

import pytest

from funnelsim.experiments.results import resolved
from funnelsim.report.assumptions import ASSUMED, PLANNERS_OWN, assumptions_of, grouped, those_that_matter
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario


@pytest.fixture
def rows(planned):
    return {(row.key, row.set_by): row for row in assumptions_of(planned()[0])}


def test_defaults_have_the_source_of_the_schema(rows):
    wave = rows["approach.wave_speed_kmh", "default"]
    assert wave.value == "20 km/h"
    assert "Stipdonk" in wave.source
    assert rows["lane.headway_cv", "default"].source == ASSUMED
    # A source of a default further up stands where the default is still the one it speaks of.
    assert "505" in rows["area.after_detection.duration.mean_s", "default"].source
    assert "505" not in rows["area.after_detection.duration.per_occupant_s", "default"].source


def test_what_the_planner_set_is_the_planners_own(rows):
    assert rows["area.bays", "planner"].source == PLANNERS_OWN
    assert rows["area.bays", "planner"].value == "6"
    assert rows["limits.p95_delay_min", "planner"].value == "12 min"
    assert rows["targets.contraband.per_10k", "planner"].value == "car 10, lorry 30 (per 10,000 vehicles)"
    assert "published check yields are not prevalences" in rows["targets.contraband.per_10k", "planner"].source
    assert rows["area.stages.search.duration.mean_s", "planner"].value == "600 s"
    assert rows["selection.rate", "planner"].value == "default 0.01, lorry 0.05"


def test_a_changed_default_is_the_planners_own_without_the_defaults_source(planned):
    scenario = planned({("approach", "wave_speed_kmh"): 15})[0]
    row = next(row for row in assumptions_of(scenario) if row.key == "approach.wave_speed_kmh")
    assert (row.set_by, row.source) == ("planner", PLANNERS_OWN)


def test_classes_stand_in_one_row_a_key_default_and_own_apart(planned):
    scenario = planned({("classes",): {"lorry": {"spacing_m": 22.0}}})[0]
    rows = [row for row in assumptions_of(scenario) if row.key == "classes.*.spacing_m"]
    assert [(row.set_by, row.value) for row in rows][1] == ("planner", "lorry 22 (m)")
    assert "SUMO" in rows[0].source
    assert "lorry" not in rows[0].value


def test_counts_are_summed_up_without_any_folder(planned, tmp_path):
    scenario = planned()[0]
    counts = next(row for row in assumptions_of(scenario) if row.key == "traffic.counts")
    assert counts.value == "24 intervals of 60 min from 00:00, 24,000 vehicles in all"
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["traffic"]["counts"] = {"file": str(tmp_path / "mine.csv")}
    counts = next(row for row in assumptions_of(Scenario.model_validate(data)) if row.key == "traffic.counts")
    assert "mine.csv" in counts.value
    assert str(tmp_path) not in counts.value


def test_a_scenario_read_back_from_a_result_says_the_same(planned):
    scenario, plan = planned()
    kept = scenario_from(json.loads(json.dumps(resolved(scenario, plan.road.demand))), where="test")
    before = [row for row in assumptions_of(scenario) if not row.key.startswith("traffic.")]
    assert [row for row in assumptions_of(kept) if not row.key.startswith("traffic.")] == before


def test_varied_keys_are_marked_and_matter(planned):
    varied = ["staffing.roster.police.count", "selection.rate.van", "area.stages.2.duration.mean_s"]
    scenario = planned({("selection", "rate", "van"): 0.1})[0]
    marked = [row for row in assumptions_of(scenario, varied) if row.set_by == "varied"]
    assert [row.key for row in marked] == [
        "selection.rate",
        "area.stages.search.duration.mean_s",
        "staffing.roster.police.count",
    ]
    assert all(row.matters and row.source.startswith("varied") for row in marked)


def test_those_that_matter_are_few_and_groups_lose_nothing(planned):
    rows = assumptions_of(planned()[0])
    assert 10 < len(those_that_matter(rows)) < 40
    assert [row for _, few in grouped(rows) for row in few] == rows
    assert all(row.value and row.source and row.meaning for row in rows)
