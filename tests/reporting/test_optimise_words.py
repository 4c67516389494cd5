"""The best plan in plain words: a sentence for each case, said of answers made by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.optimisation.front import Front, FrontPoint
from funnelsim.decision.optimisation.good_selection import Selected
from funnelsim.decision.optimisation.nomination import AS_IT_IS, Choice
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, Optimum
from funnelsim.decision.optimisation.question import Question
from funnelsim.decision.optimisation.requirement import Requirement
from funnelsim.experiments.compare import MEASURES, Comparison
from funnelsim.experiments.differences import Difference
from funnelsim.experiments.vary import factors_of
from funnelsim.reporting.html.decision_page import decision_document
from funnelsim.reporting.html.document import Chapter, Document
from funnelsim.reporting.optimise_words import optimum_sections
from funnelsim.reporting.section import as_data, from_data
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario.decide import Decide
from funnelsim.scenario.schema import Scenario
from tests.conftest import SMALL, merged
from tests.optimise_scenario import CHANGES

BAYS = "area.bays"
LIMIT = Requirement("limits.p95_delay_min", "delay_p95_s", 600.0, in_share=0.9)
HOURS = Requirement("decide.at_most.officer_h", "officer_h", 9.0)
WANTED = Requirement("decide.find_at_least", "expected_detections", 0.5, at_least=True)
COST = Requirement("decide.at_most.staff_cost", "staff_cost", 500.0)
OPERATIONS = 100
MEANS = {
    TODAY: dict(zip(MEASURES, (0.4, 60.0, 120.0, 300.0, 50.0, 20.0, 8.0, 400.0), strict=True)),
    BEST: dict(zip(MEASURES, (0.5, 66.0, 150.0, 310.0, 60.0, 24.0, 8.0, 400.0), strict=True)),
    RUNNER_UP: dict(zip(MEASURES, (0.49, 66.0, 150.0, 310.0, 60.0, 24.0, 8.0, 400.0), strict=True)),
}


def around(mean, half_width):
    return Estimate(mean, mean - half_width, mean + half_width, OPERATIONS)


def compared(means, half_width, broken, limit_min=10.0):
    """Return a comparison; the limit is broken in so many operations of each plan."""
    scenario = Scenario.model_validate(merged(merged(SMALL, CHANGES), {"limits": {"p95_delay_min": limit_min}}))
    delays = np.where(np.arange(OPERATIONS) < broken, 1e4, 60.0)
    table = pl.concat(
        [pl.DataFrame({"plan": [name] * OPERATIONS, "delay_p95_s": delays, "tail_max_m": delays}) for name in means]
    )
    names = list(means)
    differences = [
        Difference(
            measure,
            first,
            second,
            around(means[second][measure] - means[first][measure], half_width * means[first][measure]),
            None,
            False,
            means[first][measure],
        )
        for at, first in enumerate(names)
        for second in names[at + 1 :]
        for measure in MEASURES
    ]
    estimates = {
        name: {measure: around(mean, half_width * mean) for measure, mean in of_plan.items()}
        for name, of_plan in means.items()
    }
    return Comparison(dict.fromkeys(means, scenario), 3, True, table, estimates, tuple(differences), {})


def selected(named=1, *, within=0.004, enough=True, excluded=(False, False, False)):
    means, kept = np.zeros((3, 2)), np.ones((3, 1))
    return Selected(named, within, np.array(excluded), np.zeros(3, bool), np.full(3, 50), means, kept, enough)


@pytest.fixture
def optimum():
    """Return what makes an answer: the best of three plans has three bays instead of two, and finds 25 % more."""

    def make(
        decide=None,
        requirements=(LIMIT,),
        means=MEANS,
        values=None,
        *,
        half_width=0.02,
        broken=0,
        breaks=None,
        front=None,
        searched=40,
        impossible=0,
        chosen=None,
        limit_min=10.0,
    ):
        question = Question(
            Decide(**decide or {}), tuple(factors_of([f"{BAYS}=2,3,4"])), requirements, {BAYS: 2}, {BAYS: 2}
        )
        values = {BAYS: 3} if values is None else values
        made = compared(means, half_width, broken, limit_min)
        chosen = selected() if chosen is None and front is None else chosen
        runner_up = {BAYS: 4} if RUNNER_UP in means else None
        points = (AS_IT_IS, {BAYS: 3}, {BAYS: 4})
        choice = Choice(values, runner_up, chosen, front, points, 12_345)
        bounds = dict.fromkeys(means, SimpleNamespace(finds=1.0))
        return Optimum(question, choice, made.scenarios, made, searched, impossible, breaks or {}, bounds, 1)

    return make


def said(made):
    return " ".join(plain_text(optimum_sections(made), width=2000).split())


def test_what_the_best_plan_finds_more_than_todays(optimum):
    text = said(optimum())
    assert (
        "The best plan finds 0.500 ± 0.010 targets an operation; today's plan finds 0.400 ± 0.008 "
        "(+0.100 ± 0.008, one more in 10 operations)." in text
    )
    assert "It reaches 50 % of the most that any selection could find with its officers, equipment" in text
    assert (
        "Ordinary travellers: 60 stopped instead of 50, 24 vehicle-hours lost instead of 20 and 2.5 min of P95 delay "
        "instead of 2.0." in text
    )
    assert "What to change today best runner-up area.bays 2 3 4" in text
    assert "Best plan against today's plan, per operation" in text


def test_one_more_is_said_of_what_is_seen_and_rare_alone(optimum):
    assert "one more in" not in said(optimum(half_width=0.5))
    often = {
        name: of_plan | {"expected_detections": 10 * of_plan["expected_detections"]} for name, of_plan in MEANS.items()
    }
    assert "one more in" not in said(optimum(means=often))


def test_that_nothing_can_be_found(optimum):
    made = optimum()
    assert "Nothing can be found at all." in said(
        replace(made, bounds=dict.fromkeys(made.bounds, SimpleNamespace(finds=0.0)))
    )


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (0, "It keeps its limit with room to spare: none binds."),
        (5, "It keeps its limit with room to spare: none binds."),
        (7, "What binds: P95 delay at most 10 min, kept in 93 of 100 operations (86 to 97 %)."),
    ],
)
def test_a_limit_binds_where_more_than_half_of_what_may_break_it_does(optimum, broken, words):
    assert words in said(optimum(broken=broken))


def test_what_stays_within_bounds_on_average_is_said(optimum):
    text = said(optimum({"goal": "least_cost", "find_at_least": 0.5}, (LIMIT, WANTED, HOURS, COST)))
    assert (
        "On average: targets found 0.50 per operation (at least 0.5 per operation wanted), officer-hours 8.0 (at most "
        "9 wanted) and staff cost 400 EUR (at most 500 EUR wanted)." in text
    )


def test_the_cheapest_plan(optimum):
    cheaper = {**MEANS, BEST: MEANS[BEST] | {"staff_cost": 300.0}}
    decide = {"goal": "least_cost", "find_at_least": 0.5}
    text = said(optimum(decide, (LIMIT, WANTED), cheaper))
    assert "The cheapest plan costs 300 EUR of staff an operation (-100 ± 8 against today's plan). It finds" in text
    assert "The runner-up differs by +100 ± 6 EUR of staff." in text
    same = optimum(decide, (LIMIT, WANTED), half_width=0.0)
    assert "costs 400 EUR of staff an operation (as much as today's plan). It finds" in said(same)
    assert "is better by more than 0.004 EUR" in said(same)


def test_the_runner_up(optimum):
    assert "The runner-up cannot be told from it." in said(optimum(half_width=0.03))
    assert "The runner-up differs by -0.0100 ± 0.0050 targets found." in said(optimum(half_width=0.01))
    without = {name: MEANS[name] for name in (TODAY, BEST)}
    assert "runner-up" not in said(optimum(means=without)).lower()


@pytest.mark.parametrize("values", [AS_IT_IS, {BAYS: 2}, {BAYS: 2.0}])
def test_todays_plan_is_the_best(optimum, values):
    text = said(optimum(values=values))
    assert "Keep today's plan: nothing that may change is better by more than 0.004 targets an operation." in text
    assert "Keep today's plan: nothing that may change is better." in said(
        optimum(values=values, chosen=selected(within=0.0))
    )
    assert "What to change" not in text
    assert "limit today's plan runner-up P95 delay" in text
    assert "Ordinary travellers" not in text
    assert "against today's plan" not in text


@pytest.mark.parametrize(
    ("requirements", "words"),
    [
        ((), "none of the other plans compared (2) is better by more than 0.004 targets an operation."),
        ((LIMIT,), "(2) that keeps the limits in 95 % of operations is better"),
        ((HOURS,), "(2) that keeps the bounds on means with 1 % to spare is better"),
        ((LIMIT, HOURS), "that keeps the limits in 95 % of operations and the bounds on means with 1 % to spare is"),
    ],
)
def test_how_sure_it_is_and_of_which_plans(optimum, requirements, words):
    text = said(optimum(requirements=requirements))
    assert "With 95 % confidence the plan keeps what it must, and none of the other plans compared (2)" in text
    assert words in text
    assert "more simulated operations" not in text


def test_that_too_few_replications_were_allowed(optimum):
    assert "more simulated operations would come nearer to that" in said(optimum(chosen=selected(enough=False)))


def test_that_it_is_not_known_how_much_better_another_plan_may_be(optimum):
    """A plan that was named late may share no operation with the others: then there is no number to say."""
    unknown = selected(within=np.inf, enough=False)
    text = said(optimum(chosen=unknown))
    assert (
        "With 95 % confidence the plan keeps what it must. Whether one of the other plans compared (2) that keeps the "
        "limits in 95 % of operations is better is not known: more simulated operations would tell." in text
    )
    assert "more than" not in text
    assert "come nearer" not in text
    assert "nothing that may change is shown to be better." in said(optimum(values=AS_IT_IS, chosen=unknown))


def test_why_a_plan_that_finds_less_than_todays_is_named(optimum):
    """Today's plan keeps its limit here, but not so often that it is sure."""
    fewer = {**MEANS, BEST: MEANS[BEST] | {"expected_detections": 0.3}}
    made = optimum(means=fewer)
    words = "But today's plan is not shown, with 95 % confidence, to keep what it must."
    assert f"(-0.100 ± 0.008). {words}" in said(made)
    assert words not in said(replace(made, choice=replace(made.choice, today_kept=True)))
    assert words not in said(optimum())


