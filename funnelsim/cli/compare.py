"""The command that compares plans."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.compared import plans_to_compare, simulated_again
from funnelsim.cli.console import say
from funnelsim.cli.options import Engines, Jobs, OutFolder, Overrides, Seed, command_typed
from funnelsim.cli.progress import progress_bar
from funnelsim.cli.saving import Draw, end, simulate_and_save
from funnelsim.cli.values import point_numbers, share, typed_path, whole_number
from funnelsim.cli.warnings import say_letters_not_drawn, say_warnings

if TYPE_CHECKING:
    from funnelsim.cli.compared import Compared
    from funnelsim.experiments.compare import Comparison

Scenarios = Annotated[
    list[Path],
    typer.Argument(
        parser=typed_path,
        metavar="SCENARIO...",
        help="The scenario files, or results folders of runs; or the folder of one sweep, with --points.",
    ),
]
Variants = Annotated[
    list[str] | None,
    typer.Option(
        "--variant",
        metavar="NAME:CHANGES",
        help="A variant of a single scenario, such as 'more bays: area.bays=6' (repeatable); semicolons separate "
        "several changes.",
    ),
]
Points = Annotated[
    str | None,
    typer.Option(
        metavar="3,7",
        help="Points of the sweep to compare, by their numbers; the others are compared with the first.",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        metavar="N",
        parser=whole_number("--replications", 2),
        show_default=False,
        help="Number of operations to simulate for each plan (default 100).",
    ),
]
Measures = Annotated[
    list[str] | None, typer.Option("--measure", metavar="NAME", help="Compare this measure (repeatable).")
]
AllPairs = Annotated[
    bool, typer.Option("--all-pairs", help="Compare every pair of plans, not only each plan with the first.")
]
Unpaired = Annotated[
    bool, typer.Option("--unpaired", help="Simulate each plan on its own vehicles; for plans with different traffic.")
]
Smallest = Annotated[
    float,
    typer.Option(
        metavar="SHARE",
        parser=share("--smallest"),
        show_default=False,
        help="Smallest difference of interest, as a share of the first plan's value, such as 5% (default 0.02).",
    ),
]


@app.command(cls=Command)
def compare(
    scenarios: Scenarios,
    *,
    variants: Variants = None,
    points: Points = None,
    replications: Replications = 100,
    seed: Seed = 1,
    overrides: Overrides = None,
    measures: Measures = None,
    all_pairs: AllPairs = False,
    unpaired: Unpaired = False,
    smallest: Smallest = 0.02,
    out: OutFolder = None,
    engine: Engines = "compiled",
    jobs: Jobs = None,
) -> None:
    """Compare plans on the same vehicles and print the differences with their confidence intervals."""
    from funnelsim.analysis.catalogue import CATALOGUE, check_measures  # noqa: PLC0415
    from funnelsim.experiments.compare import MEASURES  # noqa: PLC0415
    from funnelsim.experiments.compare import compare as compared  # noqa: PLC0415
    from funnelsim.experiments.comparison_folder import default_comparison_folder, save_comparison  # noqa: PLC0415

    wholes = [name.partition(".")[0] for name in measures or []]
    check_measures(wholes, [known.name for known in CATALOGUE], "--measure")
    given = plans_to_compare(scenarios, variants or [], overrides or [], point_numbers(points))
    plans = {name: plan for name, (_, plan) in given.plans.items()}
    loaded = {name: scenario for name, (scenario, _) in given.plans.items()}
    folder = out or default_comparison_folder([repr(item) for item in loaded.items()], replications, seed)

    def simulate() -> "Comparison":
        if (again := simulated_again(given, replications, paired=not unpaired)) is not None:
            say(again)
        with progress_bar("Simulating", replications * len(plans)) as advance:
            return compared(
                loaded,
                replications,
                seed,
                jobs or os.cpu_count() or 1,
                "all" if all_pairs else "first",
                measures or MEASURES,
                paired=not unpaired,
                smallest=smallest,
                progress=advance,
                engine=engine,
                plans=plans,
            )

    def save(made: "Comparison", draw: "Draw[Comparison]") -> None:
        save_comparison(made, folder, draw, command_typed())

    _, stopped = simulate_and_save(
        folder, simulate, save, lambda made: _show(made, given), _draw, must_be_new=out is not None
    )
    end(folder, complete=not stopped)


def _show(made: "Comparison", given: "Compared") -> None:
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.reporting.compare_words import comparison_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    console = Console()
    say_warnings(console, given.plans)
    console.print(Page(comparison_sections(made)))


def _draw(made: "Comparison", folder: Path) -> list[Path]:
    from funnelsim.plots import save_comparison_figures  # noqa: PLC0415  (heavy)

    say_letters_not_drawn(made.scenarios.values())
    return save_comparison_figures(made, folder)
