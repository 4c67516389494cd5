"""The points of a sweep by circumstances: the best plan for each of them, and one plan for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.point_estimates import means
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.ranking import YIELD, base_values, kept, limits_of
from funnelsim.experiments.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Case:
    """The points of a sweep that share their circumstances.

    Attributes
    ----------
    values
        By circumstance its value; empty where none is varied.
    sweep
        These points as a sweep of the choices, on the base scenario under these circumstances.
    """

    values: Mapping[str, Any]
    sweep: Sweep


def cases_of(sweep: Sweep) -> list[Case]:
    """Return the points by circumstances, in the order of the design."""
    circumstances = circumstances_of(sweep)
    if not circumstances:
        return [Case({}, sweep)]
    planner = PointPlanner(sweep.scenario)
    choices = tuple(key for key in sweep.keys if key not in circumstances)
    made = []
    for part in sweep.points.partition_by(*circumstances, maintain_order=True):
        numbers = part["point"].to_list()
        own = sweep.values_of(numbers[0])
        values = {key: own[key] for key in circumstances}
        rows = sweep.replications.filter(pl.col("point").is_in(numbers))
        scenario = planner.scenario_of(values)
        made.append(Case(values, replace(sweep, scenario=scenario, keys=choices, points=part, replications=rows)))
    return made


def reference_case(sweep: Sweep, cases: Sequence[Case]) -> Case:
    """Return the case whose circumstances are those of the base scenario; the first where none is."""
    own = base_values(sweep)
    return next((case for case in cases if all(own[key] == value for key, value in case.values.items())), cases[0])


@dataclass(frozen=True)
class PlanForAll:
    """The plan that does best across all circumstances.

    Attributes
    ----------
    values
        By choice its value.
    found
        The expected detections on average over the circumstances.
    within
        In how many cases it keeps the limits.
    """

    values: Mapping[str, Any]
    found: float
    within: int


def plan_for_all(cases: Sequence[Case]) -> PlanForAll | None:
    """Return the plan that keeps the limits in most cases, and of those the one that finds most on average.

    All cases weigh the same. None where fewer than two plans meet all of them, as in designs that are no grid.
    """
    met: dict[str, list[tuple[Mapping[str, Any], float, bool]]] = {}
    for case in cases:
        within, found = kept(case.sweep, limits_of(case.sweep)), np.nan_to_num(means(case.sweep, YIELD))
        for row, point in enumerate(case.sweep.points["point"].to_list()):
            values = case.sweep.values_of(point)
            met.setdefault(repr(values), []).append((values, float(found[row]), bool(within[row])))
    plans = [
        PlanForAll(rows[0][0], float(np.mean([found for _, found, _ in rows])), sum(within for *_, within in rows))
        for rows in met.values()
        if len(rows) == len(cases)
    ]
    return max(plans, key=lambda plan: (plan.within, plan.found)) if len(plans) > 1 else None
