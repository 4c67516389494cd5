"""What is odd about the newer ways to select, to process and to evade: said once, with place, reason and remedy."""

import pytest

from funnelsim.reporting import warnings as graded

INDEX = {("selection", "rule"): "index"}
PRICE = ("selection", "index")
TRANSPORT = ("area", "after_detection", "transport")
ADAPT = ("selection", "adapt")
LIST = ("selection", "watchlist")


def warnings_of(scenario, plan):
    return [warning.text for warning in graded.warnings_of(scenario, plan)]


BY_TIME = ("selection", "rate_by_time")
HOURS = {"from": "08:00", "to": "10:00", "rate": {"default": 0.02}}
TRACTOR = {
    ("classes",): {
        "tractor": {"spacing_m": 9, "reaction_s": 1.5, "diversion_s": 5, "occupants": 1, "delay_cost_per_h": 9}
    }
}


ODD = {
    "nobody is worth the price": (
        {**INDEX, PRICE: {"price": 0.9}},
        ["selection.index.price = 0.9", "no vehicle promises as many", "lower the price"],
    ),
    "the list is more than is wanted": (
        {**INDEX, PRICE: {"rate": 0.01}, LIST: {"target_share": 0.1, "false_hits_per_10k": 150}},
        ["selection.index.rate = 0.01", "hits of the watch list", "shorten the list"],
    ),
    "nobody tires": (
        {("selection", "look"): {"rotate_min": 30}},
        ["selection.look.rotate_min = 30", "tires_half_life_h"],
    ),
    "a list without targets": (
        {LIST: {"target_share": 0.0, "false_hits_per_10k": 1}},
        ["selection.watchlist.target_share = 0", "ordinary vehicles alone"],
    ),
    "a rate that is always lower": (
        {ADAPT: {"on": "area", "points": [[0, 0.8], [1, 0.2]]}},
        ["selection.adapt.points", "at most 0.8"],
    ),
    "a rate that is always higher": (
        {ADAPT: {"on": "tail_m", "points": [[0, 3], [900, 1.5]]}},
        ["selection.adapt.points", "at least 1.5"],
    ),
    "shares typed as per cent": (
        {ADAPT: {"on": "area", "points": [[0, 1], [100, 0.2]]}},
        ["selection.adapt.points reach to 100", "from 0 to 1"],
    ),
    "spots that nobody uses": (
        {("area", "spots"): 2},
        ["area.spots = 2", 'place = "bay"', 'set place = "spot"'],
    ),
    "transport out of thin air": (
        {TRANSPORT: {"duration": {"mean_s": 3600}}},
        ["area.after_detection.transport", "costs nothing"],
    ),
    "every nth under another rule": (
        {("selection", "every"): {"default": 10}},
        ["selection.every changes nothing", 'rule = "score"'],
    ),
    "a price under another rule": (
        {PRICE: {"price": 0.9}},
        ["selection.index changes nothing", "has no price"],
    ),
    "a valve that never acts": (
        {("selection", "valve"): {"resume_at_m": 100}},
        ["selection.valve.resume_at_m changes nothing", "suspend_at_m or lift_at_m"],
    ),
    "a rate that never changes": (
        {ADAPT: {"on": "area", "points": [[0, 1], [1, 1]]}},
        ["selection.adapt changes nothing", "1 everywhere"],
    ),
    "hours in which the funnel does not stand": (
        {BY_TIME: [{"from": "14:00", "to": "06:00", "rate": {"default": 0.2}}]},
        ["selection.rate_by_time.0 changes nothing", "does not stand from 14:00 to 06:00"],
    ),
    "hours with the usual rates": (
        {BY_TIME: [HOURS, {"from": "10:00", "to": "11:00", "rate": {"default": 0.01, "lorry": 0.05}}]},
        ["selection.rate_by_time.1 changes nothing", "those of selection.rate"],
    ),
    "rates by time under a rule that asks for none": (
        {("selection", "rule"): "free_bay", BY_TIME: [{**HOURS, "rate": {"lorry": 0.3}}]},
        ["selection.rate_by_time.0 changes nothing", 'rule = "free_bay" asks only whether a rate is 0'],
    ),
    "a share of operations without limits": (
        {("limits",): {"in_share_of_operations": 0.8}},
        ["limits.in_share_of_operations changes nothing", "no limit to keep"],
    ),
    "a class that no count brings": (
        {
            ("classes",): {
                "tractor": {"spacing_m": 9, "reaction_s": 1.5, "diversion_s": 5, "occupants": 1, "delay_cost_per_h": 9}
            }
        },
        ["classes.tractor", "the counts bring none", "share"],
    ),
    "no exit to leave at": (
        {("targets", 1, "evade"): {"queue": 0.3}},
        ["evade.queue of contraband", "approach.exit"],
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_said_once_in_one_sentence(planned, name):
    changes, said = ODD[name]
    warnings = warnings_of(*planned(changes))
    assert len(warnings) == 1, warnings
    for words in said:
        assert words in warnings[0]
    assert warnings[0].endswith(".")
    assert ". " not in warnings[0]
    assert "; " in warnings[0]


@pytest.mark.parametrize("name", ODD)
def test_what_changes_nothing_or_is_not_what_the_key_says_is_grave(planned, name):
    (warning,) = graded.warnings_of(*planned(ODD[name][0]))
    assert warning.grade == "grave"


def test_what_is_wanted_and_cannot_be_reached_is_said(planned):
    """Everybody who promises anything is selected: far too many for the area, too."""
    warnings = warnings_of(*planned({**INDEX, PRICE: {"rate": 1.0}, ("area", "stages", 2, "for"): ["lorry"]}))
    assert any(w.startswith("selection.index.rate = 1 is more than everybody who promises") for w in warnings)


def test_an_index_without_targets_selects_nobody(planned):
    stages = [{"name": "documents", "duration": {"mean_s": 120}, "equipment": {"co2_probe": 1}}]
    warnings = warnings_of(*planned({**INDEX, ("targets",): [], ("area", "stages"): stages}))
    assert [w.partition(":")[0] for w in warnings] == ['selection.rule = "index"', "targets"]


@pytest.mark.parametrize(
    "changes",
    [
        {**INDEX, PRICE: {"utilisation": 0.4}},
        {("selection", "rule"): "batch"},
        {BY_TIME: [HOURS]},
        {BY_TIME: [{**HOURS, "rate": {"lorry": 0.0}}]},
        {("selection", "rate"): {"default": 0.0}, BY_TIME: [{**HOURS, "rate": {"car": 0.02, "lorry": 0.1}}]},
        {ADAPT: {"on": "area", "points": [[0, 1.5], [1, 0.2]]}},
        {LIST: {"target_share": 0.1, "false_hits_per_10k": 1}},
        {("selection", "look"): {"tires_half_life_h": 2, "rotate_min": 30}},
        {("area", "spots"): 1, ("area", "after_detection"): {"crew": {"police": 2}, "place": "spot"}},
        {
            ("approach", "exit"): {"at_m": 2500, "leave_when_tail_m": 1500},
            ("targets", 1, "evade"): {"queue": 0.3, "alerted": 0.5, "visible": 0.1},
        },
        {TRANSPORT: {"duration": {"mean_s": 3600}, "equipment": {"minibus": 1}}, ("equipment", "minibus"): 1},
    ],
)
def test_a_feature_that_is_used_well_is_not_odd(planned, changes):
    assert warnings_of(*planned(changes)) == []


def test_what_is_odd_about_one_of_two_funnels_names_it(planned):
    counts = {"from": "00:00", "vehicles": {"car": [300] * 24, "lorry": [50] * 24}}
    west = {
        "direction": "westbound",
        "traffic": {"counts": counts},
        "selection": {"rate": {"default": 0.01}, "look": {"rotate_min": 30}},
    }
    warnings = warnings_of(*planned({("funnels",): [west]}))
    assert next(w for w in warnings if "rotate_min" in w).startswith("westbound: selection.look.rotate_min = 30")


def test_nobody_is_selected_where_only_hours_without_a_funnel_have_a_rate(planned):
    """From 08:00 to 10:00 a rate is enough."""
    late = {"from": "20:00", "to": "22:00", "rate": {"default": 0.1}}
    nobody = {("selection", "rate"): {"default": 0.0}, BY_TIME: [late]}
    starts = "selection.rate is 0 for every class"
    assert any(warning.startswith(starts) for warning in warnings_of(*planned(nobody)))
    assert not any(warning.startswith(starts) for warning in warnings_of(*planned({**nobody, BY_TIME: [HOURS]})))


@pytest.mark.parametrize("rule", ["every_nth", "score", "free_bay"])
def test_the_key_whose_rates_hold_while_the_funnel_stands_is_named(planned, rule):
    """From 06:00 to 14:00 the funnel stands."""
    always, early = ({"from": "05:00", "to": to, "rate": {"default": 0.0}} for to in ("15:00", "08:00"))
    of_rule = {("selection", "rule"): rule}
    nobody = {("selection", "rate"): {"default": 0.0}}

    def grave_of(changes):
        return next(w for w in warnings_of(*planned(of_rule | changes)) if "0 for every class" in w)

    assert grave_of({BY_TIME: [always]}).startswith("selection.rate_by_time is 0 for every class")
    assert grave_of({BY_TIME: [early]} | nobody).startswith("selection.rate and selection.rate_by_time are 0 for every")


def test_a_class_that_is_never_selected_is_told_with_the_key_that_holds(planned):
    lorries = {"from": "05:00", "to": "15:00", "rate": {"default": 0.0, "lorry": 0.1}}
    never = [warning for warning in warnings_of(*planned({BY_TIME: [lorries]})) if "never selected" in warning]
    assert never
    assert all(warning.startswith("selection.rate_by_time: ") for warning in never)
