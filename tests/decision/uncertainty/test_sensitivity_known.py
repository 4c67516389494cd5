"""Known answers, through the same code that the values of the simulator go through."""

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from funnelsim.analysis.intervals import share_interval
from funnelsim.decision.uncertainty.distributions import LogNormal, Uniform, kept_within
from funnelsim.decision.uncertainty.sensitivity import findings_of
from funnelsim.decision.uncertainty.value_of_information import choice_of
from funnelsim.experiments.executor import InProcessExecutor

SEED = 1
HERE = InProcessExecutor()


def noisy(function, deviation=0.0):
    """Return what responds with a function of the inputs, (points, plans), and independent noise of each operation."""

    def respond(u, first, replications):
        exact = function(u)
        made = np.empty((len(u), replications, exact.shape[1], 1))
        for point, number in enumerate(first.tolist()):
            for place in range(replications):
                noise = np.random.default_rng([9, number + place]).standard_normal(exact.shape[1])
                made[point, place, :, 0] = exact[point] + deviation * noise
        return made

    return respond


def indices(found):
    return {one.input: (one.first, one.total) for one in found.indices if one.output == 0}


def test_an_additive_function():
    """Y = 3 u1 + 2 u2 + 0 u3: effects of 90 % of the way, and shares 9/13 and 4/13 without interaction."""
    found = findings_of(
        [Uniform(0.0, 1.0)] * 3, noisy(lambda u: (3.0 * u[:, 0] + 2.0 * u[:, 1])[:, None]), 1, ["y"], 128, 2, SEED, HERE
    )
    assert [one.size.mean for one in found.effects] == pytest.approx([2.7, 1.8, 0.0], abs=1e-9)
    assert [one.spread for one in found.effects] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert [one.matters for one in found.effects] == [True, True, False]
    assert found.choice is None
    for place, share in ((0, 9 / 13), (1, 4 / 13)):
        first, total = indices(found)[place]
        assert first.mean == pytest.approx(share, abs=0.05)
        assert total.mean == pytest.approx(share, abs=0.05)
        assert first.low <= share <= first.high
    assert 2 not in indices(found)


