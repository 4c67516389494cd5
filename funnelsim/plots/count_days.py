"""The figure of a count file: the vehicles of each day and hour, what was not counted, and what is doubted."""

import datetime as dt
from typing import Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arrays import FloatArray
from funnelsim.counts.names import LEFT_OUT
from funnelsim.counts.table import Counts, stream_label
from funnelsim.plots.footer import Footer
from funnelsim.plots.line_styles import SHADES
from funnelsim.plots.style import DARK, WARM_LIGHT, house_style, laid_out, new_figure, thousands
from funnelsim.units import DAY_MIN
from funnelsim.wording import counted

_MOST_PLACES: Final = 4
_DOUBTS: Final = 4
_LETTERS: Final = 220
_MOST_LINES_IN: Final = 2.6
_TICKS: Final = 6


@house_style()
def count_days(counts: Counts) -> Figure:
    """Draw the vehicles per hour over the days of a count file, one panel for each stream and channel.

    Parameters
    ----------
    counts
        What `read_counts` returned; of more than four streams and channels the first four are drawn.
    """
    left_out = [kind for kind, target in counts.class_map.items() if target.strip() in LEFT_OUT]
    motor = counts.table.filter(~pl.col("class").is_in(left_out), ~pl.col("partial"))
    places = motor.select("stream", "channel").unique().sort("stream", "channel").rows()
    shown = places[:_MOST_PLACES]
    height_in = sum(_height_in(motor, place, dated=counts.dated) for place in shown)
    figure = new_figure(
        Footer(counts.source, (counts.format,)), "What the file holds", _said(counts, motor, len(places)), height_in
    )
    panels = figure.subplots(max(1, len(shown)), 1, squeeze=False)[:, 0]
    most = max((float(_per_hour(motor, place, counts.minutes)[1].max()) for place in shown), default=1.0)
    for axes, place in zip(panels, shown, strict=False):
        axes.set_title(stream_label(*place))
        if counts.dated:
            _days(axes, motor, place, counts.minutes, most)
        else:
            _one_day(axes, motor, place, counts.minutes)
        axes.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
        axes.set_xlim(0, 24)
    laid_out(figure)
    return figure


def _said(counts: Counts, motor: pl.DataFrame, places: int) -> str:
    more = (
        f" {counted(places - _MOST_PLACES, 'more stream or channel', 'more streams and channels')} not drawn."
        if (places > _MOST_PLACES)
        else ""
    )
    vehicles = f"{motor['vehicles'].sum():,.0f} vehicles"
    first = f"{vehicles}; shades of blue are vehicles per hour, what is orange was not counted.{more}"
    if not counts.dated:
        first = f"{vehicles} of one day, per hour.{more}"
    doubts = [f"• {_short(warning)}" for warning in counts.warnings[:_DOUBTS]]
    if (others := len(counts.warnings) - _DOUBTS) > 0:
        doubts.append(f"• and {counted(others, 'more doubt')}")
    return "\n".join([first, *doubts])


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rsplit(' ', 1)[0]} …"


def _height_in(motor: pl.DataFrame, place: tuple[str, str], *, dated: bool) -> float:
    if not dated:
        return 2.0
    days = _of(motor, place)["date"]
    span = (days.max() - days.min()).days + 1  # type: ignore[operator, union-attr]
    return 0.55 + min(_MOST_LINES_IN, 0.3 + 0.12 * span)


def _of(motor: pl.DataFrame, place: tuple[str, str]) -> pl.DataFrame:
    return motor.filter(pl.col("stream") == place[0], pl.col("channel") == place[1])


def _per_hour(motor: pl.DataFrame, place: tuple[str, str], minutes: int) -> tuple[pl.DataFrame, FloatArray]:
    """Return the starts of the intervals that were counted, and the vehicles per hour in each."""
    sums = _of(motor, place).group_by("date", "start_min").agg(pl.col("vehicles").sum()).sort("date", "start_min")
    return sums, sums["vehicles"].to_numpy() * (60.0 / minutes)


def _days(axes: Axes, motor: pl.DataFrame, place: tuple[str, str], minutes: int, most: float) -> None:
    """Draw a row for each day from the first to the last."""
    sums, per_hour = _per_hour(motor, place, minutes)
    ordinals = np.array([day.toordinal() for day in sums["date"]])
    first, last = int(ordinals.min()), int(ordinals.max())
    cells = np.full((last - first + 1, DAY_MIN // minutes), np.nan)
    cells[ordinals - first, sums["start_min"].to_numpy() // minutes] = per_hour
    axes.set_facecolor(WARM_LIGHT)
    image = axes.imshow(
        np.ma.masked_invalid(cells),
        aspect="auto",
        cmap=SHADES,
        vmin=0.0,
        vmax=most,
        extent=(0.0, 24.0, last - first + 1.0, 0.0),
        interpolation="nearest",
    )
    axes.grid(visible=False)
    step = max(1, -(-(last - first + 1) // _TICKS))
    rows = range(0, last - first + 1, step)
    axes.set_yticks([row + 0.5 for row in rows], [f"{dt.date.fromordinal(first + row):%a %d %b %Y}" for row in rows])
    figure = axes.get_figure()
    if figure is not None:
        bar = figure.colorbar(image, ax=axes, pad=0.01, aspect=12)
        bar.outline.set_visible(False)
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def _one_day(axes: Axes, motor: pl.DataFrame, place: tuple[str, str], minutes: int) -> None:
    """Draw the day of a file without dates."""
    sums, per_hour = _per_hour(motor, place, minutes)
    starts = sums["start_min"].to_numpy() / 60.0
    axes.bar(starts, per_hour, width=minutes / 60.0, align="edge", color=DARK)
    axes.set_ylabel("vehicles per hour")
    thousands(axes)
