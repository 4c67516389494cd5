"""A small busy checkpoint that every measure has something to say about."""

import copy

import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario

BUSY = {
    "title": "small and busy",
    "operation": {"opens": "06:00", "closes": "07:00", "stop_selecting_min": 5, "run_out_min": 60},
    "approach": {"critical_m": 400},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [600, 1300, 500, 500]}}},
    "targets": [
        {"name": "concealed persons", "per_10k": {"van": 2000, "lorry": 1000}, "persons": 9, "cue_auc": 0.7},
        {"name": "contraband", "per_10k": {"car": 1500, "van": 1500}, "cue_auc": 0.6},
    ],
    "selection": {
        "rate": {"default": 0.05, "van": 0.3, "lorry": 0.2},
        "valve": {"suspend_at_m": 300, "resume_at_m": 100},
        "post": {"police": 1},
    },
    "area": {
        "bays": 4,
        "waiting": 3,
        "stages": [
            {
                "name": "documents",
                "duration": {"mean_s": 60, "cv": 0.5},
                "crew": {"police": 1},
                "finds": {"contraband": 0.1},
                "alarms": {"concealed persons": 0.7, "contraband": 0.4, "ordinary": 0.1},
            },
            {
                "name": "search",
                "only_after_alarm": True,
                "duration": {"mean_s": 300},
                "crew": {"police": 1, "customs": 1},
                "finds": {"concealed persons": 0.9, "contraband": 0.8},
            },
        ],
        "after_detection": {"duration": {"mean_s": 400}, "crew": {"police": 1}},
    },
    "staffing": {
        "roster": [
            {"agency": "police", "count": 5, "from": "05:30", "to": "07:30"},
            {"agency": "customs", "count": 2, "from": "05:30", "to": "06:50"},
        ]
    },
}


@pytest.fixture
def busy():
    """Return a fresh copy of the busy scenario as a dict."""
    return copy.deepcopy(BUSY)


@pytest.fixture(scope="session")
def plan():
    return plan_of(Scenario.model_validate(BUSY))


@pytest.fixture(scope="session")
def logs(plan):
    """Return the logs of 40 replications."""
    return [simulate(draw_traffic(plan.road, 3, replication), plan) for replication in range(40)]
