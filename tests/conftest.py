"""What all tests share: a small checkpoint to vary, and hand-made vehicles.

The small checkpoint has round numbers, so that a log can be computed by hand. Times count from the opening at 01:00.

========================  =======================================================
road                      one lane, 20 m/s, waves at 5 m/s (0.25 s for a metre to and fro)
lane                      100 m at 10 m/s: 5 s lost; merging 3 s: arrival = free passage + 8 s
box                       10 m, reaction 1 s: headway 2 s in the lane, 1.5 s on the road; diversion 4 s
truck                     20 m, reaction 2 s: 1 s more behind it, 1 s more for itself; diversion 6 s
selection                 everybody by lot, nothing for a look, nobody scattered
area                      2 bays, 2 waiting spaces, on the spot; one stage of 300 s that takes nobody
between                   no seconds between two vehicles in a bay, nor between two stages of an officer
========================  =======================================================
"""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import Traffic
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario

SHARED = Path(__file__).parents[2] / "shared" / "data"  # beside the project, where it is developed

# A busy machine is slow, and no test fails for that; nor because the neighbours of a scenario that cannot be staffed,
# which is passed over, cannot be staffed either.
TOLERATED = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much]
BUSY: Any = {"deadline": None, "suppress_health_check": TOLERATED, "derandomize": True}
hypothesis.settings.register_profile("busy", **BUSY)
hypothesis.settings.register_profile("quick", max_examples=10, **BUSY)  # pytest --hypothesis-profile=quick
hypothesis.settings.register_profile("few", max_examples=4, **BUSY)  # for tests.plain_python, which is slow
hypothesis.settings.register_profile("nightly", max_examples=10_000, **BUSY | {"derandomize": False})  # make nightly
hypothesis.settings.load_profile("busy")

SMALL: dict[str, Any] = {
    "title": "a small checkpoint",
    "operation": {
        "opens": "01:00",
        "closes": "02:00",
        "stop_selecting_min": 0.0,
        "lead_in_min": 10.0,
        "run_out_min": 60.0,
    },
    "approach": {"lanes": 1, "speed_kmh": 72.0, "wave_speed_kmh": 18.0, "merge_s": 3.0},
    "lane": {"length_m": 100.0, "speed_kmh": 36.0, "headway_cv": 0.0},
    "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [600] * 24}}},
    "classes": {
        "box": {
            "share": 1.0,
            "spacing_m": 10.0,
            "reaction_s": 1.0,
            "diversion_s": 4.0,
            "occupants": 1.0,
            "delay_cost_per_h": 10.0,
        },
        "truck": {
            "spacing_m": 20.0,
            "reaction_s": 2.0,
            "diversion_s": 6.0,
            "occupants": 2.0,
            "delay_cost_per_h": 30.0,
        },
    },
    "selection": {"rule": "random", "rate": {"default": 1.0}, "look": {"mean_s": 0.0, "cv": 0.0}},
    "area": {
        "bays": 2,
        "waiting": 2,
        "divert_s": 0.0,
        "changeover_s": 0.0,
        "stages": [{"name": "check", "duration": {"mean_s": 300.0, "cv": 0.0}}],
    },
    "staffing": {"pause_between_checks_s": 0.0},
}


def merged(default: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested tables with some of their keys changed; lists are replaced as a whole."""
    result = dict(deepcopy(default))
    for name, value in changes.items():
        below = result.get(name)
        result[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def _build(changes=None):
    return Scenario.model_validate(merged(SMALL, changes or {}))


def _vehicles(
    plan: Plan,
    after_opening_s,
    kinds="box",
    *,
    targets=None,
    noise=None,
    impression=None,
    look_s=None,
    occupants=None,
    funnel=None,
):
    count = len(after_opening_s)
    names = [kinds] * count if isinstance(kinds, str) else kinds
    return Traffic(
        seed=1,
        replication=0,
        number=np.arange(count, dtype=np.int64),
        funnel=np.array([0] * count if funnel is None else funnel, dtype=np.int64),
        free_s=plan.window_s[0] + np.array(after_opening_s, dtype=np.float64),
        vehicle_class=np.array([plan.classes.index(name) for name in names], dtype=np.int64),
        target=np.array([0] * count if targets is None else targets, dtype=np.int64),
        impression=np.array([0.0] * count if impression is None else impression, dtype=np.float64),
        headway_noise=np.broadcast_to(1.0 if noise is None else noise, count).astype(np.float64),
        look_s=np.broadcast_to(0.0 if look_s is None else look_s, count).astype(np.float64),
        occupants=np.broadcast_to(1 if occupants is None else occupants, count).astype(np.int64),
    )


@pytest.fixture(scope="session")
def build():
    """Return what makes a scenario of the small checkpoint with some keys changed: `build({"area": {"bays": 1}})`."""
    return _build


@pytest.fixture(scope="session")
def vehicles():
    """Return what makes traffic by hand: `vehicles(plan, [0.0, 5.0])`, free passages after the opening, all boxes.

    With several funnels, name each vehicle's in `funnel=`, those of the first funnel first.
    """
    return _vehicles


@pytest.fixture
def real():
    """Return a function from a file's name to a real count file, or skip."""

    def find(name):
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"the real count file {name} is not beside the repository (shared/data)")
        return path

    return find


# A planner's scenario that gives no warning, to vary: two lanes, cars and lorries, three agencies.
BREAKS = {"minutes": 30, "after_h": 4}
SHIFT = {"from": "05:30", "to": "14:30", "breaks": BREAKS}
PLANNERS = {
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
        "changeover_s": 0.0,
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
        "pause_between_checks_s": 0.0,
        "posts": {"traffic control": {"police": 2}},
        "roster": [{"agency": "police", "count": 10, **SHIFT}, {"agency": "customs", "count": 5, **SHIFT}],
    },
    "equipment": {"co2_probe": 1},
    "limits": {"p95_delay_min": 12, "tail_m": 1500},
}


def _planners_changed(changes: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the planner's scenario's mapping with keys changed: `{("area", "bays"): 1}`; `None` takes a key away."""
    data = deepcopy(PLANNERS)
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
        scenario = scenario_from(_planners_changed(changes or {}), where="test")
        return scenario, plan_of(scenario)

    return make
