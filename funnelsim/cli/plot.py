"""The command that draws the figures of a result."""

import os
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo, say
from funnelsim.cli.options import FIGURE_FORMATS, Replace, ResultFolder, refuse_existing
from funnelsim.cli.values import point_numbers, typed_path
from funnelsim.cli.warnings import say_letters_not_drawn
from funnelsim.errors import FunnelsimError, Problem


@app.command(cls=Command)
def plot(
    result: ResultFolder,
    *,
    figure: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Draw only this figure (repeatable; default all that apply)."),
    ] = None,
    x: Annotated[
        str | None, typer.Option("--x", metavar="KEY", help="Horizontal axis: a varied key or a measure.")
    ] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="MEASURE", help="Vertical axis: a measure.")] = None,
    colour: Annotated[str | None, typer.Option(metavar="KEY", help="Varied key that distinguishes the lines.")] = None,
    points: Annotated[
        str | None,
        typer.Option(
            metavar="3,7",
            help="Points of the sweep to show in detail, by their numbers (default the best).",
        ),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="FORMATS", show_default=False, help="File formats (default png,svg,pdf).")
    ] = "png,svg,pdf",
    out: Annotated[
        Path | None,
        typer.Option(parser=typed_path, metavar="DIR", help="Folder for the figures (default RESULT/figures)."),
    ] = None,
    data: Annotated[
        bool, typer.Option("--data", help="Write beside each figure what it draws, as CSV.", show_default=False)
    ] = False,
    replace: Replace = False,
) -> None:
    """Draw the figures of a result for screen and print."""
    endings = _formats(formats)

    from funnelsim.experiments.compare import Comparison  # noqa: PLC0415
    from funnelsim.experiments.files import prepare_folder  # noqa: PLC0415
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415
    from funnelsim.plots import FigureOptions, drawn_of, names_of, save_figure, save_tables, table_paths  # noqa: PLC0415

    loaded = load_result(result)
    say_letters_not_drawn(loaded.scenarios.values() if isinstance(loaded, Comparison) else [loaded.scenario])
    options = FigureOptions(tuple(figure or ()), x, y, colour, point_numbers(points))
    folder = out or result / "figures"
    names = names_of(loaded, options)
    refuse_existing([folder / f"{name}.{ending}" for name in names for ending in endings], replace=replace)
    drawn = drawn_of(loaded, options, os.cpu_count() or 1, say)
    tables = {name: made.tables() if data else {} for name, made in drawn.items()}
    refuse_existing([path for name in drawn for path in table_paths(tables[name], name, folder)], replace=replace)
    prepare_folder(folder, must_be_new=False)
    for name, made in drawn.items():
        paths = save_figure(made.figure, name, folder, endings)
        others = "".join(f", {path.suffix}" for path in paths[1:])
        echo(f"{paths[0]}{others}")
        for path in save_tables(tables[name], name, folder):
            echo(str(path))


def _formats(text: str) -> tuple[str, ...]:
    endings = tuple(dict.fromkeys(part.strip().lower().removeprefix(".") for part in text.split(",")))
    unknown = [ending for ending in endings if ending not in FIGURE_FORMATS]
    if unknown:
        allowed = f"allowed: {', '.join(FIGURE_FORMATS)}, separated by commas"
        raise FunnelsimError([Problem(f"--format {text}", allowed)])
    return endings
