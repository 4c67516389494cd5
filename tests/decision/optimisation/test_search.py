"""The search: where it begins, what it proposes, and what it makes of plans that cannot be carried out."""

from dataclasses import replace

import numpy as np
import pytest

from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.optimisation.question import question_of
from funnelsim.decision.optimisation.search import BATCH, STAGES, Search
from funnelsim.errors import FunnelsimError, PlanError
from funnelsim.experiments.vary import factors_of
from funnelsim.model.planning import plan_of
from tests.optimise_scenario import OFFICERS, RATE

BAYS = "area.bays"
SUSPEND = "selection.valve.suspend_at_m"
OF_BOX = "selection.rate.box"
AGENCY = "staffing.roster.agency"
BRIEFLY = 6 * STAGES[-1]


class Made:
    """Simulations of a goal that is known: noise that all plans share, and a delay that rises with the rate."""

    def __init__(self, goal, refuse=lambda _values: False, delay=lambda _values: 0.0):
        self.goal, self.refuse, self.delay = goal, refuse, delay
        self.points, self.done = [], []

    def add(self, values):
        """Add a plan."""
        if self.refuse(values):
            raise FunnelsimError("nobody can do that")
        self.points.append(values)
        return len(self.points) - 1

    def __call__(self, numbers, replications):
        """Simulate."""
        self.done += [(number, row) for number in numbers for row in replications]
        noise = np.random.default_rng(1).normal(0.0, 0.1, 1000)[replications.start : replications.stop]
        return np.array(
            [
                np.stack([self.goal(self.points[n]) + noise, np.full(len(noise), self.delay(self.points[n]))], axis=1)
                for n in numbers
            ]
        )


@pytest.fixture
def asked(small):
    def make(vary, changes=None):
        scenario = small(changes)
        plan = plan_of(scenario)
        return question_of(scenario, plan, bound(scenario, plan), vary)

    return make


def searched(question, made, seed=1, budget=20_000):
    return Search(question, made).run(seed, budget)


def by_rate(values):
    return -abs(values[RATE] - 0.2)


def test_it_begins_with_the_fluid_plan_and_todays(asked):
    question = asked([f"{OF_BOX}=0:0.3", f"{BAYS}=1:4"])
    made = Made(lambda values: values[OF_BOX])
    searched(question, made, budget=BRIEFLY)
    assert made.points[0] == question.fluid
    assert made.points[1] == question.today == {OF_BOX: 0.02, BAYS: 2}
    assert 0.02 < question.fluid[OF_BOX] < 0.3


def test_of_values_that_may_not_be_chosen_the_nearest_are(asked):
    made = Made(by_rate)
    searched(asked([f"{RATE}=0.1:0.3", f"{BAYS}=4,6,9", "selection.rule=random,free_bay"]), made, budget=BRIEFLY)
    assert made.points[0] == {RATE: 0.1, BAYS: 4, "selection.rule": "random"}


def test_it_finds_what_is_best(asked):
    question = asked([f"{RATE}=0:0.3"])
    made = Made(by_rate)
    found = searched(question, made)
    assert made.points[found.numbers[0]][RATE] == pytest.approx(0.2, abs=0.005)
    assert set(found.numbers) == set(range(len(made.points)))
    assert found.impossible == 0


def test_it_finds_what_is_best_of_what_keeps_the_limit(asked):
    """P95 delay is at most 600 s; above a rate of 0.1 it is more."""
    made = Made(by_rate, delay=lambda values: 6000.0 * values[RATE])
    found = searched(asked([f"{RATE}=0:0.3"]), made)
    assert made.points[found.numbers[0]][RATE] == pytest.approx(0.1, abs=0.005)
    assert made.points[found.numbers[0]][RATE] <= 0.1


def test_every_second_batch_is_of_neighbours_of_the_best_plans(asked):
    """Of 12 officers' numbers, in which the goal is a sum, a neighbour differs in one or two."""
    names = [f"{AGENCY}{number}.count" for number in range(12)]
    factors = factors_of(dict.fromkeys(names, "0:9"))
    question = replace(
        asked([f"{RATE}=0:0.3"]), factors=tuple(factors), **dict.fromkeys(("today", "fluid"), dict.fromkeys(names, 5))
    )
    made = Made(lambda values: sum(values.values()))
    searched(question, made)
    second = made.points[BATCH : 2 * BATCH]
    apart = [min(sum(one[name] != plan[name] for name in names) for plan in made.points[:BATCH]) for one in second]
    assert set(apart) <= {1, 2}


def test_the_plan_whose_neighbours_are_proposed_keeps_its_limit_in_many_operations(asked):
    """The first 12 operations are quiet: a plan that keeps its limit in all of them breaks it in half of the others."""

    class Quiet(Made):
        def __call__(self, numbers, replications):
            """Simulate: above a rate of 0.1 every second operation from the twelfth on has a long delay."""
            values = super().__call__(numbers, replications)
            late = [row >= STAGES[0] and row % 2 == 0 for row in replications]
            for at, number in enumerate(numbers):
                values[at, late, 1] = 6000.0 * self.points[number][RATE]
            return values

    made = Quiet(by_rate)
    search = Search(asked([f"{RATE}=0:0.3"]), made)
    found = search.run(1, 20_000)
    assert made.points[found.numbers[0]][RATE] == pytest.approx(0.1, abs=0.005)
    assert made.points[found.numbers[0]][RATE] <= 0.1


