"""The funnel as an engine needs it: its windows, its lane, the road upstream and the safety valve."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.grid import on_grid
from funnelsim.scenario.demand import Demand
from funnelsim.units import HOUR_S, MINUTE_S, MS_PER_KMH

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False)
class Funnel:
    """The lane and the road around it, in metres, seconds and metres per second.

    Attributes
    ----------
    opens_s, last_selection_s, closes_s
        When the funnel stands, and when its last minutes without new diversions begin, each of shape (windows,).
    lanes, road_speed_ms, wave_speed_ms
        The road upstream.
    lane_length_m, lane_speed_ms
        The lane.
    merge_s, slow_lane_s
        What braking and merging, and the slow lane, cost every vehicle.
    headway_factor
        What scales the headways to a counted capacity.
    suspend_at_m, resume_at_m, lift_at_m
        The safety valve; infinite where there is none.
    exit_m, leave_when_tail_m
        The last exit upstream of the taper, and the queue for which drivers leave there; infinite where there is none.
    warning_m, critical_m
        The warning sign, and where a queue becomes spillback; infinite where there is no such point.
    approach_m
        Length of the approach.
    tail_speed_difference_ms
        Meeting the end of the queue this much faster than the queue moves is dangerous.
    """

    opens_s: FloatArray
    last_selection_s: FloatArray
    closes_s: FloatArray
    lanes: int
    road_speed_ms: float
    wave_speed_ms: float
    lane_length_m: float
    lane_speed_ms: float
    merge_s: float
    slow_lane_s: float
    headway_factor: float
    suspend_at_m: float
    resume_at_m: float
    lift_at_m: float
    exit_m: float
    leave_when_tail_m: float
    warning_m: float
    critical_m: float
    approach_m: float
    tail_speed_difference_ms: float

    @property
    def per_lane(self) -> float:
        """Metres of road that a vehicle in a queue on all lanes takes for each metre of its spacing."""
        return 1.0 / self.lanes

    @property
    def road_slowness(self) -> float:
        """Seconds per metre on the free road."""
        return 1.0 / self.road_speed_ms

    @property
    def wave_slowness(self) -> float:
        """Seconds per metre of the wave that moves back through a standing queue."""
        return 1.0 / self.wave_speed_ms

    @property
    def turn_off_before_s(self) -> float:
        """How long before its free passage of the selection point a vehicle decides whether to turn off.

        That is at the exit; on a road without an exit, at the taper.
        """
        upstream_m = self.exit_m if np.isfinite(self.exit_m) else 0.0
        return on_grid((self.lane_length_m + upstream_m) / self.road_speed_ms)


def funnel_of(scenario: "Scenario", demand: Demand) -> Funnel:
    """Turn a scenario's windows, approach, lane and valve into numbers."""
    operation, approach, lane = scenario.operation, scenario.approach, scenario.lane
    valve = scenario.selection.valve
    lane_speed_ms = lane.speed_kmh * MS_PER_KMH
    road_speed_ms = approach.speed_kmh * MS_PER_KMH
    factor = 1.0
    if lane.capacity_vph is not None:
        factor = natural_capacity_vph(scenario, demand) / lane.capacity_vph
    stop_s = on_grid(operation.stop_selecting_min * MINUTE_S)
    return Funnel(
        opens_s=np.array([window.opens_s for window in operation.windows]),
        last_selection_s=np.array([window.closes_s - stop_s for window in operation.windows]),
        closes_s=np.array([window.closes_s for window in operation.windows]),
        lanes=approach.lanes,
        road_speed_ms=road_speed_ms,
        wave_speed_ms=approach.wave_speed_kmh * MS_PER_KMH,
        lane_length_m=lane.length_m,
        lane_speed_ms=lane_speed_ms,
        merge_s=on_grid(approach.merge_s),
        slow_lane_s=on_grid(max(0.0, lane.length_m / lane_speed_ms - lane.length_m / road_speed_ms)),
        headway_factor=factor,
        suspend_at_m=valve.suspend_at_m or np.inf,
        resume_at_m=valve.resume_at_m,
        lift_at_m=valve.lift_at_m or np.inf,
        exit_m=approach.exit.at_m if approach.exit else np.inf,
        leave_when_tail_m=approach.exit.leave_when_tail_m if approach.exit else np.inf,
        warning_m=approach.warning_m or np.inf,
        critical_m=approach.critical_m or np.inf,
        approach_m=approach.length_m,
        tail_speed_difference_ms=approach.tail_speed_difference_kmh * MS_PER_KMH,
    )


def natural_capacity_vph(scenario: "Scenario", demand: Demand) -> float:
    """Return the capacity of the lane for the operation's mix of classes that spacing and reaction time give."""
    mix = demand.mix((window.opens_s, window.closes_s) for window in scenario.operation.windows)
    speed_ms = scenario.lane.speed_kmh * MS_PER_KMH
    headways = [
        scenario.classes[name].reaction_s + scenario.classes[name].spacing_m / speed_ms for name in demand.classes
    ]
    return HOUR_S / float(mix @ np.array(headways))
