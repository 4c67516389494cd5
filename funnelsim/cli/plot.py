"""The command that draws the figures of a result."""

import os
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.options import Replace, ResultFolder, refuse_existing
from funnelsim.cli.values import typed_path
from funnelsim.errors import FunnelsimError, Problem

FORMATS = ("png", "svg", "pdf")


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
        typer.Option(metavar="3,7", help="Points of the sweep to show in detail, by their numbers (default the best)."),
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
    """Draw the figures of a run or a sweep for screen and print."""
    endings = _formats(formats)
    numbers = _numbers(points)

    from rich.console import Console  # noqa: PLC0415  (heavy)

    from funnelsim.experiments.files import prepare_folder  # noqa: PLC0415
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415
    from funnelsim.plots import FigureOptions, drawn_of, save_figure, save_tables, table_paths  # noqa: PLC0415

    def tell(what: str) -> None:
        Console(stderr=True).print(what, highlight=False, soft_wrap=True, markup=False)

    loaded = load_result(result)
    drawn = drawn_of(loaded, FigureOptions(tuple(figure or ()), x, y, colour, numbers), os.cpu_count() or 1, tell)
    tables = {name: made.tables() if data else {} for name, made in drawn.items()}
    folder = out or result / "figures"
    if out is not None:
        files = [out / f"{name}.{ending}" for name in drawn for ending in endings]
        files += [path for name in drawn for path in table_paths(tables[name], name, out)]
        refuse_existing(files, replace=replace)
    prepare_folder(folder, must_be_new=False)
    console = Console()
    for name, made in drawn.items():
        paths = save_figure(made.figure, name, folder, endings)
        others = "".join(f", {path.suffix}" for path in paths[1:])
        console.print(f"{paths[0]}{others}", highlight=False, soft_wrap=True, markup=False)
        for path in save_tables(tables[name], name, folder):
            console.print(path, highlight=False, soft_wrap=True, markup=False)


def _formats(text: str) -> tuple[str, ...]:
    endings = tuple(dict.fromkeys(part.strip().lower().removeprefix(".") for part in text.split(",")))
    unknown = [ending for ending in endings if ending not in FORMATS]
    if unknown:
        raise FunnelsimError([Problem(f"--format {text}", f"allowed: {', '.join(FORMATS)}, separated by commas")])
    return endings


def _numbers(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        message = "allowed: numbers of points of the sweep, separated by commas, such as 3,7"
        raise FunnelsimError([Problem(f"--points {text}", message)]) from None
