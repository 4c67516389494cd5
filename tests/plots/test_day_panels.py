"""When the funnel operates is marked in the figures over the day, for one window and for several."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from funnelsim.experiments.run import run
from funnelsim.plots import queue_and_delay, staff_and_bays, tail_fans
from funnelsim.plots.day_panels import bin_middles, moment_words, room_above, with_gaps

HOUR_S = 3600.0


def _closed(axes):
    """Return the shaded stretches of time of a panel."""
    spans = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_height() == 1.0]
    return sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in spans)


def _complement(plan, from_s, to_s):
    moments = [from_s, *(moment for window in plan.windows_s for moment in window), to_s]
    return list(zip(moments[::2], moments[1::2], strict=True))


@pytest.mark.parametrize("name", ["busy", "days", "night"])
@pytest.mark.parametrize("draw", [queue_and_delay, lambda made: tail_fans({"one": made}), staff_and_bays])
def test_every_stretch_outside_the_windows_is_shaded_and_every_opening_and_closing_marked(
    name, draw, request, uprights
):
    made = request.getfixturevalue(name)
    axes = draw(made).axes[0]
    np.testing.assert_allclose(_closed(axes), _complement(made.plan, *axes.get_xlim()))
    moments = {moment for window in made.plan.windows_s for moment in window}
    assert moments <= set(uprights(axes))


def test_of_several_windows_nothing_but_openings_and_closings_is_marked(days, uprights):
    assert uprights(queue_and_delay(days).axes[0]) == [
        hour * HOUR_S for hour in (6.0, 7.0, 17.0, 18.5, 30.0, 31.0, 41.0, 42.5)
    ]


def test_several_days_have_their_day_at_the_first_mark_of_each(days):
    figure = queue_and_delay(days)
    axes = figure.axes[-1]
    low, high = axes.get_xlim()
    ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
    shown = [label.get_text() for tick, label in ticks if low <= tick <= high]
    named = [text for text in shown if "day" in text]
    assert [text.split("\n")[1] for text in named] == ["day 1", "day 2"]
    assert named[0] == shown[0]
    assert named[1].startswith("00:00")
    assert "over midnight" not in axes.get_xlabel()


def test_windows_without_room_for_their_times_above_have_them_below(days, words):
    assert not room_above(days)
    text = words(queue_and_delay(days))
    assert "the funnel operates 06:00-07:00, 17:00-18:30" in text.replace("\N{EN DASH}", "-")
    assert "opens" not in text


def test_windows_with_room_have_their_times_above(days, words):
    operation = {"opens": "06:00", "closes": "09:00", "also": [{"opens": "12:00", "closes": "15:00"}]}
    scenario = days.scenario.model_copy(update={"operation": type(days.scenario.operation).model_validate(operation)})
    made = run(scenario, replications=2, seed=7)
    assert room_above(made)
    text = words(queue_and_delay(made)).replace("\N{EN DASH}", "-")
    assert "06:00-09:00" in text
    assert "12:00-15:00" in text
    assert "the funnel operates" not in text


def test_a_moment_of_several_days_has_its_day(busy, days):
    assert moment_words(busy.plan, 7.5 * HOUR_S) == "07:30"
    assert moment_words(days.plan, 30.5 * HOUR_S) == "06:30 of day 2"


def test_no_line_is_drawn_across_a_stretch_that_the_series_leaves_out(days):
    inside = days.series["time_s"].is_between(8 * HOUR_S, 16 * HOUR_S).not_()
    made = type(days)(**{**vars(days), "series": days.series.filter(inside)})
    middles = bin_middles(made)
    times, values = with_gaps(middles, np.ones((1, len(middles))))
    assert len(times) == len(middles) + 1
    [gap] = np.flatnonzero(np.isnan(times))
    assert np.isnan(values[0, gap])
    assert times[gap - 1] <= 8 * HOUR_S + 60.0 < 16 * HOUR_S <= times[gap + 1]
    line = queue_and_delay(made).axes[0].lines[0]
    assert np.isnan(line.get_ydata()).any()
    assert np.isnan(staff_and_bays(made).axes[0].lines[2].get_ydata()).sum() == 1
