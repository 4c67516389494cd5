"""Rosters that are simulated: they do what today's does, and say what the program promised."""

import dataclasses

import numpy as np
import polars as pl
import pytest

import funnelsim
from funnelsim.decision.fluid.fluid_staffing import cheapest, staffing_of
from funnelsim.decision.rosters.persons import fewest_on
from funnelsim.decision.rosters.roster import TODAY
from funnelsim.decision.rosters.roster_folder import persons_table, save_rosters
from funnelsim.decision.rosters.roster_planner import FOUND, LEAST, PROGRAM, SAME
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.differences import Difference
from funnelsim.model.planning import plan_of
from funnelsim.reporting.html import html_report, provenance_of
from funnelsim.reporting.html.decision_page import decision_in
from funnelsim.reporting.roster_words import roster_sections
from funnelsim.reporting.section import Grid, as_data
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.starter import starter_scenario
from tests.decision.fluid.test_bound import NO_ARREST, STAGE, TARGETS

SURPLUS = {
    "operation": {"opens": "01:00", "closes": "09:00"},
    "targets": TARGETS,
    "area": {"bays": 9, "waiting": 9, "stages": [STAGE | {"crew": {"police": 1}}], **NO_ARREST},
    "selection": {"rule": "random", "rate": {"default": 0.03}},
    "staffing": {
        "pause_between_checks_s": 0.0,
        "roster": [{"agency": "police", "count": 9, "from": "01:00", "to": "09:00"}],
    },
}


@pytest.fixture(scope="module")
def surplus(build):
    """Return the rosters of a checkpoint at which nine officers inspect what takes two of them."""
    return funnelsim.roster(build(SURPLUS), replications=20)


def test_the_fluid_staffing_is_the_work_over_the_time(build):
    """Eighteen of 600 vehicles an hour take five minutes each: 1.5 officers, whoever they are."""
    scenario = build(
        SURPLUS
        | {
            "staffing": SURPLUS["staffing"]
            | {"roster": [{"agency": "police", "count": 2, "from": "01:00", "to": "09:00"}]}
        }
    )
    plan = plan_of(scenario)
    two = staffing_of(scenario, plan, 0)
    assert two.finds == pytest.approx(
        8 * 24 / 100, rel=1e-3
    )  # two officers inspect 24 an hour, one in a hundred carries
    assert two.worth == pytest.approx(0.12 * np.ones((1, 8)), rel=1e-3)  # one more hour: twelve inspections
    half = cheapest(scenario, plan, 0, two.finds * 0.75, plan.duty.cost_per_h)
    assert half.free.mean() == pytest.approx(1.5, rel=0.01)
    assert half.finds == pytest.approx(two.finds * 0.75, rel=0.01)


def test_officers_who_do_nothing_are_not_planned(surplus):
    today, least = (surplus.comparison.estimates[name] for name in (TODAY, LEAST))
    assert surplus.met
    assert least[FOUND].mean >= 0.98 * today[FOUND].mean
    assert least["staff_cost"].mean < 0.5 * today["staff_cost"].mean
    assert surplus.best.staffing.roster != surplus.comparison.scenarios[TODAY].staffing.roster


def test_the_figures_rest_on_another_seed_than_the_choice(surplus):
    assert surplus.comparison.seed == 2


def test_only_rosters_that_may_be_carried_out_are_compared_with_todays(surplus):
    """The program's own roster promises and does not do."""
    assert list(surplus.comparison.scenarios)[:2] == [TODAY, LEAST]
    assert PROGRAM in surplus.rosters
    assert PROGRAM not in surplus.comparison.scenarios


def test_where_nothing_is_found_today_nothing_is_missing(build):
    """No vehicle comes: no roster finds less, and there is no delay to speak of."""
    nobody = {"traffic": {"counts": {"vehicles": {"box": [0] * 24}}}}
    made = funnelsim.roster(build(SURPLUS | nobody), replications=2)
    said = " ".join(roster_sections(made)[0].items)
    assert made.met
    assert "comes nearest" not in said
    assert "It finds the same in each of 2 operations: 0 targets an operation." in said
    assert "Ordinary travellers: 0 stopped instead of 0 (no difference seen)." in said


def test_a_result_at_the_prompt_is_its_headline(surplus):
    lines = repr(surplus).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert " ".join(roster_sections(surplus)[0].items).split() == " ".join(lines[1:]).split()
    assert "<table" in surplus._repr_html_()


def test_breaks_that_are_lawful_and_not_planned_are_said(build, surplus):
    """A break at 3 h of a shift of 8 h comes again at 6.5 h, and one of 3.5 h does not: the shift needs one."""
    assert (
        "is planned no sooner after the start than 3.5 h in shifts of 8 h, 4 h in shifts of 9 h and 4.5 h"
        in " ".join(roster_sections(surplus)[1].items[1:])
    )
    short = dict(surplus.comparison.scenarios) | {TODAY: build(SURPLUS | {"shifts": {"lengths_h": [6.0, 7.0]}})}
    said = roster_sections(_compared(surplus, scenarios=short))[1].items[1:]
    assert "sooner" not in " ".join(said)


