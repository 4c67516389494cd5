"""The command that compares the model with theory."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo, say
from funnelsim.cli.options import Engines, Replace, compile_once, refuse_existing
from funnelsim.cli.values import typed_path

if TYPE_CHECKING:
    from funnelsim.experiments.replication import Engine
    from funnelsim.validation.chapter import Write

DIFFERS = 1

Quick = Annotated[
    bool, typer.Option("--quick", help="Simulate fewer operations: less than a minute, with wider half-widths.")
]
PageFile = Annotated[
    Path | None,
    typer.Option(
        parser=typed_path,
        metavar="FILE",
        help="Also write a page (Markdown); its figures go to a folder of the same name beside it.",
    ),
]


@app.command(cls=Command)
def validate(
    *, quick: Quick = False, page: PageFile = None, replace: Replace = False, engine: Engines = "compiled"
) -> None:
    """Compare the model with theory; fail if they differ without a known reason."""
    from funnelsim.validation.chapters import KNOWN  # noqa: PLC0415

    refuse_existing([] if page is None else [page], replace=replace)
    compare(KNOWN, quick=quick, page=page, engine=engine)


def compare(chapters: Sequence["Write"], *, quick: bool, page: Path | None, engine: "Engine") -> None:
    """Compute chapters, print each as soon as it is known, and write the page.

    Parameters
    ----------
    chapters
        Which, in the order of the page.
    quick
        Whether to use fewer replications.
    page
        Where to write the page; None for no page.
    engine
        The engine that simulates.

    Raises
    ------
    typer.Exit
        With code 1 if a comparison differs without a known reason.
    """
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.reporting.terminal import Page  # noqa: PLC0415
    from funnelsim.validation.chapter import Effort  # noqa: PLC0415
    from funnelsim.validation.page import save_page  # noqa: PLC0415
    from funnelsim.validation.table import holds, section_of, summary  # noqa: PLC0415

    console = Console()
    compile_once()
    if not quick:
        say("This takes some minutes; --quick takes less than one.")
    effort = Effort(quick=quick, engine=engine)
    found = []
    for chapter_of in chapters:
        found.append(chapter_of(effort))
        console.print(Page([section_of(found[-1])]))
        console.print()
    console.print(Page([summary(found)]))
    if page is not None:
        save_page(found, effort, page)
        echo(f"The page is {page}")
    if not holds(found):
        raise typer.Exit(DIFFERS)
