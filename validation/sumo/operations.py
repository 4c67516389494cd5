"""Operations with a selective stop, told to SUMO and to funnelsim alike, and what comes of them in either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import Engine
from validation.sumo.network import (
    FIRST_PLACE_M,
    LANE_SPEED_MS,
    LAST_PLACE_M,
    PLACES,
    Vehicles,
    every_nth,
)
from validation.sumo.open_road import delays_s, free_flow_s
from validation.sumo.recorded import DEMAND_LASTS_S
from validation.sumo.replayed import replay
from validation.sumo.runs import Made, drive
from validation.sumo.twin import NOBODY, Calibration, Twin, twin_of

MODEL = "Krauss"
LORRY_SHARE, EVERY = 0.25, 20
FROM_S = 900.0  # the lane is saturated from then on, where more comes than it passes
PLACE_M = (LAST_PLACE_M - FIRST_PLACE_M) / PLACES
DIVERT_S = round((FIRST_PLACE_M + PLACE_M * (PLACES + 1) / 2) / LANE_SPEED_MS, 1)  # the mean distance, undelayed


@dataclass(frozen=True)
class Operation:
    """An hour of demand before a lane with or without a control.

    Attributes
    ----------
    demand_vph
        Vehicles in the hour.
    stop_s
        How long those singled out stop; 0 where nobody is singled out.
    saturated
        Whether more comes than passes.
    """

    demand_vph: int
    stop_s: float
    saturated: bool

    @property
    def name(self) -> str:
        """What it is, in words."""
        stops = f"every {EVERY}th stops for {self.stop_s:.0f} s" if self.stop_s else "nobody stops"
        return f"{self.demand_vph:,} vehicles/h, {stops}"

    def vehicles(self, seed: int) -> Vehicles:
        """Draw the vehicles of an hour: their number is given, when they come is uniform."""
        dice = np.random.default_rng([self.demand_vph, seed])
        arrives_s = np.sort(dice.uniform(0.0, DEMAND_LASTS_S, self.demand_vph).round(2))
        lorry = np.zeros(self.demand_vph, dtype=np.bool_)
        lorry[dice.permutation(self.demand_vph)[: round(LORRY_SHARE * self.demand_vph)]] = True
        stops = every_nth(lorry, EVERY) if self.stop_s else np.zeros_like(lorry)
        return Vehicles(arrives_s, lorry, stops, self.stop_s, MODEL)

    @property
    def rest(self) -> Mapping[str, Any]:
        """Selection and area of the scenario."""
        if not self.stop_s:
            return NOBODY
        return {
            "selection": {"rule": "every_nth", "every": {"default": EVERY}},
            "area": {
                "bays": PLACES,
                "waiting": 0,
                "divert_s": DIVERT_S,
                "when_full": "hold",
                "stages": [{"name": "check", "duration": {"mean_s": self.stop_s, "cv": 0.0}}],
            },
        }


@dataclass(frozen=True)
class Numbers:
    """What comes of an operation, as means over its hours.

    Attributes
    ----------
    passed_vph
        Vehicles that leave the lane, an hour, while demand lasts.
    added_s
        Mean delay that the funnel adds, of those who are not singled out.
    longest_m
        The longest queue.
    inspected
        How many stop.
    """

    passed_vph: float
    added_s: float
    longest_m: float
    inspected: float


@dataclass(frozen=True, eq=False)
class Predictor:
    """Funnelsim with what was calibrated to another mix of classes.

    Attributes
    ----------
    calibration
        What was calibrated, without what is lost on the open road.
    before
        Vehicles with the mix of classes for which it holds.
    engine
        That simulates.
    """

    calibration: Calibration
    before: Twin
    engine: Engine

    def predict(self, operation: Operation, seeds: int, diversion_s: Mapping[str, float] | None = None) -> Numbers:
        """Say what will come of an operation.

        Parameters
        ----------
        operation
            Which.
        seeds
            How many hours.
        diversion_s
            What a diversion costs the lane by class; left out, the scenario's default.
        """
        classes = {name: {"diversion_s": cost_s} for name, cost_s in (diversion_s or {}).items()}
        found = []
        for seed in range(1, seeds + 1):
            vehicles = operation.vehicles(seed)
            twin = twin_of(vehicles.arrives_s, vehicles.lorry, seed, {**operation.rest, "classes": classes})
            ours = replay(twin, self.calibration.at_another_mix(self.before, twin), self.engine)
            flow_vph = np.mean([_flow_vph(exit_s) for exit_s in ours.exits_s])
            inspected = np.mean([log.inspected.sum() for log in ours.logs])
            found.append((flow_vph, ours.added_s[:, ~vehicles.stops].mean(), ours.longest_m, inspected))
        return _means(found)


def simulate(operation: Operation, seeds: int) -> tuple[Numbers, list[Made]]:
    """Let SUMO simulate an operation; return also its single hours."""
    lone_s = free_flow_s(MODEL, funnel=True)
    found, made = [], []
    for seed in range(1, seeds + 1):
        vehicles = operation.vehicles(seed)
        one = drive(vehicles, seed, measure_queue=True)
        delay_s = one.exit_s - vehicles.arrives_s - lone_s - delays_s(vehicles, seed, funnel=False)
        inspected = np.isfinite(one.stopped_to_s).sum()
        found.append((_flow_vph(one.exit_s), delay_s[~vehicles.stops].mean(), one.longest_m, inspected))
        made.append(one)
    return _means(found), made


def _flow_vph(exit_s: FloatArray) -> float:
    return float(((exit_s > FROM_S) & (exit_s <= DEMAND_LASTS_S)).sum()) * DEMAND_LASTS_S / (DEMAND_LASTS_S - FROM_S)


def _means(found: Sequence[tuple[Any, ...]]) -> Numbers:
    return Numbers(*(float(np.mean(column)) for column in zip(*found, strict=True)))
