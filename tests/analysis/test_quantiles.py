"""Quantiles are those of NumPy, whatever the values look like."""

import numpy as np
import pytest

from funnelsim.analysis.quantiles import BUCKETS, quantiles_into

SHARES = (0.0, 0.05, 0.5, 0.95, 1.0)
DICE = np.random.default_rng(1)
CASES = {
    "one": np.array([3.5]),
    "two": np.array([2.0, 1.0]),
    "all the same": np.full(1000, 7.25),
    "most the same": np.concatenate([np.full(900, 20.5), DICE.exponential(100.0, 99)]),
    "on the grid of the clock": np.floor(DICE.exponential(60.0, 5000) * 2**20) / 2**20,
    "far apart": np.concatenate([DICE.random(500), 1e9 + DICE.random(500)]),
    "negative too": DICE.normal(0.0, 3.0, 777),
}


@pytest.mark.parametrize("case", CASES)
def test_quantiles_are_those_of_a_sorted_list(case):
    values = CASES[case]
    before, row = values.copy(), np.empty(len(SHARES))
    quantiles_into(row, values, np.empty(len(values)), np.empty((2, BUCKETS), dtype=np.int64), np.array(SHARES))
    assert row == pytest.approx(np.quantile(values, SHARES), rel=1e-14)
    assert np.array_equal(values, before)


def test_of_nothing_there_are_no_quantiles():
    row = np.zeros(2)
    quantiles_into(row, np.empty(0), np.empty(0), np.empty((2, BUCKETS), dtype=np.int64), np.array([0.5, 0.95]))
    assert np.isnan(row).all()
