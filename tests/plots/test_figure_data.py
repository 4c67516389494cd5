"""The tables that figures draw: what stands in them is what is drawn."""

import numpy as np
import polars as pl
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.sweep import sweep
from funnelsim.plots import RUN_FIGURES, FigureOptions, drawn_of, save_tables
from funnelsim.plots.figures import RUN_TABLES

RATE = "selection.rate.default"


@pytest.fixture(scope="module")
def swept(busy, tmp_path_factory):
    """Four points of two keys, two operations each."""
    vary = {"area.bays": [1, 2], RATE: [0.02, 0.1]}
    return sweep(busy.scenario, vary, replications=2, folder=tmp_path_factory.mktemp("sweep"))


def _curves(axes):
    """Return the curves of a panel, without gaps."""
    return [np.asarray(line.get_ydata(), dtype=float) for line in axes.lines if len(line.get_xdata()) > 2]


def test_every_figure_of_a_run_has_its_data():
    assert RUN_TABLES.keys() == RUN_FIGURES.keys()


def test_tables_can_be_written_for_every_run(any_run, tmp_path):
    for name, tables in RUN_TABLES.items():
        for path, table in zip(save_tables(tables(any_run), name, tmp_path), tables(any_run).values(), strict=True):
            assert pl.read_csv(path, infer_schema_length=None).columns == table.columns


def test_the_medians_of_queue_and_delay_are_those_drawn(busy):
    figure, tables = RUN_FIGURES["queue_and_delay"](busy), RUN_TABLES["queue_and_delay"](busy)
    for axes, part in zip(figure.axes, ("queue_m", "delay_min"), strict=True):
        np.testing.assert_allclose(
            _curves(axes)[0], tables[part][f"p50_{part.rpartition('_')[2]}"].fill_null(np.nan).to_numpy()
        )


def test_the_bars_of_the_waterfall_are_those_drawn(busy):
    axes = RUN_FIGURES["waterfall"](busy).axes[0]
    table = RUN_TABLES["waterfall"](busy)[""]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches][1:]
    assert ends == [pytest.approx(row) for row in table.select("from_percent", "to_percent").rows()]


def test_the_curve_of_moving_on_is_the_one_drawn(warned):
    axes = RUN_FIGURES["hours_on_site"](warned).axes[0]
    table = RUN_TABLES["hours_on_site"](warned)[""]
    np.testing.assert_allclose(_curves(axes)[0], table["moving_on_per_h.mean"].to_numpy())


def test_use_and_supply_are_those_drawn(busy):
    tables = RUN_TABLES["staff_and_bays"](busy)
    for axes in RUN_FIGURES["staff_and_bays"](busy).axes:
        name = axes.get_title(loc="left").partition(":")[0].partition(" (")[0]
        used = tables["in_use"].filter(pl.col("resource") == name)["mean_number"].to_numpy()
        assert any(len(curve) == len(used) and np.allclose(curve, used) for curve in _curves(axes)), name
        there = tables["available"].filter(pl.col("resource") == name)["there_number"].to_list()
        steps = [line.get_ydata() for line in axes.lines if line.get_drawstyle() == "steps-post"]
        assert any(list(step[:-1]) == there for step in steps), name


def test_delays_by_class_are_those_drawn(busy):
    top, below = RUN_FIGURES["delay_by_class"](busy).axes[:2]
    tables = RUN_TABLES["delay_by_class"](busy)
    np.testing.assert_allclose(_curves(top)[0], tables["longer"]["longer_percent"].to_numpy())
    medians = [
        line.get_xdata()[0] for line in below.lines if len(set(line.get_ydata())) == 2 and line.get_linewidth() == 2.2
    ]
    assert medians == pytest.approx(tables["classes"]["p50_min"].to_list())


def test_vehicles_and_queue_of_the_picture_in_space_and_time_are_those_drawn(busy):
    axes = RUN_FIGURES["time_space"](busy).axes[1]
    table = RUN_TABLES["time_space"](busy)["vehicles"]
    drawn = axes.collections[0].get_segments()
    first = table.filter(pl.col("vehicle") == table["vehicle"][0])
    np.testing.assert_allclose(drawn[0], first.select("time_s", "upstream_of_taper_m").to_numpy())


def test_every_number_has_its_unit_in_the_name_of_its_column(any_run):
    """`time_s` counts from midnight before the first day, as in all tables; what counts from the opening says so."""
    units = ("_s", "_m", "_min", "_h", "_percent", "_number", "per cent: low", "per cent: middle", "per cent: high")
    whole = {"vehicle", "vehicles", "number", "free", "there"}
    for name, tables in RUN_TABLES.items():
        for table in tables(any_run).values():
            for column, kind in table.schema.items():
                bare = column.removesuffix(".low").removesuffix(".mean").removesuffix(".high")
                assert not kind.is_numeric() or bare.endswith(units) or column in whole, (name, column)


def test_every_figure_of_a_sweep_has_its_data(swept):
    drawn = drawn_of(swept, FigureOptions())
    assert set(drawn) == {"trade_off", "heat_map", "small_multiples", "waterfalls", "tail_fans"}
    tables = {name: one.tables()[""] for name, one in drawn.items()}
    for name in ("trade_off", "heat_map", "small_multiples"):
        assert sorted(tables[name]["point"]) == sorted(swept.points["point"]), name
    cells = sorted(text.get_text() for text in drawn["heat_map"].figure.axes[0].texts)
    decimals = len(cells[-1].partition(".")[2])
    assert cells == sorted(f"{value:.{decimals}f}" for value in tables["heat_map"][tables["heat_map"].columns[3]])
    titles = [axes.get_title(loc="left") for axes in drawn["tail_fans"].figure.axes if axes.get_visible()]
    names = tables["tail_fans"]["run"].unique(maintain_order=True).to_list()
    assert [" ".join(title.split()) for title in titles] == names


def test_a_file_that_cannot_be_written_is_named(busy, tmp_path):
    with pytest.raises(FunnelsimError, match=r"funnel\.csv"):
        save_tables(RUN_TABLES["funnel"](busy), "funnel", tmp_path / "missing")
