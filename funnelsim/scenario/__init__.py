"""The scenario file that the planner writes: its schema, its loading and its errors.

`load_scenario` turns a file into one frozen `Scenario`, or raises every problem of the file at once. Nothing
here imports an array or table library: a scenario can be checked before anything heavy is loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from funnelsim.scenario.load import load_scenario, scenario_from
    from funnelsim.scenario.schema import Scenario

__all__ = ["Scenario", "load_scenario", "scenario_from"]

_HOMES = {
    "Scenario": "funnelsim.scenario.schema",
    "load_scenario": "funnelsim.scenario.load",
    "scenario_from": "funnelsim.scenario.load",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the name stands for)
    """Import the schema when it is asked for: the names of count formats are needed without it."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
