"""The command that compares plans."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import INTERRUPTED, Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Engines, Jobs, OutFolder, Overrides, Seed, command_typed, compile_once, planned
from funnelsim.cli.progress import drawn_unless_interrupted, progress_bar, uninterrupted
from funnelsim.cli.values import point_numbers, share, typed_path, whole_number
from funnelsim.cli.warnings import say_letters_not_drawn, say_warnings
from funnelsim.errors import FunnelsimError, Problem

if TYPE_CHECKING:
    from funnelsim.experiments.compare import Comparison
    from funnelsim.model.plan import Plan
    from funnelsim.scenario.schema import Scenario


@app.command(cls=Command)
def compare(
    scenarios: Annotated[
        list[Path],
        typer.Argument(parser=typed_path, metavar="SCENARIO...", help="The scenario files, or the folder of a sweep."),
    ],
    *,
    variants: Annotated[
        list[str] | None,
        typer.Option(
            "--variant",
            metavar="NAME:CHANGES",
            help="A variant of a single scenario, such as 'more bays: area.bays=6' (repeatable); semicolons separate "
            "several changes.",
        ),
    ] = None,
    points: Annotated[
        str | None,
        typer.Option(
            metavar="3,7",
            help="Points of the sweep to compare, by their numbers; the others are compared with the first.",
        ),
    ] = None,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 2),
            show_default=False,
            help="Number of operations to simulate for each plan (default 100).",
        ),
    ] = 100,
    seed: Seed = 1,
    overrides: Overrides = None,
    measures: Annotated[
        list[str] | None, typer.Option("--measure", metavar="NAME", help="Compare this measure (repeatable).")
    ] = None,
    all_pairs: Annotated[
        bool, typer.Option("--all-pairs", help="Compare every pair of plans, not only each plan with the first.")
    ] = False,
    unpaired: Annotated[
        bool,
        typer.Option("--unpaired", help="Simulate each plan on its own vehicles; for plans with different traffic."),
    ] = False,
    smallest: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            parser=share("--smallest"),
            show_default=False,
            help="Smallest difference of interest, as a share of the first plan's value, such as 5% (default 0.02).",
        ),
    ] = 0.02,
    out: OutFolder = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Compare plans on the same vehicles and print the differences with their confidence intervals."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.analysis.catalogue import CATALOGUE, check_measures  # noqa: PLC0415
    from funnelsim.experiments.compare import MEASURES  # noqa: PLC0415
    from funnelsim.experiments.compare import compare as simulate  # noqa: PLC0415
    from funnelsim.experiments.comparison_folder import default_comparison_folder, save_comparison  # noqa: PLC0415
    from funnelsim.experiments.files import results_folder  # noqa: PLC0415
    from funnelsim.plots import save_comparison_figures  # noqa: PLC0415
    from funnelsim.reporting.compare_words import comparison_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    wholes = [name.partition(".")[0] for name in measures or []]
    check_measures(wholes, [known.name for known in CATALOGUE], "--measure")
    loaded = _planned(scenarios, variants or [], overrides or [], point_numbers(points))
    plans = {name: plan for name, (_, plan) in loaded.items()}
    compared = {name: scenario for name, (scenario, _) in loaded.items()}
    folder = out or default_comparison_folder([repr(item) for item in compared.items()], replications, seed)
    made, shown, stopped = None, False, False

    def show(made: "Comparison") -> None:
        console = Console()
        say_warnings(console, loaded)
        console.print(Page(comparison_sections(made)))

    def show_and_draw(made: "Comparison", folder: Path) -> list[Path]:
        """Print the comparison once its tables are kept, then draw."""
        nonlocal shown, stopped
        with suppress(OSError, SystemExit):  # of a closed terminal, which must not keep the rest from being saved
            show(made)
            shown = True
        figures, stopped = drawn_unless_interrupted(partial(save_comparison_figures, made, folder), folder)
        return figures

    try:
        with results_folder(folder, must_be_new=out is not None):
            compile_once()
            with progress_bar("Simulating", replications * len(plans)) as advance:
                made = simulate(
                    compared,
                    replications,
                    seed,
                    jobs or os.cpu_count() or 1,
                    "all" if all_pairs else "first",
                    measures or MEASURES,
                    paired=not unpaired,
                    smallest=smallest,
                    progress=advance,
                    engine=engine,
                    plans=plans,
                )
            say_letters_not_drawn([scenario for scenario, _ in loaded.values()])
            with uninterrupted():
                save_comparison(made, folder, show_and_draw, command_typed())
    finally:  # what was simulated is shown even where it cannot be saved
        if made is not None and not shown:
            show(made)
    echo(f"Results are in {folder}")
    if stopped:
        raise typer.Exit(INTERRUPTED)


def _planned(
    files: list[Path], variants: list[str], overrides: list[str], points: tuple[int, ...] | None
) -> "dict[str, tuple[Scenario, Plan]]":
    """Return the plans by name: of each file, of one file and its variants, or of points of a sweep."""
    if points is not None or any(file.is_dir() for file in files):
        if len(files) > 1 or variants or overrides:
            message = "allowed: scenario files, or one folder of a sweep with --points and nothing else"
            raise FunnelsimError([Problem("SCENARIO", f"results given beside other plans; {message}")])
        return _points_of(files[0], points)
    if variants and len(files) > 1:
        message = f"given with {len(files)} scenario files; allowed: with one scenario file, which the variants change"
        raise FunnelsimError([Problem("--variant", message)])
    plans = {file.stem: planned(file, overrides) for file in files}
    if len(plans) < len(files):
        raise FunnelsimError([Problem("SCENARIO", "two files have the same name; allowed: different names")])
    for variant in variants:
        name, colon, keys = variant.partition(":")
        changes = [change.strip() for change in keys.split(";") if change.strip()]
        if not name.strip() or not colon or not changes or name.strip() in plans:
            message = f"{variant!r} given; allowed: 'NAME: KEY=VALUE; KEY=VALUE', each name once"
            raise FunnelsimError([Problem("--variant", message)])
        plans[name.strip()] = planned(files[0], [*overrides, *changes])
    return plans


def _points_of(folder: Path, points: tuple[int, ...] | None) -> "dict[str, tuple[Scenario, Plan]]":
    """Return points of a sweep as plans, named by what makes them different."""
    from funnelsim.experiments.key_words import plan_text  # noqa: PLC0415  (heavy)
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415
    from funnelsim.experiments.sweep import Sweep  # noqa: PLC0415
    from funnelsim.model.planning import plan_of  # noqa: PLC0415

    result = load_result(folder)
    if not isinstance(result, Sweep) or points is None:
        message = "allowed: scenario files, or the results folder of a sweep with --points, such as --points 3,7"
        raise FunnelsimError([Problem(str(folder), f"given{'' if points is None else ' with --points'}; {message}")])
    known = result.points["point"].to_list()
    if unknown := [str(point) for point in points if point not in known]:
        allowed = f"allowed: the points {min(known)} to {max(known)} of this sweep"
        raise FunnelsimError([Problem("--points", f"{', '.join(unknown)} given; {allowed}")])
    values = {point: result.values_of(point) for point in dict.fromkeys(points)}
    differing = [key for key in result.keys if len({repr(one[key]) for one in values.values()}) > 1]
    scenarios = {
        plan_text({key: one[key] for key in differing}): result.scenario_of(point) for point, one in values.items()
    }
    return {name: (scenario, plan_of(scenario)) for name, scenario in scenarios.items()}
