"""The dice: known answers, distributions, independence. All at fixed seeds, so nothing here is a matter of luck.

Bounds come from the distributions: a sound generator would break one of them for one seed in a million.
"""

import numpy as np
import pytest
from scipy import special, stats

from funnelsim.model import random_numbers
from funnelsim.model.compiled import compiled
from funnelsim.model.random_streams import purpose as purpose_of

pytestmark = pytest.mark.heavy
CHECKS = 50  # at most so many comparisons of a p-value in this file
ALARM = 1e-6 / CHECKS
MANY = 1_000_000
GOLDEN_GAMMA = 0x9E3779B97F4A7C15
bits, stream_of, uniform, lognormals, exponentials, normal_quantiles = (
    compiled(getattr(random_numbers, name))
    for name in ("bits", "stream", "uniform", "lognormals", "exponentials", "normal_quantiles")
)
CLASS, TARGET, GAP = (purpose_of(name) for name in ("class", "target", "gap"))


def draws(seed, replication, purpose, first=0, count=MANY, step=1):
    return random_numbers.draws(seed, replication, purpose, first + step * np.arange(count))


@compiled
def replicated(purpose, count, vary_seed):
    """Return the first vehicle's draw in each of many replications, or of many seeds."""
    made = np.empty(count)
    for i in range(count):
        made[i] = random_numbers.draw(i, 0, purpose, 0) if vary_seed else random_numbers.draw(1, i, purpose, 0)
    return made


@compiled
def ones(stream, count):
    """Return how often each bit is set in the bits of the first vehicles."""
    made = np.zeros(64, dtype=np.int64)
    for vehicle in range(count):
        word = random_numbers.bits(np.uint64(stream), vehicle)
        for bit in range(64):
            made[bit] += np.int64((word >> np.uint64(bit)) & np.uint64(1))
    return made


@compiled
def words(purposes, count):
    """Return the bits of the first vehicles in ten seeds, ten replications and some purposes."""
    made = np.empty((10, 10, len(purposes), count), dtype=np.uint64)
    for seed in range(10):
        for replication in range(10):
            for k in range(len(purposes)):
                stream = random_numbers.stream(seed, replication, purposes[k])
                for vehicle in range(count):
                    made[seed, replication, k, vehicle] = random_numbers.bits(stream, vehicle)
    return made


@compiled
def flips(arguments):
    """Return how often each bit of the hash changes with each bit of each argument, shape (4, 63, 64)."""
    made = np.zeros((4, 63, 64), dtype=np.int64)
    for trial in range(len(arguments)):
        seed, replication, purpose, vehicle = arguments[trial]
        before = random_numbers.bits(random_numbers.stream(seed, replication, purpose), vehicle)
        for bit in range(63):
            flip = np.int64(1) << np.int64(bit)
            after = (
                random_numbers.bits(random_numbers.stream(seed ^ flip, replication, purpose), vehicle),
                random_numbers.bits(random_numbers.stream(seed, replication ^ flip, purpose), vehicle),
                random_numbers.bits(random_numbers.stream(seed, replication, purpose ^ flip), vehicle),
                random_numbers.bits(random_numbers.stream(seed, replication, purpose), vehicle ^ flip),
            )
            for argument in range(4):
                changed = before ^ after[argument]
                for k in range(64):
                    made[argument, bit, k] += np.int64((changed >> np.uint64(k)) & np.uint64(1))
    return made


@compiled
def poissons(u, mean):
    made = np.empty(len(u), dtype=np.int64)
    for i in range(len(u)):
        made[i] = random_numbers.poisson(u[i], mean)
    return made


def quantiles(u):
    made = u.copy()
    normal_quantiles(made, random_numbers.scratch_for(len(u)))
    return made


def splitmix64(state):
    """Return SplitMix64's first output from a state: the reference in plain whole numbers."""
    mask = 2**64 - 1
    mixed = (state + GOLDEN_GAMMA) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)


def fair(counts, trials):
    """Tell whether all counts are such as fair coins show."""
    low, high = stats.binom.interval(1.0 - ALARM / counts.size, trials, 0.5)
    return low <= counts.min() and counts.max() <= high


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
    assert [int(bits(np.uint64(1234567), vehicle)) for vehicle in range(5)] == published


