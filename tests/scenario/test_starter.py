"""The starter scenario runs as it is, and carries the title it was given."""

import tomllib

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import scenario_from
from funnelsim.scenario.starter import starter_scenario, starter_with_counts


def test_the_starter_loads_without_a_problem():
    scenario = scenario_from(tomllib.loads(starter_scenario("A3 eastbound")), where="starter")
    assert scenario.title == "A3 eastbound"


def test_its_crews_posts_and_equipment_are_on_duty():
    """Nothing in it waits for officers or equipment that never come."""
    scenario = scenario_from(tomllib.loads(starter_scenario("x")), where="starter")
    on_duty = {shift.agency: shift.count for shift in scenario.staffing.roster}
    for post in (scenario.selection.post, *scenario.staffing.posts.values()):
        for agency, count in post.items():
            on_duty[agency] -= count
    crews = [stage.crew for stage in scenario.area.stages] + [scenario.area.after_detection.crew]
    assert all(on_duty[agency] >= count for crew in crews for agency, count in crew.items())
    sought = {target.name for target in scenario.targets}
    assert sought == {name for stage in scenario.area.stages for name in stage.finds}


def test_its_counts_follow_the_hour_factors():
    """12,000 vehicles a day, spread as the comment says."""
    counts = scenario_from(tomllib.loads(starter_scenario("x")), where="starter").traffic.counts
    assert counts.vehicles["total"][6:9] == (430, 920, 930)
    assert sum(counts.vehicles["total"]) == 12_000


@pytest.mark.parametrize("title", ['A "quoted" \\ title', "tab\there", "\x07bell", "  ", "", "ü" * 300, "TITLE"])
def test_any_title_makes_a_file_that_loads(title):
    data = tomllib.loads(starter_scenario(title))
    assert scenario_from(data, where="starter").title == (title.strip()[:200] or "New operation")


def test_names_that_people_read_have_no_underscores():
    data = tomllib.loads(starter_scenario("A3"))
    names = [shift["agency"] for shift in data["staffing"]["roster"]] + list(data["equipment"])
    assert not any("_" in name for name in names)


def test_counts_and_hours_take_the_place_of_its_own():
    """Officers come half an hour before the opening and go half an hour after the closing; nothing else changes."""
    counts = {"from": "00:00", "vehicles": {"total": [500] * 24}}
    text = starter_with_counts('Night "06:00"\n[operation]', counts, "22:00", "04:15", day_cv=0.0312)
    scenario = scenario_from(tomllib.loads(text), where="starter")
    plain = scenario_from(tomllib.loads(starter_scenario(scenario.title)), where="starter")
    assert scenario.title == 'Night "06:00"\n[operation]'
    assert (scenario.operation.opens, scenario.operation.closes) == ("22:00", "04:15")
    assert {(shift.from_, shift.to) for shift in scenario.staffing.roster} == {("21:30", "04:45")}
    assert scenario.traffic.counts.vehicles == {"total": (500,) * 24}
    assert scenario.traffic.day_cv == 0.031
    assert scenario.targets == plain.targets
    assert scenario.area == plain.area


def test_what_is_no_time_of_day_is_refused_by_its_key():
    with pytest.raises(ScenarioError, match=r"operation\.opens"):
        scenario_from(tomllib.loads(starter_with_counts("x", {"file": "a.csv"}, "6 o'clock")), where="starter")
