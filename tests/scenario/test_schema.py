"""The schema: frozen, sourced defaults, bounds that hold, unknown keys refused."""

import json
import tomllib

import pytest
from pydantic import ValidationError

from funnelsim.scenario import Scenario
from funnelsim.scenario.area import Duration
from funnelsim.scenario.json_schema import branches, root, tables
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.selection import Look, Valve
from funnelsim.scenario.site import Approach, Lane, Operation
from funnelsim.scenario.staffing import Breaks, Shift
from funnelsim.scenario.starter import starter_scenario
from funnelsim.scenario.traffic import DEFAULT_CLASSES, DEFAULT_SHARES, CountsTyped, Traffic

MINIMAL = {
    "title": "t",
    "operation": {"opens": "22:00", "closes": "02:00"},
    "traffic": {"counts": {"from": "00:00", "vehicles": {"total": [100] * 24}}},
    "area": {"stages": [{"name": "documents", "duration": {"mean_s": 60}}]},
}


def minimal(**changes):
    return Scenario.model_validate({**MINIMAL, **changes})


def test_what_is_left_out_has_its_default():
    scenario = minimal()
    assert scenario.approach == Approach()
    assert scenario.lane.speed_kmh == 30.0
    assert scenario.selection.rate == {"default": 0.05}
    assert scenario.area.after_detection.duration.mean_s == 5460.0
    assert {name: entry.share for name, entry in scenario.classes.items()} == DEFAULT_SHARES


def test_the_default_shares_sum_to_one():
    assert sum(DEFAULT_SHARES.values()) == pytest.approx(1.0)
    assert DEFAULT_SHARES.keys() == DEFAULT_CLASSES.keys()


def test_an_operation_past_midnight_closes_the_next_day():
    operation = minimal().operation
    assert (operation.opens_s, operation.closes_s, operation.duration_h) == (79_200.0, 93_600.0, 4.0)


def test_a_scenario_is_frozen_its_tables_of_values_included():
    scenario = minimal()
    with pytest.raises(ValidationError, match="frozen"):
        scenario.title = "other"
    with pytest.raises(TypeError, match="cannot be changed"):
        scenario.selection.rate["van"] = 0.5
    assert scenario.selection.rate == {"default": 0.05}


def test_a_class_table_changes_only_the_keys_it_names():
    scenario = minimal(classes={"van": {"occupants": 3.0}})
    assert scenario.classes["van"].occupants == 3.0
    assert scenario.classes["van"].spacing_m == DEFAULT_CLASSES["van"]["spacing_m"]
    assert scenario.classes["van"].share == DEFAULT_SHARES["van"]


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Approach(speed_kmh=201), "speed_kmh"),
        (lambda: Approach(wave_speed_kmh=101), "wave_speed_kmh"),
        (lambda: Approach(merge_s=601), "merge_s"),
        (lambda: Approach(lanes=9), "lanes"),
        (lambda: Lane(headway_cv=3.1), "headway_cv"),
        (lambda: Lane(length_m=0), "length_m"),
        (lambda: Lane(length_m=float("inf")), "length_m"),
        (lambda: Lane(length_m="150"), "length_m"),
        (lambda: Lane(length_m=True), "length_m"),
        (lambda: Look(mean_s=3601), "mean_s"),
        (lambda: Duration(mean_s=60, cv=5.1), "cv"),
        (lambda: Duration(mean_s={"van": 0}), "mean_s"),
        (lambda: Breaks(minutes=241), "minutes"),
        (lambda: Breaks(after_h=13), "after_h"),
        (lambda: Traffic(counts=CountsTyped(from_="00:00", vehicles={"total": (1,)}), scale=101), "scale"),
        (lambda: Shift(agency="police", count=1, from_="24:00", to="06:00"), "from_"),
        (lambda: Operation(opens="6:00", closes="14:00"), "opens"),
    ],
)
def test_a_bound_holds(make, key):
    with pytest.raises(ValidationError) as caught:
        make()
    assert {detail["loc"][0] for detail in caught.value.errors()} == {key}


