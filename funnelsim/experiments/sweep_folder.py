"""The folder of a sweep: parts as they come, tables that grow while it runs, the manifest last."""

import json
import platform
import shutil
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

import funnelsim
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.chunk import Effort, PointResult
from funnelsim.experiments.parts import Parts, content_key
from funnelsim.experiments.results import LIBRARIES, prepare_folder, resolved, written_whole
from funnelsim.experiments.vary import Point
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.schema import Scenario

REFRESHED_EVERY_S = 10.0
KIND = "sweep"
PLAN, MANIFEST = "sweep.json", "manifest.json"


class SweepFolder:
    """Where a sweep is kept.

    Parameters
    ----------
    folder
        New, empty, or begun by the same sweep.
    data
        The base scenario as plain data.
    points, effort
        What the sweep is about.

    Raises
    ------
    ResultsError
        If the folder holds something else, or cannot be written to.
    """

    def __init__(self, folder: Path, data: Mapping[str, Any], points: Sequence[Point], effort: Effort) -> None:
        self.folder = folder
        self.rows: list[dict[str, Any]] = []
        self.chunks: list[Path] = []
        self.refreshed_s = time.monotonic()
        scenario = Scenario.model_validate(data)
        self.plan = {
            "kind": KIND,
            "scenario": resolved(scenario, demand_of(scenario)),
            "keys": list(points[0]),
            "seed": effort.seed,
            "replications": effort.replications,
            "precision": [{"measure": wish.measure, "share": wish.share} for wish in effort.precision],
            "points": len(points),
            "design": content_key(json.dumps(list(points))),
            "funnelsim": funnelsim.__version__,
        }
        self._begin()

    def _begin(self) -> None:
        begun = _read_json(self.folder / PLAN)
        if begun is None:
            prepare_folder(self.folder, must_be_new=True)
            _write_json(self.plan, self.folder / PLAN)
        elif begun != json.loads(json.dumps(self.plan)):
            different = ", ".join(name for name in self.plan if begun.get(name) != self.plan[name])
            message = (
                f"holds another sweep ({different} differ); allowed: a new folder, or the same sweep to go on with"
            )
            raise ResultsError([Problem(str(self.folder), message)])
        else:
            prepare_folder(self.folder, must_be_new=False)
        shutil.rmtree(self.folder / "chunks", ignore_errors=True)
        (self.folder / "chunks").mkdir()
        (self.folder / MANIFEST).unlink(missing_ok=True)

    def parts(self) -> Parts:
        """Return the parts that are there already."""
        return Parts(self.folder / "parts")

    def add(self, results: Sequence[PointResult]) -> None:
        """Add the results of some points; from time to time the tables of points are written anew."""
        self.rows += [result.row() for result in results]
        path = self.folder / "chunks" / f"{len(self.chunks):06d}.parquet"
        tables = [
            result.replications.select(pl.lit(result.number).cast(pl.Int64).alias("point"), pl.all())
            for result in results
        ]
        with written_whole(path) as beside:
            pl.concat(tables, how="diagonal").write_parquet(beside)
        self.chunks.append(path)
        if time.monotonic() - self.refreshed_s > REFRESHED_EVERY_S:
            self.write_points()
            self.refreshed_s = time.monotonic()

    def write_points(self) -> None:
        """Write the table of the points finished so far, for programs and for spreadsheets."""
        table = pl.DataFrame(self.rows, infer_schema_length=None)
        with written_whole(self.folder / "points.parquet") as beside:
            table.write_parquet(beside)
        with written_whole(self.folder / "sweep.csv") as beside:
            table.write_csv(beside)

    def finish(self, *, complete: bool, damaged: Sequence[str]) -> None:
        """Put the tables together and write the manifest."""
        self.write_points()
        with written_whole(self.folder / "replications.parquet") as beside:
            frames = [pl.scan_parquet(path) for path in self.chunks]
            pl.concat(frames, how="diagonal").sink_parquet(beside, maintain_order=True, row_group_size=100_000)
        shutil.rmtree(self.folder / "chunks", ignore_errors=True)
        details = {
            "complete": complete,
            "damaged": list(damaged),
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in LIBRARIES},
        }
        _write_json(self.plan | details, self.folder / MANIFEST)

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
            raise ResultsError([Problem(str(folder), "holds no finished sweep; allowed: a folder written by sweep")])
        return manifest, pl.read_parquet(folder / "points.parquet"), pl.scan_parquet(folder / "replications.parquet")


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ResultsError([Problem(str(path), f"cannot be read ({error})")]) from None
    return content if isinstance(content, dict) else None


def _write_json(content: Mapping[str, Any], path: Path) -> None:
    with written_whole(path) as beside:
        beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
