from dataclasses import replace

import numpy as np
import pytest

from funnelsim.reporting import warnings as graded

CARS = ("traffic", "counts", "vehicles", "car")
STAGES = ("area", "stages")
ROSTER = ("staffing", "roster")
BREAKS = {"minutes": 30, "after_h": 4}


DAYS = ("operation", "days")
EXIT = ("approach", "exit")
CHASE = ("staffing", "chase")
TURNS_AWAY = {("targets", 0, "evade"): {"visible": 0.1}}


def warnings_of(scenario, plan):
    return [warning.text for warning in graded.warnings_of(scenario, plan)]


def shift(agency, count, begins="05:30", ends="14:30", breaks=BREAKS, days=None):
    given = {"breaks": breaks, "days": days}
    named = {key: value for key, value in given.items() if value is not None}
    return {"agency": agency, "count": count, "from": begins, "to": ends, **named}


def chase(cars, crew):
    return {"cars": cars, "crew": crew, "pursues": 0.5, "brings": 0.8, "duration": {"mean_s": 900}}


def split_day(**keys):
    """Return the changes for 06:00-10:00 and 16:00-20:00, with shifts for both windows."""
    return {
        ("operation", "closes"): "10:00",
        ("operation", "also"): [{"opens": "16:00", "closes": "20:00"}],
        ROSTER: [
            shift(agency, count, begins, ends)
            for agency, count in (("police", 10), ("customs", 5))
            for begins, ends in (("05:30", "10:30"), ("15:30", "20:30"))
        ],
        **keys,
    }


def westbound(vehicles, **keys):
    """Return the changes for a second funnel with so many cars an hour."""
    traffic = {"counts": {"from": "00:00", "vehicles": {"car": vehicles, "lorry": [100] * 24}}}
    return {("direction",): "eastbound", ("funnels",): [{"direction": "westbound", "traffic": traffic, **keys}]}


def busy(hours, vehicles):
    return [vehicles if hour in hours else 900 for hour in range(24)]


