"""A path of a table is a path: nothing in it is a pattern or a name for another folder."""

import polars as pl
import pytest

from funnelsim.experiments.loading import load_result
from funnelsim.experiments.results import save_run
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep
from funnelsim.experiments.tables import read_table, scan_table, write_csv, write_joined, write_table

ODD = ("plan [1]", "plan *", "plan ?", "~", "a=1", "100%25", "{plan}", "file:", "Brücke {x}", "s3:", "plan #2")


def no_figures(_run, _folder):
    return []


@pytest.mark.parametrize("name", ODD)
def test_a_table_is_written_to_and_read_from_the_very_folder(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path / name, (tmp_path / name).relative_to(tmp_path)):
        place.mkdir(exist_ok=True)
        table = pl.DataFrame({"name": [name, str(place)]})
        write_table(table, place / "one.parquet")
        write_csv(table, place / "one.csv")
        write_joined([place / "one.parquet", place / "one.parquet"], place / "both.parquet")
        assert read_table(place / "one.parquet").equals(table)
        assert scan_table(place / "both.parquet").collect().equals(pl.concat([table, table]))
        assert sorted(path.name for path in place.iterdir()) == ["both.parquet", "one.csv", "one.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_results_of_a_plan_are_never_those_of_the_one_beside_it(scenario, tmp_path):
    """`[1]` in a path is a pattern for polars, which read `plan 1` in silence."""
    made = {}
    for seed, name in enumerate(["plan [1]", "plan 1"]):
        (tmp_path / name).mkdir()
        made[name] = run(scenario, replications=2, seed=seed)
        save_run(made[name], tmp_path / name, 1.0, no_figures)
    for name, each in made.items():
        assert load_result(tmp_path / name).replications.equals(each.replications)


def test_a_sweep_in_a_folder_with_square_brackets_is_finished_and_loaded(scenario, tmp_path):
    folder = tmp_path / "x [1]"
    made = sweep(scenario, ["area.bays=2,3"], replications=2, folder=folder)
    assert load_result(folder).points.equals(made.points)
    assert made.replications.collect().height == 4
