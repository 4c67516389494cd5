"""The scenario in plain language: what the planner wrote, and what follows from it before anything is simulated."""

from collections.abc import Iterator

import numpy as np
from rich.console import RenderableType

from funnelsim.analysis.fluid import Fluid, capacity_of, fluid_of
from funnelsim.analysis.forecast import (
    chances_between,
    hours_of,
    selected_between,
    selecting_spans,
    selection_chances,
    vehicles_between,
)
from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan
from funnelsim.reporting import area_words, staff_words
from funnelsim.reporting.assumptions import assumptions_of
from funnelsim.reporting.days import rows_by_day, span_text, spans_of_days
from funnelsim.reporting.directions import funnels_of, headed
from funnelsim.reporting.queue_words import clearing_text, longest_queue_text, tipping_text, waiting_at_closing_text
from funnelsim.reporting.section import Column, Entry, Grid, Section, sentence
from funnelsim.reporting.terminal import Page
from funnelsim.reporting.warnings import warnings_of
from funnelsim.reporting.warnings.brief import by_grade
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import Operation
from funnelsim.scenario.toml_text import path_text
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S, Span
from funnelsim.wording import NOTHING, counted, joined, minutes_text, number_text, share_text, verb


def check_report(scenario: Scenario, plan: Plan) -> RenderableType:
    """Return what `funnelsim check` shows, for `Console.print`: the scenario in plain language, then the warnings."""
    warnings = by_grade({"": warnings_of(scenario, plan)})
    return Page([*what_it_says(scenario, plan), *starter_values(scenario), *warnings])


def starter_values(scenario: Scenario) -> list[Section]:
    """Return which values are as `funnelsim new` writes them, those that change the results most marked; if any are."""
    rows = [row for row in assumptions_of(scenario) if row.set_by == "starter"]
    if not rows:
        return []
    first = ", first what is marked with *: it changes the results most" if any(row.matters for row in rows) else ""
    said = (
        f"{counted(len(rows), 'value')} of the file {verb(len(rows), 'is', 'are')} as funnelsim new writes "
        f"{verb(len(rows), 'it', 'them')}. Replace what you have not chosen yourself{first}."
    )
    tables: dict[str, list[str]] = {}
    for row in rows:
        steps = split_path(row.key)
        depth = min(3, len(steps) - 1)  # as deep as a named entry of a list lies
        tables.setdefault(path_text(steps[:depth]), []).append(path_text(steps[depth:]) + "*" * row.matters)
    keys = [Entry("-", (f"{table}: " if table else "") + ", ".join(names)) for table, names in tables.items()]
    return [Section("Starter values", (said, *keys))]


def what_it_says(scenario: Scenario, plan: Plan) -> list[Section]:
    """Return a scenario in plain language, for the planner to see whether it says what was meant.

    Parameters
    ----------
    scenario
        What the planner wrote.
    plan
        The plan made from it (`funnelsim.model.plan.plan_of`).
    """
    funnels = [(side, own, selection_chances(own)) for side, own in funnels_of(scenario, plan)]
    return [
        Section(scenario.title, (_operation(scenario),)),
        *(section for funnel in funnels for section in _of_funnel(plan, *funnel)),
        area_words.inspection(scenario, plan),
        area_words.capability(plan, funnels[0][2]),
        staff_words.officers(scenario, plan),
        *(_directed(area_words.targets(*funnel), funnel[1], plan) for funnel in funnels),
        Section("Limits", (_limits(scenario),)),
    ]


def _of_funnel(whole: Plan, scenario: Scenario, plan: Plan, chances: FloatArray) -> list[Section]:
    """Return the sections about one funnel: its road, its traffic and its selection."""
    sections = (
        Section("Road and lane", tuple(_lane(scenario, plan, chances))),
        _hours(scenario, plan, chances),
        area_words.selection(scenario, plan, chances),
    )
    return [_directed(section, plan, whole) for section in sections]


def _directed(section: Section, plan: Plan, whole: Plan) -> Section:
    return Section(headed(section.heading, plan, whole), section.items)


