"""Small cases computed by hand from the model (the small checkpoint of conftest). Times count from the opening."""

import numpy as np
import pytest

from funnelsim.model.states import NOT_FOUND, Fate, Gate, Valve
from funnelsim.units import NEVER

NOBODY = {"selection": {"rate": {"default": 0.0}}}
WIDE = {"area": {"bays": 100}}


def passed(outcome):
    log, opens_s = outcome
    return (log.passed_s - opens_s).tolist()


# The lane


def test_a_vehicle_follows_at_its_headway_and_a_trucks_metres_fall_on_whoever_is_behind_it(run):
    outcome = run(NOBODY, [0, 1, 2, 10], ["box", "truck", "box", "box"])
    assert passed(outcome) == [8, 8 + 3, 11 + 3, 18]
    log, opens_s = outcome
    assert (log.arrival_s - opens_s).tolist() == [8, 9, 10, 18]


def test_the_baseline_is_the_same_road_without_a_funnel(run):
    log, opens_s = run(NOBODY, [0, 1, 2, 10], ["box", "truck", "box", "box"])
    assert (log.baseline_s - opens_s).tolist() == [0, 2.5, 4.5, 10]


def test_the_baseline_runs_over_all_lanes_of_the_road(run):
    log, opens_s = run(NOBODY | {"approach": {"lanes": 3}}, [0, 0, 0])
    assert (log.baseline_s - opens_s).tolist() == [0, 0.5, 1.0]


def test_noise_scales_the_headway(run):
    assert passed(run(NOBODY, [0, 0, 0], noise=[1, 0.5, 2])) == [8, 9, 13]


def test_a_counted_capacity_scales_every_headway(run):
    capacity = NOBODY | {"lane": {"capacity_vph": 900.0}}  # boxes alone would pass at 1800
    assert passed(run(capacity, [0, 0, 0], ["box", "truck", "box"])) == [8, 14, 20]


def test_one_officer_looks_at_one_vehicle_after_the_other(run):
    outcome = run(NOBODY, [0, 1, 2, 10], ["box", "truck", "box", "box"], look_s=5)
    assert passed(outcome) == [8, 13, 18, 23]


def test_of_two_officers_each_looks_at_every_second_vehicle(run):
    two = {"selection": {"rate": {"default": 0.0}, "look": {"officers": 2}}}
    assert passed(run(two, [0, 1, 2, 3, 4], look_s=5)) == [8, 10, 13, 15, 18]


def test_a_diversion_costs_whoever_follows_what_singling_the_leader_out_takes(run):
    assert passed(run(WIDE, [0, 1, 2, 30], ["box", "truck", "box", "box"])) == [8, 8 + 3 + 4, 15 + 3 + 6, 38]


# Opening and closing


def test_before_the_opening_vehicles_pass_as_on_the_road(run):
    outcome = run(WIDE, [-10, -8.5, -8.4, -7.9])
    assert passed(outcome) == pytest.approx([-10, -8.5, -7, 0.1])
    assert outcome[0].gate.tolist() == [Gate.NO_FUNNEL] * 3 + [Gate.OPEN]
    assert outcome[0].fate.tolist() == [Fate.OUTSIDE_OPERATION] * 3 + [Fate.INSPECTED]


def test_whoever_arrives_at_the_very_opening_meets_the_funnel(run):
    log, _ = run(WIDE, [-8])
    assert log.fate.tolist() == [Fate.INSPECTED]


def test_at_closing_the_lane_is_opened_and_the_queue_runs_off_at_the_roads_pace(run):
    outcome = run({"selection": {"rate": {"default": 0.0}}}, [3590, 3591.5, 3595, 3605])
    assert passed(outcome) == [3598, 3600, 3601.5, 3605]
    log, _ = outcome
    assert log.gate.tolist() == [Gate.OPEN] + [Gate.NO_FUNNEL] * 3
    assert log.fate.tolist() == [
        Fate.NOT_SELECTED,
        Fate.SELECTION_SUSPENDED,  # arrived in time, and met the funnel closing
        Fate.OUTSIDE_OPERATION,
        Fate.OUTSIDE_OPERATION,
    ]
    assert log.threshold.tolist() == [np.inf] * 4


