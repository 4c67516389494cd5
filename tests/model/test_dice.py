"""The dice: known answers, distributions, independence. All at fixed seeds, so nothing here is a matter of luck."""

import numpy as np
import pytest
from scipy import special, stats

from funnelsim.model import dice
from funnelsim.model.compiled import compiled
from funnelsim.model.purposes import purpose as purpose_of

SMALL_P = 1e-3  # a sound generator falls below this once in a thousand seeds; these seeds do not
GOLDEN_GAMMA = 0x9E3779B97F4A7C15
CLASS, TARGET, GAP = (purpose_of(name) for name in ("class", "target", "gap"))


@compiled
def draws(seed, replication, purpose, first, count):
    result = np.empty(count)
    for i in range(count):
        result[i] = dice.draw(seed, replication, purpose, first + i)
    return result


@compiled
def quantiles(u):
    result = np.empty(len(u))
    for i in range(len(u)):
        result[i] = dice.normal_quantile(u[i])
    return result


def hashed(seed, replication, purpose, vehicle):
    """Return the 64 bits behind a draw; a stream comes as a whole number and goes back as 64 bits."""
    return int(dice.bits(np.uint64(dice.stream(seed, replication, purpose)), vehicle))


def splitmix64(state):
    """Return SplitMix64's first output from a state: the reference in plain whole numbers."""
    mask = 2**64 - 1
    mixed = (state + GOLDEN_GAMMA) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)


# Known answers


