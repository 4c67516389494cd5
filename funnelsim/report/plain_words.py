"""The scenario in plain words: what the planner said, and what follows from it by arithmetic, before anything runs."""

from collections.abc import Iterator

import numpy as np
from rich.console import RenderableType

from funnelsim.model.plan import Plan
from funnelsim.report import area_words, staff_words
from funnelsim.report.fluid import Fluid, capacity_of, fluid_of
from funnelsim.report.forecast import (
    FloatArray,
    hours_of,
    selected_between,
    selecting_spans,
    selection_chances,
    vehicles_between,
)
from funnelsim.report.oddities import warnings_of
from funnelsim.report.page import Page, listed
from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.words import (
    NOTHING,
    counted,
    minutes_text,
    number_text,
    span_text,
)
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import DAY_S

HOUR_S = 3600.0


def check_report(scenario: Scenario, plan: Plan) -> RenderableType:
    """Return what `funnelsim check` shows, for `Console.print`: the scenario in plain words, then what is odd."""
    odd = list(warnings_of(scenario, plan))
    heading = counted(len(odd), "warning") if odd else "No warnings."
    return Page([*what_it_says(scenario, plan), Section(heading, tuple(listed(odd)))])


def what_it_says(scenario: Scenario, plan: Plan) -> list[Section]:
    """Return a scenario in plain words, for the planner to see whether it says what was meant.

    Parameters
    ----------
    scenario
        What the planner wrote.
    plan
        The plan made from it (`funnelsim.model.plan.plan_of`).
    """
    chances = selection_chances(plan)
    return [
        Section(scenario.title, (_window(scenario, plan),)),
        Section("Road and lane", tuple(_lane(scenario, plan, chances))),
        _hours(plan, chances),
        area_words.selection(scenario, plan, chances),
        area_words.inspection(scenario, plan),
        area_words.capability(plan, chances),
        staff_words.officers(scenario, plan),
        area_words.targets(scenario, plan, chances),
        Section("Limits", (_limits(scenario),)),
    ]


def _window(scenario: Scenario, plan: Plan) -> str:
    operation = scenario.operation
    opens_s, closes_s = plan.window_s
    next_day = " on the next day" if closes_s > DAY_S else ""
    text = (
        f"Opens at {clock_of(opens_s)} and closes at {clock_of(closes_s)}{next_day}: "
        f"{number_text(operation.duration_h)} hours."
    )
    if operation.stop_selecting_min:
        until = clock_of(plan.funnel.last_selection_s)
        text += f" Nobody is selected in the last {operation.stop_selecting_min:g} min, from {until} on."
    return text


def _lane(scenario: Scenario, plan: Plan, chances: FloatArray) -> Iterator[str]:
    approach, lane, funnel = scenario.approach, scenario.lane, plan.funnel
    lost = minutes_text(funnel.merge_s + funnel.slow_lane_s)
    yield (
        f"{counted(approach.lanes, 'lane')} at {approach.speed_kmh:g} km/h lead{'s' if approach.lanes == 1 else ''} "
        f"into one lane of {lane.length_m:,.0f} m at {lane.speed_kmh:g} km/h. Everybody loses {lost} by merging and "
        "driving slowly, queue or not."
    )
    capacity = capacity_of(plan, plan.road.demand.mix(*plan.window_s), chances)
    calibrated = ", as lane.capacity_vph says" if lane.capacity_vph else ""
    look = scenario.selection.look
    yield (
        f"The lane passes {capacity.lane:,.0f} vehicles an hour{calibrated}, {capacity.diverting:,.0f} with the "
        f"diversions at the given rates."
    )
    together = f"{capacity.selecting:,.0f} an hour can pass while vehicles are selected"
    if look.mean_s:
        officers = counted(look.officers, "officer")
        yield (
            f"{officers} at {look.mean_s:g} s a look can look at {capacity.look:,.0f} an hour. As now the lane and now "
            f"the look takes longer, {together}."
        )
    else:
        yield f"A look takes no time, so {together}."
    if approach.critical_m is not None:
        yield f"A queue longer than {approach.critical_m:,.0f} m from the taper is spillback."


def _hours(plan: Plan, chances: FloatArray) -> Section:
    demand = plan.road.demand
    fluid = fluid_of(plan)
    total = vehicles_between(plan, *plan.window_s).sum()
    classes = _counted_classes(plan)
    columns = (
        Column("", "left"),
        Column("vehicles\nan hour"),
        *(Column(plan.classes[place]) for place in classes),
        Column("can pass\nan hour"),
        Column("queue,\nabout"),
        Column("selected\nan hour"),
    )
    rows = tuple(_hour(plan, chances, fluid, span, classes) for span in hours_of(plan.window_s))
    expected = f"{total:,.0f} vehicles are expected in the operation."
    grows = fluid.waiting.max(initial=0.0) > 0.0
    queue = [f"Expect {fluid.worst} on a mean day; chance makes it longer on some days."] if grows else []
    return Section("Demand hour by hour", (expected, Grid(columns, rows), *queue, *demand.notes))


def _counted_classes(plan: Plan) -> list[int]:
    """Return the classes to show hour by hour; none where one mix stands for all hours."""
    if not plan.road.demand.typed_by_class:
        return []
    return np.flatnonzero(vehicles_between(plan, *plan.window_s)).tolist()


def _hour(
    plan: Plan, chances: FloatArray, fluid: Fluid, span: tuple[float, float], classes: list[int]
) -> tuple[str, ...]:
    from_s, to_s = span
    length_h = (to_s - from_s) / HOUR_S
    come = vehicles_between(plan, from_s, to_s) / length_h
    capacity = capacity_of(plan, plan.road.demand.mix(from_s, to_s), chances)
    can_pass = capacity.selecting if selecting_spans(plan, from_s, to_s) else capacity.lane
    inside = (fluid.times_s >= from_s) & (fluid.times_s < to_s)
    waiting = fluid.waiting[inside].max(initial=0.0) > 0
    selected = float(selected_between(plan, from_s, to_s, chances).sum()) / length_h
    return (
        span_text(from_s, to_s),
        f"{come.sum():,.0f}",
        *(f"{come[place]:,.0f}" for place in classes),
        f"{can_pass:,.0f}",
        f"{round(fluid.tail_m[inside].max(), -1):,.0f} m" if waiting else NOTHING,
        number_text(selected, 2),
    )


def _limits(scenario: Scenario) -> str:
    limits = scenario.limits
    said = []
    if limits.p95_delay_min is not None:
        said.append(f"95 % of the vehicles shall lose at most {limits.p95_delay_min:g} min")
    if limits.tail_m is not None:
        said.append(f"the queue shall not grow longer than {limits.tail_m:,.0f} m")
    if not said:
        return "None are given."
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."
