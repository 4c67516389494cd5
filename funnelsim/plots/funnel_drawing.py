"""A funnel drawn from above: the road to scale with what stands beside it, the lane enlarged, and the area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Annotation, Text
from matplotlib.ticker import MaxNLocator

from funnelsim.plots.style import CLOSED, INK, LIGHT, MUTED, STRONG, WARM
from funnelsim.wording import counted

_ROAD = "#d6d6d6"
_LEAST_M = 300.0  # of road that the picture shows upstream of the taper
_FURTHER = 1.08  # than the queue
_LABEL_SHARE = 0.22  # of the width of the picture: the label of the first mark, which stands upstream of it
_LANE_MORE = 0.04  # of that length, at least, follows behind the selection point
_BEHIND = 0.21  # of that length follows behind the taper, where the lengths of the queue are written
_TAPER_M = 50.0  # the scenario does not say how long the cones close the lanes
_SELECTION_AT = 0.42  # of the width of the enlarged part; the area is drawn below what lies behind
_LABEL_PT = 7.5
_FIRST_PT, _ROW_PT = 7.0, 11.0  # from the road to the lowest labels, and from there to the next
_MOST_A_ROW = 8  # spaces side by side
_WAITING, _BAYS = (0.47, 0.67), (0.72, 0.98)  # where they are drawn, in shares of the width
_DASHES: dict[str, Any] = {"warning sign": (0, (4, 1.5)), "exit": (0, (1.2, 1.2))}


@dataclass(frozen=True)
class Site:
    """What is drawn of a funnel.

    Attributes
    ----------
    lanes
        Of the road; one stays open in the funnel.
    approach_m, lane_m
        Lengths of the road upstream of the taper and of the lane.
    marks
        What stands upstream of the taper: its name and its distance.
    mean_m, mean_text, worst_m
        The longest queue of an operation: its mean, as it is written everywhere, and the longest of all.
    many
        Whether several operations were simulated.
    waiting, bays
        Spaces of the area.
    """

    lanes: int
    approach_m: float
    lane_m: float
    marks: Mapping[str, float]
    mean_m: float
    mean_text: str
    worst_m: float
    many: bool
    waiting: int
    bays: int

    @property
    def open_from(self) -> float:
        """Lower edge of the lane that stays open, where the road reaches from 0 to 1."""
        return 1.0 - 1.0 / self.lanes


def draw_road(axes: Axes, site: Site) -> list[Annotation]:
    """Draw the road down to the selection point with the queue; return the labels above it, to be placed later."""
    reach_m, to_m = _shown(site)
    _pave(axes, site, reach_m, to_m)
    if site.many:
        _queue(axes, site, (site.worst_m, site.mean_m), facecolor=LIGHT, edgecolor=STRONG, hatch="////")
    _queue(axes, site, (site.mean_m, -site.lane_m), facecolor=STRONG)
    lengths = {f"worst {site.worst_m:,.0f} m": site.worst_m}
    if site.many:
        lengths = {f"mean {site.mean_text} m": site.mean_m, **lengths}
    for row, (text, length_m) in enumerate(lengths.items()):
        if length_m > 0.0:
            _measure(axes, (length_m, 0.0), -0.32 - 0.52 * row, text if site.many else f"{length_m:,.0f} m")
    labels = [_mark(axes, at_m, f"{name} {at_m:,.0f} m", name) for name, at_m in site.marks.items()]
    labels += [_mark(axes, 0.0, "taper", ""), _mark(axes, -site.lane_m, "selection point", "")]
    axes.set(xlim=(reach_m, to_m), ylim=(-1.1, 2.5))
    ticks_m = [tick for tick in MaxNLocator(8).tick_values(0.0, reach_m) if 0.0 <= tick <= reach_m]
    axes.set_xticks(ticks_m, [f"{tick:,.0f}" for tick in ticks_m])
    axes.set_xlabel(
        f"metres upstream of the taper; traffic runs from left to right, on an approach of {site.approach_m:,.0f} m"
    )
    _bare(axes)
    return labels


def _shown(site: Site) -> tuple[float, float]:
    """Return from where to where the road is drawn: beyond all that is marked, with room for the labels."""
    first_m = max([*site.marks.values(), _LEAST_M])
    reach_m = max(
        _FURTHER * site.worst_m,
        first_m / (1.0 - _LABEL_SHARE * (1.0 + _BEHIND)),
        (first_m + _LABEL_SHARE * site.lane_m) / (1.0 - _LABEL_SHARE * (1.0 + _LANE_MORE)),
    )
    return reach_m, -max(site.lane_m + _LANE_MORE * reach_m, _BEHIND * reach_m)


def draw_area(axes: Axes, site: Site) -> None:
    """Draw the taper and the lane enlarged, and the area with its spaces below what follows."""
    from_m = 1.3 * _TAPER_M
    to_m = from_m - (from_m + site.lane_m) / _SELECTION_AT
    axes.set(xlim=(from_m, to_m), ylim=(-2.6, 1.6))
    _pave(axes, site, from_m, to_m)
    if site.mean_m > 0.0:
        _queue(axes, site, (min(site.mean_m, from_m), -site.lane_m), facecolor=STRONG)
    for at_m in (0.0, -site.lane_m):
        axes.plot([at_m, at_m], [site.open_from, 1.0], color=INK, linewidth=1.1, zorder=5)
    above: dict[str, Any] = {"xytext": (0.0, 3.0), "textcoords": "offset points", "va": "bottom", "fontsize": _LABEL_PT}
    for at_m, text, side in (
        (0.0, "taper", "center"),
        (-site.lane_m, "selection point", "center"),
        (to_m, "let pass →", "right"),
    ):
        axes.annotate(text, (at_m, 1.0), ha=side, **above)
    _measure(axes, (0.0, -site.lane_m), -0.4, f"lane {site.lane_m:,.0f} m", below=True)
    note = "The taper and the lane, enlarged,\nand the area with its spaces"
    axes.text(0.0, -2.4, note, transform=axes.get_yaxis_transform(), fontsize=7.0, va="bottom", color=MUTED)
    _spaces(axes, site)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    _bare(axes)


def _pave(axes: Axes, site: Site, from_m: float, to_m: float) -> None:
    """Draw the road: all lanes up to the taper, one of them open behind it."""
    edge = site.open_from
    axes.add_patch(Rectangle((to_m, 0.0), from_m - to_m, 1.0, facecolor=_ROAD, linewidth=0.0, zorder=1))
    if site.lanes > 1:
        corners = [(_TAPER_M, 0.0), (0.0, edge), (to_m, edge), (to_m, 0.0)]
        axes.add_patch(Polygon(corners, facecolor=CLOSED, edgecolor="#b5b5b5", hatch="xxxx", linewidth=0.0, zorder=3))
        axes.plot([_TAPER_M, 0.0, to_m], [0.0, edge, edge], color=INK, linewidth=0.8, zorder=4)
        for lane in range(1, site.lanes):
            height = lane / site.lanes
            axes.plot([from_m, _TAPER_M], [height, height], color="white", linewidth=1.0, dashes=(6, 5), zorder=3)
    axes.plot([from_m, to_m], [1.0, 1.0], color=INK, linewidth=0.8, zorder=4)
    axes.plot([from_m, _TAPER_M if site.lanes > 1 else to_m], [0.0, 0.0], color=INK, linewidth=0.8, zorder=4)


def _queue(axes: Axes, site: Site, span_m: tuple[float, float], **look: Any) -> None:  # noqa: ANN401  (as matplotlib)
    """Fill the road where the queue stands: all lanes upstream of the taper, one lane downstream of it."""
    if not site.worst_m > 0.0:
        return
    from_m, to_m = span_m
    axes.add_patch(Rectangle((max(to_m, 0.0), 0.0), from_m - max(to_m, 0.0), 1.0, linewidth=0.0, zorder=2, **look))
    if to_m < 0.0:
        edge = site.open_from
        axes.add_patch(Rectangle((to_m, edge), -to_m, 1.0 - edge, linewidth=0.0, zorder=2, **look))


def _measure(axes: Axes, span_m: tuple[float, float], height: float, text: str, *, below: bool = False) -> None:
    """Draw a line with ends along a stretch, and write its length behind or below it."""
    ends = {"arrowstyle": "|-|, widthA=0.2, widthB=0.2", "color": INK, "linewidth": 0.8, "shrinkA": 0.0, "shrinkB": 0.0}
    axes.annotate("", (span_m[0], height), (span_m[1], height), arrowprops=ends, annotation_clip=False)
    at_m, shift = (sum(span_m) / 2.0, (0.0, -4.0)) if below else (span_m[1], (4.0, 0.0))
    axes.annotate(
        text,
        (at_m, height),
        xytext=shift,
        textcoords="offset points",
        ha="center" if below else "left",
        va="top" if below else "center",
        fontsize=_LABEL_PT,
        annotation_clip=False,
    )


def _mark(axes: Axes, at_m: float, text: str, name: str) -> Annotation:
    """Draw a line across the road with a label above it."""
    colour = WARM if name == "critical point" else INK
    width = 1.8 if name == "critical point" else 1.2
    axes.plot([at_m] * 2, [0.0, 1.0], color=colour, linewidth=width, linestyle=_DASHES.get(name, "-"), zorder=5)
    leader = {
        "arrowstyle": "-",
        "color": colour,
        "linewidth": 0.7,
        "shrinkA": 0.0,
        "shrinkB": 0.0,
        "relpos": (1.0, 0.0),
    }
    return axes.annotate(
        text,
        (at_m, 1.0),
        xytext=(0.0, _FIRST_PT),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=_LABEL_PT,
        fontweight="bold" if name else "normal",
        color=colour,
        arrowprops=leader,
        annotation_clip=False,
    )


def place_labels(axes: Axes, labels: Sequence[Annotation]) -> None:
    """Raise labels above the road into rows, so that none lies on another; the figure must be laid out.

    Each stands upstream of its line, and those further downstream stand higher, so no line runs through a label.
    """
    rows_end: list[float] = []
    for label in sorted(labels, key=lambda label: -float(label.xy[0])):
        end = float(axes.transData.transform(label.xy)[0])
        begin = end - Text.get_window_extent(label).width
        row = next((row for row, taken in enumerate(rows_end) if taken < begin), len(rows_end))
        rows_end[row : row + 1] = [end + 3.0]
        label.set_position((0.0, _FIRST_PT + _ROW_PT * row))


def _spaces(axes: Axes, site: Site) -> None:
    """Draw the area below the road, with the way into it."""
    across = axes.get_yaxis_transform()
    left, bottom, top = _SELECTION_AT + 0.025, -2.45, -0.45
    axes.add_patch(
        Rectangle(
            (left, bottom), 1.0 - left, top - bottom, transform=across, facecolor="#f4f7fa", edgecolor=MUTED, zorder=1
        )
    )
    for (start, end), number, name in ((_WAITING, site.waiting, "waiting space"), (_BAYS, site.bays, "bay")):
        axes.text(
            start, top - 0.12, counted(number, name), transform=across, va="top", fontsize=_LABEL_PT, fontweight="bold"
        )
        _boxes(axes, number, (start, end), (bottom + 0.15, top - 0.62))
    if site.waiting + site.bays == 0:
        return
    arrow = {"arrowstyle": "-|>", "color": WARM, "linewidth": 1.4, "connectionstyle": "angle,angleA=0,angleB=90,rad=6"}
    inside = (_WAITING[0] - 0.005, -1.6)
    from_ = (-site.lane_m, site.open_from + 0.5 / site.lanes)
    axes.annotate("", inside, from_, xycoords=across, textcoords="data", arrowprops=arrow | {"shrinkA": 0.0}, zorder=6)


def _boxes(axes: Axes, number: int, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Draw so many spaces side by side in as many rows as they need."""
    if number == 0:
        return
    rows = max(2, -(-number // _MOST_A_ROW))
    a_row = max(_MOST_A_ROW // 2, -(-number // rows))
    width, height = (across[1] - across[0]) / a_row, (up[1] - up[0]) / rows
    for space in range(number):
        row, column = divmod(space, a_row)
        corner = (across[0] + (column + 0.08) * width, up[1] - (row + 0.9) * height)
        box = Rectangle(corner, 0.84 * width, 0.8 * height, transform=axes.get_yaxis_transform(), zorder=2)
        box.set(facecolor="white", edgecolor=INK, linewidth=0.8)
        axes.add_patch(box)


def _bare(axes: Axes) -> None:
    """Leave a panel without a vertical axis."""
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
