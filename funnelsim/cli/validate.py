"""The command that holds the model against what is known."""

from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import app
from funnelsim.cli.options import Engines, compile_once

DIFFERS = 1


@app.command()
def validate(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replications: less than a minute.")] = False,
    peers: Annotated[
        bool, typer.Option("--peers", help="Run other simulators too; needs pip install 'funnelsim[peers]'.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FILE.md", help="Write it all as a page, its figures in a folder of that name beside it."),
    ] = None,
    engine: Engines = "compiled",
) -> None:
    """Hold the model against theory, other simulators, real operations, the literature; exit code 1 if it differs."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.report.page import Page  # noqa: PLC0415
    from funnelsim.scenario import Scenario  # noqa: PLC0415
    from funnelsim.validation.chapter import Effort  # noqa: PLC0415
    from funnelsim.validation.chapters import write  # noqa: PLC0415
    from funnelsim.validation.known.little import RICH  # noqa: PLC0415
    from funnelsim.validation.page import save_page  # noqa: PLC0415
    from funnelsim.validation.table import holds, section_of, summary  # noqa: PLC0415

    console = Console()
    compile_once(Scenario.model_validate(RICH))
    if not quick:
        Console(stderr=True).print("This takes some minutes; --quick takes less than one.", highlight=False)
    effort = Effort(quick=quick, engine=engine)
    chapters = []
    for chapter in write(effort, peers=peers):
        chapters.append(chapter)
        console.print(Page([section_of(chapter)]))
        console.print()
    console.print(Page([summary(chapters)]))
    if page is not None:
        save_page(chapters, effort, page)
        console.print(f"The page is {page}", highlight=False, soft_wrap=True)
    if not holds(chapters):
        raise typer.Exit(DIFFERS)
