"""The command that serves the page for planners who do not use a command line."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import compile_once
from funnelsim.cli.values import typed_path, whole_number
from funnelsim.errors import FunnelsimError, Problem

MOST_PORT = 65_535
SCENARIOS, RESULTS = Path("scenarios"), Path("results")


@app.command(cls=Command)
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(
            parser=typed_path, metavar="FOLDER", help="Folder of scenario files (default scenarios, or this folder)."
        ),
    ] = None,
    *,
    out: Annotated[
        Path,
        typer.Option(
            parser=typed_path,
            metavar="DIR",
            show_default=False,
            help="Folder for what the page keeps (default results).",
        ),
    ] = RESULTS,
    host: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="Where to listen (default 127.0.0.1, where only this machine is heard; elsewhere a token is needed).",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--port", 0, MOST_PORT),
            show_default=False,
            help="Port to listen on, 0 for any that is free (default 8080).",
        ),
    ] = 8080,
) -> None:
    """Serve a page in the browser: move the levers of a plan and see what changes."""
    if find_spec("nicegui") is None:
        message = "NiceGUI is not installed; allowed: pip install 'funnelsim[web]'"
        raise FunnelsimError([Problem("funnelsim serve", message)])
    from funnelsim.web.folders import Folders  # noqa: PLC0415
    from funnelsim.web.server import serve as served  # noqa: PLC0415  (needs the extra)
    from funnelsim.web.settings import settings_of  # noqa: PLC0415

    scenarios = folder or (SCENARIOS if SCENARIOS.is_dir() else Path())
    if not scenarios.is_dir():
        raise FunnelsimError([Problem("FOLDER", f"{scenarios} given; allowed: a folder that exists")])
    settings = settings_of(Folders(scenarios.resolve(), out.resolve()), host, port)
    compile_once()
    echo(f"Open {settings.address} in a browser. End with Ctrl-C.")
    served(settings)
