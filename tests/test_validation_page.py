"""docs/validation.md is what a full run with all peers wrote, about the comparisons that the code makes today."""

import re
from pathlib import Path

import pytest

import funnelsim
from funnelsim.validation.known import extremes, holding, loss, screening, waiting

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "validation.md").read_text(encoding="utf-8")
CASES = [*waiting.cases(), *loss.cases(), *holding.cases(), *screening.binormal_cases(), *extremes.endless_bays()]
SHARP = 0.006  # of the answer: then an error of the model of one per cent is more than three standard errors


def test_it_is_of_a_full_run_with_the_compiled_engine_and_of_this_version():
    assert f"Made by funnelsim {funnelsim.__version__} with the compiled engine. " in PAGE
    assert "Not run:" not in PAGE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_each_known_answer_is_on_it_and_sharp_enough_to_see_one_per_cent(case):
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| {case.case} |"))
    simulated, half_width = (float(text.replace(",", "")) for text in row.split(" | ")[2].split(" ± "))
    assert simulated == pytest.approx(case.expected, rel=0.02)
    assert half_width < SHARP * case.expected
    assert "| agrees |" in row


def test_nothing_differs_without_a_known_reason():
    assert "none differs without a known reason" in PAGE
    assert "| **differs** |" not in PAGE


def test_its_figures_are_there_and_all_are_shown():
    shown = set(re.findall(r"\]\((validation/\w+\.png)\)", PAGE))
    assert shown == {f"validation/{file.name}" for file in (DOCS / "validation").glob("*.png")}
    assert len(shown) >= 10
