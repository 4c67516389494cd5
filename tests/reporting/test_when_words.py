"""The words of `funnelsim when`: the best windows, those not told apart from them, and what is not offered."""

import pytest

from funnelsim.decision.windows.when import when
from funnelsim.reporting.terminal import plain_text
from funnelsim.reporting.when_words import when_sections
from tests.conftest import merged
from tests.decision.windows.test_when import TRUCKS


@pytest.fixture(scope="module")
def made_of(build):
    def make(changes, *given, **named):
        return when(build(merged(TRUCKS, changes)), *given, **named)

    return make


@pytest.fixture(scope="module")
def made(made_of):
    return made_of({"limits": {"p95_delay_min": 5.0}}, [2, 4], replications=20)


def words(made, width=10_000):
    return plain_text(when_sections(made), width)


def test_windows_that_are_not_told_apart_are_named_together(made):
    said = words(made).splitlines()
    assert said[0] == "When to stand: a small checkpoint"
    assert said[1].startswith("  Most in all: ")
    assert " are not told apart from it." in said[1]
    assert said[2].startswith("  Most for an officer-hour: 10:00 to 12:00 finds ")
    assert said[2].endswith(" targets in 100 officer-hours. No other window that keeps the limits finds as many.")


def test_it_says_how_many_were_simulated_and_how_the_roster_moves(made):
    text = words(made)
    assert "Simulated: 49 windows in 10 operations and " in text
    assert "Limits: P95 delay at most 5 min, in 90 % of operations." in text
    assert "The roster moves along: " in text
    assert "The counts do not tell weekdays apart" in text


def test_todays_window_is_said_beside_the_best(made):
    """It is from 1:00 to 2:00, when no trucks come."""
    text = words(made)
    assert "Today's window, 01:00 to 02:00, finds 0 targets an operation, " in text
    assert " fewer than the most in all." in text


def test_the_sentence_and_the_table_say_the_same_number(made):
    lines = words(made).splitlines()
    found = lines[2].split(" finds ")[1].split(" targets in")[0]
    assert any(line.startswith("  10:00\N{EN DASH}12:00  ") and found in line for line in lines)


def test_where_no_window_keeps_the_limits_it_says_which_is_nearest_and_by_how_much(made_of):
    box = [2600] * 4 + [2000] + [2600] * 19
    changes = {"traffic": {"counts": {"vehicles": {"box": box}}}, "limits": {"p95_delay_min": 0.5}}
    text = words(made_of(changes, None, 2, 10))
    assert "No window keeps the limits. The nearest is 04:00 to 05:00: P95 delay at most 0.5 min is kept in 0" in text
    assert "% of operations instead of 90 % (P95 delay " in text
    assert "broken: 0 (0 to " in text


def test_windows_without_counts_are_named(made_of):
    counts = {"from": "06:00", "vehicles": {"box": [100] * 8, "truck": [10] * 8}}
    text = words(made_of({"traffic": {"counts": counts}}, [2], replications=10))
    assert "- 18 windows, such as 00:00 to 02:00: no counts for the intervals from 00:00, 01:00;" in text


def test_where_intervals_are_long_the_table_leaves_out_what_is_good_to_know(made):
    text = words(made, 80)
    assert "per 100" in text
    assert "  09:00\N{EN DASH}13:00  " in text
    assert "too few operations" not in text


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_fits_the_page(made, width):
    text = words(made, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
