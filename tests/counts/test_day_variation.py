"""How much whole days vary: the estimate against a hand-worked one, known truth and a real station."""

import numpy as np
import polars as pl
import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.counts.day_variation import day_variation
from tests.conftest import SHARED


def days(sums, intervals=2):
    """Return days whose vehicles divide evenly over the intervals."""
    rows = [(day, at, total / intervals) for day, total in enumerate(sums) for at in range(intervals)]
    return pl.DataFrame(rows, schema=["day", "start_min", "vehicles"], orient="row")


def test_three_days_worked_out_by_hand():
    """Sums of 9,000, 10,000 and 11,000: variance 0.01 of the mean's square, of which 0.0001 is that of vehicles.

    The chi-square quantiles with 2 degrees of freedom are 7.3778 and 0.050636.
    """
    found = day_variation(days([9_000, 10_000, 11_000]))
    assert found.cv == pytest.approx(np.sqrt(0.01 - 0.0001))
    assert found.low == pytest.approx(np.sqrt(0.02 / 7.3778 - 0.0001), rel=1e-4)
    assert found.high == pytest.approx(np.sqrt(0.02 / 0.050636 - 0.0001), rel=1e-4)
    assert found.days == 3


def test_the_interval_holds_the_truth_in_95_of_100_cases():
    dice = np.random.default_rng(1)
    inside = 0
    for _ in range(2_000):
        found = day_variation(days(dice.poisson(20_000.0 * dice.normal(1.0, 0.05, 12))))
        inside += found.low <= 0.05 <= found.high
    assert abs(inside / 2_000 - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 2_000)


def test_days_that_vary_as_independent_vehicles_do_do_not_vary():
    found = day_variation(days(np.random.default_rng(2).poisson(10_000.0, 2_000)))
    assert found.cv < 0.004


def test_a_day_with_a_hole_is_no_quiet_day():
    whole = days([10_000, 10_500, 9_800])
    holed = whole.filter(~((pl.col("day") == 2) & (pl.col("start_min") == 1)))
    assert day_variation(holed) == day_variation(days([10_000, 10_500]))
    assert day_variation(days([10_000])) is None
    assert day_variation(days([0, 0])) is None


@pytest.mark.skipif(not SHARED.exists(), reason="real count files stand beside the project where it is developed")
@pytest.mark.parametrize("weekday", [1, 2])
def test_one_weekday_of_a_real_station_varies_by_1_to_5_per_cent_over_a_shift(weekday):
    """Mondays and Tuesdays of five weeks of 2016, 06:00 to 14:00."""
    table = read_counts(SHARED / "us_i94_hourly_regularised.csv").table
    shift = table.filter(pl.col("date").dt.weekday() == weekday, pl.col("start_min").is_between(360, 839))
    found = day_variation(shift.with_columns(pl.col("date").alias("day")))
    sums = shift.group_by("date").agg(pl.col("vehicles").sum())["vehicles"]
    assert found.cv == pytest.approx(sums.std() / sums.mean(), abs=0.002)
    assert 0.01 < found.cv < 0.05


@pytest.mark.skipif(not SHARED.exists(), reason="real count files stand beside the project where it is developed")
def test_a_holiday_among_the_days_shows():
    """The Friday after Thanksgiving carries two thirds of the others' traffic."""
    counts = read_counts(SHARED / "us_i94_hourly_regularised.csv")
    assert profile(counts, weekdays=["fri"]).variation.cv > 0.1 > profile(counts, weekdays=["mon"]).variation.high