def test_that_todays_plan_was_simulated_on_top_of_what_was_allowed(optimum):
    words = "345 operations more than allowed were simulated, to find out whether today's plan keeps what it must."
    assert words in said(optimum({"replications": 12_000}))
    assert "more than allowed" not in said(optimum())


def test_what_it_rests_on(optimum):
    assert (
        "40 plans were searched in 12,345 operations, first on the random numbers of seed 1, then compared on those of "
        "seed 2. The figures above rest on neither: they are from 100 other operations of each plan (seed 3)."
        in said(optimum())
    )
    assert "1 plan was searched (7 more cannot do what they say) in" in said(optimum(searched=1, impossible=7))


@pytest.mark.parametrize(
    ("requirement", "would", "words"),
    [
        (
            LIMIT,
            738.5,
            "keeps P95 delay within 10 min in 20 % of operations instead of 90 %; a limit of 12.4 min would do",
        ),
        (HOURS, 12.0, "has officer-hours 12 instead of at most 9"),
        (COST, 640.0, "has staff cost 640 EUR instead of at most 500 EUR"),
        (WANTED, 0.31, "has targets found 0.31 per operation instead of at least 0.5 per operation"),
    ],
)
def test_what_would_have_to_be_relaxed(optimum, requirement, would, words):
    none = selected(None, within=np.inf, enough=False, excluded=(True, True, True))
    decide = {"goal": "least_cost", "find_at_least": 0.5} if requirement is WANTED else {}
    two = {name: MEANS[name] for name in (TODAY, BEST)}
    made = optimum(decide, (requirement,), two, broken=80, breaks={requirement.key: would}, chosen=none)
    text = said(made)
    assert f"No plan tried keeps these limits. The nearest plan {words}." in text
    assert "Nearest plan against today's plan, per operation" in text
    assert "best" not in text.lower()
    assert "confidence" not in text.partition("How sure this is")[2]


