"""Variants of a scenario as plans: a lever moved, a bad day, or both; counts that several share are read once."""

from collections.abc import Mapping
from typing import Any

from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.experiments.points import PointPlanner
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario


class PlanVariants:
    """Makes plans of a scenario with some keys changed.

    Parameters
    ----------
    scenario
        The plan as it is.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._planner = PointPlanner(scenario)

    @property
    def demand(self) -> Demand:
        """The demand of the plan as it is."""
        return self._planner.demand_of(self.scenario)

    def plan(self, changes: Mapping[str, Any], day: BadDay | None = None) -> Plan:
        """Return the plan with some keys changed, and after that on a bad day.

        Raises
        ------
        FunnelsimError
            If a value is not allowed, or the plan cannot do what it says.
        """
        scenario = self._planner.scenario_of(dict(changes))
        if day is not None:
            scenario = _changed(scenario, day.changes(scenario, self._planner.demand_of(scenario)), day.name)
        return plan_of(scenario, self._planner.demand_of(scenario))

    def changes_on(self, changes: Mapping[str, Any], day: BadDay) -> Mapping[str, Any]:
        """Return what a bad day changes in the plan with some keys changed; errors are those of `plan`."""
        scenario = self._planner.scenario_of(dict(changes))
        return day.changes(scenario, self._planner.demand_of(scenario))


def _changed(scenario: Scenario, changes: Mapping[str, Any], where: str) -> Scenario:
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    return scenario_from(data, where=where, overrides=changes)
