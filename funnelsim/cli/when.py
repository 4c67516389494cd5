"""The command that says when and where to stand."""

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import (
    Engines,
    Jobs,
    NewFolder,
    Overrides,
    Seed,
    command_typed,
    compile_once,
    naming,
    new_folder,
    refuse_same_names,
)
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.values import number, typed_path, whole_number
from funnelsim.errors import FunnelsimError, Problem

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


def _lengths_h(given: str | None) -> list[float] | None:
    """Return the lengths that `--lengths-h` names; None where it is not given."""
    if given is None:
        return None
    try:
        lengths = [float(part) for part in given.split(",")]
    except ValueError:
        lengths = [math.nan]
    if not all(map(math.isfinite, lengths)):
        message = f"{given} given; allowed: hours separated by commas, such as 4,6,8"
        raise FunnelsimError([Problem("--lengths-h", message)])
    return lengths


@app.command(cls=Command)
def when(
    sites: Annotated[
        list[Path],
        typer.Argument(parser=typed_path, metavar="SCENARIO...", help="The scenario files, one a site."),
    ],
    *,
    lengths_h: Annotated[
        str | None,
        typer.Option(metavar="4,6,8", help="Lengths of the windows in hours (default that of the scenario)."),
    ] = None,
    starts_every_h: Annotated[
        float,
        typer.Option(
            metavar="H",
            parser=number("--starts-every-h", 0.25, 24.0),
            show_default=False,
            help="Windows open every so many hours from midnight on (default 1).",
        ),
    ] = 1,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replications", 10),
            show_default=False,
            help="Number of operations to simulate of each window that may be best (default 200).",
        ),
    ] = 200,
    seed: Seed = 1,
    overrides: Overrides = None,
    out: NewFolder = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Find the start, length, day and site at which most is found within the limits, in all and for an officer-hour."""
    from contextlib import ExitStack  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.windows.when import STAGES, when_from  # noqa: PLC0415
    from funnelsim.decision.windows.when_folder import save_when  # noqa: PLC0415
    from funnelsim.decision.windows.windows import candidates_of  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415
    from funnelsim.reporting.when_words import when_sections  # noqa: PLC0415

    lengths = _lengths_h(lengths_h)
    scenarios = _scenarios(sites, overrides)
    with new_folder(out):
        with ExitStack() as named:
            if len(sites) == 1:
                named.enter_context(naming(sites[0]))
            candidates = candidates_of(scenarios, lengths, starts_every_h)
        compile_once()
        most = len(candidates.possible) * (STAGES[-1] + replications)
        with progress_bar("Simulating, at most", most) as advance:
            made = when_from(scenarios, candidates, replications, seed, jobs or os.cpu_count() or 1, advance, engine)
        Console().print(Page(when_sections(made)))
        if out is not None:
            save_when(made, out, command_typed())
            echo(f"Tables are in {out}")


def _scenarios(sites: list[Path], overrides: list[str] | None) -> "dict[str, Scenario]":
    """Return the scenario of each site by the name of its file."""
    from funnelsim.scenario import load_scenario  # noqa: PLC0415  (heavy)

    refuse_same_names(sites)
    return {file.stem: load_scenario(file, overrides or []) for file in sites}
