"""Labels beside points, put where they cover neither each other nor, if possible, what is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from funnelsim.arrays import FloatArray
from funnelsim.plots.style import INK

_NEAR, _FAR = 6.0, 22.0  # points between a label and its point
_DIRECTIONS = ((1, 0), (1, -1), (1, 1), (0, -1), (0, 1), (-1, 1), (-1, -1), (-1, 0))
_SAMPLES = 25  # of each stretch of a line
_HIT = 3.0  # what covering a drawn spot costs, against a step further away
_ALIGNED = {1: "left", 0: "center", -1: "right"}
_UPRIGHT = {1: "bottom", 0: "center", -1: "top"}


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
    needed
        Whether it is written even where it lies badly; others are left out then.
    most_hits
        How many drawn spots it may cover if it is not needed; 0 also keeps it close to its point.
    """

    x: float
    y: float
    text: str
    colour: str = INK
    bold: bool = False
    needed: bool = False
    most_hits: int = 12


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
        placed = _place(axes, label, spots, taken, size_pt)
        if placed is not None:
            taken.append(Text.get_window_extent(placed).padded(1.0))
            written.append(placed)
    return written


def spots_along(axes: Axes, line: FloatArray) -> FloatArray:
    """Return spots along a line, in dots of the picture."""
    shown: FloatArray = axes.transData.transform(line[np.isfinite(line).all(axis=1)])
    if len(shown) < 2:  # noqa: PLR2004  (no stretch)
        return shown
    steps = np.linspace(0.0, 1.0, _SAMPLES)[:, None]
    return np.concatenate([a + steps * (b - a) for a, b in pairwise(shown)])


def _place(
    axes: Axes, label: PointLabel, spots: FloatArray, taken: Sequence[Bbox], size_pt: float
) -> Annotation | None:
    """Try places around a point and keep the best one."""
    best: tuple[float, Annotation] | None = None
    for distance in (_NEAR, _FAR) if label.most_hits else (_NEAR,):
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
                if distance == _FAR
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
    if best is None:
        return None
    # A label over what is drawn is worse than none, unless it is the answer.
    if best[0] > (_FAR if label.most_hits else _NEAR) + 1.0 + _HIT * label.most_hits and not label.needed:
        best[1].remove()
        return None
    return best[1]


def _inside(axes: Axes, box: Bbox) -> bool:
    room = axes.get_window_extent()
    return bool(box.x0 >= room.x0 and box.x1 <= room.x1 + 2.0 and box.y0 >= room.y0 + 1.0 and box.y1 <= room.y1)
