"""Choices and circumstances: a planner decides the ones, and the others are varied to see whether a plan holds."""

from typing import Final

from funnelsim.experiments.sweep import Sweep
from funnelsim.scenario.overrides import split_path

_CIRCUMSTANCES: Final = tuple(
    tuple(key.split("."))
    for key in (
        "traffic",
        "classes",
        "targets",
        "limits",
        "approach.lanes",
        "approach.critical_m",
        "approach.exit",
        "approach.wave_speed_kmh",
        "approach.merge_s",
        "approach.tail_speed_difference_kmh",
        "lane.headway_cv",
        "lane.capacity_vph",
        "selection.watchlist",
        "area.stages.*.duration",
        "area.stages.*.finds",
        "area.stages.*.alarms",
        "area.after_detection.duration",
        "area.after_detection.transport.duration",
        "staffing.chase.brings",
        "staffing.chase.duration",
        "prevalence_factor",
    )
)


def is_circumstance(key: str) -> bool:
    """Tell whether a key is what a planner meets, not what he decides: it is varied, but no value of it is best.

    Examples
    --------
    >>> is_circumstance("traffic.scale"), is_circumstance("area.stages.search.finds"), is_circumstance("area.bays")
    (True, True, False)
    """
    path = tuple(split_path(key))
    if path[0] == "funnels":
        path = path[2:]
    return any(
        len(path) >= len(known) and all(b in ("*", a) for a, b in zip(path, known, strict=False))
        for known in _CIRCUMSTANCES
    )


def circumstances_of(sweep: Sweep) -> tuple[str, ...]:
    """Return the circumstances in which the points differ."""
    return tuple(key for key in sweep.keys if is_circumstance(key) and sweep.points[key].n_unique() > 1)
