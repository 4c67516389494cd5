"""The figure of officers, bays and equipment in use, with the number available."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.estimates import Estimate, with_error
from funnelsim.analysis.series import STEP_S
from funnelsim.analysis.steps import means_of_steps
from funnelsim.arrays import FloatArray
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


def _title(panel: Panel) -> str:
    name = shortened(panel.name, WIDTH_IN / 3.0, 8.5)
    if not np.isfinite(panel.used.mean):
        return name if panel.agency is None else f"{name}: nobody free for inspections during the operation"
    used = with_error(panel.used, 100.0)
    if panel.agency is None:
        return f"{name} ({panel.there}): in use {used} % of the operation"
    return f"{name}: {used} % of the time available for inspections is used"


def _draw_there(axes: Axes, run: Run, panel: Panel) -> float:
    """Draw what there is, and return its highest value."""
    from_s, to_s = day_span(run)
    duty = run.plan.duty
    if panel.agency is None:
        _draw_pieces(axes, run, panel)
        return float(panel.there)
    first = duty.at(from_s)
    inside = (duty.times_s > from_s) & (duty.times_s < to_s)
    steps = np.concatenate([[first], np.flatnonzero(inside)])
    times = np.concatenate([[from_s], duty.times_s[inside], [to_s]])
    free = duty.free[steps, panel.agency]
    on_duty = duty.on_duty[steps, panel.agency]
    # The wide line is seen on both sides of the thin one where all on duty are free.
    axes.step(times, np.append(free, free[-1]), where="post", color=FREE, linewidth=_WIDE)
    axes.step(times, np.append(on_duty, on_duty[-1]), where="post", color=INK, linewidth=1.0)
    return float(on_duty.max())


def _draw_pieces(axes: Axes, run: Run, panel: Panel) -> None:
    """Draw how many bays, or pieces of equipment, are there."""
    from_s, to_s = day_span(run)
    plan, name = run.plan, panel.column.removeprefix("in_use.")
    if name not in plan.inspection.pools:
        axes.plot([from_s, to_s], [panel.there] * 2, color=INK, linewidth=1.0)
        return
    changes_s = plan.capacity_times_s
    times = np.array([from_s, *changes_s[(changes_s > from_s) & (changes_s < to_s)], to_s])
    steps = np.searchsorted(changes_s, times, side="right") - 1
    axes.step(times, plan.capacity[steps, plan.inspection.pools.index(name)], where="post", color=INK, linewidth=1.0)


def _draw_in_use(axes: Axes, run: Run, panel: Panel) -> float:
    """Draw the mean in use with its band, and overtime, and return the highest value."""
    values = by_replication(run, panel.column)
    over = np.zeros(values.shape[1])
    if panel.agency is not None:
        over = np.clip(values - _at_hand(run, panel.agency), 0.0, None).mean(axis=0)
    rows = np.vstack([day_quantiles(values, [0.05, 0.95]), values.mean(axis=0), over])
    times, (lowest, highest, mean, over) = with_gaps(bin_middles(run), rows)
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
