"""The levers that a scenario has."""

import pytest

from funnelsim.decision.levers.choices import levers_of
from funnelsim.scenario.load import scenario_from
from tests.decision.levers.test_levers import CHANGES


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
        "hours: close one hour later",
        "hours: open one hour later",
        "hours: close one hour earlier",
        "hours: open one hour earlier",
    ]


def test_a_lever_sets_numbers_as_a_planner_would_write_them(build):
    target, look = CHANGES["targets"][0], {"mean_s": 2.3}
    changes = CHANGES | {"targets": [target | {"cue_auc": 0.65}], "selection": CHANGES["selection"] | {"look": look}}
    to = {lever.name: list(lever.changes.values()) for lever in levers_of(build(changes))}
    assert to["look: AUC 0.05 higher"] == [0.7]
    assert to["look: 1 s shorter"] == [1.3]


def test_shifts_that_look_the_same_are_told_apart(build):
    shift = CHANGES["staffing"]["roster"][0]
    levers = levers_of(build(CHANGES | {"staffing": {"roster": [shift, shift | {"count": 4}]}}))
    counts = {lever.name: list(lever.changes.values()) for lever in levers if lever.choice.startswith("police")}
    assert counts == {
        "police, 00:00 to 04:00: one more": [3],
        "police, 00:00 to 04:00: one less": [1],
        "police, 00:00 to 04:00 (2): one more": [5],
        "police, 00:00 to 04:00 (2): one less": [3],
    }


def test_up_and_down_of_one_choice_have_its_name(build):
    choices = [lever.choice for lever in levers_of(build(CHANGES))]
    assert [choice for choice in choices if choices.count(choice) == 1] == ["area full", "probe", "look: AUC", "look"]
    assert {lever.choice for lever in levers_of(build(CHANGES)) if lever.of_rates} == {"box: select"}


BACK = {"direction": "back", "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [300] * 24}}}}
OWN = {"rate": {"default": 0.2}, "valve": {"suspend_at_m": 300.0}, "look": {"mean_s": 4.0}}


def changes_of(scenario, *begin):
    levers = levers_of(scenario)
    return {lever.name: dict(lever.changes) for lever in levers if lever.choice.startswith(begin)}


def test_a_funnel_that_selects_for_itself_has_levers_of_its_own(build):
    scenario = build(
        CHANGES | {"direction": "there", "funnels": [BACK | {"selection": OWN, "lane": {"speed_kmh": 60}}]}
    )
    assert changes_of(scenario, "box") == {
        "box, there: select 6.2 %": {"selection.rate.box": 0.0625},
        "box, there: select 4 %": {"selection.rate.box": pytest.approx(0.04)},
        "box, back: select 25 %": {"funnels.0.selection.rate.box": 0.25},
        "box, back: select 16 %": {"funnels.0.selection.rate.box": pytest.approx(0.16)},
    }
    assert changes_of(scenario, "valve, back") == {
        "valve, back: suspend selection at 550 m": {"funnels.0.selection.valve.suspend_at_m": 550.0},
        "valve, back: suspend selection at 50 m": {"funnels.0.selection.valve.suspend_at_m": 50.0},
    }
    assert changes_of(scenario, "lane, back")["lane, back: 65 km/h"] == {"funnels.0.lane.speed_kmh": 65.0}
    assert changes_of(scenario, "look")["look: 1 s longer"] == {
        "selection.look.mean_s": 1.0,
        "funnels.0.selection.look.mean_s": 5.0,
    }
    for lever in levers_of(scenario):
        assert scenario_from(dumped(scenario), where="test", overrides=lever.changes) != scenario


def dumped(scenario):
    return scenario.model_dump(mode="json", by_alias=True, exclude_none=True)


def test_a_funnel_that_selects_as_the_first_one_does_has_its_levers(build):
    """Trucks come in the other direction alone."""
    trucks = {"traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"truck": [300] * 24}}}}
    names = list(changes_of(build(CHANGES | {"funnels": [BACK | trucks]}), "box", "truck", "valve"))
    assert names[:4] == ["box: select 6.2 %", "box: select 4 %", "truck: select 6.2 %", "truck: select 4 %"]
    assert len([name for name in names if name.startswith("valve")]) == 4


def test_rates_by_time_of_day_change_together(build):
    spans = [
        {"from": "01:00", "to": "02:00", "rate": {"box": 0.2}},
        {"from": "04:00", "to": "05:00", "rate": {"box": 1}},
    ]
    scenario = build(CHANGES | {"selection": CHANGES["selection"] | {"rate_by_time": spans}})
    assert changes_of(scenario, "box") == {
        "box: select a quarter more": {"selection.rate.box": 0.0625, "selection.rate_by_time.0.rate.box": 0.25},
        "box: select a fifth less": {
            "selection.rate.box": pytest.approx(0.04),
            "selection.rate_by_time.0.rate.box": pytest.approx(0.16),
        },
    }
