"""Plans that are better but break the limit do not keep a good one from being named."""

import numpy as np
import pytest
from scipy.special import ndtri

from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules
from funnelsim.decision.optimisation.requirement import Requirement

LIMIT = Requirement("limits.p95_delay_min", "delay_p95_s", 0.0, in_share=0.9)
GOALS = np.repeat([1.0, 0.989, 1.02], [1, 14, 15])
KEPT = np.repeat([0.97, 0.97, 0.85], [1, 14, 15])


def population(seed):
    generator, drawn = np.random.default_rng(seed), []

    def sample(numbers, replications):
        while len(drawn) < replications.stop:
            goal = 0.07 * generator.standard_normal() + 0.036 * generator.standard_normal(len(GOALS))
            drawn.append(np.stack([GOALS + goal, generator.standard_normal(len(GOALS)) - ndtri(KEPT)], axis=-1))
        return np.stack(drawn[replications.start : replications.stop])[:, list(numbers)].swapaxes(0, 1)

    return sample


@pytest.mark.parametrize("seed", range(5))
def test_the_best_that_keeps_the_limit_is_named_though_half_of_all_are_better_and_break_it(seed):
    selection = GoodSelection(len(GOALS), [LIMIT], population(seed), Rules(0.95, 0.01, 1_000_000), [3, 7, 20])
    selected = selection.run()
    assert (selected.named, selected.enough) == (0, True)
    assert selected.replications.sum() < 40_000


def test_where_no_reference_keeps_the_limit_another_plan_is_found():
    selected = GoodSelection(len(GOALS), [LIMIT], population(6), Rules(0.95, 0.01, 1_000_000), [16, 20, 29]).run()
    assert (selected.named, selected.enough) == (0, True)


def test_others_need_no_new_replications_to_be_compared_with_a_better_reference():
    """Each of them is known to be no better than the reference it was compared with first, and that one is worse."""
    goals = np.repeat([1.2, 1.0], [1, 299])
    generator = np.random.default_rng(3)
    drawn = generator.normal(goals, 0.05, (30_000, 300))
    sampled = []

    def sample(numbers, replications):
        sampled.append(len(numbers) * len(replications))
        return drawn[replications.start : replications.stop, list(numbers)].T[:, :, None]

    selected = GoodSelection(300, [], sample, Rules(0.95, 0.05, 100_000), [5, 6, 7]).run()
    assert (selected.named, selected.enough) == (0, True)
    assert sum(sampled) < 5_500


@pytest.mark.parametrize("seed", range(3))
def test_where_replications_do_not_suffice_for_all_a_plan_near_the_best_is_named_nevertheless(seed):
    generator = np.random.default_rng(seed)
    goals = generator.normal(1.0, 0.1, 1_000)
    drawn = goals + generator.normal(0.0, 0.15, (1_000, 1_000))

    def sample(numbers, replications):
        values = drawn[replications.start : replications.stop, list(numbers)].T
        return np.stack([values, np.full_like(values, -1.0)], axis=-1)

    rules = Rules(0.95, 0.01, 15_000)
    references = np.argsort(goals)[[400, 500, 600]].tolist()
    selected = GoodSelection(1_000, [LIMIT], sample, rules, references).run()
    assert selected.replications.sum() <= 15_000
    assert goals[selected.named] > goals.max() - 0.08
    assert goals.max() - goals[selected.named] <= selected.within < 0.7
