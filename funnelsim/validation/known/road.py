"""Known answers 5, 6 and 11: the deterministic work zone, the kinematic wave, and a queue with a way round it."""

from typing import Any

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.experiments.replication import simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.units import HOUR_MIN, HOUR_S, KMH_PER_MS, MINUTE_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.closed_forms.traffic_flow import tail_growth_kmh, wave_speed_kmh, work_zone
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.checkpoint import checkpoint, vehicles_at

NEWELL = "Newell 1982, chapter 2, doi:10.1007/978-94-009-5970-5"
LIGHTHILL_WHITHAM = "Lighthill and Whitham 1955, doi:10.1098/rspa.1955.0089"
WARDROP = "Wardrop's equal travel times; Wardrop 1952, doi:10.1680/ipeds.1952.11259"
GRID_S = 1e-3  # less is rounding to the grid of the model's clock, added up over the vehicles

TEXT = """\
The lane and its queue, with vehicles that arrive at equal intervals, so that nothing is random: how many vehicles
queue, for how long, how fast the end of the queue moves upstream and back, and where it settles when drivers know a
detour. These numbers tell a planner whether the queue will reach the junction.

Theory describes a fluid, the model vehicles: the two may differ by one vehicle."""

NOBODY = {
    "selection": {"rate": {"default": 0.0}},
    "area": {"stages": [{"name": "check", "duration": {"mean_s": 60.0}}]},
}
TRAFFIC = {"traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [600] * 24}}}}

SPEED_KMH, ROAD_VPH, JAM_A_KM, DEMAND_VPH, LANE_VPH = 90.0, 1800.0, 150.0, 1200.0, 600.0
WAVE_KMH = wave_speed_kmh(SPEED_KMH, ROAD_VPH, JAM_A_KM)
SPACING_M = 1000.0 / JAM_A_KM


def evenly(*flows: tuple[float, float]) -> list[float]:
    """Return when vehicles come, for each flow in vehicles/h and the hours for which it lasts."""
    came, begins_s = [], 0.0
    for vph, hours in flows:
        came += [begins_s + HOUR_S * number / vph for number in range(round(vph * hours))]
        begins_s += hours * HOUR_S
    return came


def drive(came_s: list[float], *changes: dict[str, Any], effort: Effort) -> tuple[Log, Plan]:
    """Let vehicles meet a checkpoint that selects nobody."""
    plan = plan_of(checkpoint(NOBODY, TRAFFIC, {"operation": {"opens": "01:00", "closes": "06:00"}}, *changes))
    return simulate(vehicles_at(plan, came_s), plan, effort.engine), plan


def queueing(came_s: FloatArray, gone_s: FloatArray) -> IntArray:
    """Return how many have come and are not yet gone, just after each arrival."""
    return np.arange(1, len(came_s) + 1) - np.searchsorted(np.sort(gone_s), came_s, side="right")


def work_zone_lines(effort: Effort) -> list[Comparison]:
    """Compare the queue of a work zone with Newell's triangle."""
    zone = work_zone(1800.0, 1.0, 1000.0, 1400.0)
    road = {"approach": {"lanes": 2, "speed_kmh": 72.0}, "lane": {"speed_kmh": 72.0, "capacity_vph": 1400.0}}
    spaced = {"classes": {"box": {"spacing_m": 7.5, "reaction_s": 1.0}}}
    log, plan = drive(evenly((1800.0, 1.0), (1000.0, 3.0)), road, spaced, effort=effort)
    came_s = log.traffic.free_s
    delay_s = log.passed_s - log.arrival_s
    headway_s = HOUR_S / 1400.0
    late = delay_s > GRID_S
    cleared_h = (came_s[late].max() - plan.window_s[0]) / HOUR_S - 1.0
    of = "1,800 vehicles/h into 1,400 for an hour, then 1,000"
    return [
        within(
            f"{of}: longest queue",
            "vehicles",
            zone.queue_max,
            float(queueing(log.arrival_s, log.passed_s).max()),
            1.0,
            NEWELL,
        ),
        within(
            f"{of}: longest delay",
            "min",
            zone.delay_max_min,
            float(delay_s.max()) / MINUTE_S,
            headway_s / MINUTE_S,
            NEWELL,
        ),
        within(f"{of}: cleared after the peak", "h", zone.cleared_after_h, float(cleared_h), 1.0 / 400.0, NEWELL),
        within(f"{of}: delay of all", "vehicle-hours", zone.vehicle_h, float(delay_s.sum()) / HOUR_S, 1.0, NEWELL),
    ]


def wave_lines(lanes: int, effort: Effort) -> list[Comparison]:
    """Compare the end of the queue with the kinematic wave, while it grows, shrinks, and when the funnel closes."""
    road = {
        "approach": {"lanes": lanes, "speed_kmh": SPEED_KMH, "wave_speed_kmh": WAVE_KMH},
        "lane": {"speed_kmh": SPEED_KMH, "capacity_vph": LANE_VPH, "length_m": 50.0},
        "classes": {
            "box": {"spacing_m": SPACING_M, "reaction_s": HOUR_S / ROAD_VPH - SPACING_M / (SPEED_KMH / KMH_PER_MS)}
        },
    }
    way = "one lane" if lanes == 1 else f"{lanes} lanes"
    of = f"1,200 vehicles/h on {way} into 600"
    jam_a_km = lanes * JAM_A_KM
    made = []
    log, plan = drive(evenly((DEMAND_VPH, 2.0), (300.0, 3.0)), road, effort=effort)
    for what, demand_vph, from_h, to_h in (("grows", DEMAND_VPH, 0.2, 1.7), ("shrinks, at 300/h", 300.0, 2.2, 3.4)):
        theory = tail_growth_kmh(demand_vph, LANE_VPH, SPEED_KMH, WAVE_KMH, jam_a_km)
        simulated, one_place = _tail_speed_kmh(log, plan, from_h, to_h)
        made.append(
            within(f"{of}: the end of the queue {what}", "km/h", theory, simulated, one_place, LIGHTHILL_WHITHAM)
        )
    delay_s = (log.passed_s - log.arrival_s)[: round(2 * DEMAND_VPH)]
    point_s = np.arange(len(delay_s)) * (HOUR_S / LANE_VPH - HOUR_S / DEMAND_VPH)
    largest = float(np.abs(delay_s - point_s).max())
    made.append(
        within(
            f"{of}: delays are those of a queue without length, largest difference", "s", 0.0, largest, GRID_S, NEWELL
        )
    )
    return made


def _tail_speed_kmh(log: Log, plan: Plan, from_h: float, to_h: float) -> tuple[float, float]:
    """Return how fast the end of the queue moves upstream in a part of the operation, and what one vehicle changes."""
    after_h = (log.joined_s - plan.window_s[0]) / HOUR_S
    first, last = np.searchsorted(after_h, [from_h, to_h])
    hours = float(after_h[last] - after_h[first])
    return float(log.tail_m[last] - log.tail_m[first]) / 1000.0 / hours, SPACING_M / 1000.0 / hours


def closing_line(effort: Effort) -> Comparison:
    """Compare how long a queue is there after the funnel has closed with the road's own capacity."""
    road = {
        "operation": {"closes": "02:00"},
        "approach": {"lanes": 1, "speed_kmh": SPEED_KMH, "wave_speed_kmh": WAVE_KMH},
        "lane": {"speed_kmh": SPEED_KMH, "capacity_vph": LANE_VPH},
        "classes": {
            "box": {"spacing_m": SPACING_M, "reaction_s": HOUR_S / ROAD_VPH - SPACING_M / (SPEED_KMH / KMH_PER_MS)}
        },
    }
    log, plan = drive(evenly((DEMAND_VPH, 3.0)), road, effort=effort)
    queue, spare_vph = DEMAND_VPH - LANE_VPH, ROAD_VPH - DEMAND_VPH
    late = log.passed_s - log.traffic.free_s > GRID_S
    cleared_min = float(log.traffic.free_s[late].max() - plan.window_s[1]) / MINUTE_S
    one = HOUR_MIN / spare_vph
    of = "A queue of 600 when the funnel closes, road of 1,800 vehicles/h, 1,200 come: gone after"
    return within(of, "min", HOUR_MIN * queue / spare_vph, cleared_min, one, NEWELL)


def detour_lines(effort: Effort) -> list[Comparison]:
    """Compare a queue whose drivers know a detour with theory: both ways take equally long."""
    places, spacing_m = 80, 0.125
    queue_m = places * spacing_m
    road = {
        "operation": {"closes": "03:00"},
        "approach": {
            "lanes": 1,
            "wave_speed_kmh": 100.0,
            "exit": {"at_m": queue_m, "leave_when_tail_m": queue_m, "share": 1.0},
        },
        "lane": {"length_m": 1e-6, "capacity_vph": 800.0},
        "classes": {"box": {"spacing_m": spacing_m, "reaction_s": 1.0}},
    }
    log, plan = drive(evenly((1200.0, 2.0)), road, effort=effort)
    came_s, stays = log.traffic.free_s - plan.window_s[0], log.passed
    waiting = queueing(came_s[stays], log.passed_s[stays] - plan.window_s[0])
    settled = waiting[came_s[stays] > HOUR_S / 4]
    leaves_vph = float((~stays & (came_s > HOUR_S / 2)).sum()) / 1.5
    farthest = float(settled[np.abs(settled - places).argmax()])
    of = "1,200 vehicles/h into 800, a way round that takes 6 min longer"
    return [
        within(f"{of}: queue, where it is farthest from the answer", "vehicles", places, farthest, 2.0, WARDROP),
        within(f"{of}: the first leaves after", "min", 12.0, float(came_s[~stays][0]) / MINUTE_S, 0.3, WARDROP),
        within(f"{of}: leave, once settled", "vehicles/h", 400.0, leaves_vph, 2.0, WARDROP),
    ]


def chapter(effort: Effort) -> Chapter:
    """Compare the lane and its queue with traffic flow theory."""
    lines = [*work_zone_lines(effort), *wave_lines(1, effort), *wave_lines(2, effort), closing_line(effort)]
    return Chapter("road", "The lane and its queue", TEXT, (*lines, *detour_lines(effort)))