def test_every_bound_that_the_json_schema_states_holds():
    """Of two bounds of one kind pydantic keeps the last: the schema must state the one that is kept."""
    checked = 0
    for path, table in tables():
        if "NAME" in path or "counts" in path:  # counts have two forms
            continue
        for key, node in table["properties"].items():
            for form in branches(node):
                if "maximum" in form:
                    beyond = form["maximum"] + 1
                    given = tomllib.loads(starter_scenario("x"))
                    here = given
                    for part in path:
                        here = here.setdefault(part, {})
                    here[key] = beyond
                    with pytest.raises(ValidationError) as caught:
                        Scenario.model_validate(given)
                    assert (*path, key) in {detail["loc"][: len(path) + 1] for detail in caught.value.errors()}
                    checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"operation": {"opens": "06:00", "closes": "06:20"}},
            "leaves no time to select: the funnel operates for 20 min",
        ),
        (
            {"selection": {"valve": {"suspend_at_m": 500, "resume_at_m": 500}}},
            "resume_at_m = 500 is not below 500",
        ),
        (
            {"selection": {"valve": {"suspend_at_m": 500, "lift_at_m": 400}}},
            "lift_at_m = 400 is below suspend_at_m",
        ),
        (
            {"classes": {"car": {"share": 0.7}, "van": {"share": 0.8}}},
            "the shares sum to 1.5 (car 0.7, van 0.8); allowed: shares that sum to 1",
        ),
        (
            {"targets": [{"name": "a", "per_10k": {}}, {"name": "a", "per_10k": {}}]},
            "a cannot be a name here; allowed: each name once",
        ),
        ({"targets": [{"name": "ordinary", "per_10k": {}}]}, "ordinary cannot be a name here"),
        (
            {"targets": [{"name": n, "per_10k": {"van": 6000}} for n in "ab"]},
            "per_10k of van sums to 12000; allowed: at most 10,000",
        ),
        ({"area": {**MINIMAL["area"], "bays": 0}}, "bays = 0 with waiting = 4"),
        ({"area": {**MINIMAL["area"], "bays": 0, "waiting": 0, "when_full": "hold"}}, 'when_full = "hold"'),
        (
            {"area": {"stages": MINIMAL["area"]["stages"] * 2}},
            "documents used twice; allowed: each name once",
        ),
        ({"traffic": {**MINIMAL["traffic"], "split": {"lorry": {"reefer": 0.7, "coach": 0.4}}}}, "at most 1"),
        ({"traffic": {**MINIMAL["traffic"], "split": {"lorry": {"lorry": 0.1}}}}, "shares of other classes"),
        ({"traffic": {"counts": {"from": "00:00", "vehicles": {}}}}, "vehicles is empty"),
        ({"traffic": {"counts": {"from": "00:00", "vehicles": {"total": [1], "car": [1]}}}}, "either the total or"),
        (
            {"traffic": {"counts": {"from": "00:00", "vehicles": {"van": [1], "car": [1, 2]}}}},
            "different length",
        ),
        ({"traffic": {"counts": {"file": "a.csv", "format": "csv"}}}, "one of auto, funnelsim"),
    ],
)
def test_a_rule_about_several_keys_says_what_is_allowed(changes, words):
    with pytest.raises(ValidationError) as caught:
        minimal(**changes)
    assert words in caught.value.errors()[0]["msg"]
    assert len(caught.value.errors()) == 1


def test_a_closed_area_passes_everybody():
    area = {**MINIMAL["area"], "bays": 0, "waiting": 0}
    assert minimal(area=area).area.bays == 0


def test_valve_limits_may_stand_alone():
    assert Valve(lift_at_m=900, resume_at_m=100).suspend_at_m is None


def test_every_key_has_a_meaning():
    for path, table in tables():
        for key, node in table["properties"].items():
            form = branches(node)[0] if "$ref" in node else node
            assert form.get("description"), (path, key)


def test_the_json_schema_is_plain_json():
    assert json.loads(json.dumps(root())) == root()


@pytest.mark.parametrize(("clock", "seconds"), [("00:00", 0.0), ("23:59", 86_340.0), ("06:30", 23_400.0)])
def test_clock_times_and_seconds_are_each_others_inverse(clock, seconds):
    assert seconds_after_midnight(clock) == seconds
    assert clock_of(seconds) == clock
    assert clock_of(seconds + 86_400.0) == clock
