"""Controls stand where the scenario stands, and what they give is allowed."""

import pytest

from funnelsim.scenario.load import load_scenario
from funnelsim.web.desk.controls import Amount, Choice, Hours, controls_of, values_of
from funnelsim.web.draft import Planner
from tests.web.serving import SCENARIOS

FILES = sorted(SCENARIOS.glob("*.toml"))


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
            assert one.least <= one.value <= one.most <= one.limit
            assert one.typed(one.scale * one.value) == pytest.approx(one.value)
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


def test_no_two_controls_have_the_same_key(file):
    keys = [key for one in controls_of(load_scenario(file)) for key in values_of(one)]
    assert len(keys) == len(set(keys))


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
