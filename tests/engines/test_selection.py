"""Whom the officer diverts and what a look costs, in cases computed by hand (the small checkpoint of conftest).

Times count from the opening. A box that is not delayed passes 8 s after its free passage, with the 20 m lane 4 s.
"""

from math import inf, sqrt
from statistics import NormalDist

import pytest

from funnelsim.model.states import Fate, Gate, Valve

TICK = 2**-20
EVERY_5_S = [5 * k for k in range(11)]
NORMAL = NormalDist()
HIDDEN = [{"name": "hidden", "per_10k": {"box": 1.0}}]
ONE_D = [HIDDEN[0] | {"cue_auc": NORMAL.cdf(1.0 / sqrt(2.0))}]  # the mean of a target's score is 1


def passed(outcome):
    log, opens_s = outcome
    return (log.passed_s - opens_s).tolist()


def at_rates(*rates):
    """Return the thresholds that shares of ordinary vehicles exceed; AS 241 differs from Python's in the last bits."""
    return pytest.approx([NORMAL.inv_cdf(1.0 - rate) for rate in rates], rel=1e-12)


# The watch list: every target is on it and no ordinary vehicle


def listing(*, target_share=1.0, false_hits=0.0, rate=0.0, selection=None, **tables):
    watchlist = {"target_share": target_share, "false_hits_per_10k": false_hits}
    return {
        "targets": HIDDEN,
        "selection": {"rule": "score", "rate": {"default": rate}, "watchlist": watchlist} | (selection or {}),
        "area": {"bays": 100},
        **tables,
    }


@pytest.mark.parametrize("rate", [0.05, 0.0])
def test_a_hit_of_the_list_is_selected_whatever_its_score(run, rate):
    """The threshold stays what the rule says, +inf for rate 0: the list goes past it."""
    log, _ = run(listing(rate=rate), [0, 20, 40], targets=[0, 1, 0], impression=[-9, -9, 1.6])
    assert log.fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED, Fate.NOT_SELECTED]
    assert log.threshold == (at_rates(0.05, 0.05, 0.05) if rate else pytest.approx([inf] * 3))
    assert log.gate.tolist() == [Gate.OPEN] * 3


def test_the_list_stops_ordinary_vehicles_wrongly_and_misses_targets_by_their_own_shares(run):
    changes = listing(target_share=0.0, false_hits=10_000.0)
    log, _ = run(changes, [0, 20, 40], targets=[0, 1, 0], impression=[-9] * 3)
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.NOT_SELECTED, Fate.INSPECTED]


def test_a_hit_is_waved_through_where_the_area_is_full(run):
    changes = listing() | {"area": {"bays": 1, "waiting": 0}}
    log, _ = run(changes, [0, 20, 40], targets=[1, 1, 0])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.AREA_FULL, Fate.NOT_SELECTED]
    assert log.accepted.tolist() == [True, False, False]


def test_a_hit_is_selected_while_the_valve_has_suspended_selection(run):
    """Vehicles every 5 s and looks of 20 s: the tail is 60 m at 46 s, when the fourth is clear.

    From then on nobody is looked at and the lane passes a vehicle every 2 s; the hit at 48 s costs it 4 s more. The
    vehicle of 70 s finds the queue gone, and its officer done 20 s after the one before passed.
    """
    valve = {"valve": {"suspend_at_m": 50.0, "resume_at_m": 10.0}}
    changes = listing(selection=valve, lane={"length_m": 20.0})
    outcome = run(changes, [*EVERY_5_S, 70], targets=[0] * 4 + [1] + [0] * 7, look_s=20)
    log, opens_s = outcome
    assert passed(outcome) == [4, 24, 44, 46, 48, 54, 56, 58, 60, 62, 64, 84]
    suspended = [Fate.SELECTION_SUSPENDED] * 6
    assert log.fate.tolist() == [
        *[Fate.NOT_SELECTED] * 3,
        Fate.SELECTION_SUSPENDED,
        Fate.INSPECTED,
        *suspended,
        Fate.NOT_SELECTED,
    ]
    assert log.gate.tolist() == [Gate.OPEN] * 3 + [Gate.SUSPENDED] * 8 + [Gate.OPEN]
    assert log.threshold.tolist() == [inf] * 12
    assert log.accepted.all()  # a hit would have been accepted
    assert (log.valve_s - opens_s).tolist() == [46, 74]


