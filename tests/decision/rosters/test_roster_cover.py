"""Rosters of whole shifts: every rule of working time is kept, and all that is wanted is covered."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelsim.decision.rosters.officers_wanted import wanted_of
from funnelsim.decision.rosters.roster_cover import RosterCover
from funnelsim.decision.rosters.shift_patterns import allowed_in, patterns_of
from funnelsim.errors import PlanError
from funnelsim.model.planning import plan_of
from funnelsim.scenario.roster import breaks_of, duty_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.working_time import BREAK_DUE_H, REST_H, WEEK_H, hours_in_week
from funnelsim.units import HOUR_S
from tests.conftest import SMALL, merged

FEW = settings(max_examples=max(1, settings().max_examples // 4))
NEARLY = 1e-9


def scenario_of(opens="06:00", closes="14:00", days=1, roster=None, **shifts):
    changes = {
        "operation": {"opens": opens, "closes": closes, "days": days},
        "staffing": {"roster": roster or [{"agency": "police", "count": 4, "from": opens, "to": closes}]},
        "shifts": shifts,
    }
    return Scenario.model_validate(merged(SMALL, changes))


def rosters_of(scenario):
    """Return the rosters that cover what `[shifts]` wants, and what that is."""
    allowed = allowed_in(scenario)
    wanted = wanted_of(scenario, plan_of(scenario), allowed)
    cover = RosterCover(scenario, allowed, wanted, dict.fromkeys(wanted.agencies, 50.0))
    return cover.of(wanted.officers), wanted


def with_roster(scenario, rosters):
    shifts = tuple(shift for one in rosters for shift in one.shifts)
    return scenario.model_copy(update={"staffing": scenario.staffing.model_copy(update={"roster": shifts})})


def check(scenario):
    """Return the roster of a scenario with one agency after checking every rule on it."""
    (one,), wanted = rosters_of(scenario)
    duty = duty_of(with_roster(scenario, [one]))
    for (from_s, to_s), officers in zip(wanted.spans_s, wanted.officers[0].tolist(), strict=True):
        steps = slice(duty.at(from_s), duty.at(to_s - 1.0) + 1)
        assert duty.on_duty[steps].sum(axis=1).min() >= officers  # as the simulation has it, breaks included
    assert duty.officer_h.sum() == pytest.approx(one.officer_h)
    assert duty.cost.sum() == pytest.approx(one.cost)
    people = {}
    for person in one.duties:
        people.setdefault(person.person, []).append(person)
    assert len(people) == one.persons >= one.fewest
    for duties in people.values():
        spans = [person.span_s for person in duties]
        assert all(after[0] - before[1] >= REST_H * HOUR_S for before, after in pairwise(sorted(spans)))
        assert all(hours_in_week(spans, from_s) <= WEEK_H for from_s, _ in spans)
        for person in duties:
            away = [(a, b) for a, b, _ in breaks_of(one.patterns[person.pattern].shift, *person.span_s)]
            moments = [person.span_s[0], *(moment for span in away for moment in span), person.span_s[1]]
            assert all(
                b - a <= (BREAK_DUE_H + NEARLY) * HOUR_S for a, b in zip(moments[::2], moments[1::2], strict=True)
            )
    return one, wanted


clocks = st.integers(0, 47).map(lambda half: f"{half // 2:02d}:{30 * (half % 2):02d}")


@pytest.mark.heavy
@FEW
@given(
    opens=clocks,
    hours=st.integers(2, 23),
    days=st.integers(1, 9),
    steps=st.dictionaries(clocks, st.integers(0, 6), min_size=1, max_size=5),
    lengths=st.lists(st.sampled_from([4.0, 6.0, 7.5, 8.0, 9.0, 10.0, 12.0]), min_size=1, max_size=3, unique=True),
)
def test_every_roster_keeps_all_rules_and_covers_what_is_wanted(opens, hours, days, steps, lengths):
    closes = f"{(int(opens[:2]) + hours) % 24:02d}:{opens[3:]}"
    scenario = scenario_of(
        opens, closes, days, wanted={"police": steps}, lengths_h=lengths, before_min=0.0, after_min=0.0
    )
    one, wanted = check(scenario)
    most = int(wanted.officers.max())
    # no dearer than the largest number on one and the same shift again and again, with as many more for the breaks
    longest = max(lengths)
    rows = -(-hours // (longest - 1.0)) * longest * 2
    assert one.cost <= days * most * rows * 50.0 * (1.0 + 1e-4)
    assert one.officer_h >= wanted.officers[0] @ [(b - a) / HOUR_S for a, b in wanted.spans_s] - NEARLY


def test_the_largest_need_in_one_shift_is_no_cheaper():
    """Two are wanted for eight hours, six for two of them: the alternative were six shifts of eight hours."""
    scenario = scenario_of(
        wanted={"police": {"06:00": 2, "09:00": 6, "11:00": 2}},
        lengths_h=[2.0, 6.0, 8.0],
        before_min=0.0,
        after_min=0.0,
    )
    one, _ = check(scenario)
    assert one.cost < 6 * 8 * 50.0


def test_a_break_is_covered_by_somebody_else():
    """One officer is wanted for nine hours: a shift of nine with its break alone would leave nobody there."""
    one, _ = check(
        scenario_of(closes="15:00", wanted={"police": {"00:00": 1}}, lengths_h=[9.0], before_min=0.0, after_min=0.0)
    )
    assert one.persons == 2
    two, _ = check(
        scenario_of(closes="12:00", wanted={"police": {"00:00": 1}}, lengths_h=[6.0], before_min=0.0, after_min=0.0)
    )
    assert two.persons == 1


def test_seven_days_of_eight_hours_take_seven_persons_for_six_shifts_a_day():
    """48 hours are six shifts of eight: six on each of seven days are 42 shifts, for seven persons."""
    scenario = scenario_of(
        closes="12:00",
        days=7,
        wanted={"police": {"00:00": 6}},
        lengths_h=[8.0],
        break_from_h=5.0,
        before_min=0.0,
        after_min=0.0,
    )
    one, _ = check(scenario)
    shifts = len(one.duties)
    assert one.fewest == -(-shifts // 6)
    assert one.persons == one.fewest


def test_shifts_pass_midnight():
    check(scenario_of("22:00", "06:00", 3, wanted={"police": {"22:00": 2, "02:00": 3}}))


def test_too_few_persons_are_told_which_rule_they_cannot_keep():
    def message(**changes):
        with pytest.raises(PlanError) as caught:
            check(scenario_of(**changes))
        return str(caught.value)

    wanted = {"police": {"00:00": 2}}
    assert "up to 2 are wanted at the same time" in message(wanted=wanted, officers={"police": 1})
    long = {"closes": "20:00", "wanted": wanted, "lengths_h": [6.0]}
    assert "11 h of rest between shifts cannot be kept" in message(**long, officers={"police": 2})
    week = {"closes": "12:00", "days": 7, "wanted": wanted, "lengths_h": [7.5, 8.0], "break_from_h": 5.0}
    assert "48 h in 7 days cannot be kept" in message(**week, officers={"police": 3})


def test_no_shift_that_may_be_planned_has_more_than_six_hours_without_a_break():
    scenario = scenario_of(closes="20:00")
    patterns = patterns_of(allowed_in(scenario), "police", 50.0, scenario.operation.windows)
    assert {one.shift.breaks is None for one in patterns if one.hours > BREAK_DUE_H} == {False}


def test_without_a_shift_that_reaches_an_hour_the_lengths_are_named():
    scenario = scenario_of(
        wanted={"police": {"00:00": 1}},
        lengths_h=[13.0],
        break_from_h=1.0,
        break_by_h=1.0,
        break_min=120.0,
        starts_every_h=24.0,
        roster=[{"agency": "police", "count": 1, "from": "16:00", "to": "17:00"}],
    )
    with pytest.raises(PlanError, match=r"shifts.lengths_h: 13 h given, and no such shifts of police"):
        rosters_of(scenario)


def test_officers_at_work_at_the_same_time_are_as_many_persons_as_that():
    one, wanted = check(scenario_of(wanted={"police": {"00:00": 3}}, lengths_h=[8.0, 9.0]))
    assert one.persons >= 3
    assert np.all(one.on_duty >= wanted.officers[0])
