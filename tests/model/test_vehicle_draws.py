"""Luck is drawn in blocks of vehicles; the blocks leave no trace."""

import pytest

from funnelsim.model import random_numbers
from funnelsim.model.planning import plan_of
from funnelsim.model.random_streams import HEADWAY, IMPRESSION, LOOK, OCCUPANTS, TARGET
from funnelsim.model.traffic import draw_traffic


@pytest.mark.parametrize("arrivals", ["poisson", "bunched", "counted"])
def test_luck_is_that_of_each_vehicle_alone(build, arrivals):
    changes = {
        "lane": {"headway_cv": 0.4},
        "selection": {"look": {"mean_s": 3.0, "cv": 0.5}},
        "classes": {"box": {"occupants": 1.7}, "truck": {"occupants": 41.0}},
        "targets": [{"name": "a", "per_10k": {"box": 300.0}}, {"name": "b", "per_10k": {"box": 9.0, "truck": 5000.0}}],
        "traffic": {
            "arrivals": arrivals,
            "counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [900] * 24, "truck": [80] * 24}},
        },
    }
    road = plan_of(build(changes | {"approach": {"lanes": 2}})).road
    drawn = draw_traffic(road, 2, 3)
    assert len(drawn) > 1024
    assert {road.demand.classes[kind] for kind in set(drawn.vehicle_class.tolist())} == {"box", "truck"}
    for i, number in enumerate(drawn.number.tolist()):
        kind = drawn.vehicle_class[i]
        u = {
            purpose: random_numbers.draw(2, 3, purpose, number)
            for purpose in (TARGET, IMPRESSION, HEADWAY, LOOK, OCCUPANTS)
        }
        up_to = road.prevalence[kind].cumsum()
        assert drawn.target[i] == next((k + 1 for k in range(2) if u[TARGET] < up_to[k]), 0)
        assert drawn.impression[i] == random_numbers.normal_quantile(u[IMPRESSION])
        assert drawn.headway_noise[i] == random_numbers.lognormal(u[HEADWAY], 1.0, 0.4)
        assert drawn.look_s[i] == random_numbers.on_grid(random_numbers.lognormal(u[LOOK], 3.0, 0.5))
        assert drawn.occupants[i] == 1 + random_numbers.poisson(u[OCCUPANTS], road.occupants[kind] - 1.0)
