"""The figures of where targets are lost on the way to being found: of one run, and of a few design points."""

import itertools
import math
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.highlights import MOST_HIGHLIGHTS, highlighted_points
from funnelsim.experiments.point_estimates import estimates_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import capitalised, fixed, places_of, wrapped
from funnelsim.plots.style import (
    INK,
    MUTED,
    STRONG,
    WARM_LIGHT,
    house_style,
    in_words_only,
    laid_out,
    new_figure,
)
from funnelsim.plots.varied_keys import told_apart

OF = 100.0
SMALL = 0.05  # of 100 targets
_THICK = 0.62
_OUTLINED: dict[str, Any] = {"height": _THICK, "edgecolor": INK, "linewidth": 0.7}
_TITLE_OF_SEVERAL = "Where 100 targets are lost, at a few points"
_TITLE = "How many of 100 targets are found, and where the others are lost"

LOSSES = (
    "loss_evaded",
    "loss_exit",
    "loss_not_selected",
    "loss_suspended",
    "loss_unstaffed",
    "loss_area_full",
    "loss_missed",
)
"""In the order in which they happen."""

_LETTERS_OF_A_NAME = 24
_MOST_A_ROW = 3
_HEADING_IN = 5.0  # of all panels side by side


@dataclass(frozen=True)
class Bar:
    """One bar of the waterfall, in targets of 100 offered."""

    name: str
    from_: float
    to: float
    share: Estimate


@house_style()
def waterfall(run: Run) -> Figure:
    """Draw of 100 targets offered how many are lost at each step, and how many are found.

    Parameters
    ----------
    run
        The replications of one scenario.
    """
    if not run.scenario.targets:
        return in_words_only(run, _TITLE, "The scenario names no targets, so there is nothing to find or to lose.")
    if not run.estimates["targets_offered"].mean > 0.0:
        return in_words_only(run, _TITLE, "No vehicle of this scenario can be a target, so there is nothing to find.")
    bars = bars_of(run)
    figure = new_figure(run, _TITLE, _said(run), height_in=0.55 + 0.42 * (len(bars) + 1))
    axes = figure.subplots()
    draw_waterfall(axes, bars)
    axes.set_yticks(range(len(bars) + 1), ["on the road", *(bar.name for bar in bars)], fontsize=8.5)
    axes.set_xlim(0.0, 1.17 * OF)
    axes.set_xticks(np.arange(0.0, OF + 1.0, 10.0))
    axes.set_xlabel("targets, of 100 that come down the road during the operation")
    laid_out(figure)
    return figure


def bars_of(run: Run) -> list[Bar]:
    """Return the losses in the order in which they happen, without those that never do, and last what is found."""
    happen = [name for name in LOSSES if np.nan_to_num(run.replications[name].to_numpy()).any()]
    return bars_from(run.estimates, happen)


def bars_from(estimates: Mapping[str, Estimate], losses: Sequence[str]) -> list[Bar]:
    """Return the bars of the losses named, which stand in the order in which they happen, and last what is found."""
    bars = []
    left = OF
    for name in losses:
        share = estimates[name]
        bars.append(Bar(loss_label(name), left - OF * share.mean, left, share))
        left -= OF * share.mean
    found = estimates["share_found"]
    return [*bars, Bar("found", 0.0, OF * found.mean, found)]


def loss_label(measure: str) -> str:
    """Return what a loss is called beside its bar."""
    return textwrap.fill(measure_named(measure).label, _LETTERS_OF_A_NAME)


def waterfall_table(run: Run) -> pl.DataFrame:
    """Return what the figure draws: a row a bar, in targets of 100."""
    if not run.scenario.targets or not run.estimates["targets_offered"].mean > 0.0:
        return _bar_table([])
    return _bar_table(bars_of(run))


_PERCENT = ("from_percent", "to_percent", "share_percent", "low_percent", "high_percent")


def _bar_table(bars: Sequence[Bar]) -> pl.DataFrame:
    """Return bars as rows: `step`, from and to where, its share with the ends of its interval."""
    rows = []
    for bar in bars:
        share = bar.share.times(OF)
        rows.append((" ".join(bar.name.split()), bar.from_, bar.to, share.mean, share.low, share.high))
    columns = {"step": pl.String, **dict.fromkeys(_PERCENT, pl.Float64)}
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _said(run: Run) -> str:
    offered = estimate_text(run.estimates["targets_offered"])
    found = estimate_text(run.estimates["expected_detections"])
    whiskers = "; whiskers are 95 % confidence intervals" if len(run.replications) > 1 else ""
    brought = " Targets that chase cars bring back count as inspected." if run.plan.pursuit else ""
    return (
        f"On average, {offered} targets come down the road in an operation and {found} are found.{brought} "
        f"Each bar starts where the one above ends{whiskers}."
    )


