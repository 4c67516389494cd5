"""The secondary area in cases computed by hand (the small checkpoint of conftest). Times count from the opening."""

import numpy as np

from funnelsim.model.states import NOT_FOUND, Fate

HEADWAY_S = 2 + 4  # behind a box that was diverted


def stage(name, mean_s, **keys):
    return {"name": name, "duration": {"mean_s": float(mean_s), "cv": 0.0}, **keys}


def shift(agency, count, from_="00:00", to="23:00", **keys):
    return {"agency": agency, "count": count, "from": from_, "to": to, **keys}


def bays(outcome):
    log, opens_s = outcome
    return [
        (from_s, to_s)
        for from_s, to_s in zip((log.bay_from_s - opens_s).tolist(), (log.left_s - opens_s).tolist(), strict=True)
    ]


def stages(outcome):
    """Return (vehicle, stage, beginning, end) of every stage in the log's order."""
    log, opens_s = outcome
    return list(
        zip(
            log.stage_vehicle.tolist(),
            log.stage.tolist(),
            (log.stage_from_s - opens_s).tolist(),
            (log.stage_to_s - opens_s).tolist(),
            strict=True,
        )
    )


# Places


def test_bays_go_in_order_of_selection_and_whoever_finds_none_waits(run):
    outcome = run({}, [0, 0, 0])
    assert bays(outcome) == [(8, 308), (14, 314), (308, 608)]


def test_the_way_to_the_area_takes_its_time_and_holds_a_place(run):
    outcome = run({"area": {"divert_s": 20.0, "bays": 1, "waiting": 0}}, [0, 0, 314, 320])
    log, _ = outcome
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.AREA_FULL, Fate.AREA_FULL, Fate.INSPECTED]
    assert bays(outcome)[0] == (28, 328)
    assert bays(outcome)[3] == (348, 648)  # let pass at 328, when the bay was freed


def test_a_full_area_waves_through_and_whoever_is_waved_through_costs_the_lane_nothing(run):
    log, opens_s = run({"area": {"bays": 1, "waiting": 1}}, [0, 0, 0, 0])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED, Fate.AREA_FULL, Fate.AREA_FULL]
    assert log.accepted.tolist() == [True, True, False, False]
    assert (log.passed_s - opens_s).tolist() == [8, 14, 20, 22]


def test_acceptance_is_noted_for_vehicles_that_are_not_selected_too(run):
    one = {"area": {"bays": 1, "waiting": 0}, "selection": {"rate": {"default": 1.0, "truck": 0.0}}}
    log, _ = run(one, [0, 20, 320], ["box", "truck", "truck"])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.NOT_SELECTED, Fate.NOT_SELECTED]
    assert log.accepted.tolist() == [True, False, True]


def test_a_place_freed_at_the_very_moment_of_selection_counts(run):
    """Of things that happen at one moment, stage ends come before the selection point."""
    one = {"area": {"bays": 1, "waiting": 0}}
    assert run(one, [0, 300])[0].fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED]
    assert run(one, [0, 300 - 2**-20])[0].fate.tolist() == [Fate.INSPECTED, Fate.AREA_FULL]


def test_a_vehicle_that_arrives_and_leaves_at_one_moment_still_holds_its_place_for_whoever_passes_then(run):
    """Arrivals in the area come after the selection point: what needs no stage leaves only then."""
    none = {"area": {"bays": 1, "waiting": 0, "divert_s": 6.0, "stages": [stage("check", 1, **{"for": ["truck"]})]}}
    log, opens_s = run(none, [0, 0, 0])
    assert (log.passed_s - opens_s).tolist() == [8, 14, 16]
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.AREA_FULL, Fate.INSPECTED]
    assert log.left_s[0] - opens_s == 14


def test_without_bays_everybody_selected_is_waved_through(run):
    log, _ = run({"area": {"bays": 0, "waiting": 0}}, [0, 100])
    assert log.fate.tolist() == [Fate.AREA_FULL] * 2
    assert not log.accepted.any()


# Holding the lane


def test_a_selected_vehicle_holds_the_lane_until_a_place_is_freed(run):
    hold = {"area": {"bays": 1, "waiting": 0, "when_full": "hold"}}
    outcome = run(hold, [0, 0, 0])
    log, opens_s = outcome
    assert (log.passed_s - opens_s).tolist() == [8, 308, 608]
    assert log.accepted.all()
    assert bays(outcome) == [(8, 308), (308, 608), (608, 908)]


def test_whoever_is_not_selected_stands_behind_the_held_vehicle_too(run):
    hold = {
        "area": {"bays": 1, "waiting": 0, "when_full": "hold"},
        "selection": {"rate": {"default": 1.0, "truck": 0.0}},
    }
    log, opens_s = run(hold, [0, 0, 0], ["box", "box", "truck"])
    assert (log.passed_s - opens_s).tolist() == [8, 308, 308 + 3 + 4]
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED, Fate.NOT_SELECTED]


