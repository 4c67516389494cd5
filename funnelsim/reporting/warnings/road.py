"""Warnings about the windows, the road, the traffic on it, and the limits."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.fluid import capacity_of, fluid_of
from funnelsim.analysis.forecast import (
    chances_between,
    hours_of,
    selecting_spans,
    selection_chances,
    vehicles_between,
)
from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan
from funnelsim.reporting.days import when_text
from funnelsim.reporting.directions import funnels_of, warnings_in_each
from funnelsim.reporting.plan_warning import PlanWarning, grave, unusual
from funnelsim.reporting.queue_words import FEW, longest_queue_text
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.site import Limits
from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S
from funnelsim.wording import counted, minutes_text, number_text, share_text

LONG_WINDOW_H = 12.0
NEARLY_ALL = 0.95
SLIVER = 0.1  # of the time in which the funnel stands


def mend_queue(plan: Plan) -> str:
    """Return what to do about a queue; a valve that lifts the funnel is no advice where there is one."""
    if all(np.isfinite(one.funnel.lift_at_m) for one in plan.funnels):
        return "choose other hours or a faster lane (lane.speed_kmh)"
    return "choose other hours, a faster lane (lane.speed_kmh) or a valve that lifts the funnel (lift_at_m)"


def road_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield the warnings in the order of the file."""
    yield from _windows(scenario)
    yield from warnings_in_each(scenario, plan, _on_a_road)


