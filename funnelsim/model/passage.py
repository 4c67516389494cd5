"""What is known before an engine runs: arrivals, headways, who keeps away, and the same road without a funnel."""

from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model import random_numbers, rules
from funnelsim.model.compiled import inlined, inner, kernel
from funnelsim.model.decisions import chances_to_evade
from funnelsim.model.plan import Plan
from funnelsim.model.random_streams import EVADES, LISTED
from funnelsim.model.traffic import Traffic


@dataclass(frozen=True, eq=False)
class Passage:
    """What each vehicle of a funnel needs on its road, all of shape (vehicles,).

    Attributes
    ----------
    arrival_s
        Unobstructed arrival at the selection point through the funnel.
    baseline_s
        Passage of the selection point on the same road without a funnel.
    funnel_headway_s, road_headway_s
        Headway behind the vehicle in front in the lane, and on all lanes of the road.
    score
        Impression at the look, with the cue of a target.
    listed
        Whether the watch list has a hit.
    turns_off_s
        When it comes to where it could turn off: the exit, or the taper where there is none.
    keeps_away
        Whether it keeps away whatever the queue: its driver was warned, or turns away at the sight of the funnel.
    turns_away
        Whether it turns away at the sight of the funnel, so that it could be pursued.
    """

    arrival_s: FloatArray
    baseline_s: FloatArray
    funnel_headway_s: FloatArray
    road_headway_s: FloatArray
    score: FloatArray
    listed: BoolArray
    turns_off_s: FloatArray
    keeps_away: BoolArray
    turns_away: BoolArray


def passage_of(traffic: Traffic, plan: Plan) -> Passage:
    """Derive what each vehicle of one funnel needs on its road."""
    funnel, selection, evasion = plan.funnel, plan.selection, plan.evasion
    drawn = traffic.seed, traffic.replication
    funnel_headway_s, road_headway_s, baseline_s = (np.empty(len(traffic)) for _ in range(3))
    listed, keeps_away, turns_away = (np.empty(len(traffic), dtype=np.bool_) for _ in range(3))
    turns_off_s = traffic.free_s - funnel.turn_off_before_s
    headways_into(
        traffic.free_s,
        traffic.vehicle_class,
        traffic.headway_noise,
        plan.reaction_s,
        plan.spacing_m,
        funnel.lane_speed_ms,
        funnel.headway_factor,
        funnel.road_speed_ms,
        funnel.lanes,
        funnel_headway_s,
        road_headway_s,
        baseline_s,
    )
    listed_into(traffic.number, traffic.target, selection.listed, *drawn, listed)
    evaders_into(
        traffic.number,
        traffic.target,
        turns_off_s,
        funnel.opens_s,
        funnel.closes_s,
        evasion.alerted,
        evasion.half_life_s,
        evasion.visible,
        *drawn,
        keeps_away,
        turns_away,
    )
    return Passage(
        arrival_s=traffic.free_s + (funnel.merge_s + funnel.slow_lane_s),
        baseline_s=baseline_s,
        funnel_headway_s=funnel_headway_s,
        road_headway_s=road_headway_s,
        score=traffic.impression + selection.cue[traffic.target],
        listed=listed,
        turns_off_s=turns_off_s,
        keeps_away=keeps_away,
        turns_away=turns_away,
    )


def headway_behind(traffic: Traffic, plan: Plan, vehicle: int, leader: int) -> tuple[float, float]:
    """Return the headways of a vehicle in the lane and on the road, behind a leader other than its neighbour."""
    return headways(
        plan.reaction_s[traffic.vehicle_class[vehicle]],
        plan.spacing_m[traffic.vehicle_class[leader]],
        traffic.headway_noise[vehicle],
        plan.funnel.lane_speed_ms,
        plan.funnel.headway_factor,
        plan.funnel.road_speed_ms,
        plan.funnel.lanes,
    )


@inlined
def headways(
    reaction_s: float,
    leader_m: float,
    noise: float,
    lane_speed_ms: float,
    headway_factor: float,
    road_speed_ms: float,
    lanes: int,
) -> tuple[float, float]:
    """Return a vehicle's headway in the lane and on the road, on the grid of the clock."""
    in_lane = rules.headway(reaction_s, leader_m, lane_speed_ms, noise * headway_factor)
    on_road = rules.headway(reaction_s, leader_m, road_speed_ms, noise) / lanes
    in_lane = max(in_lane, on_road)  # vehicles cannot come closer in the lane than on the road
    return random_numbers.on_grid(in_lane), random_numbers.on_grid(on_road)


@kernel
def headways_into(
    free_s: FloatArray,
    vehicle_class: IntArray,
    noise: FloatArray,
    reaction_s: FloatArray,
    spacing_m: FloatArray,
    lane_speed_ms: float,
    headway_factor: float,
    road_speed_ms: float,
    lanes: int,
    funnel_headway_s: FloatArray,
    road_headway_s: FloatArray,
    baseline_s: FloatArray,
) -> None:
    """Write the headways behind the neighbour, and the passages of a road without a funnel; shapes (vehicles,)."""
    for i in range(1, len(free_s)):
        funnel_headway_s[i], road_headway_s[i] = headways(
            reaction_s[vehicle_class[i]],
            spacing_m[vehicle_class[i - 1]],
            noise[i],
            lane_speed_ms,
            headway_factor,
            road_speed_ms,
            lanes,
        )
    funnel_headway_s[:1] = road_headway_s[:1] = 0.0
    passed_s = -np.inf
    for i in range(len(free_s)):
        passed_s = max(free_s[i], passed_s + road_headway_s[i])
        baseline_s[i] = passed_s


@inner
def some(chances: FloatArray) -> bool:
    """Tell whether any chance is above 0."""
    highest = 0.0
    for chance in chances:
        highest = max(highest, chance)
    return highest > 0.0


@kernel
def listed_into(
    number: IntArray, target: IntArray, chance: FloatArray, seed: int, replication: int, listed: BoolArray
) -> None:
    """Draw which vehicles the watch list names, by status; without a chance nothing is drawn."""
    listed[:] = False
    if not some(chance):
        return
    stream = random_numbers.stream(seed, replication, LISTED)
    for i in range(len(number)):
        listed[i] = random_numbers.uniform(stream, number[i]) < chance[target[i]]


@kernel
def evaders_into(
    number: IntArray,
    target: IntArray,
    turns_off_s: FloatArray,
    opens_s: FloatArray,
    closes_s: FloatArray,
    alerted: FloatArray,
    half_life_s: FloatArray,
    visible: FloatArray,
    seed: int,
    replication: int,
    keeps_away: BoolArray,
    turns_away: BoolArray,
) -> None:
    """Draw who keeps away whatever the queue, and who of these turns away at the sight of the funnel."""
    keeps_away[:] = False
    turns_away[:] = False
    if not (some(alerted) or some(visible)):
        return
    stream = random_numbers.stream(seed, replication, EVADES)
    for i in range(len(number)):
        away, turns = chances_to_evade(
            turns_off_s[i], opens_s, closes_s, alerted[target[i]], half_life_s[target[i]], visible[target[i]]
        )
        u = random_numbers.uniform(stream, number[i])
        keeps_away[i] = u < away + turns
        turns_away[i] = away <= u < away + turns
