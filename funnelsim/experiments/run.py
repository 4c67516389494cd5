"""Run a scenario: many replications, spread over threads or processes, combined in order."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from funnelsim.analysis.estimates import Estimate, estimate
from funnelsim.analysis.limits import LIMITED, LimitCheck, checks_of
from funnelsim.analysis.series import DELAY_BIN_S
from funnelsim.arrays import FloatArray
from funnelsim.experiments.arguments import check_arguments, not_a_function, not_of, not_scenarios, wrong_numbers
from funnelsim.experiments.executor import as_finished, max_pending, workers
from funnelsim.experiments.precision import Precision, goals_of, met, stopping_points
from funnelsim.experiments.replication import ArraysByName, BlockResult, Engine, log_of, replicate
from funnelsim.experiments.shown import Shown
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario

REPLICATIONS_PER_TASK: dict[Engine, int] = {"compiled": 25, "simpy": 4}


@dataclass(frozen=True, repr=False)
class Run(Shown):
    """The replications of one scenario and their estimates.

    Attributes
    ----------
    scenario, plan, seed
        The scenario, its plan and the random seed.
    complete
        Whether all replications were simulated; an interrupted run keeps those that were finished.
    replications
        A row a replication, a column a measure.
    series
        A row a replication and two minutes of the day.
    delays
        Vehicles that were not inspected by class and delay bin, all replications together.
    estimates
        By measure the mean with its interval.
    wanted
        The precision asked for.
    engine
        The engine that simulated it.
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
    engine: Engine = "compiled"

    def first_log(self) -> Log:
        """Return the log of the first replication, simulated again with the same random numbers."""
        return log_of(self.plan, self.seed, int(self.replications["replication"][0]))

    def limits(self) -> list[LimitCheck]:
        """Compare the scenario's limits with the replications."""
        operations = {name: self.replications[name].to_numpy() for name, _ in LIMITED.values()}
        return checks_of(self.scenario.limits, self.estimates, operations)

    def keeps(self) -> dict[str, FloatArray]:
        """Return by key of `[limits]` which replications keep the limit: 1 for those that do, 0 for the others."""
        return {
            check.key: (~(self.replications[check.measure].to_numpy() > check.value)).astype(np.float64)
            for check in self.limits()
        }


def run(
    scenario: Scenario,
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    precision: str | Sequence[str | Precision] = (),
    engine: Engine = "compiled",
    plan: Plan | None = None,
) -> Run:
    """Simulate a scenario many times.

    The result depends on the scenario, the seed and the number of replications alone, neither on `jobs` nor on
    `engine`. If interrupted from the keyboard, the run returns the replications that are finished.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        Number of operations, each with its own random numbers; the largest number with `precision`.
    seed
        Random seed: the same seed gives the same numbers.
    jobs
        Number of threads, or of processes with the SimPy engine.
    progress
        Called with the number of finished replications, after each block of them.
    precision
        Half-widths at which the run has enough replications, such as ``"delay_p95_s=5%"``; tested at numbers of
        replications that do not depend on the machine.
    engine
        "compiled", or "simpy", the reference engine, which gives the same log.
    plan
        The scenario's plan, where it is known already; by default its counts are read and it is planned here.

    Raises
    ------
    FunnelsimError
        If an argument is not allowed.
    KeyboardInterrupt
        If interrupted before a replication was finished.
    """
    check_arguments(
        *not_scenarios([("scenario", scenario)]),
        *wrong_numbers(replications, seed, jobs, engine),
        not_a_function("progress", progress),
        not_of("plan", plan, Plan, "the scenario's plan"),
    )
    plan = plan if plan is not None else plan_of(scenario)
    wanted = goals_of(precision)
    blocks: list[BlockResult] = []
    complete = True
    try:
        with closing(_simulated(plan, seed, _stopping_points(replications, wanted), jobs, engine)) as simulated:
            for up_to_stop in simulated:
                for block in up_to_stop:
                    blocks.append(block)
                    if progress is not None:
                        progress(sum(len(one.replications) for one in blocks))
                if wanted and met(estimate(_in_order(blocks)[1], plan.classes), wanted):
                    break
    except KeyboardInterrupt:
        if not blocks:
            raise
        complete = False
    return _combined(scenario, plan, seed, blocks, wanted, engine, complete=complete)


def growing_run(
    scenario: Scenario, plan: Plan, stops: Sequence[int], seed: int = 1, jobs: int = 1, engine: Engine = "compiled"
) -> Iterator[Run]:
    """Yield a run again and again while it grows: a first answer after few replications, and the whole one at last.

    Each is the run that `run` makes of so many replications. Nothing more is simulated when nobody asks for the next.

    Parameters
    ----------
    scenario, plan
        What to simulate, and its plan.
    stops
        After how many replications to yield, in ascending order.
    seed, jobs, engine
        As in `run`.
    """
    blocks: list[BlockResult] = []
    with closing(_simulated(plan, seed, iter(stops), jobs, engine)) as simulated:
        for up_to_stop in simulated:
            blocks += up_to_stop
            yield _combined(scenario, plan, seed, blocks, (), engine, complete=True)


def _stopping_points(replications: int, wanted: tuple[Precision, ...]) -> Iterator[int]:
    return stopping_points(replications) if wanted else iter([replications])


def _simulated(
    plan: Plan, seed: int, stopping: Iterator[int], jobs: int, engine: Engine
) -> Generator[Iterator[BlockResult], None, None]:
    """Yield, for each stopping point, the blocks up to it as they finish."""
    begun, together = 0, REPLICATIONS_PER_TASK[engine]
    with workers(jobs, engine) as executor:
        for stop in stopping:
            starts = range(begun, stop, together)
            tasks = ((replicate, plan, seed, range(first, min(first + together, stop)), engine) for first in starts)
            yield as_finished(executor, partial(next, tasks, None), max_pending(executor, jobs))
            begun = stop


def _in_order(blocks: list[BlockResult]) -> tuple[list[BlockResult], ArraysByName]:
    """Return the blocks in the order of their replications, and their measures by name."""
    in_order = sorted(blocks, key=lambda block: block.replications.start)
    return in_order, {name: np.concatenate([one.measures[name] for one in in_order]) for name in blocks[0].measures}


def _combined(
    scenario: Scenario,
    plan: Plan,
    seed: int,
    blocks: list[BlockResult],
    wanted: tuple[Precision, ...],
    engine: Engine,
    *,
    complete: bool,
) -> Run:
    """Combine blocks of replications into tables and estimates."""
    blocks, columns = _in_order(blocks)
    numbers = np.concatenate([np.array(block.replications, dtype=np.int64) for block in blocks])
    steps = blocks[0].series["time_s"].shape[1]
    series = {"replication": np.repeat(numbers, steps)} | {
        name: np.concatenate([block.series[name].ravel() for block in blocks]) for name in blocks[0].series
    }
    counts = np.sum([block.delay_counts for block in blocks], axis=0)
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
        wanted=wanted,
        engine=engine,
    )
