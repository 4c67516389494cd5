"""The plan of a sweep: what determines its results, and how the plans of two sweeps differ."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.files import folder_of_scenario
from funnelsim.experiments.inputs import digests_of, files_of, kept_at
from funnelsim.experiments.point_batch import SimulationSettings
from funnelsim.experiments.points import PointPlanner, content_of
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.results import resolved
from funnelsim.experiments.vary import Point
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.paths import Steps, dotted_key
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import short_text

KIND = "sweep"
AFFECTING_COUNTS = ("operation", "approach", "traffic", "classes")
NOT_COMPARED = ("base", "copies", "engines")
MOST_LISTED = 5
COUNTS = ("traffic", "counts")


def plan_of_sweep(
    scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
) -> dict[str, Any]:
    """Return the plan of a sweep as plain data: two sweeps with the same plan have the same results.

    `scenario` is the base scenario with its counts filled in; `base` is what the points are derived from, with its
    counts filled in only if no varied key affects them, else with `copies` of the files that they are read from.
    """
    whole = resolved(scenario, demand)
    on_counts = any(split_path(key)[0] in AFFECTING_COUNTS for key in points[0])
    trace = any(side.traffic.arrivals == "trace" for side in scenario.per_funnel)
    reads = on_counts or trace
    digests = _digests(_files(scenario, points))
    plan = {
        "kind": KIND,
        "scenario": whole,
        "base": scenario.model_dump(mode="json", by_alias=True) if reads else whole,
        "inputs": sorted([Path(file).name, digest] for file, digest in digests.items()),
        "copies": kept_at(digests) if reads else {},
        "content": content_of(scenario, demand),
        "keys": list(points[0]),
        "seed": settings.seed,
        "replications": settings.replications,
        "precision": [{"measure": goal.measure, "share": goal.share} for goal in settings.precision],
        "points": len(points),
        "design": content_key(json.dumps(list(points))),
        "funnelsim": funnelsim.__version__,
        "engines": [settings.engine],
    }
    return dict(json.loads(json.dumps(plan)))


def _files(scenario: Scenario, points: Sequence[Point]) -> list[str]:
    """Return the count files of all points."""
    steps = [split_path(key) for key in points[0]]
    files = dict.fromkeys(files_of(scenario))
    if any("counts" in path or (path[0] in ("traffic", "funnels") and "traffic" in path[-2:]) for path in steps):
        planner = PointPlanner(scenario)
        for values in points:
            with suppress(FunnelsimError):  # who reads it says so
                files |= dict.fromkeys(files_of(planner.scenario_of(values)))
    return list(files)


def _digests(files: Iterable[str]) -> dict[str, str]:
    digests: dict[str, str] = {}
    for file in files:
        with suppress(FunnelsimError):  # who reads it says so
            digests |= digests_of([file])
    return digests


def differences(begun: Mapping[str, Any], plan: Mapping[str, Any]) -> list[str]:
    """Say in words how the plan of a sweep that was begun differs from another; nothing where they are the same."""
    apart = [name for name in plan if name not in NOT_COMPARED and begun.get(name) != plan[name]]
    said = []
    if "inputs" in apart:
        before = dict(begun.get("inputs") or ())
        edited = [name for name, digest in plan["inputs"] if before.get(name) != digest]
        said += [f"the file {name} was edited since" for name in edited] or ["the count files are others"]
    if "scenario" in apart:
        changed = list(_changes(begun.get("scenario"), plan["scenario"]))
        said += [text for path, text in changed if path[:2] != COUNTS]
        if "inputs" not in apart and any(path[:2] == COUNTS for path, _ in changed):
            said.append("traffic.counts differs")
    for name in ("seed", "replications", "points", "funnelsim"):
        if name in apart:
            said.append(f"{name} is {begun.get(name)} there and {plan[name]} here")
    if "keys" in apart:
        said.append(
            f"the varied keys are {', '.join(begun.get('keys') or ())} there and {', '.join(plan['keys'])} here"
        )
    elif "design" in apart:
        said.append("the values of the varied keys (the design) differ")
    said += [f"{name} differs" for name in ("kind", "precision") if name in apart]
    if apart and not said:
        said.append("what it reads differs")
    return said if len(said) <= MOST_LISTED else [*said[:MOST_LISTED], f"and {len(said) - MOST_LISTED} more"]


def _changes(before: object, now: object, path: Steps = (), data: object = None) -> Iterator[tuple[Steps, str]]:
    """Yield the paths at which two scenarios differ, with what each has there."""
    data = now if data is None else data
    if before == now:
        return
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys([*before, *now]):
            yield from _changes(before.get(name), now.get(name), (*path, name), data)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now) and path[:2] != COUNTS:
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from _changes(one, other, (*path, number), data)
    else:
        yield path, f"{dotted_key(data, path)} is {_shown(before)} there and {_shown(now)} here"


def _shown(value: object) -> str:
    return "not given" if value is None else short_text(value)


def sweep_id(scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings) -> str:
    """Return the name of a sweep's folder; the same sweep has the same name."""
    whole = plan_of_sweep(scenario, demand, points, settings)
    plan = {name: value for name, value in whole.items() if name not in NOT_COMPARED}
    return f"sweep-{content_key(json.dumps(plan, sort_keys=True))}"


def default_sweep_folder(
    file: Path, scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
) -> Path:
    """Return `results/<scenario>/<sweep>` in the current folder."""
    return folder_of_scenario(file) / sweep_id(scenario, demand, points, settings)
