"""The minutes of the windows: every one is in exactly one entry of the account."""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.account import ENTRIES, LAST_MINUTES, LIFTED, SELECTING, SUSPENDED, UNSTAFFED, account_s
from funnelsim.analysis.measures import measure
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Valve


def by_grid(log, plan, funnel, step_s=0.5):
    """Return the account of each window of a funnel, counted moment by moment in the order of the gate's questions."""
    duty, own = plan.funnels[funnel].duty, log.valve_funnel == funnel
    rows = []
    windows = zip(plan.funnel.opens_s, plan.funnel.last_selection_s, plan.funnel.closes_s, strict=True)
    for opens_s, last_s, closes_s in windows:
        entries = np.zeros(len(ENTRIES))
        here = own & (log.valve_s >= opens_s)
        for now_s in np.arange(opens_s, closes_s, step_s):
            before = np.flatnonzero(here & (log.valve_s <= now_s))
            valve = Valve.OPEN if len(before) == 0 else log.valve[before[-1]]
            if valve == Valve.LIFTED:
                entry = LIFTED
            elif not duty.staffed[duty.at(now_s)]:
                entry = UNSTAFFED
            elif valve == Valve.SUSPENDED:
                entry = SUSPENDED
            else:
                entry = SELECTING if now_s < last_s else LAST_MINUTES
            entries[entry] += step_s
        rows.append(entries)
    return rows


@pytest.mark.parametrize("kind", ["one funnel", "two funnels and windows"])
def test_it_is_what_a_fine_grid_counts(kind, logs, plan, rich_logs, rich_plan):
    few, its_plan = (logs[:3], plan) if kind == "one funnel" else (rich_logs[:3], rich_plan)
    for log in few:
        account = account_s(log, its_plan)
        for funnel in range(len(its_plan.funnels)):
            assert account[funnel] == pytest.approx(np.array(by_grid(log, its_plan, funnel)), abs=15.0)
        shares = account.sum(axis=(0, 1)) / account.sum()
        names = ("selecting_share", "suspended_share", "lifted_share", "unstaffed_share", "last_minutes_share")
        row = measure(log, its_plan)
        assert [row[name] for name in names] == pytest.approx(shares)


def test_it_adds_up_to_the_windows(rich_logs, rich_plan):
    lengths_s = [closes_s - opens_s for opens_s, closes_s in rich_plan.windows_s]
    for log in rich_logs:
        assert account_s(log, rich_plan).sum(axis=2) == pytest.approx(np.array([lengths_s, lengths_s]))


def test_a_valve_that_was_shut_at_a_closing_is_open_at_the_next_opening(rich_logs, rich_plan):
    """By hand: shut from a quarter past six on, and nobody comes afterwards to open it."""
    shut = {
        "valve_s": np.array([6.25 * 3600]),
        "valve": np.array([Valve.SUSPENDED]),
        "valve_funnel": np.array([1]),
    }
    account = account_s(dataclasses.replace(rich_logs[0], **shut), rich_plan)
    assert account[0, :, SUSPENDED].tolist() == [0.0, 0.0]
    assert account[1, :, SUSPENDED].tolist() == [45 * 60, 0.0]


@pytest.fixture
def half_staffed(build, vehicles):
    """Return what measures a funnel that stands from 01:00 to 02:00, with officers until a given time."""

    def half_staffed(until):
        roster = [{"agency": "police", "count": 1, "from": "00:30", "to": until}]
        search = {"name": "search", "duration": {"mean_s": 60.0}, "crew": {"police": 1}}
        plan = plan_of(build({"area": {"stages": [search]}, "staffing": {"roster": roster}}))
        return measure(simulate(vehicles(plan, [0.0, 60.0]), plan), plan)

    return half_staffed


def test_time_without_officers_is_no_time_with_selection(half_staffed):
    """On duty for half of the window: 50 %, where 0 % without selection were printed."""
    row = half_staffed("01:30")
    assert (row["selecting_share"], row["unstaffed_share"], row["suspended_share"]) == (0.5, 0.5, 0.0)


def test_a_funnel_that_is_lifted_is_counted(build, vehicles):
    """Boxes 1 s apart: the queue grows until the funnel is lifted."""
    valve = {"suspend_at_m": 100.0, "resume_at_m": 20.0, "lift_at_m": 200.0}
    plan = plan_of(build({"selection": {"valve": valve, "rate": {"default": 0.0}}}))
    log = simulate(vehicles(plan, np.arange(200.0)), plan)
    row = measure(log, plan)
    assert row["liftings"] == (log.valve == Valve.LIFTED).sum() > 0
    assert row["lifted"] == 1.0
    lifted_s, since_s = 0.0, None
    for time_s, valve in zip(log.valve_s, log.valve, strict=True):
        if since_s is not None:
            lifted_s, since_s = lifted_s + time_s - since_s, None
        if valve == Valve.LIFTED:
            since_s = time_s
    lifted_s += 0.0 if since_s is None else plan.window_s[1] - since_s
    assert row["lifted_share"] == pytest.approx(lifted_s / 3600)