def draw_waterfall(axes: Axes, bars: Sequence[Bar], size_pt: float = 8.0) -> None:
    """Draw what is offered, the losses one below the other, and what is found, each with its share beside it."""
    axes.barh(0, OF, color=MUTED, height=_THICK)
    _write(axes, (OF, 0), f"{OF:.0f}", size_pt, "bold")
    *losses, found = bars
    # Of a small half-width a tenth would be a multiple.
    decimals = 2 if OF * found.share.half_width < SMALL else 1
    for row, bar in enumerate(losses, start=1):
        axes.barh(row, bar.to - bar.from_, left=bar.from_, color=WARM_LIGHT, hatch="////", **_OUTLINED)
        axes.plot([bar.from_] * 2, [row + _THICK / 2, row + 1 - _THICK / 2], color=MUTED, linewidth=0.9)
        _write_share(axes, row, bar, bar.from_, size_pt, decimals)
    axes.barh(len(bars), found.to, color=STRONG, **_OUTLINED)
    _write_share(axes, len(bars), found, found.to, size_pt, decimals, fontweight="bold")
    axes.set_ylim(len(bars) + 0.55, -0.55)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)


def _write_share(
    axes: Axes, row: int, bar: Bar, moving: float, size_pt: float, decimals: int, fontweight: str = "normal"
) -> None:
    """Write a bar's share beside it, with its error as a whisker at the end that moves with it."""
    share, reach = bar.share.times(OF), bar.to
    if math.isfinite(share.half_width):
        below, above = share.sides
        if moving == bar.from_:  # where a loss grows, its bar grows to the left
            below, above = above, below
        axes.errorbar(moving, row, xerr=[[below], [above]], color=INK, capsize=3.0, linewidth=1.1, capthick=1.1)
        reach = min(max(reach, moving + above), OF)  # a share has no more room
    _write(axes, (reach, row), fixed(bar.share, OF, decimals), size_pt, fontweight)


def _write(axes: Axes, end: tuple[float, float], text: str, size_pt: float, fontweight: str) -> None:
    """Write something to the right of the end of a bar."""
    axes.annotate(
        text,
        end,
        xytext=(4.0, 0.0),
        textcoords="offset points",
        va="center",
        fontweight=fontweight,
        fontsize=size_pt,
    )


@house_style()
def waterfalls(sweep: Sweep, points: Sequence[int] | None = None) -> Figure:
    """Draw for some design points how many of 100 targets are lost at each step, and how many are found.

    Parameters
    ----------
    sweep
        The design points.
    points
        At most four of their numbers; by default the cheapest, the best within the limits, and efficient ones.

    Raises
    ------
    FunnelsimError
        If a point does not exist, or too many are chosen.
    """
    chosen = highlighted_points(sweep, points)
    by_row = {row: estimates_of(sweep, row) for row in chosen}
    if not sweep.scenario.targets or not all(found["targets_offered"].mean > 0.0 for found in by_row.values()):
        return in_words_only(
            sweep, _TITLE_OF_SEVERAL, "No target comes down the road, so there is nothing to find or to lose."
        )
    losses = losses_of(sweep, list(chosen))
    said = _points_said(sweep, chosen)
    return _side_by_side(sweep, _TITLE_OF_SEVERAL, said, list(chosen.values()), list(by_row.values()), losses)


def _side_by_side(
    shown: Sweep | Comparison,
    title: str,
    said: str,
    heads: Sequence[str],
    estimates: Sequence[Mapping[str, Estimate]],
    losses: Sequence[str],
) -> Figure:
    """Draw a waterfall for each plan, in rows of panels with their heads."""
    rows = math.ceil(len(heads) / _MOST_A_ROW)
    columns = math.ceil(len(heads) / rows)
    height_in = rows * (0.7 + (0.4 if rows == 1 else 0.3) * (len(losses) + 2))
    figure = new_figure(shown, title, said, height_in)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flatten().tolist()
    for spare in panels[len(heads) :]:
        spare.set_axis_off()
    for axes, head, found in zip(panels, heads, estimates, strict=False):
        bars = bars_from(found, losses)
        draw_waterfall(axes, bars, size_pt=7.0)
        axes.set_xlim(0.0, (1.25 + 0.22 * columns) * OF)
        axes.set_xticks([0.0, 50.0, 100.0])
        axes.set_title("\n".join(wrapped(head, _HEADING_IN / columns, 8.0)), fontsize=7.5)
    for axes in panels[-columns:]:
        axes.set_xlabel("of 100 targets")
    panels[0].set_yticks(range(len(losses) + 2), ["on the road", *(bar.name for bar in bars)], fontsize=7.5)
    laid_out(figure)
    return figure


