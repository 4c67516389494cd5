"""Sweep a scenario: many design points, the same replications for each, and no finished work is ever lost.

Points are simulated in batches, and each block of their replications is a task of about a second. A finished block is
a file in the result cache, named by what determines it; a sweep that is started again simulates only what is missing.
A block's results depend neither on jobs nor on order, and the tables follow the order of the design: they are the same
to the byte however the sweep was run.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from funnelsim.errors import FunnelsimError, Problem, ResultsError
from funnelsim.experiments.arguments import (
    ENGINES,
    MAX_SEED,
    MOST_JOBS,
    check_arguments,
    not_a_folder,
    not_a_function,
    not_of,
    not_one_of,
    not_scenarios,
    not_whole,
)
from funnelsim.experiments.arguments import MOST_REPLICATIONS as ALLOWED_REPLICATIONS
from funnelsim.experiments.executor import workers
from funnelsim.experiments.identical_points import base_values_of, same_as
from funnelsim.experiments.manifest import check_whole, read_manifest
from funnelsim.experiments.point_batch import PointResult, SimulationSettings
from funnelsim.experiments.points import ImpossiblePoint, PointPlanner
from funnelsim.experiments.precision import Precision, goals_of, precise
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.scheduler import check, simulate_points
from funnelsim.experiments.shown import Shown
from funnelsim.experiments.sweep_folder import POINTS, SweepFolder
from funnelsim.experiments.sweep_folder import REPLICATIONS as REPLICATIONS_TABLE
from funnelsim.experiments.sweep_plan import KIND
from funnelsim.experiments.tables import read_table, scan_table
from funnelsim.experiments.vary import Design, Point, design_points, factors_of
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.overrides import parse_value
from funnelsim.scenario.schema import Scenario

REPLICATIONS = 50
MOST_REPLICATIONS = 2_000
SweepProgress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Shown):
    """The results of a sweep.

    Attributes
    ----------
    scenario
        The base scenario.
    keys
        The varied keys.
    settings
        Replications, seed, precision.
    complete
        Whether every point was finished; an interrupted sweep has only the finished points.
    points
        A row a design point: `point`, the varied keys, `same_as`, by limit the share of operations that keep it as
        `limits.KEY.kept_in`, `n`, and by measure `NAME.mean`, `NAME.low`, `NAME.high`, `NAME.n`.
        Null where a point lacks the measure, not a number where the measure is undefined.
    replications
        A row a replication of a point: `point`, `replication`, and a column a measure.
    damaged
        Names of cache files that were damaged and simulated again.
    as_toml
        Varied keys whose values are of several kinds; `points` has them as text, as they stand in a scenario file.
    impossible
        Points that were not simulated, as their plan cannot do what it says; `points` does not have them.
    planner
        Derives the points' scenarios; by default from the base scenario.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    settings: SimulationSettings
    complete: bool
    points: pl.DataFrame
    replications: pl.LazyFrame
    damaged: tuple[str, ...] = ()
    as_toml: tuple[str, ...] = ()
    impossible: tuple[ImpossiblePoint, ...] = ()
    planner: PointPlanner | None = None

    def values_of(self, point: int) -> Point:
        """Return the values of a design point by key."""
        return self._values_in(self.points.row(by_predicate=pl.col("point") == point, named=True))

    def _values_in(self, row: Mapping[str, Any]) -> Point:
        return {key: parse_value(row[key]) if key in self.as_toml else row[key] for key in self.keys}

    @cached_property
    def base_point(self) -> int | None:
        """The number of the point that equals the base scenario; None where none does."""
        base, rows = base_values_of(self.scenario, self.keys), self.points.iter_rows(named=True)
        return next((row["point"] for row in rows if self._values_in(row) == base), None)

    @cached_property
    def same_as(self) -> pl.Series:
        """By row, the point with the same results in every measure that stands for it; null where it is itself."""
        return same_as(self.points, self.keys, self.base_point)

    def scenario_of(self, point: int) -> Scenario:
        """Return the scenario of a design point."""
        return (self.planner or PointPlanner(self.scenario)).scenario_of(self.values_of(point))

    @property
    def missed(self) -> tuple[int, ...]:
        """The points that did not reach the precision wanted with all replications allowed."""
        return tuple(row["point"] for row in self.points.iter_rows(named=True) if not self._has_enough(row))

    def _has_enough(self, row: Mapping[str, Any]) -> bool:
        found = [
            [row[f"{goal.measure}.{part}"] for part in ("mean", "low", "high")] for goal in self.settings.precision
        ]
        return all(
            None not in (mean, low, high) and precise(mean, (high - low) / 2.0, goal)
            for (mean, low, high), goal in zip(found, self.settings.precision, strict=True)
        )


