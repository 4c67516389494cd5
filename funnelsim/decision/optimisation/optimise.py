"""The best plan: search, selection with a guarantee, and figures that neither of them saw."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from funnelsim.decision.fluid.bound import Bound, bound
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.decision.optimisation.left_as_today import compared_measures
from funnelsim.decision.optimisation.nomination import AS_IT_IS, Choice, front_choice, good_choice
from funnelsim.decision.optimisation.question import Question, question_of
from funnelsim.decision.optimisation.requirement import ROUNDING
from funnelsim.decision.optimisation.search import Search
from funnelsim.decision.simulations import Progress, Simulations
from funnelsim.experiments.arguments import (
    MAX_SEED,
    check_arguments,
    not_a_folder,
    not_a_function,
    not_of,
    not_scenarios,
    wrong_numbers,
)
from funnelsim.experiments.compare import MEASURES, Comparison, compare, comparison_of
from funnelsim.experiments.differences import SMALLEST
from funnelsim.experiments.executor import workers
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.result_cache import ResultCache, content_key
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.schema import Scenario

SHARE_OF_SEARCH: Final = 0.4  # of the replications
CONFIRMED: Final = 400  # fresh replications of each plan that the answer names
TODAY: Final = "today's plan"
BEST: Final = "best plan"
RUNNER_UP: Final = "runner-up"


@dataclass(frozen=True, eq=False)
class Optimum:
    """The answer.

    Attributes
    ----------
    question
        What was asked.
    choice
        The plan chosen, and how.
    scenarios
        Today's plan, the best one and the runner-up, as far as there is one, by name.
    comparison
        These plans on random numbers that neither search nor selection saw.
    searched
        How many plans were simulated in the search.
    impossible
        How many plans that were proposed cannot do what they say.
    breaks
        Where no plan is shown to keep what it must: by key of each requirement that the nearest plan breaks, the value
        that it would keep.
    bounds
        The most that any selection can find with the officers, equipment, bays and hours of each plan, by name.
    seed
        Random seed of the search.
    """

    question: Question
    choice: Choice
    scenarios: dict[str, Scenario]
    comparison: Comparison
    searched: int
    impossible: int
    breaks: Mapping[str, float]
    bounds: Mapping[str, Bound]
    seed: int

    @property
    def best(self) -> Scenario:
        """The scenario with the best plan; with the one that comes nearest to what it must keep where none does."""
        return self.scenarios[BEST]

    @property
    def feasible(self) -> bool:
        """Whether the best plan is shown to keep what it must."""
        chosen = self.choice
        if chosen.selected is not None:
            return chosen.selected.named is not None
        return chosen.front is not None and len(chosen.front.points) > 0

    @property
    def is_today(self) -> bool:
        """Whether the best plan is today's."""
        return {**self.question.today, **self.choice.values} == self.question.today


def seed_of(seed: int, step: int) -> int:
    """Return the random seed of a step: 0 the search, 1 the selection, 2 the figures of the plans named."""
    return (seed + step) % (MAX_SEED + 1)


def asked(
    scenario: Scenario,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None,
    replications: int | None,
    demand: Demand,
) -> Question:
    """Return the question that `optimise` answers with these arguments, before anything runs.

    Raises
    ------
    FunnelsimError
        If anything is not allowed.
    """
    plan = plan_of(scenario, demand)
    return question_of(scenario, plan, bound(scenario, plan), vary, replications)


def optimise(
    scenario: Scenario,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None = None,
    *,
    replications: int | None = None,
    seed: int = 1,
    engine: Engine = "compiled",
    jobs: int = 1,
    cluster: str | None = None,
    folder: Path | str | None = None,
    progress: Progress | None = None,
    demand: Demand | None = None,
) -> Optimum:
    """Find the best plan that keeps the limits, with a guarantee.

    The scenario's `[decide]` says what may change, what is wanted and what must be kept. The same arguments give the
    same answer, whatever the number of jobs. What is finished is kept in the folder: the same call goes on there.

    Parameters
    ----------
    scenario
        The scenario.
    vary
        What may change instead of what `[decide]` says, as in `funnelsim.sweep`.
    replications
        Operations that may be simulated to find the plan; by default what `[decide]` says.
    seed
        Random seed of the search; the selection has the next one, and the figures the one after that.
    engine, jobs, cluster
        As in `funnelsim.sweep`.
    folder
        Where finished work is kept; by default in a folder that is removed at the end.
    progress
        Called with the number of operations simulated.
    demand
        The scenario's demand, where it is known already.

    Raises
    ------
    FunnelsimError
        If anything is not allowed, before anything runs.

    References
    ----------
    Watanabe (2023), Tree-structured Parzen estimator, doi:10.48550/arXiv.2304.11127: what proposes plans.
    Every second batch holds neighbours of the best plans instead (`neighbours.neighbour`).
    """
    check_arguments(
        *not_scenarios([("scenario", scenario)]),
        *wrong_numbers(1, seed, jobs, engine),
        not_of("cluster", cluster, str, "the address of a scheduler, such as tcp://host:8786"),
        not_a_folder("folder", folder),
        not_a_function("progress", progress),
        not_of("demand", demand, Demand, "the scenario's demand"),
    )
    demand = demand_of(scenario) if demand is None else demand
    question = asked(scenario, vary, replications, demand)
    return answered(
        scenario,
        question,
        demand,
        seed=seed,
        engine=engine,
        jobs=jobs,
        cluster=cluster,
        folder=folder,
        progress=progress,
    )


