"""The chapter shows every reported figure, in the range or not, and says why where it is not."""

import re

import pytest

from funnelsim.validation.chapter import Effort
from validation.operations import chapter as writer
from validation.operations.backtest import Backtest
from validation.operations.chapter import below_the_median, chapter
from validation.operations.operation import OPERATIONS, Operation, Outcome


@pytest.fixture(scope="module")
def written():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "QUICK_DRAWS", 20)
        return chapter(Effort(quick=True))


def test_every_reported_figure_is_a_line(written):
    reported = [outcome.reported for operation in OPERATIONS for outcome in operation.outcomes]
    assert [line.expected for line in written.lines] == reported
    assert len({line.case for line in written.lines}) == len(reported)


def test_the_brief_asks_for_five_operations_and_these_are_among_them(written):
    cases = " ".join(line.case for line in written.lines)
    assert all(place in cases for place in ("A81", "A1 Damlos", "A4 Austria", "L560", "A6 "))


def test_a_figure_outside_says_what_it_would_take(written):
    outside = [line for line in written.lines if not line.agrees]
    assert outside, "the offenders at Aalbek are no figure of this model, and must not become one"
    assert all("would take" in line.explanation or "not this unknown" in line.explanation for line in outside)
    assert all(re.search(r"% of the simulated operations lie below it", line.note) for line in written.lines)


def test_a_wide_range_is_called_so(written):
    wide = [line for line in written.lines if line.agrees and line.low > 0 and line.high > 5 * line.low]
    assert wide
    assert all("says little" in line.note for line in wide)


def test_the_text_counts_what_the_table_shows(written):
    inside = sum(line.agrees for line in written.lines)
    assert f"{inside} of {len(written.lines)} reported figures lie in the simulated range" in written.text
    assert all(line.case in written.text for line in written.lines if not line.agrees)


def test_the_figure_marks_every_figure_once(written):
    figure, sentence = written.figures["operations"]
    marks = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "D"]
    assert len(marks) == len(written.lines)
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert words.count("outside") == sum(not line.agrees for line in written.lines)
    assert f"of {len(written.lines)} reported figures" in sentence


def test_the_sign_test_counts_figures_below_their_median():
    operation = Operation("", "", "", frozenset(), (Outcome("vehicles", 5), Outcome("vehicles", 20)))
    below, count, ratio, chance = below_the_median([Backtest(operation, ((10.0,), (10.0,)), 1.0)], "vehicles")
    assert (below, count, chance) == (1, 2, 1.0)
    assert ratio == pytest.approx(1.0)
