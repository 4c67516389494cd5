"""The figure of yield by time on site: what an hour finds, and when it pays to move on."""

import numpy as np
import pytest

from funnelsim.experiments.run import run
from funnelsim.plots import hours_on_site
from funnelsim.plots.hours_on_site import OnSite, not_told_apart, on_site


def _lines(figure):
    """Return the curve of moving on: hours and detections an hour."""
    [line] = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
    return line.get_xdata(), line.get_ydata()


@pytest.mark.parametrize("name", ["warned", "days"])
def test_what_the_hours_find_adds_up_to_what_an_operation_finds(name, request):
    made = request.getfixturevalue(name)
    windows = len(made.plan.windows_s)
    site = on_site(made)
    lengths = [closes_s - opens_s for opens_s, closes_s in made.plan.windows_s]
    reached = np.array([np.clip(np.array(lengths) - end + 600.0, 0.0, 600.0).sum() / 600.0 for end in site.until_s])
    total = (site.found * reached).sum(axis=1)
    np.testing.assert_allclose(total, made.replications["expected_detections"].to_numpy(), rtol=1e-9)
    assert reached[0] == windows


def test_a_step_is_the_expected_detections_of_its_ten_minutes(warned):
    site = on_site(warned)
    inside = warned.series.filter(warned.series["time_s"].is_between(6 * 3600.0 + 1200.0, 6 * 3600.0 + 1799.0))
    by_replication = inside.group_by("replication", maintain_order=True).sum()["expected_detections"].to_numpy()
    np.testing.assert_allclose(site.found[:, 2], by_replication)
    np.testing.assert_allclose(site.per_hour[:, 2], 6.0 * by_replication)


def test_moving_on_is_everything_found_over_the_time_and_the_time_to_set_up():
    site = OnSite(np.array([1800.0, 3600.0, 7200.0]), np.array([[2.0, 1.0, 0.0]]))
    assert site.per_hour.tolist() == [[4.0, 2.0, 0.0]]
    assert site.moving_on(1800.0).tolist() == [[2.0, 2.0, 1.2]]
    assert site.moving_on(0.0).tolist() == [[4.0, 3.0, 1.5]]


def test_the_curve_drawn_is_the_mean_over_operations_for_the_given_time_to_set_up(warned, words):
    for setup_min in (30.0, 90.0):
        figure = hours_on_site(warned, setup_min)
        hours, rate = _lines(figure)
        site = on_site(warned)
        np.testing.assert_allclose(hours, site.until_s / 3600.0)
        np.testing.assert_allclose(rate, site.moving_on(60.0 * setup_min).mean(axis=0))
        assert f"{setup_min:g} min to move" in words(figure)


def test_the_best_time_is_the_peak_and_later_the_further_the_next_site(warned, uprights):
    peaks = []
    for setup_min in (10.0, 30.0, 120.0):
        figure = hours_on_site(warned, setup_min)
        hours, rate = _lines(figure)
        [best_h] = uprights(figure.axes[0])
        assert best_h == hours[np.argmax(rate)]
        peaks.append(best_h)
    assert peaks == sorted(peaks)
    assert peaks[0] < peaks[-1]


def test_an_hour_at_the_peak_finds_about_what_the_whole_does_and_later_less(warned):
    """Charnov's marginal value theorem."""
    site = on_site(warned)
    rate, per_hour = site.moving_on(1800.0).mean(axis=0), site.per_hour.mean(axis=0)
    best = int(np.argmax(rate))
    assert per_hour[best] >= rate[best] >= per_hour[best + 1]


def test_where_the_word_is_out_it_pays_to_move_on(warned, words):
    said = words(hours_on_site(warned))
    assert "Moving on after" in said or "Staying to the end" in said
    assert "30 minutes" in said
    assert "targets an hour" in said


def test_where_nobody_is_warned_and_moving_takes_long_staying_pays(busy, words):
    said = words(hours_on_site(busy, setup_min=100_000.0))
    assert "or later finds the same" in said or "Staying to the end finds the most" in said


def test_times_are_the_same_unless_paired_intervals_tell_them_apart():
    noise = np.random.default_rng(1).normal(0.0, 0.01, (40, 1))
    yields = np.array([0.5, 1.0, 0.7, 1.0, 0.8]) + noise + np.random.default_rng(2).normal(0.0, 0.02, (40, 5))
    assert not_told_apart(yields, 1) == [(1, 1), (3, 3)]
    assert not_told_apart(yields[:1], 1) == [(0, 4)]


def test_of_several_windows_the_caption_names_their_mean(warned, words):
    also = warned.scenario.operation.model_copy(update={"days": 2})
    made = run(warned.scenario.model_copy(update={"operation": also}), 4, 1)
    said = words(hours_on_site(made))
    assert "the mean of its 2 windows" in said
    assert "of each of 2 windows" in said


def test_one_operation_claims_no_best_time(single, words):
    said = words(hours_on_site(single))
    assert "One operation cannot tell when to move on" in said
    assert "finds less" not in said


def test_one_operation_has_no_band(single, warned):
    assert not hours_on_site(single).axes[0].collections
    assert len(hours_on_site(warned).axes[0].collections) == 2


def test_where_nothing_can_be_found_it_says_so(quiet, words):
    assert "Nothing is found" in words(hours_on_site(quiet))
