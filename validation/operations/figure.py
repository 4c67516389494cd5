"""The figure of the published operations: what was reported, on the range of what was simulated."""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import funnelsim
from funnelsim.plots.footer import Footer
from funnelsim.plots.style import DARK, INK, LIGHT, MIDDLE, WARM, house_style, laid_out, new_figure
from funnelsim.validation.comparison import LEVEL
from validation.operations.backtest import Backtest
from validation.operations.bands import SEED
from validation.operations.operation import Kind

ROW_IN = 0.2
BETWEEN_IN = 0.5
ROOM = 1.12  # to the right, for words

_PANELS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Vehicles checked", ("vehicles",)),
    ("Persons checked", ("persons",)),
    ("Persons a vehicle", ("persons a vehicle",)),
    ("Queue, km", ("queue",)),
    ("Found", ("offenders", "smuggling runs")),
)

_Row = tuple[str, float, Sequence[float]]


@house_style()
def ranges(tests: Sequence[Backtest], number: int) -> tuple[Figure, str]:
    """Draw every reported figure on the range of the simulated ones.

    Parameters
    ----------
    number
        Of draws.

    Returns
    -------
    tuple
        The figure, and the sentence that a reader who cannot see it needs.
    """
    panels = [(title, list(_rows(tests, kinds))) for title, kinds in _PANELS]
    rows = [row for _, of_panel in panels for row in of_panel]
    inside = sum(_range(values)[0] <= reported <= _range(values)[-1] for _, reported, values in rows)
    said = (
        f"{inside} of {len(rows)} reported figures lie within {100 * LEVEL:.0f} % of the simulated operations. "
        "The ranges are wide because reports leave much open: traffic, minutes a check, officers who inspect."
    )
    heights = [len(of_panel) for _, of_panel in panels]
    height_in = ROW_IN * sum(heights) + BETWEEN_IN * len(panels)
    foot = Footer(
        "Real operations",
        (f"seed {SEED}", f"{number} draws from the bands, one operation each", f"funnelsim {funnelsim.__version__}"),
    )
    figure = new_figure(foot, "Reported figures and what the model would have predicted", said, height_in, _key())
    grid = figure.subplots(len(panels), 1, height_ratios=[height + 1.0 for height in heights])
    for axes, (title, of_panel) in zip(grid, panels, strict=True):
        _draw(axes, title, of_panel)
    laid_out(figure)
    return figure, said


def _rows(tests: Sequence[Backtest], kinds: tuple[Kind, ...]) -> Iterator[_Row]:
    for test in tests:
        for outcome, values in zip(test.operation.outcomes, test.values, strict=True):
            if outcome.kind in kinds:
                what = "" if len(kinds) == 1 else f": {outcome.kind.split()[-1]}"
                when = "" if outcome.at_s is None else f" at {outcome.at_s / 3600:.0f} h"
                yield f"{test.operation.place}{what}{when}", outcome.reported, values


def _range(values: Sequence[float]) -> list[float]:
    """Return lowest, lower quarter, median, upper quarter and highest of the middle 95 %."""
    quantiles = ((1 - LEVEL) / 2, 0.25, 0.5, 0.75, (1 + LEVEL) / 2)
    return [float(value) for value in np.quantile(values, quantiles)]


def _draw(axes: Axes, title: str, rows: Sequence[_Row]) -> None:
    for place, (_, reported, values) in enumerate(rows):
        low, quarter, median, three_quarters, high = _range(values)
        axes.barh(place, high - low, left=low, height=0.6, color=LIGHT)
        axes.barh(place, three_quarters - quarter, left=quarter, height=0.6, color=MIDDLE)
        axes.plot([median, median], [place - 0.3, place + 0.3], color=DARK, linewidth=1.6)
        within = low <= reported <= high
        axes.plot(reported, place, marker="D", markersize=5, color=INK if within else WARM, zorder=3, clip_on=False)
        if not within:
            beside, side = (-6, "right") if reported < low else (6, "left")
            word = axes.annotate("outside", (reported, place), (beside, 0), textcoords="offset points", ha=side)
            word.set(va="center", in_layout=False)
    axes.set_title(title)
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    farthest = max(max(reported, _range(values)[-1]) for _, reported, values in rows)
    axes.set_xlim(0.0, ROOM * farthest)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _key() -> list[Artist]:
    return [
        Line2D([], [], marker="D", markersize=5, linestyle="none", color=INK, label="reported"),
        Patch(color=LIGHT, label=f"{100 * LEVEL:.0f} % of the simulated operations"),
        Patch(color=MIDDLE, label="half of them"),
        Line2D([], [], color=DARK, linewidth=1.6, label="median"),
    ]
