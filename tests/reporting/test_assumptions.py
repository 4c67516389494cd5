"""The assumptions: every value with who says so, told from the values alone."""

import json
import tomllib

import pytest

from funnelsim.experiments.results import resolved
from funnelsim.model.planning import plan_of
from funnelsim.reporting.assumptions import ASSUMED, PLANNERS_OWN, STARTERS, assumptions_of, grouped, those_that_matter
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.starter import starter_scenario


def starter(**changes):
    """Return the starter scenario with tables replaced."""
    return scenario_from(tomllib.loads(starter_scenario("mine")) | changes, where="test")


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
    assert rows["staffing.roster.police.count", "planner"].value == "10"
    assert rows["targets.contraband.per_10k", "planner"].value == "car 10, lorry 30 (per 10,000 vehicles)"
    assert "published check yields are not prevalences" in rows["targets.contraband.per_10k", "planner"].source
    assert rows["area.stages.search.duration.mean_s", "planner"].value == "600 s"
    assert rows["selection.rate", "planner"].value == "default 0.01, lorry 0.05"


def test_costs_have_the_currency_of_the_scenario(planned):
    """Not the word of the schema, "currency/h"."""
    for currency in ("EUR", "CHF"):
        values = [row.value for row in assumptions_of(planned({("currency",): currency})[0])]
        assert f"50 {currency}/h" in values
        assert not any("currency" in value for value in values)


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


FEATURES = {
    "approach.exit.share": {("approach", "exit"): {"at_m": 2500, "leave_when_tail_m": 1500}},
    "targets.contraband.evade.visible": {("targets", 1, "evade"): {"visible": 0.1}},
    "targets.contraband.evade.half_life_h": {("targets", 1, "evade"): {"alerted": 0.5}},
    "targets.contraband.evade.queue": {("targets", 1, "evade"): {"queue": 0.5}},
    "selection.index.utilisation": {("selection", "rule"): "index"},
    "selection.watchlist.false_hits_per_10k": {
        ("selection", "watchlist"): {"target_share": 0.1, "false_hits_per_10k": 1}
    },
    "selection.adapt.points": {("selection", "adapt"): {"on": "area", "points": [[0, 1], [1, 0.5]]}},
    "selection.look.reference_s": {("selection", "look"): {"reference_s": 2.0}},
    "selection.look.tires_half_life_h": {("selection", "look"): {"tires_half_life_h": 2.0}},
    "area.after_detection.transport.duration.mean_s": {
        ("area", "after_detection", "transport"): {"duration": {"mean_s": 3600}}
    },
    "staffing.chase.pursues": {("staffing", "chase"): {"pursues": 0.5, "brings": 0.5, "duration": {"mean_s": 900}}},
    "funnels.0.prevalence_factor": {
        ("funnels",): [{"direction": "west", "traffic": {"counts": {"from": "00:00", "vehicles": {"car": [900] * 24}}}}]
    },
}
QUIET = {
    "operation.days": {("operation", "days"): 2},
    "area.spots": {("area", "spots"): 2},
    "selection.look.rotate_min": {("selection", "look"): {"rotate_min": 30}},
    "approach.warning_m": {("approach", "warning_m"): 2000},
}


@pytest.mark.parametrize("key", FEATURES)
def test_a_feature_is_among_what_matters_while_it_is_on(planned, key):
    on = {row.key: row for row in assumptions_of(planned(FEATURES[key])[0])}
    assert on[key].matters


@pytest.mark.parametrize("key", [*FEATURES, *QUIET])
def test_a_feature_that_is_off_assumes_nothing(planned, key):
    """Not even that it is none: a reader of a report has no use for what the scenario does not do."""
    off = {row.key for row in assumptions_of(planned()[0])}
    on = {row.key for row in assumptions_of(planned({**FEATURES, **QUIET}[key])[0])}
    assert key in on
    feature = key.rsplit(".", 1)[0] if key in FEATURES else key
    assert key not in off
    assert feature not in off


