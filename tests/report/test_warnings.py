import pytest

from funnelsim.report.oddities import warnings_of

CARS = ("traffic", "counts", "vehicles", "car")
STAGES = ("area", "stages")
ROSTER = ("staffing", "roster")
BREAKS = {"minutes": 30, "after_h": 4}


def shift(agency, count, begins="05:30", ends="14:30", breaks=BREAKS):
    return {"agency": agency, "count": count, "from": begins, "to": ends} | ({"breaks": breaks} if breaks else {})


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
    "valve after spillback": (
        {("approach", "critical_m"): 900, ("limits", "tail_m"): None},
        ["selection.valve", "1000 m", "approach.critical_m = 900"],
    ),
    "nobody comes": (
        {("traffic", "scale"): 1e-5},
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
    "agency never on the roster": (
        {(*STAGES, 0, "crew"): {"border_guard": 1}},
        ["area.stages.documents.crew needs 1 border_guard", "never on the roster", "skips the stage"],
    ),
    "never enough officers": (
        {("area", "after_detection", "crew"): {"customs": 6}},
        ["area.after_detection.crew needs 6 customs", "never free", "skips the stage"],
    ),
    "officers who come late": (
        {ROSTER: [shift("police", 10), shift("customs", 5, "09:00")], (*STAGES, 3, "crew"): {"police": 2}},
        ["area.stages.search.crew needs 1 customs", "06:00-09:00", "wait for them"],
    ),
    "shift ends before the funnel closes": (
        {ROSTER: [shift("police", 10), shift("customs", 5, ends="12:00")]},
        ["staffing.roster", "customs ends at 12:00", "14:00", "overtime"],
    ),
    "no breaks": (
        {ROSTER: [shift("police", 10), shift("customs", 5, breaks=None)]},
        ["staffing.roster", "5 customs 05:30-14:30", "2003/88/EC"],
    ),
    "breaks too late": (
        {ROSTER: [shift("police", 10, breaks={"minutes": 30, "after_h": 7}), shift("customs", 5)]},
        ["staffing.roster", "10 police 05:30-14:30", "2003/88/EC"],
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
        {("limits", "p95_delay_min"): 0.5},
        ["limits.p95_delay_min = 0.5 cannot be kept", "31 s"],  # 20 s for merging, 150 m at 30 instead of 80 km/h
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
def test_a_warning_is_one_sentence(planned, name):
    for warning in warnings_of(*planned(ODD[name][0])):
        assert warning.endswith(".")
        assert ". " not in warning
        assert "; " in warning


def test_demand_above_capacity_all_day_is_said_with_the_queue_the_wait_and_the_limits_it_breaks(planned):
    warnings = warnings_of(*planned({CARS: [1500] * 24}))
    assert "in every hour of the operation (06:00-14:00)" in warnings[0]
    assert any(warning.startswith("operation.run_out_min = 120") for warning in warnings) is False  # the road is wide
    assert any(warning.startswith("limits.p95_delay_min = 12 is broken on a mean day") for warning in warnings)
    assert any(warning.startswith("limits.tail_m = 1500 is broken on a mean day") for warning in warnings)


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
    }
    posts = [w for w in warnings_of(*planned(changes)) if "cannot be staffed" in w]
    assert len(posts) == 1
    assert posts[0].startswith("selection.post needs 1 police, and cannot be staffed")


def test_a_plan_that_selects_whoever_comes_while_a_bay_is_free_never_selects_too_many(planned):
    assert warnings_of(*planned({("selection", "rule"): "free_bay"})) == []
