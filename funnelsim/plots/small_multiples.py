"""The figure of several measures against one varied key, a panel each, with bands."""

import math
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.catalogue import measure_named
from funnelsim.arrays import FloatArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.key_words import key_words, value_words
from funnelsim.experiments.point_estimates import interval_ends, means
from funnelsim.experiments.ranking import limits_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import capitalised
from funnelsim.plots.limit_region import limit_words, name_limit, shade_beyond
from funnelsim.plots.line_styles import LineStyle, line_styles
from funnelsim.plots.style import MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.plots.varied_keys import Group, check_key, groups_of, is_numeric, levels, lines_of, rate_key, staff_key

MEASURES = ("expected_detections", "delay_p95_s", "tail_max_m", "stops_per_detection")
_MOST_PANELS = 8
_FAR_AWAY = 2.5  # times the data: a limit beyond would press them flat
_LETTERS_A_LINE = 43
_FEW_LEVELS = 8  # of a key are all written along the axis


@house_style()
def small_multiples(
    sweep: Sweep, x: str | None = None, measures: Sequence[str] = MEASURES, colour: str | None = None
) -> Figure:
    """Draw measures against a varied key, a panel each, a line for each value of another key.

    Parameters
    ----------
    sweep
        The design points.
    x
        The key along the axis; by default one that is not for staff.
    measures
        At most eight.
    colour
        The key that a line stands for; by default the one for staff or bays.

    Raises
    ------
    FunnelsimError
        If a measure or key is not known, or there are too many measures.
    """
    if not 1 <= len(measures) <= _MOST_PANELS:
        raise FunnelsimError([Problem("measures", f"{len(measures)} given; allowed: 1 to {_MOST_PANELS}")])
    for measure in measures:
        means(sweep, measure)
    colour = check_key(sweep, colour) if colour is not None else None
    if x is None:
        x = rate_key(sweep, colour or staff_key(sweep))
    x = check_key(sweep, x)
    if colour is None:
        staff = staff_key(sweep)
        colour = staff if staff != x else next((key for key in sweep.keys if key != x), None)
    groups = groups_of(sweep, colour if colour != x else None)
    columns = min(2, len(measures))
    rows = math.ceil(len(measures) / columns)
    figure = new_figure(
        sweep,
        f"Results by {key_words(x)}",
        _said(sweep),
        2.25 * rows + 0.1,
        key=_key(sweep, groups, measures),
    )
    panels = figure.subplots(rows, columns, squeeze=False).flatten().tolist()
    for axes, measure in zip(panels, measures, strict=False):
        _draw(axes, sweep, x, measure, groups)
    for axes in panels[len(measures) :]:
        axes.set_visible(False)
    laid_out(figure)
    for axes, measure in zip(panels, measures, strict=False):
        _name_limits(axes, sweep, measure)
    return figure


def _said(sweep: Sweep) -> str:
    if int(sweep.points["n"].min()) == 1:  # type: ignore[arg-type]
        return "Each point is one operation, so there are no confidence intervals."
    return "Means over operations, with 95 % confidence intervals as bands or bars."


def _draw(axes: Axes, sweep: Sweep, x: str, measure: str, groups: Sequence[Group]) -> None:
    described = measure_named(measure)
    factor = described.unit.factor
    places = _places(sweep, x)
    middle, ends = means(sweep, measure) * factor, factor * np.array(interval_ends(sweep, measure))
    for group, style in zip(groups, line_styles(len(groups)), strict=True):
        lines = lines_of(sweep, group, x)
        for rows in lines:
            at = places[rows]
            axes.fill_between(at, *ends[:, rows], color=style.colour, alpha=0.2, linewidth=0.0)
            axes.plot(at, middle[rows], color=style.colour, linestyle=style.dashes, marker=style.mark, markersize=3.8)
        alone = np.setdiff1d(group.rows, np.concatenate(lines) if lines else [])
        if len(alone):
            _draw_bars(axes, places[alone], middle[alone], ends[:, alone], style)
    name = capitalised(described.in_full or described.label)
    axes.set_title("\n".join(textwrap.wrap(name, _LETTERS_A_LINE)[:2]), fontsize=7.5)
    axes.set_ylabel(described.unit.word)
    axes.set_xlabel(key_words(x))
    _scale(axes, sweep, x, ends)
    for limit in _limits(sweep, measure):
        top = axes.get_ylim()[1]
        if limit <= _FAR_AWAY * top:
            axes.set_ylim(0.0, max(top, 1.15 * limit))
            shade_beyond(axes, "y", limit)


