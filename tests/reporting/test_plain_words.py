import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from funnelsim.analysis.forecast import (
    needs_of,
    selected_between,
    selection_chances,
    stage_chances,
    vehicles_between,
)
from funnelsim.model.expected import chance_to_find
from funnelsim.reporting.area_words import capability
from funnelsim.reporting.plain_words import check_report, starter_values, what_it_says
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario.load import load_scenario, scenario_from
from funnelsim.scenario.starter import starter_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
VEHICLES = ("traffic", "counts", "vehicles")
STAGES = ("area", "stages")


def text_of(planned, changes=None, width=100):
    return plain_text(what_it_says(*planned(changes)), width)


def lines_with(text, words):
    return [line for line in text.splitlines() if words in line]


def cells(line):
    return re.split(r"\s{2,}", line.strip())


def test_pure_cars_pass_at_1500_an_hour_and_fewer_with_diversions(planned):
    """7.5 m at 30 km/h are 0.9 s, and 1.5 s to react; 5 in 100 cost another 2 s each: 3600 / (2.4 + 0.1)."""
    changes = {VEHICLES: {"car": [900] * 24}, ("selection", "rate"): {"default": 0.05}, ("targets",): []}
    changes[STAGES] = [{"name": "documents", "duration": {"mean_s": 60}}]
    text = " ".join(text_of(planned, changes).split())
    assert "The lane carries 1,500 vehicles an hour, 1,440 with diversions" in text
    assert "can look at 1,800" in text


def test_what_can_pass_is_at_most_the_least_of_lane_and_look(planned):
    """Two officers, 6 s a look: 1,200; nothing scatters but the classes, and the lane is seldom the slower."""
    look = {"mean_s": 6.0, "cv": 0.0, "officers": 2}
    text = " ".join(text_of(planned, {("selection", "look"): look, ("lane", "headway_cv"): 0.0}).split())
    assert "2 officers can look at 1,200 vehicles an hour, at 6 s each." in text
    passes = float(re.search(r"about ([\d,]+) vehicles an hour get through", text)[1].replace(",", ""))
    assert 1150 < passes <= 1200


def test_a_counted_capacity_is_what_the_lane_passes(planned):
    assert "The lane carries 1,234 vehicles an hour, as lane.capacity_vph says" in text_of(
        planned, {("lane", "capacity_vph"): 1234}
    )


def test_everybody_loses_the_merge_and_the_slow_lane(planned):
    """10 s for merging, and 150 m at 30 instead of 80 km/h: 18 - 6.75 s."""
    assert "Merging and driving slowly cost everybody 21 s" in " ".join(text_of(planned).split())


def test_the_window_over_midnight_is_said_with_the_last_minutes(planned):
    night = [{"agency": agency, "count": 10, "from": "21:00", "to": "06:00"} for agency in ("police", "customs")]
    text = text_of(planned, {("operation", "opens"): "22:00", ("operation", "closes"): "05:30", ROSTER: night})
    assert "Opens at 22:00 and closes at 05:30 on the next day: 7.5 hours." in text
    assert "in the last 20 min, from 05:10 on" in " ".join(text.split())
    assert len(lines_with(text, "00:00-01:00")) == 1
    assert len(lines_with(text, "05:00-05:30")) == 1


def test_the_demand_stands_beside_what_can_pass_hour_by_hour(planned):
    rows = [cells(line) for line in lines_with(text_of(planned), ":00-") if "1,0" in line]
    assert [row[0] for row in rows] == [f"{hour:02d}:00-{hour + 1:02d}:00" for hour in range(6, 14)]
    assert {tuple(row[1:4]) for row in rows} == {("1,000", "900", "100")}
    assert rows[0][-1] == "14"  # 9 cars and 5 lorries an hour
    assert float(rows[-1][-1]) == pytest.approx(14 * 40 / 60, abs=0.2)  # nobody in the last 20 minutes