# What makes it odd, and what the one warning it brings has to say: the key, the reason, the remedy.
ODD = {
    "demand above capacity in some hours": (
        {CARS: busy(range(7, 9), 1350), ("limits", "p95_delay_min"): 60, ("limits", "tail_m"): 1799},
        ["traffic.counts", "in 2 of 8 hours (07:00-09:00)", "a queue of about", "around 09:00", "lift_at_m"],
    ),
    "crosses midnight": (
        {
            ("operation", "opens"): "14:00",
            ("operation", "closes"): "06:00",
            ROSTER: [
                shift(agency, count, begins, ends)
                for agency, count in (("police", 10), ("customs", 5))
                for begins, ends in (("13:30", "22:00"), ("22:00", "06:30"))
            ],
        },
        ['operation.closes = "06:00"', "16 hours", "if the same day is meant"],
    ),
    "lane faster than the road": (
        {("approach", "speed_kmh"): 20},
        ["lane.speed_kmh = 30", "approach.speed_kmh = 20"],
    ),
    "critical point off the map": (
        {("approach", "critical_m"): 4000},
        ["approach.critical_m = 4000", "length_m = 3000"],
    ),
    "warning sign off the map": (
        {("approach", "warning_m"): 4000},
        ["approach.warning_m = 4000", "length_m = 3000"],
    ),
    "exit off the map": (
        {EXIT: {"at_m": 4000, "leave_when_tail_m": 2000}},
        ["approach.exit.at_m = 4000", "length_m = 3000"],
    ),
    "demand above capacity in some hours of several windows": (
        split_day() | {CARS: busy(range(7, 9), 1350), ("limits", "p95_delay_min"): 60, ("limits", "tail_m"): 1799},
        ["traffic.counts", "in 2 of 8 hours (07:00-09:00)", "around 09:00"],
    ),
    "demand above capacity in some hours of several days": (
        {
            CARS: busy(range(7, 9), 1350),
            ("limits", "p95_delay_min"): 60,
            ("limits", "tail_m"): 1799,
            DAYS: 3,
        },
        ["traffic.counts", "in 6 of 24 hours (07:00-09:00 every day)", "on an average day, expect", "around 09:00"],
    ),
    "valve after spillback": (
        {("approach", "critical_m"): 900, ("limits", "tail_m"): None},
        ["selection.valve", "1000 m", "approach.critical_m = 900"],
    ),
    "nobody comes": (
        {("traffic", "scale"): 0.001, ("traffic", "counts", "vehicles"): {"car": [90] * 24, "lorry": [10] * 24}},
        ["traffic.counts", "not one vehicle"],
    ),
    "slow look": (
        {("selection", "look"): {"mean_s": 3.0}},
        ["selection.look", "1,200 vehicles an hour", "look.officers"],
    ),
    "no targets": (
        {
            ("targets",): [],
            STAGES: [{"name": "documents", "duration": {"mean_s": 120}, "equipment": {"co2_probe": 1}}],
        },
        ["targets", "yield is 0"],
    ),
    "prevalence typed wrongly": (
        {("targets", 0, "per_10k", "lorry"): 600},
        ["targets.concealed persons.per_10k", "lorry = 600", "one vehicle in twenty"],
    ),
    "targets in a class that does not come": (
        {("targets", 0, "per_10k", "reefer"): 8},
        ["targets.concealed persons.per_10k", "no reefer", "traffic.split"],
    ),
    "targets in a class that is never selected": (
        {("selection", "rate"): {"default": 0.0, "lorry": 0.05}},
        ["selection.rate", "car are never selected", "contraband"],
    ),
    "targets in a class where no stage finds them": (
        {(*STAGES, 2, "for"): ["lorry"]},
        ["area.stages", "no stage finds contraband in car"],
    ),
    "nobody is ever selected": (
        {("selection", "rate"): {"default": 0.0}},
        ["selection.rate is 0 for every class"],
    ),
    "finds what is not on the road": (
        {
            ("targets",): [
                {"name": "concealed persons", "per_10k": {"lorry": 5}},
                {"name": "contraband", "per_10k": {"car": 0}},
            ]
        },
        ["area.stages.search.finds", "contraband", "prevalence"],
    ),
    "alarms that change nothing": (
        {(*STAGES, 3, "only_after_alarm"): False, (*STAGES, 3, "for"): ["lorry"]},
        ["area.stages.probe.alarms", "change nothing"],
    ),
    "no bays": (
        {("area", "bays"): 0, ("area", "waiting"): 0},
        ["area.bays = 0"],
    ),
    "too many for the area": (
        {("selection", "rate"): {"default": 0.1}},
        ["selection.rate", "about 100 vehicles an hour are selected", "pass without inspection"],
    ),
    "too many for an area that holds the lane": (
        {("selection", "rate"): {"default": 0.05}, ("area", "when_full"): "hold"},
        ['area.when_full = "hold"', "the lane stands still"],
    ),
    "equipment in the boot": (
        {("equipment", "dog"): 1},
        ["equipment", "no stage uses dog"],
    ),
    "post never staffed": (
        {("staffing", "posts", "helicopter"): {"air_support": 2}},
        ["staffing.posts.helicopter needs 2 air_support", "never on the roster", "in the whole operation"],
    ),
    "officers who come late": (
        {ROSTER: [shift("police", 10), shift("customs", 5, "09:00")], (*STAGES, 3, "crew"): {"police": 2}},
        ["area.stages.search needs 1 customs, not free for inspection 06:00-09:00", "wait for this stage"],
    ),
    "shift ends before the funnel closes": (
        {ROSTER: [shift("police", 10), shift("customs", 5, ends="12:00")]},
        ["staffing.roster", "customs ends at 12:00", "14:00", "overtime"],
    ),
    "shift ends before the second window closes": (
        split_day() | {(*ROSTER, 3): shift("customs", 5, "15:30", "18:00")},
        ["staffing.roster", "customs ends at 18:00", "20:00", "overtime"],
    ),
    "no breaks": (
        {ROSTER: [shift("police", 10), shift("customs", 5, breaks=None)]},
        ["staffing.roster", "5 customs 05:30-14:30 work 9 hours", "after at most 6", "2003/88/EC, Article 4", "breaks"],
    ),
    "breaks too late": (
        {ROSTER: [shift("police", 10, breaks={"minutes": 30, "after_h": 7}), shift("customs", 5)]},
        [
            "staffing.roster",
            "10 police 05:30-14:30 work 7 hours",
            "after at most 6",
            "2003/88/EC, Article 4",
            "after_h",
        ],
    ),
    "a break that the shift ends before": (
        {
            ROSTER: [
                shift("police", 10),
                shift("customs", 5),
                shift("police", 1, "06:00", "12:45", breaks={"minutes": 45, "after_h": 6}),
            ]
        },
        [
            "staffing.roster",
            "of 1 police 06:00-12:45, nobody takes a break",
            "work 6.75 hours",
            "2003/88/EC, Article 4",
        ],
    ),
    "too many hours in a week": (
        {ROSTER: [shift("police", 10, "06:00", "14:00"), shift("customs", 5)], DAYS: 6},
        ["staffing.roster", "5 customs 05:30-14:30", "54 hours in 7 days", "48 hours", "2003/88/EC, Article 6", "days"],
    ),
    "days that the operation does not have": (
        {ROSTER: [shift("police", 10), shift("customs", 5), shift("customs", 2, days=[2, 3, 4])], DAYS: 2},
        ["staffing.roster", "2 customs 05:30-14:30 on days 2 to 4 do not come on days 3 and 4", "2 days"],
    ),
    "days that are all beyond the operation": (
        {ROSTER: [shift("police", 10), shift("customs", 5), shift("customs", 2, days=[2])]},
        ["staffing.roster", "2 customs 05:30-14:30 on day 2 never come", "1 day", "operation.days"],
    ),
    "shift between the windows": (
        split_day()
        | {(*ROSTER, 3): shift("customs", 5, "15:30", "20:30"), ("equipment",): {"co2_probe": 1}}
        | {ROSTER: [*split_day()[ROSTER], shift("police", 2, "10:30", "15:30")]},
        ["staffing.roster", "2 police 10:30-15:30", "do not overlap", "06:00-10:00 and 16:00-20:00"],
    ),
    "chase cars without a crew": (
        {CHASE: chase(3, {"police": 2}), ROSTER: [shift("police", 8), shift("customs", 5)], **TURNS_AWAY}
        | {(*STAGES, s, "crew"): {"customs": 1} for s in range(4)}
        | {("area", "after_detection", "crew"): {"customs": 1}},
        ["staffing.chase.cars = 3", "2 police", "at most 2", "1 car can never pursue", "fewer cars"],
    ),
    "chase cars with nobody to pursue": (
        {CHASE: chase(1, {"police": 1})},
        ["staffing.chase", "nobody turns away", "evade.visible", "approach.exit"],
    ),
    "shift too long": (
        {ROSTER: [shift("police", 10), shift("customs", 5, "04:00", "17:00")]},
        ["staffing.roster", "5 customs 04:00-17:00", "13 hours"],
    ),
    "shift at another time": (
        {ROSTER: [shift("police", 10), shift("customs", 5), shift("police", 2, "15:00", "22:00")]},
        ["staffing.roster", "2 police 15:00-22:00", "do not overlap"],
    ),
    "delay limit below what everybody pays": (
        {("limits", "p95_delay_min"): 0.3},
        ["limits.p95_delay_min = 0.3 cannot be kept", "21 s"],  # 10 s for merging, 150 m at 30 instead of 80 km/h
    ),
    "tail limit beyond the critical point": (
        {("limits", "tail_m"): 2000},
        ["limits.tail_m = 2000", "approach.critical_m = 1800"],
    ),
    "valve after the limit": (
        {("limits", "tail_m"): 900},
        ["selection.valve", "1000 m", "limits.tail_m = 900"],
    ),
}


