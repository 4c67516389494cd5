"""The forecast: what arithmetic says of selection and area, by every rule and over several windows."""

import numpy as np
import pytest

from funnelsim.analysis.forecast import (
    by_status_between,
    by_status_in_windows,
    chances_between,
    coming_shares,
    found_at_most,
    inspected_of,
    needs_of,
    selected_between,
    selected_by_all,
    selecting_spans,
    selection_chances,
    windows_h,
)
from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate

HOUR = 3600.0
STAGES = ("area", "stages")
SEARCH = [{"name": "search", "duration": {"mean_s": 600}, "crew": {"customs": 1}, "finds": {"contraband": 0.6}}]
TWO_WINDOWS = {
    ("operation", "closes"): "08:00",
    ("operation", "also"): [{"opens": "10:00", "closes": "12:00"}],
    ("operation", "stop_selecting_min"): 30,
}
LIST = {("selection", "watchlist"): {"target_share": 0.25, "false_hits_per_10k": 20}}
WEST = {
    "direction": "westbound",
    "traffic": {"counts": {"from": "00:00", "vehicles": {"car": [300] * 24}}},
    "selection": {"rate": {"default": 0.2}},
}


def place(plan, name):
    return plan.classes.index(name)


def need(plan, name):
    return next(need for need in needs_of(plan, selection_chances(plan)) if need.name == name)


def test_vehicles_are_selected_inside_the_windows_only(planned):
    """Two windows of two hours, each without its last half hour: 1,000 vehicles an hour, 1 and 5 per cent of them."""
    _, plan = planned(TWO_WINDOWS)
    assert selecting_spans(plan, *plan.window_s) == [(6 * HOUR, 7.5 * HOUR), (10 * HOUR, 11.5 * HOUR)]
    assert selecting_spans(plan, 7 * HOUR, 10.5 * HOUR) == [(7 * HOUR, 7.5 * HOUR), (10 * HOUR, 10.5 * HOUR)]
    assert windows_h(plan) == 4.0
    assert by_status_in_windows(plan).sum() == pytest.approx(4000)
    selected = selected_between(plan, *plan.window_s, selection_chances(plan))[:, 0].sum()
    assert selected == pytest.approx(3 * (9 + 5), rel=0.01)


def test_the_area_is_reckoned_in_the_hours_of_all_windows(planned):
    """Five customs, one on a break between 10:00 and 12:00 at most times: six searches an hour each."""
    _, plan = planned({**TWO_WINDOWS, STAGES: SEARCH, ("targets",): [{"name": "contraband", "per_10k": {"car": 10}}]})
    customs = need(plan, "customs")
    assert customs.most == 5
    assert customs.inspections == pytest.approx(customs.per_h * 3.0)
    assert 4 * 6 < customs.per_h <= 5 * 6


def test_a_hit_of_the_watch_list_is_selected_whatever_its_score(planned):
    _, plain = planned()
    _, plan = planned(LIST)
    listed = np.array([0.002, 0.25, 0.25])
    assert selection_chances(plan) == pytest.approx(listed + (1 - listed) * selection_chances(plain))


def test_in_the_last_minutes_hits_alone_are_selected(planned):
    _, plan = planned(LIST)
    last = selected_between(plan, 13 * HOUR + 2400.0, 14 * HOUR, selection_chances(plan))
    assert last == pytest.approx(by_status_between(plan, 13 * HOUR + 2400.0, 14 * HOUR) * [0.002, 0.25, 0.25])
    _, plain = planned()
    assert selected_between(plain, 13 * HOUR + 2400.0, 14 * HOUR, selection_chances(plain)).sum() == 0.0


@pytest.mark.parametrize("rule", ["free_bay", "batch"])
@pytest.mark.parametrize("changes", [{}, LIST])
def test_rules_that_fill_the_area_select_as_many_as_it_takes_hits_among_them(planned, rule, changes):
    _, plan = planned({**changes, ("selection", "rule"): rule})
    chances = selection_chances(plan)
    selected = selected_between(plan, *plan.window_s, chances).sum()
    assert selected == pytest.approx(needs_of(plan, np.ones_like(chances))[0].inspections)


def test_a_class_with_rate_0_is_never_part_of_a_batch(planned):
    _, plan = planned({("selection", "rule"): "batch", ("selection", "rate"): {"default": 0.05, "car": 0.0}})
    chances = selection_chances(plan)
    assert np.all(chances[0, place(plan, "car")] == 0.0)
    assert np.all(chances[0, place(plan, "lorry")] > 0.0)


# 1 % of 900 cars and 5 % of 100 lorries an hour, but from 08:00 to 10:30 twice as many cars and no lorries.
BY_TIME = {("selection", "rate_by_time"): [{"from": "08:00", "to": "10:30", "rate": {"car": 0.02, "lorry": 0.0}}]}


