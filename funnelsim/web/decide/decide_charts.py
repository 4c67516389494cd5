"""The charts of a decision, as options of ECharts: the tornado of levers, and the trade-off of an optimisation."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.plots.style import DARK, MIDDLE, STRONG, WARM
from funnelsim.reporting.optimise_words import NEAREST
from funnelsim.web.chart_style import PLAIN, Options, axis, ink
from funnelsim.web.decide.point_words import keeps_all, measure_text, point_lines, surely_keeps
from funnelsim.web.decide.shown import AGAINST, ON_FRONT, TRIED
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

LOOKS: Final[Mapping[str, tuple[str, int, str]]] = {
    TRIED: ("circle", 8, "#808080"),
    ON_FRONT: ("circle", 11, MIDDLE),
    TODAY: ("rect", 13, DARK),
    RUNNER_UP: ("triangle", 14, STRONG),
    NEAREST: ("diamond", 18, DARK),
    BEST: ("diamond", 18, DARK),
}
"""Symbol, size in pixels and colour of each kind of plan; shapes tell them apart without colours.

A plan that breaks a limit is hollow, as in the figures, and has the one warm colour.
"""

ON_DARK: Final[Mapping[str, str]] = {DARK: "#dcdcdc", STRONG: "#7fb0de", WARM: "#ff9a66"}
"""Colours that a dark page needs in the place of others."""

WORDS: Final = (
    mark("plan tried"),
    mark("plan on the front"),
    mark("today's plan"),
    mark("runner-up"),
    mark("best plan"),
    mark("nearest plan"),
)
UNSURE_PX: Final = 5
"""A plan that was only tried, and of which too few operations are known to be sure that it keeps its limits."""

ROW_PX: Final = 26
LONGEST_LABEL_PX: Final = 260
LETTER_PX: Final = 7

CROSS: Final = """(params, api) => {
  const at = (x, y) => api.coord([x, y]);
  const ink = api.visual('color');
  const line = (from, to) => ({type: 'line', silent: true, style: {stroke: ink, lineWidth: 1.5},
    shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}});
  const [x, y, left, right, low, high] = [0, 1, 2, 3, 4, 5].map(place => api.value(place));
  const lines = [];
  if (Number.isFinite(left) && Number.isFinite(right)) lines.push(line(at(left, y), at(right, y)));
  if (Number.isFinite(low) && Number.isFinite(high)) lines.push(line(at(x, low), at(x, high)));
  return {type: 'group', children: lines};
}"""
"""Draws the intervals of a plan in both directions."""

WHISKER: Final = """(params, api) => {
  const from = api.coord([api.value(1), api.value(0)]), to = api.coord([api.value(2), api.value(0)]);
  if (!Number.isFinite(from[0]) || !Number.isFinite(to[0])) return null;
  return {type: 'line', silent: true, style: {stroke: api.visual('color'), lineWidth: 1.5},
    shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}};
}"""
"""Draws the interval of a bar."""

_FAR: Final = 3.0
"""Times the largest value of a plan: a limit beyond would press all plans into a corner."""

_BEYOND: Final = 1.15
"""Times the limit that is drawn: the end of its axis, unless plans lie beyond."""

SAID: Final = "params => params.data.said"
"""Returns what a point says when it is pointed at."""

Bars = Sequence[Mapping[str, Any]]
Groups = Mapping[tuple[str, bool], Sequence[int]]
"""By kind of plan, and whether it keeps its limits, the numbers of points."""


def tornado_height_px(bars: Bars) -> int:
    """Return how high the tornado is, in pixels."""
    return 70 + ROW_PX * len(bars)


def tornado_options(bars: Bars, *, dark: bool = False) -> Options:
    """Return the tornado: the difference in finds that each lever makes, a bar each, the choice that moves most on top.

    Parameters
    ----------
    bars
        As `shown_of_levers` returns them.
    dark
        Whether the page is dark.
    """
    colour = ink(dark=dark)
    names = [numbers(f"{bar['choice']}: {bar['to']}") for bar in bars]
    label_px = min(LONGEST_LABEL_PX, LETTER_PX * max(map(len, names), default=0))
    face = [{"color": MIDDLE if bar["seen"] else "transparent", "borderColor": MIDDLE} for bar in bars]
    whiskers = [[row, *bar["found"][1:]] for row, bar in enumerate(bars)]
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "grid": {"left": label_px + 10, "right": 24, "top": 8, "bottom": 48},
        "xAxis": {
            "type": "value",
            "name": text("Difference in targets found per operation"),
            "nameLocation": "middle",
            "nameGap": 28,
            **axis(dark=dark),
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            **axis({"width": label_px, "overflow": "truncate"}, dark=dark),
        },
        "series": [
            {
                "type": "bar",
                "barWidth": "62%",
                "data": [{"value": bar["found"][0], "itemStyle": style} for bar, style in zip(bars, face, strict=True)],
            },
            {
                "type": "custom",
                "silent": True,
                "z": 5,
                "color": colour,
                ":renderItem": WHISKER,
                "encode": {"x": [1, 2], "y": 0},
                "data": whiskers,
            },
        ],
    }


def burdens(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the measures that plans can be drawn against, those of all named plans."""
    return [name for name in AGAINST if any(name in point["estimates"] for point in points)]


