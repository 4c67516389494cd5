"""Vehicle classes: shares that the scenario leaves to the defaults, and an order that changes nothing."""

from dataclasses import fields

import numpy as np
import pytest

from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.traffic import DEFAULT_SHARES

OWN = {"spacing_m": 8.0, "reaction_s": 1.0, "diversion_s": 2.0, "occupants": 1.0, "delay_cost_per_h": 10.0}
MINIMAL = {
    "title": "shares",
    "operation": {"opens": "06:00", "closes": "07:00"},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [600, 600, 600]}}},
    "area": {"stages": [{"name": "check", "duration": {"mean_s": 60.0}}]},
}


def scenario_of(**changes):
    return Scenario.model_validate(MINIMAL | changes)


def test_the_other_classes_divide_the_rest_in_their_default_proportions():
    """14 % lorries: the others keep their proportions."""
    shares = {name: entry.share for name, entry in scenario_of(classes={"lorry": {"share": 0.14}}).classes.items()}
    assert shares["lorry"] == 0.14
    assert sum(shares.values()) == pytest.approx(1.0)
    others = [name for name in DEFAULT_SHARES if name != "lorry"]
    assert [shares[name] / shares["car"] for name in others] == pytest.approx(
        [DEFAULT_SHARES[name] / DEFAULT_SHARES["car"] for name in others]
    )


def test_shares_that_are_the_whole_leave_the_others_nothing():
    classes = scenario_of(classes={"car": {"share": 0.9}, "lorry": {"share": 0.1}}).classes
    assert classes["van"].share is None


def test_an_own_class_without_a_share_has_none():
    classes = scenario_of(classes={"tractor": OWN, "lorry": {"share": 0.2}}).classes
    assert classes["tractor"].share is None
    assert sum(entry.share or 0.0 for entry in classes.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("counts", ["total", "by class"])
@pytest.mark.parametrize("arrivals", ["poisson", "counted"])
def test_the_order_of_classes_and_targets_changes_no_draw(counts, arrivals):
    """Two own classes and two target types, in the file's order and the other way round."""
    own = {"tractor": OWN | {"share": 0.3}, "bus": OWN | {"share": 0.2}, "car": {"share": 0.5}}
    vehicles = {"total": [600] * 3} if counts == "total" else {"tractor": [200] * 3, "bus": [100] * 3, "car": [300] * 3}
    targets = [
        {"name": "hidden", "per_10k": {"bus": 900.0, "tractor": 500.0}},
        {"name": "goods", "per_10k": {"bus": 400.0, "tractor": 800.0}},
    ]
    drawn = []
    for turn in (1, -1):
        plan = plan_of(
            scenario_of(
                traffic={
                    "arrivals": arrivals,
                    "counts": {"from": "05:00", "vehicles": dict([*vehicles.items()][::turn])},
                },
                classes=dict([*own.items()][::turn]),
                targets=targets[::turn],
            )
        )
        traffic = draw_traffic(plan.road, 1, 0)
        arrays = {entry.name: getattr(traffic, entry.name) for entry in fields(traffic)[2:]}
        arrays["vehicle_class"] = np.array(plan.classes)[traffic.vehicle_class]
        arrays["target"] = np.array(["", *plan.targets])[traffic.target]
        drawn.append(arrays)
    assert len(drawn[0]["number"]) > 500
    assert {"hidden", "goods"} <= set(drawn[0]["target"])
    for name, array in drawn[0].items():
        assert np.array_equal(array, drawn[1][name]), name
