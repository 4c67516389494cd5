"""The model of record: the checkpoint as SimPy processes. Arrive, look, divert, wait, inspect, leave."""

from collections.abc import Generator
from typing import Any

import numpy as np
from simpy import Environment, Event

from funnelsim.engines.area import Area
from funnelsim.engines.moment import Kind, Moment
from funnelsim.model import rules
from funnelsim.model.grid import on_grid
from funnelsim.model.log import Fate, Gate, Log, Valve
from funnelsim.model.passage import passage_of
from funnelsim.model.plan import Plan
from funnelsim.model.queue import advance_tail
from funnelsim.model.traffic import Traffic

NEVER_YET = float("-inf")


class Lane:
    """The single lane of the funnel and the officer at its end.

    Vehicle *i* leaves the selection point at the latest of: its own arrival; the time of the vehicle in front, plus
    headway, plus what that vehicle's diversion cost; and the end of the look, which begins when the officer has done
    with the vehicle before.
    """

    def __init__(self, env: Environment, traffic: Traffic, plan: Plan) -> None:
        self.env = env
        self.plan = plan
        self.area = Area(env, traffic, plan)
        passage = passage_of(traffic, plan)
        self.free_s: list[float] = traffic.free_s.tolist()
        self.look_s: list[float] = traffic.look_s.tolist()
        self.vehicle_class: list[int] = traffic.vehicle_class.tolist()
        self.arrival_s: list[float] = passage.arrival_s.tolist()
        self.funnel_headway_s: list[float] = passage.funnel_headway_s.tolist()
        self.road_headway_s: list[float] = passage.road_headway_s.tolist()
        self.score: list[float] = passage.score.tolist()
        self.spacing_up_to_m: list[float] = passage.spacing_up_to_m.tolist()
        self.staffed_from_s: list[float] = plan.duty.times_s.tolist()
        self.staffed: list[bool] = plan.duty.staffed.tolist()
        self.duty_step = 0
        self.rule = rules.RULES[plan.rule]
        self.cutoff: list[float] = plan.cutoff.tolist()
        self.every: list[int] = plan.every.tolist()
        self.seen = [0] * len(plan.classes)
        self.diversion_s: list[float] = plan.diversion_s.tolist()

        count = len(traffic)
        self.passed_s = [0.0] * count
        self.joined_s = [0.0] * count
        self.tail_m = [0.0] * count
        self.gate = [Gate.NO_FUNNEL] * count
        self.threshold = [np.inf] * count
        self.accepted = [False] * count
        self.fate = [Fate.OUTSIDE_OPERATION] * count
        self.valve = Valve.OPEN
        self.valve_changes: list[tuple[float, Valve]] = []
        self.newest, self.foot = -1, 0
        self.ahead_passed_s, self.ahead_diversion_s = NEVER_YET, 0.0

    def vehicles(self) -> Generator[Event, Any, None]:
        """Let the vehicles pass one by one."""
        for vehicle in range(len(self.free_s)):
            gate, clear_s = self.approach(vehicle)
            self.gate[vehicle] = gate
            diverted = False
            if gate == Gate.NO_FUNNEL:
                passed_s = clear_s
            else:
                yield Moment(self.env, self.look(vehicle, gate, clear_s), Kind.SELECTION_POINT, vehicle)
                selected = self.select(vehicle, gate)
                if selected and self.plan.hold and not self.area.has_place():
                    yield self.area.next_place()
                diverted = selected and self.area.has_place()
                if diverted:
                    self.area.accept(vehicle)
                    self.fate[vehicle] = Fate.INSPECTED
                passed_s = self.env.now
            self.passed_s[vehicle] = passed_s
            self.ahead_passed_s = passed_s
            self.ahead_diversion_s = self.diversion_s[self.vehicle_class[vehicle]] if diverted else 0.0
        self.look_back(float("inf"), len(self.free_s))

    def approach(self, vehicle: int) -> tuple[Gate, float]:
        """Return what a vehicle finds at the selection point, and when it is free to pass it."""
        funnel = self.plan.funnel
        clear_s = self.clear_s(vehicle)
        if funnel.opens_s <= clear_s < funnel.closes_s:
            tail_m = self.look_back(clear_s, vehicle)
            valve = Valve(
                rules.next_valve(self.valve, tail_m, funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m)
            )
            if valve != self.valve:
                self.valve = valve
                self.valve_changes.append((clear_s, valve))
                clear_s = max(clear_s, self.clear_s(vehicle))
        if clear_s < funnel.opens_s:
            return Gate.NO_FUNNEL, self.road_s(vehicle)
        if clear_s >= funnel.closes_s:
            return Gate.NO_FUNNEL, max(funnel.closes_s, self.road_s(vehicle))
        return self.gate_at(clear_s), clear_s

    def clear_s(self, vehicle: int) -> float:
        """Return when the lane (or the road, while the funnel is lifted) is clear for a vehicle."""
        if self.valve == Valve.LIFTED:
            return self.road_s(vehicle)
        follows_s = self.ahead_passed_s + self.funnel_headway_s[vehicle] + self.ahead_diversion_s
        return max(self.arrival_s[vehicle], follows_s)

    def road_s(self, vehicle: int) -> float:
        """Return when the road, with all its lanes, is clear for a vehicle."""
        follows_s = self.ahead_passed_s + self.road_headway_s[vehicle] + self.ahead_diversion_s
        return max(self.free_s[vehicle], follows_s)

    def look_back(self, now_s: float, passing: int) -> float:
        """Return the length of the queue, seen from the taper, when `passing` is the next to pass."""
        funnel = self.plan.funnel
        self.newest, self.foot = advance_tail(
            now_s,
            passing,
            self.newest,
            self.foot,
            self.free_s,
            self.passed_s,
            self.spacing_up_to_m,
            funnel.lanes,
            funnel.lane_length_m,
            funnel.road_speed_ms,
            funnel.wave_speed_ms,
            self.joined_s,
            self.tail_m,
        )
        return self.tail_m[self.newest] if self.newest >= passing else 0.0

    def gate_at(self, time_s: float) -> Gate:
        """Return whether somebody looks at the vehicles that pass now."""
        if self.valve == Valve.LIFTED:
            return Gate.LIFTED
        steps = self.staffed_from_s
        while self.duty_step + 1 < len(steps) and steps[self.duty_step + 1] <= time_s:
            self.duty_step += 1
        if not self.staffed[self.duty_step]:
            return Gate.UNSTAFFED
        if self.valve == Valve.SUSPENDED or time_s >= self.plan.funnel.last_selection_s:
            return Gate.SUSPENDED
        return Gate.OPEN

    def look(self, vehicle: int, gate: Gate, clear_s: float) -> float:
        """Return when the look at a vehicle is over; while selection is suspended nobody is looked at."""
        before = vehicle - self.plan.funnel.look_officers
        if gate != Gate.OPEN or before < 0:
            return clear_s
        return max(clear_s, self.passed_s[before] + self.look_s[vehicle])

    def select(self, vehicle: int, gate: Gate) -> bool:
        """Decide whether a vehicle is singled out, and note its fate if it is not inspected."""
        if gate != Gate.OPEN:
            unstaffed = gate == Gate.UNSTAFFED
            self.fate[vehicle] = Fate.POST_UNSTAFFED if unstaffed else Fate.SELECTION_SUSPENDED
            return False
        kind = self.vehicle_class[vehicle]
        self.seen[kind] += 1
        threshold = self.rule(self.cutoff[kind], self.every[kind], self.seen[kind], self.area.taken, self.plan.bays)
        self.threshold[vehicle] = threshold
        self.accepted[vehicle] = self.plan.hold or self.area.has_place()
        selected = self.score[vehicle] > threshold
        self.fate[vehicle] = Fate.AREA_FULL if selected else Fate.NOT_SELECTED
        return selected