# What happens, but later, longer, more or less than usual; all others never happen or change nothing.
UNUSUAL = {
    "demand above capacity in some hours",
    "demand above capacity in some hours of several windows",
    "demand above capacity in some hours of several days",
    "crosses midnight",
    "critical point off the map",
    "warning sign off the map",
    "exit off the map",
    "valve after spillback",
    "slow look",
    "prevalence typed wrongly",
    "targets in a class that does not come",
    "targets in a class that is never selected",
    "targets in a class where no stage finds them",
    "too many for the area",
    "too many for an area that holds the lane",
    "officers who come late",
    "shift ends before the funnel closes",
    "shift ends before the second window closes",
    "no breaks",
    "breaks too late",
    "too many hours in a week",
    "shift too long",
    "tail limit beyond the critical point",
    "valve after the limit",
}


def test_a_good_scenario_has_no_warnings(planned):
    assert warnings_of(*planned()) == []


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_said_once_with_place_reason_and_remedy(planned, name):
    changes, said = ODD[name]
    warnings = warnings_of(*planned(changes))
    assert len(warnings) == 1, warnings
    for words in said:
        assert words in warnings[0]


@pytest.mark.parametrize("name", ODD)
def test_what_never_happens_or_changes_nothing_is_grave(planned, name):
    (warning,) = graded.warnings_of(*planned(ODD[name][0]))
    assert warning.grade == ("unusual" if name in UNUSUAL else "grave")


