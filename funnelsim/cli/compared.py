"""The plans that `funnelsim compare` is given: scenario files, a file and its variants, runs, or points of a sweep."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim.cli.options import planned, refuse_same_names
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.wording import counted, joined

if TYPE_CHECKING:
    from funnelsim.experiments.compare import Comparison
    from funnelsim.experiments.run import Run
    from funnelsim.experiments.sweep import Sweep
    from funnelsim.model.plan import Plan
    from funnelsim.scenario.schema import Scenario

ALLOWED = "allowed: scenario files, results folders of runs, or one results folder of a sweep with --points 3,7"
_DEFAULT_NAME = re.compile(r"n\d+-seed\d+-[0-9a-f]+")  # of the folder of a run


@dataclass(frozen=True)
class Compared:
    """Plans to compare.

    Attributes
    ----------
    plans
        Each scenario with its plan, by name.
    kept
        What the results kept that the plans are taken from, in words; None where all are scenario files.
    """

    plans: "dict[str, tuple[Scenario, Plan]]"
    kept: str | None = None


def plans_to_compare(
    sources: list[Path], variants: list[str], overrides: list[str], points: tuple[int, ...] | None
) -> Compared:
    """Return the plans that are given, in their order.

    Raises
    ------
    FunnelsimError
        If what is given does not go together, or a scenario or result cannot be read.
    """
    folders = [source for source in sources if source.is_dir()]
    if points is None and not folders:
        return Compared(_of_files(sources, variants, overrides))
    wrong = {"--variant": variants, "--set": overrides}
    if problems := [Problem(option, f"given with results; {ALLOWED}") for option, given in wrong.items() if given]:
        raise FunnelsimError(problems)
    if points is not None:
        return _of_points(sources, points)
    return _of_runs(sources)


def simulated_again(given: Compared, replications: int, *, paired: bool) -> str | None:
    """Say that plans whose results are there are simulated again, how often, and why; None where there are none."""
    if given.kept is None:
        return None
    met = "all meet the same vehicles equally often" if paired else "each meets its own vehicles"
    return (
        f"Simulating {counted(replications, 'operation')} of each plan (--replications), so that {met}; {given.kept}."
    )


def _of_files(files: list[Path], variants: list[str], overrides: list[str]) -> "dict[str, tuple[Scenario, Plan]]":
    """Return the plans of each file, or of one file and its variants."""
    if variants and len(files) > 1:
        message = f"given with {len(files)} scenario files; allowed: with one scenario file, which the variants change"
        raise FunnelsimError([Problem("--variant", message)])
    refuse_same_names(files)
    plans = {file.stem: planned(file, overrides) for file in files}
    for variant in variants:
        name, colon, keys = variant.partition(":")
        changes = [change.strip() for change in keys.split(";") if change.strip()]
        if not name.strip() or not colon or not changes or name.strip() in plans:
            message = f"{variant!r} given; allowed: 'NAME: KEY=VALUE; KEY=VALUE', each name once"
            raise FunnelsimError([Problem("--variant", message)])
        plans[name.strip()] = planned(files[0], [*overrides, *changes])
    return plans


def _of_runs(sources: list[Path]) -> Compared:
    """Return the plans of runs by the names of their folders, beside those of scenario files."""
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415  (heavy)
    from funnelsim.experiments.run import Run  # noqa: PLC0415

    results = {folder: load_result(folder) for folder in dict.fromkeys(sources) if folder.is_dir()}
    if problems := [Problem(str(folder), _why_not(one)) for folder, one in results.items() if not isinstance(one, Run)]:
        raise FunnelsimError(problems)
    runs = {folder: one for folder, one in results.items() if isinstance(one, Run)}
    names = _names(sources)
    plans = {
        name: (runs[source].scenario, runs[source].plan) if source in runs else planned(source, None)
        for source, name in zip(sources, names, strict=True)
    }
    _refuse_same_names(len(sources), plans)
    numbers = joined([f"{len(one.replications):,}" for one in runs.values()])
    return Compared(plans, f"the {'run' if len(runs) == 1 else 'runs'} kept {numbers}")


def _names(sources: list[Path]) -> list[str]:
    """Return the names of files and folders; a folder with a name by default has that of its scenario, if that tells.

    Examples
    --------
    >>> _names([Path("results/a3/n100-seed1-0b8f1e2d"), Path("results/a4/n100-seed1-9c8f1e2d"), Path("bays.toml")])
    ['a3', 'a4', 'bays']
    """
    own = [source.resolve().name if source.is_dir() else source.stem for source in sources]
    scenarios = [
        source.resolve().parent.name if _DEFAULT_NAME.fullmatch(name) else name
        for source, name in zip(sources, own, strict=True)
    ]
    return scenarios if len(set(scenarios)) == len(sources) else own


def _why_not(result: "Run | Sweep | Comparison") -> str:
    from funnelsim.experiments.sweep import Sweep  # noqa: PLC0415

    return f"{'a sweep, given without --points' if isinstance(result, Sweep) else 'a comparison'}; {ALLOWED}"


def _of_points(sources: list[Path], points: tuple[int, ...]) -> Compared:
    """Return points of a sweep as plans, named by what makes them different."""
    from funnelsim.experiments.key_words import plan_text  # noqa: PLC0415  (heavy)
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415
    from funnelsim.experiments.sweep import Sweep  # noqa: PLC0415
    from funnelsim.model.planning import plan_of  # noqa: PLC0415

    if len(sources) > 1:
        raise FunnelsimError([Problem("--points", f"given with {len(sources)} plans or results; {ALLOWED}")])
    result = load_result(sources[0])
    if not isinstance(result, Sweep):
        raise FunnelsimError([Problem(str(sources[0]), f"no sweep, given with --points; {ALLOWED}")])
    known = result.points["point"].to_list()
    if unknown := [str(point) for point in points if point not in known]:
        allowed = f"allowed: the points {min(known)} to {max(known)} of this sweep"
        raise FunnelsimError([Problem("--points", f"{', '.join(unknown)} given; {allowed}")])
    values = {point: result.values_of(point) for point in dict.fromkeys(points)}
    differing = [key for key in result.keys if len({repr(one[key]) for one in values.values()}) > 1]
    scenarios = {
        plan_text({key: one[key] for key in differing}): result.scenario_of(point) for point, one in values.items()
    }
    plans = {name: (scenario, plan_of(scenario)) for name, scenario in scenarios.items()}
    numbers = joined([f"{row['n']:,}" for row in result.points.iter_rows(named=True) if row["point"] in values])
    return Compared(plans, f"the sweep kept {numbers}")


def _refuse_same_names(given: int, plans: "dict[str, tuple[Scenario, Plan]]") -> None:
    if len(plans) < given:
        raise FunnelsimError([Problem("SCENARIO", "two plans have the same name; allowed: different names")])
