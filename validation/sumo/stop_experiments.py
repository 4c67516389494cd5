"""Experiments with a selective stop, the same for SUMO and for funnelsim, and their results in each."""

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
from validation.sumo.runs import SumoRun, drive
from validation.sumo.twin import NOBODY, Calibration, Twin, twin_of

MODEL = "Krauss"
LORRY_SHARE, EVERY = 0.25, 20
HELD_S = 20.0  # driving from the lane's end to the farthest place takes less
NEAR_S = 10.0  # a longer headway is a gap in the traffic, or the lane was held
FROM_S = 900.0  # the lane is saturated from then on, where more comes than it passes
PLACE_M = (LAST_PLACE_M - FIRST_PLACE_M) / PLACES
DIVERT_S = round((FIRST_PLACE_M + PLACE_M * (PLACES + 1) / 2) / LANE_SPEED_MS, 1)  # the mean distance, undelayed


@dataclass(frozen=True)
class StopExperiment:
    """An hour of demand at a lane with or without a control behind it.

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
        """Description in words."""
        stops = f"every {EVERY}th stops for {self.stop_s:.0f} s" if self.stop_s else "nobody stops"
        return f"{self.demand_vph:,} vehicles/h, {stops}"

    def vehicles(self, seed: int) -> Vehicles:
        """Draw the vehicles of an hour: their number is given, when they come is uniform."""
        rng = np.random.default_rng([self.demand_vph, seed])
        arrives_s = np.sort(rng.uniform(0.0, DEMAND_LASTS_S, self.demand_vph).round(2))
        lorry = np.zeros(self.demand_vph, dtype=np.bool_)
        lorry[rng.permutation(self.demand_vph)[: round(LORRY_SHARE * self.demand_vph)]] = True
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
class StopResults:
    """Results of an experiment, as means over its hours.

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

    def predict(
        self, experiment: StopExperiment, seeds: int, diversion_s: Mapping[str, float] | None = None
    ) -> StopResults:
        """Predict the results of an experiment.

        Parameters
        ----------
        experiment
            Which.
        seeds
            How many hours.
        diversion_s
            What a diversion costs the lane by class; by default that of the scenario.
        """
        classes = {name: {"diversion_s": cost_s} for name, cost_s in (diversion_s or {}).items()}
        found = []
        for seed in range(1, seeds + 1):
            vehicles = experiment.vehicles(seed)
            twin = twin_of(vehicles.arrives_s, vehicles.lorry, seed, {**experiment.rest, "classes": classes})
            ours = replay(twin, self.calibration.at_another_mix(self.before, twin), self.engine)
            flow_vph = np.mean([_flow_vph(exit_s) for exit_s in ours.exits_s])
            inspected = np.mean([log.inspected.sum() for log in ours.logs])
            found.append((flow_vph, ours.added_s[:, ~vehicles.stops].mean(), ours.longest_m, inspected))
        return _means(found)


def simulate(experiment: StopExperiment, seeds: int) -> tuple[StopResults, list[SumoRun]]:
    """Simulate an experiment with SUMO; return also its single hours."""
    lone_s = free_flow_s(MODEL, funnel=True)
    found, made = [], []
    for seed in range(1, seeds + 1):
        vehicles = experiment.vehicles(seed)
        one = drive(vehicles, seed, measure_queue=True)
        delay_s = one.exit_s - vehicles.arrives_s - lone_s - delays_s(vehicles, seed, funnel=False)
        inspected = np.isfinite(one.stopped_to_s).sum()
        found.append((_flow_vph(one.exit_s), delay_s[~vehicles.stops].mean(), one.longest_m, inspected))
        made.append(one)
    return _means(found), made


def _flow_vph(exit_s: FloatArray) -> float:
    return float(((exit_s > FROM_S) & (exit_s <= DEMAND_LASTS_S)).sum()) * DEMAND_LASTS_S / (DEMAND_LASTS_S - FROM_S)


def _means(found: Sequence[tuple[Any, ...]]) -> StopResults:
    return StopResults(*(float(np.mean(column)) for column in zip(*found, strict=True)))


@dataclass(frozen=True)
class Costs:
    """Seconds that one vehicle costs the lane.

    Attributes
    ----------
    diverted_car_s, diverted_lorry_s
        How much longer the headway behind a diverted vehicle is than behind one of its class that drives on.
    restart_s
        How long after a place has become free for one that held the lane the next vehicle leaves it.
    way_s
        How long a vehicle drives from the lane to its place, from when one is free.
    """

    diverted_car_s: float
    diverted_lorry_s: float
    restart_s: float
    way_s: float


def costs_of(vehicles: Sequence[Vehicles], made: Sequence[SumoRun]) -> Costs:
    """Measure the costs over some runs; not a number where nothing of the kind happened."""
    behind = {(lorry, stops): [np.empty(0)] for lorry in (False, True) for stops in (False, True)}
    restarts_s, ways_s = [np.empty(0)], [np.empty(0)]
    for who, what in zip(vehicles, made, strict=True):
        order = np.argsort(what.exit_s, kind="stable")
        leader = order[:-1]
        gap_s = np.diff(what.exit_s[order])
        held = what.stopped_from_s[leader] - what.exit_s[leader] > HELD_S
        ends_s = np.sort(what.stopped_to_s[who.stops])
        freed_s = np.append(-np.inf, ends_s)[np.searchsorted(ends_s, what.stopped_from_s[leader], side="right")]
        from_s = np.where(held, freed_s, what.exit_s[leader])
        restarts_s.append((what.exit_s[order[1:]] - freed_s)[held])
        ways_s.append((what.stopped_from_s[leader] - from_s)[who.stops[leader]])
        for (lorry, stops), found in behind.items():
            here = (who.lorry[leader] == lorry) & (who.stops[leader] == stops) & (gap_s < NEAR_S)
            found.append(gap_s[here])
    mean_s = {kind: _mean(found) for kind, found in behind.items()}
    car_s, lorry_s = (mean_s[lorry, True] - mean_s[lorry, False] for lorry in (False, True))
    return Costs(car_s, lorry_s, _mean(restarts_s), _mean(ways_s))


def _mean(parts: list[FloatArray]) -> float:
    values = np.concatenate(parts)
    return float(values.mean()) if len(values) else float("nan")
