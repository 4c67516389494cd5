"""Controls stand where the scenario stands, and what they give is allowed."""

from decimal import Decimal

import pytest

from funnelsim.experiments.plan_digest import digest_of
from funnelsim.scenario.load import load_scenario
from funnelsim.selection_rules import BY_NAME, RULES
from funnelsim.web.desk.control import Amount, Choice, Hours, Switch, values_of
from funnelsim.web.desk.controls import controls_of
from funnelsim.web.draft import Planner
from tests.web.serving import SCENARIOS

FILES = sorted(SCENARIOS.glob("*.toml"))
MOTORWAY = SCENARIOS / "motorway_early_shift.toml"


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request):
    return request.param


def test_the_values_of_all_controls_leave_the_plan_as_it_is(file):
    planner = Planner(file)
    values = {key: value for one in controls_of(planner.scenario) for key, value in values_of(one).items()}
    found, wanted = planner.plan(values), planner.plan({})
    assert found[1].road.demand.vehicles.tolist() == wanted[1].road.demand.vehicles.tolist()
    assert found[0].staffing == wanted[0].staffing
    assert found[0].operation == wanted[0].operation
    assert found[0].area == wanted[0].area


def test_a_slider_stands_within_its_ends_and_shows_what_is_in_the_file(file):
    for one in controls_of(load_scenario(file)):
        if isinstance(one, Amount):
            assert one.least <= one.value <= one.most <= one.allowed.most / one.scale
            assert one.typed(one.shown(one.value)) == one.value
        if isinstance(one, Choice):
            assert one.value in one.options
        if isinstance(one, Hours):
            assert one.least_min <= one.from_min < one.to_min <= one.most_min
            given = one.values(one.from_min, one.to_min)
            assert one.minutes(*given.values()) == (one.from_min, one.to_min)


def test_every_slider_can_be_moved_to_its_upper_end(file):
    planner = Planner(file)
    for one in controls_of(planner.scenario):
        if isinstance(one, Amount) and one.group not in ("valve", "hours"):  # these must stay in order
            planner.scenario_of({one.key: one.typed(one.scale * one.most)})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_two_controls_have_the_same_key_under_a_rule(file, rule):
    shown = [one for one in controls_of(load_scenario(file)) if rule.name in (getattr(one, "rules", None) or BY_NAME)]
    keys = [key for one in shown for key in values_of(one)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_lever_is_there_exactly_while_it_acts(rule):
    """A slider that is moved makes another plan, and one that is not there would not."""
    planner = Planner(MOTORWAY)
    under = {"selection.rule": rule.name}
    before = digest_of(planner.plan(under)[1])
    for one in controls_of(planner.scenario):
        if isinstance(one, Amount) and one.group == "selection":
            acts = digest_of(planner.plan({**under, one.key: one.typed(one.shown(one.most))})[1]) != before
            assert acts == (not one.rules or rule.name in one.rules), one.key
        if isinstance(one, Switch):
            out = digest_of(planner.plan({**under, one.key: one.switched(False)})[1])
            assert out != before
            assert digest_of(planner.plan({**under, one.key: one.switched(True)})[1]) == before


def test_the_price_that_a_scenario_has_is_the_one_that_can_be_moved():
    planner = Planner(MOTORWAY)
    for given in ({"utilisation": 0.7}, {"rate": 0.1}, {"price": 0.002}):
        [name] = given
        scenario = planner.scenario_of({"selection.rule": "index", "selection.index": given})
        [lever] = [one for one in controls_of(scenario) if ".index." in getattr(one, "key", "")]
        assert lever.key == f"selection.index.{name}"
        planner.plan(
            {"selection.rule": "index", "selection.index": given, lever.key: lever.typed(lever.shown(lever.least))}
        )


def test_marks_that_never_act_have_no_lever():
    planner = Planner(SCENARIOS / "sobriety_checkpoint.toml")
    assert [one.key for one in controls_of(planner.scenario_of({"selection.valve": {}})) if one.group == "valve"] == []


@pytest.mark.parametrize(
    ("shown", "value"), [(8.5, 0.085), (30.000000000000004, 0.3), (Decimal("8.123456"), 0.08123456)]
)
def test_a_value_has_the_digits_that_were_typed_or_slid_to(shown, value):
    [van] = [one for one in controls_of(load_scenario(MOTORWAY)) if isinstance(one, Amount) and "rate.van" in one.key]
    assert van.typed(shown) == value


def test_a_night_shift_stands_in_one_piece_on_its_bar():
    night = Hours("officers", ("a", "b"), "night", 22 * 60, 30 * 60, 18 * 60, 34 * 60)
    assert night.minutes("22:00", "06:00") == (22 * 60, 30 * 60)
    assert night.minutes("01:00", "06:00") == (25 * 60, 30 * 60)
    assert night.values(25 * 60, 30 * 60) == {"a": "01:00", "b": "06:00"}


def test_shifts_of_one_agency_have_names_of_their_own():
    labels = [one.label for one in controls_of(load_scenario(SCENARIOS / "federal_road_three_days.toml"))]
    assert [one for one in labels if one.startswith("police")] == ["police 1"] * 2 + ["police 2"] * 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_two_controls_of_a_kind_have_the_same_name(file):
    controls = controls_of(load_scenario(file))
    names = [(type(one), one.group, one.label) for one in controls]
    assert len(set(names)) == len(names)