def answered(
    scenario: Scenario,
    question: Question,
    demand: Demand,
    *,
    seed: int,
    engine: Engine,
    jobs: int,
    cluster: str | None,
    folder: Path | str | None,
    progress: Progress | None,
) -> Optimum:
    """Answer a question, as `asked` returns it; the other arguments and errors are those of `optimise`."""
    planner = PointPlanner(scenario, demand=demand)
    with TemporaryDirectory(prefix="funnelsim-") as place, workers(jobs, engine, cluster) as executor:
        cache = ResultCache(Path(folder or place) / "parts")

        def simulations(step: int, before: int | None, measures: Sequence[str] = question.measures) -> Simulations:
            tell: Callable[[int], None] | None = None
            if progress is not None and before is not None:
                tell = lambda n: progress(before + n)  # noqa: E731  (as short as it is)
            return Simulations(
                planner, measures, seed_of(seed, step), executor, jobs, cache, engine=engine, progress=tell
            )

        searching = simulations(0, 0)
        searched = Search(question, searching).run(seed, int(SHARE_OF_SEARCH * question.replications))
        selecting = simulations(1, searching.simulated)
        if question.decide.goal == "front":
            choice = front_choice(question, searching, searched, selecting)
        else:
            checking = simulations(1, None, compared_measures(question))
            choice = good_choice(question, searching, searched, selecting, checking)
        comparison = _compared(question, planner, choice, seed_of(seed, 2), cache, jobs, engine)
    return Optimum(
        question,
        choice,
        comparison.scenarios,
        comparison,
        len(searched.values),
        searched.impossible,
        dict(_broken(question, comparison)) if choice.selected is not None and choice.selected.named is None else {},
        _bounds(comparison),
        seed,
    )


def _bounds(comparison: Comparison) -> dict[str, Bound]:
    """Return the bound of each plan; those that differ in their selection alone have one."""
    bounds = Bounds()
    return {name: bounds.of(comparison.scenarios[name], plan) for name, plan in comparison.plans.items()}


def _compared(
    question: Question,
    planner: PointPlanner,
    choice: Choice,
    seed: int,
    cache: ResultCache,
    jobs: int,
    engine: Engine,
) -> Comparison:
    """Compare the plans that the answer names; what was simulated before is taken from the cache."""
    values = {TODAY: AS_IT_IS, BEST: choice.values, RUNNER_UP: choice.runner_up}
    points = {name: planner.plan(0, point) for name, point in values.items() if point is not None}
    scenarios, plans = ({name: getattr(one, part) for name, one in points.items()} for part in ("scenario", "plan"))
    measures = tuple(dict.fromkeys((*MEASURES, *question.measures)))
    key = content_key(*points, *(one.content for one in points.values()), str(seed), str(CONFIRMED))
    table = cache.read(key)
    if table is None:
        made = compare(scenarios, CONFIRMED, seed, jobs, "all", measures, engine=engine, plans=plans)
        cache.write(key, made.replications)
        return made
    return comparison_of(
        scenarios, plans, table, seed, measures, pairs="all", paired=True, smallest=SMALLEST, engine=engine
    )


def _broken(question: Question, comparison: Comparison) -> list[tuple[str, float]]:
    """Return the requirements that the plan nearest to keeping them breaks, each with the value that it would keep."""
    operations = comparison.replications.filter(plan=BEST)
    found = []
    for one in question.requirements:
        measured = operations[one.measure].to_numpy()
        if one.shortfall(float(one.values(measured).mean())) > ROUNDING:
            kept = (
                np.nanmean(measured)
                if one.in_share is None
                else np.quantile(np.nan_to_num(measured), one.in_share, method="inverted_cdf")
            )
            found.append((one.key, float(kept)))
    return found
