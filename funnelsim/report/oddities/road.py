"""What is odd about the windows, the road and the traffic on it."""

from collections.abc import Iterator

from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan
from funnelsim.report.days import when_text
from funnelsim.report.directions import odd_in_each
from funnelsim.report.fluid import MEND_QUEUE, Fluid, capacity_of, fluid_of
from funnelsim.report.forecast import hours_of, selecting_spans, selection_chances, vehicles_between
from funnelsim.report.words import counted, number_text
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_S, HOUR_S

LONG_WINDOW_H = 12.0
LEFT_WAITING = 5.0  # fewer vehicles are the last of a queue that is as good as gone


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    yield from _windows(scenario)
    yield from odd_in_each(scenario, plan, _on_a_road)


def _on_a_road(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd about one funnel and its road."""
    yield from _approach(scenario)
    if sum(vehicles_between(plan, *window_s).sum() for window_s in plan.windows_s) < 1.0:
        yield (
            "traffic.counts: not one vehicle is expected in the operation, so there is nothing to simulate; check the "
            "hours of the counts and traffic.scale."
        )
        return
    chances = selection_chances(plan)
    yield from _look(plan, chances)
    yield from _demand(scenario, plan, chances)
    yield from _sign_and_exit(scenario, fluid_of(plan))


def _windows(scenario: Scenario) -> Iterator[str]:
    operation = scenario.operation
    windows = [("operation", operation.opens, operation.closes)]
    windows += [(f"operation.also.{n}", times.opens, times.closes) for n, times in enumerate(operation.also)]
    for where, opens, closes in windows:
        opens_s, closes_s = seconds_after_midnight(opens), seconds_after_midnight(closes)
        stands_h = (closes_s - opens_s + DAY_S) / HOUR_S
        if 0.0 < closes_s <= opens_s and stands_h > LONG_WINDOW_H:
            yield (
                f'{where}.closes = "{closes}" is not after opens = "{opens}", so it means the next '
                f"day and the funnel stands {number_text(stands_h)} hours; if the same day is meant, change "
                "one of the two."
            )


def _approach(scenario: Scenario) -> Iterator[str]:
    approach, valve = scenario.approach, scenario.selection.valve
    if scenario.lane.speed_kmh > approach.speed_kmh:
        yield (
            f"lane.speed_kmh = {scenario.lane.speed_kmh:g} is above approach.speed_kmh = {approach.speed_kmh:g}, so "
            "the funnel does not slow anybody down; check the two speeds."
        )
    points = {
        "critical_m": approach.critical_m,
        "warning_m": approach.warning_m,
        "exit.at_m": approach.exit.at_m if approach.exit else None,
    }
    for name, at_m in points.items():
        if at_m is not None and at_m > approach.length_m:
            yield (
                f"approach.{name} = {at_m:g} lies beyond the approach, length_m = {approach.length_m:g}, that "
                "you look at; lengthen the approach or check the distance."
            )
    critical_m = approach.critical_m
    acts_at = [at for at in (valve.suspend_at_m, valve.lift_at_m) if at is not None]
    if critical_m is not None and acts_at and min(acts_at) >= critical_m:
        yield (
            f"selection.valve acts only from {min(acts_at):g} m of queue on, when approach.critical_m = {critical_m:g} "
            "is reached already; let it act earlier."
        )


def _look(plan: Plan, chances: FloatArray) -> Iterator[str]:
    capacity = capacity_of(plan, plan.road.demand.mix(plan.windows_s), chances)
    if capacity.look < capacity.diverting and not plan.selection.look_stops:  # who halts knows that it takes time
        yield (
            f"selection.look: {counted(plan.selection.look_officers, 'officer')} can look at {capacity.look:,.0f} "
            f"vehicles an hour where the lane passes {capacity.diverting:,.0f}, so the look holds up the traffic; add "
            "officers (look.officers) or shorten it (look.mean_s)."
        )


def _demand(scenario: Scenario, plan: Plan, chances: FloatArray) -> Iterator[str]:
    operation = scenario.operation
    hours = [hour for window_s in plan.windows_s for hour in hours_of(window_s)]
    over = [span for span in hours if _excess(plan, span, chances) > 0.0]
    fluid = fluid_of(plan)
    if over:
        which = (
            f"in every hour of the operation ({when_text(hours, operation)})"
            if len(over) == len(hours)
            else f"in {len(over)} of {len(hours)} hours ({when_text(over, operation)})"
        )
        most = max(_excess(plan, span, chances) for span in over)
        yield (
            f"traffic.counts: the demand is above what can pass {which}, by up to {most:,.0f} vehicles an hour; "
            f"expect {fluid.worst(operation)} on a mean day; {MEND_QUEUE}."
        )
    if fluid.left_waiting > LEFT_WAITING:
        yield (
            f"operation.run_out_min = {operation.run_out_min:g}: about {fluid.left_waiting:,.0f} vehicles still wait "
            "then, so the delay of those who come later is left out; lengthen it."
        )


def _excess(plan: Plan, span: tuple[float, float], chances: FloatArray) -> float:
    """Return by how many vehicles an hour the demand exceeds what can pass."""
    capacity = capacity_of(plan, plan.road.demand.mix([span]), chances)
    can_pass = capacity.selecting if selecting_spans(plan, *span) else capacity.lane
    return float(vehicles_between(plan, *span).sum()) * HOUR_S / (span[1] - span[0]) - can_pass


def _sign_and_exit(scenario: Scenario, fluid: Fluid) -> Iterator[str]:
    """Compare the queue of a mean day with where drivers are warned and may leave."""
    approach, longest_m = scenario.approach, fluid.longest_m
    queue = f"on a mean day the queue grows to about {round(longest_m, -1):,.0f} m"
    if approach.warning_m is not None and longest_m > approach.warning_m:
        yield (
            f"approach.warning_m = {approach.warning_m:g}: {queue}, so drivers meet its end before the sign warns "
            f"them; move the sign upstream, or {MEND_QUEUE}."
        )
    if approach.exit is not None and longest_m >= approach.exit.leave_when_tail_m:
        yield (
            f"approach.exit.leave_when_tail_m = {approach.exit.leave_when_tail_m:g}: {queue}, so drivers leave at the "
            "exit, which this forecast does not reckon with; a run tells how many leave, what the queue becomes and "
            "what is missed (left_at_exit, loss_exit)."
        )
