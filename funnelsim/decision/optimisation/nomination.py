"""The plan that an optimisation names: selected among all that were searched, with the plans beside it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.optimisation.front import Front, front_of
from funnelsim.decision.optimisation.good_selection import GoodSelection, Rules, Selected
from funnelsim.decision.optimisation.left_as_today import left_as_today
from funnelsim.decision.optimisation.question import Question
from funnelsim.decision.optimisation.requirement import ROUNDING
from funnelsim.decision.optimisation.search import Searched
from funnelsim.decision.simulations import Simulations
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.vary import Point, design_points

KNOWN: Final = 200  # operations of a plan that may stand beside the best one, or be the nearest
BESIDE: Final = 4  # of these
EACH: Final = 15  # replications a plan that let all plans of a grid be candidates
AS_IT_IS: Final[Point] = {}
"""Today's plan: nothing is changed."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The plan that was chosen, and how.

    Attributes
    ----------
    values
        What the plan named changes; of the plan that comes nearest to keeping what it must where none is shown to.
    runner_up
        The same of the next best plan that seems to keep what it must; None where there is none.
    selected
        How the selection ended; None where a front was asked for.
    front
        The trade-off, where it was asked for.
    points
        The plans it was chosen from.
    simulations
        How many operations were simulated for that.
    left
        Keys that the plan named would have changed for nothing: they are left as they are today.
    today_kept
        Whether the selection shows that today's plan keeps what it must.
    """

    values: Point
    runner_up: Point | None
    selected: Selected | None
    front: Front | None
    points: tuple[Point, ...]
    simulations: int
    left: tuple[str, ...] = ()
    today_kept: bool = False


def good_choice(
    question: Question, searching: Simulations, searched: Searched, selecting: Simulations, checking: Simulations
) -> Choice:
    """Select a plan among all that were searched, on random numbers that the search never saw.

    Candidates are the plans searched, today's, and all plans of a grid that is small enough. What the plan named
    changes for nothing is left as it is today.

    Parameters
    ----------
    question, searched
        What is asked, and what the search found.
    searching, selecting, checking
        Simulate for the search, for the selection, and to see which changes change nothing: the latter two on the same
        random numbers.
    """
    points = [searching.points[number] for number in searched.ranked]
    points.append(AS_IT_IS)
    left = question.replications - searching.simulated
    if question.number * EACH <= left:
        points += design_points(question.factors)
    seen: dict[str, int] = {}
    for values in points:
        if (identity := question.identity(values)) not in seen:
            with suppress(FunnelsimError):  # of a plan that cannot do what it says
                seen[identity] = selecting.add(values)
    today = seen[question.identity(AS_IT_IS)]

    def sample(numbers: Sequence[int], replications: range) -> FloatArray:
        values = selecting(numbers, replications)
        values[:, :, 0] = question.signs[0] * np.nan_to_num(values[:, :, 0])
        return values

    reached = abs(float(np.nan_to_num(searched.values[searched.numbers[0]][:, 0]).mean()))
    rules = Rules(question.decide.confidence, question.decide.within * reached, left, question.tie is not None)
    references = range(min(len(searched.ranked), len(selecting.points)))
    selection = GoodSelection(len(selecting.points), question.requirements, sample, rules, references, today)
    selected = selection.run()
    simulated = searching.simulated + selecting.simulated
    order = selection.plans.by_merit()
    if selected.named is not None:
        best = _most_found(question, selecting, selected.tied) if question.tie is not None else selected.named
        others = [number for number in order if number != best and not selected.excluded[number]][:BESIDE]
        short = _shortfalls(question, selecting, others)
        beside = [number for number, of_one in zip(others, short, strict=True) if of_one <= ROUNDING]
    else:  # the plan that is nearest to keeping what it must
        nearest = [today, *(number for number in order[:BESIDE] if number != today)]
        best, beside = nearest[int(np.argmin(_shortfalls(question, selecting, nearest)))], []
    points = list(selecting.points)
    counts = np.maximum(selected.replications, KNOWN).tolist()
    points[best], idle = left_as_today(question, checking, points[best], counts[best])
    runner_up = None
    for number in beside:
        points[number], _ = left_as_today(question, checking, points[number], counts[number])
        if question.identity(points[number]) != question.identity(points[best]):
            runner_up = points[number]
            break
    kept = today in selected.proven
    return Choice(points[best], runner_up, selected, None, tuple(points), simulated, idle, kept)


def _most_found(question: Question, selecting: Simulations, tied: Sequence[int]) -> int:
    """Return which of some plans that cost the same finds most, in as many operations each."""
    if len(tied) == 1:
        return tied[0]
    found = selecting(tied, range(KNOWN))[:, :, question.tie].mean(axis=1)
    return tied[int(np.argmax(found))]


def _shortfalls(question: Question, selecting: Simulations, numbers: Sequence[int]) -> list[float]:
    """Return how far some plans are from keeping what they must, in as many operations each.

    The selection may know some of them from ten operations only.
    """
    if not numbers:
        return []
    measured = selecting(numbers, range(KNOWN))[:, :, len(question.signs) :]
    return [
        max(
            [0.0]
            + [
                one.shortfall(float(one.values(of_one).mean()))
                for one, of_one in zip(question.requirements, of_plan.T, strict=True)
            ]
        )
        for of_plan in measured
    ]


def front_choice(question: Question, searching: Simulations, searched: Searched, selecting: Simulations) -> Choice:
    """Simulate the plans on the front of the search once more; the best plan is the one that finds most."""
    front = front_of(question, searching, searched, selecting)
    values = front.points[0].values if front.points else AS_IT_IS
    done = searching.simulated + selecting.simulated
    return Choice(values, None, None, front, tuple(selecting.points), done)
