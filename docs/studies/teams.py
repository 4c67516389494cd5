"""What it costs to keep officers for a team, and what it saves: writes teams.csv beside this file.

Both rules meet the same vehicles: the model's, and one in which whatever can start starts, so that a team waits until
its officers happen to be free together.

    python docs/studies/teams.py
"""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from funnelsim.analysis.measures import measure
from funnelsim.engines import crews, simpy_engine
from funnelsim.model import rules
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import scenario_from

REPLICATIONS, SEED = 100, 1
DOCUMENTS, SEARCH = range(2)
CARS = {"counts": {"from": "00:00", "vehicles": {"car": [36] * 24}}}
SCENARIO: dict[str, Any] = {
    "title": "documents by one officer, a search by three of four",
    "operation": {"opens": "06:00", "closes": "14:00"},
    "traffic": CARS,
    "selection": {"rule": "random", "rate": {"default": 1.0}, "look": {"mean_s": 0.0}},
    "area": {
        "bays": 6,
        "waiting": 2,
        "changeover_s": 0,  # checks follow each other at once, so that the rule alone costs time
        "stages": [
            {"name": "documents", "duration": {"mean_s": 300}, "crew": {"police": 1}, "alarms": {"ordinary": 0.15}},
            {"name": "search", "duration": {"mean_s": 300}, "crew": {"police": 3}, "only_after_alarm": True},
        ],
    },
    "staffing": {
        "pause_between_checks_s": 0,
        "roster": [{"agency": "police", "count": 4, "from": "05:30", "to": "16:00"}],
    },
}


def whatever_can_start(need: list[int], used: list[int], capacity: list[int], kept: list[int]) -> bool:
    """Tell whether all that a stage takes is free, whoever waits for it."""
    return rules.can_start(need, used, capacity, [0] * len(kept))


def waits_min(log: Any) -> list[float]:  # noqa: ANN401  (a log of the engine)
    """Return how long each search waited for its team, in minutes."""
    ends_s = dict(zip(log.stage_vehicle[log.stage == DOCUMENTS], log.stage_to_s[log.stage == DOCUMENTS], strict=True))
    search = log.stage == SEARCH
    pairs = zip(log.stage_vehicle[search], log.stage_from_s[search], strict=True)
    return [float(begins_s - ends_s[vehicle]) / 60.0 for vehicle, begins_s in pairs]


def simulated(name: str) -> dict[str, Any]:
    """Return what a rule does over all replications."""
    plan = plan_of(scenario_from(SCENARIO, where="teams"))
    waits: list[float] = []
    rows = []
    for replication in range(REPLICATIONS):
        log = simpy_engine.simulate(draw_traffic(plan.road, SEED, replication), plan)
        waits += waits_min(log)
        rows.append(measure(log, plan))
    mean = {key: float(np.mean([row[key] for row in rows])) for key in ("crew_utilisation.police", "inspected")}
    return {
        "rule": name,
        "search_wait_mean_min": float(np.mean(waits)),
        "search_wait_p95_min": float(np.quantile(waits, 0.95)),
        "officers_busy": mean["crew_utilisation.police"],
        "inspected": mean["inspected"],
    }


if __name__ == "__main__":
    table = [simulated("kept for the team")]
    crews.rules = type("Rules", (), {"can_start": staticmethod(whatever_can_start)})  # in the SimPy engine alone
    table.append(simulated("whatever can start starts"))
    pl.DataFrame(table).write_csv(Path(__file__).with_suffix(".csv"), float_precision=4)
