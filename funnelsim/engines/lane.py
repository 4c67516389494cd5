"""The lane of a funnel in SimPy: arrive, look, divert, pass."""

from collections.abc import Generator
from typing import Any

import numpy as np
from simpy import Environment, Event

from funnelsim.engines.approach import Approach
from funnelsim.engines.area import Area
from funnelsim.engines.moment import Kind, Moment
from funnelsim.model import rules
from funnelsim.model.log import Fate, Gate, Valve
from funnelsim.model.look import quality
from funnelsim.model.passage import Passage, headway_behind
from funnelsim.model.plan import Plan
from funnelsim.model.selecting import cutoff_at
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
        self.has_list = bool(plan.choice.listed.any())
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
        self.adapts_on = plan.choice.adapts_on
        self.rule = rules.RULES[plan.choice.rule]
        self.cutoff: list[float] = plan.choice.cutoff.tolist()
        self.every: list[int] = plan.choice.every.tolist()
        self.look_officers, self.look_stops = plan.choice.look_officers, plan.choice.look_stops
        self.looks_differ = plan.choice.looks_differ
        self.seen = [0] * len(plan.classes)
        self.diversion_s: list[float] = plan.diversion_s.tolist()

        count = len(traffic)
        self.passed_s = approach.passed_s
        self.gate = [Gate.NO_FUNNEL] * count
        self.threshold = [np.inf] * count
        self.quality = [1.0] * count
        self.accepted = [False] * count
        self.fate = [Fate.OUTSIDE_OPERATION] * count
        self.valve = Valve.OPEN
        self.valve_changes: list[tuple[float, Valve]] = []
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
            diverted = False
            if gate == Gate.NO_FUNNEL:
                passed_s = clear_s
            else:
                yield Moment(self.env, self.look(vehicle, gate, clear_s), Kind.SELECTION_POINT, self.first + vehicle)
                diverted = self.select(vehicle, gate) and (self.plan.hold or self.area.has_place())
                if diverted:
                    yield from self.divert(vehicle)
                passed_s = self.env.now
            self.passed_s.append(passed_s)
            self.ahead, self.ahead_passed_s = vehicle, passed_s
            self.ahead_diversion_s = self.diversion_s[self.vehicle_class[vehicle]] if diverted else 0.0
            if self.look_stops:
                self.diverted_s.append(self.ahead_diversion_s)
        while self.windows:  # nobody comes any more, but the funnel opens
            self.open_again()
        self.approach.advance(NEVER)

    def follow(self, vehicle: int) -> None:
        """Take the headway behind whoever is in front, where the neighbour on the road has turned off."""
        if self.ahead >= 0:
            self.funnel_headway_s[vehicle], self.road_headway_s[vehicle] = headway_behind(
                self.traffic, self.plan, vehicle, self.ahead
            )

    def arrive(self, vehicle: int) -> tuple[Gate, float]:
        """Return what a vehicle finds at the selection point, and when it is free to pass it."""
        clear_s = self.clear_s(vehicle)
        while True:
            while clear_s >= self.closes_s and self.lane_s(vehicle) >= self.next_opens_s:
                self.open_again()
                clear_s = self.clear_s(vehicle)
            if not self.opens_s <= clear_s < self.closes_s:
                break
            funnel = self.plan.funnel
            self.tail_m = self.approach.tail_seen_m(clear_s)
            valve = rules.next_valve(self.valve, self.tail_m, funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m)
            if valve == self.valve:
                break
            self.turn_valve(Valve(valve), clear_s)
            clear_s = max(clear_s, self.clear_s(vehicle))
            if clear_s < self.closes_s:
                break
        if clear_s < self.opens_s:
            return Gate.NO_FUNNEL, self.road_s(vehicle)
        if clear_s >= self.closes_s:
            return Gate.NO_FUNNEL, max(self.closes_s, self.road_s(vehicle))
        return self.gate_at(clear_s), clear_s

    def open_again(self) -> None:
        """Go on to the next window; the valve is open then."""
        if self.valve != Valve.OPEN:
            self.turn_valve(Valve.OPEN, self.next_opens_s)
        self.opens_s, self.last_selection_s, self.closes_s, self.next_opens_s = self.windows.pop(0)

    def turn_valve(self, valve: Valve, now_s: float) -> None:
        """Set the valve."""
        self.valve = valve
        self.valve_changes.append((now_s, valve))

    def clear_s(self, vehicle: int) -> float:
        """Return when the lane (or the road, while the funnel is lifted) is clear for a vehicle."""
        return self.road_s(vehicle) if self.valve == Valve.LIFTED else self.lane_s(vehicle)

    def lane_s(self, vehicle: int) -> float:
        """Return when the lane is clear for a vehicle."""
        follows_s = self.ahead_passed_s + self.funnel_headway_s[vehicle] + self.ahead_diversion_s
        return max(self.arrival_s[vehicle], follows_s)

    def road_s(self, vehicle: int) -> float:
        """Return when the road, with all its lanes, is clear for a vehicle."""
        follows_s = self.ahead_passed_s + self.road_headway_s[vehicle] + self.ahead_diversion_s
        return max(self.free_s[vehicle], follows_s)

    def gate_at(self, time_s: float) -> Gate:
        """Return whether somebody looks at the vehicles that pass now."""
        if self.valve == Valve.LIFTED:
            return Gate.LIFTED
        steps = self.staffed_from_s
        while self.duty_step + 1 < len(steps) and steps[self.duty_step + 1] <= time_s:
            self.duty_step += 1
        if not self.staffed[self.duty_step]:
            return Gate.UNSTAFFED
        if self.valve == Valve.SUSPENDED or time_s >= self.last_selection_s:
            return Gate.SUSPENDED
        return Gate.OPEN

    def look(self, vehicle: int, gate: Gate, clear_s: float) -> float:
        """Return when the look at a vehicle is over; while selection is suspended nobody is looked at."""
        if gate != Gate.OPEN:
            return clear_s
        passed_s = self.passed_s
        before = len(passed_s) - self.look_officers  # whom the same officer looked at
        free_s = passed_s[before] if before >= 0 else NEVER_YET
        if self.look_stops:
            moved_up_s = free_s + self.funnel_headway_s[vehicle] + (self.diverted_s[before] if before >= 0 else 0.0)
            return rules.looked_at_standing(clear_s, self.arrival_s[vehicle], moved_up_s, self.look_s[vehicle])
        return rules.looked_at_rolling(clear_s, free_s, self.look_s[vehicle])

    def select(self, vehicle: int, gate: Gate) -> bool:
        """Decide whether a vehicle is singled out, and note its fate if it is not inspected."""
        if gate == Gate.OPEN:
            threshold = self.threshold[vehicle] = self.threshold_now(vehicle)
            selected = self.score_now(vehicle) > threshold or self.listed[vehicle]
            otherwise = Fate.NOT_SELECTED
        elif gate == Gate.SUSPENDED and self.has_list:
            selected, otherwise = self.listed[vehicle], Fate.SELECTION_SUSPENDED
        else:
            self.fate[vehicle] = Fate.POST_UNSTAFFED if gate == Gate.UNSTAFFED else Fate.SELECTION_SUSPENDED
            return False
        self.accepted[vehicle] = self.plan.hold or self.area.has_place()
        self.fate[vehicle] = Fate.AREA_FULL if selected else otherwise
        return selected

    def threshold_now(self, vehicle: int) -> float:
        """Return the score above which this vehicle, now, is selected."""
        kind = self.vehicle_class[vehicle]
        self.seen[kind] += 1
        area = self.area
        cutoff = self.adapted_cutoff(kind) if self.adapts_on else self.cutoff[kind]
        return self.rule(cutoff, self.every[kind], self.seen[kind], area.taken, self.plan.bays, area.filling)

    def adapted_cutoff(self, kind: int) -> float:
        """Return the quantile of a class's selection rate, as full as the area or as long as the queue now is."""
        choice, places = self.plan.choice, self.plan.waiting + self.plan.bays
        value = self.tail_m if self.adapts_on == "tail_m" else self.area.taken / places if places else 1.0
        factor = rules.factor_at(value, choice.adapt_at.tolist(), choice.adapt_factor.tolist())
        return cutoff_at(float(choice.rate[kind]) * factor)

    def score_now(self, vehicle: int) -> float:
        """Return the suspicion that this look raises; a longer look by a fresh officer tells more of a target."""
        if not self.looks_differ:
            return self.score[vehicle]
        choice = self.plan.choice
        at_post_s = (self.env.now - self.opens_s) % choice.rotate_s
        told = quality(self.look_s[vehicle], choice.look_reference_s, at_post_s, choice.tires_half_life_s)
        self.quality[vehicle] = told
        return float(self.traffic.impression[vehicle] + told * choice.cue[self.traffic.target[vehicle]])

    def divert(self, vehicle: int) -> Generator[Event, Any, None]:
        """Send a vehicle to the area as soon as it has a place there."""
        yield from self.area.place()
        self.fate[vehicle] = Fate.INSPECTED
        self.env.process(self.area.arrive(self.first + vehicle))
