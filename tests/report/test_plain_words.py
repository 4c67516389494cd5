import re

import numpy as np
import pytest
from rich.console import Console

from funnelsim.analysis.found import chance_to_find
from funnelsim.analysis.measures import measure
from funnelsim.experiments.replication import log_of
from funnelsim.report.fluid import capacity_of, fluid_of, mean_of_longer
from funnelsim.report.forecast import (
    needs_of,
    selected_between,
    selection_chances,
    stage_chances,
    vehicles_between,
)
from funnelsim.report.page import plain_text
from funnelsim.report.plain_words import check_report, what_it_says

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
    text = text_of(planned, changes)
    assert "The lane passes 1,500 vehicles an hour, 1,440 with the diversions" in text
    assert "can look at 1,800" in text


def test_what_can_pass_is_at_most_the_least_of_lane_and_look(planned):
    """Two officers, 6 s a look: 1,200; nothing scatters but the classes, and the lane is seldom the slower."""
    look = {"mean_s": 6.0, "cv": 0.0, "officers": 2}
    text = " ".join(text_of(planned, {("selection", "look"): look, ("lane", "headway_cv"): 0.0}).split())
    assert "2 officers at 6 s a look can look at 1,200 an hour." in text
    passes = float(re.search(r"([\d,]+) an hour can pass", text)[1].replace(",", ""))
    assert 1150 < passes <= 1200


def test_the_longer_of_two_times_that_scatter_is_longer_than_either():
    """Against a million drawn pairs."""
    draws = np.random.default_rng(1).normal(size=(2, 1_000_000))
    sigma = np.sqrt(np.log1p(0.3**2))
    drawn = np.maximum(*(np.array([[2.4], [2.0]]) * np.exp(sigma * draws - sigma**2 / 2)))
    assert mean_of_longer(2.4, 0.3, 2.0, 0.3) == pytest.approx(drawn.mean(), rel=2e-3)


def test_a_counted_capacity_is_what_the_lane_passes(planned):
    assert "The lane passes 1,234 vehicles an hour, as lane.capacity_vph says" in text_of(
        planned, {("lane", "capacity_vph"): 1234}
    )


def test_everybody_loses_the_merge_and_the_slow_lane(planned):
    """20 s for merging, and 150 m at 30 instead of 80 km/h: 18 - 6.75 s."""
    assert "Everybody loses 31 s" in text_of(planned)


def test_the_window_over_midnight_is_said_with_the_last_minutes(planned):
    text = text_of(planned, {("operation", "opens"): "22:00", ("operation", "closes"): "05:30"})
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
    assert selection_chances(plan)[plan.classes.index("car")] == pytest.approx(
        [0.05, plan_d(plan, 1), 0.2595], abs=5e-5
    )
    row = cells(lines_with(text_of(planned, changes).split("contraband\n")[1], "car")[0])
    assert row[-3:] == ["5 %", "26 %", "60 %"]
    assert scenario.targets[1].cue_auc == auc


def plan_d(plan, k):
    from scipy.special import ndtr  # noqa: PLC0415

    return 1.0 - ndtr(1.6448536269514722 - plan.cue[k])


def test_the_chance_to_find_is_that_of_the_stages_by_hand(planned):
    """The probe alarms for 80 % of concealed persons, of whom unloading finds 90 %: 72 %."""
    row = cells(lines_with(text_of(planned).split("concealed persons\n")[1], "lorry")[0])
    assert row == ["lorry", "5", "0.4", "5 %", "14 %", "72 %"]


def test_other_rules_do_not_tell_targets_from_others(planned):
    _, plan = planned({("selection", "rule"): "every_nth", ("selection", "every"): {"default": 25}})
    assert np.allclose(selection_chances(plan), 0.04)
    _, plan = planned({("selection", "rule"): "random"})
    assert selection_chances(plan)[plan.classes.index("lorry")] == pytest.approx([0.05] * 3)


