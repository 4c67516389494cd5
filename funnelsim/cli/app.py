"""The command-line application: its options, and how it reports errors."""

import gc
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from funnelsim import __version__
from funnelsim.cli.console import echo, print_what_is_possible
from funnelsim.errors import NO_ROOM, FunnelsimError, NoRoomError, listed
from funnelsim.scenario.toml_text import printable

NO_SUCCESS, FAILED = 1, 2
INTERRUPTED = 130

# Imports make a hundred thousand objects that stay. To search them for garbage after every 700 new ones, as Python does
# by default, takes about an eighth of a short command.
OBJECTS_BETWEEN_SEARCHES = 200_000

COMMANDS = (
    "new",
    "check",
    "bound",
    "run",
    "sweep",
    "compare",
    "optimise",
    "roster",
    "levers",
    "stress",
    "when",
    "sensitivity",
    "plot",
    "report",
    "export",
    "cite",
    "events",
    "counts",
    "fit",
    "serve",
    "validate",
    "schema",
)
"""In the order of a planner's work, as in the README."""


class Commands(TyperGroup):
    """The commands in their order, with help that names no Python types."""

    def list_commands(self, _ctx: object) -> list[str]:
        """Return the names of the commands, in the order of the README."""
        return list(COMMANDS)

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  (typer's own class, which moved between its versions)
        """Return the options of the application."""
        return _without_types(super().get_params(ctx))


class Command(TyperCommand):
    """A command with help that names no Python types."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  (as above)
        """Return its arguments and options."""
        return _without_types(super().get_params(ctx))


def _without_types(params: list[Any]) -> list[Any]:
    """Return arguments and options of which help shows the name or the word for the value, but no type beside it."""
    for param in params:
        if param.param_type_name == "argument":
            param.display_type_rich = lambda ctx: None  # noqa: ARG005  (typer's protocol)
        elif param.is_flag:
            param.metavar = ""
    return params


app = typer.Typer(
    name="funnelsim",
    cls=Commands,
    help="Simulate a roadside police funnel: what it would find and how much it would delay traffic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; report errors in words on the error stream.

    The exit code is 2 where something is wrong with what was given, and 1 where the disk is full.
    """
    try:
        gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
        print_what_is_possible()
        app()
    except FunnelsimError as error:
        _say(*(listed(error.problems) or [str(error)]))
        raise SystemExit(NO_SUCCESS if isinstance(error, NoRoomError) else FAILED) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        _say(f"{place}{error.strerror or error}")
        raise SystemExit(NO_SUCCESS if error.errno in NO_ROOM else FAILED) from None
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("interrupted from the keyboard")
        raise
    except KeyboardInterrupt:  # before or after the command itself
        raise SystemExit(INTERRUPTED) from None


def _say(*messages: str) -> None:
    from rich.console import Console  # noqa: PLC0415  (only when something is wrong)
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True)
    for message in messages:
        shown = "\n".join(map(printable, message.split("\n")))
        console.print(Text.assemble(("error", "bold red"), f": {shown}"), soft_wrap=True)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  (typer's protocol)
    if wanted:
        echo(f"funnelsim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass
