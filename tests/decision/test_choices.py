"""The levers that a scenario has."""

from funnelsim.decision.choices import levers_of
from tests.decision.test_levers import CHANGES


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
