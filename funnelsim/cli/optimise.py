"""The command that finds the best plan."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import INTERRUPTED, Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    Jobs,
    OutFolder,
    Overrides,
    ScenarioFile,
    Seed,
    command_typed,
    compile_once,
    loaded_with_demand,
    naming,
    values_set,
)
from funnelsim.cli.progress import progress_bar, uninterrupted
from funnelsim.cli.sweep import Cluster
from funnelsim.cli.values import whole_number
from funnelsim.errors import FunnelsimError, Problem

if TYPE_CHECKING:
    from funnelsim.decision.optimisation.optimise import Optimum

Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=VALUES",
        help="Key that may change (repeatable), with its values: a list 0.01,0.02 or a range 0:0.2, which is searched "
        r"in between. Keys joined by + change together (default the \[decide] table of the scenario).",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number("--replications", 1_000),
        help=r"Number of operations that may be simulated to find the plan (default that of \[decide], or 60000).",
    ),
]


@app.command(cls=Command)
def optimise(
    scenario: ScenarioFile,
    *,
    vary: Vary = None,
    replications: Replications = None,
    seed: Seed = 1,
    overrides: Overrides = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: OutFolder = None,
) -> None:
    """Find the plan that finds most within the limits, say how sure that is, and write it as a scenario file.

    Run the same command again to resume one that was interrupted.
    """
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.optimisation.decision_folder import begun, default_decision_folder, save_decision  # noqa: PLC0415
    from funnelsim.decision.optimisation.optimise import answered, asked  # noqa: PLC0415
    from funnelsim.reporting.optimise_words import optimum_sections  # noqa: PLC0415
    from funnelsim.reporting.section import as_data  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    if jobs is not None and cluster is not None:
        raise FunnelsimError([Problem("--jobs", "given with --cluster; allowed: one of the two")])
    loaded, demand = loaded_with_demand(scenario, overrides)
    with naming(scenario):
        question = asked(loaded, vary or None, replications, demand)
    wanted = {"vary": list(vary or ()), "replications": replications, "seed": seed, "engine": engine}
    folder = out or default_decision_folder(scenario, loaded, demand, wanted)
    if cluster is None:
        compile_once()
    try:
        with begun(folder, loaded, demand, wanted):
            with progress_bar("Simulating, at most", question.replications) as advance:
                made = answered(
                    loaded,
                    question,
                    demand,
                    seed=seed,
                    engine=engine,
                    jobs=jobs or os.cpu_count() or 1,
                    cluster=cluster,
                    folder=folder,
                    progress=advance,
                )
            sections = optimum_sections(made)
            try:
                with uninterrupted():
                    plan = save_decision(
                        made, folder, scenario, values_set(overrides), as_data(sections), command_typed()
                    )
            finally:  # also what cannot be saved is printed
                Console().print(Page(sections))
    except KeyboardInterrupt:
        echo("Finished work is kept: run the same command again to continue.")
        raise typer.Exit(INTERRUPTED) from None
    _say_where(made, plan, folder)


def _say_where(made: "Optimum", plan: Path, folder: Path) -> None:
    from funnelsim.decision.optimisation.optimise import seed_of  # noqa: PLC0415

    which = "plan" if made.choice.front is None else "plan that finds most"
    if made.feasible or made.choice.front is None:
        which = which if made.feasible else "nearest plan"
        echo(f"The {which} is in {plan}. Simulate it: funnelsim run {plan} --seed {seed_of(made.seed, 2)}")
    echo(f"Results are in {folder}. A page to decide by: funnelsim report {folder}")
