"""When and where to stand, as a table in a folder."""

import json

import polars as pl
import pytest

from funnelsim.decision.windows.when import when
from funnelsim.decision.windows.when_folder import save_when, windows_table
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from tests.conftest import merged
from tests.decision.windows.test_when import TRUCKS


@pytest.fixture(scope="module")
def made(build):
    changes = {"limits": {"p95_delay_min": 5.0}, "traffic": {"counts": {"from": "06:00"}}}
    return when(build(merged(TRUCKS, changes)), [1, 26 / 4], 2, 20)


def test_each_window_has_a_row(made):
    table = windows_table(made)
    assert len(table) == len(made.windows)
    best = made.answers[0].best
    row = table.row(list(made.windows).index(best), named=True)
    assert row["expected_detections.mean"] == made.windows[best].estimates["expected_detections"].mean
    assert row["expected_detections.difference.mean"] is None
    assert row["limits.p95_delay_min.mean"] == 1.0
    others = table.filter(pl.col("expected_detections.difference.mean").is_not_null())
    assert others["expected_detections.difference.mean"].max() <= 0.0
    assert others["expected_detections.told_apart"].any()


def test_the_scenario_of_each_site_has_the_counts_of_all_windows(made, tmp_path):
    """With what a window changes, it meets the vehicles that were simulated."""
    save_when(made, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    for name, changes in manifest["changes"].items():
        scenario = scenario_from(manifest["sites"]["this site"], where="kept", overrides=changes)
        again, then = demand_of(scenario), made.candidates.possible[name].plan.road.demand
        assert again.vehicles.tolist() == then.vehicles.tolist()


def test_recorded_passages_are_copied(build, tmp_path):
    """No manifest holds them, and their file may be gone when somebody asks."""
    file = tmp_path / "passages.csv"
    passages = "".join(f"{n}, 2024-01-30, {n // 30:02d}:{n % 30 * 2:02d}:00, 1, 5, 50\n" for n in range(90))
    file.write_text(f"Veh. No., Date, Time, Channel, Class, Speed\n{passages}")
    text = file.read_text()
    data = build(TRUCKS).model_dump(mode="json", by_alias=True, exclude_none=True)
    data |= {"traffic": {"arrivals": "trace", "counts": {"file": str(file)}}}
    data["targets"][0]["per_10k"] = {"lorry": 1000.0}
    data["selection"]["rate"] = {"default": 0.2}
    data["operation"] |= {"run_out_min": 5.0, "lead_in_min": 5.0}
    found = when(scenario_from(data, where="test"), [1], 2, 10)
    (tmp_path / "kept").mkdir()
    save_when(found, tmp_path / "kept")
    file.unlink()
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    copy = manifest["sites"]["this site"]["traffic"]["counts"]["file"]
    assert (tmp_path / "kept" / copy).read_text() == text
    assert copy in manifest["checksums"]


def test_costs_stand_with_the_currency_of_the_site(build):
    sites = {"a": build(TRUCKS), "b": build(merged(TRUCKS, {"currency": "CHF"}))}
    table = windows_table(when(sites, None, 12, 10))
    assert set(table.filter(pl.col("site") == "b")["currency"]) == {"CHF"}


def test_the_manifest_says_what_each_window_changes(made, tmp_path):
    save_when(made, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["kind"] == "table of windows"
    assert set(manifest["changes"]) == set(made.windows)
    best = made.candidates.possible[made.answers[0].best]
    assert manifest["changes"][best.name]["operation.opens"] == best.opens
    assert pl.read_csv(tmp_path / "windows.csv")["opens"].to_list() == windows_table(made)["opens"].to_list()
