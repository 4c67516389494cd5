"""The command that simulates a scenario."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import INTERRUPTED, app
from funnelsim.cli.options import Engines, Jobs, Overrides, ScenarioFile, Seed, compile_once, planned
from funnelsim.cli.progress import progress_bar, uninterrupted


@app.command()
def run(
    scenario: ScenarioFile,
    *,
    replications: Annotated[int, typer.Option(min=1, help="Number of operations to simulate.")] = 100,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MEASURE=SHARE",
            help="Simulate until the half-width of this measure is at most this share of its mean, such as "
            "delay_p95_s=5% (repeatable).",
        ),
    ] = None,
    max_replications: Annotated[
        int, typer.Option(min=1, help="With --precision: simulate at most this many operations.")
    ] = 2000,
    seed: Seed = 1,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the results (default: a new one in results).")
    ] = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Simulate a scenario, print what it would find and cost, and save tables and figures."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.experiments.precision import parse_precision  # noqa: PLC0415
    from funnelsim.experiments.results import default_folder, prepare_folder, save_run  # noqa: PLC0415
    from funnelsim.experiments.run import run as simulate  # noqa: PLC0415
    from funnelsim.plots import save_figures  # noqa: PLC0415
    from funnelsim.report.run_table import run_report  # noqa: PLC0415

    console = Console()
    loaded, plan = planned(scenario, overrides)
    wanted = [parse_precision(text) for text in precision or []]
    replications = max_replications if wanted else replications
    folder = out or default_folder(scenario, loaded, plan.road.demand, replications, seed, wanted)
    prepare_folder(folder, must_be_new=out is not None)
    compile_once(loaded)
    started = time.perf_counter()
    with progress_bar("Simulating", replications) as advance:
        made = simulate(loaded, replications, seed, jobs or os.cpu_count() or 1, advance, wanted, engine)
    wall_s = time.perf_counter() - started
    with uninterrupted():
        console.print(run_report(made))
        save_run(made, folder, wall_s, save_figures)
    console.print(f"Results are in {folder}", highlight=False, soft_wrap=True)
    if not made.complete:
        raise typer.Exit(INTERRUPTED)
