"""Where labels stand: beside a panel for the lines that run through it, and beside points, never on each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from funnelsim.arrays import FloatArray
from funnelsim.plots.style import INK, MUTED

LABEL_PT = 7.0
_OUTSIDE = 1.035  # left edge of the labels, in widths of the panel
_WORTH_SHOWING = 2.5  # a level beyond so many times the data would press the data flat
_NEAR = 6.0  # points between a label and its point
_DISTANCES = (_NEAR, 22.0, 40.0, 60.0, 85.0)
_DIRECTIONS = ((1, 0), (1, -1), (1, 1), (0, -1), (0, 1), (-1, 1), (-1, -1), (-1, 0))
_MARK = 5.0  # half the width of a mark, in dots
_APART, _MOST_SAMPLES = 3.0, 2000  # dots between samples of a line, and samples of a stretch
_HIT = 3.0  # what covering a drawn spot costs, against a step further away
_ALIGNED = {1: "left", 0: "center", -1: "right"}
_UPRIGHT = {1: "bottom", 0: "center", -1: "top"}


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
    dashes: Literal["-", ":"] | tuple[float, tuple[float, ...]] = ":"
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


@dataclass(frozen=True)
class PointLabel:
    """A label for a point.

    Attributes
    ----------
    x, y
        The point, in the units of the axes.
    text
        What to write.
    colour, bold
        How.
    """

    x: float
    y: float
    text: str
    colour: str = INK
    bold: bool = False


def write_labels(
    axes: Axes, labels: Sequence[PointLabel], drawn: Sequence[FloatArray], size_pt: float = 7.0
) -> list[Annotation]:
    """Write labels beside their points, the first ones first; the figure must be laid out.

    Parameters
    ----------
    axes
        The panel.
    labels
        What to write.
    drawn
        Lines that should stay visible, each of shape (points, 2) in the units of the axes.

    Returns
    -------
    list of Annotation
        The labels that were written.
    """
    spots = np.concatenate([np.empty((0, 2)), *(spots_along(axes, line) for line in drawn)])
    taken = [Text.get_window_extent(text) for text in axes.texts]
    written = []
    for label in labels:
        placed = _best_place(axes, label, spots, taken, size_pt)
        if placed is not None:
            taken.append(Text.get_window_extent(placed).padded(1.0))
            written.append(placed)
    return written


def outlines_of(axes: Axes, points: FloatArray) -> list[FloatArray]:
    """Return the outlines of marks at points, shape (points, 2), as lines that labels avoid."""
    middles = axes.transData.transform(points[np.isfinite(points).all(axis=1)])
    corners = _MARK * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
    return [axes.transData.inverted().transform(middle + corners) for middle in middles]


def spots_along(axes: Axes, line: FloatArray) -> FloatArray:
    """Return spots along a line, in dots of the picture."""
    shown: FloatArray = axes.transData.transform(line[np.isfinite(line).all(axis=1)])
    if len(shown) < 2:  # noqa: PLR2004  (no stretch)
        return shown
    return np.concatenate([_samples(a, b) for a, b in pairwise(shown)])


def _samples(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return spots on a stretch of a line that are equally far apart."""
    number = 2 + min(_MOST_SAMPLES, int(np.hypot(*(end - start)) / _APART))
    samples: FloatArray = start + np.linspace(0.0, 1.0, number)[:, None] * (end - start)
    return samples


def _best_place(
    axes: Axes, label: PointLabel, spots: FloatArray, taken: Sequence[Bbox], size_pt: float
) -> Annotation | None:
    """Try places around a point and keep the best one."""
    best: tuple[float, Annotation] | None = None
    for distance in _DISTANCES:
        for order, (right, up) in enumerate(_DIRECTIONS):
            tried = axes.annotate(
                label.text,
                (label.x, label.y),
                xytext=(right * distance * (0.8 if up else 1.0), up * distance),
                textcoords="offset points",
                ha=_ALIGNED[right],
                va=_UPRIGHT[up],
                fontsize=size_pt,
                color=label.colour,
                fontweight="bold" if label.bold else "normal",
                annotation_clip=False,
                zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.75},
                arrowprops={"arrowstyle": "-", "color": label.colour, "linewidth": 0.6, "shrinkA": 0.5, "shrinkB": 4.0}
                if distance > _NEAR
                else None,
            )
            tried.get_window_extent()  # moves the text to its place
            box = Text.get_window_extent(tried)
            if not _inside(axes, box) or any(box.padded(1.0).overlaps(other) for other in taken):
                tried.remove()
                continue
            low, high = box.padded(1.0).get_points()
            hits = int(((spots >= low) & (spots <= high)).all(axis=1).sum())
            cost = _HIT * hits + distance + 0.1 * order
            if best is not None and cost >= best[0]:
                tried.remove()
                continue
            if best is not None:
                best[1].remove()
            best = cost, tried
    return None if best is None else best[1]


def _inside(axes: Axes, box: Bbox) -> bool:
    room = axes.get_window_extent()
    return bool(box.x0 >= room.x0 and box.x1 <= room.x1 + 2.0 and box.y0 >= room.y0 + 1.0 and box.y1 <= room.y1)
