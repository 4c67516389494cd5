"""The figure of what is found against what it costs others: one line a staffing level, the limits, the best points."""

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.point_estimates import half_widths, means
from funnelsim.experiments.ranking import best_within, efficient, kept, limits_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.keys import check_key, groups_of, key_words, levels, lines_of, rate_key, staff_key, value_words
from funnelsim.plots.limit_region import limit_words, name_limit, shade_beyond
from funnelsim.plots.looks import Look, looks
from funnelsim.plots.measures import measure_words
from funnelsim.plots.point_labels import PointLabel, write_labels
from funnelsim.plots.style import DARK, INK, MUTED, WARM, house_style, in_words_only, laid_out, new_figure
from funnelsim.plots.trade_off_words import answer, title

_SMALL, _RING = 4.5, 10.0
_FAR_BEYOND = 4.0  # times the limit: from here on a scale of equal steps would press the good points flat


@house_style()
def trade_off(
    sweep: Sweep,
    x: str = "expected_detections",
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
        The varied key that a line stands for; left out, the one of staff or bays.
    label
        The varied key that points on a line are labelled by; left out, another one.

    Raises
    ------
    FunnelsimError
        If a measure or key is not known.
    """
    across, up = means(sweep, x), means(sweep, y)
    colour = check_key(sweep, colour) if colour is not None else staff_key(sweep)
    label = check_key(sweep, label) if label is not None else rate_key(sweep, colour)
    if not np.any(np.isfinite(across) & np.isfinite(up)):
        return in_words_only(sweep, title(x, y), "No design point has both measures.")
    drawing = _Drawing(sweep, x, y, colour, label)
    figure = new_figure(sweep, title(x, y), answer(sweep, x, y), height_in=4.3, key=drawing.key())
    axes = figure.subplots()
    drawing.draw(axes)
    laid_out(figure)
    drawing.write(axes)
    return figure


class _Drawing:
    """The lines, marks and labels of one trade-off.

    Parameters
    ----------
    sweep, x, y, colour, label
        As in `trade_off`.
    """

    def __init__(self, sweep: Sweep, x: str, y: str, colour: str | None, label: str) -> None:
        self.sweep, self.label = sweep, label
        self.x_words, self.y_words = measure_words(x), measure_words(y)
        self.x, self.y = means(sweep, x) * self.x_words.times, means(sweep, y) * self.y_words.times
        self.x_error = np.nan_to_num(half_widths(sweep, x) * self.x_words.times)
        self.y_error = np.nan_to_num(half_widths(sweep, y) * self.y_words.times)
        self.groups = groups_of(sweep, colour)
        self.looks = looks(len(self.groups))
        self.efficient = efficient(sweep, x, y)
        self.limits = limits_of(sweep)
        self.shown = {limit.measure: limit.single for limit in self.limits if limit.measure in (x, y)}
        self.x_limit, self.y_limit = (
            None if limit is None else limit * words.times
            for limit, words in ((self.shown.get(x), self.x_words), (self.shown.get(y), self.y_words))
        )
        self.y_name = y
        self.best = best_within(sweep, x, self.limits)
        self.lines = [lines_of(sweep, group, label) for group in self.groups]
        # Where a line stands for each group, its name stands at its end.
        self.joined = all(len(lines) == 1 for lines in self.lines)

    @property
    def breaks_unseen(self) -> BoolArray:
        """Points that break a limit which no axis shows."""
        return ~kept(self.sweep, [limit for limit in self.limits if limit.measure not in self.shown])

    def ordered(self, rows: IntArray) -> IntArray:
        """Return rows in the order of the labelled key, without those that have no place in the picture."""
        rows = rows[np.isfinite(self.x[rows]) & np.isfinite(self.y[rows])]
        place = {value: number for number, value in enumerate(levels(self.sweep, self.label))}
        return rows[np.argsort([place[value] for value in self.sweep.points[self.label][rows.tolist()]], kind="stable")]

    def draw(self, axes: Axes) -> None:
        for group, look, lines in zip(self.groups, self.looks, self.lines, strict=True):
            for rows in map(self.ordered, lines):
                axes.plot(self.x[rows], self.y[rows], color=look.colour, linestyle=look.dashes, linewidth=1.3)
            self._draw_points(axes, self.ordered(group.rows), look)
        rings = self.efficient
        axes.plot(self.x[rings], self.y[rings], "o", markersize=_RING, color="none", markeredgecolor=INK, zorder=5)
        if self.best is not None and self.limits:
            at = self.x[self.best], self.y[self.best]
            axes.plot(*at, marker="*", markersize=13.0, color="white", markeredgecolor=INK, linewidth=0, zorder=5)
        self._scale(axes)
        axes.set_xlabel(self.x_words.label)
        axes.set_ylabel(self.y_words.label)

    def _draw_points(self, axes: Axes, rows: IntArray, look: Look) -> None:
        axes.errorbar(
            self.x[rows],
            self.y[rows],
            xerr=self.x_error[rows],
            yerr=self.y_error[rows],
            color=look.colour,
            linestyle="none",
            linewidth=0.7,
            alpha=0.75,
        )
        hollow = self.breaks_unseen[rows]
        for some, inside in ((rows[~hollow], look.colour), (rows[hollow], "white")):
            axes.plot(
                self.x[some], self.y[some], look.mark, markersize=_SMALL, color=inside, markeredgecolor=look.colour
            )

    def _scale(self, axes: Axes) -> None:
        """Choose the range, and steps that double where the points far beyond the limit would hide the others."""
        lowest, highest = float(np.nanmin(self.y - self.y_error)), float(np.nanmax(self.y + self.y_error))
        if self.y_limit is not None:
            lowest, highest = min(lowest, 0.95 * self.y_limit), max(highest, 1.1 * self.y_limit)
        if self.y_limit and highest > _FAR_BEYOND * self.y_limit and np.nanmin(self.y) > 0.0:
            lowest = max(lowest, 0.6 * float(np.nanmin(self.y)))
            axes.set_yscale("log", base=2)
            axes.set_ylim(min(0.8 * lowest, 0.7 * self.y_limit), 1.25 * highest)
            first = math.ceil(math.log2(axes.get_ylim()[0]))
            ticks = [2.0**power for power in range(first, math.floor(math.log2(axes.get_ylim()[1])) + 1)]
            axes.set_yticks(ticks, [f"{tick:,g}" for tick in ticks], minor=False)
            self.y_words = type(self.y_words)(self.y_words.name, f"{self.y_words.unit} (each step doubles)".strip())
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
        x, y, right, up = self.x, self.y, self.x_error, self.y_error
        level = [np.array([[x[row] - right[row], y[row]], [x[row] + right[row], y[row]]]) for row in range(len(x))]
        upright = [np.array([[x[row], y[row] - up[row]], [x[row], y[row] + up[row]]]) for row in range(len(x))]
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
            for group, look in zip(self.groups, self.looks, strict=True):
                key.append(
                    Line2D(
                        [],
                        [],
                        color=look.colour,
                        linestyle=look.dashes if any(self.lines) else "none",
                        marker=look.mark,
                        markersize=4.5,
                        label=group.name,
                    )
                )
        ring = Line2D([], [], linewidth=0, marker="o", markersize=8.0, color="none", markeredgecolor=INK)
        ring.set_label("efficient: no other point is better in both")
        key.append(ring)
        if self.best is not None and self.limits:
            star = Line2D([], [], linewidth=0, marker="*", markersize=10.0, color="white", markeredgecolor=INK)
            star.set_label("best within the limits")
            key.append(star)
        if self.breaks_unseen.any():
            hollow = Line2D([], [], linewidth=0, marker="o", markersize=4.5, color="white", markeredgecolor=MUTED)
            hollow.set_label("hollow: breaks another limit")
            key.append(hollow)
        if self.shown:
            key.append(Patch(facecolor="none", edgecolor=WARM, hatch="////", linewidth=0.0, label="beyond the limit"))
        key.append(Line2D([], [], linewidth=0, marker=None, label=f"beside the points: {key_words(self.label)}"))
        return key
