"""The command that simulates a scenario."""

import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    planned,
)
from funnelsim.cli.progress import drawn_unless_interrupted, progress_bar, uninterrupted
from funnelsim.cli.values import whole_number
from funnelsim.cli.warnings import say_letters_not_drawn, say_warnings

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from funnelsim.experiments.run import Run


@app.command(cls=Command)
def run(
    scenario: ScenarioFile,
    *,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 1),
            show_default=False,
            help="Number of operations to simulate (default 100).",
        ),
    ] = 100,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SHARE",
            help="Simulate until the half-width of this measure is at most this share of its mean, such as "
            "delay_p95_s=5% (repeatable).",
        ),
    ] = None,
    max_replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--max-replications", 1),
            show_default=False,
            help="With --precision: simulate at most this many operations (default 2000).",
        ),
    ] = 2000,
    seed: Seed = 1,
    overrides: Overrides = None,
    out: OutFolder = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
    full: Full = False,
) -> None:
    """Simulate a scenario, print what it would find and cost, and save tables and figures."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.experiments.processes import second_process  # noqa: PLC0415

    jobs = jobs or os.cpu_count() or 1
    loaded, plan = planned(scenario, overrides)
    # The second process imports what figures need while this one simulates.
    with second_process(jobs, "funnelsim.plots") as helper:
        from funnelsim.experiments.files import results_folder  # noqa: PLC0415
        from funnelsim.experiments.precision import goals_of  # noqa: PLC0415
        from funnelsim.experiments.results import default_folder, save_run  # noqa: PLC0415
        from funnelsim.experiments.run import run as simulate  # noqa: PLC0415
        from funnelsim.reporting.run_summary import summary_sections  # noqa: PLC0415
        from funnelsim.reporting.run_table import run_sections  # noqa: PLC0415
        from funnelsim.reporting.terminal import Page  # noqa: PLC0415

        wanted = goals_of(precision or ())
        replications = max_replications if wanted else replications
        folder = out or default_folder(scenario, loaded, plan.road.demand, replications, seed, wanted)
        made, shown, stopped = None, False, False

        def show(made: "Run") -> None:
            console = Console()
            say_warnings(console, {"": (loaded, plan)})
            console.print(Page(run_sections(made) if full else summary_sections(made)))

        def show_and_draw(made: "Run", folder: Path) -> list[Path]:
            """Print the result once its tables are kept: figures take longer than everything before."""
            nonlocal shown, stopped
            with suppress(OSError, SystemExit):  # of a closed terminal, which must not keep the rest from being saved
                show(made)
                shown = True
            figures, stopped = drawn_unless_interrupted(partial(_save_figures, made, folder, helper), folder)
            return figures

        try:
            with results_folder(folder, must_be_new=out is not None):
                compile_once()
                started = time.perf_counter()
                with progress_bar("Simulating", replications) as advance:
                    made = simulate(loaded, replications, seed, jobs, advance, wanted, engine, plan)
                wall_s = time.perf_counter() - started
                with uninterrupted():
                    save_run(made, folder, wall_s, show_and_draw, command_typed())
        finally:  # what was simulated is shown even where it cannot be saved
            if made is not None and not shown:
                show(made)
    if not full:
        echo("All tables: add --full. A page with figures: funnelsim report, with the folder of the results.")
    echo(f"Results are in {folder}")
    if stopped or not made.complete:
        raise typer.Exit(INTERRUPTED)


def _save_figures(made: "Run", folder: Path, helper: "Executor | None") -> list[Path]:
    from funnelsim.plots import save_figures  # noqa: PLC0415  (heavy, and not needed before the result is printed)

    say_letters_not_drawn([made.scenario])
    return save_figures(made, folder, helper)
