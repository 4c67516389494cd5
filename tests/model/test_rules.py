import math

import numpy as np
import pytest

from funnelsim.model.compiled import compiled
from funnelsim.model.rules import (
    AFTER,
    BEFORE,
    FIXED,
    FOLLOWS_AREA,
    FOLLOWS_TAIL,
    IN_NEXT_WINDOW,
    IN_WINDOW,
    VALVE_LIFTED,
    VALVE_OPEN,
    VALVE_SUSPENDED,
    accepts,
    can_pursue,
    can_start,
    clear_s,
    factor_at,
    fate_at,
    final_fate,
    followed,
    gate_at,
    has_place,
    headway,
    is_asked,
    look_ends_s,
    meets,
    needs_stage,
    next_filling,
    next_valve,
    passes_by_s,
    rule_number,
    sees_queue,
    selects,
    stage_mean_s,
    threshold_at,
    window_at,
)
from funnelsim.model.states import Fate, Gate
from funnelsim.selection_rules import BY_NAME, RULES


def threshold(name, *arguments, selectable=True):
    """Return the threshold of a rule by its name."""
    return threshold_at(rule_number(BY_NAME[name]), selectable, *arguments)


@pytest.mark.parametrize(
    ("valve", "tail_m", "becomes"),
    [
        (VALVE_OPEN, 499.9, VALVE_OPEN),
        (VALVE_OPEN, 500.0, VALVE_SUSPENDED),
        (VALVE_OPEN, 900.0, VALVE_LIFTED),
        (VALVE_SUSPENDED, 200.1, VALVE_SUSPENDED),
        (VALVE_SUSPENDED, 200.0, VALVE_OPEN),
        (VALVE_SUSPENDED, 899.9, VALVE_SUSPENDED),
        (VALVE_SUSPENDED, 900.0, VALVE_LIFTED),
        (VALVE_LIFTED, 899.9, VALVE_LIFTED),
        (VALVE_LIFTED, 500.0, VALVE_LIFTED),
        (VALVE_LIFTED, 200.1, VALVE_LIFTED),
        (VALVE_LIFTED, 200.0, VALVE_OPEN),
    ],
)
def test_the_valve_has_hysteresis(valve, tail_m, becomes):
    """Suspended at 500 m, lifted at 900 m, open again only at 200 m; a lifted funnel stays lifted in between."""
    assert next_valve(valve, tail_m, 500.0, 200.0, 900.0) == becomes


def test_a_valve_without_limits_stays_open():
    assert next_valve(VALVE_OPEN, 1e9, math.inf, 0.0, math.inf) == VALVE_OPEN


def test_score_and_random_and_index_use_the_quantile_of_the_class():
    for name in ("score", "random", "index"):
        for filling in (True, False):
            assert threshold(name, 1.64, 20, 3, 0, 4, filling) == 1.64


def test_every_nth_selects_the_nth():
    thresholds = [threshold("every_nth", 0.0, 3, seen, 0, 4, True) for seen in range(1, 7)]
    assert thresholds == [math.inf, math.inf, -math.inf] * 2


def test_free_bay_selects_while_a_bay_is_free():
    thresholds = [threshold("free_bay", 0.0, 1, 1, taken, 2, True) for taken in range(4)]
    assert thresholds == [-math.inf, -math.inf, math.inf, math.inf]


def test_batch_selects_everybody_while_the_area_is_being_filled():
    assert [threshold("batch", 0.0, 1, 1, taken, 2, True) for taken in range(4)] == [-math.inf] * 4
    assert [threshold("batch", 0.0, 1, 1, taken, 2, False) for taken in range(4)] == [math.inf] * 4


@pytest.mark.parametrize("name", BY_NAME)
def test_a_class_that_is_not_selected_at_all_is_so_under_every_rule(name):
    assert {threshold(name, -9.0, 1, seen, 0, 2, True, selectable=False) for seen in range(1, 4)} == {math.inf}


def test_each_rule_says_in_a_sentence_what_it_does():
    assert len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert rule.sentence.endswith(".")
        assert rule.meaning


def test_a_batch_is_gathered_from_an_empty_area_until_it_is_full():
    filling, seen = True, []
    for in_area in (0, 1, 2, 3, 2, 1, 2, 1, 0, 1):
        filling = next_filling(filling, in_area, 3)
        seen.append(filling)
    assert seen == [True, True, True, False, False, False, False, False, True, True]


def test_the_factor_lies_on_straight_lines_between_the_points_and_is_level_beyond_them():
    at, factor = (100.0, 200.0, 400.0), (2.0, 1.0, 0.0)
    values = (0.0, 100.0, 125.0, 200.0, 250.0, 400.0, 1e9)
    assert [factor_at(value, at, factor) for value in values] == [2.0, 2.0, 1.75, 1.0, 0.75, 0.0, 0.0]


def test_a_driver_sees_a_queue_from_the_very_length_on_for_which_some_leave():
    assert [sees_queue(tail_m, 50.0) for tail_m in (0.0, 49.9, 50.0, 90.0)] == [False, False, True, True]
    assert not sees_queue(1e9, math.inf)


