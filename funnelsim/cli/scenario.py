"""The commands about a scenario file: new, check, schema."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Overrides, ScenarioFile, naming, planned
from funnelsim.errors import Problem, ScenarioError


@app.command(cls=Command)
def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario, without .toml.")]) -> None:
    """Write NAME.toml in the current folder: a commented scenario that runs, for you to edit."""
    from funnelsim.experiments.files import portable_name  # noqa: PLC0415
    from funnelsim.scenario.starter import starter_scenario  # noqa: PLC0415
    from funnelsim.scenario.toml_text import plain_text  # noqa: PLC0415

    name = name.removesuffix(".toml")
    if not name.isprintable() or name.startswith(".") or Path(name).name != name or "\\" in name or not name:
        problem = "not a valid scenario name; allowed: letters and digits, no folder, such as a3_eastbound"
        raise ScenarioError([Problem(plain_text(name), problem)])
    file = Path(portable_name(f"{name}.toml"))
    title = name.replace("_", " ").replace("-", " ").strip()
    text = starter_scenario(title[:1].upper() + title[1:])
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise ScenarioError([Problem(str(file), "already exists and was not changed; allowed: another name")]) from None
    except OSError as error:
        file.unlink(missing_ok=True)  # half a scenario would block the next try
        raise OSError(error.errno, error.strerror, str(file)) from None
    echo(f"Wrote {file}. Edit it, then run it with `funnelsim run {shlex.quote(str(file))}`.")


@app.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of the scenario file, with which an editor can complete and check it."""
    from funnelsim.reporting.reference import json_schema  # noqa: PLC0415

    sys.stdout.write(f"{json_schema()}\n")


@app.command(cls=Command)
def check(scenario: ScenarioFile, overrides: Overrides = None) -> None:
    """Describe a scenario in plain language and warn about suspicious settings."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.reporting.plain_words import check_report  # noqa: PLC0415

    loaded, plan = planned(scenario, overrides)
    if loaded.uncertain is not None:
        from funnelsim.decision.uncertainty.uncertain_inputs import uncertain_inputs  # noqa: PLC0415  (needed by few)

        with naming(scenario):
            uncertain_inputs(loaded, plan.road.demand)
    Console().print(check_report(loaded, plan))
