"""The figure of one replication in space and time: vehicles coming down the road, the queue growing and dissolving."""

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import funnelsim
from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.delays import tail_steps
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate, Valve
from funnelsim.plots.day_panels import clock_axis, moment_words, several_days
from funnelsim.plots.footer import Footer
from funnelsim.plots.formatting import shortened
from funnelsim.plots.line_styles import DASHED, DOTTED, SOLID, Dashes
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
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S, MINUTE_S

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
    """Draw vehicles of one replication by distance upstream of the taper and time of day, down to the selection point.

    Parameters
    ----------
    log
        Of the replication.
    plan, scenario
        What was simulated; of several funnels the one with the longest queue is drawn.
    span_s
        From when to when, seconds after midnight; left out, the hour around the longest queue.
    """
    foot = _footer(log, scenario)
    if not log.passed.any():
        return in_words_only(foot, _TITLE, "In this operation no vehicle comes to the funnel.")
    several = bool(plan.other_funnels)
    log, plan = _longest(log, plan)
    title = f"One operation in space and time, {shortened(plan.direction, 2.5, 11.0)}" if several else _TITLE
    from_s, to_s = span_s if span_s is not None else worst_hour(log, plan)
    moments, metres = tail_steps(log)
    distances_m, shown = _picture(log, plan, from_s, to_s)
    top_m = float(distances_m[0])
    every = max(1, -(-len(shown) // _MOST_LINES))
    figure = new_figure(
        foot, title, _said(log, plan, (from_s, to_s), every), height_in=4.9, key=_key(log, plan, (from_s, to_s))
    )
    strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[0.05, 1.0])
    times = trajectories(log, plan, shown, distances_m)
    lane_m = plan.funnel.lane_length_m
    lines = [np.column_stack([row, distances_m - lane_m]) for row in times[::every]]
    axes.add_collection(LineCollection(lines, colors=STRONG, linewidths=0.55, alpha=0.85), autolim=False)
    _draw_tail(axes, moments, metres)
    _mark_distances(axes, plan, top_m)
    diverted_s = _diverted(log, from_s, to_s)
    axes.plot(
        diverted_s,
        np.full(len(diverted_s), -lane_m),
        "v",
        markersize=5.0,
        color=WARM,
        markeredgecolor="white",
        zorder=7,
    )
    axes.lines[-1].set(clip_on=False, markeredgewidth=0.5)
    _draw_valve(strip, log, plan, (from_s, to_s))
    axes.set(xlim=(from_s, to_s), ylim=(-lane_m, top_m - lane_m))
    axes.set_ylabel("metres upstream of the taper")
    thousands(axes)
    clock_axis(axes, from_s, to_s, days=several_days(plan))
    laid_out(figure)
    return figure


def time_space_tables(log: Log, plan: Plan) -> dict[str, pl.DataFrame]:
    """Return what the figure draws by default: where vehicles are when, and how far the queue reaches."""
    log, plan = _longest(log, plan)
    from_s, to_s = worst_hour(log, plan)
    moments, metres = tail_steps(log)
    inside = (moments >= from_s) & (moments <= to_s)
    distances_m, shown = _picture(log, plan, from_s, to_s)
    return {
        "vehicles": pl.DataFrame(
            {
                "vehicle": np.repeat(shown, _STEPS),
                "upstream_of_taper_m": np.tile(distances_m - plan.funnel.lane_length_m, len(shown)),
                "time_s": trajectories(log, plan, shown, distances_m).ravel(),
            }
        ),
        "queue": pl.DataFrame({"time_s": moments[inside], "queue_m": metres[inside]}),
    }


def _picture(log: Log, plan: Plan, from_s: float, to_s: float) -> tuple[FloatArray, IntArray]:
    """Return at which distances upstream of the selection point vehicles are drawn, the furthest first, and which."""
    moments, metres = tail_steps(log)
    inside = (moments >= from_s) & (moments <= to_s)
    top_m = _top_m(plan, float(metres[inside].max(initial=0.0)))
    return np.linspace(top_m, 0.0, _STEPS), _vehicles(log, plan, from_s, to_s, top_m)


def worst_hour(log: Log, plan: Plan) -> tuple[float, float]:
    """Return the hour around the longest queue of the operation, or the whole window it is in if that is shorter."""
    moments, metres = tail_steps(log)
    during = (moments >= plan.window_s[0]) & (moments <= plan.window_s[1])
    longest_s = sum(plan.windows_s[0]) / 2.0
    if during.any() and metres[during].max() > 0.0:
        longest_s = float(moments[during][np.argmax(metres[during])])
    opens_s, closes_s = [window for window in plan.windows_s if window[0] <= longest_s][-1]
    if closes_s - opens_s <= 1.25 * HOUR_S:
        return opens_s, closes_s
    from_s = min(max(longest_s - 0.5 * HOUR_S, opens_s), closes_s - 0.75 * HOUR_S)
    from_s = 300.0 * np.floor(from_s / 300.0)
    return float(from_s), float(from_s + HOUR_S)


def _longest(log: Log, plan: Plan) -> tuple[Log, Plan]:
    """Return the log and the plan of the funnel with the longest queue."""
    return max(by_funnel(log, plan), key=lambda one: float(one[0].tail_m.max(initial=0.0)))


def _top_m(plan: Plan, longest_m: float) -> float:
    """Return how far upstream the picture reaches: a little beyond the queue, and to what is marked not far off."""
    lane_m = plan.funnel.lane_length_m
    top = lane_m + max(1.15 * longest_m, _LEAST_M)
    marked = [1.06 * (lane_m + at_m) for at_m, *_ in _distances(plan)]
    return float(max([top, *(reach for reach in marked if reach <= 1.6 * top)]))


def _distances(plan: Plan) -> list[tuple[float, str, str, Dashes]]:
    """Return what is marked upstream of the taper: where, what, its colour and its dashes."""
    funnel = plan.funnel
    named = [
        (funnel.critical_m, "critical point", WARM, SOLID),
        (funnel.warning_m, "warning sign", INK, DASHED),
        (funnel.exit_m, "exit", INK, DOTTED),
    ]
    return [entry for entry in named if np.isfinite(entry[0])]


def _vehicles(log: Log, plan: Plan, from_s: float, to_s: float, top_m: float) -> IntArray:
    """Return the vehicles that come to the funnel and are in the picture at any time."""
    enters_s = log.traffic.free_s - top_m / plan.funnel.road_speed_ms
    return np.flatnonzero(log.passed & (log.passed_s >= from_s) & (enters_s <= to_s)).astype(np.int64)


def _draw_tail(axes: Axes, moments: FloatArray, metres: FloatArray) -> None:
    """Draw the tail where there is a queue beyond the lane."""
    height = np.where(metres > 0.0, metres, np.nan)
    for width, colour in ((3.6, "white"), (2.0, INK)):
        axes.step(moments, height, where="post", color=colour, linewidth=width, zorder=5)


def _mark_distances(axes: Axes, plan: Plan, top_m: float) -> None:
    lane_m = plan.funnel.lane_length_m
    axes.axhspan(-lane_m, 0.0, color=LIGHT, alpha=0.6, linewidth=0.0, zorder=0)
    axes.axhline(0.0, color=MUTED, linewidth=0.8, zorder=4)
    _name_line(
        axes, 0.0, f"taper; below it the lane, {lane_m:,.0f} m, to the selection point", INK, at=1.0, above=False
    )
    for at_m, name, colour, dashes in _distances(plan):
        if lane_m + at_m <= top_m:
            axes.axhline(at_m, color=colour, linewidth=1.6 if colour == WARM else 1.2, linestyle=dashes, zorder=4)
            at = {"critical point": 1.0, "warning sign": 0.0, "exit": 0.5}[name]  # they may be near each other
            _name_line(axes, at_m, f"{name}, {at_m:,.0f} m", colour, at=at, above=True)


def _name_line(axes: Axes, height: float, text: str, colour: str, *, at: float, above: bool) -> None:
    """Write what a line across the panel is, at a share of its length."""
    axes.annotate(
        text,
        (at, height),
        xycoords=axes.get_yaxis_transform(),
        xytext=(3.0 - 6.0 * at, 2.5 if above else -2.0),
        textcoords="offset points",
        ha={0.0: "left", 0.5: "center", 1.0: "right"}[at],
        va="bottom" if above else "top",
        color=colour,
        fontsize=7.0,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        zorder=6,
    )


def _diverted(log: Log, from_s: float, to_s: float) -> FloatArray:
    """Return when vehicles are diverted for inspection."""
    times: FloatArray = log.passed_s[(log.fate == Fate.INSPECTED) & (log.passed_s >= from_s) & (log.passed_s <= to_s)]
    return times


def valve_spans(log: Log, plan: Plan, span_s: tuple[float, float]) -> list[tuple[float, float, Valve]]:
    """Return the states of the valve in turn within a stretch of the operation: from, to, state."""
    moments = np.concatenate([[-np.inf], log.valve_s, [np.inf]])
    states = [Valve.OPEN, *(Valve(state) for state in log.valve.tolist())]
    spans = [
        (max(span_s[0], opens_s, float(begin)), min(span_s[1], closes_s, float(end)), state)
        for opens_s, closes_s in plan.windows_s
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
        when = moment_words(plan, float(moments[inside][np.argmax(metres[inside])]))
        said = f"The queue is longest at {when}: {longest_m:,.0f} metres upstream of the taper."
    spans = valve_spans(log, plan, span_s)
    off_min = sum(end - begin for begin, end, state in spans if state != Valve.OPEN) / MINUTE_S
    if off_min > 0.0:
        said += f" The safety valve stops selection during {off_min:.0f} minutes of this picture."
    drawn = "Every vehicle is" if every == 1 else f"One vehicle in {every} is"
    return (
        f"{said} {drawn} drawn as a line. In the queue, each moves when the wave of a vehicle that passed reaches it."
    )


def _key(log: Log, plan: Plan, span_s: tuple[float, float]) -> list[Artist]:
    spans = valve_spans(log, plan, span_s)
    states = {state for *_, state in spans}
    samples: dict[Valve, Artist] = {
        Valve.OPEN: Patch(facecolor="white", edgecolor=MUTED, linewidth=0.6, label="selecting"),
        Valve.SUSPENDED: Patch(facecolor=MIDDLE, linewidth=0.0, label="selection suspended"),
        Valve.LIFTED: Patch(facecolor=DARK, linewidth=0.0, label="funnel lifted"),
    }
    key: list[Artist] = [
        Line2D([], [], color=STRONG, linewidth=0.9, label="vehicle"),
        Line2D([], [], color=INK, linewidth=2.2, label="end of the queue"),
        Line2D([], [], linewidth=0, marker="v", markersize=5.0, color=WARM, label="diverted for inspection"),
        Patch(facecolor=LIGHT, linewidth=0.0, label="lane"),
        *(sample for state, sample in samples.items() if state in states),
    ]
    if sum(end - begin for begin, end, _ in spans) < span_s[1] - span_s[0]:
        key.append(Patch(facecolor=CLOSED, edgecolor=GRID, linewidth=0.6, label="outside the operation"))
    return key


def _footer(log: Log, scenario: Scenario) -> Footer:
    parts = f"seed {log.traffic.seed}", f"operation {log.traffic.replication}", f"funnelsim {funnelsim.__version__}"
    return Footer(scenario.title, (*parts, "one of many operations: other days look different"))
