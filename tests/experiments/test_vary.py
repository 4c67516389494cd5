"""What a planner types after --vary becomes values; a design becomes points, always the same."""

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.vary import design_points, factors_of, parse_factor


def levels(text):
    factor = parse_factor(text)
    return [level[0] if len(level) == 1 else level for level in factor.levels]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("selection.rate.van=0.01,0.02, 0.05", [0.01, 0.02, 0.05]),
        ("selection.rate.van=0:0.2:0.1", [0, 0.1, 0.2]),
        ("selection.rate.van=0.1:0.5:0.1", [0.1, 0.2, 0.3, 0.4, 0.5]),
        ("area.bays=4:12:3", [4, 7, 10]),
        ("a=-1:1:1", [-1, 0, 1]),
        ("selection.rule=score,random", ["score", "random"]),
        ("operation.opens=06:00", ["06:00"]),
        ("operation.opens=06:00,06:30", ["06:00", "06:30"]),
        ("staffing.roster.police.from=05:00", ["05:00"]),
        ("area.stages.search.only_after_alarm=true,false", [True, False]),
        ('area.stages.search.for=["van"],["van","car"]', [["van"], ["van", "car"]]),
        ("selection.rate={default=0.1,van=0.2},{default=0.2}", [{"default": 0.1, "van": 0.2}, {"default": 0.2}]),
        ('title="a, b",c', ["a, b", "c"]),
        ("area.bays+area.waiting=4+4,6+2", [(4, 4), (6, 2)]),
        ("area.bays + area.when_full = 4 + hold, 6 + wave_through", [(4, "hold"), (6, "wave_through")]),
        ("a+b=1e+3+2,5+6", [(1000.0, 2), (5, 6)]),
        ("approach.critical_m=800,none", [800, "none"]),
    ],
)
def test_values_are_read_as_a_planner_means_them(text, values):
    assert levels(text) == values


def test_values_of_whole_ranges_stay_whole():
    assert all(isinstance(value, int) for value in levels("area.bays=4:12:2"))


def test_a_key_with_a_plus_or_an_equals_sign_stands_in_quotes():
    assert parse_factor('equipment."a+b=c"=1,2').keys == ('equipment."a+b=c"',)


def test_one_key_has_one_name_however_it_is_written():
    assert parse_factor('area."bays"=1').keys == ("area.bays",)


@pytest.mark.parametrize(
    "text",
    [
        "area.bays",
        "=1",
        "area.bays=",
        "area.bays=1,,2",
        "area.bays=1,1",
        "selection.rate.van=1,1.0",
        "area.bays+area.waiting=4,5",
        "area.bays+=4+5",
        "area.bays=5:1:1",
        "area.bays=1:5:0",
        "area.bays=1:5:-1",
        "area.bays=1:x:1",
        "area.bays=1:inf:1",
        "area.bays=0:1:1e-9",
        "area.bays=0.5:3",
        "area.bays=[1,2",
        'area."bays=1',
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_allowed(text):
    with pytest.raises(ScenarioError, match=r"--vary .*: .*(allowed|quot|cannot be read)"):
        parse_factor(text)


def test_all_that_is_wrong_comes_at_once():
    with pytest.raises(ScenarioError) as caught:
        factors_of(["area.bays=", "area.waiting=1", "area.bays=5:1:1"])
    assert len(caught.value.problems) == 2


def test_what_is_wrong_in_a_table_of_the_scenario_file_is_named_there():
    with pytest.raises(ScenarioError) as caught:
        factors_of({"area.bays": "5:1:1", "area.waiting": ()}, "sweep.vary")
    assert [problem.where for problem in caught.value.problems] == ["sweep.vary area.bays", "sweep.vary area.waiting"]


def test_the_table_of_a_scenario_file_says_the_same_as_the_command_line():
    table = {
        "selection.rate.default": (0.01, 0.02),
        "staffing.roster.police.count": "4:12:2",
        "area.bays+area.waiting": ("4+4", "6+2"),
        "selection.rule": ("score", "random"),
    }
    line = [
        "selection.rate.default=0.01,0.02",
        "staffing.roster.police.count=4:12:2",
        "area.bays+area.waiting=4+4,6+2",
        "selection.rule=score,random",
    ]
    assert factors_of(table) == factors_of(line)


def test_a_grid_is_every_combination_the_last_key_fastest():
    points = design_points(factors_of(["a=1,2", "b+c=3+4,5+6"]))
    assert points == [
        {"a": 1, "b": 3, "c": 4},
        {"a": 1, "b": 5, "c": 6},
        {"a": 2, "b": 3, "c": 4},
        {"a": 2, "b": 5, "c": 6},
    ]


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_designs_that_fill_a_space_fill_it_evenly_and_always_alike(design):
    factors = factors_of(["selection.rate.van=0:1", "area.bays=1:4", "selection.rule=score,random", "x=0:6:2"])
    points = design_points(factors, design, 32, seed=3)
    assert points == design_points(factors, design, 32, seed=3)
    assert points != design_points(factors, design, 32, seed=4)
    rates = np.array([point["selection.rate.van"] for point in points])
    assert np.histogram(rates, bins=8, range=(0, 1))[0].tolist() == [4] * 8
    for key, values in {"area.bays": [1, 2, 3, 4], "x": [0, 2, 4, 6], "selection.rule": ["score", "random"]}.items():
        found = [point[key] for point in points]
        assert {value: found.count(value) for value in values} == dict.fromkeys(values, 32 // len(values))


def test_one_point_is_a_design():
    for design in ("lhs", "sobol"):
        assert len(design_points(factors_of(["selection.rate.van=0:1"]), design, 1)) == 1


def test_only_keys_that_take_whole_numbers_are_kept_to_them():
    points = design_points(factors_of(["selection.rate.van=0:1", "area.bays=0:1"]), "lhs", 8)
    assert any(0 < point["selection.rate.van"] < 1 for point in points)
    assert all(isinstance(point["area.bays"], int) for point in points)


@pytest.mark.parametrize(
    ("texts", "design", "points", "words"),
    [
        ([], "grid", None, "nothing is varied"),
        (["a=1", "a=2"], "grid", None, "varied twice"),
        (["a=0:1"], "grid", None, "range without a step"),
        (["a=0:1"], "lhs", None, "--points"),
        (["a=0:1"], "sobol", 0, "--points"),
        (["a=1,2"], "grid", 5, "--points"),
        (["a=1:1000:1", "b=1:1000:1", "c=1,2"], "grid", None, "at most 1,000,000"),
    ],
)
def test_designs_that_make_no_sense_are_refused_in_words(texts, design, points, words):
    with pytest.raises(FunnelsimError, match=words):
        design_points(factors_of(texts), design, points)
