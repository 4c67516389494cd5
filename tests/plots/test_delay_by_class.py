import numpy as np
import polars as pl
import pytest

from funnelsim.plots import delay_by_class
from funnelsim.plots.delay_by_class import distributions


def _each_vehicle(table):
    """Return the delay of every vehicle in minutes, spread evenly over its bin of five seconds."""
    starts = np.repeat(table["delay_s"].to_numpy(), table["vehicles"].to_numpy())
    within = np.concatenate([(np.arange(n) + 0.5) / n for n in table["vehicles"].to_list()])
    return np.sort(starts + 5.0 * within) / 60.0


def test_the_curve_is_the_share_of_vehicles_delayed_longer(busy):
    line = delay_by_class(busy).axes[0].lines[0]
    total = busy.delays["vehicles"].sum()
    for minutes, share in list(zip(line.get_xdata(), line.get_ydata(), strict=True))[::7]:
        longer = busy.delays.filter(pl.col("delay_s") > minutes * 60.0 - 1e-6)["vehicles"].sum()
        assert share == pytest.approx(100.0 * longer / total)


def test_classes_stand_below_all_vehicles_the_most_numerous_first(busy):
    axes = delay_by_class(busy).axes[1]
    numbers = busy.delays.group_by("class").agg(pl.col("vehicles").sum()).sort("vehicles", descending=True)
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[0] == "all vehicles"
    assert sorted(names[1:]) == sorted(numbers["class"])
    assert names[1] == numbers["class"][0] == "car"


@pytest.mark.parametrize("name", ["all vehicles", "car", "lorry"])
def test_the_bars_hold_nine_tenths_and_half_of_the_vehicles(busy, name):
    axes = delay_by_class(busy).axes[1]
    row = [label.get_text() for label in axes.get_yticklabels()].index(name)
    rows = busy.delays if name == "all vehicles" else busy.delays.filter(pl.col("class") == name)
    each = _each_vehicle(rows)
    wide, half = axes.patches[2 * row : 2 * row + 2]
    for bar, shares in ((wide, (0.05, 0.95)), (half, (0.25, 0.75))):
        ends = bar.get_x(), bar.get_x() + bar.get_width()
        np.testing.assert_allclose(ends, np.quantile(each, shares), atol=0.05)
    median, mean = axes.lines[2 * row : 2 * row + 2]
    np.testing.assert_allclose(median.get_xdata()[0], np.quantile(each, 0.5), atol=0.05)
    np.testing.assert_allclose(mean.get_xdata(), each.mean(), atol=0.01)


def test_the_limit_stands_in_both_panels(busy, uprights, words):
    figure = delay_by_class(busy)
    assert [uprights(axes) for axes in figure.axes] == [[5.0], [5.0]]
    exceeded = (busy.replications["delay_p95_s"] > 300.0).sum()
    assert f"(95 % of them below 5 minutes) is broken in {exceeded} of 8 operations" in words(figure)


def test_without_a_limit_none_is_drawn(night, uprights, words):
    figure = delay_by_class(night)
    assert [uprights(axes) for axes in figure.axes] == [[], []]
    assert "limit" not in words(figure)


def test_a_limit_far_beyond_all_delays_is_said_in_words(busy, uprights, words):
    limits = busy.scenario.limits.model_copy(update={"p95_delay_min": 500.0})
    scenario = busy.scenario.model_copy(update={"limits": limits})
    figure = delay_by_class(type(busy)(**{**vars(busy), "scenario": scenario}))
    assert uprights(figure.axes[0]) == []
    assert "limit of 500 minutes is further to the right" in words(figure)


def test_units_are_in_words(busy):
    top, below = delay_by_class(busy).axes
    assert "per cent" in top.get_ylabel()
    assert below.get_xlabel() == "delay, minutes"


def test_nobody_delayed_is_all_vehicles_in_the_first_bin(quiet):
    everyone = distributions(quiet)[0]
    assert everyone.counts[0] == everyone.counts.sum()
    assert delay_by_class(quiet).axes[0].get_xlim()[1] >= 1.0


def test_no_vehicles_are_said_in_words(busy, words):
    nobody = type(busy)(**{**vars(busy), "delays": busy.delays.clear()})
    assert "no delays to show" in words(delay_by_class(nobody))


def test_four_hours_and_longer_are_said_to_be_drawn_as_four_hours(busy, words):
    last = pl.DataFrame({"class": ["car"], "delay_s": [2879 * 5.0], "vehicles": [10**6]}, schema=busy.delays.schema)
    figure = delay_by_class(type(busy)(**{**vars(busy), "delays": pl.concat([busy.delays, last])}))
    assert "four hours and longer" in words(figure)
    assert figure.axes[0].lines[0].get_ydata()[-1] > 90.0
    assert figure.axes[0].get_xlim()[1] < 250.0
