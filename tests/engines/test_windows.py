"""Several windows, days and funnels, in cases computed by hand (the small checkpoint of conftest).

Times count from the first opening, at 01:00. Where there is a second window it opens at 7200 s, and each lasts 3600 s.
An arrival is the free passage + 8 s; boxes that are diverted pass 6 s apart, others 2 s.
"""

from math import sqrt

import numpy as np
import pytest

from funnelsim.model.states import Fate, Gate, Valve

TICK = 2**-20
DAY_S = 86_400
WIDE = {"area": {"bays": 100}}
COUNTS = {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [600] * 24}}}


def windows(*also, **operation):
    """Return changes: the first window from 01:00 to 02:00, and others."""
    times = ({"opens": opens, "closes": closes} for opens, closes in also or [("03:00", "04:00")])
    return {"operation": {"also": list(times)} | operation}


def beside(**second):
    """Return changes: a second funnel, with what is its own."""
    return {"funnels": [{"direction": "back", "traffic": COUNTS} | second]}


def shift(agency, count, from_, to):
    return {"agency": agency, "count": count, "from": from_, "to": to}


def passed(outcome):
    log, opens_s = outcome
    return (log.passed_s - opens_s).tolist()


def bays(outcome):
    log, opens_s = outcome
    return list(zip((log.bay_from_s - opens_s).tolist(), (log.left_s - opens_s).tolist(), strict=True))


# Two windows


def test_between_two_windows_the_road_runs_free_and_from_the_next_opening_on_vehicles_are_selected_again(run):
    """In between boxes pass 1.5 s apart, without merging; whoever would arrive a tick before the opening does, too.

    The last is in the lane at the second closing, and leaves then.
    """
    outcome = run(windows() | WIDE, [100, 5000, 5000, 7192 - TICK, 7192, 7192, 10_792])
    log, opens_s = outcome
    assert passed(outcome) == [108, 5000, 5001.5, 7192 - TICK, 7200, 7206, 10_800]
    assert log.gate.tolist() == [Gate.OPEN, *[Gate.NO_FUNNEL] * 3, Gate.OPEN, Gate.OPEN, Gate.NO_FUNNEL]
    outside = Fate.OUTSIDE_OPERATION
    assert log.fate.tolist() == [Fate.INSPECTED, *[outside] * 3, Fate.INSPECTED, Fate.INSPECTED, outside]
    assert np.isneginf(log.threshold).tolist() == log.inspected.tolist()
    assert (log.baseline_s - opens_s).tolist() == pytest.approx(
        [100, 5000, 5001.5, 7192, 7193.5, 7195, 10_792], abs=2 * TICK
    )


def test_the_queue_of_the_first_closing_runs_off_at_the_roads_pace_and_its_tail_is_outside_both_windows(run):
    """At 3598 s the first passes; the second is clear at 3600 s, when the road takes over."""
    changes = windows() | {"selection": {"rate": {"default": 0.0}}}
    outcome = run(changes, [3590, 3591, 3592, 7200])
    log, _ = outcome
    assert passed(outcome) == [3598, 3600, 3601.5, 7208]
    late = Fate.SELECTION_SUSPENDED  # came in time, and met the funnel closing
    assert log.fate.tolist() == [Fate.NOT_SELECTED, late, Fate.OUTSIDE_OPERATION, Fate.NOT_SELECTED]


def test_each_window_has_its_last_minutes(run):
    log, _ = run(windows(stop_selecting_min=10.0) | WIDE, [2992 - TICK, 2992, 7300, 10_192 - TICK, 10_192])
    taken, late = Fate.INSPECTED, Fate.SELECTION_SUSPENDED
    assert log.fate.tolist() == [taken, late, taken, taken, late]


