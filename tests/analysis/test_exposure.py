"""Danger at the end of the queue, reckoned by hand, and what holds of it for any queue.

The small checkpoint has a lane of 100 m at 10 m/s on a road of 20 m/s, waves of 5 m/s, and boxes of 10 m each.
"""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.exposure import QUEUE_M, beyond, exposure, meets_fast
from funnelsim.analysis.steps import in_use
from funnelsim.analysis.tails import tail_steps
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of
from funnelsim.model.states import NOT_FOUND, Fate, Gate
from funnelsim.model.traffic import Traffic
from funnelsim.plots.trajectories import trajectories
from funnelsim.units import NEVER

SIGN_M = 200.0


@pytest.fixture(scope="module")
def plan_with(build):
    """Return what makes a plan with a warning sign: `plan_with(200.0, lanes=2)`."""

    def make(warning_m, lanes=1, difference_kmh=40.0):
        approach = {"warning_m": warning_m, "lanes": lanes, "tail_speed_difference_kmh": difference_kmh}
        return plan_of(build({"approach": approach, "classes": {"truck": {"lorry": True}}}))

    return make


def log_by_hand(plan, after_opening_s, passed_after_s, kinds="box"):
    """Return a log of given passages of the selection point; each vehicle meets the first wave that reaches it."""
    count = len(after_opening_s)
    names = [kinds] * count if isinstance(kinds, str) else kinds
    opens_s = plan.window_s[0]
    free_s, passed_s = opens_s + np.array(after_opening_s, float), opens_s + np.array(passed_after_s, float)
    kind = np.array([plan.classes.index(name) for name in names], dtype=np.int64)
    nothing, never = np.zeros(count, dtype=np.int64), np.full(count, NEVER)
    joined_s, tail_m = free_s.copy(), np.zeros(count)
    funnel = plan.funnel
    comes = np.flatnonzero(passed_s < NEVER)
    for place, i in enumerate(comes):
        for first, j in enumerate(comes[: place + 1]):
            metres = plan.spacing_m[kind[comes[first:place]]].sum()
            upstream_m = max(0.0, (metres - funnel.lane_length_m) / funnel.lanes)
            distance_m = min(metres, funnel.lane_length_m) + upstream_m
            meets_s = free_s[i] - distance_m / funnel.road_speed_ms
            if j == i or passed_s[j] + distance_m / funnel.wave_speed_ms > meets_s:
                joined_s[i], tail_m[i] = meets_s, upstream_m
                break
    no = np.zeros(count, dtype=bool)
    empty, none = np.empty(0), np.empty(0, dtype=np.int64)
    ones = np.ones(count)
    traffic = Traffic(
        1, 0, np.arange(count), nothing, free_s, kind, nothing, np.zeros(count), ones, ones * 0.0, nothing + 1
    )
    return Log(
        traffic=traffic,
        arrival_s=free_s + 8.0,
        baseline_s=free_s,
        queue_seen=no,
        chase_ready=no,
        passed_s=passed_s,
        joined_s=joined_s,
        tail_m=tail_m,
        gate=nothing + Gate.OPEN,
        threshold=never,
        quality=ones,
        accepted=~no,
        fate=np.where(passed_s < NEVER, Fate.NOT_SELECTED, Fate.LEFT_AT_EXIT).astype(np.int64),
        found_at=nothing + NOT_FOUND,
        area_s=never,
        bay_from_s=never,
        bay_to_s=never,
        left_s=never,
        stage_vehicle=none,
        stage=none,
        stage_from_s=empty,
        stage_to_s=empty,
        pursuit_vehicle=none,
        pursuit_from_s=empty,
        pursuit_to_s=empty,
        valve_s=empty,
        valve=none,
        valve_funnel=none,
    )


def queue_of(plan, number, headway_s=4.0, every_s=1.0):
    """Return the log of boxes that come one a second and pass one in four: the queue grows by 7.5 m a second."""
    return log_by_hand(plan, np.arange(number) * every_s, 8.0 + np.arange(number) * headway_s)