def test_a_held_vehicle_waits_past_closing_and_the_road_takes_over_behind_it(run):
    hold = {"area": {"bays": 1, "waiting": 0, "when_full": "hold"}}
    outcome = run(hold, [3500, 3500, 3590])
    log, opens_s = outcome
    assert (log.passed_s - opens_s).tolist() == [3508, 3808, 3808 + 1.5 + 4]
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED, Fate.SELECTION_SUSPENDED]
    assert bays(outcome)[1] == (3808, 4108)


def test_a_vehicle_held_while_the_roster_is_empty_goes_on_when_somebody_comes(run):
    hold = {
        "area": {
            "bays": 1,
            "waiting": 0,
            "when_full": "hold",
            "stages": [stage("check", 300, crew={"police": 1})],
        },
        "staffing": {
            "roster": [shift("police", 1, "01:00", "01:01"), shift("police", 1, "01:30", "02:00"), shift("guard", 1)],
        },
    }
    outcome = run(hold, [0, 100, 100])
    assert stages(outcome) == [(0, 0, 8, 308), (1, 0, 1800, 2100), (2, 0, 2100, 2400)]
    assert bays(outcome) == [(8, 308), (308, 2100), (2100, 2400)]


# Stages, crews, equipment


def test_stages_follow_each_other_and_wait_for_their_whole_crew(run):
    """Vehicle 0 has both agencies first; vehicle 1 takes its papers meanwhile and its search when both are free."""
    area = {
        "area": {
            "stages": [
                stage("papers", 50, crew={"border": 1}),
                stage("search", 100, crew={"border": 1, "customs": 1}),
            ]
        },
        "staffing": {"roster": [shift("border", 2), shift("customs", 1)]},
    }
    outcome = run(area, [0, 0])
    assert stages(outcome) == [(0, 0, 8, 58), (1, 0, 14, 64), (0, 1, 58, 158), (1, 1, 158, 258)]


PAIR_AND_SINGLE = [
    stage("pair", 600, crew={"police": 2}, **{"for": ["truck"]}),
    stage("single", 600, crew={"police": 1}, **{"for": ["box"]}),
]


def test_whoever_waits_for_a_team_keeps_the_officers_from_all_behind_it(run):
    """Three officers; A needs 2, B a minute later 2, C another minute later 1; ten minutes each."""
    area = {"area": {"bays": 3, "stages": PAIR_AND_SINGLE}, "staffing": {"roster": [shift("police", 3)]}}
    outcome = run(area, [0, 60, 120], ["truck", "truck", "box"])
    assert stages(outcome) == [(0, 0, 8, 608), (1, 0, 608, 1208), (2, 1, 608, 1208)]  # B and C start together


def test_a_team_starts_when_the_last_of_those_before_it_are_done_whoever_comes_after(run):
    """Three officers, a box every 4 min for one of them, and at 11 min a truck for all three; ten minutes each."""
    stages_ = [stage("team", 600, crew={"police": 3}, **{"for": ["truck"]}), PAIR_AND_SINGLE[1]]
    area = {"area": {"bays": 20, "stages": stages_}, "staffing": {"roster": [shift("police", 3)]}}
    outcome = run(area, [0, 240, 480, 660, 720, 960], ["box", "box", "box", "truck", "box", "box"])
    assert [(vehicle, from_s) for vehicle, _, from_s, _ in stages(outcome)] == [
        *((0, 8), (1, 248), (2, 488)),
        (3, 1088),  # when the box of 8 min is done
        *((4, 1688), (5, 1688)),
    ]


def test_nobody_is_overtaken_within_a_pool_that_a_team_waits_for_and_others_go_on(run):
    """A truck waits for customs and keeps the police; what needs neither of them starts."""
    area = {
        "area": {
            "bays": 4,
            "stages": [
                stage("joint", 60, crew={"police": 1, "customs": 1}, **{"for": ["truck"]}),
                stage("papers", 60, crew={"border": 1}, **{"for": ["box"]}),
                stage("check", 60, crew={"police": 1}, **{"for": ["box"]}),
            ],
        },
        "staffing": {"roster": [shift("police", 2), shift("border", 1), shift("customs", 1, "01:10", "02:00")]},
    }
    outcome = run(area, [0, 0], ["truck", "box"])
    assert stages(outcome) == [(1, 1, 17, 77), (0, 0, 600, 660), (1, 2, 600, 660)]


