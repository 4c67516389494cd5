"""The figure of what is found against what it costs others: one line a staffing level, the limits, the best points."""

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import with_error
from funnelsim.analysis.limits import Limit, LimitCheck
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.key_words import key_words, point_words, value_words
from funnelsim.experiments.point_estimates import estimate_of, interval_ends, means
from funnelsim.experiments.ranking import (
    YIELD,
    best_within,
    check_of,
    efficient,
    kept,
    limits_of,
    more_is_better,
)
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import capitalised, shortened
from funnelsim.plots.label_placement import PointLabel, write_labels
from funnelsim.plots.limit_region import limit_words, limits_sentence, name_limit, shade_beyond
from funnelsim.plots.line_styles import LineStyle, line_styles
from funnelsim.plots.style import DARK, INK, MUTED, WARM, WIDTH_IN, house_style, in_words_only, laid_out, new_figure
from funnelsim.plots.varied_keys import check_key, groups_of, levels, lines_of, rate_key, staff_key
from funnelsim.wording import joined

_SMALL, _RING = 4.5, 10.0
_FAR_BEYOND = 4.0  # times the limit: from here on a scale of equal steps would press the good points flat


@house_style()
def trade_off(
    sweep: Sweep,
    x: str = YIELD,
    y: str = "delay_p95_s",
    colour: str | None = None,
    label: str | None = None,
) -> Figure:
    """Draw one measure of all design points against another, with the limits and the points worth choosing.

    Parameters
    ----------
    sweep
        The design points.
    x, y
        The two measures.
    colour
        The varied key that a line stands for; by default the one for staff or bays.
    label
        The varied key that labels the points of a line; by default another one.

    Raises
    ------
    FunnelsimError
        If a measure or key is not known.
    """
    across, up = means(sweep, x), means(sweep, y)
    colour = check_key(sweep, colour) if colour is not None else staff_key(sweep)
    label = check_key(sweep, label) if label is not None else rate_key(sweep, colour)
    if not np.any(np.isfinite(across) & np.isfinite(up)):
        return in_words_only(sweep, _title(x, y), "No point has both measures.")
    drawing = _Drawing(sweep, x, y, colour, label)
    figure = new_figure(sweep, _title(x, y), _answer(sweep, x, y), height_in=4.3, key=drawing.key())
    axes = figure.subplots()
    drawing.draw(axes)
    laid_out(figure)
    drawing.write(axes)
    return figure


def _title(x: str, y: str) -> str:
    """Return the title of a trade-off."""
    if (x, y) == (YIELD, "delay_p95_s"):
        return "What more findings cost other drivers"
    names = ["targets found" if measure == YIELD else measure_named(measure).label for measure in (x, y)]
    return shortened(capitalised(" against ".join(names)), WIDTH_IN - 0.3, 11.0)


def _answer(sweep: Sweep, x: str, y: str) -> str:
    """Return which point is best in `x` within the scenario's limits, and how sure that is."""
    if circumstances := circumstances_of(sweep):
        return f"{joined([key_words(key) for key in circumstances])} cannot be chosen, so no point is best."
    limits = limits_of(sweep)
    if not limits:
        said = "The scenario sets no limits, so no point is best"
        if x != YIELD or more_is_better(y):
            return f"{said}."
        described = measure_named(y)
        price = (described.in_full or described.label).split(" that ")[0]
        return f"{said}: among the efficient points, finding more costs more {price}."
    named = limits_sentence(limits)
    best = best_within(sweep, x, limits)
    if best is None:
        return f"No point stays within the limits ({named})."
    value = _with_error(sweep, best, x)
    most = "most" if more_is_better(x) else "least"
    said = f"Best within the limits ({named}): {point_words(sweep, best)}, with {value}"
    unit = measure_named(x).unit.word
    said += " targets found in an operation." if x == YIELD else f"{unit and ' '}{unit}, the {most} of all."
    said += "".join(_how_sure(sweep, best, limit) for limit in limits)
    return said + _also(sweep, x, best, limits)


def _with_error(sweep: Sweep, row: int, measure: str) -> str:
    unit = measure_named(measure).unit
    estimate = estimate_of(sweep, row, measure)
    digits = 2 if abs(estimate.mean * unit.factor) < 1.0 else 1 if unit.word == "minutes" else 0
    return with_error(estimate, unit.factor, digits)


def _how_sure(sweep: Sweep, row: int, limit: Limit) -> str:
    """Return in how many operations the best point keeps a limit, unless it always does."""
    check = check_of(sweep, row, limit)
    if check.kept_in.mean == 1.0 and not check.open:
        return ""
    what = "delay" if limit.measure == "delay_p95_s" else "queue"
    return f" The limit on its {what} is {check.kept_text}."


