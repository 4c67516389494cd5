"""`[uncertain]`: what it may hold, and that a run does not see it."""

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.experiments.points import content_of
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from tests.conftest import PLANNERS


def with_table(table):
    return scenario_from(PLANNERS | {"uncertain": table}, where="a3.toml")


def test_each_key_has_one_form():
    table = {"traffic.scale": {"range": [0.8, 1.2]}, "lane.capacity_vph": {"factor": 1.2}}
    found = with_table(table).uncertain
    assert {key: one.form for key, one in found.items()} == {"traffic.scale": "range", "lane.capacity_vph": "factor"}


def test_a_run_does_not_see_it():
    without, with_it = scenario_from(PLANNERS, where="a3"), with_table({"traffic.scale": {"factor": 2}})
    assert content_of(without, demand_of(without)) == content_of(with_it, demand_of(with_it))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "nothing given; allowed: one of range, triangular, factor and low_mid_high"),
        ({"factor": 2, "range": [1, 2]}, "range and factor given; allowed: one of range, triangular"),
        ({"factor": 1}, "1 given; allowed: a number above 1, at most 1,000"),
        ({"range": [2, 1]}, "range = [2, 1] given; allowed: rising values"),
        ({"range": [1, 2, 3]}, "[1, 2, 3] given; allowed: a list (2 entries) of: a number"),
        ({"triangular": [1, 3, 2]}, "triangular = [1, 3, 2] given; allowed: a lowest value, one between, and a higher"),
        ({"triangular": [1, 1, 1]}, "triangular = [1, 1, 1] given"),
        ({"low_mid_high": [1, 1, 2]}, "low_mid_high = [1, 1, 2] given; allowed: rising values"),
        ({"factr": 2}, "unknown key; did you mean factor?"),
        ({"scale": {"factor": 2}}, 'unknown key; keys stand in quotes here, as in "traffic.scale" = { factor = 1.2 };'),
    ],
)
def test_what_is_wrong_with_it_is_said(said, words):
    with pytest.raises(ScenarioError) as caught:
        with_table({"traffic.scale": said})
    assert words in str(caught.value)
