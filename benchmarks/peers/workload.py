"""Write one replication of the motorway scenario as plain numbers that other simulators can be fed with.

Run as `python benchmarks/peers/workload.py FILE`. The peers replay what funnelsim has drawn and decided: vehicle *i*
leaves the selection point at D(i) = max(comes(i), D(i-1)) + headway(i), which is a queue of one server with the headway
as its service. What the valve, the roster and the officer's look did is contained in these numbers, and so is waiting
for crews in the time in a bay.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.passage import passage_of
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate, Gate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "motorway_early_shift.toml"
SEED, REPLICATION = 1, 3  # a day on which the valve suspends selection and the area gets full


def workload(file=SCENARIO, replication=REPLICATION):
    """Return one replication as numbers and lists, and with it what the peers' figures are held against."""
    scenario = load_scenario(file, ["area.changeover_s=0"])  # the peers know no empty bay between two vehicles
    plan = plan_of(scenario)
    traffic = draw_traffic(plan.road, SEED, replication)
    log = simulate(traffic, plan)
    funnel = plan.funnel
    inspected = log.inspected
    if traffic.funnel.any() or len(funnel.opens_s) > 1 or not log.passed.all():
        raise ValueError("the peers know one funnel, one window, and nobody who turns off")
    in_bay_s = np.where(inspected, log.bay_to_s, 0.0) - np.where(inspected, log.bay_from_s, 0.0)
    wait_s = log.bay_from_s[inspected] - log.area_s[inspected]
    comes_s, headway_s = lane_of(plan, log)
    return {
        "road": {
            "lanes": funnel.lanes,
            "speed_ms": funnel.road_speed_ms,
            "length_m": scenario.approach.length_m,
            "lane_length_m": funnel.lane_length_m,
            "lane_speed_ms": funnel.lane_speed_ms,
        },
        "classes": [
            {"name": name, "reaction_s": reaction_s, "spacing_m": spacing_m}
            for name, reaction_s, spacing_m in zip(
                plan.classes, plan.reaction_s.tolist(), plan.spacing_m.tolist(), strict=True
            )
        ],
        "bays": plan.bays,
        "waiting": plan.waiting,
        "divert_s": plan.divert_s,
        "vehicle_class": traffic.vehicle_class.tolist(),
        "free_s": traffic.free_s.tolist(),
        "baseline_s": log.baseline_s.tolist(),
        "comes_s": comes_s.tolist(),
        "headway_s": headway_s.tolist(),
        "inspected": inspected.tolist(),
        "selected": (inspected | (log.fate == Fate.AREA_FULL)).tolist(),
        # Whom the area had no room for was never inspected: the mean, should a peer have room.
        "inspection_s": np.where(inspected, in_bay_s, in_bay_s[inspected].mean()).tolist(),
        "funnelsim": {
            "delay_mean_s": float((log.passed_s - log.baseline_s).mean()),
            "inspected": int(inspected.sum()),
            "area_wait_mean_s": float(wait_s.mean()),
            "plain_delay_mean_s": float(plain_delay_s(plan, traffic)[~inspected].mean()),
        },
    }


def plain_delay_s(plan, traffic):
    """Return what the slow lane and its queue alone cost if it stands all day: all headways without noise, no looks."""
    headway_s = passage_of(replace(traffic, headway_noise=np.ones(len(traffic))), plan).funnel_headway_s
    clear_s = traffic.free_s + plan.funnel.slow_lane_s
    headway_up_to_s = headway_s.cumsum()
    return np.maximum.accumulate(clear_s - headway_up_to_s) + headway_up_to_s - traffic.free_s


def lane_of(plan, log):
    """Return when each vehicle comes to the server that stands for the lane, and how long it is served there."""
    traffic, funnel = log.traffic, plan.funnel
    passage = passage_of(traffic, plan)
    on_road = np.isin(log.gate, (Gate.NO_FUNNEL, Gate.LIFTED))
    clear_s = np.where(on_road, traffic.free_s, passage.arrival_s)
    meets_closing = np.append(False, (log.gate[1:] == Gate.NO_FUNNEL) & (log.gate[:-1] != Gate.NO_FUNNEL))
    clear_s[meets_closing] = np.maximum(clear_s[meets_closing], funnel.closes_s[0])
    headway_s = np.where(on_road, passage.road_headway_s, passage.funnel_headway_s)
    headway_s[1:] += np.where(log.inspected, plan.diversion_s[traffic.vehicle_class], 0.0)[:-1]
    headway_s = np.where(log.gate == Gate.OPEN, np.maximum(headway_s, traffic.look_s), headway_s)
    headway_s[0] = 0.0
    # A server takes vehicles in the order in which they come. Who would come before the one in front may as well come
    # with it: it is served after that one, and not any later.
    comes_s = np.maximum.accumulate(clear_s - headway_s)
    passed_s = -np.inf
    for comes, headway, as_logged in zip(comes_s.tolist(), headway_s.tolist(), log.passed_s.tolist(), strict=True):
        passed_s = max(comes, passed_s) + headway
        if passed_s != as_logged:
            raise ValueError(f"the lane as a queue lets a vehicle pass at {passed_s} s, the log at {as_logged} s")
    return comes_s, headway_s


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(workload()), encoding="utf-8")
