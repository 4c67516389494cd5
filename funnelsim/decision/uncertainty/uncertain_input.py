"""One uncertain input: what it is, and which value a draw gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from scipy.special import ndtr, ndtri

from funnelsim.decision.uncertainty.distributions import Distribution
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.toml_text import path_text

TOGETHER: Final = "+"
AUC: Final = "cue_auc"
CHANCE_AUC, BEST_AUC = 0.5, 0.999

Kind = Literal["amount", "chance", "auc"]
Values = float | dict[str, float]


@dataclass(frozen=True, eq=False)
class UncertainInput:
    """One input that nobody knows.

    Attributes
    ----------
    keys
        Its dotted keys, which move together.
    name
        What it is, in words.
    distribution
        Of its value; of the factor on today's value where `relative`.
    relative
        Whether the distribution is that of a factor, on a number or on all numbers of a table.
    kind
        What a factor does: to an amount it is a factor, to a chance one on its odds, to an AUC one on its d'.
    today
        Today's value of the first key; None where the scenario has none.
    source
        Where the distribution comes from, in words.
    """

    keys: tuple[str, ...]
    name: str
    distribution: Distribution
    relative: bool
    kind: Kind
    today: Values | None
    source: str

    @property
    def key(self) -> str:
        """Its keys as one text."""
        return TOGETHER.join(self.keys)

    def value(self, drawn: float, today: Values | None) -> Any:  # noqa: ANN401  (a number or a table of numbers)
        """Return the value for a draw, for a plan with its own value today."""
        if not self.relative:
            return drawn
        if isinstance(today, Mapping):
            return {name: moved(self.kind, value, drawn) for name, value in today.items()}
        return None if today is None else moved(self.kind, today, drawn)


def moved(kind: Kind, value: float, factor: float) -> float:
    """Return a value moved by a factor: an amount times it, a chance with its odds times it, an AUC with its d'.

    Examples
    --------
    >>> moved("amount", 6.0, 3.0), moved("chance", 0.5, 3.0), moved("chance", 1.0, 3.0)
    (18.0, 0.75, 1.0)
    >>> round(moved("auc", 0.65, 2.0), 3), moved("auc", 0.5, 2.0)
    (0.78, 0.5)
    """
    if kind == "chance":
        return 1.0 if value >= 1.0 else factor * value / (1.0 - value + factor * value)
    if kind == "auc":  # AUC = Phi(d' / sqrt 2)
        return float(np.clip(ndtr(factor * ndtri(value)), CHANCE_AUC, BEST_AUC))
    return factor * value


_LAST: Final = {
    "per_10k": "prevalence",
    "cue_auc": "AUC of the look",
    "finds": "chance of finding",
    "alarms": "chance of an alarm",
    "half_life_h": "half-life until targets are alerted",
    "alerted": "share that avoids the road once alerted",
    "mean_s": "time",
    "capacity_vph": "capacity of the lane",
    "scale": "level of demand",
}


def input_name(data: Mapping[str, Any], steps: Sequence[str | int]) -> str:
    """Return an input in words.

    Examples
    --------
    >>> input_name({"targets": [{"name": "contraband"}]}, ("targets", 0, "per_10k"))
    'contraband: prevalence'
    >>> input_name({}, ("traffic", "scale"))
    'level of demand'
    >>> input_name({}, ("area", "after_detection", "duration", "mean_s"))
    'after a detection: time'
    """
    last = next((word for step in reversed(steps) if (word := _LAST.get(str(step)))), None)
    owner = ""
    for place, step in enumerate(steps):
        entry = value_at(data, steps[: place + 1])
        if isinstance(step, int) and isinstance(entry, Mapping):
            owner = str(entry.get("name", entry.get("direction", step)))
    if "after_detection" in steps:
        owner = "transport" if "transport" in steps else "after a detection"
    if last is None:
        return path_text([str(step) for step in steps])
    within = str(steps[-1]) if str(steps[-1]) not in _LAST else ""
    return (
        f"{owner}: {last}{f' ({within})' if within else ''}" if owner else f"{last}{f' ({within})' if within else ''}"
    )
