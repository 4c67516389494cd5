"""Ordinary days that a recursion and other simulators can express too: scenario, draws, and when what happened."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.experiments.replication import Engine, log_of
from funnelsim.model import random_numbers
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate, Gate
from funnelsim.model.traffic import Traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S, MINUTE_S

SEED = 7
GRID_PER_S = 2.0**20  # the model's clock

# 15,000 vehicles a day, spread over its hours as the default profile of TNO and MACC of 2011 says.
VEHICLES_BY_HOUR = (
    *(119, 56, 38, 31, 56, 138, 538, 1150, 1163, 881, 775, 750),
    *(825, 900, 906, 994, 1269, 1300, 944, 663, 463, 388, 381, 275),
)

Shift = tuple[int, int, int]
"""Officers who are on duty together: from this hour, to this hour, how many."""


@dataclass(frozen=True)
class Day:
    """A scenario, with the values that a peer needs besides the random draws.

    Attributes
    ----------
    name
        What happens on the day, in a few words.
    scenario
        An ordinary scenario.
    bays, waiting, divert_s, hold
        The area.
    look_officers
        How many officers look, each at every n-th vehicle.
    shifts
        Shifts of the inspecting officers, one officer to a vehicle; empty where inspections take no officer.
    """

    name: str
    scenario: Scenario
    bays: int
    waiting: int
    divert_s: float
    hold: bool
    look_officers: int
    shifts: tuple[Shift, ...]

    @property
    def plan(self) -> Plan:
        """The plan of the scenario."""
        return plan_of(self.scenario)


def day(
    name: str,
    *,
    bays: int = 4,
    waiting: int = 2,
    divert_s: float = 20.0,
    hold: bool = False,
    looks: tuple[int, float] = (1, 2.0),
    shifts: tuple[Shift, ...] = (),
    rate: Mapping[str, float] | None = None,
) -> Day:
    """Return a checkpoint from 06:00 to 22:00 on a road of two lanes, with a mix of classes and random headways.

    Parameters
    ----------
    looks
        How many officers look, and how long each look takes on average.
    rate
        Selection rates by class; by default 2 % of the cars and more of the others.
    """
    officers, mean_s = looks
    documents = {"name": "documents", "duration": {"mean_s": 60.0, "per_occupant_s": 30.0, "cv": 0.5}}
    search = {"name": "search", "for": ["van", "camper", "lorry", "reefer"], "duration": {"mean_s": 240.0, "cv": 0.6}}
    check = {"name": "check", "duration": {"mean_s": 240.0, "cv": 0.6}, "crew": {"police": 1}}
    # Another agency staffs the selection post, so that vehicles are selected even while nobody inspects.
    post = {"border police": 1} if shifts else {}
    at_the_post = [_shift("border police", 5, 25, 1)] if shifts else []
    tables: dict[str, Any] = {
        "title": name,
        "operation": {"opens": "06:00", "closes": "22:00", "stop_selecting_min": 0, "lead_in_min": 0, "run_out_min": 0},
        "traffic": {"counts": {"from": "00:00", "vehicles": {"total": list(VEHICLES_BY_HOUR)}}, "day_cv": 0.0},
        "selection": {
            "rate": dict(rate or {"default": 0.02, "van": 0.10, "lorry": 0.08, "reefer": 0.15}),
            "look": {"mean_s": mean_s, "officers": officers},
            "post": post,
        },
        "area": {
            "bays": bays,
            "waiting": waiting,
            "divert_s": divert_s,
            "changeover_s": 0.0,
            "when_full": "hold" if hold else "wave_through",
            "stages": [check] if shifts else [documents, search],
        },
        "staffing": {
            "pause_between_checks_s": 0.0,
            "roster": [*at_the_post, *(_shift("police", *shift) for shift in shifts)],
        },
    }
    return Day(name, Scenario.model_validate(tables), bays, waiting, divert_s, hold, officers, shifts)


def _shift(agency: str, from_h: int, to_h: int, count: int) -> dict[str, Any]:
    """Return a roster entry; hour 25 is the first hour after midnight."""
    return {"agency": agency, "count": count, "from": f"{from_h:02d}:00", "to": f"{to_h % 24:02d}:00"}


def simulated(one: Day, engine: Engine) -> Log:
    """Return the log of a day."""
    return log_of(one.plan, SEED, 0, engine)


def officers_on_duty(shifts: tuple[Shift, ...]) -> list[tuple[float, int]]:
    """Return the steps of the number of officers on duty: time in seconds after midnight, and number.

    Examples
    --------
    >>> officers_on_duty(((6, 12, 3), (10, 14, 2)))
    [(21600.0, 3), (36000.0, 5), (43200.0, 2), (50400.0, 0)]
    """
    changes = sorted({hour for start, end, _ in shifts for hour in (start, end)})
    return [(HOUR_S * hour, sum(count for start, end, count in shifts if start <= hour < end)) for hour in changes]


@dataclass(frozen=True, eq=False)
class Draws:
    """The random draws of the vehicles of a day, in order of arrival; shapes (vehicles,).

    Attributes
    ----------
    arrival_s
        When each would pass the selection point with no vehicle ahead.
    headway_s
        Headway behind the vehicle ahead; 0 for the first.
    diversion_s
        Additional headway behind it if it is diverted.
    look_s
        How long an officer looks at it.
    selected
        Whether its score exceeds the threshold of its class.
    inspection_s
        How long its inspection takes, all stages together; 0 where it is not selected.
    """

    arrival_s: FloatArray
    headway_s: FloatArray
    diversion_s: FloatArray
    look_s: FloatArray
    selected: BoolArray
    inspection_s: FloatArray


def draws_of(traffic: Traffic, plan: Plan) -> Draws:
    """Return the random draws of a day, computed without the functions that the engines use.

    The scenario must have one funnel, no targets, no alarms, and no rule that depends on the area.
    """
    kind = traffic.vehicle_class
    selected = traffic.impression > plan.selection.cutoff[0, kind]
    inspection_s = np.zeros(len(traffic))
    for vehicle in np.flatnonzero(selected).tolist():
        inspection_s[vehicle] = _inspection_s(traffic, plan, vehicle)
    funnel = plan.funnel
    slow_lane_s = funnel.lane_length_m / funnel.lane_speed_ms - funnel.lane_length_m / funnel.road_speed_ms
    return Draws(
        arrival_s=traffic.free_s + _on_grid(np.float64(slow_lane_s)) + funnel.merge_s,
        headway_s=_headways_s(traffic, plan),
        diversion_s=plan.diversion_s[kind],
        look_s=traffic.look_s,
        selected=selected,
        inspection_s=inspection_s,
    )


def _headways_s(traffic: Traffic, plan: Plan) -> FloatArray:
    """Return reaction time plus the time to drive the leader's spacing, times noise; never less than on the road."""
    funnel, noise = plan.funnel, traffic.headway_noise[1:]
    reaction_s = plan.reaction_s[traffic.vehicle_class[1:]]
    leader_m = plan.spacing_m[traffic.vehicle_class[:-1]]
    in_lane_s = (reaction_s + leader_m / funnel.lane_speed_ms) * (noise * funnel.headway_factor)
    on_road_s = (reaction_s + leader_m / funnel.road_speed_ms) * noise / funnel.lanes
    return np.concatenate([[0.0], _on_grid(np.maximum(in_lane_s, on_road_s))])


