"""What a vehicle costs as a day grows: in vehicles, officers, bays and stages; and the memory that it takes.

The day of the growth in vehicles is the same at every size as far as a day can be: everything that takes the lane time
(headways, looks) and room (spacings) shrinks as the traffic grows, so that the queue is as long in metres; the same
share is inspected, in an area and by officers in proportion, where hardly anybody waits.
"""

import json
import math
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from timing import in_turn

from funnelsim.analysis.buffers import prepare
from funnelsim.analysis.measures import measure_names
from funnelsim.engines import compiled_engine
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.model.planning import plan_of
from funnelsim.scenario import load_scenario, scenario_from

SEED = 1
DAY_H, DAY_S = 24, 86400.0
VEHICLES = (1_000, 10_000, 100_000, 1_000_000)
BUSY = 50_000  # vehicles a day while officers, bays and stages grow
OFFICERS, BAYS, STAGES = (5, 50, 500), (2, 10, 100, 1000), (1, 2, 4, 8, 12)
REPLICATIONS = (10, 1000)
MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"


def day(vehicles, rate, inspection_s, officers, bays, stages):
    """Return the plan of a whole day at a road that is never full."""
    scenario = scenario_from(
        {
            "title": f"{vehicles:,} vehicles a day",
            "operation": {"opens": "06:00", "closes": "06:00", "lead_in_min": 0, "run_out_min": 0},
            "approach": {"lanes": 8, "speed_kmh": 100, "critical_m": 2000},
            "lane": {"speed_kmh": 60, "length_m": 150},
            "traffic": {"counts": {"from": "00:00", "vehicles": {"total": [1] * DAY_H}}},
            "targets": [{"name": "contraband", "per_10k": {"car": 5, "van": 15, "lorry": 15}, "cue_auc": 0.6}],
            "selection": {"rate": {"default": rate}, "look": {"mean_s": 1.0}, "valve": {"suspend_at_m": 1000}},
            "area": {
                "bays": bays,
                "waiting": bays,
                "stages": [
                    {
                        "name": f"stage {number}",
                        "duration": {"mean_s": inspection_s / stages},
                        "crew": {"police": 1},
                        "finds": {"contraband": 0.8 / stages},
                    }
                    for number in range(stages)
                ],
            },
            "staffing": {
                "roster": [
                    {"agency": "police", "count": officers, "from": "06:00", "to": "18:00"},
                    {"agency": "police", "count": officers, "from": "18:00", "to": "06:00"},
                ]
            },
        },
        where="growth",
    )
    plan = plan_of(scenario)
    busier = vehicles / DAY_H  # the scenario has one vehicle an hour
    shrink = 1_000 / vehicles
    demand = replace(plan.road.demand, vehicles=plan.road.demand.vehicles * busier)
    return replace(
        plan,
        road=replace(plan.road, demand=demand, look_mean_s=plan.road.look_mean_s * shrink),
        reaction_s=plan.reaction_s * shrink,
        spacing_m=plan.spacing_m * shrink,
        diversion_s=plan.diversion_s * shrink,
    )


def enough(vehicles, rate, inspection_s):
    """Return how many bays or officers let hardly anybody wait."""
    busy = vehicles * rate * inspection_s / DAY_S
    return math.ceil(busy + 4.0 * math.sqrt(busy) + 2.0)


def grown(vehicles):
    """Return a day of so many vehicles."""
    rate, inspection_s = 0.03, 600.0
    ample = enough(vehicles, rate, inspection_s)
    return day(vehicles, rate, inspection_s, ample, ample, 2)


def busy(officers=200, bays=200, stages=2):
    """Return a day on which many are inspected."""
    return day(BUSY, 0.2, 1200.0, officers, bays, stages)


