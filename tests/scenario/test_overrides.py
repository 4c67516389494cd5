"""Overrides: a new mapping with one key set; what was given stays as it is."""

import copy
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import ScenarioError
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.overrides import parse_override, split_path, steps_to, with_override
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.starter import starter_scenario
from funnelsim.scenario.toml_text import path_text, value_text

STARTER = tomllib.loads(starter_scenario("A starter"))


def words_of(call, *args):
    with pytest.raises(ScenarioError) as caught:
        call(*args)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("selection.rate.default=0.05", ("selection", "rate", "default"), 0.05),
        ("selection.rule=random", ("selection", "rule"), "random"),
        ('selection.rule="random"', ("selection", "rule"), "random"),
        ("operation.opens=06:00", ("operation", "opens"), "06:00"),
        ("traffic.counts.date=2026-05-01", ("traffic", "counts", "date"), "2026-05-01"),
        ("a.b = [1, 2]", ("a", "b"), [1, 2]),
        ("selection.rate={ default = 0.1, van = 0.2 }", ("selection", "rate"), {"default": 0.1, "van": 0.2}),
        ("area.stages.full search.crew.police=2", ("area", "stages", "full search", "crew", "police"), 2),
        (
            'area.stages."full.search".only_after_alarm=true',
            ("area", "stages", "full.search", "only_after_alarm"),
            True,
        ),
        ("targets.'a=b'.persons=2", ("targets", "a=b", "persons"), 2),
        (" a . b = x=y ", ("a", "b"), "x=y"),
        ("title=A3 eastbound, weekday", ("title",), "A3 eastbound, weekday"),
        ("a=True", ("a",), "True"),
    ],
)
def test_the_value_is_toml_and_bare_words_are_text(text, path, value):
    assert parse_override(text)[:2] == (path, value)


@pytest.mark.parametrize(
    "text",
    ["", "=", "a", "a=", "=1", "a..b=1", ".a=1", "a.=1", 'a."b=1', "a=[1", 'a="x', "a={b=1", "a=[1]\nb=[2]"],
)
def test_what_is_no_override_is_an_error_in_words(text):
    said = words_of(parse_override, text)
    assert said.startswith("--set ")
    assert "allowed: " in said


def test_a_table_that_is_not_there_is_made():
    assert with_override({}, "selection.valve.suspend_at_m", 900) == {"selection": {"valve": {"suspend_at_m": 900}}}


@pytest.mark.parametrize("name", ["police", "0"])
def test_an_entry_of_a_list_goes_by_its_name_or_agency_or_its_number(name):
    changed = with_override(STARTER, f"staffing.roster.{name}.count", 6)
    assert [shift["count"] for shift in changed["staffing"]["roster"]] == [6, 4, 3]


def test_a_whole_entry_and_an_element_of_an_array_can_be_set():
    assert with_override({"a": [{"name": "x"}]}, "a.x", 1) == {"a": [1]}
    assert with_override(STARTER, "area.stages.CO2 probe.for.0", "car")["area"]["stages"][1]["for"][0] == "car"


def test_a_name_wins_over_a_number():
    assert with_override({"a": [{"name": "1"}, {"name": "x"}]}, "a.1.n", 5) == {
        "a": [{"name": "1", "n": 5}, {"name": "x"}]
    }


def test_shifts_of_one_agency_are_told_apart_by_number():
    data = {"staffing": {"roster": [{"agency": "police"}, {"agency": "customs"}, {"agency": "police"}]}}
    said = words_of(with_override, data, "staffing.roster.police.count", 1)
    assert said == (
        "--set staffing.roster.police.count: police occurs 2 times in staffing.roster; "
        "allowed: staffing.roster.0, staffing.roster.2"
    )
    assert with_override(data, "staffing.roster.2.count", 1)["staffing"]["roster"][2]["count"] == 1


@pytest.mark.parametrize("part", ["polise", "3", "-1", "007", "9" * 5000])
def test_an_entry_that_is_not_there_is_an_error_that_lists_those_that_are(part):
    said = words_of(with_override, STARTER, f"staffing.roster.{part}.count", 1)
    assert said.endswith("allowed: police, border police, customs, or a number from 0 to 2")
    assert ("did you mean police? " in said) == (part == "polise")


def test_a_path_through_a_value_is_an_error():
    said = words_of(with_override, STARTER, "area.bays.count", 1)
    assert said == "--set area.bays.count: area.bays is 4; allowed: set area.bays itself"


@pytest.mark.parametrize("path", ["", "a..b", '"a', "a.b=c"])
def test_what_is_no_path_is_an_error(path):
    assert "allowed: a dotted key" in words_of(split_path, path)


NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable())
VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)


@given(path=st.lists(NAMES, min_size=1, max_size=4).map(tuple), value=VALUES)
def test_a_written_override_reads_back_the_same(path, value):
    assert parse_override(f"{path_text(path)}={value_text(value)}")[:2] == (path, value)


@given(path=st.lists(st.sampled_from(["a", "b", "0", "x"]), min_size=1, max_size=4).map(tuple), value=VALUES)
def test_an_override_never_changes_what_it_is_applied_to(path, value):
    data = {"a": {"b": [{"name": "x", "a": 1}, {"b": 2}]}, "b": 3}
    before = copy.deepcopy(data)
    with suppress(ScenarioError):
        assert value_at(with_override(data, path, value), steps_to(data, path)) == value
    assert data == before


@given(st.text(max_size=30))
def test_arbitrary_text_raises_nothing_but_a_scenario_error(text):
    with suppress(ScenarioError):
        path, value, _ = parse_override(text)
        with_override(STARTER, path, value)


def test_a_key_that_is_set_twice_is_an_error():
    with pytest.raises(ScenarioError) as caught:
        scenario_from(STARTER, where="a.toml", overrides=["area.bays=2", "area.bays=4"])
    assert str(caught.value) == "--set area.bays: set twice; allowed: once"
