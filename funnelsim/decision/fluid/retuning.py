"""Re-tuning: a scenario's selection rates replaced by those of its bound, the fluid plan."""

from funnelsim.decision.fluid.bound import NOBODY, Bound
from funnelsim.decision.fluid.bounds import with_selections
from funnelsim.scenario.schema import Scenario
from funnelsim.selection_rules import BY_NAME

SCORE = BY_NAME["score"].name


def retuned(scenario: Scenario, bound: Bound) -> Scenario:
    """Return a scenario that selects by score, with the rates of its bound, each of its funnels with its own.

    All else stays, the valve included. A class that the bound leaves out has rate 0.

    Parameters
    ----------
    scenario, bound
        The scenario and its bound.
    """
    selections = []
    for one, rates in zip(scenario.per_funnel, bound.rates.tolist(), strict=True):
        by_class = {
            name: min(rate, 1.0) if rate >= NOBODY else 0.0 for name, rate in zip(bound.classes, rates, strict=True)
        }
        selections.append(
            one.selection.model_copy(update={"rule": SCORE, "rate": {"default": 0.0, **by_class}, "rate_by_time": ()})
        )
    return with_selections(scenario, selections)
