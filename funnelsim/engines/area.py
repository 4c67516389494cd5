"""The secondary area in SimPy: places, bays, crews and equipment, and a vehicle's inspection."""

from bisect import insort
from collections import deque
from collections.abc import Generator
from typing import Any

import numpy as np
from simpy import Environment, Event

from funnelsim.engines.moment import Kind, Moment
from funnelsim.model import dice, rules
from funnelsim.model.log import NEVER, NOT_FOUND
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic

Process = Generator[Event, Any, None]


class Crews:
    """Officers and equipment, handed out by one dispatcher.

    A stage starts when its whole crew and all its equipment are free at once, so nobody holds officers while waiting
    for others. Whenever something is freed, whoever waits is asked in order of selection.
    """

    def __init__(self, env: Environment, plan: Plan) -> None:
        self.env = env
        self.need: list[list[int]] = plan.inspection.need.tolist()
        self.capacity: list[int] = []
        self.used = [0] * len(plan.inspection.pools)
        self.waiting: list[tuple[int, int, Event]] = []
        env.process(self.roster(plan))

    def roster(self, plan: Plan) -> Process:
        """Change what is on duty; whoever is in a stage finishes it, so `used` may exceed the capacity for a while."""
        steps = zip(plan.capacity_times_s.tolist(), plan.capacity.tolist(), strict=True)
        for time_s, capacity in steps:
            if time_s > self.env.now:
                yield Moment(self.env, time_s, Kind.ROSTER_STEP)
            self.capacity = capacity
            self.dispatch()

    def request(self, vehicle: int, stage: int) -> Event:
        """Return an event that happens when the stage's crew and equipment are there."""
        ready = self.env.event()
        insort(self.waiting, (vehicle, stage, ready), key=lambda entry: entry[0])
        self.dispatch()
        return ready

    def give_back(self, stage: int) -> None:
        """Free a stage's crew and equipment; the next request or `dispatch` hands them out."""
        self.used = [used - need for used, need in zip(self.used, self.need[stage], strict=True)]

    def dispatch(self) -> None:
        """Start every stage that can start, in order of selection."""
        still_waiting = []
        for entry in self.waiting:
            _, stage, ready = entry
            after = [used + need for used, need in zip(self.used, self.need[stage], strict=True)]
            # A pool that the stage does not need may be overdrawn by officers finishing after their shift.
            if all(a <= c or a == u for a, c, u in zip(after, self.capacity, self.used, strict=True)):
                self.used = after
                ready.succeed()
            else:
                still_waiting.append(entry)
        self.waiting = still_waiting


class Area:
    """Waiting spaces and bays. A place is reserved at the selection point; bays go in order of selection."""

    def __init__(self, env: Environment, traffic: Traffic, plan: Plan) -> None:
        self.env = env
        self.traffic = traffic
        self.plan = plan
        self.crews = Crews(env, plan)
        self.number: list[int] = traffic.number.tolist()
        self.vehicle_class: list[int] = traffic.vehicle_class.tolist()
        self.target: list[int] = traffic.target.tolist()
        self.taken = 0
        self.free_bays = plan.bays
        self.queue: deque[Event] = deque()
        self.place_freed: Event | None = None
        self.found_at = [NOT_FOUND] * len(traffic)
        self.bay_from_s = [NEVER] * len(traffic)
        self.left_s = [NEVER] * len(traffic)
        self.stages: list[tuple[int, int, float, float]] = []

    def has_place(self) -> bool:
        """Tell whether one more vehicle is accepted."""
        return rules.has_place(self.taken, self.plan.waiting, self.plan.bays)

    def next_place(self) -> Event:
        """Return an event that happens when a place is freed."""
        self.place_freed = self.env.event()
        return self.place_freed

    def accept(self, vehicle: int) -> None:
        """Reserve a place for a diverted vehicle."""
        self.taken += 1
        self.env.process(self.inspection(vehicle))

    def inspection(self, vehicle: int) -> Process:
        """Arrive, wait, be inspected stage by stage, leave."""
        yield Moment(self.env, self.env.now + self.plan.divert_s, Kind.AREA_ARRIVAL, vehicle)
        yield self.bay()
        self.bay_from_s[vehicle] = self.env.now
        alarmed = False
        for stage in range(self.plan.inspection.after_detection):
            if self.needs(vehicle, stage, alarmed=alarmed):
                yield from self.carry_out(vehicle, stage)
                alarmed = alarmed or self.gives_alarm(vehicle, stage)
                if self.finds(vehicle, stage):
                    self.found_at[vehicle] = stage
                    break
        after = self.plan.inspection.after_detection
        if self.found_at[vehicle] != NOT_FOUND and self.needs(vehicle, after, alarmed=alarmed):
            yield from self.carry_out(vehicle, after)
        self.left_s[vehicle] = self.env.now
        self.leave()

    def bay(self) -> Event:
        """Return an event that happens when this vehicle, next in line, has a bay."""
        has_bay = self.env.event()
        if self.free_bays:
            self.free_bays -= 1
            has_bay.succeed()
        else:
            self.queue.append(has_bay)
        return has_bay

    def leave(self) -> None:
        """Free the bay for the next in line and the place for a vehicle held in the lane."""
        if self.queue:
            self.queue.popleft().succeed()
        else:
            self.free_bays += 1
        self.taken -= 1
        if self.place_freed is not None:
            self.place_freed.succeed()
            self.place_freed = None
        self.crews.dispatch()

    def carry_out(self, vehicle: int, stage: int) -> Process:
        """Wait for crew and equipment, use them for the stage's duration, give them back."""
        yield self.crews.request(vehicle, stage)
        from_s = self.env.now
        yield Moment(self.env, from_s + self.duration_s(vehicle, stage), Kind.STAGE_END, vehicle)
        self.crews.give_back(stage)
        self.stages.append((vehicle, stage, from_s, self.env.now))

    def needs(self, vehicle: int, stage: int, *, alarmed: bool) -> bool:
        """Tell whether a vehicle goes through a stage."""
        inspection = self.plan.inspection
        applies = bool(inspection.applies[stage, self.vehicle_class[vehicle]])
        return rules.needs_stage(
            bool(inspection.possible[stage]), applies, bool(inspection.after_alarm[stage]), alarmed
        )

    def duration_s(self, vehicle: int, stage: int) -> float:
        """Draw how long a stage takes."""
        inspection = self.plan.inspection
        return dice.draw_duration(
            self.traffic.seed,
            self.traffic.replication,
            int(inspection.duration_purpose[stage]),
            self.number[vehicle],
            float(inspection.mean_s[stage, self.vehicle_class[vehicle]]),
            float(inspection.cv[stage]),
            bool(inspection.memoryless[stage]),
        )

    def gives_alarm(self, vehicle: int, stage: int) -> bool:
        """Draw whether a stage gives an alarm."""
        inspection = self.plan.inspection
        return self._happens(
            vehicle, int(inspection.alarm_purpose[stage]), inspection.alarms[stage, self.target[vehicle]]
        )

    def finds(self, vehicle: int, stage: int) -> bool:
        """Draw whether a stage finds the target; ordinary vehicles have none."""
        inspection = self.plan.inspection
        return self._happens(
            vehicle, int(inspection.find_purpose[stage]), inspection.finds[stage, self.target[vehicle]]
        )

    def _happens(self, vehicle: int, purpose: int, chance: np.float64) -> bool:
        if chance <= 0.0:
            return False
        u = dice.draw(self.traffic.seed, self.traffic.replication, purpose, self.number[vehicle])
        return bool(u < chance)
