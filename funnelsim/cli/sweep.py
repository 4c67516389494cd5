"""The command that sweeps a scenario: many points, each on the same vehicles."""

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from funnelsim.cli.app import INTERRUPTED, Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    Full,
    Jobs,
    OutFolder,
    Overrides,
    ScenarioFile,
    Seed,
    command_typed,
    compile_once,
    loaded_with_demand,
)
from funnelsim.cli.progress import new_bar
from funnelsim.cli.saving import end
from funnelsim.cli.values import one_of, whole_number
from funnelsim.cli.warnings import say_warnings
from funnelsim.errors import FunnelsimError, PlanError, Problem, ResultsError
from funnelsim.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from funnelsim.experiments.point_batch import SimulationSettings
    from funnelsim.experiments.sweep import SweepProgress
    from funnelsim.experiments.vary import Point
    from funnelsim.scenario.demand import Demand
    from funnelsim.scenario.schema import Scenario


Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=VALUES",
        help="Key to vary (repeatable), with its values: a list 0.01,0.02 or a range 0:0.2:0.02. Keys joined by + "
        r"vary together (default the \[sweep] table of the scenario).",
    ),
]
DesignName = Annotated[
    Literal["grid", "lhs", "sobol"] | None,
    typer.Option(
        metavar="NAME",
        parser=one_of("--design", "grid", "lhs", "sobol"),
        help="grid: every combination of values; lhs or sobol: --points that are spread evenly over the "
        "ranges, as a Latin hypercube or a Sobol sequence (default grid).",
    ),
]
Points = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole_number("--points", 1), help="Number of points, with --design lhs or sobol."),
]
Replications = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number("--replications", 1),
        help="Number of operations to simulate at each point (default 50).",
    ),
]
Precisions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=SHARE",
        help="Simulate each point until the half-width of this measure is at most this share of its mean, such as "
        "delay_p95_s=5% (repeatable).",
    ),
]
MaxReplications = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number("--max-replications", 1),
        help="With --precision: simulate at most this many operations at each point (default 2000).",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Simulate on several machines: the address of a Dask cluster, such as tcp://HOST:8786 (docs/sweep.md).",
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Resume a sweep that was started; fail if there is none.")]


@app.command(cls=Command)
def sweep(
    scenario: ScenarioFile,
    *,
    vary: Vary = None,
    design: DesignName = None,
    points: Points = None,
    replications: Replications = None,
    precision: Precisions = None,
    max_replications: MaxReplications = None,
    seed: Seed = 1,
    overrides: Overrides = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: OutFolder = None,
    resume: Resume = False,
    full: Full = False,
) -> None:
    """Vary keys of a scenario and simulate every combination of their values, called a point, on the same vehicles.

    Run the same command again to resume an interrupted sweep.
    """
    from funnelsim.experiments.sweep import design_of  # noqa: PLC0415  (heavy)

    _refuse_contradictions(replications, precision, max_replications, jobs, cluster)
    loaded, demand = loaded_with_demand(scenario, overrides)
    chosen, settings = design_of(
        loaded,
        vary or None,
        design,
        points,
        replications=max_replications if precision else replications,
        precision=precision or (),
        seed=seed,
        engine=engine,
    )
    _refuse_set_and_varied(overrides or [], chosen)
    if cluster is None:
        compile_once()
    place = (jobs or os.cpu_count() or 1, cluster)
    _sweep(loaded, demand, scenario, chosen, settings, place, out, resume=resume, full=full)


def _refuse_set_and_varied(overrides: list[str], points: "list[Point]") -> None:
    from funnelsim.scenario.overrides import parse_override, split_path  # noqa: PLC0415

    varied = {split_path(key): key for key in points[0]}
    both = [varied[path] for path in (parse_override(text).path for text in overrides) if path in varied]
    if both:
        raise FunnelsimError([Problem(f"--set {key}", "given, and varied; allowed: one of the two") for key in both])


def _refuse_contradictions(
    replications: int | None,
    precision: list[str] | None,
    max_replications: int | None,
    jobs: int | None,
    cluster: str | None,
) -> None:
    problems = []
    if precision and replications is not None:
        problems.append(Problem("--replications", "given with --precision; allowed: one of the two"))
    if max_replications is not None and not precision:
        problems.append(Problem("--max-replications", "given without --precision; allowed: with it, or --replications"))
    if jobs is not None and cluster is not None:
        problems.append(Problem("--jobs", "given with --cluster; allowed: one of the two"))
    if problems:
        raise FunnelsimError(problems)


def _sweep(
    loaded: "Scenario",
    demand: "Demand",
    file: Path,
    points: "list[Point]",
    settings: "SimulationSettings",
    place: tuple[int, str | None],
    out: Path | None,
    *,
    resume: bool,
    full: bool,
) -> None:
    """Run the sweep and print its results."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.experiments.sweep import sweep_points  # noqa: PLC0415
    from funnelsim.experiments.sweep_folder import is_begun  # noqa: PLC0415
    from funnelsim.experiments.sweep_plan import default_sweep_folder  # noqa: PLC0415
    from funnelsim.model.planning import plan_of  # noqa: PLC0415
    from funnelsim.reporting.sweep_summary import sweep_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    folder = out or default_sweep_folder(file, loaded, demand, points, settings)
    if resume and not is_begun(folder):
        message = "no sweep was started here; allowed with --resume: the folder of a started sweep"
        raise ResultsError([Problem(str(folder), message)])
    console = Console()
    complete = False

    def say_first() -> None:
        with suppress(PlanError):  # where the base scenario is not possible, some of its points are
            say_warnings(console, {"The base scenario": (loaded, plan_of(loaded, demand))})
        _say_what_changes_nothing(console, loaded, demand, points)

    try:
        with _bar(len(points), settings.replications, say_first) as progress:
            made = sweep_points(
                loaded, points, settings, folder, *place, progress, str(file), demand=demand, command=command_typed()
            )
        complete = made.complete
        console.print(Page(sweep_sections(made, len(points), full=full)))
    except KeyboardInterrupt:
        echo("No point was finished yet.")
        if not is_begun(folder):  # it waited for a cluster
            raise typer.Exit(INTERRUPTED) from None
    end(folder, complete=complete, advice="Finished work is kept: run the same command again to continue.")


def _say_what_changes_nothing(console: "Console", loaded: "Scenario", demand: "Demand", points: "list[Point]") -> None:
    """Print which varied keys change nothing, as far as the plans tell before they are simulated."""
    from funnelsim.experiments.no_effect import keys_without_effect  # noqa: PLC0415
    from funnelsim.experiments.points import PointPlanner  # noqa: PLC0415
    from funnelsim.reporting.no_effect_words import no_effect_sentence  # noqa: PLC0415
    from funnelsim.reporting.section import Section  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page, listed  # noqa: PLC0415

    found = keys_without_effect(PointPlanner(loaded, demand=demand), points)
    if found:
        console.print(Page([Section("Varied without effect", tuple(listed(map(no_effect_sentence, found))))]))
        console.print()


@contextmanager
def _bar(points: int, replications: int, say_first: "Callable[[], None]") -> "Iterator[SweepProgress]":
    """Show a progress bar on the error stream, with the number of finished points.

    Bar and `say_first` wait until everything is checked, so that errors stand alone.
    """
    bar = new_bar()
    task = bar.add_task("Sweeping", total=points * replications)
    begun = False

    def progress(simulated: int, finished: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            say_first()
            bar.start()
        doing = f"Sweeping, {finished:,} of {counted(points, 'point')} finished"
        bar.update(task, completed=simulated, description=doing)

    try:
        yield progress
    finally:
        bar.stop()
