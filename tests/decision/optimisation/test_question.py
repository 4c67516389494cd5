"""The question of an optimisation: what may change, what must be kept, and what is wrong with it before it runs."""

import math

import pytest

from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.optimisation.question import question_of, settable
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.points import PointPlanner
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from
from tests.conftest import SMALL, merged
from tests.optimise_scenario import CHANGES, OFFICERS, RATE

BACK = {"direction": "back", "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [300] * 24}}}}
OWN = {"rate": {"default": 0.2}, "valve": {"suspend_at_m": 300.0}}


def ask(scenario, vary=None, replications=None):
    plan = plan_of(scenario)
    return question_of(scenario, plan, bound(scenario, plan), vary, replications)


def refused(scenario, vary=None, replications=None):
    with pytest.raises(FunnelsimError) as caught:
        ask(scenario, vary, replications)
    return {problem.where: problem.message for problem in caught.value.problems}


def of_box(scenario, funnel=0):
    found = bound(scenario)
    return settable(RATE, float(found.rates[funnel, found.classes.index("box")]))


def test_by_default_the_rates_of_classes_that_carry_something_and_the_valves_marks_may_change(small):
    question = ask(small())
    assert question.keys == ("selection.rate.box", "selection.valve.suspend_at_m", "selection.valve.lift_at_m")
    assert [factor.span for factor in question.factors][1:] == [(250, 1000), (450, 1800)]
    assert question.today == {
        "selection.rate.box": 0.02,  # its default's
        "selection.valve.suspend_at_m": 500.0,
        "selection.valve.lift_at_m": 900.0,
    }
    assert question.fluid == question.today | {"selection.rate.box": of_box(small())}
    assert question.factors[0].span == (0, pytest.approx(3 * question.fluid["selection.rate.box"], rel=0.05))
    assert (question.measures, question.signs) == (("expected_detections", "delay_p95_s"), (1.0,))
    assert (question.replications, question.number) == (60_000, math.inf)


EARLY = {"from": "00:00", "to": "01:30", "rate": {"box": 0.3}}
LATE = {"from": "01:30", "to": "02:00", "rate": {"default": 0.1}}
OTHERS = {"from": "01:30", "to": "02:00", "rate": {"truck": 0.1}}
NIGHT = {"from": "03:00", "to": "04:00", "rate": {"box": 0.9}}


@pytest.mark.parametrize(
    ("spans", "rates"),
    [
        ([EARLY], {"selection.rate.box": 0.02, "selection.rate_by_time.0.rate.box": 0.3}),
        ([EARLY, LATE], {"selection.rate_by_time.0.rate.box": 0.3, "selection.rate_by_time.1.rate.box": 0.1}),
        ([EARLY, OTHERS], {"selection.rate.box": 0.02, "selection.rate_by_time.0.rate.box": 0.3}),
        ([NIGHT], {"selection.rate.box": 0.02}),
    ],
)
def test_by_default_the_rates_that_hold_while_the_funnel_stands_may_change(small, spans, rates):
    """From 01:00 to 02:00; a rate that holds at no time of these would change nothing."""
    scenario = small({"selection": {"rate_by_time": spans}})
    question = ask(scenario)
    assert {key: value for key, value in question.today.items() if "valve" not in key} == rates
    assert all(question.fluid[key] == of_box(scenario) for key in rates)
    assert all(factor.span[1] >= 3 * rates[factor.keys[0]] * 0.95 for factor in question.factors[: len(rates)])
    assert PointPlanner(scenario).scenario_of(question.fluid).selection.rule == "score"


@pytest.mark.parametrize("rule", ["free_bay", "batch", "index"])
def test_a_rule_without_rates_has_only_its_valve_to_change(small, rule):
    assert ask(small({"selection": {"rule": rule}})).keys == (
        "selection.valve.suspend_at_m",
        "selection.valve.lift_at_m",
    )


def test_a_valve_without_marks_may_have_some_up_to_the_critical_point(small):
    question = ask(small({"selection": {"valve": {"suspend_at_m": None, "lift_at_m": None}}}))
    marks = {factor.keys[0]: factor.span for factor in question.factors if "valve" in factor.keys[0]}
    critical_m = small().approach.critical_m or small().approach.length_m
    assert list(marks) == ["selection.valve.suspend_at_m", "selection.valve.lift_at_m"]
    assert all(most == critical_m and 0 < least < most for least, most in marks.values())


def test_a_class_that_carries_nothing_keeps_its_rate(small):
    """Trucks have none of the traffic here, and no target."""
    scenario = small({"classes": {"box": {"share": 0.9}, "truck": {"share": 0.1}}})
    assert "selection.rate.truck" not in ask(scenario).keys


def test_a_funnel_that_selects_for_itself_has_rates_and_marks_of_its_own(small):
    shared, own = small({"funnels": [BACK]}), small({"funnels": [BACK | {"selection": OWN}]})
    assert all(key.startswith("selection") for key in ask(shared).keys)
    question = ask(own)
    assert question.keys[3:] == (
        "funnels.0.selection.rate.box",
        "funnels.0.selection.valve.suspend_at_m",
        "funnels.0.selection.valve.lift_at_m",
    )
    assert question.today["funnels.0.selection.rate.box"] == 0.2
    assert question.fluid["selection.rate.box"] == of_box(own)
    assert question.fluid["funnels.0.selection.rate.box"] == of_box(own, 1) > 0.0


def test_several_windows_are_one_operation(small):
    question = ask(small({"operation": {"also": [{"opens": "03:00", "closes": "03:30"}]}}))
    assert question.keys[0] == "selection.rate.box"


def test_without_limits_there_is_nothing_to_keep(small):
    assert ask(small({"limits": {"p95_delay_min": None}})).requirements == ()


def test_what_must_be_kept_are_the_limits_and_the_bounds_on_means(small):
    scenario = small(
        {
            "limits": {"tail_m": 800.0, "in_share_of_operations": 0.8},
            "decide": {"goal": "least_cost", "find_at_least": 0.4, "at_most": {"officer_h": 9, "vehicles": 700}},
        }
    )
    question = ask(scenario)
    assert [(one.key, one.measure, one.bound, one.at_least, one.in_share) for one in question.requirements] == [
        ("limits.p95_delay_min", "delay_p95_s", 600.0, False, 0.8),
        ("limits.tail_m", "tail_max_m", 800.0, False, 0.8),
        ("decide.find_at_least", "expected_detections", 0.4, True, None),
        ("decide.at_most.officer_h", "officer_h", 9.0, False, None),
        ("decide.at_most.vehicles", "vehicles", 700.0, False, None),
    ]
    assert question.measures[0] == "staff_cost"
    assert question.signs == (-1.0,)


def test_the_table_of_the_scenario_counts_and_what_is_asked_for_goes_first(small):
    scenario = small({"decide": {"vary": {"area.bays": [1, 2, 3], OFFICERS: "1:2:1"}, "replications": 5000}})
    assert (ask(scenario).keys, ask(scenario).number, ask(scenario).replications) == (("area.bays", OFFICERS), 6, 5000)
    other = ask(scenario, [f"{RATE}=0:0.3"], 2000)
    assert (other.keys, other.number, other.replications) == ((RATE,), math.inf, 2000)
    assert other.today == {RATE: 0.02}


def test_all_problems_are_named_at_once(small):
    scenario = small({"decide": {"at_most": {"officer_h": 9, "stops_per_find": 4, "officers_h": 3}}})
    vary = ["selection.rat.box=0:1", "traffic.scale=1,2", "area.bays=-1,2", "area.waiting=1,2", "area.waiting=3,4"]
    found = refused(scenario, vary)
    assert set(found) == {
        "decide.at_most.stops_per_find",
        "decide.at_most.officers_h",
        "--vary selection.rat",
        "--vary traffic.scale",
        "--vary area.bays",
        "--vary area.waiting",
    }
    assert "did you mean rate?" in found["--vary selection.rat"]
    assert found["--vary traffic.scale"].startswith("nobody chooses this")
    assert found["--vary area.bays"].startswith("-1 given")
    assert "varied twice" in found["--vary area.waiting"]
    assert "did you mean officer_h " in found["decide.at_most.officers_h"]


@pytest.mark.parametrize(
    ("vary", "where", "words"),
    [
        (["selection.rate.bx=0:1"], "selection.rate.bx", "unknown class; did you mean box?"),
        (["staffing.roster.polce.count=1,2"], "staffing.roster.polce.count", "did you mean police?"),
        (["selection.rule=score,randm"], "selection.rule", 'did you mean "random"?'),
        (["selection.rule=0:1"], "selection.rule", "1 given"),
        (["area.bays+area.waits=1+1,2+2"], "area.waits", "unknown key"),
        ({"selection.rate.box": [0.1, 7]}, "selection.rate.box", "7 given"),
        (["title.x=1"], "title.x", "allowed: set title itself"),
    ],
)
def test_a_key_or_value_that_no_plan_can_have_is_named_before_anything_runs(small, vary, where, words):
    assert words in refused(small(), vary)[f"--vary {where}"]


@pytest.mark.parametrize(
    ("vary", "where", "words"),
    [
        ({"area.bays": "3:1"}, "area.bays", "3:1 leads nowhere"),
        ({"area.bays": "1:x"}, "area.bays", "x given in a range"),
        ({"area.bays+area.waiting": ["4"]}, "area.bays+area.waiting", "2 values joined by +"),
        ({"area.bays": [-1, 2]}, "area.bays", "-1 given"),
        ({"traffic.scale": [1, 2]}, "traffic.scale", "nobody chooses this"),
        ({"selection.rat.box": "0:1"}, "selection.rat", "did you mean rate?"),
    ],
)
def test_what_stands_in_the_table_of_the_scenario_is_named_there(small, vary, where, words):
    assert words in refused(small({"decide": {"vary": vary}}))[f"decide.vary {where}"]


def test_values_that_other_keys_may_put_right_are_left_to_the_search(small):
    """The valve would suspend selection where it lifts the funnel; with no officers nobody searches."""
    question = ask(small(), ["selection.valve.suspend_at_m=100:5000", f"{OFFICERS}=0,1,2"])
    assert question.number == math.inf


def test_what_cannot_be_read_is_told_as_in_a_sweep(small):
    with pytest.raises(ScenarioError, match="leads nowhere"):
        ask(small(), ["area.bays=3:1"])


def test_without_anything_to_find_no_plan_is_best():
    stages = [{"name": "search", "duration": {"mean_s": 300.0}, "crew": {"police": 1}}]
    data = merged(merged(SMALL, CHANGES), {"targets": [], "area": {"stages": stages}})
    assert "nothing can be found" in refused(scenario_from(data, where="test"))["targets"]


def test_that_a_limit_is_never_broken_cannot_be_shown(small):
    found = refused(small({"limits": {"in_share_of_operations": 1.0}}))
    assert "such as 0.99" in found["limits.in_share_of_operations"]
    assert ask(small({"limits": {"in_share_of_operations": 1.0, "p95_delay_min": None}})).requirements == ()


@pytest.mark.parametrize("replications", [0, 999, 10_000_001, 2.5, True])
def test_how_many_replications_are_allowed(small, replications):
    assert "allowed: a whole number from 1,000" in refused(small(), replications=replications)["replications"]


MOST = {"goal": "least_cost", "find_at_least": 5.9}
"""Boxes carry 6 targets an hour: 600 with 100 each 10,000; no selection finds them all."""


def most(scenario, **values):
    planner = PointPlanner(scenario)
    return bound(planner.scenario_of({OFFICERS: 2, "area.bays": 2} | values)).finds


def test_more_than_any_plan_can_find_is_refused_with_the_bound(small):
    found = refused(small({"decide": MOST}), [f"{RATE}=0:0.5"])["decide.find_at_least"]
    assert found.startswith("5.9 given, but no plan finds that many: the bound is ")
    assert float(found.partition("bound is ")[2].split()[0]) == pytest.approx(most(small()), rel=1e-3)


def test_the_bound_is_that_of_the_plan_with_most_officers_and_bays(small):
    """Four bays are worth nothing without four officers; the search decides what the bounds leave open."""
    assert most(small(), **{OFFICERS: 4, "area.bays": 4}) > 1.2 * most(small())
    wanted = small({"decide": MOST | {"find_at_least": 1.1 * most(small())}})
    for vary in (f"{OFFICERS}=1,2,4", "area.bays=2:4"):
        assert "decide.find_at_least" in refused(wanted, [vary, f"{RATE}=0:0.5"])
    for vary in (f"{OFFICERS}=1:4", f"{OFFICERS}=1,4"):
        assert ask(wanted, [vary, "area.bays=4,2"]).decide.find_at_least == wanted.decide.find_at_least
    assert ask(wanted, [f"{OFFICERS}+area.bays=4+4,1+1"]).number == 2


def test_where_other_keys_change_every_plan_has_its_bound(small):
    """An hour more, a better look: each level is solved, unless there are too many."""
    least = 1.01 * most(small())
    wanted = small({"decide": MOST | {"find_at_least": least}})
    assert "decide.find_at_least" in refused(wanted, ["operation.closes=01:30,02:00"])
    assert ask(wanted, ["operation.closes=01:30,03:00"]).number == 2
    assert ask(wanted, ["lane.speed_kmh=20:40"]).number == math.inf
    assert "decide.find_at_least" in refused(wanted, ["selection.look.mean_s=3,4", "selection.rule=score,random"])