def test_in_the_last_minutes_nobody_is_looked_at_or_selected(run):
    outcome = run({"operation": {"stop_selecting_min": 10.0}} | WIDE, [2991.5, 2992, 2995], look_s=20)
    assert passed(outcome) == [2999.5, 2999.5 + 2 + 4, 2999.5 + 2 + 4 + 2]
    log, _ = outcome
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.SELECTION_SUSPENDED, Fate.SELECTION_SUSPENDED]
    assert log.gate.tolist() == [Gate.OPEN, Gate.SUSPENDED, Gate.SUSPENDED]
    assert log.threshold.tolist()[1:] == [np.inf] * 2
    assert not log.accepted[1:].any()


# Queue and valve: a 20 m lane (1 s lost, arrival = free passage + 4 s) and looks of 20 s; vehicles come every 5 s

SLOW = {"lane": {"length_m": 20.0}, "selection": {"rate": {"default": 0.0}}}
EVERY_5_S = [5 * k for k in range(11)]


def valve_at(**limits):
    return {"lane": {"length_m": 20.0}, "selection": {"rate": {"default": 0.0}, "valve": limits}}


def test_the_tail_is_where_a_vehicle_meets_the_wave_of_those_who_passed(run):
    log, opens_s = run(SLOW, EVERY_5_S, look_s=20)
    assert (log.passed_s - opens_s).tolist() == [4 + 20 * k for k in range(11)]
    assert (log.joined_s - opens_s).tolist() == [0, 4.5, 9.5, 14, 18.5, 23, 27.5, 32, 36.5, 41.5, 46]
    assert log.tail_m.tolist() == [0, 0, 0, 0, 10, 20, 30, 40, 50, 50, 60]


def test_upstream_of_the_lane_vehicles_stand_side_by_side(run):
    log, _ = run(SLOW | {"approach": {"lanes": 2}}, [0] * 7, look_s=20)
    assert log.tail_m.tolist() == [0, 0, 0, 5, 10, 15, 20]


def test_the_valve_suspends_at_its_limit_and_resumes_only_when_the_queue_is_down(run):
    outcome = run(valve_at(suspend_at_m=50.0, resume_at_m=10.0), [*EVERY_5_S, 70], look_s=20)
    log, opens_s = outcome
    assert passed(outcome) == [4, 24, 44, 46, 48, 50, 52, 54, 56, 58, 60, 80]
    assert (log.valve_s - opens_s).tolist() == [46, 74]
    assert log.valve.tolist() == [Valve.SUSPENDED, Valve.OPEN]
    assert log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.SUSPENDED] * 8 + [Gate.OPEN]
    assert set(log.fate[3:11].tolist()) == {Fate.SELECTION_SUSPENDED}


def test_a_queue_between_the_limits_leaves_the_valve_as_it_is(run):
    """At 80 s the queue is down to 30 m, where the vehicle of 80 s joined it: suspended it stays."""
    limits = valve_at(suspend_at_m=50.0, resume_at_m=10.0)
    outcome = run(limits, [*EVERY_5_S, 80, 150], look_s=20, noise=3)
    log, opens_s = outcome
    assert log.tail_m.tolist()[-2:] == [30, 0]
    assert passed(outcome) == [4, 24, 44, 50, 56, 62, 68, 74, 80, 86, 92, 98, 154]
    assert (log.valve_s - opens_s).tolist() == [50, 154]


def test_a_lifted_funnel_lets_the_road_run_until_the_queue_is_down(run):
    outcome = run(valve_at(lift_at_m=60.0, resume_at_m=10.0), [*EVERY_5_S, 70], look_s=20)
    log, opens_s = outcome
    assert passed(outcome) == [4, 24, 44, 46, 47.5, 49, 50.5, 52, 53.5, 55, 56.5, 76.5]
    assert (log.valve_s - opens_s).tolist() == [46, 70]
    assert log.valve.tolist() == [Valve.LIFTED, Valve.OPEN]
    assert log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.LIFTED] * 8 + [Gate.OPEN]


