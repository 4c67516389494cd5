"""Delay and queue measures say what the log says."""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.delays import counts_for_delay, delay_s, delays, queue, tail_steps
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.log import Fate
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario


def test_delay_is_never_negative(logs):
    for log in logs:
        assert np.all(delay_s(log) >= 0.0)


def test_without_queue_and_look_every_delay_is_merge_and_slow_lane(busy):
    busy["traffic"]["counts"]["vehicles"]["total"] = [60, 60, 60, 60]
    busy["traffic"]["arrivals"] = "counted"
    busy["selection"]["rate"] = {"default": 0.0}
    plan = plan_of(Scenario.model_validate(busy))
    row = delays(simulate(draw_traffic(plan.road, 1, 0), plan), plan)
    slow_s = plan.funnel.merge_s + plan.funnel.slow_lane_s
    assert row["delay_p50_s"] == slow_s
    assert row["delay_queue_mean_s"] == pytest.approx(0.0, abs=2.0)
    assert plan.funnel.slow_lane_s == pytest.approx(150 / (30 / 3.6) - 150 / (80 / 3.6), abs=1e-6)


def test_inspected_vehicles_are_left_out_of_delay(logs, plan):
    log = logs[0]
    everybody_inspected = dataclasses.replace(log, fate=np.full_like(log.fate, Fate.INSPECTED))
    assert delays(everybody_inspected, plan)["delay_vehicle_h"] == 0.0
    assert np.isnan(delays(everybody_inspected, plan)["delay_mean_s"])


def test_vehicle_hours_are_mean_delay_times_vehicles(logs, plan):
    for log in logs:
        row = delays(log, plan)
        who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
        assert row["delay_vehicle_h"] * 3600 == pytest.approx(row["delay_mean_s"] * who.sum())


def test_delay_counts_those_after_closing_who_meet_the_queue_left(logs, plan):
    late = [np.any((log.arrival_s >= plan.funnel.closes_s) & counts_for_delay(log, plan)) for log in logs]
    assert any(late)
    for log in logs:
        beyond = log.arrival_s >= plan.funnel.closes_s
        assert np.array_equal(counts_for_delay(log, plan)[beyond], delay_s(log)[beyond] > 0)


def test_tail_steps_end_with_no_queue(logs):
    for log in logs:
        moments, metres = tail_steps(log)
        assert np.all(np.diff(moments) >= 0)
        assert metres[-1] == 0.0


def test_mean_tail_is_the_time_average_over_the_operation(logs, plan):
    """Against a plain sum over a fine grid of time."""
    log = logs[1]
    moments, metres = tail_steps(log)
    grid = np.arange(plan.funnel.opens_s, plan.funnel.closes_s, 0.05)
    sampled = metres[np.searchsorted(moments, grid, side="right") - 1]
    row = queue(log, plan)
    assert row["tail_mean_m"] == pytest.approx(sampled.mean(), rel=2e-3)
    assert row["tail_over_critical_share"] == pytest.approx((sampled > plan.critical_m).mean(), abs=1e-3)
    assert row["tail_max_m"] == log.tail_m[log.joined_s >= plan.funnel.opens_s].max()


def test_spillback_is_a_tail_beyond_the_critical_point(logs, plan):
    rows = [queue(log, plan) for log in logs]
    assert {row["spillback"] for row in rows} == {0.0, 1.0}
    for row in rows:
        assert row["spillback"] == (row["tail_max_m"] > plan.critical_m)


def test_cleared_after_is_when_the_last_delayed_vehicle_passes(logs, plan):
    for log in logs:
        cleared_s = plan.funnel.closes_s + queue(log, plan)["cleared_after_s"]
        assert np.all(delay_s(log)[log.passed_s > cleared_s] == 0.0)
