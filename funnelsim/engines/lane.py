"""The lane of a funnel in SimPy: arrive, look, divert, pass."""

from collections.abc import Generator
from typing import Any

import numpy as np
from simpy import Environment, Event

from funnelsim.engines.approach import Approach
from funnelsim.engines.area import Area
from funnelsim.engines.scheduled_event import EventKind, ScheduledEvent
from funnelsim.model import rules
from funnelsim.model.decisions import adapted_cutoff, look_quality
from funnelsim.model.passage import Passage, headway_behind
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate, Gate, Valve
from funnelsim.model.traffic import Traffic
from funnelsim.units import NEVER

NEVER_YET = float("-inf")


class Lane:
    """The single lane of a funnel and the officer at its end.

    Vehicle *i* leaves the selection point at the latest of: its own arrival; the time of the vehicle in front, plus
    headway, plus what that vehicle's diversion cost; and the end of the look, which begins when the officer has done
    with the vehicle before.
    """

    def __init__(
        self,
        env: Environment,
        traffic: Traffic,
        plan: Plan,
        passage: Passage,
        area: Area,
        approach: Approach,
        first: int,
    ) -> None:
        self.env = env
        self.traffic = traffic
        self.plan = plan
        self.area = area
        self.approach = approach
        self.first = first
        self.free_s: list[float] = traffic.free_s.tolist()
        self.look_s: list[float] = traffic.look_s.tolist()
        self.vehicle_class: list[int] = traffic.vehicle_class.tolist()
        self.arrival_s: list[float] = passage.arrival_s.tolist()
        self.funnel_headway_s: list[float] = passage.funnel_headway_s.tolist()
        self.road_headway_s: list[float] = passage.road_headway_s.tolist()
        self.score: list[float] = passage.score.tolist()
        self.listed: list[bool] = passage.listed.tolist()
        self.staffed_from_s: list[float] = plan.duty.times_s.tolist()
        self.staffed: list[bool] = plan.duty.staffed.tolist()
        self.duty_step = 0
        self.windows = list(
            zip(
                plan.funnel.opens_s.tolist(),
                plan.funnel.last_selection_s.tolist(),
                plan.funnel.closes_s.tolist(),
                [*plan.funnel.opens_s.tolist()[1:], NEVER],
                strict=True,
            )
        )
        self.opens_s, self.last_selection_s, self.closes_s, self.next_opens_s = self.windows.pop(0)
        self.selection = selection = plan.selection
        self.rule = rules.rule_number(selection.rule)
        self.follows = selection.follows
        self.rate_from_s: list[float] = selection.rate_times_s.tolist()
        self.rate_step = 0
        self.selectable: list[list[bool]] = selection.selectable.tolist()
        self.cutoff: list[list[float]] = selection.cutoff.tolist()
        self.every: list[int] = selection.every.tolist()
        self.has_list = bool(selection.listed.any())
        self.look_officers, self.look_stops = selection.look_officers, selection.look_stops
        self.seen = [0] * len(plan.classes)
        self.diversion_s: list[float] = plan.diversion_s.tolist()

        count = len(traffic)
        self.passed_s = approach.passed_s
        self.gate: list[int] = [Gate.NO_FUNNEL] * count
        self.threshold = [np.inf] * count
        self.quality = [1.0] * count
        self.accepted = [False] * count
        self.fate: list[int] = [Fate.OUTSIDE_OPERATION] * count
        self.valve: int = Valve.OPEN
        self.valve_changes: list[tuple[float, int]] = []
        self.tail_m = 0.0
        self.ahead, self.ahead_passed_s, self.ahead_diversion_s = -1, NEVER_YET, 0.0
        self.diverted_s: list[float] = []

    def vehicles(self) -> Generator[Event, Any, None]:
        """Let the vehicles pass one by one."""
        for vehicle in self.approach.vehicles():
            if self.ahead < vehicle - 1:
                self.follow(vehicle)
            gate, clear_s = self.arrive(vehicle)
            self.gate[vehicle] = gate
            passed_s, diverted = clear_s, False
            if gate != Gate.NO_FUNNEL:
                looked_at_s = self.look(vehicle, gate, clear_s)
                yield ScheduledEvent(self.env, looked_at_s, EventKind.SELECTION_POINT, self.first + vehicle)
                diverted = self.select(vehicle, gate)
                if diverted:
                    yield from self.divert(vehicle)
                passed_s = self.env.now
            self.passed_s.append(passed_s)
            self.ahead, self.ahead_passed_s = vehicle, passed_s
            self.ahead_diversion_s = self.diversion_s[self.vehicle_class[vehicle]] if diverted else 0.0
            if self.look_stops:
                self.diverted_s.append(self.ahead_diversion_s)
        while self.windows:  # no vehicle comes any more, but the funnel opens
            self.open_again()
        self.approach.advance(NEVER)

    def follow(self, vehicle: int) -> None:
        """Where the vehicle in front on the road has turned off, take the headway behind the one before it."""
        if self.ahead >= 0:
            self.funnel_headway_s[vehicle], self.road_headway_s[vehicle] = headway_behind(
                self.traffic, self.plan, vehicle, self.ahead
            )

    def arrive(self, vehicle: int) -> tuple[int, float]:
        """Return what a vehicle finds at the selection point, and when it is free to pass it."""
        clear_s = self.clear_s(vehicle)
        while True:
            met = rules.meets(clear_s, self.lane_s(vehicle), self.opens_s, self.closes_s, self.next_opens_s)
            if met == rules.IN_NEXT_WINDOW:
                self.open_again()
                clear_s = self.clear_s(vehicle)
                continue
            if met != rules.IN_WINDOW:
                return Gate.NO_FUNNEL, rules.passes_by_s(met, self.road_s(vehicle), self.closes_s)
            if not self.valve_turns(clear_s):
                break
            clear_s = max(clear_s, self.clear_s(vehicle))
            if clear_s < self.closes_s:
                break
        staffed = self.staffed[self.duty_step_at(clear_s)]
        return rules.gate_at(clear_s, self.valve, staffed, self.last_selection_s), clear_s

    def valve_turns(self, now_s: float) -> bool:
        """Let the valve act on the present queue, and tell whether its state changes."""
        funnel = self.plan.funnel
        self.tail_m = self.approach.tail_seen_m(now_s)
        valve = rules.next_valve(self.valve, self.tail_m, funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m)
        if valve == self.valve:
            return False
        self.turn_valve(valve, now_s)
        return True

    def open_again(self) -> None:
        """Go on to the next window; the valve is open then."""
        if self.valve != Valve.OPEN:
            self.turn_valve(Valve.OPEN, self.next_opens_s)
        self.opens_s, self.last_selection_s, self.closes_s, self.next_opens_s = self.windows.pop(0)

    def turn_valve(self, valve: int, now_s: float) -> None:
        """Set the valve."""
        self.valve = valve
        self.valve_changes.append((now_s, valve))

    def clear_s(self, vehicle: int) -> float:
        """Return when the lane (or the road, while the funnel is lifted) is clear for a vehicle."""
        return self.road_s(vehicle) if self.valve == Valve.LIFTED else self.lane_s(vehicle)

    def lane_s(self, vehicle: int) -> float:
        """Return when the lane is clear for a vehicle."""
        headway_s = self.funnel_headway_s[vehicle]
        return rules.clear_s(self.arrival_s[vehicle], self.ahead_passed_s, headway_s, self.ahead_diversion_s)

    def road_s(self, vehicle: int) -> float:
        """Return when the road, with all its lanes, is clear for a vehicle."""
        headway_s = self.road_headway_s[vehicle]
        return rules.clear_s(self.free_s[vehicle], self.ahead_passed_s, headway_s, self.ahead_diversion_s)

    def duty_step_at(self, time_s: float) -> int:
        """Return the step of the roster at a time; it is only asked for ascending times."""
        steps = self.staffed_from_s
        while self.duty_step + 1 < len(steps) and steps[self.duty_step + 1] <= time_s:
            self.duty_step += 1
        return self.duty_step

    def rate_step_at(self, time_s: float) -> int:
        """Return the step of the selection rates at a time; it is only asked for ascending times."""
        steps = self.rate_from_s
        while self.rate_step + 1 < len(steps) and steps[self.rate_step + 1] <= time_s:
            self.rate_step += 1
        return self.rate_step

    def look(self, vehicle: int, gate: int, clear_s: float) -> float:
        """Return when the look at a vehicle is over."""
        before = len(self.passed_s) - self.look_officers  # the vehicle that the same officer looked at
        officer_free_s = self.passed_s[before] if before >= 0 else NEVER_YET
        diverted_s = self.diverted_s[before] if before >= 0 and self.look_stops else 0.0
        moved_up_s = officer_free_s + self.funnel_headway_s[vehicle] + diverted_s
        look_s, arrival_s = self.look_s[vehicle], self.arrival_s[vehicle]
        return rules.look_ends_s(gate, self.look_stops, clear_s, arrival_s, officer_free_s, moved_up_s, look_s)

    def select(self, vehicle: int, gate: int) -> bool:
        """Decide whether a vehicle is diverted, and note its fate."""
        selected = accepted = False
        if rules.is_asked(gate, self.has_list):
            score = 0.0
            if gate == Gate.OPEN:
                self.threshold[vehicle], score = self.threshold_now(vehicle), self.score_now(vehicle)
            selected = rules.selects(gate, score, self.threshold[vehicle], self.listed[vehicle])
            accepted = rules.accepts(self.plan.hold, self.area.taken, self.plan.waiting, self.plan.bays)
        self.accepted[vehicle] = accepted
        self.fate[vehicle] = rules.fate_at(gate, selected, accepted)
        return selected and accepted

    def threshold_now(self, vehicle: int) -> float:
        """Return the score above which this vehicle, now, is selected."""
        of_class, area, plan, selection = self.vehicle_class[vehicle], self.area, self.plan, self.selection
        self.seen[of_class] += 1
        step = self.rate_step_at(self.env.now)
        cutoff = self.cutoff[step][of_class]
        if self.follows != rules.FIXED:
            rate, at, factor = float(selection.rate[step, of_class]), selection.adapt_at, selection.adapt_factor
            cutoff = adapted_cutoff(rate, self.follows, self.tail_m, area.taken, plan.waiting + plan.bays, at, factor)
        selectable, every, seen = self.selectable[step][of_class], self.every[of_class], self.seen[of_class]
        return rules.threshold_at(self.rule, selectable, cutoff, every, seen, area.taken, plan.bays, area.filling)

    def score_now(self, vehicle: int) -> float:
        """Return the score of this look; a longer look by a fresh officer tells more about a target."""
        selection = self.selection
        if not selection.looks_differ:
            return self.score[vehicle]
        since_opening_s = self.env.now - self.opens_s
        reference_s, half_life_s = selection.look_reference_s, selection.tires_half_life_s
        quality = look_quality(self.look_s[vehicle], reference_s, since_opening_s, selection.rotate_s, half_life_s)
        self.quality[vehicle] = quality
        return float(self.traffic.impression[vehicle] + quality * selection.cue[self.traffic.target[vehicle]])

    def divert(self, vehicle: int) -> Generator[Event, Any, None]:
        """Send a vehicle to the area as soon as it has a place there."""
        yield from self.area.place()
        self.env.process(self.area.arrive(self.first + vehicle))
