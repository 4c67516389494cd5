"""A bad day: what goes wrong with a plan, as other values of keys of its scenario."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from funnelsim.scenario.demand import Demand
from funnelsim.scenario.schema import Scenario

Changes = Callable[[Scenario, Demand], Mapping[str, Any]]
"""From a plan and its demand to the values by dotted key that differ on a bad day."""


@dataclass(frozen=True)
class BadDay:
    """Something that goes wrong.

    Attributes
    ----------
    name
        What it is, in a few words.
    how
        How it is modelled, in a sentence.
    changes
        What changes. It is asked of each plan, because a bad day also befalls a plan that has one officer more: one
        officer of those it then has is missing.
    """

    name: str
    how: str
    changes: Changes
