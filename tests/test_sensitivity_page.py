"""The figures on the page of the sensitivity analysis are those that its script measured."""

import importlib
import json
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield importlib.import_module("sensitivity_reliability")


def test_the_page_says_what_was_measured_of_simulated_plans(script):
    found = json.loads(script.RESULTS["plans"].read_text(encoding="utf-8"))
    assert script.SAID.search(script.PAGE.read_text(encoding="utf-8"))[0] == script.said(found)


def test_the_figure_is_that_of_what_was_measured(script, tmp_path):
    script.draw(tmp_path / "again.svg")
    again, kept = (
        re.sub(r'(id|href)="[^"]*"|url\([^)]*\)', "", file.read_text())
        for file in (tmp_path / "again.svg", script.FIGURE)
    )
    assert again == kept


def test_statements_that_are_right_are_found_right(script):
    """Of pairs whose truth is what is stated, up to its own error, nothing is off; of others 10 points off, that."""
    generator = np.random.default_rng(1)
    pairs = [_pair(generator, chance, 0.0) for chance in generator.uniform(size=400)]
    found = script.summary(pairs)
    assert found["error"] < 0.01
    assert found["held"] > 0.9
    assert found["outside_band"] <= 1
    off = script.summary([_pair(generator, chance, 0.1) for chance in generator.uniform(0.1, 0.8, size=400)])
    assert abs(off["error"] - 0.1) < 0.01
    assert off["held"] < 0.3


def _pair(generator, chance, off):
    true = generator.binomial(250, chance) / 250
    stated = chance + off
    return {
        "stated": stated,
        "low": stated - 0.01,
        "high": stated + 0.01,
        "true": true,
        "happens": float(generator.uniform() < chance),
        "unmodelled": stated,
        "circumstances": 250,
    }


@pytest.mark.usefixtures("script")
def test_a_pair_of_plans_that_are_simulated_has_a_truth_and_a_statement(monkeypatch):
    """At a small number: which plan is better is seen in most circumstances, and the statement is near the truth."""
    plans = importlib.import_module("sensitivity_plans")
    monkeypatch.setattr(plans, "POINTS", 64)
    pair = plans.Pair(1)
    best, clear = pair.true(40)
    assert clear.mean() > 0.5
    assert set(best) <= {0.0, 0.5, 1.0}
    assert abs(pair.stated()["stated"] - best.mean()) < 0.2


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


def test_the_example_on_the_page_is_what_the_command_printed():
    example = runpy.run_path(str(ROOT / "docs" / "sensitivity_example.py"))
    assert example["SHOWN"].findall(example["PAGE"].read_text(encoding="utf-8")) == [example["shown"]()]
    assert example["FIGURE"].exists()
