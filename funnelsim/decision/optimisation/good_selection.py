"""Select a good plan among many, with a guarantee: paired, fully sequential, under requirements.

With the probability wanted, the plan named keeps every requirement, and no candidate that keeps them with a margin is
better by more than the indifference zone. Every candidate is compared with a few references only, which are named
before the replications that they are compared on are seen; the error allowed is spent on these comparisons and on the
numbers of replications after which they are made. docs/optimise.md has the proof.

A candidate may be dropped for a reference that is later dropped for another one, so references are compared with each
other, too, on replications that come after both were named, with an error of their own.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.decision.optimisation.candidates import FIRST, Candidates, Sample
from funnelsim.decision.optimisation.requirement import Requirement

OF_PAIRS, OF_KEEPING, OF_PROOF = 0.5, 0.25, 0.25  # shares of the error allowed
OF_REFERENCES: Final = 0.5  # of that of pairs: for references with each other
NOMINATED_AT: Final = 3.0  # standard errors by which a candidate that becomes a reference is better
ACTIVE: Final = 4  # references to begin with
SEEMING_ERROR: Final = 0.03  # a candidate becomes a reference once it keeps the requirements, but for such a chance
TOGETHER: Final = 10  # candidates that are simulated on where none seems to keep the requirements
MOST_LEADERS, FEWEST_LEADERS = 64, 4  # that are simulated on where the replications do not suffice for all
RESERVE: Final = 0.15  # of the budget: for these
MOST_OF_ONE: Final = 0.02  # of the budget: for the proof that one reference keeps the requirements
MOST_OF_TODAY: Final = 150 * FIRST  # replications after which the proof of today's plan is given up, if that is more


@dataclass(frozen=True)
class Rules:
    """What is asked of the selection.

    Attributes
    ----------
    confidence
        Probability that the statement about the plan named is true.
    within
        The indifference zone, in the unit of the goal.
    budget
        Replications allowed in all.
    ties
        Whether references that have the same goal as the best one are proven, too, so that one of them may be named
        instead.
    """

    confidence: float
    within: float
    budget: int
    ties: bool = False


@dataclass(frozen=True)
class Selected:
    """The outcome.

    Attributes
    ----------
    named
        The candidate named; None where none is shown to keep the requirements.
    within
        No candidate that keeps the requirements with a margin is better by more than this, with the confidence wanted.
    excluded
        Candidates shown to break a requirement, or not to keep it with a margin, shape (candidates,).
    worse
        Candidates shown to be worse than one that keeps the requirements, shape (candidates,).
    replications
        Of each candidate, shape (candidates,).
    means
        Of the goal and of the measures that the requirements are about, shape (candidates, 1 + requirements).
    kept
        Of each requirement the share of operations that keep it, or by how much the mean does, shape
        (candidates, requirements).
    enough
        Whether the indifference zone was reached within the budget.
    proven
        Candidates shown to keep the requirements.
    tied
        The candidate named and those that are shown to keep the requirements, too, and have the same goal in every
        replication: what is said of the one named holds for each of them.
    """

    named: int | None
    within: float
    excluded: BoolArray
    worse: BoolArray
    replications: IntArray
    means: FloatArray
    kept: FloatArray
    enough: bool
    proven: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()


@dataclass
class _Reference:
    """A plan that others are compared with.

    Attributes
    ----------
    number
        Which candidate.
    since
        The first replication that counts: it was named before this one was seen.
    error
        Its share of the error allowed to comparisons and proofs; all shares together are at most 1.
    proven
        Whether it is shown to keep the requirements.
    """

    number: int
    since: int
    error: float
    proven: bool = False


class GoodSelection:
    """The selection, round by round.

    Parameters
    ----------
    candidates
        How many there are.
    requirements
        What a plan must keep.
    sample
        Simulates.
    rules
        What is asked.
    references
        Candidates to compare with, the most promising first: their order must not rest on the replications that
        `sample` returns. A few are compared with at once, more of them as they are needed.
    today
        The candidate that changes nothing, if there is one: nobody should change to a plan that is no better. It is a
        reference from the beginning, and named where what is promised holds for it as well.

    References
    ----------
    Kim and Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation,
    doi:10.1145/502109.502111. Nelson and Goldsman (2001), Comparisons with a standard in simulation experiments,
    doi:10.1287/mnsc.47.3.449.9778. Andradottir and Kim (2010), Fully sequential procedures for comparing constrained
    systems via simulation, doi:10.1002/nav.20408. Eckman and Henderson (2021), Fixed-confidence, fixed-tolerance
    guarantees for ranking-and-selection procedures, doi:10.1145/3432754: why the guarantee is of a good selection.
    """

    def __init__(
        self,
        candidates: int,
        requirements: Sequence[Requirement],
        sample: Sample,
        rules: Rules,
        references: Sequence[int],
        today: int | None = None,
    ) -> None:
        self.requirements, self.rules = requirements, rules
        error = 1.0 - rules.confidence
        self._pairs = error * (OF_PAIRS if requirements else 1.0)
        self._keeping = error * OF_KEEPING / max(len(requirements), 1)
        self._proof = error * OF_PROOF / max(len(requirements), 1)
        self.plans = Candidates(candidates, requirements, sample, rules.budget)
        self.excluded = np.zeros(candidates, dtype=bool)
        self.worse = np.zeros(candidates, dtype=bool)
        order = list(references)
        if today is not None and today not in order[:ACTIVE]:
            order = [*order[: ACTIVE - 1], today, *(number for number in order[ACTIVE - 1 :] if number != today)]
        ranked = [_Reference(number, 0, _share(rank)) for rank, number in enumerate(order, start=1)]
        self.references, self._ranked, self._nominated = ranked[:ACTIVE], ranked[ACTIVE:], 0
        self._today = next((one for one in self.references if one.number == today), None)
        self._leaders = MOST_LEADERS

    def run(self) -> Selected:
        """Sample until the plan named is good enough, or the budget is used up."""
        going_on = self.plans.extend(list(range(len(self.plans.values))))
        while going_on:
            self._judge()
            going_on = self._next_round()
        self._judge_today()
        self._compare_with_today()
        return self._selected()

    def _judge(self) -> None:
        self._exclude()
        self._prove()
        self._compare()

    def _judge_today(self) -> None:
        """Find out whether today's plan keeps the requirements, unless another one is shown to be better.

        These replications come on top of those allowed: else they may be used up before today's plan is judged, and a
        plan that is worse be named in its place.
        """
        today = self._today
        while today is not None and self._may_be_proven(today, MOST_OF_TODAY):
            if not self.plans.extend([today.number], on_top=True):
                return
            self._judge()

    def _compare_with_today(self) -> None:
        """Simulate until today's plan is shown to be worse or as much is promised of it as was wanted, if possible."""
        today = self._today
        while today is not None and today.proven and not self.worse[today.number]:
            contenders = self._contenders(today)
            both = np.append(contenders, today.number)
            behind = both[self.plans.counts[both] == self.plans.counts[both].min()]
            if not len(contenders) or not self.plans.extend(behind.tolist()):
                return
            self._judge()

    @property
    def best(self) -> _Reference | None:
        """The best reference that is shown to keep the requirements.

        They are compared on the replications that they share with the one that has most of them: the mean of a few is
        often higher by luck. For the same reason, a lead of less than its standard error is none.
        """
        proven = [one for one in self.references if one.proven and not self.worse[one.number]]
        if not proven:
            return None
        numbers = np.array([one.number for one in proven])
        most = proven[int(np.argmax(self.plans.counts[numbers]))]
        lead, error, _ = self.plans.apart(numbers, most.number, np.zeros(len(numbers), dtype=np.int64))
        return proven[int(np.argmax(lead - error))]

    def _next_round(self) -> bool:
        """Simulate what is needed next; return whether there was anything, and replications left for it."""
        open_references = [one for one in self.references if self._worth_proving(one)]
        if open_references:
            return self.plans.extend([open_references[0].number])
        best = self.best
        if best is None:
            alive = self._alive()
            return self._refer_to(alive) or self._extend_likeliest(alive)
        if self._extend_references(best):
            return True
        contenders = self._contenders(best)
        if not len(contenders):
            return False
        if self._refer_to(self._ahead(best, contenders)):
            return True
        level = int(self.plans.counts[contenders].min())
        behind = [int(number) for number in contenders if self.plans.counts[number] == level]
        # A reference has as many replications as those that are compared with it.
        needed = [one.number for one in self.references if one.proven and self.plans.counts[one.number] <= level]
        all_of_them = [*behind, *(number for number in needed if number not in behind)]
        reserve = int(RESERVE * self.rules.budget)
        return (
            self.plans.extend(all_of_them, reserve=reserve)
            or self._focus(best, contenders)
            or self.plans.extend(all_of_them)
        )

    def _focus(self, best: _Reference, contenders: IntArray) -> bool:
        """Simulate on the contenders that seem best, fewer and fewer of them, and make their leader a reference.

        Where the replications do not suffice for all contenders, little can be said of those that are left; but the
        plan named shall be the best that they let one find.
        """
        known = {one.number for one in self.references}
        wanted = set(contenders.tolist()) - known
        order = [number for number in self.plans.by_merit() if number in wanted]
        if self._leaders < FEWEST_LEADERS:
            self._leaders = MOST_LEADERS
            first = np.array(order[:FEWEST_LEADERS], dtype=np.int64)
            ahead = first[self._apart(first, best)[0] > 0.0]
            if self._refer_to(ahead):
                return True
        leaders = order[: self._leaders]
        self._leaders //= 2
        return bool(leaders) and self.plans.extend(leaders)

    def _extend_references(self, best: _Reference) -> bool:
        """Simulate the other references as often as the best one, by way of which others are compared with it."""
        count = self.plans.counts[best.number]
        fewer = [one.number for one in self.references if one.proven and self.plans.counts[one.number] < count]
        return bool(fewer) and self.plans.extend(fewer)

    def _alive(self) -> IntArray:
        return np.flatnonzero(~self.excluded & ~self.worse)

    def _may_be_proven(self, one: _Reference, least: int) -> bool:
        """Tell whether a reference may yet be shown to keep the requirements, in so many replications at least."""
        if one.proven or self.excluded[one.number] or self.worse[one.number]:
            return False
        used = self.plans.counts[one.number]
        return bool(0 < used < self.plans.levels[-1] and used <= max(MOST_OF_ONE * self.rules.budget, least))

    def _worth_proving(self, one: _Reference) -> bool:
        if not self._may_be_proven(one, 50 * FIRST):
            return False
        best = self.best
        if best is None:
            return True
        (ahead,), (error,), _ = self._apart(np.array([one.number]), best)
        return bool(ahead > 0.0 or (self.rules.ties and ahead == error == 0.0))

    def _contenders(self, best: _Reference) -> IntArray:
        """Return the candidates that may still be better than the best reference by more than the indifference zone."""
        alive = self._alive()
        return alive[self._above(alive, best) > self.rules.within]

    def _ahead(self, best: _Reference, contenders: IntArray) -> IntArray:
        """Return the contenders that seem better than the best reference."""
        mean, error, _ = self._apart(contenders, best)
        return contenders[mean > np.maximum(NOMINATED_AT * error, self.rules.within / 2.0)]

    def _seems_to_keep(self, numbers: IntArray) -> BoolArray:
        """Tell which candidates seem to keep the requirements.

        Those that break a limit are often better than all that keep it: each of them named as a reference in vain would
        cost all others the replications so far.
        """
        seems = np.ones(len(numbers), dtype=bool)
        for some, values in self.plans.alike(numbers):
            at = np.isin(numbers, some)
            for column, one in enumerate(self.requirements, start=1):
                seems[at] &= one.kept(*one.bounds(one.values(values[:, :, column]), SEEMING_ERROR))
        return seems

    def _extend_likeliest(self, numbers: IntArray) -> bool:
        """Simulate on those candidates that come nearest to keeping the requirements."""
        known = {one.number for one in self.references}
        likeliest = [number for number in self.plans.by_merit() if number in set(numbers.tolist()) - known]
        return bool(likeliest) and self.plans.extend(likeliest[:TOGETHER])

    def _refer_to(self, numbers: IntArray) -> bool:
        """Make one of some candidates a reference; return whether there was one, and replications left for it.

        The next one ranked beforehand is taken first. Any other one must seem to keep the requirements, and counts from
        its next replication on.
        """
        eligible = set(numbers.tolist()) - {one.number for one in self.references}
        ranked = next((one for one in self._ranked if one.number in eligible), None)
        if ranked is not None:
            self._ranked.remove(ranked)
            self.references.append(ranked)
            return True
        seeming = set(numbers[self._seems_to_keep(numbers)].tolist()) & eligible
        number = next((number for number in self.plans.by_merit() if number in seeming), None)
        if number is None:
            return False
        self._nominated += 1
        since = int(self.plans.counts.max())
        if not self.plans.extend([number], least=since + FIRST):
            return False  # named without a replication that counts, it could be compared with no other reference
        self.references.append(_Reference(number, since, _share(self._nominated)))
        return True

    def _exclude(self) -> None:
        """Exclude the candidates shown to break a requirement, or shown not to keep it with a margin.

        A reference that is shown to keep them stays: others may have been dropped for it.
        """
        proven = [one.number for one in self.references if one.proven]
        for some, values in self.plans.alike(np.setdiff1d(self._alive(), proven)):
            for column, one in enumerate(self.requirements, start=1):
                kept = one.values(values[:, :, column])
                error = self._keeping * self._of_step(values.shape[1])
                self.excluded[some[one.broken(*one.bounds(kept, error))]] = True

    def _prove(self) -> None:
        for reference in self.references:
            values = self.plans.values[reference.number][reference.since :]
            if reference.proven or len(values) < FIRST or self.excluded[reference.number]:
                continue
            error = self._proof * reference.error * self._of_step(int(self.plans.counts[reference.number]))
            reference.proven = all(
                one.kept(*one.bounds(one.values(values[None, :, column]), error))[0]
                for column, one in enumerate(self.requirements, start=1)
            )

    def _compare(self) -> None:
        """Drop the candidates that are shown to be worse than a reference that keeps the requirements."""
        for reference in self.references:
            if reference.proven:
                alive = self._alive()
                self.worse[alive[self._at_most(alive, reference) < 0.0]] = True

    def _of_step(self, count: int) -> float:
        """Return the share of the error allowed that is spent after so many replications: half of it after the first.

        Where there are many candidates, nearly all of them are simulated no more than that.
        """
        return _share(bisect_left(self.plans.levels, count) + 1) * 2.0

    def _apart(self, numbers: IntArray, reference: _Reference) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return how much better candidates are than a reference, in the replications that count for it."""
        return self.plans.apart(numbers, reference.number, np.full(len(numbers), reference.since))

    def _at_most(self, numbers: IntArray, reference: _Reference) -> FloatArray:
        """Return by how much candidates are better than a reference at most."""
        since = np.full(len(numbers), reference.since)
        counts = np.minimum(self.plans.counts[numbers], self.plans.counts[reference.number])
        of_step = self._pairs * reference.error * np.array([self._of_step(count) for count in counts.tolist()])
        error = (1.0 - OF_REFERENCES) * of_step
        for other in self.references:
            at = numbers == other.number
            since[at] = max(reference.since, other.since)
            error[at] = OF_REFERENCES * other.error * of_step[at]
        mean, spread, pairs = self.plans.apart(numbers, reference.number, since)
        most: FloatArray = mean - stdtrit(np.maximum(pairs - 1, 1), error) * spread
        most[numbers == reference.number] = 0.0
        return most

    def _above(self, numbers: IntArray, best: _Reference) -> FloatArray:
        """Return by how much candidates are better than the best reference at most, by way of any other reference.

        A candidate that is shown to be little better than one reference, and that one to be worse than the best, need
        not be simulated again to be compared with the best one itself.
        """
        most = self._at_most(numbers, best)
        for one in self.references:
            if one.proven and one is not best:
                apart = float(self._at_most(np.array([one.number]), best)[0])
                most = np.minimum(most, self._at_most(numbers, one) + apart)
        most[numbers == best.number] = 0.0
        return most

    def _most_above(self, best: _Reference) -> float:
        """Return by how much any candidate is better than a reference at most."""
        return float(self._above(self._alive(), best).max(initial=0.0))

    def _named(self) -> _Reference | None:
        """Return today's plan where as much can be promised of it as of the best reference, or else that one."""
        best, today = self.best, self._today
        if best is None or today is None or not today.proven or self.worse[today.number]:
            return best
        wanted = max(self.rules.within, self._most_above(best))
        return today if self._most_above(today) <= wanted else best

    def _selected(self) -> Selected:
        best = self._named()
        within = np.inf if best is None else self._most_above(best)
        return Selected(
            named=None if best is None else best.number,
            within=within,
            excluded=self.excluded,
            worse=self.worse,
            replications=self.plans.counts,
            means=self.plans.means,
            kept=self.plans.kept,
            enough=best is not None and within <= self.rules.within,
            proven=tuple(one.number for one in self.references if one.proven),
            tied=() if best is None else self._tied_with(best),
        )

    def _tied_with(self, best: _Reference) -> tuple[int, ...]:
        numbers = np.array([one.number for one in self.references if one.proven and not self.worse[one.number]])
        mean, error, _ = self._apart(numbers, best)
        return tuple(numbers[(numbers == best.number) | ((mean == 0.0) & (error == 0.0))].tolist())


def _share(rank: int) -> float:
    """Return the share of the error allowed that a reference has: those ranked beforehand and the others half each.

    Examples
    --------
    >>> _share(1), round(sum(map(_share, range(1, 1000))), 2)
    (0.25, 0.5)
    """
    return 0.5 / (rank * (rank + 1))
