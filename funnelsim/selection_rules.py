"""The selection rules: whom the officer at the selection point singles out, one record a rule.

A rule is a threshold: a vehicle is selected when its score exceeds it. The scenario's schema, both engines, the
forecast, the descriptions and the warnings read the records below, so a new rule is a function and a record here
(docs/adding_a_selection_rule.md).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

EVERYBODY: Final = -math.inf
NOBODY: Final = math.inf

Threshold = Callable[[float, int, int, int, int, bool], float]
"""From the class's cutoff, its n, how many of the class have been looked at (this one included), how many vehicles the
area has taken, its bays, and whether a batch is being gathered, to the score above which this vehicle is selected.

It is compiled for one engine and called as it is by the other, so it may use its arguments, `EVERYBODY`, `NOBODY`,
arithmetic (`+ - * / %`), comparisons, `and`, `or` and `not`; no calls and no other names.
"""


class Amount(Enum):
    """What decides how many are selected; the forecast calculates with it."""

    RATE = "selection.rate"
    EVERY = "selection.every"
    AREA = "as many as the area takes"


@dataclass(frozen=True)
class SelectionRule:
    """One rule, and all that the rest of the package has to know of it.

    Attributes
    ----------
    name
        As the scenario writes it.
    meaning
        Whom it selects, in a few words for the list of rules.
    sentence
        The same as a sentence for the planner who has chosen it.
    threshold
        How it selects. Classes whose rate is 0 are never selected; no rule is asked about them.
    amount
        What decides how many are selected, and so which key changes that.
    uses_every
        Whether it reads `every`, so that the scenario has to give it for each class.
    uses_cue
        Whether a target's cue counts; else the score of a target is that of an ordinary vehicle.
    adapts
        Whether its rate may follow the area or the queue (`selection.adapt`).
    priced
        Whether its cutoffs follow from a price of officer-minutes (`selection.index`).
    forecast_is_upper_bound
        Whether it selects less than `amount` says, by how much only the simulation tells.
    """

    name: str
    meaning: str
    sentence: str
    threshold: Threshold
    amount: Amount = Amount.RATE
    uses_every: bool = False
    uses_cue: bool = False
    adapts: bool = False
    priced: bool = False
    forecast_is_upper_bound: bool = False


def above_cutoff(cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
    """Select whose score exceeds the class quantile of the selection rate."""
    return cutoff


def every_nth(cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
    """Select every n-th vehicle of a class."""
    return EVERYBODY if seen % every == 0 else NOBODY


def free_bay(cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
    """Select everybody while a bay is free."""
    return EVERYBODY if taken < bays else NOBODY


def batch(cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
    """Select everybody while a batch is being gathered."""
    return EVERYBODY if filling else NOBODY


RULES: Final = (
    SelectionRule(
        "score",
        "the most suspicious",
        "The most suspicious vehicles of each class are selected; the rate is the share of ordinary vehicles.",
        above_cutoff,
        uses_cue=True,
        adapts=True,
    ),
    SelectionRule(
        "random",
        "at random",
        "Vehicles are selected at random; the rate is the share of each class.",
        above_cutoff,
        adapts=True,
    ),
    SelectionRule(
        "every_nth",
        "every n-th vehicle of its class",
        "Every n-th vehicle of its class is selected, whatever it looks like.",
        every_nth,
        Amount.EVERY,
        uses_every=True,
    ),
    SelectionRule(
        "free_bay",
        "whoever comes while a bay is free",
        "Every vehicle that comes while a bay is free is selected; the rate here is what the area can take.",
        free_bay,
        Amount.AREA,
    ),
    SelectionRule(
        "batch",
        "everybody from an empty area until it is full, then nobody until it is empty",
        "Once the area is empty, every vehicle is selected until it is full, then none until it is empty again; the "
        "rate here is the most that the area can take.",
        batch,
        Amount.AREA,
        forecast_is_upper_bound=True,
    ),
    SelectionRule(
        "index",
        "whoever promises enough detections for an officer-minute",
        "Whoever promises enough detections for an officer-minute is selected.",
        above_cutoff,
        uses_cue=True,
        adapts=True,
        priced=True,
    ),
)
BY_NAME: Final = {rule.name: rule for rule in RULES}
