"""The stages of an inspection as the plain numbers and arrays that an engine needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.purposes import purpose
from funnelsim.scenario.control import Duration
from funnelsim.scenario.roster import Duty

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Inspection:
    """The stages of an inspection, the last of them being what follows a detection.

    Pools are what a stage takes: the agencies' officers, then the equipment.

    Attributes
    ----------
    names
        Of the stages, the last one "after detection".
    pools
        Names of the pools.
    possible
        Whether the roster can ever staff the stage; one that it cannot is skipped. Shape (stages,).
    applies
        Whether a class goes through the stage, shape (stages, classes).
    after_alarm
        Whether it needs an earlier alarm, shape (stages,).
    mean_s
        Mean duration, shape (stages, classes).
    cv, memoryless
        Scatter of the duration, and whether it is exponential, shape (stages,).
    need
        What it takes of each pool, shape (stages, pools).
    finds, alarms
        Chances by target type, 0 being an ordinary vehicle, shape (stages, target types + 1).
    duration_purpose, find_purpose, alarm_purpose
        Purposes of the dice, by the stage's name, shape (stages,).
    """

    names: tuple[str, ...]
    pools: tuple[str, ...]
    possible: BoolArray
    applies: BoolArray
    after_alarm: BoolArray
    mean_s: FloatArray
    cv: FloatArray
    memoryless: BoolArray
    need: IntArray
    finds: FloatArray
    alarms: FloatArray
    duration_purpose: IntArray
    find_purpose: IntArray
    alarm_purpose: IntArray

    @property
    def after_detection(self) -> int:
        """Index of the stage that follows a detection."""
        return len(self.names) - 1


def inspection_of(scenario: "Scenario", duty: Duty) -> Inspection:
    """Turn a scenario's stages into arrays; a stage that the roster can never staff is marked impossible."""
    classes = tuple(scenario.classes)
    after = scenario.area.after_detection
    stages = scenario.area.stages
    pools = (*duty.agencies, *scenario.equipment)
    names = (*(stage.name for stage in stages), "after detection")
    crews = [*(stage.crew for stage in stages), after.crew]
    kits = [*(stage.equipment for stage in stages), {}]
    need = np.array(
        [
            [crew.get(name, 0) for name in duty.agencies] + [kit.get(name, 0) for name in scenario.equipment]
            for crew, kit in zip(crews, kits, strict=True)
        ],
        dtype=np.int64,
    ).reshape(len(names), len(pools))
    most = np.concatenate([duty.free.max(axis=0), list(scenario.equipment.values())]).astype(np.int64)
    kinds = ("ordinary", *(target.name for target in scenario.targets))
    durations = [*(stage.duration for stage in stages), after.duration]
    ordinary_alarm = np.array([stage.alarms.get("ordinary", 0.0) for stage in stages] + [0.0])
    alarms = np.tile(ordinary_alarm[:, None], (1, len(kinds)))
    finds = np.zeros((len(names), len(kinds)))
    for s, stage in enumerate(stages):
        for k, kind in enumerate(kinds):
            alarms[s, k] = stage.alarms.get(kind, alarms[s, 0])
            finds[s, k] = stage.finds.get(kind, 0.0)
    return Inspection(
        names=names,
        pools=pools,
        possible=np.all(need <= most, axis=1),
        applies=np.array(
            [[stage.classes is None or name in stage.classes for name in classes] for stage in stages]
            + [[True] * len(classes)]
        ),
        after_alarm=np.array([*(stage.only_after_alarm for stage in stages), False]),
        mean_s=np.array([[_mean_s(duration, name, scenario) for name in classes] for duration in durations]),
        cv=np.array([duration.cv for duration in durations]),
        memoryless=np.array([duration.distribution == "exponential" for duration in durations]),
        need=need,
        finds=finds,
        alarms=alarms,
        duration_purpose=np.array([purpose(f"duration of {name}") for name in names]),
        find_purpose=np.array([purpose(f"find at {name}") for name in names]),
        alarm_purpose=np.array([purpose(f"alarm at {name}") for name in names]),
    )


def _mean_s(duration: Duration, name: str, scenario: "Scenario") -> float:
    mean_s = duration.mean_s
    if isinstance(mean_s, dict):
        mean_s = of_class(mean_s, name, 0.0)
    return mean_s + duration.per_occupant_s * scenario.classes[name].occupants


def of_class(table: Mapping[str, T], name: str, otherwise: T) -> T:
    """Return a class's value in a table by class, else the table's default, else another."""
    return table.get(name, table.get("default", otherwise))