def test_the_chances_of_the_score_are_binormal(planned):
    """Case 7 of the known answers: rate 0.05 and d' = 1 select 0.2595 of the targets."""
    auc = 0.7602499  # Phi(1 / sqrt(2)), which d' = 1 means
    changes = {("targets", 1, "cue_auc"): auc, ("selection", "rate"): {"default": 0.05}}
    scenario, plan = planned(changes)
    assert selection_chances(plan)[0, plan.classes.index("car")] == pytest.approx(
        [0.05, plan_d(plan, 1), 0.2595], abs=5e-5
    )
    row = cells(lines_with(text_of(planned, changes).split("contraband\n")[1], "car")[0])
    assert row[-3:] == ["5 %", "26 %", "60 %"]
    assert scenario.targets[1].cue_auc == auc


def plan_d(plan, k):
    from scipy.special import ndtr  # noqa: PLC0415

    return 1.0 - ndtr(1.6448536269514722 - plan.selection.cue[k])


def test_the_chance_to_find_is_that_of_the_stages_by_hand(planned):
    """The probe alarms for 80 % of concealed persons, of whom unloading finds 90 %: 72 %."""
    row = cells(lines_with(text_of(planned).split("concealed persons\n")[1], "lorry")[0])
    assert row == ["lorry", "5", "0.4", "5 %", "14 %", "72 %"]


def test_other_rules_do_not_tell_targets_from_others(planned):
    _, plan = planned({("selection", "rule"): "every_nth", ("selection", "every"): {"default": 25}})
    assert np.allclose(selection_chances(plan), 0.04)
    _, plan = planned({("selection", "rule"): "random"})
    assert selection_chances(plan)[0, plan.classes.index("lorry")] == pytest.approx([0.05] * 3)


def test_a_free_bay_is_offered_to_as_many_as_the_area_can_take(planned):
    _, plan = planned({("selection", "rule"): "free_bay"})
    chances = selection_chances(plan)
    selected = selected_between(plan, *plan.window_s, chances).sum()
    assert selected == pytest.approx(needs_of(plan, chances)[0].inspections)
    assert "the rate here is what the area can take" in text_of(planned, {("selection", "rule"): "free_bay"})


def test_of_a_rule_that_selects_less_than_its_amount_says_the_demand_is_an_upper_bound(planned):
    """It may be that nobody passes without inspection, although every second vehicle is more than the area can do."""
    _, plan = planned({("selection", "rule"): "every_nth", ("selection", "every"): {"default": 2}})
    bounded = replace(plan.selection, rule=replace(plan.selection.rule, forecast_is_upper_bound=True))
    full, at_most = (
        " ".join(plain_text((capability(each, selection_chances(each)),), 100).split())
        for each in (plan, replace(plan, selection=bounded))
    )
    assert "About 500 vehicles an hour are selected" in full
    assert "of the selected pass without inspection" in full
    assert "At most about 500 vehicles an hour are selected" in at_most
    assert "of the selected pass without inspection" not in at_most


def test_stages_are_carried_out_as_often_as_they_are_needed(planned):
    _, plan = planned()
    lorry = plan.classes.index("lorry")
    chances = stage_chances(plan.inspection)[:, lorry]
    assert chances[0] == pytest.approx([1, 1, 1])
    assert chances[2] == pytest.approx([1, 1, 1])
    assert chances[3] == pytest.approx([0.05, 0.8, 0.05 * 0.4])  # contraband: a false alarm, and not found before
    assert np.allclose(stage_chances(plan.inspection)[4], chance_to_find(plan.inspection))


def test_the_scarcest_of_bays_and_crews_is_named_with_what_it_suffices_for(planned):
    """One stage of 600 s in six bays that takes one of four customs officers: 24 an hour."""
    changes = {
        ("targets",): [],
        STAGES: [{"name": "search", "duration": {"mean_s": 600}, "crew": {"customs": 1}}],
        ("staffing", "roster", 1): {"agency": "customs", "count": 4, "from": "05:30", "to": "14:30"},
        ("selection", "rate"): {"default": 0.03},
    }
    text = " ".join(text_of(planned, changes).split())
    assert "The area can do about 24 inspections an hour (bottleneck: customs)" in text
    assert "about 20 % of the selected pass" in text  # 30 are selected
    assert "customs 4 10 min 24 an hour bays 6 10 min 36 an hour" in text