def test_the_same_seed_proposes_the_same_plans(asked):
    question = asked([f"{RATE}=0:0.3", f"{BAYS}=1:4"])
    one, same, other = Made(by_rate), Made(by_rate), Made(by_rate)
    for made, seed in ((one, 5), (same, 5), (other, 6)):
        searched(question, made, seed, BRIEFLY)
    assert one.points == same.points != other.points


def test_values_are_those_that_a_planner_would_set(asked):
    made = Made(lambda values: values[BAYS])
    vary = [f"{RATE}=0:0.3", f"{BAYS}=1:4", "selection.rule=random,score", "area.waiting+area.spots=1+0,3+2"]
    searched(asked([*vary, f"{SUSPEND}=100:900"]), made)
    assert all(values[RATE] == float(f"{values[RATE]:.2g}") and 0.0 <= values[RATE] <= 0.3 for values in made.points)
    assert all(values[SUSPEND] == float(f"{values[SUSPEND]:.3g}") for values in made.points)
    assert {values[BAYS] for values in made.points} == {1, 2, 3, 4}
    assert all(type(values[BAYS]) is int for values in made.points)
    assert {values["selection.rule"] for values in made.points} == {"random", "score"}
    assert {(values["area.waiting"], values["area.spots"]) for values in made.points} == {(1, 0), (3, 2)}


def test_a_rate_that_is_nearly_nothing_is_nothing(asked):
    """Less than one vehicle of 1,000 is nobody that officers would select."""
    made = Made(lambda values: -1000.0 * abs(values[RATE] - 0.0004))
    found = searched(asked([f"{RATE}=0:0.01"]), made)
    assert {values[RATE] for values in made.points if values[RATE] < 0.001} == {0.0}
    assert made.points[found.numbers[0]][RATE] == 0.0


def test_todays_values_are_tried_with_all_their_digits(asked):
    made = Made(by_rate)
    changes = {"selection": {"rate": {"default": 0.12345}, "valve": {"suspend_at_m": 512.3}}}
    question = asked([f"{RATE}=0:0.3", f"{SUSPEND}=100:900"], changes)
    searched(question, made, budget=BRIEFLY)
    assert made.points[0] == question.fluid == question.today == {RATE: 0.12345, SUSPEND: 512.3}


def test_a_plan_is_simulated_once_however_often_it_is_proposed(asked):
    made = Made(lambda values: values[BAYS])
    found = searched(asked([f"{BAYS}=1,2,3"]), made)
    assert len(made.points) == 3
    assert len(made.done) == len(set(made.done)) == sum(map(len, found.values.values()))


def test_poor_plans_stop_early(asked):
    made = Made(lambda values: 10.0 * values[BAYS])
    found = searched(asked([f"{BAYS}=1,2,3"]), made)
    at = {made.points[number][BAYS]: len(values) for number, values in found.values.items()}
    assert at == {1: STAGES[0], 2: STAGES[0], 3: STAGES[-1]}


def test_a_plan_that_cannot_be_carried_out_does_not_stop_the_search(asked):
    made = Made(by_rate, refuse=lambda values: values[OFFICERS] < 2)
    found = searched(asked([f"{RATE}=0:0.3", f"{OFFICERS}=0,1,2,3"]), made)
    assert found.impossible > 0
    assert made.points[found.numbers[0]][RATE] == pytest.approx(0.2, abs=0.02)


def test_that_no_plan_can_be_carried_out_is_said_with_the_reason(asked):
    with pytest.raises(PlanError, match=r"none of the plans proposed .* nobody can do that"):
        searched(asked([f"{OFFICERS}=1,2"]), Made(by_rate, refuse=lambda _values: True))


@pytest.mark.parametrize("budget", [500, 1000, 5000])
def test_the_budget_is_kept_and_is_enough_to_begin_with(asked, budget):
    made = Made(by_rate)
    searched(asked([f"{RATE}=0:0.3"]), made, budget=budget)
    assert len(made.points) >= 2
    assert len(made.done) <= budget


def test_of_a_trade_off_every_plan_is_simulated_as_briefly(asked):
    class Three(Made):
        def __call__(self, numbers, replications):
            """Simulate three goals and the delay's limit."""
            values = super().__call__(numbers, replications)
            return np.concatenate([values, values[:, :, :1], values[:, :, 1:]], axis=2)

    made = Three(by_rate)
    found = searched(asked([f"{RATE}=0:0.3"], {"decide": {"goal": "front"}}), made, budget=50 * STAGES[0])
    assert {len(values) for values in found.values.values()} == {STAGES[0]}
    assert BATCH < len(made.points) <= 50


def test_of_plans_that_cost_the_same_the_one_that_finds_more_goes_first(asked):
    """Here nothing costs anything; finds are what the values of the limit are, without noise."""

    class Costs(Made):
        def __call__(self, numbers, replications):
            """Simulate cost, the delay of the limit, and finds."""
            found = [self.points[number][RATE] for number in numbers]
            return np.array([[[400.1, 0.0, one] for _ in replications] for one in found])

    made = Costs(by_rate)
    changes = {"decide": {"goal": "least_cost", "find_at_least": 0.1}}
    found = searched(asked([f"{RATE}=0.1:0.3"], changes), made)
    rates = [made.points[number][RATE] for number in found.numbers]
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) > 10