def _on_a_road(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield warnings about one funnel and its road."""
    yield from _approach(scenario)
    if sum(vehicles_between(plan, *window_s).sum() for window_s in plan.windows_s) < 1.0:
        yield grave(
            "traffic.counts: not one vehicle is expected in the operation, so there is nothing to simulate; check the "
            "hours of the counts and traffic.scale."
        )
        return
    yield from _new_classes(plan)
    chances = selection_chances(plan)
    yield from _look(plan, chances)
    yield from _demand(scenario, plan, chances)
    yield from _marks(scenario, plan)


def _windows(scenario: Scenario) -> Iterator[PlanWarning]:
    operation = scenario.operation
    windows = [("operation", operation.opens, operation.closes)]
    windows += [(f"operation.also.{n}", times.opens, times.closes) for n, times in enumerate(operation.also)]
    for where, opens, closes in windows:
        opens_s, closes_s = seconds_after_midnight(opens), seconds_after_midnight(closes)
        stands_h = (closes_s - opens_s + DAY_S) / HOUR_S
        if 0.0 < closes_s <= opens_s and stands_h > LONG_WINDOW_H:
            yield unusual(
                f'{where}.closes = "{closes}" is not after opens = "{opens}", so it means the next '
                f"day and the funnel stands {number_text(stands_h)} hours; if the same day is meant, change "
                "one of the two."
            )
    stands_s = sum(one.closes_s - one.opens_s for one in operation.windows)
    selecting_s = sum(one.last_selection_s - one.opens_s for one in operation.windows)
    if selecting_s < SLIVER * stands_s:
        yield grave(
            f"operation.stop_selecting_min = {operation.stop_selecting_min:g}: vehicles are selected for "
            f"{minutes_text(selecting_s)} only, {share_text(selecting_s / stands_s)} of the time in which the funnel "
            "stands; stop later, or close earlier."
        )


def _new_classes(plan: Plan) -> Iterator[PlanWarning]:
    """Name the classes that are not built in, and that no count brings."""
    come = sum((vehicles_between(plan, *window_s) for window_s in plan.windows_s), np.zeros(len(plan.classes)))
    for name, expected in zip(plan.classes, come.tolist(), strict=True):
        if name not in DEFAULT_CLASSES and expected <= 0.0:
            yield grave(
                f"classes.{name}: the counts bring none, so the class changes nothing; give it a share "
                f"(classes.{name}.share), count it, or leave it out."
            )


def _approach(scenario: Scenario) -> Iterator[PlanWarning]:
    approach, valve = scenario.approach, scenario.selection.valve
    if scenario.lane.speed_kmh > approach.speed_kmh:
        yield grave(
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
            yield unusual(
                f"approach.{name} = {at_m:g} lies beyond the approach, length_m = {approach.length_m:g}, that "
                "you look at; lengthen the approach or check the distance."
            )
    critical_m = approach.critical_m
    acts_at = [at for at in (valve.suspend_at_m, valve.lift_at_m) if at is not None]
    if critical_m is not None and acts_at and min(acts_at) >= critical_m:
        yield unusual(
            f"selection.valve acts only from {min(acts_at):g} m of queue on, when approach.critical_m = {critical_m:g} "
            "is reached already; let it act earlier."
        )


def _look(plan: Plan, chances: FloatArray) -> Iterator[PlanWarning]:
    mix, mean = plan.road.demand.mix(plan.windows_s), chances_between(plan, *plan.window_s, chances)
    capacity = capacity_of(plan, mix, mean)
    if capacity.look < capacity.diverting and not plan.selection.look_stops:  # who halts knows that it takes time
        yield unusual(
            f"selection.look: {counted(plan.selection.look_officers, 'officer')} can look at {capacity.look:,.0f} "
            f"vehicles an hour, but the lane carries {capacity.diverting:,.0f}, so the look holds up the traffic; "
            "add officers (look.officers) or shorten it (look.mean_s)."
        )


def _demand(scenario: Scenario, plan: Plan, chances: FloatArray) -> Iterator[PlanWarning]:
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
        yield unusual(
            f"traffic.counts: demand exceeds what gets through {which}, by up to {most:,.0f} vehicles an hour; "
            f"on an average day, expect {longest_queue_text(fluid, operation)}; {mend_queue(plan)}."
        )
    if fluid.left_waiting > FEW:
        yield grave(
            f"operation.run_out_min = {operation.run_out_min:g}: about {fluid.left_waiting:,.0f} vehicles still wait "
            "then, so the delay of those who come later is left out; lengthen it."
        )


def _excess(plan: Plan, span: tuple[float, float], chances: FloatArray) -> float:
    """Return by how many vehicles an hour the demand exceeds what can pass."""
    capacity = capacity_of(plan, plan.road.demand.mix([span]), chances_between(plan, *span, chances))
    can_pass = capacity.selecting if selecting_spans(plan, *span) else capacity.lane
    return float(vehicles_between(plan, *span).sum()) * HOUR_S / (span[1] - span[0]) - can_pass


def _marks(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Compare the queue of a mean day with where it is dangerous, where drivers are warned and where they may leave."""
    approach, longest_m = scenario.approach, fluid_of(plan).longest_m
    queue = f"on an average day the queue grows to about {round(longest_m, -1):,.0f} m"
    if approach.critical_m is not None and longest_m > approach.critical_m:
        yield unusual(
            f"approach.critical_m = {approach.critical_m:g}: {queue}, so it spills back beyond this point; "
            f"{mend_queue(plan)}."
        )
    if approach.warning_m is not None and longest_m > approach.warning_m:
        yield unusual(
            f"approach.warning_m = {approach.warning_m:g}: {queue}, so drivers meet its end before the sign warns "
            f"them; move the sign upstream, or {mend_queue(plan)}."
        )
    if approach.exit is not None and longest_m >= approach.exit.leave_when_tail_m:
        yield unusual(
            f"approach.exit.leave_when_tail_m = {approach.exit.leave_when_tail_m:g}: {queue}, so drivers leave at the "
            "exit, which this forecast leaves out; a run shows how many leave, how long the queue is and what is "
            "missed (left_at_exit, loss_exit)."
        )


def limit_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield warnings about limits that cannot be kept, and those that come too late."""
    limits = scenario.limits
    asked = limits.in_share_of_operations != Limits().in_share_of_operations
    if asked and limits.p95_delay_min is None and limits.tail_m is None:
        yield grave(
            "limits.in_share_of_operations changes nothing, as there is no limit to keep; set one "
            "(limits.p95_delay_min, limits.tail_m), or leave the key out."
        )
    yield from _delay(scenario, plan)
    yield from warnings_in_each(scenario, plan, _tail)


def _delay(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    limit_min = scenario.limits.p95_delay_min
    if limit_min is None:
        return
    always_s = min(_always_s(funnel) for funnel in plan.funnels)
    if limit_min * MINUTE_S < always_s:
        yield grave(
            f"limits.p95_delay_min = {limit_min:g} cannot be kept: merging and the slow lane cost everybody "
            f"{minutes_text(always_s)}, queue or not; raise the limit, or make the lane shorter or faster."
        )
        return
    p95_s = _exceeded_by_few([own for _, own in funnels_of(scenario, plan)])
    if p95_s > limit_min * MINUTE_S:
        yield unusual(
            f"limits.p95_delay_min = {limit_min:g} is broken even on an average day, as 5 % of the vehicles "
            f"lose more than {minutes_text(p95_s)}; {mend_queue(plan)}."
        )


def _always_s(funnel: Plan) -> float:
    """Return what everybody loses, queue or not."""
    return funnel.funnel.merge_s + funnel.funnel.slow_lane_s


def _exceeded_by_few(funnels: list[Plan]) -> float:
    """Return the delay that 95 % of those who come in the operation or meet its queue, on any road, stay below."""
    delays_s, arriving = [], []
    for funnel in funnels:
        fluid = fluid_of(funnel)
        delays_s.append(fluid.delay_s[fluid.delayed])
        arriving.append(fluid.arriving[fluid.delayed])
    delay_s = np.concatenate(delays_s)
    order = np.argsort(delay_s, kind="stable")
    come = np.cumsum(np.concatenate(arriving)[order])
    if len(come) == 0 or come[-1] <= 0.0:
        return 0.0
    return float(delay_s[order][np.searchsorted(come, NEARLY_ALL * come[-1])])


def _tail(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    limit_m, critical_m, valve = scenario.limits.tail_m, scenario.approach.critical_m, scenario.selection.valve
    if limit_m is None:
        return
    if critical_m is not None and limit_m > critical_m:
        yield unusual(
            f"limits.tail_m = {limit_m:g} lies beyond approach.critical_m = {critical_m:g}, so a queue may keep "
            "the limit and still be spillback; lower the limit."
        )
    acts_at = [at for at in (valve.suspend_at_m, valve.lift_at_m) if at is not None]
    if acts_at and min(acts_at) >= limit_m:
        yield unusual(
            f"selection.valve acts only from {min(acts_at):g} m of queue on, when limits.tail_m = {limit_m:g} is "
            "broken already; let it act earlier."
        )
    longest_m = fluid_of(plan).longest_m
    if longest_m > limit_m:
        yield unusual(
            f"limits.tail_m = {limit_m:g} is broken even on an average day, with a queue of about "
            f"{round(longest_m, -1):,.0f} m; {mend_queue(plan)}."
        )
