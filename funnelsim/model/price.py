"""A price of officer-minutes: what an officer-minute must promise, and the price at which officers are well used.

An inspection of a vehicle of class c with score x promises, by Bayes' rule on the binormal scores,

    sum_k p_k phi(x - d_k) P(found | c, k) / ((1 - sum_j p_j) phi(x) + sum_j p_j phi(x - d_j))

detections, and takes the officer-minutes that are usual for its class. Their ratio is the index. Selecting whoever's
index exceeds a price yields the most detections that so many officer-minutes can yield: the order in which a knapsack
is filled whose items can be divided. Within a class it is a threshold on the score (Neyman and Pearson), as the index
rises with the score.

Where a class has one target type, or several with like cues, that is so. A type that stands out more than another and
is found less can make the index fall again, for scores beyond those that vehicles have; selected is then whoever
scores more than where the price is first exceeded.

References
----------
Dantzig (1957), Discrete-variable extremum problems, Operations Research 5, doi:10.1287/opre.5.2.266.
Neyman and Pearson (1933), On the problem of the most efficient tests of statistical hypotheses, Philosophical
Transactions A 231, doi:10.1098/rsta.1933.0009.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from funnelsim.arrays import FloatArray
from funnelsim.model.expected import (
    chance_to_find,
    chances_of_score,
    free_officer_minutes,
    officer_minutes,
    selecting_spans,
    shares_by_status,
    usual_cue,
)
from funnelsim.model.plan import Plan
from funnelsim.scenario.selection import Index

SCORES = np.linspace(-12.0, 12.0, 241)  # beyond these no vehicle scores: the chance is 1e-33
SCORE_STEPS = 2.0**24  # a unit of the score: last digits of a root depend on the processor, results must not
NEAR = 1e-9  # relative distance from a price at which a whole class is gained

IndexOfScore = Callable[[FloatArray | float], FloatArray]


@dataclass(frozen=True, eq=False)
class Promise:
    """What the inspection of a vehicle promises, by its class and score.

    Attributes
    ----------
    shares
        Shares of ordinary vehicles and target types in a class, shape (classes, target types + 1).
    found
        P(found | inspected), of the same shape.
    cue
        Mean of the score by status, shape (target types + 1,).
    minutes
        Officer-minutes that an inspection takes, shape (classes,).
    """

    shares: FloatArray
    found: FloatArray
    cue: FloatArray
    minutes: FloatArray

    def index_of(self, of_class: int) -> IndexOfScore:
        """Return the detections that an officer-minute promises in a class, as a function of the score.

        It takes a score, or an array of any shape. It is infinite where an inspection takes no officers and may find
        something.
        """
        some = self.shares[of_class] > 0
        cue, found, minutes = self.cue[some], self.found[of_class, some], float(self.minutes[of_class])
        log_share, half_square = np.log(self.shares[of_class, some]), cue**2 / 2.0

        def index(scores: FloatArray | float) -> FloatArray:
            exponent = log_share + np.asarray(scores)[..., None] * cue - half_square
            weight = np.exp(exponent - exponent.max(axis=-1, keepdims=True))
            chance: FloatArray = np.asarray(weight @ found / weight.sum(axis=-1))
            promised: FloatArray = chance / minutes if minutes > 0.0 else np.where(chance > 0.0, np.inf, 0.0)
            return promised

        return index


def promise_of(plan: Plan) -> Promise:
    """Return what the inspections of a plan promise."""
    return Promise(shares_by_status(plan.road), chance_to_find(plan.inspection), usual_cue(plan), officer_minutes(plan))


def with_price(plan: Plan, index: Index) -> Plan:
    """Return a plan whose classes are selected by the price of an officer-minute.

    Parameters
    ----------
    plan
        The plan of one funnel. A class that is not selected at all stays so.
    index
        The price, or what it is searched for: the share of all vehicles that is selected, or the share of the free
        officers' time while vehicles are selected that the selected are expected to take; both over all windows,
        without queueing, and with the hits of the watch list.

    Returns
    -------
    Plan
        The same with the price, and with the cutoffs and selection rates that follow from it. The price is 0 where not
        even everybody who promises anything is as much as wanted; it is infinite where the hits of the watch list, and
        whoever costs no officer-minute, are more.
    """
    promise = promise_of(plan)
    indices = [promise.index_of(c) for c in range(len(plan.classes))]
    table = np.array([index_of(SCORES) for index_of in indices])
    table[~plan.selection.selectable[0]] = 0.0  # rates by time need a rule without a price
    if index.price is not None:
        price, cutoff = index.price, _cutoffs(indices, table, index.price)
    else:
        price, cutoff = _searched(indices, table, _wanted(plan, promise, index))
    cutoff = np.round(cutoff * SCORE_STEPS) / SCORE_STEPS
    return replace(plan, selection=replace(plan.selection, price=price, cutoff=cutoff[None], rate=ndtr(-cutoff)[None]))


def _cutoffs(indices: Sequence[IndexOfScore], table: FloatArray, price: float) -> FloatArray:
    """Return the score by class from which on the index exceeds a price, shape (classes,)."""
    from scipy.optimize import brentq  # noqa: PLC0415  (heavy, and other rules need none)

    cutoff = np.full(len(table), np.inf)
    for c, at_scores in enumerate(table):
        exceeds = np.isinf(at_scores) | (at_scores > price)
        first = int(np.argmax(exceeds))
        if not exceeds[first]:
            continue
        cutoff[c] = (
            brentq(lambda score, c=c: float(indices[c](score)) - price, SCORES[first - 1], SCORES[first])
            if first
            else -np.inf
        )
    return cutoff


def _wanted(plan: Plan, promise: Promise, index: Index) -> Callable[[FloatArray], float]:
    """Return a function of cutoffs: by how much they select more than is wanted."""
    listed = plan.selection.listed
    if index.rate is not None:
        each, wanted = plan.road.demand.mix(plan.windows_s), index.rate
    else:
        spans = selecting_spans(plan, *plan.window_s)
        come = sum((plan.road.demand.expected(*span) for span in spans), np.zeros(len(plan.classes)))
        each, wanted = come * promise.minutes, (index.utilisation or 0.0) * free_officer_minutes(plan)

    def excess(cutoff: FloatArray) -> float:
        chances = listed + (1.0 - listed) * chances_of_score(cutoff, promise.cue)
        return float(each @ (promise.shares * chances).sum(axis=1)) - wanted

    return excess


def _searched(
    indices: Sequence[IndexOfScore], table: FloatArray, excess: Callable[[FloatArray], float]
) -> tuple[float, FloatArray]:
    """Return the price at which as much is selected as is wanted, and the cutoffs by class.

    A class without cues is gained or lost as a whole at one price: of it a share is selected that makes up what is
    wanted, as the last item of the knapsack is divided.
    """
    from scipy.optimize import brentq  # noqa: PLC0415  (heavy, and other rules need none)

    for price in (0.0, np.inf):
        cutoff = _cutoffs(indices, table, price)
        if (excess(cutoff) <= 0.0) == (price == 0.0):
            return price, cutoff
    prices = np.log(table[(table > 0.0) & np.isfinite(table)])
    at = brentq(
        lambda log_price: excess(_cutoffs(indices, table, np.exp(log_price))), prices.min() - NEAR, prices.max() + NEAR
    )
    cheap, dear = (ndtr(-_cutoffs(indices, table, np.exp(at + step))) for step in (-NEAR, NEAR))

    def rates(share: float) -> FloatArray:
        return share * cheap + (1.0 - share) * dear

    part = 0.0
    if excess(-ndtri(cheap)) > 0.0 > excess(-ndtri(dear)):
        part = brentq(lambda share: excess(-ndtri(rates(share))), 0.0, 1.0)
    return float(np.exp(at)), -ndtri(rates(part))
