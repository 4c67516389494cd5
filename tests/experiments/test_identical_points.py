"""Points with the same results: the first stands for all, or the base scenario's point."""

import math

import polars as pl

from funnelsim.experiments.identical_points import same_as


def table(**columns):
    number = len(next(iter(columns.values())))
    return pl.DataFrame({"point": range(number), "area.bays": range(number), "n": [6] * number, **columns})


def test_the_first_of_equal_rows_stands_for_all_of_them():
    points = table(**{"found.mean": [0.1, 0.2, 0.1, 0.1], "delay.mean": [5.0, 5.0, 5.0, 6.0]})
    assert same_as(points, ["area.bays"], None).to_list() == [None, None, 0, None]


def test_the_base_scenario_stands_for_those_that_equal_it():
    points = table(**{"found.mean": [0.1, 0.2, 0.1, 0.1]})
    assert same_as(points, ["area.bays"], 2).to_list() == [2, None, None, 2]
    assert same_as(points, ["area.bays"], 1).to_list() == [None, None, 0, 0]


def test_what_is_missing_or_undefined_is_equal_to_itself_alone():
    points = table(**{"found.mean": [math.nan, None, math.nan, None, 0.0]})
    assert same_as(points, ["area.bays"], None).to_list() == [None, None, 0, 1, None]


def test_points_under_different_limits_differ():
    points = table(**{"found.mean": [0.1, 0.1, 0.1]}).with_columns(pl.Series("limits.tail_m", [500.0, 900.0, 900.0]))
    assert same_as(points, ["area.bays", "limits.tail_m"], None).to_list() == [None, None, 1]
