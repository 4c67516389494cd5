"""The end of a command that simulates: its result is saved, printed and drawn, whatever stops it on the way."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import typer

from funnelsim.cli.app import INTERRUPTED
from funnelsim.cli.console import echo
from funnelsim.cli.options import compile_once
from funnelsim.cli.progress import drawn_unless_interrupted, uninterrupted

Result = TypeVar("Result")
Draw = Callable[[Result, Path], list[Path]]


def simulate_and_save(
    folder: Path,
    simulate: Callable[[], Result],
    save: Callable[[Result, Draw[Result]], None],
    show: Callable[[Result], None],
    draw: Draw[Result],
    *,
    must_be_new: bool,
) -> tuple[Result, bool]:
    """Simulate and save the result, printing it as soon as its tables are kept: figures take longer than all before.

    What was simulated is printed even where it cannot be saved.

    Parameters
    ----------
    folder
        The results folder.
    simulate
        Returns the result.
    save
        Writes its tables, calls what it is given to write the figures, and completes the folder.
    show
        Prints the result.
    draw
        Writes its figures into the folder; returns their files.
    must_be_new
        Whether to refuse a folder that is not empty.

    Returns
    -------
    tuple
        The result, and whether Ctrl-C stopped the figures.
    """
    from funnelsim.experiments.files import results_folder  # noqa: PLC0415  (heavy)

    made: Result | None = None
    shown = stopped = False

    def show_and_draw(result: Result, folder: Path) -> list[Path]:
        nonlocal shown, stopped
        with suppress(OSError, SystemExit):  # of a closed terminal, which must not keep the rest from being saved
            show(result)
            shown = True
        figures, stopped = drawn_unless_interrupted(lambda: draw(result, folder), folder)
        return figures

    try:
        with results_folder(folder, must_be_new=must_be_new):
            compile_once()
            made = simulate()
            with uninterrupted():
                save(made, show_and_draw)
        return made, stopped
    finally:
        if made is not None and not shown:
            show(made)


def end(folder: Path, *, complete: bool, advice: str | None = None) -> None:
    """Say where the results are; where they are not complete, also what to do, and end as Ctrl-C does."""
    echo(f"Results are in {folder}")
    if not complete:
        if advice is not None:
            echo(advice)
        raise typer.Exit(INTERRUPTED)
