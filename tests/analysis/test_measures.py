"""The measures carry the fixed names of the design, and follow from each other as they should."""

import math

import numpy as np
import pytest

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.catalogue import CATALOGUE
from funnelsim.analysis.exposure import exposure
from funnelsim.analysis.measures import measure, ratios_of
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import NOT_FOUND, Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario


def whole_names(row):
    """Return the names of measures without the class, agency or part for which they stand."""
    return {name.partition(".")[0] for name in row}


def test_every_measure_of_the_catalogue_is_there_and_no_other(rich_logs, rich_plan):
    assert whole_names(measure(rich_logs[0], rich_plan)) == {described.name for described in CATALOGUE}


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


def test_whoever_turned_off_is_counted_by_fate(rich_logs, rich_plan):
    for log in rich_logs:
        row = measure(log, rich_plan)
        fates = {fate: float((log.fate == fate).sum()) for fate in Fate}
        assert row["left_at_exit"] == fates[Fate.LEFT_AT_EXIT] > 0
        assert row["evaded"] == fates[Fate.EVADED] > 0
        assert row["brought_back"] == fates[Fate.BROUGHT_BACK] > 0
        assert row["pursuits"] == len(log.pursuit_from_s)
        assert row["pursuits"] >= row["brought_back"]


def test_inspected_are_those_singled_out_and_those_brought_back(rich_logs, rich_plan):
    for log in rich_logs:
        row = measure(log, rich_plan)
        assert row["selected"] == row["waved_through"] + row["inspected"] - row["brought_back"]


def test_time_lost_by_the_inspected_runs_until_they_leave_the_area_for_the_brought_back_too(rich_logs, rich_plan):
    """Against a loop over all vehicles."""
    found = 0
    for log in rich_logs[:3]:
        hours = person_hours = 0.0
        for i in range(len(log.traffic)):
            if log.traffic.target[i]:
                continue
            if log.fate[i] in (Fate.INSPECTED, Fate.BROUGHT_BACK):
                lost_s = log.left_s[i] - log.baseline_s[i]
                found += log.fate[i] == Fate.BROUGHT_BACK
            elif log.fate[i] in (Fate.LEFT_AT_EXIT, Fate.EVADED):
                continue
            else:
                inside = any(opens <= log.arrival_s[i] < closes for opens, closes in rich_plan.windows_s)
                lost_s = log.passed_s[i] - log.baseline_s[i]
                if not inside and (lost_s <= 0 or log.arrival_s[i] < rich_plan.window_s[0]):
                    continue
            hours += lost_s / 3600
            person_hours += lost_s * log.traffic.occupants[i] / 3600
        row = measure(log, rich_plan)
        assert row["ordinary_h"] == pytest.approx(hours)
        assert row["ordinary_person_h"] == pytest.approx(person_hours)
    assert found > 0


def test_persons_are_the_occupants(rich_logs, rich_plan):
    log = rich_logs[0]
    inspected = np.flatnonzero(np.isin(log.fate, [Fate.INSPECTED, Fate.BROUGHT_BACK]))
    row = measure(log, rich_plan)
    assert row["persons_inspected"] == sum(log.traffic.occupants[inspected])
    assert row["persons_stopped"] == sum(log.traffic.occupants[i] for i in inspected if not log.traffic.target[i])
    assert row["persons_inspected"] > row["inspected"]
    assert row["persons_inspected"] > row["persons_stopped"] > row["ordinary_stops"]


def test_danger_at_the_end_of_the_queue_is_summed_over_the_funnels_with_a_sign(rich_logs, rich_plan):
    log = rich_logs[0]
    east, west = (exposure(*one) for one in by_funnel(log, rich_plan))
    row = measure(log, rich_plan)
    assert row["tail_meetings"] == east["tail_meetings"] + west["tail_meetings"]
    assert math.isnan(west["warning_exceeded_s"])
    assert row["warning_exceeded_s"] == east["warning_exceeded_s"] > 0


def test_without_a_sign_the_warning_has_no_meaning(logs, plan):
    assert math.isnan(measure(logs[0], plan)["beyond_warning_vehicle_min"])


def test_detections_of_all_funnels_are_counted(rich_logs, rich_plan):
    for log in rich_logs:
        inside = np.zeros(len(log.traffic), dtype=bool)
        for opens, closes in rich_plan.windows_s:
            inside |= (log.arrival_s >= opens) & (log.arrival_s < closes)
        assert measure(log, rich_plan)["detections"] == (inside & (log.found_at != NOT_FOUND)).sum()