def test_whatever_is_freed_goes_to_the_first_selected(run):
    area = {
        "area": {"bays": 3, "stages": [stage("check", 100, crew={"police": 1})]},
        "staffing": {"roster": [shift("police", 1)]},
    }
    outcome = run(area, [0, 0, 0])
    assert [(vehicle, from_s) for vehicle, _, from_s, _ in stages(outcome)] == [(0, 8), (1, 108), (2, 208)]
    assert bays(outcome) == [(8, 108), (14, 208), (20, 308)]


def test_a_vehicles_next_stage_does_not_pass_one_selected_before_it(run):
    """At the end of a stage its officer goes to whoever was selected first, not on to the vehicle's next stage."""
    area = {
        "area": {
            "stages": [
                stage("papers", 10, crew={"border": 1}, **{"for": ["box"]}),
                stage("search", 100, crew={"border": 1}),
            ]
        },
        "staffing": {"roster": [shift("border", 1)]},
    }
    outcome = run(area, [0, 0, 0], ["truck", "box", "box"])
    assert stages(outcome) == [
        (0, 1, 8, 108),
        (1, 0, 108, 118),
        (1, 1, 118, 218),  # vehicle 2 waits for papers since it has a bay: vehicle 1 goes first
        (2, 0, 218, 228),
        (2, 1, 228, 328),
    ]


def test_equipment_is_shared_like_officers(run):
    area = {
        "area": {"bays": 3, "stages": [stage("probe", 100, equipment={"probe": 1})]},
        "equipment": {"probe": 2},
    }
    outcome = run(area, [0, 0, 0])
    assert stages(outcome) == [(0, 0, 8, 108), (1, 0, 14, 114), (2, 0, 108, 208)]


def test_a_stage_is_for_the_classes_that_it_names(run):
    area = {"area": {"stages": [stage("trucks", 100, **{"for": ["truck"]}), stage("all", 10)]}}
    outcome = run(area, [0, 0], ["box", "truck"])
    assert stages(outcome) == [(0, 1, 8, 18), (1, 0, 15, 115), (1, 1, 115, 125)]


def test_duration_by_class_and_by_the_occupants_of_the_vehicle_itself(run):
    duration = {"mean_s": {"default": 100.0, "truck": 200.0}, "per_occupant_s": 30.0, "cv": 0.0}
    check = {"area": {"bays": 3, "stages": [{"name": "check", "duration": duration}]}}
    outcome = run(check, [0, 0, 30], ["box", "truck", "box"], occupants=[1, 2, 5])
    assert stages(outcome) == [(0, 0, 8, 138), (1, 0, 15, 275), (2, 0, 38, 288)]


# Alarms and detections

HIDDEN = {"targets": [{"name": "hidden", "per_10k": {"box": 1.0}}, {"name": "goods", "per_10k": {"box": 1.0}}]}


def test_a_stage_after_an_alarm_needs_an_alarm_before_it(run):
    area = HIDDEN | {
        "area": {
            "bays": 9,
            "stages": [
                stage("early", 1, only_after_alarm=True),
                stage("probe", 10, alarms={"hidden": 1.0, "ordinary": 0.0}),
                stage("search", 100, only_after_alarm=True),
                stage("last", 1),
            ],
        }
    }
    outcome = run(area, [0, 0, 0], targets=[0, 1, 2])
    assert [(v, s) for v, s, _, _ in sorted(stages(outcome))] == [
        (0, 1),
        (0, 3),
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 3),
    ]
    assert bays(outcome)[1] == (14, 14 + 10 + 100 + 1)


def test_a_false_alarm_holds_for_every_target_type_that_has_no_alarm_of_its_own(run):
    area = HIDDEN | {
        "area": {
            "stages": [
                stage("probe", 10, alarms={"hidden": 0.0, "ordinary": 1.0}),
                stage("search", 100, only_after_alarm=True),
            ],
        }
    }
    outcome = run(area, [0, 1, 2], targets=[0, 1, 2])
    assert sorted((v, s) for v, s, _, _ in stages(outcome)) == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]


def test_after_a_detection_the_rest_is_skipped_and_what_follows_it_comes(run):
    area = HIDDEN | {
        "area": {
            "bays": 9,
            "stages": [
                stage("papers", 10),
                stage("search", 100, finds={"hidden": 1.0}),
                stage("more", 1000),
            ],
            "after_detection": {"duration": {"mean_s": 500.0, "cv": 0.0}, "crew": {"police": 1}},
        },
        "staffing": {"roster": [shift("police", 1)]},
    }
    outcome = run(area, [0, 0, 0], targets=[1, 2, 1])
    log, _ = outcome
    assert log.found_at.tolist() == [1, NOT_FOUND, 1]
    assert stages(outcome) == [
        (0, 0, 8, 18),
        (1, 0, 14, 24),
        (2, 0, 20, 30),
        (0, 1, 18, 118),
        (1, 1, 24, 124),
        (2, 1, 30, 130),
        (0, 3, 118, 618),
        (2, 3, 618, 1118),
        (1, 2, 124, 1124),
    ]
    assert bays(outcome)[0] == (8, 618)


