"""The figure of one replication in space and time: vehicles coming down the road, the queue growing and dissolving."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

import funnelsim
from funnelsim.analysis.delays import tail_steps
from funnelsim.model.log import Fate, Log, Valve
from funnelsim.model.plan import Plan
from funnelsim.plots.day import clock_axis
from funnelsim.plots.footer import Footer
from funnelsim.plots.style import (
    CLOSED,
    DARK,
    GRID,
    INK,
    LIGHT,
    MIDDLE,
    MUTED,
    STRONG,
    WARM,
    house_style,
    in_words_only,
    laid_out,
    new_figure,
    thousands,
)
from funnelsim.plots.trajectories import trajectories
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

S_PER_H = 3600.0
_MOST_LINES = 90  # that can still be told apart
_STEPS = 160  # of distance
_LEAST_M = 400.0
_TITLE = "One operation in space and time: how the queue grows and dissolves"
_STATES = {
    Valve.OPEN: ("selecting", "white", ""),
    Valve.SUSPENDED: ("selection suspended", MIDDLE, ""),
    Valve.LIFTED: ("funnel lifted", DARK, ""),
}


@house_style()
def time_space(log: Log, plan: Plan, scenario: Scenario, span_s: tuple[float, float] | None = None) -> Figure:
    """Draw vehicles of one replication by distance upstream of the selection point and time of day.

    Parameters
    ----------
    log
        Of the replication.
    plan, scenario
        What was simulated.
    span_s
        From when to when, seconds after midnight; left out, the hour around the longest queue.
    """
    foot = _footer(log, scenario)
    if not len(log.passed_s):
        return in_words_only(foot, _TITLE, "In this replication no vehicle comes down the road.")
    from_s, to_s = span_s if span_s is not None else worst_hour(log, plan)
    moments, metres = tail_steps(log)
    inside = (moments >= from_s) & (moments <= to_s)
    top_m = _top_m(plan, float(metres[inside].max(initial=0.0)))
    distances_m = np.linspace(top_m, 0.0, _STEPS)
    shown = _vehicles(log, plan, from_s, to_s, top_m)
    every = max(1, -(-len(shown) // _MOST_LINES))
    figure = new_figure(foot, _TITLE, _said(log, plan, (from_s, to_s), every), height_in=4.9, key=_key())
    strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[0.05, 1.0])
    times = trajectories(log, plan, shown, distances_m)
    lines = [np.column_stack([row, distances_m]) for row in times[::every]]
    axes.add_collection(LineCollection(lines, colors=STRONG, linewidths=0.55, alpha=0.85), autolim=False)
    _draw_tail(axes, moments, metres, plan)
    _mark_distances(axes, plan, top_m)
    axes.plot(*_diverted(log, from_s, to_s), "v", markersize=5.0, color=WARM, markeredgecolor="white", zorder=7)
    axes.lines[-1].set(clip_on=False, markeredgewidth=0.5)
    _draw_valve(strip, log, plan, (from_s, to_s))
    axes.set(xlim=(from_s, to_s), ylim=(0.0, top_m))
    axes.set_ylabel("metres upstream of the selection point")
    thousands(axes)
    clock_axis(axes, from_s, to_s)
    laid_out(figure)
    return figure


def worst_hour(log: Log, plan: Plan) -> tuple[float, float]:
    """Return the hour around the longest queue of the operation, or the whole operation if it is shorter."""
    opens_s, closes_s = plan.window_s
    if closes_s - opens_s <= 1.25 * S_PER_H:
        return opens_s, closes_s
    moments, metres = tail_steps(log)
    during = (moments >= opens_s) & (moments <= closes_s)
    longest_s = (opens_s + closes_s) / 2.0
    if during.any() and metres[during].max() > 0.0:
        longest_s = float(moments[during][np.argmax(metres[during])])
    from_s = min(max(longest_s - 0.5 * S_PER_H, opens_s), closes_s - 0.75 * S_PER_H)
    from_s = 300.0 * np.floor(from_s / 300.0)
    return float(from_s), float(from_s + S_PER_H)


def _top_m(plan: Plan, longest_m: float) -> float:
    """Return how far upstream the picture reaches: a little beyond the queue, and to a critical point not far off."""
    lane_m = plan.funnel.lane_length_m
    top = lane_m + max(1.15 * longest_m, _LEAST_M)
    critical = lane_m + plan.critical_m
    return float(1.06 * critical if top < 1.06 * critical <= 1.6 * top else top)


def _vehicles(log: Log, plan: Plan, from_s: float, to_s: float, top_m: float) -> IntArray:
    """Return the vehicles that are in the picture at any time."""
    enters_s = log.traffic.free_s - top_m / plan.funnel.road_speed_ms
    return np.flatnonzero((log.passed_s >= from_s) & (enters_s <= to_s)).astype(np.int64)


def _draw_tail(axes: Axes, moments: FloatArray, metres: FloatArray, plan: Plan) -> None:
    """Draw the tail where there is a queue beyond the lane."""
    height = np.where(metres > 0.0, metres + plan.funnel.lane_length_m, np.nan)
    for width, colour in ((3.6, "white"), (2.0, INK)):
        axes.step(moments, height, where="post", color=colour, linewidth=width, zorder=5)


def _mark_distances(axes: Axes, plan: Plan, top_m: float) -> None:
    lane_m = plan.funnel.lane_length_m
    axes.axhspan(0.0, lane_m, color=LIGHT, alpha=0.6, linewidth=0.0, zorder=0)
    named = [(lane_m, f"lane, {lane_m:,.0f} m", MUTED, 0.8)]
    if np.isfinite(plan.critical_m) and lane_m + plan.critical_m <= top_m:
        named.append((lane_m + plan.critical_m, f"critical point, {plan.critical_m:,.0f} m from the taper", WARM, 1.6))
    for height, text, colour, width in named:
        axes.axhline(height, color=colour, linewidth=width, zorder=4)
        axes.annotate(
            text,
            (1.0, height),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-3.0, -2.0 if colour == MUTED else 2.5),
            textcoords="offset points",
            ha="right",
            va="top" if colour == MUTED else "bottom",
            color=INK if colour == MUTED else colour,
            fontsize=7.0,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            zorder=6,
        )


def _diverted(log: Log, from_s: float, to_s: float) -> tuple[FloatArray, FloatArray]:
    times = log.passed_s[(log.fate == Fate.INSPECTED) & (log.passed_s >= from_s) & (log.passed_s <= to_s)]
    return times, np.zeros(len(times))


def valve_spans(log: Log, plan: Plan, span_s: tuple[float, float]) -> list[tuple[float, float, Valve]]:
    """Return the states of the valve in turn within a stretch of the operation: from, to, state."""
    opens_s, closes_s = plan.window_s
    moments = np.concatenate([[-np.inf], log.valve_s, [np.inf]])
    states = [Valve.OPEN, *(Valve(state) for state in log.valve.tolist())]
    low, high = max(span_s[0], opens_s), min(span_s[1], closes_s)
    spans = [
        (max(low, float(begin)), min(high, float(end)), state)
        for begin, end, state in zip(moments[:-1], moments[1:], states, strict=True)
    ]
    return [span for span in spans if span[0] < span[1]]


def _draw_valve(strip: Axes, log: Log, plan: Plan, span_s: tuple[float, float]) -> None:
    strip.set_facecolor(CLOSED)  # outside the operation
    for from_s, to_s, state in valve_spans(log, plan, span_s):
        name, colour, _ = _STATES[state]
        strip.axvspan(from_s, to_s, facecolor=colour, linewidth=0.0, zorder=2)
        if to_s - from_s > (0.022 * len(name)) * (span_s[1] - span_s[0]):
            ink = "white" if state == Valve.LIFTED else INK
            strip.text((from_s + to_s) / 2.0, 0.5, name, ha="center", va="center", fontsize=6.5, color=ink, zorder=3)
    strip.set(ylim=(0.0, 1.0), yticks=[])
    strip.grid(visible=False)
    strip.spines[["top", "right"]].set_visible(True)
    strip.tick_params(axis="x", length=0.0, labelbottom=False)


def _said(log: Log, plan: Plan, span_s: tuple[float, float], every: int) -> str:
    moments, metres = tail_steps(log)
    inside = (moments >= span_s[0]) & (moments <= span_s[1])
    longest_m = float(metres[inside].max(initial=0.0))
    said = "No queue reaches beyond the lane."
    if longest_m > 0.0:
        when = clock_of(float(moments[inside][np.argmax(metres[inside])]))
        said = f"The queue is longest at {when}: {longest_m:,.0f} metres upstream of the taper."
    spans = valve_spans(log, plan, span_s)
    off_min = sum(end - begin for begin, end, state in spans if state != Valve.OPEN) / 60.0
    if off_min > 0.0:
        said += f" The safety valve stops selection for {off_min:.0f} minutes of this picture."
    drawn = "Every vehicle is" if every == 1 else f"One vehicle in {every} is"
    return (
        f"{said} {drawn} a line, in the queue by Newell's waves: each moves when the wave of one who passed reaches it."
    )


def _key() -> list[Artist]:
    return [
        Line2D([], [], color=STRONG, linewidth=0.9, label="vehicle"),
        Line2D([], [], color=INK, linewidth=2.2, label="end of the queue"),
        Line2D([], [], linewidth=0, marker="v", markersize=5.0, color=WARM, label="diverted for inspection"),
        Patch(facecolor=LIGHT, linewidth=0.0, label="lane"),
        Patch(facecolor="white", edgecolor=MUTED, linewidth=0.6, label="selecting"),
        Patch(facecolor=MIDDLE, linewidth=0.0, label="selection suspended"),
        Patch(facecolor=DARK, linewidth=0.0, label="funnel lifted"),
        Patch(facecolor=CLOSED, edgecolor=GRID, linewidth=0.6, label="outside the operation"),
    ]


def _footer(log: Log, scenario: Scenario) -> Footer:
    parts = f"seed {log.traffic.seed}", f"replication {log.traffic.replication}", f"funnelsim {funnelsim.__version__}"
    return Footer(scenario.title, (*parts, "one operation of many: another day looks different"))
