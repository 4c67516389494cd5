"""The command that says what would help most."""

import os
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.options import Engines, Jobs, Overrides, ScenarioFile, Seed, compile_once, planned
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.values import whole_number


@app.command(cls=Command)
def levers(
    scenario: ScenarioFile,
    *,
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
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Change one choice at a time (an officer, a bay, a rate, the hours) and say what finds more, and what it costs."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.levers import levers as levers_of_plan  # noqa: PLC0415
    from funnelsim.decision.levers import levers_of  # noqa: PLC0415
    from funnelsim.reporting.levers_words import levers_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    loaded, _ = planned(scenario, overrides)
    compile_once()
    with progress_bar("Simulating", replications * (1 + len(levers_of(loaded)))) as advance:
        made = levers_of_plan(loaded, replications, seed, jobs or os.cpu_count() or 1, progress=advance, engine=engine)
    Console().print(Page(levers_sections(made)))
