"""Officers, equipment and places in SimPy, handed out in order of selection."""

from bisect import insort
from collections import deque
from collections.abc import Generator
from typing import Any

from simpy import Environment, Event

from funnelsim.engines.scheduled_event import EventKind, ScheduledEvent
from funnelsim.model import rules
from funnelsim.model.plan import Plan

Process = Generator[Event, Any, None]


class Places:
    """Bays or processing spots: whoever asks first is served first."""

    def __init__(self, env: Environment, number: int) -> None:
        self.env = env
        self.free = number
        self.line: deque[Event] = deque()

    def take(self) -> Event:
        """Return an event that happens when the next in line has a place."""
        has_place = self.env.event()
        if self.free:
            self.free -= 1
            has_place.succeed()
        else:
            self.line.append(has_place)
        return has_place

    def give_back(self) -> None:
        """Free a place for the next in line."""
        if self.line:
            self.line.popleft().succeed()
        else:
            self.free += 1


class Crews:
    """Officers and equipment, handed out by one dispatcher.

    A stage starts when its whole crew and all its equipment are free at once, so nobody holds officers while waiting
    for others. Whenever something is freed, whoever waits is asked in order of selection. Who cannot start yet keeps
    the pools it needs from all behind it, so that single officers' work never overtakes a team's.
    """

    def __init__(self, env: Environment, plan: Plan) -> None:
        self.env = env
        self.need: list[list[int]] = plan.inspection.need.tolist()
        self.capacity: list[int] = []
        self.used = [0] * len(plan.inspection.pools)
        self.waiting: list[tuple[int, int, Event]] = []
        env.process(self.roster(plan))

    def roster(self, plan: Plan) -> Process:
        """Change the capacity; officers finish the stage they are in, so `used` may exceed the capacity for a while."""
        steps = zip(plan.capacity_times_s.tolist(), plan.capacity.tolist(), strict=True)
        for time_s, capacity in steps:
            if time_s > self.env.now:
                yield ScheduledEvent(self.env, time_s, EventKind.ROSTER_STEP)
            self.capacity = capacity
            self.dispatch()

    def request(self, turn: int, stage: int) -> Event:
        """Return an event that happens when the stage's crew and equipment are there; `turn` is the order."""
        ready = self.env.event()
        insort(self.waiting, (turn, stage, ready), key=lambda entry: entry[0])
        self.dispatch()
        return ready

    def give_back(self, stage: int) -> None:
        """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
        self.used = [used - need for used, need in zip(self.used, self.need[stage], strict=True)]

    def dispatch(self) -> None:
        """Start every stage that can start, in order of selection."""
        still_waiting, kept = [], [0] * len(self.used)
        for entry in self.waiting:
            _, stage, ready = entry
            need = self.need[stage]
            if rules.can_start(need, self.used, self.capacity, kept):
                self.used = [used + more for used, more in zip(self.used, need, strict=True)]
                ready.succeed()
            else:
                kept = [before + more for before, more in zip(kept, need, strict=True)]
                still_waiting.append(entry)
        self.waiting = still_waiting
