"""The roster as step functions: who is on duty, which posts are filled, who is free for inspections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.scenario.key import Crew, length_s_between, seconds_after_midnight
from funnelsim.scenario.site import Window
from funnelsim.scenario.staffing import Shift
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario

Change = tuple[float, str, int]


@dataclass(frozen=True)
class Break:
    """Officers of one shift who go on a break together, as planned; work that has begun may keep some of them.

    Attributes
    ----------
    agency
        Column of their agency.
    from_s, to_s
        When they go, and when they are back.
    officers
        How many they are.
    shift_ends_s
        When their shift ends: nobody is on a break after it.
    """

    agency: int
    from_s: float
    to_s: float
    officers: int
    shift_ends_s: float


@dataclass(frozen=True, eq=False)
class Duty:
    """Step functions of the roster; step k holds from `times_s[k]` up to `times_s[k + 1]`, the last one without end.

    Attributes
    ----------
    agencies
        Columns of the arrays below.
    times_s
        Beginning of each step, shape (steps,); the first is minus infinity.
    rostered
        Officers on the roster, including those on a break, shape (steps, agencies).
    on_duty
        Officers on duty, without those on a break, shape (steps, agencies).
    free
        Officers on duty without a post or a chase car, shape (steps, agencies).
    staffed, staffed_elsewhere
        Whether every post of the first funnel, and of each further one, is staffed and anybody is on duty at all; each
        of shape (steps,).
    cars
        Chase cars with their crews, shape (steps,).
    going_home
        Officers whose shift ends at the beginning of the step, shape (steps, agencies).
    breaks
        The breaks in the order of their beginnings.
    officer_h
        Hours on the roster by agency, breaks included, shape (agencies,).
    cost
        Cost of these hours, shape (agencies,); overtime costs `cost_per_h`.
    cost_per_h
        Mean cost of an officer-hour, shape (agencies,).
    """

    agencies: tuple[str, ...]
    times_s: FloatArray
    rostered: IntArray
    on_duty: IntArray
    free: IntArray
    staffed: BoolArray
    staffed_elsewhere: tuple[BoolArray, ...]
    cars: IntArray
    going_home: IntArray
    breaks: tuple[Break, ...]
    officer_h: FloatArray
    cost: FloatArray
    cost_per_h: FloatArray

    def at(self, time_s: float) -> int:
        """Return the index of the step that holds at a moment."""
        return int(np.searchsorted(self.times_s, time_s, side="right")) - 1


def duty_of(scenario: "Scenario") -> Duty:
    """Turn the roster into step functions over the operation.

    Posts are filled in the order of the file, then supervisors and selection points, each completely or not at all;
    then as many chase cars as get their whole crew. All other officers are free for inspections.
    """
    windows = scenario.operation.windows
    spans = [(shift, *span) for shift in scenario.staffing.roster for span in spans_of(shift, windows)]
    agencies = tuple(dict.fromkeys([shift.agency for shift, _, _ in spans] + _agencies_named(scenario)))
    shifts: list[Change] = []
    breaks: list[Break] = []
    for shift, from_s, to_s in spans:
        shifts += [(from_s, shift.agency, shift.count), (to_s, shift.agency, -shift.count)]
        for away_s, back_s, officers in breaks_of(shift, from_s, to_s):
            breaks.append(Break(agencies.index(shift.agency), away_s, back_s, officers, to_s))
    breaks.sort(key=lambda one: one.from_s)
    absences: list[Change] = [(one.from_s, agencies[one.agency], -one.officers) for one in breaks]
    absences += [(one.to_s, agencies[one.agency], one.officers) for one in breaks]
    times = sorted({time_s for time_s, _, _ in shifts + absences})
    rostered = _steps(shifts, times, agencies)
    on_duty = rostered + _steps(absences, times, agencies)
    free = on_duty.copy()
    staffed: BoolArray = np.ones(len(on_duty), dtype=np.bool_)
    for post in scenario.staffing.posts.values():
        staffed &= _assign(free, _need(post, agencies))
    supervision = scenario.staffing.supervision
    if supervision is not None:
        groups = -(-on_duty.sum(axis=1, keepdims=True) // supervision.span)
        staffed &= _assign(free, groups * _need(supervision.crew, agencies))
    if spans:
        staffed &= on_duty.sum(axis=1) > 0  # nobody is selected for officers who have gone home
    points = [staffed & _assign(free, _need(funnel.selection.post, agencies)) for funnel in scenario.per_funnel]
    cars = np.zeros(len(on_duty), dtype=np.int64)
    if scenario.staffing.chase is not None:
        for _ in range(scenario.staffing.chase.cars):
            cars += _assign(free, _need(scenario.staffing.chase.crew, agencies))
    hours = np.zeros(len(agencies))
    cost = np.zeros(len(agencies))
    for shift, from_s, to_s in spans:
        column = agencies.index(shift.agency)
        hours[column] += shift.count * (to_s - from_s) / HOUR_S
        cost[column] += shift.count * (to_s - from_s) / HOUR_S * shift.cost_per_h
    return Duty(
        agencies=agencies,
        times_s=np.array([-np.inf, *times]),
        rostered=rostered,
        on_duty=on_duty,
        free=free,
        staffed=points[0],
        staffed_elsewhere=tuple(points[1:]),
        cars=cars,
        going_home=_going_home(shifts, times, agencies),
        breaks=tuple(breaks),
        officer_h=hours,
        cost=cost,
        cost_per_h=np.divide(cost, hours, out=np.zeros_like(cost), where=hours > 0),
    )


def _agencies_named(scenario: "Scenario") -> list[str]:
    """Return the agencies of all crews and posts: one without a roster has nobody on duty."""
    crews: list[Crew] = [stage.crew for stage in scenario.area.stages]
    after, chase = scenario.area.after_detection, scenario.staffing.chase
    crews += [after.crew, *scenario.staffing.posts.values(), *(funnel.selection.post for funnel in scenario.per_funnel)]
    others = (after.transport, scenario.staffing.supervision, chase)
    crews += [entry.crew for entry in others if entry is not None]
    return [agency for crew in crews for agency in crew]


def spans_of(shift: Shift, windows: Sequence[Window]) -> list[tuple[float, float]]:
    """Return when a shift is on duty: for each window, on the day on which it overlaps the window most.

    A shift that overlaps no window is on duty once, nearest to the first window. A shift with days is on duty on those
    days only.
    """
    from_s = seconds_after_midnight(shift.from_)
    length_s = length_s_of(shift)
    nearest: dict[float, float] = {}
    for window in windows:
        begins = [from_s + (window.day - 1 + day) * DAY_S for day in (0, -1, 1, 2)]
        overlaps = [min(at + length_s, window.closes_s) - max(at, window.opens_s) for at in begins]
        best = int(np.argmax(overlaps))
        if shift.days is None or window.day in shift.days:
            nearest[begins[best]] = max(overlaps[best], nearest.get(begins[best], -np.inf))
    useful = [at for at, overlap in nearest.items() if overlap > 0.0] or list(nearest)[:1]
    return [(at, at + length_s) for at in sorted(useful)]


def officers_with_break(shift: Shift) -> int:
    """Return how many officers of a shift go on a break: one that would not end before the shift does is not taken."""
    if shift.breaks is None:
        return 0
    after_s = round(shift.breaks.after_h * HOUR_S)  # the first break of the last group; second ones are later
    return sum(officers for away_s, _, officers in breaks_of(shift, 0.0, length_s_of(shift)) if away_s <= after_s)


def length_s_of(shift: Shift) -> float:
    """Return how long a shift is."""
    return length_s_between(shift.from_, shift.to)


def breaks_of(shift: Shift, from_s: float, to_s: float) -> Iterator[tuple[float, float, int]]:
    """Yield when officers of a shift go on a break, when they come back, and how many they are.

    They go in groups, one after another, so that the last group leaves `after_h` after the shift began; there are as
    many groups as breaks fit into that time, or a single one if they do not go in turn. Each group has its next break
    `after_h` after coming back, if it ends before the shift does. Whole seconds are on the grid of the model's clock.
    """
    if shift.breaks is None or shift.count == 0:
        return
    break_s, after_s = float(round(shift.breaks.minutes * MINUTE_S)), float(round(shift.breaks.after_h * HOUR_S))
    groups = min(shift.count, max(1, int(after_s // break_s))) if shift.breaks.in_turn else 1
    for group in range(groups):
        officers = shift.count // groups + (group < shift.count % groups)
        away_s = from_s + max(0.0, after_s - (groups - 1 - group) * break_s)
        while away_s + break_s < to_s:
            yield away_s, away_s + break_s, officers
            away_s += break_s + after_s


def _steps(changes: list[Change], times: list[float], agencies: tuple[str, ...]) -> IntArray:
    steps = np.zeros((len(times) + 1, len(agencies)), dtype=np.int64)
    for time_s, agency, officers in changes:
        steps[times.index(time_s) + 1 :, agencies.index(agency)] += officers
    return steps


def _going_home(shifts: list[Change], times: list[float], agencies: tuple[str, ...]) -> IntArray:
    going = np.zeros((len(times) + 1, len(agencies)), dtype=np.int64)
    for time_s, agency, officers in shifts:
        going[times.index(time_s) + 1, agencies.index(agency)] += max(0, -officers)
    return going


def _need(crew: Crew, agencies: tuple[str, ...]) -> IntArray:
    return np.array([crew.get(agency, 0) for agency in agencies], dtype=np.int64)


def _assign(free: IntArray, need: IntArray) -> BoolArray:
    """Take a crew from the free officers in each step in which it is complete; return in which steps it was."""
    enough: BoolArray = np.all(free >= need, axis=1)
    free -= np.where(enough[:, None], need, 0)
    return enough
