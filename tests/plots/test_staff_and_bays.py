import numpy as np
import polars as pl
import pytest

from funnelsim.analysis.estimates import with_error
from funnelsim.plots import staff_and_bays


def _level_at(line, time_s):
    """Return the height of a step line at a moment."""
    step = np.searchsorted(line.get_xdata(), time_s, side="right") - 1
    return line.get_ydata()[step]


def _panels(run):
    return {axes.get_title(loc="left").split(":")[0].split(" (")[0]: axes for axes in staff_and_bays(run).axes}


def test_there_is_a_panel_for_each_agency_the_bays_and_each_equipment_in_words(busy):
    assert list(_panels(busy)) == ["police", "border police", "bays", "co2 probe"]


def test_who_is_free_is_seen_where_all_on_duty_are(busy):
    """The one line is wide and lies below the other."""
    free, on_duty = _panels(busy)["police"].lines[:2]
    assert free.get_linewidth() > 2.0 * on_duty.get_linewidth()


@pytest.mark.parametrize("agency", ["police", "border police"])
def test_the_roster_lines_say_who_is_on_duty_and_who_is_free(busy, agency):
    free, on_duty = _panels(busy)[agency].lines[:2]
    duty = busy.plan.duty
    column = duty.agencies.index(agency.replace(" ", "_"))
    for time_s in np.arange(6 * 3600.0 + 1.0, 9 * 3600.0, 60.0):
        step = duty.at(time_s)
        assert _level_at(on_duty, time_s) == duty.on_duty[step, column]
        assert _level_at(free, time_s) == duty.free[step, column]


def test_a_break_and_a_post_take_officers_from_inspections(busy):
    free, on_duty = _panels(busy)["police"].lines[:2]
    levels = {_level_at(on_duty, time_s) for time_s in np.arange(6 * 3600.0, 8 * 3600.0, 60.0)}
    assert min(levels) < 4  # some are on a break
    assert _level_at(on_duty, 7 * 3600.0) - _level_at(free, 7 * 3600.0) == 1  # traffic control
    assert _level_at(on_duty, 8 * 3600.0 + 60.0) == 0


@pytest.mark.parametrize(
    ("panel", "column"), [("police", "in_use.police"), ("bays", "bays"), ("co2 probe", "in_use.co2_probe")]
)
def test_in_use_is_the_mean_over_replications(busy, panel, column):
    line = _panels(busy)[panel].lines[2 if panel == "police" else 1]
    mean = busy.series.group_by("time_s").agg(pl.col(column).mean()).sort("time_s")
    np.testing.assert_array_equal(line.get_xdata(), mean["time_s"].to_numpy() + 60.0)
    np.testing.assert_allclose(line.get_ydata(), mean[column].to_numpy(), atol=1e-12)


def test_bays_and_equipment_are_held_against_how_many_there_are(busy):
    panels = _panels(busy)
    assert set(panels["bays"].lines[0].get_ydata()) == {2}
    assert set(panels["co2 probe"].lines[0].get_ydata()) == {1}


def test_overtime_is_hatched_after_the_end_of_the_shift_only(busy):
    assert busy.estimates["overtime_officer_h"].mean > 0.0
    hatched = [patch for axes in _panels(busy).values() for patch in axes.collections if patch.get_hatch()]
    assert hatched
    for patch in hatched:
        for path in patch.get_paths():
            assert path.vertices[:, 0].min() >= 7.5 * 3600.0 - 60.0


def test_hatched_overtime_adds_up_to_the_measure(busy):
    hours = 0.0
    for axes in _panels(busy).values():
        for patch in (patch for patch in axes.collections if patch.get_hatch()):
            for path in patch.get_paths():
                x, y = path.vertices[:-1].T
                hours += abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2.0 / 3600.0
    assert hours == pytest.approx(busy.estimates["overtime_officer_h"].mean, rel=0.15)


def test_the_time_in_use_has_its_error(busy):
    used = busy.estimates["bay_utilisation"]
    title = _panels(busy)["bays"].get_title(loc="left")
    assert f"in use {with_error(used, 100.0)} % of the operation" in title
    assert f"{100 * used.low:.0f} to {100 * used.high:.0f}" in title


def test_units_are_in_words_and_window_is_marked(busy, uprights):
    panels = _panels(busy)
    assert [axes.get_ylabel() for axes in panels.values()] == ["officers", "officers", "bays", "pieces"]
    for axes in panels.values():
        assert uprights(axes) == [6 * 3600.0, 7 * 3600.0 + 40 * 60.0, 8 * 3600.0]


def test_a_scenario_without_staff_bays_and_equipment_says_so(quiet, words):
    assert "no officers, bays or equipment" in words(staff_and_bays(quiet))
