"""When and where to stand: the windows that find most within the limits, in all and for an officer-hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from funnelsim.analysis.estimates import Estimate, mean_estimate, ratio_pseudo_values
from funnelsim.analysis.limits import Limit, LimitCheck, limits_of_plans
from funnelsim.arrays import FloatArray
from funnelsim.decision.levers.levers import FOUND, OFFICER_H
from funnelsim.decision.optimisation.requirement import Requirement
from funnelsim.decision.paired_simulations import PairedSimulations, Values, checks_of, estimates_of
from funnelsim.decision.windows.windows import Candidate, Candidates, candidates_of
from funnelsim.experiments.arguments import check_arguments, not_by_name, wrong_numbers
from funnelsim.experiments.differences import SMALLEST, Difference, differences
from funnelsim.experiments.executor import workers
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.shown import Shown
from funnelsim.scenario.schema import Scenario

PER_100_H: Final = "found_per_100_officer_h"
GOALS: Final = (FOUND, PER_100_H)
MEASURES: Final = (FOUND, "ordinary_stops", "ordinary_h", "delay_p95_s", "tail_max_m", OFFICER_H, "staff_cost")
STAGES: Final = (10, 50)
"""Operations after which windows are dropped that are surely not among the best."""
MOST: Final = 40  # windows simulated to the end
ERROR: Final = 0.05  # of dropping any window wrongly after a stage
HUNDRED: Final = 100.0
FEWEST: Final = 10


@dataclass(frozen=True, eq=False)
class StoodWindow:
    """A window that was simulated to the end.

    Attributes
    ----------
    candidate
        The window.
    estimates
        By measure the mean with its interval, `found_per_100_officer_h` among them.
    checks
        How the limits fare.
    """

    candidate: Candidate
    estimates: Mapping[str, Estimate]
    checks: tuple[LimitCheck, ...]

    @property
    def kept(self) -> bool:
        """Whether all limits are kept in the share of operations that the scenario asks for."""
        return all(check.kept for check in self.checks)

    @property
    def distance(self) -> tuple[float, float]:
        """How far it is from its limits: the share of operations that is missing, and how far means lie beyond."""
        return _distance(self.checks)


@dataclass(frozen=True, eq=False)
class Answer:
    """The best window by one goal.

    Attributes
    ----------
    goal
        The measure.
    best
        Name of the window with the largest mean among those that keep the limits.
    equal
        Names of those that are not told apart from it.
    differences
        How each other window that keeps the limits differs from it, by name; with those of all other pairs of windows
        they hold together at 95 %, so whichever is best.
    """

    goal: str
    best: str
    equal: tuple[str, ...]
    differences: Mapping[str, Difference]


@dataclass(frozen=True, eq=False, repr=False)
class When(Shown):
    """When and where to stand.

    Attributes
    ----------
    sites
        The scenarios by the names of their sites.
    candidates
        The windows offered.
    windows
        Those simulated to the end, by name.
    answers
        The best window in all and for an officer-hour; empty where none keeps the limits.
    nearest
        The window that comes nearest to the limits, where none keeps them.
    stages
        How many windows were simulated up to how many operations; the last in others than the stages before.
    left_out
        How many windows could not be told from the best when only the most promising were simulated to the end.
    simulations, seed, replications, engine
        How it was simulated.
    """

    sites: Mapping[str, Scenario]
    candidates: Candidates
    windows: Mapping[str, StoodWindow]
    answers: tuple[Answer, ...]
    nearest: str | None
    stages: tuple[tuple[int, int], ...]
    left_out: int
    simulations: int
    seed: int
    replications: int
    engine: Engine


def when(
    sites: Scenario | Mapping[str, Scenario],
    lengths_h: Sequence[float] | None = None,
    starts_every_h: float = 1.0,
    replications: int = 200,
    seed: int = 1,
    jobs: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> When:
    """Find the start, length, day and site at which most is found within the limits, in all and for an officer-hour.

    Parameters
    ----------
    sites
        A scenario, or several by the names of their sites.
    lengths_h
        Lengths of the windows in hours; by default that of each scenario's own.
    starts_every_h
        Windows open every so many hours from midnight on.
    replications
        Operations in which windows are compared that are not dropped after few.
    seed, jobs, engine
        As in `funnelsim.run`.
    progress
        Called with the number of finished simulations.

    Raises
    ------
    FunnelsimError
        If an argument is not allowed, or no window is possible.
    """
    named = {"this site": sites} if isinstance(sites, Scenario) else sites
    check_arguments(*not_by_name("sites", named))
    return when_from(named, candidates_of(named, lengths_h, starts_every_h), replications, seed, jobs, progress, engine)


def when_from(
    sites: Mapping[str, Scenario],
    candidates: Candidates,
    replications: int = 200,
    seed: int = 1,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> When:
    """Find the best of some windows; parameters and errors are those of `when`."""
    check_arguments(*wrong_numbers(replications, seed, jobs, engine, least=FEWEST))
    limits = {site: limits_of_plans(scenario.limits) for site, scenario in sites.items()}
    of = {name: limits[one.site] for name, one in candidates.possible.items()}
    plans = {name: one.plan for name, one in candidates.possible.items()}
    stages, done = [], 0
    values: dict[str, Values] = {}
    first: list[str] = []
    with workers(jobs, engine) as executor:
        simulate = PairedSimulations(MEASURES, seed, executor, jobs, engine, progress)
        for until in STAGES:
            more = simulate(plans, range(done, until))
            values = {name: _joined(values.get(name), more[name]) for name in plans}
            stages.append((len(plans), until))
            first = _first_of_each(values, of, candidates.possible)
            plans = {name: plans[name] for name in dict.fromkeys([*_promising(values, of), *first])}
            values = {name: values[name] for name in plans}
            done = until
        some = _most_promising(values, of, first)
        left_out = len(plans) - len(some)
        last = simulate({name: plans[name] for name in some}, range(done, done + replications))
        stages.append((len(some), replications))
        simulations = simulate.simulated
    windows = {name: _stood(candidates.possible[name], last[name], of[name]) for name in some}
    kept = [name for name, one in windows.items() if one.kept]
    answers = tuple(_answer(goal, kept, last) for goal in GOALS) if kept else ()
    nearest = None if kept else min(windows, key=lambda name: windows[name].distance)
    return When(
        sites, candidates, windows, answers, nearest, tuple(stages), left_out, simulations, seed, replications, engine
    )


def _joined(before: Values | None, more: Values) -> Values:
    return more if before is None else {name: np.concatenate([before[name], more[name]]) for name in more}


def _goals(values: Values) -> dict[str, FloatArray]:
    """Return what each operation contributes to the goals."""
    return {FOUND: values[FOUND], PER_100_H: HUNDRED * ratio_pseudo_values(values[FOUND], values[OFFICER_H])}


def _promising(values: Mapping[str, Values], limits: Mapping[str, Sequence[Limit]]) -> list[str]:
    """Return the windows that may keep the limits and be best by a goal; where none may keep them, the nearest."""
    error = ERROR / len(values)
    may = [name for name in values if not _surely_broken(values[name], limits[name], error)]
    if not may:
        return _nearest(values, limits)
    seems = [name for name in may if all(check.kept for check in checks_of(values[name], limits[name]))]
    if not seems:
        return may
    goals = {name: _goals(values[name]) for name in may}
    chosen: set[str] = set()
    for goal in GOALS:
        best = max(seems, key=lambda name: float(goals[name][goal].mean()))
        chosen |= {name for name in may if _reaches(goals[name][goal] - goals[best][goal], error)}
    return [name for name in may if name in chosen]


def _first_of_each(
    values: Mapping[str, Values], limits: Mapping[str, Sequence[Limit]], candidates: Mapping[str, Candidate]
) -> list[str]:
    """Return the most promising window of each site and length, and today's, so that they stand side by side."""
    groups: dict[tuple[str, float], list[str]] = {}
    for name in values:
        groups.setdefault((candidates[name].site, candidates[name].hours_h), []).append(name)

    def order(name: str) -> tuple[float, float, float]:
        missing, beyond = _distance(checks_of(values[name], limits[name]))
        return missing, beyond if missing else 0.0, -float(values[name][FOUND].mean())

    own = [name for name in values if candidates[name].today]
    return list(dict.fromkeys([*(min(names, key=order) for names in groups.values()), *own]))


