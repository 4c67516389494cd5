"""The stages of an inspection, as the numbers and arrays that an engine needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.random_streams import purpose
from funnelsim.scenario.area import Duration
from funnelsim.scenario.equipment import there, times_of
from funnelsim.scenario.rate_steps import rate_steps_of
from funnelsim.scenario.roster import Duty
from funnelsim.units import Span

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Inspection:
    """The stages of an inspection, and after them what follows a detection: processing, and transport if there is one.

    Pools are what a stage takes: the agencies' officers, then the equipment.

    Attributes
    ----------
    names
        Of the stages, then "after detection" and, where persons are taken away, "transport".
    after_detection
        Index of the stage that follows a detection.
    pools
        Names of the pools.
    applies
        Whether a class goes through the stage, shape (stages, classes).
    after_alarm
        Whether it needs an earlier alarm, shape (stages,).
    mean_s, per_occupant_s
        Mean duration without its occupants, shape (stages, classes), and what each occupant adds, shape (stages,).
    cv, memoryless
        Scatter of the duration, and whether it is exponential, shape (stages,).
    need
        What it takes of each pool, shape (stages, pools).
    finds, alarms
        Chances by target type, 0 being an ordinary vehicle, shape (stages, target types + 1).
    duration_purpose, find_purpose, alarm_purpose
        Purposes of the random draws, by the stage's name, shape (stages,).
    skip_times_s, skips
        Steps of which stages are left out by vehicles that are selected from then on, because equipment is not there,
        shapes (steps,) and (steps, stages); the first step begins at minus infinity.
    skip_shares
        Share of each step in the time in which vehicles are selected, shape (steps,).
    """

    names: tuple[str, ...]
    pools: tuple[str, ...]
    after_detection: int
    applies: BoolArray
    after_alarm: BoolArray
    mean_s: FloatArray
    per_occupant_s: FloatArray
    cv: FloatArray
    memoryless: BoolArray
    need: IntArray
    finds: FloatArray
    alarms: FloatArray
    duration_purpose: IntArray
    find_purpose: IntArray
    alarm_purpose: IntArray
    skip_times_s: FloatArray
    skips: BoolArray
    skip_shares: FloatArray

    @property
    def transports(self) -> bool:
        """Whether a van takes persons away after a detection."""
        return len(self.names) > self.after_detection + 1


def inspection_of(scenario: "Scenario", duty: Duty) -> Inspection:
    """Turn a scenario's stages into arrays."""
    classes = tuple(scenario.classes)
    after = scenario.area.after_detection
    stages = scenario.area.stages
    kinds = [entry.name for entry in scenario.pieces]
    pools = (*duty.agencies, *kinds)
    follows = [after] if after.transport is None else [after, after.transport]
    names = (*(stage.name for stage in stages), *("after detection", "transport")[: len(follows)])
    crews = [entry.crew for entry in (*stages, *follows)]
    kits = [*(stage.equipment for stage in stages), {}]
    kits += [after.transport.equipment] if after.transport is not None else []
    need = np.array(
        [
            [crew.get(name, 0) for name in duty.agencies] + [kit.get(name, 0) for name in kinds]
            for crew, kit in zip(crews, kits, strict=True)
        ],
        dtype=np.int64,
    ).reshape(len(names), len(pools))
    statuses = ("ordinary", *(target.name for target in scenario.targets))
    durations = [entry.duration for entry in (*stages, *follows)]
    none = [0.0] * len(follows)
    ordinary_alarm = np.array([stage.alarms.get("ordinary", 0.0) for stage in stages] + none)
    alarms = np.tile(ordinary_alarm[:, None], (1, len(statuses)))
    finds = np.zeros((len(names), len(statuses)))
    for s, stage in enumerate(stages):
        for k, status in enumerate(statuses):
            alarms[s, k] = stage.alarms.get(status, alarms[s, 0])
            finds[s, k] = stage.finds.get(status, 0.0)
    skip_times_s, skips, skip_shares = _skips(scenario, need[:, len(duty.agencies) :])
    return Inspection(
        names=names,
        pools=pools,
        after_detection=len(stages),
        applies=np.array(
            [[stage.classes is None or name in stage.classes for name in classes] for stage in stages]
            + [[True] * len(classes) for _ in follows]
        ),
        after_alarm=np.array([*(stage.only_after_alarm for stage in stages), *(False for _ in follows)]),
        mean_s=np.array([[_mean_s(duration, name) for name in classes] for duration in durations]),
        per_occupant_s=np.array([duration.per_occupant_s for duration in durations]),
        cv=np.array([duration.cv for duration in durations]),
        memoryless=np.array([duration.distribution == "exponential" for duration in durations]),
        need=need,
        finds=finds,
        alarms=alarms,
        duration_purpose=np.array([purpose(f"duration of {name}") for name in names]),
        find_purpose=np.array([purpose(f"find at {name}") for name in names]),
        alarm_purpose=np.array([purpose(f"alarm at {name}") for name in names]),
        skip_times_s=skip_times_s,
        skips=skips,
        skip_shares=skip_shares,
    )


def _skips(scenario: "Scenario", need: IntArray) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Return the steps in which stages are skipped for want of equipment, which, and their shares of the time."""
    entries, windows = scenario.pieces, scenario.operation.windows
    skipping = np.array([entry.when_absent == "skip" for entry in entries], dtype=np.bool_)
    changes_s = times_of([entry for entry in entries if entry.when_absent == "skip"], windows)
    edges_s = [edge_s for one in windows for edge_s in (one.opens_s, one.closes_s)] if changes_s else []
    times_s = np.unique([-np.inf, *changes_s, *edges_s])
    lacking = need[None, :, :] > there(entries, windows, times_s)[:, None, :]
    skips = np.any(lacking & skipping, axis=2)
    ends_s = np.append(times_s[1:], np.inf)
    lengths_s = sum(
        np.clip(np.minimum(ends_s, to_s) - np.maximum(times_s, from_s), 0.0, None)
        for from_s, to_s in _selecting_spans(scenario)
    )
    return times_s, skips, lengths_s / np.sum(lengths_s)


def _selecting_spans(scenario: "Scenario") -> list[Span]:
    """Return when some class may be selected while the funnel stands; where none ever may, when it stands."""
    windows = [(one.opens_s, one.last_selection_s) for one in scenario.operation.windows]
    steps = rate_steps_of(scenario.selection, scenario.operation.windows, tuple(scenario.classes))
    listed = scenario.selection.watchlist is not None
    rated = [span for span, rate in zip(steps.spans, steps.rate, strict=True) if listed or rate.any()]
    spans = [(max(opens_s, from_s), min(last_s, to_s)) for opens_s, last_s in windows for from_s, to_s in rated]
    return [span for span in spans if span[0] < span[1]] or windows


def _mean_s(duration: Duration, name: str) -> float:
    return of_class(duration.mean_s, name, 0.0) if isinstance(duration.mean_s, dict) else duration.mean_s


def of_class(table: Mapping[str, T], name: str, otherwise: T) -> T:
    """Return a class's value in a table by class; else the table's default, else `otherwise`."""
    return table.get(name, table.get("default", otherwise))
