"""The plan: a scenario as the plain numbers and arrays that an engine needs."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.grid import on_grid
from funnelsim.model.inspection import Inspection, inspection_of, of_class
from funnelsim.scenario.demand import Demand, bunching, demand_of
from funnelsim.scenario.roster import Duty, duty_of

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PER_10K = 10_000.0
MS_PER_KMH = 1.0 / 3.6


@dataclass(frozen=True, eq=False)
class Road:
    """Everything that traffic depends on: plans that agree in it meet the same vehicles.

    Attributes
    ----------
    demand
        Expected vehicles by interval and class.
    arrivals
        "poisson", "bunched", "counted" or "trace".
    least_gap_s, bunching_factor
        Cowan's M3; 0 and 0 for independent arrivals.
    prevalence
        Chance that a vehicle is a target, shape (classes, target types).
    headway_cv, look_mean_s, look_cv
        Scatter of headways and looks.
    """

    demand: Demand
    arrivals: str
    least_gap_s: float
    bunching_factor: float
    prevalence: FloatArray
    headway_cv: float
    look_mean_s: float
    look_cv: float


@dataclass(frozen=True, eq=False)
class Funnel:
    """The lane and the road around it, in metres, seconds and metres per second."""

    opens_s: float
    last_selection_s: float
    closes_s: float
    lanes: int
    road_speed_ms: float
    wave_speed_ms: float
    lane_length_m: float
    lane_speed_ms: float
    merge_s: float
    slow_lane_s: float
    headway_factor: float
    look_officers: int
    suspend_at_m: float
    resume_at_m: float
    lift_at_m: float


@dataclass(frozen=True, eq=False)
class Plan:
    """One scenario, ready for an engine.

    Attributes
    ----------
    classes, targets
        Names; a vehicle's target index 0 is "ordinary", k the k-th of `targets`.
    road, funnel, inspection
        Traffic, lane, and stages.
    reaction_s, spacing_m, diversion_s
        By class, shape (classes,).
    rule
        Name of the selection rule.
    cutoff
        Threshold of the score by class: the class quantile of its selection rate, shape (classes,).
    every
        The n of `every_nth` by class, shape (classes,); 0 for a class that is never selected.
    cue
        Mean of the score by target type, 0 for an ordinary vehicle, shape (target types + 1,).
    bays, waiting, divert_s, hold
        The area.
    duty
        The roster.
    capacity_times_s, capacity
        Steps of what inspections may use of each pool, shapes (steps,) and (steps, pools).
    critical_m
        A queue beyond this is spillback; infinite where there is no such point.
    persons, delay_cost_per_h
        Persons by target type, shape (target types + 1,), and cost of delay by class, shape (classes,).
    """

    classes: tuple[str, ...]
    targets: tuple[str, ...]
    road: Road
    funnel: Funnel
    inspection: Inspection
    reaction_s: FloatArray
    spacing_m: FloatArray
    diversion_s: FloatArray
    rule: str
    cutoff: FloatArray
    every: IntArray
    cue: FloatArray
    bays: int
    waiting: int
    divert_s: float
    hold: bool
    duty: Duty
    capacity_times_s: FloatArray
    capacity: IntArray
    critical_m: float
    persons: IntArray
    delay_cost_per_h: FloatArray

    @property
    def window_s(self) -> tuple[float, float]:
        """Opening and closing, in seconds after midnight of the first day."""
        return self.funnel.opens_s, self.funnel.closes_s


def plan_of(scenario: "Scenario", demand: Demand | None = None) -> Plan:
    """Turn a scenario into a plan: names into indices, units into seconds and metres, the roster into steps.

    Parameters
    ----------
    scenario
        What the planner wrote.
    demand
        The scenario's demand, where it is known already; else its counts are read.

    Raises
    ------
    ScenarioError
        If the counts that the scenario names cannot be used.
    """
    classes = tuple(scenario.classes)
    demand = demand if demand is not None else demand_of(scenario)
    duty = duty_of(scenario)
    inspection = inspection_of(scenario, duty)
    times_s, capacity = _capacity(scenario, duty, inspection)
    by_class = [scenario.classes[name] for name in classes]
    rate = np.array([of_class(scenario.selection.rate, name, 0.05) for name in classes])
    every = np.array([of_class(scenario.selection.every, name, 20) for name in classes], dtype=np.int64)
    quality = [target.cue_auc for target in scenario.targets] if scenario.selection.rule == "score" else []
    cue = np.zeros(len(scenario.targets) + 1)
    cue[1 : len(quality) + 1] = [np.sqrt(2.0) * NormalDist().inv_cdf(auc) for auc in quality]
    return Plan(
        classes=classes,
        targets=tuple(target.name for target in scenario.targets),
        road=_road(scenario, demand),
        funnel=_funnel(scenario, demand),
        inspection=inspection,
        reaction_s=np.array([entry.reaction_s for entry in by_class]),
        spacing_m=np.array([entry.spacing_m for entry in by_class]),
        diversion_s=np.array([on_grid(entry.diversion_s) for entry in by_class]),
        rule=scenario.selection.rule,
        cutoff=np.array([_cutoff(share) for share in rate]),
        every=np.where(rate > 0, every, 0),
        cue=cue,
        bays=scenario.area.bays,
        waiting=scenario.area.waiting,
        divert_s=on_grid(scenario.area.divert_s),
        hold=scenario.area.when_full == "hold",
        duty=duty,
        capacity_times_s=times_s,
        capacity=capacity,
        critical_m=scenario.approach.critical_m or np.inf,
        persons=np.array([0, *(target.persons for target in scenario.targets)], dtype=np.int64),
        delay_cost_per_h=np.array([entry.delay_cost_per_h for entry in by_class]),
    )


def _cutoff(rate: float) -> float:
    """Return the score that a share `rate` of ordinary vehicles exceeds."""
    if rate <= 0.0:
        return np.inf
    return -np.inf if rate >= 1.0 else -NormalDist().inv_cdf(rate)


def _road(scenario: "Scenario", demand: Demand) -> Road:
    least_gap_s, factor = bunching(scenario.approach.lanes) if scenario.traffic.arrivals == "bunched" else (0.0, 0.0)
    return Road(
        demand=demand,
        arrivals=scenario.traffic.arrivals,
        least_gap_s=least_gap_s,
        bunching_factor=factor,
        prevalence=np.array(
            [[target.per_10k.get(name, 0.0) / PER_10K for target in scenario.targets] for name in demand.classes]
        ).reshape(len(demand.classes), len(scenario.targets)),
        headway_cv=scenario.lane.headway_cv,
        look_mean_s=scenario.selection.look.mean_s,
        look_cv=scenario.selection.look.cv,
    )


def _funnel(scenario: "Scenario", demand: Demand) -> Funnel:
    operation, approach, lane = scenario.operation, scenario.approach, scenario.lane
    valve = scenario.selection.valve
    lane_speed_ms = lane.speed_kmh * MS_PER_KMH
    road_speed_ms = approach.speed_kmh * MS_PER_KMH
    factor = 1.0
    if lane.capacity_vph is not None:
        factor = natural_capacity_vph(scenario, demand) / lane.capacity_vph
    return Funnel(
        opens_s=operation.opens_s,
        last_selection_s=operation.closes_s - on_grid(operation.stop_selecting_min * 60.0),
        closes_s=operation.closes_s,
        lanes=approach.lanes,
        road_speed_ms=road_speed_ms,
        wave_speed_ms=approach.wave_speed_kmh * MS_PER_KMH,
        lane_length_m=lane.length_m,
        lane_speed_ms=lane_speed_ms,
        merge_s=on_grid(approach.merge_s),
        slow_lane_s=on_grid(max(0.0, lane.length_m / lane_speed_ms - lane.length_m / road_speed_ms)),
        headway_factor=factor,
        look_officers=scenario.selection.look.officers,
        suspend_at_m=valve.suspend_at_m or np.inf,
        resume_at_m=valve.resume_at_m,
        lift_at_m=valve.lift_at_m or np.inf,
    )


def natural_capacity_vph(scenario: "Scenario", demand: Demand) -> float:
    """Return the capacity of the lane for the operation's mix of classes that spacing and reaction time give."""
    mix = demand.mix(scenario.operation.opens_s, scenario.operation.closes_s)
    speed_ms = scenario.lane.speed_kmh * MS_PER_KMH
    headways = [
        scenario.classes[name].reaction_s + scenario.classes[name].spacing_m / speed_ms for name in demand.classes
    ]
    return 3600.0 / float(mix @ np.array(headways))


def _capacity(scenario: "Scenario", duty: Duty, inspection: Inspection) -> tuple[FloatArray, IntArray]:
    """Return the steps of what inspections may use of each pool.

    That is who is free by the roster, with one addition: an accepted vehicle is inspected to the end. So once the
    last shift of an agency has ended, as many of its officers stay on (or are called back) as the largest crew takes.
    """
    agencies = len(duty.agencies)
    capacity = np.zeros((len(duty.times_s), len(inspection.pools)), dtype=np.int64)
    capacity[:, :agencies] = duty.free
    capacity[:, agencies:] = list(scenario.equipment.values())
    largest_crew = inspection.need[inspection.possible].max(axis=0, initial=0)
    for column in range(agencies):
        capacity[duty.times_s >= duty.home_s[column], column] = largest_crew[column]
    return duty.times_s, capacity
