"""The panels of a trade-off: all points in grey, the efficient ones joined, the best and the ends by name."""

import math
import textwrap
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.catalogue import measure_named
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.experiments.cases import cases_of
from funnelsim.experiments.key_words import key_and_value, key_words
from funnelsim.experiments.point_estimates import interval_ends, means
from funnelsim.experiments.ranking import best_within, efficient, kept, limits_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import whole_parts, wrapped
from funnelsim.plots.label_placement import PointLabel, outlines_of, write_labels
from funnelsim.plots.limit_region import limit_words, name_limit, shade_beyond
from funnelsim.plots.line_styles import mark_of
from funnelsim.plots.style import DARK, INK, MUTED, WARM
from funnelsim.plots.varied_keys import (
    Group,
    combined_groups,
    groups_of,
    keys_of_panels,
    keys_untold,
    lines_of,
    twins_of,
)

_GREY, _GREY_EDGE, _GREY_LINE = "#cfcfcf", "#8c8c8c", "#c8c8c8"
_SMALL, _FRONT, _STAR = 4.2, 5.6, 13.0
_FAR_BEYOND = 4.0  # times the limit: from here on a scale of equal steps would press the good points flat
_FAR_ABOVE = 1.4  # times the highest point: a limit beyond would leave most of the panel empty
_MARGIN = 0.12  # of the spread of the points, on each side
_MOST_FRONTS = 6  # one for each of the circumstances
_MOST_NAMED = 3  # fronts of which both ends are named
_MOST_LINES, _LETTERS_A_LINE = 3, 34  # of the name of a plan
_ROOM_IN = 5.8  # of all panels side by side
_TICKS = {1: 8, 2: 6, 3: 4}  # by number of columns
_COLUMNS = {1: 1, 2: 2, 4: 2}  # by number of panels, else three


