"""What is told by window and by direction is what a run of that window or funnel alone would say."""

import numpy as np
import pytest

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.by_part import CORE, by_part, window_labels
from funnelsim.analysis.delays import counts_for_delay, delay_s
from funnelsim.analysis.measures import measure
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario

WINDOWS = ("06:00-07:00", "07:30-08:30")
SUMS = ("vehicles", "inspected", "detections", "expected_detections", "ordinary_stops")


def test_one_window_and_one_funnel_have_no_parts(logs, plan):
    assert by_part(logs[0], plan) == {}


def test_names_are_the_core_measures_with_the_label_of_each_part(rich_logs, rich_plan):
    names = [f"{name}.{part}" for parts in (WINDOWS, ("eastbound", "westbound")) for name in CORE for part in parts]
    assert list(by_part(rich_logs[0], rich_plan)) == names
    assert set(CORE) <= set(measure(rich_logs[0], rich_plan))


@pytest.mark.parametrize("parts", [WINDOWS, ("eastbound", "westbound")])
def test_parts_make_up_the_whole(parts, rich_logs, rich_plan):
    for log in rich_logs:
        row = measure(log, rich_plan)
        for name in SUMS:
            each = [row[f"{name}.{part}"] for part in parts]
            assert sum(each) == pytest.approx(row[name]), name
            assert min(each) >= 0
        assert max(row[f"tail_max_m.{part}"] for part in parts) == row["tail_max_m"]
        assert np.mean([row[f"selecting_share.{part}"] for part in parts]) == pytest.approx(row["selecting_share"])


def test_a_direction_says_what_its_funnel_alone_says(rich_logs, rich_plan):
    for log in rich_logs:
        row = by_part(log, rich_plan)
        for one, plan in by_funnel(log, rich_plan):
            alone = measure(one, plan)
            for name in CORE:
                assert row[f"{name}.{plan.direction}"] == pytest.approx(alone[name], nan_ok=True), name


def test_delay_of_a_window_is_that_of_who_arrives_from_its_opening_to_the_next(rich_logs, rich_plan):
    for log in rich_logs:
        row = by_part(log, rich_plan)
        who = counts_for_delay(log, rich_plan) & ~log.inspected
        early = who & (log.arrival_s < rich_plan.windows_s[1][0])
        assert row[f"delay_mean_s.{WINDOWS[0]}"] == pytest.approx(delay_s(log)[early].mean())
        assert row[f"delay_p95_s.{WINDOWS[0]}"] == pytest.approx(np.quantile(delay_s(log)[early], 0.95))
        assert row[f"delay_mean_s.{WINDOWS[1]}"] == pytest.approx(delay_s(log)[who & ~early].mean())


def test_the_first_of_two_windows_says_what_it_would_alone(busy):
    """The second opens hours later, when everybody of the first has gone."""
    busy["traffic"]["counts"]["vehicles"]["total"] = [600, 1300, 500, 500, 200, 200, 1300, 600]
    alone = plan_of(Scenario.model_validate(busy))
    busy["operation"]["also"] = [{"opens": "11:00", "closes": "11:30"}]
    both = plan_of(Scenario.model_validate(busy))
    for replication in range(5):
        row = by_part(simulate(draw_traffic(both.road, 2, replication), both), both)
        first = measure(simulate(draw_traffic(alone.road, 2, replication), alone), alone)
        assert first["selecting_share"] < 55 / 60
        for name in CORE:
            assert row[f"{name}.06:00-07:00"] == pytest.approx(first[name]), name


def test_a_window_without_vehicles_has_no_delay(busy):
    busy["traffic"]["counts"]["vehicles"]["total"] = [600, 1300, 0, 0, 0]
    busy["operation"]["also"] = [{"opens": "09:00", "closes": "09:30"}]
    busy["staffing"]["roster"][0]["to"] = "10:00"
    plan = plan_of(Scenario.model_validate(busy))
    row = by_part(simulate(draw_traffic(plan.road, 2, 0), plan), plan)
    assert row["vehicles.09:00-09:30"] == row["tail_max_m.09:00-09:30"] == 0.0
    assert np.isnan(row["delay_mean_s.09:00-09:30"])
    assert row["selecting_share.09:00-09:30"] == pytest.approx(25 / 30)


@pytest.mark.parametrize(
    ("operation", "labels"),
    [
        ({"opens": "06:00", "closes": "10:00"}, ("06:00-10:00",)),
        (
            {"opens": "22:00", "closes": "01:00", "also": [{"opens": "03:00", "closes": "05:00"}]},
            ("22:00-01:00", "03:00-05:00"),
        ),
        (
            {"opens": "22:00", "closes": "01:00", "also": [{"opens": "03:00", "closes": "05:00"}], "days": 2},
            ("day 1 22:00-01:00", "day 1 03:00-05:00", "day 2 22:00-01:00", "day 2 03:00-05:00"),
        ),
    ],
)
def test_windows_are_named_by_the_clock_and_with_their_day_where_they_come_again(busy, operation, labels):
    busy["operation"] = operation
    for shift in busy["staffing"]["roster"]:
        shift |= {"from": "00:00", "to": "00:00"}
    busy["traffic"]["counts"] = {"from": "00:00", "vehicles": {"total": [100] * 24}}
    assert window_labels(plan_of(Scenario.model_validate(busy))) == labels
