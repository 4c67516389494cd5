"""The region beyond a limit: a dashed line, hatching beyond it, and how it is named."""

from collections.abc import Sequence
from itertools import product
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.limits import Limit
from funnelsim.arrays import FloatArray
from funnelsim.plots.label_placement import spots_along
from funnelsim.plots.style import WARM
from funnelsim.wording import share_text

DASHED: tuple[float, tuple[float, ...]] = (0.0, (6.0, 2.5))


def limit_words(measure: str, value: float) -> str:
    """Return a limit in words.

    Examples
    --------
    >>> limit_words("tail_max_m", 1800.0), limit_words("delay_p95_s", 150.0)
    ('limit 1,800 metres', 'limit 2.5 minutes')
    """
    unit = measure_named(measure).unit
    shown = value * unit.factor
    number = f"{shown:,.4g}" if shown < 1000.0 else f"{shown:,.0f}"  # noqa: PLR2004
    return f"limit {number} {unit.word[:-1] if number == '1' else unit.word}"


def limit_sentence(measure: str, value: float | None) -> str:
    """Return a limit as part of a sentence.

    Examples
    --------
    >>> limit_sentence("tail_max_m", 1800.0), limit_sentence("delay_p95_s", 150.0)
    ('queue at most 1,800 metres', '95 % delayed by at most 2.5 minutes')
    """
    what = "95 % delayed by" if measure == "delay_p95_s" else "queue"
    return f"{what} at most " + ("the varied limit" if value is None else limit_words(measure, value)[len("limit ") :])


def limits_sentence(limits: Sequence[Limit]) -> str:
    """Return all limits as part of a sentence, with the share of operations that must keep them."""
    wanted = {limit.wanted.min() for limit in limits} | {limit.wanted.max() for limit in limits}
    often = share_text(wanted.pop()) if len(wanted) == 1 else "the varied share"
    named = ", ".join(limit_sentence(limit.measure, limit.single) for limit in limits)
    return f"{named}; in {often} of operations"


def shade_beyond(axes: Axes, along: Literal["x", "y"], value: float) -> None:
    """Mark a limit at `value` of an axis, in the units drawn, and hatch what lies beyond; the axes stay as they are."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    if along == "y":
        axes.axhline(value, color=WARM, linewidth=1.3, linestyle=DASHED, zorder=2)
        corner, width, height = (left, max(value, bottom)), right - left, top - max(value, bottom)
    else:
        axes.axvline(value, color=WARM, linewidth=1.3, linestyle=DASHED, zorder=2)
        corner, width, height = (max(value, left), bottom), right - max(value, left), top - bottom
    if width > 0.0 and height > 0.0:
        region = Rectangle(corner, width, height, facecolor="none", edgecolor=WARM, hatch="///", zorder=0)
        region.set(alpha=0.3, linewidth=0.0)
        axes.add_patch(region)
    axes.set(xlim=(left, right), ylim=(bottom, top))


def name_limit(axes: Axes, text: str, value: float, drawn: Sequence[FloatArray]) -> Annotation:
    """Write a limit on its line, or in a corner, where the least is drawn; the figure must be laid out.

    Parameters
    ----------
    axes
        The panel.
    text
        What to write.
    value
        The limit, in the units of the vertical axis.
    drawn
        Lines that should stay visible, each of shape (points, 2) in the units of the axes.
    """
    spots = np.concatenate([np.empty((0, 2)), *(spots_along(axes, line) for line in drawn)])
    best: tuple[int, Annotation] | None = None
    on_line = [(at, value, up) for at, up in product((0.0, 1.0, 0.5), (1, -1))]
    # Where marks crowd around the line, its name stands in a corner of the panel.
    for at, height, up in [*on_line, (1.0, axes.get_ylim()[1], -1), (0.0, axes.get_ylim()[1], -1)]:
        tried = axes.annotate(
            text,
            (at, height),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4.0 - 8.0 * at, 2.5 * up),
            textcoords="offset points",
            ha={0.0: "left", 0.5: "center", 1.0: "right"}[at],
            va="bottom" if up > 0 else "top",
            color=WARM,
            fontsize=7.5,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
        box = tried.get_window_extent()
        hits = int(((spots >= box.min) & (spots <= box.max)).all(axis=1).sum())
        hits += 1000 * (box.y0 < axes.bbox.y0 or box.y1 > axes.bbox.y1)
        if best is None or hits < best[0]:
            if best is not None:
                best[1].remove()
            best = hits, tried
        else:
            tried.remove()
    assert best is not None  # noqa: S101  (there are places)
    return best[1]
