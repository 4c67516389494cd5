"""The charts of the desk as options of ECharts."""

import pytest

from funnelsim.experiments.run import run
from funnelsim.scenario.load import load_scenario
from funnelsim.web.desk.charts import MOST_TICKS, crew_options
from tests.web.serving import SCENARIOS
from tests.web.speaking import speak


@pytest.mark.parametrize("name", ["sobriety_checkpoint", "motorway_early_shift", "federal_road_three_days"])
def test_the_hours_below_the_crews_do_not_lie_upon_each_other(name, monkeypatch):
    speak(monkeypatch)
    hours = crew_options(run(load_scenario(SCENARIOS / f"{name}.toml"), 2))["xAxis"]
    assert (hours["max"] - hours["min"]) / hours["interval"] <= MOST_TICKS
    assert hours["interval"] % 60 == 0
