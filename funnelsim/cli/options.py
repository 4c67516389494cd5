"""Arguments and options that several commands share, and the steps that follow from them."""

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from funnelsim.cli.console import say
from funnelsim.cli.values import MOST_SEED, one_of, typed_path, whole_number
from funnelsim.errors import FunnelsimError, Problem, ResultsError, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funnelsim.model.plan import Plan
    from funnelsim.scenario.demand import Demand
    from funnelsim.scenario.schema import Scenario

FIGURE_FORMATS = ("png", "svg", "pdf")

ScenarioFile = Annotated[Path, typer.Argument(parser=typed_path, metavar="SCENARIO", help="The scenario file.")]
ResultFolder = Annotated[
    Path,
    typer.Argument(
        parser=typed_path, metavar="RESULT", help="Results folder of a run, a sweep, a comparison or an optimisation."
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(parser=typed_path, metavar="DIR", help="Folder for the results (default a new one in results)."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite what exists.")]
Full = Annotated[bool, typer.Option("--full", help="Print all tables, not only the first screen.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a key of the scenario to another value, such as area.bays=6 (repeatable).",
    ),
]
Engines = Annotated[
    Literal["compiled", "simpy"],
    typer.Option(
        metavar="NAME",
        parser=one_of("--engine", "compiled", "simpy"),
        show_default=False,
        help="compiled, or simpy: the slower reference engine with the same results (default compiled).",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number("--jobs", 1, 1024),
        help="Number of threads, or of processes with simpy (default one per core).",
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        parser=whole_number("--seed", 0, MOST_SEED),
        show_default=False,
        help="Random seed: the same seed gives the same numbers (default 1).",
    ),
]


def refuse_existing(files: "Iterable[Path]", *, replace: bool) -> None:
    """Check that no file exists that would be overwritten, before anything is done.

    Raises
    ------
    ResultsError
        With all files that do, unless they may be replaced.
    """
    message = "already exists and was not changed; allowed: another name, or --replace to overwrite it"
    taken = [] if replace else [file for file in files if file.exists()]
    if taken:
        raise ResultsError([Problem(str(file), message) for file in taken])


def check_figure_ending(figure: Path) -> None:
    """Check that the ending of a file names a format in which figures are drawn, before anything is done.

    Raises
    ------
    FunnelsimError
        If it does not.
    """
    if figure.suffix.removeprefix(".") not in FIGURE_FORMATS:
        endings = ", ".join(f".{ending}" for ending in FIGURE_FORMATS)
        raise FunnelsimError([Problem("--figure", f"{figure} given; allowed: a file that ends with one of {endings}")])


def command_typed() -> list[str]:
    """Return the command that runs and its arguments, as typed."""
    return ["funnelsim", *sys.argv[1:]]


def compile_once() -> None:
    """Compile, if that was never done for this installation, with a message on the error stream."""
    from funnelsim.model.cache import is_compiled  # noqa: PLC0415

    if not is_compiled():
        from funnelsim.compile import MESSAGE, compile_all  # noqa: PLC0415

        say(MESSAGE)
        compile_all()


def loaded_with_demand(file: Path, overrides: list[str] | None) -> "tuple[Scenario, Demand]":
    """Load a scenario and read its counts; errors in these name the scenario file."""
    from funnelsim.scenario import load_scenario  # noqa: PLC0415  (heavy)
    from funnelsim.scenario.demand import demand_of  # noqa: PLC0415

    scenario = load_scenario(file, overrides or [])
    with naming(file):
        return scenario, demand_of(scenario)


def planned(file: Path, overrides: list[str] | None) -> "tuple[Scenario, Plan]":
    """Load a scenario and plan it; errors in its counts name the scenario file."""
    from funnelsim.model.planning import plan_of  # noqa: PLC0415  (heavy)
    from funnelsim.scenario import load_scenario  # noqa: PLC0415

    scenario = load_scenario(file, overrides or [])
    with naming(file):
        return scenario, plan_of(scenario)


def values_set(overrides: list[str] | None) -> dict[str, Any]:
    """Return what `--set` sets, by dotted key."""
    from funnelsim.scenario.overrides import parse_override  # noqa: PLC0415  (heavy)
    from funnelsim.scenario.toml_text import path_text  # noqa: PLC0415

    return {path_text(one.path): one.value for one in map(parse_override, overrides or ())}


@contextmanager
def naming(file: Path) -> "Iterator[None]":
    """Name the scenario file in errors that are found after it was loaded, but for those of an option."""
    try:
        yield
    except ScenarioError as error:
        found = [
            one if one.where.startswith("--") else replace(one, where=f"{file}: {one.where}") for one in error.problems
        ]
        raise type(error)(found) from None
