"""The inspections in plain language: their stages, what the area can do, and what may be found."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.fluid import fluid_of
from funnelsim.analysis.forecast import (
    Need,
    area_spans,
    by_status_in_windows,
    chances_between,
    coming_shares,
    found_at_most,
    hours_of,
    inspected_of,
    needs_of,
    selected_by_all,
    selection_chances,
)
from funnelsim.arrays import FloatArray
from funnelsim.model.expected import chance_to_find, stage_means_s
from funnelsim.model.plan import Plan
from funnelsim.reporting.days import span_text
from funnelsim.reporting.queue_words import FEW
from funnelsim.reporting.section import Column, Entry, Grid, Section
from funnelsim.reporting.selection_words import selection
from funnelsim.reporting.staff_words import crew_text
from funnelsim.scenario.area import Area, Stage
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Staffing
from funnelsim.scenario.traffic import Target
from funnelsim.selection_rules import Amount
from funnelsim.units import HOUR_S
from funnelsim.wording import counted, days_text, joined, minutes_text, number_text, share_text

__all__ = ["capability", "inspection", "selection", "targets"]


def inspection(scenario: Scenario, plan: Plan) -> Section:
    """Return the stages of an inspection in their order, in words."""
    area = scenario.area
    full = "pass without inspection" if area.when_full == "wave_through" else "stop the lane until a place is free"
    places = f"{counted(area.bays, 'bay')} and {counted(area.waiting, 'waiting space')}"
    away = minutes_text(area.divert_s)
    items: list[str | Entry | Grid] = [f"{places}, {away} from the lane. When all are taken, selected vehicles {full}."]
    items += _between(scenario, plan)
    for number, stage in enumerate(area.stages):
        items.append(Entry(f"{number + 1}.", _stage(stage, plan, number)))
    items += [Entry("-", text) for text in (*_after_detection(scenario, plan), *_equipment_with_hours(scenario))]
    return Section("Inspection", tuple(items))


def _between(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield how long a bay is empty and officers pause between two vehicles; the defaults are assumptions."""
    changeover_s, pause_s = scenario.area.changeover_s, scenario.staffing.pause_between_checks_s
    if changeover_s:
        assumed = " (assumption)" if changeover_s == Area.model_fields["changeover_s"].default else ""
        yield f"Between two vehicles a bay is empty for at least {minutes_text(changeover_s)}{assumed}."
    if pause_s and plan.inspection.need[:, : len(plan.duty.agencies)].any():
        assumed = " (assumption)" if pause_s == Staffing.model_fields["pause_between_checks_s"].default else ""
        yield f"Between two stages officers pause {minutes_text(pause_s)}{assumed}."


def _after_detection(scenario: Scenario, plan: Plan) -> Iterator[str]:
    after, stage = scenario.area.after_detection, plan.inspection.after_detection
    by = f" by {crew_text(after.crew)}" if after.crew else ""
    keeps = "the vehicle keeps its bay"
    if plan.frees_bay:
        keeps = f"the vehicle leaves its bay as soon as one of {counted(plan.spots, 'processing spot')} is free"
    yield f"After a detection: {_lasts(plan, stage)}{by}; {keeps}."
    if after.transport is not None:
        by = f" by {crew_text(after.transport.crew)}" if after.transport.crew else ""
        by += f" with {crew_text(after.transport.equipment)}" if after.transport.equipment else ""
        yield (
            f"Then the persons are taken away: {_lasts(plan, stage + 1)}{by}; the vehicle's place is free when "
            "they leave."
        )


def _equipment_with_hours(scenario: Scenario) -> Iterator[str]:
    for entry in scenario.pieces:
        hours = " ".join(f"{word} {at}" for word, at in (("from", entry.from_), ("to", entry.to)) if at is not None)
        times = [
            (f"{one.pieces} of them " if one.pieces and one.pieces < entry.count else "")
            + f"{one.from_} to {one.to}"
            + (f" on {days_text(one.days)}" if one.days else "")
            for one in entry.outages
        ]
        if not hours and not times:
            continue
        absent = (
            "who is selected while it is not there leaves out the stages that need it"
            if entry.when_absent == "skip"
            else "while it is not there, vehicles wait for it in their bays, at the latest until the funnel closes"
        )
        there = f"{entry.count} {entry.name}" + (f" {hours}" if hours else "")
        yield f"{there}{', not ' + joined(times) if times else ''}: {absent}."


