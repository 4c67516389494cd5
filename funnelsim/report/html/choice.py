"""The choice among the points of a sweep: which plan finds most within the limits, and by how much."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from funnelsim.analysis.estimates import Estimate, mean_estimate, pseudo_values
from funnelsim.experiments.sweep import Sweep
from funnelsim.scenario.overrides import parse_override, split_path, steps_to
from funnelsim.scenario.place import value_at

YIELD = "expected_detections"
PER_MIN = 60.0
LIMITS = {"limits.p95_delay_min": ("delay_p95_s", PER_MIN), "limits.tail_m": ("tail_max_m", 1.0)}
"""By key of a limit the measure that it limits, and the factor from the limit's unit to the measure's."""


@dataclass(frozen=True)
class Held:
    """A limit against the mean of what it limits.

    Attributes
    ----------
    measure, limit
        The measure and its limit, in the measure's unit.
    estimate
        The measure.
    """

    measure: str
    limit: float
    estimate: Estimate

    @property
    def kept(self) -> bool:
        """Whether it is kept on average; what has no value, as nobody is delayed, breaks nothing."""
        return not self.estimate.mean > self.limit

    @property
    def open(self) -> bool:
        """Whether the error bar reaches across the limit, or there is none."""
        if not math.isfinite(self.estimate.mean):
            return False
        return not abs(self.estimate.mean - self.limit) >= self.estimate.half_width

    @property
    def excess(self) -> float:
        """By which share of the limit it is broken."""
        return max(0.0, self.estimate.mean / self.limit - 1.0) if math.isfinite(self.estimate.mean) else 0.0


@dataclass(frozen=True)
class Candidate:
    """A point of the sweep with its yield and its limits.

    Attributes
    ----------
    point
        Its number.
    values
        By varied key its value.
    found
        The expected detections.
    limits
        How its limits fare.
    """

    point: int
    values: Mapping[str, Any]
    found: Estimate
    limits: tuple[Held, ...]

    @property
    def within(self) -> bool:
        """Whether every limit is kept on average."""
        return all(held.kept for held in self.limits)

    @property
    def excess(self) -> float:
        """By which share of a limit it is broken worst."""
        return max((held.excess for held in self.limits), default=0.0)


@dataclass(frozen=True)
class Choice:
    """Which point is best.

    Attributes
    ----------
    candidates
        All points: those within the limits by yield, then the others by how little they break them.
    base
        The point that equals the base scenario, if one does.
    """

    candidates: tuple[Candidate, ...]
    base: Candidate | None = field(default=None)

    @property
    def best(self) -> Candidate:
        """The point that finds most within the limits; where none is within, the one that breaks them least."""
        return self.candidates[0]

    @property
    def runner_up(self) -> Candidate | None:
        """The next within the limits (or the next least bad, where none is within)."""
        following = self.candidates[1] if len(self.candidates) > 1 else None
        return following if following is not None and following.within == self.best.within else None

    @property
    def within(self) -> int:
        """How many points are within the limits."""
        return sum(candidate.within for candidate in self.candidates)


def choice_of(sweep: Sweep) -> Choice:
    """Order the points of a sweep: what is within the limits on average by what it finds, the rest by its excess.

    Among equals the one that comes first in the design stays first.
    """
    data = sweep.scenario.model_dump(mode="json", by_alias=True)
    found = [_candidate(row, sweep, data) for row in sweep.points.iter_rows(named=True)]
    ordered = sorted(found, key=lambda one: (not one.within, one.excess, -_number(one.found.mean), one.point))
    base = base_values(sweep)
    return Choice(tuple(ordered), next((one for one in ordered if dict(one.values) == base), None))


def base_values(sweep: Sweep) -> dict[str, Any]:
    """Return what the base scenario has where the sweep varies; None where it has no such key."""
    data = sweep.scenario.model_dump(mode="json", by_alias=True)
    return {key: value_at(data, steps_to(data, split_path(key))) for key in sweep.keys}


def _number(value: float) -> float:
    return value if math.isfinite(value) else -math.inf


def _candidate(row: Mapping[str, Any], sweep: Sweep, data: Mapping[str, Any]) -> Candidate:
    values = {key: parse_override(f"x={row[key]}")[1] if key in sweep.as_toml else row[key] for key in sweep.keys}
    held = []
    for key, (measure, times) in LIMITS.items():
        limit = values[key] if key in values else value_at(data, split_path(key))
        if limit is not None:
            held.append(Held(measure, float(limit) * times, estimate_in(row, measure)))
    return Candidate(row["point"], values, estimate_in(row, YIELD), tuple(held))


def estimate_in(row: Mapping[str, Any], measure: str) -> Estimate:
    """Return the estimate of a measure from a row of the table of points; null becomes not a number."""

    def number(name: str) -> float:
        value = row.get(f"{measure}.{name}")
        return math.nan if value is None else float(value)

    n = row.get(f"{measure}.n")
    return Estimate(number("mean"), number("half_width"), 0 if n is None else int(n))


def columns_of(sweep: Sweep, point: int) -> dict[str, NDArray[np.float64]]:
    """Return by measure the values of a point's replications, in their order; null becomes not a number."""
    table = sweep.replications.filter(pl.col("point") == point).sort("replication").collect()
    return {name: table[name].cast(pl.Float64).fill_null(math.nan).to_numpy() for name in table.columns}


def difference(sweep: Sweep, first: int, second: int, measure: str) -> Estimate:
    """Return by how much a point is above another in a measure: first minus second, paired by replication.

    The replications of both met the same dice, so what they share cancels out. Ratios are compared by the differences
    of their pseudo-values. Where one point has more replications, those that the other lacks are left out.
    """
    classes = tuple(sweep.scenario.classes)
    sides = [columns_of(sweep, point) for point in (first, second)]
    numbers = np.intersect1d(sides[0]["replication"], sides[1]["replication"])
    values = []
    for side in sides:
        inside = np.isin(side["replication"], numbers)
        values.append(pseudo_values({name: column[inside] for name, column in side.items()}, measure, classes))
    return mean_estimate(values[0] - values[1])