def test_that_no_plan_is_shown_to_keep_the_limits(optimum):
    none = selected(None, within=np.inf, enough=False)
    two = {name: MEANS[name] for name in (TODAY, BEST)}
    text = said(optimum(means=two, chosen=none))
    assert "No plan is shown to keep these limits; more simulated operations may show one." in text
    assert "The nearest plan seems to keep them, but too few operations show it." in text


def points(number):
    estimates = {name: around(mean, 0.1 * mean) for name, mean in MEANS[BEST].items()}
    return Front(tuple(FrontPoint({BAYS: bays + 2}, estimates, {}) for bays in range(number)))


def test_a_trade_off(optimum):
    text = said(optimum({"goal": "front"}, front=points(2)))
    assert (
        "2 plans cannot be beaten in targets found, P95 delay and officer-hours all at once. Each was simulated again "
        "on other vehicles; all keep what they must." in text
    )
    assert " 1 0.500 ± 0.050 2.50 ± 0.25 8.00 ± 0.80 2" in text
    assert "then those without a better one again on those of seed 2: the figures above are from these." in text
    assert "rest on neither" not in text
    one = said(optimum({"goal": "front"}, front=points(1)))
    assert "1 plan cannot be beaten" in one
    assert "It was simulated again on other vehicles; it keeps what it must." in one
    none = said(optimum({"goal": "front"}, front=points(0)))
    assert "No plan searched keeps these limits, so there is no trade-off to show." in none


