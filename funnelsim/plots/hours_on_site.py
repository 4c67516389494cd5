"""The figure of how the yield falls as word spreads, and when it pays to pack up and move on."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, MultipleLocator

from funnelsim.analysis.estimates import Estimate, difference_estimate, estimate_text, mean_estimate
from funnelsim.analysis.series import STEP_S
from funnelsim.arrays import FloatArray
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import bin_middles, by_replication
from funnelsim.plots.formatting import capitalised, minutes, operations
from funnelsim.plots.line_styles import DASHED
from funnelsim.plots.style import (
    CLOSED,
    DARK,
    GRID,
    INK,
    LIGHT,
    MIDDLE,
    MUTED,
    house_style,
    in_words_only,
    laid_out,
    new_figure,
)
from funnelsim.units import HOUR_S, MINUTE_S
from funnelsim.wording import joined

SETUP_MIN = 30.0
_TITLE = "What an hour on site finds, and when it pays to move on"
_STEPS_S = (600.0, 1200.0, 1800.0, 3600.0)  # over which the yield is averaged
_MOST_STEPS = 60
_TICKS_H = (0.25, 0.5, 1.0, 2.0, 4.0)
_MOST_TICKS = 12
_GREY = "#d9d9d9"


@dataclass(frozen=True)
class OnSite:
    """Yield by time since the opening, of several windows their mean.

    Attributes
    ----------
    until_s
        Ends of the steps, seconds since opening, shape (steps,).
    found
        Expected detections of each step, shape (replications, steps).
    """

    until_s: FloatArray
    found: FloatArray

    @property
    def per_hour(self) -> FloatArray:
        """Expected detections per hour in each step, shape (replications, steps)."""
        per_hour: FloatArray = self.found * HOUR_S / np.diff(self.until_s, prepend=0.0)
        return per_hour

    def moving_on(self, setup_s: float) -> FloatArray:
        """Return the detections per hour if one moves on at the end of each step, shape (replications, steps)."""
        moving_on: FloatArray = np.cumsum(self.found, axis=1) * HOUR_S / (self.until_s + setup_s)
        return moving_on


@house_style()
def hours_on_site(run: Run, setup_min: float = SETUP_MIN) -> Figure:
    """Draw the expected detections per hour since the opening, and per hour if one moves on after so long.

    Whoever moves on after *t* to a site like this one, where nobody has been warned yet, finds what is found here up
    to *t*, every *t* and the time to set up. That is most where an hour here no longer finds more than the whole does.

    Parameters
    ----------
    run
        The replications of one scenario.
    setup_min
        Minutes from packing up to the next opening.

    References
    ----------
    Charnov (1976), Optimal foraging, the marginal value theorem, Theoretical Population Biology 9.
    doi:10.1016/0040-5809(76)90040-X
    """
    if not run.estimates["expected_detections"].mean > 0.0:
        return in_words_only(run, _TITLE, "Nothing is found in this scenario, so there is no best time to move on.")
    site = on_site(run)
    moving_on = site.moving_on(MINUTE_S * setup_min)
    best = int(np.argmax(moving_on.mean(axis=0)))
    equal = not_told_apart(moving_on, best)
    windows = len(run.plan.windows_s)
    said = _said(site, equal, mean_estimate(moving_on[:, best]), setup_min, windows)
    figure = new_figure(run, _TITLE, said, height_in=3.4, key=_key(run, setup_min))
    axes = figure.subplots()
    _draw_per_hour(axes, site)
    _draw_moving_on(axes, site, moving_on, best)
    _draw_equal(axes, site, equal)
    ends_h = site.until_s[-1] / HOUR_S
    axes.set_xlim(0.0, ends_h)
    axes.set_ylim(bottom=0.0)
    tick_h = next((tick for tick in _TICKS_H if ends_h / tick <= _MOST_TICKS), _TICKS_H[-1])
    axes.xaxis.set_major_locator(MultipleLocator(tick_h))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel("hours since the opening" + (f" of each of {windows} windows" if windows > 1 else ""))
    axes.set_ylabel("expected targets found per hour")
    laid_out(figure)
    return figure


def hours_on_site_table(run: Run, setup_min: float = SETUP_MIN) -> pl.DataFrame:
    """Return what the figure draws: by hours since the opening, targets found per hour, and if one moves on then."""
    site = on_site(run)
    columns = {"since_opening_h": site.until_s / HOUR_S}
    for name, values in (("found_per_h", site.per_hour), ("moving_on_per_h", site.moving_on(MINUTE_S * setup_min))):
        for end, bound in zip(("low", "mean", "high"), _bounds(values), strict=True):
            columns[f"{name}.{end}"] = bound
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def on_site(run: Run) -> OnSite:
    """Return the yield by time since the opening; a window counts for as long as it lasts."""
    found, middles = by_replication(run, "expected_detections"), bin_middles(run)
    windows = run.plan.windows_s
    longest_s = max(closes_s - opens_s for opens_s, closes_s in windows)
    step_s = next((step for step in _STEPS_S if longest_s / step <= _MOST_STEPS), _STEPS_S[-1])
    until_s = np.minimum(step_s * np.arange(1.0, math.ceil(longest_s / step_s) + 1.0), longest_s)
    total, reached = np.zeros((len(found), len(until_s))), np.zeros(len(until_s))
    for opens_s, closes_s in windows:
        inside = np.flatnonzero((middles > opens_s) & (middles - STEP_S / 2.0 < closes_s))
        step = np.minimum(((middles[inside] - opens_s) / step_s).astype(np.int64), len(until_s) - 1)
        np.add.at(total.T, step, found[:, inside].T)
        # A window that ends within a step takes part in it by as much.
        reached += np.clip((closes_s - opens_s - until_s) / np.diff(until_s, prepend=0.0) + 1.0, 0.0, 1.0)
    return OnSite(until_s, total / reached)


def not_told_apart(moving_on: FloatArray, best: int) -> list[tuple[int, int]]:
    """Return the first and last step of each stretch whose yields cannot be told from that of the best step.

    They are of the same operations, so they are told apart by paired differences; without intervals all are alike.
    """
    apart = [difference_estimate(moving_on[:, best] - column) for column in moving_on.T]
    alike = np.array([not one.low > 0.0 and not one.high < 0.0 for one in apart])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], alike, [False]])))
    return [(int(first), int(behind) - 1) for first, behind in edges.reshape(-1, 2)]


def _said(site: OnSite, equal: list[tuple[int, int]], found: Estimate, setup_min: float, windows: int) -> str:
    rate = f"{estimate_text(found)} targets an hour"
    opening = (
        "its opening" if windows == 1 else f"its openings (the mean of its {windows} windows, as long as they last)"
    )
    given = f"if the move takes {minutes(setup_min)} and the next site is as good as this one was at {opening}"
    if len(site.found) == 1:
        return f"One operation cannot tell when to move on. At best it finds {rate}, {given}."
    end = int(np.flatnonzero(site.found.any(axis=0))[-1])  # in the last minutes nobody is selected
    when = joined([_when(site, stretch, end) for stretch in equal], "or")
    when = capitalised(when)
    if len(equal) == 1 and equal[0][0] == equal[0][1]:
        return f"{when} finds the most, {rate}, {given}."
    return (
        f"{when} finds the same as far as {operations(len(site.found))} tell: {rate} at best, {given}. "
        "At any other time moving on finds less."
    )


def _when(site: OnSite, stretch: tuple[int, int], end: int) -> str:
    """Return a stretch of times to move on in words."""
    first, last = stretch
    from_, to = _lasting(site.until_s[first]), _lasting(site.until_s[last])
    if first >= end:
        return "staying to the end"
    if last >= end:
        return f"moving on after {from_} or later"
    return f"moving on after {from_}" if first == last else f"moving on after {from_} to {to}"


def _lasting(time_s: float) -> str:
    hours, rest = divmod(round(time_s / MINUTE_S), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def _bounds(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return by column the mean and the ends of its 95 % interval."""
    found = [mean_estimate(column) for column in values.T]
    low, mean, high = (np.array([getattr(one, name) for one in found]) for name in ("low", "mean", "high"))
    return low, mean, high


