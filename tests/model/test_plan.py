import numpy as np
import pytest

from funnelsim.errors import PlanError
from funnelsim.model.funnel import natural_capacity_vph
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import demand_of


def shift(agency, count, from_="00:00", to="23:00", **keys):
    return {"agency": agency, "count": count, "from": from_, "to": to, **keys}


def stage(name, **keys):
    return {"name": name, "duration": {"mean_s": 60.0, "cv": 0.0}, **keys}


def capacity_at(plan, pool, clock_s):
    step = int(np.searchsorted(plan.capacity_times_s, clock_s, side="right")) - 1
    return int(plan.capacity[step, plan.inspection.pools.index(pool)])


# The lane


def test_cars_alone_pass_at_1500_an_hour_at_30_kmh(build):
    """7.5 m and 1.5 s, the defaults of a car."""
    counts = {"from": "00:00", "minutes": 60, "vehicles": {"car": [100] * 24}}
    changes = {"traffic": {"counts": {"vehicles": {"box": [0] * 24, "car": [100] * 24}}}, "lane": {"speed_kmh": 30.0}}
    scenario = build(changes)
    assert counts["vehicles"]["car"] == list(scenario.traffic.counts.vehicles["car"])
    assert natural_capacity_vph(scenario, demand_of(scenario)) == pytest.approx(1500.0)
    assert plan_of(scenario).funnel.headway_factor == 1.0


def test_the_capacity_of_a_mixture_is_that_of_its_mean_headway(build):
    """A box needs 2 s, a truck 2 + 2 = 4 s of reaction and spacing at 10 m/s; a quarter of trucks: 2.5 s."""
    counts = {"vehicles": {"box": [300] * 24, "truck": [100] * 24}}
    scenario = build({"traffic": {"counts": counts}})
    assert natural_capacity_vph(scenario, demand_of(scenario)) == pytest.approx(3600.0 / 2.5)


def test_the_mixture_is_that_of_the_operation(build):
    trucks_at_night = {"box": [300] * 24, "truck": [900] + [0] * 23}
    scenario = build({"traffic": {"counts": {"vehicles": trucks_at_night}}})
    assert natural_capacity_vph(scenario, demand_of(scenario)) == pytest.approx(1800.0)


def test_a_counted_capacity_calibrates_the_headways(build):
    counts = {"vehicles": {"box": [300] * 24, "truck": [100] * 24}}
    plan = plan_of(build({"traffic": {"counts": counts}, "lane": {"capacity_vph": 720.0}}))
    assert plan.funnel.headway_factor == pytest.approx(2.0)


def test_units_become_metres_and_seconds(build):
    plan = plan_of(build({"operation": {"stop_selecting_min": 7.5}}))
    funnel = plan.funnel
    assert (funnel.opens_s, funnel.last_selection_s, funnel.closes_s) == (3600.0, 7200.0 - 450.0, 7200.0)
    assert (funnel.road_speed_ms, funnel.lane_speed_ms, funnel.wave_speed_ms) == pytest.approx((20.0, 10.0, 5.0))
    assert (funnel.merge_s, funnel.slow_lane_s) == (3.0, 5.0)
    assert plan.window_s == (3600.0, 7200.0)
    assert (funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m) == (np.inf, 0.0, np.inf)
    assert plan.funnel.critical_m == np.inf


# Selection


def test_a_class_with_rate_0_is_out_of_reach_of_every_rule(build):
    plan = plan_of(build({"selection": {"rate": {"default": 0.5, "truck": 0.0}}}))
    truck, box = plan.classes.index("truck"), plan.classes.index("box")
    assert plan.selection.cutoff[0][truck] == np.inf
    assert not plan.selection.selectable[0][truck]
    assert plan.selection.cutoff[0][box] == 0.0
    assert plan.selection.selectable[0][box]


def test_the_cutoff_is_the_quantile_of_the_rate(build):
    rates = {"default": 0.05, "truck": 1.0}
    plan = plan_of(build({"selection": {"rate": rates}}))
    assert plan.selection.cutoff[0][plan.classes.index("box")] == pytest.approx(1.6448536269514722)
    assert plan.selection.cutoff[0][plan.classes.index("truck")] == -np.inf


@pytest.mark.parametrize("rate", [1e-300, 1e-17, 1e-9, 1.0 - 1e-16])
def test_any_share_is_a_rate(build, rate):
    cutoff = plan_of(build({"selection": {"rate": {"default": rate}}})).selection.cutoff
    assert not np.isnan(cutoff).any()
    assert (cutoff > 5.0).all() if rate < 0.5 else (cutoff < -5.0).all()


