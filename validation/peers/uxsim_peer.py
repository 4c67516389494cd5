"""The chapter on UXsim, a kinematic-wave simulator of traffic: two lanes into one, with the same vehicles."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import log_of
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S, KMH_PER_MS
from funnelsim.validation.chapter import Chapter, Effort, Line
from funnelsim.validation.comparison import within
from funnelsim.validation.known.ordinary_day import SEED, draws_of
from validation.peers.delays_figure import Bottleneck, delays_figure
from validation.peers.peer import PeerError, answers

SCRIPT = Path(__file__).with_name("uxsim_script.py")
DEMANDS_VPH = (1200, 1500, 1800)
OPENS_H, CLOSES_H = 6, 9
LANES = 2
APPROACH_M, LANE_M, BEYOND_M = 6000.0, 150.0, 300.0
ROAD_KMH, LANE_KMH = 80.0, 30.0
CAPACITY_VPH = 1374.0
SPACING_M, WAVE_KMH = 7.5, 20.0
REACTION_S = SPACING_M / (WAVE_KMH / KMH_PER_MS)  # the time in which a wave goes from one standing vehicle to the next
BEFORE_S = 60.0  # UXsim's clock starts so long before the first departure
BOUNDARIES = 3

NAME, TITLE = "uxsim", "The same bottleneck in UXsim"

TEXT = f"""\
UXsim (Seo 2025) moves vehicles by Newell's kinematic-wave model from one time step to the next: a road of two lanes,
the single lane of the funnel, and an end of the lane that lets {CAPACITY_VPH:,.0f} vehicles/h through. funnelsim
computes passages at one bottleneck and derives the queue's length from them. Both are given the same vehicles, one
class of {SPACING_M:g} m, equal headways, no merging loss, nobody selected, and a wave of {WAVE_KMH:g} km/h. For an hour
{" or ".join(f"{vph:,}" for vph in DEMANDS_VPH)} vehicles come. Delay and the reach
of the queue are what a planner reads from such a simulation; UXsim, which knows where each vehicle is, gets them in
another way.

UXsim updates the road only every {REACTION_S:g} s, its time step for platoons of one vehicle, and a vehicle comes onto
the road, into the lane and out of it only at such a moment. So a passage may be {BOUNDARIES} time steps apart, and a
place by what a vehicle drives freely in one. At a bottleneck with equal headways funnelsim is a point queue, whose
passages are D(i) = max(arrival(i), D(i-1) + headway): the last line says so."""


def scenario_of(vph: int) -> Scenario:
    """Return two lanes into one, for a demand that lasts an hour."""
    counts = [vph if hour == OPENS_H else 0 for hour in range(24)]
    return Scenario.model_validate(
        {
            "title": f"Two lanes into one, {vph:,} vehicles in an hour",
            "operation": {"opens": f"0{OPENS_H}:00", "closes": f"0{CLOSES_H}:00", "lead_in_min": 0, "run_out_min": 0},
            "approach": {
                "lanes": LANES,
                "speed_kmh": ROAD_KMH,
                "length_m": APPROACH_M,
                "wave_speed_kmh": WAVE_KMH,
                "merge_s": 0.0,
            },
            "lane": {"length_m": LANE_M, "speed_kmh": LANE_KMH, "capacity_vph": CAPACITY_VPH, "headway_cv": 0.0},
            "traffic": {"arrivals": "counted", "counts": {"from": "00:00", "vehicles": {"car": counts}}},
            "classes": {"car": {"spacing_m": SPACING_M, "reaction_s": REACTION_S}},
            "selection": {"rate": {"default": 0.0}, "look": {"mean_s": 0.0, "cv": 0.0}},
            "area": {"stages": [{"name": "documents", "duration": {"mean_s": 60.0}}]},
        }
    )


def departures_s(log: Log) -> FloatArray:
    """Return when the vehicles come onto the road, so that they pass when they do if the road is free."""
    departures_s: FloatArray = log.traffic.free_s - (APPROACH_M + LANE_M) / (ROAD_KMH / KMH_PER_MS)
    return departures_s


def starts_s(log: Log) -> float:
    """Return when UXsim's clock starts."""
    return float(departures_s(log)[0]) - BEFORE_S


