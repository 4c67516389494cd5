"""Single passages of a per-vehicle file, to be replayed one by one (``arrivals = "trace"``)."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from funnelsim.counts import classes as class_maps
from funnelsim.counts.subset import Names, calendar_day, choose_streams
from funnelsim.counts.table import Counts
from funnelsim.errors import CountsError, Problem


def passages(
    counts: Counts,
    *,
    channel: Names = None,
    date: dt.date | str | None = None,
    classes: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return when each vehicle passed and what it was.

    Parameters
    ----------
    counts
        What `read_counts` returned for a per-vehicle file.
    channel
        One or several channels; needed where the file has more than one.
    date
        The first day, as "2024-05-06": this date and the next are kept, for a night operation. Left out, the
        record's first date is the first day and all is kept.
    classes
        Overrides of the shipped class map; "-" leaves a class out.

    Returns
    -------
    polars.DataFrame
        ``time_s``, seconds after midnight of the first day, and ``class``, the scenario's; sorted by time.

    Raises
    ------
    CountsError
        When the file has no single vehicles, or a choice is missing or impossible.
    """
    if counts.vehicles is None:
        message = f"{counts.format} counts have no single vehicles; allowed with arrivals = 'trace': per-vehicle counts"
        raise CountsError([Problem(counts.source, message)])
    chosen = choose_streams(counts.vehicles.with_columns(pl.lit("").alias("stream")), counts.source, None, channel)
    try:
        mapped = class_maps.resolve(counts.class_map, chosen["class"].unique().sort().to_list(), classes)
    except ValueError as error:
        raise CountsError([Problem(counts.source, str(error))]) from error
    day = calendar_day(counts, date) if date is not None else counts.table["date"].min()
    days = (pl.col("time").dt.date() - pl.lit(day)).dt.total_days()
    if date is not None:
        chosen = chosen.filter(days.is_in([0, 1]))
    midnight = pl.lit(day).cast(pl.Datetime("us"))
    return (
        chosen.select(
            ((pl.col("time") - midnight).dt.total_microseconds() / 1e6).alias("time_s"),
            pl.col("class").replace_strict(mapped, return_dtype=pl.String),
        )
        .filter(pl.col("class") != "-")
        .sort("time_s", maintain_order=True)
    )