def test_only_the_rule_score_lets_cues_help(build):
    targets = [{"name": "hidden", "per_10k": {"box": 1.0}, "cue_auc": 0.7602499389065233}]  # d' = 1
    for rule, cue in (("score", 1.0), ("random", 0.0), ("every_nth", 0.0), ("free_bay", 0.0)):
        plan = plan_of(build({"targets": targets, "selection": {"rule": rule}}))
        assert plan.selection.cue == pytest.approx([0.0, cue], abs=1e-12)


# Stages


def test_a_target_type_without_an_alarm_of_its_own_has_the_false_alarm(build):
    targets = [{"name": "hidden", "per_10k": {"box": 1.0}}, {"name": "goods", "per_10k": {"box": 1.0}}]
    stages = [stage("probe", alarms={"ordinary": 0.1, "hidden": 0.9}, finds={"goods": 0.4}), stage("plain")]
    inspection = plan_of(build({"targets": targets, "area": {"stages": stages}})).inspection
    assert inspection.alarms[:2].tolist() == [[0.1, 0.9, 0.1], [0.0, 0.0, 0.0]]
    assert inspection.finds[:2].tolist() == [[0.0, 0.0, 0.4], [0.0, 0.0, 0.0]]


def test_purposes_follow_the_names_of_stages_and_not_their_order(build):
    one, other = (
        plan_of(build({"area": {"stages": [stage(name) for name in names]}})).inspection
        for names in (("a", "b"), ("b", "c", "a"))
    )
    assert one.duration_purpose[0] == other.duration_purpose[2]
    assert one.find_purpose[1] == other.find_purpose[0]
    assert one.alarm_purpose[1] == other.alarm_purpose[0]
    everything = np.concatenate([other.duration_purpose, other.find_purpose, other.alarm_purpose])
    assert len(set(everything.tolist())) == len(everything)


# Who is there for inspections


def test_the_capacity_is_who_is_free_by_the_roster_and_the_equipment(build):
    changes = {
        "area": {"stages": [stage("check", crew={"police": 1})]},
        "staffing": {"roster": [shift("police", 4, "01:00", "01:30"), shift("police", 2, "01:30", "02:30")]},
        "selection": {"post": {"police": 1}},
        "equipment": {"probe": 3},
    }
    plan = plan_of(build(changes))
    assert plan.inspection.pools == ("police", "probe")
    assert capacity_at(plan, "police", 3599.0) == 0
    assert capacity_at(plan, "police", 3600.0) == 3
    assert capacity_at(plan, "police", 5400.0) == 1
    assert {capacity_at(plan, "probe", clock_s) for clock_s in (0.0, 4000.0, 1e6)} == {3}


def test_after_the_last_shift_a_crew_stays_so_that_whoever_was_accepted_is_inspected_to_the_end(build):
    changes = {
        "area": {"stages": [stage("pair", crew={"police": 2}), stage("customs", crew={"customs": 1})]},
        "staffing": {
            "roster": [
                shift("police", 2, "01:00", "01:30"),
                shift("police", 1, "01:30", "01:45"),
                shift("customs", 1, "01:10", "01:20"),
                shift("customs", 1, "01:40", "01:50"),
            ],
        },
    }
    plan = plan_of(build(changes))
    assert [capacity_at(plan, "police", 60.0 * minute) for minute in (89, 90, 104)] == [2, 1, 1]
    assert [capacity_at(plan, "police", 60.0 * minute) for minute in (105, 500)] == [2, 2]
    assert [capacity_at(plan, "customs", 60.0 * minute) for minute in (69, 75, 85, 105, 200)] == [0, 1, 0, 1, 1]


def test_after_the_last_shift_no_more_than_the_largest_crew_stay(build):
    """Their shift is over: nobody stays but whom the largest crew takes."""
    changes = {
        "area": {"stages": [stage("pair", crew={"police": 2})]},
        "staffing": {"roster": [shift("police", 8, "01:00", "01:30")]},
    }
    assert capacity_at(plan_of(build(changes)), "police", 6000.0) == 2


def test_an_agency_that_never_comes_has_nobody_ever(build):
    changes = {"area": {"stages": [stage("check", crew={"customs": 1})]}, "staffing": {"roster": [shift("customs", 0)]}}
    with pytest.raises(PlanError, match="needs 1 customs, and no customs can be free"):
        plan_of(build(changes))
