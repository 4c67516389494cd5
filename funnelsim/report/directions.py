"""The directions: the funnels of a scenario, each with its own plan, and the warnings about each."""

from collections.abc import Callable, Iterable, Iterator

from funnelsim.model.plan import Plan
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import joined


def funnels_of(scenario: Scenario, plan: Plan) -> list[tuple[Scenario, Plan]]:
    """Return each funnel as a scenario of its own with its plan; the scenario itself where there is one."""
    return list(zip(scenario.per_funnel, plan.funnels, strict=True)) if plan.other_funnels else [(scenario, plan)]


def headed(heading: str, funnel: Plan, plan: Plan) -> str:
    """Return a heading, with the direction where a plan has several."""
    return f"{heading}, {funnel.direction}" if plan.other_funnels else heading


def warnings_in_each(
    scenario: Scenario, plan: Plan, warnings: Callable[[Scenario, Plan], Iterable[str]]
) -> Iterator[str]:
    """Yield the warnings about each funnel, with its direction in front unless it holds for all of them."""
    funnels = funnels_of(scenario, plan)
    directions: dict[str, list[str]] = {}
    for side, own in funnels:
        for warning in warnings(side, own):
            directions.setdefault(warning, []).append(side.direction)
    for warning, where in directions.items():
        yield warning if len(where) == len(funnels) else f"{joined(where)}: {warning}"