def ishigami(u):
    x = math.pi * (2.0 * u - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.mark.parametrize("deviation", [0.0, 2.0])
def test_the_ishigami_function(deviation):
    """Ishigami and Homma (1990), a = 7, b = 0.1: the third input matters in interaction alone."""
    found = findings_of(
        [Uniform(0.0, 1.0)] * 3, noisy(lambda u: ishigami(u)[:, None], deviation), 1, ["y"], 512, 4, SEED, HERE
    )
    known = {0: (0.3139, 0.5576), 1: (0.4424, 0.4424), 2: (0.0, 0.2437)}
    for place, shares in known.items():
        for made, share in zip(indices(found)[place], shares, strict=True):
            assert made.mean == pytest.approx(share, abs=0.06)
            assert made.low <= share <= made.high
            assert made.high - made.low < 0.25


MEAN, SLOPES = -0.1, (0.3, 0.2)
DEVIATION = math.hypot(*SLOPES)


def two_plans(u):
    """Return two plans whose difference is normal; the third input moves both alike."""
    z = ndtri(np.clip(u, 1e-9, 1.0 - 1e-9))
    common = 5.0 + z[:, 2]
    return np.column_stack([common, common + MEAN + SLOPES[0] * z[:, 0] + SLOPES[1] * z[:, 1]])


def expected_gain(mean, deviation):
    """Return E max(0, d) of a normal d."""
    return mean * norm.cdf(mean / deviation) + deviation * norm.pdf(mean / deviation)


@pytest.fixture(scope="module", params=[0.0, 0.15])
def choice(request):
    return findings_of([LogNormal(2.0)] * 3, noisy(two_plans, request.param), 2, ["y"], 512, 8, SEED, HERE).choice


def test_the_chance_that_the_first_of_two_plans_is_best(choice):
    truth = norm.cdf(-MEAN / DEVIATION)  # 0.609
    assert choice.best[0].mean == pytest.approx(truth, abs=0.02)
    assert choice.beats[0].mean == pytest.approx(choice.best[0].mean)
    assert choice.best[0].mean + choice.best[1].mean == pytest.approx(1.0)
    assert choice.difference[0].mean == pytest.approx(MEAN, abs=0.01)


def test_regret_and_the_value_of_information(choice):
    perfect = expected_gain(MEAN, DEVIATION)  # choosing the first, whose gain is 0
    assert choice.perfect_information.mean == pytest.approx(perfect, rel=0.06)
    assert choice.regret[0].mean == pytest.approx(perfect, rel=0.06)
    assert choice.regret[1].mean == pytest.approx(perfect - MEAN, rel=0.06)
    for place, slope in enumerate(SLOPES):
        assert choice.partial_information[place].mean == pytest.approx(expected_gain(MEAN, slope), rel=0.1)
    assert choice.partial_information[2].mean < 0.001


def test_the_thresholds_at_which_the_choice_flips(choice):
    for one, slope in zip(choice.thresholds, SLOPES, strict=False):
        assert one.u.mean == pytest.approx(norm.cdf(-MEAN / slope), abs=0.03)
        assert one.above
        assert one.crossed_in == 1.0
    none = choice.thresholds[2]
    assert math.isnan(none.u.mean)
    assert none.above is None


def test_thresholds_are_those_of_the_plan_that_finds_most_on_average():
    """The third plan finds most; the first passes it where the one input is below 0.1, the second below 0.3."""
    u = np.linspace(0.0, 1.0, 2_001)[:, None]
    differences = np.stack([np.full(2_001, 0.2), u[:, 0] - 0.1])[None]
    found = choice_of(u, differences)
    assert found.best_on_average == 2
    assert [(one.plan, one.above) for one in found.thresholds] == [(0, False), (1, False)]
    assert [one.u.mean for one in found.thresholds] == pytest.approx([0.1, 0.3], abs=1e-6)


def test_a_share_that_all_points_agree_on_is_not_certain():
    """One limit is kept at 48 of 48 points, the other in all operations of 24 and in none of the other 24."""
    distributions = [Uniform(0.0, 1.0)]

    def respond(u, _first, replications):
        kept = np.stack([np.ones(len(u)), u[:, 0] < 0.5], axis=1)[:, None, None, :]
        values = np.concatenate([np.zeros_like(kept[..., :1]), kept], axis=-1)
        return np.broadcast_to(values, (len(u), replications, 1, 3)) + 0.0

    (means,) = findings_of(distributions, respond, 1, ["y", "limits.a", "limits.b"], 48, 8, SEED, HERE).means
    assert (means[1].mean, means[1].low, means[1].high) == pytest.approx((1.0, *share_interval(48, 48)))
    assert means[1].low == pytest.approx(0.926, abs=0.001)
    assert (means[2].low, means[2].high) == pytest.approx(share_interval(24, 48), abs=0.01)


def test_noise_does_not_pull_probabilities_toward_one_half():
    """The second plan is better by 0.3 in nearly all circumstances; the mean of eight operations is 0.7 off."""

    def function(u):
        return np.column_stack([np.zeros(len(u)), 0.3 + 0.1 * ndtri(np.clip(u[:, 0], 1e-9, 1.0 - 1e-9))])

    found = findings_of([LogNormal(2.0)], noisy(function, 1.4), 2, ["y"], 512, 8, SEED, HERE)
    assert np.mean(found.values[:, 0] > 0.0) < 0.8
    assert found.choice.best[1].mean > 0.95
    assert found.choice.best[1].low < 0.9987 + 0.001


def test_a_plan_against_itself_shares_the_chance():
    found = findings_of([Uniform(0.0, 1.0)], noisy(lambda u: np.column_stack([u, u])), 2, ["y"], 64, 2, SEED, HERE)
    assert [one.mean for one in found.choice.best] == [0.5, 0.5]
    assert found.choice.perfect_information.mean == 0.0
    assert [one.above for one in found.choice.thresholds] == [None]


def test_a_threshold_is_the_median_of_its_draws_and_lies_among_the_likely_values():
    """Two of three curves cross, at 0.5 and at 0.6: the curve of means crosses elsewhere."""
    u = np.random.default_rng(1).random((2_000, 1))
    crossing = [u[:, 0] - 0.5, 20.0 * (u[:, 0] - 0.6), np.full(2_000, 1.0)]
    (found,) = choice_of(u, np.array(crossing)[:, None, :]).thresholds
    assert found.u.low <= found.u.mean <= found.u.high
    assert found.u.mean == pytest.approx(0.55, abs=0.01)
    assert found.crossed_in == pytest.approx(2 / 3)
    (found,) = choice_of(u, (u[:, 0] - 0.99)[None, None, :]).thresholds
    assert found.above is None


SLOPES_OF_RARE, LUCK = (1.0, 0.8, 0.6, 0.4, 0.2), 0.7
RARE_TOTALS = (0.687, 0.514, 0.329, 0.163, 0.044)  # by a sample of 2 million points for each


def test_intervals_hold_for_what_is_rarely_so():
    """A limit is kept in 3 % of operations, where a sum of inputs and luck is high: most points see none."""
    at = norm.ppf(0.03) * math.sqrt(sum(slope**2 for slope in SLOPES_OF_RARE) + LUCK**2)

    def respond(u, first, replications):
        numbers = first[:, None] + np.arange(replications)
        luck = np.vectorize(lambda number: np.random.default_rng([8, number]).standard_normal())(numbers)
        high = at + (ndtri(kept_within(u)) @ SLOPES_OF_RARE)[:, None] + LUCK * luck
        return np.stack([high, high > 0.0], axis=2)[:, :, None, :]

    inside = 0
    for seed in range(1, 5):
        found = findings_of([LogNormal(3.0)] * 5, respond, 1, ["y", "limits.y"], 512, 8, seed, HERE)
        totals = {one.input: one.total for one in found.indices if one.output == 1}
        inside += sum(totals[place].low <= RARE_TOTALS[place] <= totals[place].high for place in range(3))
    assert inside >= 10  # of 12: fewer would be seen in 2 % of such tests if intervals hold as often as they say
