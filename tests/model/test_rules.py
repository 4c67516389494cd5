import math

import pytest

from funnelsim.model.compiled import compiled
from funnelsim.model.log import Valve
from funnelsim.model.rules import (
    LIFTED,
    OPEN,
    RULES,
    SUSPENDED,
    has_place,
    headway,
    needs_stage,
    next_valve,
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


def test_score_and_random_use_the_quantile_of_the_rate():
    for name in ("score", "random"):
        assert RULES[name](1.64, 20, 3, 0, 4) == 1.64


def test_every_nth_selects_the_nth_and_never_a_class_without_n():
    rule = RULES["every_nth"]
    assert [rule(0.0, 3, seen, 0, 4) for seen in range(1, 7)] == [math.inf, math.inf, -math.inf] * 2
    assert {rule(0.0, 0, seen, 0, 4) for seen in range(1, 7)} == {math.inf}


def test_free_bay_selects_while_a_bay_is_free():
    rule = RULES["free_bay"]
    assert [rule(0.0, 1, 1, in_area, 2) for in_area in range(4)] == [-math.inf, -math.inf, math.inf, math.inf]
    assert rule(0.0, 0, 1, 0, 2) == math.inf


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
            assert fast(0.5, 3, seen, seen % 3, 2) == rule(0.5, 3, seen, seen % 3, 2)
