"""Ten thousand plans are made once: making one again costs as much as simulating it several times."""

from concurrent.futures import ThreadPoolExecutor

from funnelsim.decision.simulations import Simulations
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.scenario import load_scenario


class CountingPlanner(PointPlanner):
    """Counts the plans it makes, all of them alike, as only their number matters."""

    def __init__(self, scenario):
        super().__init__(scenario)
        self.made, self.first = 0, super().plan(0, {})

    def plan(self, number, values):  # noqa: ARG002, D102
        self.made += 1
        return self.first


def test_plans_of_ten_thousand_points_are_made_once(tmp_path):
    planner = CountingPlanner(load_scenario("scenarios/sobriety_checkpoint.toml"))
    with ThreadPoolExecutor(1) as executor:
        simulations = Simulations(planner, ("expected_detections",), 1, executor, 1, ResultCache(tmp_path))
        for _ in range(10_000):
            simulations.add({})
        simulations([0, 9_999], range(1))
    assert planner.made == 10_000
