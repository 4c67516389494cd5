"""The figures of a run, drawn with matplotlib: one figure a file, in one house style.

Importing this imports matplotlib, which takes a moment: a command that draws nothing should not.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure

import funnelsim
from funnelsim.experiments.run import Run
from funnelsim.plots.delay_by_class import delay_by_class
from funnelsim.plots.queue_and_delay import queue_and_delay
from funnelsim.plots.staff_and_bays import staff_and_bays
from funnelsim.plots.style import PNG_DPI, house_style
from funnelsim.plots.waterfall import waterfall

__all__ = ["FIGURES", "delay_by_class", "queue_and_delay", "save_figures", "staff_and_bays", "waterfall"]

FIGURES: dict[str, Callable[[Run], Figure]] = {
    "queue_and_delay": queue_and_delay,
    "waterfall": waterfall,
    "staff_and_bays": staff_and_bays,
    "delay_by_class": delay_by_class,
}


def save_figures(run: Run, folder: Path) -> list[Path]:
    """Write every figure of a run as NAME.png and NAME.svg; the same run gives the same bytes.

    Parameters
    ----------
    run
        The replications of one scenario.
    folder
        An existing folder.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    paths = []
    for name, draw in FIGURES.items():
        figure = draw(run)
        for ending in ("png", "svg"):
            path = folder / f"{name}.{ending}"
            path.write_bytes(_rendered(figure, ending))
            paths.append(path)
    return paths


@house_style()
def _rendered(figure: Figure, ending: str) -> bytes:
    """Return a figure as the bytes of a file, without anything that changes from day to day."""
    made_by = f"funnelsim {funnelsim.__version__}"
    metadata = {
        "png": {"Software": None, "Title": figure.get_suptitle()},
        "svg": {"Date": None, "Creator": made_by, "Title": figure.get_suptitle()},
    }
    buffer = BytesIO()
    figure.savefig(buffer, format=ending, dpi=PNG_DPI, metadata=metadata[ending])
    return buffer.getvalue()
