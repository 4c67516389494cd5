"""The control in plain words: who is selected, what an inspection is, what the area can do, what may be found."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.found import chance_to_find
from funnelsim.model.plan import Plan
from funnelsim.report.forecast import (
    FloatArray,
    Need,
    found_at_most,
    hours_of,
    kinds_between,
    needs_of,
    selected_between,
    selecting_spans,
    selection_chances,
    vehicles_between,
)
from funnelsim.report.section import Column, Entry, Grid, Section
from funnelsim.report.staff_words import crew_text
from funnelsim.report.words import NOTHING, counted, minutes_text, number_text, share_text, span_text, together
from funnelsim.scenario.control import Stage, Valve
from funnelsim.scenario.schema import Scenario

HOUR_S = 3600.0

_RULES = {
    "score": "The most suspicious of each class are selected, the share of ordinary vehicles given by its rate.",
    "random": "Vehicles are selected by lot, the share of each class given by its rate.",
    "every_nth": "Every n-th vehicle of its class is selected, whatever it looks like.",
    "free_bay": "Whoever comes while a bay is free is selected; the rate here is what the area can take.",
}


def selection(scenario: Scenario, plan: Plan, chances: FloatArray) -> Section:
    """Return the rule, the rates by class and the valve."""
    return Section("Selection", (_RULES[plan.rule], _rates(plan, chances), _valve(scenario.selection.valve)))


def _rates(plan: Plan, chances: FloatArray) -> Grid:
    """Return the classes that come, their rates, and how many an hour are selected."""
    opens_s, closes_s = plan.window_s
    spans = selecting_spans(plan, opens_s, closes_s)
    selecting_h = sum(to_s - from_s for from_s, to_s in spans) / HOUR_S
    vehicles = vehicles_between(plan, opens_s, closes_s)
    selected = selected_between(plan, opens_s, closes_s, chances).sum(axis=1)
    columns = (
        Column("", "left"),
        Column("of all\nvehicles"),
        Column("vehicles\nan hour"),
        Column("rate"),
        Column("selected\nan hour"),
    )
    rows = tuple(
        (
            name,
            share_text(vehicles[c] / vehicles.sum()),
            number_text(vehicles[c] * HOUR_S / (closes_s - opens_s), 2),
            share_text(chances[c, 0]) if chances[c, 0] > 0 else "never",
            number_text(selected[c] / selecting_h, 2) if selecting_h > 0 else NOTHING,
        )
        for c, name in enumerate(plan.classes)
        if vehicles[c] > 0
    )
    return Grid(columns, rows)


def _valve(valve: Valve) -> str:
    if valve.suspend_at_m is None and valve.lift_at_m is None:
        return "No safety valve: selection goes on however long the queue is."
    acts = []
    if valve.suspend_at_m is not None:
        acts.append(f"from {valve.suspend_at_m:,.0f} m of queue on nobody is selected")
    if valve.lift_at_m is not None:
        acts.append(f"from {valve.lift_at_m:,.0f} m on the funnel is lifted and all lanes run")
    return f"Safety valve: {', '.join(acts)}, until the queue is down to {valve.resume_at_m:,.0f} m."


def inspection(scenario: Scenario, plan: Plan) -> Section:
    """Return the stages of an inspection in their order, in words."""
    area = scenario.area
    full = "pass without inspection" if area.when_full == "wave_through" else "stop the lane until a place is free"
    places = f"{counted(area.bays, 'bay')} and {counted(area.waiting, 'waiting space')}"
    away = minutes_text(area.divert_s)
    items: list[str | Entry | Grid] = [f"{places}, {away} from the lane. When all are taken, selected vehicles {full}."]
    for number, stage in enumerate(area.stages):
        items.append(Entry(f"{number + 1}.", _stage(stage, plan, number)))
    after = plan.inspection.after_detection
    by = f" by {crew_text(area.after_detection.crew)}" if area.after_detection.crew else ""
    skipped = "" if plan.inspection.possible[after] else " NOT POSSIBLE with this roster, so it is skipped."
    lasts = _lasts(plan, after)
    items.append(Entry("-", f"After a detection: {lasts}{by}; the vehicle keeps its bay.{skipped}"))
    return Section("Inspection", tuple(items))


def _stage(stage: Stage, plan: Plan, number: int) -> str:
    whom = "every class" if stage.classes is None else together(stage.classes)
    parts = [f"{stage.name}: {'only after an alarm, ' if stage.only_after_alarm else ''}{whom}"]
    parts.append(_lasts(plan, number))
    if stage.crew:
        parts.append(f"by {crew_text(stage.crew)}")
    if stage.equipment:
        parts.append(f"with {crew_text(stage.equipment)}")
    text = ", ".join(parts)
    if stage.finds:
        text += f"; finds {_chances(stage.finds)}"
    if stage.alarms:
        text += f"; alarm for {_chances(stage.alarms)}"
    return text + ("." if plan.inspection.possible[number] else ". NOT POSSIBLE with this roster, so it is skipped.")


def _chances(by_kind: dict[str, float]) -> str:
    return ", ".join(f"{kind} {share_text(chance)}" for kind, chance in by_kind.items())


def _lasts(plan: Plan, stage: int) -> str:
    """Return a stage's mean duration, from the shortest to the longest class that is ever selected."""
    selected = plan.inspection.applies[stage] & (selection_chances(plan)[:, 0] > 0)
    means = plan.inspection.mean_s[stage][selected if selected.any() else plan.inspection.applies[stage]]
    if len(means) == 0:
        return "for no class"
    least, most = minutes_text(means.min()), minutes_text(means.max())
    return least if least == most else f"{least} to {most}"


