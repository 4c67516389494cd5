"""The road up to the taper: who turns off before the funnel, and how far the queue reaches."""

from collections.abc import Iterator

import numpy as np

from funnelsim.model import rules
from funnelsim.model.decisions import happens
from funnelsim.model.passage import Passage
from funnelsim.model.plan import Plan
from funnelsim.model.queue import advance_tail, tail_now, tail_seen
from funnelsim.model.random_streams import LEAVES
from funnelsim.model.traffic import Traffic


class Approach:
    """The vehicles of one funnel on their way to it.

    Drivers decide whether to turn off when they pass the exit, in their order, on the queue as it then is. That queue
    depends only on who has passed the selection point until then; so a decision may be looked up later than it was
    taken and comes out the same.

    The vehicles that come are in line: their *position* counts those who have not turned off.
    """

    def __init__(self, traffic: Traffic, plan: Plan, passage: Passage) -> None:
        self.traffic = traffic
        self.plan = plan
        self.turns_off_s = passage.turns_off_s
        self.keeps_away = passage.keeps_away
        self.all_free_s = traffic.free_s
        self.spacing_m = plan.spacing_m[traffic.vehicle_class]
        self.count = count = len(traffic)
        self.queue_seen = [False] * count
        self.left_at_exit = [False] * count
        self.decided = 0
        self.in_line: list[int] = []
        self.free_s: list[float] = []
        self.spacing_up_to_m = [0.0]
        self.passed_s: list[float] = []
        self.joined_s = [0.0] * count
        self.tail_m = [0.0] * count
        self.newest, self.foot = -1, 0  # marks of `advance_tail`, see `model.queue`
        if np.isinf(plan.funnel.exit_m):
            self.decide_all()

    def decide_all(self) -> None:
        """On a road without an exit, put every vehicle in line that does not keep away."""
        come = ~self.keeps_away
        self.in_line = np.flatnonzero(come).tolist()
        self.free_s = self.all_free_s[come].tolist()
        self.spacing_up_to_m = [0.0, *np.cumsum(self.spacing_m[come]).tolist()]
        self.decided = len(come)

    def vehicles(self) -> Iterator[int]:
        """Yield the vehicles that come, one by one: the next after the one before has passed."""
        if self.decided == self.count:  # a road without an exit
            yield from self.in_line
            return
        while True:
            position = len(self.passed_s)
            while position == len(self.in_line) and self.decided < self.count:
                self.decide()
            if position == len(self.in_line):
                return
            yield self.in_line[position]

    def decide(self) -> None:
        """Let the next driver decide at the exit."""
        vehicle = self.decided
        self.decided += 1
        tail_m = self.tail_at(float(self.turns_off_s[vehicle]))
        self.queue_seen[vehicle] = rules.sees_queue(tail_m, self.plan.funnel.leave_when_tail_m)
        if self.keeps_away[vehicle]:
            return
        self.left_at_exit[vehicle] = self.queue_seen[vehicle] and self.leaves(vehicle)
        if not self.left_at_exit[vehicle]:
            self.in_line.append(vehicle)
            self.free_s.append(float(self.all_free_s[vehicle]))
            self.spacing_up_to_m.append(self.spacing_up_to_m[-1] + float(self.spacing_m[vehicle]))

    def leaves(self, vehicle: int) -> bool:
        """Draw whether a driver who sees the queue leaves for it."""
        share = float(self.plan.evasion.leaves[self.traffic.target[vehicle]])
        number = int(self.traffic.number[vehicle])
        return happens(self.traffic.seed, self.traffic.replication, LEAVES, number, share)

    def turned_off(self, vehicle: int) -> bool:
        """Tell whether a driver has left at the exit; ask only once the vehicle has come to it."""
        while self.decided <= vehicle:
            self.decide()
        return self.left_at_exit[vehicle]

    def tail_seen_m(self, now_s: float) -> float:
        """Return the length of the queue, seen from the taper, when the next in line may pass."""
        while self.decided < self.count and self.turns_off_s[self.decided] <= now_s:
            self.decide()
        self.advance(now_s)
        return tail_seen(len(self.passed_s), self.newest, self.tail_m)

    def tail_at(self, now_s: float) -> float:
        """Return how far the queue reaches at a time that may be past; a vehicle that passes then is still there."""
        self.advance(now_s)
        funnel = self.plan.funnel
        return tail_now(
            now_s,
            len(self.passed_s),
            self.newest,
            self.foot,
            self.passed_s,
            self.spacing_up_to_m,
            funnel.lane_length_m,
            funnel.per_lane,
            funnel.wave_slowness,
        )

    def advance(self, now_s: float) -> None:
        """Let each vehicle in line join the queue that has met it by now."""
        funnel = self.plan.funnel
        self.newest, self.foot = advance_tail(
            now_s,
            len(self.passed_s),
            self.newest,
            self.foot,
            self.free_s,
            self.passed_s,
            self.spacing_up_to_m,
            funnel.lane_length_m,
            funnel.per_lane,
            funnel.road_slowness,
            funnel.wave_slowness,
            self.joined_s,
            self.tail_m,
        )
