"""The record of suspensions: from when to when, for which queue, and who was checked before and after."""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.measures import measure
from funnelsim.analysis.suspensions import Checked, suspensions_of
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate, Gate, Valve

ENGINES = pytest.mark.parametrize(
    "simulate", [simpy_engine.simulate, compiled_engine.simulate], ids=["simpy", "compiled"]
)


@pytest.fixture
def rushes(build, vehicles):
    """Return what lets two rushes of 150 boxes, 1 s apart, meet a funnel that passes one every 2 s: log and plan.

    A lone box between them finds no queue, so that the valve opens again.
    """

    def rushes(simulate, area=None, **selection):
        valve = {"suspend_at_m": 300.0, "resume_at_m": 20.0}
        plan = plan_of(build({"selection": {"valve": valve, **selection}, "area": area or {}}))
        comes_s = [600.0 + k for k in range(150)] + [1500.0] + [1800.0 + k for k in range(150)]
        return simulate(vehicles(plan, comes_s), plan), plan

    return rushes


@ENGINES
def test_every_nth_counts_those_who_are_looked_at_so_that_it_stands_still_in_a_suspension(rushes, simulate):
    """Every seventh of those who are looked at is selected, and the count goes on where it stood."""
    log, _ = rushes(simulate, rule="every_nth", every={"default": 7})
    looked_at = log.gate == Gate.OPEN
    selected = np.isin(log.fate, (Fate.INSPECTED, Fate.AREA_FULL))
    assert (log.gate == Gate.SUSPENDED).sum() > 7
    assert looked_at.sum() > 7
    assert np.flatnonzero(selected[looked_at]).tolist() == list(range(6, looked_at.sum(), 7))


@ENGINES
def test_a_suspension_says_its_queue_and_whom_it_let_pass(rushes, simulate):
    log, plan = rushes(simulate, rule="every_nth", every={"default": 7})
    first, second = suspensions_of(log, plan)
    assert (second.until_closing, first.until_closing) == (True, False)  # nobody comes later to open the valve
    for one in (first, second):
        during = (log.passed_s >= one.from_s) & (log.passed_s < one.to_s)
        assert 300.0 <= one.queue_m < 320.0  # a vehicle takes 10 m
        assert one.unchecked == (log.gate[during] == Gate.SUSPENDED).sum() == during.sum()
        assert one.lifted_s == 0.0
    looked_at = int((log.gate == Gate.OPEN).sum())
    assert first.after == second.before
    assert first.before.looked_at + first.after.looked_at == looked_at
    assert second.after == Checked(0, 0)
    assert first.unchecked + second.unchecked + looked_at == 301
    assert first.before.selected + first.after.selected == looked_at // 7


@ENGINES
def test_an_area_that_is_full_has_still_selected(rushes, simulate):
    """Everybody is selected, though the area takes one only."""
    log, plan = rushes(simulate, {"bays": 1, "waiting": 0}, rate={"default": 1.0})
    assert {one.before.share for one in suspensions_of(log, plan)} == {1.0}
    assert (log.fate == Fate.AREA_FULL).any()


def test_who_is_on_the_watch_list_is_checked_even_in_a_suspension(rushes):
    log, plan = rushes(simpy_engine.simulate, rate={"default": 0.0})
    everybody = dataclasses.replace(log, fate=np.where(log.gate == Gate.SUSPENDED, Fate.INSPECTED, log.fate))
    assert suspensions_of(log, plan)[0].unchecked > 0
    assert suspensions_of(everybody, plan)[0].unchecked == 0


def test_a_suspension_ends_with_the_window_and_counts_the_time_lifted(logs, plan):
    """By hand: suspended at 06:10, lifted at 06:20, open at 06:25; suspended at 06:50 until the closing at 07:00."""
    opens_s = plan.window_s[0]
    turns = [(600, Valve.SUSPENDED), (1200, Valve.LIFTED), (1500, Valve.OPEN), (3000, Valve.SUSPENDED)]
    log = dataclasses.replace(
        logs[0],
        valve_s=np.array([opens_s + after_s for after_s, _ in turns]),
        valve=np.array([valve for _, valve in turns]),
        valve_funnel=np.zeros(4, dtype=np.int64),
    )
    made = suspensions_of(log, plan)
    assert [(one.from_s - opens_s, one.to_s - opens_s, one.lifted_s) for one in made] == [
        (600, 1500, 300),
        (3000, 3600, 0),
    ]
    assert [one.until_closing for one in made] == [False, True]
    row = measure(log, plan)
    assert (row["suspensions"], row["suspensions_s"]) == (2, 900 + 600)


def test_the_suspensions_of_several_funnels_and_windows_hold_all_who_met_a_suspended_selection(rich_logs, rich_plan):
    suspended = 0
    for log in rich_logs:
        made = suspensions_of(log, rich_plan)
        row = measure(log, rich_plan)
        assert row["suspensions"] == len(made)
        assert row["suspensions_s"] == pytest.approx(sum(one.to_s - one.from_s for one in made))
        for one in made:
            opens_s, closes_s = rich_plan.windows_s[one.window]
            assert opens_s <= one.from_s < one.to_s <= closes_s
            assert one.queue_m >= rich_plan.funnels[one.funnel].funnel.suspend_at_m
        last_s = rich_plan.funnel.last_selection_s
        earlier = (log.passed_s[:, None] >= rich_plan.funnel.opens_s) & (log.passed_s[:, None] < last_s)
        met = earlier.any(axis=1) & (log.gate == Gate.SUSPENDED)
        assert sum(one.unchecked for one in made) >= met.sum()
        suspended += len(made)
    assert suspended > 10


def test_without_a_valve_there_is_none(rushes):
    log, plan = rushes(simpy_engine.simulate, valve={})
    assert suspensions_of(log, plan) == []
    assert measure(log, plan)["suspensions"] == 0.0


def test_the_share_of_nobody_is_not_a_number():
    assert np.isnan(Checked(0, 0).share)
    assert Checked(8, 2).share == 0.25
