"""A planner's scenario with nothing odd in it, to vary: two lanes, cars and lorries, three agencies."""

from copy import deepcopy

import pytest

from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from

BREAKS = {"minutes": 30, "after_h": 4}
SHIFT = {"from": "05:30", "to": "14:30", "breaks": BREAKS}
GOOD = {
    "title": "A3 eastbound",
    "operation": {"opens": "06:00", "closes": "14:00"},
    "approach": {"lanes": 2, "speed_kmh": 80, "critical_m": 1800},
    "traffic": {"counts": {"from": "00:00", "vehicles": {"car": [900] * 24, "lorry": [100] * 24}}},
    "targets": [
        {"name": "concealed persons", "per_10k": {"lorry": 5}, "persons": 6, "cue_auc": 0.65},
        {"name": "contraband", "per_10k": {"car": 10, "lorry": 30}, "cue_auc": 0.6},
    ],
    "selection": {
        "rate": {"default": 0.01, "lorry": 0.05},
        "post": {"police": 1},
        "valve": {"suspend_at_m": 1000, "resume_at_m": 500},
    },
    "area": {
        "bays": 6,
        "stages": [
            {"name": "documents", "duration": {"mean_s": 120}, "crew": {"police": 1}},
            {
                "name": "probe",
                "for": ["lorry"],
                "duration": {"mean_s": 150},
                "crew": {"police": 1},
                "equipment": {"co2_probe": 1},
                "alarms": {"concealed persons": 0.8, "ordinary": 0.05},
            },
            {"name": "search", "duration": {"mean_s": 600}, "crew": {"customs": 1}, "finds": {"contraband": 0.6}},
            {
                "name": "unloading",
                "only_after_alarm": True,
                "duration": {"mean_s": 1800},
                "crew": {"police": 2, "customs": 1},
                "finds": {"concealed persons": 0.9},
            },
        ],
        "after_detection": {"crew": {"police": 2}},
    },
    "staffing": {
        "posts": {"traffic control": {"police": 2}},
        "roster": [{"agency": "police", "count": 10, **SHIFT}, {"agency": "customs", "count": 5, **SHIFT}],
    },
    "equipment": {"co2_probe": 1},
    "limits": {"p95_delay_min": 12, "tail_m": 1500},
}


def _changed(changes):
    """Return the good scenario's mapping with keys changed: `{("area", "bays"): 1}`; `None` takes a key away."""
    data = deepcopy(GOOD)
    for steps, value in changes.items():
        table = data
        for step in steps[:-1]:
            table = table[step] if isinstance(step, int) else table.setdefault(step, {})
        if value is None:
            del table[steps[-1]]
        else:
            table[steps[-1]] = value
    return data


@pytest.fixture(scope="session")
def planned():
    """Return what makes a scenario and its plan: `planned({("area", "bays"): 1})`."""

    def make(changes=None):
        scenario = scenario_from(_changed(changes or {}), where="test")
        return scenario, plan_of(scenario)

    return make