def _draw_per_hour(axes: Axes, site: OnSite) -> None:
    low, mean, high = _bounds(site.per_hour)
    edges_h = np.concatenate([[0.0], site.until_s]) / HOUR_S
    if len(site.found) > 1:
        axes.fill_between(edges_h, np.append(low, low[-1]), np.append(high, high[-1]), step="post", color=LIGHT, lw=0.0)
    axes.stairs(mean, edges_h, baseline=None, color=DARK, linewidth=1.5)


def _draw_equal(axes: Axes, site: OnSite, equal: list[tuple[int, int]]) -> None:
    """Shade the times to move on that cannot be told from the best one."""
    for first, last in equal:
        axes.axvspan(site.until_s[first] / HOUR_S, site.until_s[last] / HOUR_S, color=CLOSED, linewidth=0.0, zorder=0)


def _draw_moving_on(axes: Axes, site: OnSite, moving_on: FloatArray, best: int) -> None:
    low, mean, high = _bounds(moving_on)
    hours = site.until_s / HOUR_S
    if len(site.found) > 1:
        axes.fill_between(hours, low, high, color=_GREY, alpha=0.8, linewidth=0.0)
    axes.plot(hours, mean, color=INK, linewidth=1.5, linestyle=DASHED)
    axes.plot(hours[best], mean[best], "o", markersize=6.0, color="white", markeredgecolor=INK, markeredgewidth=1.4)
    axes.axvline(hours[best], color=MUTED, linewidth=0.8, linestyle=":")


def _key(run: Run, setup_min: float) -> list[Artist]:
    many = len(run.replications) > 1
    moving = f"per hour if moving on now, {setup_min:g} min to move"
    best = Line2D([], [], color=INK, linewidth=0.0, marker="o", markersize=5.0, markerfacecolor="white")
    best.set_label("best time")
    key: list[Artist] = [
        Line2D([], [], color=DARK, linewidth=1.5, label="found per hour"),
        Line2D([], [], color=INK, linewidth=1.5, linestyle=DASHED, label=moving),
        best,
    ]
    if not many:
        return key
    equal = Patch(facecolor=CLOSED, edgecolor=GRID, linewidth=0.6, label="not told apart from the best time")
    return [*key, Patch(facecolor=LIGHT, edgecolor=MIDDLE, linewidth=0.0, label="95 % intervals"), equal]
