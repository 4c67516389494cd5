import numpy as np
import polars as pl
import pytest

from funnelsim.plots import queue_and_delay


def _quantile(run, column, share):
    """Return a quantile over replications by time, not a number where no replication has a value."""
    known = pl.col(column).fill_nan(None)
    table = run.series.group_by("time_s").agg(known.quantile(share, "linear")).sort("time_s")
    return table["time_s"].to_numpy(), table[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _band(collection):
    """Return the lower and the upper edge of a band by time."""
    points = np.concatenate([path.vertices for path in collection.get_paths()])
    times = np.unique(points[:, 0])
    return times, *(np.array([edge(points[points[:, 0] == time, 1]) for time in times]) for edge in (np.min, np.max))


BOTH = pytest.mark.parametrize(("panel", "column", "unit"), [(0, "tail_m", 1.0), (1, "delay_s", 60.0)])


@BOTH
def test_the_line_is_the_median_over_replications_in_the_middle_of_each_bin(busy, panel, column, unit):
    line = queue_and_delay(busy).axes[panel].lines[0]
    times, median = _quantile(busy, column, 0.5)
    np.testing.assert_array_equal(line.get_xdata(), times + 60.0)
    np.testing.assert_allclose(line.get_ydata(), median / unit)


@BOTH
@pytest.mark.parametrize(("band", "low", "high"), [(0, 0.05, 0.95), (1, 0.25, 0.75)])
def test_the_bands_hold_nine_tenths_and_half_of_the_operations(busy, panel, column, unit, band, low, high):
    times, lower, upper = _band(queue_and_delay(busy).axes[panel].collections[band])
    starts, lowest = _quantile(busy, column, low)
    _, highest = _quantile(busy, column, high)
    known = np.isfinite(lowest)
    np.testing.assert_array_equal(times, starts[known] + 60.0)
    np.testing.assert_allclose(lower, lowest[known] / unit)
    np.testing.assert_allclose(upper, highest[known] / unit)


@BOTH
def test_one_operation_has_no_band(single, panel, column, unit):
    axes = queue_and_delay(single).axes[panel]
    assert not axes.collections
    np.testing.assert_allclose(axes.lines[0].get_ydata(), single.series[column].to_numpy() / unit)


def test_both_panels_mark_opening_last_selection_and_closing(busy, uprights, words):
    figure = queue_and_delay(busy)
    for axes in figure.axes:
        assert uprights(axes) == [6 * 3600.0, 7 * 3600.0 + 40 * 60.0, 8 * 3600.0]
    for text in ("opens 06:00", "last selection 07:40", "closes 08:00"):
        assert text in words(figure)


def test_over_midnight_the_clock_begins_again(night, uprights, words):
    figure = queue_and_delay(night)
    assert uprights(figure.axes[0]) == [23 * 3600.0, 23 * 3600.0 + 5 * 60.0, 25 * 3600.0]
    assert "opens 23:00, last selection 23:05" in words(figure)
    assert "closes 01:00" in words(figure)
    assert "over midnight" in words(figure)
    labels = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert labels[labels.index("23:30") + 1] == "00:00"


def test_selection_until_closing_has_no_mark_of_its_own(quiet, uprights, words):
    figure = queue_and_delay(quiet)
    assert uprights(figure.axes[0]) == [9 * 3600.0, 11 * 3600.0]
    assert "last selection" not in words(figure)


def test_critical_point_valve_and_limits_stand_at_their_values(busy, across, words):
    figure = queue_and_delay(busy)
    assert across(figure.axes[0]) == [200.0, 600.0, 800.0, 850.0, 900.0]
    assert across(figure.axes[1]) == []  # a limit of an operation has no place among means of a moment
    for text in (
        "critical point 900 m",
        "limit 800 m",
        "funnel lifted from 850 m",
        "selection suspended from 600 m",
        "selection resumes at 200 m",
        "The limit on the delay of an operation (95 % below 5 minutes) is broken in",
    ):
        assert text in words(figure)


def test_how_often_a_limit_is_broken_is_counted_over_the_operations(busy, words):
    over = (busy.replications["tail_max_m"] > 800.0).sum()
    assert 0 < over < 8
    assert f"limit 800 m: broken in {over} of 8 operations" in words(queue_and_delay(busy))


def test_without_limits_there_are_no_lines(night, across):
    for axes in queue_and_delay(night).axes:
        assert across(axes) == []


def test_a_level_far_above_all_queues_is_named_but_does_not_press_them_flat(busy, across, words):
    limits = busy.scenario.limits.model_copy(update={"tail_m": 50_000.0})
    scenario = busy.scenario.model_copy(update={"limits": limits})
    figure = queue_and_delay(type(busy)(**{**vars(busy), "scenario": scenario}))
    assert 50_000.0 not in across(figure.axes[0])
    assert figure.axes[0].get_ylim()[1] < 5_000.0
    assert "↑ limit 50,000 m" in words(figure)


def test_units_are_in_words(busy, words):
    assert "metres upstream of the taper" in words(queue_and_delay(busy))
    assert "minutes" in queue_and_delay(busy).axes[1].get_ylabel()


def test_no_queue_is_said_in_words(quiet, words):
    assert "The queue never reaches beyond the lane" in words(queue_and_delay(quiet))
