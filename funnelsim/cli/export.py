"""The command that writes a result for another program."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, ResultFolder, refuse_existing
from funnelsim.cli.values import one_of, typed_path

WORKBOOK = "result.xlsx"


@app.command(cls=Command)
def export(
    result: ResultFolder,
    *,
    to: Annotated[
        Literal["xlsx"],
        typer.Option(
            "--to",
            metavar="FORMAT",
            parser=one_of("--to", "xlsx"),
            show_default=False,
            help="xlsx: a workbook for Excel and LibreOffice (default xlsx).",
        ),
    ] = "xlsx",
    out: Annotated[
        Path | None,
        typer.Option(parser=typed_path, metavar="FILE", help=f"File to write (default RESULT/{WORKBOOK})."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Write a result as one workbook: summary, limits, measures or points, replications, scenario, sources."""
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.workbook import to_xlsx  # noqa: PLC0415

    path = out if out is not None else result / WORKBOOK
    refuse_existing([path], replace=replace)
    to_xlsx(load_result(result), path)
    echo(f"Wrote {path}, a workbook ({to}) for Excel and LibreOffice.")
