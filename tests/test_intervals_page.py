"""The page of the intervals says what was measured, and nothing else."""

import json
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest

from funnelsim.analysis.intervals import FEWEST

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        return import_module("interval_coverage")


@pytest.fixture(scope="module")
def figures():
    return json.loads((ROOT / "benchmarks" / "interval_coverage.json").read_text(encoding="utf-8"))


def test_the_page_is_what_the_script_writes_from_the_kept_figures(script, figures):
    assert script.render(figures) == (ROOT / "docs" / "intervals.md").read_text(encoding="utf-8")


def test_the_kept_figures_are_of_a_whole_measurement_with_the_rule_of_today(script, figures):
    assert figures["samples"] >= 2_000
    assert figures["fewest"] == FEWEST
    by_kind = {kind: sum(row["kind"] == kind for row in figures["rows"]) for kind in script.KINDS}
    assert by_kind == dict.fromkeys(script.KINDS, 6)


def test_a_coverage_that_is_not_as_wanted_is_bold(script, figures):
    bad = deepcopy(figures)
    bad["rows"][0]["sizes"]["50"] |= {"covered": 0.9, "given": 1.0}
    assert "| `delay_mean_s` |" in script.render(bad)
    assert "**90.0**" in script.render(bad)
