"""Selection with a guarantee, on populations whose means are known and whose noise is paired."""

import numpy as np
import pytest

from funnelsim.decision.optimisation.good_selection import FIRST, GoodSelection, Rules
from funnelsim.decision.optimisation.requirement import Requirement

SEEDS = range(10)
LIMIT = Requirement("limits.tail_m", "tail_max_m", 1.0, in_share=0.9)
HOURS = Requirement("decide.at_most.officer_h", "officer_h", 80.0)


class Population:
    """Plans with known means; in each replication they share most of their noise, as they meet the same vehicles."""

    def __init__(self, means, kept=None, hours=None, seed=1):
        self.means, self.kept, self.hours, self.seed = np.array(means), kept, hours, seed
        self.done = 0

    def __call__(self, numbers, replications):
        """Simulate."""
        self.done += len(numbers) * len(replications)
        return np.array([[self.of(number, row) for row in replications] for number in numbers])

    def of(self, number, replication):
        """Return the goal, and what the requirements are about."""
        shared = np.random.default_rng([self.seed, replication]).normal(0.0, 1.0)
        own, luck = np.random.default_rng([self.seed, replication, number + 1]).uniform(size=2)
        values = [self.means[number] + shared + 0.6 * (own - 0.5)]
        if self.kept is not None:
            values.append(0.0 if luck < self.kept[number] else 2.0)
        if self.hours is not None:
            values.append(self.hours[number])
        return values


def selection(population, *requirements, within=0.1, budget=100_000, references=(0,), confidence=0.95):
    rules = Rules(confidence, within, budget)
    return GoodSelection(len(population.means), requirements, population, rules, list(references))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_within_the_indifference_zone_that_keeps_the_limit_is_named(seed):
    """The best plan of all breaks the limit, and the best one that keeps it is no reference."""
    means = [1.0, 2.0, 1.5, 1.46, 0.5, 1.2, 1.1, 0.0]
    kept = [0.99, 0.60, 0.99, 0.99, 0.99, 0.80, 0.995, 1.0]
    population = Population(means, kept, seed=seed)
    selected = selection(population, LIMIT, references=(0, 1)).run()
    assert selected.named in {2, 3}
    assert selected.enough
    assert selected.within <= 0.1
    assert not selected.excluded[2]
    assert selected.excluded[1]
    assert population.done == selected.replications.sum() <= 100_000


def test_equal_plans_are_as_good_as_each_other():
    selected = selection(Population([1.0] * 5), references=(0, 1, 2)).run()
    assert selected.enough
    assert not selected.worse.any()


def test_of_the_same_plan_twice_nothing_has_to_be_simulated_to_tell_them_apart():
    """Today's plan may be among those searched: their differences are 0 in every replication."""

    def sample(numbers, replications):
        return np.array([[[np.sin(row)] for row in replications] for _ in numbers])

    selected = GoodSelection(2, [], sample, Rules(0.95, 1e-9, 1_000), [0]).run()
    assert selected.replications.tolist() == [FIRST, FIRST]
    assert (selected.within, selected.enough) == (0.0, True)


FOUND = Requirement("decide.find_at_least", "expected_detections", 1.0, at_least=True)


@pytest.mark.parametrize(("ties", "tied"), [(True, {0, 1, 2}), (False, {0, 2})])
def test_references_with_the_same_goal_are_proven_where_ties_are_to_be_broken(ties, tied):
    """Three cost the same and find enough, one of them hardly; another one does not, and a dearer one finds most."""
    costs, finds = [4.1, 4.1, 4.1, 4.1, 5.0], [1.5, 1.05, 2.0, 0.5, 3.0]

    def sample(numbers, replications):
        noise = np.random.default_rng(1).normal(0.0, 0.1, 50_000)
        return np.array([[[-costs[number], finds[number] + noise[row]] for row in replications] for number in numbers])

    selected = GoodSelection(5, [FOUND], sample, Rules(0.95, 0.01, 20_000, ties), range(5)).run()
    assert selected.named == 0
    assert set(selected.tied) == tied
    assert selected.enough


def test_a_single_candidate_needs_but_keep_the_limit():
    assert selection(Population([1.0])).run().named == 0
    assert selection(Population([1.0], [1.0]), LIMIT).run().named == 0


@pytest.mark.parametrize("kept", [0.0, 0.7])
def test_where_no_plan_keeps_the_limit_none_is_named(kept):
    selected = selection(Population([1.0, 2.0, 3.0], [kept] * 3), LIMIT, budget=20_000).run()
    assert selected.named is None
    assert not selected.enough
    assert selected.within == np.inf
    assert selected.excluded.all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_budget_widens_what_is_said_and_keeps_it_true(seed):
    means = [1.0, 1.1, 0.9]
    population = Population(means, seed=seed)
    selected = selection(population, within=0.001, budget=200).run()
    assert not selected.enough
    assert selected.within >= 1.1 - means[selected.named]
    assert population.done <= 200


