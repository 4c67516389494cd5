"""A digest of what a plan lets happen: plans with the same digest have the same results, whatever the random numbers.

What the simulation never asks for is left out, such as the n of "every n-th vehicle" under a rule that counts none, and
all that is said about a class without traffic. Whatever is not known to be unused counts, so that a digest may differ
where results are equal, but never the other way round.
"""

import dis
import hashlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.plan import Breaks, Plan
from funnelsim.model.road import Road
from funnelsim.model.selection_plan import SelectionPlan
from funnelsim.scenario.demand import Demand

HOURS = ("rostered", "on_duty", "free", "going_home", "officer_h", "cost", "cost_per_h")
"""What makes officers' hours and cost; who is free for inspection and which post is staffed stand beside it."""


def digest_of(plan: Plan, *, hours: bool = True) -> str:
    """Return the digest of a plan.

    Parameters
    ----------
    hours
        Whether officers' hours and their cost count.
    """
    digest = hashlib.sha256()
    _add(digest.update, _used(plan), () if hours else HOURS)
    return digest.hexdigest()


def _add(update: Callable[[bytes], None], part: Any, left_out: tuple[str, ...]) -> None:  # noqa: ANN401  (of a plan)
    """Add a part of a plan, field by field."""
    if isinstance(part, np.ndarray):
        update(repr((part.dtype, part.shape)).encode() + part.tobytes())
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in left_out:
                update(field.name.encode())
                _add(update, getattr(part, field.name), left_out)
    elif isinstance(part, tuple):
        update(f"{len(part)}:".encode())
        for one in part:
            _add(update, one, left_out)
    else:
        update(f"{getattr(part, '__qualname__', None) or repr(part)};".encode())


def _used(plan: Plan) -> Plan:
    """Return a plan with zeros for what is never asked for."""
    coming = [_coming(funnel.road.demand) for funnel in plan.funnels]
    anywhere: BoolArray = np.any(coming, axis=0)
    first, *others = (_funnel_used(funnel, here, anywhere) for funnel, here in zip(plan.funnels, coming, strict=True))
    return replace(first, other_funnels=tuple(others))


def _coming(demand: Demand) -> BoolArray:
    """Return which classes come at all, shape (classes,)."""
    recorded = np.array([]) if demand.passages is None else demand.passages[1]
    coming: BoolArray = (demand.vehicles > 0.0).any(axis=0) | np.isin(np.arange(len(demand.classes)), recorded)
    return coming


def _funnel_used(plan: Plan, here: BoolArray, anywhere: BoolArray) -> Plan:
    inspection, pursuit = plan.inspection, plan.pursuit
    taken = inspection.need.any(axis=0)  # pools that some stage takes from
    breaks = np.asarray(taken)[plan.breaks.pool]
    return replace(
        plan,
        road=_road_used(plan.road, here),
        selection=_selection_used(plan.selection, here),
        reaction_s=np.where(anywhere, plan.reaction_s, 0.0),
        spacing_m=np.where(anywhere, plan.spacing_m, 0.0),
        diversion_s=np.where(anywhere, plan.diversion_s, 0.0),
        delay_cost_per_h=np.where(anywhere, plan.delay_cost_per_h, 0.0),
        lorry=plan.lorry & anywhere,
        inspection=replace(
            inspection,
            applies=inspection.applies & anywhere,
            mean_s=np.where(anywhere, inspection.mean_s, 0.0),
        ),
        pursuit=pursuit and replace(pursuit, mean_s=np.where(anywhere, pursuit.mean_s, 0.0)),
        capacity=plan.capacity[:, taken],
        beyond=plan.beyond[:, taken],
        breaks=Breaks(**{field.name: getattr(plan.breaks, field.name)[breaks] for field in fields(Breaks)}),
        duty=replace(plan.duty, breaks=()),
    )


def _road_used(road: Road, here: BoolArray) -> Road:
    prevalence: FloatArray = np.where(here[:, None], road.prevalence, 0.0)
    occupants = np.where(here, road.occupants, 0.0)
    demand = replace(road.demand, source="")  # whoever counted it
    return replace(road, demand=demand, prevalence=prevalence, occupants=occupants, other_funnels=())


def _selection_used(selection: SelectionPlan, here: BoolArray) -> SelectionPlan:
    reads = {one.argval for one in dis.get_instructions(selection.rule.threshold)}
    by_rate = here if "cutoff" in reads else np.zeros_like(here)
    by_count = here if "every" in reads else np.zeros_like(here)
    selectable, rate = selection.selectable & here, np.where(by_rate, selection.rate, 0.0)
    changes = np.diff(selectable, axis=0) | (np.diff(rate, axis=0) != 0.0)
    steps = np.append(True, changes.any(axis=1))  # those that change anything
    return replace(
        selection,
        rate_times_s=selection.rate_times_s[steps],
        selectable=selectable[steps],
        rate=rate[steps],
        cutoff=np.where(by_rate, selection.cutoff, 0.0)[steps],
        every=np.where(by_count, selection.every, 0),
    )