def test_bits_are_those_of_whole_numbers_without_limit():
    for stream in (0, 1, 2**63 - 1, 2**63, 2**64 - 1):
        for vehicle in (0, 1, 2**20, 2**40, 2**62):
            state = (stream + GOLDEN_GAMMA * vehicle) % 2**64
            assert int(bits(np.uint64(stream), vehicle)) == splitmix64(state)


def test_a_stream_is_hashed_from_seed_replication_and_purpose_in_turn():
    seed, replication, purpose = 42, 7, CLASS
    state = splitmix64(seed)
    state = splitmix64(state ^ replication)
    assert int(stream_of(seed, replication, purpose)) == splitmix64(state ^ purpose)


def test_draws_never_change():
    """Published results hang on these numbers: whoever changes them must say so."""
    assert [random_numbers.draw(1, 0, CLASS, vehicle) for vehicle in (0, 1)] == [
        0.29421261403963295,
        0.9976931319239785,
    ]
    assert CLASS == 6197851096995869743


def test_a_draw_is_a_step_of_two_to_the_minus_52_strictly_inside_0_and_1():
    u = draws(1, 0, CLASS)
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert (np.mod(u * 2.0**53, 2.0) == 1.0).all()


def test_the_extreme_bits_give_draws_strictly_inside_0_and_1():
    """The stream whose first state is 0 gives all bits 0; its complement is as near to 1 as a draw comes."""
    lowest = np.uint64((-GOLDEN_GAMMA) % 2**64)
    assert int(bits(lowest, 0)) == 0
    assert uniform(lowest, 0) == 2.0**-53
    assert 1.0 - (2.0**52 - 0.5) * 2.0**-52 == 2.0**-53
    assert np.isfinite(random_numbers.normal_quantile(2.0**-53))
    assert np.isfinite(random_numbers.normal_quantile(1.0 - 2.0**-53))
    assert np.isfinite(random_numbers.exponential(2.0**-53, 1.0))
    assert random_numbers.exponential(1.0 - 2.0**-53, 1.0) > 0.0


# Names


def test_purposes_are_hashes_of_their_names():
    """So a new purpose shifts no old one: the number depends on the name and on nothing else."""
    names = ["gap", "class", "target", *(f"duration of stage {k}" for k in range(1000))]
    numbers = [purpose_of(name) for name in names]
    assert len(set(numbers)) == len(names)
    assert all(0 <= number < 2**63 for number in numbers)
    assert [purpose_of(name) for name in reversed(names)] == numbers[::-1]


def test_a_draw_has_no_order():
    forth = [random_numbers.draw(1, 2, TARGET, vehicle) for vehicle in range(50)]
    back = [random_numbers.draw(1, 2, TARGET, vehicle) for vehicle in reversed(range(50))]
    assert forth == back[::-1]


# Distributions


@pytest.mark.parametrize("purpose", [CLASS, TARGET, GAP])
def test_draws_are_uniform(purpose):
    u = draws(1, 0, purpose)
    assert stats.kstest(u, "uniform").pvalue > ALARM
    assert stats.chisquare(np.bincount((u * 4096).astype(int), minlength=4096)).pvalue > ALARM


def test_every_bit_is_fair():
    assert fair(ones(99, MANY), MANY)


def test_the_least_significant_digits_are_uniform_too():
    u = draws(2, 5, TARGET)
    assert stats.kstest(np.mod(u * 2.0**40, 1.0), "uniform").pvalue > ALARM


def pairs():
    base = draws(1, 0, CLASS)
    yield "purposes", base, draws(1, 0, TARGET)
    yield "vehicles", base, draws(1, 0, CLASS, 1)
    yield "every second vehicle", base[::2], base[1::2]
    yield "intervals", base, draws(1, 0, CLASS, 1 << 20)
    yield "funnels", base, draws(1, 0, CLASS, 1 << 40)
    yield "replications", base, draws(1, 1, CLASS)
    yield "seeds", base, draws(2, 0, CLASS)
    yield "seed and replication swapped", draws(1, 2, CLASS), draws(2, 1, CLASS)
    yield "seed and replication, one up one down", draws(3, 4, CLASS), draws(4, 3, CLASS)