def test_stages_are_said_in_words(planned):
    text = " ".join(text_of(planned).split())
    assert "1. documents: every class, 2 min, by 1 police." in text
    assert "2. probe: lorry, 2.5 min, by 1 police, with 1 co2_probe; alarm for concealed persons 80 %," in text
    assert "4. unloading: only after an alarm, every class, 30 min, by 2 police and 1 customs; finds" in text
    assert "- After a detection: 91 min by 2 police" in text


def test_officers_are_on_duty_and_free_by_hour_equal_hours_as_one(planned):
    """Ten police are there, one on a break from 06:00 on at most times, three at posts."""
    shifts = [
        {"agency": "police", "count": 10, "from": "05:30", "to": "14:30"},
        {"agency": "customs", "count": 5, "from": "10:00", "to": "14:30"},
    ]
    text = text_of(planned, {("staffing", "roster"): shifts})
    rows = [cells(line) for line in lines_with(text, " / ") if line.strip()[:2].isdigit()]
    assert rows == [
        ["06:00-10:00", "10 / 7", "0 / 0", "staffed"],
        ["10:00-14:00", "10 / 7", "5 / 5", "staffed"],
    ]
    assert "traffic control 2 police, selection point 1 police" in text


def test_what_is_not_there_is_said(planned):
    changes = {
        ("targets",): [],
        STAGES: [{"name": "documents", "duration": {"mean_s": 60}}],
        ("staffing",): {},
        ("selection",): {"rate": {"default": 0.0}},
        ("limits",): {},
    }
    text = text_of(planned, changes)
    for words in (
        "None are named, so nothing can be found.",
        "No safety valve",
        "Nobody is on the roster.",
        "No post has to be staffed.",
        "Nobody is selected, so nobody is inspected.",
        "None are set.",
    ):
        assert words in text


def test_limits_and_valve_are_said(planned):
    text = " ".join(text_of(planned).split())
    assert "95 % of the vehicles should lose at most 12 min; the queue should be at most 1,500 m long." in text
    assert (
        "when the queue reaches 1,000 m, no vehicle is selected; this lasts until the queue is down to 500 m." in text
    )


def test_notes_of_the_demand_are_shown(planned):
    text = " ".join(text_of(planned, {("traffic", "counts", "from"): "06:00", VEHICLES: {"car": [900] * 8}}).split())
    assert "No counts for part of the lead-in or run-out" in text


@pytest.mark.parametrize("width", [80, 100])
def test_the_page_keeps_its_width_and_length(planned, width):
    lines = text_of(planned, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) <= 90
    assert "\N{NO-BREAK SPACE}" not in "".join(lines)


def test_names_of_the_file_are_shown_as_they_are_and_obey_no_terminal(planned):
    name = "[red]docu\x1b[31mments"
    text = text_of(planned, {(*STAGES, 0, "name"): name})
    assert "[red]docu\\u001b[31mments" in text
    assert "\x1b" not in text


