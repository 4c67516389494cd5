"""Known answer 4: the capacity of a lane that stands while the area is full."""

from dataclasses import replace

import numpy as np
import pytest

from funnelsim.model.planning import plan_of
from funnelsim.model.states import Gate
from funnelsim.model.traffic import draw_traffic
from funnelsim.validation.closed_forms.queueing import hold_capacity

BATCHES, SIZE, WARM_UP = 40, 400_000, 20_000


@pytest.mark.parametrize(
    ("share", "bays", "waiting", "service_s"),
    [(0.05, 4, 0, 300.0), (0.05, 4, 2, 300.0), (0.05, 4, 5, 300.0), (1.0, 1, 0, 5.0), (1.0, 1, 2, 5.0)],
)
def test_capacity_of_a_saturated_lane_that_is_held(build, known, share, bays, waiting, service_s):
    """Exponential headways of 5 s, a share selected by lot: 623.6, 673.9, 702.5; for equal rates (B + 2) / (B + 3)."""
    day = known.day | {
        "classes": {"box": {"spacing_m": 1e-6, "reaction_s": 5.0, "diversion_s": 0.0}},
        "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [1500] * 24}}},
        "selection": {"rate": {"default": share}},
        "area": {
            "bays": bays,
            "waiting": waiting,
            "when_full": "hold",
            "stages": [
                {"name": "check", "duration": {"mean_s": service_s, "distribution": "exponential"}},
            ],
        },
    }
    scenario = build(day)
    traffic = draw_traffic(plan_of(scenario).road, 7, 0)
    noise = known.variates(7, 0, known.gap, len(traffic), 1.0, 1.0, True)
    log, (passed_s, bay_from_s, left_s) = known.on_the_same_draws(scenario, replace(traffic, headway_noise=noise))
    in_time = log.gate == Gate.OPEN
    assert in_time.sum() > 8_000
    assert np.array_equal(log.passed_s[in_time], passed_s[in_time])
    assert np.array_equal(log.bay_from_s[in_time], bay_from_s[in_time])
    assert np.array_equal(log.left_s[in_time], left_s[in_time])

    capacity = []
    for batch in range(BATCHES):
        headway_s = known.variates(5, batch, known.gap, SIZE, 5.0, 1.0, True)
        selected = known.lots(5, batch, known.lot, SIZE, share)
        inspection_s = known.variates(5, batch, known.service, SIZE, service_s, 1.0, True)
        passed_s, _, _ = known.station(np.zeros(SIZE), headway_s, selected, inspection_s, bays, waiting, True)
        capacity.append(3600.0 * (SIZE - 1 - WARM_UP) / (passed_s[-1] - passed_s[WARM_UP]))
    known.agrees(capacity, hold_capacity(720.0, share, bays, 3600.0 / service_s, waiting), 0.005)
