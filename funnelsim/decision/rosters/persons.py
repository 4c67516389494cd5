"""Who works which shift: as few persons as rest and weekly hours allow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import IntArray
from funnelsim.decision.rosters.covering import AtMost
from funnelsim.decision.rosters.shift_patterns import ShiftPattern
from funnelsim.scenario.roster import spans_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.working_time import REST_H, WEEK_H, hours_in_week, may_work_too
from funnelsim.units import HOUR_S, Span


@dataclass(frozen=True)
class Duty:
    """A shift of one person on one day.

    Attributes
    ----------
    person
        Number of the person within the agency, from 1 on.
    pattern
        Index of the shift among the patterns.
    span_s
        When it is.
    """

    person: int
    pattern: int
    span_s: Span


def rest_limit(patterns: Sequence[ShiftPattern], persons: int, rest_h: float = REST_H) -> AtMost:
    """Return that no more shifts than persons fall into any time, each with the rest after it."""
    moments = sorted({from_s for one in patterns for from_s, _ in one.spans_s})
    rest_s = rest_h * HOUR_S
    uses = [
        [sum(from_s <= at_s < to_s + rest_s for from_s, to_s in one.spans_s) for one in patterns] for at_s in moments
    ]
    return AtMost(np.array(uses, dtype=np.float64), np.full(len(moments), float(persons)))


def week_limit(patterns: Sequence[ShiftPattern], persons: int) -> AtMost:
    """Return that no seven days hold more hours than so many persons may work."""
    moments = sorted({from_s for one in patterns for from_s, _ in one.spans_s})
    uses = [[hours_in_week(one.spans_s, at_s) for one in patterns] for at_s in moments]
    return AtMost(np.array(uses), np.full(len(moments), persons * WEEK_H))


def assigned(patterns: Sequence[ShiftPattern], counts: IntArray) -> list[Duty]:
    """Give every shift to a person, in the order of their beginnings, with as few persons as that succeeds.

    A shift goes to the person who may work it and has worked the fewest hours so far; of several to one who has worked
    this very shift before. It is tried with the fewest persons that there must be, and then with more and more.

    Parameters
    ----------
    patterns, counts
        The shifts, and how many officers work each.
    """
    shifts = sorted(
        (span, number)
        for number, (one, count) in enumerate(zip(patterns, counts.tolist(), strict=True))
        for span in one.spans_s
        for _ in range(count)
    )
    for persons in range(fewest(patterns, counts), len(shifts) + 1):
        if (duties := _given_to(persons, shifts)) is not None:
            return duties
    return []


def _given_to(persons: int, shifts: Sequence[tuple[Span, int]]) -> list[Duty] | None:
    """Return who works which shift if there are so many persons; None where some shift is left."""
    spans: list[list[Span]] = [[] for _ in range(persons)]
    worked: list[set[int]] = [set() for _ in range(persons)]
    duties = []
    for span, number in shifts:
        able = [person for person, of_one in enumerate(spans) if may_work_too(of_one, span)]
        if not able:
            return None
        person = min(able, key=lambda one: (_hours(spans[one]), number not in worked[one], one))
        spans[person].append(span)
        worked[person].add(number)
        duties.append(Duty(person + 1, number, span))
    return duties


def fewest(patterns: Sequence[ShiftPattern], counts: IntArray) -> int:
    """Return how many persons these shifts need at least, whoever works which: by rest, and by weekly hours."""
    if not counts.any():
        return 0
    by_rest, by_week = (limit(patterns, 1) for limit in (rest_limit, week_limit))
    return int(max(np.ceil((limit.uses @ counts) / limit.most - 1e-9).max() for limit in (by_rest, by_week)))


def fewest_on(scenario: Scenario, agency: str) -> int:
    """Return how many persons the roster of a scenario needs of an agency at least, whoever works which shift."""
    roster = [shift for shift in scenario.staffing.roster if shift.agency == agency]
    patterns = [ShiftPattern(one, (), tuple(spans_of(one, scenario.operation.windows)), ()) for one in roster]
    return fewest(patterns, np.array([one.count for one in roster], dtype=np.int64))


def _hours(spans: Sequence[Span]) -> float:
    return sum(to_s - from_s for from_s, to_s in spans) / HOUR_S
