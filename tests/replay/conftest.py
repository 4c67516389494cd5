"""Operations with everything that a replay shows: a valve that acts, a full area, finds, an exit, a chase car."""

import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.replay.tracks import tracks_of

BUSY = {
    "operation": {"stop_selecting_min": 5.0, "closes": "03:00"},
    "approach": {"lanes": 2, "critical_m": 250.0, "exit": {"at_m": 300.0, "leave_when_tail_m": 200.0, "share": 0.3}},
    "traffic": {
        "counts": {
            "from": "00:00",
            "minutes": 60,
            "vehicles": {"box": [900, 1500, 600] + [300] * 21, "truck": [60, 100] + [50] * 22},
        }
    },
    "lane": {"headway_cv": 0.2},
    "targets": [{"name": "goods", "per_10k": {"box": 300, "truck": 600}, "evade": {"visible": 0.3}}],
    "selection": {
        "rate": {"default": 0.05},
        "look": {"mean_s": 2.0, "cv": 0.3},
        "valve": {"suspend_at_m": 260.0, "resume_at_m": 80.0, "lift_at_m": 500.0},
    },
    "area": {
        "changeover_s": 20.0,
        "divert_s": 15.0,
        "spots": 1,
        "stages": [
            {
                "name": "check",
                "duration": {"mean_s": 120.0, "cv": 0.4},
                "crew": {"police": 1},
                "alarms": {"goods": 0.9, "ordinary": 0.2},
            },
            {
                "name": "search",
                "only_after_alarm": True,
                "duration": {"mean_s": 200.0, "cv": 0.4},
                "crew": {"police": 2},
                "finds": {"goods": 0.9},
            },
        ],
        "after_detection": {"place": "spot", "duration": {"mean_s": 600.0}, "crew": {"police": 1}},
    },
    "staffing": {
        "roster": [{"agency": "police", "count": 8, "from": "00:00", "to": "04:00"}],
        "chase": {"cars": 1, "crew": {"police": 2}, "pursues": 0.9, "brings": 0.7, "duration": {"mean_s": 120.0}},
    },
}


@pytest.fixture(scope="session")
def busy_plan(build):
    return plan_of(build(BUSY))


@pytest.fixture(scope="session")
def busy(busy_plan):
    """Return log, plan and tracks of one operation in which everything happens."""
    log = log_of(busy_plan, 1, 0)
    return log, busy_plan, tracks_of(log, busy_plan)
