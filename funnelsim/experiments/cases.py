"""The points of a sweep by circumstances: the best plan for each of them, and one plan for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from funnelsim.analysis.estimates import difference_estimate
from funnelsim.analysis.intervals import FEWEST
from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.point_estimates import columns_of, means
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.ranking import SAME_HOURS, YIELD, base_values, kept, limits_of, stands_for
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
    planner = sweep.planner or PointPlanner(sweep.scenario)
    choices = tuple(key for key in sweep.keys if key not in circumstances)
    made = []
    for part in sweep.points.partition_by(*circumstances, maintain_order=True):
        numbers = part["point"].to_list()
        own = sweep.values_of(numbers[0])
        values = {key: own[key] for key in circumstances}
        rows = sweep.replications.filter(pl.col("point").is_in(numbers))
        scenario = planner.scenario_of(values)
        made.append(
            Case(
                values,
                replace(
                    sweep,
                    scenario=scenario,
                    keys=choices,
                    points=part,
                    replications=rows,
                    planner=PointPlanner(scenario),
                ),
            )
        )
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
    found, officer_h, ordinary_stops
        The expected detections, officer-hours and stops of ordinary vehicles on average over the circumstances.
    within
        In how many cases it keeps the limits.
    points
        Its points, case by case.
    alone
        Whether it stands for itself: no other plan with the same results in all cases stands for it in each.
    """

    values: Mapping[str, Any]
    found: float
    officer_h: float
    ordinary_stops: float
    within: int
    points: tuple[int, ...]
    alone: bool


def plan_for_all(cases: Sequence[Case]) -> PlanForAll | None:
    """Return the plan that keeps the limits in most cases, and of those the one that finds most on average.

    All cases weigh the same. Of plans with the same results in all cases the one that stands for them in each is named,
    and of plans that cannot be told apart the cheapest, as within a case. None where fewer than two plans meet all
    cases, as in designs that are no grid.
    """
    plans = _plans_of(cases)
    if len(plans) < 2:  # noqa: PLR2004  (a choice)
        return None
    within = max(plan.within for plan in plans)
    good = [plan for plan in plans if plan.alone and plan.within == within]
    best = max(good, key=lambda plan: plan.found)
    equals = [plan for plan in good if plan is best or _alike(cases, best, plan)]
    cheap = (1.0 + SAME_HOURS) * min(plan.officer_h for plan in equals)
    return min((plan for plan in equals if plan.officer_h <= cheap), key=lambda plan: plan.ordinary_stops)


def _plans_of(cases: Sequence[Case]) -> list[PlanForAll]:
    """Return the plans that meet all cases."""
    met: dict[str, list[tuple[int, list[float], bool]]] = {}
    values: dict[str, Mapping[str, Any]] = {}
    stands: dict[str, set[str]] = {}  # by plan the plans that stand for it in the cases
    for case in cases:
        within = kept(case.sweep, limits_of(case.sweep))
        numbers = np.nan_to_num([means(case.sweep, name) for name in (YIELD, "officer_h", "ordinary_stops")])
        of_case = stands_for(case.sweep).tolist()
        for row, point in enumerate(case.sweep.points["point"].to_list()):
            own = case.sweep.values_of(point)
            stands.setdefault(repr(own), set()).add(repr(case.sweep.values_of(of_case[row])))
            values.setdefault(repr(own), own)
            met.setdefault(repr(own), []).append((point, numbers[:, row].tolist(), bool(within[row])))
    return [
        PlanForAll(
            values=values[name],
            found=found,
            officer_h=officer_h,
            ordinary_stops=stops,
            within=sum(within for *_, within in rows),
            points=tuple(point for point, *_ in rows),
            alone=len(stands[name]) > 1 or name in stands[name],
        )
        for name, rows in met.items()
        if len(rows) == len(cases)
        for found, officer_h, stops in [np.mean([numbers for _, numbers, _ in rows], axis=0).tolist()]
    ]


def _alike(cases: Sequence[Case], one: PlanForAll, other: PlanForAll) -> bool:
    """Tell whether the finds of two plans, averaged over the cases operation by operation, cannot be told apart."""
    apart = []
    for case, mine, its in zip(cases, one.points, other.points, strict=True):
        mine_all, its_all = (columns_of(case.sweep, point) for point in (mine, its))
        both = min(len(mine_all[YIELD]), len(its_all[YIELD]))
        apart.append(mine_all[YIELD][:both] - its_all[YIELD][:both])
    least = min(map(len, apart))
    found = difference_estimate(np.mean([row[:least] for row in apart], axis=0))
    return found.n >= FEWEST and found.low <= 0.0 <= found.high