def test_a_free_bay_is_offered_to_as_many_as_the_area_can_take(planned):
    _, plan = planned({("selection", "rule"): "free_bay"})
    chances = selection_chances(plan)
    selected = selected_between(plan, *plan.window_s, chances).sum()
    assert selected == pytest.approx(needs_of(plan, chances)[0].inspections)
    assert "the rate here is what the area can take" in text_of(planned, {("selection", "rule"): "free_bay"})


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
    assert "The area does at most 24 inspections an hour: customs are what is scarcest" in text
    assert "at least 20 % of the selected pass" in text  # 30 are selected
    assert "customs 4 10 min 24 an hour bays 6 10 min 36 an hour" in text


def test_stages_are_said_in_words(planned):
    text = " ".join(text_of(planned).split())
    assert "1. documents: every class, 2 min, by 1 police." in text
    assert "2. probe: lorry, 2.5 min, by 1 police, with 1 co2_probe; alarm for concealed persons 80 %," in text
    assert "4. unloading: only after an alarm, every class, 30 min, by 2 police and 1 customs; finds" in text
    assert "- After a detection: 91 min by 2 police" in text


def test_a_stage_that_the_roster_cannot_staff_is_marked(planned):
    text = text_of(planned, {(*STAGES, 0, "crew"): {"customs": 9}})
    assert "NOT POSSIBLE with this roster" in lines_with(text, "1. documents")[0]


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
        "None are given.",
    ):
        assert words in text


def test_limits_and_valve_are_said(planned):
    text = " ".join(text_of(planned).split())
    assert "95 % of the vehicles shall lose at most 12 min; the queue shall not grow longer than 1,500 m." in text
    assert "from 1,000 m of queue on nobody is selected, until the queue is down to 500 m." in text


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
    assert "1 warning\n  - equipment: no stage uses dog" in captured.get()


def test_the_fluid_queue_is_that_of_a_deterministic_work_zone(planned):
    """Case 5 of the known answers: 400 more than can pass in an hour wait, 400 / 1400 h long."""
    vehicles = [0.0] * 24
    vehicles[7] = 1800.0
    vehicles[8] = 1000.0
    _, plan = planned(
        {
            VEHICLES: {"car": vehicles},
            ("lane", "capacity_vph"): 1400,
            ("selection",): {"rate": {"default": 0.0}, "look": {"mean_s": 0.0}},
            ("operation", "opens"): "07:00",
            ("operation", "closes"): "09:00",
        }
    )
    fluid = fluid_of(plan)
    assert fluid.waiting.max() == pytest.approx(400, rel=1e-3)
    assert fluid.wait_s.max() == pytest.approx(17.14 * 60, rel=1e-3)
    assert fluid.waiting[fluid.times_s == 9 * 3600.0 - 15.0] == pytest.approx(0.0, abs=0.1)  # an hour later


def test_the_fluid_queue_is_near_the_simulated_one(planned):
    changes = {
        VEHICLES: {"car": [900] * 7 + [1400] * 3 + [900] * 14, "lorry": [100] * 24},
        ("selection", "valve"): {},
    }
    _, plan = planned(changes)
    fluid = fluid_of(plan)
    simulated = [measure(log_of(plan, 1, replication), plan) for replication in range(3)]
    assert fluid.tail_m.max() == pytest.approx(np.mean([m["tail_max_m"] for m in simulated]), rel=0.15)
    assert fluid.wait_s.max() == pytest.approx(np.mean([m["delay_max_s"] for m in simulated]) - 31.25, rel=0.15)


def test_the_valve_holds_the_fluid_queue(planned):
    lifted = {VEHICLES: {"car": [1700] * 24}, ("selection", "valve"): {"lift_at_m": 1200.0, "resume_at_m": 300.0}}
    _, plan = planned(lifted)
    fluid = fluid_of(plan)
    assert 1200.0 <= fluid.tail_m.max() < 1500.0


def test_capacity_without_a_look_is_the_lane_alone(planned):
    _, plan = planned({("selection", "look"): {"mean_s": 0.0}})
    capacity = capacity_of(plan, plan.road.demand.mix(*plan.window_s), selection_chances(plan))
    assert capacity.selecting == capacity.diverting < capacity.lane < capacity.road


def test_vehicles_between_cuts_intervals(planned):
    _, plan = planned()
    assert vehicles_between(plan, 6.5 * 3600, 7.25 * 3600).sum() == pytest.approx(750)
