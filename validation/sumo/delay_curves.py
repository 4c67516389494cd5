"""The figure of the delay against the time of arrival, in SUMO and in funnelsim, a panel for each demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

import funnelsim
from funnelsim.arrays import FloatArray
from funnelsim.plots.footer import Footer
from funnelsim.plots.line_styles import DASHED, SOLID, LineStyle
from funnelsim.plots.style import DARK, MIDDLE, house_style, laid_out, new_figure, thousands
from funnelsim.units import HOUR_S, MINUTE_S

BIN_S = 240.0
PANEL_IN = 2.1
LOOKS = {"Krauss": LineStyle(DARK, "o", SOLID), "IDM": LineStyle(MIDDLE, "s", DASHED)}


@dataclass(frozen=True, eq=False)
class Curve:
    """The delay of the vehicles of one demand and car-following model.

    Attributes
    ----------
    arrives_s
        When each came, shape (vehicles,).
    sumo_s, ours_s
        Its delay in SUMO and in funnelsim, in the same shape.
    """

    arrives_s: FloatArray
    sumo_s: FloatArray
    ours_s: FloatArray


@house_style()
def delay_curves(curves: Mapping[tuple[int, str], Curve], calibrated_vph: int, said: str) -> Figure:
    """Draw the mean delay of those who arrive in the same minutes.

    Parameters
    ----------
    curves
        By demand and car-following model.
    calibrated_vph
        The demand with which funnelsim was calibrated.
    said
        What the figure says.
    """
    demands = list(dict.fromkeys(demand for demand, _ in curves))
    models = list(dict.fromkeys(model for _, model in curves))
    foot = Footer(
        "Validation: two lanes into one, as in SUMO",
        ("means over those who arrive in the same four minutes of three hours", f"funnelsim {funnelsim.__version__}"),
    )
    figure = new_figure(foot, "Delay by time of arrival", said, 2 * PANEL_IN, _key(models))
    for axes, demand in zip(figure.subplots(2, 2, sharex=True).flatten(), demands, strict=True):
        for model in models:
            curve, look = curves[demand, model], LOOKS[model]
            middle_min, sumo_s, ours_s = _binned(curve)
            axes.plot(middle_min, sumo_s, color=look.colour, marker=look.mark, markersize=3.2, linestyle="none")
            axes.plot(middle_min, ours_s, color=look.colour, linestyle=look.dashes, linewidth=1.3)
        axes.set_title(f"{demand:,} vehicles/h, {'calibrated' if demand == calibrated_vph else 'predicted'}")
        axes.set_ylim(0.0, 1.25 * axes.get_ylim()[1] if demand < calibrated_vph else None)
        thousands(axes)
        axes.set_ylabel("delay (s)")
        axes.xaxis.set_major_locator(MultipleLocator(15.0))
        axes.set_xlim(0.0, HOUR_S / MINUTE_S)
        if axes.get_subplotspec().is_last_row():
            axes.set_xlabel("time of arrival (min)")
    laid_out(figure)
    return figure


def _key(models: Sequence[str]) -> list[Line2D]:
    key = []
    for model in models:
        look = LOOKS[model]
        dots = Line2D([], [], color=look.colour, marker=look.mark, markersize=3.2, linestyle="none")
        line = Line2D([], [], color=look.colour, linestyle=look.dashes, linewidth=1.3)
        dots.set_label(f"SUMO, {model} model")
        line.set_label(f"funnelsim for {model}")
        key += [dots, line]
    return key


def _binned(curve: Curve) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the middles of the bins in minutes, and the mean delays in them."""
    edges = np.arange(0.0, HOUR_S + 1.0, BIN_S)
    here = np.searchsorted(edges, curve.arrives_s, side="right") - 1
    count = np.bincount(here)
    sums = [np.bincount(here, weights=delay) / count for delay in (curve.sumo_s, curve.ours_s)]
    return (edges[:-1] + BIN_S / 2) / MINUTE_S, sums[0], sums[1]
