"""Problems: what the schema found wrong, in a planner's words, each with what was given and what is allowed."""

import datetime as dt
import sys
import tomllib
from collections import Counter

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import scenario_from
from funnelsim.scenario.overrides import with_override
from funnelsim.scenario.starter import starter_scenario
from funnelsim.selection_rules import RULES

STARTER = tomllib.loads(starter_scenario("A starter"))

WRONG_EVERYWHERE = """
title = "Everything wrong"
lanes = 2

[operation]
opens = "25:00"
closes = 14
stop_selecting = 3

[approach]
speed_kmh = 900
merge_s = nan

[lane]
speed_kh = 30

[traffic]
counts = { from = "00:00", vehicles = { totl = [1, 2, -3] } }
arrivals = "poison"
split = { lorry = { refer = 0.2 } }

[classes.lory]
share = 0.1

[[targets]]
name = "contraband"
per_10k = { vann = 3 }
cue_auc = 1.5

[selection]
rule = "scroe"
rate = { default = 0.05, lory = 0.2 }
post = { bordr_police = 1 }

[selection.valve]
suspend_at_m = 100
resume_at_m = 200

[[area.stages]]
name = "documents"
for = ["van", "lorri"]
duration = { mean_s = { vann = 3 } }
equipment = { co2_prob = 1, scanner = 4 }
finds = { contrabant = 0.5 }
alarms = { ordinry = 0.1 }
only_after_alarm = 1

[[area.stages]]
name = "search"
duration = { mean_s = [3], cv = 0.5 }

[[area.stages]]
duration = 60

[[staffing.roster]]
agency = "border_police"
count = 2.5
from = 2026-05-01
too = "12:00"

[equipment]
co2_probe = 1
scanner = 2
"""
CLASSES = "car, van, camper, coach, lorry, reefer"
CLOCK = 'a time of day as "HH:MM", from "00:00" to "23:59"'
*_FIRST, _LAST = (f'"{rule.name}"' for rule in RULES)
RULE_NAMES = f"{', '.join(_FIRST)} or {_LAST}"
POSITIVE = "a number above 0, at most 1,000,000"
EXPECTED = {
    "lanes": "unknown key; did you mean approach.lanes? allowed: version, title, currency, operation, direction, "
    "approach, lane, traffic, classes, targets, selection, area, staffing, equipment, funnels, limits, sweep, decide, "
    "shifts, uncertain",
    "operation.opens": f'"25:00" given; allowed: {CLOCK}',
    "operation.closes": f"14 given; allowed: {CLOCK}",
    "operation.stop_selecting": "unknown key; did you mean stop_selecting_min? allowed: opens, closes, also, "
    "days, stop_selecting_min, lead_in_min, run_out_min",
    "approach.speed_kmh": "900 given; allowed: a number from 1 to 200",
    "approach.merge_s": "nan given; allowed: a number from 0 to 600",
    "lane.speed_kh": "unknown key; did you mean speed_kmh? allowed: length_m, speed_kmh, capacity_vph, headway_cv",
    "traffic.counts.vehicles.totl": f"unknown class; did you mean total? allowed: total, {CLASSES}",
    "traffic.counts.vehicles.totl.2": "-3 given; allowed: a number from 0 to 1,000,000",
    "traffic.arrivals": '"poison" given; did you mean "poisson"? allowed: "poisson", "bunched", "counted" or "trace"',
    "traffic.split.lorry.refer": f"unknown class; did you mean reefer? allowed: {CLASSES}",
    "classes.lory": "spacing_m, reaction_s, diversion_s, occupants, delay_cost_per_h missing; did you mean lorry? "
    f"allowed: a new class with every key, or one that has defaults ({CLASSES})",
    "targets.contraband.per_10k.vann": f"unknown class; did you mean van? allowed: {CLASSES}",
    "targets.contraband.cue_auc": "1.5 given; allowed: a number at least 0.5, below 1",
    "selection.rule": f'"scroe" given; did you mean "score"? allowed: {RULE_NAMES}',
    "selection.rate.lory": f"unknown class; did you mean lorry? allowed: default, {CLASSES}",
    "selection.post.bordr_police": "this agency is not on the roster; did you mean border_police? "
    "allowed: border_police",
    "selection.valve": "resume_at_m = 200 is not below 100; allowed: less than suspend_at_m and lift_at_m",
    "area.stages.documents.for.1": f'"lorri" given, unknown class; did you mean lorry? allowed: {CLASSES}',
    "area.stages.documents.duration.mean_s": "no value for van; allowed: a value for each class, or a default",
    "area.stages.documents.duration.mean_s.vann": f"unknown class; did you mean van? allowed: default, {CLASSES}",
    "area.stages.documents.equipment.co2_prob": "unknown equipment; did you mean co2_probe? "
    "allowed: co2_probe, scanner (listed in [equipment])",
    "area.stages.documents.equipment.scanner": "4 given; allowed: at most 2, as in [equipment]",
    "area.stages.documents.finds.contrabant": "unknown target type; did you mean contraband? allowed: contraband",
    "area.stages.documents.alarms.ordinry": "unknown target type; did you mean ordinary? allowed: contraband, ordinary",
    "area.stages.documents.only_after_alarm": "1 given; allowed: true or false",
    "area.stages.search.duration.mean_s": f"[3] given; allowed: {POSITIVE} or a table of names, each with {POSITIVE}",
    "area.stages.2.duration": "60 given; allowed: a table with mean_s and, if wanted, per_occupant_s, cv, distribution",
    "area.stages.2.name": "missing; allowed: text in quotes, 1 to 60 characters",
    "staffing.roster.border_police.count": "2.5 given; allowed: a whole number from 0 to 10,000",
    "staffing.roster.border_police.from": f"2026-05-01 given; allowed: {CLOCK}",
    "staffing.roster.border_police.too": "unknown key; did you mean to? allowed: agency, count, from, to, days, "
    "breaks, cost_per_h",
    "staffing.roster.border_police.to": f"missing; allowed: {CLOCK}",
}


