"""The starter scenario runs as it is, and carries the title it was given."""

import tomllib

import pytest

from funnelsim.scenario import scenario_from
from funnelsim.scenario.starter import starter_scenario


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
