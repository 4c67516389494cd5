"""The charts of a counts file, as options of ECharts: the day that a scenario would use, and all days."""

import datetime as dt
from typing import Any, Final

import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.day_profile import Profile
from funnelsim.counts.names import LEFT_OUT
from funnelsim.counts.table import Counts
from funnelsim.plots.style import MIDDLE, WARM_LIGHT
from funnelsim.units import DAY_MIN, HOUR_MIN
from funnelsim.web.charts import COLOURS, PLAIN, Options, _colour, _ink
from funnelsim.web.language import text

MOST_DAYS: Final = 366
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
        "legend": {"top": 0, "type": "scroll", "textStyle": {"color": _colour(dark)}},
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 56, "right": 12, "top": 34, "bottom": 28},
        "xAxis": {"type": "category", "data": [clock_text(start) for start in starts], **_ink(dark)},
        "yAxis": [
            {"type": "value", "name": text("vehicles per hour"), **_ink(dark)},
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


def days_options(counts: Counts, whole: Counts, *, dark: bool = False) -> Options | None:
    """Return the vehicles per hour of each day and hour; None where the file has no dates, or a single one.

    Parameters
    ----------
    counts
        The streams, channels and days that are meant.
    whole
        All that the file holds: days of it that are not meant have no row.
    dark
        Whether the page is dark.
    """
    if not counts.dated or counts.table["date"].n_unique() < 2:  # noqa: PLR2004  (of one day there is the other chart)
        return None
    hours = _hours(counts)
    last = hours["date"].to_list()[-1]
    hours = hours.filter(pl.col("date") > last - dt.timedelta(days=MOST_DAYS))
    first = hours["date"].to_list()[0]
    others = {*whole.table["date"].to_list()} - {*counts.table["date"].to_list()}
    all_days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    days = [day for day in all_days if day not in others]
    row = {day: number for number, day in enumerate(days)}
    data = [[hour, row[date], round(rate)] for date, hour, rate in hours.iter_rows()]
    return {
        **PLAIN,
        "aria": {"enabled": True},
        "tooltip": {},
        "grid": {
            "left": 110,
            "right": 70,
            "top": 8,
            "bottom": 28,
            "show": True,
            "backgroundColor": UNCOUNTED["dark" if dark else "light"],
        },
        "xAxis": {"type": "category", "data": [f"{hour:02d}:00" for hour in range(24)], **_ink(dark)},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [f"{day:%a %d %b %Y}" for day in days],
            **_ink(dark, {"interval": len(days) // MOST_NAMED}),
        },
        "visualMap": {
            "min": 0,
            "max": max(1, *(rate for *_, rate in data)),
            "right": 0,
            "top": "middle",
            "itemHeight": 100,
            "textStyle": {"color": _colour(dark)},
            "inRange": {"color": list(SHADES_DARK if dark else SHADES)},
        },
        "series": [{"type": "heatmap", "name": text("vehicles per hour"), "data": data}],
    }


def days_of(counts: Counts) -> int:
    """Return the number of days from the first to the last that was counted."""
    days = counts.table["date"].unique().sort().to_list()
    return int((days[-1] - days[0]).days) + 1


def days_height_px(counts: Counts) -> int:
    """Return how high the chart of the days is."""
    return min(420, 90 + 14 * min(MOST_DAYS, days_of(counts)))


def _hours(counts: Counts) -> pl.DataFrame:
    """Return date, hour and vehicles per hour of intervals counted whole; an hour that comes twice is averaged."""
    left_out = [kind for kind, target in counts.class_map.items() if target.strip() in LEFT_OUT]
    whole = counts.table.filter(~pl.col("partial"), ~pl.col("class").is_in(left_out))
    key: list[Any] = ["date", "start_min", "stream", "channel"]
    each = whole.group_by([*key, "class"]).agg(pl.col("vehicles").mean())
    by_slot = each.group_by("date", "start_min").agg(pl.col("vehicles").sum())
    return (
        by_slot.group_by("date", (pl.col("start_min") // int(HOUR_MIN)).alias("hour"))
        .agg(pl.col("vehicles").mean() * (HOUR_MIN / counts.minutes))
        .sort("date", "hour")
    )