def trade_off_options(shown: Mapping[str, Any], against: str, groups: Groups, *, dark: bool = False) -> Options:
    """Return the trade-off: targets found against what it costs, each plan with its intervals, and the limits.

    Whether a plan keeps its limits is a matter of operations, not of means: each point shows it for itself.

    Parameters
    ----------
    shown
        As `shown_of_optimum` returns it.
    against
        The measure to draw finds against.
    groups
        As `grouped` returns them.
    dark
        Whether the page is dark.
    """
    series: list[Options] = []
    for (kind, kept), of_group in groups.items():
        symbol, size, of_kind = LOOKS[kind]
        colour = of_kind if kept else WARM
        colour = ON_DARK.get(colour, colour) if dark else colour
        points = [shown["points"][number] for number in of_group]
        crosses = [_cross(point, against) for point in points]
        series.append(
            {
                "type": "scatter",
                "name": _group_text(kind, kept=kept),
                "symbol": symbol,
                "symbolSize": size,
                "color": colour,
                "itemStyle": {} if kept else {"color": "transparent", "borderColor": colour, "borderWidth": 2},
                "z": 6,
                "data": [
                    {
                        "value": cross[:2],
                        "said": "<br>".join(map(escape, point_lines(point, against))),
                        **({"symbolSize": UNSURE_PX} if kind == TRIED and kept and not surely_keeps(point) else {}),
                    }
                    for cross, point in zip(crosses, points, strict=True)
                ],
            }
        )
        series.append(
            {
                "type": "custom",
                "silent": True,
                "z": 5,
                "color": colour,
                ":renderItem": CROSS,
                "encode": {"x": [0, 2, 3], "y": [1, 4, 5]},
                "data": crosses,
            }
        )
    most = _limit_drawn(shown, against, groups)
    end = None if most is None else _axis_end(most, _crosses(shown, against, groups))
    if series:
        beyond = None if most is None or end is None else (most, end)
        series[0]["markArea"] = _forbidden(beyond, shown["find_at_least"], dark=dark)
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "legend": {
            "top": 0,
            "data": [_group_text(kind, kept=kept) for kind, kept in groups],
            "textStyle": {"color": ink(dark=dark)},
        },
        "grid": {"left": 60, "right": 30, "top": 36, "bottom": 48},
        "tooltip": {"trigger": "item", "confine": True, ":formatter": SAID},
        "xAxis": {
            "type": "value",
            "scale": True,
            **({} if end is None else {"max": end}),
            "name": measure_text(against),
            "nameLocation": "middle",
            "nameGap": 28,
            **axis(dark=dark),
        },
        "yAxis": {
            "type": "value",
            "scale": True,
            "name": text("targets found per operation"),
            "nameLocation": "middle",
            "nameGap": 44,
            **axis(dark=dark),
        },
        "series": series,
    }


def _crosses(shown: Mapping[str, Any], against: str, groups: Groups) -> list[list[float | None]]:
    """Return mean against and mean found of all plans, with the ends of both intervals."""
    return [_cross(shown["points"][number], against) for numbers in groups.values() for number in numbers]


def _axis_end(most: float, crosses: Sequence[Sequence[float | None]]) -> float:
    """Return the end of the axis, so that the limit and all plans are on it."""
    ends = [one for cross in crosses for one in (cross[0], cross[3]) if one is not None]
    return float(f"{max(_BEYOND * most, 1.02 * max(ends)):.3g}")


def _group_text(kind: str, *, kept: bool) -> str:
    return text(kind) if kept else text("{plan}: breaks a limit").format(plan=text(kind))


def grouped(points: Sequence[Mapping[str, Any]], against: str) -> dict[tuple[str, bool], list[int]]:
    """Return by kind of plan, and whether it keeps its limits, the numbers of the points that have both measures."""
    known = [number for number, point in enumerate(points) if {FOUND, against} <= set(point["estimates"])]
    groups = {
        (kind, kept): [n for n in known if points[n]["name"] == kind and keeps_all(points[n]) is kept]
        for kind in LOOKS
        for kept in (True, False)
    }
    return {group: numbers for group, numbers in groups.items() if numbers}


def _cross(point: Mapping[str, Any], against: str) -> list[float | None]:
    """Return mean against and mean found, then the ends of both intervals."""
    x, y = point["estimates"][against], point["estimates"][FOUND]
    return [x[0], y[0], *x[1:], *y[1:]]


def limit_is_far(shown: Mapping[str, Any], against: str, groups: Groups) -> bool:
    """Tell whether the measure has a limit, but so far from all plans that it is not drawn."""
    return against in shown["limits"] and _limit_drawn(shown, against, groups) is None


def _limit_drawn(shown: Mapping[str, Any], against: str, groups: Groups) -> float | None:
    """Return the limit of the measure where it lies among the plans, or not far beyond; None where it does not."""
    if against not in shown["limits"]:
        return None
    most = float(shown["limits"][against]["most"])
    drawn = [cross[0] or 0.0 for cross in _crosses(shown, against, groups)]
    return most if most <= _FAR * max(drawn, default=0.0) else None


def _forbidden(beyond: tuple[float, float] | None, least: float | None, *, dark: bool) -> Options:
    """Return what is shaded: from the limit of the measure to the end of the axis, and below the finds wanted."""
    areas: list[list[Options]] = []
    if beyond is not None:
        areas.append([{"name": text("mean beyond the limit"), "xAxis": beyond[0]}, {"xAxis": beyond[1]}])
    if least is not None:
        areas.append([{"name": text("fewer than wanted"), "yAxis": 0.0}, {"yAxis": least}])
    return {
        "silent": True,
        "itemStyle": {"color": WARM, "opacity": 0.16},
        "label": {"color": ink(dark=dark), "position": "insideTop"},
        "data": areas,
    }
