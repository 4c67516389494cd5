"""The bounds of several scenarios: those that differ in their selection alone have one, which is solved once."""

from typing import Final

from funnelsim.decision.fluid.bound import Bound, bound
from funnelsim.model.plan import Plan
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Selection

MOST_KEPT: Final = 256
"""Bounds; a search or a visitor can ask about any number of plans."""


class Bounds:
    """Returns the bound of one scenario after the other."""

    def __init__(self) -> None:
        self._solved: dict[str, Bound] = {}

    def of(self, scenario: Scenario, plan: Plan | None = None) -> Bound:
        """Return the bound of a scenario, as `funnelsim.decision.fluid.bound.bound` does; errors are those of that."""
        key = _key(scenario)
        if key not in self._solved:
            while len(self._solved) >= MOST_KEPT:
                del self._solved[next(iter(self._solved))]
            self._solved[key] = bound(scenario, plan)
        return self._solved[key]

    def known(self, scenario: Scenario) -> Bound | None:
        """Return the bound of a scenario if it was solved before."""
        return self._solved.get(_key(scenario))


def _key(scenario: Scenario) -> str:
    bare = [_without_rates(one.selection) for one in scenario.per_funnel]
    return with_selections(scenario, bare).model_dump_json()


def with_selections(scenario: Scenario, selections: list[Selection]) -> Scenario:
    """Return a scenario in which each funnel has a selection of its own."""
    first, *others = selections
    funnels = [
        funnel.model_copy(update={"selection": own}) for funnel, own in zip(scenario.funnels, others, strict=True)
    ]
    return scenario.model_copy(update={"selection": first, "funnels": tuple(funnels)})


def _without_rates(selection: Selection) -> Selection:
    """Return what the bound depends on: the look, the post and the watch list, but no rule, rate or valve."""
    return Selection(look=selection.look, post=selection.post, watchlist=selection.watchlist)
