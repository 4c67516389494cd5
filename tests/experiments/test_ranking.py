"""Which point of a sweep is best, against brute force; estimates of points and their differences."""

import math

import numpy as np
import polars as pl
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.point_batch import SimulationSettings
from funnelsim.experiments.point_estimates import (
    columns_of,
    difference,
    estimate_of,
    estimates_of,
    interval_ends,
    means,
)
from funnelsim.experiments.ranking import best_within, efficient, kept, limits_of, ranked, ranking_of, reaches_across
from funnelsim.experiments.sweep import Sweep

RATE = "selection.rate.default"
MEASURES = ("expected_detections", "delay_p95_s", "tail_max_m", "staff_cost")


def standard(measure, number):
    return [1.0 + (measure == "staff_cost") * k for k in range(number)]


def beside(means, sign, half_width):
    return [None if None in (mean, half_width) else mean + sign * half_width for mean in means]


@pytest.fixture
def made(build):
    """Return what makes a sweep of given means: `made(delay_p95_s=[...])`; limits are 300 s and 800 m.

    The others are 1; only the cost grows from point to point, so that no two points have the same results.
    """

    def make(number=4, varied=None, half_width=1.0, limits=None, **given):
        limits = {"p95_delay_min": 5.0, "tail_m": 800.0} if limits is None else limits
        varied = varied or {RATE: [0.1 * (point + 1) for point in range(number)]}
        columns = {"point": range(10, 10 + number), **varied, "n": [6] * number}
        for measure in MEASURES:
            columns |= {
                f"{measure}.mean": given.get(measure, standard(measure, number)),
                f"{measure}.low": beside(given.get(measure, standard(measure, number)), -1.0, half_width),
                f"{measure}.high": beside(given.get(measure, standard(measure, number)), 1.0, half_width),
                f"{measure}.n": [6] * number,
            }
        scenario = build({"limits": limits, "selection": {"rate": {"default": 0.2}}})
        settings = SimulationSettings(replications=6, seed=1)
        return Sweep(scenario, tuple(varied), settings, True, pl.DataFrame(columns, strict=False), pl.LazyFrame())

    return make


@pytest.mark.parametrize("seed", range(60))
def test_the_best_point_finds_most_within_the_limits_else_breaks_them_least(made, seed):
    dice = np.random.default_rng(seed)
    found, delay, tail = dice.integers(1, 4, 4) * 0.1, dice.integers(200, 500, 4) * 1.0, dice.integers(500, 1400, 4)
    sweep = made(expected_detections=found, delay_p95_s=delay, tail_max_m=tail.astype(float))
    ranking, limits = ranking_of(sweep), limits_of(sweep)
    within = [k for k in range(4) if delay[k] <= 300.0 and tail[k] <= 800.0]
    assert kept(sweep, limits).tolist() == [k in within for k in range(4)]
    if within:
        best = min(within, key=lambda k: (-found[k], k))
        assert best_within(sweep, "expected_detections", limits) == ranking.best.row == best
    else:
        excess = [max(delay[k] / 300.0, tail[k] / 800.0) for k in range(4)]
        assert excess[ranking.best.row] == min(excess)
        assert best_within(sweep, "expected_detections", limits) is None
    assert ranking.best.within == bool(within)
    assert ranking.within == len(within)
    assert [one.point - 10 for one in ranking.candidates] == ranked(sweep, "expected_detections", limits)
    assert sorted(one.row for one in ranking.candidates) == [0, 1, 2, 3]


def test_of_a_measure_that_is_a_burden_less_is_better(made):
    sweep = made(delay_p95_s=[250.0, 100.0, 400.0, 50.0], tail_max_m=[0.0, 0.0, 0.0, 900.0])
    assert best_within(sweep, "delay_p95_s", limits_of(sweep)) == 1
    assert best_within(sweep, "delay_p95_s", []) == 3


def test_what_has_no_value_breaks_no_limit_and_is_never_best(made):
    sweep = made(delay_p95_s=[math.nan, 400.0, 100.0, 100.0], expected_detections=[0.1, 9.0, math.nan, 0.2])
    assert kept(sweep, limits_of(sweep)).tolist() == [True, False, True, True]
    assert ranked(sweep, "expected_detections", limits_of(sweep)) == [3, 0, 2, 1]
    nothing = made(expected_detections=[math.nan] * 4)
    assert best_within(nothing, "expected_detections", []) is None


def test_a_limit_may_be_varied(made):
    sweep = made(2, {"limits.tail_m": [40.0, 900.0]}, tail_max_m=[50.0, 50.0])
    [delay, tail] = limits_of(sweep)
    assert (delay.measure, delay.single) == ("delay_p95_s", 300.0)
    assert (tail.measure, tail.values.tolist(), tail.single) == ("tail_max_m", [40.0, 900.0], None)
    assert [(one.point, one.within) for one in ranking_of(sweep).candidates] == [(11, True), (10, False)]


def test_without_limits_every_point_is_within(made):
    sweep = made(expected_detections=[0.1, 0.4, 0.3, 0.4], limits={})
    assert limits_of(sweep) == []
    assert [one.row for one in ranking_of(sweep).candidates] == [1, 3, 2, 0]


