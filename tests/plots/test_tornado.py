"""The tornado draws each choice once, its levers up and down, the largest on top."""

import pytest

from funnelsim.decision.levers.levers import levers
from funnelsim.plots import tornado
from funnelsim.plots.style import WIDTH_IN
from funnelsim.plots.tornado import tornado_rows
from tests.decision.levers.test_levers import CHANGES
from tests.plots.test_figures import A4_TEXT_HEIGHT_IN


@pytest.fixture(scope="module")
def made(build):
    return levers(build(CHANGES), replications=40, jobs=2)


@pytest.fixture(scope="module")
def figure(made):
    return tornado(made)


def test_bars_and_intervals_are_the_differences(made, figure):
    axes = figure.axes[0]
    drawn = sorted(bar.get_x() + bar.get_width() if bar.get_x() == 0.0 else bar.get_x() for bar in axes.patches)
    found = [bar.found.estimate for bars in tornado_rows(made).values() for bar in bars]
    assert drawn == pytest.approx(sorted(one.mean for one in found), abs=1e-12)
    intervals = sorted(tuple(line.get_xdata()) for line in axes.lines[1:])
    assert intervals == sorted((one.low, one.high) for one in found if one.half_width == one.half_width)


def test_rows_are_sorted_by_the_larger_of_up_and_down(made, figure):
    rows = tornado_rows(made)
    sizes = [max(abs(bar.found.estimate.mean) for bar in bars) for bars in rows.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(rows)
    assert [bar.to for bar in rows["hours: close"]] == ["one hour later", "one hour earlier"]


def test_choices_without_a_difference_seen_are_named_together(made, figure, words):
    assert "probe" not in tornado_rows(made)
    said = words(figure)
    assert "No difference in finds seen: " in said
    assert "probe" in said
    assert "selection rates included" in said


def test_what_is_not_seen_is_not_filled(made, figure):
    bars = [bar for of_choice in tornado_rows(made).values() for bar in of_choice]
    for bar, patch in zip(bars, figure.axes[0].patches, strict=True):
        assert (patch.get_facecolor()[:3] == (1.0, 1.0, 1.0)) == (not bar.found.seen)


def test_no_label_lies_beyond_the_axes_and_the_figure_fits_a_page(figure):
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for text in axes.texts:
        box = text.get_window_extent()
        assert axes.bbox.x0 <= box.x0, text.get_text()
        assert box.x1 <= axes.bbox.x1 + 1.0, text.get_text()
    assert figure.get_size_inches()[0] == WIDTH_IN
    assert figure.get_size_inches()[1] <= A4_TEXT_HEIGHT_IN


def test_re_tuned_levers_say_so(build, words):
    said = words(tornado(levers(build(CHANGES), replications=6, retune=True)))
    assert "Each plan has the rates of the bound, also the one compared with." in said
    assert "The rates of the bound against the rates as planned: " in said


def test_where_nothing_is_seen_it_says_so_in_words(build, words):
    """Nothing comes that could be found, so nothing helps."""
    none = [CHANGES["targets"][0] | {"per_10k": {"box": 0.0}}]
    figure = tornado(levers(build(CHANGES | {"targets": none}), replications=3))
    assert not figure.axes[0].patches
    assert "No difference in finds seen" in words(figure)
