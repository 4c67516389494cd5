"""Known answer 11: drivers who leave for a detour keep the queue at the length at which the two ways are equal."""

import numpy as np
import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate

SPACING_M = 0.125
PLACES = 80


def test_the_queue_levels_off_where_the_detour_is_as_long(build, vehicles):
    """1200 veh/h into 800, detour + 6 min: the queue stops growing at 80 vehicles after 12 min, then 400 veh/h leave.

    Eighty vehicles at 800 veh/h wait 6 minutes. The known answer is of a queue without length, so vehicles are short
    enough for all of them to stand, and to see each other, within ten metres: the exit is where the queue then ends.
    """
    queue_m = PLACES * SPACING_M
    road = {"merge_s": 0.0, "speed_kmh": 200.0, "wave_speed_kmh": 100.0}
    road |= {"exit": {"at_m": queue_m, "leave_when_tail_m": queue_m, "share": 1.0}}
    plan = plan_of(
        build(
            {
                "operation": {"opens": "01:00", "closes": "03:00"},
                "approach": road,
                "lane": {"length_m": 1e-6, "speed_kmh": 200.0, "capacity_vph": 800.0},
                "classes": {"box": {"spacing_m": SPACING_M}},
                "selection": {"rate": {"default": 0.0}},
            }
        )
    )
    log = simulate(vehicles(plan, [3.0 * k for k in range(2400)]), plan)
    came_s, stays = log.traffic.free_s - plan.window_s[0], log.passed
    assert set(log.fate[~stays].tolist()) == {int(Fate.LEFT_AT_EXIT)}
    gone_s = log.passed_s[stays] - plan.window_s[0]
    waiting = np.arange(1, stays.sum() + 1) - np.searchsorted(gone_s, came_s[stays], side="right")
    one = 1.0  # a vehicle is not a fluid
    assert came_s[~stays][0] == pytest.approx(12.0 * 60.0, abs=2.0 * 9.0)  # the queue grows by one in 9 s
    assert abs(waiting[came_s[stays] > 13.0 * 60.0] - PLACES).max() <= 2.0 * one
    settled = (came_s > 1800.0) & (came_s <= 7200.0)
    assert (settled & ~stays).sum() / 1.5 == pytest.approx(400.0, abs=2.0 * one)
