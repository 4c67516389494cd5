"""The figure of officers, bays and equipment in use, with the number available."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.analysis.series import STEP_S
from funnelsim.analysis.steps import means_of_steps
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import (
    bin_middles,
    by_replication,
    day_quantiles,
    day_span,
    mark_day,
    room_above,
    with_gaps,
)
from funnelsim.plots.formatting import plain, shortened
from funnelsim.plots.style import DARK, INK, LIGHT, WARM, WIDTH_IN, house_style, in_words_only, laid_out, new_figure

_TITLE = "Officers, bays and equipment in use over the day"
FREE = "#a8a8a8"
_WIDE = 3.4
_ROOM_IN = 8.6  # what header and footer leave of an A4 page
_PANEL_IN = 1.25


@dataclass(frozen=True)
class Panel:
    """What is drawn in one panel.

    Attributes
    ----------
    column
        Its column in the run's series.
    name
        In words.
    unit
        What is counted.
    used
        Share of the time in use.
    agency
        Column of the roster; none for bays and equipment.
    there
        How many there are; for an agency the roster says it.
    """

    column: str
    name: str
    unit: str
    used: Estimate
    agency: int | None
    there: int


@house_style()
def staff_and_bays(run: Run) -> Figure:
    """Draw over the day how many officers of each agency, bays and pieces of equipment are in use.

    Parameters
    ----------
    run
        The replications of one scenario.
    """
    panels = panels_of(run)
    if not panels:
        return in_words_only(run, _TITLE, "The scenario has no officers, bays or equipment.")
    figure = new_figure(
        run,
        _TITLE,
        "Where use reaches supply, that resource is the bottleneck. Officers at a post or on a break are not free for "
        "inspections. An inspection that has begun is finished, in overtime if necessary.",
        height_in=min(_PANEL_IN * len(panels), max(_ROOM_IN, 0.75 * len(panels))) + 0.3,
        key=_key(run),
    )
    rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, panels, strict=True):
        top = _draw_there(axes, run, panel)
        top = max(top, _draw_in_use(axes, run, panel))
        axes.set_ylim(0.0, max(1.0, top) * 1.12)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_ylabel(panel.unit)
        axes.set_title(_title(panel), pad=13.0 if axes is rows[0] and room_above(run) else 4.0)
    mark_day(list(rows), run)
    laid_out(figure)
    return figure


def panels_of(run: Run) -> list[Panel]:
    """Return the panels: the agencies in the order of the roster, the bays, the equipment."""
    plan, estimates = run.plan, run.estimates
    agencies = [
        Panel(f"in_use.{name}", plain(name), "officers", estimates[f"crew_utilisation.{name}"], column, 0)
        for column, name in enumerate(plan.duty.agencies)
    ]
    bays = [Panel("bays", "bays", "bays", estimates["bay_utilisation"], None, plan.bays)] if plan.bays else []
    equipment = [
        Panel(f"in_use.{name}", plain(name), "pieces", estimates[f"equipment_utilisation.{name}"], None, entry.count)
        for entry in run.scenario.pieces
        for name in (entry.name,)
    ]
    return [*agencies, *bays, *equipment]


_USED = ("p5_number", "p95_number", "mean_number", "overtime_mean_number")


def staff_and_bays_tables(run: Run) -> dict[str, pl.DataFrame]:
    """Return what the figure draws: by resource and time how many are in use, and how many there are and are free."""
    kinds = dict.fromkeys(("time_s", *_USED), pl.Float64)
    used = [pl.DataFrame(schema={"resource": pl.String, **kinds})]
    there = [
        pl.DataFrame(
            schema={"resource": pl.String, "time_s": pl.Float64, "there_number": pl.Int64, "free_number": pl.Int64}
        )
    ]
    for panel in panels_of(run):
        name = pl.lit(panel.name).alias("resource")
        rows = dict(zip(_USED, _in_use(run, panel), strict=True))
        used.append(pl.DataFrame({"time_s": bin_middles(run), **rows}).select(name, pl.all().cast(pl.Float64)))
        times, levels, free = _there(run, panel)
        columns = {"time_s": times, "there_number": levels, "free_number": free}
        there.append(
            pl.DataFrame(columns).select(
                name, pl.col("time_s").cast(pl.Float64), pl.col("there_number", "free_number").cast(pl.Int64)
            )
        )
    return {"in_use": pl.concat(used), "available": pl.concat(there)}


def _title(panel: Panel) -> str:
    name = shortened(panel.name, WIDTH_IN / 3.0, 8.5)
    if not np.isfinite(panel.used.mean):
        return name if panel.agency is None else f"{name}: nobody free for inspections during the operation"
    used = estimate_text(panel.used, 100.0)
    if panel.agency is None:
        return f"{name} ({panel.there}): in use {used} % of the operation"
    return f"{name}: {used} % of the time available for inspections is used"


def _there(run: Run, panel: Panel) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the steps of how many there are: when each begins, how many, and how many of them are free."""
    from_s, to_s = day_span(run)
    plan, name = run.plan, panel.column.removeprefix("in_use.")
    if panel.agency is not None:
        duty = plan.duty
        inside = (duty.times_s > from_s) & (duty.times_s < to_s)
        steps = np.concatenate([[duty.at(from_s)], np.flatnonzero(inside)])
        times = np.concatenate([[from_s], duty.times_s[inside]])
        return times, duty.on_duty[steps, panel.agency], duty.free[steps, panel.agency]
    if name not in plan.inspection.pools:
        return np.array([from_s]), np.array([panel.there]), np.array([panel.there])
    changes_s = plan.capacity_times_s
    times = np.array([from_s, *changes_s[(changes_s > from_s) & (changes_s < to_s)]])
    steps = np.searchsorted(changes_s, times, side="right") - 1
    levels = plan.capacity[steps, plan.inspection.pools.index(name)]
    return times, levels, levels


