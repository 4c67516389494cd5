"""What panels over the day share: the time axis, the windows of operation, bands over replications."""

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

from funnelsim.analysis.series import STEP_S
from funnelsim.arrays import FloatArray
from funnelsim.experiments.run import Run
from funnelsim.model.plan import Plan
from funnelsim.plots.formatting import operations
from funnelsim.plots.style import CLOSED, DARK, INK, LIGHT, MIDDLE, MUTED
from funnelsim.scenario.key import clock_of
from funnelsim.units import DAY_S, MINUTE_S

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
_TICK_STEPS_S = (
    *(MINUTE_S * step_min for step_min in (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)),
    *(DAY_S * step_days for step_days in (1, 2, 7)),
)
_MOST_TICKS = 10
_ROOM_FOR_TWO = 0.4  # of the width of a panel, for two labels beside each other
_ROOM_FOR_WINDOW = 0.14
_FEW_MOMENTS = 4  # more lines across the panels are thin
_LETTERS_BELOW = 100


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
    gaps = np.isnan(values)
    whole, part = ~gaps.any(axis=0), gaps.any(axis=0) & ~gaps.all(axis=0)
    quantiles = np.full((len(shares), values.shape[1]), np.nan)
    quantiles[:, whole] = np.quantile(values[:, whole], shares, axis=0)  # all at once; bins with gaps go one by one
    quantiles[:, part] = np.nanquantile(values[:, part], shares, axis=0)
    return quantiles


