"""The command line: parses, calls, prints.

What a command needs is imported inside it, so that ``funnelsim --help`` answers at once.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from funnelsim import __version__
from funnelsim.errors import FunnelsimError, Problem, ScenarioError

FAILED = 2
INTERRUPTED = 130

app = typer.Typer(
    name="funnelsim",
    help="Simulate a roadside police funnel: what it would find, and what it would cost in delay.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; what goes wrong is said in words, on the error stream, with exit code 2."""
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
            _say("stopped from the keyboard")
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
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def new(name: Annotated[str, typer.Argument(help="Name of the scenario, without .toml.")]) -> None:
    """Write NAME.toml in this folder: a scenario that runs, to be edited."""
    from funnelsim.scenario.starter import starter_scenario  # noqa: PLC0415
    from funnelsim.scenario.toml_text import plain_text  # noqa: PLC0415

    name = name.removesuffix(".toml")
    if not name.isprintable() or name.startswith(".") or Path(name).name != name or "\\" in name or not name:
        problem = "no name for a scenario; allowed: letters and digits, no folder, such as a3_eastbound"
        raise ScenarioError([Problem(plain_text(name), problem)])
    file = Path(f"{name}.toml")
    title = name.replace("_", " ").replace("-", " ").strip()
    text = starter_scenario(title[:1].upper() + title[1:])
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise ScenarioError(
            [Problem(str(file), "is there already and stays as it is; allowed: another name")]
        ) from None
    typer.echo(f"{file} is written: edit it, then `funnelsim run {file}`.")


@app.command()
def schema() -> None:
    """Write the JSON Schema of the scenario file, with which an editor completes and checks it."""
    from funnelsim.report.reference import json_schema  # noqa: PLC0415

    sys.stdout.write(f"{json_schema()}\n")


if __name__ == "__main__":
    main()