def test_that_nobody_is_selected_stands_before_all_that_is_less_grave(planned):
    """Agencies renamed in the roster alone: the posts are never staffed, and the queue is long and useless besides."""
    renamed = [shift("polizei", 10), shift("zoll", 5)]
    rush = {CARS: busy(range(7, 9), 1350), ("equipment", "dog"): 1}
    without_crews = {(*STAGES, stage, "crew"): None for stage in range(4)}
    without_crews[("area", "after_detection", "crew")] = None
    warnings = graded.warnings_of(*planned({ROSTER: renamed, **rush, **without_crews}))
    assert "so nobody is selected then" in warnings[0].text
    grades = [warning.grade for warning in warnings]
    assert grades == sorted(grades)
    assert set(grades) == {"grave", "unusual"}


@pytest.mark.parametrize(("from_", "grade"), [("06:30", "unusual"), ("08:00", "grave")])
def test_a_post_that_is_not_staffed_for_long_is_grave(planned, from_, grade):
    """Half an hour of eight is the change of a shift; two hours are a quarter of the operation."""
    warnings = graded.warnings_of(*planned({ROSTER: [shift("police", 10, from_), shift("customs", 5)]}))
    assert [w.grade for w in warnings if "selection.post" in w.text] == [grade]


def test_a_target_that_comes_in_none_of_its_classes_is_grave(planned):
    """Counters cannot tell campers from cars: that some targets never come is usual, that all do is not."""
    warnings = graded.warnings_of(*planned({("targets", 0, "per_10k"): {"reefer": 8}}))
    assert [w.grade for w in warnings if "never come" in w.text] == ["grave"]


def test_a_target_that_is_selected_in_none_of_its_classes_is_grave(planned):
    """Concealed persons come in lorries alone, contraband also in cars."""
    warnings = graded.warnings_of(*planned({("selection", "rate"): {"default": 0.0, "car": 0.01}}))
    assert [(w.grade, "concealed persons" in w.text) for w in warnings] == [
        ("grave", True),
        ("grave", False),  # the unloading of lorries is never carried out
        ("unusual", False),
    ]


@pytest.mark.parametrize("name", ODD)
def test_a_warning_is_one_sentence(planned, name):
    for warning in warnings_of(*planned(ODD[name][0])):
        assert warning.endswith(".")
        assert ". " not in warning
        assert "; " in warning


def test_demand_above_capacity_all_day_is_said_with_the_queue_the_wait_and_the_limits_it_breaks(planned):
    warnings = warnings_of(*planned({CARS: [1500] * 24}))
    assert "in every hour of the operation (06:00-14:00)" in warnings[0]
    assert any(warning.startswith("operation.run_out_min = 120") for warning in warnings) is False  # the road is wide
    assert any(warning.startswith("limits.p95_delay_min = 12 is broken even on an average day") for warning in warnings)
    assert any(warning.startswith("limits.tail_m = 1500 is broken even on an average day") for warning in warnings)


def test_a_run_out_in_which_the_queue_does_not_dissolve_is_too_short(planned):
    warnings = warnings_of(*planned({CARS: [1500] * 24, ("operation", "run_out_min"): 5}))
    assert any(warning.startswith("operation.run_out_min = 5: about") for warning in warnings)


def test_a_stage_after_an_alarm_that_nobody_gives_is_never_carried_out(planned):
    warnings = warnings_of(*planned({(*STAGES, 1, "alarms"): None}))
    assert any(w.startswith("area.stages.unloading: only_after_alarm, but no earlier stage") for w in warnings)
    assert any("no stage finds concealed persons in lorry" in w for w in warnings)


def test_posts_are_staffed_in_turn_so_that_only_the_last_ones_lack_officers(planned):
    changes = {
        ROSTER: [
            shift("police", 3, breaks=None, begins="08:30"),
            shift("customs", 5),
            shift("police", 2, ends="08:30"),
        ],
        STAGES: [{"name": "search", "duration": {"mean_s": 60}, "crew": {"customs": 1}, "finds": {"contraband": 0.6}}],
        ("area", "after_detection", "crew"): None,
    }
    posts = [w for w in warnings_of(*planned(changes)) if "cannot be staffed" in w]
    assert len(posts) == 1
    assert posts[0].startswith("selection.post needs 1 police, and cannot be staffed")


def test_a_plan_that_selects_whoever_comes_while_a_bay_is_free_never_selects_too_many(planned):
    assert warnings_of(*planned({("selection", "rule"): "free_bay"})) == []


@pytest.mark.parametrize("full", ["hold", "wave_through"])
def test_a_plan_whose_demand_is_an_upper_bound_never_selects_too_many(planned, full):
    changes = {
        ("selection", "rule"): "every_nth",
        ("selection", "every"): {"default": 2},
        ("area", "when_full"): full,
    }
    scenario, plan = planned(changes)
    bounded = replace(plan.selection, rule=replace(plan.selection.rule, forecast_is_upper_bound=True))
    assert about(warnings_of(scenario, plan), "vehicles an hour are selected")
    assert not about(warnings_of(scenario, replace(plan, selection=bounded)), "vehicles an hour are selected")


def about(warnings, words):
    return [warning for warning in warnings if words in warning]


def test_a_good_plan_of_several_windows_has_no_warnings(planned):
    assert warnings_of(*planned(split_day())) == []


def test_a_good_plan_of_several_days_has_no_warnings(planned):
    assert warnings_of(*planned({DAYS: 5})) == []


def test_working_time_is_counted_over_seven_days_in_a_row(planned):
    """Two shifts of a day and its rest fit into no week with more than 48 hours: 6 x 8 h, and 7 x 8 h do not."""
    eight = [shift("police", 10, "06:00", "14:00"), shift("customs", 5, "06:00", "14:00")]
    assert warnings_of(*planned({ROSTER: eight, DAYS: 6})) == []
    week = warnings_of(*planned({ROSTER: eight, DAYS: 7}))
    assert len(about(week, "56 hours in 7 days")) == len(week) == 2


def test_entries_that_take_turns_may_work_longer_together_than_a_week_allows(planned):
    turns = [
        shift(agency, count, days=days)
        for agency, count in (("police", 10), ("customs", 5))
        for days in ([1, 2, 3, 4], [5, 6, 7])
    ]
    assert warnings_of(*planned({ROSTER: turns, DAYS: 7})) == []


def test_days_off_in_a_week_count(planned):
    """Nine hours on five of seven days are 45; on the next seven days again."""
    days = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]
    others = [6, 7, 13, 14]
    turns = [
        shift(agency, count, days=at) for agency, count in (("police", 10), ("customs", 5)) for at in (days, others)
    ]
    assert warnings_of(*planned({ROSTER: turns, DAYS: 14})) == []


@pytest.mark.parametrize(("ends", "rest_h"), [("19:30", None), ("20:30", "9 hours")])
def test_officers_who_come_again_the_next_day_have_rested_11_hours(planned, ends, rest_h):
    breaks = {"minutes": 30, "after_h": 4}
    roster = [shift("police", 10, "06:30" if rest_h is None else "05:30", ends, breaks), shift("customs", 5)]
    warnings = about(warnings_of(*planned({("operation", "opens"): "07:00", ROSTER: roster, DAYS: 2})), "rest")
    assert len(warnings) == (rest_h is not None)
    for warning in warnings:
        for words in ("10 police 05:30-20:30", f"{rest_h} of rest", "at least 11", "2003/88/EC, Article 3", "days"):
            assert words in warning


def test_a_shift_of_one_day_needs_no_rest_before_another(planned):
    roster = [shift("police", 10, "05:30", "20:30"), shift("customs", 5)]
    assert about(warnings_of(*planned({ROSTER: roster})), "of rest") == []


def test_officers_stay_on_after_the_last_shift_of_every_day(planned):
    """Whoever is selected after it is inspected to the end, on each day alike. So says the plan."""
    roster = [shift("police", 10), shift("customs", 5, ends="12:00")]
    scenario, plan = planned({ROSTER: roster, DAYS: 2})
    (warning,) = about(warnings_of(scenario, plan), "the last shift of customs")
    assert "at 12:00, before the funnel closes at 14:00" in warning
    assert "stay on in overtime" in warning
    steps = np.searchsorted(plan.capacity_times_s, np.array([13.0, 15.0, 37.0, 39.0]) * 3600.0, side="right") - 1
    assert (plan.capacity[steps, plan.duty.agencies.index("customs")] > 0).all()