def test_a_hit_is_selected_in_the_last_minutes(run):
    """From 3000 s on nobody is looked at; the hit at 3002 s costs whoever follows 4 s."""
    changes = listing(operation={"stop_selecting_min": 10.0})
    outcome = run(changes, [2992, 2992, 2993], targets=[0, 1, 0], look_s=20)
    log, _ = outcome
    assert passed(outcome) == [3000, 3002, 3008]
    assert log.fate.tolist() == [Fate.SELECTION_SUSPENDED, Fate.INSPECTED, Fate.SELECTION_SUSPENDED]
    assert log.gate.tolist() == [Gate.SUSPENDED] * 3


def test_no_hit_is_selected_while_the_funnel_is_lifted(run):
    """At 46 s the tail is 60 m and the road takes over, 1.5 s a vehicle; at 70 s the queue is gone."""
    valve = {"valve": {"lift_at_m": 60.0, "resume_at_m": 10.0}}
    changes = listing(selection=valve, lane={"length_m": 20.0})
    outcome = run(changes, [*EVERY_5_S, 70], targets=[0] * 3 + [1] * 9, look_s=20)
    log, _ = outcome
    assert passed(outcome) == [4, 24, 44, 46, 47.5, 49, 50.5, 52, 53.5, 55, 56.5, 76.5]
    assert log.fate.tolist() == [Fate.NOT_SELECTED] * 3 + [Fate.SELECTION_SUSPENDED] * 8 + [Fate.INSPECTED]
    assert log.valve.tolist() == [Valve.LIFTED, Valve.OPEN]
    assert log.accepted.tolist() == [True] * 3 + [False] * 8 + [True]


def test_no_hit_is_selected_while_the_post_is_unstaffed_in_the_last_minutes_or_before(run):
    post = {"post": {"police": 1}}
    roster = {"roster": [{"agency": "police", "count": 1, "from": "01:00", "to": "01:10"}]}
    changes = listing(selection=post, staffing=roster, operation={"stop_selecting_min": 10.0})
    log, _ = run(changes, [592 - TICK, 592, 3100], targets=[1] * 3)
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.POST_UNSTAFFED, Fate.POST_UNSTAFFED]


def test_no_hit_is_selected_before_the_opening_and_after_the_closing(run):
    log, _ = run(listing(), [-20, 3605], targets=[1, 1])
    assert log.fate.tolist() == [Fate.OUTSIDE_OPERATION] * 2


# A rate that adapts: a factor on 0.4


def adapting(on, *points, rule="score", rate=0.4, **tables):
    adapt = {"on": on, "points": [list(point) for point in points]}
    return {"selection": {"rule": rule, "rate": {"default": rate}, "adapt": adapt}, **tables}


@pytest.mark.parametrize("rule", ["score", "random"])
def test_the_rate_follows_how_full_the_area_is(run, rule):
    """Of 4 places 0, 1, 2, 3 are taken: rates 0.4 times 2, 1.5, 1, 0.5. A score of 0.3 exceeds the first three.

    The first two leave at 308 and 328 s: at 328 s the third is left alone, and the rate is that of one place taken.
    """
    changes = adapting("area", (0.0, 2.0), (0.5, 1.0), (1.0, 0.0), rule=rule)
    log, _ = run(changes, [0, 20, 40, 60, 80, 320], impression=[0.3] * 6)
    assert log.threshold == at_rates(0.8, 0.6, 0.4, 0.2, 0.2, 0.6)
    assert log.fate.tolist() == [Fate.INSPECTED] * 3 + [Fate.NOT_SELECTED] * 2 + [Fate.INSPECTED]
    assert log.accepted.all()


def test_a_factor_is_level_beyond_its_points_and_a_rate_of_0_or_of_1_and_more_is_nobody_or_everybody(run):
    """Of 4 places 0 to 4 are taken: factors 3, 3, 1.5, 0, 0."""
    changes = adapting("area", (0.25, 3.0), (0.75, 0.0))
    log, _ = run(changes, [0, 20, 40, 60, 80], impression=[9, 9, 9, 9, 9])
    assert log.threshold.tolist()[:2] == [-inf, -inf]
    assert log.threshold[2:3] == at_rates(0.6)
    assert log.threshold.tolist()[3:] == [inf, inf]
    assert log.fate.tolist() == [Fate.INSPECTED] * 3 + [Fate.NOT_SELECTED] * 2


