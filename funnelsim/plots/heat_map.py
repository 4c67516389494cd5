"""The figure of one measure over two varied keys, with the limits drawn between the cells within and beyond them."""

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from funnelsim.analysis.catalogue import measure_named
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.key_words import key_words, point_words, value_words
from funnelsim.experiments.point_estimates import means
from funnelsim.experiments.ranking import YIELD, best_within, kept, limits_of, more_is_better
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import capitalised, places_of, shortened
from funnelsim.plots.limit_region import limit_sentence, limits_sentence
from funnelsim.plots.line_styles import SHADES, SOLID, Dashes
from funnelsim.plots.style import INK, WARM, WIDTH_IN, house_style, in_words_only, laid_out, new_figure
from funnelsim.plots.varied_keys import check_key, levels, staff_key, twins_of
from funnelsim.wording import NOTHING, counted, joined, verb

MOST_CELLS_WITH_NUMBERS = 120
_MOST_TICKS = 16
_LETTERS_OF_A_VALUE = 16
_PALE = 0.55  # of the scale of shades: from here on numbers are written in white
_DASHES: dict[str, Dashes] = {"delay_p95_s": SOLID, "tail_max_m": (0.0, (1.2, 0.7))}


@dataclass(frozen=True)
class Cells:
    """The design points as cells of two keys.

    Attributes
    ----------
    across, up
        The values of the two keys.
    rows
        Row of the table of points in each cell, -1 where there is none, shape (up, across).
    """

    across: list[Any]
    up: list[Any]
    rows: IntArray

    def of(self, values: FloatArray) -> FloatArray:
        """Return values of the points by cell; not a number where there is no point."""
        return np.where(self.rows >= 0, values[self.rows], np.nan)


