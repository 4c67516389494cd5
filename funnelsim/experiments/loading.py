"""Read a run or a sweep from its results folder, or report why that is not possible."""

import json
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

import funnelsim
from funnelsim.analysis.estimates import estimate
from funnelsim.errors import FunnelsimError, Problem, ResultsError
from funnelsim.experiments.precision import Precision
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep, load_sweep
from funnelsim.experiments.sweep_folder import KIND as SWEEP
from funnelsim.experiments.sweep_folder import MANIFEST, PLAN
from funnelsim.experiments.tables import read_table, scan_table
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import counted

ALLOWED = "allowed: the results folder of a run or a sweep"


def load_result(folder: Path) -> Run | Sweep:
    """Read a run or a sweep from its folder.

    Parameters
    ----------
    folder
        Its results folder.

    Raises
    ------
    ResultsError
        If the folder holds neither, was written by another version, or is incomplete.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    kind = manifest.get("kind")
    if kind not in (None, SWEEP):
        raise ResultsError([Problem(str(folder), f"holds a {kind}; {ALLOWED}")])
    made_by = manifest.get("funnelsim")
    if made_by != funnelsim.__version__:
        message = f"was made with funnelsim {made_by}; allowed: results of {funnelsim.__version__}, so run it again"
        raise ResultsError([Problem(str(folder), message)])
    try:
        return _run(folder, manifest) if kind is None else _sweep(folder)
    except ResultsError:
        raise
    except FunnelsimError as error:
        problems = error.problems or (Problem("the scenario", str(error)),)
        raise ResultsError([Problem(f"{folder}: {found.where}", found.message) for found in problems]) from None
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ResultsError([_damaged(folder / MANIFEST, error)]) from None


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest, the last file that is written into a folder."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ResultsError([Problem(str(folder), _why_none(folder))]) from None
    except OSError as error:
        raise ResultsError([Problem(str(path), f"cannot be read ({error.strerror}); {ALLOWED}")]) from None
    except ValueError as error:
        raise ResultsError([_damaged(path, error)]) from None
    if not isinstance(content, dict):
        raise ResultsError([Problem(str(path), f"is not a manifest; {ALLOWED}")])
    return content


def _why_none(folder: Path) -> str:
    if not folder.exists():
        return f"does not exist; {ALLOWED}"
    if not folder.is_dir():
        return f"is a file; {ALLOWED}"
    if (folder / PLAN).exists():
        return "holds a sweep that is not finished; allowed: a finished one, so start the same sweep again"
    if any(folder.glob("*.parquet")):
        return "is incomplete: it has tables, but no manifest; allowed: a finished result, so run it again"
    return f"holds no results; {ALLOWED}"


def _run(folder: Path, manifest: dict[str, Any]) -> Run:
    scenario = Scenario.model_validate(manifest["scenario"])
    replications = _table(folder / "replications.parquet")
    series = _table(folder / "series.parquet")
    delays = _table(folder / "delays.parquet")
    number = len(replications)
    if number != manifest["replications"] or number == 0 or len(series) % number:
        has = counted(number, "replication")
        message = f"has {has} where the manifest says {manifest['replications']}; {ALLOWED}, unchanged"
        raise ResultsError([Problem(str(folder / "replications.parquet"), message)])
    plan = plan_of(scenario)
    columns = {name: replications[name].to_numpy() for name in replications.columns if name != "replication"}
    wanted = tuple(Precision(goal["measure"], goal["share"]) for goal in manifest.get("precision", []))
    return Run(
        scenario=scenario,
        plan=plan,
        seed=int(manifest["seed"]),
        complete=bool(manifest["complete"]),
        replications=replications,
        series=series,
        delays=delays,
        estimates=estimate(columns, plan.classes),
        wanted=wanted,
    )


def _sweep(folder: Path) -> Sweep:
    for name in ("points.parquet", "replications.parquet"):
        _check_readable(folder / name)
    return load_sweep(folder)


def _table(path: Path) -> pl.DataFrame:
    try:
        return read_table(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ResultsError([_damaged(path, error)]) from None


def _check_readable(path: Path) -> None:
    """Check that a table can be read, without reading all of it."""
    try:
        scan_table(path).select(pl.len()).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ResultsError([_damaged(path, error)]) from None


def _damaged(path: Path, error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(str(path), f"is missing; {ALLOWED}, whole")
    reason = " ".join(str(error).split())[:120]
    return Problem(str(path), f"is damaged ({type(error).__name__}: {reason}); {ALLOWED}, whole")