def _also(sweep: Sweep, x: str, best: int, limits: list[Limit]) -> str:
    """Return which point does better and may keep the limits in enough operations, as far as those simulated tell."""
    sign = 1.0 if more_is_better(x) else -1.0
    better = np.flatnonzero((sign * means(sweep, x) > sign * means(sweep, x)[best]) & ~kept(sweep, limits))
    near = [row for row in better.tolist() if all(_perhaps(check_of(sweep, row, limit)) for limit in limits)]
    if not near:
        return ""
    most = max(near, key=lambda row: sign * means(sweep, x)[row])
    said = point_words(sweep, most)
    return f" {said[:1].upper()}{said[1:]} may also stay within the limits: the operations simulated do not settle it."


def _perhaps(check: LimitCheck) -> bool:
    """Return whether a point keeps a limit, or may keep it."""
    return check.kept or check.open


class _Drawing:
    """The lines, marks and labels of one trade-off.

    Parameters
    ----------
    sweep, x, y, colour, label
        As in `trade_off`.
    """

    def __init__(self, sweep: Sweep, x: str, y: str, colour: str | None, label: str) -> None:
        self.sweep, self.label = sweep, label
        x_measure, y_measure = measure_named(x), measure_named(y)
        self.x_label, self.y_label = x_measure.axis_label, y_measure.axis_label
        x_factor, y_factor = x_measure.unit.factor, y_measure.unit.factor
        self.x, self.y = means(sweep, x) * x_factor, means(sweep, y) * y_factor
        self.x_ends, self.y_ends = (
            factor * np.array(interval_ends(sweep, name)) for name, factor in ((x, x_factor), (y, y_factor))
        )
        self.groups = groups_of(sweep, colour)
        self.styles = line_styles(len(self.groups))
        # No point is efficient beside others under better circumstances.
        self.efficient = np.zeros(len(sweep.points), bool) if circumstances_of(sweep) else efficient(sweep, x, y)
        self.limits = limits_of(sweep)
        self.shown = {limit.measure: limit.single for limit in self.limits if limit.measure in (x, y)}
        self.x_limit, self.y_limit = (
            None if limit is None else limit * factor
            for limit, factor in ((self.shown.get(x), x_factor), (self.shown.get(y), y_factor))
        )
        self.y_name = y
        self.best = best_within(sweep, x, self.limits)
        self.lines = [lines_of(sweep, group, label) for group in self.groups]
        # Where a line stands for each group, its name stands at its end.
        self.joined = all(len(lines) == 1 for lines in self.lines)

    @property
    def breaks_a_limit(self) -> BoolArray:
        """Points that break a limit in too many operations; their means need not be beyond it."""
        return ~kept(self.sweep, self.limits)

    def ordered(self, rows: IntArray) -> IntArray:
        """Return rows in the order of the labelled key, without those that have no place in the picture."""
        rows = rows[np.isfinite(self.x[rows]) & np.isfinite(self.y[rows])]
        place = {value: number for number, value in enumerate(levels(self.sweep, self.label))}
        return rows[np.argsort([place[value] for value in self.sweep.points[self.label][rows.tolist()]], kind="stable")]

    def draw(self, axes: Axes) -> None:
        for group, style, lines in zip(self.groups, self.styles, self.lines, strict=True):
            for rows in map(self.ordered, lines):
                axes.plot(self.x[rows], self.y[rows], color=style.colour, linestyle=style.dashes, linewidth=1.3)
            self._draw_points(axes, self.ordered(group.rows), style)
        rings = self.efficient
        axes.plot(self.x[rings], self.y[rings], "o", markersize=_RING, color="none", markeredgecolor=INK, zorder=5)
        if self.best is not None and self.limits:
            at = self.x[self.best], self.y[self.best]
            axes.plot(*at, marker="*", markersize=13.0, color="white", markeredgecolor=INK, linewidth=0, zorder=5)
        self._scale(axes)
        axes.set_xlabel(self.x_label)
        axes.set_ylabel(self.y_label)

    def _draw_points(self, axes: Axes, rows: IntArray, style: LineStyle) -> None:
        axes.errorbar(
            self.x[rows],
            self.y[rows],
            xerr=np.nan_to_num(np.abs(self.x_ends - self.x)[:, rows]),
            yerr=np.nan_to_num(np.abs(self.y_ends - self.y)[:, rows]),
            color=style.colour,
            linestyle="none",
            linewidth=0.7,
            alpha=0.75,
        )
        hollow = self.breaks_a_limit[rows]
        for some, inside in ((rows[~hollow], style.colour), (rows[hollow], "white")):
            axes.plot(
                self.x[some], self.y[some], style.mark, markersize=_SMALL, color=inside, markeredgecolor=style.colour
            )

    def _scale(self, axes: Axes) -> None:
        """Choose the range, and steps that double where the points far beyond the limit would hide the others."""
        lowest, highest = float(np.nanmin(self.y_ends[0])), float(np.nanmax(self.y_ends[1]))
        if self.y_limit is not None:
            lowest, highest = min(lowest, 0.95 * self.y_limit), max(highest, 1.1 * self.y_limit)
        if self.y_limit and highest > _FAR_BEYOND * self.y_limit and np.nanmin(self.y) > 0.0:
            lowest = max(lowest, 0.6 * float(np.nanmin(self.y)))
            axes.set_yscale("log", base=2)
            axes.set_ylim(min(0.8 * lowest, 0.7 * self.y_limit), 1.25 * highest)
            first = math.ceil(math.log2(axes.get_ylim()[0]))
            ticks = [2.0**power for power in range(first, math.floor(math.log2(axes.get_ylim()[1])) + 1)]
            axes.set_yticks(ticks, [f"{tick:,g}" for tick in ticks], minor=False)
            self.y_label += " (each step doubles)"
        else:
            axes.set_ylim(max(0.0, lowest) - 0.04 * highest if lowest > 0.5 * highest else 0.0, 1.1 * highest)
        left, right = axes.get_xlim()
        axes.set_xlim(left, right + 0.12 * (right - left))  # room for the names of the lines
        for along, limit in (("x", self.x_limit), ("y", self.y_limit)):
            if limit is not None:
                shade_beyond(axes, "x" if along == "x" else "y", limit)

    def write(self, axes: Axes) -> None:
        """Write the answer first, then the limit, the names of the lines, the efficient points, and the ends."""
        every = [self.ordered(rows) for lines in self.lines for rows in lines]
        lines = [np.column_stack([self.x[rows], self.y[rows]]) for rows in every]
        limit = self.shown.get(self.y_name)
        if limit is not None and self.y_limit is not None:
            name_limit(axes, limit_words(self.y_name, limit), self.y_limit, lines)
        labels = []
        if self.best is not None and self.limits:
            labels.append(self._label(self.best, f"best within the limits: {self._group(self.best)}", bold=True))
        first, further = [], []
        for group in self.groups:
            rows = self.ordered(group.rows)
            if self.joined and group.name and len(rows):
                end = int(rows[np.argmax(self.x[rows])])
                if end != self.best or not self.limits:
                    text = f"{group.name}, {self._value(end)}"
                    labels.append(PointLabel(self.x[end], self.y[end], text, DARK, bold=True, needed=True))
                rows = rows[rows != end]
            first += [self._label(row) for row in rows[self.efficient[rows]].tolist() if row != self.best]
            if self.joined:
                further += (
                    [self._label(row, colour=MUTED, most_hits=0) for row in rows[[0, -1]].tolist()] if len(rows) else []
                )
        written = {(label.x, label.y) for label in labels + first}
        labels += first + [label for label in further if (label.x, label.y) not in written]
        write_labels(axes, labels, [*lines, *self._bars(), *self._marks(axes)])

    def _label(
        self, row: int, before: str = "", colour: str = INK, most_hits: int = 12, *, bold: bool = False
    ) -> PointLabel:
        text = before + self._value(row)
        return PointLabel(self.x[row], self.y[row], text, colour, bold=bold, needed=bold, most_hits=most_hits)

    def _group(self, row: int) -> str:
        names = [group.name for group in self.groups if row in group.rows and group.exact]
        return f"{names[0]}, " if names and names[0] else ""

    def _bars(self) -> list[FloatArray]:
        """Return the error bars as lines."""
        level = [np.array([[left, y], [right, y]]) for left, right, y in zip(*self.x_ends, self.y, strict=True)]
        upright = [np.array([[x, down], [x, up]]) for x, down, up in zip(self.x, *self.y_ends, strict=True)]
        return level + upright

    def _marks(self, axes: Axes) -> list[FloatArray]:
        """Return the outlines of the marks as lines."""
        middles = axes.transData.transform(np.column_stack([self.x, self.y])[np.isfinite(self.x) & np.isfinite(self.y)])
        corners = 5.0 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
        return [axes.transData.inverted().transform(middle + corners) for middle in middles]

    def _value(self, row: int) -> str:
        return value_words(self.label, self.sweep.points[self.label][row])

    def key(self) -> list[Artist]:
        """Return samples of what is drawn."""
        key: list[Artist] = []
        if len(self.groups) > 1:
            for group, style in zip(self.groups, self.styles, strict=True):
                key.append(
                    Line2D(
                        [],
                        [],
                        color=style.colour,
                        linestyle=style.dashes if any(self.lines) else "none",
                        marker=style.mark,
                        markersize=4.5,
                        label=group.name,
                    )
                )
        if self.efficient.any():
            ring = Line2D([], [], linewidth=0, marker="o", markersize=8.0, color="none", markeredgecolor=INK)
            ring.set_label("efficient: no other point is better in both")
            key.append(ring)
        if self.best is not None and self.limits:
            star = Line2D([], [], linewidth=0, marker="*", markersize=10.0, color="white", markeredgecolor=INK)
            star.set_label("best within the limits")
            key.append(star)
        if self.breaks_a_limit.any():
            hollow = Line2D([], [], linewidth=0, marker="o", markersize=4.5, color="white", markeredgecolor=MUTED)
            hollow.set_label("hollow: breaks a limit too often")
            key.append(hollow)
        if self.shown:
            key.append(Patch(facecolor="none", edgecolor=WARM, hatch="////", linewidth=0.0, label="beyond the limit"))
        key.append(Line2D([], [], linewidth=0, marker=None, label=f"labels: {key_words(self.label)}"))
        return key
