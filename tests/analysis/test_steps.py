"""Step functions of time keep their integrals and their highest levels."""

import numpy as np
import pytest

from funnelsim.analysis.steps import elapsed_s, in_use, means_of_steps, step_seconds


def test_in_use_counts_uses_that_begin_and_end_together_once():
    moments, number = in_use(np.array([0.0, 10.0]), np.array([10.0, 20.0]))
    assert (moments.tolist(), number.tolist()) == ([0.0, 10.0, 20.0], [1, 1, 0])


def test_step_seconds_integrate_over_the_window_only():
    times, levels = np.array([-np.inf, 10.0, 20.0]), np.array([[1], [3], [0]])
    assert step_seconds(times, levels, (5.0, 30.0)).tolist() == [1 * 5 + 3 * 10]


def test_steps_count_in_all_windows_and_not_in_between():
    times, levels = np.array([-np.inf, 10.0, 20.0]), np.array([[1], [3], [2]])
    windows = ((5.0, 12.0), (18.0, 30.0))
    assert step_seconds(times, levels, *windows).tolist() == [1 * 5 + 3 * 2 + 3 * 2 + 2 * 10]


def test_windows_that_touch_are_as_one():
    moments = np.array([0.0, 5.0, 7.0, 12.0, 13.0, 40.0])
    assert elapsed_s(moments, (5.0, 12.0), (12.0, 30.0)).tolist() == elapsed_s(moments, (5.0, 30.0)).tolist()


def test_elapsed_time_is_exact_on_the_grid_of_the_clock():
    """So that several windows give to the last bit what one gives."""
    moments = 21600.0 + np.arange(5000) * 7919 / 2**20
    whole = elapsed_s(moments, (0.0, 3600.0), (21600.0, 25200.0))
    assert np.array_equal(np.diff(whole), np.diff(moments))


def test_means_of_steps_keep_the_integral():
    moments, levels = np.array([3.0, 12.0, 31.0]), np.array([2.0, 5.0, 0.0])
    means = means_of_steps(moments, levels, np.array([0.0, 10.0, 20.0, 40.0]))
    assert means @ [10, 10, 20] == pytest.approx(2 * 9 + 5 * 19)


def test_no_steps_are_a_level_of_zero():
    nothing = np.array([])
    assert means_of_steps(nothing, nothing, np.array([0.0, 1.0])).tolist() == [0.0]
