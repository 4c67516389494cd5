"""Which point of a sweep is best, against brute force; estimates of points and their differences."""

import math

import numpy as np
import polars as pl
import pytest

from funnelsim.analysis.estimates import mean_estimate
from funnelsim.analysis.intervals import mean_interval
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
from funnelsim.experiments.ranking import (
    best_within,
    check_of,
    efficient,
    kept,
    limits_of,
    ranked,
    ranking_of,
    shares_kept,
)
from funnelsim.experiments.sweep import Sweep

RATE = "selection.rate.default"
MEASURES = ("expected_detections", "delay_p95_s", "tail_max_m", "staff_cost", "officer_h", "ordinary_stops")
OPERATIONS = 6


def standard(measure, number):
    return [1.0 + (measure == "staff_cost") * k for k in range(number)]


def operations(values):
    """Return the measure in every operation, shape (points, operations): the same in all, if a point has one value."""
    made = np.array(
        [[math.nan if value is None else value] if np.isscalar(value) or value is None else value for value in values],
        dtype=float,
    )
    return np.repeat(made, OPERATIONS, axis=1) if made.shape[1] == 1 else made


@pytest.fixture
def made(build):
    """Return what makes a sweep of given operations: `made(delay_p95_s=[...])`; limits are 300 s and 800 m.

    A point's value is that of all its operations, or a list of them. The others are 1; only the cost grows from point
    to point, so that no two points have the same results.
    """

    def make(number=4, varied=None, limits=None, **given):
        limits = {"p95_delay_min": 5.0, "tail_m": 800.0} if limits is None else limits
        varied = varied or {RATE: [0.1 * (point + 1) for point in range(number)]}
        values = {name: operations(given.get(name, standard(name, number))) for name in MEASURES}
        many = max(matrix.shape[1] for matrix in values.values())
        values = {
            name: matrix if matrix.shape[1] == many else np.repeat(matrix[:, :1], many, axis=1)
            for name, matrix in values.items()
        }
        columns = {"point": range(10, 10 + number), **varied, "n": [many] * number}
        for name, matrix in values.items():
            found = [mean_estimate(row) for row in matrix]
            columns |= {
                f"{name}.{part}": [getattr(one, part) for one in found] for part in ("mean", "low", "high", "n")
            }
        numbers = np.repeat(np.arange(10, 10 + number), many), np.tile(np.arange(many), number)
        rows = {"point": numbers[0], "replication": numbers[1]} | {name: one.ravel() for name, one in values.items()}
        scenario = build({"limits": limits, "selection": {"rate": {"default": 0.2}}})
        settings = SimulationSettings(replications=many, seed=1)
        points, rows = pl.DataFrame(columns, strict=False), pl.DataFrame(rows)
        return Sweep(scenario, tuple(varied), settings, True, points, rows.lazy())

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
        excess = [max(delay[k] / 300.0, tail[k] / 800.0) for k in range(4)]  # broken in every operation
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


def test_a_limit_is_kept_if_enough_operations_keep_it_whatever_the_mean_is(made):
    """Nine in ten must: 18 of 20 do, 17 of 20 do not, though the mean of 17 quick ones and 3 slow ones is 170 s."""
    slow = [[100.0] * (20 - k) + [600.0] * k for k in (0, 2, 3, 20)]
    sweep = made(delay_p95_s=slow)
    delay = limits_of(sweep)[0]
    assert shares_kept(sweep, delay).tolist() == [1.0, 0.9, 0.85, 0.0]
    assert kept(sweep, [delay]).tolist() == [True, True, False, False]
    checks = [check_of(sweep, row, delay) for row in range(4)]
    assert [one.verdict for one in checks] == ["probably kept", "probably kept", "probably broken", "broken"]
    assert [one.open for one in checks] == [True, True, True, False]
    assert checks[0].kept_text == "kept in 20 of 20 operations (84 to 100 %)"  # a guarantee of 84 % only
    assert checks[3].kept_text == "kept in 0 of 20 operations (at most 16 %)"


def test_the_share_of_operations_that_must_keep_a_limit_is_the_planners(made):
    slow = [[100.0] * 70 + [600.0] * 30] * 2
    sweep = made(2, {"limits.in_share_of_operations": [0.6, 0.9]}, delay_p95_s=slow)
    assert kept(sweep, limits_of(sweep)).tolist() == [True, False]
    assert [check_of(sweep, row, limits_of(sweep)[0]).verdict for row in (0, 1)] == ["kept", "broken"]


def scattered(mean, noise):
    return (mean + noise - noise.mean()).tolist()


