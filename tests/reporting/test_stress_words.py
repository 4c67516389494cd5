"""The words of `funnelsim stress`: which bad days break a limit, what they change, and what insures."""

import dataclasses

import numpy as np
import pytest

from funnelsim.analysis.estimates import Estimate, chance_estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.bad_days.absences import bay_out, officer_missing
from funnelsim.decision.bad_days.bad_days import demand_higher, inspections_longer
from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from
from funnelsim.reporting.limit_words import per_cent_kept
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
    assert lines[1].strip() == (
        f"1 of 2 bad days breaks a limit: {SLOW}; 12 operations are too few to be sure of demand 10 % higher."
    )
    rows = {line.split("  ")[1]: line for line in reversed(lines) if line.startswith("  ")}  # of the first table
    assert "broken: " in rows[SLOW]
    assert "broken" not in rows["ordinary day"] + rows["demand 10 % higher"]
    assert (
        "Broken: not kept on this day, although an ordinary day keeps it, or seen to be kept less often than on one."
        in lines[2]
    )


def test_a_limit_is_called_broken_only_on_a_day_that_breaks_it(made_of):
    """On an ordinary day nobody passes without delay either: the limit is not kept, but no bad day breaks it."""
    text = words(
        made_of({"limits": {"p95_delay_min": 0.01, "tail_m": 200.0}}, [demand_higher(1.1), demand_higher(4.0)])
    )
    assert "Even an ordinary day does not keep P95 delay at most 0.01 min. 1 of 2 bad days breaks a limit: " in text
    rows = [line for line in text.splitlines() if "0 (0 to 24)" in line]
    assert [row.count("not kept: 0") for row in rows] == [1, 1, 1]
    assert [row.count("broken: 0") for row in rows] == [0, 0, 1]


def test_the_lever_that_insures_stands_with_its_costs(made):
    text = words(made)
    assert f"- {SLOW} breaks P95 delay at most 1 min. Area full: wave vehicles through probably insures" in text
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
    """Twelve operations of twelve show that a limit is kept in 76 % of operations, and not in the 90 % wanted."""
    said = words(made_of({}, [demand_higher(1.1)]))
    assert (
        "No bad day of 1 is seen to break a limit; 12 operations are too few to be sure of demand 10 % higher." in said
    )
    few = words(made_of({"limits": {"in_share_of_operations": 0.5}}, [demand_higher(1.1)]))
    assert "No bad day of 1 breaks a limit." in few


def test_a_day_on_which_the_plan_cannot_be_carried_out_is_said_first(made_of):
    """Nobody inspects without officers: that is worse than a limit that is broken."""
    search = {"name": "search", "duration": {"mean_s": 300.0}, "crew": {"police": 1}}
    one = {"area": {"stages": [search]}, "staffing": {"roster": [HELD["staffing"]["roster"][0] | {"count": 1}]}}
    said = words(made_of(one, [demand_higher(1.1), officer_missing("police")])).splitlines()
    assert said[1].endswith("On 1 other bad day the plan cannot do what it says: one officer missing: police.")
    assert sum(line.startswith("  - one officer missing: police: Every shift of the agency has") for line in said) == 1


def test_a_day_that_no_scenario_can_have_is_named_once(made_of):
    """Vehicles cannot wait where no bay is left: the message begins with the name of the day, as the entry does."""
    text = words(made_of({"area": {"bays": 1, "waiting": 0}}, [demand_higher(1.1), bay_out()]))
    assert "- one bay out throughout: area." in text
    assert "- one bay out throughout: One bay less for the whole operation" in text


def test_a_share_that_would_be_rounded_to_what_is_wanted_is_said_to_a_place_more():
    """179 of 200 operations are 89.5 %: "not kept: 90" of 90 % wanted would deny itself."""
    kept_in = chance_estimate(np.arange(200) < 179)
    check = LimitCheck("tail_m", "tail_max_m", 500.0, Estimate(480.0, 470.0, 490.0, 200), kept_in, 0.9)
    assert per_cent_kept(check).startswith("89.5 (84.")
    assert per_cent_kept(dataclasses.replace(check, wanted=0.8)) == "90 (84 to 93)"


def test_a_plan_that_breaks_a_limit_on_an_ordinary_day_is_told_so(made_of):
    text = words(made_of({"limits": {"p95_delay_min": 0.01}}, [demand_higher(1.1)]))
    assert "Even an ordinary day does not keep P95 delay at most 0.01 min. No bad day of 1 is seen to break a" in text
    assert text.count("not kept: 0") == 2


def test_bad_days_with_the_same_answer_share_an_entry(made):
    slow = next(one for one in made.days if one.broken)
    slower = dataclasses.replace(slow, day=dataclasses.replace(slow.day, name="slower"))
    (entry,) = (
        item.text
        for part in stress_sections(dataclasses.replace(made, days=(*made.days, slower)))
        if part.heading == "The cheapest lever that insures"
        for item in part.items[1:]
    )
    assert entry.startswith(f"{SLOW} and slower break P95 delay at most 1 min. ")


def test_what_the_operations_do_not_settle_is_called_probable(made):
    """On an ordinary day 10 of 12 operations keep the limit, where 90 % are to keep it."""
    seldom = dataclasses.replace(made.checks[0], kept_in=chance_estimate(np.arange(12) < 10))
    text = words(dataclasses.replace(made, checks=(seldom,)))
    assert "Even an ordinary day probably does not keep P95 delay at most 1 min." in text
    assert "probably not kept: 83 (55 to 95)" in text
    assert "Probably: the bracket reaches across the share wanted" in text


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_fits_the_page(made, width):
    text = words(made, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