def test_a_window_may_go_over_midnight_to_the_next_day(run):
    """Open from 01:00 to 02:00 and from 23:30 to 00:30: 81,000 to 84,600 s."""
    log, _ = run(windows(("23:30", "00:30")) | WIDE, [80_992 - TICK, 80_992, 82_800, 84_592 - TICK, 84_600])
    assert log.inspected.tolist() == [False, True, True, True, False]


# A valve with a 20 m lane (arrival = free passage + 4 s), looks of 20 s and a vehicle every 5 s: suspended at 46 s


def valve(**limits):
    return {"lane": {"length_m": 20.0}, "selection": {"rate": {"default": 0.0}, "valve": limits}}


EVERY_5_S = [5 * k for k in range(11)]


def test_the_valve_opens_anew_at_the_next_opening(run):
    """Suspended from 3546 s on, as nobody comes any more who could see the queue gone; the next comes long after."""
    changes = windows() | valve(suspend_at_m=50.0, resume_at_m=10.0)
    log, opens_s = run(changes, [*(3500 + time_s for time_s in EVERY_5_S), 7296], look_s=20)
    assert log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.SUSPENDED] * 8 + [Gate.OPEN]
    assert (log.valve_s - opens_s).tolist() == [3546, 7200]
    assert log.valve.tolist() == [Valve.SUSPENDED, Valve.OPEN]


def test_the_valve_opens_anew_even_where_a_queue_between_its_limits_stands(run):
    """The second window opens as the first closes, 89 s after the first vehicle's free passage.

    Headways are 6 s here. Suspended from 50 s on, vehicles pass at 50, 56, ... 86 s. The one of 92 s finds the valve
    open, as the tail is at 30 m, and is looked at until 20 s after the one before, and so are those behind it.
    """
    changes = windows(("02:00", "03:00")) | valve(suspend_at_m=50.0, resume_at_m=10.0)
    begins_s = 3600 - 89
    outcome = run(changes, [begins_s + time_s for time_s in (*EVERY_5_S, 80, 150)], look_s=20, noise=3)
    log, opens_s = outcome
    assert passed(outcome) == [
        begins_s + time_s for time_s in (4, 24, 44, 50, 56, 62, 68, 74, 80, 86, 86 + 20, 106 + 20, 154)
    ]
    assert log.tail_m.tolist()[-2:] == [30, 0]
    assert (log.valve_s - opens_s - begins_s).tolist() == [50, 89]
    assert log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.SUSPENDED] * 7 + [Gate.OPEN] * 3


def test_word_of_mouth_starts_anew_at_each_opening_and_keeps_nobody_away_in_between(run):
    """A half-life of 3.6 s; drivers come to the taper 5 s before their free passage."""
    evade = {"alerted": 1.0, "half_life_h": 0.001}
    changes = windows() | WIDE | {"targets": [{"name": "hidden", "per_10k": {"box": 1.0}, "evade": evade}]}
    log, _ = run(changes, [5, 400, 5000, 7205, 7600], targets=[1] * 5)
    assert (log.fate == Fate.EVADED).tolist() == [False, True, False, False, True]


def test_officers_are_fresh_at_each_opening_and_are_relieved_in_turn_from_then_on(run):
    """A half-life of 900 s, relief every 1500 s, and a second window from 7800 s, which is no multiple of it."""
    look = {"tires_half_life_h": 0.25, "rotate_min": 25.0}
    changes = windows(("03:10", "04:10")) | WIDE | {"selection": {"look": look}}
    at_s = [0, 900, 1500, 3300, 7800, 8250, 9300, 10_200]  # when they pass: the look is over
    log, _ = run(changes, [time_s - 8 for time_s in at_s])
    assert log.quality == pytest.approx([1, 0.5, 1, 2 ** (-300 / 900), 1, sqrt(0.5), 1, 0.5])


def test_the_count_of_every_nth_goes_on_and_whoever_passes_in_between_is_not_counted(run):
    changes = windows() | WIDE | {"selection": {"rule": "every_nth", "every": {"default": 3}}}
    log, _ = run(changes, [100, 200, 5000, 7300, 7400])
    assert log.inspected.tolist() == [False, False, False, True, False]


