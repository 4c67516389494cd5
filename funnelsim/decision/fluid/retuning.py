"""Re-tuning: a scenario's selection rates replaced by those of its bound, the fluid plan."""

from typing import Any

from funnelsim.decision.fluid.bound import NOBODY, Bound
from funnelsim.decision.fluid.bounds import with_selections
from funnelsim.decision.fluid.free_keys import FUNNELS, own_selections
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
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
    for funnel, one in enumerate(scenario.per_funnel):
        rates = {"default": 0.0, **_by_class(bound, funnel)}
        selections.append(one.selection.model_copy(update={"rule": SCORE, "rate": rates, "rate_by_time": ()}))
    return with_selections(scenario, selections)


def retuned_values(scenario: Scenario, bound: Bound) -> dict[str, Any]:
    """Return by dotted key what `retuned` sets, as `funnelsim bound` advises: a rate for each class of each funnel.

    A funnel that selects as the first one does gets a selection of its own, since its rates are others.

    Parameters
    ----------
    scenario, bound
        The scenario and its bound.
    """
    values: dict[str, Any] = {}
    for own in own_selections(scenario):
        first, *alike = own.funnels
        values[own.key("selection", "rule")] = SCORE
        if own.side.selection.rate_by_time:
            values[own.key("selection", "rate_by_time")] = []
        values |= {own.key("selection", "rate", name): rate for name, rate in _by_class(bound, first).items()}
        for funnel in alike:
            selection = own.side.selection.model_dump(mode="json", by_alias=True, exclude_none=True)
            changed = {"rule": SCORE, "rate": {"default": 0.0, **_by_class(bound, funnel)}, "rate_by_time": []}
            values[path_text((FUNNELS, str(funnel - 1), "selection"))] = selection | changed
    return values


def _by_class(bound: Bound, funnel: int) -> dict[str, float]:
    rates = bound.rates[funnel].tolist()
    return {name: min(rate, 1.0) if rate >= NOBODY else 0.0 for name, rate in zip(bound.classes, rates, strict=True)}
