"""The command that says how a plan stands bad days."""

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
def stress(
    scenario: ScenarioFile,
    *,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 10),
            show_default=False,
            help="Number of operations to simulate of each day (default 200).",
        ),
    ] = 200,
    seed: Seed = 1,
    overrides: Overrides = None,
    figure: FigureFile = None,
    out: NewFolder = None,
    replace: Replace = False,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Simulate bad days (more demand, an officer missing, a late start), say which limits break, and what insures."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from  # noqa: PLC0415
    from funnelsim.decision.bad_days.stress_folder import save_stress  # noqa: PLC0415
    from funnelsim.reporting.section import as_data  # noqa: PLC0415
    from funnelsim.reporting.stress_words import stress_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    check_figure(figure, replace=replace)
    loaded, _ = planned(scenario, overrides)
    threads = jobs or os.cpu_count() or 1
    with new_folder(out):
        compile_once()
        plans = plans_of_stress(loaded)
        with progress_bar("Simulating", replications * len(plans.plans)) as advance:
            made = stress_from(plans, replications, seed, threads, advance, engine)
        with progress_bar("Trying levers on bad days", len(made.uninsured)) as advance:
            made = insured(made, threads, advance)
        sections = stress_sections(made)
        Console().print(Page(sections))
        if out is not None:
            save_stress(made, out, as_data(sections), command_typed())
            echo(f"Tables are in {out}")
    if figure is not None:
        from funnelsim.plots import bad_days  # noqa: PLC0415  (heavy)

        say_letters_not_drawn([loaded])
        draw_figure(bad_days(made), figure)
