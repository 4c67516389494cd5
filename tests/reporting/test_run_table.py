import math
import re

import numpy as np
import pytest
from rich.console import Console

from funnelsim.analysis.estimates import Estimate, chance_estimate, estimate_text, estimate_texts
from funnelsim.analysis.forecast import selection_chances
from funnelsim.experiments.run import run
from funnelsim.reporting import run_words
from funnelsim.reporting.run_table import run_sections
from funnelsim.reporting.terminal import Page, plain_text
from funnelsim.wording import share_text

SHORT = {("operation", "closes"): "08:00"}
VEHICLES = ("traffic", "counts", "vehicles")
STAGES = ("area", "stages")


@pytest.fixture(scope="module")
def eight(planned):
    return run(planned(SHORT)[0], replications=8)


OFF = {"evade": {"visible": 0.2, "alerted": 0.2}}
FEATURES = SHORT | {
    ("approach", "exit"): {"at_m": 2000, "leave_when_tail_m": 50},
    ("approach", "warning_m"): 500,
    ("targets", 0, "evade"): OFF["evade"],
    ("area", "spots"): 2,
    ("area", "after_detection", "place"): "spot",
    ("staffing", "chase"): {"crew": {"police": 2}, "pursues": 0.5, "brings": 0.5, "duration": {"mean_s": 300}},
}
BOTH = {("operation", "closes"): "08:00", ("operation", "also"): [{"opens": "09:00", "closes": "10:00"}]} | {
    ("direction",): "eastbound",
    ("funnels",): [
        {
            "direction": "westbound",
            "traffic": {"counts": {"from": "00:00", "vehicles": {"car": [600] * 24, "lorry": [80] * 24}}},
        }
    ],
}


@pytest.fixture(scope="module")
def one(planned):
    return run(planned(SHORT)[0], replications=1)


def text_of(run_, width=110):
    return plain_text(run_sections(run_), width)


def row(text, label):
    line = next(line for line in text.splitlines() if line.strip().startswith(label))
    return re.split(r"\s{2,}", line.strip())


def test_sections_come_in_the_order_in_which_a_planner_asks(eight):
    assert [section.heading for section in run_sections(eight)] == [
        "A3 eastbound",
        "Yield, and where the losses go",
        "Delay of those who are not inspected",
        "Queue, upstream from the taper",
        "Selection, area and crews",
        "Burden on ordinary travellers, and cost",
        "Limits",
        "How far these numbers carry",
    ]


def test_the_headline_has_yield_and_burden_in_one_sentence(eight):
    sentence = run_sections(eight)[0].items[0]
    estimates = eight.estimates
    assert f"find {estimate_text(estimates['expected_detections'], digits=1)} of" in sentence
    assert f"stop {estimates['stops_per_detection'].mean:.0f} ordinary vehicles for each" in sentence
    said = float(re.search(r"by ([\d.]+) min on average", sentence)[1])
    assert said == pytest.approx(estimates["delay_mean_s"].mean / 60, abs=0.005)
    assert sentence.endswith("min). Finds scale with the assumed prevalence.")


def test_values_are_those_of_the_run_in_the_units_of_a_planner(eight):
    text = text_of(eight)
    mean, beside = row(text, "95 % of them")[1:3]
    delay = eight.estimates["delay_p95_s"].times(1 / 60)
    assert float(mean) == pytest.approx(delay.mean, abs=0.01)
    assert beside == f"({delay.low:.3f} to {delay.high:.3f})"
    assert row(text, "Bays in use")[1:4:2] == [f"{100 * eight.estimates['bay_utilisation'].mean:.1f}", "%"]


def test_every_number_has_a_half_width(eight):
    for section in run_sections(eight)[1:-2]:
        for cells in section.items[0].rows:
            assert cells[2] or cells[1] == "–", cells  # noqa: RUF001


def test_losses_that_never_happen_are_left_out_and_the_others_sum_to_all(eight):
    text = text_of(eight)
    assert "unstaffed" not in text
    assert "evaded" not in text
    labels = ("Of all targets: found", "looked at", "suspended, or", "selected, but", "inspected, but")
    shares = [float(row(text, label)[1]) for label in labels if label in text]
    assert sum(shares) == pytest.approx(100, abs=0.5)