def test_a_vehicle_in_the_area_keeps_its_place_from_one_window_into_the_next(run):
    """Inspected from 108 to 10,108 s."""
    long = {"stages": [{"name": "check", "duration": {"mean_s": 10_000.0, "cv": 0.0}}], "bays": 1, "waiting": 0}
    log, _ = run(windows() | {"area": long}, [100, 7300, 10_100 - TICK, 10_110])
    full = Fate.AREA_FULL
    assert log.fate.tolist() == [Fate.INSPECTED, full, full, Fate.INSPECTED]


def test_between_two_windows_a_crew_stays_on_until_the_area_is_empty_and_the_next_shift_comes(run):
    """Of two officers, one, a whole crew, stays on for the third vehicle, which begins when both others are done."""
    stages = [{"name": "check", "duration": {"mean_s": 300.0, "cv": 0.0}, "crew": {"police": 1}}]
    roster = [shift("police", 2, "01:00", "02:00"), shift("police", 2, "03:00", "04:00")]
    changes = windows() | {"area": {"bays": 4, "stages": stages}, "staffing": {"roster": roster}}
    outcome = run(changes, [3500, 3500, 3500, 7200, 7200])
    assert passed(outcome) == [3508, 3514, 3520, 7208, 7214]
    assert bays(outcome) == [(3508, 3808), (3514, 3814), (3520, 4114), (7208, 7508), (7214, 7514)]


LIFTED = valve(lift_at_m=50.0, resume_at_m=10.0)
STAYS_LIFTED = [3500 + 5 * k for k in range(11)]  # the queue of the last minute is never down to 10 m before closing


def test_a_valve_that_was_lifted_at_closing_lets_nobody_slip_through_the_next_opening(run):
    """The road is clear for the vehicle at 7197 s, the lane at 7201 s: it meets the funnel, as without a valve."""
    log, opens_s = run(windows() | LIFTED, [*STAYS_LIFTED, 7197, 7300], look_s=20)
    assert log.valve.tolist() == [Valve.LIFTED, Valve.OPEN]
    assert (log.passed_s - opens_s).tolist()[-2:] == [7201, 7304]
    assert log.gate.tolist()[-2:] == [Gate.OPEN] * 2


def test_a_valve_that_opens_just_before_a_closing_hands_the_vehicle_over_to_the_window_that_follows(run):
    """At 3598 s the queue is gone: the valve opens, and the lane is clear at 3602 s, in the second window."""
    log, opens_s = run(windows(("02:00", "03:00")) | LIFTED, [*STAYS_LIFTED, 3598, 3700], look_s=20)
    assert log.valve.tolist() == [Valve.LIFTED, Valve.OPEN]
    assert (log.passed_s - opens_s).tolist()[-2:] == [3602, 3704]
    assert log.gate.tolist()[-2:] == [Gate.OPEN] * 2


def test_the_valve_opens_at_an_opening_though_nobody_comes(run):
    log, opens_s = run(windows() | LIFTED, STAYS_LIFTED, look_s=20)
    assert (log.valve.tolist(), (log.valve_s - opens_s).tolist()[1]) == ([Valve.LIFTED, Valve.OPEN], 7200)


# Several days


def test_windows_and_shifts_come_again_every_day(run):
    """The post is staffed in the first half of the first window and in all of the second, on both days."""
    roster = [shift("police", 1, "01:00", "01:30"), shift("police", 1, "03:00", "04:00")]
    changes = windows(days=2) | WIDE | {"selection": {"post": {"police": 1}}, "staffing": {"roster": roster}}
    one_day = [100, 2000, 5000, 9000, 11_000]
    outcome = run(changes, one_day + [DAY_S + time_s for time_s in one_day])
    log, _ = outcome
    fates = [Fate.INSPECTED, Fate.POST_UNSTAFFED, Fate.OUTSIDE_OPERATION, Fate.INSPECTED, Fate.OUTSIDE_OPERATION]
    assert log.fate.tolist() == fates * 2
    assert passed(outcome)[5:] == [DAY_S + time_s for time_s in (108, 2008, 5000, 9008, 11_000)]


