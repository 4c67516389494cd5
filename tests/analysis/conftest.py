"""A small busy checkpoint that every measure has something to say about, and one with every feature of the model."""

import copy

import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
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
        "changeover_s": 0.0,
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
        "pause_between_checks_s": 0.0,
        "roster": [
            {"agency": "police", "count": 5, "from": "05:30", "to": "07:30"},
            {"agency": "customs", "count": 2, "from": "05:30", "to": "06:50"},
        ],
    },
}


RICH = BUSY | {
    "title": "two directions, twice a day, drivers who turn off",
    "direction": "eastbound",
    "operation": BUSY["operation"] | {"also": [{"opens": "07:30", "closes": "08:30"}]},
    "approach": {
        "critical_m": 400,
        "warning_m": 150,
        "exit": {"at_m": 500, "leave_when_tail_m": 100, "share": 0.2},
    },
    "traffic": {"day_cv": 0.0, "counts": {"from": "05:00", "vehicles": {"total": [600, 1300, 800, 1300, 500, 500]}}},
    "funnels": [
        {
            "direction": "westbound",
            "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [400, 1000, 900, 1200, 400, 400]}}},
            "approach": {"critical_m": 150, "merge_s": 30},
        }
    ],
    "selection": BUSY["selection"] | {"valve": {"suspend_at_m": 150, "resume_at_m": 50}},
    "targets": [target | {"evade": {"visible": 0.2, "queue": 0.5, "alerted": 0.2}} for target in BUSY["targets"]],
    "area": BUSY["area"]
    | {
        "bays": 6,
        "spots": 2,
        "after_detection": {
            "duration": {"mean_s": 600},
            "crew": {"police": 1},
            "place": "spot",
            "transport": {"duration": {"mean_s": 900}, "equipment": {"van": 1}},
        },
    },
    "staffing": BUSY["staffing"]
    | {
        "roster": [
            {"agency": "police", "count": 12, "from": "05:30", "to": "09:00"},
            {"agency": "customs", "count": 2, "from": "05:30", "to": "08:30"},
        ],
        "chase": {"cars": 2, "crew": {"police": 2}, "pursues": 0.6, "brings": 0.7, "duration": {"mean_s": 300}},
    },
    "equipment": {"van": 1},
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


@pytest.fixture
def rich():
    """Return a fresh copy of the scenario with every feature as a dict."""
    return copy.deepcopy(RICH)


@pytest.fixture(scope="session")
def rich_plan():
    return plan_of(Scenario.model_validate(RICH))


@pytest.fixture(scope="session")
def rich_logs(rich_plan):
    """Return the logs of 10 replications."""
    return [simulate(draw_traffic(rich_plan.road, 3, replication), rich_plan) for replication in range(10)]
