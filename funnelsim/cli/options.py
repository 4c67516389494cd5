"""Arguments and options that several commands share, and the steps that follow from them."""

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from funnelsim.cli.console import echo, say
from funnelsim.cli.values import MOST_SEED, one_of, typed_path, whole_number
from funnelsim.errors import FunnelsimError, Problem, ResultsError, ScenarioError
from funnelsim.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.figure import Figure

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
NewFolder = Annotated[
    Path | None,
    typer.Option(parser=typed_path, metavar="DIR", help="Keep all tables, as CSV, in this new folder."),
]
FigureFile = Annotated[
    Path | None,
    typer.Option(parser=typed_path, metavar="FILE", help="Draw the result into this file (.png, .svg or .pdf)."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite a file that exists; a folder must be new.")]
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


def refuse_same_names(files: "Sequence[Path]") -> None:
    """Check that files, which are called by their names without folder and ending, have different ones.

    Raises
    ------
    FunnelsimError
        With all that have the name of another.
    """
    by_name: dict[str, list[str]] = {}
    for file in files:
        by_name.setdefault(file.stem, []).append(str(file))
    problems = [
        Problem("SCENARIO", f"{joined(same)} given, which have the same name, {name}; allowed: different names")
        for name, same in by_name.items()
        if len(same) > 1
    ]
    if problems:
        raise FunnelsimError(problems)


def check_figure(figure: Path | None, *, replace: bool) -> None:
    """Check that a figure can be drawn into a file, before anything is done; its folder is made if need be.

    Raises
    ------
    FunnelsimError
        If the ending names no format in which figures are drawn, the file exists and may not be replaced, or its folder
        cannot be made.
    """
    if figure is None:
        return
    if figure.suffix.removeprefix(".") not in FIGURE_FORMATS:
        endings = ", ".join(f".{ending}" for ending in FIGURE_FORMATS)
        raise FunnelsimError([Problem("--figure", f"{figure} given; allowed: a file that ends with one of {endings}")])
    refuse_existing([figure], replace=replace)
    try:
        figure.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made ({error.strerror}); allowed: a folder in which a figure can be written"
        raise ResultsError([Problem(str(figure.parent), message)]) from None


def draw_figure(drawn: "Figure", figure: Path) -> None:
    """Save a figure into the file that was checked, and say so."""
    from funnelsim.plots import save_figure  # noqa: PLC0415  (heavy)

    save_figure(drawn, figure.stem, figure.parent, [figure.suffix.removeprefix(".")])
    echo(f"Drew {figure}")


@contextmanager
def new_folder(out: Path | None) -> "Iterator[None]":
    """Hold the new folder of `--out`, if there is one, while something is simulated for it."""
    from funnelsim.experiments.files import results_folder  # noqa: PLC0415  (heavy)

    if out is None:
        yield
        return
    with results_folder(out, must_be_new=True):
        yield


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
