"""A point of a sweep whose plan cannot do what it says is listed with the reason, and the rest goes on."""

import polars as pl
import pytest

from funnelsim.errors import PlanError
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.ranking import ranking_of
from funnelsim.experiments.sweep import sweep

OFFICERS = "staffing.roster.police.count"  # the search takes two


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("impossible")


@pytest.fixture(scope="module")
def made(scenario, folder):
    return sweep(scenario, [f"{OFFICERS}=4,1,2"], replications=3, folder=folder)


def test_it_is_listed_with_its_values_and_the_reason(made):
    (point,) = made.impossible
    assert (point.number, point.values) == (1, {OFFICERS: 1})
    assert point.reason.startswith("area.stages.search: needs 2 police, and at most 1 police can be free")


def test_it_is_neither_in_the_tables_nor_in_the_ranking(made):
    assert made.points["point"].to_list() == [0, 2]
    assert [one.point for one in ranking_of(made).candidates] == [0, 2]
    assert made.replications.collect()["point"].unique().sort().to_list() == [0, 2]


def test_it_is_read_back(made, folder):
    assert load_result(folder).impossible == made.impossible


def test_the_spreadsheet_lists_it_in_its_place(made, folder):
    rows = pl.read_csv(folder / "sweep.csv")
    assert rows[OFFICERS].to_list() == [4, 1, 2]
    assert rows["not_possible"].to_list() == [None, made.impossible[0].reason, None]
    assert rows["expected_detections.mean"].is_null().to_list() == [False, True, False]


def test_a_sweep_of_nothing_but_impossible_points_is_an_error(scenario, tmp_path):
    with pytest.raises(PlanError, match=r"point 0: area\.stages\.search: needs 2 police"):
        sweep(scenario, [f"{OFFICERS}=1,0"], replications=3, folder=tmp_path)


def test_progress_counts_it_as_finished(scenario):
    told = []
    sweep(scenario, [f"{OFFICERS}=4,1"], replications=3, progress=lambda *numbers: told.append(numbers))
    assert (told[0], told[-1]) == ((3, 1), (6, 2))