FEATURE_ROWS = {
    ("approach", "exit"): ["left at the exit"],
    ("approach", "warning_m"): [
        "Beyond the warning sign",
        "vehicles waiting there, all together",
        "Vehicles that meet its end far too fast",
        "of them lorries",
    ],
    ("targets", 0, "evade"): ["kept away or turned off"],
    ("area", "spots"): ["Processing spots in use"],
    ("staffing", "chase"): ["pursued by a chase car", "brought to the area by a chase car", "Chase cars in use"],
}


@pytest.mark.parametrize("feature", FEATURE_ROWS)
def test_a_feature_has_its_rows_where_the_scenario_uses_it_and_only_there(feature, eight, planned):
    text = text_of(run(planned(SHORT | {feature: FEATURES[feature]})[0], replications=2))
    for other, labels in FEATURE_ROWS.items():
        for label in labels:
            assert (label in text) == (other == feature), label
            assert label not in text_of(eight)


def test_hours_of_ordinary_travellers_are_person_hours(eight):
    label, value, _, unit, measure = row(text_of(eight), "Hours lost by ordinary travellers")
    assert float(value) == pytest.approx(eight.estimates["ordinary_person_h"].mean, abs=0.5)
    assert (label, unit, measure) == ("Hours lost by ordinary travellers", "person-hours", "ordinary_person_h")


@pytest.fixture(scope="module")
def both(planned):
    return run(planned(BOTH)[0], replications=4)


def test_windows_and_directions_are_told_one_by_one_before_the_limits(both, eight):
    headings = [section.heading for section in run_sections(both)]
    assert headings[-4:] == ["Window by window", "Direction by direction", "Limits", "How far these numbers carry"]
    assert not {"Window by window", "Direction by direction"} & {section.heading for section in run_sections(eight)}


@pytest.mark.parametrize("part", ["06:00-08:00", "09:00-10:00", "eastbound", "westbound"])
def test_a_part_has_its_own_values_under_their_heads(part, both):
    grids = {grid.rows[k][0]: grid for section in run_sections(both)[-4:-2] for grid in section.items for k in (0, 1)}
    grid = grids[part]
    heads = [column.head.replace("\n", " ") for column in grid.columns[1:]]
    (cells,) = [dict(zip(heads, cells[1:], strict=True)) for cells in grid.rows if cells[0] == part]
    for head, measure, times in (
        ("Targets found, expected", "expected_detections", 1),
        ("Ordinary vehicles stopped", "ordinary_stops", 1),
        ("P95 delay, min", "delay_p95_s", 1 / 60),
        ("Longest queue, m", "tail_max_m", 1),
        ("Time with selection, %", "selecting_share", 100),
    ):
        assert cells[head] == estimate_text(both.estimates[f"{measure}.{part}"], times, digits=1), head


def test_critical_points_that_differ_have_no_distance_in_common(both, planned):
    assert "Beyond 1,800 m at any time" in text_of(both)
    near = BOTH[("funnels",)][0] | {"approach": {"critical_m": 500}}
    text = text_of(run(planned(BOTH | {("funnels",): [near]})[0], replications=1))
    assert "Beyond a critical point at any time" in text


@pytest.mark.parametrize("width", [80, 100])
def test_windows_of_several_days_fit_on_a_line(width, planned):
    text = text_of(run(planned(BOTH | {("operation", "days"): 2})[0], replications=2), width)
    lines = [line for line in text.splitlines() if line.strip().startswith("day 2 09:00-10:00")]
    assert len(lines) == 1
    assert "±" in lines[0]
    assert "…" not in lines[0]


def test_names_of_the_files_are_shown_where_there_is_room(eight):
    assert "delay_p95_s" in text_of(eight, 110)
    assert "delay_p95_s" not in text_of(eight, 80)


@pytest.mark.parametrize("width", [80, 100])
def test_the_page_keeps_its_width(eight, width):
    assert max(map(len, text_of(eight, width).splitlines())) <= width


def test_it_prints_without_a_terminal(eight):
    console = Console(width=80, force_terminal=False)
    with console.capture() as captured:
        console.print(Page(run_sections(eight)))
    assert "\x1b" not in captured.get()
    assert [line.rstrip() for line in captured.get().splitlines()] == text_of(eight, 80).splitlines()


