"""What the planner writes: the scenario file, its schema, its loading and its errors.

`load_scenario` turns a file into one frozen `Scenario`, or raises every problem of the file at once. Nothing
here imports an array or table library: a scenario can be checked before anything heavy is loaded.
"""

from funnelsim.scenario.load import load_scenario, scenario_from
from funnelsim.scenario.schema import Scenario

__all__ = ["Scenario", "load_scenario", "scenario_from"]
