"""The command-line application: its options, and how it reports errors."""

from typing import Annotated

import typer

from funnelsim import __version__
from funnelsim.errors import FunnelsimError

FAILED = 2
INTERRUPTED = 130

app = typer.Typer(
    name="funnelsim",
    help="Simulate a roadside police funnel: what it would find and how much it would delay traffic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; report errors in words on the error stream, with exit code 2."""
    try:
        app()
    except FunnelsimError as error:
        _say(*(str(problem) for problem in error.problems or [error]))
        raise SystemExit(FAILED) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        _say(f"{place}{error.strerror or error}")
        raise SystemExit(FAILED) from None
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("interrupted from the keyboard")
        raise


def _say(*messages: str) -> None:
    from rich.console import Console  # noqa: PLC0415  (only when something is wrong)
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True)
    for message in messages:
        console.print(Text.assemble(("error", "bold red"), f": {message}"), soft_wrap=True)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  (typer's protocol)
    if wanted:
        typer.echo(f"funnelsim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass
