"""The charts of the desk, as options of ECharts: where targets are lost, and who is busy when."""

import math
from collections.abc import Mapping
from typing import Final

import polars as pl

from funnelsim.experiments.run import Run
from funnelsim.plots.staff_and_bays import staff_and_bays_tables
from funnelsim.plots.style import DARK, MIDDLE, STRONG, WARM
from funnelsim.plots.waterfall import waterfall_table
from funnelsim.units import MINUTE_S
from funnelsim.web.chart_style import PLAIN, Options, axis, ink
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

Curve = list[tuple[float, float]]

COLOURS: Final = (DARK, WARM, MIDDLE, "#5b7f2a", "#7a4b8c", "#8a6d1d")
ON_DARK: Final = ("#8ab8de", "#f0a074", "#d7d7d7", "#a3c76d", "#c9a0dc", "#e0c25a")
"""The same curves on a dark page: each stands out from it by 3 to 1 at least."""

STEPS: Final = (
    *(mark("evaded"), mark("lost at the exit"), mark("looked at, not selected"), mark("inspected, but missed")),
    *(mark("suspended, or in the last minutes"), mark("while a post was unstaffed")),
    *(mark("selected, but the area was full"), mark("found")),
)
"""Where targets are lost, and that they are found, as the waterfall names it."""

LINES: Final = ("solid", "dashed", "dotted")
EVERY: Final = 3
HOUR_MIN: Final = 60
MOST_TICKS: Final = 9
"""Hours that can be written below a chart; over several days only some of them are."""

STEPS_MIN: Final = tuple(HOUR_MIN * hours for hours in (1, 2, 3, 4, 6, 12, 24))
CLOCK: Final = {
    "hideOverlap": True,
    ":formatter": "at => `${String(Math.floor(at / 60) % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`",
}
NAMES: Final[Options] = {"width": 140, "overflow": "break", "lineHeight": 13, "fontSize": 11}


def loss_options(run: Run, *, dark: bool = False) -> Options:
    """Return the waterfall: of 100 targets how many are lost at each step, and how many are found.

    Parameters
    ----------
    run
        The plan's run.
    dark
        Whether the page is dark.
    """
    rows = waterfall_table(run).to_dicts()
    names = [text(row["step"]) for row in rows]
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "grid": {"left": 150, "right": 120, "top": 8, "bottom": 40},
        "xAxis": {
            "type": "value",
            "max": 100,
            "name": text("of 100 targets"),
            "nameLocation": "middle",
            "nameGap": 24,
            **axis({"hideOverlap": True}, dark=dark),
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            **axis(dark=dark),
            "axisLabel": {**axis(dark=dark)["axisLabel"], **NAMES},
        },
        "series": [
            {
                "type": "bar",
                "stack": "one",
                "silent": True,
                "itemStyle": {"color": "transparent"},
                "data": [row["from_percent"] for row in rows],
            },
            {"type": "bar", "stack": "one", "barWidth": "65%", "data": [_bar(row, dark=dark) for row in rows]},
        ],
    }


def crew_options(run: Run, *, dark: bool = False) -> Options:
    """Return over the day what inspections use of officers, bays and equipment, and how much of it is free for them.

    Officers at fixed posts or on a break are not.

    Parameters
    ----------
    run, dark
        As in `loss_options`.
    """
    tables = staff_and_bays_tables(run)
    used = _curves(tables["in_use"], "mean_number")
    there = _curves(tables["available"], "free_number")
    from_min, to_min, step_min = _ends_min(used)
    series, colours = [], ON_DARK if dark else COLOURS
    names = {name: text("bays") if name == "bays" else name for name in used}
    for place, (name, curve) in enumerate(used.items()):
        look = {"color": colours[place % len(colours)], "type": LINES[place // len(COLOURS) % len(LINES)]}
        series.append(_line(names[name], curve[::EVERY], {**look, "width": 2}))
        steps = [(max(at_min, curve[0][0]), number) for at_min, number in there[name]]
        drawn = [*steps, (curve[-1][0], steps[-1][1])]
        series.append(_line(names[name], drawn, {**look, "width": 1, "opacity": 0.55}, step="end"))
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "legend": {"data": list(names.values()), "top": 0, "type": "scroll", "textStyle": {"color": ink(dark=dark)}},
        "grid": {"left": 40, "right": 20, "top": 34, "bottom": 28},
        "xAxis": {"type": "value", "min": from_min, "max": to_min, "interval": step_min, **axis(CLOCK, dark=dark)},
        "yAxis": {"type": "value", "minInterval": 1, **axis(dark=dark)},
        "series": series,
    }


def _bar(row: Options, *, dark: bool) -> Options:
    """Return the bar of a step, with its share and the interval of it."""
    low, high = row["low_percent"], row["high_percent"]
    between = "" if low is None or high is None else f" ({low:.1f} {text('to')} {high:.1f})"
    label = {
        "show": True,
        "position": "right",
        "color": ink(dark=dark),
        "formatter": numbers(f"{row['share_percent']:.1f}{between}"),
    }
    return {
        "value": row["share_percent"],
        "itemStyle": {"color": _fill(row["step"], dark=dark)},
        "label": label,
    }


def _fill(step: str, *, dark: bool) -> str:
    if step == "found":
        return ON_DARK[0] if dark else STRONG
    return ON_DARK[1] if dark else WARM


def _line(name: str, data: Curve, look: Options, *, step: str | None = None) -> Options:
    more = {} if step is None else {"step": step}
    return {
        "type": "line",
        "name": name,
        "data": data,
        "showSymbol": False,
        "lineStyle": look,
        "itemStyle": {"color": look["color"]},
        "silent": True,
        **more,
    }


def _curves(table: pl.DataFrame, column: str) -> dict[str, Curve]:
    """Return by resource pairs of minutes after midnight and values."""
    curves: dict[str, Curve] = {}
    for name, time_s, value in table.select("resource", "time_s", column).iter_rows():
        curves.setdefault(name, []).append((time_s / MINUTE_S, round(value, 2)))
    return curves


def _ends_min(curves: Mapping[str, Curve]) -> tuple[int, int, int]:
    """Return between which hours something is drawn, and after how many one is written, in minutes."""
    first, *_ = curves.values()
    from_min, to_min = first[0][0], first[-1][0]
    for step_min in STEPS_MIN:
        begin, end = math.floor(from_min / step_min), math.ceil(to_min / step_min)
        if end - begin <= MOST_TICKS:
            break
    return step_min * begin, step_min * end, step_min
