"""Whom the officer at the selection point diverts, as an engine needs it: rule, rates, cues, watch list and look."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.inspection import of_class
from funnelsim.model.rules import FIXED, FOLLOWS_AREA, FOLLOWS_TAIL
from funnelsim.scenario.rate_steps import rate_steps_of
from funnelsim.selection_rules import BY_NAME, SelectionRule
from funnelsim.units import HOUR_S, MINUTE_S, PER_10K

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


FOLLOWS = {"area": FOLLOWS_AREA, "tail_m": FOLLOWS_TAIL}


@dataclass(frozen=True, eq=False)
class SelectionPlan:
    """How vehicles are selected.

    Attributes
    ----------
    rule
        The selection rule.
    rate_times_s
        Steps in which the rates hold, each from its time on, shape (steps,); the first begins at minus infinity. There
        is one step where the rates are those of `selection.rate` at all times.
    selectable
        Which classes may be selected at all, whatever the rule: those whose rate is above 0, shape (steps, classes).
    rate
        Selection rate by class, shape (steps, classes).
    cutoff
        Threshold of the score by class: the class quantile of its selection rate, shape (steps, classes).
    every
        The n of "every n-th vehicle" by class, shape (classes,).
    price
        For a rule with a price: detections that an officer-minute of inspection must promise; else 0.
    cue
        Mean of the score by status, 0 for an ordinary vehicle, shape (target types + 1,).
    listed
        Chance of a hit of the watch list by status, shape (target types + 1,).
    follows
        What the rate follows: `FIXED`, `FOLLOWS_AREA` or `FOLLOWS_TAIL` of `funnelsim.model.rules`.
    adapt_at, adapt_factor
        Points of the factor on the rate.
    look_officers, look_stops
        How many officers look, and whether vehicles halt for it.
    look_reference_s
        The look for which the cues hold; infinite where all looks tell the same.
    tires_half_life_s, rotate_s
        How fast an officer tires, and when a fresh one takes over; infinite where nobody does.
    """

    rule: SelectionRule
    rate_times_s: FloatArray
    selectable: BoolArray
    rate: FloatArray
    cutoff: FloatArray
    every: IntArray
    price: float
    cue: FloatArray
    listed: FloatArray
    follows: int
    adapt_at: FloatArray
    adapt_factor: FloatArray
    look_officers: int
    look_stops: bool
    look_reference_s: float
    tires_half_life_s: float
    rotate_s: float

    @property
    def looks_differ(self) -> bool:
        """Whether one look tells more than another."""
        return bool(np.isfinite(self.look_reference_s) or np.isfinite(self.tires_half_life_s))


def selection_plan_of(scenario: "Scenario", classes: tuple[str, ...]) -> SelectionPlan:
    """Turn a scenario's selection into numbers; of a rule with a price, the price and the rates are still open."""
    selection = scenario.selection
    rule = BY_NAME[selection.rule]
    steps = rate_steps_of(selection, scenario.operation.windows, classes)
    every = np.array([of_class(selection.every, name, 20) for name in classes], dtype=np.int64)
    quality = [target.cue_auc for target in scenario.targets] if rule.uses_cue else []
    cue = np.zeros(len(scenario.targets) + 1)
    cue[1 : len(quality) + 1] = [np.sqrt(2.0) * NormalDist().inv_cdf(auc) for auc in quality]
    listed = np.zeros(len(scenario.targets) + 1)
    if selection.watchlist is not None:
        listed[0] = selection.watchlist.false_hits_per_10k / PER_10K
        listed[1:] = selection.watchlist.target_share
    points = selection.adapt.points if selection.adapt else ()
    look = selection.look
    return SelectionPlan(
        rule=rule,
        rate_times_s=steps.times_s,
        selectable=steps.rate > 0.0,
        rate=steps.rate,
        cutoff=np.array([[cutoff_of(share) for share in rate] for rate in steps.rate]),
        every=every,
        price=0.0,
        cue=cue,
        listed=listed,
        follows=FOLLOWS[selection.adapt.on] if selection.adapt else FIXED,
        adapt_at=np.array([at for at, _ in points]),
        adapt_factor=np.array([factor for _, factor in points]),
        look_officers=look.officers,
        look_stops=look.mode == "stop",
        look_reference_s=look.reference_s or np.inf,
        tires_half_life_s=(look.tires_half_life_h or np.inf) * HOUR_S,
        rotate_s=(look.rotate_min or np.inf) * MINUTE_S,
    )


def cutoff_of(rate: float) -> float:
    """Return the score that a share `rate` of ordinary vehicles exceeds.

    Examples
    --------
    >>> abs(cutoff_of(0.5)), cutoff_of(0.0)
    (0.0, inf)
    """
    if rate <= 0.0:
        return np.inf
    return -np.inf if rate >= 1.0 else -NormalDist().inv_cdf(rate)