def test_a_budget_that_simulates_nobody_names_nobody():
    population = Population([1.0, 2.0], [1.0, 1.0])
    selected = selection(population, LIMIT, budget=FIRST).run()
    assert (selected.named, selected.enough, population.done) == (None, False, 0)
    assert selected.replications.tolist() == [0, 0]
    assert np.isnan(selected.means).all()


def test_a_better_candidate_becomes_a_reference():
    """All but one are equal, and the search did not see it."""
    means = [0.0] * 40
    means[23] = 1.0
    assert selection(Population(means), references=(0, 1, 2)).run().named == 23


def test_a_constant_that_meets_its_bound_keeps_it():
    """Officers' hours do not vary: 80 of at most 80 are kept, and 81 are not, from the first replications on."""
    population = Population([1.0, 2.0, 3.0], hours=[80.0, 80.0 + 1e-10, 81.0])
    selected = selection(population, HOURS, references=(0,)).run()
    assert selected.named == 1
    assert selected.excluded.tolist() == [False, False, True]


def test_how_samples_are_made_does_not_matter():
    """Candidate by candidate and replication by replication, the same values lead to the same outcome."""

    class OneByOne(Population):
        def __call__(self, numbers, replications):
            return np.array([[super(OneByOne, self).__call__([n], [k])[0, 0] for k in replications] for n in numbers])

    means, kept = [1.0, 1.3, 1.2, 0.4], [0.99, 0.7, 0.99, 0.99]
    one, other = (selection(make(means, kept), LIMIT).run() for make in (Population, OneByOne))
    assert one.named == other.named
    assert one.within == other.within
    assert np.array_equal(one.replications, other.replications)


def test_references_are_compared_on_what_was_seen_before_neither_was_named():
    """Else a reference that was named because it looked good would be too good."""
    chosen = selection(Population([0.0, 1.0, 0.5], [1.0] * 3), LIMIT)
    chosen.run()
    later = next(one for one in chosen.references if one.since > 0)
    first = chosen.references[0]
    assert later.number == 1
    most = chosen._at_most(np.array([0, 2]), later)
    assert (most[0], most[1]) != (0.0, 0.0)
    begun = []
    apart = chosen.plans.apart
    chosen.plans.apart = lambda numbers, one, since: begun.append(since) or apart(numbers, one, since)
    chosen._at_most(np.array([1, 2]), first)
    assert begun[0].tolist() == [later.since, first.since]


def test_a_reference_that_is_shown_to_keep_the_limits_stays():
    """Others were dropped for it: of two plans that keep the limit in half of what is seen, the proven one stays."""
    chosen = selection(Population([1.0, 0.0], [0.5, 0.5]), LIMIT)
    chosen.plans.extend([0, 1], least=200)
    chosen.references[0].proven = True
    chosen._exclude()
    assert chosen.excluded.tolist() == [False, True]


def test_a_reference_is_not_best_for_a_lucky_start():
    """Of two references, the one with few replications has a better mean than the other has over many."""
    population = Population([1.0, 1.1])
    made = selection(population, references=(0, 1))
    shared = np.concatenate([np.full(FIRST, 2.0), np.full(9 * FIRST, 0.0)])
    own = np.resize([0.1, -0.1], 10 * FIRST)
    made.plans.values = [(shared[:FIRST] + 1.0)[:, None], (shared + 1.1 + own)[:, None]]
    made.plans.counts = np.array([FIRST, 10 * FIRST])
    for one in made.references:
        one.proven = True
    assert made.plans.values[0].mean() > made.plans.values[1].mean()
    assert made.best.number == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_todays_plan_is_judged_though_the_others_use_up_the_budget(seed):
    """It is better than those that were searched, and keeps the limit as they do."""
    population = Population([0.0, -1.0, 1.0], [0.95, 0.95, 0.95], seed=seed)
    selected = GoodSelection(3, [LIMIT], population, Rules(0.95, 0.1, 600), [0, 1], today=2).run()
    assert (selected.named, selected.within, selected.enough) == (2, 0.0, True)
    assert 2 in selected.proven


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kept", "named"), [(0.99, 0), (0.6, 1)])
def test_a_plan_that_is_no_better_than_todays_is_not_named_instead(seed, kept, named):
    """Of plans that are hardly better, or as good, today's stays; but not where it breaks the limit."""
    population = Population([1.0, 1.02, 1.0, 0.5], [kept, 0.99, 0.99, 0.99], seed=seed)
    selected = GoodSelection(4, [LIMIT], population, Rules(0.95, 0.1, 20_000), [1, 2, 3], today=0).run()
    assert (selected.named == 0) == (named == 0)
    assert selected.enough