def test_a_gain_that_is_not_seen_is_not_offered_as_one(surplus):
    least, estimates = surplus.rosters[LEAST], surplus.comparison.estimates
    apart = next(one for one in surplus.comparison.differences if one.second == LEAST)
    for low, words in ((-0.33, "no difference seen: +0.56 ± 0.89"), (0.1, "(+0.56 ± 0.46)")):
        estimate = dataclasses.replace(apart.estimate, mean=0.56, low=low, high=1.12 - low)
        found = Difference(FOUND, TODAY, SAME, estimate, None)
        comparison = dataclasses.replace(
            surplus.comparison,
            estimates=dict(estimates) | {SAME: estimates[LEAST]},
            differences=(*surplus.comparison.differences, found),
        )
        made = dataclasses.replace(surplus, rosters=dict(surplus.rosters) | {SAME: least}, comparison=comparison)
        assert words in roster_sections(made)[0].items[-1]


def test_each_row_of_the_figures_says_alone_what_it_is(surplus):
    labels = [row[0] for row in roster_sections(surplus)[1].items[0].rows]
    assert len(set(labels)) == len(labels)


def test_the_page_has_the_figures_of_the_comparison(surplus):
    head, promised, _, shifts, on_duty, *_ = roster_sections(surplus)
    cost = surplus.comparison.estimates[LEAST]["staff_cost"].mean
    assert f"{cost:,.0f} EUR an operation instead of 3,603" in " ".join(head.items)
    assert isinstance(promised.items[0], Grid)
    officers = sum(int(row[1]) for row in shifts.items[0].rows)
    assert officers == sum(shift.count for shift in surplus.best.staffing.roster)
    assert len(on_duty.items[0].rows) == 8


def test_the_burden_on_ordinary_travellers_stands_beside_the_cost(surplus):
    head, promised, *_ = roster_sections(surplus)
    assert "Ordinary travellers: " in " ".join(head.items)
    assert " min of P95 delay instead of " in " ".join(head.items)
    assert [row[0] for row in promised.items[0].rows][:6:2] == ["targets found", "vehicles stopped", "P95 delay, min"]
    assert all(row[0].startswith("  difference in ") for row in promised.items[0].rows[1:6:2])


def test_a_limit_that_too_few_operations_keep_is_said_first(build, surplus):
    """Nobody passes without delay, with any roster."""
    limited = build(SURPLUS | {"limits": {"p95_delay_min": 0.001}})
    scenarios = dict.fromkeys(surplus.comparison.scenarios, limited)
    head, figures, *_ = roster_sections(_compared(surplus, scenarios=scenarios))
    said = (
        "P95 delay at most 0.001 min is kept in 0 (0 to 16) % of operations, where 90 % is wanted; with today's roster"
    )
    assert f"{said} in 0 (0 to 16) %." in head.items
    assert ("P95 delay kept in, %", *["broken: 0 (0 to 16)"] * len(scenarios)) in figures.items[0].rows


def test_more_persons_than_today_are_said_first(build, surplus):
    """Who works until 02:00 rests at 02:00 to 05:00, so that one person today could work only one of two shifts."""
    roster = [{"agency": "police", "count": 1, "from": a, "to": b} for a, b in (("01:00", "02:00"), ("05:00", "09:00"))]
    today = build(SURPLUS | {"staffing": SURPLUS["staffing"] | {"roster": roster}})
    assert fewest_on(today, "police") == 2
    police = dataclasses.replace(surplus.rosters[LEAST].agencies[0], persons=3, fewest=3)
    least = dataclasses.replace(surplus.rosters[LEAST], agencies=(police,))
    made = dataclasses.replace(surplus, rosters=dict(surplus.rosters) | {LEAST: least})
    sections = roster_sections(_compared(made, scenarios=dict(made.comparison.scenarios) | {TODAY: today}))
    assert "It takes 3 persons of police, where today's roster takes at least 2." in sections[0].items
    assert sections[3].items[1] == "Persons it takes: 3 of police (today at least 2)."


def test_whose_shifts_stay_is_said_where_officers_of_some_agencies_are_wanted(build):
    wanted = SURPLUS | {"shifts": {"wanted": {"customs": {"01:00": 1}}, "lengths_h": [8.0]}}
    shifts = roster_sections(funnelsim.roster(build(wanted), replications=2))[3]
    assert {row[0] for row in shifts.items[0].rows} == {"police", "customs"}
    assert "Nothing is wanted of police (shifts.wanted): their shifts stay as they are." in shifts.items


