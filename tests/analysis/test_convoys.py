"""The estimator needs vehicles whose status is their own: for convoys it would be wrong, and nobody can write one."""

from dataclasses import replace

import numpy as np
import pytest

from funnelsim.analysis.yields import yields
from funnelsim.engines.compiled_engine import simulate
from funnelsim.errors import ScenarioError
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario

CONVOY = 4


def in_convoys(traffic):
    """Let every four vehicles of one road share the status of their first, so that the prevalence stays what it is."""
    leader = np.arange(len(traffic)) // CONVOY * CONVOY
    return replace(traffic, vehicle_class=np.zeros_like(leader), target=traffic.target[leader])


@pytest.mark.heavy
def test_convoys_that_share_their_status_bias_the_expected_detections(busy):
    """One bay that a find keeps for long: whether the next of a convoy is accepted tells what it is (|z| > 6)."""
    busy["targets"] = [{"name": "concealed persons", "per_10k": {"car": 2000}, "cue_auc": 0.7}]
    busy["classes"] = {"car": {"share": 1.0}}
    busy["selection"] = {"rate": {"default": 0.3}}
    busy["area"] |= {"bays": 2, "waiting": 0, "stages": [{"name": "x", "duration": {"mean_s": 5}}]}
    busy["area"]["stages"][0]["finds"] = {"concealed persons": 1.0}
    plan = plan_of(Scenario.model_validate(busy))
    drawn = [draw_traffic(plan.road, 3, r) for r in range(100)]
    for convoys, traffics in ((False, drawn), (True, [in_convoys(traffic) for traffic in drawn])):
        rows = [yields(simulate(traffic, plan), plan) for traffic in traffics]
        difference = np.array([row["detections"] - row["expected_detections"] for row in rows])
        z = difference.mean() / (difference.std(ddof=1) / np.sqrt(len(rows)))
        assert abs(z) > 6.0 if convoys else abs(z) < 3.5


def test_a_convoy_cannot_be_written(busy):
    busy["targets"][0]["convoy"] = 4
    with pytest.raises(ScenarioError, match="unknown key"):
        scenario_from(busy, where="convoy.toml")
