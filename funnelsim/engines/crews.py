"""Officers, equipment and places in SimPy, handed out in order of selection."""

from bisect import bisect_right, insort
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

    An officer on a break counts as used, and the capacity includes him. One who is in a stage when his break begins
    has it due: he goes when the stage ends, and comes back later.
    """

    def __init__(self, env: Environment, plan: Plan) -> None:
        self.env = env
        self.need: list[list[int]] = plan.inspection.need.tolist()
        self.capacity: list[int] = []
        self.used = [0] * len(plan.inspection.pools)
        self.pause_s = plan.pause_s
        self.agencies = len(plan.duty.agencies)
        self.pausing = [0] * len(plan.inspection.pools)
        self.on_break = [0] * len(plan.inspection.pools)
        self.due = [0] * len(plan.inspection.pools)
        self.breaks = list(zip(*(array.tolist() for array in vars(plan.breaks).values()), strict=True))
        self.due_of = [0] * len(self.breaks)
        self.next_break = 0
        self.waiting: list[tuple[int, int, Event]] = []
        env.process(self.roster(plan))

    def roster(self, plan: Plan) -> Process:
        """Change the capacity; officers finish the stage they are in, so `used` may exceed the capacity for a while."""
        times_s, capacity = plan.capacity_times_s.tolist(), (plan.capacity + plan.beyond).tolist()
        begun = bisect_right(times_s, self.env.now) - 1
        for step in range(begun, len(times_s)):
            if step > begun:
                yield ScheduledEvent(self.env, times_s[step], EventKind.ROSTER_STEP)
            self.capacity = capacity[step]
            self.begin_breaks()
            self.dispatch()

    def begin_breaks(self) -> None:
        """Send officers on the breaks that begin by now; those in a stage go when it ends, unless their shift ends."""
        now_s = self.env.now
        for one, (pool, *_, shift_ends_s) in enumerate(self.breaks):
            if shift_ends_s <= now_s:
                self.due[pool] -= self.due_of[one]
                self.due_of[one] = 0
        while self.next_break < len(self.breaks) and self.breaks[self.next_break][2] <= now_s:
            pool, officers, _, to_s, _ = self.breaks[self.next_break]
            if to_s > now_s:
                working = self.used[pool] - self.on_break[pool] - self.due[pool]
                kept = rules.kept_from_break(officers, self.capacity[pool] - self.used[pool], working)
                self.due_of[self.next_break] = kept
                self.due[pool] += kept
                self.used[pool] += officers - kept
                self.on_break[pool] += officers - kept
                self.env.process(self.be_away(pool, officers - kept, to_s))
            self.next_break += 1

    def be_away(self, pool: int, officers: int, until_s: float) -> Process:
        """Be on a break, and come back."""
        yield ScheduledEvent(self.env, until_s, EventKind.BREAK_END, officers * len(self.used) + pool)
        self.on_break[pool] -= officers
        self.used[pool] -= officers
        self.dispatch()

    def to_break(self, pool: int, officers: int, begun_s: float) -> int:
        """Send officers whose stage has ended on the breaks that began during it; return how many go."""
        left = officers
        for one, (of_pool, _, from_s, to_s, shift_ends_s) in enumerate(self.breaks):
            going = min(left, self.due_of[one]) if of_pool == pool and begun_s < from_s else 0
            if going:
                self.due_of[one] -= going
                self.due[pool] -= going
                self.on_break[pool] += going
                left -= going
                self.env.process(self.be_away(pool, going, min(self.env.now + (to_s - from_s), shift_ends_s)))
        return officers - left

    def request(self, turn: int, stage: int) -> Event:
        """Return an event that happens when the stage's crew and equipment are there; `turn` is the order."""
        ready = self.env.event()
        insort(self.waiting, (turn, stage, ready), key=lambda entry: entry[0])
        self.dispatch()
        return ready

    def give_back(self, stage: int, begun_s: float) -> None:
        """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
        for pool, need in enumerate(self.need[stage]):
            away = self.to_break(pool, need, begun_s) if self.due[pool] else 0
            if self.pause_s and pool < self.agencies and need > away:
                self.env.process(self.pause(pool, need - away))
            else:
                self.used[pool] -= need - away

    def pause(self, pool: int, officers: int) -> Process:
        """Pause before another stage, or before a break that began during the pause."""
        from_s = self.env.now
        self.pausing[pool] += officers
        ends_s = from_s + self.pause_s
        yield ScheduledEvent(self.env, ends_s, EventKind.PAUSE_END, officers * len(self.used) + pool)
        self.pausing[pool] -= officers
        away = self.to_break(pool, officers, from_s) if self.due[pool] else 0
        self.used[pool] -= officers - away
        self.dispatch()

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
