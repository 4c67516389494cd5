"""The roster as step functions: who is on duty, which posts are staffed, who is free for inspection."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from funnelsim.scenario.control import Crew, Shift
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.site import DAY_S

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Change = tuple[float, str, int]


@dataclass(frozen=True, eq=False)
class Duty:
    """Step functions of the roster; step k holds from `times_s[k]` up to `times_s[k + 1]`, the last one for ever.

    Attributes
    ----------
    agencies
        Columns of the arrays below.
    times_s
        Beginning of each step, shape (steps,); the first is minus infinity.
    rostered
        Officers on the roster, on a break or not, shape (steps, agencies).
    on_duty
        Officers on duty and not on a break, shape (steps, agencies).
    free
        Officers on duty who hold no post, shape (steps, agencies).
    staffed
        Whether every post is staffed and anybody is on duty at all, shape (steps,).
    home_s
        When the last shift of an agency ends; minus infinity where there is none. Shape (agencies,).
    officer_h
        Hours on the roster by agency, breaks included, shape (agencies,).
    cost
        What these hours cost, shape (agencies,); with overtime at `cost_per_h`, the mean rate.
    cost_per_h
        Mean cost of an officer-hour, shape (agencies,).
    """

    agencies: tuple[str, ...]
    times_s: FloatArray
    rostered: IntArray
    on_duty: IntArray
    free: IntArray
    staffed: NDArray[np.bool_]
    home_s: FloatArray
    officer_h: FloatArray
    cost: FloatArray
    cost_per_h: FloatArray

    def at(self, time_s: float) -> int:
        """Return the index of the step that holds at a moment."""
        return int(np.searchsorted(self.times_s, time_s, side="right")) - 1


def duty_of(scenario: "Scenario") -> Duty:
    """Lay the roster along the operation.

    Posts are staffed in the order of the file, the selection point last, each wholly or not at all; whoever remains
    is free for inspection.
    """
    spans = [(shift, *_span(shift, scenario)) for shift in scenario.staffing.roster]
    agencies = tuple(dict.fromkeys([shift.agency for shift, _, _ in spans] + _named(scenario)))
    shifts: list[Change] = []
    breaks: list[Change] = []
    for shift, from_s, to_s in spans:
        shifts += [(from_s, shift.agency, shift.count), (to_s, shift.agency, -shift.count)]
        for away_s, back_s, officers in _breaks(shift, from_s, to_s):
            breaks += [(away_s, shift.agency, -officers), (back_s, shift.agency, officers)]
    times = sorted({time_s for time_s, _, _ in shifts + breaks})
    rostered = _steps(shifts, times, agencies)
    on_duty = rostered + _steps(breaks, times, agencies)
    posts = [*scenario.staffing.posts.values(), scenario.selection.post]
    free, staffed = _after_posts(on_duty, agencies, posts)
    if spans:
        staffed &= on_duty.any(axis=1)  # nobody is selected for officers who have gone home
    hours = np.zeros(len(agencies))
    cost = np.zeros(len(agencies))
    home_s = np.full(len(agencies), -np.inf)
    for shift, from_s, to_s in spans:
        column = agencies.index(shift.agency)
        hours[column] += shift.count * (to_s - from_s) / 3600.0
        cost[column] += shift.count * (to_s - from_s) / 3600.0 * shift.cost_per_h
        if shift.count:
            home_s[column] = max(home_s[column], to_s)
    return Duty(
        agencies=agencies,
        times_s=np.array([-np.inf, *times]),
        rostered=rostered,
        on_duty=on_duty,
        free=free,
        staffed=staffed,
        home_s=home_s,
        officer_h=hours,
        cost=cost,
        cost_per_h=np.divide(cost, hours, out=np.zeros_like(cost), where=hours > 0),
    )


def _named(scenario: "Scenario") -> list[str]:
    """Return the agencies that crews and posts name, so that one without a roster is known, with nobody on duty."""
    crews: list[Crew] = [stage.crew for stage in scenario.area.stages]
    crews += [scenario.area.after_detection.crew, *scenario.staffing.posts.values(), scenario.selection.post]
    return [agency for crew in crews for agency in crew]


def _span(shift: Shift, scenario: "Scenario") -> tuple[float, float]:
    """Return a shift's beginning and end on the day on which it overlaps the operation most."""
    from_s = seconds_after_midnight(shift.from_)
    length_s = (seconds_after_midnight(shift.to) - from_s) % DAY_S or DAY_S
    opens_s, closes_s = scenario.operation.opens_s, scenario.operation.closes_s

    def overlap(day: int) -> float:
        begins = from_s + day * DAY_S
        return min(begins + length_s, closes_s) - max(begins, opens_s)

    begins = from_s + max((0, -1, 1), key=overlap) * DAY_S
    return begins, begins + length_s


def _breaks(shift: Shift, from_s: float, to_s: float) -> Iterator[tuple[float, float, int]]:
    """Yield when how many officers of a shift go on a break and come back.

    They go in turn, one group after another, so that the last group leaves `after_h` after the shift began; in as
    many groups as fit between one break's length after the beginning and then. Each has the next break `after_h`
    after coming back, as long as it ends before the shift does. Whole seconds are on the grid of the model's clock.
    """
    if shift.breaks is None or shift.count == 0:
        return
    break_s, after_s = float(round(shift.breaks.minutes * 60.0)), float(round(shift.breaks.after_h * 3600.0))
    groups = min(shift.count, max(1, int(after_s // break_s)))
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


def _after_posts(on_duty: IntArray, agencies: tuple[str, ...], posts: list[Crew]) -> tuple[IntArray, NDArray[np.bool_]]:
    free = on_duty.copy()
    staffed = np.ones(len(on_duty), dtype=np.bool_)
    for post in posts:
        need = np.array([post.get(agency, 0) for agency in agencies], dtype=np.int64)
        enough = (free >= need).all(axis=1)
        free[enough] -= need
        staffed &= enough
    return free, staffed
