"""The charts of the desk, as options of ECharts: where targets are lost, and who is busy when."""

import math
from typing import Final

import polars as pl

from funnelsim.experiments.run import Run
from funnelsim.plots.staff_and_bays import staff_and_bays_tables
from funnelsim.plots.style import DARK, MIDDLE, STRONG, WARM
from funnelsim.plots.waterfall import waterfall_table
from funnelsim.units import HOUR_S, MINUTE_S
from funnelsim.web.chart_style import PLAIN, Options, axis, ink
from funnelsim.web.language import text

COLOURS: Final = (DARK, WARM, MIDDLE, "#5b7f2a", "#7a4b8c", "#8a6d1d")
ON_DARK: Final = ("#8ab8de", "#f0a074", "#d7d7d7", "#a3c76d", "#c9a0dc", "#e0c25a")
"""The same curves on a dark page: each stands out from it by 3 to 1 at least."""

LINES: Final = ("solid", "dashed", "dotted")
EVERY: Final = 3
HOUR_MIN: Final = 60
MOST_TICKS: Final = 9
"""Hours that can be written below a chart; over several days only some of them are."""

STEPS_H: Final = (1, 2, 3, 4, 6, 12, 24)
CLOCK: Final = {
    ":formatter": "at => `${String(Math.floor(at / 60) % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`"
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
    names = [row["step"] for row in rows]
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
            **axis(dark=dark),
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
    """Return how many officers of each agency, and how many bays, are in use over the day, with how many there are.

    Parameters
    ----------
    run, dark
        As in `loss_options`.
    """
    tables = staff_and_bays_tables(run)
    names = tables["in_use"]["resource"].unique(maintain_order=True).to_list()
    series, colours = [], ON_DARK if dark else COLOURS
    from_min, to_min, step_min = (HOUR_MIN * hours for hours in _hours(tables["in_use"]))
    for place, name in enumerate(names):
        look = {"color": colours[place % len(colours)], "type": LINES[place // len(COLOURS) % len(LINES)]}
        used = tables["in_use"].filter(pl.col("resource") == name)
        there = tables["available"].filter(pl.col("resource") == name)
        series.append(_line(name, _points(used, "mean_number"), {**look, "width": 2}))
        series.append(_line(name, _steps(there, used), {**look, "width": 1, "opacity": 0.55}, step="end"))
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "legend": {"data": names, "top": 0, "type": "scroll", "textStyle": {"color": ink(dark=dark)}},
        "grid": {"left": 40, "right": 20, "top": 34, "bottom": 28},
        "xAxis": {"type": "value", "min": from_min, "max": to_min, "interval": step_min, **axis(CLOCK, dark=dark)},
        "yAxis": {"type": "value", "minInterval": 1, **axis(dark=dark)},
        "series": series,
    }


def _bar(row: Options, *, dark: bool) -> Options:
    """Return the bar of a step, with its share and the interval of it."""
    low, high = row["low_percent"], row["high_percent"]
    between = "" if low is None or high is None else f" ({low:.1f} to {high:.1f})"
    label = {
        "show": True,
        "position": "right",
        "color": ink(dark=dark),
        "formatter": f"{row['share_percent']:.1f}{between}",
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


def _line(name: str, data: list[list[float]], look: Options, *, step: str | None = None) -> Options:
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


def _points(table: pl.DataFrame, column: str) -> list[list[float]]:
    """Return a curve as pairs of minutes after midnight and values, one for every third of its points."""
    thin = table.gather_every(EVERY)
    return [[time_s / MINUTE_S, round(value, 2)] for time_s, value in zip(thin["time_s"], thin[column], strict=True)]


def _steps(there: pl.DataFrame, used: pl.DataFrame) -> list[list[float]]:
    """Return how many there are as steps, from the beginning to the end of what is drawn."""
    from_min, to_min = (float(used["time_s"][end]) / MINUTE_S for end in (0, -1))
    steps = [
        [max(from_min, time_s / MINUTE_S), float(number)]
        for time_s, number in there.select("time_s", "there_number").iter_rows()
    ]
    return [*steps, [to_min, steps[-1][1]]]


def _hours(used: pl.DataFrame) -> tuple[int, int, int]:
    """Return the whole hours between which something is drawn, and after how many hours one is written."""
    first_h, last_h = (float(used["time_s"][end]) / HOUR_S for end in (0, -1))
    for step_h in STEPS_H:
        begin, end = math.floor(first_h / step_h), math.ceil(last_h / step_h)
        if end - begin <= MOST_TICKS:
            break
    return step_h * begin, step_h * end, step_h
