"""Delay and queue measures say what the log says."""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.delays import counts_for_delay, delay_s, delays
from funnelsim.analysis.measures import measure
from funnelsim.analysis.queue import queue
from funnelsim.analysis.tails import tail_steps
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
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
    late = [np.any((log.arrival_s >= plan.window_s[1]) & counts_for_delay(log, plan)) for log in logs]
    assert any(late)
    for log in logs:
        beyond = log.arrival_s >= plan.window_s[1]
        assert np.array_equal(counts_for_delay(log, plan)[beyond], delay_s(log)[beyond] > 0)


def test_tail_steps_end_with_no_queue(logs):
    for log in logs:
        moments, metres = tail_steps(log)
        assert np.all(np.diff(moments) >= 0)
        assert metres[-1] == 0.0


def sampled_tails(log, plan, step_s=0.05):
    """Return the queue of each funnel on a fine grid over its windows, shape (moments, funnels)."""
    grid = np.concatenate([np.arange(*window_s, step_s) for window_s in plan.windows_s])
    tails = [tail_steps(one) for one, _ in by_funnel(log, plan)]
    return np.column_stack([metres[np.searchsorted(moments, grid, side="right") - 1] for moments, metres in tails])


def test_mean_tail_is_the_time_average_over_the_operation(logs, plan):
    """Against a plain sum over a fine grid of time."""
    log = logs[1]
    moments, metres = tail_steps(log)
    grid = np.arange(plan.window_s[0], plan.window_s[1], 0.05)
    sampled = metres[np.searchsorted(moments, grid, side="right") - 1]
    row = queue(log, plan)
    assert row["tail_mean_m"] == pytest.approx(sampled.mean(), rel=2e-3)
    assert row["tail_over_critical_share"] == pytest.approx((sampled > plan.funnel.critical_m).mean(), abs=1e-3)
    assert row["tail_max_m"] == log.tail_m[log.joined_s >= plan.window_s[0]].max()


def test_spillback_is_a_tail_beyond_the_critical_point(logs, plan):
    rows = [queue(log, plan) for log in logs]
    assert {row["spillback"] for row in rows} == {0.0, 1.0}
    for row in rows:
        assert row["spillback"] == (row["tail_max_m"] > plan.funnel.critical_m)


def test_cleared_after_is_when_the_last_delayed_vehicle_passes(logs, plan):
    for log in logs:
        cleared_s = plan.window_s[1] + queue(log, plan)["cleared_after_s"]
        assert np.all(delay_s(log)[log.passed_s > cleared_s] == 0.0)


def test_whoever_turned_off_has_no_delay_and_no_place_in_the_queue(rich_logs, rich_plan):
    for log in rich_logs:
        turned_off = np.isin(log.fate, [Fate.LEFT_AT_EXIT, Fate.EVADED, Fate.BROUGHT_BACK])
        assert turned_off.sum() > 50
        assert not counts_for_delay(log, rich_plan)[turned_off].any()
        assert all(np.isfinite(list(delays(log, rich_plan).values())))
        for one, _ in by_funnel(log, rich_plan):
            moments, metres = tail_steps(one)
            assert np.isfinite(moments).all()
            assert np.isfinite(metres).all()


def test_means_over_the_queue_are_over_all_windows_and_of_the_longest_funnel(rich_logs, rich_plan):
    """Against a fine grid of time; a funnel is over its own critical point."""
    log = rich_logs[0]
    tails = sampled_tails(log, rich_plan)
    critical_m = [funnel.funnel.critical_m for funnel in rich_plan.funnels]
    row = queue(log, rich_plan)
    assert row["tail_mean_m"] == pytest.approx(tails.max(axis=1).mean(), rel=2e-3)
    assert row["tail_over_critical_share"] == pytest.approx((tails > critical_m).any(axis=1).mean(), abs=1e-3)
    assert row["tail_over_critical_share"] > 0.001
    each = [queue(*one) for one in by_funnel(log, rich_plan)]
    assert row["tail_max_m"] == max(one["tail_max_m"] for one in each)
    assert row["spillback"] == max(one["spillback"] for one in each)
    assert row["cleared_after_s"] == max(one["cleared_after_s"] for one in each)


def test_cleared_after_is_the_longest_time_after_any_closing(rich_logs, rich_plan):
    """Against a plain loop over the windows; who passes after the next opening belongs to that one."""
    for log in rich_logs:
        delayed = log.passed & (delay_s(log) > 0)
        opens_s = [opens for opens, _ in rich_plan.windows_s] + [np.inf]
        times = [0.0]
        for k, (_, closes) in enumerate(rich_plan.windows_s):
            late = log.passed_s[delayed & (log.passed_s > closes) & (log.passed_s < opens_s[k + 1])]
            times += (late - closes).tolist()
        assert queue(log, rich_plan)["cleared_after_s"] == max(times) > 0


