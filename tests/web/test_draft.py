"""A draft is a file and its changes, and an address says both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.run import run
from funnelsim.scenario.load import load_scenario
from funnelsim.web.draft import Draft, Planner
from tests.web.serving import SCENARIOS

MOTORWAY = SCENARIOS / "motorway_early_shift.toml"
VALUES = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.text(max_size=20))
KEYS = st.sampled_from(["area.bays", "equipment.CO2 probe", "selection.rate.van", 'a."b.c"', "staffing.roster.0.from"])


@given(st.text(min_size=1, max_size=20), st.dictionaries(KEYS, VALUES), st.integers(0, 10**6))
def test_an_address_restores_the_draft(file, values, seed):
    draft = Draft(file, values, seed)
    assert Draft.from_query(draft.query()) == draft


@pytest.mark.parametrize("rest", ["seed=x", f"seed={2**63}", "set=nothing", "set=a.b=[1,"])
def test_an_address_that_cannot_be_read_is_refused_in_words(rest):
    with pytest.raises(FunnelsimError):
        Draft.from_query(f"file=a.toml&{rest}")


def test_an_address_without_a_file_names_no_draft():
    assert Draft.from_query("seed=2") is None


def test_the_plan_of_a_draft_is_that_of_the_command_line():
    values = {"area.bays": 7, "selection.rate.van": 0.1}
    scenario, plan = Planner(MOTORWAY).plan(values)
    wanted = load_scenario(MOTORWAY, Draft("", values).overrides())
    assert scenario.model_dump() == wanted.model_dump()
    assert run(scenario, 2, plan=plan).replications.equals(run(wanted, 2).replications)


def test_what_is_not_allowed_is_refused_as_on_the_command_line():
    with pytest.raises(ScenarioError, match=r"area\.bays"):
        Planner(MOTORWAY).plan({"area.bays": -1})
