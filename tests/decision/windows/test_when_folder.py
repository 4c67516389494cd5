"""When and where to stand, as a table in a folder."""

import json

import polars as pl
import pytest

from funnelsim.decision.windows.when import when
from funnelsim.decision.windows.when_folder import save_when, windows_table
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


def test_the_manifest_says_what_each_window_changes(made, tmp_path):
    save_when(made, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["kind"] == "table of windows"
    assert set(manifest["changes"]) == set(made.windows)
    best = made.candidates.possible[made.answers[0].best]
    assert manifest["changes"][best.name]["operation.opens"] == best.opens
    assert pl.read_csv(tmp_path / "windows.csv")["opens"].to_list() == windows_table(made)["opens"].to_list()
