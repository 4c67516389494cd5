"""The figures on the page of the sensitivity analysis are those that its script measured."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_says_what_was_measured():
    found = json.loads((ROOT / "benchmarks" / "sensitivity_calibration.json").read_text(encoding="utf-8"))
    page = " ".join((ROOT / "docs" / "sensitivity.md").read_text(encoding="utf-8").split())
    assert f"makes {found['pairs']} random pairs" in page
    assert f"differ by {100 * found['error']:.1f} percentage points" in page
    assert f"{100 * found['held']:.1f} % of the 95 % intervals hold the truth" in page
    off, near = found["error_unmodelled"], -found["bias_from_half_unmodelled"]
    assert f"would be {100 * off:.1f} points off, and {100 * near:.1f} points too near to one half" in page
    assert f"the stated ones are {-100 * found['bias_from_half']:.1f} points too near" in page
    assert found["outside_band"] == 0
    assert "All ten groups lie in the band" in page
