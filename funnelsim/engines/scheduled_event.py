"""Scheduled events of the simulated clock, and which comes first when several are due at one time."""

from enum import IntEnum

from simpy import Environment, Event
from simpy.events import EventPriority


class EventKind(IntEnum):
    """The kinds of events, in the order that decides ties; after that the lower vehicle number goes first."""

    ROSTER_STEP = 1  # first, so that nothing begins at the moment at which a shift or a break takes its officers away
    STAGE_END = 2
    BREAK_END = 3
    PAUSE_END = 4
    BAY_READY = 5
    PURSUIT_END = 6
    TURN_OFF = 7
    SELECTION_POINT = 8
    AREA_ARRIVAL = 9


RANKS_PER_KIND = 1 << 40  # more than any replication has; priorities of one kind stay apart from those of the next


class ScheduledEvent(Event):
    """An event that occurs at a given time, like SimPy's Timeout, with a fixed order among simultaneous events."""

    def __init__(self, env: Environment, time_s: float, event_kind: EventKind, vehicle: int = 0) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(event_kind * RANKS_PER_KIND + vehicle), time_s - env.now)
