"""The command that plans rosters of whole shifts."""

import os
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    Jobs,
    Overrides,
    ScenarioFile,
    Seed,
    command_typed,
    compile_once,
    naming,
    new_folder,
    planned,
    values_set,
)
from funnelsim.cli.progress import progress_bar, uninterrupted
from funnelsim.cli.values import typed_path, whole_number


@app.command(cls=Command)
def roster(
    scenario: ScenarioFile,
    *,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 2),
            show_default=False,
            help="Number of operations to simulate for each roster (default 200).",
        ),
    ] = 200,
    seed: Seed = 1,
    overrides: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=typed_path,
            metavar="DIR",
            help="Keep the scenario with the roster, who works when, and the comparison, in this new folder.",
        ),
    ] = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Plan whole shifts at least cost under the rules of working time, and simulate them beside today's roster."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.rosters.roster import roster as rosters_of  # noqa: PLC0415  (heavy)
    from funnelsim.decision.rosters.roster_folder import save_rosters  # noqa: PLC0415
    from funnelsim.decision.rosters.roster_planner import MOST_ROSTERS  # noqa: PLC0415
    from funnelsim.reporting.roster_words import roster_sections  # noqa: PLC0415
    from funnelsim.reporting.section import as_data  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    loaded, _ = planned(scenario, overrides)
    with new_folder(out):
        compile_once()
        with progress_bar("Simulating rosters, at most", MOST_ROSTERS) as advance, naming(scenario):
            made = rosters_of(loaded, replications, seed, jobs or os.cpu_count() or 1, progress=advance, engine=engine)
        Console().print(Page(roster_sections(made)))
        if out is not None:
            with uninterrupted():
                words = as_data(roster_sections(made, shifts=False))
                plan = save_rosters(made, out, scenario, values_set(overrides), words, command_typed())
            echo(f"The roster is in {plan}. Simulate it: funnelsim run {plan} --seed {made.comparison.seed}")
            echo(f"Who works when is in {out / 'persons.csv'}. A page to sign: funnelsim report {out}")
