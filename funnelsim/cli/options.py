"""Arguments and options that several commands share, and the steps that follow from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from funnelsim.errors import Problem, ScenarioError

NOT_MADE = "no compiled object"

if TYPE_CHECKING:
    from funnelsim.model.plan import Plan
    from funnelsim.scenario.schema import Scenario

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="The scenario file.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Override a key of the scenario file, such as area.bays=6 (repeatable).",
    ),
]
Engines = Annotated[
    Literal["compiled", "simpy"],
    typer.Option(help="The compiled engine, or SimPy: the slower reference engine with the same results."),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Number of threads, or of processes with SimPy (default: one per core)."),
]
Seed = Annotated[int, typer.Option(min=0, help="Random seed: the same seed gives the same numbers.")]


def compile_once(plan: "Plan") -> None:
    """Compile, if that was never done on this machine, with a message on the error stream.

    This happens here and not in the threads that simulate: they would compile to the end in spite of Ctrl-C.
    """
    from rich.console import Console  # noqa: PLC0415  (heavy)

    from funnelsim.experiments.replication import replicate  # noqa: PLC0415
    from funnelsim.model.cache import is_compiled  # noqa: PLC0415

    if not is_compiled():
        Console(stderr=True).print("Compiling for this machine; that takes a minute, once.", highlight=False)
        try:
            replicate(plan, seed=0, replications=range(1))
        except RuntimeError as error:
            # A Ctrl-C that comes while LLVM calls Python is lost, but for the code that was to be made then.
            if NOT_MADE not in str(error):
                raise
            raise KeyboardInterrupt from None


def planned(file: Path, overrides: list[str] | None) -> "tuple[Scenario, Plan]":
    """Load a scenario and plan it; errors in its counts name the scenario file."""
    from funnelsim.model.planning import plan_of  # noqa: PLC0415  (heavy)
    from funnelsim.scenario import load_scenario  # noqa: PLC0415

    scenario = load_scenario(file, overrides or [])
    try:
        return scenario, plan_of(scenario)
    except ScenarioError as error:
        raise ScenarioError([Problem(f"{file}: {found.where}", found.message) for found in error.problems]) from None
