"""The folder of a sweep: finished blocks in a cache, tables that grow while it runs, and the manifest last."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from funnelsim.analysis.limits import limits_of_plans
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import MANIFEST, cannot_write, in_use, prepare_folder, read_json, write_json
from funnelsim.experiments.identical_points import LIMITS, base_values_of, same_as
from funnelsim.experiments.inputs import keep
from funnelsim.experiments.manifest import provenance, with_reasons, write_manifest
from funnelsim.experiments.point_batch import PointResult, SimulationSettings
from funnelsim.experiments.points import ImpossiblePoint
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.experiments.sweep_plan import differences, plan_of_sweep
from funnelsim.experiments.tables import write_csv, write_joined, write_table
from funnelsim.experiments.vary import Point
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import value_text

REFRESHED_EVERY_S = 10.0
REFRESHING_SHARE = 50.0  # at least so many times as long as writing the tables takes lies between two refreshes
BATCHES = "batches"
TOML = None
LARGEST = 2**63
POINTS, REPLICATIONS = "points.parquet", "replications.parquet"
PLAN = "sweep.json"


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

    """

    def __init__(
        self, folder: Path, scenario: Scenario, demand: Demand, points: Sequence[Point], settings: SimulationSettings
    ) -> None:
        self.folder = folder
        self.finished = 0
        self._demand = demand
        self._limits = scenario.limits
        self.plan = plan_of_sweep(scenario, demand, points, settings)
        base = base_values_of(scenario, list(points[0]))
        self._base_point = next((number for number, point in enumerate(points) if point == base), None)
        self.kinds = {key: _kind([point[key] for point in points]) for key in points[0]}
        self._tables: list[pl.DataFrame] = []
        self._batches: list[Path] = []
        self._refresh_at_s = time.monotonic() + REFRESHED_EVERY_S

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Begin or go on with the sweep, and keep all other commands out of the folder.

        Raises
        ------
        ResultsError
            If the folder holds something else, cannot be written to, or another command is at work in it.
        """
        self._prepare()
        with in_use(self.folder):
            self._prepare()  # another command may have been here since
            self._begin()
            yield

    def _prepare(self) -> None:
        begun = read_json(self.folder / PLAN)
        if begun is None:
            prepare_folder(self.folder, must_be_new=True)
        elif different := differences(begun, self.plan):
            message = (
                f"holds another sweep ({'; '.join(different)}); allowed: a new folder, or the same sweep to resume"
            )
            raise ResultsError([Problem(str(self.folder), message)])
        else:
            prepare_folder(self.folder, must_be_new=False)
            self.plan["engines"] = list(dict.fromkeys([*begun["engines"], *self.plan["engines"]]))

    def _begin(self) -> None:
        write_json(with_reasons(self.plan), self.folder / PLAN)
        try:
            shutil.rmtree(self.folder / BATCHES, ignore_errors=True)
            (self.folder / BATCHES).mkdir(exist_ok=True)
            (self.folder / MANIFEST).unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from None
        keep(self.plan["copies"], self.folder)

    @property
    def copies(self) -> dict[str, str]:
        """By count file its copy in the folder; empty where the plan holds the counts."""
        return {file: str(self.folder / copy) for file, copy in self.plan["copies"].items()}

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
        kept = [self._kept_in(result) for result in results]
        columns += [pl.Series(name, [shares[name] for shares in kept], dtype=pl.Float64) for name in kept[0]]
        for name in names:
            whole = name == "n" or name.endswith(".n")
            columns.append(pl.Series(name, [row.get(name) for row in rows], dtype=pl.Int64 if whole else pl.Float64))
        return pl.DataFrame(columns)

    def _kept_in(self, result: PointResult) -> dict[str, float]:
        """Return by column the share of a point's operations that keep a limit, which may itself be varied."""
        varied = {key: [value] for key, value in result.values.items() if key.startswith(LIMITS)}
        kept = {
            limit.key: ~(result.replications[limit.measure].to_numpy() > limit.values[0])
            for limit in limits_of_plans(self._limits, 1, varied)
        }
        return {f"{LIMITS}{key}.kept_in": float(operations.mean()) for key, operations in kept.items()}

    def _write_points(self, impossible: Sequence[ImpossiblePoint] = ()) -> None:
        """Write the table of the finished points, for programs and for spreadsheets; these list all others, too."""
        table = pl.concat(self._tables, how="diagonal").rechunk()
        self._tables = [table]
        keys = list(self.kinds)
        table = table.select("point", *keys, same_as(table, keys, self._base_point), pl.exclude("point", *keys))
        write_table(table, self.folder / POINTS)
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

    def finish(
        self,
        *,
        complete: bool,
        damaged: Sequence[str],
        impossible: Sequence[ImpossiblePoint] = (),
        command: Sequence[str] | None = None,
    ) -> None:
        """Combine the tables and write the manifest."""
        self._write_points(impossible)
        write_joined(self._batches, self.folder / REPLICATIONS)
        shutil.rmtree(self.folder / BATCHES, ignore_errors=True)
        details = {
            "complete": complete,
            "damaged": list(damaged),
            "as_toml": [key for key, kind in self.kinds.items() if kind is TOML],
            "impossible": [asdict(one) for one in impossible],
        }
        ran = provenance(" and ".join(self.plan["engines"]), [self._demand], command)
        files = [POINTS, REPLICATIONS, *dict.fromkeys(self.plan["copies"].values())]
        write_manifest(self.folder, self.plan | details | ran, files)


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
