"""How many officers are wanted on duty, hour by hour: as given, or as many as are worth their cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.fluid.bound import given_in
from funnelsim.decision.fluid.fluid_staffing import Staffing, cheapest, largest_crews, staffing_of
from funnelsim.decision.rosters.shift_patterns import Allowed
from funnelsim.model.plan import Plan
from funnelsim.scenario.key import Crew, seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_S, HOUR_S, Span


@dataclass(frozen=True, eq=False)
class Wanted:
    """Officers wanted on duty, posts included.

    Attributes
    ----------
    agencies
        The agencies that are planned.
    spans_s
        Time spans of at most about an hour, of all windows in their order.
    officers, least
        How many are wanted, and how many there must be in any case (those given; or posts, supervisors and the largest
        crew), each of shape (agencies, spans).
    finds
        Expected finds of an operation with them if nobody waits for anything, after the program that derives them; None
        where they are given.
    """

    agencies: tuple[str, ...]
    spans_s: tuple[Span, ...]
    officers: IntArray
    least: IntArray
    finds: float | None

    def changed(self, agency: int, span: int, to: int) -> "Wanted":
        """Return the same with another number of officers of an agency in a time span."""
        officers = self.officers.copy()
        officers[agency, span] = to
        return replace(self, officers=officers)

    def lowered(self, agency: int, to: IntArray) -> "Wanted":
        """Return the same with at most so many officers of an agency in each time span, but not fewer than it takes."""
        officers = self.officers.copy()
        officers[agency] = np.maximum(self.least[agency], np.minimum(officers[agency], to))
        return replace(self, officers=officers)


def wanted_of(scenario: Scenario, plan: Plan, allowed: Allowed) -> Wanted:
    """Return how many officers are wanted.

    Where `shifts.wanted` names agencies, these are planned, with the numbers given. Otherwise all are: as many are free
    for inspection as can find at least cost, if nobody waits for anything, what today's officers can; posts, chase cars
    and supervisors come in addition.
    """
    return _given(scenario, allowed) if allowed.shifts.wanted else _derived(scenario, plan, allowed)


def _given(scenario: Scenario, allowed: Allowed) -> Wanted:
    wanted = allowed.shifts.wanted
    agencies = tuple(wanted)
    clocks = {seconds_after_midnight(clock) for steps in wanted.values() for clock in steps}
    spans: list[Span] = []
    for window, (from_s, to_s) in zip(scenario.operation.windows, allowed.manned_s, strict=True):
        changes = {day * DAY_S + clock for clock in clocks for day in range(window.day - 2, window.day + 2)}
        moments = {*_hours(from_s, to_s), *changes}
        spans += pairwise(sorted(moment for moment in moments if from_s <= moment <= to_s))
    officers = np.array([[_at(wanted[agency], from_s) for from_s, _ in spans] for agency in agencies], dtype=np.int64)
    return Wanted(agencies, tuple(spans), officers, officers, None)


def _at(steps: Mapping[str, int], time_s: float) -> int:
    """Return the number that holds at a time of day; before the first one named, the last one of the day before."""
    by_time = sorted((seconds_after_midnight(clock), number) for clock, number in steps.items())
    before = [number for since_s, number in by_time if since_s <= time_s % DAY_S]
    return before[-1] if before else by_time[-1][1]


def _derived(scenario: Scenario, plan: Plan, allowed: Allowed) -> Wanted:
    agencies = plan.duty.agencies
    beside = np.array([sum(crew.get(agency, 0) for crew in _crews(scenario)) for agency in agencies])
    cost_per_h = np.where(plan.duty.cost_per_h > 0.0, plan.duty.cost_per_h, 1.0)
    spans: list[Span] = []
    officers: list[IntArray] = []
    fewest = _with_supervisors(scenario, agencies, _whole(largest_crews(plan)) + beside)
    finds = 0.0
    solved: dict[bytes, Staffing] = {}  # days of an operation are mostly alike
    for number, (from_s, to_s) in enumerate(allowed.manned_s):
        given = given_in(scenario, plan, number)
        key = b"".join(
            np.round([*source.ordinary.ravel(), *source.targets.ravel()], 9).tobytes() for source in given.sources
        )
        if key not in solved:
            solved[key] = cheapest(scenario, plan, number, staffing_of(scenario, plan, number).finds, cost_per_h)
        free = solved[key].free
        finds += solved[key].finds
        hours_s = _hours(from_s, to_s)
        spans += pairwise(hours_s)
        by_hour = _mean_by_hour(np.array([from_s, *given.edges_s[1:-1], to_s]), free, np.array(hours_s))
        officers += [_with_supervisors(scenario, agencies, _whole(each) + beside) for each in by_hour.T]
    least = np.repeat(fewest[:, None], len(spans), axis=1)
    return Wanted(agencies, tuple(spans), np.array(officers).T, least, finds)


def _hours(from_s: float, to_s: float) -> list[float]:
    """Return a time and another one, and the full hours between them."""
    first = int(from_s // HOUR_S) + 1
    return [from_s, *(hour * HOUR_S for hour in range(first, int(-(-to_s // HOUR_S)))), to_s]


def _mean_by_hour(edges_s: FloatArray, free: FloatArray, hours_s: FloatArray) -> FloatArray:
    """Return the means, in other time spans, of what holds in periods; shape (agencies, spans)."""
    inside_s = np.minimum(edges_s[1:], hours_s[1:, None]) - np.maximum(edges_s[:-1], hours_s[:-1, None])
    mean: FloatArray = free @ np.maximum(inside_s, 0.0).T / np.diff(hours_s)
    return mean


def _whole(free: FloatArray) -> IntArray:
    """Round to whole officers."""
    whole: IntArray = np.floor(free + 0.5).astype(np.int64)
    return whole


def _crews(scenario: Scenario) -> Iterator[Crew]:
    """Yield the crews that are on duty beside those who are free for inspection, without supervisors."""
    yield from scenario.staffing.posts.values()
    for funnel in scenario.per_funnel:
        yield funnel.selection.post
    if scenario.staffing.chase is not None:
        for _ in range(scenario.staffing.chase.cars):
            yield scenario.staffing.chase.crew


def _with_supervisors(scenario: Scenario, agencies: tuple[str, ...], officers: IntArray) -> IntArray:
    """Add as many supervisors as so many officers and the supervisors themselves need."""
    supervision = scenario.staffing.supervision
    if supervision is None:
        return officers
    crew = np.array([supervision.crew.get(agency, 0) for agency in agencies])
    groups = 0
    while groups * supervision.span < (officers + groups * crew).sum():
        groups += 1
    supervised: IntArray = officers + groups * crew
    return supervised