def test_a_shift_that_names_its_days_comes_on_those(run):
    roster = [shift("police", 1, "01:00", "02:00") | {"days": [2, 5]}, shift("guard", 1, "01:00", "02:00")]
    changes = {"operation": {"days": 5}, "selection": {"post": {"police": 1}}, "staffing": {"roster": roster}}
    log, _ = run(changes | WIDE, [day * DAY_S + 100 for day in range(5)])
    assert log.inspected.tolist() == [False, True, False, False, True]
    assert log.fate.tolist().count(Fate.POST_UNSTAFFED) == 3


# Two funnels: the vehicles of the second stand behind those of the first


def test_each_funnel_has_its_own_road_lane_and_headways(run):
    """The second's lane is 200 m long: 10 s lost there and 3 s in merging. In the log its vehicles come last."""
    outcome = run(
        beside(lane={"length_m": 200.0, "headway_cv": 0.0, "speed_kmh": 36.0}) | WIDE,
        [0, 0, 1, 0, 0],
        funnel=[0, 0, 0, 1, 1],
    )
    log, opens_s = outcome
    assert passed(outcome) == [8, 14, 20, 13, 19]
    assert (log.arrival_s - opens_s).tolist() == [8, 8, 9, 13, 13]
    assert (log.baseline_s - opens_s).tolist() == [0, 1.5, 3, 0, 1.5]
    assert log.inspected.all()


def test_places_are_kept_for_vehicles_of_both_funnels_and_bays_go_in_order_of_selection(run):
    """One bay and two waiting spaces: taken at 8, 18 and 68 s, from either side. At 308 s the first leaves."""
    changes = beside() | {"area": {"bays": 1, "waiting": 2}}
    outcome = run(changes, [0, 60, 80, 10, 90, 310], funnel=[0, 0, 0, 1, 1, 1])
    log, _ = outcome
    taken, full = Fate.INSPECTED, Fate.AREA_FULL
    assert log.fate.tolist() == [taken, taken, full, taken, full, taken]
    assert np.array(bays(outcome))[log.inspected].tolist() == [[8, 308], [608, 908], [308, 608], [908, 1208]]


def test_of_two_who_pass_at_one_moment_the_lower_number_has_the_place(run):
    """At 104 s a box of each funnel passes; that of the first, behind a truck, is clear only then.

    Whoever finds no place costs its lane nothing: the next box passes 2 s later, and 6 s later where one is diverted.
    """
    changes = beside() | {"area": {"bays": 1, "waiting": 0}, "selection": {"rate": {"default": 1.0, "truck": 0.0}}}
    kinds = ["truck", "box", "box", "box", "box"]
    outcome = run(changes, [93, 95, 96, 96, 96], kinds, funnel=[0, 0, 0, 1, 1])
    log, _ = outcome
    assert passed(outcome) == [101, 104, 110, 104, 106]
    full = Fate.AREA_FULL
    assert log.fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED, full, full, full]


def test_officers_are_shared_by_the_vehicles_of_both_funnels_in_order_of_selection(run):
    """One officer: at 108 s the box of the second funnel, selected at 10 s, goes before the first's of 14 s."""
    stages = [{"name": "check", "duration": {"mean_s": 100.0, "cv": 0.0}, "crew": {"police": 1}}]
    roster = [shift("police", 1, "01:00", "03:00")]
    changes = beside() | {"area": {"bays": 4, "stages": stages}, "staffing": {"roster": roster}}
    outcome = run(changes, [0, 0, 2], funnel=[0, 0, 1])
    log, opens_s = outcome
    assert log.stage_vehicle.tolist() == [0, 2, 1]
    assert (log.stage_from_s - opens_s).tolist() == [8, 108, 208]
    assert bays(outcome) == [(8, 108), (14, 308), (10, 208)]