def measure(rounds, most):
    """Return what a vehicle costs, in ns, by what grows; `most` limits the vehicles of a day."""
    sizes = [size for size in VEHICLES if size <= most]
    by_size = cost([grown(size) for size in sizes], [max(sizes) // size for size in sizes], rounds)
    found = {"vehicles": dict(zip(map(str, sizes), by_size, strict=True))}
    for name, values in (("officers", OFFICERS), ("bays", BAYS), ("stages", STAGES)):
        plans = [busy(**{name: value}) for value in values]
        found[name] = dict(zip(map(str, values), cost(plans, [2] * len(plans), rounds), strict=True))
    return found | {"memory": memory(max(sizes))}


def cost(plans, days, rounds):
    """Return, for each plan, what a vehicle costs in ns: the dice, the loop, the measures, and all."""
    places = [ReplicationBuffers([plan]) for plan in plans]
    rows = [np.empty(len(measure_names(plan))) for plan in plans]
    work = list(zip(places, rows, days, strict=True))
    actions = {}
    for number, one in enumerate(work):
        for part, action in (("dice", draw), ("log", log), ("loop", loop), ("measures", measures), ("all", everything)):
            actions[number, part] = lambda turn, one=one, action=action: action(*one, turn)
    seconds = in_turn(actions, rounds)
    found = []
    for number, (place, _, several) in enumerate(work):
        vehicles = sum(counted(place, turn) for turn in range(several))
        ns = {part: seconds[number, part] / vehicles * 1e9 for part in ("dice", "loop", "measures", "all")}
        place.draw(SEED, 0)
        inspected = float((place.simulate(0).area_s < np.inf).mean())
        found.append(ns | {"inspected_share": inspected})
    return found


def counted(place, replication):
    place.draw(SEED, replication)
    return place.count


def draw(place, _row, days, _turn):
    for replication in range(days):
        place.draw(SEED, replication)


def loop(place, _row, days, _turn):
    for _ in range(days):
        compiled_engine.run_in(place.engine_buffers, place.traffic.first, place.plan_arrays[0], SEED, place.replication)


def log(place, _row, _days, _turn):
    """Leave a log for the measures; its time is not used."""
    place.records = place.simulate(0)


def measures(place, row, days, _turn):
    for _ in range(days):
        prepare(place.records, place.inputs[0], place.measure_buffers)
        place.measure(0, place.records, row)


def everything(place, row, days, _turn):
    for replication in range(days):
        place.draw(SEED, replication)
        place.measure(0, place.simulate(0), row)


def memory(vehicles):
    """Return what a process needs, in MB, for a day and for many replications."""
    return {"day_vehicles": vehicles, "day": told("day", vehicles), "replications": told("many", 0)}


def told(what, vehicles):
    command = [sys.executable, __file__, what, str(vehicles)]
    for _ in range(2):  # the first may compile, which takes memory, and does not count
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(done.stdout)


def peak_mb():
    """Return the most that this process ever held; what `resource` says may be its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def one_day(vehicles):
    """Simulate a small day, and then a large one."""
    peaks = []
    for size in (VEHICLES[0], vehicles):
        plan = grown(size)
        place = ReplicationBuffers([plan])
        everything(place, np.empty(len(measure_names(plan))), 1, 0)
        peaks.append(peak_mb())
    return {"small_peak_mb": peaks[0], "peak_mb": peaks[1]}


def many_days():
    """Simulate many replications of the motorway scenario in the same memory."""
    plan = plan_of(load_scenario(MOTORWAY))
    place, row = ReplicationBuffers([plan]), np.empty(len(measure_names(plan)))
    peaks = {}
    for number in range(max(REPLICATIONS)):
        place.draw(SEED, number)
        place.measure(0, place.simulate(0), row)
        if number + 1 in REPLICATIONS:
            peaks[str(number + 1)] = peak_mb()
    return peaks


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in ("day", "many"):
        print(json.dumps(one_day(int(sys.argv[2])) if sys.argv[1] == "day" else many_days()))
    else:
        for key, figures in measure(5, VEHICLES[-1]).items():
            print(key, json.dumps(figures, indent=1))
