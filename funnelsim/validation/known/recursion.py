"""The checkpoint as a recursion: Lindley for the lane, Kiefer and Wolfowitz for the area.

It is independent of the engines: no events, no processes, a page of Python. Vehicles are processed in the order in
which they arrive. From the times of those ahead follows when each one passes, when it gets a bay, when its inspection
begins and when it leaves.

References
----------
Lindley (1952), The theory of queues with a single server, Mathematical Proceedings of the Cambridge Philosophical
Society 48. doi:10.1017/S0305004100027638
Kiefer and Wolfowitz (1955), On the theory of queues with many servers, Transactions of the American Mathematical
Society 78. doi:10.1090/S0002-9947-1955-0066587-3
"""

from bisect import bisect_right, insort

import numpy as np

from funnelsim.units import NEVER
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.ordinary_day import (
    Day,
    Draws,
    Times,
    day,
    draws_of,
    largest_difference_s,
    officers_on_duty,
    simulated,
    times_of,
    what_happened,
)

SOURCE = (
    "recursion after Lindley 1952, doi:10.1017/S0305004100027638, and Kiefer and Wolfowitz 1955, "
    "doi:10.1090/S0002-9947-1955-0066587-3"
)

TEXT = """\
The checkpoint as a queueing theorist writes it: a page of Python without events or processes, in
`funnelsim/validation/known/recursion.py`. The lane is Lindley's recursion: vehicle i passes at

    D(i) = max(arrival(i), D(i-1) + headway(i) + diversion(i-1), D(i-c) + look(i))

where c officers look. The area is the recursion of Kiefer and Wolfowitz: a sorted vector of the times at which its bays
become free. A second such vector, of its places, decides who is waved through or how long the lane is held. The
officers are servers whose number follows the roster, and nobody leaves an inspection.

Engine and recursion get the same draws: free passages, headway noise, looks, scores, durations. Times are multiples of
2^-20 s, so sums are exact, and every passage, bay, start of an inspection and departure of a day must be equal to the
last bit. A lost vehicle, a wrong order or a place given away twice shows here, whatever the averages say."""


class Servers:
    """Servers that serve in order of arrival.

    Their state is when each is free again, sorted: the workload vector of Kiefer and Wolfowitz, here in clock time.
    """

    def __init__(self, number: int) -> None:
        self.free_from_s = [-NEVER] * number

    def free_s(self) -> float:
        """Return when the first server is free."""
        return self.free_from_s[0]

    def serve(self, until_s: float) -> None:
        """Let the first free server work until then."""
        del self.free_from_s[0]
        insort(self.free_from_s, until_s)


class Officers:
    """Servers whose number follows the roster; those at work when a shift ends finish first."""

    def __init__(self, on_duty: list[tuple[float, int]]) -> None:
        self.changes_s = [time_s for time_s, _ in on_duty]
        self.count = [count for _, count in on_duty]
        self.ends_s: list[float] = []
        self.last_start_s = -NEVER

    def start_s(self, asked_s: float) -> float:
        """Return when an officer begins if requested at a given time; earlier requests are served first."""
        now_s = max(asked_s, self.last_start_s)
        while now_s < NEVER and self.at_work(now_s) >= self.on_duty(now_s):
            now_s = min(_after(self.ends_s, now_s), _after(self.changes_s, now_s))
        self.last_start_s = now_s
        return now_s

    def serve(self, until_s: float) -> None:
        """Let an officer work until then."""
        insort(self.ends_s, until_s)

    def at_work(self, now_s: float) -> int:
        """Return how many are at work."""
        return len(self.ends_s) - bisect_right(self.ends_s, now_s)

    def on_duty(self, now_s: float) -> int:
        """Return how many are on duty by the roster; before the first change, none."""
        step = bisect_right(self.changes_s, now_s)
        return self.count[step - 1] if step else 0


def _after(moments_s: list[float], now_s: float) -> float:
    """Return the first of some sorted times that is later than now."""
    step = bisect_right(moments_s, now_s)
    return moments_s[step] if step < len(moments_s) else NEVER


def recursion_times(draws: Draws, one: Day, closes_s: float) -> Times:
    """Compute the times of the vehicles of a day one by one, up to the first that could pass only after closing.

    A selected vehicle that finds the area full is waved through or, where the lane is held, passes when a place is
    free; all vehicles behind it wait.

    Parameters
    ----------
    draws
        The random draws of the day.
    one
        Its area, officers and roster.
    closes_s
        When the funnel closes.
    """
    arrival_s, headway_s, diversion_s = draws.arrival_s.tolist(), draws.headway_s.tolist(), draws.diversion_s.tolist()
    look_s, selected, inspection_s = draws.look_s.tolist(), draws.selected.tolist(), draws.inspection_s.tolist()
    places, bays = Servers(one.bays + one.waiting), Servers(one.bays)
    officers = Officers(officers_on_duty(one.shifts)) if one.shifts else None
    rows: list[tuple[float, float, float, float]] = []
    follows_s = -NEVER
    for i in range(len(arrival_s)):
        now_s = max(arrival_s[i], follows_s + headway_s[i])
        if now_s >= closes_s:
            break
        before = i - one.look_officers  # whom the same officer looked at
        if before >= 0:
            now_s = max(now_s, rows[before][0] + look_s[i])
        diverted = selected[i] and (one.hold or places.free_s() <= now_s)
        if diverted:
            now_s = max(now_s, places.free_s())
            bay_from_s = max(now_s + one.divert_s, bays.free_s())
            inspected_from_s = officers.start_s(bay_from_s) if officers else bay_from_s
            left_s = inspected_from_s + inspection_s[i]
            places.serve(left_s)
            bays.serve(left_s)
            if officers:
                officers.serve(left_s)
            rows.append((now_s, bay_from_s, inspected_from_s, left_s))
        else:
            rows.append((now_s, NEVER, NEVER, NEVER))
        follows_s = now_s + (diversion_s[i] if diverted else 0.0)
    return Times(*np.array(rows).reshape(-1, 4).T)


def days() -> list[Day]:
    """Return the days that are compared."""
    nobody = {"default": 0.0}
    overlapping = ((6, 12, 4), (10, 15, 1), (12, 20, 2), (15, 25, 2))
    return [
        day("Lane, an officer looks at every vehicle", rate=nobody),
        day("Lane, each of three officers looks at every third vehicle, for 8 s", rate=nobody, looks=(3, 8.0)),
        day("Three bays and a waiting space, waved through when full", bays=3, waiting=1),
        day("Five bays and a waiting space, the lane is held when full", bays=5, waiting=1, hold=True),
        day("Officers in overlapping shifts, waved through when full", bays=6, shifts=overlapping),
        day("Officers in overlapping shifts, the lane is held when full", bays=6, hold=True, shifts=overlapping),
    ]


def compared(one: Day, effort: Effort) -> Comparison:
    """Simulate a day and compare each of its times with the recursion."""
    log, plan = simulated(one, effort.engine), one.plan
    answer = recursion_times(draws_of(log.traffic, plan), one, plan.window_s[1])
    largest_s = largest_difference_s(times_of(log), answer)
    return within(f"{one.name}: largest difference of any time", "s", 0.0, largest_s, 0.0, SOURCE, what_happened(log))


def chapter(effort: Effort) -> Chapter:
    """Compare the engine with the recursion on ordinary days."""
    return Chapter("recursion", "The same day as a recursion", TEXT, tuple(compared(one, effort) for one in days()))
