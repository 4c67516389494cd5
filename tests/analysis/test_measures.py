"""The measures carry the fixed names of the design, and follow from each other as they should."""

import math

import numpy as np
import pytest

from funnelsim.analysis.measures import measure, ratios_of
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario

NAMES = """
detections expected_detections chance_of_any persons_found targets_offered share_found
loss_exit loss_evaded loss_not_selected loss_suspended loss_unstaffed loss_area_full loss_missed
delay_mean_s delay_p50_s delay_p95_s delay_max_s delay_queue_mean_s delay_vehicle_h delay_cost
tail_max_m tail_mean_m tail_over_critical_share spillback cleared_after_s
vehicles selected inspected waved_through suspended_share left_at_exit
area_wait_mean_s bay_utilisation crew_utilisation.police crew_utilisation.customs overtime_officer_h
stops_per_detection ordinary_h_per_detection stop_rate.car stop_rate.van
officer_h detections_per_100_officer_h cost_per_detection
"""


def test_all_names_of_the_design_are_there(logs, plan):
    assert set(NAMES.split()) <= set(measure(logs[0], plan))


def test_every_replication_has_the_same_names_in_the_same_order(logs, plan):
    assert len({tuple(measure(log, plan)) for log in logs}) == 1


def test_measures_are_a_pure_function_of_the_log(logs, plan):
    first, second = measure(logs[0], plan), measure(logs[0], plan)
    assert list(first) == list(second)
    assert np.array_equal(list(first.values()), list(second.values()), equal_nan=True)


def test_ratios_are_their_numerators_over_their_denominators(logs, plan):
    row = measure(logs[0], plan)
    for name, ratio in ratios_of(plan.classes).items():
        if row[ratio.below] > 0:
            assert row[name] == pytest.approx(ratio.times * row[ratio.above] / row[ratio.below])


def test_officer_hours_are_the_roster_and_overtime(logs, plan):
    row = measure(logs[0], plan)
    assert row["officer_h"] == pytest.approx(5 * 2 + 2 * (1 + 20 / 60) + row["overtime_officer_h"])
    assert row["staff_cost"] == pytest.approx(50 * row["officer_h"])


def test_an_operation_without_traffic_measures_nothing_and_fails_nowhere(busy):
    busy["traffic"]["counts"]["vehicles"]["total"] = [0, 0, 0, 0]
    plan = plan_of(Scenario.model_validate(busy))
    row = measure(simulate(draw_traffic(plan.road, 1, 0), plan), plan)
    assert row["vehicles"] == row["selected"] == row["tail_max_m"] == row["delay_vehicle_h"] == 0.0
    assert math.isnan(row["delay_mean_s"])
    assert math.isnan(row["stops_per_detection"])
