"""Planning: from a scenario to the plan that an engine needs."""

from dataclasses import replace

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.evasion import evasion_of
from funnelsim.model.feasibility import check_stages
from funnelsim.model.funnel import Funnel, funnel_of
from funnelsim.model.grid import on_grid
from funnelsim.model.inspection import Inspection, inspection_of, of_class
from funnelsim.model.plan import Breaks, Plan, Pursuit
from funnelsim.model.road import road_of
from funnelsim.model.selection_plan import selection_plan_of
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.equipment import in_order, there, times_of
from funnelsim.scenario.roster import Duty, duty_of
from funnelsim.scenario.schema import Scenario


def plan_of(scenario: Scenario, demand: Demand | None = None) -> Plan:
    """Turn a scenario into a plan: names into indices, units into seconds and metres, the roster into steps.

    Parameters
    ----------
    scenario
        What the planner wrote.
    demand
        The scenario's demand, where it is known already; else its counts are read.

    Raises
    ------
    ScenarioError
        If the counts that the scenario names cannot be used; `PlanError` if a stage is not possible in a window.
    """
    first, *others = scenario.per_funnel
    demand = demand if demand is not None else demand_of(scenario)
    duty = duty_of(scenario)
    check_stages(scenario, demand, duty, inspection_of(scenario, duty))
    other_funnels = tuple(
        _funnel(side, its_demand, replace(duty, staffed=staffed))
        for side, its_demand, staffed in zip(others, demand.other_funnels, duty.staffed_elsewhere, strict=True)
    )
    plan = _funnel(first, demand, duty)
    return (
        replace(
            plan,
            road=replace(plan.road, other_funnels=tuple(other.road for other in other_funnels)),
            other_funnels=other_funnels,
        )
        if other_funnels
        else plan
    )


def _funnel(scenario: Scenario, demand: Demand, duty: Duty) -> Plan:
    """Return the plan of one funnel."""
    classes = tuple(scenario.classes)
    inspection = inspection_of(scenario, duty)
    funnel = funnel_of(scenario, demand)
    times_s, capacity = _capacity(scenario, duty, inspection, funnel)
    by_class = [scenario.classes[name] for name in classes]
    plan = Plan(
        direction=scenario.direction,
        classes=classes,
        targets=tuple(target.name for target in scenario.targets),
        road=road_of(scenario, demand),
        funnel=funnel,
        selection=selection_plan_of(scenario, classes),
        evasion=evasion_of(scenario),
        reaction_s=np.array([entry.reaction_s for entry in by_class]),
        spacing_m=np.array([entry.spacing_m for entry in by_class]),
        diversion_s=np.array([on_grid(entry.diversion_s) for entry in by_class]),
        inspection=inspection,
        bays=scenario.area.bays,
        waiting=scenario.area.waiting,
        divert_s=on_grid(scenario.area.divert_s),
        hold=scenario.area.when_full == "hold",
        changeover_s=on_grid(scenario.area.changeover_s),
        pause_s=on_grid(scenario.staffing.pause_between_checks_s),
        spots=scenario.area.spots,
        frees_bay=scenario.area.after_detection.place == "spot",
        pursuit=_pursuit(scenario, duty, classes),
        duty=duty,
        capacity_times_s=times_s,
        capacity=capacity,
        beyond=_beyond(scenario, duty, times_s, capacity),
        breaks=_breaks(duty),
        persons=np.array([0, *(target.persons for target in scenario.targets)], dtype=np.int64),
        delay_cost_per_h=np.array([entry.delay_cost_per_h for entry in by_class]),
        lorry=np.array([entry.lorry for entry in by_class]),
    )
    if not plan.selection.rule.priced:
        return plan
    from funnelsim.model.price import with_price  # noqa: PLC0415  (scipy is heavy, and other rules need none)

    return with_price(plan, scenario.selection.index)


def _pursuit(scenario: Scenario, duty: Duty, classes: tuple[str, ...]) -> Pursuit | None:
    chase = scenario.staffing.chase
    if chase is None:
        return None
    duration = chase.duration
    means = duration.mean_s if isinstance(duration.mean_s, dict) else {"default": duration.mean_s}
    return Pursuit(
        cars=duty.cars,
        pursues=chase.pursues,
        brings=chase.brings,
        mean_s=np.array([of_class(means, name, 0.0) for name in classes]),
        cv=duration.cv,
        memoryless=duration.distribution == "exponential",
    )


def _beyond(scenario: Scenario, duty: Duty, times_s: FloatArray, capacity: IntArray) -> IntArray:
    """Return what there is beside the capacity: officers on a break, and equipment that nobody new waits for."""
    entries, agencies = scenario.pieces, len(duty.agencies)
    stays = np.array([entry.when_absent == "skip" for entry in entries], dtype=np.bool_)
    beyond = np.zeros_like(capacity)
    beyond[:, :agencies] = (duty.rostered - duty.on_duty)[np.searchsorted(duty.times_s, times_s, side="right") - 1]
    works = in_order(entries, scenario.operation.windows, times_s)
    beyond[:, agencies:] = (works - capacity[:, agencies:]) * stays
    return beyond


def _breaks(duty: Duty) -> Breaks:
    return Breaks(
        pool=np.array([one.agency for one in duty.breaks], dtype=np.int64),
        officers=np.array([one.officers for one in duty.breaks], dtype=np.int64),
        from_s=np.array([one.from_s for one in duty.breaks], dtype=np.float64),
        to_s=np.array([one.to_s for one in duty.breaks], dtype=np.float64),
        shift_ends_s=np.array([one.shift_ends_s for one in duty.breaks], dtype=np.float64),
    )


def _capacity(scenario: Scenario, duty: Duty, inspection: Inspection, funnel: Funnel) -> tuple[FloatArray, IntArray]:
    """Return the steps of what inspections may use of each pool.

    That is who is free by the roster, with one addition: an accepted vehicle is inspected to the end. So while an
    agency that has been on duty has nobody on the roster, as many of its officers stay on (or are called back) as its
    largest crew takes: while the funnel is closed, and before that from its last shift of a window on.
    """
    windows, entries = scenario.operation.windows, scenario.pieces
    times_s = np.unique([*duty.times_s, *funnel.opens_s, *funnel.closes_s, *times_of(entries, windows)])
    step = np.searchsorted(duty.times_s, times_s, side="right") - 1
    agencies = len(duty.agencies)
    capacity = np.zeros((len(times_s), len(inspection.pools)), dtype=np.int64)
    capacity[:, :agencies] = duty.free[step]
    capacity[:, agencies:] = there(entries, windows, times_s)
    window = np.searchsorted(funnel.opens_s, times_s, side="right") - 1
    closed = (window < 0) | (times_s >= funnel.closes_s[window])
    ends_s = np.append(duty.times_s[1:], np.inf)
    largest_crew = inspection.need.max(axis=0, initial=0)
    for column in range(agencies):
        on_roster = duty.rostered[:, column] > 0
        went_s = np.maximum.accumulate(np.where(on_roster, ends_s, -np.inf))[step]
        comes_s = np.minimum.accumulate(np.where(on_roster, duty.times_s, np.inf)[::-1])[::-1][step]
        last_of_window = (went_s > funnel.opens_s[window]) & (comes_s >= funnel.closes_s[window])
        stays_on = ~on_roster[step] & np.isfinite(went_s) & (closed | last_of_window)
        capacity[stays_on, column] = largest_crew[column]
    return times_s, capacity
