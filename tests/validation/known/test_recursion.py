"""The recursion is the engines' answer to the last bit, and a recursion that is a little wrong is not."""

from dataclasses import replace

import numpy as np
import pytest

from funnelsim.model.states import Fate
from funnelsim.validation.chapter import Effort
from funnelsim.validation.known.ordinary_day import (
    Times,
    day,
    draws_of,
    largest_difference_s,
    officers_on_duty,
    simulated,
    times_of,
)
from funnelsim.validation.known.recursion import Officers, Servers, chapter, days, recursion_times

LANE, LOSS, HOLD, SHIFTS, HELD_SHIFTS = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def simulated_days():
    return [(one, simulated(one, "compiled"), one.plan) for one in days()]


def difference_s(simulated_day, draws=None, one=None):
    """Return how far the recursion is from the log, with other draws or another area than the engine had."""
    whose, log, plan = simulated_day
    draws = draws or draws_of(log.traffic, plan)
    return largest_difference_s(times_of(log), recursion_times(draws, one or whose, plan.window_s[1]))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_every_day_is_the_same_to_the_last_bit(engine):
    lines = chapter(Effort(quick=True, engine=engine)).lines
    assert len(lines) == len(days())
    assert [line.simulated for line in lines] == [0.0] * len(lines)
    assert all(line.agrees for line in lines)


def test_the_days_hold_what_they_are_for(simulated_days):
    """Vehicles are waved through, the lane is held, a roster keeps vehicles waiting in their bays."""
    logs = [log for _, log, _ in simulated_days]
    assert all(len(log.traffic) > 10_000 for log in logs)
    assert (logs[LOSS].fate == Fate.AREA_FULL).sum() > 50
    one, log, plan = simulated_days[HOLD]
    never_full = recursion_times(draws_of(log.traffic, plan), replace(one, bays=1000), plan.window_s[1])
    assert (log.passed_s[: len(never_full.passed_s)] - never_full.passed_s).max() > 60.0
    for place in (SHIFTS, HELD_SHIFTS):
        times = times_of(logs[place])
        inspected = np.isfinite(times.left_s)
        assert (times.inspected_from_s[inspected] > times.bay_from_s[inspected]).sum() > 50


@pytest.mark.parametrize("left_out", ["diversion_s", "look_s", "headway_s"])
def test_a_recursion_without_a_part_of_the_lane_differs(simulated_days, left_out):
    """A lane that forgets what a diversion costs, the look or the headway lets vehicles pass at other times."""
    one, log, plan = simulated_days[LANE if left_out == "look_s" else LOSS]
    draws = draws_of(log.traffic, plan)
    nothing = np.zeros_like(draws.arrival_s)
    assert difference_s((one, log, plan), replace(draws, **{left_out: nothing})) > 1.0


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (LANE, {"look_officers": 2}),
        (LOSS, {"bays": 4}),
        (LOSS, {"waiting": 2}),
        (LOSS, {"divert_s": 21.0}),
        (LOSS, {"hold": True}),
        (HOLD, {"waiting": 0}),
        (HOLD, {"hold": False}),
        (SHIFTS, {"shifts": ((6, 25, 5),)}),
        (HELD_SHIFTS, {"shifts": ((6, 12, 4), (10, 15, 1), (12, 20, 2), (14, 25, 2))}),
    ],
)
def test_a_recursion_of_another_checkpoint_differs(simulated_days, place, change):
    """A bay, a place, an officer or an hour of a shift more is seen."""
    one, _, _ = simulated_days[place]
    assert difference_s(simulated_days[place]) == 0.0
    assert difference_s(simulated_days[place], one=replace(one, **change)) > 0.5


def test_vehicles_that_come_too_late_are_left_out_by_both():
    """A queue stands at closing: the recursion ends where the engine's vehicles meet a closed funnel."""
    one = day("a lane that is too narrow for its looks", rate={"default": 0.05}, looks=(1, 5.0))
    log = simulated(one, "compiled")
    assert len(times_of(log).passed_s) < len(log.traffic)
    assert difference_s((one, log, one.plan)) == 0.0


def test_servers_are_free_in_the_order_in_which_they_are_done():
    servers = Servers(2)
    servers.serve(30.0)
    servers.serve(10.0)
    assert servers.free_s() == 10.0
    servers.serve(40.0)
    assert servers.free_s() == 30.0


def test_an_officer_finishes_after_the_shift_and_counts_until_then():
    """Two until 100 s, then one: whoever asks at 90 s waits until both have finished, at 150 s and 200 s."""
    officers = Officers([(0.0, 2), (100.0, 1)])
    for until_s in (150.0, 200.0):
        assert officers.start_s(50.0) == 50.0
        officers.serve(until_s)
    assert officers.start_s(90.0) == 200.0


def test_an_officer_who_is_not_there_yet_is_waited_for():
    officers = Officers([(100.0, 1)])
    assert officers.start_s(50.0) == 100.0
    officers.serve(130.0)
    assert officers.start_s(60.0) == 130.0


def test_without_officers_to_come_nobody_begins():
    assert Officers(officers_on_duty(((0, 1, 1),))).start_s(3600.0) == np.inf


def test_what_happened_to_one_only_is_an_infinite_difference():
    one = Times(*np.array([[1.0, np.inf]] * 4))
    other = Times(*np.array([[1.0, 2.0]] * 4))
    assert largest_difference_s(one, one) == 0.0
    assert largest_difference_s(one, other) == np.inf
    assert largest_difference_s(one, Times(*np.array([[1.5, np.inf]] * 4))) == 0.5
    assert largest_difference_s(one, Times(*np.array([[1.0]] * 4))) == np.inf
