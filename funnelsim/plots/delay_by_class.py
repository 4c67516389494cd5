"""The figure of how delay is distributed, over all vehicles and by class."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MultipleLocator

from funnelsim.analysis.estimates import estimate_text, how_often
from funnelsim.analysis.series import DELAY_BIN_S, DELAY_BINS
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.experiments.run import Run
from funnelsim.plots.formatting import minutes, plain, shortened
from funnelsim.plots.style import DARK, INK, LIGHT, MIDDLE, WARM, house_style, in_words_only, laid_out, new_figure
from funnelsim.units import HOUR_MIN, MIN_PER_S, MINUTE_S

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_EDGES_MIN = np.arange(DELAY_BINS + 1) * DELAY_BIN_S / MINUTE_S
_TITLE = "How long drivers are delayed, by vehicle class"


@dataclass(frozen=True)
class Distribution:
    """How the delays of a group of vehicles are distributed.

    Attributes
    ----------
    name
        Of the group, in words.
    counts
        Vehicles by delay bin, all replications together, shape (bins,).
    """

    name: str
    counts: IntArray

    @property
    def longer(self) -> FloatArray:
        """Share of vehicles with a delay longer than each edge of the bins, shape (bins + 1,)."""
        below = np.concatenate([[0], np.cumsum(self.counts)])
        longer: FloatArray = 1.0 - below / below[-1]
        return longer

    def quantiles_min(self, shares: tuple[float, ...]) -> FloatArray:
        """Return the delays in minutes that the given shares of the vehicles stay below."""
        quantiles: FloatArray = np.interp(shares, 1.0 - self.longer, _EDGES_MIN)
        return quantiles

    @property
    def mean_min(self) -> float:
        """Mean delay in minutes."""
        middles = (_EDGES_MIN[:-1] + _EDGES_MIN[1:]) / 2.0
        return float(middles @ self.counts / self.counts.sum())


@house_style()
def delay_by_class(run: Run) -> Figure:
    """Draw which share of drivers is delayed how long, and how this differs between the classes of vehicles.

    Parameters
    ----------
    run
        The replications of one scenario.
    """
    if run.delays.is_empty():
        return in_words_only(run, _TITLE, "No vehicle passes without being inspected, so there are no delays to show.")
    groups = distributions(run)
    figure = new_figure(run, _TITLE, _said(run, groups[0]), height_in=2.6 + 0.28 * len(groups) + 0.5, key=_key())
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.2, 0.28 * len(groups) + 0.15])
    reach_min = _reach_min(groups, run.scenario.limits.p95_delay_min)
    _draw_longer(top, groups[0])
    _draw_classes(below, groups)
    _draw_limit(top, below, run.scenario.limits.p95_delay_min, reach_min)
    top.set_xlim(0.0, reach_min)
    if reach_min > HOUR_MIN:
        top.xaxis.set_major_locator(MultipleLocator(30.0 if reach_min > 2.0 * HOUR_MIN else 15.0))
    laid_out(figure)
    return figure


def distributions(run: Run) -> list[Distribution]:
    """Return the delays of all vehicles and of each class that comes by, the most numerous class first."""
    groups = []
    for name in run.plan.classes:
        rows = run.delays.filter(run.delays["class"] == name)
        bins = (rows["delay_s"].to_numpy() / DELAY_BIN_S).round().astype(np.int64)
        counts = np.zeros(DELAY_BINS, dtype=np.int64)
        counts[bins] = rows["vehicles"].to_numpy()
        if counts.any():
            groups.append(Distribution(plain(name), counts))
    groups.sort(key=lambda group: -group.counts.sum())
    everyone: IntArray = np.array([group.counts for group in groups]).sum(axis=0)
    return [Distribution("all vehicles", everyone), *groups]


def delay_by_class_tables(run: Run) -> dict[str, pl.DataFrame]:
    """Return what the figure draws: the share of all vehicles delayed longer than a time; by class, the quantiles."""
    groups = [] if run.delays.is_empty() else distributions(run)
    rows = [(group.name, *group.quantiles_min(SHARES).tolist(), group.mean_min) for group in groups]
    columns = [*(f"p{100.0 * share:.0f}_min" for share in SHARES), "mean_min"]
    longer = groups[0].longer[:-1] if groups else np.zeros(0)
    return {
        "longer": pl.DataFrame({"delay_min": _EDGES_MIN[: len(longer)], "longer_percent": 100.0 * longer}),
        "classes": pl.DataFrame(rows, schema={"class": pl.String, **dict.fromkeys(columns, pl.Float64)}, orient="row"),
    }


def _said(run: Run, everyone: Distribution) -> str:
    mean = estimate_text(run.estimates["delay_mean_s"], MIN_PER_S)
    said = f"Drivers who are not inspected lose {mean} minutes on average compared with a road without a funnel."
    for held in run.limits():
        if held.key == "p95_delay_min":
            broken = how_often(run.replications[held.measure].to_numpy() > held.value)
            said += f" The limit (95 % of them below {minutes(held.value / MINUTE_S)}) is broken in {broken}."
    if everyone.counts[-1] > 0:
        said += " Delays of four hours and longer are drawn as four hours."
    return said


def _reach_min(groups: list[Distribution], limit_min: float | None) -> float:
    """Return how far the axis of delay goes: nearly all vehicles, and the limit if it is not far beyond."""
    reach = max([groups[0].quantiles_min((0.995,))[0], *(group.quantiles_min((0.95,))[0] for group in groups), 1.0])
    if limit_min is not None and limit_min <= 2.5 * reach:
        reach = max(reach, limit_min)
    return float(min(1.05 * reach, _EDGES_MIN[-1] + 2.0))


def _draw_longer(axes: Axes, everyone: Distribution) -> None:
    # The last bin also holds everything longer, so the curve ends where it begins.
    edges_min, longer = _EDGES_MIN[:-1], 100.0 * everyone.longer[:-1]
    axes.fill_between(edges_min, longer, color=LIGHT, linewidth=0.0)
    axes.plot(edges_min, longer, color=DARK, linewidth=1.6)
    axes.set_ylim(0.0, 100.0)
    axes.set_ylabel("share of all vehicles delayed\nlonger than this, per cent")


def _draw_classes(axes: Axes, groups: list[Distribution]) -> None:
    for row, group in enumerate(groups):
        lowest, lower, median, upper, highest = group.quantiles_min(SHARES)
        axes.barh(row, highest - lowest, left=lowest, height=0.34, color=LIGHT, edgecolor=MIDDLE, linewidth=0.6)
        axes.barh(row, upper - lower, left=lower, height=0.6, color=MIDDLE)
        axes.plot([median, median], [row - 0.36, row + 0.36], color=DARK, linewidth=2.2)
        axes.plot(group.mean_min, row, marker="o", markersize=4.5, color="white", markeredgecolor=INK)
    axes.set_yticks(range(len(groups)), [shortened(group.name, 1.2, 8.0) for group in groups], fontsize=8.0)
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)
    axes.set_xlabel("delay, minutes")


def _draw_limit(top: Axes, below: Axes, limit_min: float | None, reach_min: float) -> None:
    if limit_min is None:
        return
    if limit_min > reach_min:
        text = f"the limit of {minutes(limit_min)} is further to the right"
        top.annotate(text, (1.0, 0.94), xycoords="axes fraction", ha="right", va="top", color=WARM, fontsize=7.5)
        return
    for axes in (top, below):
        axes.axvline(limit_min, color=WARM, linewidth=1.3, linestyle=(0, (6, 2.5)))
    forbidden = Rectangle((limit_min, 5.0), reach_min - limit_min, 95.0, facecolor="none", edgecolor=WARM, hatch="///")
    forbidden.set(alpha=0.35, linewidth=0.0)
    top.add_patch(forbidden)
    text = f"limit {minutes(limit_min)}: beyond it the\ncurve should stay below 5 per cent"
    # The curve falls, so there is room at the upper right, or to the left of a limit that lies far to the right.
    right_end = limit_min if limit_min > 0.6 * reach_min else reach_min
    top.annotate(
        text,
        (right_end, 94.0),
        xytext=(-6.0, 0.0),
        textcoords="offset points",
        ha="right",
        va="top",
        color=WARM,
        backgroundcolor="white",
    )


def _key() -> list[Artist]:
    return [
        Patch(facecolor=LIGHT, edgecolor=MIDDLE, linewidth=0.6, label="9 of 10 vehicles (right end: 95 % stay below)"),
        Patch(color=MIDDLE, linewidth=0.0, label="the middle half"),
        Line2D([], [], color=DARK, linewidth=0, marker="|", markersize=8, markeredgewidth=2.2, label="median"),
        Line2D([], [], linewidth=0, marker="o", markersize=4.5, color="white", markeredgecolor=INK, label="mean"),
    ]