def test_of_points_that_cannot_be_told_apart_the_cheapest_is_best(made):
    """Point 13 finds a little more than 11 and 12, which the operations do not show; 11 has fewest officer-hours."""
    noise = np.random.default_rng(3).normal(0.0, 0.1, (4, 30))
    found = [scattered(mean, one) for mean, one in zip((0.2, 0.598, 0.6, 0.61), noise, strict=True)]
    sweep = made(expected_detections=found, officer_h=[50.0, 80.0, 90.0, 100.0])
    ranking = ranking_of(sweep)
    assert [one.point for one in ranking.candidates] == [11, 13, 12, 10]
    assert (ranking.best.point, ranking.most.point) == (11, 13)
    assert best_within(sweep, "expected_detections", limits_of(sweep)) == 1


def test_equal_officer_hours_leave_it_to_the_stops_of_ordinary_vehicles(made):
    noise = np.random.default_rng(3).normal(0.0, 0.1, (3, 30))
    found = [scattered(0.6 + 0.001 * k, one) for k, one in enumerate(noise)]
    sweep = made(3, expected_detections=found, officer_h=[100.4, 100.0, 99.9], ordinary_stops=[30.0, 20.0, 40.0])
    assert ranking_of(sweep).best.point == 11


def test_a_difference_that_is_seen_on_the_same_vehicles_is_no_tie(made):
    """Each operation of point 11 finds 0.02 to 0.03 more: their own intervals overlap, the paired one is above 0."""
    dice = np.random.default_rng(4)
    day = dice.normal(0.5, 0.1, 30)
    sweep = made(2, expected_detections=[day, day + dice.uniform(0.02, 0.03, 30)], officer_h=[50.0, 100.0])
    ranking = ranking_of(sweep)
    assert ranking.best.point == ranking.most.point == 11


def test_a_difference_that_is_seen_but_too_small_to_matter_is_a_tie(made):
    """Each operation of point 11 finds 0.4 % more: the one with fewer officer-hours is best."""
    dice = np.random.default_rng(4)
    day = dice.normal(0.5, 0.1, 30)
    sweep = made(2, expected_detections=[day, day + dice.uniform(0.001, 0.003, 30)], officer_h=[50.0, 100.0])
    ranking = ranking_of(sweep)
    assert (ranking.best.point, ranking.most.point) == (10, 11)


def test_of_points_that_break_a_limit_alike_the_one_that_finds_more_is_least_bad(made):
    """Selected at 2 % and at 10 %: 0.0325 and 0.0750 found, P95 delays of 11.5 and 11.7 min, a limit of 5 min."""
    noise = np.random.default_rng(5).normal(0.0, 1.0, (4, 40))
    delay = [scattered(60.0 * mean, 60.0 * one) for mean, one in zip((11.5, 11.7, 11.9, 30.0), noise, strict=True)]
    found = [scattered(mean, 0.002 * one) for mean, one in zip((0.0325, 0.075, 0.05, 0.2), noise, strict=True)]
    ranking = ranking_of(made(delay_p95_s=delay, expected_detections=found))
    assert not ranking.best.within
    assert ranking.best.point == 11


def test_few_operations_make_no_ties(made):
    """Four operations tell hardly anything apart: the plan that finds most is named."""
    found = [[0.0] * 4, [0.1, 0.9, 0.5, 0.3]]
    assert ranking_of(made(2, expected_detections=found, officer_h=[10.0, 20.0], limits={})).best.point == 11


def test_of_points_with_one_operation_none_is_told_from_another_and_the_one_that_finds_most_is_best(made):
    sweep = made(3, expected_detections=[[0.1], [0.3], [0.2]], officer_h=[[1.0], [9.0], [5.0]], limits={})
    assert ranking_of(sweep).best.point == 11


def test_no_point_is_best_where_circumstances_differ(made):
    sweep = made(2, {"traffic.scale": [0.9, 1.1]}, expected_detections=[0.2, 0.3])
    assert best_within(sweep, "expected_detections", limits_of(sweep)) is None


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
    sweep = made(2, tail_max_m=[[math.nan] * 6, [5.0, 6.0, 6.5, 7.5, 8.0, 9.0]])
    assert means(sweep, "tail_max_m").tolist() == pytest.approx([math.nan, 7.0], nan_ok=True)
    low, high = interval_ends(sweep, "tail_max_m")
    assert (low[1], high[1]) == pytest.approx(mean_interval(np.array([5.0, 6.0, 6.5, 7.5, 8.0, 9.0])))
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
