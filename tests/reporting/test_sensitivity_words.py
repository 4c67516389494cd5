"""The words of `funnelsim sensitivity`: the answer first, thresholds as a planner reads them."""

import dataclasses

import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.uncertainty.assumption_words import condition, likely
from funnelsim.decision.uncertainty.sensitivity import sensitivity
from funnelsim.decision.uncertainty.uncertain_inputs import uncertain_inputs
from funnelsim.reporting.sensitivity_words import sensitivity_sections
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario.demand import demand_of
from tests.decision.uncertainty.test_sensitivity import FEW, plan


@pytest.fixture(scope="module")
def made(build):
    return sensitivity({"now": plan(build), "few": plan(build, "selection.rate.default", 0.002)}, **FEW)


@pytest.fixture(scope="module")
def alone(build):
    return sensitivity(plan(build), points=32, replications=2)


def words(sections):
    return " ".join(plain_text(sections, 100).split())


def test_the_choice_comes_first_then_what_would_change_it(made):
    said = words(sensitivity_sections(made))
    assert "now finds more than few with a probability of" in said
    assert "on average few finds" in said
    assert "targets an operation less." in said
    assert "No likely value of any one assumption does" in said
    assert "3 assumptions of the scenario's [uncertain]" in said


def test_a_threshold_is_said_with_its_interval_and_what_to_know_it_is_worth(made):
    choice = made.findings.choice
    there = dataclasses.replace(choice.thresholds[0], u=Estimate(0.5, 0.4, 0.6, 200), above=True, crossed_in=0.9)
    worth = (Estimate(0.02, 0.01, 0.03, 200), *choice.partial_information[1:])
    changed = dataclasses.replace(
        choice,
        thresholds=(there, *choice.thresholds[1:]),
        partial_information=worth,
        perfect_information=Estimate(0.1, 0.09, 0.11, 200),
    )
    said = words(sensitivity_sections(dataclasses.replace(made, findings=_with(made.findings, changed))))
    assert "few finds more than now only if: hidden: prevalence more than 1 in 100 boxes (1 in 120 to 1 in 84)." in said
    assert "on average over all other assumptions" in said
    assert "That there is such a value is 90 % sure. To know it would find 0.020 ± 0.010 more." in said
    assert "No likely value of the other 2 assumptions alone does." in said
    assert "would find 0.100 ± 0.010 more an operation" in said


def test_where_knowledge_changes_nothing_it_says_so(made):
    nothing = Estimate(0.0, 0.0, 0.0, 200)
    choice = dataclasses.replace(made.findings.choice, perfect_information=nothing, regret=(nothing, nothing))
    said = words(sensitivity_sections(dataclasses.replace(made, findings=_with(made.findings, choice))))
    assert "To know more before choosing would find no more: the choice is the same." in said
    assert "Against the best plan of each circumstance, now finds no targets an operation less" in said


def test_what_is_small_is_said_to_be_below_a_number(made):
    little = Estimate(1e-5, 1e-6, 2e-5, 200)
    choice = dataclasses.replace(made.findings.choice, perfect_information=little, regret=(little, little))
    said = words(sensitivity_sections(dataclasses.replace(made, findings=_with(made.findings, choice))))
    assert "To know more before choosing would find less than 0.001 more: it would hardly change the choice." in said
    assert "now finds less than 0.001 targets an operation less" in said


def test_regret_has_its_interval(made):
    regret = Estimate(0.0, 0.0, 0.0, 200), Estimate(0.31, 0.30, 0.32, 200)
    choice = dataclasses.replace(made.findings.choice, regret=regret)
    sections = sensitivity_sections(dataclasses.replace(made, findings=_with(made.findings, choice)))
    assert "few 1 % (0 to 2) 0.45 ± 0.12 0.310 ± 0.010 " in " ".join(plain_text(sections, 140).split())


def _with(findings, choice):
    return dataclasses.replace(findings, choice=choice)


def test_one_plan_is_told_how_to_compare(alone):
    said = words(sensitivity_sections(alone))
    assert "Give other plans to learn whether the choice between them holds" in said
    assert "P95 delay at most 10 min: kept in" in said


def test_shares_of_operations_have_their_error_bars(made):
    measures, means = made.findings.measures, made.findings.means
    kept = {name: Estimate(0.88, 0.86, 0.90, 32) for name in measures if name.startswith("limits.")}
    changed = tuple(kept.get(name, one) for name, one in zip(measures, means[0], strict=True))
    findings = dataclasses.replace(made.findings, means=(changed, *means[1:]))
    assert "88 ± 2 " in words(sensitivity_sections(dataclasses.replace(made, findings=findings)))


def test_plans_that_find_the_same_in_all_circumstances_are_told_so_and_no_more(build):
    said = words(sensitivity_sections(sensitivity({"a": plan(build), "b": plan(build)}, points=32, replications=2)))
    assert "a and b find the same in all circumstances. Which plan, over all circumstances" in said


def test_whose_limits_are_looked_at_is_said_where_plans_have_others(build):
    others = plan(build).model_copy(update={"limits": plan(build).limits.model_copy(update={"tail_m": 900.0})})
    said = words(sensitivity_sections(sensitivity({"a": plan(build), "b": others}, points=32, replications=2)))
    assert "P95 delay at most 10 min, the limits of a." in said


def test_values_are_said_in_the_units_of_planners(made):
    demand = next(iter(made.demands.values()))
    prevalence, auc, scale = made.inputs
    assert likely(prevalence, demand) == ("1 in 300 boxes", "1 in 100 boxes", "1 in 33 boxes")
    assert likely(auc, demand) == ("0.57", "0.73", "0.88")
    assert likely(scale, demand)[0] == "0.82"
    at = Estimate(0.5, 0.5, 0.5, 1)
    assert condition(auc, at, above=False, demand=demand) == "hidden: AUC of the look below 0.73"
    between = Estimate(0.5, 0.25, 0.75, 1)
    assert condition(auc, between, above=True, demand=demand) == "hidden: AUC of the look above 0.73 (0.64 to 0.81)"


def test_a_prevalence_of_one_class_is_said_as_one_of_many(build):
    scenario = plan(build, uncertain={"targets.hidden.per_10k.box": {"range": [5, 205]}})
    demand = demand_of(scenario)
    (prevalence,) = uncertain_inputs(scenario, demand)
    assert likely(prevalence, demand) == ("1 in 670 boxes", "1 in 95 boxes", "1 in 51 boxes")
    said = condition(prevalence, Estimate(0.5, 0.15, 0.9, 1), above=False, demand=demand)
    assert said == "hidden: prevalence (box) less than 1 in 95 boxes (1 in 290 to 1 in 54)"


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("full", [False, True])
def test_it_fits_the_page(made, width, full):
    text = plain_text(sensitivity_sections(made, full=full), width)
    assert max(map(len, text.splitlines())) <= width
    assert "nan" not in text
    assert ("What is uncertain" in text) == full
