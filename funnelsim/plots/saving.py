"""Figures as files: the same figure gives the same bytes."""

from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

import funnelsim
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.executor import result_of
from funnelsim.experiments.files import written_whole
from funnelsim.experiments.run import Run
from funnelsim.experiments.tables import write_csv
from funnelsim.plots.figures import COMPARISON_FIGURES, FIGURES, Tables
from funnelsim.plots.style import PNG_DPI, house_style

FORMATS = ("png", "svg", "pdf")


def save_figures(run: Run, folder: Path, helper: Executor | None = None) -> list[Path]:
    """Write every figure of a run as NAME.png and NAME.svg; the same run gives the same bytes.

    A helper, a second process, draws some of them meanwhile. Folder, result and errors are those of `save_figure`.
    """
    handed: dict[str, Future[list[Path]]] = {}
    if helper is not None:
        with suppress(BrokenExecutor):  # its process was ended from outside
            for name in FIGURES:
                handed[name] = helper.submit(_save_figure_of_run, run, name, folder)
    written: dict[str, list[Path]] = {}
    for name in reversed(FIGURES):  # the helper begins at the other end
        if name not in handed or handed[name].cancel():
            written[name] = _save_figure_of_run(run, name, folder)
    for name in FIGURES.keys() - written.keys():
        try:
            written[name] = result_of(handed[name])
        except BrokenExecutor:
            written[name] = _save_figure_of_run(run, name, folder)
    return [path for name in FIGURES for path in written[name]]


def _save_figure_of_run(run: Run, name: str, folder: Path) -> list[Path]:
    return save_figure(FIGURES[name](run), name, folder, ("png", "svg"))


def save_comparison_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the figures of a comparison into an existing folder, as `save_figure` does; return the files."""
    return [
        path
        for name, draw in COMPARISON_FIGURES.items()
        for path in save_figure(draw(comparison), name, folder, ("png", "svg"))
    ]


def save_figure(figure: Figure, name: str, folder: Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write a figure as NAME.png, NAME.svg and NAME.pdf; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        Drawn by a function of this package.
    name
        Of the files.
    folder
        An existing folder.
    formats
        Endings of the files.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    paths = [folder / f"{name}.{ending}" for ending in formats]
    for path in paths:
        with written_whole(path) as beside:
            beside.write_bytes(_rendered(figure, path.suffix[1:]))
    return paths


def table_paths(tables: Tables, name: str, folder: Path) -> list[Path]:
    """Return the files for what a figure draws: NAME.csv, or NAME_PART.csv for each of its parts."""
    return [folder / f"{'_'.join(filter(None, (name, part)))}.csv" for part in tables]


def save_tables(tables: Tables, name: str, folder: Path) -> list[Path]:
    """Write what a figure draws as CSV to its `table_paths`; return these. Errors are those of `save_figure`."""
    paths = table_paths(tables, name, folder)
    for path, table in zip(paths, tables.values(), strict=True):
        write_csv(table, path)
    return paths


@house_style()
def _rendered(figure: Figure, ending: str) -> bytes:
    """Return a figure as the bytes of a file, without anything that changes from day to day."""
    made_by = f"funnelsim {funnelsim.__version__}"
    metadata = {
        "png": {"Software": None, "Title": figure.get_suptitle()},
        "pdf": {"CreationDate": None, "Creator": made_by, "Producer": made_by, "Title": figure.get_suptitle()},
        "svg": {"Date": None, "Creator": made_by, "Title": figure.get_suptitle()},
    }
    buffer = BytesIO()
    # `Figure.savefig` would draw each file twice, once only to lay it out, which is done.
    figure.set_dpi(PNG_DPI)
    getattr(_canvas(figure, ending), f"print_{ending}")(buffer, metadata=metadata[ending])
    return buffer.getvalue()


def _canvas(figure: Figure, ending: str) -> Any:  # noqa: ANN401  (without types)
    """Return what draws a figure for a kind of file; what draws PDF takes long to import, and is rarely asked for."""
    if ending == "png":
        return FigureCanvasAgg(figure)
    if ending == "svg":
        return FigureCanvasSVG(figure)
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # noqa: PLC0415

    return FigureCanvasPdf(figure)