def test_a_page_lists_the_shifts_of_a_roster_that_is_todays(surplus):
    """Of other shifts the report has a table beside today's."""
    same = dict.fromkeys(surplus.comparison.scenarios, surplus.best)
    tables = [
        [isinstance(item, Grid) for item in roster_sections(made, shifts=False)[3].items]
        for made in (_compared(surplus, scenarios=same), surplus)
    ]
    assert tables == [[True, False], [False]]


def test_todays_roster_is_compared_with_the_rules_too(build, surplus):
    """Today's officers work eight hours without a break; with one they keep the rules."""
    said = " ".join(roster_sections(surplus)[2].items)
    assert "9 police 01:00-09:00 work 8 hours without a break" in said
    shift = SURPLUS["staffing"]["roster"][0] | {"breaks": {"minutes": 30, "after_h": 4}}
    lawful = build(SURPLUS | {"staffing": {"roster": [shift]}})
    kept = _compared(surplus, scenarios=dict(surplus.comparison.scenarios) | {TODAY: lawful})
    assert roster_sections(kept)[2].items[0].startswith("It keeps them, too: breaks, rest")
    days = lawful.model_copy(update={"operation": lawful.operation.model_copy(update={"days": 2})})
    kept = _compared(surplus, scenarios=dict(surplus.comparison.scenarios) | {TODAY: days})
    said = roster_sections(kept)[2].items
    assert said[0].startswith("It keeps them, too, if the same officers work the shifts of an entry on all its days: ")


def _compared(rosters, **changes):
    return dataclasses.replace(rosters, comparison=dataclasses.replace(rosters.comparison, **changes))


def test_without_targets_there_is_no_roster_that_finds_as_much(build):
    targets = [one | {"per_10k": dict.fromkeys(one["per_10k"], 0.0)} for one in TARGETS]
    with pytest.raises(ScenarioError, match="targets: nothing can be found"):
        funnelsim.roster(build(SURPLUS | {"targets": targets}), replications=2)


def test_the_same_again_gives_the_same(build, surplus):
    again = funnelsim.roster(build(SURPLUS), replications=20, jobs=2)
    assert again.best == surplus.best
    assert again.comparison.estimates[LEAST][FOUND] == surplus.comparison.estimates[LEAST][FOUND]


def test_officers_given_are_covered_and_simulated(build):
    wanted = SURPLUS | {
        "shifts": {"wanted": {"police": {"00:00": 3, "05:00": 4}}, "lengths_h": [8.0], "break_from_h": 3.0}
    }
    made = funnelsim.roster(build(wanted), replications=5)
    (police,) = made.rosters[LEAST].agencies
    assert police.on_duty.tolist() >= [3, 3, 3, 3, 4, 4, 4, 4]
    assert "The officers wanted, in whole shifts at least cost" in " ".join(roster_sections(made)[0].items)


def test_the_folder_holds_scenario_files_with_their_comments(tmp_path):
    file = tmp_path / "a3.toml"
    file.write_text(starter_scenario("A3"), encoding="utf-8")
    made = funnelsim.roster(load_scenario(file, ["operation.closes=08:00"]), replications=5)
    folder = tmp_path / "out"
    folder.mkdir()
    words = as_data(roster_sections(made, shifts=False))
    plan = save_rosters(made, folder, file, {"operation.closes": "08:00"}, words)
    text = plan.read_text(encoding="utf-8")
    assert text.startswith("# A3: roster of least cost (funnelsim")
    assert text.count("#") >= starter_scenario("A3").count("#")
    assert load_scenario(plan).staffing.roster == made.best.staffing.roster
    persons = pl.read_csv(folder / "persons.csv")
    assert persons["hours"].sum() == pytest.approx(made.rosters[LEAST].officer_h)
    assert persons_table(made.rosters[LEAST]).height == persons.height
    kept = funnelsim.load_result(folder)
    assert kept.seed == made.comparison.seed
    page = html_report(kept, provenance_of(folder), decision_in(folder))
    for name in kept.scenarios:
        assert page.count(f"Who works when: {name}") == 1
    head = roster_sections(made)[0].items[0]
    assert head.split(":")[0] in page
    assert "program" not in kept.scenarios


def test_a_scenario_without_officers_is_refused(build):
    with pytest.raises(ScenarioError, match="nobody is on it"):
        funnelsim.roster(build(SURPLUS | {"staffing": {"roster": []}}))


def test_only_what_may_be_planned_is_allowed(build):
    for shifts, words in (
        ({"break_by_h": 7.0}, "break_by_h"),
        ({"break_from_h": 5.0, "break_by_h": 4.0}, "break_by_h"),
        ({"lengths_h": [14.0]}, "lengths_h"),
        ({"wanted": {"police": {"25:00": 3}}}, "wanted"),
    ):
        with pytest.raises((FunnelsimError, ValueError), match=words):
            build(SURPLUS | {"shifts": shifts})
