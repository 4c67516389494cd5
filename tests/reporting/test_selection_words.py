"""Whom the officers divert and what they do with them, in words: one line for each feature, none where it is off."""

import re

import pytest

from funnelsim.analysis.forecast import selection_chances
from funnelsim.reporting import area_words
from funnelsim.reporting.selection_words import selection
from funnelsim.reporting.terminal import plain_text

INDEX = ("selection", "index")
RULE = ("selection", "rule")
AFTER = ("area", "after_detection")


def said(planned, changes=None):
    scenario, plan = planned(changes)
    return " ".join(plain_text([selection(scenario, plan, selection_chances(plan))], 100).split())


def said_of_area(planned, changes=None):
    scenario, plan = planned(changes)
    chances = selection_chances(plan)
    sections = [
        area_words.inspection(scenario, plan),
        area_words.capability(plan, chances),
        area_words.targets(scenario, plan, chances),
    ]
    return " ".join(plain_text(sections, 100).split())


def test_a_price_is_said_in_detections_and_in_officer_hours(planned):
    """A detection per 500 officer-minutes is one in 8.3 officer-hours."""
    text = said(planned, {RULE: "index", INDEX: {"price": 0.002}})
    assert "at least 0.002 detections for each officer-minute (one in 8.3 officer-hours)." in text


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ({"rate": 0.05}, "At this price 5 % of all vehicles are selected."),
        (
            {"utilisation": 0.4},
            (
                "At this price the selected take 40 % of the officers' time that is "
                "free for inspection, if "
                "nobody waits."
            ),
        ),
    ],
)
def test_a_price_that_is_found_says_for_what(planned, index, words):
    text = said(planned, {RULE: "index", INDEX: index})
    assert re.search(r"at least 0\.\d+ detections for each officer-minute \(one in [\d.,]+ officer-hours\)\. At", text)
    assert words in text


def test_the_rates_of_the_index_stand_in_the_table(planned):
    changes = {RULE: "index", INDEX: {"rate": 0.05}}
    _, plan = planned(changes)
    rates = dict(re.findall(r"(car|lorry) \d+ % \d+ ([\d.]+) %", said(planned, changes)))
    for name in ("car", "lorry"):
        rate = plan.selection.rate[0][plan.classes.index(name)]
        assert float(rates[name]) == pytest.approx(100 * rate, rel=0.05)


def test_a_price_that_cannot_do_what_is_wanted_is_said(planned):
    everybody = said(planned, {RULE: "index", INDEX: {"rate": 1.0}, ("area", "stages", 2, "for"): ["lorry"]})
    assert "Every vehicle that promises any detection is selected, as even that takes no more than 100 %" in everybody
    nobody = said(
        planned, {RULE: "index", ("targets",): [], ("area", "stages"): [{"name": "x", "duration": {"mean_s": 60}}]}
    )
    assert "but none promises any." in nobody
    listed = {"target_share": 0.1, "false_hits_per_10k": 300}
    hits = said(planned, {RULE: "index", INDEX: {"rate": 0.01}, ("selection", "watchlist"): listed})
    assert "are more than 1 % of all vehicles already, so no other is." in hits


def test_batch_is_said(planned):
    text = said(planned, {RULE: "batch"})
    assert (
        "Once the area is empty, every vehicle is selected until it is full, then none until it is empty again" in text
    )
    capability = said_of_area(planned, {RULE: "batch"})
    assert re.search(r"On average, the area can do at most about \d+ inspections an hour", capability)


