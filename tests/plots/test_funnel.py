"""The figure of the funnel from above: what stands where, how long the queue is, how many spaces the area has."""

import itertools

import polars as pl
import pytest
from matplotlib.patches import Rectangle

from funnelsim.plots import funnel
from funnelsim.plots.funnel import funnel_table
from funnelsim.plots.shown_funnel import funnel_with_longest_queue


def _row(run, part):
    return funnel_table(run).row(by_predicate=pl.col("part") == part, named=True)


def _queues(figure):
    """Return the stretches of the road on which a queue is drawn, from its upstream end."""
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_zorder() == 2]
    return sorted({round(box.get_x() + box.get_width(), 6) for box in boxes if box.get_width() > 0.0})


def test_the_table_has_every_part_at_its_distance_from_the_taper(warned):
    at = {row["part"]: row["from_m"] for row in funnel_table(warned).iter_rows(named=True)}
    assert (at["exit"], at["warning sign"], at["critical point"]) == (700.0, 500.0, 900.0)
    assert at["selection point"] == -warned.scenario.lane.length_m
    assert _row(warned, "bays")["number"] == 2
    assert _row(warned, "waiting spaces")["number"] == 1


def test_the_queue_reaches_to_the_mean_and_the_worst_of_the_longest_queues(warned):
    longest_m = warned.replications["tail_max_m"]
    estimate = warned.estimates["tail_max_m"]
    row = _row(warned, "longest queue, mean")
    assert (row["from_m"], row["low_m"], row["high_m"]) == pytest.approx((estimate.mean, estimate.low, estimate.high))
    assert _row(warned, "longest queue, worst operation")["from_m"] == longest_m.max()
    assert _queues(funnel(warned)) == pytest.approx([0.0, longest_m.mean(), longest_m.max()])


def test_marks_stand_on_the_road_at_their_distances_and_say_them(warned, words):
    figure = funnel(warned)
    upright = [line.get_xdata()[0] for line in figure.axes[0].lines if list(line.get_ydata()) == [0.0, 1.0]]
    assert sorted(upright) == [-warned.scenario.lane.length_m, 0.0, 500.0, 700.0, 900.0]
    for text in ("critical point 900 m", "warning sign 500 m", "exit 700 m", "1 waiting space", "2 bays"):
        assert text in words(figure)


def test_the_area_has_a_box_for_each_space(warned):
    boxes = [patch for patch in funnel(warned).axes[1].patches if patch.get_facecolor() == (1.0, 1.0, 1.0, 1.0)]
    assert len(boxes) == 3


def test_no_line_to_a_label_runs_through_another_label(warned):
    figure = funnel(warned)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    labels = [text for text in axes.texts if getattr(text, "arrow_patch", None) is not None and text.get_text()]
    assert len(labels) == 5
    for one, other in itertools.permutations(labels, 2):
        at = axes.transData.transform(one.xy)[0]
        box = super(type(other), other).get_window_extent()
        lower = box.y0 < super(type(one), one).get_window_extent().y0
        assert not (lower and box.x0 < at < box.x1), (one.get_text(), other.get_text())


def test_without_a_queue_it_says_so_and_draws_none(quiet, words):
    figure = funnel(quiet)
    assert "The queue never reaches beyond the lane" in words(figure)
    assert _queues(figure) == []


def test_one_operation_has_one_length_and_no_mean(single, words):
    said = words(funnel(single))
    assert "In the simulated operation the queue reaches" in said
    assert "mean" not in said
    assert "worst" not in said


def test_of_several_funnels_the_one_with_the_longest_queue_is_drawn_and_named(sides):
    shown = funnel_with_longest_queue(sides)
    assert funnel(sides).get_suptitle().endswith("westbound")
    assert _row(sides, "longest queue, worst operation")["from_m"] == shown.longest_m.max()
