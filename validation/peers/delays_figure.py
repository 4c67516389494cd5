"""The figure of how long each vehicle of an hour is delayed at a bottleneck: funnelsim, UXsim and a point queue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

import funnelsim
from funnelsim.arrays import FloatArray
from funnelsim.plots.footer import Footer
from funnelsim.plots.line_styles import DASHED
from funnelsim.plots.style import CLOSED, DARK, INK, MIDDLE, MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.units import MINUTE_S


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """An hour of vehicles at a bottleneck, as three models have it; shapes (vehicles,).

    Attributes
    ----------
    vph
        Vehicles that come in the hour.
    arrival_s
        When each would pass if nobody were in front of it.
    passed_s, peer_s, point_s
        When it passes by funnelsim, by UXsim, and in a point queue.
    tail_m, peer_tail_m
        Where it meets the queue, in metres upstream of the taper, by funnelsim and by UXsim.
    """

    vph: int
    arrival_s: FloatArray
    passed_s: FloatArray
    peer_s: FloatArray
    point_s: FloatArray
    tail_m: FloatArray
    peer_tail_m: FloatArray


@house_style()
def delays_figure(hours: Sequence[Bottleneck], allowed_s: float, seed: int, peer: str) -> Figure:
    """Draw the delays of all vehicles over their arrivals, and below what UXsim adds to them.

    Parameters
    ----------
    hours
        What is drawn, each with another demand.
    allowed_s
        How far UXsim's passages may be off for its time step.
    seed
        Of the vehicles.
    peer
        UXsim with its version.
    """
    title = "The delay of every vehicle where two lanes become one"
    figure = new_figure(_footer(hours, seed, peer), title, _said(hours, allowed_s), height_in=4.1, key=_key())
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.4, 1.3])
    for hour in hours:
        minute = (hour.arrival_s - hours[0].arrival_s[0]) / MINUTE_S
        _draw_delays(top, hour, minute)
        below.plot(minute, hour.peer_s - hour.passed_s, ".", color=DARK, markersize=1.4)
    below.axhspan(-allowed_s, allowed_s, color=CLOSED, linewidth=0.0)
    below.axhline(0.0, color=MUTED, linewidth=0.8)
    below.set_ylim(-0.35 * allowed_s, 1.15 * allowed_s)
    top.set_ylim(bottom=0.0)
    top.set_xlim(0.0, MINUTE_S * 1.06)
    top.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    top.set_ylabel("delay in the queue, minutes")
    below.set_ylabel("UXsim later by,\nseconds")
    below.set_xlabel("unobstructed arrival at the selection point, minutes after the first vehicle's")
    laid_out(figure)
    return figure


def _draw_delays(axes: Axes, hour: Bottleneck, minute: FloatArray) -> None:
    def delay_min(passed_s: FloatArray) -> FloatArray:
        return np.asarray((passed_s - hour.arrival_s) / MINUTE_S)

    axes.plot(minute, delay_min(hour.passed_s), color=MIDDLE, linewidth=4.0)
    axes.plot(minute, delay_min(hour.point_s), color=INK, linewidth=0.9)
    axes.plot(minute, delay_min(hour.peer_s), color=WARM, linewidth=1.3, linestyle=DASHED)
    last = (float(minute[-1]), float(delay_min(hour.passed_s)[-1]))
    axes.annotate(f"{hour.vph:,}", last, xytext=(4.0, 1.0), textcoords="offset points", va="bottom")


def _said(hours: Sequence[Bottleneck], allowed_s: float) -> str:
    later_s = np.concatenate([hour.peer_s - hour.passed_s for hour in hours])
    apart_s = max(float(np.abs(hour.passed_s - hour.point_s).max()) for hour in hours)
    said = (
        f"{_demands(hours)} vehicles come in an hour. UXsim lets them pass {later_s.mean():.1f} s later than funnelsim "
        f"on average and {np.abs(later_s).max():.1f} s at most; its time steps allow for {allowed_s:.1f} s (shaded)."
    )
    return f"{said} funnelsim and the point queue are " + ("the same." if apart_s == 0.0 else f"{apart_s:.1g} s apart.")


def _demands(hours: Sequence[Bottleneck]) -> str:
    *others, last = [f"{hour.vph:,}" for hour in hours]
    return f"{', '.join(others)} or {last}" if others else last


def _footer(hours: Sequence[Bottleneck], seed: int, peer: str) -> Footer:
    number = f"{sum(len(hour.arrival_s) for hour in hours):,} vehicles"
    parts = (f"seed {seed}", number, f"funnelsim {funnelsim.__version__}", peer)
    return Footer("Two lanes into one, equal headways, nobody selected", parts)


def _key() -> list[Artist]:
    return [
        Line2D([], [], color=MIDDLE, linewidth=4.0, label="funnelsim"),
        Line2D([], [], color=INK, linewidth=0.9, label="point queue"),
        Line2D([], [], color=WARM, linewidth=1.3, linestyle=DASHED, label="UXsim"),
        Patch(color=CLOSED, linewidth=0.0, label="within UXsim's time steps"),
    ]
