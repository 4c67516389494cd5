"""Neighbours of a plan: what changes, and by how much."""

import numpy as np
import pytest

from funnelsim.decision.optimisation.neighbours import LONGEST, neighbour
from funnelsim.experiments.vary import Factor, factors_of

WHOLE = Factor(("d",), (), (4.0, 20.0), whole=True)
FACTORS = [
    *factors_of({"a": "0:0.6", "b": [1, 2, 3, 5], "c": ["random", "score", "index"], "e+f": ["4+6", "6+4"]}),
    WHOLE,
]
PLAN = {"a": 0.1, "b": 1, "c": '["score"]', "d": 4, "e+f": 0}


@pytest.fixture(scope="module")
def drawn():
    generator = np.random.default_rng(1)
    return [neighbour(FACTORS, PLAN, generator) for _ in range(2000)]


def changed(plan):
    return {key for key in PLAN if plan[key] != PLAN[key]}


def test_one_key_changes_or_two_and_every_key_at_some_time(drawn):
    assert {len(changed(plan)) for plan in drawn} == {1, 2}
    assert set().union(*map(changed, drawn)) == set(PLAN)


def test_values_in_order_go_to_the_next_one(drawn):
    assert {plan["b"] for plan in drawn} == {0, 1, 2}


def test_numbers_in_a_range_stay_near_and_within_it(drawn):
    assert all(0.0 <= plan["a"] <= 0.1 + LONGEST * 0.6 for plan in drawn)
    assert {plan["d"] for plan in drawn} == {4, 5, 6, 7, 8}
    assert all(type(plan["d"]) is int for plan in drawn)


def test_of_choices_without_an_order_any_other_one_is_taken(drawn):
    assert len({plan["c"] for plan in drawn}) == 3


def test_of_two_numbers_one_goes_up_and_the_other_down():
    factors = factors_of({"one": "0:10", "other": "0:10"})
    generator = np.random.default_rng(1)
    plans = [neighbour(factors, {"one": 5, "other": 5}, generator) for _ in range(200)]
    both = [plan for plan in plans if plan["one"] != 5 and plan["other"] != 5]
    assert both
    assert all((plan["one"] > 5) != (plan["other"] > 5) for plan in both)


def test_a_key_of_one_value_cannot_change():
    assert neighbour(factors_of({"one": ["random"]}), {"one": '["random"]'}, np.random.default_rng(1)) == {
        "one": '["random"]'
    }