def simulate(traffic: Traffic, plan: Plan) -> Log:
    """Run one replication of a plan and return its log.

    Parameters
    ----------
    traffic
        The vehicles, drawn for `plan.road`.
    plan
        The scenario in numbers.
    """
    env = Environment(initial_time=on_grid(plan.road.demand.window_s[0]))
    lane = Lane(env, traffic, plan)
    env.process(lane.vehicles())
    env.run()
    return _log(traffic, plan, lane)


def _log(traffic: Traffic, plan: Plan, lane: Lane) -> Log:
    operation = plan.window_s
    arrival_s = np.array(lane.arrival_s)
    fate = np.array(lane.fate, dtype=np.int64)
    met_closing = (arrival_s >= operation[0]) & (arrival_s < operation[1]) & (fate == Fate.OUTSIDE_OPERATION)
    fate[met_closing] = Fate.SELECTION_SUSPENDED  # came in time, and met the funnel closing: as the last minutes
    stages = np.array(lane.area.stages, dtype=np.float64).reshape(-1, 4)
    return Log(
        traffic=traffic,
        arrival_s=arrival_s,
        baseline_s=passage_of(traffic, plan).baseline_s,
        passed_s=np.array(lane.passed_s),
        joined_s=np.array(lane.joined_s),
        tail_m=np.array(lane.tail_m),
        gate=np.array(lane.gate, dtype=np.int64),
        threshold=np.array(lane.threshold),
        accepted=np.array(lane.accepted, dtype=np.bool_),
        fate=fate,
        found_at=np.array(lane.area.found_at, dtype=np.int64),
        bay_from_s=np.array(lane.area.bay_from_s),
        left_s=np.array(lane.area.left_s),
        stage_vehicle=stages[:, 0].astype(np.int64),
        stage=stages[:, 1].astype(np.int64),
        stage_from_s=stages[:, 2],
        stage_to_s=stages[:, 3],
        valve_s=np.array([time_s for time_s, _ in lane.valve_changes], dtype=np.float64),
        valve=np.array([valve for _, valve in lane.valve_changes], dtype=np.int64),
    )
