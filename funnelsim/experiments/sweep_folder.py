"""The folder of a sweep: finished blocks in a cache, tables that grow while it runs, and the manifest last."""

import json
import platform
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

import funnelsim
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import prepare_folder, write_json
from funnelsim.experiments.identical_points import base_values_of, same_as
from funnelsim.experiments.point_batch import PointResult, SimulationSettings
from funnelsim.experiments.points import ImpossiblePoint, content_of
from funnelsim.experiments.result_cache import ResultCache, content_key
from funnelsim.experiments.results import LIBRARIES, resolved
from funnelsim.experiments.tables import read_table, scan_table, write_csv, write_joined, write_table
from funnelsim.experiments.vary import Point
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import value_text

REFRESHED_EVERY_S = 10.0
REFRESHING_SHARE = 50.0  # at least so many times as long as writing the tables takes lies between two refreshes
BATCHES = "batches"
AFFECTING_COUNTS = ("operation", "approach", "traffic", "classes")
TOML = None
LARGEST = 2**63
KIND = "sweep"
PLAN, MANIFEST = "sweep.json", "manifest.json"


class SweepFolder:
    """The folder of a sweep and its files.

    Parameters
    ----------
    folder
        New, empty, or started by the same sweep.
    scenario, demand
        The base scenario and its demand.
    points, settings
        The design, and how to simulate it.

    Attributes
    ----------
    finished
        Number of finished points.

    Raises
    ------
    ResultsError
        If the folder holds something else, or cannot be written to.
    """

    def __init__(
        self, folder: Path, scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
    ) -> None:
        self.folder = folder
        self.finished = 0
        self.plan = plan_of_sweep(scenario, demand, points, settings)
        base = base_values_of(scenario, list(points[0]))
        self._base_point = next((number for number, point in enumerate(points) if point == base), None)
        self.kinds = {key: _kind([point[key] for point in points]) for key in points[0]}
        self._tables: list[pl.DataFrame] = []
        self._batches: list[Path] = []
        self._refresh_at_s = time.monotonic() + REFRESHED_EVERY_S
        self._begin()

    def _begin(self) -> None:
        for unfinished in self.folder.glob(f".{PLAN}*"):  # killed while the sweep began
            unfinished.unlink()
        begun = _read_json(self.folder / PLAN)
        if begun is None:
            prepare_folder(self.folder, must_be_new=True)
            write_json(self.plan, self.folder / PLAN)
        elif others := [name for name in self.plan if name != "base" and begun.get(name) != self.plan[name]]:
            different = ", ".join(others)
            message = f"holds another sweep ({different} differ); allowed: a new folder, or the same sweep to resume"
            raise ResultsError([Problem(str(self.folder), message)])
        else:
            prepare_folder(self.folder, must_be_new=False)
        try:
            shutil.rmtree(self.folder / BATCHES, ignore_errors=True)
            (self.folder / BATCHES).mkdir(exist_ok=True)
            (self.folder / MANIFEST).unlink(missing_ok=True)
        except OSError as error:
            raise ResultsError([Problem(str(self.folder), f"cannot be written ({error.strerror})")]) from None

    def cache(self) -> ResultCache:
        """Return the cache of finished blocks."""
        return ResultCache(self.folder / "parts")

    def add(self, results: Sequence[PointResult]) -> None:
        """Add the results of some points; now and then rewrite the tables of points."""
        replications = [
            result.replications.select(pl.lit(result.number).cast(pl.Int64).alias("point"), pl.all())
            for result in results
        ]
        path = self.folder / BATCHES / f"{len(self._batches):06d}.parquet"
        write_table(pl.concat(replications, how="diagonal"), path)
        self._tables.append(self._points_table(results))
        self._batches.append(path)
        self.finished += len(results)
        if time.monotonic() >= self._refresh_at_s:
            began_s = time.monotonic()
            self._write_points()
            # A long table takes long to write; writing it must stay a small share of the time.
            took_s = time.monotonic() - began_s
            self._refresh_at_s = time.monotonic() + max(REFRESHED_EVERY_S, REFRESHING_SHARE * took_s)

    def _points_table(self, results: Sequence[PointResult]) -> pl.DataFrame:
        rows = [result.row() for result in results]
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = self._columns([(result.number, result.values) for result in results])
        for name in names:
            whole = name == "n" or name.endswith(".n")
            columns.append(pl.Series(name, [row.get(name) for row in rows], dtype=pl.Int64 if whole else pl.Float64))
        return pl.DataFrame(columns)

    def _write_points(self, impossible: Sequence[ImpossiblePoint] = ()) -> None:
        """Write the table of the finished points, for programs and for spreadsheets; these list all others, too."""
        table = pl.concat(self._tables, how="diagonal").rechunk()
        self._tables = [table]
        keys = list(self.kinds)
        table = table.select("point", *keys, same_as(table, keys, self._base_point), pl.exclude("point", *keys))
        write_table(table, self.folder / "points.parquet")
        if impossible:
            reasons = pl.Series("not_possible", [one.reason for one in impossible])
            others = pl.DataFrame([*self._columns([(one.number, one.values) for one in impossible]), reasons])
            table = pl.concat([table, others], how="diagonal").sort("point")
        write_csv(table.with_columns(pl.col(pl.Float64).fill_nan(None)), self.folder / "sweep.csv")

    def _columns(self, points: Sequence[tuple[int, Point]]) -> list[pl.Series]:
        """Return the columns with the points' numbers and the values of the varied keys."""
        columns = [pl.Series("point", [number for number, _ in points], dtype=pl.Int64)]
        for key, kind in self.kinds.items():
            cells = [value_text(values[key]) if kind is TOML else values[key] for _, values in points]
            columns.append(pl.Series(key, cells, dtype=kind or pl.String))
        return columns

    def finish(self, *, complete: bool, damaged: Sequence[str], impossible: Sequence[ImpossiblePoint] = ()) -> None:
        """Combine the tables and write the manifest."""
        self._write_points(impossible)
        write_joined(self._batches, self.folder / "replications.parquet")
        shutil.rmtree(self.folder / BATCHES, ignore_errors=True)
        details = {
            "complete": complete,
            "damaged": list(damaged),
            "as_toml": [key for key, kind in self.kinds.items() if kind is TOML],
            "impossible": [asdict(one) for one in impossible],
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in LIBRARIES},
        }
        write_json(self.plan | details, self.folder / MANIFEST)

    @staticmethod
    def read(folder: Path) -> tuple[dict[str, Any], pl.DataFrame, pl.LazyFrame]:
        """Return manifest, points and replications of a finished sweep.

        Raises
        ------
        ResultsError
            If the folder holds none.
        """
        manifest = _read_json(folder / MANIFEST)
        if manifest is None or manifest.get("kind") != KIND:
            raise ResultsError(
                [Problem(str(folder), "holds no finished sweep; allowed: the results folder of a sweep")]
            )
        return manifest, read_table(folder / "points.parquet"), scan_table(folder / "replications.parquet")


