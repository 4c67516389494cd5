"""The page: tables that are too wide for it stack, and lose neither names nor heads."""

import pytest
from rich.cells import cell_len

from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.reporting.terminal import plain_text, wrapped

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
        "  extra: seldom\n"  # a block has room for it
    )


# A table of a run: a label, a value, its interval, and its unit.
LABELLED = Grid(
    (Column("", "left"), Column(), Column("", "left"), Column("", "left"), Column("", "left", only_wide=True)),
    (
        ("Vehicles that come", "5,980", "± 170", "per operation", "vehicles"),
        ("Hours lost by ordinary travellers", "6,550", "in every operation", "scenario's currency", "person_h"),
        ("  for each target found", "0", "too few operations", "vehicle-hours", "per_detection"),
    ),
)


def test_where_labels_have_no_room_beside_their_numbers_what_is_behind_these_wraps_too():
    """At 60 characters 10 are left for the labels, of which the longest has 33: put together, all have two lines."""
    assert plain_text([Section("Burden", (LABELLED,))], 60).splitlines() == [
        "Burden",
        "  Vehicles that come              5,980  ± 170 per operation",
        "  Hours lost by ordinary          6,550  in every operation",
        "  travellers                             scenario's currency",
        "    for each target found             0  too few operations",
        "                                         vehicle-hours",
    ]


def test_a_label_of_two_lines_is_indented_as_it_begins():
    assert plain_text([Section("Burden", (LABELLED,))], 76).splitlines() == [
        "Burden",
        "  Vehicles that come       5,980  ± 170               per operation",
        "  Hours lost by ordinary   6,550  in every operation  scenario's currency",
        "  travellers",
        "    for each target found      0  too few operations  vehicle-hours",
    ]


def test_no_line_ends_inside_an_interval():
    rows = (("Mean wait in the bay for a crew", "0.50", "(0.45 to 0.76)", "min", ""),)
    text = plain_text([Section("", (Grid(LABELLED.columns, rows),))], 40)
    assert "(0.45 to 0.76)" in text


@pytest.mark.parametrize("width", [30, 40, 50, 60, 64, 80, 140])
def test_no_word_of_a_label_is_split_and_no_number_lost_at_any_width(width):
    text = plain_text([Section("Burden", (LABELLED,))], width)
    assert all(len(line) <= width for line in text.splitlines())
    words = text.split()
    for row in LABELLED.rows:
        for cell in row[:4]:
            assert set(cell.split()) <= set(words)


def test_wide_letters_take_two_places():
    """What does not fit on a line goes onto the next; nothing is cut."""
    text = "北京市高速公路检查站 instead of a: 0.058 ± 0.004 more targets"
    lines = wrapped(text, 24).split("\n")
    assert " ".join(lines) == text
    assert max(map(cell_len, lines)) <= 24
    assert "".join(wrapped("北" * 30, 24).split("\n")) == "北" * 30


def test_the_head_of_the_first_column_is_never_cut():
    grid = Grid((Column("point"), Column("targets\nfound")), (("0", "0.294 ± 0.015"),))
    for width in (20, 21, 24, 40):
        text = plain_text([Section("", (grid,))], width)
        assert "…" not in text
        assert "point" in text or text.startswith("0\n")  # stacked: a block for each row


def test_a_label_takes_no_more_than_two_lines_beside_its_numbers():
    columns = (Column("", "left"), Column("kept, %"), Column("queue kept, %"))
    grid = Grid(columns, (("lane capacity 13.4 % lower", "broken: 82 (70 to 89)", "broken: 75 (62 to 85)"),))
    table, block = (plain_text([Section("", (grid,))], width) for width in (60, 58))
    beside = "lane capacity   broken: 82 (70 to 89)  broken: 75 (62 to 85)"
    assert table.splitlines()[1:] == [beside, "13.4 % lower"]
    assert block.splitlines()[:2] == ["lane capacity 13.4 % lower", "  kept, %: broken: 82 (70 to 89)"]