def test_each_hour_is_forecast_with_its_own_rates(planned):
    _, plan = planned(BY_TIME)
    chances = selection_chances(plan)
    hours = [(h * HOUR, (h + 1) * HOUR) for h in (7, 8, 10, 11)]
    selected = np.array([selected_between(plan, *hour, chances)[:, 0] for hour in hours])
    ordinary = (1.0 - 0.0010) * 900, (1.0 - 0.0035) * 100
    for name, share, rates in (("car", ordinary[0], [1, 2, 1.5, 1]), ("lorry", ordinary[1], [5, 0, 2.5, 5])):
        assert selected[:, place(plan, name)] == pytest.approx(np.array(rates) / 100 * share)
        mean = [chances_between(plan, *hour, chances)[place(plan, name), 0] for hour in hours]
        assert mean == pytest.approx(np.array(rates) / 100)
    whole = chances_between(plan, *plan.window_s, chances)
    selecting_h = 8 - 1 / 3  # nobody is selected in the last 20 minutes
    assert whole[place(plan, "car"), 0] == pytest.approx(((selecting_h - 2.5) * 0.01 + 2.5 * 0.02) / selecting_h)
    assert whole[place(plan, "van"), 0] == pytest.approx(0.01)  # of a class of which none come, too


def test_the_mean_over_time_weighs_hours_by_the_vehicles_that_come_in_them(planned):
    """300 cars an hour from 08:00 on, 900 before: two hours of 900 at 1 %, half of the 300 an hour at 2 %."""
    cars = [900] * 8 + [300] * 16
    _, plan = planned({**BY_TIME, ("traffic", "counts", "vehicles", "car"): cars})
    mean = chances_between(plan, 6 * HOUR, 12 * HOUR, selection_chances(plan))[place(plan, "car"), 0]
    assert mean == pytest.approx((1800 * 0.01 + 750 * 0.02 + 450 * 0.01) / 3000)


def test_without_rates_by_time_the_mean_chances_are_the_chances_themselves(planned):
    _, plan = planned()
    chances = selection_chances(plan)
    assert np.array_equal(chances_between(plan, *plan.window_s, chances), chances[0])


@pytest.mark.parametrize("rule", ["free_bay", "batch", "every_nth"])
def test_under_a_rule_that_ignores_rates_a_class_of_rate_0_is_left_out_in_these_hours(planned, rule):
    _, plan = planned({**BY_TIME, ("selection", "rule"): rule})
    selected = [selected_between(plan, h * HOUR, (h + 1) * HOUR, selection_chances(plan)).sum(axis=1) for h in (7, 8)]
    lorry, car = place(plan, "lorry"), place(plan, "car")
    assert selected[0][lorry] > 0.0
    assert selected[1][lorry] == 0.0
    assert selected[1][car] == pytest.approx(selected[0][car])


def test_the_chances_of_the_index_are_those_of_its_cutoffs(planned):
    _, plan = planned({("selection", "rule"): "index", ("selection", "index"): {"rate": 0.02}})
    chances = selection_chances(plan)
    assert chances[0, :, 0] == pytest.approx(plan.selection.rate[0])
    come = by_status_in_windows(plan)
    assert (come * chances).sum() / come.sum() == pytest.approx(0.02)
    assert np.all(chances[0, place(plan, "lorry"), 1:] > chances[0, place(plan, "lorry"), 0])


def test_officers_are_used_as_the_index_wants(planned):
    """Of all agencies together, those who are free while vehicles are selected; targets take a little more or less."""
    _, plan = planned({("selection", "rule"): "index", ("selection", "index"): {"utilisation": 0.5}})
    chances = selection_chances(plan)
    selected = selected_between(plan, *plan.window_s, chances).sum()
    officers = [need for need in needs_of(plan, chances) if need.name in ("police", "customs")]
    used = selected * sum(need.mean_s for need in officers)
    free = sum(need.inspections * need.mean_s for need in officers)
    assert used / free == pytest.approx(0.5, rel=0.05)


def test_a_usual_look_tells_what_its_length_says(planned):
    """Four times as long as the reference: d' is doubled."""
    _, plain = planned({("selection", "look"): {"mean_s": 2.0, "cv": 0.0}})
    _, longer = planned({("selection", "look"): {"mean_s": 2.0, "cv": 0.0, "reference_s": 0.5}})
    from scipy.special import ndtr, ndtri  # noqa: PLC0415

    lorry = place(plain, "lorry")
    d = ndtri(selection_chances(plain)[0, lorry, 1]) - ndtri(0.05)
    assert selection_chances(longer)[0, lorry, 1] == pytest.approx(ndtr(ndtri(0.05) + 2 * d))


