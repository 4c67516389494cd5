"""The search for good plans: Optuna and a local search propose them, and each is simulated as often as it deserves."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.optimisation.neighbours import neighbour
from funnelsim.decision.optimisation.parameters import Parameters, decoded, parameters_of
from funnelsim.decision.optimisation.question import Question
from funnelsim.decision.simulations import Simulations
from funnelsim.errors import FunnelsimError, PlanError, Problem
from funnelsim.experiments.vary import Point

if TYPE_CHECKING:
    import optuna

BATCH: Final = 8  # proposed before any of them is known: the same whatever the number of jobs
STAGES: Final = (12, 48, 192)  # replications of poor, of fair and of good plans
HOPE: Final = 2.0  # standard errors by which a plan may yet be better than it seems
TRIALS_A_KEY, FEWEST_TRIALS, MOST_TRIALS = 30, 160, 320
DIGITS: Final = 9  # of how far a plan is from keeping what it must: 18 of 20 are nine in ten
PARENTS: Final = 2  # plans of which neighbours are proposed
DRAWS: Final = 20  # of each neighbour, until it is one that was not proposed before
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
        self._parameters: dict[int, Parameters] = {}
        self._proposed: set[str] = set()
        self._unasked = 0
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
            study.enqueue_trial(parameters_of(self.question.factors, first), skip_if_exists=True)
        trials = min(max(TRIALS_A_KEY * len(self.question.factors), FEWEST_TRIALS), MOST_TRIALS)
        generator = np.random.default_rng([seed, 1])
        for begun in range(0, trials, BATCH):
            if self._spent + BATCH * STAGES[0] > budget:
                break
            count = min(BATCH, trials - begun)
            if begun // BATCH % 2:
                self._propose_neighbours(study, count, budget, generator)
            self._unasked = trials - begun - count
            self._batch(study, count, budget)
        impossible = sum(number is None for number in self._numbers.values())
        if not self.values:
            message = f"none of the plans proposed ({impossible:,}) can do what it says; the first: {self._reason}"
            raise PlanError([Problem(self.question.where, message)])
        numbers = self._by_merit()
        safe = [number for number in numbers if self._keeps(number, 0.5)]
        return Searched(tuple(numbers), tuple(safe), self.values, impossible)

    @property
    def _spent(self) -> int:
        return sum(map(len, self.values.values()))

    def _batch(self, study: "optuna.Study", trials: int, budget: int) -> None:
        asked = [study.ask() for _ in range(trials)]
        numbers = [self._number_of(decoded(self.question, trial)) for trial in asked]
        for trial, number in zip(asked, numbers, strict=True):
            self._proposed.add(repr(sorted(trial.params.items())))
            if number is not None:
                self._parameters.setdefault(number, trial.params)
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

    def _propose_neighbours(
        self, study: "optuna.Study", most: int, budget: int, generator: np.random.Generator
    ) -> None:
        """Have new neighbours of the best plans asked for next; Optuna proposes what is missing in the batch."""
        parents = self._parents(budget)
        left = most
        for draw in range(DRAWS * most if parents else 0):
            of_parent = self._parameters[parents[draw % len(parents)]]
            proposed = neighbour(self.question.factors, of_parent, generator)
            key = repr(sorted(proposed.items()))
            if key not in self._proposed:
                self._proposed.add(key)
                study.enqueue_trial(proposed)
                left -= 1
            if not left:
                return

    def _parents(self, budget: int) -> list[int]:
        """Return the best plans that keep what they must with the margin; none of a trade-off, which has no best plan.

        The best of them is simulated as often as any plan, as far as the budget goes: in a few operations many plans
        seem to keep their limits.
        """
        while len(self.signs) == 1:
            keeping = [number for number in self._by_merit() if self._keeps(number, 1.0)]
            if not keeping:
                break
            stage = next((stage for stage in STAGES if stage > self._count(keeping[0])), None)
            if stage is None or not self._affords(stage - self._count(keeping[0]), budget):
                return keeping[:PARENTS]
            self._extend(keeping[:1], stage)
        return []

    def _affords(self, replications: int, budget: int) -> bool:
        """Tell whether replications are left for this once every plan not yet proposed has its first ones."""
        return self._spent + replications + self._unasked * STAGES[0] <= budget

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
            more = sum(max(0, stage - self._count(number)) for number in going_on)
            if not going_on or (stage > STAGES[0] and not self._affords(more, budget)):
                return
            self._extend(going_on, stage)
            best = next(iter(self._by_merit()))
            going_on = [number for number in going_on if self._hopeful(number, best)]

    def _extend(self, numbers: Sequence[int], stage: int) -> None:
        """Simulate plans until each has the replications of a stage."""
        for begun in sorted({self._count(number) for number in numbers if self._count(number) < stage}):
            some = [number for number in numbers if self._count(number) == begun]
            for number, more in zip(some, self.simulations(some, range(begun, stage)), strict=True):
                before = self.values.get(number)
                self.values[number] = more if before is None else np.concatenate([before, more])

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

    def _keeps(self, number: int, margin: float) -> bool:
        """Tell whether a plan seems to keep what it must with this share of the margin."""
        measured = self.values[number][:, len(self.signs) :].T
        return all(
            one.values(of_one).mean() >= one.wanted + margin * one.margin
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
