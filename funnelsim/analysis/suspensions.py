"""The suspensions of one replication: when the valve stopped selection, for what queue, and who passed meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.arrays import BoolArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.queue import tail_seen
from funnelsim.model.states import Fate, Gate, Valve
from funnelsim.units import Span


@dataclass(frozen=True)
class Checked:
    """Vehicles that came to the selection point while vehicles were selected.

    Attributes
    ----------
    looked_at
        How many the officers looked at.
    selected
        How many of these were selected, whether the area had a place for them or not.
    """

    looked_at: int
    selected: int

    @property
    def share(self) -> float:
        """The share that was selected; not a number where nobody was looked at."""
        return self.selected / self.looked_at if self.looked_at else np.nan


@dataclass(frozen=True)
class Suspension:
    """One time span in which the valve of a funnel keeps vehicles from being selected.

    Attributes
    ----------
    funnel, window
        Which funnel and which of its windows, from 0.
    from_s, to_s
        From when to when, in seconds after midnight of the first day; at the latest until the funnel closes.
    lifted_s
        For how much of it the funnel was lifted.
    queue_m
        The queue that caused it, upstream from the taper.
    unchecked
        Vehicles that passed the selection point in this time without having been selected, the watch list's hits left
        out.
    before, after
        Who was looked at and selected since the suspension before (or the opening), and until the next one (or the
        closing).
    until_closing
        Whether it ended only because the funnel closed.
    """

    funnel: int
    window: int
    from_s: float
    to_s: float
    lifted_s: float
    queue_m: float
    unchecked: int
    before: Checked
    after: Checked
    until_closing: bool


def suspensions_of(log: Log, plan: Plan) -> list[Suspension]:
    """Return the suspensions of every funnel, those of the first funnel first, in order of time."""
    return [one for funnel, part in enumerate(by_funnel(log, plan)) for one in _of_funnel(funnel, *part)]


def _of_funnel(funnel: int, log: Log, plan: Plan) -> Iterator[Suspension]:
    for window, (opens_s, closes_s) in enumerate(plan.windows_s):
        spans = list(_suspended(log, opens_s, closes_s))
        edges = [opens_s, *(edge for span in spans for edge in span), closes_s]
        between = [_checked(log, *span) for span in zip(edges[::2], edges[1::2], strict=True)]
        for place, (from_s, to_s) in enumerate(spans):
            yield Suspension(
                funnel,
                window,
                from_s,
                to_s,
                _lifted_s(log, from_s, to_s),
                _queue_m(log, from_s),
                int((_passing(log, from_s, to_s) & (log.fate == Fate.SELECTION_SUSPENDED)).sum()),
                between[place],
                between[place + 1],
                to_s == closes_s,
            )


def _suspended(log: Log, opens_s: float, closes_s: float) -> Iterator[Span]:
    """Yield from when to when the valve is not open in a window; at its beginning it is."""
    since_s = None
    for time_s, valve in zip(log.valve_s.tolist(), log.valve.tolist(), strict=True):
        if not opens_s <= time_s < closes_s:
            continue
        if valve == Valve.OPEN and since_s is not None:
            yield since_s, time_s
            since_s = None
        elif valve != Valve.OPEN and since_s is None:
            since_s = time_s
    if since_s is not None:
        yield since_s, closes_s


def _passing(log: Log, from_s: float, to_s: float) -> BoolArray:
    """Tell who came to the standing funnel and passed the selection point in a time span."""
    passes: BoolArray = (log.passed_s >= from_s) & (log.passed_s < to_s) & (log.gate != Gate.NO_FUNNEL)
    return passes


def _checked(log: Log, from_s: float, to_s: float) -> Checked:
    looked_at = _passing(log, from_s, to_s) & (log.gate == Gate.OPEN)
    selected = looked_at & np.isin(log.fate, (Fate.INSPECTED, Fate.AREA_FULL))
    return Checked(int(looked_at.sum()), int(selected.sum()))


def _lifted_s(log: Log, from_s: float, to_s: float) -> float:
    inside = (log.valve_s >= from_s) & (log.valve_s < to_s)
    lasts_s = np.diff(np.append(log.valve_s[inside], to_s))
    return float(lasts_s[log.valve[inside] == Valve.LIFTED].sum())


def _queue_m(log: Log, now_s: float) -> float:
    """Return the queue that the valve sees: how far it reached as its newest vehicle joined it."""
    in_line = np.flatnonzero(log.passed)
    newest = int(np.searchsorted(np.maximum.accumulate(log.joined_s[in_line]), now_s, side="right")) - 1
    passing = int(np.searchsorted(log.passed_s[in_line], now_s))
    return tail_seen(passing, newest, log.tail_m[in_line].tolist()) if newest >= 0 else 0.0