def independent(one, other):
    """Tell whether pairs show neither correlation nor, in 32 by 32 cells, any other pattern."""
    cells = np.bincount((one * 32).astype(int) * 32 + (other * 32).astype(int), minlength=1024)
    return stats.pearsonr(one, other).pvalue > ALARM and stats.chisquare(cells).pvalue > ALARM


def test_neighbours_are_independent():
    assert [name for name, one, other in pairs() if not independent(one, other)] == []


def test_streams_do_not_overlap():
    """No two of a million draws are the same, whichever of seed, replication, purpose and vehicle tell them apart."""
    purposes = np.array([purpose_of(f"purpose {k}") for k in range(10)])
    assert len(np.unique(words(purposes, 1000))) == MANY


@pytest.mark.parametrize("vary_seed", [False, True])
def test_one_draw_a_replication_or_a_seed_is_as_random_as_one_draw_a_vehicle(vary_seed):
    u = replicated(CLASS, MANY, vary_seed)
    assert stats.kstest(u, "uniform").pvalue > ALARM
    assert independent(u[:-1], u[1:])


def test_any_bit_of_seed_replication_purpose_or_vehicle_flips_each_bit_of_the_hash_with_chance_a_half():
    """Avalanche, for every pair of a bit that goes in and a bit that comes out."""
    trials = 4000
    arguments = np.random.default_rng(1).integers(0, 2**63 - 1, (trials, 4))
    arguments[::2] %= 1000  # seeds, replications and vehicles are small numbers
    assert fair(flips(arguments), trials)


# Variates


def test_the_normal_quantile_is_that_of_scipy_over_the_whole_range():
    """AS 241 promises about 16 figures.

    Found: relative error at most 6e-16 against arithmetic of 40 digits, and 1.3e-15 against SciPy, whose own error is
    up to 8e-16 (near 0.13 and 0.87).
    """
    middle = np.linspace(0.0, 1.0, 1_000_001)[1:-1]
    around = 0.5 + np.concatenate([-np.logspace(-15.0, -1.0, 50_000), np.logspace(-15.0, -1.0, 50_000)])
    seams = np.array([0.075, 0.925, np.exp(-25.0), 1.0 - np.exp(-25.0)])[:, None] * (1.0 + np.arange(-9, 10) * 2.0**-53)
    tails = np.logspace(np.log10(2.0**-53), np.log10(0.5), 200_000)
    u = np.sort(np.concatenate([middle, around, seams.ravel(), tails, 1.0 - tails]))
    u = u[(u > 0.0) & (u < 1.0) & (u != 0.5)]
    ours = quantiles(u)
    assert np.abs(ours / special.ndtri(u) - 1.0).max() < 1.5e-15
    assert (np.diff(ours) >= -1e-15).all()


def test_the_normal_quantile_is_odd_and_0_at_a_half():
    u = np.array([0.1, 0.25, 0.4, 0.0625, 2.0**-30, 2.0**-50])
    assert random_numbers.normal_quantile(0.5) == 0.0
    assert (quantiles(1.0 - u) == -quantiles(u)).all()


def test_normal_variates_are_normal():
    assert stats.kstest(quantiles(draws(1, 0, TARGET)), "norm").pvalue > ALARM


@pytest.mark.parametrize("cv", [0.3, 0.6, 2.0])
def test_lognormal_variates_have_their_mean_and_their_scatter(cv):
    """The logarithm is normal with the variance and the mean that belong to the mean and cv asked for."""
    sigma = np.sqrt(np.log1p(cv * cv))
    wanted = stats.lognorm(s=sigma, scale=50.0 * np.exp(-sigma * sigma / 2))
    values = draws(1, 0, GAP)
    lognormals(values, 50.0, cv, random_numbers.scratch_for(MANY))
    assert stats.kstest(values, wanted.cdf).pvalue > ALARM
    assert wanted.mean() == pytest.approx(50.0)
    assert wanted.std() == pytest.approx(50.0 * cv)


