"""The charts of the desk as options of ECharts."""

import numpy as np
import pytest

from funnelsim.analysis.catalogue import measure_named
from funnelsim.experiments.run import run
from funnelsim.plots.waterfall import LOSSES
from funnelsim.scenario.load import load_scenario
from funnelsim.web.desk import charts
from funnelsim.web.desk.charts import MOST_TICKS, STEPS, crew_options
from tests.web.serving import SCENARIOS
from tests.web.speaking import speak


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Without a visitor there is no language to choose."""
    monkeypatch.setattr(charts, "text", lambda message: message)


@pytest.mark.parametrize("name", ["sobriety_checkpoint", "motorway_early_shift", "federal_road_three_days"])
def test_the_hours_below_the_crews_do_not_lie_upon_each_other(name, monkeypatch):
    speak(monkeypatch)
    hours = crew_options(run(load_scenario(SCENARIOS / f"{name}.toml"), 2))["xAxis"]
    assert (hours["max"] - hours["min"]) / hours["interval"] <= MOST_TICKS
    assert hours["interval"] % 60 == 0


def test_officers_in_use_are_compared_with_those_who_are_free_of_posts_and_breaks():
    made = run(load_scenario(SCENARIOS / "motorway_early_shift.toml"), 2)
    series = {}
    for one in crew_options(made)["series"]:
        series.setdefault(one["name"], []).append([number for _, number in one["data"]])
    duty = made.plan.duty
    for column, agency in enumerate(duty.agencies):
        name = agency.replace("_", " ")
        assert set(series[name][1]) <= set(duty.free[:, column].tolist())
    assert np.any(duty.free < duty.on_duty)


def test_every_step_at_which_targets_are_lost_is_translated():
    assert {*(measure_named(loss).label for loss in LOSSES), "found"} == set(STEPS)