def test_a_chance_between_0_and_1_is_met_by_the_dice(run):
    area = HIDDEN | {"area": {"bays": 2000, "stages": [stage("search", 1, finds={"hidden": 0.25})]}}
    log, _ = run(area, [0.5 * k for k in range(500)], targets=[1] * 500)
    found = int((log.found_at == 0).sum())
    assert abs(found - 125) < 3 * np.sqrt(500 * 0.25 * 0.75)


# The roster while an inspection runs


def test_whoever_is_in_a_stage_at_the_end_of_the_shift_finishes_it_and_then_the_capacity_falls(run):
    """Of two officers one goes at 60 s: both finish; from 108 s on one is there, and the third vehicle waits for it."""
    area = {
        "area": {"bays": 4, "stages": [stage("check", 100, crew={"police": 1})]},
        "staffing": {"roster": [shift("police", 1), shift("police", 1, "00:00", "01:01")]},
    }
    outcome = run(area, [0, 0, 0, 0])
    assert stages(outcome) == [(0, 0, 8, 108), (1, 0, 14, 114), (2, 0, 114, 214), (3, 0, 214, 314)]


def test_officers_finishing_after_their_shift_do_not_hinder_another_agencys_stage(run):
    area = {
        "area": {
            "bays": 4,
            "stages": [
                stage("police", 100, crew={"police": 2}, **{"for": ["box"]}),
                stage("customs", 10, crew={"customs": 1}, **{"for": ["truck"]}),
            ],
        },
        "staffing": {
            "roster": [shift("police", 1), shift("police", 1, "00:00", "01:01"), shift("customs", 1)],
        },
    }
    outcome = run(area, [0, 60], ["box", "truck"])
    assert stages(outcome) == [(1, 1, 68, 78), (0, 0, 8, 108)]


def test_a_shift_that_begins_starts_what_waits_for_it(run):
    area = {
        "area": {"stages": [stage("check", 100, crew={"police": 1})]},
        "staffing": {"roster": [shift("police", 1, "01:10", "02:00"), shift("guard", 1)]},
    }
    assert stages(run(area, [0, 0])) == [(0, 0, 600, 700), (1, 0, 700, 800)]


def test_while_nobody_at_all_is_on_duty_nobody_is_selected(run):
    area = {
        "area": {"stages": [stage("check", 100, crew={"police": 1})]},
        "staffing": {"roster": [shift("police", 1, "01:10", "01:20")]},
    }
    log, _ = run(area, [0, 700, 1300])
    assert log.fate.tolist() == [Fate.POST_UNSTAFFED, Fate.INSPECTED, Fate.POST_UNSTAFFED]


def test_no_stage_begins_at_the_moment_at_which_the_shift_ends(run):
    """Both officers are freed at 01:02, when the shift of one of them ends: the other goes on alone."""
    area = {
        "area": {
            "stages": [
                stage("check", 106, crew={"police": 1}, **{"for": ["box"]}),
                stage("check 2", 99, crew={"police": 1}, **{"for": ["truck"]}),
            ],
            "bays": 4,
        },
        "staffing": {"roster": [shift("police", 1), shift("police", 1, "00:00", "01:02")]},
    }
    outcome = run(area, [6, 0, 0, 0], ["box", "truck", "box", "box"])
    assert stages(outcome) == [(0, 0, 14, 120), (1, 1, 21, 120), (2, 0, 120, 226), (3, 0, 226, 332)]


def test_of_stage_ends_at_one_moment_the_lower_vehicle_number_comes_first(run):
    area = {
        "area": {
            "bays": 4,
            "stages": [stage("check", 106, **{"for": ["box"]}), stage("check 2", 99, **{"for": ["truck"]})],
        },
    }
    outcome = run(area, [0, 0], ["box", "truck"])
    assert stages(outcome) == [(0, 0, 8, 114), (1, 1, 15, 114)]


def test_an_accepted_vehicle_is_inspected_to_the_end_after_the_last_shift(run):
    """A crew of two is called back, though only one was free at the end of the shift."""
    area = {
        "area": {"stages": [stage("check", 300, crew={"police": 2})]},
        "staffing": {"roster": [shift("police", 2, "01:00", "01:05"), shift("police", 1, "01:05", "02:00")]},
    }
    assert stages(run(area, [0, 0])) == [(0, 0, 8, 308), (1, 0, 3600, 3900)]
