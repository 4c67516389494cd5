"""Levers: one choice changed at a time, paired against the plan."""

import pytest

from funnelsim.decision.levers import AS_PLANNED, levers, levers_of
from funnelsim.reporting.levers_words import levers_sections

SEARCH = {"name": "search", "duration": {"mean_s": 300.0, "cv": 0.5}, "crew": {"police": 1}, "finds": {"hidden": 1.0}}
CHANGES = {
    "targets": [{"name": "hidden", "per_10k": {"box": 100.0}, "cue_auc": 0.7}],
    "operation": {"opens": "01:00", "closes": "03:00"},
    "selection": {"rule": "score", "rate": {"default": 0.05}, "valve": {"suspend_at_m": 500.0, "lift_at_m": 900.0}},
    "area": {"bays": 2, "waiting": 1, "stages": [SEARCH]},
    "staffing": {"roster": [{"agency": "police", "count": 2, "from": "00:00", "to": "04:00"}]},
    "equipment": {"probe": 1},
    "limits": {"p95_delay_min": 10.0},
}


@pytest.fixture(scope="module")
def made(build):
    return levers(build(CHANGES), replications=60, jobs=2)


def found(made, name):
    (difference,) = (
        one for one in made.comparison.differences if one.second == name and one.measure == "expected_detections"
    )
    return difference


def test_each_lever_moves_a_choice_up_or_down(build):
    names = [lever.name for lever in levers_of(build(CHANGES))]
    assert names == [
        "police, 00:00 to 04:00: one more",
        "police, 00:00 to 04:00: one less",
        "bays: one more",
        "bays: one less",
        "waiting spaces: one more",
        "waiting spaces: one less",
        "area full: hold vehicles",
        "probe: one more",
        "look: AUC 0.05 higher",
        "look: 1 s longer",
        "box: select 6.2 %",
        "box: select 4 %",
        "valve: suspend selection at 750 m",
        "valve: suspend selection at 250 m",
        "valve: lift funnel at 1,150 m",
        "valve: lift funnel at 650 m",
        "lane: 41 km/h",
        "lane: 31 km/h",
        "hours: close one later",
        "hours: open one later",
        "hours: close one earlier",
        "hours: open one earlier",
    ]


def test_what_is_scarce_helps_and_what_is_not_does_nothing(made):
    """Selected are some 60 vehicles in 2 h, and 2 officers inspect some 48: one less finds less."""
    assert found(made, "police, 00:00 to 04:00: one less").estimate.high < 0.0
    assert found(made, "police, 00:00 to 04:00: one more").estimate.low > -0.01
    assert found(made, "look: AUC 0.05 higher").estimate.low > 0.0
    assert found(made, "probe: one more").estimate.mean == 0.0


def test_other_hours_meet_the_same_vehicles_where_they_overlap(made):
    assert made.comparison.paired
    assert found(made, "hours: close one later").estimate.low > 0.0


def test_a_lever_that_no_plan_can_have_is_named(build):
    changes = CHANGES | {"selection": {**CHANGES["selection"], "valve": {"suspend_at_m": 700.0, "lift_at_m": 800.0}}}
    made = levers(build(changes), replications=2)
    assert list(made.impossible) == ["valve: suspend selection at 950 m", "valve: lift funnel at 550 m"]
    assert "lift_at_m = 800 is below suspend_at_m = 950" in made.impossible["valve: suspend selection at 950 m"]
    assert AS_PLANNED in made.comparison.scenarios


def test_what_finds_more_is_said_first(made):
    titles = [section.heading for section in levers_sections(made)]
    assert titles[1:] == ["Finds more", "No difference in finds seen", "Finds less"]
    (grid,) = levers_sections(made)[1].items
    finds = [found(made, row[0]).estimate.mean for row in grid.rows]
    assert finds == sorted(finds, reverse=True)
    assert [column.head for column in grid.columns] == ["", "found", "stops", "P95 delay, min", "limits kept"]
