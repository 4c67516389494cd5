"""The figure of the queue and the delay over the day."""

import math

import polars as pl
from matplotlib.figure import Figure

from funnelsim.analysis.estimates import estimate_text, how_often
from funnelsim.arrays import BoolArray
from funnelsim.experiments.run import Run
from funnelsim.plots.day_panels import band_table, by_replication, draw_bands, key_to_bands, mark_day
from funnelsim.plots.formatting import minutes
from funnelsim.plots.label_placement import Level, draw_levels, spread_labels
from funnelsim.plots.shown_funnel import ShownFunnel, funnel_with_longest_queue
from funnelsim.plots.style import DARK, INK, WARM, house_style, laid_out, new_figure, thousands
from funnelsim.units import MIN_PER_S, MINUTE_S

_LEAST_M, _LEAST_MIN = 100.0, 1.0  # less is not worth a finer scale
_DASHED = (0.0, (6.0, 2.5))
_DASH_DOT = (0.0, (6.0, 2.0, 1.0, 2.0))


@house_style()
def queue_and_delay(run: Run) -> Figure:
    """Draw how far the queue reaches over the day, and how long those who pass are delayed.

    Parameters
    ----------
    run
        The replications of one scenario.
    """
    figure = new_figure(
        run,
        "How far the queue reaches and how long drivers are delayed",
        _said(run),
        height_in=5.0,
        key=key_to_bands(run),
    )
    shown = funnel_with_longest_queue(run)
    tables = queue_and_delay_tables(run)
    queue, delay = figure.subplots(2, 1, sharex=True, height_ratios=[1.25, 1.0])
    longest_m = draw_bands(queue, run, tables["queue_m"])
    longest_min = draw_bands(delay, run, tables["delay_min"])
    delay.set_ylim(0.0, 1.06 * max(longest_min, _LEAST_MIN))
    queue.set_ylabel(f"{_name(shown)},\nmetres upstream of the taper")
    delay.set_ylabel("mean delay of those who pass\nat this time, minutes")
    thousands(queue)
    queue_labels = draw_levels(queue, _queue_levels(run, shown), max(longest_m, _LEAST_M))
    mark_day([queue, delay], run)
    laid_out(figure)
    spread_labels(queue, queue_labels)
    return figure


def queue_and_delay_tables(run: Run) -> dict[str, pl.DataFrame]:
    """Return what the figure draws: bands by time of the queue in metres, and of the mean delay in minutes."""
    delay_min = by_replication(run, "delay_s") / MINUTE_S
    return {
        "queue_m": band_table(run, funnel_with_longest_queue(run).tail_m, "m"),
        "delay_min": band_table(run, delay_min, "min"),
    }


def _said(run: Run) -> str:
    longest, mean = run.estimates["tail_max_m"], run.estimates["delay_mean_s"]
    said = "The queue never reaches beyond the lane of the funnel."
    if longest.mean > 0.0:
        said = f"The longest queue of an operation is {estimate_text(longest)} metres on average."
    if not math.isfinite(mean.mean):
        return said
    lost = estimate_text(mean, MIN_PER_S)
    said += f" Drivers who are not inspected lose {lost} minutes on average compared with a road without a funnel."
    return said + _limit_said(run) + funnel_with_longest_queue(run).alone


def _name(shown: ShownFunnel) -> str:
    return f"queue {shown.direction}" if shown.direction else "length of the queue"


def _queue_levels(run: Run, shown: ShownFunnel) -> list[Level]:
    scenario = shown.scenario
    valve, critical_m, limit_m = scenario.selection.valve, scenario.approach.critical_m, scenario.limits.tail_m
    levels = []
    if critical_m is not None:
        reached = _how_often(shown.longest_m > critical_m)
        text = f"critical point {critical_m:,.0f} m:\nreached in {reached}"
        levels.append(Level(critical_m, text, WARM, "-", 1.6))
    if limit_m is not None:
        broken = _how_often(run.replications["tail_max_m"].to_numpy() > limit_m)  # of all directions
        text = f"limit {limit_m:,.0f} m:\nbroken in {broken}"
        levels.append(Level(limit_m, text, WARM, _DASHED, 1.2))
    if valve.lift_at_m is not None:
        levels.append(Level(valve.lift_at_m, f"funnel lifted from {valve.lift_at_m:,.0f} m", INK, _DASH_DOT))
    if valve.suspend_at_m is not None:
        text = f"selection suspended\nfrom {valve.suspend_at_m:,.0f} m"
        levels.append(Level(valve.suspend_at_m, text, DARK, _DASH_DOT))
    if (valve.lift_at_m is not None or valve.suspend_at_m is not None) and valve.resume_at_m > 0.0:
        levels.append(Level(valve.resume_at_m, f"selection resumes\nat {valve.resume_at_m:,.0f} m", DARK, ":"))
    return levels


def _limit_said(run: Run) -> str:
    """Return how often the limit on the delay is broken; it is one of a whole operation, not of a time of day."""
    limit_min = run.scenario.limits.p95_delay_min
    if limit_min is None:
        return ""
    broken = how_often(run.replications["delay_p95_s"].to_numpy() > limit_min * MINUTE_S)
    return f" The limit on the delay of an operation (95 % below {minutes(limit_min)}) is broken in {broken}."


def _how_often(happened: BoolArray) -> str:
    """Return in how many operations something happened, on two lines."""
    return how_often(happened).replace(" operation", "\noperation")