def test_warnings_stand_at_the_end_of_the_check(planned):
    console = Console(width=100, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(check_report(*planned()))
    assert captured.get().rstrip().endswith("No warnings.")
    with console.capture() as captured:
        console.print(check_report(*planned({("equipment", "dog"): 1})))
    heading = "1 grave warning: the plan does not do what it seems to"
    assert f"{heading}\n  - equipment: no stage uses dog" in captured.get()


def test_grave_warnings_have_a_section_of_their_own_before_the_others(planned):
    console = Console(width=100, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(check_report(*planned({("limits", "tail_m"): 2000, ("equipment", "dog"): 1})))
    said = captured.get()
    assert said.index("1 grave warning") < said.index("\n\n1 other warning: possible, but unusual\n  - limits.tail_m")


def test_vehicles_between_cuts_intervals(planned):
    _, plan = planned()
    assert vehicles_between(plan, 6.5 * 3600, 7.25 * 3600).sum() == pytest.approx(750)


# Several windows and days


SPLIT_DAY = {("operation", "closes"): "10:00", ("operation", "also"): [{"opens": "16:00", "closes": "20:00"}]}
DAYS = ("operation", "days")
CARS = (*VEHICLES, "car")
ROSTER = ("staffing", "roster")


def said(planned, changes=None):
    """Return what is said as one line."""
    return " ".join(text_of(planned, changes).split())


def hours_said(text):
    """Return the first cells of the rows that begin with a time span."""
    return [cells(line)[0] for line in text.splitlines() if re.match(r"\s*\d\d:\d\d-\d\d:\d\d", line)]


def test_several_windows_are_said_with_their_last_minutes(planned):
    text = said(planned, SPLIT_DAY)
    assert "Open 06:00-10:00 and 16:00-20:00: 8 hours in all." in text
    assert "Nobody is selected in the last 20 min of each window, from 09:40 and from 19:40 on." in text


def test_days_are_said_with_the_hours_of_all_of_them(planned):
    assert "closes at 14:00, on 3 days in a row: 24 hours in all." in said(planned, {DAYS: 3})
    assert "Open 06:00-10:00 and 16:00-20:00, on 3 days in a row: 24 hours in all." in said(
        planned, SPLIT_DAY | {DAYS: 3}
    )


@pytest.mark.parametrize(
    ("opens", "closes", "also", "words"),
    [
        ("16:00", "20:00", ("06:00", "10:00"), "Open 16:00-20:00 and 06:00-10:00 on the next day: 8 hours"),
        ("06:00", "10:00", ("22:00", "02:00"), "Open 06:00-10:00 and 22:00-02:00 (closing on the next day): 8 hours"),
        ("06:00", "10:00", ("20:00", "00:00"), "Open 06:00-10:00 and 20:00-00:00: 8 hours"),
    ],
)
def test_a_window_of_the_next_day_is_said_as_such(planned, opens, closes, also, words):
    changes = {
        ("operation", "opens"): opens,
        ("operation", "closes"): closes,
        ("operation", "also"): [dict(zip(("opens", "closes"), also, strict=True))],
    }
    assert words in said(planned, changes)


def test_what_starts_afresh_in_each_window_is_said_where_the_plan_has_it(planned):
    """The good plan has a valve; word of mouth and tiring only if told so."""
    nothing = {("selection", "valve"): {}}
    alerted = {("targets", 0, "evade"): {"alerted": 0.5}}
    tires = {("selection", "look"): {"tires_half_life_h": 2.0}}
    assert "afresh" not in said(planned, alerted | tires)  # one window
    assert "afresh" not in said(planned, SPLIT_DAY | nothing)
    assert "At each opening the safety valve starts afresh." in said(planned, SPLIT_DAY)
    assert "At each opening word of mouth starts afresh." in said(planned, SPLIT_DAY | nothing | alerted)
    everything = said(planned, SPLIT_DAY | alerted | tires)
    assert "the safety valve, word of mouth and officers' tiring at the look start afresh." in everything


def test_hours_are_listed_window_by_window(planned):
    text = text_of(planned, SPLIT_DAY).split("Demand hour by hour")[1].split("Selection")[0]
    assert hours_said(text) == [f"{hour:02d}:00-{hour + 1:02d}:00" for hour in (6, 7, 8, 9, 16, 17, 18, 19)]
    assert "8,000 vehicles are expected during the operation." in text


def test_of_days_that_are_alike_the_hours_of_the_first_are_listed(planned):
    one, three = (text_of(planned, {DAYS: days}).split("Selection\n")[0] for days in (1, 3))
    assert "Day 1; days 2 and 3 are alike:" in three
    assert "24,000 vehicles are expected during the operation." in three
    assert hours_said(one) == hours_said(three)
    assert "Day" not in one


def test_a_day_with_its_own_counts_is_listed_by_itself(planned):
    """Two days are counted, the second with more cars; the third is the first again."""
    text = text_of(planned, {DAYS: 3, VEHICLES: {"car": [900] * 24 + [950] * 24, "lorry": [100] * 48}})
    demand = text.split("Demand hour by hour")[1].split("Selection\n")[0]
    first, second = demand.split("Day 2:")
    assert "Day 1; day 3 is alike:" in first
    assert [cells(line)[1] for text in (first, second) for line in lines_with(text, "06:00-07:00")] == [
        "1,000",
        "1,050",
    ]


def test_the_longest_queue_of_some_days_is_said_with_them(planned):
    vehicles = {"car": [900] * 24 + [900] * 7 + [1400] * 2 + [900] * 15, "lorry": [100] * 48}
    assert "around 09:00 on day 2 and a wait of up to 10 min; it is gone around" in said(
        planned, {VEHICLES: vehicles, DAYS: 3}
    )


def test_officers_are_listed_for_each_day_that_is_not_like_another(planned):
    shifts = [
        {"agency": "police", "count": 10, "from": "05:30", "to": "14:30"},
        {"agency": "customs", "count": 5, "from": "05:30", "to": "14:30", "days": [1, 3]},
    ]
    crews = {("area", "stages", stage, "crew"): {"police": 1} for stage in range(4)}  # customs are missing on a day
    text = text_of(planned, {ROSTER: shifts, DAYS: 3, **crews})
    assert "5 customs 05:30-14:30 on days 1 and 3. Shifts without days are on duty every day." in " ".join(text.split())
    officers = text.split("Officers\n")[1].split("Targets")[0]
    first, second = officers.split("Day 2:")
    assert "Day 1; day 3 is alike:" in first
    assert [cells(line)[2] for text in (first, second) for line in lines_with(text, "06:00-14:00")] == [
        "5 / 5",
        "0 / 0",
    ]


def test_officers_of_two_windows_are_not_listed_as_of_one(planned):
    shifts = [{"agency": agency, "count": 10, "from": "05:30", "to": "20:30"} for agency in ("police", "customs")]
    text = text_of(planned, SPLIT_DAY | {ROSTER: shifts}).split("Officers\n")[1].split("Targets")[0]
    assert hours_said(text) == ["06:00-10:00", "16:00-20:00"]


# Chase cars, exit, sign


def test_chase_cars_are_said_with_their_crew_and_when_they_are_manned(planned):
    """Ten police, three at posts: three cars of two until 10:00, when four officers go."""
    shifts = [
        {"agency": "police", "count": 6, "from": "05:30", "to": "14:30"},
        {"agency": "police", "count": 4, "from": "05:30", "to": "10:00"},
        {"agency": "customs", "count": 5, "from": "05:30", "to": "14:30"},
    ]
    chase = {"cars": 3, "crew": {"police": 2}, "pursues": 0.5, "brings": 0.8, "duration": {"mean_s": 900}}
    few = {(*STAGES, 3, "crew"): {"police": 1, "customs": 1}, ("area", "after_detection", "crew"): {"police": 1}}
    text = text_of(planned, {ROSTER: shifts, ("staffing", "chase"): chase, **few})
    words = " ".join(text.split())
    assert "3 chase cars, each with 2 police, manned after the posts: 50 % of the vehicles that turn away" in words
    assert "80 % of these are brought to the area; a pursuit takes 15 min." in words
    rows = [cells(line) for line in lines_with(text, " / ") if line.strip()[:2].isdigit()]
    assert rows == [
        ["06:00-10:00", "10 / 1", "5 / 5", "3", "staffed"],
        ["10:00-14:00", "6 / 1", "5 / 5", "1", "staffed"],
    ]


def test_who_leaves_at_the_exit_and_when_is_said(planned):
    exit_ = {("approach", "exit"): {"at_m": 2500, "leave_when_tail_m": 1500, "share": 0.2}}
    own = exit_ | {("targets", 0, "evade"): {"queue": 0.3}}
    none = exit_ | {("targets",): [], STAGES: [{"name": "documents", "duration": {"mean_s": 60}}]}
    begin = "At the exit, 2,500 m from the taper, drivers who see a queue of 1,500 m or more may leave: "
    assert f"{begin}20 % of ordinary drivers and of targets." in said(planned, exit_)
    assert f"{begin}20 % of ordinary drivers, 30 % of concealed persons and 20 % of contraband." in said(planned, own)
    assert f"{begin}20 % of ordinary drivers." in said(planned, none)
    assert "exit" not in said(planned)


def test_that_the_forecast_leaves_out_who_leaves_is_said_where_the_queue_makes_them_leave(planned):
    exit_ = {("approach", "exit"): {"at_m": 2500, "leave_when_tail_m": 800}}
    assert "This forecast leaves out that drivers leave" not in said(planned, exit_)
    assert "This forecast leaves out that drivers leave" in said(planned, exit_ | {CARS: [1500] * 24})


def test_where_the_warning_sign_stands_is_said(planned):
    assert "The first warning sign stands 1,600 m from the taper" in said(planned, {("approach", "warning_m"): 1600})
    assert "warning sign" not in said(planned)


# Looks of vehicles that halt


def test_that_vehicles_halt_for_the_look_is_said(planned):
    """2.4 s of headway and 2 s of look, 3600 / 4.4."""
    changes = {
        VEHICLES: {"car": [600] * 24},
        ("selection",): {"rate": {"default": 0.0}, "look": {"mode": "stop", "mean_s": 2.0}},
        ("targets",): [],
        STAGES: [{"name": "documents", "duration": {"mean_s": 60}}],
    }
    text = said(planned, changes)
    assert (
        "Every vehicle stops while the officer looks at it for 2 s, so about 818 vehicles an hour get through" in text
    )


# Several funnels


def westbound(**keys):
    traffic = {"counts": {"from": "00:00", "vehicles": {"car": [1500] * 24, "lorry": [50] * 24}}}
    return {("direction",): "eastbound", ("funnels",): [{"direction": "westbound", "traffic": traffic, **keys}]}


def headings(planned, changes):
    return [section.heading for section in what_it_says(*planned(changes))]


def test_each_funnel_has_sections_of_its_own_and_one_funnel_no_direction(planned):
    assert headings(planned, {}) == [
        "A3 eastbound",
        "Road and lane",
        "Demand hour by hour",
        "Selection",
        "Inspection",
        "What the area can do",
        "Officers",
        "Targets",
        "Limits",
    ]
    both = headings(planned, westbound())
    for heading in ("Road and lane", "Demand hour by hour", "Selection", "Targets"):
        assert [name for name in both if heading in name] == [f"{heading}, eastbound", f"{heading}, westbound"]
    for heading in ("Inspection", "What the area can do", "Officers", "Limits"):
        assert both.count(heading) == 1


def test_each_funnel_is_said_with_its_own_road_traffic_and_selection(planned):
    text = text_of(planned, westbound(approach={"lanes": 3}, selection={"rate": {"default": 0.2}}))
    east, west = text.split("Road and lane, ")[1:]
    assert "2 lanes at 80 km/h" in east
    assert "3 lanes at 80 km/h" in west
    assert [cells(lines_with(part, "06:00-07:00")[0])[1] for part in (east, west)] == ["1,000", "1,550"]
    assert "No safety valve" not in east
    assert "No safety valve" in west


def test_a_funnel_is_said_as_it_would_be_alone(planned):
    """The east of two funnels, but for its headings, is what is said of the east alone."""
    alone = what_it_says(*planned({("direction",): "eastbound"}))[1:4]
    first = what_it_says(*planned(westbound()))[1:4]
    assert [section.items for section in first] == [section.items for section in alone]


def test_the_selection_points_of_several_funnels_are_posts_of_their_own(planned):
    """Three police are two at a post for all and one in the east."""
    shifts = [
        {"agency": "police", "count": 4, "from": "05:30", "to": "10:00"},
        {"agency": "police", "count": 3, "from": "10:00", "to": "14:30"},
    ]
    nobody = {STAGES: [{"name": "look", "duration": {"mean_s": 60}}], ("area", "after_detection"): None}
    text = text_of(planned, westbound() | {ROSTER: shifts, **nobody})
    words = " ".join(text.split())
    assert "selection point eastbound 1 police, selection point westbound 1 police" in words
    assert "if it is a selection point, none is selected there." in words
    rows = [cells(line) for line in lines_with(text, " / ") if line.strip()[:2].isdigit()]
    assert [(row[0], *row[-2:]) for row in rows] == [
        ("06:00-10:00", "staffed", "staffed"),
        ("10:00-14:00", "staffed", "NOT staffed"),
    ]


@pytest.mark.parametrize("width", [80, 100])
def test_the_page_of_two_funnels_and_several_days_keeps_its_width(planned, width):
    changes = westbound() | SPLIT_DAY | {DAYS: 7}
    lines = text_of(planned, changes, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) <= 145


def test_those_who_still_wait_at_closing_are_said_to_pass_unchecked(planned):
    """800 an hour more than get through in the last two hours of each day."""
    changes = {VEHICLES: {"car": [0] * 12 + [2000] * 2 + [0] * 10}, ("lane", "capacity_vph"): 1200, DAYS: 2}
    changes |= {
        ("selection", "valve"): {},
        ("selection", "look"): {"mean_s": 0.0},
        ("selection", "rate"): {"default": 0.0},
    }
    words = said(planned, changes)
    assert "About 1,600 vehicles still wait at 14:00 every day, when the funnel closes. They pass unchecked" in words
    assert "the valve never shut and nobody still waited at closing, about" in words
    assert "still wait" not in said(planned)


def test_the_seconds_between_are_said_and_the_defaults_called_assumptions(planned):
    changeover, pause = ("area", "changeover_s"), ("staffing", "pause_between_checks_s")
    words = said(planned, {changeover: None, pause: None})
    assert "Between two vehicles a bay is empty for at least 30 s (assumption)." in words
    assert "Between two stages officers pause 45 s (assumption)." in words
    words = said(planned, {changeover: 20, pause: 90})
    assert "a bay is empty for at least 20 s. Between two stages officers pause 1.5 min." in words
    assert "Between two" not in said(planned)
    crewless = {STAGES: [{"name": "check", "duration": {"mean_s": 60}}], ("area", "after_detection"): {}}
    assert "officers pause" not in said(planned, {pause: 90} | crewless)


def test_check_marks_the_values_that_new_has_written():
    """All but the equipment."""
    scenario = scenario_from(tomllib.loads(starter_scenario("mine")) | {"equipment": {"CO2 probe": 3}}, where="test")
    page = " ".join(plain_text(starter_values(scenario), width=80).split())
    assert page.startswith("Starter values 40 values of the file are as funnelsim new writes them.")
    assert "- traffic: counts*" in page
    assert "- limits: p95_delay_min*, tail_m*" in page
    assert "- area.stages.documents: duration.mean_s*, duration.per_occupant_s, duration.cv, crew, alarms*" in page
    assert "- staffing.roster.border police: count, from, to" in page
    assert "- equipment" not in page


def test_a_scenario_of_ones_own_has_no_starter_values():
    assert starter_values(load_scenario(SCENARIOS / "weigh_station.toml")) == []


@pytest.mark.parametrize(("rule", "said"), [("free_bay", True), ("batch", True), ("score", False), ("random", False)])
def test_rules_that_follow_the_load_say_that_shares_of_classes_come_out_otherwise(planned, rule, said):
    text = text_of(planned, {("selection", "rule"): rule})
    assert ("This rule follows the load of the area and the order in which vehicles come" in text) == said
