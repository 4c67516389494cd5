"""Shifts that cover the officers wanted, agency by agency, at least cost and under the rules of working time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.rosters.covering import AtMost, cover
from funnelsim.decision.rosters.officers_wanted import Wanted
from funnelsim.decision.rosters.persons import Duty, assigned, fewest, rest_limit, week_limit
from funnelsim.decision.rosters.shift_patterns import Allowed, ShiftPattern, patterns_of
from funnelsim.errors import PlanError, Problem
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Shift
from funnelsim.scenario.working_time import REST_H, WEEK_DAYS, WEEK_H
from funnelsim.wording import counted


@dataclass(frozen=True, eq=False)
class AgencyRoster:
    """The shifts of one agency, and who works them.

    Attributes
    ----------
    agency
        The agency.
    shifts
        As entries of the roster.
    duties
        Who works when, in the order of the beginnings.
    patterns, counts
        The shifts that the duties refer to, and how many officers work each, shape (patterns,).
    on_duty
        The fewest officers on duty in each time span of `Wanted`, shape (spans,).
    officer_h, cost
        Of all its shifts, breaks included.
    persons, fewest
        How many persons work them, and how many are needed at least, whoever works which.
    """

    agency: str
    shifts: tuple[Shift, ...]
    duties: tuple[Duty, ...]
    patterns: tuple[ShiftPattern, ...]
    counts: IntArray
    on_duty: IntArray
    officer_h: float
    cost: float
    persons: int
    fewest: int


class RosterCover:
    """Finds the shifts that cover what is wanted; times and shifts stay the same while numbers change.

    Parameters
    ----------
    scenario, allowed
        The scenario, and what may be planned.
    wanted
        The agencies and time spans that are planned.
    cost_per_h
        Of an officer-hour by agency.
    """

    def __init__(self, scenario: Scenario, allowed: Allowed, wanted: Wanted, cost_per_h: Mapping[str, float]) -> None:
        self._allowed, self._wanted = allowed, wanted
        windows = scenario.operation.windows
        self._patterns = {name: patterns_of(allowed, name, cost_per_h[name], windows) for name in wanted.agencies}
        times = {time_s for span in wanted.spans_s for time_s in span}
        for of_agency in self._patterns.values():
            times |= {time_s for one in of_agency for span in (*one.spans_s, *one.away_s) for time_s in span}
        edges_s = np.array(sorted(times))
        self._span_of_slot = np.full(len(edges_s) - 1, -1)
        for number, (from_s, to_s) in enumerate(wanted.spans_s):
            self._span_of_slot[(edges_s[:-1] >= from_s) & (edges_s[1:] <= to_s)] = number
        self._edges_s = edges_s
        self._covers = {name: self._matrix(patterns) for name, patterns in self._patterns.items()}
        self._known: dict[tuple[str, bytes], AgencyRoster] = {}

    def _matrix(self, patterns: Sequence[ShiftPattern]) -> FloatArray:
        covers: FloatArray = np.array([one.covers(self._edges_s) for one in patterns]).reshape(len(patterns), -1).T
        return covers

    def of(self, officers: IntArray) -> list[AgencyRoster]:
        """Return the roster of each agency.

        Parameters
        ----------
        officers
            Wanted on duty, shape (agencies, spans).

        Raises
        ------
        PlanError
            If the rules of working time cannot be kept.
        """
        problems: list[Problem] = []
        made = []
        for agency, wanted in zip(self._wanted.agencies, officers, strict=True):
            key = (agency, wanted.tobytes())
            try:
                if key not in self._known:
                    self._known[key] = self._of_agency(agency, wanted)
                made.append(self._known[key])
            except PlanError as error:
                problems += error.problems
        if problems:
            raise PlanError(problems)
        return made

    def _of_agency(self, agency: str, wanted: IntArray) -> AgencyRoster:
        patterns, covers = self._patterns[agency], self._covers[agency]
        needed = np.where(self._span_of_slot >= 0, wanted[self._span_of_slot], 0).astype(np.float64)
        if not patterns or (needed[~covers.any(axis=1)] > 0.0).any():
            raise PlanError([self._no_shift(agency)])
        rows, place = np.unique(covers, axis=0, return_inverse=True)  # the same shifts cover many slots
        most = np.zeros(len(rows))
        np.maximum.at(most, place, needed)
        costs = np.array([one.hours * one.shift.cost_per_h for one in patterns])
        hours = np.array([one.hours for one in patterns])
        costs = costs if costs.any() else hours
        there = self._allowed.shifts.officers.get(agency)
        limits = [] if there is None else [rest_limit(patterns, there), week_limit(patterns, there)]
        counts = cover(rows, most, costs, limits)
        if counts is None:
            raise PlanError([self._too_few(agency, rows, most, costs, limits)])
        duties = assigned(patterns, counts)
        persons = max((duty.person for duty in duties), default=0)
        if there is not None and persons > there:
            message = (
                f"{counted(there, 'person')} given, and no way was found to give them the shifts with {REST_H:g} h of "
                f"rest and at most {WEEK_H:g} h in {WEEK_DAYS} days; allowed: {persons}"
            )
            raise PlanError([Problem(f"shifts.officers.{agency}", message)])
        return AgencyRoster(
            agency,
            _entries(patterns, duties),
            tuple(duties),
            tuple(patterns),
            counts,
            self.on_duty(agency, counts),
            float(hours @ counts),
            float(sum(one.hours * one.shift.cost_per_h * n for one, n in zip(patterns, counts.tolist(), strict=True))),
            persons,
            fewest(patterns, counts),
        )

    def on_duty(self, agency: str, counts: IntArray) -> IntArray:
        """Return the fewest officers on duty in each time span if so many work each shift, shape (spans,)."""
        there = self._covers[agency] @ counts
        least = [there[self._span_of_slot == number].min() for number in range(len(self._wanted.spans_s))]
        return np.array(least).astype(np.int64)

    def _no_shift(self, agency: str) -> Problem:
        shifts = self._allowed.shifts
        lengths = ", ".join(f"{length_h:g}" for length_h in self._allowed.lengths_h)
        message = (
            f"{lengths} h given, and no such shifts of {agency}, begun every {shifts.starts_every_h:g} h and with a "
            f"break of {shifts.break_min:g} min after {shifts.break_from_h:g} to {shifts.break_by_h:g} h, cover all "
            "the hours in which officers are wanted; allowed: other lengths, starts or breaks"
        )
        return Problem("shifts.lengths_h", message)

    def _too_few(
        self, agency: str, rows: FloatArray, most: FloatArray, costs: FloatArray, limits: Sequence[AtMost]
    ) -> Problem:
        """Return which rule so few persons cannot keep: the one without which they would be enough."""
        there = self._allowed.shifts.officers[agency]
        at_rest, in_week = limits
        at_once = rest_limit(self._patterns[agency], there, rest_h=0.0)
        rest, week = f"{REST_H:g} h of rest between shifts", f"{WEEK_H:g} h in {WEEK_DAYS} days"
        if most.max() > there:
            rule = f"up to {most.max():g} are wanted at the same time"
        elif cover(rows, most, costs, [at_once, in_week]) is not None:
            rule = f"{rest} cannot be kept; without that rule they would be enough"
        elif cover(rows, most, costs, [at_rest]) is not None:
            rule = f"{week} cannot be kept; without that rule they would be enough"
        else:
            rule = f"{rest} and {week} cannot be kept, whichever shifts they work"
        message = f"{counted(there, 'person')} given, and what is wanted takes more: {rule}; allowed: more persons"
        return Problem(f"shifts.officers.{agency}", message)


def _entries(patterns: Sequence[ShiftPattern], duties: Sequence[Duty]) -> tuple[Shift, ...]:
    """Return the entries of the roster: persons who work the same shift on the same days stand together."""
    days: dict[tuple[int, int], list[int]] = {}
    for duty in duties:
        one = patterns[duty.pattern]
        days.setdefault((duty.pattern, duty.person), []).append(one.days[one.spans_s.index(duty.span_s)])
    counts: dict[tuple[int, tuple[int, ...]], int] = {}
    for (pattern, _), of_one in days.items():
        key = (pattern, tuple(of_one))
        counts[key] = counts.get(key, 0) + 1
    entries = []
    for (pattern, of_days), count in counts.items():
        one = patterns[pattern]
        only = None if of_days == one.days else of_days
        entries.append(one.shift.model_copy(update={"count": count, "days": only}))
    return tuple(sorted(entries, key=lambda shift: (shift.days or (), shift.from_, shift.to)))
