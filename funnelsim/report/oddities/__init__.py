"""The oddities of a scenario: what is legal but odd, and would surprise a planner when the run is over."""

from funnelsim.model.plan import Plan
from funnelsim.report.oddities import area, limits, road, staff, targets
from funnelsim.scenario.schema import Scenario


def warnings_of(scenario: Scenario, plan: Plan) -> list[str]:
    """Return what is legal but odd: each time where, what, why it matters and what to do, in one sentence.

    Parameters
    ----------
    scenario
        What the planner wrote.
    plan
        The plan made from it (`funnelsim.model.plan.plan_of`).

    Returns
    -------
    list of str
        In the order of the scenario file; empty for a scenario with nothing odd.
    """
    kinds = (road, targets, area, staff, limits)
    return [warning for kind in kinds for warning in kind.oddities(scenario, plan)]
