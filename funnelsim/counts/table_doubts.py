"""What is strange in counts of any format: channels that are the sum of others, values beyond any other day's."""

from typing import Final

import numpy as np
import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.sums import find_sums
from funnelsim.counts.table import stream_label
from funnelsim.wording import joined

_PLACE: Final = ["stream", "channel"]
_SLOT: Final = ["date", "start_min"]
_NAMED: Final = 5
_MOST_PLACES: Final = 24
_FEWEST_DAYS: Final = 4
_BEYOND_USUAL: Final = 5.0
_BEYOND_BUSY: Final = 1.5
_BUSY: Final = 0.98
_FEWEST_PER_HOUR: Final = 200


def doubt_table(sums: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> None:
    """Doubt what is strange in counts.

    Parameters
    ----------
    sums
        The vehicles of all classes in each interval, as `checks.interval_sums` returns them.
    minutes
        The length of an interval.
    diagnostics
        Where the warnings go.
    """
    sums = sums.filter(~pl.col("partial"))
    _doubt_extremes(sums, minutes, diagnostics)
    places = sums.select(_PLACE).unique(maintain_order=True)
    if places.height > 1:
        _doubt_overlap(sums, places, diagnostics)
        _doubt_sums(sums, places, diagnostics)


def _doubt_extremes(sums: pl.DataFrame, minutes: int, diagnostics: Diagnostics) -> None:
    """Doubt values far beyond those of the same hour on other days."""
    vehicles, same = pl.col("vehicles"), [*_PLACE, "start_min"]
    usual = vehicles.median().over(same)
    beyond = sums.with_columns(
        usual.alias("usual"), pl.len().over(same).alias("days"), vehicles.quantile(_BUSY).over(_PLACE).alias("busy")
    ).filter(
        pl.col("days") >= _FEWEST_DAYS,
        vehicles > _BEYOND_USUAL * pl.col("usual"),
        vehicles > _BEYOND_BUSY * pl.col("busy"),
        vehicles > _FEWEST_PER_HOUR * minutes / 60,
    )
    for (stream, channel), rows in beyond.group_by(_PLACE, maintain_order=True):
        named = [
            f"{date:%a %d %b %Y} {clock_text(start)} ({most:,.0f}, usually {median:,.0f})"
            for date, start, most, median in rows.head(_NAMED).select(*_SLOT, "vehicles", "usual").iter_rows()
        ]
        more = f" and {rows.height - _NAMED} more" if rows.height > _NAMED else ""
        diagnostics.warnings.append(
            f"{_of(str(stream), str(channel))}far more vehicles than at the same time on other days: "
            f"{', '.join(named)}{more}; these counts are used unchanged"
        )


def _doubt_overlap(sums: pl.DataFrame, places: pl.DataFrame, diagnostics: Diagnostics) -> None:
    """Say where no interval was counted in all streams and channels: they cannot be added."""
    each = sums.group_by(_SLOT).len()
    if each["len"].max() == places.height:
        return
    named = joined([stream_label(*place) for place in places.head(_NAMED).iter_rows()])
    diagnostics.warnings.append(
        f"no interval was counted in all streams and channels ({named}{', …' if places.height > _NAMED else ''}); "
        "choose one, or some that were counted at the same time"
    )


def _doubt_sums(sums: pl.DataFrame, places: pl.DataFrame, diagnostics: Diagnostics) -> None:
    """Doubt streams and channels that are the sum of others, such as both directions together."""
    if not 2 < places.height <= _MOST_PLACES:  # noqa: PLR2004 (a sum and two parts)
        return
    numbered = places.with_row_index("place")
    wide = sums.join(numbered, on=_PLACE).pivot(on="place", index=_SLOT, values="vehicles")
    labels = {str(number): stream_label(stream, channel) for number, stream, channel in numbered.iter_rows()}
    columns = {labels[name]: wide[name].to_numpy().astype(np.float64) for name in wide.columns if name in labels}
    for one in find_sums(columns):
        if one.certain:
            what = "the same as" if len(one.parts) == 1 else "the sum of"
            diagnostics.warnings.append(
                f"{one.name} is {what} {joined(list(one.parts))} in every interval: do not choose them together"
            )


def _of(stream: str, channel: str) -> str:
    label = stream_label(stream, channel)
    return f"{label}: " if label else ""
