"""The bound in the words of runs, comparisons and reports."""

from itertools import pairwise
from pathlib import Path

import pytest

from funnelsim.decision.fluid.bound import bound
from funnelsim.experiments.compare import compare
from funnelsim.experiments.run import run
from funnelsim.reporting.bound_words import bound_sections, bounds_table, hour_by_hour, reached_sections
from funnelsim.reporting.compare_words import comparison_sections
from funnelsim.reporting.html import report
from funnelsim.scenario import load_scenario
from funnelsim.scenario.load import scenario_from
from tests.decision.levers.test_levers import CHANGES

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def one(build):
    return run(build(CHANGES), replications=10)


@pytest.fixture(scope="module")
def two(build):
    plans = {"one bay": CHANGES | {"area": CHANGES["area"] | {"bays": 1}}, "two bays": CHANGES}
    return compare({name: build(changes) for name, changes in plans.items()}, replications=10)


def test_a_run_says_how_much_it_reaches_and_what_binds(one):
    (section,) = reached_sections(one)
    share = one.estimates["expected_detections"].mean / bound(one.scenario).finds
    assert 0.0 < share < 1.0
    assert section.items[0].startswith(f"This plan reaches {100.0 * share:.0f} % of what no selection can exceed")
    assert section.items[-1] == hour_by_hour(bound(one.scenario))


def test_the_report_of_a_run_has_it_in_the_chapter_of_the_plan(one):
    page = report(one)
    chapter = page.partition('<section id="plan"')[2].partition('<section id="yield"')[0]
    assert "of what no selection can exceed" in chapter
    assert "What binds, hour by hour" in chapter


def test_hours_in_which_the_same_is_scarce_stand_together():
    """Three days with the same two windows: each window once; alike periods in a row are one span."""
    found = bound(load_scenario(SCENARIOS / "federal_road_three_days.toml"))
    rows = hour_by_hour(found).rows
    spans = [row[0] for row in rows]
    assert spans[0] == "17:00 to 21:00"
    assert spans[1].startswith("04:00 to ")
    assert spans[-1].endswith(" to 07:00")
    assert len(set(rows)) == len(rows)
    assert all(first[1:] != second[1:] for first, second in pairwise(rows))
    for first, second in pairwise(spans[1:]):
        assert first.split(" to ")[1] == second.split(" to ")[0]


def test_an_hour_that_is_the_same_on_each_day_is_named_once():
    scenario = load_scenario(SCENARIOS / "federal_road_three_days.toml")
    (_, scarce, _) = bound_sections(bound(scenario), scenario)
    assert [row[3].count("from ") for row in scarce.items[0].rows if row[0] == "police"] == [1]


def test_a_comparison_says_of_each_plan_how_much_it_reaches(two):
    rows = bounds_table(two).rows
    assert [row[0] for row in rows] == ["one bay", "two bays"]
    for name, _, _, reached in rows:
        share = two.estimates[name]["expected_detections"].mean / bound(two.scenarios[name]).finds
        assert reached == f"{100.0 * share:.0f} %"
    headings = [section.heading for section in comparison_sections(two)]
    assert "The most that any selection could find, targets per operation (funnelsim bound)" in headings
    assert "The most that any selection could find" in report(two)


def test_without_targets_nothing_is_said(build):
    """What cannot be found has no bound worth a word."""
    none = {"area": {"bays": 3}}
    assert reached_sections(run(build(), replications=2)) == []
    made = compare({"A": build(), "B": build(none)}, replications=2)
    assert bounds_table(made) is None
    assert not any("any selection" in section.heading for section in comparison_sections(made))
    page = report(
        run(build(CHANGES | {"targets": [CHANGES["targets"][0] | {"per_10k": {"box": 0.0}}]}), replications=2)
    )
    assert "no selection can exceed" not in page


BACK = {"direction": "back", "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [300] * 24}}}}
BY_TIME = {"rate_by_time": [{"from": "01:00", "to": "02:00", "rate": {"box": 0.2}}]}


def advice(scenario):
    return bound_sections(bound(scenario), scenario)[-1].items[-1]


def test_the_keys_to_set_are_those_of_each_funnel(build):
    """A plan with these keys set can be loaded."""
    there = CHANGES | {"direction": "there"}
    assert advice(build(CHANGES)).endswith(
        "funnelsim run --set selection.rule=score --set selection.rate.CLASS=SHARE for each class."
    )
    own = build(there | {"funnels": [BACK | {"selection": BY_TIME}]})
    assert advice(own).endswith(
        "funnelsim run --set selection.rule=score --set selection.rate.CLASS=SHARE (there) "
        "--set funnels.0.selection.rule=score --set funnels.0.selection.rate_by_time=[] "
        "--set funnels.0.selection.rate.CLASS=SHARE (back) for each class."
    )
    keys = ["funnels.0.selection.rate_by_time=[]", "funnels.0.selection.rate.box=0.3"]
    data = own.model_dump(mode="json", by_alias=True, exclude_none=True)
    changed = scenario_from(data, where="test", overrides=keys).funnels[0].selection
    assert (changed.rate_by_time, changed.rate["box"]) == ((), 0.3)
    alike = build(there | {"funnels": [BACK]})
    assert "funnels.0.selection" not in advice(alike)
    assert advice(alike).endswith(
        "back selects as there does: for shares of its own, copy the table selection into [[funnels]] first."
    )