def test_nobody_is_called_to_a_day_on_which_his_agency_does_not_come(planned):
    """Customs are there for campers alone, and no campers come: a stage without its crew on one day were an error."""
    roster = [shift("police", 10), shift("customs", 5, days=[1, 3])]
    stages = {(*STAGES, 2, "for"): ["camper"], (*STAGES, 3, "crew"): {"police": 2}}
    _, plan = planned({ROSTER: roster, DAYS: 3, **stages})
    steps = np.searchsorted(plan.capacity_times_s, np.array([10.0, 34.0, 58.0]) * 3600.0, side="right") - 1
    assert (plan.capacity[steps, plan.duty.agencies.index("customs")] > 0).tolist() == [True, False, True]


def test_a_queue_beyond_the_warning_sign_is_said(planned):
    """On an average day the queue is then about 1,640 m long; a sign beyond it warns everybody."""
    queue = {CARS: busy(range(7, 9), 1400)}
    (warning,) = about(warnings_of(*planned(queue | {("approach", "warning_m"): 1000})), "approach.warning_m")
    assert "drivers meet its end before the sign warns them" in warning
    assert about(warnings_of(*planned(queue | {("approach", "warning_m"): 2500})), "approach.warning_m") == []


@pytest.mark.parametrize(("leave_when_tail_m", "said"), [(500, True), (2000, False)])
def test_that_drivers_leave_at_the_exit_is_said_where_the_queue_is_long_enough_for_it(planned, leave_when_tail_m, said):
    changes = {CARS: busy(range(7, 9), 1400), EXIT: {"at_m": 2500, "leave_when_tail_m": leave_when_tail_m}}
    warnings = about(warnings_of(*planned(changes)), "approach.exit")
    assert [("this forecast leaves out" in warning) for warning in warnings] == [True] * said


def test_what_is_odd_about_one_of_two_funnels_is_said_with_its_direction(planned):
    warnings = warnings_of(*planned(westbound([1500] * 24)))
    assert len(about(warnings, "traffic.counts")) == 1
    assert about(warnings, "traffic.counts")[0].startswith("westbound: traffic.counts: demand exceeds")
    assert about(warnings, "limits.tail_m")[0].startswith("westbound: limits.tail_m = 1500 is broken")


def test_what_is_odd_about_all_funnels_is_said_once(planned):
    changes = westbound([900] * 24) | {("approach", "critical_m"): 4000}
    assert len(about(warnings_of(*planned(changes)), "approach.critical_m = 4000")) == 1
    assert about(warnings_of(*planned(changes)), "approach.critical_m")[0].startswith("approach.critical_m")


def test_the_delay_limit_holds_for_the_vehicles_of_all_funnels_together(planned):
    """On one road 5 % lose more than 5.3 min; as many vehicles again on another, where nobody waits: 4.0 min."""
    limit, rush = {("limits", "p95_delay_min"): 4.5, ("limits", "tail_m"): None}, busy(range(7, 8), 1350)
    assert len(about(warnings_of(*planned({CARS: rush, **limit})), "limits.p95_delay_min")) == 1
    assert about(warnings_of(*planned(westbound(rush) | limit)), "limits.p95_delay_min") == []


@pytest.mark.parametrize(("limit_min", "broken"), [(5.0, True), (5.5, False)])
def test_the_delay_that_the_limit_holds_for_is_the_wait_with_what_everybody_loses(planned, limit_min, broken):
    """5 % wait longer than 4.75 min, and everybody loses another 0.52 min."""
    changes = {CARS: busy(range(7, 8), 1350), ("limits", "p95_delay_min"): limit_min, ("limits", "tail_m"): None}
    assert bool(about(warnings_of(*planned(changes)), "limits.p95_delay_min")) == broken


def test_a_selection_point_without_officers_is_named_with_its_direction(planned):
    """Nine police: two at a post for all, one at the first selection point; the second needs seven."""
    selection = {"rate": {"default": 0.01, "lorry": 0.05}, "post": {"police": 7}}
    changes = westbound([900] * 24, selection=selection) | {ROSTER: [shift("police", 9), shift("customs", 5)]}
    (warning,) = about(warnings_of(*planned(changes)), "cannot be staffed")
    assert warning.startswith("selection.post (westbound) needs 7 police, and cannot be staffed in the whole operation")


