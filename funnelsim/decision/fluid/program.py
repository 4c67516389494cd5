"""The linear program of the bound for one window: docs/bound.md derives it.

Vehicles are counted by the period in which they would come on the free road. What comes after the beginning of a period
can only be inspected after it; so the work of every period and all later ones must fit into what bays, officers and
equipment can do from its beginning on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.special import ndtri

from funnelsim.arrays import FloatArray
from funnelsim.decision.fluid.sources import Source
from funnelsim.units import HOUR_S

BAYS: Final = "bays"
WAITING_SPACES: Final = "waiting spaces"
FIRST_CUTOFFS: Final = tuple(np.linspace(-1.0, 4.0, 8).tolist())
ROUNDS: Final = 6  # of tangents added where the program went beyond a curve
ENOUGH: Final = 1e-4  # of the program's value: the round that gains less is the last


class Supply(NamedTuple):
    """Bays, the officers of an agency or pieces of equipment: what they can do, and what vehicles take of it.

    Attributes
    ----------
    name
        "bays", or the name of the pool.
    period_h
        Hours from the beginning of each period to the end of selection, shape (periods,).
    hours
        What all of them can work in these hours, shape (periods,).
    spells
        How often one of them begins to work from then on, each of which may run over once, shape (periods,).
    overruns_s
        The overruns for which the work is charged, shape (overruns,).
    vehicle_s
        What an accepted vehicle charges, shape (overruns, classes, target types + 1).
    left_s
        Of this, what a stage charges that has not begun when selection ends, shape (overruns, stages, classes, target
        types + 1).
    waiting_s
        Of this, what a vehicle charges that waits for a bay when selection ends, shape (overruns, classes, target types
        + 1).
    """

    name: str
    period_h: FloatArray
    hours: FloatArray
    spells: FloatArray
    overruns_s: FloatArray
    vehicle_s: FloatArray
    left_s: FloatArray
    waiting_s: FloatArray


@dataclass(frozen=True, eq=False)
class Places:
    """How many vehicles there may be in the area when selection ends.

    Attributes
    ----------
    by_stage
        How many may have a stage still to begin, shape (stages,).
    waiting
        How many may wait for a bay.
    """

    by_stage: FloatArray
    waiting: float


@dataclass(frozen=True, eq=False)
class Solution:
    """What the program says of one window.

    Attributes
    ----------
    finds
        Its value: expected finds that no selection exceeds.
    ordinary, targets
        Vehicles to be selected, shapes (sources, periods, classes) and (sources, periods, classes, target types).
    worth
        Finds that one hour more of a supply would add in each period, by its name, each of shape (periods,).
    one_more
        Finds that one more of it in the whole window would add, by its name; of "waiting spaces", too.
    """

    finds: float
    ordinary: FloatArray
    targets: FloatArray
    worth: dict[str, FloatArray]
    one_more: dict[str, float]


class Variables:
    """Where the variables stand: numbers of vehicles.

    Parameters
    ----------
    sources, often
        As in `solve`.
    others
        How many further variables stand behind them.

    Attributes
    ----------
    ordinary, targets
        Selected, shapes (sources, periods, classes) and (sources, periods, classes, target types).
    left
        Vehicles with a stage still to begin when selection ends, shape (stages, classes, target types + 1).
    waiting
        Vehicles that wait for a bay then, shape (classes, target types + 1).
    others
        The further variables, shape (others,).
    """

    def __init__(self, sources: Sequence[Source], often: FloatArray, others: int = 0) -> None:
        periods, classes, types = sources[0].targets.shape
        shapes = (
            (len(sources), periods, classes),
            (len(sources), periods, classes, types),
            often.shape,
            (classes, types + 1),
            (others,),
        )
        ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
        self.number = int(ends[-1])
        self.ordinary, self.targets, self.left, self.waiting, self.others = (
            np.arange(begin, end).reshape(shape) for begin, end, shape in zip(ends[:-1], ends[1:], shapes, strict=True)
        )

    def accepted(self, rows: FloatArray, weights: FloatArray, since: int = 0) -> None:
        """Write, in each of some rows, the weights of the vehicles accepted from a period on.

        Parameters
        ----------
        rows
            Shape (rows, variables).
        weights
            Shape (rows, classes, target types + 1).
        since
            The period.
        """
        rows[:, self.ordinary[:, since:]] = weights[:, None, None, :, 0]
        rows[:, self.targets[:, since:]] = weights[:, None, None, :, 1:]


def solve(
    sources: Sequence[Source], found: FloatArray, often: FloatArray, supplies: Sequence[Supply], places: Places
) -> Solution:
    """Return the most finds that selection can reach in a window.

    Parameters
    ----------
    sources
        The vehicles that may be selected.
    found
        P(found | inspected) of those who come in each period, shape (periods, classes, target types).
    often
        Chance of each stage, shape (stages, classes, target types + 1).
    supplies
        What bays, officers and equipment can do.
    places
        What may be left when selection ends.
    """
    at = Variables(sources, often)
    offered = np.stack([source.ordinary for source in sources]), np.stack([source.targets for source in sources])
    goal = np.zeros(at.number)
    goal[at.targets] = -found
    most = np.full(at.number, np.inf)
    most[at.ordinary], most[at.targets] = offered
    work, work_limits = _work(at, supplies)
    left, left_limits = _left(at, often, places)
    solved = solved_with_looks(
        at, sources, goal, [work, left], [work_limits, left_limits], np.column_stack([np.zeros_like(most), most])
    )
    prices = np.split(-solved.ineqlin.marginals, [len(work_limits), len(work_limits) + len(often) + 1])
    return Solution(
        finds=-float(solved.fun),
        ordinary=solved.x[at.ordinary],
        targets=solved.x[at.targets],
        **_worth(supplies, prices[0], prices[1]),
    )


def solved_with_looks(
    at: Variables,
    sources: Sequence[Source],
    goal: FloatArray,
    rows: Sequence[csr_array],
    limits: Sequence[FloatArray],
    within: Any,  # noqa: ANN401  (an array: the types of SciPy know none here)
) -> Any:  # noqa: ANN401  (SciPy's own)
    """Solve a linear program under the ROC curves of the looks, whose tangents are added where it goes beyond them.

    Parameters
    ----------
    at, sources
        The variables, and the vehicles that they count.
    goal
        What is to be least, shape (variables,).
    rows, limits
        What the variables must keep besides: rows times variables at most the limits.
    within
        The least and the largest value of each variable, shape (variables, 2).

    Returns
    -------
    scipy.optimize.OptimizeResult
        Of the last program; `x` is None where nothing keeps all of it.
    """
    rows, limits = list(rows), list(limits)
    for cutoff in FIRST_CUTOFFS:
        add_tangents(rows, limits, at, sources, np.full(at.ordinary.shape, cutoff))
    offered = np.stack([source.ordinary for source in sources])
    value = np.inf
    solved: Any = None
    for _ in range(ROUNDS):
        below: Any = vstack(rows)  # the types of SciPy know no sparse rows here
        solved = linprog(goal, below, np.concatenate(limits), bounds=within, method="highs")
        if solved.x is None or abs(value - solved.fun) < ENOUGH * abs(solved.fun):
            break
        value = float(solved.fun)
        share = np.divide(solved.x[at.ordinary], offered, out=np.ones(at.ordinary.shape), where=offered > 0.0)
        add_tangents(rows, limits, at, sources, -ndtri(np.clip(share, 1e-9, 1.0 - 1e-9)))
    return solved


def _work(at: Variables, supplies: Sequence[Supply]) -> tuple[csr_array, FloatArray]:
    """Return the rows that say: the work of a period and all later ones fits, for each supply, period and overrun."""
    rows, limits = [], []
    for supply in supplies:
        for period in range(len(supply.hours)):
            block = np.zeros((len(supply.overruns_s), at.number))
            at.accepted(block, supply.vehicle_s, period)
            block[:, at.left] = -supply.left_s
            block[:, at.waiting] = -supply.waiting_s
            rows.append(csr_array(block / HOUR_S))
            limits.append(supply.hours[period] + supply.spells[period] * supply.overruns_s / HOUR_S)
    return vstack(rows), np.concatenate(limits)


def _left(at: Variables, often: FloatArray, places: Places) -> tuple[csr_array, FloatArray]:
    """Return the rows that say: no more is left than there are places, and than was accepted; the places first."""
    stages, classes, statuses = often.shape
    full = np.zeros((stages + 1, at.number))
    for stage in range(stages):
        full[stage, at.left[stage]] = 1.0
    full[stages, at.waiting] = 1.0
    blocks = [full]
    for variables, chances in [*zip(at.left, often, strict=True), (at.waiting, np.ones((classes, statuses)))]:
        block = np.zeros((classes * statuses, at.number))
        each = np.eye(classes * statuses).reshape(-1, classes, statuses)
        at.accepted(block, -each * chances)
        block[np.arange(classes * statuses), variables.ravel()] = 1.0
        blocks.append(block)
    limits = np.zeros(sum(len(block) for block in blocks))
    limits[:stages], limits[stages] = places.by_stage, places.waiting
    return csr_array(np.concatenate(blocks)), limits


def add_tangents(
    rows: list[csr_array], limits: list[FloatArray], at: Variables, sources: Sequence[Source], cutoff: FloatArray
) -> None:
    """Add, for every target type of every source, period and class, the tangent of its ROC curve at a cutoff."""
    for source, its_ordinary, its_targets, at_cutoff in zip(sources, at.ordinary, at.targets, cutoff, strict=True):
        if source.looks is None:
            continue
        counts = (source.targets > 0.0) & (source.ordinary > 0.0)[:, :, None]
        period, of_class, kind = np.nonzero(counts)
        cue = source.cue[kind]
        slope = source.looks.slope(cue, at_cutoff[period, of_class])
        number = np.arange(len(kind))
        entries: Any = (
            np.concatenate([1.0 / source.targets[counts], -slope / source.ordinary[period, of_class]]),
            (np.tile(number, 2), np.concatenate([its_targets[counts], its_ordinary[period, of_class]])),
        )
        rows.append(csr_array(entries, shape=(len(kind), at.number)))
        limits.append(source.looks.tangent(cue, slope))


def _worth(supplies: Sequence[Supply], work: FloatArray, full: FloatArray) -> dict[str, dict[str, Any]]:
    """Return what an hour, and one more, of each supply is worth.

    Parameters
    ----------
    supplies
        What can be had more of.
    work, full
        Prices of the rows of `_work`, and of those of `_left` that say how many places there are.
    """
    worth, one_more = {}, {WAITING_SPACES: float(full.sum())}
    for supply in supplies:
        shape = (len(supply.hours), len(supply.overruns_s))
        prices, work = work[: np.prod(shape)].reshape(shape), work[np.prod(shape) :]
        worth[supply.name] = prices.sum(axis=1).cumsum()
        one_more[supply.name] = float((prices * (supply.period_h[:, None] + supply.overruns_s / HOUR_S)).sum())
    one_more[BAYS] += float(full[:-1].sum())  # a bay is a place, too
    return {"worth": worth, "one_more": one_more}