def test_of_points_with_the_same_results_the_first_is_ranked_for_all(made):
    sweep = made(expected_detections=[0.1, 0.4, 0.4, 0.4], staff_cost=[1.0, 2.0, 2.0, 3.0], limits={})
    ranking = ranking_of(sweep)
    assert [one.row for one in ranking.candidates] == [1, 3, 0]
    assert (ranking.identical, ranking.runner_up.row) == (1, 3)
    assert efficient(sweep, "expected_detections", "delay_p95_s").tolist() == [False, True, False, True]


def test_the_base_scenario_stands_for_points_with_its_results(made):
    """A rate of 0.2 is that of the file: point 11."""
    sweep = made(expected_detections=[0.4] * 4, staff_cost=[1.0] * 4, limits={})
    ranking = ranking_of(sweep)
    assert [one.point for one in ranking.candidates] == [11]
    assert ranking.base is ranking.best
    assert ranking.runner_up is None
    assert sweep.same_as.to_list() == [11, None, 11, 11]


def test_the_point_that_the_scenario_itself_describes_is_the_base(made):
    assert ranking_of(made()).base.row == 1  # a rate of 0.2
    assert ranking_of(made(2, {RATE: [0.5, 0.6]})).base is None


def test_a_limit_is_open_where_the_error_bar_reaches_across_it_or_there_is_none(made):
    sweep = made(delay_p95_s=[290.0, 310.0, 340.0, math.nan], half_width=20.0)
    delay = limits_of(sweep)[0]
    assert [reaches_across(sweep, row, delay) for row in range(4)] == [True, True, False, False]
    by_row = {one.row: one.limits[0] for one in ranking_of(sweep).candidates}
    assert [by_row[row].open for row in range(4)] == [True, True, False, False]
    single = made(delay_p95_s=[290.0] * 4, half_width=None)
    assert all(one.limits[0].open for one in ranking_of(single).candidates)


@pytest.mark.parametrize("seed", range(8))
def test_the_efficient_points_are_those_that_no_other_beats(made, seed):
    dice = np.random.default_rng(seed)
    found, delay = dice.integers(0, 6, 12).astype(float), dice.integers(0, 6, 12).astype(float)
    delay[dice.integers(12)] = np.nan
    beaten = [
        any(
            found[other] >= found[one]
            and delay[other] <= delay[one]
            and (found[other], delay[other]) != (found[one], delay[one])
            for other in range(12)
        )
        for one in range(12)
    ]
    expected = [not b and np.isfinite(d) for b, d in zip(beaten, delay, strict=True)]
    sweep = made(12, expected_detections=found, delay_p95_s=delay)
    assert efficient(sweep, "expected_detections", "delay_p95_s").tolist() == expected


def test_estimates_stand_in_the_table_of_points_and_null_is_not_a_number(made):
    sweep = made(2, tail_max_m=[None, 7.0], half_width=2.0)
    assert means(sweep, "tail_max_m").tolist() == pytest.approx([math.nan, 7.0], nan_ok=True)
    low, high = interval_ends(sweep, "tail_max_m")
    assert (low[1], high[1]) == (5.0, 9.0)
    assert np.isnan([low[0], high[0]]).all()
    assert estimates_of(sweep, 1)["tail_max_m"] == estimate_of(sweep, 1, "tail_max_m")
    assert (estimate_of(sweep, 1, "tail_max_m").mean, estimate_of(sweep, 1, "tail_max_m").n) == (7.0, 6)
    assert math.isnan(estimate_of(sweep, 0, "tail_max_m").mean)
    unknown = estimate_of(sweep, 0, "no_such_measure")
    assert math.isnan(unknown.mean)
    assert unknown.n == 0
    with pytest.raises(FunnelsimError, match="no_such_measure: unknown measure; allowed: the names in"):
        means(sweep, "no_such_measure")


def test_differences_are_paired_by_replication_and_leave_out_what_one_point_lacks(made):
    dice = np.random.default_rng(5)
    numbers, values = np.tile(np.arange(6), 2), dice.normal(size=12)
    table = pl.DataFrame({"point": np.repeat([10, 11], 6), "replication": numbers, "expected_detections": values})
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=1)

    def of(rows):
        sweep = made(2)
        return Sweep(sweep.scenario, sweep.keys, sweep.settings, True, sweep.points, rows.lazy())

    apart = values[:6] - values[6:]
    found = difference(of(shuffled), 10, 11, "expected_detections")
    assert found.mean == pytest.approx(apart.mean())
    assert found.half_width == pytest.approx(2.5706 * apart.std(ddof=1) / math.sqrt(6), rel=1e-3)
    assert columns_of(of(shuffled), 11)["expected_detections"].tolist() == values[6:].tolist()
    fewer = of(table.filter((pl.col("point") != 10) | (pl.col("replication") < 4)))
    assert difference(fewer, 10, 11, "expected_detections").mean == pytest.approx(apart[:4].mean())
    assert difference(fewer, 10, 11, "expected_detections").n == 4
