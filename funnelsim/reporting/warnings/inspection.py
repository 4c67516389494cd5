"""Warnings about the area: too small for the vehicles sent to it, or with equipment that nobody uses."""

from collections.abc import Iterator

from funnelsim.analysis.forecast import area_spans, inspected_of, needs_of, selected_by_all, selection_chances
from funnelsim.model.plan import Plan
from funnelsim.reporting.plan_warning import PlanWarning, grave, unusual
from funnelsim.scenario.schema import Scenario
from funnelsim.selection_rules import Amount
from funnelsim.units import HOUR_S
from funnelsim.wording import joined, number_text, share_text

FAR_TOO_MANY = 1.0 / 3.0  # of the selected pass without inspection


def inspection_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield the warnings in the order of the file."""
    if plan.bays == 0:
        yield grave(
            "area.bays = 0: nobody can be inspected, and everybody who is selected passes; give the area bays, unless "
            "you want the delay alone."
        )
    else:
        yield from _too_many(plan)
    yield from _after_detection(scenario)
    used = {name for stage in scenario.area.stages for name in stage.equipment}
    if scenario.area.after_detection.transport is not None:
        used |= scenario.area.after_detection.transport.equipment.keys()
    idle = [entry.name for entry in scenario.pieces if entry.name not in used]
    if idle:
        yield grave(f"equipment: no stage uses {joined(idle)}; name it in a stage (equipment), or leave it out.")


def _after_detection(scenario: Scenario) -> Iterator[PlanWarning]:
    area = scenario.area
    if area.spots and area.after_detection.place == "bay":
        yield grave(
            f'area.spots = {area.spots}: with after_detection.place = "bay" every vehicle keeps its bay, so nobody '
            'uses them; set place = "spot", or leave the spots out.'
        )
    transport = area.after_detection.transport
    if transport is not None and not transport.crew and not transport.equipment:
        yield grave(
            "area.after_detection.transport takes neither officers (crew) nor a van (equipment), so it costs nothing "
            "and never has to be waited for; say what it takes, or leave it out."
        )


def _too_many(plan: Plan) -> Iterator[PlanWarning]:
    """Compare how many are selected with what the scarcest of bays, crews and equipment suffices for."""
    chances = selection_chances(plan)
    needs = needs_of(plan, chances)
    rule = plan.selection.rule
    if not needs or rule.amount is Amount.AREA or rule.forecast_is_upper_bound:
        return
    scarcest = needs[0]
    selecting_h = sum(to_s - from_s for from_s, to_s in area_spans(plan)) / HOUR_S
    selected = float(selected_by_all(plan, *plan.window_s, chances).sum()) / selecting_h
    said = (
        f"about {number_text(selected, 2)} vehicles an hour are selected, and the area can do about "
        f"{number_text(scarcest.per_h, 2)} (bottleneck: {scarcest.name})"
    )
    if plan.hold and selected > scarcest.per_h:
        yield unusual(
            f'area.when_full = "hold": {said}, so the lane stands still again and again; select fewer '
            f'({_key(plan)}), let the others pass ("wave_through") or provide more.'
        )
    lost = 1.0 - inspected_of(plan, scarcest) / (selected * selecting_h)
    if not plan.hold and lost > FAR_TOO_MANY:
        yield unusual(
            f"{_key(plan)}: {said}, so about {share_text(lost)} of them pass without inspection; select fewer "
            "and better, or provide more."
        )


def _key(plan: Plan) -> str:
    """Return the key that changes how many are selected."""
    rule = plan.selection.rule
    return "selection.index" if rule.priced else rule.amount.value
