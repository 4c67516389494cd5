"""Who turns off before the funnel, in cases computed by hand (the small checkpoint). Times count from the opening."""

import numpy as np
import pytest

from funnelsim.model import random_numbers
from funnelsim.model.random_streams import EVADES, LEAVES
from funnelsim.model.states import Fate, Gate
from funnelsim.units import NEVER

TICK = 2**-20
SHORT = {"lane": {"length_m": 20.0}, "selection": {"rate": {"default": 0.0}}}  # 1 s lost: arrival = free passage + 4 s
EVERY_5_S = [5 * k for k in range(11)]


def road_with(at_m, from_m, share, **target):
    """Return changes: an exit, and boxes that are targets with their own ways."""
    exit_ = {"at_m": float(at_m), "leave_when_tail_m": float(from_m), "share": share}
    targets = [{"name": "hidden", "per_10k": {"box": 1.0}, "evade": target}]
    return SHORT | {"approach": {"exit": exit_}, "targets": targets}


def evading(**evade):
    return {"targets": [{"name": "hidden", "per_10k": {"box": 1.0, "truck": 1.0}, "evade": evade}]}


def passed(outcome):
    log, opens_s = outcome
    return (log.passed_s - opens_s).tolist()


# The exit. Looks take 20 s, vehicles come every 5 s; without an exit they join at 0, 4.5, 9.5, 14, 18.5, 23, 27.5, ...
# with tails of 0, 0, 0, 0, 10, 20, 30, ... and pass at 4, 24, 44, 64, 84, 104, ... An exit at 60 m is passed 4 s before
# the free passage of the selection point.


def test_a_driver_decides_at_the_exit_on_the_queue_as_it_then_is(run):
    """At 21 s the tail is at 10 m, where the vehicle of 18.5 s joined; at 26 and 31 s it is at 20 m, and they leave.

    At 32 s the newest moves up to 10 m, by the wave of 24 s over 40 m: so the vehicle of 36 s stays, and joins at 38 s.
    """
    outcome = run(road_with(60, 20, 1.0), EVERY_5_S, look_s=20)
    log, opens_s = outcome
    left = [False] * 6 + [True, True, False, True, True]
    assert log.queue_seen.tolist() == left
    assert log.fate.tolist() == [Fate.LEFT_AT_EXIT if leaves else Fate.NOT_SELECTED for leaves in left]
    assert passed(outcome) == [4, 24, 44, 64, 84, 104, NEVER, NEVER, 124, NEVER, NEVER]
    assert (log.joined_s - opens_s).tolist() == [0, 4.5, 9.5, 14, 18.5, 23, NEVER, NEVER, 38, NEVER, NEVER]
    assert log.tail_m.tolist() == [0, 0, 0, 0, 10, 20, 0, 0, 20, 0, 0]
    assert log.gate.tolist() == [Gate.NO_FUNNEL if leaves else Gate.OPEN for leaves in left]


def test_a_queue_is_as_long_as_its_newest_vehicle_has_not_moved_up(run):
    """The newest moves up at 32 s: who comes to the exit a moment before leaves, who comes then stays."""
    outcome = run(road_with(60, 20, 1.0), [*EVERY_5_S[:6], 36 - TICK, 36], look_s=20)
    assert outcome[0].queue_seen.tolist() == [False] * 6 + [True, False]
    assert passed(outcome) == [4, 24, 44, 64, 84, 104, NEVER, 124]


def test_a_queue_a_hair_shorter_than_the_limit_makes_nobody_leave(run):
    assert not run(road_with(60, 20.1, 1.0), EVERY_5_S[:7], look_s=20)[0].queue_seen.any()
    assert run(road_with(60, 20, 1.0), EVERY_5_S[:7], look_s=20)[0].queue_seen[6]


def test_a_queue_beyond_the_exit_is_seen_too_and_whoever_stays_stands_where_he_would_without_an_exit(run):
    """Targets stay: their queue grows to 50 m, beyond the exit at 15 m. The last one, an ordinary driver, leaves."""
    kinds = [1] * 9 + [0]
    outcome = run(road_with(15, 10, 1.0, queue=0.0), EVERY_5_S[:10], look_s=20, targets=kinds)
    log, opens_s = outcome
    assert log.queue_seen.tolist() == [False] * 5 + [True] * 5
    assert log.fate.tolist() == [Fate.NOT_SELECTED] * 9 + [Fate.LEFT_AT_EXIT]
    assert log.tail_m.tolist()[:9] == [0, 0, 0, 0, 10, 20, 30, 40, 50]
    assert (log.joined_s - opens_s).tolist()[:9] == [0, 4.5, 9.5, 14, 18.5, 23, 27.5, 32, 36.5]
    assert passed(outcome)[:9] == [4 + 20 * k for k in range(9)]


def test_targets_leave_with_their_own_share_and_as_ordinary_drivers_where_none_is_given(run):
    ordinary_stay = run(road_with(60, 20, 0.0, queue=1.0), EVERY_5_S, look_s=20, targets=[0] * 7 + [1] * 4)[0]
    assert np.flatnonzero(ordinary_stay.fate == Fate.LEFT_AT_EXIT).tolist() == [7, 8, 9, 10]
    alike = run(road_with(60, 20, 1.0), EVERY_5_S, look_s=20, targets=[0] * 7 + [1] * 4)[0]
    assert np.flatnonzero(alike.fate == Fate.LEFT_AT_EXIT).tolist() == [6, 7, 9, 10]  # as in the case above


