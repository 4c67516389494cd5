"""Read a result from its folder, or report why that is not possible."""

from pathlib import Path
from typing import Any

import funnelsim
from funnelsim.analysis.estimates import estimate
from funnelsim.errors import FunnelsimError, Problem, ResultsError
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.comparison_folder import KIND as COMPARISON
from funnelsim.experiments.comparison_folder import load_comparison
from funnelsim.experiments.files import ALLOWED, MANIFEST, QUESTION
from funnelsim.experiments.inputs import roads_of
from funnelsim.experiments.manifest import check_whole, read_manifest
from funnelsim.experiments.precision import Precision
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep, load_sweep
from funnelsim.experiments.sweep_folder import PLAN
from funnelsim.experiments.sweep_plan import KIND as SWEEP
from funnelsim.experiments.tables import read_table
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import plain_text


def load_result(folder: Path) -> Run | Sweep | Comparison:
    """Read a run, a sweep or a comparison from its folder.

    Parameters
    ----------
    folder
        Its results folder.

    Raises
    ------
    ResultsError
        If the folder holds none, was written by another version, or is incomplete.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise ResultsError([Problem(str(folder), _why_none(folder))])
    kind = manifest.get("kind")
    if kind not in (None, SWEEP, COMPARISON):
        raise ResultsError([Problem(str(folder), f"holds a {plain_text(str(kind))}; {ALLOWED}")])
    made_by = manifest.get("funnelsim")
    if made_by != funnelsim.__version__:
        said = plain_text(str(made_by))
        message = f"was made with funnelsim {said}; allowed: results of {funnelsim.__version__}, so run it again"
        raise ResultsError([Problem(str(folder), message)])
    check_whole(folder, manifest)
    try:
        if kind == SWEEP:
            return load_sweep(folder)
        return load_comparison(folder, manifest) if kind == COMPARISON else _run(folder, manifest)
    except ResultsError:
        raise
    except FunnelsimError as error:
        problems = error.problems or (Problem("the scenario", str(error)),)
        raise ResultsError([Problem(f"{folder}: {found.where}", found.message) for found in problems]) from None
    except (KeyError, TypeError, ValueError) as error:  # made by another state of the same version
        reason = " ".join(str(error).split())[:120]
        message = f"does not fit this installation ({type(error).__name__}: {reason}); allowed: to run it again"
        raise ResultsError([Problem(str(folder / MANIFEST), message)]) from None


def _why_none(folder: Path) -> str:
    if not folder.exists():
        return f"does not exist; {ALLOWED}"
    if not folder.is_dir():
        return f"is a file; {ALLOWED}"
    if (folder / PLAN).exists():
        return "holds a sweep that is not finished; allowed: a finished one, so start the same sweep again"
    if (folder / QUESTION).exists():
        return "holds an optimisation that is not finished; allowed: a finished one, so start the same one again"
    if any(folder.glob("*.parquet")):
        return "is incomplete: it has tables, but no manifest; allowed: a finished result, so run it again"
    return f"holds no results; {ALLOWED}"


def _run(folder: Path, manifest: dict[str, Any]) -> Run:
    for road in roads_of(manifest["scenario"]):
        if "file" in road["counts"]:  # recorded passages, kept beside the manifest
            road["counts"]["file"] = str(folder / road["counts"]["file"])
    scenario = Scenario.model_validate(manifest["scenario"])
    replications = read_table(folder / "replications.parquet")
    plan = plan_of(scenario)
    columns = {name: replications[name].to_numpy() for name in replications.columns if name != "replication"}
    return Run(
        scenario=scenario,
        plan=plan,
        seed=manifest["seed"],
        complete=manifest["complete"],
        replications=replications,
        series=read_table(folder / "series.parquet"),
        delays=read_table(folder / "delays.parquet"),
        estimates=estimate(columns, plan.classes),
        wanted=tuple(Precision(goal["measure"], goal["share"]) for goal in manifest["precision"]),
        engine=manifest["engine"],
    )
