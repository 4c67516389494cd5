"""Labels beside a panel for the lines that run through it, moved apart where they would overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text

from funnelsim.arrays import FloatArray
from funnelsim.plots.style import MUTED

LABEL_PT = 7.0
_OUTSIDE = 1.035  # left edge of the labels, in widths of the panel
_WORTH_SHOWING = 2.5  # a level beyond so many times the data would press the data flat


@dataclass(frozen=True)
class Level:
    """A level to be marked in a panel.

    Attributes
    ----------
    value
        Where, in the units of the axis.
    text
        What it is.
    colour, dashes, width
        Of its line.
    """

    value: float
    text: str
    colour: str = MUTED
    dashes: str | tuple[float, tuple[float, ...]] = ":"
    width: float = 0.9


def draw_levels(axes: Axes, levels: Sequence[Level], top: float) -> list[Annotation]:
    """Draw levels as lines through a panel with labels to its right, and set the panel's vertical range.

    A level far above all data is not drawn to scale: its label stands at the upper edge with an arrow.

    Parameters
    ----------
    axes
        The panel.
    levels
        What to mark.
    top
        What the panel shows in any case: the highest value of the data, or a little where they are all near nothing.

    Returns
    -------
    list of Annotation
        The labels, to be spread once the figure is laid out.
    """
    near = [level.value for level in levels if level.value <= _WORTH_SHOWING * top]
    top = 1.06 * max([top, *near])
    axes.set_ylim(0.0, top)
    labels = []
    for level in sorted(levels, key=lambda level: level.value):
        if level.value <= top:
            axes.axhline(level.value, color=level.colour, linestyle=level.dashes, linewidth=level.width, zorder=3)
        labels.append(_label(axes, level, top))
    return labels


def _label(axes: Axes, level: Level, top: float) -> Annotation:
    """Write a label beside the middle of a panel, where it does not widen the panel's room; it is moved later."""
    leader = {
        "arrowstyle": "-",
        "color": level.colour,
        "linewidth": 0.6,
        "shrinkA": 1.0,
        "shrinkB": 0.0,
        "relpos": (0.0, 0.5),
        "patchA": None,
    }
    inside = level.value <= top
    return axes.annotate(
        level.text if inside else f"↑ {level.text}",
        xy=(1.0, min(level.value, top)),
        xycoords=axes.get_yaxis_transform(),
        xytext=(_OUTSIDE, 0.5),
        textcoords="axes fraction",
        va="center",
        ha="left",
        fontsize=LABEL_PT,
        color=level.colour,
        arrowprops=leader if inside else None,
        annotation_clip=False,
    )


def spread_labels(axes: Axes, labels: Sequence[Annotation]) -> None:
    """Move labels to their levels, apart where they would overlap; the figure must be laid out."""
    if not labels:
        return
    middles = np.array([axes.transData.transform((0.0, label.xy[1]))[1] for label in labels])
    # The text alone counts, not the line that leads to it.
    heights = np.array([Text.get_window_extent(label).height for label in labels]) + 2.0
    placed = spread(middles, heights, axes.bbox.y0, axes.bbox.y1)
    for label, y in zip(labels, placed, strict=True):
        label.set_position((_OUTSIDE, (y - axes.bbox.y0) / axes.bbox.height))


def spread(middles: FloatArray, heights: FloatArray, bottom: float, top: float) -> FloatArray:
    """Return middles near the ones given, in the same order, at which boxes of these heights do not overlap.

    Parameters
    ----------
    middles, heights
        Of the boxes, in ascending order of the middles, shape (boxes,).
    bottom, top
        The boxes stay between these as far as they fit.

    Examples
    --------
    >>> spread(np.array([5.0, 5.0]), np.array([2.0, 2.0]), 0.0, 10.0).tolist()
    [4.0, 6.0]
    """
    # Boxes that touch form a pile, which stands where its members would on average.
    piles: list[list[int]] = []
    places: list[tuple[float, float]] = []
    for box in range(len(middles)):
        pile = [box]
        low, high = _place(pile, middles, heights, bottom, top)
        while places and low < places[-1][1]:
            pile = piles.pop() + pile
            places.pop()
            low, high = _place(pile, middles, heights, bottom, top)
        piles.append(pile)
        places.append((low, high))
    spaced = np.empty(len(middles))
    for pile, (low, _) in zip(piles, places, strict=True):
        spaced[pile] = low + np.cumsum(heights[pile]) - heights[pile] / 2.0
    return spaced


def _place(pile: list[int], middles: FloatArray, heights: FloatArray, bottom: float, top: float) -> tuple[float, float]:
    """Return the lower and upper edge of a pile of boxes."""
    height = float(heights[pile].sum())
    offsets = np.cumsum(heights[pile]) - heights[pile] / 2.0
    low = float((middles[pile] - offsets).mean())
    low = max(bottom, min(low, top - height))
    return low, low + height
