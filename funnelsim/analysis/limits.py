"""The limits of a scenario: what they limit, and how plans fare against them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import PER_CENT, Estimate, chance_estimate, estimate_text
from funnelsim.arrays import FloatArray
from funnelsim.scenario.site import Limits
from funnelsim.units import MINUTE_S
from funnelsim.wording import counted

LIMITED = {"p95_delay_min": ("delay_p95_s", MINUTE_S), "tail_m": ("tail_max_m", 1.0)}
"""By key of `[limits]` the measure that it limits, and the factor from the limit's unit to the measure's."""

SHARE_WANTED = "limits.in_share_of_operations"
ROUNDING = 1e-9  # 18 of 20 are nine in ten


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
    kept_in
        The share of operations that keep the limit; one in which nobody is delayed keeps it.
    wanted
        The share of operations that must keep it.
    """

    key: str
    measure: str
    value: float
    estimate: Estimate
    kept_in: Estimate
    wanted: float

    @property
    def kept(self) -> bool:
        """Whether enough of the operations keep it."""
        return not self.kept_in.mean < self.wanted - ROUNDING

    @property
    def open(self) -> bool:
        """Whether more operations could turn the verdict: the interval of the share reaches across what is wanted."""
        return self.kept_in.reaches_across(self.wanted) and self.verdict != "no value"

    @property
    def shortfall(self) -> float:
        """By how much the share of operations that keep it is too small."""
        return max(0.0, self.wanted - self.kept_in.mean)

    @property
    def excess(self) -> float:
        """By which share of the limit the mean is beyond it."""
        return max(0.0, self.estimate.mean / self.value - 1.0) if math.isfinite(self.estimate.mean) else 0.0

    @property
    def verdict(self) -> Literal["no value", "kept", "probably kept", "probably broken", "broken"]:
        """How it fares; "probably" where the operations do not settle it."""
        if not math.isfinite(self.estimate.mean):
            return "no value"
        if self.kept_in.reaches_across(self.wanted):
            return "probably kept" if self.kept else "probably broken"
        return "kept" if self.kept else "broken"

    @property
    def value_text(self) -> str:
        """The limit with its unit: "12 min"."""
        unit = measure_named(self.measure).unit
        return f"{self.value * unit.factor:,g} {unit.symbol}"

    @property
    def rule_text(self) -> str:
        """What is limited, and to what: "P95 delay at most 12 min"."""
        return f"{measure_named(self.measure).label} at most {self.value_text}"

    @property
    def measured_text(self) -> str:
        """What is limited, with its value: "P95 delay 5.8 ± 0.4 min"."""
        limited = measure_named(self.measure)
        return f"{limited.label} {estimate_text(self.estimate, limited.unit.factor)} {limited.unit.symbol}"

    @property
    def kept_text(self) -> str:
        """In how many operations it is kept: "kept in 97 of 100 operations (at least 92 %)"."""
        return f"kept in {self._times:,} of {counted(self.kept_in.n, 'operation')} ({self._reach_text})"

    @property
    def brief_text(self) -> str:
        """The same where it is clear of what: "kept in 97 of 100 (at least 92 %)"."""
        return f"kept in {self._times:,} of {self.kept_in.n:,} ({self._reach_text})"

    @property
    def _times(self) -> int:
        return round(self.kept_in.mean * self.kept_in.n)

    @property
    def _reach_text(self) -> str:
        """How large the share of operations may be: "at least 92 %"."""
        share = self.kept_in.times(PER_CENT)
        # A second digit where "at most 97 %" of 97 % wanted would deny its own verdict.
        digits = 1 if self.verdict == "broken" and round(share.high) >= round(self.wanted * PER_CENT) else 0
        return {
            "kept": f"at least {share.low:.0f} %",
            "broken": f"at most {share.high:.{digits}f} %",
        }.get(self.verdict, f"{share.low:.0f} to {share.high:.0f} %")


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
    wanted
        The share of each plan's operations that must keep it, shape (plans,).
    """

    key: str
    measure: str
    values: FloatArray
    wanted: FloatArray

    @property
    def single(self) -> float | None:
        """The limit, if it is the same for all plans."""
        return float(self.values[0]) if np.all(self.values == self.values[0]) else None

    def check(self, plan: int, estimate: Estimate, kept_in: Estimate) -> LimitCheck:
        """Compare the limit with what it limits.

        Parameters
        ----------
        plan
            Which of the plans, from 0.
        estimate
            The measure of the plan.
        kept_in
            The share of operations that keep it.
        """
        value, wanted = float(self.values[plan]), float(self.wanted[plan])
        return LimitCheck(self.key, self.measure, value, estimate, kept_in, wanted)


def checks_of(
    limits: Limits, estimates: Mapping[str, Estimate], operations: Mapping[str, FloatArray]
) -> list[LimitCheck]:
    """Compare the limits of one plan with its operations.

    Parameters
    ----------
    limits
        Of the scenario.
    estimates, operations
        By measure the estimate, and the values in all operations, shape (operations,).
    """
    return [
        limit.check(0, estimates[limit.measure], chance_estimate(~(operations[limit.measure] > limit.values[0])))
        for limit in limits_of_plans(limits)
    ]


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
    wanted = np.array((varied or {}).get(SHARE_WANTED, [limits.in_share_of_operations] * plans), dtype=np.float64)
    for key, (measure, factor) in LIMITED.items():
        own = (varied or {}).get(f"limits.{key}")
        value: float | None = getattr(limits, key)
        if own is not None:
            found.append(Limit(key, measure, factor * np.array(own, dtype=np.float64), wanted))
        elif value is not None:
            found.append(Limit(key, measure, np.full(plans, factor * value), wanted))
    return found
