"""The command that says what to cite beside a result."""

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import ResultFolder


@app.command(cls=Command)
def cite(result: ResultFolder) -> None:
    """Print what to cite beside a result, as BibTeX: funnelsim with its version, and the sources of its data."""
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.citation import bibtex  # noqa: PLC0415

    echo(bibtex(load_result(result)).rstrip())
