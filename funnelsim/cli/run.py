"""The command that simulates a scenario."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Engines, Full, Jobs, OutFolder, Overrides, ScenarioFile, Seed, command_typed, planned
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.saving import Draw, end, simulate_and_save
from funnelsim.cli.values import whole_number
from funnelsim.cli.warnings import say_letters_not_drawn, say_warnings

if TYPE_CHECKING:
    from funnelsim.experiments.run import Run
    from funnelsim.model.plan import Plan
    from funnelsim.scenario.schema import Scenario

Replications = Annotated[
    int,
    typer.Option(
        metavar="N",
        parser=whole_number("--replications", 1),
        show_default=False,
        help="Number of operations to simulate (default 100).",
    ),
]
Precisions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=SHARE",
        help="Simulate until the half-width of this measure is at most this share of its mean, such as "
        "delay_p95_s=5% (repeatable).",
    ),
]
MaxReplications = Annotated[
    int,
    typer.Option(
        metavar="N",
        parser=whole_number("--max-replications", 1),
        show_default=False,
        help="With --precision: simulate at most this many operations (default 2000).",
    ),
]


@app.command(cls=Command)
def run(
    scenario: ScenarioFile,
    *,
    replications: Replications = 100,
    precision: Precisions = None,
    max_replications: MaxReplications = 2000,
    seed: Seed = 1,
    overrides: Overrides = None,
    out: OutFolder = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
    full: Full = False,
) -> None:
    """Simulate a scenario, print what it would find and cost, and save tables and figures."""
    from funnelsim.experiments.processes import second_process  # noqa: PLC0415

    jobs = jobs or os.cpu_count() or 1
    loaded, plan = planned(scenario, overrides)
    started_s = 0.0
    # The second process imports what figures need while this one simulates.
    with second_process(jobs, "funnelsim.plots") as helper:
        from funnelsim.experiments.precision import goals_of  # noqa: PLC0415
        from funnelsim.experiments.results import default_folder, save_run  # noqa: PLC0415
        from funnelsim.experiments.run import run as simulated  # noqa: PLC0415

        wanted = goals_of(precision or ())
        replications = max_replications if wanted else replications
        folder = out or default_folder(scenario, loaded, plan.road.demand, replications, seed, wanted)

        def simulate() -> "Run":
            nonlocal started_s
            started_s = time.perf_counter()
            with progress_bar("Simulating", replications) as advance:
                return simulated(loaded, replications, seed, jobs, advance, wanted, engine, plan)

        def save(made: "Run", draw: "Draw[Run]") -> None:
            save_run(made, folder, time.perf_counter() - started_s, draw, command_typed())

        def draw(made: "Run", folder: Path) -> list[Path]:
            from funnelsim.plots import save_figures  # noqa: PLC0415  (heavy, and not needed before the result is printed)

            say_letters_not_drawn([loaded])
            return save_figures(made, folder, helper)

        made, stopped = simulate_and_save(
            folder,
            simulate,
            save,
            lambda made: _show(made, loaded, plan, full=full),
            draw,
            must_be_new=out is not None,
        )
    if not full:
        echo("All tables: add --full. A page with figures: funnelsim report, with the folder of the results.")
    end(folder, complete=made.complete and not stopped)


def _show(made: "Run", scenario: "Scenario", plan: "Plan", *, full: bool) -> None:
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.reporting.run_summary import summary_sections  # noqa: PLC0415
    from funnelsim.reporting.run_table import run_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    console = Console()
    say_warnings(console, {"": (scenario, plan)})
    console.print(Page(run_sections(made) if full else summary_sections(made)))
