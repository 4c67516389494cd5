"""Rosters that are simulated: they do what today's does, and say what the program promised."""

import dataclasses

import numpy as np
import polars as pl
import pytest

import funnelsim
from funnelsim.decision.fluid.fluid_staffing import cheapest, staffing_of
from funnelsim.decision.rosters.roster import TODAY
from funnelsim.decision.rosters.roster_folder import persons_table, save_rosters
from funnelsim.decision.rosters.roster_planner import FOUND, LEAST, PROGRAM
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.model.planning import plan_of
from funnelsim.reporting.roster_words import roster_sections
from funnelsim.reporting.section import Grid
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


def test_the_roster_of_least_cost_comes_first_so_that_a_report_answers_with_it(surplus):
    """The program's own roster promises and does not do: it stands last."""
    names = list(surplus.comparison.scenarios)
    assert (names[:2], names[-1]) == ([TODAY, LEAST], PROGRAM)


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
    assert {row[0] for row in promised.items[0].rows[1:6:2]} == {"  difference"}


def test_todays_roster_is_compared_with_the_rules_too(build, surplus):
    """Today's officers work eight hours without a break; with one they keep the rules."""
    said = " ".join(roster_sections(surplus)[2].items)
    assert "9 police 01:00-09:00 work 8 hours without a break" in said
    shift = SURPLUS["staffing"]["roster"][0] | {"breaks": {"minutes": 30, "after_h": 4}}
    lawful = build(SURPLUS | {"staffing": {"roster": [shift]}})
    kept = dataclasses.replace(surplus.comparison, scenarios=dict(surplus.comparison.scenarios) | {TODAY: lawful})
    said = roster_sections(dataclasses.replace(surplus, comparison=kept))[2].items
    assert said[0].startswith("It keeps them, too, if the officers of an entry come together")


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
    plan = save_rosters(made, folder, file, {"operation.closes": "08:00"})
    text = plan.read_text(encoding="utf-8")
    assert text.startswith("# A3: roster of least cost (funnelsim")
    assert text.count("#") >= starter_scenario("A3").count("#")
    assert load_scenario(plan).staffing.roster == made.best.staffing.roster
    persons = pl.read_csv(folder / "persons.csv")
    assert persons["hours"].sum() == pytest.approx(made.rosters[LEAST].officer_h)
    assert persons_table(made.rosters[LEAST]).height == persons.height
    assert funnelsim.load_result(folder).seed == made.comparison.seed


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
