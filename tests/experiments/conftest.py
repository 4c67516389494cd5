"""A one-hour operation that runs in milliseconds."""

import pytest

from funnelsim.experiments.run import REPLICATIONS_PER_TASK, run
from funnelsim.scenario.schema import Scenario

QUICK = {
    "title": "quick",
    "operation": {"opens": "06:00", "closes": "07:00", "stop_selecting_min": 5, "run_out_min": 30},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [300, 900, 300]}}, "scale": 1.1, "day_cv": 0.0},
    "targets": [{"name": "contraband", "per_10k": {"van": 100}}],
    "selection": {"rate": {"default": 0.1}},
    "area": {
        "changeover_s": 0.0,
        "stages": [
            {"name": "search", "duration": {"mean_s": 200}, "crew": {"police": 2}, "finds": {"contraband": 0.8}}
        ],
    },
    "staffing": {
        "pause_between_checks_s": 0.0,
        "roster": [{"agency": "police", "count": 4, "from": "05:30", "to": "07:30"}],
    },
    "limits": {"p95_delay_min": 1.5, "tail_m": 100},
}


@pytest.fixture(scope="session")
def scenario():
    return Scenario.model_validate(QUICK)


@pytest.fixture(scope="session")
def quick_run(scenario):
    return run(scenario, replications=10, seed=4)


@pytest.fixture(params=["compiled", "simpy"])
def engine(request, monkeypatch):
    """Return each engine in turn, with few replications a task: there is work to share, and much to interrupt."""
    monkeypatch.setitem(REPLICATIONS_PER_TASK, request.param, 4)
    return request.param
