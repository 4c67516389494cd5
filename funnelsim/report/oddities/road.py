"""What is odd about the window, the road and the traffic on it."""

from collections.abc import Iterator

from funnelsim.model.plan import Plan
from funnelsim.report.fluid import MEND_QUEUE, capacity_of, fluid_of
from funnelsim.report.forecast import (
    FloatArray,
    hours_of,
    selecting_spans,
    selection_chances,
    vehicles_between,
)
from funnelsim.report.words import counted, number_text, spans_text
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import DAY_S

LONG_WINDOW_H = 12.0
HOUR_S = 3600.0
LEFT_WAITING = 5.0  # fewer vehicles are the last of a queue that is as good as gone


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    yield from _window(scenario, plan)
    yield from _approach(scenario)
    if vehicles_between(plan, *plan.window_s).sum() < 1.0:
        yield (
            "traffic.counts: not one vehicle is expected in the operation, so there is nothing to simulate; check the "
            "hours of the counts and traffic.scale."
        )
        return
    chances = selection_chances(plan)
    yield from _look(plan, chances)
    yield from _demand(plan, chances)


def _window(scenario: Scenario, plan: Plan) -> Iterator[str]:
    operation = scenario.operation
    if plan.funnel.closes_s > DAY_S and operation.duration_h > LONG_WINDOW_H:
        yield (
            f'operation.closes = "{operation.closes}" is not after opens = "{operation.opens}", so it means the next '
            f"day and the funnel stands {number_text(operation.duration_h)} hours; if the same day is meant, change "
            "one of the two."
        )


def _approach(scenario: Scenario) -> Iterator[str]:
    approach, valve = scenario.approach, scenario.selection.valve
    if scenario.lane.speed_kmh > approach.speed_kmh:
        yield (
            f"lane.speed_kmh = {scenario.lane.speed_kmh:g} is above approach.speed_kmh = {approach.speed_kmh:g}, so "
            "the funnel does not slow anybody down; check the two speeds."
        )
    critical_m = approach.critical_m
    if critical_m is None:
        return
    if critical_m > approach.length_m:
        yield (
            f"approach.critical_m = {critical_m:g} lies beyond the approach, length_m = {approach.length_m:g}, that "
            "you look at; lengthen the approach or check the distance."
        )
    acts_at = [at for at in (valve.suspend_at_m, valve.lift_at_m) if at is not None]
    if acts_at and min(acts_at) >= critical_m:
        yield (
            f"selection.valve acts only from {min(acts_at):g} m of queue on, when approach.critical_m = {critical_m:g} "
            "is reached already; let it act earlier."
        )


def _look(plan: Plan, chances: FloatArray) -> Iterator[str]:
    capacity = capacity_of(plan, plan.road.demand.mix(*plan.window_s), chances)
    if capacity.look < capacity.diverting:
        yield (
            f"selection.look: {counted(plan.funnel.look_officers, 'officer')} can look at {capacity.look:,.0f} "
            f"vehicles an hour where the lane passes {capacity.diverting:,.0f}, so the look holds up the traffic; add "
            "officers (look.officers) or shorten it (look.mean_s)."
        )


def _demand(plan: Plan, chances: FloatArray) -> Iterator[str]:
    hours = hours_of(plan.window_s)
    over = [span for span in hours if _excess(plan, span, chances) > 0.0]
    fluid = fluid_of(plan)
    if over:
        which = (
            f"in every hour of the operation ({spans_text(hours)})"
            if len(over) == len(hours)
            else f"in {len(over)} of {len(hours)} hours ({spans_text(over)})"
        )
        most = max(_excess(plan, span, chances) for span in over)
        yield (
            f"traffic.counts: the demand is above what can pass {which}, by up to {most:,.0f} vehicles an hour; "
            f"expect {fluid.worst} on a mean day; {MEND_QUEUE}."
        )
    if fluid.waiting[-1] > LEFT_WAITING:
        run_out_min = (plan.road.demand.window_s[1] - plan.funnel.closes_s) / 60.0
        yield (
            f"operation.run_out_min = {run_out_min:g}: about {fluid.waiting[-1]:,.0f} vehicles still wait then, so the "
            "delay of those who come later is left out; lengthen it."
        )


def _excess(plan: Plan, span: tuple[float, float], chances: FloatArray) -> float:
    """Return by how many vehicles an hour the demand exceeds what can pass."""
    capacity = capacity_of(plan, plan.road.demand.mix(*span), chances)
    can_pass = capacity.selecting if selecting_spans(plan, *span) else capacity.lane
    return float(vehicles_between(plan, *span).sum()) * HOUR_S / (span[1] - span[0]) - can_pass