def test_without_scatter_a_lognormal_is_its_mean():
    assert {random_numbers.lognormal(u, 12.5, 0.0) for u in (0.01, 0.5, 0.99)} == {12.5}


def test_exponential_variates_are_exponential():
    values = draws(1, 0, GAP)
    exponentials(values, 30.0)
    assert stats.kstest(values, stats.expon(scale=30.0).cdf).pvalue > ALARM


@pytest.mark.parametrize("mean", [0.6, 3.0, 40.0, 300.0])
def test_poisson_variates_are_poisson(mean):
    numbers = poissons(draws(1, 0, CLASS), mean)
    low, high = stats.poisson.interval(1.0 - 1e-4, mean)
    edges = np.arange(low, high + 1.0)  # the cells: up to each of these, and beyond the last
    expected = np.diff(np.concatenate([[0.0], stats.poisson.cdf(edges, mean), [1.0]])) * MANY
    cells = np.bincount(np.searchsorted(edges, numbers), minlength=len(expected))
    assert stats.chisquare(cells, expected).pvalue > ALARM


def test_a_poisson_variate_ends_where_the_chances_are_lost_in_rounding():
    for mean in (0.0, 0.6, 40.0):
        assert random_numbers.poisson(1.0 - 2.0**-53, mean) <= mean + 20.0 * np.sqrt(mean) + 20.0


# One vehicle or many


@pytest.mark.parametrize("count", [0, 1, 15, 16, 1023, 1024, 20_000])
def test_a_block_of_vehicles_gets_the_bits_that_each_would_get_alone(count):
    vehicles = 3 + 7 * np.arange(count)
    u = random_numbers.draws(5, 6, GAP, vehicles)
    u[1::2] **= 9.0  # every second one far down in the tail, and beyond where the third formula of AS 241 begins
    u = np.maximum(u, 2.0**-53)
    gaps, looks = u.copy(), u.copy()
    exponentials(gaps, 30.0)
    lognormals(looks, 50.0, 0.6, random_numbers.scratch_for(count))
    assert random_numbers.draws(5, 6, GAP, vehicles).tolist() == [
        random_numbers.draw(5, 6, GAP, vehicle) for vehicle in vehicles.tolist()
    ]
    assert quantiles(u).tolist() == [random_numbers.normal_quantile(value) for value in u.tolist()]
    assert gaps.tolist() == [random_numbers.exponential(value, 30.0) for value in u.tolist()]
    assert looks.tolist() == [random_numbers.lognormal(value, 50.0, 0.6) for value in u.tolist()]


@pytest.mark.parametrize("mean", [0.0, 0.6, 3.0, 40.0, 300.0])
def test_a_poisson_variate_is_how_many_of_the_summed_chances_the_draw_exceeds(mean):
    up_to = random_numbers.poisson_up_to(mean)
    u = np.concatenate([draws(1, 0, CLASS, count=5000), [2.0**-53, 1.0 - 2.0**-53], up_to[up_to < 1.0]])
    assert poissons(u, mean).tolist() == (u[:, None] > up_to).sum(axis=1).tolist()


def test_durations_lie_on_the_grid_next_to_what_was_drawn():
    for memoryless in (False, True):
        for vehicle in range(200):
            duration_s = random_numbers.draw_duration(1, 0, CLASS, vehicle, 60.0, 0.6, memoryless)
            u = random_numbers.draw(1, 0, CLASS, vehicle)
            exact_s = random_numbers.exponential(u, 60.0) if memoryless else random_numbers.lognormal(u, 60.0, 0.6)
            assert duration_s * 2.0**20 == np.floor(duration_s * 2.0**20)
            assert abs(duration_s - exact_s) <= 2.0**-21


@pytest.mark.parametrize("time_s", [0.0, 1e-9, 0.1, 21_600.1, -7.38, 86_399.999_999_9])
def test_the_grid_is_the_nearest_multiple_of_two_to_the_minus_20(time_s):
    rounded = random_numbers.on_grid(time_s)
    assert rounded * 2.0**20 == np.floor(rounded * 2.0**20)
    assert abs(rounded - time_s) <= 2.0**-21
    assert random_numbers.on_grid(rounded) == rounded