def _operation(scenario: Scenario) -> str:
    operation = scenario.operation
    spans = spans_of_days(operation)[1]
    if len(spans) == 1:
        opens_s, closes_s = spans[0]
        next_day = " on the next day" if closes_s > DAY_S else ""
        text = f"Opens at {clock_of(opens_s)} and closes at {clock_of(closes_s)}{next_day}"
    else:
        text = f"Open {joined([_window(span) for span in spans])}"
    days = f", on {operation.days} days in a row" if operation.days > 1 else ""
    total = " in all" if len(operation.windows) > 1 else ""
    text += f"{days}: {number_text(operation.duration_h)} hours{total}."
    if operation.stop_selecting_min:
        stop_s = operation.stop_selecting_min * MINUTE_S
        until = joined([f"from {clock_of(closes_s - stop_s)}" for _, closes_s in spans])
        each = "" if len(operation.windows) == 1 else " of each window"
        text += f" Nobody is selected in the last {operation.stop_selecting_min:g} min{each}, {until} on."
    return text + _anew(scenario, operation)


def _window(span: Span) -> str:
    opens_s, closes_s = span
    days = int(opens_s // DAY_S)
    if days:
        return f"{span_text(*span)} on the next day" if days == 1 else f"{span_text(*span)} {days} days later"
    return f"{span_text(*span)} (closing on the next day)" if closes_s > DAY_S else span_text(*span)


def _anew(scenario: Scenario, operation: Operation) -> str:
    """Return what starts afresh in each of several windows, where the scenario has it."""
    valves = [side.selection.valve for side in scenario.per_funnel]
    tires = any(side.selection.look.tires_half_life_h for side in scenario.per_funnel)
    anew = ["the safety valve"] if any(valve.suspend_at_m or valve.lift_at_m for valve in valves) else []
    anew += ["word of mouth"] if any(target.evade.alerted for target in scenario.targets) else []
    anew += ["officers' tiring at the look"] if tires else []
    if len(operation.windows) == 1 or not anew:
        return ""
    text = joined(anew)
    return f" At each opening {text} start{'s' if len(anew) == 1 else ''} afresh."


def _lane(scenario: Scenario, plan: Plan, chances: FloatArray) -> Iterator[str]:
    approach, lane, funnel = scenario.approach, scenario.lane, plan.funnel
    lost = minutes_text(funnel.merge_s + funnel.slow_lane_s)
    yield (
        f"{counted(approach.lanes, 'lane')} at {approach.speed_kmh:g} km/h lead{'s' if approach.lanes == 1 else ''} "
        f"into one lane of {lane.length_m:,.0f} m at {lane.speed_kmh:g} km/h. Merging and driving slowly cost "
        f"everybody {lost}, even without a queue."
    )
    mix, mean = plan.road.demand.mix(plan.windows_s), chances_between(plan, *plan.window_s, chances)
    capacity = capacity_of(plan, mix, mean)
    calibrated = ", as lane.capacity_vph says" if lane.capacity_vph else ""
    look = scenario.selection.look
    yield from _exit_and_sign(scenario)
    yield (
        f"The lane carries {capacity.lane:,.0f} vehicles an hour{calibrated}, {capacity.diverting:,.0f} with "
        "diversions at these rates."
    )
    get_through = f"about {capacity.selecting:,.0f} vehicles an hour get through while vehicles are selected"
    if look.mean_s and plan.selection.look_stops:
        who = "the officer looks" if look.officers == 1 else f"one of {look.officers} officers looks"
        yield f"Every vehicle stops while {who} at it for {look.mean_s:g} s, so {get_through}."
    elif look.mean_s:
        officers = counted(look.officers, "officer")
        several = "s" if look.officers > 1 else ""
        yield (
            f"{officers} can look at {capacity.look:,.0f} vehicles an hour, at {look.mean_s:g} s each. Lane and "
            f"officer{several} take turns being the slower one, so {get_through}."
        )
    else:
        yield f"A look takes no time, so {get_through}."
    if approach.critical_m is not None:
        yield f"A queue longer than {approach.critical_m:,.0f} m from the taper counts as spillback."


def _exit_and_sign(scenario: Scenario) -> Iterator[str]:
    """Yield where drivers may leave, who does, and where they are warned."""
    approach = scenario.approach
    if approach.exit is not None:
        yield (
            f"At the exit, {approach.exit.at_m:,.0f} m from the taper, drivers who see a queue of "
            f"{approach.exit.leave_when_tail_m:,.0f} m or more may leave: {_who_leaves(scenario, approach.exit.share)}."
        )
    if approach.warning_m is not None:
        yield (
            f"The first warning sign stands {approach.warning_m:,.0f} m from the taper; drivers who meet a longer "
            "queue have not been warned."
        )


def _who_leaves(scenario: Scenario, share: float) -> str:
    if all(target.evade.queue is None for target in scenario.targets):
        return f"{share_text(share)} of ordinary drivers{' and of targets' if scenario.targets else ''}"
    shares = {target.name: target.evade.queue for target in scenario.targets}
    named = [f"{share_text(share if own is None else own)} of {name}" for name, own in shares.items()]
    return joined([f"{share_text(share)} of ordinary drivers", *named])


def _hours(scenario: Scenario, plan: Plan, chances: FloatArray) -> Section:
    demand, operation = plan.road.demand, scenario.operation
    fluid = fluid_of(plan)
    total = _come(plan).sum()
    classes = _counted_classes(plan)
    columns = (
        Column("", "left"),
        Column("vehicles\nan hour"),
        *(Column(plan.classes[place]) for place in classes),
        Column("can pass\nan hour"),
        Column("queue,\nabout"),
        Column("selected\nan hour"),
    )

    def rows_of(windows_s: list[Span]) -> tuple[tuple[str, ...], ...]:
        hours = [hour for window_s in windows_s for hour in hours_of(window_s)]
        return tuple(_hour(plan, chances, fluid, hour, classes) for hour in hours)

    items: list[str | Grid] = [f"{total:,.0f} vehicles are expected during the operation."]
    for alike, rows in rows_by_day(operation, rows_of):
        items += [*([alike] if alike else []), Grid(columns, rows)]
    if fluid.longest_m >= plan.funnel.leave_when_tail_m:
        items.append("This forecast leaves out that drivers leave at the exit, which shortens the queue.")
    items += _queue(plan, fluid, operation)
    return Section("Demand hour by hour", (*items, *demand.notes))


def _queue(plan: Plan, fluid: Fluid, operation: Operation) -> Iterator[str]:
    """Yield the queue of an average day, who is left at closing, and where it tips."""
    if fluid.waiting.max(initial=0.0) > 0.0:
        gone = clearing_text(fluid)
        queue = longest_queue_text(fluid, operation)
        yield f"On an average day, expect {queue}{'; ' + gone if gone else ''}. Some days are worse."
    if left := waiting_at_closing_text(fluid, operation):
        yield f"{sentence(left)}. They pass unchecked, which the tables leave out."
    if tips := tipping_text(plan):
        yield tips


def _come(plan: Plan) -> FloatArray:
    """Return the vehicles expected while the funnel stands, shape (classes,)."""
    come: FloatArray = np.sum([vehicles_between(plan, *window_s) for window_s in plan.windows_s], axis=0)
    return come


def _counted_classes(plan: Plan) -> list[int]:
    """Return the classes to show hour by hour; none where all hours have the same mix."""
    if not plan.road.demand.typed_by_class:
        return []
    return np.flatnonzero(_come(plan)).tolist()


def _hour(plan: Plan, chances: FloatArray, fluid: Fluid, span: Span, classes: list[int]) -> tuple[str, ...]:
    from_s, to_s = span
    length_h = (to_s - from_s) / HOUR_S
    come = vehicles_between(plan, from_s, to_s) / length_h
    capacity = capacity_of(plan, plan.road.demand.mix([span]), chances_between(plan, from_s, to_s, chances))
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
        said.append(f"95 % of the vehicles should lose at most {limits.p95_delay_min:g} min")
    if limits.tail_m is not None:
        said.append(f"the queue should be at most {limits.tail_m:,.0f} m long")
    if not said:
        return "None are set."
    text = "; ".join(said)
    wanted = share_text(limits.in_share_of_operations)
    return f"{text[0].upper()}{text[1:]}. A limit is kept if it holds in {wanted} of operations."
