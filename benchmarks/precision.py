"""Computing time to know the expected detections to 2 per cent, at 1 target per 10,000 vehicles of every class.

The compiled engine with the estimator of expected detections is run until the half-width is that small. Counting
detections in SimPy would take days, so it is not run to the end: how many replications it needs follows from the mean
and the variance of counted detections, which the compiled engine gives over many replications (its log is the same),
and what one of them costs is measured.
"""

from pathlib import Path
from time import perf_counter

import numpy as np
from scipy import stats
from timing import in_turn

from funnelsim.experiments.replication import measures_of
from funnelsim.model.planning import plan_of
from funnelsim.scenario import load_scenario, scenario_from

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
TARGET = "concealed persons"
SEED = 1
WANTED = 0.02
Z = float(stats.norm.ppf(0.975))
FIRST = 200  # replications, from which the number needed is found


def rare_targets():
    """Return the motorway scenario with one target type, one in 10,000 vehicles of every class."""
    data = load_scenario(MOTORWAY).model_dump(mode="json", by_alias=True, exclude_none=True)
    data["targets"] = [one for one in data["targets"] if one["name"] == TARGET]
    data["targets"][0]["per_10k"] = dict.fromkeys(data["classes"], 1.0)
    for stage in data["area"]["stages"]:
        for table in ("finds", "alarms"):
            stage[table] = {name: chance for name, chance in stage[table].items() if name in (TARGET, "ordinary")}
    return scenario_from(data, where="rare targets")


def needed(values):
    """Return how many replications make the half-width of the mean 2 per cent of it."""
    return (Z * values.std(ddof=1) / (WANTED * values.mean())) ** 2


def measure(rounds, counted):
    """Return what both ways cost; `counted` is the number of replications from which the variance is known."""
    plan = plan_of(rare_targets())
    enough = int(np.ceil(needed(measures_of([plan], SEED, range(FIRST))[0]["expected_detections"])))
    while True:
        values = measures_of([plan], SEED, range(enough))[0]["expected_detections"]
        half_width = float(stats.t.ppf(0.975, enough - 1) * values.std(ddof=1) / np.sqrt(enough) / values.mean())
        if half_width <= WANTED:
            break
        enough = int(enough * (half_width / WANTED) ** 2) + 1
    start = perf_counter()
    many = measures_of([plan], SEED + 1, range(counted))[0]
    many_s = perf_counter() - start
    seconds = in_turn(
        {
            "compiled": lambda _: measures_of([plan], SEED, range(enough)),
            "simpy": lambda turn: measures_of([plan], SEED, range(turn, turn + 1), "simpy"),
        },
        rounds,
    )
    counting = needed(many["detections"])
    return {
        "per_10k": 1,
        "wanted": WANTED,
        "half_width": half_width,
        "expected": {
            "replications": enough,
            "mean": float(values.mean()),
            "variance": float(values.var(ddof=1)),
            "seconds": seconds["compiled"],
        },
        "counted": {
            "from_replications": counted,
            "seconds_for_them": many_s,
            "mean": float(many["detections"].mean()),
            "mean_expected": float(many["expected_detections"].mean()),
            "variance": float(many["detections"].var(ddof=1)),
            "replications": counting,
            "simpy_s": seconds["simpy"],
            "seconds": counting * seconds["simpy"],
        },
        "ratio": counting * seconds["simpy"] / seconds["compiled"],
    }


if __name__ == "__main__":
    print(measure(5, 2000))