def test_vehicles_between_two_windows_count_only_if_they_meet_a_queue(rich_logs, rich_plan):
    (_, closes), (opens, _) = rich_plan.windows_s
    for log in rich_logs:
        between = (log.arrival_s >= closes) & (log.arrival_s < opens)
        counts = counts_for_delay(log, rich_plan)[between]
        assert np.array_equal(counts, (delay_s(log)[between] > 0) & log.passed[between])
        assert 0 < counts.sum() < between.sum()


def test_the_queue_part_leaves_out_the_merge_of_each_vehicles_own_funnel(rich_logs, rich_plan):
    """The mean over both funnels is that of the funnels, weighed with their vehicles."""
    log = rich_logs[0]
    each = [
        (delays(one, plan)["delay_queue_mean_s"], (counts_for_delay(one, plan) & ~one.inspected).sum())
        for one, plan in by_funnel(log, rich_plan)
    ]
    mean = sum(mean * number for mean, number in each) / sum(number for _, number in each)
    assert delays(log, rich_plan)["delay_queue_mean_s"] == pytest.approx(mean)


def test_delay_costs_of_the_classes_sum_to_the_whole_and_persons_lose_their_vehicles_delay(logs, plan):
    log = logs[0]
    row = delays(log, plan)
    by_class = {name: value for name, value in row.items() if name.startswith("delay_cost.")}
    assert list(by_class) == [f"delay_cost.{name}" for name in plan.classes]
    assert sum(by_class.values()) == pytest.approx(row["delay_cost"])
    lorries = counts_for_delay(log, plan) & ~log.inspected & (log.traffic.vehicle_class == plan.classes.index("lorry"))
    assert row["delay_cost.lorry"] == pytest.approx(36 * delay_s(log)[lorries].sum() / 3600)
    who = counts_for_delay(log, plan) & ~log.inspected
    persons_s = sum(d * n for d, n in zip(delay_s(log)[who], log.traffic.occupants[who], strict=True))
    assert row["person_delay_h"] == pytest.approx(persons_s / 3600)


@pytest.fixture(scope="module")
def standing():
    """Return a plan of two windows ten minutes apart, and a log in which the queue of the first outlasts the gap."""
    plan = plan_of(
        Scenario.model_validate(
            {
                "title": "too much for one lane",
                "operation": {
                    "opens": "06:00",
                    "closes": "07:00",
                    "also": [{"opens": "07:10", "closes": "07:40"}],
                    "run_out_min": 240,
                },
                "approach": {"lanes": 1},
                "lane": {"capacity_vph": 500},
                "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [300, 1200, 1200, 100, 100, 0, 0, 0]}}},
                "selection": {"rate": {"default": 0.0}},
                "area": {"stages": [{"name": "search", "duration": {"mean_s": 300}}]},
            }
        )
    )
    return plan, simulate(draw_traffic(plan.road, 1, 0), plan)


def test_a_queue_that_stands_between_two_windows_is_no_part_of_the_mean(standing):
    plan, log = standing
    moments, metres = tail_steps(log)
    between = np.arange(plan.windows_s[0][1], plan.windows_s[1][0])
    assert metres[np.searchsorted(moments, between, side="right") - 1].min() > 1000
    assert queue(log, plan)["tail_mean_m"] == pytest.approx(sampled_tails(log, plan).mean(), rel=2e-3)


def test_a_queue_that_outlasts_the_next_opening_is_cleared_after_the_closing_that_follows(standing):
    plan, log = standing
    (_, first_closes), (opens, closes) = plan.windows_s
    delayed = log.passed_s[delay_s(log) > 0]
    assert ((delayed > first_closes) & (delayed < opens)).any()
    assert ((delayed > opens) & (log.arrival_s[delay_s(log) > 0] < first_closes)).any()
    assert queue(log, plan)["cleared_after_s"] == max(
        delayed.max() - closes, delayed[delayed < opens].max() - first_closes
    )


def test_a_queue_longer_than_the_approach_is_flagged_with_its_time(build, vehicles):
    """Boxes 1 s apart, 2 s apart in the lane: the queue grows by a box of 10 m every 2 s, and shrinks afterwards."""
    plan = plan_of(build({"approach": {"length_m": 300.0}, "selection": {"rate": {"default": 0.0}}}))
    log = simulate(vehicles(plan, np.arange(200.0)), plan)
    row = measure(log, plan)
    grid = np.arange(plan.window_s[0], plan.window_s[1], 0.25)
    moments, metres = tail_steps(log)
    step = np.searchsorted(moments, grid, side="right") - 1
    beyond = np.where(step < 0, 0.0, metres[np.clip(step, 0, None)]) > 300.0
    assert row["beyond_approach"] == 1.0
    assert row["beyond_approach_s"] == pytest.approx(beyond.sum() * 0.25, abs=2.0)
    assert row["beyond_approach_after_s"] == pytest.approx(grid[beyond][0] - plan.window_s[0], abs=0.5)
    calm = measure(simulate(vehicles(plan, [0.0, 60.0]), plan), plan)
    assert (calm["beyond_approach"], calm["beyond_approach_s"]) == (0.0, 0.0)
    assert np.isnan(calm["beyond_approach_after_s"])
