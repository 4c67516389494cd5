"""The figure of several measures against one varied key, a panel each, with bands."""

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import polars as pl
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
from funnelsim.plots.formatting import capitalised, whole_parts, wrapped
from funnelsim.plots.label_placement import outlines_of
from funnelsim.plots.limit_region import limit_words, name_limit, shade_beyond
from funnelsim.plots.line_styles import LineStyle, line_styles
from funnelsim.plots.style import MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.plots.varied_keys import (
    MOST_LEVELS,
    Group,
    check_key,
    combined_groups,
    groups_of,
    is_numeric,
    keys_of_panels,
    keys_untold,
    levels,
    lines_of,
    rate_key,
    staff_key,
    twins_of,
    untold_sentence,
)

MEASURES = ("expected_detections", "delay_p95_s", "tail_max_m", "stops_per_detection")
_MOST_PANELS = 8
_FAR_AWAY = 2.5  # times the data: a limit beyond would press them flat
_LETTERS_A_LINE = 43
_MOST_COLUMNS = 3  # of panels for a further key
_COLUMN_IN, _LETTERS_BESIDE = 1.8, 26
_MARGIN = 0.1  # on each side, so that the labels of panels beside each other do not meet
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
    of_columns = keys_of_panels(sweep, (x, colour), _MOST_COLUMNS)
    others = combined_groups(sweep, of_columns)
    of_lines = _keys_of_lines(sweep, x, colour, of_columns)
    groups = combined_groups(sweep, of_lines)
    said = _said(sweep) + untold_sentence(keys_untold(sweep, (x, *of_lines, *of_columns)))
    key = _key(sweep, groups, measures)
    title = f"Results by {', '.join(key_words(twin) for twin in twins_of(sweep, x))}"
    columns = min(2, len(measures))
    height_in = 2.25 * math.ceil(len(measures) / columns) + 0.1 if len(others) == 1 else 1.75 * len(measures) + 0.3
    figure = new_figure(sweep, title, said, height_in, key=key)
    if len(others) == 1:
        drawn = _side_by_side(figure, sweep, x, measures, groups)
    else:
        drawn = _in_columns(figure, sweep, x, measures, groups, others)
    laid_out(figure)
    for axes, measure in drawn:
        _name_limits(axes, sweep, measure)
    return figure


def _keys_of_lines(sweep: Sweep, x: str, colour: str | None, of_columns: Sequence[str]) -> list[str]:
    """Return the keys that a line stands for: the one asked for, and those that have neither axis nor columns."""
    if colour is None or colour == x:
        return keys_of_panels(sweep, (x, *of_columns), MOST_LEVELS)
    number = len(groups_of(sweep, colour))
    return [colour, *keys_of_panels(sweep, (x, colour, *of_columns), MOST_LEVELS // number)]


def small_multiples_table(sweep: Sweep, measures: Sequence[str] = MEASURES) -> pl.DataFrame:
    """Return what the figure draws: a row a point, its varied keys, and the measures in the units drawn."""
    table = sweep.points.select("point", *sweep.keys)
    for measure in measures:
        described = measure_named(measure)
        low, high = interval_ends(sweep, measure)
        for end, values in (("", means(sweep, measure)), (": low", low), (": high", high)):
            column = pl.Series(f"{described.axis_label}{end}", values * described.unit.factor)
            table = table.with_columns(column.fill_nan(None))
    return table


def _side_by_side(
    figure: Figure, sweep: Sweep, x: str, measures: Sequence[str], groups: Sequence[Group]
) -> list[tuple[Axes, str]]:
    """Draw a panel a measure; return the panels, each with its measure."""
    columns = min(2, len(measures))
    rows = math.ceil(len(measures) / columns)
    panels = figure.subplots(rows, columns, squeeze=False).flatten().tolist()
    for axes, measure in zip(panels, measures, strict=False):
        _draw(axes, sweep, x, measure, groups)
    for axes in panels[len(measures) :]:
        axes.set_visible(False)
    return list(zip(panels, measures, strict=False))


def _in_columns(
    figure: Figure, sweep: Sweep, x: str, measures: Sequence[str], groups: Sequence[Group], others: Sequence[Group]
) -> list[tuple[Axes, str]]:
    """Draw a row a measure and a column a value of the further keys; return the first of each row with its measure."""
    grid = figure.subplots(len(measures), len(others), sharex=True, sharey="row", squeeze=False)
    for row, measure in enumerate(measures):
        for column, other in enumerate(others):
            axes = grid[row, column]
            _draw(axes, sweep, x, measure, [_within(group, other) for group in groups])
            name = "\n".join(wrapped(whole_parts(other.name), _COLUMN_IN, 8.0))
            axes.set_title(name if row == 0 else "", fontsize=7.5)
            beside = textwrap.fill(measure_named(measure).axis_label, _LETTERS_BESIDE)
            axes.set_ylabel(beside if column == 0 else "", fontsize=7.0)
            if row < len(measures) - 1:
                axes.set_xlabel("")
    return [(grid[row, 0], measure) for row, measure in enumerate(measures)]


def _within(group: Group, other: Group) -> Group:
    """Return the points that are in both of two groups."""
    return Group(group.name, np.intersect1d(group.rows, other.rows), group.exact)


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
    axes.set_xlabel(", ".join(key_words(twin) for twin in twins_of(sweep, x)))
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
    drawn += [outline for line in drawn for outline in outlines_of(axes, line)]
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
        axes.margins(x=_MARGIN)
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