def _limits(sweep: Sweep, measure: str) -> list[float]:
    """Return the limit of a measure in the unit drawn; nothing where there is none."""
    factor = measure_named(measure).unit.factor
    return [
        limit.single * factor for limit in limits_of(sweep) if limit.measure == measure and limit.single is not None
    ]


def _name_limits(axes: Axes, sweep: Sweep, measure: str) -> None:
    marked = [line for line in axes.lines if line.get_marker() != "None"]  # those of the data
    drawn = [np.asarray(line.get_xydata(), dtype=np.float64) for line in marked]
    for limit in _limits(sweep, measure):
        text = limit_words(measure, limit / measure_named(measure).unit.factor)
        if limit <= axes.get_ylim()[1]:
            name_limit(axes, text, limit, drawn)
        else:
            axes.annotate(f"↑ {text}", (0.98, 0.96), xycoords="axes fraction", ha="right", va="top", color=WARM)


def _places(sweep: Sweep, x: str) -> FloatArray:
    """Return where the points stand along the axis: numbers to scale, words one after the other."""
    values = sweep.points[x].to_list()
    if is_numeric(sweep, x):
        return np.array(values, dtype=np.float64)
    order = levels(sweep, x)
    return np.array([float(order.index(value)) for value in values])


def _draw_bars(axes: Axes, places: FloatArray, middle: FloatArray, ends: FloatArray, style: LineStyle) -> None:
    axes.errorbar(
        places,
        middle,
        yerr=np.nan_to_num(np.abs(ends - middle)),
        color=style.colour,
        linestyle="none",
        marker=style.mark,
        markersize=3.8,
        linewidth=0.7,
    )


def _scale(axes: Axes, sweep: Sweep, x: str, ends: FloatArray) -> None:
    order = levels(sweep, x)
    if not is_numeric(sweep, x):
        axes.set_xticks(range(len(order)), [value_words(x, value) for value in order])
        axes.set_xlim(-0.4, len(order) - 0.6)
    elif len(order) <= _FEW_LEVELS and _apart(order):
        axes.set_xticks(order, [value_words(x, value) for value in order])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(lambda value, _: value_words(x, float(value)))
    highest = float(np.nanmax(ends[1], initial=0.0))
    lowest = float(np.nanmin(ends[0], initial=0.0))
    axes.set_ylim(min(0.0, 1.05 * lowest), 1.08 * highest if highest > 0.0 else 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    # Rounded to fewer digits than the steps have, equal steps would look unequal; the ticks are final when drawn.
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.6f}".rstrip("0").rstrip("."))


def _apart(order: list[float]) -> bool:
    """Return whether values are far enough apart to be written beside each other."""
    return bool(np.all(np.diff(order) > 0.09 * (order[-1] - order[0])))


def _key(sweep: Sweep, groups: Sequence[Group], measures: Sequence[str]) -> list[Artist]:
    key: list[Artist] = []
    if len(groups) > 1:
        for group, style in zip(groups, line_styles(len(groups)), strict=True):
            line = Line2D([], [], color=style.colour, linestyle=style.dashes, marker=style.mark, markersize=4.0)
            line.set_label(group.name)
            key.append(line)
    if int(sweep.points["n"].max()) > 1:  # type: ignore[arg-type]
        key.append(Patch(color=MUTED, alpha=0.2, linewidth=0.0, label="95 % interval"))
    if any(limit.measure in measures for limit in limits_of(sweep)):
        key.append(Patch(facecolor="none", edgecolor=WARM, hatch="////", linewidth=0.0, label="beyond the limit"))
    return key
