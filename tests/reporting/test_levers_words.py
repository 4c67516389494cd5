"""The words of `funnelsim levers`: what finds more first, what is not seen left blank."""

import pytest

from funnelsim.decision.levers.levers import FOUND, RETUNED, levers
from funnelsim.reporting.levers_words import levers_sections, one_find_in
from funnelsim.reporting.terminal import plain_text
from tests.decision.levers.test_levers import CHANGES
from tests.reporting.test_compare_words import difference


@pytest.fixture(scope="module")
def made(build):
    return levers(build(CHANGES), replications=60, jobs=2)


@pytest.fixture(scope="module")
def retuned(build):
    return levers(build(CHANGES), replications=60, jobs=2, retune=True)


def section(made, start):
    return next(one for one in levers_sections(made) if one.heading.startswith(start))


def test_what_finds_more_is_said_first(made):
    titles = [section.heading for section in levers_sections(made)]
    assert titles[1:] == ["Finds more", "No difference in finds seen", "Finds less", "No effect in any operation"]
    (grid,) = section(made, "Finds more").items
    finds = [made.differences[row[0]][FOUND].estimate.mean for row in grid.rows]
    assert finds == sorted(finds, reverse=True)
    assert [column.head for column in grid.columns][:4] == ["", "found", "one more\nfind in", "stops"]


def test_a_column_in_which_nothing_is_seen_is_left_out(made):
    for one in levers_sections(made):
        for grid in one.items:
            if not isinstance(grid, str):
                assert all(any(row[place] for row in grid.rows) for place in range(len(grid.columns))), one.heading


def test_levers_without_effect_stand_in_one_row(made):
    (text,) = section(made, "No effect").items
    assert text == f"{'; '.join(made.without_effect)}."
    assert "probe: one more" in text


def test_officer_hours_come_with_what_they_find(made):
    (grid,) = section(made, "Finds less").items
    heads = [column.head for column in grid.columns]
    row = next(row for row in grid.rows if row[0].startswith("police"))
    assert row[heads.index("finds per 100\nofficer-hours")]
    assert row[heads.index("officer-\nhours")].startswith(("-4", "about -4"))
    others = [row for row in grid.rows if row[0].startswith("hours: open")]
    assert [row[heads.index("finds per 100\nofficer-hours")] for row in others] == [""]


@pytest.mark.parametrize(
    ("mean", "half", "text"), [(0.04, 0.01, "25"), (-0.1, 0.01, "10"), (0.04, 0.05, ""), (0.6, 0.1, "")]
)
def test_one_more_find_in_so_many_operations_is_said_where_a_difference_is_seen(mean, half, text):
    """A find more in nearly every operation is said by the difference itself."""
    assert one_find_in(difference(FOUND, mean, half)) == text


def test_which_of_the_two_it_is_stands_at_the_top(made, retuned):
    assert "selection rates included" in section(made, "").items[0]
    assert "with the rates of its own bound (re-tuned)" in section(retuned, "").items[0]
    assert "with the rates of the bound" in levers_sections(retuned)[0].heading
    (grid,) = section(retuned, "The rates of the bound against the plan as it is").items
    assert [row[0] for row in grid.rows] == [RETUNED]


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_fits_the_page_and_wide_columns_stand_where_there_is_room(made, width):
    text = plain_text(levers_sections(made), width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert "stops" in text
    assert ("P95 delay," in text) == (width == 140)
