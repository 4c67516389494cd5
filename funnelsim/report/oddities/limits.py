"""What is odd about the limits: those that cannot be kept, and those that come too late."""

from collections.abc import Iterator

import numpy as np

from funnelsim.model.plan import Plan
from funnelsim.report.directions import funnels_of, odd_in_each
from funnelsim.report.fluid import MEND_QUEUE, fluid_of
from funnelsim.report.words import minutes_text
from funnelsim.scenario.schema import Scenario
from funnelsim.units import MINUTE_S

NEARLY_ALL = 0.95


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    yield from _delay(scenario, plan)
    yield from odd_in_each(scenario, plan, _tail)


def _delay(scenario: Scenario, plan: Plan) -> Iterator[str]:
    limit_min = scenario.limits.p95_delay_min
    if limit_min is None:
        return
    always_s = min(_always_s(funnel) for funnel in plan.funnels)
    if limit_min * MINUTE_S < always_s:
        yield (
            f"limits.p95_delay_min = {limit_min:g} cannot be kept: merging and the slow lane cost everybody "
            f"{minutes_text(always_s)}, queue or not; raise the limit, or make the lane shorter or faster."
        )
        return
    p95_s = _exceeded_by_few([own for _, own in funnels_of(scenario, plan)])
    if p95_s > limit_min * MINUTE_S:
        yield (
            f"limits.p95_delay_min = {limit_min:g} is broken on a mean day already, as 5 % of the vehicles "
            f"lose more than {minutes_text(p95_s)}; {MEND_QUEUE}."
        )


def _always_s(funnel: Plan) -> float:
    """Return what everybody loses, queue or not."""
    return funnel.funnel.merge_s + funnel.funnel.slow_lane_s


def _exceeded_by_few(funnels: list[Plan]) -> float:
    """Return the delay that 95 % of those who come in the operation, on any of the roads, stay below."""
    delays_s, arriving = [], []
    for funnel in funnels:
        fluid = fluid_of(funnel)
        delays_s.append(fluid.wait_s[fluid.stands] + _always_s(funnel))
        arriving.append(fluid.arriving[fluid.stands])
    delay_s = np.concatenate(delays_s)
    order = np.argsort(delay_s, kind="stable")
    come = np.cumsum(np.concatenate(arriving)[order])
    if len(come) == 0 or come[-1] <= 0.0:
        return 0.0
    return float(delay_s[order][np.searchsorted(come, NEARLY_ALL * come[-1])])


def _tail(scenario: Scenario, plan: Plan) -> Iterator[str]:
    limit_m, critical_m, valve = scenario.limits.tail_m, scenario.approach.critical_m, scenario.selection.valve
    if limit_m is None:
        return
    if critical_m is not None and limit_m > critical_m:
        yield (
            f"limits.tail_m = {limit_m:g} lies beyond approach.critical_m = {critical_m:g}, so a queue may keep "
            "the limit and still be spillback; lower the limit."
        )
    acts_at = [at for at in (valve.suspend_at_m, valve.lift_at_m) if at is not None]
    if acts_at and min(acts_at) >= limit_m:
        yield (
            f"selection.valve acts only from {min(acts_at):g} m of queue on, when limits.tail_m = {limit_m:g} is "
            "broken already; let it act earlier."
        )
    longest_m = fluid_of(plan).longest_m
    if longest_m > limit_m:
        yield (
            f"limits.tail_m = {limit_m:g} is broken on a mean day already, with a queue of about "
            f"{round(longest_m, -1):,.0f} m; {MEND_QUEUE}."
        )
