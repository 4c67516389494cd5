"""Scheduled events of the simulated clock, and which comes first when several are due at one time."""

from enum import IntEnum

from simpy import Environment, Event
from simpy.events import EventPriority


class Kind(IntEnum):
    """The kinds of events, in the order that decides ties; after that the lower vehicle number goes first."""

    STAGE_END = 1
    PURSUIT_END = 2
    ROSTER_STEP = 3
    TURN_OFF = 4
    SELECTION_POINT = 5
    AREA_ARRIVAL = 6


VEHICLES = 1 << 40  # more than any replication has; priorities of one kind stay apart from those of the next


class ScheduledEvent(Event):
    """An event at a given time that has already succeeded, as SimPy's Timeout, but with its place among ties."""

    def __init__(self, env: Environment, time_s: float, kind: Kind, vehicle: int = 0) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(kind * VEHICLES + vehicle), time_s - env.now)