@house_style()
def heat_map(sweep: Sweep, measure: str = YIELD, x: str | None = None, colour: str | None = None) -> Figure:
    """Draw a measure over two varied keys as shaded cells with their numbers.

    Parameters
    ----------
    sweep
        The design points.
    measure
        What the shades and numbers are.
    x, colour
        The keys across and up; by default the one for staff goes up.

    Raises
    ------
    FunnelsimError
        If the measure or a key is not known, or a cell would hold more than one point.
    """
    values = means(sweep, measure)
    x, colour = _keys(sweep, x, colour)
    cells = cells_of(sweep, x, colour)
    described = measure_named(measure)
    title = shortened(capitalised(described.axis_label), WIDTH_IN - 0.3, 11.0)
    if not np.isfinite(values).any():
        return in_words_only(sweep, title, "No point has this measure.")
    height_in = float(np.clip(0.32 * len(cells.up) + 0.8, 1.8, 6.0))
    figure = new_figure(sweep, title, _said(sweep, measure), height_in, key=_key(sweep))
    axes = figure.subplots()
    _draw_cells(axes, cells, cells.of(values) * described.unit.factor)
    _draw_limits(axes, sweep, cells, measure)
    for ticks, labels, key in (
        (axes.set_xticks, cells.across, x),
        (axes.set_yticks, cells.up, colour),
    ):
        step = max(1, -(-len(labels) // _MOST_TICKS))
        ticks(range(0, len(labels), step), [_value(sweep, key, value) for value in labels[::step]])
    axes.set_xlabel(_axis_words(sweep, x))
    axes.set_ylabel(_axis_words(sweep, colour))
    laid_out(figure)
    return figure


def heat_map_table(sweep: Sweep, measure: str = YIELD, x: str | None = None, colour: str | None = None) -> pl.DataFrame:
    """Return what the figure draws: a row a cell, its point, both keys, and the measure in the unit drawn."""
    described = measure_named(measure)
    x, colour = _keys(sweep, x, colour)
    cells = cells_of(sweep, x, colour)
    rows = [int(row) for row in cells.rows.ravel() if row >= 0]
    table = sweep.points[rows].select("point", *dict.fromkeys([*twins_of(sweep, x), *twins_of(sweep, colour)]))
    values = pl.Series(described.axis_label, means(sweep, measure)[rows] * described.unit.factor).fill_nan(None)
    within = kept(sweep, limits_of(sweep))[rows]
    return table.with_columns(values, pl.Series("within_limits", within))


def _keys(sweep: Sweep, x: str | None, colour: str | None) -> tuple[str, str]:
    colour = check_key(sweep, colour) if colour is not None else None
    x = check_key(sweep, x) if x is not None else None
    if colour is None:
        staff = staff_key(sweep)
        colour = staff if staff is not None and staff != x else _another(sweep, x)
    x = x if x is not None else _another(sweep, colour)
    if x is None or colour is None or x == colour:
        raise FunnelsimError(
            [
                Problem(
                    "heat_map", f"varied: {', '.join(sweep.keys)}; allowed: a sweep of two keys, one across and one up"
                )
            ]
        )
    return x, colour


def _another(sweep: Sweep, key: str | None) -> str | None:
    """Return the first key that does not move together with one."""
    told = [] if key is None else twins_of(sweep, key)
    return next((other for other in sweep.keys if other not in told), None)


def cells_of(sweep: Sweep, x: str, colour: str) -> Cells:
    """Return the design points as cells of two keys.

    Raises
    ------
    FunnelsimError
        If a cell holds more than one point, or most cells hold none.
    """
    across, up = levels(sweep, x), levels(sweep, colour)
    rows = np.full((len(up), len(across)), -1, dtype=np.int64)
    for row, (right, above) in enumerate(zip(sweep.points[x].to_list(), sweep.points[colour].to_list(), strict=True)):
        if rows[up.index(above), across.index(right)] >= 0:
            message = f"several points have the same {x} and {colour}; allowed: a sweep of these two keys alone"
            raise FunnelsimError([Problem("heat_map", message)])
        rows[up.index(above), across.index(right)] = row
    if 2 * np.count_nonzero(rows >= 0) < rows.size:
        message = f"the points are scattered, not a grid of {x} and {colour}; allowed: a sweep over a grid"
        raise FunnelsimError([Problem("heat_map", message)])
    return Cells(across, up, rows)


def _said(sweep: Sweep, measure: str) -> str:
    if circumstances := circumstances_of(sweep):
        return (
            f"{capitalised(joined([key_words(key) for key in circumstances]))} cannot be chosen, so no point is best."
        )
    limits = limits_of(sweep)
    if not limits:
        return "The scenario sets no limits."
    objective = measure if more_is_better(measure) else YIELD
    best = best_within(sweep, objective, limits)
    if best is None:
        return f"No point stays within the limits ({limits_sentence(limits)})."
    number = int(kept(sweep, limits).sum())
    described = measure_named(objective)
    reached = f"{described.text(means(sweep, objective)[best])} {described.unit.word}".rstrip()
    what = "targets found" if objective == YIELD else f"({described.in_full or described.label})"
    return (
        f"{number} of {counted(len(sweep.points), 'point')} {verb(number, 'stays', 'stay')} within the limits "
        f"({limits_sentence(limits)}). The best of them (framed): {point_words(sweep, best)}, with {reached} {what}."
    )


def _axis_words(sweep: Sweep, key: str) -> str:
    """Return what stands along an axis: a key, and those that move together with it."""
    return ", ".join(key_words(twin) for twin in twins_of(sweep, key))


def _value(sweep: Sweep, key: str, value: Any) -> str:  # noqa: ANN401  (whatever a key of a scenario takes)
    """Return a value along an axis, with those of the keys that move together with it; long ones on several lines."""
    row = sweep.points[key].to_list().index(value)
    words = [value_words(twin, sweep.points[twin][row]) for twin in twins_of(sweep, key)]
    return "\n".join(textwrap.wrap(", ".join(words), _LETTERS_OF_A_VALUE))


def _draw_cells(axes: Axes, cells: Cells, values: FloatArray) -> None:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    shown = axes.imshow(values, cmap=SHADES, aspect="auto", origin="lower", vmin=low, vmax=max(high, low + 1e-12))
    axes.grid(visible=False)
    axes.tick_params(length=0.0)
    axes.spines[["left", "bottom"]].set_visible(False)
    if values.size > MOST_CELLS_WITH_NUMBERS:
        bar = axes.figure.colorbar(shown, ax=axes, pad=0.02, aspect=30)
        bar.outline.set_linewidth(0.4)
        return
    decimals = places_of(high - low or high)
    size_pt = float(np.clip(62.0 / len(cells.across), 5.0, 8.5))
    for (up, across), value in np.ndenumerate(values):
        pale = not np.isfinite(value) or (value - low) / max(high - low, 1e-12) < _PALE
        text = f"{value + 0.0:,.{decimals}f}" if np.isfinite(value) else NOTHING
        axes.text(
            across, up, text, ha="center", va="center", color=INK if pale else "white", fontsize=size_pt, zorder=5
        )


def _draw_limits(axes: Axes, sweep: Sweep, cells: Cells, measure: str) -> None:
    """Draw a line between the cells within a limit and those beyond it, and frame the best cell."""
    limits = limits_of(sweep)
    for limit in limits:
        broken = (cells.rows >= 0) & ~kept(sweep, [limit])[cells.rows]
        lines = LineCollection(borders(broken), colors=WARM, linewidths=2.4, linestyles=[_DASHES[limit.measure]])
        lines.set(zorder=4, clip_on=False, capstyle="butt")
        axes.add_collection(lines, autolim=False)
    for up, across in np.argwhere((cells.rows >= 0) & ~kept(sweep, limits)[cells.rows]):
        hatched = Rectangle((across - 0.5, up - 0.5), 1.0, 1.0, facecolor="none", edgecolor=WARM, hatch="///", zorder=3)
        hatched.set(alpha=0.45, linewidth=0.0)
        axes.add_patch(hatched)
    best = best_within(sweep, measure if more_is_better(measure) else YIELD, limits)
    if best is not None and limits:
        up, across = np.argwhere(cells.rows == best)[0]
        for width, colour in ((4.4, "white"), (2.2, INK)):  # seen on light and on dark cells
            frame = Rectangle((across - 0.44, up - 0.4), 0.88, 0.8, facecolor="none", edgecolor=colour, zorder=6)
            frame.set_linewidth(width)
            axes.add_patch(frame)


def borders(broken: BoolArray) -> list[list[tuple[float, float]]]:
    """Return the edges between cells that differ, as stretches of lines; cells lie around whole numbers.

    Examples
    --------
    >>> borders(np.array([[False, True]]))
    [[(0.5, -0.5), (0.5, 0.5)]]
    """
    upright = [
        [(across + 0.5, up - 0.5), (across + 0.5, up + 0.5)]
        for up, across in np.argwhere(broken[:, 1:] != broken[:, :-1]).tolist()
    ]
    level = [
        [(across - 0.5, up + 0.5), (across + 0.5, up + 0.5)]
        for up, across in np.argwhere(broken[1:] != broken[:-1]).tolist()
    ]
    return upright + level


def _key(sweep: Sweep) -> list[Artist]:
    key: list[Artist] = []
    for limit in limits_of(sweep):
        if kept(sweep, [limit]).all():
            continue
        line = Line2D([], [], color=WARM, linewidth=2.2, linestyle=_DASHES[limit.measure])
        line.set_label(limit_sentence(limit.measure, limit.single))
        key.append(line)
    if key:
        key.append(Patch(facecolor="none", edgecolor=WARM, hatch="////", linewidth=0.0, label="beyond a limit"))
    return key
