"""The day on a grid of time agrees with the log it was made from."""

import numpy as np
import pytest

from funnelsim.analysis.delays import counts_for_delay
from funnelsim.analysis.grid import STEP_S, time_edges
from funnelsim.analysis.series import delay_counts, series
from funnelsim.analysis.tails import tail_steps
from funnelsim.analysis.yields import yields
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario


def test_grid_runs_from_opening_to_an_hour_after_closing(plan):
    edges = time_edges(plan)
    assert (edges[0], edges[-1]) == (6 * 3600.0, 8 * 3600.0)


def test_longest_queue_of_the_series_is_that_of_the_log(logs, plan):
    for log in logs:
        moments, metres = tail_steps(log)
        inside = (moments >= plan.window_s[0]) & (moments < time_edges(plan)[-1])
        assert series(log, plan)["tail_m"].max() == metres[inside].max()


def test_mean_delay_of_a_bin_is_that_of_who_passes_in_it(logs, plan):
    log = logs[0]
    edges = time_edges(plan)
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    who &= (log.passed_s >= edges[10]) & (log.passed_s < edges[11])
    assert series(log, plan)["delay_s"][10] == pytest.approx((log.passed_s - log.baseline_s)[who].mean())


def test_delay_counts_count_everybody_whose_delay_counts(logs, plan):
    log = logs[0]
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    counts = delay_counts(log, plan)
    assert counts.sum() == who.sum()
    assert (
        counts.sum(axis=1).tolist() == np.bincount(log.traffic.vehicle_class[who], minlength=len(plan.classes)).tolist()
    )


def test_expected_detections_of_the_bins_sum_to_the_whole_and_lie_where_they_arrive(logs, plan):
    for log in logs:
        bins = series(log, plan)
        assert bins["expected_detections"].sum() == pytest.approx(yields(log, plan)["expected_detections"])
        assert not bins["expected_detections"][bins["time_s"] >= plan.funnel.last_selection_s[0]].any()


def test_a_grid_that_ends_before_the_last_minute_still_has_all_expected_detections(busy):
    """61 minutes make 30 bins and a half; without a run-out nothing follows."""
    busy["operation"] |= {"closes": "07:01", "stop_selecting_min": 0, "run_out_min": 0}
    plan = plan_of(Scenario.model_validate(busy))
    log = simulate(draw_traffic(plan.road, 1, 0), plan)
    assert time_edges(plan)[-1] < plan.window_s[1]
    assert series(log, plan)["expected_detections"].sum() == pytest.approx(yields(log, plan)["expected_detections"])


def test_one_funnel_has_no_queue_by_direction(logs, plan):
    assert [name for name in series(logs[0], plan) if name.startswith("tail_m")] == ["tail_m"]


def test_the_queue_of_several_funnels_is_the_longest_at_the_time(rich_logs, rich_plan):
    for k, log in enumerate(rich_logs):
        bins = series(log, rich_plan)
        east, west = bins["tail_m.eastbound"], bins["tail_m.westbound"]
        assert np.array_equal(bins["tail_m"], np.maximum(east, west))
        moments, metres = tail_steps(log.of_funnel(1))
        inside = (moments >= rich_plan.window_s[0]) & (moments < time_edges(rich_plan)[-1])
        assert west.max() == metres[inside].max()
        assert (east > west).any(), k
        assert (west > east).any(), k


def test_bays_of_the_series_are_freed_by_those_who_move_to_a_spot(rich_logs, rich_plan):
    for log in rich_logs:
        assert series(log, rich_plan)["bays"].max() <= rich_plan.bays


def test_a_few_windows_share_one_regular_grid(rich_plan):
    edges = time_edges(rich_plan)
    assert (edges[0], edges[-1]) == (6 * 3600.0, 9.5 * 3600.0)
    assert set(np.diff(edges)) == {STEP_S}


@pytest.fixture(scope="module")
def week():
    """Return a plan of seven days with two windows each, 25 minutes apart, and a log of it."""
    counts = {"from": "00:00", "vehicles": {"total": [60] * 24}}
    plan = plan_of(
        Scenario.model_validate(
            {
                "title": "a week",
                "operation": {
                    "opens": "06:00",
                    "closes": "07:00",
                    "also": [{"opens": "07:25", "closes": "08:00"}],
                    "days": 7,
                },
                "traffic": {"counts": counts},
                "targets": [{"name": "contraband", "per_10k": {"car": 500}}],
                "selection": {"rate": {"default": 0.3}},
                "area": {
                    "stages": [{"name": "search", "duration": {"mean_s": 300}, "finds": {"contraband": 0.8}}],
                },
            }
        )
    )
    return plan, simulate(draw_traffic(plan.road, 1, 0), plan)


def test_many_days_have_only_their_windows_with_an_hour_after_on_the_grid(week):
    plan, log = week
    bins = series(log, plan)
    days = [[day * 86400 + 6 * 3600 + k * STEP_S for k in range(90)] for day in range(7)]
    assert bins["time_s"].tolist() == [time_s for day in days for time_s in day]
    assert {len(column) for column in bins.values()} == {7 * 90}


def test_what_lies_between_days_is_no_part_of_the_bins(week):
    plan, log = week
    bins = series(log, plan)
    assert bins["expected_detections"].sum() == pytest.approx(yields(log, plan)["expected_detections"])
    assert (bins["expected_detections"].reshape(7, 90).sum(axis=1) > 0).all()
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    who &= (log.passed_s >= bins["time_s"][95]) & (log.passed_s < bins["time_s"][95] + STEP_S)
    assert bins["delay_s"][95] == pytest.approx((log.passed_s - log.baseline_s)[who].mean(), nan_ok=True)
