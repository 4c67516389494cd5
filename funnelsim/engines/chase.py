"""Chase cars in SimPy: they pursue vehicles that turn off before the funnel."""

from simpy import Environment

from funnelsim.engines.approach import Approach
from funnelsim.engines.area import Area
from funnelsim.engines.crews import Process
from funnelsim.engines.scheduled_event import EventKind, ScheduledEvent
from funnelsim.model import random_numbers, rules
from funnelsim.model.decisions import happens
from funnelsim.model.passage import Passage
from funnelsim.model.plan import Plan, Pursuit
from funnelsim.model.random_streams import BROUGHT, PURSUED, PURSUIT
from funnelsim.model.traffic import Traffic


class ChaseCars:
    """Cars with their crews. A place in the area is reserved when a pursuit begins, so acceptance is known then."""

    def __init__(self, env: Environment, traffic: Traffic, plan: Plan, pursuit: Pursuit, area: Area) -> None:
        self.env = env
        self.traffic = traffic
        self.pursuit = pursuit
        self.duty = plan.duty
        self.area = area
        self.away = 0
        self.ready = [False] * len(traffic)
        self.brought_back: list[int] = []
        self.pursuits: list[tuple[int, float, float]] = []

    def watch(self, plan: Plan, passage: Passage, approach: Approach, first: int) -> Process:
        """Look at every vehicle of a funnel where it could turn off; its first is number `first` of the log."""
        opens_s, closes_s = plan.funnel.opens_s.tolist(), plan.funnel.closes_s.tolist()
        for position, turns_off_s in enumerate(passage.turns_off_s.tolist()):
            vehicle = first + position
            yield ScheduledEvent(self.env, turns_off_s, EventKind.TURN_OFF, vehicle)
            stands = rules.window_at(turns_off_s, opens_s, closes_s) >= 0
            self.ready[vehicle] = rules.can_pursue(stands, self.cars(), self.away, self.area.has_place())
            turns = approach.turned_off(position) or bool(passage.turns_away[position])
            if turns and self.ready[vehicle] and self._happens(vehicle, PURSUED, self.pursuit.pursues):
                self.away += 1
                self.area.reserve()
                self.env.process(self.pursue(vehicle))

    def cars(self) -> int:
        """Return how many cars with their crews are on duty."""
        return int(self.pursuit.cars[self.duty.at(self.env.now)])

    def pursue(self, vehicle: int) -> Process:
        """Drive after a vehicle, and bring it to the area or come back without it."""
        from_s = self.env.now
        self.area.note_equipment(vehicle)
        lasts_s = random_numbers.draw_duration(
            self.traffic.seed,
            self.traffic.replication,
            PURSUIT,
            int(self.traffic.number[vehicle]),
            float(self.pursuit.mean_s[self.traffic.vehicle_class[vehicle]]),
            self.pursuit.cv,
            self.pursuit.memoryless,
        )
        yield ScheduledEvent(self.env, from_s + lasts_s, EventKind.PURSUIT_END, vehicle)
        self.away -= 1
        self.pursuits.append((vehicle, from_s, self.env.now))
        if self._happens(vehicle, BROUGHT, self.pursuit.brings):
            self.brought_back.append(vehicle)
            yield from self.area.bring(vehicle)
        else:
            self.area.release()

    def _happens(self, vehicle: int, purpose: int, chance: float) -> bool:
        number = int(self.traffic.number[vehicle])
        return happens(self.traffic.seed, self.traffic.replication, purpose, number, chance)
