"""The recipe for a measure: its steps, followed in a copy of the package, give a measure that the catalogue knows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import funnelsim

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding_a_measure.md"
PROBE = """
from funnelsim.analysis.catalogue import CATALOGUE, measure_named
from funnelsim.analysis.delays import counts_for_delay, delay_s, delays
from funnelsim.analysis.measures import measure_names
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

changes = ["operation.closes=08:00", "lane.capacity_vph=600", "selection.valve={}"]
plan = plan_of(load_scenario("SCENARIO", changes))
log = simulate(draw_traffic(plan.road, 1, 0), plan)
others = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
late = int((delay_s(log)[others] > 900.0).sum())
assert late > 0
assert delays(log, plan)["late_vehicles"] == late
assert measure_named("late_vehicles").label == "vehicles delayed by more than 15 min"
columns = list(dict.fromkeys(name.partition(".")[0] for name in measure_names(plan)))
names = [measure.name for measure in CATALOGUE if measure.name in columns]
assert columns == names, "not in the order of the columns"
print("equal")
"""


def lines_of_the_page():
    """Return the page's new lines of the kernel, without indent, and its table for the catalogue."""
    text = PAGE.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    return {line.strip() for line in code.splitlines()}, re.search(r"```toml\n(\[late_.*?)```", text, re.DOTALL)[1]


def test_a_measure_that_is_added_as_the_page_says_has_its_value_and_its_words(tmp_path):
    lines, table = lines_of_the_page()
    package = tmp_path / "funnelsim"
    shutil.copytree(Path(funnelsim.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    kernel = package / "analysis" / "delays.py"
    text = kernel.read_text(encoding="utf-8")
    names = 'return (*each, *sums, *(f"delay_cost.{name}" for name in plan.classes)'
    for before, after in (
        ("DELAY_BIN_S = 5.0\n", "LATE_S = 900.0\nDELAY_BIN_S = 5.0\n"),
        (f"{names})\n", f'{names}, "late_vehicles")\n'),
        ("    count = 0\n", "    count = 0\n    late = 0\n"),
        ("                count += 1\n", "                count += 1\n                late += seconds > LATE_S\n"),
        ("    return at + 8 + classes\n", "    row[at + 8 + classes] = late\n    return at + 9 + classes\n"),
    ):
        added = {line.strip() for line in after.splitlines()} - {line.strip() for line in before.splitlines()}
        assert added <= lines, "the page has other lines"
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    kernel.write_text(text, encoding="utf-8")
    catalogue = package / "analysis" / "measures.toml"
    head, name, rest = catalogue.read_text(encoding="utf-8").partition("[delay_cost]\n")
    own, _, others = rest.partition("\n[")
    catalogue.write_text(f"{head}{name}{own}\n{table}\n[{others}", encoding="utf-8")
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", PROBE.replace("SCENARIO", str(ROOT / "scenarios" / "motorway_early_shift.toml"))],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "equal\n", done.stderr
