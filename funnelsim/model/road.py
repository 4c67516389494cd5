"""The road as traffic needs it: what comes, how it is bunched, what it carries, how vehicles differ."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.scenario.demand import Demand, bunching_of, day_cv_of
from funnelsim.units import PER_10K

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


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
    day_cv
        Coefficient of variation of the factor on a whole day's demand; 0 where all days are alike.
    targets
        Names of the target types.
    prevalence
        Chance that a vehicle is a target, shape (classes, target types).
    headway_cv, look_mean_s, look_cv
        Scatter of headways and looks.
    occupants
        Mean number of persons by class, shape (classes,).
    other_funnels
        The roads of further funnels that share the area; none for most scenarios.
    """

    demand: Demand
    arrivals: str
    least_gap_s: float
    bunching_factor: float
    day_cv: float
    targets: tuple[str, ...]
    prevalence: FloatArray
    headway_cv: float
    look_mean_s: float
    look_cv: float
    occupants: FloatArray
    other_funnels: tuple["Road", ...] = ()


def road_of(scenario: "Scenario", demand: Demand, other_funnels: tuple[Road, ...] = ()) -> Road:
    """Take from a scenario what its traffic depends on."""
    least_gap_s, factor = bunching_of(scenario) if scenario.traffic.arrivals == "bunched" else (0.0, 0.0)
    return Road(
        demand=demand,
        arrivals=scenario.traffic.arrivals,
        least_gap_s=least_gap_s,
        bunching_factor=factor,
        day_cv=day_cv_of(scenario),
        targets=tuple(target.name for target in scenario.targets),
        prevalence=np.array(
            [[target.per_10k.get(name, 0.0) / PER_10K for target in scenario.targets] for name in demand.classes]
        ).reshape(len(demand.classes), len(scenario.targets)),
        headway_cv=scenario.lane.headway_cv,
        look_mean_s=scenario.selection.look.mean_s,
        look_cv=scenario.selection.look.cv,
        occupants=np.array([scenario.classes[name].occupants for name in demand.classes]),
        other_funnels=other_funnels,
    )
