"""The command that says what would help most."""

import os
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    FigureFile,
    Jobs,
    NewFolder,
    Overrides,
    Replace,
    ScenarioFile,
    Seed,
    check_figure,
    command_typed,
    compile_once,
    draw_figure,
    new_folder,
    planned,
)
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.values import whole_number
from funnelsim.cli.warnings import say_letters_not_drawn


@app.command(cls=Command)
def levers(
    scenario: ScenarioFile,
    *,
    retune: Annotated[
        bool,
        typer.Option(
            "--retune", help="Set the selection rates of each plan to those of its bound, which may take a minute."
        ),
    ] = False,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 2),
            show_default=False,
            help="Number of operations to simulate for each change (default 100).",
        ),
    ] = 100,
    seed: Seed = 1,
    overrides: Overrides = None,
    figure: FigureFile = None,
    out: NewFolder = None,
    replace: Replace = False,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Change one choice at a time (an officer, a bay, a rate, the hours) and say what finds more, and what it costs."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.levers.levers import levers_from, plans_of_levers, tried_levers  # noqa: PLC0415
    from funnelsim.decision.levers.levers_folder import save_levers  # noqa: PLC0415
    from funnelsim.reporting.levers_words import levers_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    check_figure(figure, replace=replace)
    loaded, _ = planned(scenario, overrides)
    with new_folder(out):
        compile_once()
        with progress_bar("Re-tuning" if retune else "Planning", len(tried_levers(loaded, retune=retune))) as advance:
            plans = plans_of_levers(loaded, retune=retune, progress=advance)
        with progress_bar("Simulating", replications * len(plans.scenarios)) as advance:
            made = levers_from(plans, replications, seed, jobs or os.cpu_count() or 1, advance, engine)
        Console().print(Page(levers_sections(made)))
        if out is not None:
            save_levers(made, out, command_typed())
            echo(f"Tables are in {out}")
    if figure is not None:
        from funnelsim.plots import tornado  # noqa: PLC0415  (heavy)

        say_letters_not_drawn([loaded])
        draw_figure(tornado(made), figure)