def plan_of_sweep(
    scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
) -> dict[str, Any]:
    """Return the plan of a sweep as plain data: two sweeps with the same plan have the same results.

    `scenario` is the base scenario with its counts filled in; `base` is what the points are derived from, with its
    counts filled in only if no varied key affects them.
    """
    whole = resolved(scenario, demand)
    on_counts = any(split_path(key)[0] in AFFECTING_COUNTS for key in points[0])
    trace = scenario.traffic.arrivals == "trace"
    plan = {
        "kind": KIND,
        "scenario": whole,
        "base": scenario.model_dump(mode="json", by_alias=True) if on_counts or trace else whole,
        "content": content_of(scenario, demand),
        "keys": list(points[0]),
        "seed": settings.seed,
        "replications": settings.replications,
        "precision": [{"measure": goal.measure, "share": goal.share} for goal in settings.precision],
        "points": len(points),
        "design": content_key(json.dumps(list(points))),
        "funnelsim": funnelsim.__version__,
    }
    return dict(json.loads(json.dumps(plan)))


def sweep_id(scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings) -> str:
    """Return the name of a sweep's folder; the same sweep has the same name."""
    plan = {name: value for name, value in plan_of_sweep(scenario, demand, points, settings).items() if name != "base"}
    return f"sweep-{content_key(json.dumps(plan, sort_keys=True))}"


def default_sweep_folder(
    file: Path, scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
) -> Path:
    """Return `results/<scenario>/<sweep>` in the current folder."""
    name = re.sub(r"[^\w.-]+", "_", file.stem) or "scenario"
    return Path("results") / name / sweep_id(scenario, demand, points, settings)


def is_begun(folder: Path) -> bool:
    """Return whether a folder holds a sweep that can be resumed."""
    return (folder / PLAN).is_file()


def _kind(values: Sequence[Any]) -> Any:  # noqa: ANN401  (a type of polars, or TOML)
    """Return the type of a varied column: one for all its values, or TOML for their text as in a scenario file."""
    if all(isinstance(value, bool) for value in values):
        return pl.Boolean
    if any(isinstance(value, bool) for value in values):
        return TOML
    if all(isinstance(value, int) for value in values):
        return pl.Int64 if all(abs(value) < LARGEST for value in values) else TOML
    if all(isinstance(value, int | float) for value in values):
        return pl.Float64
    return pl.String if all(isinstance(value, str) for value in values) else TOML


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ResultsError([Problem(str(path), f"cannot be read ({error})")]) from None
    return content if isinstance(content, dict) else None