def test_a_share_leaves_by_the_dice_of_the_vehicle(run):
    log, _ = run(road_with(60, 20, 0.4), [2 * k for k in range(400)], look_s=20)
    leaves = random_numbers.draws(1, 0, LEAVES, log.traffic.number) < 0.4
    assert np.array_equal(log.fate == Fate.LEFT_AT_EXIT, log.queue_seen & leaves)
    assert 50 < (log.fate == Fate.LEFT_AT_EXIT).sum() < 200


def test_who_left_does_not_lengthen_the_queue(run):
    """The metres of vehicles that have left are missing: the tail stays at 20 m however many more come."""
    log, _ = run(road_with(60, 20, 1.0), [5 * k for k in range(40)], look_s=20)
    assert log.tail_m.max() == 20
    assert (log.fate == Fate.LEFT_AT_EXIT).sum() > 20


# Behind whom one drives


def test_the_headway_is_behind_the_vehicle_that_is_really_in_front(run):
    """A truck that turns away leaves its neighbours as box behind box: 2 s, not the 3 s behind a truck."""
    road = evading(visible=1.0) | {"selection": {"rate": {"default": 0.0}}}
    there = run(road, [100, 100.5, 101], ["box", "truck", "box"])
    assert passed(there) == [108, 111, 114]
    gone = run(road, [100, 100.5, 101], ["box", "truck", "box"], targets=[0, 1, 0])
    assert passed(gone) == [108, NEVER, 110]


def test_a_truck_keeps_its_own_reaction_behind_whoever_is_in_front(run):
    road = evading(visible=1.0) | {"selection": {"rate": {"default": 0.0}}}
    outcome = run(
        road, [100, 100.2, 100.4, 100.5], ["truck", "box", "box", "truck"], targets=[0, 1, 1, 0], noise=[1, 1, 1, 2]
    )
    assert passed(outcome) == [108, NEVER, NEVER, 108 + (2 + 2) * 2]


def test_the_gap_that_the_first_in_line_leaves_is_nobodys_headway(run):
    road = evading(visible=1.0) | {"selection": {"rate": {"default": 0.0}}}
    assert passed(run(road, [100, 100.5], targets=[1, 0])) == [NEVER, 108.5]


def test_on_the_open_road_one_follows_whoever_is_really_in_front_too(run):
    """Behind the closing at 3600 s the road's headway holds: 1.5 s behind a box, 2 s behind a truck."""
    road = evading(visible=1.0) | {"selection": {"rate": {"default": 0.0}}}
    outcome = run(road, [3591.9, 3592, 3592.1], ["box", "truck", "box"], targets=[0, 1, 0])
    assert passed(outcome) == pytest.approx([3599.9, NEVER, 3601.4], abs=1e-5)


# Turning at the sight, and word of mouth. At the taper, 5 s before the free passage, a driver sees the funnel.


def test_targets_turn_at_the_sight_of_the_funnel_while_it_stands(run):
    times = [5 - TICK, 5, 100, 3605 - TICK, 3605]
    outcome = run(evading(visible=1.0), times, targets=[1] * 5)
    log, _ = outcome
    assert (log.fate == Fate.EVADED).tolist() == [False, True, True, True, False]
    assert log.passed.tolist() == [True, False, False, False, True]
    assert not run(evading(visible=1.0), times)[0].fate.tolist().count(Fate.EVADED)  # ordinary vehicles


def test_the_word_has_reached_nobody_at_the_opening_and_nearly_all_after_many_half_lives(run):
    """A half life of 3.6 s: after 395 s a target comes with a chance of 2^-110."""
    log, _ = run(evading(alerted=1.0, half_life_h=0.001), [5 - TICK, 5, 400, 3605], targets=[1] * 4)
    assert (log.fate == Fate.EVADED).tolist() == [False, False, True, False]


def test_who_keeps_away_follows_the_dice_of_the_vehicle_and_the_time_since_the_opening(run):
    """Of 0.8 (1 - 2^-t/half life) of the targets the funnel sees nothing, of the rest half turn at its sight."""
    times = np.linspace(10.0, 3500.0, 500)
    road = evading(alerted=0.8, half_life_h=0.5, visible=0.5) | {"selection": {"rate": {"default": 0.0}}}
    log, _ = run(road, times, targets=[1] * 500)
    away = 0.8 * (1.0 - 0.5 ** ((times - 5.0) / 1800.0))
    u = random_numbers.draws(1, 0, EVADES, log.traffic.number)
    assert np.array_equal(log.fate == Fate.EVADED, u < away + (1.0 - away) * 0.5)
    late = log.fate[250:] == Fate.EVADED
    assert late.mean() > 0.65


def test_who_keeps_away_is_not_there_to_see_a_queue_or_to_lengthen_it(run):
    road = road_with(60, 20, 1.0, visible=1.0)
    log, opens_s = run(road, [20 + 5 * k for k in range(7)], look_s=20, targets=[0, 1, 0, 1, 0, 0, 0])
    assert (log.fate == Fate.EVADED).tolist() == [False, True, False, True, False, False, False]
    assert (log.passed_s - opens_s)[log.passed].tolist() == [24, 44, 64, 84, 104]
    assert not log.queue_seen.any()
