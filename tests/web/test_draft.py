"""A draft is a file and its changes, and an address says both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.run import run
from funnelsim.scenario.load import load_scenario
from funnelsim.web.draft import Change, Draft, Planner, changes_of
from funnelsim.web.draft_words import change_text, changes_in_line
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


def test_what_a_draft_changes_is_listed_whether_or_not_a_lever_shows_it():
    adapt = {"by": "queue", "points": [[0, 1], [500, 0.2]]}
    values = {"selection.rate.van": 0.3, "selection.adapt": adapt, "targets.contraband.cue_auc": 0.9, "area.bays": -1}
    assert changes_of(Draft("a.toml", values), Planner(MOTORWAY).scenario) == [
        Change("selection.rate.van", 0.08, 0.3),
        Change("selection.adapt", None, adapt),
        Change("targets.contraband.cue_auc", 0.6, 0.9),
        Change("area.bays", 6, -1),
    ]


def test_a_change_of_a_key_that_the_file_no_longer_has_is_listed_too():
    found = changes_of(Draft("a.toml", {"staffing.roster.gone.count": 3}), Planner(MOTORWAY).scenario)
    assert found == [Change("staffing.roster.gone.count", None, 3)]


def test_a_class_comes_where_and_when_it_is_counted():
    assert Planner(SCENARIOS / "weigh_station.toml").coming({}) == ({"lorry"},)
    counts = {"from": "05:00", "vehicles": {"car": [100] * 12, "van": [0] * 11 + [50]}}
    motorway = Planner(MOTORWAY)
    assert motorway.coming({"traffic.counts": counts}) == ({"car"},)
    assert motorway.coming({"traffic.counts": counts, "operation.closes": "16:30"}) == ({"car", "van"},)
    assert len(Planner(SCENARIOS / "federal_road_three_days.toml").coming({})) == 2


@pytest.fixture
def english(monkeypatch):
    """Say everything in English, without a page."""
    monkeypatch.setattr("funnelsim.web.draft_words.text", lambda message: message)


@pytest.mark.usefixtures("english")
def test_a_change_is_said_in_words_and_no_difference_is_rounded_away():
    assert change_text(Change("selection.rate.van", 0.08, 0.1)) == "van selection rate: 8 % → 10 %"
    assert change_text(Change("selection.rate.van", 0.08, 0.080001)) == "van selection rate: 0.08 → 0.080001"
    assert change_text(Change("lane.speed_kmh", 50.0, 52.5)) == "lane speed, km/h: 50 → 52.5"
    assert change_text(Change("operation.opens", "06:00", "05:45")) == "opens: 06:00 → 05:45"
    assert change_text(Change("area.full", None, {"by": "queue"})) == 'area full: not set → { by = "queue" }'


@pytest.mark.usefixtures("english")
def test_a_line_names_the_first_changes_and_how_many_more_there_are():
    scenario = Planner(MOTORWAY).scenario
    values = {"area.bays": 7, "area.waiting": 3, "lane.speed_kmh": 40.0, "traffic.scale": 2.0}
    assert changes_in_line(Draft("a.toml", {"area.bays": 7}), scenario) == "bays: 6 → 7"
    assert changes_in_line(Draft("a.toml", values), scenario).endswith("; 1 more")