def capability(plan: Plan, chances: FloatArray) -> Section:
    """Return how many inspections bays, crews and equipment suffice for, against how many are selected."""
    heading = "What the area can do"
    needs = needs_of(plan, chances)
    if not needs:
        return Section(heading, ("Nobody is selected, so nobody is inspected.",))
    columns = (
        Column("", "left"),
        Column("there are"),
        Column("a mean inspection takes"),
        Column("enough for"),
    )
    rows = tuple(
        (
            need.name,
            f"{need.least}" if need.least == need.most else f"{need.least}-{need.most}",
            minutes_text(need.mean_s),
            f"{number_text(need.per_h, 2)} an hour",
        )
        for need in needs
    )
    return Section(heading, (_demanded(plan, chances, needs), Grid(columns, rows)))


def _demanded(plan: Plan, chances: FloatArray, needs: list[Need]) -> str:
    scarcest = needs[0]
    at_most = f"{number_text(scarcest.per_h, 2)} inspections an hour"
    if plan.rule == "free_bay":
        return f"Reckoned with means, the area does about {at_most}; {scarcest.name} are what is scarce."
    selecting_h = sum(to_s - from_s for from_s, to_s in selecting_spans(plan, *plan.window_s)) / HOUR_S
    mean = float(selected_between(plan, *plan.window_s, chances).sum()) / selecting_h
    busiest, peak = max(
        ((span, _per_hour(plan, span, chances)) for span in hours_of(plan.window_s)), key=lambda pair: pair[1]
    )
    text = (
        f"About {number_text(mean, 2)} vehicles an hour are selected, {number_text(peak, 2)} at the busiest "
        f"({span_text(*busiest)}). The area does at most {at_most}: {scarcest.name} are what is scarcest"
    )
    lost = max(0.0, 1.0 - scarcest.per_h / mean)
    if lost > 0 and not plan.hold:
        return f"{text}, and at least {share_text(lost)} of the selected pass without inspection."
    return f"{text}."


def _per_hour(plan: Plan, span: tuple[float, float], chances: FloatArray) -> float:
    return float(selected_between(plan, *span, chances).sum()) * HOUR_S / (span[1] - span[0])


def targets(scenario: Scenario, plan: Plan, chances: FloatArray) -> Section:
    """Return the targets expected, and the chances to select and to find them, by class."""
    if not scenario.targets:
        return Section("Targets", ("None are named, so nothing can be found.",))
    columns = (
        Column("", "left"),
        Column("per 10,000\nvehicles"),
        Column("expected"),
        Column("selected,\nordinary"),
        Column("selected,\ntargets"),
        Column("found if\ninspected"),
    )
    expected = kinds_between(plan, *plan.window_s)[:, 1:]
    found = found_at_most(plan, chances)
    rows = tuple(row for k in range(len(plan.targets)) for row in _target_rows(plan, k, chances, expected))
    return Section("Targets", (Grid(columns, rows), _at_most(expected, found)))


def _target_rows(plan: Plan, k: int, chances: FloatArray, expected: FloatArray) -> Iterator[tuple[str, ...]]:
    finds = chance_to_find(plan.inspection)
    yield (plan.targets[k], *[""] * 5)
    for c in np.flatnonzero(plan.road.prevalence[:, k]).tolist():
        yield (
            f"  {plan.classes[c]}",
            number_text(plan.road.prevalence[c, k] * 10_000.0),
            number_text(expected[c, k], 2),
            share_text(chances[c, 0]),
            share_text(chances[c, k + 1]),
            share_text(finds[c, k + 1]),
        )


def _at_most(expected: FloatArray, found: FloatArray) -> str:
    offered, most = float(expected.sum()), float(found.sum())
    if offered <= 0.0:
        return "None is expected in this operation."
    return (
        f"{number_text(offered)} targets are expected on the road in an operation. If the area were never full and the "
        f"valve never shut, about {number_text(most)} of them ({share_text(most / offered)}) would be found."
    )
