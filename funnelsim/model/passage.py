"""What needs no engine: free and funnel arrivals, headways, who keeps away, the same road without a funnel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import dice, rules
from funnelsim.model.compiled import compiled
from funnelsim.model.evasion import turning_of
from funnelsim.model.plan import Plan
from funnelsim.model.purposes import EVADES, LISTED
from funnelsim.model.traffic import Traffic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

headway = compiled(rules.headway)


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
        Whether it keeps out of the way whatever the queue: the word has reached it, or it turns at the sight.
    turns_away
        Whether it is one of these that turns at the sight of the funnel, so that it could be pursued.
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
    funnel = plan.funnel
    keeps_away, turns_away = _evaders(traffic, plan)
    funnel_headway_s, road_headway_s, baseline_s = _headways(
        traffic.free_s,
        traffic.vehicle_class,
        traffic.headway_noise,
        plan.reaction_s,
        plan.spacing_m,
        funnel.lane_speed_ms,
        funnel.headway_factor,
        funnel.road_speed_ms,
        funnel.lanes,
    )
    return Passage(
        arrival_s=traffic.free_s + (funnel.merge_s + funnel.slow_lane_s),
        baseline_s=baseline_s,
        funnel_headway_s=funnel_headway_s,
        road_headway_s=road_headway_s,
        score=traffic.impression + plan.choice.cue[traffic.target],
        listed=_drawn(traffic, LISTED, plan.choice.listed[traffic.target]),
        turns_off_s=traffic.free_s - funnel.turn_off_before_s,
        keeps_away=keeps_away,
        turns_away=turns_away,
    )


def _evaders(traffic: Traffic, plan: Plan) -> tuple[BoolArray, BoolArray]:
    """Draw who keeps out of the way whatever the queue, and who of them turns at the sight of the funnel."""
    nobody = np.zeros(len(traffic), dtype=np.bool_)
    if not plan.evasion.before_the_queue:
        return nobody, nobody
    turning = turning_of(plan.evasion, plan.funnel, traffic.free_s, queue_seen=nobody)
    who = np.arange(len(traffic)), traffic.target
    away, turns = turning.stays_away[who], turning.turns_away[who]
    u = dice.draws(traffic.seed, traffic.replication, EVADES, traffic.number)
    return u < away + turns, (u >= away) & (u < away + turns)


def _drawn(traffic: Traffic, purpose: int, chance: FloatArray) -> BoolArray:
    """Draw for each vehicle whether something of a given chance happens; without a chance nothing is drawn."""
    if not chance.any():
        return np.zeros(len(traffic), dtype=np.bool_)
    happens: BoolArray = dice.draws(traffic.seed, traffic.replication, purpose, traffic.number) < chance
    return happens


def headway_behind(traffic: Traffic, plan: Plan, vehicle: int, leader: int) -> tuple[float, float]:
    """Return the headway of a vehicle behind another than its neighbour, in the lane and on the road."""
    pair = np.array([leader, vehicle])
    in_lane, on_road, _ = _headways(
        traffic.free_s[pair],
        traffic.vehicle_class[pair],
        traffic.headway_noise[pair],
        plan.reaction_s,
        plan.spacing_m,
        plan.funnel.lane_speed_ms,
        plan.funnel.headway_factor,
        plan.funnel.road_speed_ms,
        plan.funnel.lanes,
    )
    return float(in_lane[1]), float(on_road[1])


@compiled
def _headways(
    free_s: FloatArray,
    vehicle_class: IntArray,
    noise: FloatArray,
    reaction_s: FloatArray,
    spacing_m: FloatArray,
    lane_speed_ms: float,
    headway_factor: float,
    road_speed_ms: float,
    lanes: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    count = len(free_s)
    funnel_headway_s = np.zeros(count)
    road_headway_s = np.zeros(count)
    baseline_s = free_s.copy()
    for i in range(1, count):
        reaction = reaction_s[vehicle_class[i]]
        leader_m = spacing_m[vehicle_class[i - 1]]
        in_lane = headway(reaction, leader_m, lane_speed_ms, noise[i] * headway_factor)
        on_road = headway(reaction, leader_m, road_speed_ms, noise[i]) / lanes
        funnel_headway_s[i] = dice.on_grid(max(in_lane, on_road))  # the road cannot bring them any closer
        road_headway_s[i] = dice.on_grid(on_road)
        baseline_s[i] = max(free_s[i], baseline_s[i - 1] + road_headway_s[i])
    return funnel_headway_s, road_headway_s, baseline_s
