"""Varied keys that change nothing are known before the sweep starts, from the plans they lead to."""

import pytest

from funnelsim.experiments.no_effect import NoEffect, keys_without_effect
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.vary import design_points, factors_of

EVERY, RULE, RATE = "selection.every.default", "selection.rule", "selection.rate.default"


@pytest.fixture
def found(planned):
    """Return what is found for what is varied: `found("area.bays=2,3")`."""

    def find(*vary, changes=None, design="grid", points=None):
        scenario, _ = planned(changes)
        return keys_without_effect(PointPlanner(scenario), design_points(factors_of(vary), design, points, 1))

    return find


def test_the_spacing_changes_nothing_under_a_rule_that_counts_none(found):
    assert found(f"{EVERY}=10,20,30") == [NoEffect((EVERY,), {}, ((0, 1, 2),), True, False)]


def test_where_a_key_changes_nothing_is_said_by_the_value_of_another(found):
    """Points 0 to 5: the rules random, every_nth and score, each with a spacing of 10 and 20."""
    assert found(f"{RULE}=random,every_nth,score", f"{EVERY}=10,20") == [
        NoEffect((EVERY,), {RULE: ("random", "score")}, ((0, 1), (4, 5)), True, False)
    ]


def test_keys_that_vary_together_are_one(found):
    both = f"{EVERY}+selection.every.van"
    assert found(f"{both}=10+5,20+6", "area.bays=5,6") == [
        NoEffect((EVERY, "selection.every.van"), {}, ((0, 2), (1, 3)), True, False)
    ]


def test_a_class_without_traffic_has_no_rate(found):
    assert found("selection.rate.camper=0.1,0.2", f"{RATE}=0.01,0.02")[0].keys == ("selection.rate.camper",)


def test_some_values_may_give_the_same_plan_and_others_not(found):
    """Under a rule that counts, a rate says only whether a class is selected at all."""
    counted = {("selection", "rule"): "every_nth", ("selection", "every"): {"default": 50}}
    assert found("selection.rate.lorry=0,0.1,0.2", changes=counted) == [
        NoEffect(("selection.rate.lorry",), {}, ((1, 2),), False, False)
    ]


def test_an_agency_that_nothing_needs_changes_its_hours_alone(found, planned):
    times = {"from": "05:30", "to": "14:30"}
    roster = [*planned()[0].model_dump(mode="json", by_alias=True, exclude_none=True)["staffing"]["roster"]]
    changes = {("staffing", "roster"): [*roster, {"agency": "border_guard", "count": 1, **times}]}
    assert found("staffing.roster.border_guard.count=1,2", changes=changes) == [
        NoEffect(("staffing.roster.border_guard.count",), {}, ((0, 1),), True, True)
    ]


def test_a_limit_ranks_points_and_so_is_never_without_effect(found):
    assert found("limits.tail_m=500,900") == []


def test_what_has_an_effect_is_not_named(found):
    assert found(f"{RATE}=0.01,0.02", "area.bays=5,6") == []


def test_nothing_can_be_said_of_points_that_differ_in_everything(found):
    assert found(f"{RATE}=0.01:0.02", "area.bays=4:9", design="sobol", points=4) == []