def sweep(
    scenario: Scenario,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None = None,
    design: Design | None = None,
    points: int | None = None,
    *,
    replications: int | None = None,
    precision: str | Sequence[str] = (),
    seed: int = 1,
    engine: Engine = "compiled",
    jobs: int = 1,
    cluster: str | None = None,
    folder: Path | str | None = None,
    progress: SweepProgress | None = None,
) -> Sweep:
    """Vary keys of a scenario and simulate every design point, each with the same replications.

    Parameters
    ----------
    scenario
        The base scenario.
    vary
        Texts such as ``"selection.rate.van=0.05,0.1"`` (see `parse_factor`), or the values by key. By default the
        scenario's own `[sweep]` table applies, as it does for `design`, `points` and `replications`.
    design
        "grid", "lhs" or "sobol".
    points
        Number of points for the latter two.
    replications
        Number at each point; with `precision`, the largest number (default 2,000).
    precision
        Precision goals such as ``"expected_detections=2%"``.
    seed
        Random seed.
    engine
        "compiled", or "simpy", the reference engine, which gives the same results.
    jobs, cluster
        Threads (processes with the SimPy engine) on this machine, or the address of a Dask scheduler.
    folder
        Folder for the results; the same sweep started again there simulates only what is missing. By default everything
        is kept in memory.
    progress
        Called with the numbers of finished simulations and points.

    Raises
    ------
    FunnelsimError
        If anything is not allowed, before anything runs.

    Examples
    --------
    >>> found = sweep(scenario, ["selection.rate.van=0.05,0.1"], replications=50)  # doctest: +SKIP
    >>> found.points.select("selection.rate.van", "expected_detections.mean")  # doctest: +SKIP
    """
    check_arguments(
        *not_scenarios([("scenario", scenario)]),
        not_whole("jobs", jobs, 1, MOST_JOBS),
        not_of("cluster", cluster, str, "the address of a scheduler, such as tcp://host:8786"),
        not_a_folder("folder", folder),
        not_a_function("progress", progress),
    )
    chosen, settings = design_of(
        scenario, vary, design, points, replications=replications, precision=precision, seed=seed, engine=engine
    )
    if folder is not None:
        return sweep_points(scenario, chosen, settings, Path(folder), jobs, cluster, progress)
    with tempfile.TemporaryDirectory(prefix="funnelsim-") as place:
        found = sweep_points(scenario, chosen, settings, Path(place), jobs, cluster, progress)
        return replace(found, replications=found.replications.collect().lazy())


def design_of(
    scenario: Scenario,
    vary: Mapping[str, str | Sequence[Any]] | Sequence[str] | None = None,
    design: Design | None = None,
    points: int | None = None,
    *,
    replications: int | None = None,
    precision: str | Sequence[str] = (),
    seed: int = 1,
    engine: Engine = "compiled",
) -> tuple[list[Point], SimulationSettings]:
    """Return the points and the settings that result from the arguments of `sweep` and the scenario's own table.

    Raises
    ------
    FunnelsimError
        With all problems.
    """
    own = scenario.sweep
    problems = [problem for problem in (not_one_of("engine", engine, ENGINES),) if problem is not None]
    goals: tuple[Precision, ...] = ()
    chosen: list[Point] = []
    if (wrong := not_whole("--seed", seed, 0, MAX_SEED)) is not None:
        problems.append(wrong)
        seed = 0
    try:
        goals = goals_of(precision)
    except FunnelsimError as error:
        problems += error.problems
    if replications is None:
        replications = MOST_REPLICATIONS if precision else (own and own.replications) or REPLICATIONS
    if (wrong := not_whole("--replications", replications, 1, ALLOWED_REPLICATIONS)) is not None:
        problems.append(wrong)
    if design is None and own is not None:
        design = own.design
    if points is None and own is not None and design in ("lhs", "sobol"):
        points = own.points
    try:
        factors = factors_of(own.vary, "sweep.vary") if own and not vary else factors_of(vary or ())
        chosen = design_points(factors, design or "grid", points, seed)
    except FunnelsimError as error:
        problems += error.problems
    if problems:
        raise FunnelsimError(problems)
    return chosen, SimulationSettings(replications, seed, goals, engine)