def _draw_there(axes: Axes, run: Run, panel: Panel) -> float:
    """Draw what there is, and return its highest value."""
    times, there, free = _there(run, panel)
    until = np.append(times, day_span(run)[1])
    if panel.agency is not None:  # the wide line is seen on both sides of the thin one where all on duty are free
        axes.step(until, np.append(free, free[-1]), where="post", color=FREE, linewidth=_WIDE)
    axes.step(until, np.append(there, there[-1]), where="post", color=INK, linewidth=1.0)
    return float(max(there.max(), panel.there))


def _in_use(run: Run, panel: Panel) -> FloatArray:
    """Return by bin of the day the band over operations, the mean in use, and of it the overtime, shape (4, bins)."""
    values = by_replication(run, panel.column)
    over = np.zeros(values.shape[1])
    if panel.agency is not None:
        over = np.clip(values - _at_hand(run, panel.agency), 0.0, None).mean(axis=0)
    return np.vstack([day_quantiles(values, [0.05, 0.95]), values.mean(axis=0), over])


def _draw_in_use(axes: Axes, run: Run, panel: Panel) -> float:
    """Draw the mean in use with its band, and overtime, and return the highest value."""
    times, (lowest, highest, mean, over) = with_gaps(bin_middles(run), _in_use(run, panel))
    if len(run.replications) > 1:
        axes.fill_between(times, lowest, highest, color=LIGHT, linewidth=0.0)
    if np.nanmax(over) > 0.0:
        late: dict[str, Any] = {"facecolor": "none", "edgecolor": WARM, "hatch": "/////", "linewidth": 0.0}
        axes.fill_between(times, mean - over, mean, where=over > 0.0, **late)
    axes.plot(times, mean, color=DARK, linewidth=1.5)
    return float(max(np.nanmax(highest), np.nanmax(mean)))


def _at_hand(run: Run, agency: int) -> FloatArray:
    """Return how many officers of an agency the roster has beside the posts, mean of each bin of the day."""
    duty = run.plan.duty
    begins = bin_middles(run) - STEP_S / 2.0
    edges = np.unique(np.concatenate([begins, begins + STEP_S]))  # the series may leave out stretches of time
    # An officer on a break who still finishes a stage is at hand; one whose shift has ended is not.
    levels = duty.rostered[:, agency] - (duty.on_duty[:, agency] - duty.free[:, agency])
    means = means_of_steps(np.maximum(duty.times_s, edges[0]), levels, edges)
    return means[np.searchsorted(edges, begins)]


def _key(run: Run) -> list[Artist]:
    key: list[Artist] = [
        Line2D([], [], color=INK, linewidth=1.0, label="on duty (bays and equipment: there)"),
        Line2D([], [], color=FREE, linewidth=_WIDE, label="free for inspections"),
        Line2D([], [], color=DARK, linewidth=1.5, label="in use, mean"),
    ]
    if len(run.replications) > 1:
        key.append(Patch(color=LIGHT, linewidth=0.0, label="in use, 9 of 10 operations"))
    key.append(Patch(facecolor="none", edgecolor=WARM, hatch="/////", linewidth=0.0, label="of which overtime, mean"))
    return key