def waterfalls_table(sweep: Sweep, points: Sequence[int] | None = None) -> pl.DataFrame:
    """Return what the figure draws: a row a point and bar, in targets of 100."""
    chosen = highlighted_points(sweep, points)
    losses = losses_of(sweep, list(chosen))
    parts = []
    for row, reason in chosen.items():
        name = (pl.lit(sweep.points["point"][row]).alias("point"), pl.lit(reason).alias("why"))
        parts.append(_bar_table(bars_from(estimates_of(sweep, row), losses)).select(*name, pl.all()))
    return pl.concat(parts)


def losses_of(sweep: Sweep, rows: Sequence[int]) -> list[str]:
    """Return the losses that happen at any of the points, in the order in which they happen."""
    points = [sweep.points["point"][row] for row in rows]
    most = sweep.replications.filter(pl.col("point").is_in(points))
    found = most.select([pl.col(name).fill_nan(0.0).max() for name in LOSSES]).collect()
    return [name for name in LOSSES if (found[name][0] or 0.0) > 0.0]


def _points_said(sweep: Sweep, chosen: Mapping[int, str]) -> str:
    """Return a line for each point: why it is shown, what it is, what it finds; and what all have in common."""
    names, same = told_apart(sweep, list(chosen))
    lines = []
    for row, reason in chosen.items():
        found = fixed(estimates_of(sweep, row)["expected_detections"], 1.0, _places(sweep, list(chosen)))
        lines.append(f"{capitalised(reason)}: {names[row]}. It finds {found} in an operation.")
    rest = f"All: {same}. " if same else ""
    return "\n".join([*lines, f"{rest}Each bar starts where the one above ends.{_whiskers(sweep, chosen)}"])


def _whiskers(sweep: Sweep, rows: Collection[int]) -> str:
    halves = [estimates_of(sweep, row)["expected_detections"].half_width for row in rows]
    return "" if any(np.isnan(halves)) else " Whiskers are 95 % confidence intervals."


def _places(sweep: Sweep, rows: Collection[int]) -> int:
    """Return to how many decimals all finds are written, so that the smallest has two places that count."""
    means = [estimates_of(sweep, row)["expected_detections"].mean for row in rows]
    return places_of(min((mean for mean in means if mean > 0.0), default=1.0))


@house_style()
def waterfalls_of_plans(comparison: Comparison) -> Figure:
    """Draw for each plan of a comparison how many of 100 targets are lost at each step, and how many are found.

    Parameters
    ----------
    comparison
        Plans side by side; the first four are drawn.
    """
    plans, losses = _plans_and_losses(comparison)
    title = "Where 100 targets are lost, plan by plan"
    if not all(found["targets_offered"].mean > 0.0 for found in plans.values()):
        return in_words_only(
            comparison, title, "No target comes down the road, so there is nothing to find or to lose."
        )
    named = ", ".join(estimate_text(found["expected_detections"]) for found in plans.values())
    said = f"Found in an operation, plan by plan: {named}. Each bar starts where the one above ends."
    return _side_by_side(comparison, title, said, list(plans), list(plans.values()), losses)


def waterfalls_of_plans_table(comparison: Comparison) -> pl.DataFrame:
    """Return what the figure draws: a row a plan and bar, in targets of 100."""
    plans, losses = _plans_and_losses(comparison)
    return pl.concat(
        _bar_table(bars_from(found, losses)).select(pl.lit(name).alias("plan"), pl.all())
        for name, found in plans.items()
    )


def _plans_and_losses(comparison: Comparison) -> tuple[dict[str, Mapping[str, Estimate]], list[str]]:
    """Return the plans that are drawn, and the losses that happen in any of them."""
    plans = dict(itertools.islice(comparison.estimates.items(), MOST_HIGHLIGHTS))
    return plans, [name for name in LOSSES if any(found[name].mean > 0.0 for found in plans.values())]
