"""A small busy checkpoint: with each behaviour alone, and with all at once."""

from copy import deepcopy
from functools import cache

from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario

BASE = {
    "title": "small and busy",
    "operation": {"opens": "06:00", "closes": "06:40", "stop_selecting_min": 5, "run_out_min": 30, "lead_in_min": 5},
    "approach": {"critical_m": 400},
    "lane": {"speed_kmh": 15},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [200, 950, 500, 500, 300, 300, 300, 300]}}},
    "targets": [
        {
            "name": "concealed persons",
            "per_10k": {"car": 500, "van": 2000, "lorry": 1000},
            "persons": 9,
            "cue_auc": 0.7,
        },
        {"name": "contraband", "per_10k": {"car": 1500, "van": 1500}, "cue_auc": 0.6},
    ],
    "selection": {
        "rate": {"default": 0.05, "van": 0.3, "lorry": 0.2},
        "valve": {"suspend_at_m": 300, "resume_at_m": 100, "lift_at_m": 500},
        "post": {"police": 1},
    },
    "area": {
        "bays": 3,
        "waiting": 2,
        "changeover_s": 0.0,
        "stages": [
            {
                "name": "documents",
                "duration": {"mean_s": 60, "cv": 0.5, "per_occupant_s": 20},
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
            {"agency": "police", "count": 6, "from": "05:30", "to": "07:30", "breaks": {"minutes": 5, "after_h": 0.5}},
            {"agency": "customs", "count": 2, "from": "05:30", "to": "06:30"},
        ],
    },
}


def merged(default, changes):
    """Return nested tables with some of their keys changed."""
    result = deepcopy(default)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(name), dict)
        result[name] = merged(result[name], value) if both else value
    return result


def targets(**evade):
    """Return the two target types, the second half as wary as the first."""
    half = {name: value if name == "half_life_h" else value / 2 for name, value in evade.items()}
    first, second = deepcopy(BASE["targets"])
    return {"targets": [first | {"evade": evade}, second | {"evade": half}]}


EXIT = {"approach": {"exit": {"at_m": 150, "leave_when_tail_m": 60, "share": 0.3}}}
CHASE = {"cars": 1, "crew": {"police": 1}, "pursues": 0.8, "brings": 0.7, "duration": {"mean_s": 120}}
VAN = {"duration": {"mean_s": 300}, "crew": {"police": 1}, "equipment": {"van": 1}}
OTHER_WAY = {"total": [100, 500, 300, 300, 300, 300, 300, 300]}
ALONE = {
    "nothing": {},
    "days that differ": {"traffic": {"day_cv": 0.6}},
    "exit": merged(EXIT, targets(queue=0.8)),
    "exit where all others leave": merged(merged(EXIT, {"approach": {"exit": {"share": 1.0}}}), targets(queue=0.5)),
    "evasion": targets(visible=0.3, alerted=0.8, half_life_h=0.2),
    "chase car": merged(merged(EXIT, targets(visible=0.3, queue=0.8)), {"staffing": {"chase": CHASE}}),
    "watch list": {"selection": {"watchlist": {"target_share": 0.3, "false_hits_per_10k": 100}}},
    "rate follows area": {"selection": {"adapt": {"on": "area", "points": [[0.0, 2.0], [1.0, 0.1]]}}},
    "rate follows queue": {"selection": {"adapt": {"on": "tail_m", "points": [[0.0, 2.0], [200.0, 0.1]]}}},
    "batch": {"selection": {"rule": "batch"}},
    "index": {"selection": {"rule": "index", "index": {"rate": 0.15}}},
    "look quality": {
        "selection": {"look": {"reference_s": 2.0, "cv": 1.0, "tires_half_life_h": 0.3, "rotate_min": 15}}
    },
    "halting for a look": {"selection": {"look": {"mode": "stop", "mean_s": 3.0, "officers": 2, "reference_s": 2.0}}},
    "spots and transport": {
        "area": {"spots": 1, "after_detection": {"place": "spot", "transport": VAN}},
        "equipment": {"van": 1},
    },
    "hold": {"area": {"when_full": "hold"}},
    "two windows": {
        "operation": {"closes": "06:20", "also": [{"opens": "06:50", "closes": "07:10"}]},
        "staffing": {
            "roster": [
                *BASE["staffing"]["roster"],
                {"agency": "customs", "count": 2, "from": "06:45", "to": "07:30"},
            ]
        },
    },
    "both directions": {
        "funnels": [
            {
                "direction": "west",
                "traffic": {"counts": {"from": "05:00", "vehicles": OTHER_WAY}},
                "prevalence_factor": 0.5,
            }
        ]
    },
}
TOGETHER = ("chase car", "watch list", "rate follows area", "halting for a look", "spots and transport", "two windows")
EVERYTHING: dict = {}
for _name in (*TOGETHER, "both directions"):
    EVERYTHING = merged(EVERYTHING, ALONE[_name])
EVERYTHING = merged(EVERYTHING, targets(visible=0.2, alerted=0.5, half_life_h=0.3, queue=0.8))
EVERYTHING = merged(EVERYTHING, {"selection": {"look": {"tires_half_life_h": 0.3, "rotate_min": 15}}})
CASES = ALONE | {"everything": EVERYTHING, "everything, hold": merged(EVERYTHING, ALONE["hold"])}


@cache
def plan_for(case):
    """Return the plan of a case."""
    return plan_of(Scenario.model_validate(merged(BASE, CASES[case])))
