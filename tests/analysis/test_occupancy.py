"""Utilisations, waits and overtime are integrals of the log."""

import numpy as np
import pytest

from funnelsim.analysis.occupancy import occupancy, overtime_h, pool_in_use, suspended_share
from funnelsim.analysis.steps import in_use
from funnelsim.model.log import Fate, Valve


def sampled(moments, levels, grid):
    step = np.searchsorted(moments, grid, side="right") - 1
    return np.where(step < 0, 0, levels[np.clip(step, 0, None)])


def grid_of(plan, step_s=0.5):
    return np.arange(plan.funnel.opens_s, plan.funnel.closes_s, step_s)


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
    assert occupancy(log, plan)["area_wait_mean_s"] == pytest.approx(waits.mean())


def test_overtime_is_officers_in_stages_beyond_the_roster(logs, plan):
    """Customs go home at 06:50, the operation closes at 07:00: they finish what was accepted, in overtime."""
    customs = plan.duty.agencies.index("customs")
    total = 0.0
    for log in logs:
        moments, used = pool_in_use(log, plan, customs)
        grid = np.arange(plan.duty.home_s[customs], plan.funnel.closes_s + 7200, 0.5)
        by_grid_h = sampled(moments, used, grid).sum() * 0.5 / 3600
        assert overtime_h(log, plan)[customs] == pytest.approx(by_grid_h, abs=2e-3)
        total += by_grid_h
    assert total > 0


def test_suspended_share_is_valve_time_and_the_last_minutes(logs, plan):
    shares = []
    for log in logs:
        grid = grid_of(plan)
        shut = sampled(log.valve_s, log.valve, grid) != Valve.OPEN if len(log.valve) else np.zeros(len(grid))
        by_grid = (shut.astype(bool) | (grid >= plan.funnel.last_selection_s)).mean()
        assert suspended_share(log, plan) == pytest.approx(by_grid, abs=2e-3)
        shares.append(by_grid)
    assert min(shares) == pytest.approx(5 / 60, abs=1e-3)
    assert max(shares) > 0.2
