"""The command that says whether an answer holds when assumptions are wrong."""

import os
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    FigureFile,
    Full,
    Jobs,
    NewFolder,
    Overrides,
    Replace,
    Seed,
    check_figure,
    command_typed,
    compile_once,
    draw_figure,
    naming,
    new_folder,
    planned,
    refuse_same_names,
)
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.values import typed_path, whole_number
from funnelsim.cli.warnings import say_letters_not_drawn

Scenarios = Annotated[
    list[Path],
    typer.Argument(
        parser=typed_path,
        metavar="SCENARIO...",
        help="The scenario file, and files of other plans: they take the uncertain inputs of the first.",
    ),
]


@app.command(cls=Command)
def sensitivity(
    scenarios: Scenarios,
    *,
    points: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--points", 32, 4096),
            show_default=False,
            help="At how many values of the assumptions to simulate, beside the screening (default 512).",
        ),
    ] = 512,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 2),
            show_default=False,
            help="Number of operations to simulate at each (default 8).",
        ),
    ] = 8,
    seed: Seed = 1,
    overrides: Overrides = None,
    full: Full = False,
    figure: FigureFile = None,
    out: NewFolder = None,
    replace: Replace = False,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Say which assumptions matter, and whether another plan would be better if they are wrong."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.uncertainty.sensitivity import points_of  # noqa: PLC0415
    from funnelsim.decision.uncertainty.sensitivity import sensitivity as analysed  # noqa: PLC0415
    from funnelsim.decision.uncertainty.sensitivity_folder import save_sensitivity  # noqa: PLC0415
    from funnelsim.decision.uncertainty.uncertain_inputs import uncertain_inputs  # noqa: PLC0415
    from funnelsim.reporting.section import as_data  # noqa: PLC0415
    from funnelsim.reporting.sensitivity_words import sensitivity_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    check_figure(figure, replace=replace)
    refuse_same_names(scenarios)
    plans = {file.stem: planned(file, overrides) for file in scenarios}
    first, plan = plans[scenarios[0].stem]
    with naming(scenarios[0]):
        inputs = uncertain_inputs(first, plan.road.demand)
    with new_folder(out):
        compile_once()
        with progress_bar("Simulating", points_of(len(inputs), points)) as advance:
            made = analysed(
                {name: scenario for name, (scenario, _) in plans.items()},
                points,
                replications,
                seed,
                jobs or os.cpu_count() or 1,
                progress=advance,
                engine=engine,
            )
        sections = sensitivity_sections(made, full=full)
        Console().print(Page(sections))
        if out is not None:
            save_sensitivity(made, out, as_data(sections), command_typed())
            echo(f"Tables are in {out}")
    if figure is not None:
        from funnelsim.plots import assumptions  # noqa: PLC0415  (heavy)

        say_letters_not_drawn(made.scenarios.values())
        draw_figure(assumptions(made), figure)