def _inspection_s(traffic: Traffic, plan: Plan, vehicle: int) -> float:
    """Return the total duration of the stages that apply to a vehicle's class."""
    kind, stages = int(traffic.vehicle_class[vehicle]), plan.inspection
    total_s = 0.0
    for stage in range(stages.after_detection):
        if stages.applies[stage, kind]:
            mean_s = stages.mean_s[stage, kind] + stages.per_occupant_s[stage] * traffic.occupants[vehicle]
            total_s += random_numbers.draw_duration(
                traffic.seed,
                traffic.replication,
                int(stages.duration_purpose[stage]),
                int(traffic.number[vehicle]),
                float(mean_s),
                float(stages.cv[stage]),
                bool(stages.memoryless[stage]),
            )
    return total_s


def _on_grid(time_s: FloatArray | np.float64) -> FloatArray:
    """Round to the grid of the model's clock, on which sums are exact."""
    return np.asarray(np.rint(time_s * GRID_PER_S) / GRID_PER_S)


@dataclass(frozen=True, eq=False)
class Times:
    """Times of the vehicles that find the funnel open; infinite where something did not happen. Shapes (vehicles,).

    Attributes
    ----------
    passed_s
        Passage of the selection point.
    bay_from_s, inspected_from_s, left_s
        When the vehicle got a bay, when its inspection began, and when it left the area.
    """

    passed_s: FloatArray
    bay_from_s: FloatArray
    inspected_from_s: FloatArray
    left_s: FloatArray

    def mean_wait_s(self, divert_s: float) -> float:
        """Return the mean wait of the inspected vehicles in the area, after driving there."""
        inspected = np.isfinite(self.left_s)
        return float((self.inspected_from_s[inspected] - self.passed_s[inspected]).mean()) - divert_s


def times_of(log: Log) -> Times:
    """Return the times in a log of the vehicles that found the funnel open."""
    found_open = log.gate == Gate.OPEN
    inspected_from_s = np.full(len(log.traffic), np.inf)
    np.minimum.at(inspected_from_s, log.stage_vehicle, log.stage_from_s)
    return Times(
        log.passed_s[found_open], log.bay_from_s[found_open], inspected_from_s[found_open], log.left_s[found_open]
    )


def largest_difference_s(one: Times, other: Times) -> float:
    """Return the largest difference of any two times; infinite if something happened in only one of them."""
    largest_s = 0.0
    for mine_s, others_s in zip(astuple(one), astuple(other), strict=True):
        happened = np.isfinite(mine_s)
        if mine_s.shape != others_s.shape or not np.array_equal(happened, np.isfinite(others_s)):
            return float(np.inf)
        largest_s = max(largest_s, float(np.abs(mine_s[happened] - others_s[happened]).max(initial=0.0)))
    return largest_s


def what_happened(log: Log) -> str:
    """Return a sentence on how much happened on a day, and so how much could differ."""
    found_open, inspected = log.gate == Gate.OPEN, log.inspected
    longest_min = (log.passed_s - log.arrival_s)[found_open].max() / MINUTE_S
    said = f"{found_open.sum():,} vehicles, the most delayed by {longest_min:.1f} min"
    if not inspected.any():
        return f"{said}."
    inspected_from_s = np.full(len(log.traffic), np.inf)
    np.minimum.at(inspected_from_s, log.stage_vehicle, log.stage_from_s)
    waited = inspected_from_s[inspected] > log.area_s[inspected]
    said += f"; {inspected.sum():,} inspected, of whom {waited.sum():,} wait"
    full = int((log.fate == Fate.AREA_FULL).sum())
    return f"{said}; {full:,} waved through." if full else f"{said}."
