"""Observations of a road whose numbers are known: simulated with the model itself, written down as by an observer."""

import numpy as np
import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario


def scenario(**changes):
    """Return a busy one-lane road of cars and lorries, open for six hours, with tables or keys changed."""
    data = {
        "title": "observed",
        "operation": {"opens": "06:00", "closes": "12:00", "lead_in_min": 0.0, "run_out_min": 0.0},
        "approach": {"lanes": 1},
        "lane": {"speed_kmh": 30.0, "headway_cv": 0.3},
        "classes": {name: {"share": share} for name, share in (("car", 0.8), ("lorry", 0.2))},
        "traffic": {"counts": {"from": "06:00", "minutes": 60, "vehicles": {"total": [600] * 6}}},
        "selection": {"rule": "random", "rate": {"default": 0.0}, "look": {"mean_s": 0.0}},
        "area": {"stages": [{"name": "check", "duration": {"mean_s": 90.0}}]},
    }
    return Scenario.model_validate(data | changes)


def clock(time_s):
    """Write a time of day to the second, cut off as clocks do."""
    whole = int(time_s)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


@pytest.fixture(scope="session")
def agrees():
    """Return a function that says whether a true value lies within 3.5 standard errors of an estimate.

    A 95 % interval misses once in 20 times, so a test of some intervals would be a test of luck.
    """

    def within(value, low, high):
        reach = (high - low) / 2.0 * 3.5 / 1.96
        return abs(value - (low + high) / 2.0) <= reach

    return within


@pytest.fixture
def write(tmp_path):
    """Return a function that writes rows under a header as CSV and returns the file."""

    def put(header, rows, name="seen.csv"):
        path = tmp_path / name
        lines = [header, *(row if isinstance(row, str) else ",".join(map(str, row)) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return put


@pytest.fixture
def arrivals(write):
    """Return a function that simulates arrivals and writes them as a clock shows them."""

    def simulate(kind, lanes=1, vph=600, seed=1):
        counts = {"from": "06:00", "minutes": 60, "vehicles": {"total": [vph] * 6}}
        made = scenario(approach={"lanes": lanes}, traffic={"counts": counts, "arrivals": kind})
        times_s = draw_traffic(plan_of(made).road, seed, 0).free_s
        return write("time", [clock(time_s) for time_s in times_s])

    return simulate


@pytest.fixture(scope="session")
def queue():
    """Return a saturated lane: when vehicles leave it, and their classes."""
    counts = {"from": "06:00", "minutes": 60, "vehicles": {"total": [2500] * 6}}
    plan = plan_of(scenario(traffic={"counts": counts}))
    log = log_of(plan, 1, 0)
    some = slice(500, 2000)
    assert np.all(log.passed_s[some] > log.arrival_s[some] + 60.0)  # all of them have waited
    names = np.array(plan.classes)[log.traffic.vehicle_class[some]]
    return log.passed_s[some], names


@pytest.fixture(scope="session")
def stages():
    """Return inspections of a stage: how long each took, the class and the occupants."""
    duration = {"mean_s": {"default": 60.0, "lorry": 150.0}, "per_occupant_s": 30.0, "cv": 0.5}
    made = scenario(
        selection={"rule": "random", "rate": {"default": 0.2}, "look": {"mean_s": 0.0}},
        area={"bays": 50, "stages": [{"name": "check", "duration": duration}]},
        operation={"opens": "06:00", "closes": "12:00", "lead_in_min": 0.0, "run_out_min": 0.0},
    )
    plan = plan_of(made)
    log = log_of(plan, 3, 0)
    who = log.stage_vehicle
    names = np.array(plan.classes)[log.traffic.vehicle_class[who]]
    return log.stage_to_s - log.stage_from_s, names, log.traffic.occupants[who]