def test_a_stream_is_splitmix64():
    """The published outputs for the seed 1234567 are the draws of vehicles 0, 1, 2, ..."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(dice.bits(np.uint64(1234567), vehicle)) for vehicle in range(5)] == published


def test_bits_are_those_of_whole_numbers_without_limit():
    for stream in (0, 1, 2**63 - 1, 2**63, 2**64 - 1):
        for vehicle in (0, 1, 2**20, 2**40, 2**62):
            state = (stream + GOLDEN_GAMMA * vehicle) % 2**64
            assert int(dice.bits(np.uint64(stream), vehicle)) == splitmix64(state)


def test_a_stream_is_hashed_from_seed_replication_and_purpose_in_turn():
    seed, replication, purpose = 42, 7, CLASS
    state = splitmix64(seed)
    state = splitmix64(state ^ replication)
    assert int(dice.stream(seed, replication, purpose)) == splitmix64(state ^ purpose)


def test_draws_never_change():
    """Published results hang on these numbers: whoever changes them must say so."""
    assert [dice.draw(1, 0, CLASS, vehicle) for vehicle in (0, 1)] == [0.29421261403963295, 0.9976931319239785]
    assert CLASS == 6197851096995869743


def test_a_draw_is_a_step_of_two_to_the_minus_52_strictly_inside_0_and_1():
    u = draws(1, 0, CLASS, 0, 100_000)
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert (np.mod(u * 2.0**53, 2.0) == 1.0).all()


def test_the_extreme_bits_give_draws_strictly_inside_0_and_1():
    """The stream whose first state is 0 gives all bits 0; its complement is as near to 1 as a draw comes."""
    lowest = np.uint64((-GOLDEN_GAMMA) % 2**64)
    assert int(dice.bits(lowest, 0)) == 0
    assert dice.uniform(lowest, 0) == 2.0**-53
    assert 1.0 - (2.0**52 - 0.5) * 2.0**-52 == 2.0**-53
    assert np.isfinite(dice.normal_quantile(2.0**-53))
    assert np.isfinite(dice.normal_quantile(1.0 - 2.0**-53))
    assert np.isfinite(dice.exponential(2.0**-53, 1.0))
    assert dice.exponential(1.0 - 2.0**-53, 1.0) > 0.0


# Names


def test_purposes_are_hashes_of_their_names():
    """So a new purpose shifts no old one: the number depends on the name and on nothing else."""
    names = ["gap", "class", "target", *(f"duration of stage {k}" for k in range(1000))]
    numbers = [purpose_of(name) for name in names]
    assert len(set(numbers)) == len(names)
    assert all(0 <= number < 2**63 for number in numbers)
    assert [purpose_of(name) for name in reversed(names)] == numbers[::-1]


def test_a_draw_has_no_order():
    forth = [dice.draw(1, 2, TARGET, vehicle) for vehicle in range(50)]
    back = [dice.draw(1, 2, TARGET, vehicle) for vehicle in reversed(range(50))]
    assert forth == back[::-1]


# Distributions


@pytest.mark.parametrize("purpose", [CLASS, TARGET, GAP])
def test_draws_are_uniform(purpose):
    u = draws(1, 0, purpose, 0, 1_000_000)
    assert stats.kstest(u, "uniform").pvalue > SMALL_P
    assert stats.chisquare(np.bincount((u * 4096).astype(int), minlength=4096)).pvalue > SMALL_P


@pytest.mark.parametrize("bit", range(64))
def test_every_bit_is_fair(bit):
    ones = sum((int(dice.bits(np.uint64(99), vehicle)) >> bit) & 1 for vehicle in range(2000))
    assert stats.binomtest(ones, 2000).pvalue > SMALL_P / 64


def test_the_least_significant_digits_are_uniform_too():
    u = draws(2, 5, TARGET, 0, 500_000)
    low = np.mod(u * 2.0**40, 1.0)
    assert stats.kstest(low, "uniform").pvalue > SMALL_P


def pairs():
    count = 200_000
    base = draws(1, 0, CLASS, 0, count)
    yield "purposes", base, draws(1, 0, TARGET, 0, count)
    yield "vehicles", base, draws(1, 0, CLASS, 1, count)
    yield "every second vehicle", base[::2], base[1::2]
    yield "intervals", base, draws(1, 0, CLASS, 1 << 20, count)
    yield "replications", base, draws(1, 1, CLASS, 0, count)
    yield "seeds", base, draws(2, 0, CLASS, 0, count)
    yield "seed and replication swapped", draws(1, 2, CLASS, 0, count), draws(2, 1, CLASS, 0, count)
    yield "seed and replication, one up one down", draws(3, 4, CLASS, 0, count), draws(4, 3, CLASS, 0, count)


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in pairs()], ids=[pair[0] for pair in pairs()])
def test_neighbours_are_independent(one, other):
    """Correlation, and a chi-square over 32 by 32 cells of the pairs."""
    assert stats.pearsonr(one, other).pvalue > SMALL_P
    cells = np.bincount((one * 32).astype(int) * 32 + (other * 32).astype(int), minlength=1024)
    assert stats.chisquare(cells).pvalue > SMALL_P


def test_one_draw_a_replication_is_as_random_as_one_draw_a_vehicle():
    u = np.array([dice.draw(1, replication, CLASS, 0) for replication in range(20_000)])
    assert stats.kstest(u, "uniform").pvalue > SMALL_P
    assert stats.pearsonr(u[:-1], u[1:]).pvalue > SMALL_P
    seeds = np.array([dice.draw(seed, 0, CLASS, 0) for seed in range(20_000)])
    assert stats.kstest(seeds, "uniform").pvalue > SMALL_P


@pytest.mark.parametrize("argument", range(4))
def test_one_bit_of_any_argument_changes_half_of_the_bits(argument):
    """Avalanche: in the mean 32 of 64, and no bit of the result is left out."""
    rng = np.random.default_rng(1)
    changed = np.zeros(64)
    trials = 0
    for _ in range(40):
        arguments = [int(value) for value in rng.integers(0, 2**40, 4)]
        before = hashed(*arguments)
        for bit in range(40):
            flipped = list(arguments)
            flipped[argument] ^= 1 << bit
            difference = before ^ hashed(*flipped)
            changed += [(difference >> k) & 1 for k in range(64)]
            trials += 1
    share = changed / trials
    assert abs(share.mean() - 0.5) < 4 * 0.5 / np.sqrt(64 * trials)
    assert np.abs(share - 0.5).max() < 5 * 0.5 / np.sqrt(trials)


# Variates


def test_the_normal_quantile_is_that_of_scipy_over_the_whole_range():
    """AS 241 promises about 16 figures. Found here: relative error at most 7e-16 against SciPy's own algorithm."""
    middle = np.linspace(0.0, 1.0, 200_001)[1:-1]
    tails = np.logspace(np.log10(2.0**-53), np.log10(0.5), 50_000)
    u = np.concatenate([middle, tails, 1.0 - tails])
    u = u[(u > 0.0) & (u < 1.0)]
    expected = special.ndtri(u)
    ours = quantiles(u)
    away = np.abs(expected) > 1e-3
    assert np.abs(ours[away] / expected[away] - 1.0).max() < 2e-15
    assert np.abs(ours[~away] - expected[~away]).max() < 1e-18 + 2e-15 * 1e-3
    assert (np.diff(quantiles(np.sort(u))) >= -1e-15).all()


