"""Candidates of a selection: what is known of each, and how they differ from each other in the same replications."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.optimisation.requirement import Requirement

FIRST: Final = 10  # replications of every candidate
GROWTH: Final = 1.5
LEVELS: Final = 20  # up to 22,000 replications of one plan
FEWEST_PAIRS: Final = 5

Sample = Callable[[Sequence[int], range], FloatArray]
"""Returns the values of some candidates in some replications, shape (candidates, replications, 1 + requirements).

The first is the goal, more being better; the others are the measures that the requirements are about.
"""


class Candidates:
    """Plans of which each is simulated as often as it deserves, on the ladder of `levels`.

    Parameters
    ----------
    number
        How many there are.
    requirements
        What a plan must keep.
    sample
        Simulates.
    budget
        Replications allowed in all.

    Attributes
    ----------
    levels
        After how many replications something may be said of a candidate.
    values
        Of each, as `sample` returns them, shape (replications, 1 + requirements).
    counts
        Replications of each, shape (candidates,).
    """

    def __init__(self, number: int, requirements: Sequence[Requirement], sample: Sample, budget: int) -> None:
        self.requirements, self.sample, self.budget = requirements, sample, budget
        self.levels = np.unique(np.round(FIRST * GROWTH ** np.arange(LEVELS)).astype(np.int64)).tolist()
        self.values: list[FloatArray] = [np.empty((0, 1 + len(requirements)))] * number
        self.counts = np.zeros(number, dtype=np.int64)

    @property
    def means(self) -> FloatArray:
        """Of the goal and of what the requirements are about, shape (candidates, 1 + requirements)."""
        width = 1 + len(self.requirements)
        return np.stack([values.mean(axis=0) if len(values) else np.full(width, np.nan) for values in self.values])

    @property
    def kept(self) -> FloatArray:
        """Means of what the requirements look at: shares of operations that keep them, or by how much means do.

        Their shape is (candidates, requirements).
        """
        of_plans = [self._kept_by(number) for number in range(len(self.values))]
        return np.array(of_plans).reshape(len(of_plans), len(self.requirements))

    def extend(self, numbers: Sequence[int], least: int = 0, reserve: int = 0, *, on_top: bool = False) -> bool:
        """Simulate candidates up to their next level; return whether the budget, if it counts, allowed it."""
        until = {n: next((one for one in self.levels if one > max(self.counts[n], least - 1)), None) for n in numbers}
        if None in until.values():
            return False
        cost = sum(int(last or 0) - int(self.counts[n]) for n, last in until.items())
        if not on_top and int(self.counts.sum()) + cost > self.budget - reserve:
            return False
        spans: dict[tuple[int, int], list[int]] = {}
        for n, last in until.items():
            spans.setdefault((int(self.counts[n]), int(last or 0)), []).append(n)
        for (begun, last), some in spans.items():
            for n, values in zip(some, self.sample(some, range(begun, last)), strict=True):
                self.values[n] = np.concatenate([self.values[n], values])
                self.counts[n] = last
        return True

    def alike(self, numbers: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield candidates with as many replications as each other, and their values."""
        for count in np.unique(self.counts[numbers]):
            some = numbers[self.counts[numbers] == count]
            yield some, np.stack([self.values[number] for number in some])

    def apart(self, numbers: IntArray, reference: int, since: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return how much better candidates are than a reference: the mean, its standard error and the pairs.

        Parameters
        ----------
        numbers, reference
            Which.
        since
            Of each candidate the first replication that counts.
        """
        mean, error = np.zeros(len(numbers)), np.full(len(numbers), np.inf)
        pairs = np.zeros(len(numbers), dtype=np.int64)
        of_reference = self.values[reference][:, 0]
        for first in np.unique(since).tolist():
            for some, values in self.alike(numbers[since == first]):
                span = slice(first, min(values.shape[1], len(of_reference)))
                apart = values[:, span, 0] - of_reference[span]
                n = apart.shape[1]
                if n >= FEWEST_PAIRS:
                    at = np.isin(numbers, some)
                    mean[at], error[at], pairs[at] = apart.mean(axis=1), apart.std(axis=1, ddof=1) / np.sqrt(n), n
        return mean, error, pairs

    def by_merit(self) -> list[int]:
        """Return the candidates: those that seem to keep the requirements first, by the goal."""
        short = np.array([self.shortfall(number) for number in range(len(self.values))])
        goal = np.array([values[:, 0].mean() if len(values) else -np.inf for values in self.values])
        order: list[int] = np.lexsort((-goal, short.round(9))).tolist()
        return order

    def shortfall(self, number: int) -> float:
        """Return how far a candidate seems to be from keeping the requirements; 0 where it seems to keep them."""
        if not self.counts[number]:
            return float(np.inf)
        pairs = zip(self.requirements, self._kept_by(number), strict=True)
        return max([0.0, *(one.shortfall(mean) for one, mean in pairs)])

    def _kept_by(self, number: int) -> list[float]:
        """Return the mean of what each requirement looks at, for a candidate."""
        if not self.counts[number]:
            return [float(np.nan)] * len(self.requirements)
        measured = self.values[number][:, 1:].T
        return [float(one.values(of_one).mean()) for one, of_one in zip(self.requirements, measured, strict=True)]
