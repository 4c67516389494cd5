"""The page: tables that are too wide for it stack, and lose neither names nor heads."""

import pytest

from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.terminal import plain_text

NAME = "a plan with a_rather_long_name_of_its_own"
GRID = Grid(
    (Column("plan", "left"), *(Column(f"measure\nnumber {k}") for k in range(4)), Column("extra", only_wide=True)),
    ((NAME, "0.141 ± 0.008", "0.508 ± 0.047", "87 ± 15", "768 ± 17", "seldom"),),
)


@pytest.mark.parametrize("width", [40, 60, 72, 80, 140])
def test_no_name_head_or_number_is_lost_at_any_width(width):
    text = plain_text([Section("The plans", (GRID,))], width)
    words = " ".join(text.split())
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())
    for cell in GRID.rows[0][1:5]:
        assert cell in words
    for k in range(4):
        assert f"number {k}" in words
    if width in (40, 60, 140):
        assert NAME in words


def test_a_narrow_page_has_a_block_for_each_row():
    assert plain_text([Section("", (GRID,))], 60) == (
        f"{NAME}\n"
        "  measure number 0: 0.141 ± 0.008\n  measure number 1: 0.508 ± 0.047\n"
        "  measure number 2: 87 ± 15\n  measure number 3: 768 ± 17\n"
    )
