"""`[decide]`: what it may hold, and that a run does not see it."""

from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.experiments.plan_digest import digest_of
from funnelsim.experiments.points import content_of
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import load_scenario, scenario_from
from tests.conftest import PLANNERS

SCENARIO = Path(__file__).parents[2] / "scenarios" / "motorway_early_shift.toml"
DECIDE = {"vary": {"area.bays": [4, 5], "selection.rate.default": "0:0.5"}, "at_most": {"officer_h": 90}}


def refused(decide):
    with pytest.raises(ScenarioError) as caught:
        scenario_from(PLANNERS | {"decide": decide}, where="a3.toml")
    return str(caught.value)


def test_what_it_says_is_read_and_the_rest_has_defaults():
    decide = scenario_from(PLANNERS | {"decide": DECIDE}, where="a3.toml").decide
    assert (decide.vary, decide.at_most) == (DECIDE["vary"] | {"area.bays": (4, 5)}, DECIDE["at_most"])
    assert (decide.goal, decide.confidence, decide.within, decide.replications) == ("most_found", 0.95, 0.01, 60_000)


def test_a_run_does_not_see_it():
    """Nor does anything that names or keeps a result."""
    without, with_it = (load_scenario(SCENARIO, more) for more in ([], ["decide.within=0.02"]))
    assert with_it.decide.within == 0.02
    assert content_of(without, demand_of(without)) == content_of(with_it, demand_of(with_it))
    assert digest_of(plan_of(without)) == digest_of(plan_of(with_it))
    assert "decide" not in with_it.model_dump(mode="json")


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        ({"varry": {}}, "unknown key; did you mean vary? allowed: vary, goal, find_at_least, at_most, confidence"),
        ({"goal": "most"}, '"most" given; did you mean "most_found"?'),
        ({"goal": "least_cost"}, 'find_at_least: nothing given; allowed with goal = "least_cost": how many are wanted'),
        ({"find_at_least": 2}, 'find_at_least: 2 given; allowed with goal = "least_cost" alone'),
        ({"confidence": 0.3}, "0.3 given"),
        ({"within": 0}, "0 given; allowed: a number above 0, at most 0.5"),
        ({"replications": 100}, "100 given"),
        ({"at_most": {"officer_h": "ten"}}, '"ten" given'),
        ({"vary": {"area.bays": 3}}, "3 given"),
    ],
)
def test_what_is_wrong_with_it_is_said(decide, words):
    assert words in refused(decide)
