"""How much of a span of time lies in each window or bin."""

import numpy as np
import pytest

from funnelsim.analysis.spans import bin_of, raise_to_steps, spread, within_s

EDGES = np.array([0.0, 10.0, 20.0, 40.0, 50.0])


@pytest.mark.parametrize(("span", "seconds"), [((0.0, 10.0), 5.0), ((40.0, 50.0), 0.0), ((11.0, np.inf), 1.0 + 12.0)])
def test_a_span_counts_in_all_windows_and_not_in_between(span, seconds):
    windows = (5.0, 12.0), (18.0, 30.0)
    opens_s, closes_s = (np.array(times) for times in zip(*windows, strict=True))
    if span == (0.0, 10.0):
        opens_s, closes_s = opens_s[:1], closes_s[:1]
    assert within_s(*span, opens_s, closes_s) == seconds


@pytest.mark.parametrize("guess", [0, 2, 3])
@pytest.mark.parametrize(("time_s", "place"), [(-1.0, -1), (0.0, 0), (9.9, 0), (10.0, 1), (45.0, 3), (50.0, 4)])
def test_a_bin_is_found_from_any_guess(time_s, place, guess):
    assert bin_of(time_s, EDGES, guess) == place


def test_a_use_is_spread_over_the_bins_it_touches():
    seconds = np.zeros(4)
    spread(seconds, 5.0, 25.0, 2.0, EDGES)
    spread(seconds, -5.0, 1.0, 1.0, EDGES)
    assert seconds.tolist() == [11.0, 20.0, 10.0, 0.0]


def test_a_bin_is_as_high_as_the_highest_level_in_it_and_what_it_begins_with():
    highest = np.zeros(4)
    raise_to_steps(highest, np.array([3.0, 12.0, 31.0]), np.array([7.0, 5.0, 0.0]), EDGES)
    assert highest.tolist() == [7.0, 7.0, 5.0, 0.0]


def test_no_steps_leave_the_bins_as_they_are():
    highest = np.array([1.0])
    raise_to_steps(highest, np.array([]), np.array([]), np.array([0.0, 1.0]))
    assert highest.tolist() == [1.0]
