"""The words of `funnelsim stress`: which bad days break a limit, what they change, and what insures."""

import pytest

from funnelsim.decision.bad_days.bad_days import demand_higher, inspections_longer
from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from
from funnelsim.reporting.stress_words import stress_sections
from funnelsim.reporting.terminal import plain_text
from tests.conftest import merged
from tests.decision.bad_days.test_stress import HELD

SLOW = "inspections 900 % longer"


@pytest.fixture(scope="module")
def made_of(build):
    days = [demand_higher(1.1), inspections_longer(10.0)]
    return lambda changes, some=days: insured(stress_from(plans_of_stress(build(merged(HELD, changes)), some), 12))


@pytest.fixture(scope="module")
def made(made_of):
    return made_of({})


def words(made, width=10_000):
    return plain_text(stress_sections(made), width)


def test_what_breaks_is_said_first_and_then_how_often_limits_are_kept(made):
    lines = words(made).splitlines()
    assert lines[1].strip() == f"1 of 2 bad days breaks a limit: {SLOW}."
    rows = {line.split("  ")[1]: line for line in reversed(lines) if line.startswith("  ")}  # of the first table
    assert "broken: " in rows[SLOW]
    assert "broken" not in rows["ordinary day"] + rows["demand 10 % higher"]


def test_the_lever_that_insures_stands_with_its_costs(made):
    text = words(made)
    assert f"- {SLOW} breaks P95 delay at most 1 min. Area full: wave vehicles through insures: " in text
    assert "P95 delay at most 1 min in 100 % (76 to 100) of operations. On an ordinary day it costs nothing" in text


def test_where_none_insures_it_says_so(made_of):
    text = words(made_of({"limits": {"tail_m": 200.0}}, [demand_higher(4.0)]))
    assert "demand 300 % higher breaks P95 delay at most 1 min and longest queue at most 200 m. None of " in text
    assert " levers insures; the nearest is " in text


def test_without_limits_it_says_so_and_still_what_changes(made_of):
    text = words(made_of({"limits": {"p95_delay_min": None}}))
    assert "The scenario has no limits that 2 bad days could break" in text
    assert "Operations that keep a limit" not in text
    assert "what a bad day changes" in text


def test_a_plan_that_breaks_no_limit_is_told_so(made_of):
    assert "No bad day of 1 breaks a limit." in words(made_of({}, [demand_higher(1.1)]))


def test_a_plan_that_breaks_a_limit_on_an_ordinary_day_is_told_so(made_of):
    text = words(made_of({"limits": {"p95_delay_min": 0.01}}, [demand_higher(1.1)]))
    assert "An ordinary day breaks P95 delay at most 0.01 min already. No bad day of 1 is seen to break" in text
    assert text.count("broken: ") == 2


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_fits_the_page(made, width):
    text = words(made, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
