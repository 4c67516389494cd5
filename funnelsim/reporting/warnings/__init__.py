"""Warnings about a scenario: what is allowed but suspicious, and would surprise a planner when the run is over."""

from funnelsim.model.plan import Plan
from funnelsim.reporting.cost_words import euros_sentence
from funnelsim.reporting.plan_warning import PlanWarning, grave, graves_first
from funnelsim.reporting.warnings import inspection, road, staff, targets
from funnelsim.scenario.schema import Scenario


def warnings_of(scenario: Scenario, plan: Plan) -> list[PlanWarning]:
    """Return the warnings: each says in one sentence where, what, why it matters and what to do.

    Parameters
    ----------
    scenario
        What the planner wrote.
    plan
        The plan made from it (`funnelsim.model.plan.plan_of`).

    Returns
    -------
    list of PlanWarning
        The grave ones first, and among them what stops the whole operation before what stops a part of it.
    """
    topics = (
        road.road_warnings,
        staff.post_warnings,
        targets.target_warnings,
        inspection.inspection_warnings,
        staff.staff_warnings,
        road.limit_warnings,
    )
    found = [warning for warn in topics for warning in warn(scenario, plan)]
    if (euros := euros_sentence(scenario)) is not None:
        found.append(grave(euros))
    return graves_first(found)