def test_the_normal_quantile_is_odd_and_0_at_a_half():
    u = np.array([0.1, 0.25, 0.4, 0.0625, 2.0**-30])
    assert dice.normal_quantile(0.5) == 0.0
    assert (quantiles(1.0 - u) == -quantiles(u)).all()


def test_normal_variates_are_normal():
    z = quantiles(draws(1, 0, TARGET, 0, 300_000))
    assert stats.kstest(z, "norm").pvalue > SMALL_P


@pytest.mark.parametrize("cv", [0.3, 0.6, 2.0])
def test_lognormal_variates_have_their_mean_and_their_scatter(cv):
    """The logarithm is normal with the variance and the mean that belong to the mean and cv asked for."""
    sigma = np.sqrt(np.log1p(cv * cv))
    values = [dice.lognormal(u, 50.0, cv) for u in draws(1, 0, GAP, 0, 50_000)]
    assert stats.kstest(values, stats.lognorm(s=sigma, scale=50.0 * np.exp(-sigma * sigma / 2)).cdf).pvalue > SMALL_P
    assert stats.lognorm(s=sigma, scale=50.0 * np.exp(-sigma * sigma / 2)).mean() == pytest.approx(50.0)
    assert stats.lognorm(s=sigma, scale=50.0 * np.exp(-sigma * sigma / 2)).std() == pytest.approx(50.0 * cv)


def test_without_scatter_a_lognormal_is_its_mean():
    assert {dice.lognormal(u, 12.5, 0.0) for u in (0.01, 0.5, 0.99)} == {12.5}


def test_exponential_variates_are_exponential():
    values = [dice.exponential(u, 30.0) for u in draws(1, 0, GAP, 0, 50_000)]
    assert stats.kstest(values, stats.expon(scale=30.0).cdf).pvalue > SMALL_P


def test_durations_lie_on_the_grid_next_to_what_was_drawn():
    for memoryless in (False, True):
        for vehicle in range(200):
            duration_s = dice.draw_duration(1, 0, CLASS, vehicle, 60.0, 0.6, memoryless)
            u = dice.draw(1, 0, CLASS, vehicle)
            exact_s = dice.exponential(u, 60.0) if memoryless else dice.lognormal(u, 60.0, 0.6)
            assert duration_s * 2.0**20 == np.floor(duration_s * 2.0**20)
            assert abs(duration_s - exact_s) <= 2.0**-21


@pytest.mark.parametrize("time_s", [0.0, 1e-9, 0.1, 21_600.1, -7.38, 86_399.999_999_9])
def test_the_grid_is_the_nearest_multiple_of_two_to_the_minus_20(time_s):
    rounded = dice.on_grid(time_s)
    assert rounded * 2.0**20 == np.floor(rounded * 2.0**20)
    assert abs(rounded - time_s) <= 2.0**-21
    assert dice.on_grid(rounded) == rounded