def test_vehicles_on_their_way_fill_the_area_too_and_each_class_keeps_its_own_rate(run):
    changes = adapting("area", (0.0, 2.0), (1.0, 0.0), area={"divert_s": 60.0})
    changes["selection"]["rate"] = {"default": 0.4, "truck": 0.2}
    log, _ = run(changes, [0, 20, 40], ["box", "truck", "box"], impression=[9] * 3)
    assert log.threshold == at_rates(0.4 * 2, 0.2 * 1.5, 0.4)


def test_the_rate_follows_the_tail_as_it_is_when_a_vehicle_comes_to_the_head_of_the_line(run):
    """Looks of 20 s, vehicles every 5 s: nobody stands beyond the taper at 4 and 9 s, and 20 m are seen at 26 s.

    From 46 s on the newest stands at 60 m, until it has passed. The factor falls from 2 to 0.5 over 60 m.
    """
    changes = adapting("tail_m", (0.0, 2.0), (60.0, 0.5), lane={"length_m": 20.0})
    outcome = run(changes, [*EVERY_5_S, 300], impression=[-9] * 12, look_s=20)
    log, _ = outcome
    assert passed(outcome) == [4 + 20 * k for k in range(11)] + [304]
    assert log.threshold == at_rates(0.8, 0.8, 0.6, *[0.2] * 8, 0.8)


# Rules


def test_a_batch_is_gathered_until_the_area_is_full_and_the_next_when_it_is_empty(run):
    """Two places, one bay: inspected from 8 and from 308 to 608 s. At that moment, not a tick before, it is empty."""
    changes = {"selection": {"rule": "batch"}, "area": {"bays": 1, "waiting": 1}}
    log, opens_s = run(changes, [0, 20, 40, 320, 600, 620, 640])
    selected = [True, True, False, False, True, True, False]
    assert log.fate.tolist() == [Fate.INSPECTED if yes else Fate.NOT_SELECTED for yes in selected]
    assert log.threshold.tolist() == [-inf if yes else inf for yes in selected]
    assert log.accepted.tolist() == [True, True, False, True, True, True, False]
    bays = (log.bay_from_s - opens_s)[log.inspected].tolist()
    assert bays == [8, 308, 608, 908]
    assert run(changes, [0, 20, 600 - TICK])[0].fate.tolist()[2] == Fate.NOT_SELECTED


def test_a_batch_that_ends_before_the_area_was_full_goes_on(run):
    changes = {"selection": {"rule": "batch"}, "area": {"bays": 2, "waiting": 0}}
    log, _ = run(changes, [0, 400, 420, 440])
    assert log.fate.tolist() == [Fate.INSPECTED] * 3 + [Fate.NOT_SELECTED]


def test_for_a_free_bay_vehicles_on_their_way_count_and_waiting_spaces_do_not(run):
    """The first is on its way until 28 s and has the bay to 328 s."""
    changes = {"selection": {"rule": "free_bay"}, "area": {"bays": 1, "waiting": 5, "divert_s": 20.0}}
    log, _ = run(changes, [0, 10, 320 - TICK, 330])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.NOT_SELECTED, Fate.NOT_SELECTED, Fate.INSPECTED]
    assert log.accepted.all()


def test_the_nth_vehicle_is_the_nth_that_is_looked_at_hit_or_not_and_refused_or_not(run):
    """Every second: the hit is the first, the third passes an empty post uncounted, the fifth finds no place."""
    post = {"rule": "every_nth", "every": {"default": 2}, "post": {"police": 1}}
    shift = {"agency": "police", "count": 1, "from": "01:00", "to": "01:01"}
    roster = {"roster": [shift, shift | {"from": "01:02", "to": "02:00"}]}
    changes = listing(rate=1.0, selection=post, staffing=roster) | {"area": {"bays": 2, "waiting": 0}}
    log, _ = run(changes, [0, 20, 80, 120, 140, 160, 180], targets=[1] + [0] * 6)
    assert log.fate.tolist() == [
        Fate.INSPECTED,
        Fate.INSPECTED,
        Fate.POST_UNSTAFFED,
        Fate.NOT_SELECTED,
        Fate.AREA_FULL,
        Fate.NOT_SELECTED,
        Fate.AREA_FULL,
    ]
    assert log.threshold.tolist() == [inf, -inf, inf, inf, -inf, inf, -inf]


# The look


def looking(*, rate=0.0, **look):
    return {"selection": {"rate": {"default": rate}, "look": look}, "area": {"bays": 100}}