def some_queue(plan, seed):
    """Return the log of a queue that grows and dissolves at random, with the funnel lifted in between."""
    dice = np.random.default_rng(seed)
    number = 250
    kinds = dice.choice(["box", "truck"], number, p=[0.8, 0.2]).tolist()
    comes_s = np.cumsum(dice.exponential(2.5, number))
    comes_s[150:] += 400.0
    headway_s = dice.uniform(2.0, 6.0, number)
    headway_s[90:110] = 0.7  # the road takes them faster than waves run through the queue
    passed_s = np.zeros(number)
    for i in range(number):
        passed_s[i] = max(comes_s[i] + 8.0, passed_s[i - 1] + headway_s[i] if i else 0.0)
    passed_s[dice.random(number) < 0.05] = NEVER  # turned off
    return log_by_hand(plan, comes_s, passed_s, kinds)


ANY = pytest.mark.parametrize(("lanes", "seed"), [(1, 0), (1, 1), (2, 2), (3, 3)])


def test_a_vehicle_is_beyond_the_sign_from_meeting_the_queue_until_the_wave_has_brought_it_there(plan_with):
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    last = 60
    # Box j passes at 8 + 4 j, its wave needs 2 s for each of the 60 - j boxes behind it, and the last box drives 0.5 s
    # for each: 8 + 4 j + 2.5 (60 - j) > 60 first holds for j = 0. So it stands 600 m before the selection point.
    assert log.tail_m[last] == 500.0
    stood = beyond(log, plan, SIGN_M)
    assert stood.vehicle[-1] == last
    assert stood.from_s[-1] == 3600.0 + 60.0 - 600.0 / 20.0
    # 300 m from the selection point 30 boxes are ahead of it; the first of these is the 30th, whose wave needs 60 s.
    assert stood.to_s[-1] == 3600.0 + (8.0 + 4.0 * 30) + 300.0 / 5.0


def test_upstream_of_the_lane_vehicles_stand_side_by_side(plan_with):
    plan = plan_with(SIGN_M, lanes=2)
    log = queue_of(plan, 121)
    stood = beyond(log, plan, SIGN_M)
    assert stood.vehicle[-1] == 120
    # 200 m of two lanes and 100 m of the lane hold 50 boxes.
    assert stood.to_s[-1] == 3600.0 + (8.0 + 4.0 * 70) + 300.0 / 5.0


def test_between_two_vehicles_ahead_the_wave_is_in_between(plan_with):
    plan = plan_with(205.0)
    stood = beyond(queue_of(plan, 61), plan, 205.0)
    assert stood.to_s[-1] == 3600.0 + (8.0 + 4.0 * 29.5) + 305.0 / 5.0


def test_whoever_turned_off_takes_no_room_and_is_in_no_danger(plan_with):
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    comes, passes = log.traffic.free_s - 3600.0, log.passed_s - 3600.0
    with_others = log_by_hand(
        plan, np.repeat(comes, 2), np.column_stack([np.full(61, NEVER), passes]).ravel(), ["truck", "box"] * 61
    )
    assert exposure(with_others, plan) == exposure(log, plan)
    assert exposure(log, plan)["beyond_warning_vehicle_min"] > 0.0


def test_meeting_the_queue_fast_is_road_speed_against_the_mean_speed_in_it(plan_with):
    # The vehicle comes at 20 m/s. From joining at 100 + t metres it takes until it passes: 11.1 m/s slower is a danger.
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    meets = meets_fast(log, plan)
    for i in range(61):
        speed_ms = (100.0 + log.tail_m[i]) / (log.passed_s[i] - log.joined_s[i])
        assert meets[i] == (log.tail_m[i] >= QUEUE_M and 20.0 - speed_ms >= 40.0 / 3.6)
    assert 0 < meets.sum() < 61
    assert exposure(log, plan)["tail_meetings"] == meets.sum()


def test_a_queue_that_moves_nearly_as_fast_as_the_road_is_no_danger(plan_with):
    log = queue_of(plan_with(SIGN_M), 61)
    assert exposure(log, plan_with(SIGN_M, difference_kmh=71.9))["tail_meetings"] == 0.0
    assert exposure(log, plan_with(SIGN_M, difference_kmh=1.0))["tail_meetings"] == (log.tail_m >= QUEUE_M).sum()


def test_a_queue_of_a_few_vehicles_before_the_taper_has_no_end_that_surprises(plan_with):
    """Drivers brake there for the taper in any case."""
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    short = (log.tail_m > 0.0) & (log.tail_m < QUEUE_M)
    assert 0 < short.sum() < (log.tail_m > 0.0).sum()
    assert not meets_fast(log, plan_with(SIGN_M, difference_kmh=1.0))[short].any()


