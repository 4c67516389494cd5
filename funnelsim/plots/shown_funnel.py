"""The funnel that a figure of the queue shows where there are several: the one with the longest queue."""

from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.experiments.run import Run
from funnelsim.model.plan import Plan
from funnelsim.plots.day_panels import by_replication
from funnelsim.plots.formatting import shortened
from funnelsim.scenario.schema import Scenario

_NAME_IN = 1.6


@dataclass(frozen=True)
class ShownFunnel:
    """One funnel of a run.

    Attributes
    ----------
    index
        Its place among the plan's funnels.
    scenario, plan
        Of this funnel.
    tail_m
        Its queue over the day, shape (replications, bins).
    longest_m
        The longest queue of each operation, shape (replications,).
    direction
        Its name, short enough for a title; empty where it is the only one.
    """

    index: int
    scenario: Scenario
    plan: Plan
    tail_m: FloatArray
    longest_m: FloatArray
    direction: str

    @property
    def alone(self) -> str:
        """What is said where other directions are not drawn; empty where there is none."""
        return " Only this direction is drawn, whose queue is longest on average." if self.direction else ""


def funnel_with_longest_queue(run: Run) -> ShownFunnel:
    """Return the funnel of a run whose longest queue is longest on average."""
    plans = run.plan.funnels
    if len(plans) == 1:
        longest_m = run.replications["tail_max_m"].to_numpy()
        return ShownFunnel(0, run.scenario, run.plan, by_replication(run, "tail_m"), longest_m, "")
    queues = [by_replication(run, f"tail_m.{plan.direction}") for plan in plans]
    longest = [queue.max(axis=1) for queue in queues]
    k = int(np.argmax([each.mean() for each in longest]))
    name = shortened(plans[k].direction, _NAME_IN, 11.0)
    return ShownFunnel(k, run.scenario.per_funnel[k], plans[k], queues[k], longest[k], name)
