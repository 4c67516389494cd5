"""Run a scenario: many replications, spread over processes, put together in their order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from funnelsim.analysis.estimates import Estimate, chance_estimate, estimate
from funnelsim.analysis.series import DELAY_BIN_S, DELAY_BINS
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.executor import as_finished, at_once, workers
from funnelsim.experiments.replication import Block, Outcome, log_of, replicate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan, plan_of
from funnelsim.scenario.schema import Scenario

REPLICATIONS_PER_TASK = 4
MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class Run:
    """The replications of one scenario and what they say.

    Attributes
    ----------
    scenario, plan, seed
        What was run.
    complete
        Whether all replications asked for were simulated; an interrupted run keeps those that were.
    replications
        A row a replication, a column a measure.
    series
        A row a replication and two minutes of the day.
    delays
        Vehicles that were not inspected by class and delay bin, all replications together.
    estimates
        By measure the mean with its half-width.
    """

    scenario: Scenario
    plan: Plan
    seed: int
    complete: bool
    replications: pl.DataFrame
    series: pl.DataFrame
    delays: pl.DataFrame
    estimates: dict[str, Estimate]

    def first_log(self) -> Log:
        """Return the log of the first replication, simulated again: the same dice fall the same way."""
        return log_of(self.plan, self.seed, int(self.replications["replication"][0]))

    def limits(self) -> list["LimitKept"]:
        """Hold the scenario's limits against the replications."""
        limits = self.scenario.limits
        held = []
        if limits.p95_delay_min is not None:
            held.append(self._held("p95_delay_min", "delay_p95_s", limits.p95_delay_min * 60.0))
        if limits.tail_m is not None:
            held.append(self._held("tail_m", "tail_max_m", limits.tail_m))
        return held

    def _held(self, limit: str, measure: str, value: float) -> "LimitKept":
        broken = self.replications[measure].to_numpy() > value
        return LimitKept(limit, measure, value, self.estimates[measure], chance_estimate(broken))


@dataclass(frozen=True)
class LimitKept:
    """How a limit of the scenario fares.

    Attributes
    ----------
    limit
        Its key in `[limits]`.
    measure
        The measure that it limits.
    value
        The limit in the unit of the measure.
    estimate
        The measure.
    chance_of_breaking
        Share of operations in which the limit is broken.
    """

    limit: str
    measure: str
    value: float
    estimate: Estimate
    chance_of_breaking: Estimate


def run(
    scenario: Scenario,
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Simulate a scenario many times.

    The result depends on the scenario, the seed and the number of replications alone, not on `jobs`. Interrupted
    from the keyboard, the run ends with the replications that are finished.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many operations, each with its own dice.
    seed
        Whole number that names the dice; the same seed gives the same numbers.
    jobs
        How many processes share the work.
    progress
        Called with the number of replications finished so far, after each block of them.

    Raises
    ------
    FunnelsimError
        If the numbers are out of bounds.
    KeyboardInterrupt
        If the run was interrupted before a replication was finished.
    """
    if not (1 <= replications <= 10_000_000 and 0 <= seed <= MAX_SEED and 1 <= jobs <= 1024):  # noqa: PLR2004
        message = (
            f"replications = {replications}, seed = {seed}, jobs = {jobs} given; "
            f"allowed: 1 to 10,000,000 replications, a seed from 0 to {MAX_SEED}, 1 to 1024 jobs"
        )
        raise FunnelsimError(message)
    plan = plan_of(scenario)
    outcomes: list[Outcome] = []
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    try:
        for block in _simulated(plan, seed, replications, jobs):
            outcomes += block.outcomes
            counts += block.delay_counts
            if progress is not None:
                progress(len(outcomes))
    except KeyboardInterrupt:
        if not outcomes:
            raise
    outcomes.sort(key=lambda outcome: outcome.replication)
    complete = len(outcomes) == replications
    return _put_together(scenario, plan, seed, outcomes, counts, complete=complete)


def _simulated(plan: Plan, seed: int, replications: int, jobs: int) -> Iterator[Block]:
    """Yield blocks of replications as they are finished."""
    starts = range(0, replications, REPLICATIONS_PER_TASK)
    tasks = ((replicate, plan, seed, range(replications)[start : start + REPLICATIONS_PER_TASK]) for start in starts)
    jobs = min(jobs, len(starts))
    with workers(jobs) as executor:
        yield from as_finished(executor, lambda: next(tasks, None), at_once(jobs))


def _put_together(
    scenario: Scenario,
    plan: Plan,
    seed: int,
    outcomes: list[Outcome],
    counts: NDArray[np.int64],
    *,
    complete: bool,
) -> Run:
    """Put the outcomes of replications, in their order, into tables and estimates."""
    names = list(outcomes[0].measures)
    columns = {name: np.array([outcome.measures[name] for outcome in outcomes]) for name in names}
    numbers = np.array([outcome.replication for outcome in outcomes], dtype=np.int64)
    steps = len(outcomes[0].series["time_s"])
    series = {"replication": np.repeat(numbers, steps)} | {
        name: np.concatenate([outcome.series[name] for outcome in outcomes]) for name in outcomes[0].series
    }
    kind, bin_number = np.nonzero(counts)
    delays = pl.DataFrame(
        {
            "class": [plan.classes[k] for k in kind.tolist()],
            "delay_s": bin_number * DELAY_BIN_S,
            "vehicles": counts[kind, bin_number],
        },
        schema={"class": pl.String, "delay_s": pl.Float64, "vehicles": pl.Int64},
    )
    return Run(
        scenario=scenario,
        plan=plan,
        seed=seed,
        complete=complete,
        replications=pl.DataFrame({"replication": numbers} | columns),
        series=pl.DataFrame(series),
        delays=delays,
        estimates=estimate(columns, plan.classes),
    )
