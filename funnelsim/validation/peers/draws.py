"""The dice of one day as the plain numbers that a recursion or another simulator is fed with."""

from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model import dice
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic

GRID_PER_S = 2.0**20  # the model's clock


@dataclass(frozen=True, eq=False)
class Draws:
    """What chance has in store for the vehicles of a day, in the order in which they come; shapes (vehicles,).

    Attributes
    ----------
    arrival_s
        When each would pass the selection point if nobody were in front of it.
    headway_s
        What it needs behind the vehicle in front; 0 for the first.
    diversion_s
        What singling it out costs the vehicle behind it.
    look_s
        What an officer needs to look at it.
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
    """Return what a day's dice say, computed from the draws and not with the functions that the engines use.

    A scenario of one funnel without targets, alarms or a rule that looks at the area is expected.
    """
    kind = traffic.vehicle_class
    selected = traffic.impression > plan.choice.cutoff[kind]
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
    """Return reaction time and the time to roll over the leader's spacing, scattered; at least what the road needs."""
    funnel, noise = plan.funnel, traffic.headway_noise[1:]
    reaction_s = plan.reaction_s[traffic.vehicle_class[1:]]
    leader_m = plan.spacing_m[traffic.vehicle_class[:-1]]
    in_lane_s = (reaction_s + leader_m / funnel.lane_speed_ms) * (noise * funnel.headway_factor)
    on_road_s = (reaction_s + leader_m / funnel.road_speed_ms) * noise / funnel.lanes
    return np.concatenate([[0.0], _on_grid(np.maximum(in_lane_s, on_road_s))])


def _inspection_s(traffic: Traffic, plan: Plan, vehicle: int) -> float:
    """Return the sum of the stages that a vehicle's class goes through."""
    kind, stages = int(traffic.vehicle_class[vehicle]), plan.inspection
    total_s = 0.0
    for stage in range(stages.after_detection):
        if stages.applies[stage, kind]:
            mean_s = stages.mean_s[stage, kind] + stages.per_occupant_s[stage] * traffic.occupants[vehicle]
            total_s += dice.draw_duration(
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
    """Round to the grid of the clock, on which sums are exact."""
    return np.asarray(np.rint(time_s * GRID_PER_S) / GRID_PER_S)
