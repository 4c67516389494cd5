"""What the figures over the day share: the time axis, the operation window, bands over replications."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from funnelsim.analysis.series import STEP_S
from funnelsim.experiments.run import Run
from funnelsim.plots.style import CLOSED, DARK, INK, LIGHT, MIDDLE, MUTED
from funnelsim.plots.words import operations
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.site import DAY_S

FloatArray = NDArray[np.float64]

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
_TICK_STEPS_S = (300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 14_400.0, 21_600.0)
_MOST_TICKS = 10
_ROOM_FOR_TWO = 0.4  # of the width of a panel, for two labels beside each other


def by_replication(run: Run, column: str) -> FloatArray:
    """Return a column of the run's series, shape (replications, bins of the day)."""
    return run.series[column].to_numpy().reshape(len(run.replications), -1)


def bin_middles(run: Run) -> FloatArray:
    """Return the middle of each bin of the run's series, seconds after midnight, shape (bins,)."""
    bins = len(run.series) // len(run.replications)
    middles: FloatArray = run.series["time_s"][:bins].to_numpy() + STEP_S / 2.0
    return middles


def day_quantiles(values: FloatArray, shares: Sequence[float] = BANDS) -> FloatArray:
    """Return quantiles over replications in each bin, shape (shares, bins); not a number where no value is.

    Parameters
    ----------
    values
        By replication and bin; a replication without a value (not a number) is left out.
    shares
        Which quantiles.

    Examples
    --------
    >>> day_quantiles(np.array([[1.0, np.nan], [3.0, np.nan]]), [0.5]).tolist()
    [[2.0, nan]]
    """
    known = ~np.isnan(values).all(axis=0)
    quantiles = np.full((len(shares), values.shape[1]), np.nan)
    quantiles[:, known] = np.nanquantile(values[:, known], shares, axis=0)
    return quantiles


def draw_bands(axes: Axes, run: Run, values: FloatArray) -> float:
    """Draw the median over replications and the bands around it, and return their highest value."""
    times = bin_middles(run)
    lowest, lower, median, upper, highest = day_quantiles(values)
    if len(run.replications) > 1:
        axes.fill_between(times, lowest, highest, color=LIGHT, linewidth=0.0)
        axes.fill_between(times, lower, upper, color=MIDDLE, linewidth=0.0)
    axes.plot(times, median, color=DARK, linewidth=1.5)
    return float(np.nanmax(highest, initial=0.0))


def key_to_bands(run: Run) -> list[Artist]:
    """Return samples of what `draw_bands` draws."""
    number = len(run.replications)
    line = Line2D([], [], color=DARK, linewidth=1.5)
    if number == 1:
        line.set_label("the one operation simulated")
        return [line]
    line.set_label(f"median of {operations(number)}")
    half = Patch(color=MIDDLE, linewidth=0.0, label="the middle half of them")
    most = Patch(color=LIGHT, linewidth=0.0, label="9 of 10 of them")
    return [line, half, most]


def day_span(run: Run) -> tuple[float, float]:
    """Return the stretch of time the figures show: all of the series, and a little before opening."""
    opens_s = run.plan.window_s[0]
    ends_s = float(bin_middles(run)[-1]) + STEP_S / 2.0
    return opens_s - 0.04 * (ends_s - opens_s), ends_s


def mark_day(panels: Sequence[Axes], run: Run) -> None:
    """Give panels one above the other a time axis and mark the operation window in them."""
    funnel = run.plan.funnel
    from_s, to_s = day_span(run)
    for axes in panels:
        axes.set_xlim(from_s, to_s)
        axes.axvspan(from_s, funnel.opens_s, color=CLOSED, linewidth=0.0, zorder=0)
        axes.axvspan(funnel.closes_s, to_s, color=CLOSED, linewidth=0.0, zorder=0)
        for moment_s in (funnel.opens_s, funnel.closes_s):
            axes.axvline(moment_s, color=INK, linewidth=1.0, zorder=4)
        if funnel.last_selection_s < funnel.closes_s:
            axes.axvline(funnel.last_selection_s, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=4)
    _name_moments(panels[0], run)
    clock_axis(panels[-1], from_s, to_s)


def _name_moments(axes: Axes, run: Run) -> None:
    funnel = run.plan.funnel
    from_s, to_s = day_span(run)
    opens, closes = f"opens {clock_of(funnel.opens_s)}", f"closes {clock_of(funnel.closes_s)}"
    last = f"last selection {clock_of(funnel.last_selection_s)}"
    moments = [(funnel.closes_s, closes, "left")]
    if funnel.last_selection_s == funnel.closes_s:
        moments.append((funnel.opens_s, opens, "left"))
    elif funnel.last_selection_s - funnel.opens_s > _ROOM_FOR_TWO * (to_s - from_s):
        moments += [(funnel.opens_s, opens, "left"), (funnel.last_selection_s, last, "right")]
    else:
        moments.append((funnel.opens_s, f"{opens}, {last}", "left"))
    for moment_s, text, side in moments:
        axes.annotate(
            text,
            xy=(moment_s, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(1.0 if side == "left" else -1.0, 3.0),
            textcoords="offset points",
            ha="left" if side == "left" else "right",
            va="bottom",
            fontsize=7.0,
            color=INK,
        )


def clock_axis(axes: Axes, from_s: float, to_s: float, most_ticks: int = _MOST_TICKS) -> None:
    """Write the time of day along the horizontal axis."""
    step_s = next((step for step in _TICK_STEPS_S if (to_s - from_s) / step <= most_ticks), _TICK_STEPS_S[-1])
    axes.xaxis.set_major_locator(MultipleLocator(step_s))
    axes.xaxis.set_major_formatter(lambda value, _: clock_of(value))
    axes.set_xlabel("time of day (hours and minutes)" + (", over midnight" if to_s > DAY_S else ""))
    for panel in axes.figure.axes:
        panel.tick_params(axis="x", length=3.0, color=MUTED)