def problems_of(data):
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data, where="a3.toml")
    return {problem.where.removeprefix("a3.toml: "): problem.message for problem in caught.value.problems}


def problems_with(path, value):
    return problems_of(with_override(STARTER, path, value))


def test_every_mistake_of_a_file_is_said_in_one_go_from_the_top_down():
    assert list(problems_of(tomllib.loads(WRONG_EVERYWHERE)).items()) == list(EXPECTED.items())


def test_each_problem_is_said_once_and_on_one_line():
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tomllib.loads(WRONG_EVERYWHERE), where="a3.toml")
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == len(set(lines)) == len(EXPECTED)
    assert all(line.startswith("a3.toml: ") for line in lines)


def test_no_word_of_the_validator_shows():
    said = str(problems_of(tomllib.loads(WRONG_EVERYWHERE)))
    for word in ("Value error", "Input should", "constrained", "typed", "tuple", "dict", "None", "from_", "classes'"):
        assert word not in said


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("area.bays", 10**400, f"1{'0' * 56}... given; allowed: a whole number from 0 to 10,000"),
        ("area.bays", True, "true given; allowed: a whole number from 0 to 10,000"),
        ("lane.length_m", float("inf"), f"inf given; allowed: {POSITIVE}"),
        ("lane.length_m", 1e300, f"1e+300 given; allowed: {POSITIVE}"),
        ("lane.length_m", 10**400, f"1{'0' * 56}... given; allowed: {POSITIVE}"),
        ("lane.length_m", "150", f'"150" given; did you mean 150? allowed: {POSITIVE}'),
        ("lane", 5, "5 given; allowed: a table with any of length_m, speed_kmh, capacity_vph, headway_cv"),
        ("title", "", '"" given; allowed: text in quotes, 1 to 200 characters'),
        ("operation.opens", dt.time(6), f"06:00:00 given; allowed: {CLOCK}"),
        ("operation.opens", "06:00\n", f'"06:00\\n" given; allowed: {CLOCK}'),
        ("selection.rate", 0.05, "0.05 given; allowed: a table of names, each with a number from 0 to 1"),
        ("selection.rule", "xyz", f'"xyz" given; allowed: {RULE_NAMES}'),
        ("traffic.least_gap_s", 2.0, 'given with arrivals = "poisson"; allowed: with arrivals = "bunched"'),
        ("area.stages", [], None),
        ("traffic.counts", 5, None),
        ("traffic.counts.minutes", 20, "20 given; allowed: 15, 30 or 60"),
        ("traffic.split.lorry", {"reefer": 2}, None),
        ("equipment.co2_probe", 2.5, "2.5 given; allowed: a whole number from 1 to 10,000"),
    ],
)
def test_what_was_given_and_what_is_allowed_stand_side_by_side(path, value, message):
    (where, said), *_ = problems_with(path, value).items()
    assert where.startswith(path)
    assert "allowed: " in said
    if message:
        assert said == message


def test_control_characters_are_shown_and_not_obeyed():
    problems = problems_with("operation.opens", "\x1b[31mred\x9b")
    assert problems["operation.opens"].startswith('"\\u001b[31mred\\u009b" given')
    assert list(problems_with(("lane", "\x1b[0m"), 1)) == ['lane."\\u001b[0m"']


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"fil": "a.csv"}, {"fil", "file"}),
        ({}, {"file"}),
        ({"file": "a.csv", "stream": 5}, {"stream"}),
        ({"file": "a.csv", "stream": ["a", 5]}, {"stream.1"}),
        ({"file": "a.csv", "from": "06:00"}, {"from"}),
        ({"file": "a.csv", "format": "bats"}, {"format"}),
        ({"vehicles": {"total": [1]}}, {"from"}),
        ({"from": "06:00", "vehicles": 5}, {"vehicles"}),
        ({"typed": {}, "from": "06:00"}, {"typed", "vehicles"}),
    ],
)
def test_of_a_key_of_several_forms_only_the_form_given_is_in_error(given, expected):
    data = {**STARTER, "traffic": {"counts": given}}
    assert {where.removeprefix("traffic.counts.") for where in problems_of(data)} == expected