def test_lorries_that_meet_the_queue_fast_are_counted_apart(plan_with):
    plan = plan_with(SIGN_M)
    kinds = ["box", "box", "truck"] * 20
    log = log_by_hand(plan, np.arange(60.0), 8.0 + 6.0 * np.arange(60), kinds)
    measures = exposure(log, plan)
    meets = meets_fast(log, plan)
    assert measures["tail_meetings_lorries"] == meets[2::3].sum() > 0
    assert measures["tail_meetings"] > measures["tail_meetings_lorries"]


def test_the_sign_is_exceeded_while_the_tail_is_beyond_it(plan_with):
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    moments, metres = tail_steps(log)
    grid = np.arange(3600.0, log.passed_s[-1], 0.01) + 0.005
    sampled = metres[np.searchsorted(moments, grid, side="right") - 1]
    exceeded_s = exposure(log, plan)["warning_exceeded_s"]
    assert exceeded_s == pytest.approx(0.01 * (sampled > SIGN_M).sum(), abs=0.1)
    # The last box meets the queue beyond the sign, and nobody comes after it: the tail stays there until it passes.
    assert exceeded_s > log.passed_s[-1] - log.joined_s[-1]


def test_without_a_sign_its_measures_have_no_meaning_and_the_others_do(plan_with):
    plan = plan_with(SIGN_M)
    log = queue_of(plan, 61)
    bare = dataclasses.replace(plan, funnel=dataclasses.replace(plan.funnel, warning_m=np.inf))
    without, with_sign = exposure(log, bare), exposure(log, plan)
    assert np.isnan(without["beyond_warning_vehicle_min"])
    assert np.isnan(without["warning_exceeded_s"])
    assert without["tail_meetings"] == with_sign["tail_meetings"]


def test_nobody_is_in_danger_on_an_empty_road_or_without_a_queue(plan_with):
    plan = plan_with(SIGN_M)
    for log in (log_by_hand(plan, [], []), queue_of(plan, 50, headway_s=10.0, every_s=10.0)):
        assert set(exposure(log, plan).values()) == {0.0}


@ANY
def test_vehicle_minutes_beyond_the_sign_never_rise_when_the_sign_moves_upstream(plan_with, lanes, seed):
    log = some_queue(plan_with(SIGN_M, lanes), seed)
    signs_m = np.arange(1.0, log.tail_m.max() + 20.0, 7.0)
    rows = [exposure(log, plan_with(float(sign_m), lanes)) for sign_m in signs_m]
    for name in ("beyond_warning_vehicle_min", "warning_exceeded_s"):
        values = np.array([row[name] for row in rows])
        assert np.all(np.diff(values) <= 1e-9)
        assert values[0] > 0.0 == values[-1]


@ANY
def test_the_number_beyond_the_sign_summed_over_time_is_the_time_beyond_it_summed_over_vehicles(plan_with, lanes, seed):
    """Little's law, on a grid of time."""
    plan = plan_with(50.0, lanes)
    log = some_queue(plan, seed)
    stood = beyond(log, plan, 50.0)
    moments, number = in_use(stood.from_s, stood.to_s)
    together_s = float(np.diff(moments) @ number[:-1])
    assert together_s == pytest.approx(60.0 * exposure(log, plan)["beyond_warning_vehicle_min"])
    assert number.max() > 1


@ANY
def test_whoever_stands_beyond_the_sign_does_so_after_joining_and_before_passing(plan_with, lanes, seed):
    plan = plan_with(50.0, lanes)
    log = some_queue(plan, seed)
    stood = beyond(log, plan, 50.0)
    assert np.array_equal(stood.vehicle, np.flatnonzero(log.passed & (log.tail_m > 50.0)))
    assert np.all(stood.from_s <= stood.to_s)
    assert np.all(stood.to_s <= log.passed_s[stood.vehicle])


@ANY
def test_the_picture_in_space_and_time_shows_the_same_passages_of_the_sign(plan_with, lanes, seed):
    plan = plan_with(50.0, lanes)
    log = some_queue(plan, seed)
    stood = beyond(log, plan, 50.0)
    comes = np.flatnonzero(log.passed)
    drawn = trajectories(log, plan, comes, np.array([plan.funnel.lane_length_m + 50.0, 0.0]))[:, 0]
    drawn = drawn[np.searchsorted(comes, stood.vehicle)]
    assert np.median(np.abs(drawn - stood.to_s)) < 1e-6
    assert drawn == pytest.approx(stood.to_s, abs=2.0)  # that a wave takes through a box, where one overtakes another
