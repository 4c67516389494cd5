"""Levers in the order of what they cost on an ordinary day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from funnelsim.decision.levers.choices import Lever
from funnelsim.decision.levers.levers import FOUND
from funnelsim.experiments.differences import Difference
from funnelsim.scenario.schema import Scenario

STAFF_COST: Final = "staff_cost"
_UNPRICED: Final = ("area.bays", "area.waiting", "equipment.", "targets.")
_LOOK: Final = "selection.look.mean_s"
_SPEED: Final = "lane.speed_kmh"


@dataclass(frozen=True)
class PricedLever:
    """A lever with what it costs on an ordinary day.

    Attributes
    ----------
    lever
        The change of one choice.
    differences
        By measure how the plan with it differs from the plan without it on an ordinary day.
    price_unknown
        Whether it needs something whose price the scenario does not have: a bay, a waiting space, equipment, a better
        look, or a look that tells as much in less time or at faster vehicles.
    """

    lever: Lever
    differences: Mapping[str, Difference]
    price_unknown: bool

    @property
    def staff_cost(self) -> float:
        """By how much it raises the cost of staff; 0 where it is not seen to do so, or lowers it."""
        return max(0.0, _seen(self.differences[STAFF_COST]))

    @property
    def targets_lost(self) -> float:
        """How many targets fewer are found an operation, below 0 where more are; 0 where no difference is seen."""
        return -_seen(self.differences[FOUND])


def cheapest_first(
    scenario: Scenario, levers: Iterable[Lever], differences: Mapping[str, Mapping[str, Difference]]
) -> tuple[PricedLever, ...]:
    """Return levers in the order of their costs.

    First those that cost no staff, then those that cost none but something else whose price the scenario does not have,
    then those that cost staff, the cheapest first. Of those that cost the same, the one that finds most comes first.

    Parameters
    ----------
    scenario
        The plan.
    levers
        Its levers.
    differences
        By name of a lever and of a measure, how the plan with it differs from the plan.
    """
    priced = [PricedLever(one, differences[one.name], _price_unknown(scenario, one)) for one in levers]
    return tuple(sorted(priced, key=lambda one: (one.staff_cost, one.price_unknown, one.targets_lost)))


def _seen(found: Difference) -> float:
    return found.estimate.mean if found.seen else 0.0


def _price_unknown(scenario: Scenario, lever: Lever) -> bool:
    look = scenario.selection.look
    for key, value in lever.changes.items():
        if key.startswith(_UNPRICED) and not lever.to.endswith("less"):
            return True
        if (key == _LOOK and value < look.mean_s and look.reference_s is None) or (
            key == _SPEED and value > scenario.lane.speed_kmh
        ):
            return True
    return False
