"""The limits of a scenario: what they limit, and how plans fare against them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, chance_estimate, estimate_text
from funnelsim.arrays import FloatArray
from funnelsim.scenario.site import Limits
from funnelsim.units import MINUTE_S

LIMITED = {"p95_delay_min": ("delay_p95_s", MINUTE_S), "tail_m": ("tail_max_m", 1.0)}
"""By key of `[limits]` the measure that it limits, and the factor from the limit's unit to the measure's."""


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0)


@dataclass(frozen=True)
class LimitCheck:
    """A limit against what it limits, for one plan.

    Attributes
    ----------
    key
        Its key in `[limits]`.
    measure
        The measure that it limits.
    value
        The limit in the unit of the measure.
    estimate
        The measure.
    chance_of_breaking
        Share of operations that break the limit; not a number where the operations are not at hand.
    """

    key: str
    measure: str
    value: float
    estimate: Estimate
    chance_of_breaking: Estimate = UNKNOWN

    @property
    def kept(self) -> bool:
        """Whether it is kept on average; what has no value, as nobody is delayed, breaks nothing."""
        return not self.estimate.mean > self.value

    @property
    def open(self) -> bool:
        """Whether the error bar reaches across the limit, or there is none."""
        return math.isfinite(self.estimate.mean) and self.estimate.reaches_across(self.value)

    @property
    def excess(self) -> float:
        """By which share of the limit it is broken."""
        return max(0.0, self.estimate.mean / self.value - 1.0) if math.isfinite(self.estimate.mean) else 0.0

    @property
    def verdict(self) -> Literal["no value", "on the limit", "kept", "broken"]:
        """How it fares on average; on the limit where an error bar reaches across it."""
        if not math.isfinite(self.estimate.mean):
            return "no value"
        if self.open and math.isfinite(self.estimate.half_width):
            return "on the limit"
        return "kept" if self.kept else "broken"

    @property
    def value_text(self) -> str:
        """The limit with its unit: "12 min"."""
        unit = measure_named(self.measure).unit
        return f"{self.value * unit.factor:,g} {unit.symbol}"

    @property
    def measured_text(self) -> str:
        """What is limited, with its value: "P95 delay 5.8 ± 0.4 min"."""
        limited = measure_named(self.measure)
        return f"{limited.label} {estimate_text(self.estimate, limited.unit.factor)} {limited.unit.symbol}"


@dataclass(frozen=True, eq=False)
class Limit:
    """A limit of a scenario, for one plan or for all plans of a sweep.

    Attributes
    ----------
    key
        Its key in `[limits]`.
    measure
        The measure that it limits.
    values
        The limit of each plan, in the unit of the measure, shape (plans,).
    """

    key: str
    measure: str
    values: FloatArray

    @property
    def single(self) -> float | None:
        """The limit, if it is the same for all plans."""
        return float(self.values[0]) if np.all(self.values == self.values[0]) else None

    def check(self, plan: int, estimate: Estimate, operations: FloatArray | None = None) -> LimitCheck:
        """Compare the limit with what it limits.

        Parameters
        ----------
        plan
            Which of the plans, from 0.
        estimate
            The measure of the plan.
        operations
            The measure in every operation, if at hand: they say how often the limit is broken.
        """
        value = float(self.values[plan])
        broken = UNKNOWN if operations is None else chance_estimate(operations > value)
        return LimitCheck(self.key, self.measure, value, estimate, broken)


def limits_of_plans(limits: Limits, plans: int = 1, varied: Mapping[str, Sequence[float]] | None = None) -> list[Limit]:
    """Return the limits that a scenario gives.

    Parameters
    ----------
    limits
        Of the scenario.
    plans
        How many plans there are.
    varied
        Limits that are not the same for all plans, by dotted key such as `limits.tail_m`: their values plan by plan.
    """
    found = []
    for key, (measure, factor) in LIMITED.items():
        own = (varied or {}).get(f"limits.{key}")
        value: float | None = getattr(limits, key)
        if own is not None:
            found.append(Limit(key, measure, factor * np.array(own, dtype=np.float64)))
        elif value is not None:
            found.append(Limit(key, measure, np.full(plans, factor * value)))
    return found