def test_a_vehicle_that_halts_costs_the_lane_its_look_beside_the_headway(run):
    """8 + 5; the truck stands there 3 s after that, the box behind the truck too; the last comes to an empty lane."""
    outcome = run(looking(mode="stop"), [0, 1, 2, 30], ["box", "truck", "box", "box"], look_s=5)
    assert passed(outcome) == [13, 13 + 3 + 5, 21 + 3 + 5, 38 + 5]


def test_two_officers_who_halt_vehicles_stand_one_behind_the_other(run):
    """Each stands where its officer's last one has left, and leaves behind whoever is in front.

    The second is done at 10 s and leaves 2 s behind the first; the third stands at 15 s; the fourth is done at 22 s.
    """
    outcome = run(looking(mode="stop", officers=2), [0, 1, 2, 3, 4], look_s=[5, 1, 10, 5, 5])
    assert passed(outcome) == [13, 15, 15 + 10, 27, 27 + 5]


def test_whoever_halts_moves_up_after_his_officers_last_one_was_diverted(run):
    """The truck, looked at until 18 s, costs 3 s to follow and 6 s to turn out: the second leaves at 27 s.

    The third, behind a box, stands at 18 + 2 + 6; the fourth at 27 + 2 + 4.
    """
    kinds = ["truck", "box", "box", "box"]
    outcome = run(looking(mode="stop", officers=2, rate=1.0), [0, 1, 2, 3], kinds, look_s=10)
    assert passed(outcome) == [18, 27, 26 + 10, 33 + 10]


def test_rolling_past_two_officers_a_diversion_and_a_long_look_each_hold_the_lane(run):
    """6 s behind each box that was diverted, or the look after the last but one: 8 + 17, 14 + 20."""
    outcome = run(looking(officers=2, rate=1.0), [0, 1, 2, 3, 4], look_s=[5, 5, 17, 20, 5])
    assert passed(outcome) == [8, 14, 25, 34, 40]


def test_in_the_last_minutes_nobody_halts(run):
    changes = looking(mode="stop") | {"operation": {"stop_selecting_min": 10.0}}
    assert passed(run(changes, [2991, 2992, 2993], look_s=20)) == [2999 + 20, 3021, 3023]


def test_a_look_tells_by_the_root_of_its_length(run):
    """A target's score of 0.7 + 1 exceeds 1.645 after the look of reference, or one 4 times as long, not a quarter."""
    changes = looking(rate=0.05, reference_s=2.0) | {"targets": ONE_D}
    changes["selection"]["rule"] = "score"
    log, _ = run(changes, [0, 20, 40, 60], targets=[1, 1, 1, 0], impression=[0.7] * 4, look_s=[2, 8, 0.5, 8])
    assert log.quality.tolist() == [1, 2, 0.5, 2]
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED, Fate.NOT_SELECTED, Fate.NOT_SELECTED]


def test_an_officer_tires_by_half_in_each_half_life_until_a_fresh_one_comes(run):
    """A half-life of 900 s: a score of 0.7 + d exceeds 1.645 with d = 1 and fails with d = 0.5 and less."""
    changes = looking(rate=0.05, tires_half_life_h=0.25) | {"targets": ONE_D}
    changes["selection"]["rule"] = "score"
    people = {"targets": [1] * 5, "impression": [0.7] * 5}
    at_s = [0, 900, 1350, 1800, 2700]  # when they pass
    tired, _ = run(changes, [time_s - 8 for time_s in at_s], **people)
    assert tired.quality == pytest.approx([1, 0.5, sqrt(0.125), 0.25, 0.125])
    assert tired.fate.tolist() == [Fate.INSPECTED] + [Fate.NOT_SELECTED] * 4
    changes["selection"]["look"]["rotate_min"] = 30.0
    fresh, _ = run(changes, [time_s - 8 for time_s in at_s], **people)
    assert fresh.quality == pytest.approx([1, 0.5, sqrt(0.125), 1, 0.5])
    assert (fresh.fate == Fate.INSPECTED).tolist() == [True, False, False, True, False]


def test_how_long_a_look_is_and_how_long_the_officer_has_stood_there_multiply(run):
    changes = looking(rate=0.05, reference_s=2.0, tires_half_life_h=0.25)
    changes["selection"]["rule"] = "score"
    assert run(changes, [892], look_s=8)[0].quality == pytest.approx([2 * 0.5])
