"""The covering program against published instances with known optima, and against a bound of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.decision.rosters.covering import AtMost, cover


def cyclic(times, begins, length):
    """Return what shifts cover that begin at some times of a cycle and last for some of them."""
    return np.array([[(time - begin) % times < length for begin in begins] for time in range(times)], dtype=float)


def cost_of(covers, wanted, costs):
    counts = cover(covers, np.array(wanted, dtype=float), np.array(costs, dtype=float))
    assert (covers @ counts >= wanted).all()
    return float(counts @ costs)


def test_the_post_office_needs_23_for_five_days_in_a_row_and_two_off():
    """Winston, Operations Research: Applications and Algorithms, the post office; without whole numbers it is 67/3."""
    assert cost_of(cyclic(7, range(7), 5), [17, 13, 15, 19, 14, 16, 11], np.ones(7)) == 23


def test_the_call_centre_needs_55_shifts_of_eight_hours():
    """A cyclic day of 24 hourly demands, an exercise with its optimum (github.com/sevenxx07/LP-Scheduling-problem)."""
    demand = [6, 6, 6, 6, 6, 8, 9, 12, 18, 22, 25, 21, 21, 20, 18, 21, 21, 24, 24, 18, 18, 18, 12, 8]
    assert cost_of(cyclic(24, range(24), 8), demand, np.ones(24)) == 55


def test_the_toll_booths_need_19_collectors():
    """Shifts of eight hours that begin every four: a textbook form of Dantzig's toll booths."""
    assert cost_of(cyclic(6, range(6), 2), [5, 6, 10, 7, 4, 6], np.ones(6)) == 19


def test_union_airways_pays_30_610_dollars():
    """Hillier and Lieberman, Introduction to Operations Research: ten periods, five shifts, wages by shift."""
    covers = np.zeros((10, 5))
    for shift, (first, end) in enumerate([(0, 4), (1, 5), (3, 7), (5, 9), (8, 10)]):
        covers[first:end, shift] = 1.0
    assert cost_of(covers, [48, 79, 65, 87, 64, 73, 82, 43, 52, 15], [170, 160, 175, 180, 195]) == 30_610


def test_what_no_shift_covers_and_what_is_used_up_is_none():
    covers = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert cover(covers, np.array([1.0, 1.0]), np.ones(2)) is None
    assert cover(covers, np.array([3.0, 0.0]), np.ones(2), [AtMost(np.array([[1.0, 0.0]]), np.array([2.0]))]) is None
    assert cover(
        covers, np.array([2.0, 0.0]), np.ones(2), [AtMost(np.array([[1.0, 0.0]]), np.array([2.0]))]
    ).tolist() == [2, 0]


@given(
    wanted=st.lists(st.integers(0, 9), min_size=12, max_size=12),
    lengths=st.lists(st.integers(2, 8), min_size=1, max_size=3, unique=True),
)
def test_least_cost_lies_between_the_hours_wanted_and_the_largest_number_all_day(wanted, lengths):
    covers = np.hstack([cyclic(12, range(12), length) for length in lengths])
    costs = np.repeat(lengths, 12).astype(float)
    cost = cost_of(covers, wanted, costs)
    longest = max(lengths)
    assert sum(wanted) <= cost + 1e-9
    assert cost <= max(wanted) * -(-12 // longest) * longest * (1.0 + 1e-4)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_other_numbers_of_shifts_are_cheaper(number):
    """All numbers of shifts of a small problem, tried one by one."""
    rng = np.random.default_rng(number)
    wanted = rng.integers(0, 4, 5).astype(float)
    covers, costs = (rng.random((5, 4)) < 0.6).astype(float), rng.integers(1, 6, 4).astype(float)
    covers[:, 3] = 1.0
    every = np.stack(np.meshgrid(*[np.arange(4)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    able = every[(every @ covers.T >= wanted).all(axis=1)]
    assert cost_of(covers, wanted, costs) == (able @ costs).min()
