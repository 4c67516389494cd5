"""Arrivals are drawn in blocks; the blocks leave no trace."""

import numpy as np
import pytest

from funnelsim.model import elementary, random_numbers
from funnelsim.model.planning import plan_of
from funnelsim.model.random_streams import FOLLOWS, GAP
from funnelsim.model.road_arrays import FIRST_INTERVAL, NUMBERS_PER_INTERVAL
from funnelsim.model.traffic import draw_traffic


def one_by_one(road, k, seed, replication):
    """Return the numbers and free passages in an interval, drawn vehicle by vehicle with the random_numbers."""
    start_s, end_s = road.demand.starts_s[k], road.demand.ends_s[k]
    first = int(start_s // (end_s - start_s) + FIRST_INTERVAL) * NUMBERS_PER_INTERVAL
    expected = road.demand.vehicles[k].sum()
    if road.arrivals == "counted":
        number = first + np.arange(int(expected))
        u = random_numbers.draws(seed, replication, GAP, number)
        free_s = np.array([random_numbers.on_grid(time_s) for time_s in start_s + (end_s - start_s) * u])
        order = np.lexsort((number, free_s))
        return number[order], free_s[order]
    mean_s = (end_s - start_s) / expected
    least_s = road.least_gap_s
    free_share = elementary.exp(-road.bunching_factor * (least_s / mean_s))
    tail_s = (mean_s - least_s) / free_share
    free_s, time_s = [], start_s
    while True:
        vehicle = first + len(free_s)
        beyond_s = random_numbers.exponential(random_numbers.draw(seed, replication, GAP, vehicle), tail_s)
        follows = random_numbers.draw(seed, replication, FOLLOWS, vehicle)
        if free_s:
            time_s = (time_s + least_s) + (beyond_s if follows < free_share else 0.0)
        elif follows < least_s / mean_s:
            time_s += random_numbers.draw(seed, replication, GAP, vehicle) * least_s
        else:
            time_s += least_s + beyond_s
        if time_s >= end_s:
            return first + np.arange(len(free_s)), np.array(free_s)
        free_s.append(random_numbers.on_grid(time_s))


@pytest.mark.parametrize("arrivals", ["poisson", "bunched", "counted"])
@pytest.mark.parametrize("counted", [3, 40, 1015, 1024, 2900])
def test_arrivals_are_those_drawn_vehicle_by_vehicle(build, arrivals, counted):
    counts = {"from": "06:00", "minutes": 60, "vehicles": {"box": [counted] * 3}}
    changes = {
        "operation": {"opens": "06:00", "closes": "09:00", "lead_in_min": 0.0, "run_out_min": 0.0},
        "approach": {"lanes": 2},
        "traffic": {"counts": counts, "arrivals": arrivals},
    }
    road = plan_of(build(changes)).road
    for replication in range(3):
        traffic = draw_traffic(road, 4, replication)
        number, free_s = zip(*(one_by_one(road, k, 4, replication) for k in range(3)), strict=True)
        assert np.array_equal(traffic.number, np.concatenate(number))
        assert np.array_equal(traffic.free_s, np.concatenate(free_s))
