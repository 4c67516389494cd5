"""Times that need no engine: free and funnel arrivals, headways, and the same road without a funnel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import dice, rules
from funnelsim.model.compiled import compiled
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

headway = compiled(rules.headway)


@dataclass(frozen=True, eq=False)
class Passage:
    """What each vehicle needs on the road, all of shape (vehicles,) but for the last.

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
    spacing_up_to_m
        Sum of the jam spacings of all vehicles before each, shape (vehicles + 1,).
    """

    arrival_s: FloatArray
    baseline_s: FloatArray
    funnel_headway_s: FloatArray
    road_headway_s: FloatArray
    score: FloatArray
    spacing_up_to_m: FloatArray


def passage_of(traffic: Traffic, plan: Plan) -> Passage:
    """Derive what each vehicle needs on the road of a plan."""
    funnel = plan.funnel
    spacing_m = plan.spacing_m[traffic.vehicle_class]
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
        score=traffic.impression + plan.cue[traffic.target],
        spacing_up_to_m=np.concatenate([[0.0], np.cumsum(spacing_m)]),
    )


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