def test_a_long_window_over_midnight_is_named_among_further_windows(planned):
    also = [{"opens": "16:00", "closes": "05:00"}]
    (warning,) = about(warnings_of(*planned({("operation", "also"): also})), "if the same day is meant")
    assert warning.startswith('operation.also.0.closes = "05:00" is not after opens = "16:00"')
    assert "13 hours" in warning


def test_a_long_window_until_midnight_is_meant_so(planned):
    changes = {("operation", "opens"): "10:00", ("operation", "closes"): "00:00"}
    assert about(warnings_of(*planned(changes)), "if the same day is meant") == []


def test_a_run_out_is_too_short_if_the_queue_of_any_window_outlasts_it(planned):
    changes = split_day() | {CARS: busy(range(7, 10), 1500), ("operation", "run_out_min"): 5}
    (warning,) = about(warnings_of(*planned(changes)), "operation.run_out_min")
    assert warning.startswith("operation.run_out_min = 5: about")


def test_vehicles_that_halt_for_the_look_need_no_warning_of_its_length(planned):
    look = {"mode": "stop", "mean_s": 1.0}
    assert about(warnings_of(*planned({("selection", "look"): look})), "selection.look") == []


def test_a_limit_that_the_wait_after_closing_would_break_is_kept_if_the_road_is_wide(planned):
    """Of 2,000 an hour for three hours into 1,200, then the road's own rate: 5 % lose more than 70 min, not 114."""
    changes = {
        ("traffic", "counts", "vehicles"): {"car": [0] * 6 + [2000] * 3 + [0] * 15},
        ("operation", "closes"): "09:00",
        ("selection",): {"rate": {"default": 0.0}, "look": {"mean_s": 0.0}},
        ("lane", "capacity_vph"): 1200,
    }
    limits = [
        about(warnings_of(*planned({**changes, ("limits", "p95_delay_min"): at})), "limits.p95") for at in (80, 65)
    ]
    assert limits[0] == []
    assert "5 % of the vehicles lose more than 70 min" in limits[1][0]


@pytest.mark.parametrize(("minutes", "when"), [(5, "09:30-09:35 and 13:35-13:40 (2.1 %"), (30, "09:30-10:00 (6.2 %")])
def test_a_stage_that_cannot_run_for_a_few_minutes_is_named_with_them(planned, minutes, when):
    """The only customs officer takes breaks."""
    breaks = {"minutes": minutes, "after_h": 4}
    changes = {ROSTER: [shift("police", 10), shift("customs", 1, breaks=breaks)]}
    (search, unloading) = about(warnings_of(*planned(changes)), "wait for this stage")
    assert search.startswith(f"area.stages.search needs 1 customs, not free for inspection {when}")
    assert unloading.startswith(f"area.stages.unloading needs 2 police and 1 customs, not free together {when}")


def test_a_stage_that_cannot_run_in_the_last_minutes_is_named_too(planned):
    """Nobody is selected from 13:40 on, but those in the bays still need customs, who are away until 14:00."""
    breaks = {"minutes": 15, "after_h": 8.5}
    changes = {ROSTER: [shift("police", 10), shift("customs", 1, "05:15", breaks=breaks)]}
    assert "13:45-14:00" in about(warnings_of(*planned(changes)), "wait for this stage")[0]


@pytest.mark.parametrize(("critical_m", "said"), [(500, True), (3500, False)])
def test_a_queue_that_spills_back_on_an_average_day_is_said(planned, critical_m, said):
    """Only where it reaches the critical point; a valve that lifts the funnel is no advice where there is one."""
    valve = {"lift_at_m": 2600, "resume_at_m": 500}
    rush = {CARS: busy(range(7, 9), 1500), ("approach", "critical_m"): critical_m, ("selection", "valve"): valve}
    warnings = [text for text in warnings_of(*planned(rush)) if "spills back" in text]
    assert len(warnings) == said
    assert all("lift_at_m" not in text for text in warnings)


def test_costs_that_are_default_values_in_euros_are_named_under_another_currency(planned):
    said = about(warnings_of(*planned({("currency",): "CHF"})), "in euros, while costs stand in CHF")
    assert len(said) == 1
    assert "classes.*.delay_cost_per_h" in said[0]
    assert about(warnings_of(*planned({("currency",): "euro"})), "in euros") == []
