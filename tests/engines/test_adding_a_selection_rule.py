"""The recipe for a selection rule: its steps, followed in a copy of the package, give a rule that both engines know."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import funnelsim

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding_a_selection_rule.md"
PROBE = """
from dataclasses import fields

import numpy as np

from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.reporting.plain_words import what_it_says
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario import load_scenario

rule = 'selection.rule="every_nth_if_quiet"'
changes = [rule, "selection.every={default=2}", "selection.rate={default=0.1, car=0.0}"]
scenario = load_scenario("SCENARIO", changes)
plan = plan_of(scenario)
traffic = draw_traffic(plan.road, 1, 0)
logs = [engine.simulate(traffic, plan) for engine in (simpy_engine, compiled_engine)]
for entry in fields(Log)[1:]:
    assert np.array_equal(*(getattr(log, entry.name) for log in logs)), entry.name
fate = logs[0].fate
lorries, cars = (traffic.vehicle_class == plan.classes.index(name) for name in ("lorry", "car"))
assert (fate[cars] == Fate.INSPECTED).sum() == 0
inspected, passed = ((fate[lorries] == one).sum() for one in (Fate.INSPECTED, Fate.NOT_SELECTED))
assert 0 < inspected < 0.4 * (inspected + passed)  # fewer than every second, as the area is not always that empty
assert (fate == Fate.AREA_FULL).sum() == 0
said = " ".join(plain_text(what_it_says(scenario, plan)).split())
assert "if less than half the bays are taken when it comes" in said
assert "At most about" in said and "pass without inspection." not in said.split("What the area can do")[1]
print("equal")
"""


@pytest.mark.heavy
def test_a_rule_that_is_added_as_the_page_says_gives_equal_logs_in_both_engines(tmp_path):
    function, record = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    package = tmp_path / "funnelsim"
    shutil.copytree(Path(funnelsim.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    rules = package / "selection_rules.py"
    text = rules.read_text(encoding="utf-8")
    text = text.replace("RULES: Final = (\n", f"{function}\n\n{record}\n\nRULES: Final = (\n")
    text = text.replace(")\nBY_NAME", "    EVERY_NTH_IF_QUIET,\n)\nBY_NAME")
    rules.write_text(text, encoding="utf-8")
    scenario = ROOT / "scenarios" / "motorway_early_shift.toml"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", PROBE.replace("SCENARIO", str(scenario))],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "equal\n", done.stderr
