"""The page of limits is true: its table comes out again."""

import re
from pathlib import Path

import pytest

import funnelsim

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
NUMBER = r"([\d.]+) ± ([\d.]+)"
ROWS = re.findall(rf"^\| (nothing|`[^`]+`)[^|]*\| {NUMBER} \| {NUMBER} \| {NUMBER} \|$", PAGE, flags=re.MULTILINE)
MEASURES = {"expected_detections": 3, "delay_mean_s": 0, "tail_max_m": 0}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("`"))
def test_a_line_of_the_table_comes_out_again(row):
    changed, *numbers = row
    overrides = [] if changed == "nothing" else [changed.strip("`")]
    scenario = funnelsim.load_scenario(ROOT / "scenarios" / "motorway_early_shift.toml", overrides)
    estimates = funnelsim.run(scenario, replications=100, seed=1).estimates
    found = []
    for measure, digits in MEASURES.items():
        found += [f"{estimates[measure].mean:.{digits}f}", f"{estimates[measure].half_width:.{digits}f}"]
    assert numbers == found


def test_the_table_is_read_whole():
    assert len(ROWS) == sum(line.startswith("|") and " ± " in line for line in PAGE.splitlines())


def test_the_keys_that_the_page_recommends_are_real():
    """Every key of the tables in code marks stands in the scenario reference or among the measures."""
    known = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("scenario.md", "measures.md"))
    after = PAGE[PAGE.index("## Traffic") :]
    keys = {re.split(r"[ =]", found)[0].split(".")[-1] for found in re.findall(r"`([a-z_.]+[^`]*)`", after)}
    assert keys
    assert {key for key in keys if key not in known} <= {"compare"}
