"""How a plan stands bad days, as tables in a folder."""

import json

import polars as pl
import pytest

from funnelsim.decision.bad_days.bad_days import demand_higher, inspections_longer
from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from
from funnelsim.decision.bad_days.stress_folder import days_table, save_stress
from tests.decision.bad_days.test_stress import HELD


@pytest.fixture(scope="module")
def made(build):
    plans = plans_of_stress(build(HELD | {"currency": "CHF"}), [demand_higher(1.1), inspections_longer(10.0)])
    return insured(stress_from(plans, 12))


def test_each_bad_day_and_measure_has_a_row_with_its_unit(made):
    table = days_table(made)
    units = dict(table.select("measure", "unit").iter_rows())
    assert units["staff_cost"] == "CHF"
    assert units["delay_p95_s"] == "s"
    assert units["limits.p95_delay_min"] == "0 to 1"
    assert len(table) == 2 * len(units)
    broken = table.filter(pl.col("broken"))
    assert broken.select("day", "measure").rows() == [("inspections 900 % longer", "limits.p95_delay_min")]
    row = table.filter(pl.col("measure") == "delay_p95_s").row(1, named=True)
    assert row["mean"] - row["ordinary"] == pytest.approx(row["difference"])


def test_the_folder_says_what_changed_and_what_insures(made, tmp_path):
    save_stress(made, tmp_path, [{"heading": "Said", "items": []}])
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["kind"] == "table of bad days"
    assert manifest["bad_days"]["demand 10 % higher"]["changes"] == {"traffic.scale": 1.1}
    assert manifest["bad_days"]["inspections 900 % longer"]["insured_by"] == {"area.when_full": "wave_through"}
    trials = pl.read_csv(tmp_path / "trials.csv")
    assert trials.filter(pl.col("insures"))["lever"].to_list() == ["area full: wave vehicles through"]
    levers = pl.read_csv(tmp_path / "levers.csv")
    assert levers["place"].max() == len(made.levers)
