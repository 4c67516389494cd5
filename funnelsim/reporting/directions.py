"""The directions: the funnels of a scenario, each with its own plan, and the warnings about each."""

from collections.abc import Callable, Iterable

from funnelsim.model.plan import Plan
from funnelsim.reporting.plan_warning import PlanWarning, told_once
from funnelsim.scenario.schema import Scenario


def funnels_of(scenario: Scenario, plan: Plan) -> list[tuple[Scenario, Plan]]:
    """Return each funnel as a scenario of its own with its plan; the scenario itself where there is one."""
    return list(zip(scenario.per_funnel, plan.funnels, strict=True)) if plan.other_funnels else [(scenario, plan)]


def headed(heading: str, funnel: Plan, plan: Plan) -> str:
    """Return a heading, with the direction where a plan has several."""
    return f"{heading}, {funnel.direction}" if plan.other_funnels else heading


def warnings_in_each(
    scenario: Scenario, plan: Plan, warnings: Callable[[Scenario, Plan], Iterable[PlanWarning]]
) -> list[PlanWarning]:
    """Return the warnings about each funnel, with its direction in front unless it holds for all of them."""
    return told_once({side.direction: warnings(side, own) for side, own in funnels_of(scenario, plan)})
