"""The figure of the end of the queue: how likely it is beyond the sign, and who meets it fast."""

import numpy as np
import pytest

from funnelsim.analysis.estimates import chance_estimate, estimate_text
from funnelsim.analysis.exposure import meets_fast
from funnelsim.plots import queue_warning
from funnelsim.plots.queue_warning import chance_beyond, meetings_by_class, queue_warning_tables
from funnelsim.plots.shown_funnel import funnel_with_longest_queue


def test_only_points_that_the_queue_reaches_have_a_curve_and_all_are_named_with_how_often(warned, words):
    figure = queue_warning(warned)
    longest_m = warned.replications["tail_max_m"].to_numpy()
    reached = [at_m for at_m in (500.0, 700.0, 900.0) if (warned.series["tail_m"] > at_m).any()]
    curves = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
    assert len(curves) == len(reached) >= 1
    for name, at_m in (("warning sign", 500.0), ("exit", 700.0), ("critical point", 900.0)):
        assert f"It is beyond the {name}, {at_m:.0f} m, in {(longest_m > at_m).sum()} of 6 operations" in words(figure)
        assert (f"| beyond the {name}, {at_m:.0f} m |" in words(figure)) == (at_m in reached)


def test_the_queue_itself_is_drawn_in_another_figure(warned):
    assert not [axes for axes in queue_warning(warned).axes if "metres" in axes.get_ylabel()]


def test_the_chance_is_the_share_of_operations_with_the_queue_beyond_the_sign_in_each_bin(warned):
    line = queue_warning(warned).axes[0].lines[0]
    beyond = (warned.series["tail_m"] > 500.0).to_numpy().reshape(6, -1)
    assert 0 < beyond.mean() < 1
    np.testing.assert_allclose(line.get_ydata(), 100.0 * beyond.mean(axis=0))


def test_the_band_is_the_interval_of_the_chance(warned):
    low, share, high = chance_beyond(warned, funnel_with_longest_queue(warned), 500.0)
    beyond = (warned.series["tail_m"] > 500.0).to_numpy().reshape(6, -1)
    at = int(np.argmax(beyond.mean(axis=0)))
    chance = chance_estimate(beyond[:, at])
    assert low[at] == pytest.approx(100.0 * chance.low)
    assert high[at] == pytest.approx(100.0 * chance.high)
    assert np.all((low <= share + 1e-9) & (share <= high + 1e-9))
    table = queue_warning_tables(warned)["chances"]
    assert table["beyond the warning sign, 500 m, per cent: middle"].to_list() == share.tolist()


def test_bars_count_by_class_who_meets_the_queue_fast_in_the_first_operation(warned, words):
    log, plan = warned.first_log(), warned.plan
    counts = meetings_by_class(warned, funnel_with_longest_queue(warned))
    meets = meets_fast(log, plan)
    assert sum(counts.values()) == meets.sum() > 0
    for name, number in counts.items():
        assert number == (meets & (log.traffic.vehicle_class == plan.classes.index(name))).sum()
    bars = queue_warning(warned).axes[-1].patches
    assert [bar.get_width() for bar in bars] == list(counts.values()) == sorted(counts.values(), reverse=True)
    assert f"at least {plan.funnel.tail_speed_difference_ms * 3.6:.0f} km/h faster" in words(queue_warning(warned))


def test_lorries_are_darker(warned):
    bars = dict(
        zip(
            meetings_by_class(warned, funnel_with_longest_queue(warned)),
            queue_warning(warned).axes[-1].patches,
            strict=True,
        )
    )
    assert sum(bars["lorry"].get_facecolor()[:3]) < sum(bars["car"].get_facecolor()[:3])


def test_it_says_how_often_and_how_long_the_queue_is_beyond_the_sign_with_intervals(warned, words):
    said = words(queue_warning(warned))
    exceeded, longest = warned.estimates["warning_exceeded_s"], warned.estimates["tail_max_m"]
    assert f"Beyond the sign it is for {estimate_text(exceeded, 1 / 60.0)} min on average" in said
    assert f"reaches {estimate_text(longest)} m back on average" in said
    assert f"{estimate_text(warned.estimates['tail_meetings'])} vehicles an operation meet its end fast" in said


def test_a_sign_that_no_queue_passes_needs_no_panel_of_its_chance(days, words):
    figure = queue_warning(days)
    assert "It is beyond the warning sign, 40,000 m, in 0 of 3 operations" in words(figure)
    assert not [axes for axes in figure.axes if "chance" in axes.get_ylabel()]


def test_without_a_sign_it_says_so(busy, words):
    figure = queue_warning(busy)
    assert "has no warning sign" in words(figure)
    assert "Who meets the end of the queue fast" in words(figure)


def test_no_queue_is_said_in_words(quiet, words):
    assert "The queue never reaches beyond the lane" in words(queue_warning(quiet))


def test_of_several_funnels_the_one_with_the_longest_queue_is_shown_and_named(sides):
    figure = queue_warning(sides)
    assert figure.get_suptitle().endswith("westbound")
    queue = sides.series["tail_m.westbound"].to_numpy().reshape(3, -1)
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), 100.0 * (queue > 450.0).mean(axis=0))
    log = sides.first_log().of_funnel(1)
    counts = meetings_by_class(sides, funnel_with_longest_queue(sides))
    assert sum(counts.values()) == meets_fast(log, sides.plan.other_funnels[0]).sum() > 0
