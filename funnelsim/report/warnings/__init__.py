"""Warnings about a scenario: what is allowed but suspicious, and would surprise a planner when the run is over."""

from funnelsim.model.plan import Plan
from funnelsim.report.warnings import inspection, road, staff, targets
from funnelsim.scenario.schema import Scenario


def warnings_of(scenario: Scenario, plan: Plan) -> list[str]:
    """Return the warnings: each says in one sentence where, what, why it matters and what to do.

    Parameters
    ----------
    scenario
        What the planner wrote.
    plan
        The plan made from it (`funnelsim.model.plan.plan_of`).

    Returns
    -------
    list of str
        In the order of the scenario file.
    """
    topics = (road.road_warnings, targets.target_warnings, inspection.inspection_warnings, staff.staff_warnings)
    return [warning for warn in (*topics, road.limit_warnings) for warning in warn(scenario, plan)]
