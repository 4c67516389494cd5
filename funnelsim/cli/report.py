"""The command that writes a result as one page, HTML or PDF."""

from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, ResultFolder, refuse_existing
from funnelsim.cli.values import typed_path

PAGE, PDF = "report.html", "report.pdf"


@app.command(cls=Command)
def report(
    result: ResultFolder,
    *,
    pdf: Annotated[
        bool,
        typer.Option(
            "--pdf",
            show_default=False,
            help="Write a PDF instead, printed by the Chromium, Chrome or Edge that is installed.",
        ),
    ] = False,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            parser=typed_path,
            metavar="DIR",
            show_default=False,
            help="Add how sure the result is: a folder of sensitivity --out or stress --out. Repeat for several.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=typed_path, metavar="FILE", help=f"File to write (default RESULT/{PAGE}, or RESULT/{PDF})."
        ),
    ] = None,
    replace: Replace = False,
) -> None:
    """Write a result as one HTML page or PDF: the question, the results and the assumptions behind them."""
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.html import html_report, provenance_of, write_page  # noqa: PLC0415
    from funnelsim.reporting.html.decision_page import decision_in  # noqa: PLC0415
    from funnelsim.reporting.html.how_sure import about_others, how_sure_in  # noqa: PLC0415

    path = out if out is not None else result / (PDF if pdf else PAGE)
    refuse_existing([path], replace=replace)
    how_sure = how_sure_in(beside or [], result)
    page = html_report(load_result(result), provenance_of(result), decision_in(result), how_sure)
    if pdf:
        from funnelsim.reporting.html.pdf import write_pdf  # noqa: PLC0415

        write_pdf(page, path)
        echo(f"Wrote {path}.")
    else:
        write_page(page, path)
        echo(f"Wrote {path}. Open it in a browser, or print it from there.")
    for careful in about_others(beside or [], result).values():
        echo(careful)