def test_the_answer_survives_being_kept(optimum):
    sections = optimum_sections(optimum())
    assert from_data(as_data(sections)) == sections


def test_the_page_of_a_decision_is_that_of_its_comparison_with_the_decision_in_front(optimum):
    sections = optimum_sections(optimum())
    plans, limits, sides = (Chapter(name, name, (name,)) for name in ("plans", "limits", "sides"))
    comparison = Document("a small checkpoint", "a comparison", ("?",), ("B",), (), (plans, limits, sides), "")
    page = decision_document(comparison, sections)
    assert page.answer == sections[0].items
    headings = [one.heading for one in sections[1:]]
    assert headings[0] == "What to change"
    assert [chapter.heading for chapter in page.chapters] == [*headings, "Signatures", "sides"]
    assert page.chapters[0].items == ("plans",)  # a table that fits a page, and the limits once
    (table,) = page.chapters[-2].items
    assert [row[0] for row in table.grid.rows] == ["Recommended by", "Approved by", "Remarks"]


def test_where_todays_plan_is_kept_the_page_has_nothing_to_change(optimum):
    chapters = (Chapter("plans", "plans", ("plans",)), Chapter("limits", "limits", ("limits",)))
    comparison = Document("a small checkpoint", "a comparison", ("?",), ("B",), (), chapters, "")
    page = decision_document(comparison, optimum_sections(optimum(values=AS_IT_IS)))
    assert page.answer[0].startswith("Keep today's plan")
    assert "What to change" not in [chapter.heading for chapter in page.chapters]
    assert [chapter.heading for chapter in page.chapters][-2:] == ["Signatures", "plans"]


def test_where_nobody_is_delayed_there_is_no_delay_to_speak_of(optimum):
    text = said(optimum(means={name: MEANS[name] | {"delay_p95_s": np.nan} for name in (TODAY, BEST)}))
    assert "Ordinary travellers: 60 stopped instead of 50 and 24 vehicle-hours lost instead of 20." in text


def test_nothing_is_said_of_options_that_a_reader_of_the_page_does_not_have(optimum):
    two = {name: MEANS[name] for name in (TODAY, BEST)}
    none = selected(None, within=np.inf, enough=False)
    made = (
        optimum(chosen=selected(enough=False)),
        optimum(means=two, chosen=none),
        optimum(half_width=0.5),
        optimum(requirements=(LIMIT, HOURS), broken=40),
    )
    assert not any("--" in said(one) for one in made)
