"""The figure of a chapter whose lines have chance in them: how far each is from what should come out."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import funnelsim
from funnelsim.plots.footer import Footer
from funnelsim.plots.style import DARK, MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.validation.comparison import Comparison

LINE_IN, MORE_IN = 0.17, 0.1  # of a label, and for each further line of it
FRAME_IN = 0.45
LABEL_LETTERS = 62


@house_style()
def deviations(title: str, lines: Sequence[Comparison]) -> Figure:
    """Draw the deviation of each line from what is expected, in per cent of it, with its 95 % half-width.

    Parameters
    ----------
    title
        Of the chapter.
    lines
        Those with a half-width, and with an expected value other than zero.
    """
    off = np.array([100.0 * (line.simulated / line.expected - 1.0) for line in lines])
    half = np.array([100.0 * (line.half_width or 0.0) / abs(line.expected) for line in lines])
    outside = int((np.abs(off) > half).sum())
    missing = f"{outside} of {len(lines)} intervals" if outside else "None of the intervals"
    said = (
        "Deviation of the simulated from the expected value, with the 95 % interval. "
        f"{missing} {'miss' if outside > 1 else 'misses'} zero; by chance alone one in twenty would. "
        "Lines share their dice, so neighbours stray together."
    )
    key = [
        Line2D([], [], color=DARK, marker="o", markersize=3.5, linewidth=1.2, label="agrees"),
        Line2D([], [], color=WARM, marker="s", markersize=3.5, linewidth=1.2, label="differs"),
    ]
    foot = Footer(f"Validation: {title}", ("each line is a scenario of its own", f"funnelsim {funnelsim.__version__}"))
    labels = [textwrap.fill(line.case, LABEL_LETTERS) for line in lines]
    height_in = FRAME_IN + (LINE_IN + MORE_IN * max(label.count("\n") for label in labels)) * len(lines)
    figure = new_figure(foot, title, said, height_in, key if any(not line.agrees for line in lines) else ())
    axes = figure.subplots()
    places = np.arange(len(lines))[::-1]
    for place, value, width, line in zip(places, off, half, lines, strict=True):
        colour, marker = (DARK, "o") if line.agrees else (WARM, "s")
        axes.errorbar(value, place, xerr=width, color=colour, marker=marker, markersize=3.5, linewidth=1.2, capsize=1.5)
    axes.axvline(0.0, color=MUTED, linewidth=0.8)
    axes.set_yticks(places, labels, fontsize=6.5, linespacing=1.0)
    axes.set_ylim(-0.7, len(lines) - 0.3)
    reach = 1.1 * float(np.max(np.abs(off) + half))
    axes.set_xlim(-reach, reach)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("deviation (%)")
    laid_out(figure)
    return figure
