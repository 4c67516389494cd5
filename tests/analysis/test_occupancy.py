"""Utilisations, waits and overtime are integrals of the log."""

import numpy as np
import pytest

from funnelsim.analysis.measures import measure
from funnelsim.analysis.occupancy import occupancy, overtime_h, pool_in_use
from funnelsim.analysis.steps import in_use
from funnelsim.model.states import NOT_FOUND, Fate


def sampled(moments, levels, grid):
    step = np.searchsorted(moments, grid, side="right") - 1
    return np.where(step < 0, 0, levels[np.clip(step, 0, None)])


def grid_of(plan, step_s=0.5):
    return np.concatenate([np.arange(*window_s, step_s) for window_s in plan.windows_s])


def test_bay_utilisation_is_the_time_average_of_bays_in_use(logs, plan):
    log = logs[0]
    inspected = log.fate == Fate.INSPECTED
    bays = sampled(*in_use(log.bay_from_s[inspected], log.left_s[inspected]), grid_of(plan))
    assert occupancy(log, plan)["bay_utilisation"] == pytest.approx(bays.mean() / plan.bays, rel=5e-3)


def test_crew_utilisation_is_officers_in_stages_over_officers_free(logs, plan):
    log = logs[0]
    used = sampled(*pool_in_use(log, plan, 0), grid_of(plan)).mean()
    assert occupancy(log, plan)["crew_utilisation.police"] == pytest.approx(used / 4, rel=5e-3)


def test_wait_is_from_arrival_in_the_area_to_the_bay(logs, plan):
    log = logs[0]
    inspected = log.fate == Fate.INSPECTED
    waits = log.bay_from_s[inspected] - log.passed_s[inspected] - plan.divert_s
    assert np.all(waits >= 0)
    assert measure(log, plan)["area_wait_mean_s"] == pytest.approx(waits.mean())


def test_overtime_is_officers_in_stages_beyond_the_roster(logs, plan):
    """Customs go home at 06:50, the operation closes at 07:00: they finish what was accepted, in overtime."""
    customs = plan.duty.agencies.index("customs")
    total = 0.0
    for log in logs:
        moments, used = pool_in_use(log, plan, customs)
        grid = np.arange(6 * 3600.0 + 50 * 60.0, plan.window_s[1] + 7200, 0.5)
        by_grid_h = sampled(moments, used, grid).sum() * 0.5 / 3600
        assert overtime_h(log, plan)[customs] == pytest.approx(by_grid_h, abs=2e-3)
        total += by_grid_h
    assert total > 0


def test_bays_and_spots_are_in_use_one_after_the_other(rich_logs, rich_plan):
    """Over both windows, against a fine grid; only found vehicles take a spot."""
    log = rich_logs[0]
    grid = grid_of(rich_plan)
    assert grid[-1] - grid[0] > 7200  # the grid spans two windows and what lies between
    who = log.inspected
    bays = sampled(*in_use(log.bay_from_s[who], log.bay_to_s[who]), grid)
    found = log.found_at != NOT_FOUND
    spots = sampled(*in_use(log.bay_to_s[found], log.left_s[found]), grid)
    row = occupancy(log, rich_plan)
    assert row["bay_utilisation"] == pytest.approx(bays.mean() / rich_plan.bays, rel=5e-3)
    assert row["spot_utilisation"] == pytest.approx(spots.mean() / 2, rel=5e-3)
    assert 0 < row["spot_utilisation"] < 1


def test_utilisations_are_over_all_windows(rich_logs, rich_plan):
    log = rich_logs[0]
    grid = grid_of(rich_plan)
    row = occupancy(log, rich_plan)
    for pool, name in ((0, "crew_utilisation.police"), (2, "equipment_utilisation.van")):
        used = sampled(*pool_in_use(log, rich_plan, pool), grid)
        at_hand = rich_plan.capacity[np.searchsorted(rich_plan.capacity_times_s, grid, side="right") - 1, pool]
        assert row[name] == pytest.approx(np.minimum(used, at_hand).sum() / at_hand.sum(), rel=5e-3)


def test_chase_utilisation_is_pursuit_time_over_the_time_of_manned_cars(rich_logs, rich_plan):
    log = rich_logs[0]
    away = sampled(*in_use(log.pursuit_from_s, log.pursuit_to_s), grid_of(rich_plan))
    assert occupancy(log, rich_plan)["chase_utilisation"] == pytest.approx(away.mean() / 2, rel=5e-3)
    assert away.any()


def test_without_spots_and_chase_cars_nothing_is_said_of_them(logs, plan):
    assert not {"spot_utilisation", "chase_utilisation"} & set(occupancy(logs[0], plan))


def test_wait_of_one_who_was_brought_back_is_from_arrival_in_the_area_too(rich_logs, rich_plan):
    brought = waited = 0
    for log in rich_logs:
        back = log.fate == Fate.BROUGHT_BACK
        waits = [log.bay_from_s[i] - log.area_s[i] for i in np.flatnonzero(log.inspected)]
        assert measure(log, rich_plan)["area_wait_mean_s"] == pytest.approx(np.mean(waits))
        brought += back.sum()
        waited += (log.bay_from_s[back] > log.area_s[back]).sum()
    assert brought > waited > 0