LINES = {
    "reference_s": ({"look": {"reference_s": 2.0}}, "holds for a look of 2 s; a look four times as long recognises"),
    "tires": (
        {"look": {"tires_half_life_h": 1.5}},
        "recognises targets half as well (d'); a fresh officer takes over at each opening.",
    ),
    "rotates": ({"look": {"tires_half_life_h": 1.5, "rotate_min": 45}}, "a fresh officer takes over every 45 min."),
    "watchlist": (
        {"watchlist": {"target_share": 0.05, "false_hits_per_10k": 1}},
        (
            "Watch list: it holds 5 % of the targets, and wrongly 1 of 10,000 ordinary vehicles. A hit is selected "
            "whatever its score, even while selection is suspended;"
        ),
    ),
    "area": (
        {"adapt": {"on": "area", "points": [[0, 1.5], [0.5, 1], [1, 0.2]]}},
        (
            "The rate follows how many of the area's places are taken: it is multiplied by 1.5 at 0 "
            "%, 1 at 50 % and 0.2 at "
            "100 %, with straight lines in between"
        ),
    ),
    "tail": (
        {"adapt": {"on": "tail_m", "points": [[0, 1], [1500, 0]]}},
        "The rate follows the queue: it is multiplied by 1 at 0 m and 0 at 1,500 m,",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_what_else_decides_is_one_line_where_it_is_used(planned, name):
    tables, words = LINES[name]
    text = said(planned, {("selection", key): table for key, table in tables.items()})
    assert text.count(words) == 1
    assert words not in said(planned)


def test_what_a_plain_scenario_does_not_use_is_not_said(planned):
    text = said(planned) + said_of_area(planned)
    for word in (
        "Watch list",
        "follows",
        "cue_auc",
        "at the post",
        "taken away",
        "spot",
        "turn away",
        "stays or turns",
    ):
        assert word not in text


def test_spots_and_transport_are_said(planned):
    transport = {"duration": {"mean_s": 3600}, "crew": {"police": 2}, "equipment": {"minibus": 1}}
    changes = {
        ("area", "spots"): 2,
        AFTER: {"crew": {"police": 2}, "place": "spot", "transport": transport},
        ("equipment", "minibus"): 1,
    }
    text = said_of_area(planned, changes)
    assert "91 min by 2 police; the vehicle leaves its bay as soon as one of 2 processing spots is free." in text
    assert (
        "Then the persons are taken away: 60 min by 2 police with 1 minibus; the vehicle's place is free when "
        "they leave." in text
    )


def test_who_keeps_away_and_when_is_said_of_each_target_type(planned):
    changes = {
        ("approach", "exit"): {"at_m": 2500, "leave_when_tail_m": 1500},
        ("targets", 0, "evade"): {"alerted": 0.6, "half_life_h": 2, "visible": 0.05, "queue": 0.3},
    }
    text = said_of_area(planned, changes)
    assert (
        "Of the targets with concealed persons, 60 % stay away once word has spread (half of them 2 h after "
        "each opening), 5 % turn away when they see the funnel and 30 % leave at the exit when they see the queue."
    ) in text
    assert "This leaves out targets that stay away, turn away or leave at the exit." in text
    assert "Of the targets with contraband" not in text


def test_two_funnels_share_what_the_area_can_do(planned):
    counts = {"from": "00:00", "vehicles": {"car": [300] * 24}}
    west = {"direction": "westbound", "traffic": {"counts": counts}, "selection": {"rate": {"default": 0.05}}}
    text = said_of_area(planned, {("funnels",): [west]})
    assert "About 29 vehicles an hour are selected at all funnels together" in text


BY_TIME = ("selection", "rate_by_time")
HOURS = [
    {"from": "08:00", "to": "10:00", "rate": {"car": 0.03, "lorry": 0.0}},
    {"from": "12:00", "to": "13:00", "rate": {"default": 0.2}},
]


def test_rates_by_time_stand_in_a_table_of_hours_below_their_means(planned):
    """In 7 2/3 hours of selecting, cars: (4 2/3 x 1 % + 2 x 3 % + 20 %) / 7 2/3 = 4 %; lorries 5.65 %."""
    text = said(planned, {BY_TIME: HOURS})
    assert re.search(r"car 90 % 900 4 % .* lorry 10 % 100 5\.7 % ", text)
    assert "The rates change with the time of day; the table above has their mean over the operation." in text
    assert "car lorry 08:00 to 10:00 3 % never 12:00 to 13:00 20 % 20 % otherwise 1 % 5 %" in text
    assert "time of day" not in said(planned)


def test_under_a_rule_that_ignores_rates_the_hours_say_who_is_selected_at_all(planned):
    text = said(planned, {RULE: "free_bay", BY_TIME: HOURS[:1]})
    assert "Some classes are selected at some times only" in text
    assert "08:00 to 10:00 by the rule never otherwise by the rule by the rule" in text
