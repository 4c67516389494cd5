import math

import numpy as np
import pytest

from funnelsim.model.compiled import compiled
from funnelsim.model.log import Valve
from funnelsim.model.rules import (
    LIFTED,
    OPEN,
    RULES,
    SUSPENDED,
    factor_at,
    has_place,
    headway,
    looked_at_rolling,
    looked_at_standing,
    needs_stage,
    next_filling,
    next_valve,
    sees_queue,
)


def test_the_valves_states_are_those_of_the_log():
    assert (OPEN, SUSPENDED, LIFTED) == (Valve.OPEN, Valve.SUSPENDED, Valve.LIFTED)


@pytest.mark.parametrize(
    ("valve", "tail_m", "becomes"),
    [
        (OPEN, 499.9, OPEN),
        (OPEN, 500.0, SUSPENDED),
        (OPEN, 900.0, LIFTED),
        (SUSPENDED, 200.1, SUSPENDED),
        (SUSPENDED, 200.0, OPEN),
        (SUSPENDED, 899.9, SUSPENDED),
        (SUSPENDED, 900.0, LIFTED),
        (LIFTED, 899.9, LIFTED),
        (LIFTED, 500.0, LIFTED),
        (LIFTED, 200.1, LIFTED),
        (LIFTED, 200.0, OPEN),
    ],
)
def test_the_valve_has_hysteresis(valve, tail_m, becomes):
    """Suspended at 500 m, lifted at 900 m, open again only at 200 m; a lifted funnel stays lifted in between."""
    assert next_valve(valve, tail_m, 500.0, 200.0, 900.0) == becomes


def test_a_valve_without_limits_stays_open():
    assert next_valve(OPEN, 1e9, math.inf, 0.0, math.inf) == OPEN


def test_score_and_random_and_index_use_the_quantile_of_the_class():
    for name in ("score", "random", "index"):
        for filling in (True, False):
            assert RULES[name](1.64, 20, 3, 0, 4, filling) == 1.64


def test_every_nth_selects_the_nth_and_never_a_class_without_n():
    rule = RULES["every_nth"]
    assert [rule(0.0, 3, seen, 0, 4, True) for seen in range(1, 7)] == [math.inf, math.inf, -math.inf] * 2
    assert {rule(0.0, 0, seen, 0, 4, True) for seen in range(1, 7)} == {math.inf}


def test_free_bay_selects_while_a_bay_is_free():
    rule = RULES["free_bay"]
    assert [rule(0.0, 1, 1, in_area, 2, True) for in_area in range(4)] == [-math.inf, -math.inf, math.inf, math.inf]
    assert rule(0.0, 0, 1, 0, 2, True) == math.inf


def test_batch_selects_everybody_while_the_area_is_being_filled_and_nobody_of_a_class_with_rate_0():
    rule = RULES["batch"]
    assert [rule(0.0, 1, 1, in_area, 2, True) for in_area in range(4)] == [-math.inf] * 4
    assert [rule(0.0, 1, 1, in_area, 2, False) for in_area in range(4)] == [math.inf] * 4
    assert rule(0.0, 0, 1, 0, 2, True) == math.inf


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
    """Clear at 20 s, the officer free since 3 s, the vehicle there at 12 s and moved up at 14 s."""
    assert looked_at_rolling(20.0, 3.0, 5.0) == 20.0
    assert looked_at_rolling(20.0, 17.0, 5.0) == 22.0
    assert looked_at_standing(20.0, 12.0, 14.0, 5.0) == 20.0
    assert looked_at_standing(20.0, 12.0, 18.0, 5.0) == 23.0
    assert looked_at_standing(20.0, 19.0, 14.0, 5.0) == 24.0


def test_a_headway_is_reaction_and_the_leaders_spacing_times_noise():
    assert headway(1.5, 7.5, 30.0 / 3.6, 1.0) == pytest.approx(2.4)
    assert headway(1.0, 20.0, 10.0, 0.5) == 1.5


def test_an_area_has_a_place_while_fewer_are_in_it_than_it_holds():
    assert [has_place(in_area, 2, 1) for in_area in range(5)] == [True, True, True, False, False]
    assert not has_place(0, 0, 0)


@pytest.mark.parametrize(
    ("possible", "applies", "after_alarm", "alarmed", "needed"),
    [
        (True, True, False, False, True),
        (True, True, False, True, True),
        (True, True, True, False, False),
        (True, True, True, True, True),
        (False, True, False, True, False),
        (True, False, False, True, False),
    ],
)
def test_a_stage_is_needed_if_it_can_be_staffed_applies_and_has_its_alarm(
    possible, applies, after_alarm, alarmed, needed
):
    assert needs_stage(possible, applies, after_alarm, alarmed) is needed


def test_rules_give_the_same_numbers_compiled():
    fast_valve, fast_headway = compiled(next_valve), compiled(headway)
    compiled_rolling, compiled_standing = compiled(looked_at_rolling), compiled(looked_at_standing)
    for valve in (OPEN, SUSPENDED, LIFTED):
        for tail_m in (0.0, 199.9, 200.0, 350.0, 500.0, 900.0):
            limits = (500.0, 200.0, 900.0)
            assert fast_valve(valve, tail_m, *limits) == next_valve(valve, tail_m, *limits)
    for k in range(1, 200):
        arguments = (1.0 + 0.013 * k, 7.5 + 0.1 * k, 30.0 / 3.6, 1.0 / k)
        assert fast_headway(*arguments) == headway(*arguments)
    for rule in RULES.values():
        fast = compiled(rule)
        for seen in range(1, 7):
            arguments = (0.5, 3, seen, seen % 3, 2, seen % 2 == 0)
            assert fast(*arguments) == rule(*arguments)
    fast_factor, fast_filling = compiled(factor_at), compiled(next_filling)
    at, factor = np.array([0.0, 0.3, 1.0]), np.array([1.7, 0.9, 0.1])
    for k in range(-5, 120):
        assert fast_factor(0.01 * k, at, factor) == factor_at(0.01 * k, at.tolist(), factor.tolist())
    for in_area in range(5):
        for filling in (True, False):
            assert fast_filling(filling, in_area, 4) == next_filling(filling, in_area, 4)
    for k in range(1, 200):
        moments = (1.3 * k, 200.0 - k, 90.0 + 0.7 * k)
        assert compiled_rolling(moments[0], moments[1], 3.3) == looked_at_rolling(moments[0], moments[1], 3.3)
        assert compiled_standing(*moments, 3.3) == looked_at_standing(*moments, 3.3)
