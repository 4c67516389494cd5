"""The page of the speed claims says what was measured, and nothing else."""

import json
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def render():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        return import_module("page").render


@pytest.fixture(scope="module")
def figures():
    return json.loads((ROOT / "benchmarks" / "performance.json").read_text(encoding="utf-8"))


def test_the_page_is_what_the_script_writes_from_the_kept_figures(render, figures):
    assert render(figures) == (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


def test_the_kept_figures_are_of_a_whole_measurement(figures):
    assert not figures["quick"]
    assert max(map(int, figures["growth"]["vehicles"])) == 1_000_000


def test_a_missed_target_is_said_to_be_missed(render, figures):
    slow = deepcopy(figures)
    slow["shell"]["wall_s"] = 4.5
    quick = deepcopy(figures)
    quick["shell"]["wall_s"] = 3.5
    row = "| README's command, from prompt to figures | under 4 s |"
    assert f"{row} 4.5 s | **missed** |" in render(slow)
    assert "- README's command, from prompt to figures: 4.5 s" in render(slow)
    assert f"{row} 3.5 s | met |" in render(quick)


def test_without_a_compiler_the_page_says_so(render, figures):
    bare = figures | {"reference": {"reason": "there is no C compiler on this machine"}}
    assert "Not measured: there is no C compiler on this machine." in render(bare)
    assert "event loop against plain C" not in render(bare)