def test_of_two_held_before_a_full_area_the_first_held_has_the_next_place(run):
    """Held are the second funnel's box from 28 s on and the first's from 58 s on: they pass at 308 and 608 s.

    Behind each stands a truck that nobody selects: 3 s of headway and 4 s of the diversion later it passes.
    """
    area = {"bays": 1, "waiting": 0, "when_full": "hold"}
    changes = beside() | {"area": area, "selection": {"rate": {"default": 1.0, "truck": 0.0}}}
    kinds = ["box", "box", "truck", "box", "truck"]
    outcome = run(changes, [0, 50, 60, 20, 30], kinds, funnel=[0, 0, 0, 1, 1])
    assert passed(outcome) == [8, 608, 615, 308, 315]
    assert np.array(bays(outcome))[outcome[0].inspected].tolist() == [[8, 308], [608, 908], [308, 608]]


def test_of_two_held_since_one_moment_the_lower_number_has_the_next_place(run):
    changes = beside() | {"area": {"bays": 1, "waiting": 0, "when_full": "hold"}}
    assert passed(run(changes, [0, 50, 50], funnel=[0, 0, 1])) == [8, 308, 608]


def test_a_place_that_is_freed_as_another_comes_goes_to_the_one_who_is_held(run):
    """At 308 s the place of the first goes to the second, held since 58 s; the other funnel's box comes that moment."""
    changes = beside() | {"area": {"bays": 1, "waiting": 0, "when_full": "hold"}}
    assert passed(run(changes, [0, 50, 300], funnel=[0, 0, 1])) == [8, 308, 608]


def test_a_batch_is_gathered_on_both_sides(run):
    changes = beside() | {"selection": {"rule": "batch"}, "area": {"waiting": 0}}
    log, _ = run(changes, [0, 40, 20, 60, 320], funnel=[0, 0, 1, 1, 1])
    assert log.inspected.tolist() == [True, False, True, False, True]


def test_each_funnel_counts_its_own_every_second_vehicle(run):
    changes = beside() | WIDE | {"selection": {"rule": "every_nth", "every": {"default": 2}}}
    log, _ = run(changes, [0, 40, 20, 60], funnel=[0, 0, 1, 1])
    assert log.inspected.tolist() == [False, True, False, True]


def test_an_unstaffed_selection_point_closes_its_own_funnel_only(run):
    """The one officer stands at the first's; the second's is like it, and finds none."""
    changes = beside() | WIDE | {"selection": {"post": {"police": 1}}}
    changes["staffing"] = {"roster": [shift("police", 1, "01:00", "02:00")]}
    log, _ = run(changes, [100, 200], funnel=[0, 1])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.POST_UNSTAFFED]


@pytest.mark.parametrize("busy", [0, 1])
def test_the_queue_of_a_funnel_acts_on_its_own_valve_only(run, busy):
    """The queue is that of the other tests of the valve; a box on the other road comes at 60 s."""
    changes = beside() | valve(suspend_at_m=50.0, resume_at_m=10.0)
    times_s, quiet = [*EVERY_5_S, 70], [56]
    both = times_s + quiet if busy == 0 else quiet + times_s
    funnel = [0] * 12 + [1] if busy == 0 else [0] + [1] * 12
    log, opens_s = run(changes, both, funnel=funnel, look_s=20)
    assert (log.valve_s - opens_s).tolist() == [46, 74]
    assert log.valve_funnel.tolist() == [busy] * 2
    quiet_log, busy_log = log.of_funnel(1 - busy), log.of_funnel(busy)
    assert (quiet_log.passed_s - opens_s).tolist() == [60]
    assert quiet_log.gate.tolist() == [Gate.OPEN]
    assert busy_log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.SUSPENDED] * 8 + [Gate.OPEN]
