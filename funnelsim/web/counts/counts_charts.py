"""The charts of a counts file, as options of ECharts: the day that a scenario would use, and all days."""

from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.day_profile import Profile
from funnelsim.plots.style import MIDDLE, WARM_LIGHT
from funnelsim.units import DAY_MIN, HOUR_MIN
from funnelsim.web.chart_style import PLAIN, Options, axis, ink, written
from funnelsim.web.counts.counts_days import CountedDays
from funnelsim.web.desk.charts import COLOURS
from funnelsim.web.language import text

MOST_NAMED: Final = 20
SHADES: Final = ("#e3edf6", "#8db4d6", "#3d7ab0", "#0b3c6f")
SHADES_DARK: Final = ("#1d3a55", "#3d7ab0", "#8db4d6", "#e3edf6")
COLOURS_DARK: Final = (MIDDLE, "#f0a074", "#c9deef", "#9bc46a", "#c58bd6", "#d9b44a")
UNCOUNTED: Final = {"light": WARM_LIGHT, "dark": "#7a3a1c"}


def day_options(day: Profile, *, dark: bool = False) -> Options:
    """Return the vehicles per hour of the day that a scenario would use, by class; what was not counted is marked.

    Parameters
    ----------
    day
        The day.
    dark
        Whether the page is dark.
    """
    minutes = int(day.table["minutes"][0])
    last_min = max(DAY_MIN, int(day.table["start_min"].to_numpy().max()) + minutes)
    starts = list(range(0, last_min, minutes))
    series, colours = [], COLOURS_DARK if dark else COLOURS
    for place, kind in enumerate(day.table["class"].unique().sort().to_list()):
        rows = day.table.filter(pl.col("class") == kind)
        rate = dict(zip(rows["start_min"], rows["vehicles"] * (HOUR_MIN / minutes), strict=True))
        look = {"color": colours[place % len(colours)]}
        data = [None if rate.get(start) is None else round(rate[start], 1) for start in starts]
        series.append({"type": "bar", "name": kind, "stack": "counted", "data": data, "itemStyle": look})
    counted = set(day.table["start_min"])
    return {
        **PLAIN,
        "aria": {"enabled": True, "decal": {"show": True}},
        "legend": {"top": 0, "type": "scroll", "textStyle": {"color": ink(dark=dark)}},
        "tooltip": {"trigger": "axis", ":valueFormatter": written()},
        "grid": {"left": 56, "right": 12, "top": 34, "bottom": 28},
        "xAxis": {"type": "category", "data": [clock_text(start) for start in starts], **axis(dark=dark)},
        "yAxis": [
            {"type": "value", "name": text("vehicles per hour"), **axis(dark=dark)},
            {"type": "value", "show": False, "min": 0, "max": 1},
        ],
        "barCategoryGap": "10%",
        "series": [*series, _uncounted([None if start in counted else 1 for start in starts], dark=dark)],
    }


def _uncounted(data: list[int | None], *, dark: bool) -> Options:
    """Return bars behind the others where nothing was counted."""
    return {
        "type": "bar",
        "name": text("not counted"),
        "yAxisIndex": 1,
        "barGap": "-100%",
        "barCategoryGap": "0%",
        "z": 1,
        "itemStyle": {"color": UNCOUNTED["dark" if dark else "light"]},
        "tooltip": {"show": False},
        "data": data,
    }


def days_options(counted: CountedDays, *, dark: bool = False) -> Options:
    """Return the vehicles per hour of each day and hour; what was not counted is marked.

    Parameters
    ----------
    counted
        The days.
    dark
        Whether the page is dark.
    """
    colours = {"backgroundColor": UNCOUNTED["dark" if dark else "light"]}
    names = [f"{day:%a %d %b %Y}" for day in counted.days]
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "tooltip": {":valueFormatter": written()},
        "grid": {"left": 110, "right": 70, "top": 8, "bottom": 28, "show": True, **colours},
        "xAxis": {"type": "category", "data": [f"{hour:02d}:00" for hour in range(24)], **axis(dark=dark)},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            **axis({"interval": len(names) // MOST_NAMED}, dark=dark),
        },
        "visualMap": {
            "min": 0,
            "max": max([1, *(rate for *_, rate in counted.cells)]),
            "right": 0,
            "top": "middle",
            "itemHeight": 100,
            ":formatter": written(),
            "textStyle": {"color": ink(dark=dark)},
            "inRange": {"color": list(SHADES_DARK if dark else SHADES)},
        },
        "series": [
            {"type": "heatmap", "name": text("vehicles per hour"), "data": [list(one) for one in counted.cells]}
        ],
    }


def days_height_px(counted: CountedDays) -> int:
    """Return how high the chart of the days is."""
    return min(420, 90 + 14 * len(counted.days))
