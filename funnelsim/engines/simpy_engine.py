"""The model of record: the checkpoint as SimPy processes. Arrive, look, divert, wait, inspect, leave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Environment

from funnelsim.arrays import BoolArray
from funnelsim.engines.approach import Approach
from funnelsim.engines.area import Area
from funnelsim.engines.chase import ChaseCars
from funnelsim.engines.lane import Lane
from funnelsim.model import rules
from funnelsim.model.grid import on_grid
from funnelsim.model.log import Log
from funnelsim.model.passage import Passage, passage_of
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic
from funnelsim.units import NEVER


@dataclass(frozen=True, eq=False)
class _Funnel:
    """The parts of one funnel in a run."""

    plan: Plan
    traffic: Traffic
    passage: Passage
    approach: Approach
    lane: Lane


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A checkpoint whose processes are set up and ready to run."""

    env: Environment
    area: Area
    chase: ChaseCars | None
    funnels: list[_Funnel]


def simulate(traffic: Traffic, plan: Plan) -> Log:
    """Run one replication of a plan and return its log.

    Parameters
    ----------
    traffic
        The vehicles, drawn for `plan.road`.
    plan
        The scenario in numbers.
    """
    checkpoint = set_up(traffic, plan)
    checkpoint.env.run()
    return _log(traffic, checkpoint)


def set_up(traffic: Traffic, plan: Plan) -> Checkpoint:
    """Set up the processes of a checkpoint: its roster, its chase cars, and the lane of each funnel."""
    begins_s = min(on_grid(funnel.road.demand.window_s[0]) - funnel.funnel.turn_off_before_s for funnel in plan.funnels)
    env = Environment(initial_time=begins_s)
    area = Area(env, traffic, plan)
    chase = ChaseCars(env, traffic, plan, plan.pursuit, area) if plan.pursuit is not None else None
    funnels = []
    first = 0
    for k, one in enumerate(plan.funnels):
        vehicles = traffic.of_funnel(k) if plan.other_funnels else traffic
        passage = passage_of(vehicles, one)
        approach = Approach(vehicles, one, passage)
        lane = Lane(env, vehicles, one, passage, area, approach, first)
        funnels.append(_Funnel(one, vehicles, passage, approach, lane))
        first += len(vehicles)
        if chase is not None:
            env.process(chase.watch(one, passage, approach, lane.first))
    for funnel in funnels:
        env.process(funnel.lane.vehicles())
    return Checkpoint(env, area, chase, funnels)


def _log(traffic: Traffic, checkpoint: Checkpoint) -> Log:
    area, chase, funnels = checkpoint.area, checkpoint.chase, checkpoint.funnels
    brought_back = np.zeros(len(traffic), dtype=np.bool_)
    brought_back[chase.brought_back if chase is not None else []] = True
    parts = [_columns(funnel, brought_back[funnel.lane.first :][: len(funnel.traffic)]) for funnel in funnels]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    stages = np.array(area.stages, dtype=np.float64).reshape(-1, 4)
    pursuits = np.array(chase.pursuits if chase is not None else [], dtype=np.float64).reshape(-1, 3)
    changes = [(time_s, valve, k) for k, funnel in enumerate(funnels) for time_s, valve in funnel.lane.valve_changes]
    return Log(
        traffic=traffic,
        **columns,
        chase_ready=np.array(chase.ready if chase is not None else [False] * len(traffic), dtype=np.bool_),
        found_at=np.array(area.found_at, dtype=np.int64),
        area_s=np.array(area.area_s),
        bay_from_s=np.array(area.bay_from_s),
        bay_to_s=np.array(area.bay_to_s),
        left_s=np.array(area.left_s),
        stage_vehicle=stages[:, 0].astype(np.int64),
        stage=stages[:, 1].astype(np.int64),
        stage_from_s=stages[:, 2],
        stage_to_s=stages[:, 3],
        pursuit_vehicle=pursuits[:, 0].astype(np.int64),
        pursuit_from_s=pursuits[:, 1],
        pursuit_to_s=pursuits[:, 2],
        valve_s=np.array([time_s for time_s, _, _ in changes], dtype=np.float64),
        valve=np.array([valve for _, valve, _ in changes], dtype=np.int64),
        valve_funnel=np.array([k for _, _, k in changes], dtype=np.int64),
    )


def _columns(funnel: _Funnel, brought_back: BoolArray) -> dict[str, NDArray[Any]]:
    """Return what the log says of each vehicle of a funnel on the road and in the lane."""
    lane, approach, passage = funnel.lane, funnel.approach, funnel.passage
    opens_s, closes_s = funnel.plan.funnel.opens_s.tolist(), funnel.plan.funnel.closes_s.tolist()
    in_window = [rules.window_at(arrival_s, opens_s, closes_s) >= 0 for arrival_s in passage.arrival_s.tolist()]
    told = (lane.fate, in_window, brought_back.tolist(), passage.keeps_away.tolist(), approach.left_at_exit)
    fate = np.array([rules.final_fate(*one) for one in zip(*told, strict=True)], dtype=np.int64)
    passed_s, joined_s, tail_m = np.full(len(fate), NEVER), np.full(len(fate), NEVER), np.zeros(len(fate))
    in_line = approach.in_line
    passed_s[in_line] = approach.passed_s
    joined_s[in_line] = approach.joined_s[: len(in_line)]
    tail_m[in_line] = approach.tail_m[: len(in_line)]
    return {
        "arrival_s": passage.arrival_s,
        "baseline_s": passage.baseline_s,
        "queue_seen": np.array(approach.queue_seen, dtype=np.bool_),
        "passed_s": passed_s,
        "joined_s": joined_s,
        "tail_m": tail_m,
        "gate": np.array(lane.gate, dtype=np.int64),
        "threshold": np.array(lane.threshold),
        "quality": np.array(lane.quality),
        "accepted": np.array(lane.accepted, dtype=np.bool_),
        "fate": fate,
    }
