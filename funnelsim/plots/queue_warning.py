"""The figure of the end of the queue as a danger: whether the warning sign stands before it, and who meets it fast."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.estimates import chance_estimate, how_often, with_error
from funnelsim.analysis.exposure import meets_fast
from funnelsim.arrays import FloatArray
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import bin_middles, draw_bands, key_to_bands, mark_day, with_gaps
from funnelsim.plots.formatting import plain, shortened
from funnelsim.plots.label_placement import Level, draw_levels, spread_labels
from funnelsim.plots.line_styles import DASHED, DOTTED
from funnelsim.plots.shown_funnel import ShownFunnel, funnel_with_longest_queue
from funnelsim.plots.style import DARK, INK, LIGHT, MIDDLE, STRONG, WARM, house_style, laid_out, new_figure, thousands
from funnelsim.units import KMH_PER_MS, MIN_PER_S

_LEAST_M = 100.0
_NEARLY_ALL = 0.95
_BAR_IN = 0.2  # room of one bar


@house_style()
def queue_warning(run: Run) -> Figure:
    """Draw how far the end of the queue reaches over the day, and how likely it is beyond the warning sign.

    Below stands which vehicles meet the end of the queue far faster than it moves, in the first operation.

    Parameters
    ----------
    run
        The replications of one scenario; of several funnels the one with the longest queue is drawn.
    """
    shown = funnel_with_longest_queue(run)
    reached = bool((shown.tail_m > shown.plan.funnel.warning_m).any())
    meetings = meetings_by_class(run, shown)
    heights_in = [2.2, *([1.5] if reached else []), *([0.45 + _BAR_IN * len(meetings)] if meetings else [])]
    figure = new_figure(
        run, _title(shown), _said(run, shown), height_in=sum(heights_in) + 0.6, key=_key(run, reached=reached)
    )
    panels = figure.subplots(len(heights_in), 1, squeeze=False, height_ratios=heights_in)[:, 0].tolist()
    queue, *others = panels
    longest_m = draw_bands(queue, run, shown.tail_m)
    queue.set_ylabel("end of the queue,\nmetres upstream of the taper")
    thousands(queue)
    labels = draw_levels(queue, levels_of(shown), max(longest_m, _LEAST_M))
    if meetings:
        _draw_meetings(others.pop(), meetings, shown)
    if others:
        _draw_chance(others[0], run, shown)
        queue.tick_params(labelbottom=False)
        others[0].sharex(queue)
    mark_day([queue, *others], run)
    laid_out(figure)
    spread_labels(queue, labels)
    return figure


def levels_of(shown: ShownFunnel) -> list[Level]:
    """Return what is marked upstream of the taper: the warning sign, the exit and the critical point."""
    funnel = shown.plan.funnel
    marked = [
        Level(funnel.critical_m, f"critical point {funnel.critical_m:,.0f} m", WARM, "-", 1.6),
        Level(funnel.warning_m, f"warning sign {funnel.warning_m:,.0f} m", INK, DASHED, 1.4),
        Level(funnel.exit_m, f"exit {funnel.exit_m:,.0f} m", INK, DOTTED, 1.2),
    ]
    return [level for level in marked if np.isfinite(level.value)]


def chance_beyond(run: Run, shown: ShownFunnel) -> FloatArray:
    """Return how likely the queue is beyond the warning sign over the day: lower end, middle, upper end, in per cent.

    Of the interval of the chance that it is so at some moment of each bin, shape (3, bins); the middle is the share.
    """
    beyond = shown.tail_m > shown.plan.funnel.warning_m
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
    return f"How far back the end of the queue reaches{where}"


def _said(run: Run, shown: ShownFunnel) -> str:
    if not shown.longest_m.max() > 0.0:
        return "The queue never reaches beyond the lane of the funnel, so nobody meets its end on the road."
    said = f"In the simulated operation the queue reaches {shown.longest_m[0]:,.0f} m back."
    if len(shown.longest_m) > 1:
        reach_m = float(np.quantile(shown.longest_m, _NEARLY_ALL))
        said = f"In 19 of 20 operations the queue reaches no further back than {reach_m:,.0f} m."
    if not np.isfinite(shown.plan.funnel.warning_m):
        return f"{said} The scenario has no warning sign (approach.warning_m)."
    beyond = shown.longest_m > shown.plan.funnel.warning_m
    said += f" It passes the sign in {how_often(beyond)}"
    if shown.direction or not beyond.any():  # the measures are of all funnels together
        return f"{said}."
    exceeded = with_error(run.estimates["warning_exceeded_s"], MIN_PER_S, digits=1)
    stood = with_error(run.estimates["beyond_warning_vehicle_min"])
    return f"{said}, for {exceeded} minutes on average; vehicles stand beyond it for {stood} minutes in total."


def _draw_chance(axes: Axes, run: Run, shown: ShownFunnel) -> None:
    times, (low, share, high) = with_gaps(bin_middles(run), chance_beyond(run, shown))
    if len(run.replications) > 1:
        axes.fill_between(times, low, high, color=LIGHT, linewidth=0.0)
    axes.plot(times, share, color=DARK, linewidth=1.5)
    axes.set_ylabel("chance that it is beyond\nthe sign, per cent")
    axes.set_ylim(0.0, max(10.0, min(104.0, 1.15 * float(np.nanmax(high if len(run.replications) > 1 else share)))))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))


def _draw_meetings(axes: Axes, meetings: dict[str, int], shown: ShownFunnel) -> None:
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
    title = f"Vehicles that meet it at least {faster_kmh:.0f} km/h faster than it moves, operation 1 (dark: lorries)"
    axes.set_title(title, fontsize=8.0, x=0.0)


def _colours(names: Sequence[str], shown: ShownFunnel) -> list[str]:
    """Return a colour for each class, darker for lorries."""
    return [STRONG if shown.plan.lorry[shown.plan.classes.index(name)] else MIDDLE for name in names]


def _key(run: Run, *, reached: bool) -> list[Artist]:
    key = key_to_bands(run)
    if reached and len(run.replications) > 1:
        key[0].set_label(f"{key[0].get_label()}; chance")
        key[2].set_label(f"{key[2].get_label()}; 95 % interval of the chance")
    return key