def test_a_suspended_selection_becomes_a_lifted_funnel_when_the_queue_goes_on_growing(run):
    limits = valve_at(suspend_at_m=20.0, lift_at_m=60.0)
    outcome = run(limits, [*[0] * 6, *[12] * 4], look_s=20)  # tails 0 0 0 10 20 30, then 40 50 60 70
    log, opens_s = outcome
    assert log.tail_m.tolist() == [0, 0, 0, 10, 20, 30, 40, 50, 60, 70]
    assert passed(outcome) == [4, 6, 8, 10, 11.5, 13, 14.5, 16, 17.5, 19]
    assert (log.valve_s - opens_s).tolist() == [4, 10]
    assert log.valve.tolist() == [Valve.SUSPENDED, Valve.LIFTED]


# Posts


def test_while_the_post_is_unstaffed_nobody_is_looked_at_or_selected(run):
    shifts = [
        {"agency": "police", "count": 1, "from": "01:00", "to": "01:10"},
        {"agency": "police", "count": 1, "from": "01:20", "to": "02:00"},
    ]
    post = {"selection": {"post": {"police": 1}}, "staffing": {"roster": shifts}} | WIDE
    outcome = run(post, [591, 592, 593, 1191, 1192], look_s=0)
    log, _ = outcome
    assert passed(outcome) == [599, 605, 607, 1199, 1201]
    assert log.fate.tolist() == [
        Fate.INSPECTED,
        Fate.POST_UNSTAFFED,
        Fate.POST_UNSTAFFED,
        Fate.POST_UNSTAFFED,
        Fate.INSPECTED,
    ]


# The rules


def test_every_second_vehicle_of_each_class_is_selected(run):
    rule = {
        "selection": {"rule": "every_nth", "every": {"default": 2, "truck": 3}, "rate": {"default": 1.0}},
        "area": {"bays": 100},
    }
    kinds = ["box", "truck", "box", "truck", "box", "truck", "box"]
    log, _ = run(rule, [20 * k for k in range(7)], kinds)
    assert np.flatnonzero(log.fate == Fate.INSPECTED).tolist() == [2, 5, 6]
    assert log.threshold[2] == -np.inf
    assert log.threshold[0] == np.inf


def test_free_bay_selects_whoever_comes_while_a_bay_is_free(run):
    rule = {"selection": {"rule": "free_bay"}}
    log, _ = run(rule, [0, 20, 40, 60, 320])
    assert log.fate.tolist() == [
        Fate.INSPECTED,
        Fate.INSPECTED,
        Fate.NOT_SELECTED,
        Fate.NOT_SELECTED,
        Fate.INSPECTED,
    ]


@pytest.mark.parametrize("rule", ["random", "score", "every_nth", "free_bay"])
def test_a_class_with_rate_0_is_never_selected(run, rule):
    never = {"selection": {"rule": rule, "rate": {"default": 1.0, "truck": 0.0}, "every": {"default": 1}}} | WIDE
    log, _ = run(never, [0, 20, 40], ["box", "truck", "box"], impression=[0, 9, 0])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.NOT_SELECTED, Fate.INSPECTED]


def test_the_score_must_exceed_the_quantile_of_the_rate_and_a_cue_helps_targets_only(run):
    look = {
        "selection": {"rule": "score", "rate": {"default": 0.05}},
        "targets": [{"name": "hidden", "per_10k": {"box": 1.0}, "cue_auc": 0.8}],
    } | WIDE
    scores = [1.64, 1.65, 1.64]
    log, _ = run(look, [0, 20, 40], impression=scores, targets=[0, 0, 1])
    assert log.fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED, Fate.INSPECTED]
    assert log.threshold == pytest.approx([1.6448536269514722] * 3)
    look["selection"]["rule"] = "random"
    log, _ = run(look, [0, 20, 40], impression=scores, targets=[0, 0, 1])
    assert log.fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED, Fate.NOT_SELECTED]


def test_a_log_lists_every_vehicle_even_where_none_came(run):
    log, _ = run({}, [])
    assert len(log.passed_s) == len(log.stage) == len(log.valve) == 0
    assert log.found_at.tolist() == []


def test_who_is_not_inspected_has_no_bay_and_never_leaves_one(run):
    log, _ = run(NOBODY, [0, 1])
    assert log.bay_from_s.tolist() == [NEVER] * 2
    assert log.left_s.tolist() == [NEVER] * 2
    assert log.found_at.tolist() == [NOT_FOUND] * 2