def test_a_rolling_look_runs_while_the_vehicle_comes_and_a_standing_one_only_when_it_is_there():
    """Clear at 20 s, there at 12 s without others; the officer is free, and it has moved up, at the given times."""

    def looked_at(stops, officer_free_s, moved_up_s, arrival_s=12.0):
        return look_ends_s(Gate.OPEN, stops, 20.0, arrival_s, officer_free_s, moved_up_s, 5.0)

    assert looked_at(False, 3.0, 99.0) == 20.0
    assert looked_at(False, 17.0, 99.0) == 22.0
    assert looked_at(True, 99.0, 14.0) == 20.0
    assert looked_at(True, 99.0, 18.0) == 23.0
    assert looked_at(True, 99.0, 14.0, arrival_s=19.0) == 24.0


@pytest.mark.parametrize("gate", [Gate.UNSTAFFED, Gate.SUSPENDED, Gate.LIFTED])
def test_nobody_is_looked_at_while_the_gate_is_not_open(gate):
    assert look_ends_s(gate, True, 20.0, 12.0, 30.0, 30.0, 5.0) == 20.0


def test_the_way_is_clear_a_headway_behind_the_vehicle_in_front_and_behind_its_diversion():
    assert clear_s(10.0, 5.0, 2.0, 0.0) == 10.0
    assert clear_s(10.0, 9.0, 2.0, 0.0) == 11.0
    assert clear_s(10.0, 9.0, 2.0, 4.0) == 15.0


def test_a_vehicle_meets_the_window_in_which_its_way_is_clear():
    """A window from 100 s to 200 s, the next from 300 s on; the funnel lifted, the way is clear before the lane is."""
    assert [meets(time_s, time_s, 100.0, 200.0, 300.0) for time_s in (99.0, 100.0, 199.0, 200.0, 300.0)] == [
        BEFORE,
        IN_WINDOW,
        IN_WINDOW,
        AFTER,
        IN_NEXT_WINDOW,
    ]
    assert meets(250.0, 310.0, 100.0, 200.0, 300.0) == IN_NEXT_WINDOW


def test_whoever_finds_no_funnel_passes_on_the_road_and_not_before_it_has_closed():
    assert passes_by_s(BEFORE, 90.0, 200.0) == 90.0
    assert passes_by_s(AFTER, 190.0, 200.0) == 200.0
    assert passes_by_s(AFTER, 210.0, 200.0) == 210.0


@pytest.mark.parametrize(
    ("now_s", "valve", "staffed", "gate"),
    [
        (10.0, VALVE_OPEN, True, Gate.OPEN),
        (10.0, VALVE_OPEN, False, Gate.UNSTAFFED),
        (10.0, VALVE_SUSPENDED, True, Gate.SUSPENDED),
        (10.0, VALVE_SUSPENDED, False, Gate.UNSTAFFED),
        (10.0, VALVE_LIFTED, False, Gate.LIFTED),
        (50.0, VALVE_OPEN, True, Gate.SUSPENDED),
    ],
)
def test_the_gate_is_open_while_the_post_is_staffed_and_selection_goes_on(now_s, valve, staffed, gate):
    """Selection ends at 50 s."""
    assert gate_at(now_s, valve, staffed, 50.0) == gate


def test_a_vehicle_is_selected_for_its_score_at_an_open_gate_and_for_the_list_at_a_suspended_one_too():
    assert [is_asked(gate, False) for gate in Gate] == [False, True, False, False, False]
    assert [is_asked(gate, True) for gate in Gate] == [False, True, False, True, False]
    assert selects(Gate.OPEN, 2.0, 1.0, False)
    assert not selects(Gate.OPEN, 1.0, 1.0, False)
    assert not selects(Gate.SUSPENDED, 2.0, 1.0, False)
    assert selects(Gate.OPEN, 0.0, 1.0, True)
    assert selects(Gate.SUSPENDED, 0.0, 1.0, True)


def test_whoever_is_selected_is_accepted_where_there_is_a_place_or_the_lane_is_held():
    assert [accepts(False, taken, 1, 1) for taken in range(3)] == [True, True, False]
    assert accepts(True, 2, 1, 1)


def test_the_fate_at_the_selection_point():
    assert fate_at(Gate.OPEN, True, True) == Fate.INSPECTED
    assert fate_at(Gate.OPEN, True, False) == Fate.AREA_FULL
    assert fate_at(Gate.OPEN, False, True) == Fate.NOT_SELECTED
    assert fate_at(Gate.UNSTAFFED, False, False) == Fate.POST_UNSTAFFED
    assert {fate_at(gate, False, False) for gate in (Gate.SUSPENDED, Gate.LIFTED)} == {Fate.SELECTION_SUSPENDED}