def _distance(checks: Sequence[LimitCheck]) -> tuple[float, float]:
    """Return how far a window is from keeping its limits: of operations, and of the limits by the means."""
    return sum(check.shortfall for check in checks), sum(check.excess for check in checks)


def _reaches(apart: FloatArray, error: float) -> bool:
    """Tell whether a mean difference may be 0 or more."""
    reach = -float(stdtrit(len(apart) - 1, error)) * float(apart.std(ddof=1)) / np.sqrt(len(apart))
    return not float(apart.mean()) + reach < 0.0


def _surely_broken(values: Values, limits: Sequence[Limit], error: float) -> bool:
    for limit in limits:
        one = Requirement(limit.key, limit.measure, float(limit.values[0]), in_share=float(limit.wanted[0]))
        _, high = one.bounds(one.values(values[limit.measure].copy())[None], error)
        if high[0] < one.wanted:
            return True
    return False


def _nearest(values: Mapping[str, Values], limits: Mapping[str, Sequence[Limit]]) -> list[str]:
    """Return the windows that come nearest to the limits."""
    return sorted(values, key=lambda name: _distance(checks_of(values[name], limits[name])))[:FEWEST]


def _most_promising(
    values: Mapping[str, Values], limits: Mapping[str, Sequence[Limit]], first: Sequence[str]
) -> list[str]:
    """Return the windows to be simulated to the end: those named first, then the best by either goal in turn."""
    if len(values) <= MOST:
        return list(values)
    short = {name: _distance(checks_of(values[name], limits[name]))[0] for name in values}
    ranked = [
        sorted(values, key=lambda name: (short[name], -float(_goals(values[name])[goal].mean()))) for goal in GOALS
    ]
    in_turn = (name for pair in zip(*ranked, strict=True) for name in pair)
    return list(dict.fromkeys([*first, *in_turn]))[: max(MOST, len(first))]


def _stood(candidate: Candidate, values: Values, limits: Sequence[Limit]) -> StoodWindow:
    estimates = estimates_of(values) | {PER_100_H: mean_estimate(_goals(values)[PER_100_H])}
    return StoodWindow(candidate, estimates, checks_of(values, limits))


def _answer(goal: str, kept: Sequence[str], values: Mapping[str, Values]) -> Answer:
    """Return the best of the windows that keep the limits, and which are not told apart from it."""
    of_goal = {name: {goal: _goals(values[name])[goal]} for name in kept}
    means = {name: {goal: float(each[goal].mean())} for name, each in of_goal.items()}
    best = max(kept, key=lambda name: means[name][goal])
    pairs = [(best, name) for name in kept if name != best]
    if not pairs:
        return Answer(goal, best, (), {})
    all_pairs = len(kept) * (len(kept) - 1) // 2
    beside = len(GOALS) * all_pairs - len(pairs)
    found = differences(of_goal, means, pairs, paired=True, smallest=SMALLEST, beside=beside)
    by_name = {one.second: one for one in found}
    ordered = sorted(by_name, key=lambda name: -by_name[name].estimate.mean)
    return Answer(goal, best, tuple(name for name in ordered if not by_name[name].seen), by_name)
