"""Known answers 5 and 6: the deterministic work zone and the kinematic wave, exactly."""

import numpy as np
import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.validation.closed_forms.traffic_flow import tail_growth_kmh, wave_speed_kmh, work_zone

FREE_ROAD = {"approach": {"merge_s": 0.0}, "lane": {"speed_kmh": 72.0}}


def nobody_selected(**changes):
    return {
        "operation": {"opens": "01:00", "closes": "05:00"},
        "selection": {"rate": {"default": 0.0}},
        **changes,
    }


def test_work_zone(build, vehicles):
    """1800 veh/h into 1400 for an hour, then 1000: 400 vehicles, gone in an hour, 400 vehicle-hours, 17.14 min."""
    zone = work_zone(1800.0, 1.0, 1000.0, 1400.0)
    plan = plan_of(
        build(nobody_selected(approach={"merge_s": 0.0, "lanes": 2}, lane={"speed_kmh": 72.0, "capacity_vph": 1400.0}))
    )
    came_s = [2.0 * k for k in range(1800)] + [3600.0 + 3.6 * k for k in range(2000)]
    log = simulate(vehicles(plan, came_s), plan)
    came, gone = log.traffic.free_s, log.passed_s
    delay_s = gone - came
    queue = np.arange(1, len(came) + 1) - np.searchsorted(gone, came, side="right")  # just after each arrival
    one = 1.0  # a vehicle is not a fluid
    assert queue.max() == pytest.approx(zone.queue_max, abs=one)
    assert delay_s.max() / 60.0 == pytest.approx(zone.delay_max_min, abs=one * 2.58 / 60.0)
    late = delay_s > 2.58  # longer than one headway
    cleared_s = came[late].max() - plan.window_s[0]
    assert cleared_s / 3600.0 - 1.0 == pytest.approx(zone.cleared_after_h, abs=0.005)
    assert delay_s.sum() / 3600.0 == pytest.approx(zone.vehicle_h, rel=0.002)


@pytest.mark.parametrize("lanes", [1, 2])
def test_kinematic_wave(build, vehicles, lanes):
    """1200 veh/h into a bottleneck of 600: on one lane the tail grows at 6.43 km/h; a point queue's delays."""
    wave_kmh = wave_speed_kmh(90.0, 1800.0, 150.0)
    scenario = build(
        nobody_selected(
            approach={"merge_s": 0.0, "lanes": lanes, "speed_kmh": 90.0, "wave_speed_kmh": wave_kmh},
            lane={"speed_kmh": 90.0, "capacity_vph": 600.0, "length_m": 50.0},
            classes={"box": {"spacing_m": 1000.0 / 150.0, "reaction_s": 1.0}},
        )
    )
    plan = plan_of(scenario)
    log = simulate(vehicles(plan, [3.0 * k for k in range(2390)]), plan)
    assert (log.passed_s - log.traffic.free_s).tolist() == [3.0 * k for k in range(2390)]
    joined_s, tail_m = log.joined_s, log.tail_m
    first, last = np.searchsorted(joined_s - plan.window_s[0], [600.0, 6500.0])
    grown_kmh = 3.6 * (tail_m[last] - tail_m[first]) / (joined_s[last] - joined_s[first])
    answer_kmh = tail_growth_kmh(1200.0, 600.0, 90.0, wave_kmh, lanes * 150.0)
    one_place = 1000.0 / 150.0 / (joined_s[last] - joined_s[first]) * 3.6
    assert grown_kmh == pytest.approx(answer_kmh, abs=one_place)
    assert one_place < 0.005 * answer_kmh
