"""SUMO's vehicles simulated by funnelsim, with results in SUMO's terms."""

from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.delays import delay_s
from funnelsim.analysis.queue import queue
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import Engine, simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from validation.sumo.twin import FREE_PASSAGE_S, OPENS_S, Calibration, Twin


@dataclass(frozen=True, eq=False)
class Replayed:
    """One hour of vehicles in funnelsim, several times, with other headways each time.

    Attributes
    ----------
    logs
        One log for each time.
    plan
        The plan that was simulated.
    """

    logs: list[Log]
    plan: Plan

    @property
    def free_flow_s(self) -> float:
        """How long a lone vehicle takes through the same lane: SUMO's free flow."""
        return FREE_PASSAGE_S + self.plan.funnel.slow_lane_s

    @property
    def delays_s(self) -> FloatArray:
        """How much longer each vehicle took than a lone one through the same lane, shape (times, vehicles)."""
        return np.array([log.passed_s - log.traffic.free_s for log in self.logs]) - self.plan.funnel.slow_lane_s

    @property
    def added_s(self) -> FloatArray:
        """How much longer than on the same road without a funnel, the slow lane apart, shape (times, vehicles)."""
        return np.array([delay_s(log) for log in self.logs]) - self.plan.funnel.slow_lane_s

    @property
    def exits_s(self) -> FloatArray:
        """When each passed the end of the lane, from the beginning of the hour on, shape (times, vehicles)."""
        return np.array([log.passed_s for log in self.logs]) - OPENS_S

    @property
    def longest_m(self) -> float:
        """The longest queue, a mean over the times."""
        return float(np.mean([queue(log, self.plan)["tail_max_m"] for log in self.logs]))


def replay(twin: Twin, calibration: Calibration, engine: Engine) -> Replayed:
    """Simulate the vehicles of a trace with funnelsim."""
    plan = twin.plan(calibration)
    return Replayed([simulate(traffic, plan, engine) for traffic in twin.drawn], plan)
