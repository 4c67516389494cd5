"""Whether there is anything to find: without targets, a question about finds has no answer."""

from typing import Final

from funnelsim.scenario.schema import Scenario

NOTHING_TO_FIND: Final = "nothing can be found; allowed: a target that some class carries ([[targets]])"


def anything_to_find(scenario: Scenario) -> bool:
    """Tell whether some class carries targets."""
    return any(often > 0.0 for target in scenario.targets for often in target.per_10k.values())