def test_a_misspelt_count_format_is_suggested():
    data = {**STARTER, "traffic": {"counts": {"file": "a.csv", "format": "bats"}}}
    assert problems_of(data)["traffic.counts.format"].startswith('"bats" given; did you mean "bast"? allowed: "auto"')


def test_the_python_names_of_keys_are_unknown_in_a_file():
    roster = [{"agency": "police", "count": 1, "from_": "06:00", "to": "14:00"}]
    problems = problems_with("staffing.roster", roster)
    assert problems["staffing.roster.police.from_"].startswith("unknown key; did you mean from?")
    assert "area.stages.0.classes" in {
        key.replace("CO2 probe", "0") for key in problems_with("area.stages.CO2 probe.classes", ["van"])
    }


def test_a_key_in_the_wrong_table_is_led_to_the_right_one():
    assert problems_with("lane.bays", 4)["lane.bays"].startswith("unknown key; did you mean area.bays?")


def test_a_rule_about_one_table_is_checked_even_if_others_are_wrong():
    data = with_override(
        with_override(with_override(STARTER, "classes.car.share", 0.8), "classes.van.share", 0.7), "lane.length_m", -1
    )
    assert {"classes", "lane.length_m"} <= problems_of(data).keys()


def test_stages_that_share_a_name_are_named_by_number():
    data = with_override(STARTER, "area.stages.1.name", "documents")
    data = with_override(data, "area.stages.1.crew.police", 0)
    assert list(problems_of(data)) == ["area.stages.1.crew.police"]


@pytest.mark.parametrize(
    ("path", "value", "meant"),
    [
        ("selection.rate.default", "10%", "0.1"),
        ("selection.rate.default", "0,05", "0.05"),
        ("selection.rate.default", 10, "0.1 (10 %)"),
        ("area.bays", "3", "3"),
    ],
)
def test_a_number_in_another_way_of_writing_is_offered_as_it_should_be(path, value, meant):
    assert f"did you mean {meant}? " in problems_with(path, value)[path]


def test_no_number_is_offered_where_none_belongs_or_which_is_meant_is_open():
    assert "did you mean" not in problems_with("operation.opens", "14")["operation.opens"]
    assert "did you mean" not in problems_with("selection.rate.default", 300)["selection.rate.default"]


def test_a_rule_about_several_keys_says_itself_what_is_allowed():
    """It once said that "wave_through" was given and allowed "wave_through"."""
    said = problems_with("area.bays", 0)["area.when_full"]
    assert said.startswith("bays = 0 with waiting = ")


@pytest.mark.parametrize("path", ["lane.speed_kmh", "approach.speed_kmh", "lane.length_m", "classes.car.spacing_m"])
def test_numbers_too_small_to_mean_anything_are_refused(path):
    assert "e-300 given; allowed: a number" in problems_with(path, 1e-300)[path]


def test_a_factor_that_makes_more_targets_than_vehicles_is_refused():
    traffic = STARTER["traffic"]
    funnel = [{"direction": "back", "traffic": traffic, "prevalence_factor": 1000}]
    assert "allowed: at most" in problems_with("funnels", funnel)["funnels"]


def _calls(work):
    """Return how many functions are called, in Python and below."""
    calls = Counter()

    def count(_frame, event, _of):
        calls[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls["call"] + calls["c_call"]


MANY = {
    "shifts": lambda k: {
        ("staffing", "roster"): [{"agency": f"p{n}", "count": "x", "from": "07:30"} for n in range(k)]
    },
    "stages": lambda k: {("area", "stages"): [{"name": f"s{n}", "crew": {"polcie": 1}} for n in range(k)]},
    "targets": lambda k: {("targets",): [{"name": f"t{n}", "per_10k": {"lorryy": 1}} for n in range(k)]},
    "counts": lambda k: {("traffic", "counts", "vehicles"): {"total": ["x"] * k}},
    "unknown keys": lambda k: {("area", f"key{n}"): 1 for n in range(k)},
}


@pytest.mark.parametrize("kind", MANY)
def test_twice_as_many_problems_take_twice_the_work(planned, kind):
    """The work is counted in calls of functions: it once grew with the square of the number of problems."""

    def work(number):
        with pytest.raises(ScenarioError) as caught:
            planned(MANY[kind](number))
        assert len(caught.value.problems) >= number

    work(10)  # fills caches
    few, many = _calls(lambda: work(200)), _calls(lambda: work(400))
    assert many < 2.1 * few


def test_of_very_many_problems_twenty_are_listed_and_the_others_counted(planned):
    with pytest.raises(ScenarioError) as caught:
        planned(MANY["counts"](2000))
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) == 2000
    assert len(lines) == 21
    assert lines[-1] == "and 1,980 more"
