"""The vehicles of a window that may be selected, period by period, and how well they can be told apart."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.fluid.roc import Looks
from funnelsim.model.plan import Plan
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.schema import Scenario

QUALITIES = 12  # by Gauss-Hermite quadrature


@dataclass(frozen=True, eq=False)
class Source:
    """Vehicles that may be selected.

    Attributes
    ----------
    funnel
        Index of their funnel.
    ordinary
        Expected ordinary vehicles, shape (periods, classes).
    targets
        Expected targets, shape (periods, classes, target types).
    looks, cue
        How well targets are told from ordinary vehicles: the looks, and the mean of a target's score, shape
        (target types,). No looks where ordinary vehicles need not be selected along with targets.
    listed
        Whether they are hits of the watch list, which no rate decides about.
    """

    funnel: int
    ordinary: FloatArray
    targets: FloatArray
    looks: Looks | None
    cue: FloatArray
    listed: bool = False


def sources_of(scenario: Scenario, plan: Plan, window: int, edges_s: FloatArray) -> list[Source]:
    """Return the vehicles that come between some moments of a window, funnel by funnel.

    Hits of the watch list are vehicles apart, because they are known before the look. Whoever turns away and is brought
    back by a chase car counts as a target, as no ordinary vehicle need be pursued.

    Parameters
    ----------
    scenario, plan
        The scenario and its plan.
    window
        Index of the window.
    edges_s
        Edges of the periods, in seconds after midnight, shape (periods + 1,).
    """
    cue = np.array([np.sqrt(2.0) * NormalDist().inv_cdf(target.cue_auc) for target in scenario.targets])
    found: list[Source] = []
    for number, (side, funnel) in enumerate(zip(scenario.per_funnel, plan.funnels, strict=True)):
        vehicles = _expected(funnel.road.demand, edges_s)
        prevalence = funnel.road.prevalence
        evasion = funnel.evasion
        hours_out_s = np.maximum(edges_s[:-1] - plan.funnel.opens_s[window] - funnel.funnel.turn_off_before_s, 0.0)
        heard = 1.0 - 2.0 ** (-hours_out_s[:, None] / evasion.half_life_s[1:])
        comes = 1.0 - evasion.alerted[1:] * heard  # (periods, target types)
        ordinary = vehicles * (1.0 - prevalence.sum(axis=1)) * (1.0 - evasion.leaves[0])
        targets = vehicles[:, :, None] * prevalence * comes[:, None, :]
        listed = funnel.selection.listed
        looks = _looks(side)
        found.append(Source(number, ordinary * (1.0 - listed[0]), targets * (1.0 - listed[1:]), looks, cue))
        if listed.any():
            found.append(Source(number, ordinary * listed[0], targets * listed[1:], looks, cue, listed=True))
        if plan.pursuit is not None:
            turns = 1.0 - (1.0 - evasion.visible[1:]) * (1.0 - evasion.leaves[1:])
            caught = plan.pursuit.pursues * plan.pursuit.brings * turns
            found.append(Source(number, np.zeros_like(ordinary), targets * caught, None, cue))
    return found


def _expected(demand: Demand, edges_s: FloatArray) -> FloatArray:
    """Return the vehicles that come between some moments, shape (periods, classes); recorded ones are counted."""
    if demand.passages is None:
        return np.array([demand.expected(*span) for span in pairwise(edges_s.tolist())])
    times_s, of_class = demand.passages
    classes = np.arange(len(demand.classes) + 1)
    return np.histogram2d(times_s, of_class, bins=(edges_s, classes))[0]


def _looks(side: Scenario) -> Looks:
    """Return how much a fresh officer's looks tell: the root of a lognormal time where their length counts."""
    look = side.selection.look
    if look.reference_s is None:
        return Looks(np.ones(1), np.ones(1))
    nodes, weights = np.polynomial.hermite_e.hermegauss(QUALITIES)
    variance = np.log1p(look.cv**2)
    lengths_s = look.mean_s * np.exp(np.sqrt(variance) * nodes - variance / 2.0)
    return Looks(np.sqrt(lengths_s / look.reference_s), weights / weights.sum())