def test_the_final_fate_of_whoever_turned_off_or_met_the_funnel_closing():
    outside, selected = Fate.OUTSIDE_OPERATION, Fate.INSPECTED
    assert final_fate(outside, False, False, False, False) == outside
    assert final_fate(outside, True, False, False, False) == Fate.SELECTION_SUSPENDED
    assert final_fate(selected, True, False, False, False) == selected
    assert final_fate(outside, True, False, False, True) == Fate.LEFT_AT_EXIT
    assert final_fate(outside, True, False, True, False) == Fate.EVADED
    assert final_fate(outside, True, True, True, True) == Fate.BROUGHT_BACK


def test_a_pursuit_needs_a_funnel_a_car_and_a_place():
    assert can_pursue(True, 1, 0, True)
    assert not can_pursue(True, 1, 1, True)
    assert not can_pursue(False, 1, 0, True)
    assert not can_pursue(True, 1, 0, False)


def test_a_rate_follows_the_queue_or_the_share_of_places_that_are_taken():
    assert followed(FOLLOWS_TAIL, 120.0, 3, 4) == 120.0
    assert followed(FOLLOWS_AREA, 120.0, 3, 4) == 0.75
    assert followed(FOLLOWS_AREA, 120.0, 0, 0) == 1.0
    assert FIXED not in (FOLLOWS_AREA, FOLLOWS_TAIL)


def test_a_stage_starts_when_all_it_needs_is_free_and_what_it_does_not_need_may_be_overdrawn():
    assert can_start([2, 0], [1, 5], [3, 4], [0, 0])
    assert not can_start([2, 0], [2, 0], [3, 4], [0, 0])


def test_a_stage_takes_nothing_from_a_pool_that_is_kept_for_somebody_before_it():
    assert not can_start([1, 0], [0, 0], [3, 4], [2, 0])
    assert can_start([0, 1], [0, 0], [3, 4], [2, 0])


def test_papers_take_their_time_for_each_occupant():
    assert stage_mean_s(60.0, 10.0, 3) == 90.0
    assert stage_mean_s(60.0, 0.0, 3) == 60.0


def test_a_funnel_stands_from_its_opening_to_its_closing():
    opens_s, closes_s = np.array([100.0, 300.0]), np.array([200.0, 400.0])
    windows = [window_at(time_s, opens_s, closes_s) for time_s in (99.0, 100.0, 200.0, 300.0, 400.0)]
    assert windows == [-1, 0, -1, 1, -1]


def test_a_headway_is_reaction_and_the_leaders_spacing_times_noise():
    assert headway(1.5, 7.5, 30.0 / 3.6, 1.0) == pytest.approx(2.4)
    assert headway(1.0, 20.0, 10.0, 0.5) == 1.5


def test_an_area_has_a_place_while_fewer_are_in_it_than_it_holds():
    assert [has_place(in_area, 2, 1) for in_area in range(5)] == [True, True, True, False, False]
    assert not has_place(0, 0, 0)


@pytest.mark.parametrize(
    ("applies", "after_alarm", "alarmed", "needed"),
    [
        (True, False, False, True),
        (True, False, True, True),
        (True, True, False, False),
        (True, True, True, True),
        (False, False, True, False),
    ],
)
def test_a_stage_is_needed_if_it_applies_and_has_its_alarm(applies, after_alarm, alarmed, needed):
    assert needs_stage(applies, after_alarm, alarmed) is needed


def test_rules_give_the_same_numbers_compiled():
    fast_valve, fast_headway = compiled(next_valve), compiled(headway)
    fast_look = compiled(look_ends_s)
    for valve in (VALVE_OPEN, VALVE_SUSPENDED, VALVE_LIFTED):
        for tail_m in (0.0, 199.9, 200.0, 350.0, 500.0, 900.0):
            limits = (500.0, 200.0, 900.0)
            assert fast_valve(valve, tail_m, *limits) == next_valve(valve, tail_m, *limits)
    for k in range(1, 200):
        arguments = (1.0 + 0.013 * k, 7.5 + 0.1 * k, 30.0 / 3.6, 1.0 / k)
        assert fast_headway(*arguments) == headway(*arguments)
    fast_factor, fast_filling = compiled(factor_at), compiled(next_filling)
    at, factor = np.array([0.0, 0.3, 1.0]), np.array([1.7, 0.9, 0.1])
    for k in range(-5, 120):
        assert fast_factor(0.01 * k, at, factor) == factor_at(0.01 * k, at.tolist(), factor.tolist())
    for in_area in range(5):
        for filling in (True, False):
            assert fast_filling(filling, in_area, 4) == next_filling(filling, in_area, 4)
    for k in range(1, 200):
        moments = (1.3 * k, 200.0 - k, 90.0 + 0.7 * k)
        for stops in (True, False):
            arguments = (int(Gate.OPEN), stops, *moments, 0.9 * moments[1], 3.3)
            assert fast_look(*arguments) == look_ends_s(*arguments)


def test_selection_rules_give_the_same_thresholds_compiled():
    fast_threshold = compiled(threshold_at)
    for rule in RULES:
        for seen in range(1, 7):
            arguments = (rule_number(rule), seen != 5, 0.5, 3, seen, seen % 3, 2, seen % 2 == 0)
            assert fast_threshold(*arguments) == threshold_at(*arguments)