def _stage(stage: Stage, plan: Plan, number: int) -> str:
    whom = "every class" if stage.classes is None else joined(stage.classes)
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
    return f"{text}."


def _chances(by_status: dict[str, float]) -> str:
    return ", ".join(f"{status} {share_text(chance)}" for status, chance in by_status.items())


def _lasts(plan: Plan, stage: int) -> str:
    """Return a stage's mean duration, from the shortest to the longest class that is ever selected."""
    chances = chances_between(plan, *plan.window_s, selection_chances(plan))
    selected = plan.inspection.applies[stage] & (chances[:, 0] > 0)
    means = stage_means_s(plan)[stage][selected if selected.any() else plan.inspection.applies[stage]]
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
        Column("available"),
        Column("an average inspection takes"),
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
    can_do = f"{number_text(scarcest.per_h, 2)} inspections an hour (bottleneck: {scarcest.name})"
    rule = plan.selection.rule
    if rule.amount is Amount.AREA:
        about = "at most about" if rule.forecast_is_upper_bound else "about"
        return f"On average, the area can do {about} {can_do}."
    selecting_h = sum(to_s - from_s for from_s, to_s in area_spans(plan)) / HOUR_S
    mean = float(selected_by_all(plan, *plan.window_s, chances).sum()) / selecting_h
    hours = [span for window_s in plan.windows_s for span in hours_of(window_s)]
    busiest, peak = max(((span, _per_hour(plan, span, chances)) for span in hours), key=lambda pair: pair[1])
    everywhere = " at all funnels together" if plan.other_funnels else ""
    about = "At most about" if rule.forecast_is_upper_bound else "About"
    text = (
        f"{about} {number_text(mean, 2)} vehicles an hour are selected{everywhere}, {number_text(peak, 2)} in the "
        f"busiest hour ({span_text(*busiest)}). The area can do about {can_do}"
    )
    lost = max(0.0, 1.0 - inspected_of(plan, scarcest) / (mean * selecting_h))
    if lost > 0 and not plan.hold and not rule.forecast_is_upper_bound:
        return f"{text}, and about {share_text(lost)} of the selected pass without inspection."
    return f"{text}."


def _per_hour(plan: Plan, span: tuple[float, float], chances: FloatArray) -> float:
    return float(selected_by_all(plan, *span, chances).sum()) * HOUR_S / (span[1] - span[0])


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
    expected = by_status_in_windows(plan)[:, 1:]
    found = found_at_most(plan, chances)
    mean = chances_between(plan, *plan.window_s, chances)
    rows = tuple(row for k in range(len(plan.targets)) for row in _target_rows(plan, k, mean, expected))
    evades = (text for target in scenario.targets for text in _evades(target, scenario))
    return Section("Targets", (Grid(columns, rows), *evades, _at_most(plan, expected, found)))


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


def _evades(target: Target, scenario: Scenario) -> Iterator[str]:
    """Yield who of a target type keeps out of the way, and when; nothing where nobody does of his own."""
    evade, keep_away = target.evade, []
    if evade.alerted:
        round_h = f"{evade.half_life_h:g} h after each opening"
        keep_away.append(f"{share_text(evade.alerted)} stay away once word has spread (half of them {round_h})")
    if evade.visible:
        keep_away.append(f"{share_text(evade.visible)} turn away when they see the funnel")
    if evade.queue is not None and scenario.approach.exit is not None:
        keep_away.append(f"{share_text(evade.queue)} leave at the exit when they see the queue")
    if keep_away:
        yield f"Of the targets with {target.name}, {joined(keep_away)}."


def _at_most(plan: Plan, expected: FloatArray, found: FloatArray) -> str:
    offered, most = float(expected.sum()), float(found.sum())
    if offered <= 0.0:
        return "None are expected in this operation."
    away = (
        " This leaves out targets that stay away, turn away or leave at the exit."
        if (coming_shares(plan) < 1.0).any()
        else ""
    )
    never = "the area were never full and the valve never shut"
    if fluid_of(plan).waiting_at_closing >= FEW:
        never = "the area were never full, the valve never shut and nobody still waited at closing"
    return (
        f"{number_text(offered)} targets are expected on the road during an operation. If {never}, about "
        f"{number_text(most)} of them ({share_text(most / offered)}) would be found.{away}"
    )