def test_a_limit_is_said_with_the_operations_that_keep_it(eight):
    delay, tail = run_words.limits(eight)
    assert re.fullmatch(
        r"probably kept: P95 delay at most 12 min, kept in 8 of 8 operations \(68 to 100 %\), 90 % wanted; "
        r"on average P95 delay [\d.]+ \([\d.]+ to [\d.]+\) min\.",
        delay,
    )
    assert tail.startswith("probably kept: longest queue at most 1,500 m")
    assert run_words.headline(eight).startswith("A funnel like this")


def test_a_limit_that_too_few_operations_keep_is_broken_and_the_headline_says_it_first(planned):
    scenario, _ = planned(SHORT | {("limits",): {"p95_delay_min": 0.1}})
    found = run(scenario, replications=2)
    (delay,) = run_words.limits(found)
    assert delay.startswith("BROKEN: ")
    assert "kept in 0 of 2 operations (at most 66 %), 90 % wanted" in delay
    assert run_words.headline(found).startswith(
        "Broken limit: P95 delay at most 0.1 min in 2 of 2 operations (10 % allowed). A funnel"
    )


def test_a_planner_may_ask_for_fewer_operations(planned):
    scenario, _ = planned(SHORT | {("limits",): {"p95_delay_min": 12, "in_share_of_operations": 0.5}})
    assert next(run_words.limits(run(scenario, replications=8))).startswith("kept: ")


def test_the_result_says_whether_operations_are_days(planned):
    scenario, _ = planned(SHORT)
    assert "the traffic of days varies by 9 % (traffic.day_cv)" in " ".join(run_words.reach(run(scenario, 2)))
    same, _ = planned(SHORT | {("traffic", "day_cv"): 0.0})
    assert "All operations have the traffic of the same day" in " ".join(run_words.reach(run(same, 2)))


def test_an_operation_of_several_days_is_not_called_a_day(planned):
    days = SHORT | {("operation", "days"): 3}
    said = " ".join(run_words.reach(run(planned(days)[0], 2)))
    assert "Each operation has 3 days of its own" in said
    assert "from operation to operation (traffic.day_cv)" in said
    same = " ".join(run_words.reach(run(planned(days | {("traffic", "day_cv"): 0.0})[0], 2)))
    assert "the traffic of the same 3 days" in same


def test_a_window_that_opens_after_midnight_says_so_where_there_are_several_days(planned):
    """Day 1 has it, as a planner counts the nights; its clock alone would be read as the morning of day 1."""
    also = [{"opens": "04:00", "closes": "05:00"}]
    scenario, _ = planned(SHORT | {("operation", "days"): 2, ("operation", "also"): also})
    assert "day 1 04:00-05:00 (next day)" in text_of(run(scenario, 2), 140)


def test_one_replication_has_no_half_widths_and_says_so(one):
    text = text_of(one)
    assert "±" not in text
    assert "no number has an error bar" in " ".join(text.split())
    assert "1 operations" not in text


def test_few_replications_say_what_they_cannot(eight):
    sentences = " ".join(run_words.reach(eight))
    assert "8 operations were simulated" in sentences
    assert "say little about how bad a bad day is" in sentences or "too wide to rank plans" in sentences
    assert "Counted finds rest on rare events" in sentences


def test_an_interrupted_run_says_so(eight):
    from dataclasses import replace  # noqa: PLC0415

    assert next(run_words.reach(replace(eight, complete=False))) == "The run was stopped after 8 operations."


def test_without_targets_and_limits_there_is_delay_alone(planned):
    changes = SHORT | {("targets",): [], STAGES: [{"name": "papers", "duration": {"mean_s": 60}}], ("limits",): {}}
    text = text_of(run(planned(changes)[0], replications=2))
    assert "It looks for no targets." in " ".join(text.split())
    assert "No targets are named, so nothing can be found." in text
    assert "Limits" not in text
    assert "for each target found" not in text
    assert "nan" not in text


def test_where_nobody_comes_nothing_is_made_up(planned):
    changes = SHORT | {VEHICLES: {"car": [0] * 24}, ("traffic", "arrivals"): "counted"}
    text = text_of(run(planned(changes)[0], replications=2))
    assert "No traffic comes to this funnel" in text
    assert row(text, "Mean")[1] == "–"  # noqa: RUF001
    assert "nan" not in text


def test_one_target_type_is_not_said_twice(planned):
    changes = SHORT | {
        ("targets",): [{"name": "contraband", "per_10k": {"car": 10}}],
        STAGES: [{"name": "search", "duration": {"mean_s": 60}, "finds": {"contraband": 0.5}}],
    }
    text = text_of(run(planned(changes)[0], replications=2))
    assert "contraband" not in text
    assert "Persons found" not in text


@pytest.mark.parametrize(
    ("mean", "half", "texts"),
    [
        (2.0341, 0.0412, ("2.03", "± 0.04")),  # two digits would give the value four
        (1234.5, 123.4, ("1,230", "± 120")),
        (0.5, 0.0996, ("0.50", "± 0.10")),
        (5.0, 12.3, ("5", "± 12")),
        (0.0, 0.0, ("0", "in every operation")),
        (135.0, 1e-14, ("135", "in every operation")),
        (3.14159, math.nan, ("3.14", "too few operations")),
        (math.nan, math.nan, ("–", "")),  # noqa: RUF001
    ],
)
def test_values_are_rounded_to_the_digits_of_their_half_width(mean, half, texts):
    assert estimate_texts(Estimate(mean, mean - half, mean + half, 10)) == texts


@pytest.mark.parametrize(
    ("low", "high", "beside"),
    [
        (0.027, 0.035, "± 0.0040"),
        (0.0272, 0.0352, "± 0.0040"),  # its sides are about equal
        (0.021, 0.049, "(0.021 to 0.049)"),
        (-0.0001, 0.049, "(0.000 to 0.049)"),  # and not -0.000
    ],
)
def test_an_interval_with_unequal_sides_is_written_with_both_ends(low, high, beside):
    assert estimate_texts(Estimate(0.031, low, high, 100))[1] == beside


def test_one_operation_has_nothing_beside_its_value():
    assert estimate_texts(Estimate(3.14159, math.nan, math.nan, 1)) == ("3.14", "")


def test_a_chance_never_seen_says_how_large_it_may_be():
    never, always = chance_estimate(np.zeros(20, dtype=bool)), chance_estimate(np.ones(20, dtype=bool))
    assert estimate_text(never, 100.0) == "not seen in 20 operations: at most 16"
    assert estimate_text(always, 100.0) == "100 (84 to 100)"


def test_targets_that_cannot_come_are_not_said_to_be_none(planned):
    never = [{"name": "contraband", "per_10k": {"coach": 10}}]
    changes = SHORT | {("targets",): never, STAGES: [{"name": "papers", "duration": {"mean_s": 60}}]}
    said = run_words.headline(run(planned(changes)[0], replications=2))
    assert said.endswith("The counts bring none of the targets that it looks for (contraband).")


def test_where_everybody_is_inspected_the_inspected_bear_the_delay(planned):
    """A lane held for one bay: nobody passes without inspection, and that is not "nobody is delayed"."""
    few = {VEHICLES: {"car": [6] * 24}, ("traffic", "arrivals"): "counted", ("area", "when_full"): "hold"}
    everybody = {("selection", "rule"): "random", ("selection", "rate"): {"default": 1.0}, ("area", "bays"): 1}
    calm = {("selection", "valve"): None, ("operation", "stop_selecting_min"): 0.0, ("operation", "lead_in_min"): 0.0}
    said = run_words.headline(run(planned(SHORT | few | everybody | calm)[0], replications=2))
    assert "let nobody pass without inspection; ordinary vehicles would lose" in said


def test_costs_stand_in_the_currency_of_the_scenario(eight, planned):
    swiss = run(planned(SHORT | {("currency",): "CHF"})[0], replications=2)
    for made, currency in ((eight, "EUR"), (swiss, "CHF")):
        assert row(text_of(made), "Cost of the delay")[3] == currency


def test_beside_the_share_stopped_stands_the_share_that_a_rule_means_if_it_follows_the_load(planned, eight):
    scenario, plan = planned(SHORT | {("selection", "rule"): "free_bay"})
    meant = selection_chances(plan)[0, plan.classes.index("car"), 0]
    assert row(text_of(run(scenario, replications=2)), "car,")[0] == f"car, {share_text(meant)} meant"
    assert " meant" not in text_of(eight)
