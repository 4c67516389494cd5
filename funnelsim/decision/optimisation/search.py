"""The search for good plans: Optuna proposes them, and each is simulated as often as it deserves."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.optimisation.question import Question, settable
from funnelsim.decision.simulations import Simulations
from funnelsim.errors import FunnelsimError, PlanError, Problem
from funnelsim.experiments.vary import Factor, Point
from funnelsim.scenario.toml_text import value_text

if TYPE_CHECKING:
    import optuna

BATCH: Final = 16  # proposed before any of them is known: the same whatever the number of jobs
STAGES: Final = (12, 48, 192)  # replications of poor, of fair and of good plans
HOPE: Final = 2.0  # standard errors by which a plan may yet be better than it seems
TRIALS_A_KEY, FEWEST_TRIALS, MOST_TRIALS = 30, 160, 320
SUSPEND, LIFT = "selection.valve.suspend_at_m", "selection.valve.lift_at_m"
DIGITS: Final = 9  # of how far a plan is from keeping what it must: 18 of 20 are nine in ten
IMPOSSIBLE: Final = 1.0  # how far such a plan is from keeping what it must


@dataclass(frozen=True, eq=False)
class Searched:
    """What the search found.

    Attributes
    ----------
    numbers
        The plans, by their numbers among the simulations, the best first.
    safe
        Those of them that seem to keep what they must with half of the margin, the best first.
    values
        Of each the measures in all its replications, by number.
    impossible
        How many of the plans proposed cannot do what they say.
    """

    numbers: tuple[int, ...]
    safe: tuple[int, ...]
    values: dict[int, FloatArray]
    impossible: int

    @property
    def ranked(self) -> tuple[int, ...]:
        """All plans, the most promising first: in turn one that seems best, and one that surely keeps what it must."""
        pairs = zip_longest(self.safe, self.numbers)
        return tuple(dict.fromkeys(number for pair in pairs for number in pair if number is not None))


class Search:
    """A search for good plans.

    Parameters
    ----------
    question
        What is asked.
    simulations
        Simulates; its measures are those of the question.
    """

    def __init__(self, question: Question, simulations: Simulations) -> None:
        self.question, self.simulations, self.signs = question, simulations, np.array(question.signs)
        self.values: dict[int, FloatArray] = {}
        self._numbers: dict[str, int | None] = {}
        self._reason = ""

    def run(self, seed: int, budget: int) -> Searched:
        """Search until as many plans were proposed as the keys are worth, or the replications are used up.

        Parameters
        ----------
        seed
            Of the proposals.
        budget
            Replications allowed.

        Raises
        ------
        PlanError
            If none of the plans proposed can do what it says.
        """
        import optuna  # noqa: PLC0415  (heavy)

        logging.getLogger("optuna").setLevel(logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True)
        study = optuna.create_study(sampler=sampler, directions=["maximize"] * len(self.signs))
        for first in (self.question.fluid, self.question.today):
            study.enqueue_trial(_parameters(self.question.factors, first), skip_if_exists=True)
        trials = min(max(TRIALS_A_KEY * len(self.question.factors), FEWEST_TRIALS), MOST_TRIALS)
        for begun in range(0, trials, BATCH):
            if self._spent + BATCH * STAGES[0] > budget:
                break
            self._batch(study, min(BATCH, trials - begun), budget)
        impossible = sum(number is None for number in self._numbers.values())
        if not self.values:
            message = f"none of the plans proposed ({impossible:,}) can do what it says; the first: {self._reason}"
            raise PlanError([Problem(self.question.where, message)])
        numbers = self._by_merit()
        safe = [number for number in numbers if self._is_safe(number)]
        return Searched(tuple(numbers), tuple(safe), self.values, impossible)

    @property
    def _spent(self) -> int:
        return sum(map(len, self.values.values()))

    def _batch(self, study: "optuna.Study", trials: int, budget: int) -> None:
        asked = [study.ask() for _ in range(trials)]
        numbers = [self._number_of(_decoded(self.question, trial)) for trial in asked]
        self._simulate(list(dict.fromkeys(number for number in numbers if number is not None)), budget)
        goals = [self._goal(number) for number in self.values]
        worst = np.min(goals, axis=0) if goals else np.zeros(len(self.signs))
        for trial, number in zip(asked, numbers, strict=True):
            if number is None:
                trial.set_constraint("possible", IMPOSSIBLE)
                study.tell(trial, worst.tolist())
            else:
                for name, short in zip(self._names, self._short(number), strict=True):
                    trial.set_constraint(name, round(short, DIGITS))
                study.tell(trial, self._goal(number).tolist())

    @property
    def _names(self) -> list[str]:
        return [one.key for one in self.question.requirements]

    def _number_of(self, values: Point) -> int | None:
        """Return the number of a plan; None where it cannot be simulated."""
        key = repr(values)
        if key not in self._numbers:
            try:
                self._numbers[key] = self.simulations.add(values)
            except FunnelsimError as error:
                self._numbers[key] = None
                self._reason = self._reason or "; ".join(map(str, error.problems)) or str(error)
        return self._numbers[key]

    def _simulate(self, numbers: Sequence[int], budget: int) -> None:
        """Simulate plans stage by stage; those without hope to be the best stop early."""
        going_on = list(numbers)
        for stage in STAGES:
            if not going_on or self._spent + sum(max(0, stage - self._count(n)) for n in going_on) > budget:
                return
            for begun in sorted({self._count(number) for number in going_on if self._count(number) < stage}):
                some = [number for number in going_on if self._count(number) == begun]
                for number, more in zip(some, self.simulations(some, range(begun, stage)), strict=True):
                    before = self.values.get(number)
                    self.values[number] = more if before is None else np.concatenate([before, more])
            best = next(iter(self._by_merit()))
            going_on = [number for number in going_on if self._hopeful(number, best)]

    def _count(self, number: int) -> int:
        return len(self.values.get(number, ()))

    def _goal(self, number: int) -> FloatArray:
        goal: FloatArray = self.signs * np.nan_to_num(self.values[number][:, : len(self.signs)]).mean(axis=0)
        return goal

    def _short(self, number: int) -> list[float]:
        """Return how far a plan seems to be from what it must keep: above 0 where it does not."""
        measured = self.values[number][:, len(self.signs) :].T
        return [
            one.short(float(one.values(of_one).mean()))
            for one, of_one in zip(self.question.requirements, measured, strict=True)
        ]

    def _is_safe(self, number: int) -> bool:
        measured = self.values[number][:, len(self.signs) :].T
        return all(
            one.values(of_one).mean() >= one.wanted + one.margin / 2.0
            for one, of_one in zip(self.question.requirements, measured, strict=True)
        )

    def _by_merit(self) -> list[int]:
        """Return the plans, those that seem to keep what they must first, the best of them at the head.

        A plan of few replications is judged by the lower end of what it may be. Of plans that cost the same, the one
        that finds more goes first.
        """
        short = {n: round(max([0.0, *self._short(n)]), DIGITS) for n in self.values}
        return sorted(self.values, key=lambda n: (short[n], *self._rank(n), n))

    def _rank(self, number: int) -> tuple[float, float]:
        goal, tie = -self._surely(number), self.question.tie
        return (goal, 0.0) if tie is None else (round(goal, DIGITS), -float(self.values[number][:, tie].mean()))

    def _surely(self, number: int) -> float:
        goal = self.values[number][:, 0]
        return float(self._goal(number)[0] - HOPE * np.nan_to_num(goal).std() / np.sqrt(len(goal)))

    def _hopeful(self, number: int, best: int) -> bool:
        """Tell whether a plan may be as good as the best one, and keep what it must."""
        if len(self.signs) > 1:
            return False  # every plan may lie on the front
        n = min(self._count(number), self._count(best))
        apart = self.signs[0] * (self.values[number][:n, 0] - self.values[best][:n, 0])
        if apart.mean() + HOPE * apart.std() / np.sqrt(n) < 0.0:
            return False
        measured = self.values[number][:, 1:].T
        for one, of_one in zip(self.question.requirements, measured, strict=True):
            kept = one.values(of_one)
            if kept.mean() + HOPE * max(float(kept.std()), 1.0 / len(kept)) / np.sqrt(len(kept)) < one.wanted:
                return False
        return True


def _parameters(factors: Sequence[Factor], values: Point) -> dict[str, Any]:
    """Return values as the search has them: the nearest that may be chosen."""
    found: dict[str, Any] = {}
    for factor in factors:
        name = _name(factor)
        wanted = tuple(values[key] for key in factor.keys)
        if factor.span is not None:
            low, high = factor.span
            # Without a mark the valve never shuts: the farthest mark comes nearest to that.
            value = wanted[0] if isinstance(wanted[0], int | float) else high
            found[name] = min(max(value, low), high)
            if factor.whole:
                found[name] = int(found[name])
        elif _ordered(factor):
            found[name] = min(range(len(factor.levels)), key=lambda k: _distance(factor.levels[k], wanted))
        else:
            found[name] = value_text(list(wanted if wanted in factor.levels else factor.levels[0]))
    return found


def _decoded(question: Question, trial: "optuna.Trial") -> Point:
    """Ask the search for a plan and return its values by key, as a planner would set them.

    Today's values stay as they are, however many digits they have.
    """
    values: Point = {}
    factors = question.factors
    for factor in factors:
        name = _name(factor)
        if factor.span is not None:
            low, high = factor.span
            if factor.whole:
                values[name] = trial.suggest_int(name, int(low), int(high))
            else:
                value = trial.suggest_float(name, low, high)
                is_today = value == question.today[name]
                values[name] = value if is_today else min(max(settable(name, value), low), high)
            continue
        if _ordered(factor):
            level = factor.levels[trial.suggest_int(name, 0, len(factor.levels) - 1)]
        else:
            texts = [value_text(list(level)) for level in factor.levels]
            level = factor.levels[texts.index(trial.suggest_categorical(name, texts))]
        values |= dict(zip(factor.keys, level, strict=True))
    if LIFT in values and SUSPEND in values and any(LIFT in one.keys and one.span for one in factors):
        values[LIFT] = max(values[LIFT], values[SUSPEND])  # half of all pairs would be no plan
    return values


def _name(factor: Factor) -> str:
    return "+".join(factor.keys)


def _ordered(factor: Factor) -> bool:
    """Tell whether the levels are numbers in order, between which neighbours are alike."""
    firsts = [level[0] for level in factor.levels]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in firsts)
    return numbers and firsts == sorted(firsts)


def _distance(level: Sequence[Any], wanted: Sequence[Any]) -> float:
    return sum(
        abs(one - other) if isinstance(one, int | float) and isinstance(other, int | float) else float(one != other)
        for one, other in zip(level, wanted, strict=True)
    )