def sweep_points(
    scenario: Scenario,
    points: Sequence[Point],
    settings: SimulationSettings,
    folder: Path,
    jobs: int = 1,
    cluster: str | None = None,
    progress: SweepProgress | None = None,
    where: str = "the scenario",
    *,
    demand: Demand | None = None,
    command: Sequence[str] | None = None,
) -> Sweep:
    """Simulate the given design points and keep everything in a folder.

    Started again on the same folder, it simulates only what is missing. If interrupted from the keyboard, it returns
    the points that are finished.

    Parameters
    ----------
    scenario
        The base scenario.
    points
        The design (`funnelsim.experiments.vary.design_points`).
    settings
        Replications, seed, precision, engine.
    folder
        Folder for the results; a folder that holds another sweep is refused.
    jobs, cluster
        Threads (processes with the SimPy engine) on this machine, or the address of a Dask scheduler.
    progress
        Called with the numbers of finished simulations and points, those that need none among them; first when
        everything has been checked.
    where
        Name of the scenario in messages.
    demand
        Its demand, where it is known already; by default its counts are read here.
    command
        The command and its arguments, for the manifest.

    Raises
    ------
    ScenarioError
        If a point is not allowed: with all problems, before anything runs.
    ResultsError
        If the folder holds something else or cannot be written.
    KeyboardInterrupt
        If interrupted before a point was finished; finished blocks are kept.
    """
    planner = PointPlanner(scenario, where, demand)
    impossible = check(planner, points, settings)
    files = SweepFolder(folder, scenario, demand or planner.demand_of(scenario), points, settings)
    # The folder is begun when there is somebody to do the work.
    with workers(jobs, settings.engine, cluster) as executor, files.begun():
        if files.copies:  # what is simulated is what is kept, whatever becomes of the files meanwhile
            planner = PointPlanner(scenario, where, copies=files.copies)
        cache = files.cache()
        count = _counter(files, impossible, settings.replications, progress)
        count(0)
        left_out = {one.number for one in impossible}
        complete = _fill(files, simulate_points(planner, points, settings, cache, executor, jobs, count, left_out))
        files.finish(complete=complete, damaged=cache.damaged, impossible=impossible, command=command)
    return load_sweep(folder)


def _counter(
    files: SweepFolder, impossible: Sequence[ImpossiblePoint], replications: int, progress: SweepProgress | None
) -> Callable[[int], None]:
    """Return what tells the progress from the number of finished simulations; impossible points count as finished."""

    def count(finished: int) -> None:
        if progress is not None:
            progress(finished + len(impossible) * replications, files.finished + len(impossible))

    return count


def _fill(files: SweepFolder, simulated: Iterable[list[PointResult]]) -> bool:
    """Add results to the folder as they come; return whether all came before Ctrl-C.

    Raises
    ------
    KeyboardInterrupt
        If interrupted before a point was finished.
    """
    try:
        for results in simulated:
            files.add(results)
    except KeyboardInterrupt:
        if files.finished == 0:
            raise
        return False
    return True


def load_sweep(folder: Path) -> Sweep:
    """Read a sweep from its folder.

    Raises
    ------
    ResultsError
        If the folder holds no sweep, or not what was written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != KIND:
        raise ResultsError([Problem(str(folder), "holds no finished sweep; allowed: the results folder of a sweep")])
    check_whole(folder, manifest)
    copies = {file: str(folder / copy) for file, copy in manifest["copies"].items()}
    planner = PointPlanner(Scenario.model_validate(manifest["base"]), copies=copies)
    return Sweep(
        scenario=planner.scenario_of({}),
        keys=tuple(manifest["keys"]),
        settings=SimulationSettings(
            manifest["replications"],
            manifest["seed"],
            tuple(Precision(goal["measure"], goal["share"]) for goal in manifest["precision"]),
        ),
        complete=manifest["complete"],
        points=read_table(folder / POINTS),
        replications=scan_table(folder / REPLICATIONS_TABLE),
        damaged=tuple(manifest["damaged"]),
        as_toml=tuple(manifest["as_toml"]),
        impossible=tuple(ImpossiblePoint(**one) for one in manifest["impossible"]),
        planner=planner,
    )
