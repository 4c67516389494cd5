"""Re-tuning: rates of the bound in the place of those planned, all else as it is."""

import pytest

from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.decision.fluid.retuning import retuned, retuned_values
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from
from tests.decision.levers.test_levers import CHANGES, SEARCH

TWO_CLASSES = CHANGES | {
    "classes": {"box": {"share": 0.5}, "truck": {"share": 0.5}},
    "traffic": {"counts": {"vehicles": {"box": [300] * 24, "truck": [300] * 24}}},
}
VALVE = {"suspend_at_m": 500.0, "resume_at_m": 100.0}


def test_all_but_rule_and_rates_stays(build):
    rule = {"rule": "free_bay", "every": {"default": 7}, "valve": VALVE, "post": {"police": 1}}
    scenario = build(CHANGES | {"selection": rule})
    found = bound(scenario)
    after = retuned(scenario, found)
    assert after.selection.rule == "score"
    by_class = dict(zip(found.classes, found.rates[0].tolist(), strict=True))
    assert by_class["box"] > 0.0
    assert after.selection.rate == pytest.approx({"default": 0.0, **by_class})
    assert after.selection.valve == scenario.selection.valve
    assert after.selection.post == scenario.selection.post
    assert after.model_copy(update={"selection": scenario.selection}) == scenario


def test_rates_by_time_of_day_give_way_to_those_of_the_bound(build):
    by_time = [{"from": "00:00", "to": "12:00", "rate": {"default": 0.0}}]
    scenario = build(CHANGES | {"selection": {"rule": "score", "rate_by_time": by_time}})
    assert retuned(scenario, bound(scenario)).selection.rate_by_time == ()


def test_a_class_that_the_bound_leaves_out_is_not_selected(build):
    """Only boxes carry something."""
    scenario = build(TWO_CLASSES)
    rate = retuned(scenario, bound(scenario)).selection.rate
    assert rate["truck"] == 0.0
    assert rate["box"] > 0.0


def test_each_funnel_has_its_own_rates(build):
    """Boxes come from here, trucks from there; both carry something."""
    target = CHANGES["targets"][0] | {"per_10k": {"box": 100.0, "truck": 50.0}}
    there = {"day_cv": 0.0, "counts": {"from": "00:00", "minutes": 60, "vehicles": {"truck": [300] * 24}}}
    scenario = build(CHANGES | {"targets": [target], "funnels": [{"direction": "back", "traffic": there}]})
    found = bound(scenario)
    after = retuned(scenario, found)
    rates = [one.selection.rate for one in after.per_funnel]
    assert rates[0] != rates[1]
    for place, rate in enumerate(rates):
        assert [rate[name] for name in found.classes] == pytest.approx(found.rates[place].tolist(), abs=5e-4)
    assert plan_of(after).funnels[1].selection is not None


@pytest.mark.parametrize("back", [{}, {"selection": {"rate": {"default": 0.2}}}])
def test_the_keys_that_are_set_say_the_same(build, back):
    """Whether the other funnel selects as the first one does or has a selection of its own."""
    target = CHANGES["targets"][0] | {"per_10k": {"box": 100.0, "truck": 50.0}}
    there = {"day_cv": 0.0, "counts": {"from": "00:00", "minutes": 60, "vehicles": {"truck": [300] * 24}}}
    by_time = [{"from": "00:00", "to": "12:00", "rate": {"default": 0.1}}]
    selection = {"rule": "score", "rate_by_time": by_time, "valve": VALVE}
    funnels = [{"direction": "back", "traffic": there, **back}]
    scenario = build(CHANGES | {"targets": [target], "selection": selection, "funnels": funnels})
    found = bound(scenario)
    wanted = retuned(scenario, found)
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    after = scenario_from(data, where="test", overrides=retuned_values(scenario, found))
    for one, other in zip(after.per_funnel, wanted.per_funnel, strict=True):
        assert {name: one.selection.rate[name] for name in found.classes} == {
            name: other.selection.rate[name] for name in found.classes
        }
        assert one.selection.model_copy(update={"rate": other.selection.rate}) == other.selection


def test_scenarios_that_differ_in_rates_alone_have_one_bound(build):
    bounds = Bounds()
    one = build(CHANGES)
    other = build(CHANGES | {"selection": {"rule": "random", "rate": {"default": 0.2}, "valve": VALVE}})
    assert bounds.of(one) is bounds.of(other)
    assert bounds.of(build(CHANGES | {"area": {"bays": 3, "waiting": 1, "stages": [SEARCH]}})) is not bounds.of(one)
