"""One replication from dice to measures: the unit of work that is spread over processes."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.analysis.measures import measure
from funnelsim.analysis.series import DELAY_BINS, delay_counts, series
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import draw_traffic


@dataclass(frozen=True)
class Outcome:
    """What is kept of one replication.

    Attributes
    ----------
    replication
        Its number.
    measures
        Its measures by name.
    series
        Its day on a grid of time (`funnelsim.analysis.series`).
    """

    replication: int
    measures: dict[str, float]
    series: dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Block:
    """Some replications that were simulated together.

    Attributes
    ----------
    outcomes
        One for each replication.
    delay_counts
        Vehicles of all of them by class and delay bin, shape (classes, bins).
    """

    outcomes: list[Outcome]
    delay_counts: NDArray[np.int64]


def log_of(plan: Plan, seed: int, replication: int) -> Log:
    """Draw the traffic of one replication and simulate it."""
    return simulate(draw_traffic(plan.road, seed, replication), plan)


def replicate(plan: Plan, seed: int, replications: Iterable[int]) -> Block:
    """Simulate some replications and reduce each log to what is kept."""
    outcomes = []
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    for replication in replications:
        log = log_of(plan, seed, replication)
        outcomes.append(Outcome(replication, measure(log, plan), series(log, plan)))
        counts += delay_counts(log, plan)
    return Block(outcomes, counts)