def with_gaps(times: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return times and values with a missing one in between wherever the series leaves out a stretch of time.

    Parameters
    ----------
    times
        Middles of bins, shape (bins,).
    values
        Shape (rows, bins).

    Examples
    --------
    >>> with_gaps(np.array([60.0, 180.0, 7260.0]), np.array([[1.0, 2.0, 3.0]]))[1].tolist()
    [[1.0, 2.0, nan, 3.0]]
    """
    after = np.flatnonzero(np.diff(times) > 1.5 * STEP_S) + 1
    return np.insert(times, after, np.nan), np.insert(values, after, np.nan, axis=1)


def band_table(run: Run, values: FloatArray, unit: str) -> pl.DataFrame:
    """Return by time the values that 5 to 95 % of the operations stay below: `time_s`, `p5_UNIT` to `p95_UNIT`."""
    columns = {f"p{100.0 * share:.0f}_{unit}": row for share, row in zip(BANDS, day_quantiles(values), strict=True)}
    return pl.DataFrame({"time_s": bin_middles(run), **columns}).with_columns(pl.col(pl.Float64).fill_nan(None))


def draw_bands(axes: Axes, run: Run, table: pl.DataFrame) -> float:
    """Draw a `band_table`, the median over replications and the bands around it; return the highest value."""
    rows = table.drop("time_s").fill_null(np.nan).to_numpy().T
    times, (lowest, lower, median, upper, highest) = with_gaps(table["time_s"].to_numpy(), rows)
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
    """Give panels one above the other a time axis and mark in them when the funnel operates."""
    plan = run.plan
    from_s, to_s = day_span(run)
    for axes in panels:
        axes.set_xlim(from_s, to_s)
        mark_windows(axes, plan, from_s, to_s)
    last_selection_s, closes_s = plan.funnel.last_selection_s[0], plan.funnel.closes_s[0]
    clock_axis(panels[-1], from_s, to_s, days=several_days(plan))
    if len(plan.windows_s) > 1:
        _name_windows(panels, run)
        return
    if last_selection_s < closes_s:
        for axes in panels:
            axes.axvline(last_selection_s, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=4)
    _name_moments(panels[0], run)


def mark_windows(axes: Axes, plan: Plan, from_s: float, to_s: float) -> None:
    """Shade when the funnel does not operate, and mark each opening and closing."""
    moments = [moment for window in plan.windows_s for moment in window]
    edges = [from_s, *moments, to_s]
    for closed_s, opened_s in zip(edges[::2], edges[1::2], strict=True):
        axes.axvspan(closed_s, opened_s, color=CLOSED, linewidth=0.0, zorder=0)
    for moment_s in dict.fromkeys(moments):
        axes.axvline(moment_s, color=INK, linewidth=1.0 if len(moments) <= _FEW_MOMENTS else 0.5, zorder=4)


def several_days(plan: Plan) -> bool:
    """Tell whether the funnel opens on more days than one, so that a time of day needs its day."""
    return bool(plan.funnel.opens_s[-1] >= DAY_S)


def moment_words(plan: Plan, time_s: float) -> str:
    """Return a moment as a time of day, with the day where there are several."""
    day = f" of day {int(time_s // DAY_S) + 1}" if several_days(plan) else ""
    return clock_of(time_s) + day


def _name_windows(panels: Sequence[Axes], run: Run) -> None:
    """Write above each window from when to when it lasts; below the panels where there is no room for all."""
    windows = run.plan.windows_s
    words = [f"{clock_of(opens_s)}\N{EN DASH}{clock_of(closes_s)}" for opens_s, closes_s in windows]
    if not room_above(run):
        label = f"{panels[-1].get_xlabel()}; the funnel operates {', '.join(dict.fromkeys(words))}"
        panels[-1].set_xlabel(textwrap.fill(label, _LETTERS_BELOW))
        return
    for (opens_s, closes_s), text in zip(windows, words, strict=True):
        _write_above(panels[0], (opens_s + closes_s) / 2.0, text, "center")


def room_above(run: Run) -> bool:
    """Tell whether the times of all windows can be written above the panels, beside each other."""
    from_s, to_s = day_span(run)
    windows = run.plan.windows_s
    middles = [(opens_s + closes_s) / 2.0 for opens_s, closes_s in windows]
    # Half of a label lies on either side of its middle, so an end is as near as a label twice as far away.
    near_s = min(later - middle for middle, later in pairwise([2.0 * from_s - middles[0], *middles]))
    return len(windows) == 1 or min(near_s, 2.0 * (to_s - middles[-1])) >= _ROOM_FOR_WINDOW * (to_s - from_s)


def _name_moments(axes: Axes, run: Run) -> None:
    [opens_s], [last_s], [closes_s] = (
        moments.tolist()
        for moments in (run.plan.funnel.opens_s, run.plan.funnel.last_selection_s, run.plan.funnel.closes_s)
    )
    from_s, to_s = day_span(run)
    opens, last = f"opens {clock_of(opens_s)}", f"last selection {clock_of(last_s)}"
    _write_above(axes, closes_s, f"closes {clock_of(closes_s)}", "left")
    if last_s == closes_s:
        _write_above(axes, opens_s, opens, "left")
    elif last_s - opens_s > _ROOM_FOR_TWO * (to_s - from_s):
        _write_above(axes, opens_s, opens, "left")
        _write_above(axes, last_s, last, "right")
    else:
        _write_above(axes, opens_s, f"{opens}, {last}", "left")


def _write_above(axes: Axes, moment_s: float, text: str, end: Literal["left", "center", "right"]) -> None:
    """Write something above a panel, with its left or right end or its middle at a moment."""
    axes.annotate(
        text,
        xy=(moment_s, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=({"left": 1.0, "center": 0.0, "right": -1.0}[end], 3.0),
        textcoords="offset points",
        ha=end,
        va="bottom",
        fontsize=7.0,
        color=INK,
    )


def clock_axis(axes: Axes, from_s: float, to_s: float, most_ticks: int = _MOST_TICKS, *, days: bool = False) -> None:
    """Write the time of day along the horizontal axis, where there are several days the first mark of each names it."""
    step_s = next((step for step in _TICK_STEPS_S if (to_s - from_s) / step <= most_ticks), _TICK_STEPS_S[-1])

    def text(value: float, _: float | None) -> str:
        day = int(value // DAY_S) + 1
        if step_s >= DAY_S:
            return f"day {day}"
        first = value - step_s < from_s or int((value - step_s) // DAY_S) + 1 < day
        return f"{clock_of(value)}\nday {day}" if days and first else clock_of(value)

    axes.xaxis.set_major_locator(MultipleLocator(step_s))
    axes.xaxis.set_major_formatter(text)
    over_midnight = to_s > DAY_S and not days
    axes.set_xlabel("time of day (hours and minutes)" + (", over midnight" if over_midnight else ""))
    for panel in axes.figure.axes:
        panel.tick_params(axis="x", length=3.0, color=MUTED)
