"""The figure of where targets are lost on the way to being found."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.run import Run
from funnelsim.plots.style import INK, MUTED, STRONG, WARM_LIGHT, house_style, in_words_only, laid_out, new_figure
from funnelsim.plots.words import with_error

OF = 100.0
_THICK = 0.62
_OUTLINED: dict[str, Any] = {"height": _THICK, "edgecolor": INK, "linewidth": 0.7}
_TITLE = "How many of 100 targets are found, and where the others are lost"

LOSSES_IN_WORDS = {
    "loss_evaded": "stayed away, or turned back\nat the sight of the funnel",
    "loss_exit": "left the road at the exit,\nseeing the queue",
    "loss_not_selected": "looked at, but not selected",
    "loss_suspended": "selection was suspended\n(long queue, last minutes)",
    "loss_unstaffed": "a post was unstaffed",
    "loss_area_full": "selected, but the area\nwas full",
    "loss_missed": "inspected, but not found",
}


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
    axes.set_yticks(range(len(bars) + 1), ["offered", *(bar.name for bar in bars)], fontsize=8.5)
    axes.set_xlim(0.0, 1.17 * OF)
    axes.set_xticks(np.arange(0.0, OF + 1.0, 10.0))
    axes.set_xlabel("targets, of 100 that come down the road during the operation")
    laid_out(figure)
    return figure


def bars_of(run: Run) -> list[Bar]:
    """Return the losses in the order in which they happen, without those that never do, and last what is found."""
    happen = [name for name in LOSSES_IN_WORDS if np.nan_to_num(run.replications[name].to_numpy()).any()]
    return bars_from(run.estimates, happen)


def bars_from(estimates: Mapping[str, Estimate], losses: Sequence[str]) -> list[Bar]:
    """Return the bars of the losses named, which stand in the order in which they happen, and last what is found."""
    bars = []
    left = OF
    for name in losses:
        share = estimates[name]
        bars.append(Bar(LOSSES_IN_WORDS[name], left - OF * share.mean, left, share))
        left -= OF * share.mean
    found = estimates["share_found"]
    return [*bars, Bar("found", 0.0, OF * found.mean, found)]


def _said(run: Run) -> str:
    offered = with_error(run.estimates["targets_offered"], digits=1)
    found = with_error(run.estimates["expected_detections"], digits=2)
    whiskers = "; whiskers are 95 % confidence intervals" if len(run.replications) > 1 else ""
    brought = " Those whom chase cars bring back count like all who are inspected." if run.plan.pursuit else ""
    return (
        f"In an operation {offered} targets come down the road and {found} are found, on average.{brought} "
        f"Each bar begins where the one above leaves off{whiskers}."
    )


def draw_waterfall(axes: Axes, bars: Sequence[Bar], size_pt: float = 8.0) -> None:
    """Draw what is offered, the losses one below the other, and what is found, each with its share beside it."""
    axes.barh(0, OF, color=MUTED, height=_THICK)
    _write(axes, (OF, 0), f"{OF:.0f}", size_pt, "bold")
    *losses, found = bars
    for row, bar in enumerate(losses, start=1):
        axes.barh(row, bar.to - bar.from_, left=bar.from_, color=WARM_LIGHT, hatch="////", **_OUTLINED)
        axes.plot([bar.from_] * 2, [row + _THICK / 2, row + 1 - _THICK / 2], color=MUTED, linewidth=0.9)
        _write_share(axes, row, bar, bar.from_, size_pt)
    axes.barh(len(bars), found.to, color=STRONG, **_OUTLINED)
    _write_share(axes, len(bars), found, found.to, size_pt, fontweight="bold")
    axes.set_ylim(len(bars) + 0.55, -0.55)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)


def _write_share(axes: Axes, row: int, bar: Bar, moving: float, size_pt: float, fontweight: str = "normal") -> None:
    """Write a bar's share beside it, with its error as a whisker at the end that moves with it."""
    half = OF * bar.share.half_width
    reach = bar.to
    if math.isfinite(half):
        axes.errorbar(moving, row, xerr=half, color=INK, capsize=3.0, linewidth=1.1, capthick=1.1)
        reach = min(max(reach, moving + half), OF)  # a share has no more room
    _write(axes, (reach, row), with_error(bar.share, OF, digits=1), size_pt, fontweight)


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
