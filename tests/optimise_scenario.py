"""A checkpoint of one hour whose best plan is found in seconds: two officers, two bays, a rate that is too low."""

CHANGES = {
    "targets": [{"name": "hidden", "per_10k": {"box": 100.0}, "cue_auc": 0.7}],
    "selection": {"rule": "score", "rate": {"default": 0.02}, "valve": {"suspend_at_m": 500.0, "lift_at_m": 900.0}},
    "area": {
        "bays": 2,
        "waiting": 1,
        "stages": [
            {
                "name": "search",
                "duration": {"mean_s": 300.0, "cv": 0.5},
                "crew": {"police": 1},
                "finds": {"hidden": 1.0},
            }
        ],
    },
    "staffing": {"roster": [{"agency": "police", "count": 2, "from": "00:00", "to": "04:00"}]},
    "limits": {"p95_delay_min": 10.0},
}
OFFICERS = "staffing.roster.police.count"
RATE = "selection.rate.default"
