"""The reference experiment: SUMO's results for twelve hours of traffic at one lane, vehicle by vehicle.

The README beside the data says how it was made and what its numbers mean.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from funnelsim.arrays import BoolArray, FloatArray

DATA = Path(__file__).with_name("data")
MODELS = ("Krauss", "IDM")  # SUMO's car-following models
DEMANDS_VPH = (900, 1200, 1500, 1800)
CALIBRATED_VPH = 1500
SATURATED_VPH = 1500  # from here on demand exceeds capacity
DEMAND_LASTS_S = 3600.0
FREE_FLOW_S = {"Krauss": (157.0, 159.0), "IDM": (160.0, 162.0)}  # of a lone car and a lone lorry, from end to end
SOURCE = "SUMO 1.28.0, the reference experiment"


@dataclass(frozen=True, eq=False)
class Hour:
    """One hour of demand with SUMO's results.

    Attributes
    ----------
    demand_vph, seed
        Which of the runs this is.
    arrives_s
        When each vehicle comes to the start of the approach, in order, shape (vehicles,).
    lorry
        Whether it is one.
    exit_s
        When it leaves the one-lane section, by car-following model.
    """

    demand_vph: int
    seed: int
    arrives_s: FloatArray
    lorry: BoolArray
    exit_s: dict[str, FloatArray]

    def delay_s(self, model: str) -> FloatArray:
        """Return how much longer each vehicle took than a lone one of its class takes through the same lane."""
        car_s, lorry_s = FREE_FLOW_S[model]
        return self.exit_s[model] - self.arrives_s - np.where(self.lorry, lorry_s, car_s)


@dataclass(frozen=True)
class Queue:
    """The longest queue of a demand, a mean over the seeds.

    Attributes
    ----------
    longest_m
        From the taper upstream: cells of 50 m in which the mean speed is below 40 km/h, without a gap.
    vehicles
        How many are in it.
    """

    longest_m: float
    vehicles: float

    def density(self, lanes: int) -> float:
        """Return the vehicles per kilometre and lane."""
        return 1000.0 * self.vehicles / (self.longest_m * lanes)


@dataclass(frozen=True)
class OpenRoad:
    """What the vehicles of an hour lose on the same road without a funnel, against a lone one of their class.

    Attributes
    ----------
    mean_s, p95_s
        Mean, and what 95 % stay below.
    """

    mean_s: float
    p95_s: float


def hours() -> list[Hour]:
    """Return the runs of the reference experiment, by demand and seed."""
    table = _table("vehicles.csv.gz")
    made = []
    for key, rows in table.group_by("demand", "seed", maintain_order=True):
        demand_vph, seed = (int(str(part)) for part in key)
        exit_s = {name: rows[f"exit_{name.lower()}_s"].to_numpy().astype(np.float64) for name in MODELS}
        lorry = rows["lorry"].to_numpy().astype(np.bool_)
        made.append(Hour(demand_vph, seed, rows["arrives_cs"].to_numpy() / 100.0, lorry, exit_s))
    return made


def queues(model: str) -> dict[int, Queue]:
    """Return the longest queue of each demand."""
    rows = _table("queues.csv").filter(pl.col("model") == model)
    return {demand: Queue(metres, vehicles) for _, demand, metres, vehicles in rows.iter_rows()}


def open_road(model: str) -> dict[tuple[int, int], OpenRoad]:
    """Return by demand and seed what the vehicles lose without a funnel."""
    rows = _table("open_road.csv").filter(pl.col("model") == model)
    return {(demand, seed): OpenRoad(mean_s, p95_s) for _, demand, seed, mean_s, p95_s in rows.iter_rows()}


def lost_without_funnel(model: str) -> dict[int, OpenRoad]:
    """Return the same by demand, as means over the seeds."""
    found: dict[int, list[OpenRoad]] = {}
    for (demand, _), lost in open_road(model).items():
        found.setdefault(demand, []).append(lost)
    return {
        demand: OpenRoad(float(np.mean([one.mean_s for one in lost])), float(np.mean([one.p95_s for one in lost])))
        for demand, lost in found.items()
    }


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv(DATA / name)