def test_processing_in_a_spot_frees_the_bay_and_a_van_frees_both(planned):
    """Contraband in a third of all lorries, found for certain: 600 s of search, 1,200 s, then a van for 3,600 s."""
    after = {"duration": {"mean_s": 1200}, "transport": {"duration": {"mean_s": 3600}, "crew": {"police": 2}}}
    changes = {
        ("targets",): [{"name": "contraband", "per_10k": {"lorry": 10_000 / 3}, "cue_auc": 0.5}],
        ("selection", "rate"): {"default": 0.0, "lorry": 0.05},
        STAGES: [{**SEARCH[0], "finds": {"contraband": 1.0}}],
        ("area", "after_detection"): after,
    }
    _, in_bay = planned(changes)
    assert need(in_bay, "bays").mean_s == pytest.approx(600 + 1200 / 3)
    assert need(in_bay, "police").mean_s == pytest.approx(2 * 3600 / 3)
    assert "spots" not in [need.name for need in needs_of(in_bay, selection_chances(in_bay))]
    _, in_spot = planned({**changes, ("area", "spots"): 2, ("area", "after_detection"): {**after, "place": "spot"}})
    assert need(in_spot, "bays").mean_s == pytest.approx(600)
    spots = need(in_spot, "spots")
    assert (spots.most, spots.mean_s, spots.per_h) == (2, pytest.approx(400), pytest.approx(18))


def test_documents_take_time_for_every_occupant(planned):
    """1.5 persons in a car, 1.1 in a lorry."""
    documents = [{"name": "documents", "duration": {"mean_s": 60, "per_occupant_s": 40}}]
    _, plan = planned({("targets",): [], STAGES: documents, ("selection", "rate"): {"default": 0.0, "car": 0.05}})
    assert need(plan, "bays").mean_s == pytest.approx(60 + 1.5 * 40)


def test_funnels_share_one_area(planned):
    """Eastbound 9 cars and 5 lorries an hour are selected, westbound 60 cars."""
    changes = {("targets",): [], STAGES: [{"name": "documents", "duration": {"mean_s": {"default": 60, "lorry": 600}}}]}
    _, plan = planned({**changes, ("funnels",): [WEST]})
    chances = selection_chances(plan)
    hour = (7 * HOUR, 8 * HOUR)
    assert selected_between(plan, *hour, chances).sum() == pytest.approx(14)
    assert selected_by_all(plan, *hour, chances).sum() == pytest.approx(74)
    assert need(plan, "bays").mean_s == pytest.approx((69 * 60 + 5 * 600) / 74)
    _, alone = planned(changes)
    assert need(alone, "bays").mean_s == pytest.approx((9 * 60 + 5 * 600) / 14)


def test_who_keeps_away_is_not_found(planned):
    """Half of them hear of it, half of those within 4 h: in 8 h 1 - 0.75 / (2 ln 2) of these on average; some turn."""
    evade = {"alerted": 0.5, "half_life_h": 4.0, "visible": 0.2}
    _, plain = planned()
    _, plan = planned({("targets", 1, "evade"): evade})
    shares = coming_shares(plan)
    assert shares == pytest.approx([1.0, 1.0, (1 - 0.5 * (1 - 0.75 / (2 * np.log(2)))) * 0.8])
    found = found_at_most(plan, selection_chances(plan))
    assert found == pytest.approx(found_at_most(plain, selection_chances(plain)) * shares[1:])


def test_word_of_mouth_begins_anew_in_each_window(planned):
    """Two windows of two hours count as two hours, not as four."""
    evade = {("targets", 1, "evade"): {"alerted": 1.0, "half_life_h": 2.0}}
    assert coming_shares(planned({**TWO_WINDOWS, **evade})[1])[2] == pytest.approx(0.5 / np.log(2))


@pytest.mark.parametrize("officers", [1, 2, 3])
def test_about_as_many_are_inspected_as_in_a_simulation_of_two_hours(build, officers):
    """One vehicle in twenty of 600 an hour, ten minutes each: the places and what is finished after closing count."""
    stages = [{"name": "check", "duration": {"mean_s": 600.0, "cv": 0.0}, "crew": {"police": 1}}]
    scenario = build(
        {
            "operation": {"closes": "03:00"},
            "selection": {"rate": {"default": 0.05}},
            "area": {"bays": 4, "waiting": 4, "stages": stages},
            "staffing": {"roster": [{"agency": "police", "count": officers, "from": "00:00", "to": "04:00"}]},
        }
    )
    plan = plan_of(scenario)
    chances = selection_chances(plan)
    selected = float(selected_by_all(plan, *plan.window_s, chances).sum())
    fates = np.concatenate([log_of(plan, 1, replication).fate for replication in range(20)])
    simulated = np.count_nonzero(fates == Fate.INSPECTED) / 20.0
    assert inspected_of(plan, needs_of(plan, chances)[0]) / selected == pytest.approx(simulated / selected, abs=0.1)