def job_of(log: Log) -> dict[str, Any]:
    """Return an hour as a job for UXsim."""
    return {
        "departures_s": (departures_s(log) - starts_s(log)).tolist(),
        "ends_s": (CLOSES_H - OPENS_H) * HOUR_S,
        "reaction_s": REACTION_S,
        "spacing_m": SPACING_M,
        "lanes": LANES,
        "road_ms": ROAD_KMH / KMH_PER_MS,
        "lane_ms": LANE_KMH / KMH_PER_MS,
        "capacity_per_s": CAPACITY_VPH / HOUR_S,
        "approach_m": APPROACH_M,
        "lane_m": LANE_M,
        "beyond_m": BEYOND_M,
    }


def point_queue_s(arrival_s: FloatArray, headway_s: float) -> FloatArray:
    """Return the passages of a point queue.

    Examples
    --------
    >>> point_queue_s(np.array([0.0, 1.0, 9.0]), 2.0).tolist()
    [0.0, 2.0, 9.0]
    """
    passed_s: list[float] = []
    for arrives_s in arrival_s.tolist():
        passed_s.append(max(arrives_s, passed_s[-1] + headway_s) if passed_s else arrives_s)
    return np.array(passed_s)


def bottleneck(vph: int, log: Log, made: dict[str, Any]) -> Bottleneck:
    """Return an hour as the three have it, UXsim's times on our clock."""
    headway_s = float(draws_of(log.traffic, plan_of(scenario_of(vph))).headway_s[-1])
    return Bottleneck(
        vph=vph,
        arrival_s=log.arrival_s,
        passed_s=log.passed_s,
        peer_s=np.array(made["passed_s"]) + starts_s(log),
        point_s=point_queue_s(log.arrival_s, headway_s),
        tail_m=log.tail_m,
        peer_tail_m=np.array(made["tail_m"]),
    )


def lines_of(hour: Bottleneck, step_s: float, source: str) -> list[Line]:
    """Return what is compared of one demand."""
    allowed_s, allowed_m = BOUNDARIES * step_s, ROAD_KMH / KMH_PER_MS * step_s
    by_time = f"Allowed: {BOUNDARIES} time steps, {allowed_s:.2f} s."
    by_place = f"Allowed: a time step's free driving, {allowed_m:.0f} m."
    of = f"{hour.vph:,} vehicles in an hour"
    ours_s, theirs_s = float((hour.passed_s - hour.arrival_s).mean()), float((hour.peer_s - hour.arrival_s).mean())
    first_s = float(hour.arrival_s[0])
    ends_s, peer_ends_s = float(hour.passed_s.max()) - first_s, float(hour.peer_s.max()) - first_s
    apart_s = float(np.abs(hour.peer_s - hour.passed_s).max())
    tail_m, peer_tail_m = float(hour.tail_m.max()), float(hour.peer_tail_m.max())
    return [
        within(f"{of}: mean delay in the queue", "s", theirs_s, ours_s, allowed_s, source, by_time),
        within(f"{of}: last passage after the first arrival", "s", peer_ends_s, ends_s, allowed_s, source, by_time),
        within(f"{of}: largest difference of any passage", "s", 0.0, apart_s, allowed_s, source, by_time),
        within(f"{of}: longest queue from the taper", "m", peer_tail_m, tail_m, allowed_m, source, by_place),
    ]


def chapter(effort: Effort) -> Chapter:
    """Compare the engine with UXsim, if it is installed."""
    plans = {vph: plan_of(scenario_of(vph)) for vph in DEMANDS_VPH}
    logs = {vph: log_of(plan, SEED, 0, effort.engine) for vph, plan in plans.items()}
    try:
        made = answers("UXsim", "uxsim", SCRIPT, [job_of(log) for log in logs.values()])
    except PeerError as error:
        return Chapter(NAME, TITLE, TEXT, missing=str(error))
    hours = [bottleneck(vph, log, its) for (vph, log), its in zip(logs.items(), made, strict=True)]
    peer, step_s = f"UXsim {version('uxsim')}", float(made[0]["step_s"])
    source = f"{peer}; Seo 2025, doi:10.21105/joss.07617"
    lines = [line for hour in hours for line in lines_of(hour, step_s, source)]
    apart_s = max(float(np.abs(hour.passed_s - hour.point_s).max()) for hour in hours)
    case = "Point queue, all three demands: largest difference of any passage"
    lines.append(within(case, "s", 0.0, apart_s, 0.0, "Lindley 1952, doi:10.1017/S0305004100027638"))
    figure = delays_figure(hours, BOUNDARIES * step_s, SEED, peer)
    said = "The delays of single vehicles at a bottleneck over an hour, by funnelsim, UXsim and a point queue."
    return Chapter(NAME, TITLE, TEXT, tuple(lines), {"uxsim_delays": (figure, said)})
