"""The figure of how far the queue reaches over the day at a few design points, side by side."""

import math
from collections.abc import Mapping

import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import funnelsim
from funnelsim.analysis.estimates import estimate_text
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.highlights import MOST_HIGHLIGHTS
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import (
    band_table,
    by_replication,
    clock_axis,
    day_span,
    draw_bands,
    key_to_bands,
    mark_windows,
    several_days,
)
from funnelsim.plots.footer import Footer
from funnelsim.plots.formatting import whole_parts, wrapped
from funnelsim.plots.limit_region import DASHED
from funnelsim.plots.line_styles import SOLID
from funnelsim.plots.style import WARM, house_style, laid_out, new_figure, thousands
from funnelsim.wording import counted

_LEAST_M = 100.0
_WORTH_SHOWING = 2.5  # a level beyond so many times the data would press the data flat
_MOST_TICKS = 5
_TITLE_IN = {1: 5.9, 2: 2.7}  # by number of columns


@house_style()
def tail_fans(runs: Mapping[str, Run], same: str = "") -> Figure:
    """Draw the queue over the day for a few runs, on the same axes.

    Parameters
    ----------
    runs
        At most four, by what they are called.
    same
        What they have in common, in words.

    Raises
    ------
    FunnelsimError
        If there are none or too many.
    """
    if not 1 <= len(runs) <= MOST_HIGHLIGHTS:
        raise FunnelsimError([Problem("tail_fans", f"{len(runs)} runs given; allowed: 1 to {MOST_HIGHLIGHTS}")])
    columns = min(2, len(runs))
    titles = ["\n".join(wrapped(_title(name), _TITLE_IN[columns], 8.5)) for name in runs]
    rows = math.ceil(len(runs) / columns)
    least = min(runs.values(), key=lambda run: len(run.replications))
    figure = new_figure(
        _footer(runs, least),
        "How far the queue reaches over the day",
        "Each panel states the mean of the longest queue of an operation." + (f" All: {same}." if same else ""),
        height_in=(2.1 + 0.15 * (1 + max(title.count("\n") for title in titles))) * rows + 0.2,
        key=[*key_to_bands(least), *_key(runs)],
    )
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flatten().tolist()
    longest_m = max([_LEAST_M, *(draw_bands(a, r, _bands(r)) for a, r in _pairs(panels, runs))])
    from_s = min(day_span(run)[0] for run in runs.values())
    to_s = max(day_span(run)[1] for run in runs.values())
    top_m = 1.18 * max(longest_m, *(level for run in runs.values() for level in _near(run, longest_m)), _LEAST_M)
    for place, (axes, run) in enumerate(_pairs(panels, runs)):
        _mark(axes, run, from_s, to_s)
        axes.set_title(titles[place], fontsize=8.0)
        _write_longest(axes, run)
        clock_axis(axes, from_s, to_s, _MOST_TICKS, days=any(several_days(run.plan) for run in runs.values()))
        axes.set_xlim(from_s, to_s)
        if place + columns < len(runs):
            axes.set_xlabel("")
        axes.tick_params(labelbottom=place + columns >= len(runs))
        if place % columns == 0:
            axes.set_ylabel("length of the queue,\nmetres upstream of the taper")
            thousands(axes)
    panels[0].set_ylim(0.0, top_m)
    for axes in panels[len(runs) :]:
        axes.set_visible(False)
    laid_out(figure)
    return figure


def tail_fans_table(runs: Mapping[str, Run]) -> pl.DataFrame:
    """Return what the figure draws: by run and time, the queue in metres that a share of the operations stays below."""
    return pl.concat([_bands(run).select(pl.lit(name).alias("run"), pl.all()) for name, run in runs.items()])


def _title(name: str) -> str:
    reason, colon, plan = name.partition(": ")
    return f"{reason}{colon}{whole_parts(plan)}"


def _bands(run: Run) -> pl.DataFrame:
    return band_table(run, by_replication(run, "tail_m"), "m")


def _pairs(panels: list[Axes], runs: Mapping[str, Run]) -> list[tuple[Axes, Run]]:
    return list(zip(panels, runs.values(), strict=False))


def _near(run: Run, longest_m: float) -> list[float]:
    """Return the critical point and the limit, unless they are far above all data."""
    return [level for level in _levels(run).values() if level <= _WORTH_SHOWING * longest_m]


def _levels(run: Run) -> dict[str, float]:
    given = {"critical point": run.scenario.approach.critical_m, "limit": run.scenario.limits.tail_m}
    return {name: level for name, level in given.items() if level is not None}


def _mark(axes: Axes, run: Run, from_s: float, to_s: float) -> None:
    """Mark when the funnel stands and the levels in a panel."""
    mark_windows(axes, run.plan, from_s, to_s)
    for name, level in _levels(run).items():
        axes.axhline(
            level, color=WARM, linewidth=1.3, linestyle=SOLID if name == "critical point" else DASHED, zorder=3
        )


def _key(runs: Mapping[str, Run]) -> list[Artist]:
    key: list[Artist] = []
    for name, dashes in (("critical point", SOLID), ("limit", DASHED)):
        found = {_levels(run)[name] for run in runs.values() if name in _levels(run)}
        if found:
            metres = " or ".join(f"{level:,.0f}" for level in sorted(found))
            key.append(Line2D([], [], color=WARM, linewidth=1.3, linestyle=dashes, label=f"{name}, {metres} m"))
    return key


def _write_longest(axes: Axes, run: Run) -> None:
    axes.annotate(
        f"longest: {estimate_text(run.estimates['tail_max_m'])} m",
        (0.98, 0.96),
        xycoords="axes fraction",
        ha="right",
        va="top",
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=6,
    )


def _footer(runs: Mapping[str, Run], least: Run) -> Footer:
    number = len(least.replications)
    parts = (
        f"seed {least.seed}",
        f"{counted(number, 'simulated operation')} each",
        f"funnelsim {funnelsim.__version__}",
        "one operation has no error bar" if number == 1 else "± or brackets: 95 % confidence interval",
    )
    return Footer(next(iter(runs.values())).scenario.title, parts)
