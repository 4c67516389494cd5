"""The figures of the desk: each has its error bar."""

import re

from funnelsim.decision.fluid.bound import bound
from funnelsim.experiments.run import run
from funnelsim.scenario.load import load_scenario
from funnelsim.web.desk import figures
from tests.web.serving import SCENARIOS
from tests.web.speaking import speak

BARS = ("±", " to ", "too few operations")  # the last where an interval would not be one


def test_every_figure_has_its_error_bar(monkeypatch):
    speak(monkeypatch)
    made = run(load_scenario(SCENARIOS / "motorway_early_shift.toml"), 20, jobs=2)
    table = figures.table_of(made, bound(made.scenario, made.plan), None)
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert len(cells) == len(made.limits()) + len(figures.SHOWN) + 1
    assert [cell for cell in cells if not any(bar in cell for bar in BARS)] == []