class TradeOffPanels:
    """The points of a sweep by two measures, and how they are drawn.

    Parameters
    ----------
    sweep, x, y, colour, label
        As in `trade_off`.
    """

    def __init__(self, sweep: Sweep, x: str, y: str, colour: str | None, label: str) -> None:
        self.sweep, self.measures, self.label = sweep, (x, y), label
        described = [measure_named(name) for name in self.measures]
        self.axis_labels = [one.axis_label for one in described]
        factors = [one.unit.factor for one in described]
        self.x, self.y = (means(sweep, name) * factor for name, factor in zip(self.measures, factors, strict=True))
        self.x_ends, self.y_ends = (
            factor * np.array(interval_ends(sweep, name)) for name, factor in zip(self.measures, factors, strict=True)
        )
        self.limits = limits_of(sweep)
        single = {limit.measure: limit.single for limit in self.limits}
        shown = [single.get(name) for name in self.measures]
        self.x_limit, self.y_limit = (
            None if limit is None else limit * factor for limit, factor in zip(shown, factors, strict=True)
        )
        self.breaks: BoolArray = ~kept(sweep, self.limits)
        self.best = best_within(sweep, x, self.limits) if self.limits else None
        self.fronts = _fronts(sweep, x, y)
        self.groups = groups_of(sweep, colour)
        of_panels = keys_of_panels(sweep, (colour, label))
        self.panels = combined_groups(sweep, of_panels)
        self.untold = keys_untold(sweep, (colour, label, *of_panels))
        told_by_panel = {twin for key in of_panels for twin in twins_of(sweep, key)}
        # Keys without panels of their own still belong to the name of a plan.
        self.named = [key for key in sweep.keys if key not in told_by_panel]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of panels."""
        columns = _COLUMNS.get(len(self.panels), 3)
        return math.ceil(len(self.panels) / columns), columns

    def table(self) -> pl.DataFrame:
        """Return a row a point: its keys, both measures in the units drawn, and how it fares."""
        table = self.sweep.points.select("point", *self.sweep.keys)
        for name, middle, ends in zip(self.axis_labels, (self.x, self.y), (self.x_ends, self.y_ends), strict=True):
            columns = {name: middle, f"{name}: low": ends[0], f"{name}: high": ends[1]}
            table = table.with_columns(pl.Series(key, values).fill_nan(None) for key, values in columns.items())
        rows = np.arange(len(table))
        return table.with_columns(
            efficient=pl.Series(np.isin(rows, np.concatenate([*self.fronts, np.array([], dtype=np.int64)]))),
            within_limits=pl.Series(~self.breaks),
            best=pl.Series(rows == self.best),
        )

    def draw(self, panels: Sequence[Axes]) -> None:
        """Draw the points; panels that are not needed vanish."""
        _, columns = self.shape
        for place, (axes, panel) in enumerate(zip(panels, self.panels, strict=False)):
            self._draw_rest(axes, panel)
            self._draw_front(axes, panel)
            if len(self.panels) > 1:
                axes.set_title("\n".join(wrapped(whole_parts(panel.name), _ROOM_IN / columns, 8.0)), fontsize=7.5)
            axes.xaxis.set_major_locator(MaxNLocator(_TICKS[columns], prune="upper"))
            if place + columns >= len(self.panels):
                axes.set_xlabel("\n".join(textwrap.wrap(self.axis_labels[0], 100 // columns)))
                axes.tick_params(labelbottom=True)
            if place % columns == 0:
                axes.set_ylabel("\n".join(textwrap.wrap(self.axis_labels[1], 100 if len(self.panels) == 1 else 30)))
        for axes in panels[len(self.panels) :]:
            axes.set_visible(False)
        self._scale(panels[: len(self.panels)])

    def _draw_rest(self, axes: Axes, panel: Group) -> None:
        for place, group in enumerate(self.groups):
            rows = np.intersect1d(group.rows, panel.rows)
            self._marks(axes, rows, mark_of(place), _SMALL, (_GREY, _GREY_EDGE), zorder=2)
        for line in self._grey_lines(panel):
            axes.plot(*line.T, color=_GREY_LINE, linewidth=0.9, zorder=1)

    def _grey_lines(self, panel: Group) -> list[FloatArray]:
        """Return the lines through points that differ in one key alone, each of shape (points, 2)."""
        inside = [Group(one.name, np.intersect1d(one.rows, panel.rows), one.exact) for one in self.groups]
        lines = [rows for group in inside for rows in lines_of(self.sweep, group, self.label)]
        return [np.column_stack([self.x[rows], self.y[rows]]) for rows in lines]

    def _draw_front(self, axes: Axes, panel: Group) -> None:
        for front in self.fronts:
            here = bool(np.isin(front, panel.rows).any())
            axes.plot(self.x[front], self.y[front], color=DARK, linewidth=1.3 if here else 0.7, zorder=3)
            for place, group in enumerate(self.groups):
                rows = np.intersect1d(np.intersect1d(front, group.rows), panel.rows)
                self._marks(axes, rows, mark_of(place), _FRONT, (DARK, DARK), zorder=5)
        for row in np.intersect1d(self._worth_a_name(), panel.rows).tolist():
            axes.plot(self.x_ends[:, row], [self.y[row]] * 2, color=MUTED, linewidth=0.9, zorder=4)
            axes.plot([self.x[row]] * 2, self.y_ends[:, row], color=MUTED, linewidth=0.9, zorder=4)
        if self.best is not None and self.best in panel.rows:
            at = self.x[self.best], self.y[self.best]
            axes.plot(*at, marker="*", markersize=_STAR, color="white", markeredgecolor=INK, linewidth=0, zorder=6)

    def _marks(
        self, axes: Axes, rows: IntArray, mark: str, size: float, colours: tuple[str, str], *, zorder: int
    ) -> None:
        """Draw marks, hollow where a limit is broken too often."""
        inside, edge = colours
        for some, face in ((rows[~self.breaks[rows]], inside), (rows[self.breaks[rows]], "white")):
            axes.plot(
                self.x[some], self.y[some], mark, markersize=size, color=face, markeredgecolor=edge, zorder=zorder
            )

    def _worth_a_name(self) -> list[int]:
        """Return the best point and the ends of the fronts, each once."""
        ends = [row for front in self.fronts for row in (front[-1], front[0])]
        if len(self.fronts) > _MOST_NAMED:
            ends = [front[-1] for front in self.fronts]
        best = [] if self.best is None else [self.best]
        return list(dict.fromkeys([*best, *map(int, ends)]))

    @cached_property
    def _x_range(self) -> tuple[float, float]:
        return _range(self.x, self.x_ends[:, self._worth_a_name()])

    @cached_property
    def _y_range(self) -> tuple[float, float]:
        """Lower and upper end; a limit not far above the points is inside."""
        low, high = _range(self.y, self.y_ends[:, self._worth_a_name()])
        if self.y_limit is None or self.y_limit > _FAR_ABOVE * high:
            return low, high
        if self._doubles:
            return min(0.6 * float(np.nanmin(self.y)), 0.7 * self.y_limit), 1.25 * high
        return low, max(high, 1.15 * self.y_limit)

    @property
    def _doubles(self) -> bool:
        """Whether steps double, as points far beyond the limit would hide the others."""
        _, high = _range(self.y, self.y_ends[:, self._worth_a_name()])
        return bool(self.y_limit and high > _FAR_BEYOND * self.y_limit and np.nanmin(self.y) > 0.0)

    @property
    def _shaded(self) -> list[tuple[Literal["x", "y"], float]]:
        """Which limits lie inside the panels: along which axis, and where."""
        ends = (("x", self.x_limit, self._x_range[1]), ("y", self.y_limit, self._y_range[1]))
        return [
            ("x" if along == "x" else "y", limit) for along, limit, end in ends if limit is not None and limit < end
        ]

    def _scale(self, panels: Sequence[Axes]) -> None:
        """Give all panels their ranges, and shade what lies beyond a limit."""
        for axes in panels:
            if self._doubles:
                axes.set_yscale("log", base=2)
            axes.set(xlim=self._x_range, ylim=self._y_range)
            if self._doubles:
                first, last = (math.log2(end) for end in self._y_range)
                ticks = [2.0**power for power in range(math.ceil(first), math.floor(last) + 1)]
                axes.set_yticks(ticks, [f"{tick:,g}" for tick in ticks], minor=False)
                axes.set_ylabel(axes.get_ylabel() and f"{axes.get_ylabel()}\n(each step doubles)")
        for axes in panels:
            for along, limit in self._shaded:
                shade_beyond(axes, along, limit)

    def write(self, panels: Sequence[Axes]) -> None:
        """Write the limit, the answer and the ends of the fronts where they hide nothing, once all is laid out."""
        fronts = [np.column_stack([self.x[front], self.y[front]]) for front in self.fronts]
        for axes, panel in zip(panels, self.panels, strict=False):
            self._name_limit(axes, fronts, first=axes is panels[0])
            named = [row for row in self._worth_a_name() if row in panel.rows]
            points = np.column_stack([self.x, self.y])[panel.rows]
            written = [text.get_text() for text in axes.texts]
            labels = [self._label(row) for row in named if self._label(row).text not in written]
            write_labels(
                axes, labels, [*fronts, *self._grey_lines(panel), *self._bars(named), *outlines_of(axes, points)]
            )

    def _name_limit(self, axes: Axes, drawn: Sequence[FloatArray], *, first: bool) -> None:
        limit = next((limit.single for limit in self.limits if limit.measure == self.measures[1]), None)
        if limit is None or self.y_limit is None or not first:
            return
        text = limit_words(self.measures[1], limit)
        if self.y_limit < axes.get_ylim()[1]:
            name_limit(axes, text, self.y_limit, drawn)
        else:
            above = f"↑ {text}, further up"
            axes.text(0.99, 0.985, above, transform=axes.transAxes, ha="right", va="top", color=WARM, fontsize=7.5)

    def _label(self, row: int) -> PointLabel:
        words = [key_and_value(key, self.sweep.points[key][row]) for key in self.named]
        best = row == self.best
        lines = words if len(words) <= _MOST_LINES else textwrap.wrap(", ".join(words), _LETTERS_A_LINE)
        text = "\n".join(["best within the limits:", *lines] if best else lines)
        return PointLabel(self.x[row], self.y[row], text, INK if best else DARK, bold=best)

    def _bars(self, rows: Sequence[int]) -> list[FloatArray]:
        """Return the error bars as lines."""
        level = [np.column_stack([self.x_ends[:, row], [self.y[row]] * 2]) for row in rows]
        return level + [np.column_stack([[self.x[row]] * 2, self.y_ends[:, row]]) for row in rows]

    def key(self) -> list[Artist]:
        """Return samples of what is drawn."""
        key: list[Artist] = []
        if self.fronts:
            front = Line2D([], [], color=DARK, linewidth=1.3, marker="o", markersize=_FRONT)
            front.set_label("efficient: no other point is better in both")
            key.append(front)
        if self.best is not None:
            star = Line2D([], [], linewidth=0, marker="*", markersize=10.0, color="white", markeredgecolor=INK)
            star.set_label("best within the limits")
            key.append(star)
        if self.breaks.any():
            hollow = Line2D([], [], linewidth=0, marker="o", markersize=4.5, color="white", markeredgecolor=MUTED)
            hollow.set_label("hollow: breaks a limit too often")
            key.append(hollow)
        if self._shaded:
            key.append(Patch(facecolor="none", edgecolor=WARM, hatch="////", linewidth=0.0, label="beyond the limit"))
        marks = self.groups if len(self.groups) > 1 else []
        for place, group in enumerate(marks):
            sample = Line2D([], [], color=_GREY_LINE, linewidth=0.9, marker=mark_of(place), markersize=_SMALL)
            sample.set(markerfacecolor=_GREY, markeredgecolor=_GREY_EDGE, label=group.name)
            key.append(sample)
        if any(lines_of(self.sweep, group, self.label) for group in self.groups):
            line = Line2D([], [], color=_GREY_LINE, linewidth=0.9, label=f"grey line: {key_words(self.label)} varies")
            key.append(line)
        return key


def _fronts(sweep: Sweep, x: str, y: str) -> list[IntArray]:
    """Return the rows of the efficient points from left to right, under each of the circumstances."""
    cases = cases_of(sweep)
    if len(cases) > _MOST_FRONTS:
        return []
    numbers, across = sweep.points["point"].to_list(), means(sweep, x)
    fronts = []
    for case in cases:
        found = efficient(case.sweep, x, y)
        rows = np.array([numbers.index(n) for n in case.sweep.points["point"].filter(pl.Series(found))], dtype=np.int64)
        fronts.append(rows[np.argsort(across[rows], kind="stable")])
    return [front for front in fronts if len(front)]


def _range(values: FloatArray, ends: FloatArray) -> tuple[float, float]:
    """Return the range of an axis that shows all values and some error bars; it holds 0 where that is near."""
    low, high = (
        float(np.nanmin([np.nanmin(values), *ends.flatten()])),
        float(np.nanmax([np.nanmax(values), *ends.flatten()])),
    )
    margin = _MARGIN * (high - low) or 0.1 * abs(high) or 1.0
    return (0.0 if 0.0 <= low < 0.3 * high else low - margin), high + margin
