"""The figure of the end of the queue as a danger: how likely it is beyond the warning sign, and who meets it fast."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.estimates import chance_estimate, estimate_text, how_often, mean_estimate
from funnelsim.analysis.exposure import QUEUE_M, meets_fast
from funnelsim.arrays import FloatArray
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import bin_middles, mark_day, with_gaps
from funnelsim.plots.formatting import capitalised, plain, shortened
from funnelsim.plots.label_placement import Level
from funnelsim.plots.line_styles import DASHED, DOTTED
from funnelsim.plots.shown_funnel import ShownFunnel, funnel_with_longest_queue
from funnelsim.plots.style import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    STRONG,
    WARM,
    WARM_LIGHT,
    house_style,
    in_words_only,
    laid_out,
    new_figure,
)
from funnelsim.units import KMH_PER_MS, MIN_PER_S

_BAR_IN = 0.2  # room of one bar


@house_style()
def queue_warning(run: Run) -> Figure:
    """Draw how likely the queue is beyond the warning sign, the exit and the critical point over the day.

    Below stands which vehicles meet the end of the queue far faster than it moves, in the first operation.

    Parameters
    ----------
    run
        The replications of one scenario; of several funnels the one with the longest queue is drawn.
    """
    shown = funnel_with_longest_queue(run)
    reached = [level for level in levels_of(shown) if (shown.tail_m > level.value).any()]
    meetings = meetings_by_class(run, shown)
    if not reached and not meetings:
        return in_words_only(run, _title(shown), _said(run, shown))
    heights_in = [*([2.2] if reached else []), *([0.45 + _BAR_IN * len(meetings)] if meetings else [])]
    figure = new_figure(run, _title(shown), _said(run, shown), height_in=sum(heights_in) + 0.6, key=_key(run, reached))
    panels = figure.subplots(len(heights_in), 1, squeeze=False, height_ratios=heights_in)[:, 0].tolist()
    if meetings:
        _draw_meetings(panels.pop(), meetings, run, shown)
    if reached:
        _draw_chances(panels[0], run, shown, reached)
        mark_day(panels, run)
    laid_out(figure)
    return figure


def queue_warning_tables(run: Run) -> dict[str, pl.DataFrame]:
    """Return what the figure draws: by time the chances in per cent, by class how many meet the queue fast."""
    shown = funnel_with_longest_queue(run)
    columns: dict[str, FloatArray] = {"time_s": bin_middles(run)}
    for level in levels_of(shown):
        for end, values in zip(("low", "middle", "high"), chance_beyond(run, shown, level.value), strict=True):
            columns[f"beyond the {level.text}, per cent: {end}"] = values
    meetings = meetings_by_class(run, shown)
    return {
        "chances": pl.DataFrame(columns),
        "meetings": pl.DataFrame({"class": list(meetings), "vehicles": list(meetings.values())}),
    }


def levels_of(shown: ShownFunnel) -> list[Level]:
    """Return what stands upstream of the taper, the nearest first: warning sign, exit and critical point."""
    funnel = shown.plan.funnel
    marked = [
        Level(funnel.warning_m, f"warning sign, {funnel.warning_m:,.0f} m", DARK, "-", 1.6),
        Level(funnel.exit_m, f"exit, {funnel.exit_m:,.0f} m", INK, DOTTED, 1.4),
        Level(funnel.critical_m, f"critical point, {funnel.critical_m:,.0f} m", WARM, DASHED, 1.6),
    ]
    return sorted((level for level in marked if np.isfinite(level.value)), key=lambda level: level.value)


def chance_beyond(run: Run, shown: ShownFunnel, point_m: float) -> FloatArray:
    """Return how likely the queue is beyond a point over the day: lower end, middle, upper end, in per cent.

    Of the interval of the chance that it is so at some moment of each bin, shape (3, bins); the middle is the share.
    """
    beyond = shown.tail_m > point_m
    times = bin_middles(run)
    # Outside the operation there is nothing to be unsure of, unless it happened.
    worth = np.any([(times > opens_s) & (times < closes_s) for opens_s, closes_s in shown.plan.windows_s], axis=0)
    chances = [chance_estimate(column) for column in beyond.T]
    ends = np.array([[chance.low, chance.mean, chance.high] for chance in chances]).T
    bounds: FloatArray = 100.0 * ends * (worth | beyond.any(axis=0))
    return bounds


def meetings_by_class(run: Run, shown: ShownFunnel) -> dict[str, int]:
    """Return how many vehicles of each class meet the end of the queue dangerously fast in the first operation.

    Classes of which none does are left out; the most numerous comes first.
    """
    log, plan = by_funnel(run.first_log(), run.plan)[shown.index]
    counts = np.bincount(log.traffic.vehicle_class[meets_fast(log, plan)], minlength=len(plan.classes))
    return {plan.classes[k]: int(counts[k]) for k in np.argsort(-counts, kind="stable").tolist() if counts[k]}


def _title(shown: ShownFunnel) -> str:
    where = f", {shown.direction}" if shown.direction else ""
    if np.isfinite(shown.plan.funnel.warning_m):
        return f"How often the queue is beyond the warning sign{where}"
    return f"Who meets the end of the queue fast{where}"


def _said(run: Run, shown: ShownFunnel) -> str:
    if not shown.longest_m.max() > 0.0:
        return "The queue never reaches beyond the lane of the funnel, so nobody meets its end on the road."
    said = f"In the simulated operation the queue reaches {shown.longest_m[0]:,.0f} m back."
    if len(shown.longest_m) > 1:
        said = (
            f"The longest queue of an operation reaches {estimate_text(mean_estimate(shown.longest_m))} m back on "
            f"average, and {shown.longest_m.max():,.0f} m in the worst."
        )
    said += "".join(
        f" It is beyond the {level.text}, in {how_often(shown.longest_m > level.value)}." for level in levels_of(shown)
    )
    if not np.isfinite(shown.plan.funnel.warning_m):
        said += " The scenario has no warning sign (approach.warning_m)."
    elif (
        not shown.direction and run.estimates["warning_exceeded_s"].mean > 0.0
    ):  # the measures are of all funnels together
        exceeded = estimate_text(run.estimates["warning_exceeded_s"], MIN_PER_S)
        stood = estimate_text(run.estimates["beyond_warning_vehicle_min"])
        said += f" Beyond the sign it is for {exceeded} min on average, with {stood} vehicle-minutes of waiting there."
    if not shown.direction:
        said += (
            f" {capitalised(estimate_text(run.estimates['tail_meetings']))} vehicles an operation meet its end fast."
        )
    return said + shown.alone


def _draw_chances(axes: Axes, run: Run, shown: ShownFunnel, levels: Sequence[Level]) -> None:
    """Draw by time how likely the queue is beyond each of some points, with the interval of the chance."""
    highest = 10.0
    for level in levels:
        times, (low, share, high) = with_gaps(bin_middles(run), chance_beyond(run, shown, level.value))
        if len(run.replications) > 1:
            band = WARM_LIGHT if level.colour == WARM else LIGHT
            axes.fill_between(times, low, high, color=band, alpha=0.6, linewidth=0.0)
            highest = max(highest, float(np.nanmax(high)))
        axes.plot(times, share, color=level.colour, linestyle=level.dashes, linewidth=level.width)
        highest = max(highest, float(np.nanmax(share)))
    axes.set_ylabel("chance that the queue is\nbeyond it, per cent")
    axes.set_ylim(0.0, min(104.0, 1.1 * highest))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))


def _draw_meetings(axes: Axes, meetings: dict[str, int], run: Run, shown: ShownFunnel) -> None:
    faster_kmh = shown.plan.funnel.tail_speed_difference_ms * KMH_PER_MS
    rows = range(len(meetings))
    axes.barh(rows, list(meetings.values()), height=0.62, color=_colours(list(meetings), shown))
    for row, number in zip(rows, meetings.values(), strict=True):
        axes.annotate(f"{number:,}", (number, row), xytext=(3.0, 0.0), textcoords="offset points", va="center")
    axes.set_yticks(rows, [shortened(plain(name), 1.0, 7.5) for name in meetings])
    axes.set_ylim(len(meetings) - 0.45, -0.55)
    axes.set_xlim(0.0, 1.08 * max(meetings.values()))
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0.0)
    axes.spines["bottom"].set_visible(False)
    title = (
        f"Vehicles that meet a queue of at least {QUEUE_M:.0f} m at least {faster_kmh:.0f} km/h faster than it moves,\n"
        f"in operation {run.replications['replication'][0]} (dark: lorries)"
    )
    axes.set_title(title, fontsize=8.0, x=0.0)


def _colours(names: Sequence[str], shown: ShownFunnel) -> list[str]:
    """Return a colour for each class, darker for lorries."""
    return [STRONG if shown.plan.lorry[shown.plan.classes.index(name)] else MIDDLE for name in names]


def _key(run: Run, reached: Sequence[Level]) -> list[Artist]:
    key: list[Artist] = [
        Line2D(
            [], [], color=level.colour, linestyle=level.dashes, linewidth=level.width, label=f"beyond the {level.text}"
        )
        for level in reached
    ]
    if reached and len(run.replications) > 1:
        key.append(Patch(color=LIGHT, linewidth=0.0, label="95 % intervals of the chances"))
    return key
