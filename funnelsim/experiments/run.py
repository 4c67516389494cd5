"""Run a scenario: many replications, spread over processes, put together in their order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from funnelsim.analysis.estimates import Estimate, chance_estimate, estimate
from funnelsim.analysis.series import DELAY_BIN_S, DELAY_BINS
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.executor import as_finished, at_once, workers
from funnelsim.experiments.precision import Precision, checkpoints, met
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
    wanted
        The half-widths that were asked for.
    """

    scenario: Scenario
    plan: Plan
    seed: int
    complete: bool
    replications: pl.DataFrame
    series: pl.DataFrame
    delays: pl.DataFrame
    estimates: dict[str, Estimate]
    wanted: tuple[Precision, ...] = ()

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
    precision: Sequence[Precision] = (),
) -> Run:
    """Simulate a scenario many times.

    The result depends on the scenario, the seed and the number of replications alone, not on `jobs`. Interrupted
    from the keyboard, the run ends with the replications that are finished.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many operations, each with its own dice; with `precision`, at most.
    seed
        Whole number that names the dice; the same seed gives the same numbers.
    jobs
        How many processes share the work.
    progress
        Called with the number of replications finished so far, after each block of them.
    precision
        Half-widths at which the run has enough replications; looked at now and then, at numbers of replications that
        do not depend on the machine.

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
    wanted = tuple(precision)
    outcomes: list[Outcome] = []
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    complete = True
    try:
        for blocks in _simulated(plan, seed, _looks(replications, wanted), jobs):
            for block in blocks:
                outcomes += block.outcomes
                counts += block.delay_counts
                if progress is not None:
                    progress(len(outcomes))
            if wanted and met(_estimates(outcomes, plan), wanted):
                break
    except KeyboardInterrupt:
        if not outcomes:
            raise
        complete = False
    outcomes.sort(key=lambda outcome: outcome.replication)
    return _put_together(scenario, plan, seed, outcomes, counts, wanted, complete=complete)


def _looks(replications: int, wanted: tuple[Precision, ...]) -> Iterator[int]:
    return checkpoints(replications) if wanted else iter([replications])


def _simulated(plan: Plan, seed: int, looks: Iterator[int], jobs: int) -> Iterator[Iterator[Block]]:
    """Yield, for each look at whether the replications are enough, the blocks up to it as they are finished."""
    begun = 0
    with workers(jobs) as executor:
        for look in looks:
            starts = range(begun, look, REPLICATIONS_PER_TASK)
            tasks = (
                (replicate, plan, seed, range(first, min(first + REPLICATIONS_PER_TASK, look))) for first in starts
            )
            yield as_finished(executor, partial(next, tasks, None), at_once(jobs))
            begun = look


def _estimates(outcomes: Sequence[Outcome], plan: Plan) -> dict[str, Estimate]:
    """Return the estimates of replications that may have come in any order."""
    in_order = sorted(outcomes, key=lambda outcome: outcome.replication)
    return estimate(_columns(in_order), plan.classes)


def _columns(outcomes: Sequence[Outcome]) -> dict[str, NDArray[np.float64]]:
    return {name: np.array([outcome.measures[name] for outcome in outcomes]) for name in outcomes[0].measures}


def _put_together(
    scenario: Scenario,
    plan: Plan,
    seed: int,
    outcomes: list[Outcome],
    counts: NDArray[np.int64],
    wanted: tuple[Precision, ...],
    *,
    complete: bool,
) -> Run:
    """Put the outcomes of replications, in their order, into tables and estimates."""
    columns = _columns(outcomes)
    estimates = estimate(columns, plan.classes)
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
        estimates=estimates,
        wanted=wanted,
    )
