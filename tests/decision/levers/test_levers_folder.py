"""What levers do, as a table in a folder."""

import json

import polars as pl
import pytest

from funnelsim.decision.levers.levers import AS_PLANNED, RETUNED, levers
from funnelsim.decision.levers.levers_folder import levers_table, save_levers
from funnelsim.errors import ResultsError
from funnelsim.experiments.loading import load_result
from tests.decision.levers.test_levers import CHANGES


@pytest.fixture(scope="module")
def made(build):
    return levers(build(CHANGES | {"currency": "CHF"}), replications=6, retune=True)


def test_each_plan_and_measure_has_a_row_with_its_unit(made):
    table = levers_table(made)
    units = dict(table.select("measure", "unit").iter_rows())
    assert units == {
        "expected_detections": "targets",
        "ordinary_stops": "vehicles",
        "delay_p95_s": "s",
        "officer_h": "officer-hours",
        "staff_cost": "CHF",
        "limits.p95_delay_min": "0 to 1",
    }
    assert table.height == len(units) * len(made.differences)
    name, measure = "lane: 31 km/h", "delay_p95_s"
    row = table.row(by_predicate=(pl.col("plan") == name) & (pl.col("measure") == measure), named=True)
    found = made.differences[name][measure].estimate
    assert (row["choice"], row["to"], row["compared_with"]) == ("lane", "31 km/h", RETUNED)
    assert (row["difference"], row["low"], row["high"], row["n"]) == (found.mean, found.low, found.high, 6)
    assert row["mean_compared_with"] == made.comparison.estimates[RETUNED][measure].mean
    assert not table.select(pl.col(pl.Float64).is_nan().any()).row(0).count(True)
    [of_rates] = table.filter(plan=RETUNED)["compared_with"].unique()
    assert of_rates == AS_PLANNED


def test_the_folder_says_what_it_was_made_with_and_is_no_result(made, tmp_path):
    save_levers(made, tmp_path, ["funnelsim", "levers", "a.toml"])
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert (manifest["seed"], manifest["replications"], manifest["retuned"]) == (1, 6, True)
    assert manifest["command"] == ["funnelsim", "levers", "a.toml"]
    assert pl.read_csv(tmp_path / "levers.csv").height == levers_table(made).height
    with pytest.raises(ResultsError, match="holds a table of levers; allowed: "):
        load_result(tmp_path)
