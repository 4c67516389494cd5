"""What SUMO's vehicles lose without any funnel, because their drivers want different speeds.

A delay that is counted from the free flow of a vehicle's class contains this; one that is counted from the same road
without a funnel, as funnelsim counts, does not.
"""

import numpy as np

from funnelsim.arrays import FloatArray
from validation.sumo.network import Vehicles
from validation.sumo.recorded import Hour, OpenRoad
from validation.sumo.runs import drive


def vehicles_of(hour: Hour, model: str) -> Vehicles:
    """Return the vehicles of a recorded hour, none of whom is singled out."""
    return Vehicles(hour.arrives_s, hour.lorry, np.zeros(len(hour.lorry), dtype=np.bool_), model=model)


def free_flow_s(model: str, *, funnel: bool) -> float:
    """Return how long a lone car takes that is driven steadily at the limit."""
    nobody = np.zeros(1, dtype=np.bool_)
    lone = Vehicles(np.zeros(1), nobody, nobody, model=model, speed_spread=0.0, imperfect=0.0)
    return float(drive(lone, 1, funnel=funnel).exit_s[0])


def delays_s(vehicles: Vehicles, seed: int, *, funnel: bool) -> FloatArray:
    """Return how much longer each vehicle takes than a lone car."""
    exit_s = drive(vehicles, seed, funnel=funnel).exit_s
    return exit_s - vehicles.arrives_s - free_flow_s(vehicles.model, funnel=funnel)


def lost(hour: Hour, model: str) -> OpenRoad:
    """Let SUMO drive the vehicles of a recorded hour down the road without a funnel."""
    delay_s = delays_s(vehicles_of(hour, model), hour.seed, funnel=False)
    return OpenRoad(float(delay_s.mean()), float(np.quantile(delay_s, 0.95)))
