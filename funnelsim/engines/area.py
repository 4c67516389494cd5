"""The secondary area in SimPy: a vehicle's inspection from its arrival until it leaves."""

from collections import deque

import numpy as np
from simpy import Environment, Event

from funnelsim.engines.crews import Crews, Places, Process
from funnelsim.engines.scheduled_event import EventKind, ScheduledEvent
from funnelsim.model import random_numbers, rules
from funnelsim.model.decisions import happens
from funnelsim.model.plan import Plan
from funnelsim.model.states import NOT_FOUND
from funnelsim.model.traffic import Traffic
from funnelsim.units import NEVER


class Area:
    """Waiting spaces, bays and processing spots. A place is reserved at the selection point."""

    def __init__(self, env: Environment, traffic: Traffic, plan: Plan) -> None:
        self.env = env
        self.traffic = traffic
        self.plan = plan
        self.crews = Crews(env, plan)
        self.bays = Places(env, plan.bays)
        self.spots = Places(env, plan.spots)
        self.number: list[int] = traffic.number.tolist()
        self.vehicle_class: list[int] = traffic.vehicle_class.tolist()
        self.target: list[int] = traffic.target.tolist()
        self.taken = 0
        self.changing = 0
        self.filling = True
        self.held: deque[Event] = deque()
        self.turns = 0
        self.skip_times_s: list[float] = plan.inspection.skip_times_s.tolist()
        self.skip_step = [0] * len(traffic)
        self.found_at = [NOT_FOUND] * len(traffic)
        self.area_s = [NEVER] * len(traffic)
        self.bay_from_s = [NEVER] * len(traffic)
        self.bay_to_s = [NEVER] * len(traffic)
        self.left_s = [NEVER] * len(traffic)
        self.stages: list[tuple[int, int, float, float]] = []

    def has_place(self) -> bool:
        """Tell whether one more vehicle is accepted."""
        return rules.has_place(self.taken, self.plan.waiting, self.plan.bays)

    def reserve(self) -> None:
        """Reserve a place for a vehicle that will come."""
        self.taken += 1
        self.filling = rules.next_filling(self.filling, self.taken, self.plan.waiting + self.plan.bays)

    def place(self) -> Process:
        """Reserve a place, at once or, held at the selection point, when one is handed over."""
        if self.has_place():
            self.reserve()
        else:
            handed_over = self.env.event()
            self.held.append(handed_over)
            yield handed_over

    def release(self) -> None:
        """Hand a place over to the vehicle held at a selection point; if there is none, free it."""
        if self.held:
            self.held.popleft().succeed()
            return
        self.taken -= 1
        self.filling = rules.next_filling(self.filling, self.taken, self.plan.waiting + self.plan.bays)

    def arrive(self, vehicle: int) -> Process:
        """Drive from the selection point to the area and be inspected there."""
        self.turns += 1
        turn = self.turns
        self.note_equipment(vehicle)
        yield ScheduledEvent(self.env, self.env.now + self.plan.divert_s, EventKind.AREA_ARRIVAL, vehicle)
        yield from self.inspection(vehicle, turn)

    def bring(self, vehicle: int) -> Process:
        """Be brought to the area by a chase car and be inspected there."""
        self.turns += 1
        yield from self.inspection(vehicle, self.turns)

    def note_equipment(self, vehicle: int) -> None:
        """Note which stages a vehicle leaves out, by the equipment that is there as it is selected or pursued."""
        self.skip_step[vehicle] = rules.step_at(self.env.now, self.skip_times_s)

    def inspection(self, vehicle: int, turn: int) -> Process:
        """Wait for a bay, be inspected stage by stage, leave."""
        self.area_s[vehicle] = self.env.now
        yield self.bays.take()
        self.bay_from_s[vehicle] = self.env.now
        alarmed = False
        for stage in range(self.plan.inspection.after_detection):
            if self.needs(vehicle, stage, alarmed=alarmed):
                yield from self.carry_out(vehicle, turn, stage)
                alarmed = alarmed or self.gives_alarm(vehicle, stage)
                if self.finds(vehicle, stage):
                    self.found_at[vehicle] = stage
                    yield from self.process(vehicle, turn)
                    return
        self.leave(vehicle)
        self.crews.dispatch()

    def process(self, vehicle: int, turn: int) -> Process:
        """Follow up a detection, in the bay or in a processing spot, until a van has taken the persons away."""
        if self.plan.frees_bay:
            if not self.spots.free:
                self.crews.dispatch()  # officers whom the search has freed need not wait for the spot
            yield self.spots.take()
            self.free_bay(vehicle)
        after = self.plan.inspection.after_detection
        if self.needs(vehicle, after, alarmed=True):
            yield from self.carry_out(vehicle, turn, after)
        transport = after + 1
        if self.plan.inspection.transports and self.needs(vehicle, transport, alarmed=True):
            yield self.crews.request(turn, transport)
            self.leave(vehicle)
            yield from self.run_stage(vehicle, transport)
        else:
            self.leave(vehicle)
        self.crews.dispatch()

    def leave(self, vehicle: int) -> None:
        """Leave the spot, or the bay."""
        self.left_s[vehicle] = self.env.now
        if self.bay_to_s[vehicle] == NEVER:
            self.free_bay(vehicle)
        else:
            self.spots.give_back()

    def free_bay(self, vehicle: int) -> None:
        """Free the bay for the next in line and the place for a vehicle held in the lane."""
        self.bay_to_s[vehicle] = self.env.now
        if self.plan.changeover_s:
            self.env.process(self.change_over(vehicle))
        else:
            self.bays.give_back()
        self.release()

    def change_over(self, vehicle: int) -> Process:
        """Let the bay that a vehicle has left be empty until the next one can stand in it."""
        self.changing += 1
        yield ScheduledEvent(self.env, self.env.now + self.plan.changeover_s, EventKind.BAY_READY, vehicle)
        self.changing -= 1
        self.bays.give_back()

    def carry_out(self, vehicle: int, turn: int, stage: int) -> Process:
        """Wait for crew and equipment, use them for the stage's duration, give them back."""
        yield self.crews.request(turn, stage)
        yield from self.run_stage(vehicle, stage)

    def run_stage(self, vehicle: int, stage: int) -> Process:
        """Let a stage run for its duration, and give back crew and equipment at its end."""
        from_s = self.env.now
        yield ScheduledEvent(self.env, from_s + self.duration_s(vehicle, stage), EventKind.STAGE_END, vehicle)
        self.crews.give_back(stage, from_s)
        self.stages.append((vehicle, stage, from_s, self.env.now))

    def needs(self, vehicle: int, stage: int, *, alarmed: bool) -> bool:
        """Tell whether a vehicle goes through a stage."""
        inspection = self.plan.inspection
        skips = bool(inspection.skips[self.skip_step[vehicle], stage])
        applies = bool(inspection.applies[stage, self.vehicle_class[vehicle]]) and not skips
        return rules.needs_stage(applies, bool(inspection.after_alarm[stage]), alarmed)

    def duration_s(self, vehicle: int, stage: int) -> float:
        """Draw how long a stage takes for this vehicle and its occupants."""
        inspection = self.plan.inspection
        of_class, occupants = self.vehicle_class[vehicle], int(self.traffic.occupants[vehicle])
        per_occupant_s = float(inspection.per_occupant_s[stage])
        mean_s = rules.stage_mean_s(float(inspection.mean_s[stage, of_class]), per_occupant_s, occupants)
        return random_numbers.draw_duration(
            self.traffic.seed,
            self.traffic.replication,
            int(inspection.duration_purpose[stage]),
            self.number[vehicle],
            mean_s,
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
        return happens(self.traffic.seed, self.traffic.replication, purpose, self.number[vehicle], float(chance))