def test_the_seconds_between_are_assumptions_that_matter(planned):
    """So they are with `funnelsim new`, which says nothing of them; officers who inspect nobody do not pause."""
    keys = {"area.changeover_s": "30 s", "staffing.pause_between_checks_s": "45 s"}
    rows = {row.key: row for row in assumptions_of(starter())}
    assert {key: rows[key].value for key in keys} == keys
    assert all(rows[key].source.startswith("assumption: ") and rows[key].set_by == "default" for key in keys)
    assert all(rows[key].matters for key in keys)
    stages = [{"name": "check", "duration": {"mean_s": 60}}]
    nobody = assumptions_of(planned({("area", "stages"): stages, ("area", "after_detection"): {}})[0])
    assert "staffing.pause_between_checks_s" not in {row.key for row in nobody}


def test_what_a_sweep_varies_is_told_also_where_it_is_off(planned):
    rows = assumptions_of(planned()[0], ["targets.contraband.evade.alerted", "operation.days"])
    assert {row.key for row in rows if row.set_by == "varied"} == {
        "targets.contraband.evade.alerted",
        "operation.days",
    }


def test_the_selection_of_a_further_funnel_is_told_by_its_own_rule(planned):
    counts = {"from": "00:00", "vehicles": {"car": [900] * 24}}
    west = {"direction": "west", "traffic": {"counts": counts}, "selection": {"rule": "every_nth"}}
    rows = {row.key: row for row in assumptions_of(planned({("funnels",): [west]})[0])}
    assert "selection.every" not in rows
    assert rows["funnels.0.selection.every"].value == "default 20"
    assert rows["funnels.0.selection.rule"].matters
    assert not any("index" in key or "direction" in key for key in rows)
    assert rows["funnels.0.traffic.counts"].value == "24 intervals of 60 min from 00:00, 21,600 vehicles in all"


def test_every_value_of_an_untouched_starter_is_a_starter_value_or_a_default():
    rows = assumptions_of(starter())
    assert {row.set_by for row in rows} == {"starter", "default"}
    by_key = {row.key: row for row in rows}
    assert by_key["traffic.counts"].source == STARTERS
    assert by_key["targets.contraband.per_10k"].source.startswith("starter value (")  # the schema's source stays
    assert by_key["approach.speed_kmh"].set_by == "default"  # the starter writes the default there


def test_a_value_that_the_planner_changes_is_no_longer_a_starter_value():
    equipment = {"CO2 probe": 3}
    rows = {row.key: row.set_by for row in assumptions_of(starter(equipment=equipment))}
    assert rows["equipment"] == "planner"
    assert rows["staffing.posts"] == "starter"


def test_starter_values_are_the_same_in_a_scenario_read_back_from_a_result():
    """A result keeps the counts by class, and of the hours that are simulated."""
    scenario = starter()
    kept = scenario_from(json.loads(json.dumps(resolved(scenario, plan_of(scenario).road.demand))), where="test")
    before, after = ({row.key for row in assumptions_of(one) if row.set_by == "starter"} for one in (scenario, kept))
    assert before == after
    assert "traffic.counts" in after


@pytest.mark.parametrize(
    "counts",
    [
        {"from": "00:00", "vehicles": {"total": [95, 45, 30, 25, 45, 111]}},
        {"from": "01:00", "vehicles": {"total": [95, 45, 30, 25, 45, 110]}},
        {"from": "00:00", "minutes": 30, "vehicles": {"total": [95, 45, 30, 25, 45, 110]}},
        {"from": "00:00", "vehicles": {"total": [0] * 24}},
    ],
)
def test_other_counts_are_the_planners_own(counts):
    rows = {row.key: row.set_by for row in assumptions_of(starter(traffic={"counts": counts}))}
    assert rows["traffic.counts"] == "planner"
