"""The figure of where targets are lost at a few design points, side by side."""

import textwrap
from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from funnelsim.experiments.point_estimates import estimates_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.choice import chosen_points
from funnelsim.plots.keys import point_words
from funnelsim.plots.style import house_style, in_words_only, laid_out, new_figure, unbroken
from funnelsim.plots.waterfall import LOSSES_IN_WORDS, OF, bars_from, draw_waterfall
from funnelsim.plots.words import with_error

_TITLE = "Where 100 targets are lost, at a few design points"


@house_style()
def waterfalls(sweep: Sweep, points: Sequence[int] | None = None) -> Figure:
    """Draw for some design points how many of 100 targets are lost at each step, and how many are found.

    Parameters
    ----------
    sweep
        The design points.
    points
        At most four of their numbers; left out, the cheapest, the best within the limits, and efficient ones.

    Raises
    ------
    FunnelsimError
        If a point does not exist, or too many are chosen.
    """
    chosen = chosen_points(sweep, points)
    by_row = {row: estimates_of(sweep, row) for row in chosen}
    if not sweep.scenario.targets or not all(found["targets_offered"].mean > 0.0 for found in by_row.values()):
        return in_words_only(sweep, _TITLE, "No target comes down the road, so there is nothing to find or to lose.")
    losses = losses_of(sweep, list(chosen))
    figure = new_figure(sweep, _TITLE, _said(sweep, list(chosen)), height_in=1.1 + 0.4 * (len(losses) + 2))
    panels = figure.subplots(1, len(chosen), sharey=True, squeeze=False)[0]
    for axes, (row, reason) in zip(panels, chosen.items(), strict=True):
        bars = bars_from(by_row[row], losses)
        draw_waterfall(axes, bars, size_pt=7.0)
        axes.set_xlim(0.0, (1.25 + 0.14 * len(chosen)) * OF)
        axes.set_xticks([0.0, 50.0, 100.0])
        axes.set_xlabel("of 100 targets")
        axes.set_title(_heading(sweep, row, reason, len(chosen)), fontsize=7.5)
    panels[0].set_yticks(range(len(losses) + 2), ["offered", *(bar.name for bar in bars)], fontsize=7.5)
    laid_out(figure)
    return figure


def losses_of(sweep: Sweep, rows: Sequence[int]) -> list[str]:
    """Return the losses that happen at any of the points, in the order in which they happen."""
    points = [sweep.points["point"][row] for row in rows]
    most = sweep.replications.filter(pl.col("point").is_in(points))
    found = most.select([pl.col(name).fill_nan(0.0).max() for name in LOSSES_IN_WORDS]).collect()
    return [name for name in LOSSES_IN_WORDS if (found[name][0] or 0.0) > 0.0]


def _heading(sweep: Sweep, row: int, reason: str, panels: int) -> str:
    width = {1: 80, 2: 36, 3: 24}.get(panels, 19)
    return "\n".join([*textwrap.wrap(reason + ":", width), *textwrap.wrap(unbroken(point_words(sweep, row)), width)])


def _said(sweep: Sweep, rows: Sequence[int]) -> str:
    found = [estimates_of(sweep, row)["expected_detections"] for row in rows]
    named = ", ".join(with_error(estimate, digits=2) for estimate in found)
    whiskers = "" if np.isnan(found[0].half_width) else " Whiskers are 95 % confidence intervals."
    return (
        f"Found in an operation, from left to right: {named}. Each bar begins where the one above leaves off.{whiskers}"
    )
